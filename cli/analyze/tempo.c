/* SPDX-License-Identifier: MIT */
/* The pace of a tag as it is held against another series.
 *
 * The interval of the half-day blocks is wide for a tag that swings by the day: day and
 * night alternate.  Its daily floors do not; a growth that began two days ago has too few
 * blocks for a forecast, but enough to tell it from none; and where no boot lasts a day,
 * the floors of all boots together still give rates.  So the narrowest of the four
 * counts, and the same four are asked of either series. */
#include "cli/analyze/judge.h"

#include <string.h>

#define DAY_H          24.0
#define RATES_OF_DAYS  3
#define RATES_OF_LATE  2
#define BOOT_H         6.0 /* windows of boots shorter than days */
#define RATES_OF_BOOTS 6   /* the first of each boot shows its warming up */

#define RATES 256

/* Rates of a floor: each from one window's least figure to the next one's. */
struct rates {
    int n;
    double hours, rise; /* from the first floor of each boot to its last */
    double v[RATES];
};

/* The floors of one track, in windows of about so many hours that end with its last
 * value; needs at least `least` windows. */
static void add_rates(struct rates *r, const struct track *k, double width, int least)
{
    double end = k->t[k->n - 1], span = end - k->t[0];
    int n = (int)(fmin(span / width, RATES) + .5);
    if (n < least)
        return;
    width = span / n;
    uint32_t i = 0, before = 0, start = 0;
    int begun = r->n;
    for (int window = n - 1; window >= 0; window--) {
        uint32_t first = i, floor = i;
        for (; i < k->n && (window == 0 || k->t[i] <= end - width * window); i++)
            floor = k->v[i] < k->v[floor] ? i : floor;
        if (i == first)
            continue; /* nothing was captured in it */
        if (first == 0)
            start = floor;
        else if (r->n < RATES)
            r->v[r->n++] = (k->v[floor] - k->v[before]) / (k->t[floor] - k->t[before]);
        before = floor;
    }
    if (r->n == begun)
        return;
    r->hours += k->t[before] - k->t[start];
    r->rise += k->v[before] - k->v[start];
}

/* 90 % of what a span as long as these rates' will bring. */
static struct tempo tempo_from(const struct rates *r, int least)
{
    struct tempo p = {NAN, NAN, NAN};
    if (r->n < least)
        return p;
    double squares = 0;
    p.mean = r->rise / r->hours;
    for (int i = 0; i < r->n; i++)
        squares += (r->v[i] - p.mean) * (r->v[i] - p.mean);
    double margin = student(r->n - 1) * sqrt(squares / (r->n - 1)) * sqrt(2.0 / r->n);
    p.low = p.mean - margin;
    p.high = p.mean + margin;
    return p;
}

void tempo_narrow(struct tempo *best, const struct tempo *p)
{
    if (!isnan(p->low) && (isnan(best->low) || p->high - p->low < best->high - best->low))
        *best = *p;
}

struct tempo tempo_of_tracks(struct tempo best, const struct blocks *last,
                             const struct track *least)
{
    struct rates days = {0};
    add_rates(&days, least, DAY_H, RATES_OF_DAYS + 1);
    struct tempo floors = tempo_from(&days, RATES_OF_DAYS);
    struct pace late =
        pace_since(last, least->t[least->n - 1] - least->t[0], RATES_OF_LATE);
    struct tempo since = {late.mean, late.low, late.high};
    tempo_narrow(&best, &floors);
    tempo_narrow(&best, &since);
    return best;
}

static bool course_over(const struct tally *t, const struct boot *b, uint32_t slot,
                        struct course *out)
{
    if (slot != NO_SLOT)
        return course_of(t, b, slot, out);
    out->n = b->n_bins;
    memset(out->x, 0, sizeof out->x);
    return true;
}

/* All boots together that still have their bins. */
static void judge_boots(struct tempo *best, const struct tally *t,
                        const struct calendar *cal, uint32_t slot, const struct course *v)
{
    struct rates all = {0};
    for (size_t i = 0; i < t->n_boots; i++) {
        const struct boot *b = &t->boots[i];
        struct course earlier;
        const struct course *at = b == tally_boot(t) ? v : NULL;
        if (!b->folded && b != tally_boot(t) && course_over(t, b, slot, &earlier))
            at = &earlier;
        if (at == NULL || at->n < 2)
            continue;
        struct track least = {.n = at->n, .t = cal->t + b->bin0, .v = at->x};
        add_rates(&all, &least, BOOT_H, 2);
    }
    if (all.hours < DAY_H)
        return;
    struct tempo floors = tempo_from(&all, RATES_OF_BOOTS);
    tempo_narrow(best, &floors);
}

struct tempo tempo_of(struct tempo best, const struct tally *t,
                      const struct calendar *cal, uint32_t slot, const struct course *v,
                      const struct blocks *f)
{
    if (!t->has_times)
        return best;
    if (v != NULL && v->n > 1 && cal->span_h >= DAY_H) {
        struct track least = {.n = v->n, .t = cal->t + tally_boot(t)->bin0, .v = v->x};
        best = tempo_of_tracks(best, f, &least);
    }
    if (t->n_boots > 1)
        judge_boots(&best, t, cal, slot, v);
    return best;
}
