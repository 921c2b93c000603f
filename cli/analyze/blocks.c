/* SPDX-License-Identifier: MIT */
/* Pace and its uncertainty, from the medians of half-day blocks.  Points of one series
 * are far from independent, so an interval from the points is far too narrow; rates
 * between blocks carry the days' own variation. */
#include "cli/analyze/judge.h"

#include <stdlib.h>
#include <string.h>

#include "cli/analyze/order.h"

#define BLOCK_H      12.0
#define LONG_SPAN_H  72.0 /* from here on blocks are half days, below eighths */
#define RATES_NEEDED 4
#define ONSET        .05 /* of the whole rise: so much may pass before it counts as begun */

struct block {
    double t, v;
};

/* 95 % point of Student's t. */
static double student(int freedom)
{
    static const double table[] = {0,     6.314, 2.920, 2.353, 2.132, 2.015, 1.943,
                                   1.895, 1.860, 1.833, 1.812, 1.796, 1.782, 1.771,
                                   1.761, 1.753, 1.746, 1.740, 1.734, 1.729, 1.725};
    int n = (int)(sizeof table / sizeof *table);
    return freedom < n ? table[freedom] : 1.645 + 1.524 / freedom;
}

static double median(double *v, size_t n)
{
    qsort(v, n, sizeof *v, order_doubles);
    return n % 2 == 1 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

/* Blocks end with the last value, so that the newest is whole; a value on an edge
 * belongs to the older block. */
static int cut_blocks(const struct track *k, double width, int n, struct block *out)
{
    int found = 0;
    double end = k->t[k->n - 1];
    uint32_t i = 0;
    for (int b = n; b > 0; b--) {
        double from = end - width * b, to = end - width * (b - 1), v[BINS];
        while (i < k->n && k->t[i] < from)
            i++;
        uint32_t first = i;
        for (; i < k->n && k->t[i] <= to; i++)
            v[i - first] = k->v[i];
        if (i > first) /* the times are in order: the middle ones are their median */
            out[found++] = (struct block){
                .t = (k->t[(first + i - 1) / 2] + k->t[(first + i) / 2]) / 2,
                .v = median(v, i - first)};
    }
    return found;
}

struct pace pace_of(const struct track *k, double horizon_h)
{
    struct pace p = {.mean = NAN, .low = NAN, .high = NAN, .onset_t = NAN};
    double span = k->n > 0 ? k->t[k->n - 1] - k->t[0] : 0;
    if (!(span > 0 && span < 1e12))
        return p;
    double width = span >= LONG_SPAN_H ? BLOCK_H : span / 8;
    if (span / width > BLOCKS)
        width = span / BLOCKS;
    struct block blocks[BLOCKS];
    int n = cut_blocks(k, width, (int)(span / width + 1e-9), blocks);
    if (n < RATES_NEEDED + 1)
        return p;
    double rise = blocks[n - 1].v - blocks[0].v;
    int first = 0;
    while (rise > 0 && first < n - 2 && blocks[first + 1].v - blocks[0].v < ONSET * rise)
        first++;
    if (first > 0)
        p.onset_t = blocks[first].t;
    p.n = n - 1 - first;
    if (p.n < RATES_NEEDED)
        return p;
    double squares = 0;
    p.mean = (blocks[n - 1].v - blocks[first].v) / (blocks[n - 1].t - blocks[first].t);
    for (int i = first; i + 1 < n; i++) {
        double rate = (blocks[i + 1].v - blocks[i].v) / (blocks[i + 1].t - blocks[i].t);
        squares += (rate - p.mean) * (rate - p.mean);
    }
    double ahead = horizon_h / width > 1 ? horizon_h / width : 1;
    double margin =
        student(p.n - 1) * sqrt(squares / (p.n - 1)) * sqrt(1.0 / p.n + 1 / ahead);
    p.low = p.mean - margin;
    p.high = p.mean + margin;
    return p;
}

/* The pool's total over the last boot. */
static struct track total_track(const struct tally *t, enum pool_kind k)
{
    const struct boot *b = tally_boot(t);
    struct track track = {0};
    for (uint32_t i = 0; i < b->n_bins; i++) {
        const struct bin *bin = &t->bins[b->bin0 + i];
        if (isnan(bin->total[k]))
            continue;
        track.t[track.n] = bin->last_t;
        track.v[track.n++] = bin->total[k];
    }
    return track;
}

static const char *refusal(const struct rank_pool *pool, const struct pace *pace,
                           const struct tally *t, double span_h)
{
    if (pool->limit_bytes == 0)
        return REFUSED_NO_LIMIT;
    if (!t->has_times)
        return REFUSED_NO_TIMES;
    if (!pool->known)
        return REFUSED_CUT_SERIES;
    if (span_h < 24)
        return REFUSED_SHORT_SPAN;
    if (pace->n < RATES_NEEDED)
        return REFUSED_FEW_RATES;
    if (pace->mean <= 0)
        return REFUSED_NOT_GROWING;
    return NULL;
}

static void predict(struct rank_pool *pool, const struct track *track, double span_h)
{
    if (pool->bytes >= pool->limit_bytes) {
        pool->exhausted_in_h = pool->exhausted_in_h_low = pool->exhausted_in_h_high = 0;
        return;
    }
    double left = (double)(pool->limit_bytes - pool->bytes);
    double in_h = left / pool->bytes_per_hour;
    struct pace pace = pace_of(track, in_h);
    if (in_h > 10 * span_h) {
        pool->forecast_refused = REFUSED_FAR_AWAY;
    } else if (pace.low <= 0) {
        pool->forecast_refused = REFUSED_UNCERTAIN;
    } else {
        pool->exhausted_in_h = in_h;
        pool->exhausted_in_h_low = left / pace.high;
        pool->exhausted_in_h_high = left / pace.low;
    }
}

void forecast_pool(struct rank_pool *pool, const struct tally *t, enum pool_kind k)
{
    struct track track = total_track(t, k);
    double span_h = track.n > 0 ? track.t[track.n - 1] - track.t[0] : 0;
    struct pace pace = pace_of(&track, span_h);
    pool->exhausted_in_h = pool->exhausted_in_h_low = pool->exhausted_in_h_high = NAN;
    pool->bytes_per_hour = NAN;
    if (t->has_times && pace.n >= RATES_NEEDED)
        pool->bytes_per_hour = pace.mean;
    else if (t->has_times && span_h > 0)
        pool->bytes_per_hour = (track.v[track.n - 1] - track.v[0]) / span_h;
    pool->forecast_refused = refusal(pool, &pace, t, span_h);
    if (pool->forecast_refused == NULL)
        predict(pool, &track, span_h);
}
