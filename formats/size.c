/* SPDX-License-Identifier: MIT */
#include "formats/size.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "formats/bytes.h"

bool size_parse(const char *text, uint64_t *bytes)
{
    static const char units[] = "KkMmGgTt";
    if (text[0] < '0' || text[0] > '9')
        return false;
    char *end;
    errno = 0;
    unsigned long long v = strtoull(text, &end, 10);
    if (errno != 0 || v == 0)
        return false;
    uint64_t unit = 1;
    if (*end != '\0') {
        const char *u = strchr(units, *end);
        if (u == NULL || end[1] != '\0')
            return false;
        unit = (uint64_t)1 << 10 * ((u - units) / 2 + 1);
    }
    return mul_u64(v, unit, bytes);
}
