/* SPDX-License-Identifier: MIT */
/* Stands in for formats/capture/ntquery.c where a system has no pool tags to give. */
#include "formats/capture/ntquery.h"
#include "tests/capture/fake.h"

bool nt_query_find(void **ctx)
{
    static struct fake system = {
        .wide = sizeof(void *) == 8, .tags = 9000, .filetime = FAKE_BEGIN};
    *ctx = &system;
    return true;
}

uint32_t nt_query(void *ctx, uint32_t info_class, uint8_t *p, uint32_t n,
                  uint32_t *returned)
{
    return fake_query(ctx, info_class, p, n, returned);
}
