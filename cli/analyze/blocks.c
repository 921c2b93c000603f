/* SPDX-License-Identifier: MIT */
/* Pace and its uncertainty, from the medians of half-day blocks.  Points of one series
 * are far from independent, so an interval from the points is far too narrow; rates
 * between blocks carry the days' own variation. */
#include "cli/analyze/judge.h"

#include <stdlib.h>
#include <string.h>

#include "cli/analyze/order.h"

#define BLOCK_H      12.0
#define DAY_H        24.0
#define LONG_SPAN_H  72.0 /* from here on blocks are half days, below eighths */
#define RATES_NEEDED 4
#define ONSET        .05 /* of the whole rise: so much may pass before it counts as begun */

struct block {
    double t, v;
};

double student(int freedom)
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

struct blocks {
    int n;
    double width;
    struct block b[BLOCKS];
    int onset; /* the block from which on it rose */
};

static bool find_blocks(struct blocks *f, const struct track *k)
{
    double span = k->n > 0 ? k->t[k->n - 1] - k->t[0] : 0;
    *f = (struct blocks){.n = 0};
    if (!(span > 0 && span < 1e12))
        return false;
    f->width = span >= LONG_SPAN_H ? BLOCK_H : span / 8;
    if (span / f->width > BLOCKS)
        f->width = span / BLOCKS;
    f->n = cut_blocks(k, f->width, (int)(span / f->width + 1e-9), f->b);
    if (f->n < RATES_NEEDED + 1)
        return false;
    double start = f->b[0].v, rise = f->b[f->n - 1].v - start;
    while (rise > 0 && f->onset < f->n - 2 && f->b[f->onset + 1].v - start < ONSET * rise)
        f->onset++;
    return true;
}

static double rate_between(const struct block *a, const struct block *b)
{
    return (b->v - a->v) / (b->t - a->t);
}

/* Rates between blocks that lie about a day apart, so that day and night do not
 * alternate in them; of shorter spans, between neighbours. */
struct rates {
    int n;
    int partner[BLOCKS]; /* of block i, i < n: the first one far enough behind it */
};

static struct rates find_rates(const struct blocks *f)
{
    struct rates r = {0};
    double apart =
        f->b[f->n - 1].t - f->b[0].t + f->width >= LONG_SPAN_H ? .75 * DAY_H : 0;
    for (int i = 0, j = 1; i < f->n; i++) {
        while (j < f->n && (j <= i || f->b[j].t - f->b[i].t < apart))
            j++;
        if (j == f->n)
            break;
        r.partner[r.n++] = j;
    }
    return r;
}

/* Rates that overlap are worth as many as lie side by side in their time. */
static void predict_rate(struct pace *p, const struct blocks *f, const struct rates *r,
                         int from, double horizon_h)
{
    int n = r->n - from;
    double sum = 0, squares = 0, apart = 0;
    for (int i = from; i < r->n; i++) {
        const struct block *b = &f->b[r->partner[i]];
        sum += rate_between(&f->b[i], b);
        apart += (b->t - f->b[i].t) / n;
    }
    p->mean = sum / n;
    for (int i = from; i < r->n; i++) {
        double off = rate_between(&f->b[i], &f->b[r->partner[i]]) - p->mean;
        squares += off * off;
    }
    double step = (f->b[f->n - 1].t - f->b[from].t) / (f->n - 1 - from);
    double alone = fmax(n * step / apart, 2), ahead = fmax(horizon_h / apart, 1);
    double margin = student((int)(alone + .5) - 1) * sqrt(squares / (n - 1)) *
                    sqrt(1 / alone + 1 / ahead);
    p->low = p->mean - margin;
    p->high = p->mean + margin;
}

struct pace pace_of(const struct track *k, double horizon_h)
{
    struct pace p = {.mean = NAN, .low = NAN, .high = NAN, .onset_t = NAN};
    struct blocks f;
    if (!find_blocks(&f, k))
        return p;
    struct rates r = find_rates(&f);
    if (f.onset > 0)
        p.onset_t = f.b[f.onset].t;
    p.n = r.n;
    if (r.n < RATES_NEEDED)
        return p;
    /* What began late is judged with some of the time before it: two rates show no
     * spread. */
    int from = f.onset < r.n - RATES_NEEDED ? f.onset : r.n - RATES_NEEDED;
    p.n = r.n - from;
    predict_rate(&p, &f, &r, from, horizon_h);
    p.from_t = f.b[f.onset > from ? f.onset : from].t;
    if (f.onset > from) {
        p.mean = rate_between(&f.b[f.onset], &f.b[f.n - 1]);
        p.low = fmin(p.low, p.mean);
        p.high = fmax(p.high, p.mean);
    }
    return p;
}

struct pace pace_since(const struct track *k, double horizon_h, int rates)
{
    struct pace p = {.mean = NAN, .low = NAN, .high = NAN, .onset_t = NAN};
    struct blocks f;
    if (!find_blocks(&f, k))
        return p;
    if (f.onset > 0)
        p.onset_t = f.b[f.onset].t;
    p.n = f.n - 1 - f.onset;
    if (p.n < rates)
        return p;
    double squares = 0;
    p.mean = rate_between(&f.b[f.onset], &f.b[f.n - 1]);
    for (int i = f.onset; i + 1 < f.n; i++) {
        double off = rate_between(&f.b[i], &f.b[i + 1]) - p.mean;
        squares += off * off;
    }
    double ahead = fmax(horizon_h / f.width, 1);
    double margin =
        student(p.n - 1) * sqrt(squares / (p.n - 1)) * sqrt(1.0 / p.n + 1 / ahead);
    p.low = p.mean - margin;
    p.high = p.mean + margin;
    return p;
}
