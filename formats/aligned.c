/* SPDX-License-Identifier: MIT */
#include "formats/aligned.h"

#include <stdlib.h>

#define PAGE_BYTES 4096

void *aligned_take(size_t alignment, size_t n)
{
    return aligned_alloc(alignment, n);
}

void aligned_free(void *p)
{
    free(p);
}

void *pages_take(size_t n)
{
    return aligned_alloc(PAGE_BYTES, n);
}
