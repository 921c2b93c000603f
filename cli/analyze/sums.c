/* SPDX-License-Identifier: MIT */
/* One boot of one slot folded into sums: steps of the floor, fits of a line and of
 * warm-up curves, movement in the quiet intervals. */
#include "cli/analyze/tally.h"

#include <stdlib.h>
#include <string.h>

#include "cli/analyze/portable.h"
#include "cli/analyze/ramp.h"

#define FLOORS 8    /* at most so many, when the boot has more than RAW snapshots */
#define RAW    9    /* up to here the snapshots are their own floors */
#define SAME_H 1e-6 /* times this close are one */

struct window {
    uint32_t from, to; /* bins from..to-1 */
    double end_t;
};

/* What all slots share over one boot. */
struct axis {
    const struct boot *boot;
    uint32_t n;
    double age[BINS];           /* centred */
    double curve[CURVES][BINS]; /* exp(-hours since the first snapshot / tau), centred */
    struct window floors[BINS];
    double step_h[BINS];
    uint32_t n_floors, late_steps;
    double interval_h[BINS]; /* that ends at this bin's end, 0 = none */
    double busy[BINS];       /* centred */
    double work[BINS];       /* centred */
    bool quiet[BINS];
    struct ramp_axis ramp;
    struct axis_sums shared;
};

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

