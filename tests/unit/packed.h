/* SPDX-License-Identifier: MIT */
/* Inputs made of bytes, for the unit tests; the caller frees every struct buf with
 * buf_free and every struct input with input_close. */
#ifndef TESTS_UNIT_PACKED_H
#define TESTS_UNIT_PACKED_H

#include <string.h>
#include <zlib.h>

#include "formats/bytes.h"
#include "formats/io/input.h"

static const struct limits default_limits = LIMITS_DEFAULT;

static inline void add(struct buf *b, const void *p, size_t n)
{
    struct err e = {0};
    assert_int_equal(buf_append(b, p, n, &e), 0);
}

/* Appends n bytes, deflated: with a gzip member around them when `bits` is 31, bare
 * when it is -15. */
static inline void add_deflated(struct buf *b, const void *p, size_t n, int bits)
{
    z_stream z = {0};
    struct err e = {0};
    struct buf copy = {0};
    add(&copy, p, n);
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, bits, 9, Z_DEFAULT_STRATEGY), Z_OK);
    size_t most = deflateBound(&z, (uLong)n) + 64;
    assert_int_equal(buf_reserve(b, most, &e), 0);
    z.next_in = copy.p;
    z.avail_in = (uInt)n;
    z.next_out = b->p + b->n;
    z.avail_out = (uInt)most;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    b->n += most - z.avail_out;
    assert_int_equal(deflateEnd(&z), Z_OK);
    buf_free(&copy);
}

static inline struct buf gzipped(const void *p, size_t n)
{
    struct buf b = {0};
    add_deflated(&b, p, n, 31);
    return b;
}

static inline struct input *open_bytes(const void *p, size_t n, size_t block,
                                       const struct limits *l)
{
    struct input_raw raw;
    struct input *in = NULL;
    struct err e = {0};
    assert_int_equal(input_raw_memory(&raw, p, n, block, &e), 0);
    assert_int_equal(input_open(&in, "bytes", raw, l, &e), 0);
    return in;
}

#endif
