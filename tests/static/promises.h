/* SPDX-License-Identifier: MIT */
/* What err.h and bytes.h promise, in a form that an analyzer of one file sees: an error is
 * less than 0, and memory that was asked for is there.  Put before every file that
 * tests/static/run gives to such an analyzer; nothing is built with it. */
#ifndef TESTS_STATIC_PROMISES_H
#define TESTS_STATIC_PROMISES_H

#include <stdlib.h>

#include "formats/bytes.h"
#include "formats/err.h"

#define POOLSIFT_VERSION "0"

#define err_nomem(e)            ((void)(err_nomem)(e), (int)ERR_NOMEM)
#define err_io(e, ...)          ((void)(err_io)(e, __VA_ARGS__), (int)ERR_IO)
#define err_set(e, code, ...)   ((void)(err_set)(e, code, __VA_ARGS__), (int)(code))

static inline int promised_grow(void **ptr, size_t *cap, size_t need, size_t elem)
{
    if (*ptr == NULL || need > *cap) {
        void *more = realloc(*ptr, (need + 1) * elem);
        if (more == NULL)
            return ERR_NOMEM;
        *ptr = more;
        *cap = need;
    }
    return 0;
}
#define grow(ptr, cap, need, elem, e) ((void)(e), promised_grow(ptr, cap, need, elem))

#endif
