/* SPDX-License-Identifier: MIT */
/* Test helper: bytes that are read from any place on, as a file's can.  The caller owns
 * the struct placed, which lives as long as what reads it. */
#ifndef TESTS_TOOLS_PLACE_H
#define TESTS_TOOLS_PLACE_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "formats/io/input.h"

struct placed {
    const uint8_t *p;
    size_t n;
    size_t fault_at; /* cannot be read from there on; SIZE_MAX: sound */
};

struct place {
    const struct placed *of; /* may become another while it is read */
    uint64_t at;
};

static inline ptrdiff_t place_read(void *ctx, uint8_t *p, size_t n, struct err *e)
{
    struct place *x = ctx;
    size_t left = x->at < x->of->n ? x->of->n - (size_t)x->at : 0;
    if (x->at >= x->of->fault_at)
        return err_io(e, EIO, "cannot read");
    if (left > x->of->fault_at - x->at)
        left = x->of->fault_at - (size_t)x->at;
    n = n < left ? n : left;
    if (n > 0)
        memcpy(p, x->of->p + x->at, n);
    x->at += n;
    return (ptrdiff_t)n;
}

static inline void place_seek(void *ctx, uint64_t at)
{
    ((struct place *)ctx)->at = at;
}

static inline int place_twin(void *ctx, struct input_raw *twin, struct err *e);

/* Its ctx is a struct place. */
static inline struct input_raw place_raw(const struct placed *of)
{
    struct place *x = malloc(sizeof *x);
    if (x == NULL)
        abort();
    *x = (struct place){.of = of};
    return (struct input_raw){.ctx = x,
                              .read = place_read,
                              .close = free,
                              .prompt = true,
                              .seek = place_seek,
                              .twin = place_twin,
                              .size = of->n};
}

static inline int place_twin(void *ctx, struct input_raw *twin, struct err *e)
{
    (void)e;
    *twin = place_raw(((const struct place *)ctx)->of);
    return 0;
}

#endif
