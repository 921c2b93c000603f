/* SPDX-License-Identifier: MIT */
/* Bytes in memory that end in a fault.  Nobody owns anything. */
#ifndef TESTS_UNIT_FAILING_H
#define TESTS_UNIT_FAILING_H

#include "tests/unit/prop.h"

#define GONE "the medium is gone"

/* n bytes and then the fault, at most `block` of them a read. */
struct failing {
    const uint8_t *p;
    size_t n, at, block;
};

static inline ptrdiff_t failing_read(void *ctx, uint8_t *p, size_t n, struct err *e)
{
    struct failing *f = ctx;
    n = n < f->n - f->at ? n : f->n - f->at;
    n = n < f->block ? n : f->block;
    if (n == 0)
        return err_set(e, ERR_IO, GONE);
    memcpy(p, f->p + f->at, n);
    f->at += n;
    return (ptrdiff_t)n;
}

static inline void failing_close(void *ctx)
{
    (void)ctx;
}

static inline struct input_raw failing_raw(struct failing *f)
{
    return (struct input_raw){.ctx = f, .read = failing_read, .close = failing_close};
}

static inline struct shots read_failing(const char *name, struct failing *f)
{
    return shots_of_raw(failing_raw(f), name);
}

#endif
