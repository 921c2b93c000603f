/* SPDX-License-Identifier: MIT */
/* Made-up raw pool tag replies, byte by byte and without the reader's own tables; who
 * declares a struct buf frees it with buf_free.  The same seed gives the same bytes on
 * every machine. */
#ifndef TESTS_TOOLS_RAWTAGS_H
#define TESTS_TOOLS_RAWTAGS_H

#include <string.h>

#include "formats/bytes.h"
#include "formats/raw/rawtags_layout.h"
#include "tests/tools/chance.h"

enum slack_kind { SLACK_ZERO, SLACK_CD, SLACK_CHANCE, SLACK_STALE, SLACK_KINDS };

struct raw_opts {
    enum tag_layout layout;
    uint32_t count;
    size_t slack;           /* bytes behind the reply ... */
    enum slack_kind filler; /* ... and in all padding */
    uint64_t seed;
    bool plain;   /* no odd tags, no wraps, nothing in flight */
    bool from_64; /* 32-bit layouts: figures of a 64-bit system */
};

struct raw_shape {
    uint8_t head, stride;
    uint8_t at[6]; /* paged allocs, frees, used; the same of nonpaged */
    uint8_t counter, size;
};

static const struct raw_shape raw_shapes[TAG_LAYOUTS] = {
    [TAGS_22_X86] = {4, 28, {4, 8, 12, 16, 20, 24}, 4, 4},
    [TAGS_22_X64] = {8, 40, {4, 8, 16, 24, 28, 32}, 4, 8},
    [TAGS_255_X64] = {8, 56, {8, 16, 24, 32, 40, 48}, 8, 8},
    [TAGS_67_X86] = {12, 28, {4, 8, 12, 16, 20, 24}, 4, 4},
    [TAGS_67_X64] = {16, 40, {4, 8, 16, 24, 28, 32}, 4, 8},
};

static inline struct pool_tag raw_tag(struct rng *r, bool plain)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_>.";
    struct pool_tag t;
    for (int i = 0; i < 4; i++)
        t.b[i] = (uint8_t)letters[rng_below(r, sizeof letters - 1)];
    uint64_t odd = rng_below(r, 200);
    if (plain)
        return t;
    if (odd < 8) {
        memset(t.b + 2 + odd % 2, ' ', 2 - odd % 2);
    } else if (odd < 14) {
        memset(t.b + 1 + odd % 3, 0, 3 - odd % 3);
    } else if (odd == 14) {
        t.b[3] |= 0x80;
    } else if (odd == 15) {
        t.b[rng_below(r, 4)] = 7;
    }
    return t;
}

static inline struct tag_figures raw_figures(struct rng *r, const struct raw_opts *o)
{
    const struct raw_shape *s = &raw_shapes[o->layout];
    struct tag_figures f;
    uint64_t grain = s->size == 8 || o->from_64 ? 16 : 8;
    bool wrapped = !o->plain && rng_below(r, 20) == 0;
    f.allocs = rng_scale(r, 1, wrapped ? UINT64_C(1) << 40 : UINT64_C(1) << 30);
    uint64_t live = rng_below(r, 4) == 0 ? 0 : rng_scale(r, 1, UINT64_C(1) << 18);
    live = live < f.allocs ? live : f.allocs;
    f.frees = f.allocs - live;
    f.used = live * (rng_scale(r, 1, 256) * grain);
    if (!o->plain && rng_below(r, 200) == 0)
        f.used = live > 0 ? 0 : grain; /* in flight */
    if (s->counter == 4) {
        f.allocs = (uint32_t)f.allocs;
        f.frees = (uint32_t)f.frees;
    }
    if (s->size == 4)
        f.used = (uint32_t)f.used;
    return f;
}

/* The next entry of a reply. */
static inline struct tag_entry raw_entry(struct rng *r, const struct raw_opts *o)
{
    struct tag_entry t = {.tag = raw_tag(r, o->plain)};
    uint64_t which = rng_below(r, 10);
    if (which < 6)
        t.pool[POOL_PAGED] = raw_figures(r, o);
    if (which >= 5)
        t.pool[POOL_NONPAGED] = raw_figures(r, o);
    return t;
}

static inline void raw_put(uint8_t *p, uint64_t v, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}

static inline void raw_encode(const struct raw_shape *s, const struct tag_entry *t,
                              uint8_t *p)
{
    memcpy(p, t->tag.b, 4);
    for (int i = 0; i < 2; i++) {
        const struct tag_figures *f = &t->pool[i == 0 ? POOL_PAGED : POOL_NONPAGED];
        const uint8_t *at = s->at + 3 * i;
        raw_put(p + at[0], f->allocs, s->counter);
        raw_put(p + at[1], f->frees, s->counter);
        raw_put(p + at[2], f->used, s->size);
    }
}

static inline int raw_fill(struct buf *b, struct rng *r, enum slack_kind kind, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint8_t c = kind == SLACK_CD       ? 0xcd
                    : kind == SLACK_CHANCE ? (uint8_t)rng_next(r)
                                           : 0;
        if (buf_byte(b, c, NULL) < 0)
            return ERR_NOMEM;
    }
    return 0;
}

/* Appends a block of `count` entries; `last` and `session` matter to class 67 alone. */
static inline int raw_block(struct buf *b, const struct raw_opts *o, uint32_t session,
                            bool last)
{
    const struct raw_shape *s = &raw_shapes[o->layout];
    struct rng r = {o->seed + session}, dirt = {~o->seed};
    size_t start = b->n, whole = s->head + (size_t)o->count * s->stride;
    if (raw_fill(b, &dirt, o->filler, whole) < 0)
        return ERR_NOMEM;
    uint8_t *head = b->p + start;
    bool sessions = o->layout == TAGS_67_X86 || o->layout == TAGS_67_X64;
    if (sessions) {
        raw_put(head, last ? 0 : whole, s->size);
        raw_put(head + s->size, session, 4);
    }
    raw_put(head + (sessions ? s->size + 4u : 0), o->count, 4);
    for (uint32_t i = 0; i < o->count; i++) {
        struct tag_entry t = raw_entry(&r, o);
        raw_encode(s, &t, head + s->head + (size_t)i * s->stride);
    }
    return 0;
}

/* What the buffer held before, when the filler is SLACK_STALE: entries of an earlier,
 * longer reply. */
static inline int raw_slack(struct buf *b, const struct raw_opts *o)
{
    const struct raw_shape *s = &raw_shapes[o->layout];
    struct rng r = {o->seed ^ 0x5eed};
    if (o->filler != SLACK_STALE)
        return raw_fill(b, &r, o->filler, o->slack);
    size_t end = b->n + o->slack;
    while (b->n < end) {
        uint8_t entry[64] = {0};
        struct tag_entry t = raw_entry(&r, o);
        raw_encode(s, &t, entry);
        size_t left = end - b->n;
        if (buf_append(b, entry, left < s->stride ? left : s->stride, NULL) < 0)
            return ERR_NOMEM;
    }
    return 0;
}

/* A whole reply and its slack; class 67 as a chain of `sessions` blocks from session 0.
 */
static inline int raw_reply(struct buf *b, const struct raw_opts *o, uint32_t sessions)
{
    for (uint32_t i = 0; i < sessions; i++)
        if (raw_block(b, o, i, i + 1 == sessions) < 0)
            return ERR_NOMEM;
    return raw_slack(b, o);
}

#endif
