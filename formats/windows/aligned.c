/* SPDX-License-Identifier: MIT */
#include "formats/aligned.h"

#include <malloc.h>
#include <stdlib.h>

void *aligned_take(size_t alignment, size_t n)
{
    return _aligned_malloc(n, alignment);
}

void aligned_free(void *p)
{
    _aligned_free(p);
}

void *pages_take(size_t n)
{
    return malloc(n);
}
