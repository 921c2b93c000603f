/* SPDX-License-Identifier: MIT */
/* Series as machines write them, in order of bytes and with nothing rare in them, and
 * their blocks; the caller frees series and buffers. */
#ifndef TESTS_PSZ_SMOOTH_H
#define TESTS_PSZ_SMOOTH_H

#include <stdlib.h>

#include "formats/psz/decoder.h"
#include "psz_samples.h"

enum { MOST = PSZ_BLOCK_SNAPSHOTS };

static const struct limits limits = LIMITS_DEFAULT;

static const struct kind {
    uint16_t fields;
    uint8_t width;
    bool huge;
} kinds[] = {{ROW_PLAIN, 32, false},
             {ROW_PLAIN, 64, true},
             {ROW_PLAIN & ~ROW_PER_ALLOC, 32, false},
             {ROW_ALLOCS | ROW_FREES | ROW_BYTES, 64, false},
             {ROW_BYTES, 32, true},
             {ROW_LIVE | ROW_BYTES, 32, false},
             {ROW_ALLOCS | ROW_FREES, 32, false}};
enum { KINDS = sizeof kinds / sizeof *kinds };

static inline int by_bytes(const void *x, const void *y)
{
    const struct pool_row *a = x, *b = y;
    if (a->bytes != b->bytes)
        return a->bytes > b->bytes ? -1 : 1;
    return tag_key(a->tag) < tag_key(b->tag) ? -1 : 1;
}

static inline void settle(struct pool_snapshot *s)
{
    for (size_t i = 0; i < s->n_rows; i++)
        sample_derive(&s->rows[i]);
    qsort(s->rows, s->n_rows, sizeof *s->rows, by_bytes);
    for (size_t i = 0; i < s->n_rows; i++)
        s->rows[i].line = 6 + i;
    assert_null(pool_snapshot_valid(s));
}

static inline void new_row(struct dice *d, struct pool_snapshot *s, const struct kind *k,
                           uint32_t number)
{
    struct pool_row *r = pool_snapshot_add(s, NULL);
    assert_non_null(r);
    put_le32(r->tag.b, 0x41414141u + number);
    r->pool = (uint8_t)(number % 2);
    r->fields = k->fields;
    r->width = k->width;
    r->frees = roll_bits(d, k->width - 1u);
    r->live = roll_bits(d, 20);
    r->allocs = r->frees + r->live;
    r->bytes = r->live * (16 + roll_bits(d, 10)) + roll_bits(d, k->huge ? 62 : 6);
}

/* Rows that changed, went, or came; `number` of tags so far. */
static inline void smooth_next(struct dice *d, const struct pool_snapshot *before,
                               struct pool_snapshot *s, const struct kind *k,
                               uint32_t *number)
{
    pool_snapshot_clear(s);
    for (size_t i = 0; i < before->n_rows; i++) {
        if (roll(d, 150) == 0)
            continue;
        struct pool_row *r = pool_snapshot_add(s, NULL);
        *r = before->rows[i];
        if (roll(d, 4) != 0)
            continue;
        const uint64_t more = roll_bits(d, 12), fewer = roll_bits(d, 12);
        r->live =
            r->fields & ROW_LIVE ? r->live : row_live(r->allocs, r->frees, r->width);
        r->allocs += more;
        r->frees += fewer;
        if (r->width == 32) {
            r->allocs &= UINT32_MAX;
            r->frees &= UINT32_MAX;
        }
        r->live = row_live(r->allocs, r->frees, r->width);
        r->bytes += roll(d, 3) == 0 ? roll_bits(d, 9) : more * 16;
    }
    while (s->n_rows < 60 || roll(d, 3) == 0) /* some have been there before */
        new_row(d, s, k,
                roll(d, 2) ? (*number)++ : *number + 1000000 + (uint32_t)s->n_rows);
    for (size_t i = 0; i < s->n_rows; i++) /* no key twice */
        for (size_t m = s->n_rows - 1; m > i; m--)
            if (tag_equal(s->rows[i].tag, s->rows[m].tag))
                s->rows[m] = s->rows[--s->n_rows];
    settle(s);
}

static inline struct pool_snapshot *smooth_series(uint64_t seed, const struct kind *k,
                                                  unsigned n)
{
    struct pool_snapshot *v = calloc(MOST, sizeof *v), none = {0};
    struct dice d = {seed * 7919 + 3};
    uint32_t number = 0;
    assert_non_null(v);
    for (unsigned i = 0; i < n; i++) {
        smooth_next(&d, i == 0 ? &none : &v[i - 1], &v[i], k, &number);
        v[i].uptime_s = -1;
        sample_head(&d, &v[i], i, 0);
    }
    return v;
}

static inline struct buf packed(const struct pool_snapshot *v, unsigned n)
{
    struct psz_encoder *enc;
    struct buf b = {0};
    assert_int_equal(psz_encoder_new(&enc, NULL), 0);
    for (unsigned i = 0; i < n; i++)
        assert_int_equal(psz_encode(enc, &v[i], NULL), 0);
    assert_int_equal(psz_encode_finish(enc, &b, NULL), 0);
    psz_encoder_free(enc);
    return b;
}

/* The same block with its streams stored as they are. */
static inline struct buf stored(const struct buf *b, size_t at[PSZ_STREAMS])
{
    struct psz_decoder *dec;
    struct psz_stream_in in = {.p = b->p, .end = b->p + b->n};
    struct buf out = {0};
    assert_int_equal(psz_decoder_new(&dec, &limits, NULL), 0);
    assert_int_equal(psz_unpack(dec, b->p, b->n, UINT32_MAX, NULL), 0);
    for (int i = 0; i < 5; i++)
        assert_int_equal(buf_varint(&out, psz_get(&in), NULL), 0);
    assert_int_equal(buf_varint(&out, PSZ_STREAMS, NULL), 0);
    for (int i = 0; i < PSZ_STREAMS; i++) {
        assert_int_equal(buf_varint(&out, dec->stream_n[i], NULL), 0);
        assert_int_equal(buf_varint(&out, dec->stream_n[i], NULL), 0);
    }
    for (int i = 0; i < PSZ_STREAMS; i++) {
        at[i] = out.n;
        assert_int_equal(buf_append(&out, dec->stream[i], dec->stream_n[i], NULL), 0);
    }
    psz_decoder_free(dec);
    return out;
}

#endif
