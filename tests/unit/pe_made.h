/* SPDX-License-Identifier: MIT */
/* Test helper: a driver made byte by byte, opened and searched.  What made returns is
 * freed by done. */
#ifndef TESTS_UNIT_PE_MADE_H
#define TESTS_UNIT_PE_MADE_H

#include <stdio.h>
#include <stdlib.h>

#include "formats/pe/pe.h"
#include "tests/tools/pe.h"

static const char *const pool[] = {"ExAllocatePoolWithTag", "ExFreePoolWithTag",
                                   "IoCreateDevice", NULL};
static const char *const nothing[] = {"IoCreateDevice", "RtlInitUnicodeString", NULL};

struct read {
    struct buf bytes;
    struct spool *spool;
    struct pe_file *f;
    struct pe_hits hits;
    struct pe_version version;
    int has_version;
    struct err e;
};

static inline void open_bytes(struct read *x)
{
    assert_int_equal(spool_open_memory(&x->spool, x->bytes.p, x->bytes.n, &x->e), 0);
    assert_int_equal(pe_open(&x->f, x->spool, &x->e), 0);
}

static inline void scan(struct read *x, const char *tag)
{
    struct pool_tag t = tag_from(tag, 4);
    assert_int_equal(pe_scan(x->f, &t, 1, &x->hits, &x->e), 0);
    x->has_version = pe_version(x->f, &x->version, &x->e);
    assert_true(x->has_version >= 0);
}

static inline struct read *made(const struct made_pe *m)
{
    struct read *x = calloc(1, sizeof *x);
    assert_non_null(x);
    assert_int_equal(made_pe(&x->bytes, m), 0);
    open_bytes(x);
    scan(x, m->tag);
    return x;
}

static inline void done(struct read *x)
{
    pe_close(x->f);
    spool_close(x->spool);
    buf_free(&x->bytes);
    free(x);
}

static inline uint64_t total(const struct pe_hits *h)
{
    uint64_t n = 0;
    for (int i = 0; i < PE_PLACES; i++)
        n += h->at[i];
    return n;
}

#endif
