/* SPDX-License-Identifier: MIT */
/* A made-up machine whose captures are ranked: for the tests of the ranking.  The test
 * frees every result with rank_free. */
#ifndef TESTS_UNIT_WORLD_H
#define TESTS_UNIT_WORLD_H

#include <math.h>
#include <stdlib.h>

#include "cli/analyze/analyze.h"
#include "tests/unit/series.h"

#define INNOCENT   60
#define LEAK_PER_H 65536.0

/* A made-up machine: static, noisy, daily and warming-up tags, and perhaps a leak. */
struct world {
    int n;
    double step_h;
    bool no_times, leak, still; /* still: nothing but the leak moves */
    double shift_h;
    uint64_t scale;   /* of all bytes, 0 = 1 */
    int reboot_at[3]; /* snapshots that begin a boot, 0 = none */
    bool permuted;
    unsigned width;    /* 0 = 32 */
    uint64_t near_top; /* allocs of a fast tag at the start */
    const char *leak_name;
    int largest; /* only so many rows, 0 = all */
    enum completeness completeness;
    int clock_back_at;
    uint64_t header_kib, header_kib_per_h; /* total of nonpaged, 0 = not given */
    uint64_t limit;
};

static inline struct world usual(int n, double step_h)
{
    return (struct world){.n = n, .step_h = step_h, .leak = true, .leak_name = "Leak"};
}

/* Bytes of an innocent tag at that uptime. */
static inline double innocent(int i, int j, double hours, double up, bool still)
{
    uint64_t seed = (uint64_t)(i * 10007 + j);
    (void)noise(&seed);
    double wiggle = noise(&seed) % 1000 / 1000.0;
    double base = 1024 * (4 + (i * 37) % 211);
    if (still || i % 3 == 0)
        return base;
    if (i % 3 == 1)
        return base * (1 + .3 * wiggle);
    if (i % 2 == 0)
        return base * (3 - 2 * exp(-up / (1 + i % 7)));
    return base * (1 + (sin(hours / 24 * 6.283185307179586) > 0 ? .5 : 0) + .05 * wiggle);
}

static inline int by_bytes(const void *a, const void *b)
{
    const struct pool_row *x = a, *y = b;
    if (x->bytes != y->bytes)
        return x->bytes > y->bytes ? -1 : 1;
    return tag_compare(x->tag, y->tag);
}

static inline void add(struct pool_snapshot *s, const struct world *w, const char *tag,
                       uint64_t allocs, double bytes, double size)
{
    uint64_t live = (uint64_t)(bytes / size);
    uint64_t whole = live * (uint64_t)size * (w->scale > 0 ? w->scale : 1);
    struct pool_row *r = put_row(s, tag, POOL_NONPAGED, allocs, live, whole);
    if (w->width == 64) {
        r->width = 64;
        r->allocs = allocs;
        r->frees = allocs - live;
    }
}

static inline void one(struct pool_snapshot *s, const struct world *w, int j, double up)
{
    double hours = j * w->step_h;
    pool_snapshot_clear(s);
    s->completeness = w->completeness;
    if (w->header_kib > 0) {
        s->totals.given = 1u << TOTAL_NONPAGED_KIB;
        s->totals.v[TOTAL_NONPAGED_KIB] =
            w->header_kib + (uint64_t)(hours * (double)w->header_kib_per_h);
    }
    for (int i = 0; i < INNOCENT; i++) {
        char tag[5] = "i00 ";
        tag[1] = (char)('0' + i / 10);
        tag[2] = (char)('0' + i % 10);
        uint64_t pace = (uint64_t)(200000 + 31000 * (i % 17));
        add(s, w, tag, (uint64_t)(up * (double)pace) + 5000,
            innocent(i, j, hours, up, w->still), 32);
    }
    add(s, w, "tiny", 1, 32, 32);
    if (w->near_top > 0)
        add(s, w, "fast", w->near_top + (uint64_t)(up * 1e6), 65536, 64);
    if (w->leak)
        add(s, w, w->leak_name, (uint64_t)(up * 9000) + 500, 4096 + up * LEAK_PER_H, 64);
    if (w->largest > 0) {
        qsort(s->rows, s->n_rows, sizeof *s->rows, by_bytes);
        s->n_rows = (size_t)w->largest;
    }
    for (size_t i = 0; w->permuted && i < s->n_rows; i++) {
        size_t k = (i * 29 + (size_t)j) % s->n_rows;
        struct pool_row r = s->rows[i];
        s->rows[i] = s->rows[k];
        s->rows[k] = r;
    }
}

static inline void feed(struct tally *t, const struct world *w, int from, int to)
{
    struct err e = {0};
    struct pool_snapshot s = {.uptime_s = -1};
    double up = 30;
    for (int j = 0; j < to; j++) {
        for (size_t b = 0; b < sizeof w->reboot_at / sizeof *w->reboot_at; b++)
            if (j > 0 && j == w->reboot_at[b])
                up = .25;
        if (j >= from) {
            bool back = w->clock_back_at > 0 && j == w->clock_back_at;
            double late = w->clock_back_at > 0 && j >= w->clock_back_at ? -5 : 0;
            double hours = w->no_times ? NAN : j * w->step_h + w->shift_h + late;
            one(&s, w, j, up);
            assert_int_equal(tally_add(t, &s, hours, back, &e), 0);
        }
        up += w->step_h;
    }
    pool_snapshot_free(&s);
}

static inline void rank(const struct tally *t, const struct world *w,
                        struct rank_result *r)
{
    struct err e = {0};
    struct rank_opts o = {.limits = {[POOL_NONPAGED] = {.basis = LIMIT_BY_OPTION, .bytes = w->limit}}};
    assert_int_equal(rank_tally(r, t, &o, &e), 0);
}

static inline struct rank_result run(const struct world *w)
{
    struct tally *t = NULL;
    struct err e = {0};
    struct rank_result r = {0};
    assert_int_equal(tally_new(&t, &e), 0);
    feed(t, w, 0, w->n);
    rank(t, w, &r);
    tally_free(t);
    return r;
}

static inline const struct rank_tag *find(const struct rank_result *r, const char *tag)
{
    for (size_t i = 0; i < r->n_tags; i++)
        if (tag_equal(r->tags[i].tag, tag_from(tag, 4)))
            return &r->tags[i];
    fail_msg("no tag %s", tag);
    return NULL;
}

static inline bool same(double a, double b)
{
    return (isnan(a) && isnan(b)) || a == b;
}

static inline bool near(double a, double b, double within)
{
    return fabs(a - b) <= within * fabs(b);
}

static inline void assert_same_tag(const struct rank_tag *a, const struct rank_tag *b)
{
    assert_int_equal(a->verdict, b->verdict);
    assert_int_equal(a->confidence, b->confidence);
    assert_true(same(a->score, b->score));
    assert_true(same(a->quality, b->quality));
    assert_true(same(a->growth_bytes, b->growth_bytes));
    assert_true(same(a->bytes_per_hour, b->bytes_per_hour));
    assert_true(same(a->bytes_per_hour_low, b->bytes_per_hour_low));
    assert_true(same(a->line_fit, b->line_fit));
    assert_true(same(a->quiet, b->quiet));
    assert_true(same(a->pace, b->pace));
    assert_true(same(a->freed, b->freed));
    assert_int_equal(a->n_spark, b->n_spark);
    assert_int_equal(a->n_evidence, b->n_evidence);
}

#endif
