/* SPDX-License-Identifier: MIT */
/* The axis of one boot made ready: floors, columns of the fits, quiet intervals. */
#include "cli/analyze/axis.h"

#include <stdlib.h>
#include <string.h>

#include "cli/analyze/portable.h"

#define FLOORS 8    /* at most so many, when the boot has more than RAW snapshots */
#define RAW    9    /* up to here the snapshots are their own floors */
#define SAME_H 1e-6 /* times this close are one */

int axis_new(struct axis **a, struct err *e)
{
    *a = malloc(sizeof **a);
    return *a == NULL ? err_nomem(e) : 0;
}

void axis_free(struct axis *a)
{
    free(a);
}

const struct axis_sums *axis_shared(const struct axis *a)
{
    return &a->shared;
}

void curve_scale(double age_h, double scale[CURVES])
{
    double tau = 1;
    for (int k = 0; k < CURVES; k++, tau *= 2)
        scale[k] = decay(age_h / tau);
}

/* Takes the mean away; returns the sum of squares. */
static double centre(double *v, uint32_t n)
{
    double sum = 0, squares = 0;
    for (uint32_t i = 0; i < n; i++)
        sum += v[i];
    for (uint32_t i = 0; i < n; i++) {
        v[i] -= sum / n;
        squares += v[i] * v[i];
    }
    return squares;
}

static void put_column(struct axis *a, int column, const double *v)
{
    for (uint32_t i = 0; i < a->n; i++)
        a->column[column / LANES][i][column % LANES] = v[i];
}

static void prepare_ramp(struct axis *a, const struct bin *bins)
{
    double mean_t[BINS];
    for (uint32_t i = 0; i < a->n; i++)
        mean_t[i] = bins[i].sum_t / bins[i].n;
    ramp_prepare(&a->ramp, mean_t, a->n);
}