static void prepare_fits(struct axis *a, const struct bin *bins)
{
    const struct boot *b = a->boot;
    for (uint32_t i = 0; i < a->n; i++) {
        double scale[CURVES], mean_t = bins[i].sum_t / bins[i].n - b->first_t;
        a->age[i] = mean_t;
        curve_scale(mean_t, scale);
        for (int k = 0; k < CURVES; k++)
            a->curve[k][i] = scale[k];
    }
    a->shared.n = a->n;
    a->shared.aa = centre(a->age, a->n);
    for (int k = 0; k < CURVES; k++)
        a->shared.kk[k] = centre(a->curve[k], a->n);
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

/* Needs ages, curves, floors and intervals. */
static void prepare_clock(struct axis *a, const struct bin *bins, double quiet_act)
{
    struct axis_sums *s = &a->shared;
    boot_clock_of(bins, a->n, a->interval_h, quiet_act, a->busy, a->work);
    for (uint32_t i = 1; i < a->n_floors; i++) {
        double work = a->work[a->floors[i].to - 1] - a->work[a->floors[i - 1].to - 1];
        s->work += work;
        if (i + a->late_steps >= a->n_floors)
            s->late_work += work;
    }
    s->ww = centre(a->busy, a->n);
    s->gg = centre(a->work, a->n);
    s->aw = product(a->age, a->busy, a->n);
    for (int k = 0; k < CURVES; k++)
        s->kw[k] = product(a->curve[k], a->busy, a->n);
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

void axis_prepare(struct axis *a, const struct tally *t, const struct boot *b,
                  double quiet_act)
{
    const struct bin *bins = t->bins + b->bin0;
    a->boot = b;
    a->n = b->n_bins;
    a->shared = (struct axis_sums){0};
    if (b->last == b->first)
        return;
    a->shared.boots = 1;
    a->shared.hours = b->last_t - b->first_t;
    a->shared.snapshots = (double)(b->last - b->first + 1);
    prepare_fits(a, bins);
    prepare_ramp(a, bins);
    prepare_floors(a, bins);
    for (uint32_t i = 0; i < a->n; i++) {
        a->interval_h[i] = interval_of(bins, b, i);
        a->quiet[i] = a->interval_h[i] > 0 && bins[i].act <= quiet_act;
        a->shared.intervals += a->interval_h[i] > 0;
        a->shared.act_h += a->interval_h[i];
        a->shared.act += bins[i].act * a->interval_h[i];
        if (a->quiet[i]) {
            a->shared.quiet_h += a->interval_h[i];
            a->shared.quiet_act += bins[i].act * a->interval_h[i];
        }
    }
    prepare_clock(a, bins, quiet_act);
}

static double least_of(const double *v, const struct window *w)
{
    double least = v[w->from];
    for (uint32_t i = w->from + 1; i < w->to; i++)
        if (v[i] < least)
            least = v[i];
    return least;
}

static void fold_floors(const struct axis *a, const struct course *v, struct sums *s)
{
    int steps = a->shared.steps;
    double x = least_of(v->x, &a->floors[0]), c = least_of(v->c, &a->floors[0]);
    double first = x, rise = 0;
    for (int i = 0; i < steps; i++) {
        double next_x = least_of(v->x, &a->floors[i + 1]);
        double next_c = least_of(v->c, &a->floors[i + 1]);
        double step = next_x - x;
        rise += step;
        if (step > 0) {
            s->rising++;
            s->up += step;
            s->up_sq += step * step;
            s->up_sq_per_h += step * step / a->step_h[i];
        } else {
            s->down -= step;
        }
        if (next_c > c)
            s->c_up += next_c - c;
        else
            s->c_down += c - next_c;
        if ((uint32_t)i + a->late_steps >= (uint32_t)steps)
            s->late += step;
        x = next_x;
        c = next_c;
    }
    double notable = .002 * first;
    s->grew = rise > (notable > 64 ? notable : 64);
}

static void fold_fits(const struct axis *a, const struct course *v, struct sums *s)
{
    double x[BINS], c[BINS];
    memcpy(x, v->x, a->n * sizeof *x);
    memcpy(c, v->c, a->n * sizeof *c);
    s->xx = centre(x, a->n);
    s->cc = centre(c, a->n);
    s->xa = product(x, a->age, a->n);
    s->ca = product(c, a->age, a->n);
    for (int k = 0; k < CURVES; k++) {
        s->xk[k] = product(x, a->curve[k], a->n);
        s->ck[k] = product(c, a->curve[k], a->n);
    }
    s->xw = product(x, a->busy, a->n);
    s->cw = product(c, a->busy, a->n);
    s->xg = product(x, a->work, a->n);
    s->cg = product(c, a->work, a->n);
}

static void fold_quiet(const struct axis *a, const struct course *v,
                       const struct edge *edge, struct sums *s)
{
    for (uint32_t i = 0; i < a->n; i++) {
        if (!a->quiet[i])
            continue;
        double x = i > 0 ? v->lx[i - 1] : edge->first_x;
        double c = i > 0 ? v->lc[i - 1] : edge->first_c;
        if (x < 0 || c < 0)
            continue;
        double step = v->lx[i] - x, objects = v->lc[i] - c;
        if (step > 0) {
            s->q_up += step;
            s->q_sq_per_h += step * step / a->interval_h[i];
        } else {
            s->q_down -= step;
        }
        if (objects > 0)
            s->qc_up += objects;
        else
            s->qc_down -= objects;
    }
}

/* A row that nothing is known of at first begins with the first that is known. */
static void fold_net(const struct axis *a, const struct course *v,
                     const struct edge *edge, struct sums *s)
{
    s->net = v->lx[a->n - 1] - (edge->first_x >= 0 ? edge->first_x : v->x[0]);
}

static void fold_ramp(const struct axis *a, const struct course *v, struct sums *s)
{
    struct ramp r = ramp_of(&a->ramp, v->x, v->c);
    s->ramp_grown = r.grown;
    s->ramp_proven = s->ramp_most = r.grown * r.proof;
    s->ramp_from_t = r.from_t;
    s->ramp_to_t = r.to_t;
}

static double greatest(const double *v, uint32_t n)
{
    double m = v[0];
    for (uint32_t i = 1; i < n; i++)
        m = v[i] > m ? v[i] : m;
    return m;
}

bool axis_fold(struct axis *a, const struct tally *t, uint32_t slot, struct sums *s)
{
    struct course v;
    *s = (struct sums){.slot = slot};
    if (a->shared.boots == 0 || !course_of(t, a->boot, slot, &v))
        return false;
    struct edge edge = boot_edge(t, a->boot, slot);
    s->top_x = greatest(v.x, v.n);
    s->top_c = greatest(v.c, v.n);
    if (!v.moved)
        return false;
    double high = greatest(v.lx, v.n);
    high = edge.high_x > high ? edge.high_x : high;
    double low = v.x[0];
    for (uint32_t i = 1; i < v.n; i++)
        low = v.x[i] < low ? v.x[i] : low;
    s->range = s->swing = high - low;
    fold_floors(a, &v, s);
    fold_fits(a, &v, s);
    fold_quiet(a, &v, &edge, s);
    fold_net(a, &v, &edge, s);
    fold_ramp(a, &v, s);
    return true;
}

void sums_add(struct sums *to, const struct sums *from, const double scale[CURVES])
{
    to->rising += from->rising;
    to->grew += from->grew;
    to->up += from->up;
    to->down += from->down;
    to->up_sq += from->up_sq;
    to->up_sq_per_h += from->up_sq_per_h;
    to->late += from->late;
    to->c_up += from->c_up;
    to->c_down += from->c_down;
    to->xx += from->xx;
    to->xa += from->xa;
    to->cc += from->cc;
    to->ca += from->ca;
    for (int k = 0; k < CURVES; k++) {
        to->xk[k] += from->xk[k] * scale[k];
        to->ck[k] += from->ck[k] * scale[k];
    }
    to->xw += from->xw;
    to->xg += from->xg;
    to->cw += from->cw;
    to->cg += from->cg;
    to->top_x = to->top_x > from->top_x ? to->top_x : from->top_x;
    to->top_c = to->top_c > from->top_c ? to->top_c : from->top_c;
    to->range += from->range;
    to->swing = to->swing > from->swing ? to->swing : from->swing;
    to->q_up += from->q_up;
    to->q_down += from->q_down;
    to->q_sq_per_h += from->q_sq_per_h;
    to->qc_up += from->qc_up;
    to->qc_down += from->qc_down;
    to->net += from->net;
    to->ramp_grown += from->ramp_grown;
    to->ramp_proven += from->ramp_proven;
    if (from->ramp_most > to->ramp_most) {
        to->ramp_most = from->ramp_most;
        to->ramp_from_t = from->ramp_from_t;
        to->ramp_to_t = from->ramp_to_t;
    }
}

void axis_add_sums(struct axis_sums *to, const struct axis_sums *from,
                   const double scale[CURVES])
{
    to->boots += from->boots;
    to->hours += from->hours;
    to->snapshots += from->snapshots;
    to->n += from->n;
    to->steps += from->steps;
    to->step_h += from->step_h;
    to->late_h += from->late_h;
    to->aa += from->aa;
    for (int k = 0; k < CURVES; k++) {
        to->kk[k] += from->kk[k] * scale[k] * scale[k];
        to->kw[k] += from->kw[k] * scale[k];
    }
    to->ww += from->ww;
    to->aw += from->aw;
    to->gg += from->gg;
    to->work += from->work;
    to->late_work += from->late_work;
    to->quiet_h += from->quiet_h;
    to->act += from->act;
    to->quiet_act += from->quiet_act;
    to->act_h += from->act_h;
    to->intervals += from->intervals;
}
