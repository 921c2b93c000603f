/* SPDX-License-Identifier: MIT */
#include "formats/reader.h"

#include <string.h>

#include "formats/psz.h"

const struct format format_table[] = {
    {.name = NULL},
};

const struct format *format_find(const char *name)
{
    for (const struct format *f = format_table; f->name != NULL; f++)
        if (strcmp(f->name, name) == 0)
            return f;
    return NULL;
}