static double product(const double *a, const double *b, uint32_t n)
{
    double sum = 0;
    for (uint32_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static void add_floor(struct axis *a, const struct bin *bins, double from_t, double to_t)
{
    struct window w = {.end_t = to_t};
    while (w.from < a->n && !(bins[w.from].last_t > from_t - SAME_H))
        w.from++;
    for (w.to = w.from; w.to < a->n && bins[w.to].last_t <= to_t + SAME_H;)
        w.to++;
    if (w.to > w.from)
        a->floors[a->n_floors++] = w;
}

/* k spans of about as many bins each. */
static void equal_counts(struct axis *a, const struct bin *bins, uint32_t k)
{
    a->n_floors = 0;
    for (uint32_t i = 0; i < k; i++) {
        struct window w = {.from = a->n * i / k, .to = a->n * (i + 1) / k};
        w.end_t = bins[w.to - 1].last_t;
        a->floors[a->n_floors++] = w;
    }
}

/* Spans of equal time, the least of each: what comes and goes inside a span leaves
 * no trace.  Where the captures pause for days some of them would be empty, and spans
 * of as many captures serve. */
static void prepare_floors(struct axis *a, const struct bin *bins)
{
    const struct boot *b = a->boot;
    uint64_t snapshots = b->last - b->first + 1;
    a->n_floors = 0;
    if (snapshots <= RAW) {
        equal_counts(a, bins, a->n);
    } else {
        uint32_t k = snapshots / 3 < FLOORS ? (uint32_t)(snapshots / 3) : FLOORS;
        double width = (b->last_t - b->first_t) / k;
        for (uint32_t i = 1; i <= k; i++) {
            double end = b->first_t + width * i;
            add_floor(a, bins, end - width, end);
        }
        if (a->n_floors < k && a->n >= k)
            equal_counts(a, bins, k);
    }
    int steps = a->n_floors > 0 ? (int)a->n_floors - 1 : 0;
    long late = lround(steps / 3.0);
    a->late_steps = steps == 0 ? 0 : late < 1 ? 1 : (uint32_t)late;
    a->shared.steps = steps;
    for (uint32_t i = 0; i < (uint32_t)steps; i++) {
        double h = a->floors[i + 1].end_t - a->floors[i].end_t;
        a->step_h[i] = h > SAME_H ? h : SAME_H;
        a->shared.step_h += a->step_h[i];
        if (i + a->late_steps >= (uint32_t)steps)
            a->shared.late_h += a->step_h[i];
    }
}

/* Hours of the interval that ends with bin i, 0 when none does. */
static double interval_of(const struct bin *bins, const struct boot *b, uint32_t i)
{
    if (i == 0)
        return b->per_bin > 1 ? bins[0].last_t - b->first_t : 0;
    double h = bins[i].last_t - bins[i - 1].last_t;
    return h > SAME_H ? h : SAME_H;
}

/* What of the work falls between the floors. */
static void share_work(struct axis *a, const double *work)
{
    for (uint32_t i = 1; i < a->n_floors; i++) {
        double more = work[a->floors[i].to - 1] - work[a->floors[i - 1].to - 1];
        a->shared.work += more;
        if (i + a->late_steps >= a->n_floors)
            a->shared.late_work += more;
    }
}

/* Needs the floors. */
static void prepare_columns(struct axis *a, const struct bin *bins,
                            const double *interval_h, double quiet_act)
{
    struct axis_sums *s = &a->shared;
    double age[BINS], busy[BINS], work[BINS], curve[CURVES][BINS];
    for (uint32_t i = 0; i < a->n; i++) {
        double left[CURVES]; /* exp(-hours since the first snapshot / tau) */
        age[i] = bins[i].sum_t / bins[i].n - a->boot->first_t;
        curve_scale(age[i], left);
        for (int k = 0; k < CURVES; k++)
            curve[k][i] = left[k];
    }
    boot_clock_of(bins, a->n, interval_h, quiet_act, busy, work);
    share_work(a, work);
    s->n = a->n;
    s->aa = centre(age, a->n);
    s->ww = centre(busy, a->n);
    s->gg = centre(work, a->n);
    s->aw = product(age, busy, a->n);
    put_column(a, COLUMN_AGE, age);
    put_column(a, COLUMN_BUSY, busy);
    put_column(a, COLUMN_WORK, work);
    for (int k = 0; k < CURVES; k++) {
        s->kk[k] = centre(curve[k], a->n);
        s->kw[k] = product(curve[k], busy, a->n);
        put_column(a, COLUMN_CURVES + k, curve[k]);
    }
}

static void prepare_quiet(struct axis *a, const struct bin *bins,
                          const double *interval_h, double quiet_act)
{
    struct axis_sums *s = &a->shared;
    for (uint32_t i = 0; i < a->n; i++) {
        bool quiet = interval_h[i] > 0 && bins[i].act <= quiet_act;
        s->intervals += interval_h[i] > 0;
        s->act_h += interval_h[i];
        s->act += bins[i].act * interval_h[i];
        if (!quiet)
            continue;
        s->quiet_h += interval_h[i];
        s->quiet_act += bins[i].act * interval_h[i];
        a->quiet[a->n_quiet] = i;
        a->quiet_h[a->n_quiet++] = interval_h[i];
    }
}

void axis_prepare(struct axis *a, const struct tally *t, const struct boot *b,
                  double quiet_act)
{
    const struct bin *bins = t->bins + b->bin0;
    double interval_h[BINS];
    memset(a, 0, sizeof *a);
    a->boot = b;
    a->n = b->n_bins;
    if (b->last == b->first)
        return;
    a->shared.boots = 1;
    a->shared.hours = b->last_t - b->first_t;
    a->shared.snapshots = (double)(b->last - b->first + 1);
    prepare_ramp(a, bins);
    prepare_floors(a, bins);
    for (uint32_t i = 0; i < a->n; i++)
        interval_h[i] = interval_of(bins, b, i);
    prepare_quiet(a, bins, interval_h, quiet_act);
    prepare_columns(a, bins, interval_h, quiet_act);
}
