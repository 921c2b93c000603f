/* SPDX-License-Identifier: MIT */
/* Pace and its uncertainty, from the medians of half-day blocks.  Points of one series
 * are far from independent, so an interval from the points is far too narrow; rates
 * between blocks carry the days' own variation. */
#include "cli/analyze/judge.h"

#include <string.h>

#include "cli/analyze/order.h"

#define BLOCK_H      12.0
#define DAY_H        24.0
#define LONG_SPAN_H  72.0 /* from here on blocks are half days, below eighths */
#define RATES_NEEDED 4
#define ONSET        .05 /* of the whole rise: so much may pass before it counts as begun */

double student(int freedom)
{
    static const double table[] = {0,     6.314, 2.920, 2.353, 2.132, 2.015, 1.943,
                                   1.895, 1.860, 1.833, 1.812, 1.796, 1.782, 1.771,
                                   1.761, 1.753, 1.746, 1.740, 1.734, 1.729, 1.725};
    int n = (int)(sizeof table / sizeof *table);
    return freedom < n ? table[freedom] : 1.645 + 1.524 / freedom;
}

/* Blocks end with the last value, so that the newest is whole; a value on an edge
 * belongs to the older block. */
static void cut_blocks(struct cuts *c, const double *t, uint32_t n, int most)
{
    double end = t[n - 1];
    uint32_t i = 0;
    for (int b = most; b > 0; b--) {
        double from = end - c->width * b, to = end - c->width * (b - 1);
        while (i < n && t[i] < from)
            i++;
        uint32_t first = i;
        while (i < n && t[i] <= to)
            i++;
        if (i > first) /* the times are in order: the middle ones are their median */
            c->b[c->n++] =
                (struct cut){.from = first,
                             .to = i,
                             .t = (t[(first + i - 1) / 2] + t[(first + i) / 2]) / 2};
    }
}

/* Rates are between blocks that lie about a day apart, so that day and night do not
 * alternate in them; of shorter spans, between neighbours. */
static void find_partners(struct cuts *c)
{
    double apart =
        c->b[c->n - 1].t - c->b[0].t + c->width >= LONG_SPAN_H ? .75 * DAY_H : 0;
    for (int i = 0, j = 1; i < c->n; i++) {
        while (j < c->n && (j <= i || c->b[j].t - c->b[i].t < apart))
            j++;
        if (j == c->n)
            break;
        c->partner[c->rates++] = j;
    }
}

void cuts_make(struct cuts *c, const double *t, uint32_t n)
{
    double span = n > 0 ? t[n - 1] - t[0] : 0;
    *c = (struct cuts){.n = 0};
    if (!(span > 0 && span < 1e12))
        return;
    c->width = span >= LONG_SPAN_H ? BLOCK_H : span / 8;
    if (span / c->width > BLOCKS)
        c->width = span / BLOCKS;
    cut_blocks(c, t, n, (int)(span / c->width + 1e-9));
    if (c->n < RATES_NEEDED + 1)
        c->n = 0;
    else
        find_partners(c);
}

void blocks_of(struct blocks *f, const struct cuts *c, const double *v)
{
    double room[BINS];
    f->cuts = c;
    f->onset = 0;
    for (int i = 0; i < c->n; i++) {
        size_t n = c->b[i].to - c->b[i].from;
        memcpy(room, v + c->b[i].from, n * sizeof *room);
        f->v[i] = order_median(room, n);
    }
    if (c->n == 0)
        return;
    double start = f->v[0], rise = f->v[c->n - 1] - start;
    while (rise > 0 && f->onset < c->n - 2 && f->v[f->onset + 1] - start < ONSET * rise)
        f->onset++;
}

static double rate_between(const struct blocks *f, int i, int j)
{
    return (f->v[j] - f->v[i]) / (f->cuts->b[j].t - f->cuts->b[i].t);
}

/* Rates that overlap are worth as many as lie side by side in their time. */
static void predict_rate(struct pace *p, const struct blocks *f, int from,
                         double horizon_h)
{
    const struct cuts *c = f->cuts;
    int n = c->rates - from;
    double rate[BLOCKS], sum = 0, squares = 0, apart = 0;
    for (int i = from; i < c->rates; i++) {
        rate[i] = rate_between(f, i, c->partner[i]);
        sum += rate[i];
        apart += (c->b[c->partner[i]].t - c->b[i].t) / n;
    }
    p->mean = sum / n;
    for (int i = from; i < c->rates; i++)
        squares += (rate[i] - p->mean) * (rate[i] - p->mean);
    double step = (c->b[c->n - 1].t - c->b[from].t) / (c->n - 1 - from);
    double alone = fmax(n * step / apart, 2), ahead = fmax(horizon_h / apart, 1);
    double margin = student((int)(alone + .5) - 1) * sqrt(squares / (n - 1)) *
                    sqrt(1 / alone + 1 / ahead);
    p->low = p->mean - margin;
    p->high = p->mean + margin;
}

struct pace pace_of(const struct blocks *f, double horizon_h)
{
    struct pace p = {.mean = NAN, .low = NAN, .high = NAN, .onset_t = NAN};
    const struct cuts *c = f->cuts;
    if (c->n == 0)
        return p;
    if (f->onset > 0)
        p.onset_t = c->b[f->onset].t;
    p.n = c->rates;
    if (c->rates < RATES_NEEDED)
        return p;
    /* What began late is judged with some of the time before it: two rates show no
     * spread. */
    int last = c->rates - RATES_NEEDED, from = f->onset < last ? f->onset : last;
    p.n = c->rates - from;
    predict_rate(&p, f, from, horizon_h);
    p.from_t = c->b[f->onset > from ? f->onset : from].t;
    if (f->onset > from) {
        p.mean = rate_between(f, f->onset, c->n - 1);
        p.low = fmin(p.low, p.mean);
        p.high = fmax(p.high, p.mean);
    }
    return p;
}

struct pace pace_since(const struct blocks *f, double horizon_h, int rates)
{
    struct pace p = {.mean = NAN, .low = NAN, .high = NAN, .onset_t = NAN};
    const struct cuts *c = f->cuts;
    if (c->n == 0)
        return p;
    if (f->onset > 0)
        p.onset_t = c->b[f->onset].t;
    p.n = c->n - 1 - f->onset;
    if (p.n < rates)
        return p;
    double squares = 0;
    p.mean = rate_between(f, f->onset, c->n - 1);
    for (int i = f->onset; i + 1 < c->n; i++) {
        double off = rate_between(f, i, i + 1) - p.mean;
        squares += off * off;
    }
    double ahead = fmax(horizon_h / c->width, 1);
    double margin =
        student(p.n - 1) * sqrt(squares / (p.n - 1)) * sqrt(1.0 / p.n + 1 / ahead);
    p.low = p.mean - margin;
    p.high = p.mean + margin;
    return p;
}
