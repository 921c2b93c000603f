/* SPDX-License-Identifier: MIT */
/* One boot of one slot folded into sums: steps of the floor, fits of a line and of
 * warm-up curves, movement in the quiet intervals. */
#include "cli/analyze/axis.h"

#include <string.h>

struct pair {
    double x, c; /* of bytes, and of objects */
};

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

/* Both less their means; returns the sums of squares. */
static struct pair centre_both(double *x, double *c, uint32_t n)
{
    struct pair sum = {0, 0}, squares = {0, 0};
    for (uint32_t i = 0; i < n; i++) {
        sum.x += x[i];
        sum.c += c[i];
    }
    for (uint32_t i = 0; i < n; i++) {
        x[i] -= sum.x / n;
        c[i] -= sum.c / n;
        squares.x += x[i] * x[i];
        squares.c += c[i] * c[i];
    }
    return squares;
}

/* Each of the eight sums adds bin after bin, but they wait for themselves alone: written
 * out, so that compilers keep all of them in registers. */
static void four_products(const double column[BINS][LANES], const double *x,
                          const double *c, uint32_t n, double in_x[LANES],
                          double in_c[LANES])
{
    double x0 = 0, x1 = 0, x2 = 0, x3 = 0, c0 = 0, c1 = 0, c2 = 0, c3 = 0;
    for (uint32_t i = 0; i < n; i++) {
        const double *by = column[i];
        x0 += x[i] * by[0];
        x1 += x[i] * by[1];
        x2 += x[i] * by[2];
        x3 += x[i] * by[3];
        c0 += c[i] * by[0];
        c1 += c[i] * by[1];
        c2 += c[i] * by[2];
        c3 += c[i] * by[3];
    }
    in_x[0] = x0, in_x[1] = x1, in_x[2] = x2, in_x[3] = x3;
    in_c[0] = c0, in_c[1] = c1, in_c[2] = c2, in_c[3] = c3;
}

static void fold_fits(const struct axis *a, const struct course *v, struct sums *s)
{
    double x[BINS], c[BINS], in_x[FOURS * LANES], in_c[FOURS * LANES];
    memcpy(x, v->x, a->n * sizeof *x);
    memcpy(c, v->c, a->n * sizeof *c);
    struct pair squares = centre_both(x, c, a->n);
    for (int i = 0; i < FOURS; i++)
        four_products(a->column[i], x, c, a->n, in_x + i * LANES, in_c + i * LANES);
    s->xx = squares.x;
    s->cc = squares.c;
    s->xa = in_x[COLUMN_AGE];
    s->ca = in_c[COLUMN_AGE];
    s->xw = in_x[COLUMN_BUSY];
    s->cw = in_c[COLUMN_BUSY];
    s->xg = in_x[COLUMN_WORK];
    s->cg = in_c[COLUMN_WORK];
    memcpy(s->xk, in_x + COLUMN_CURVES, sizeof s->xk);
    memcpy(s->ck, in_c + COLUMN_CURVES, sizeof s->ck);
}

static void fold_quiet(const struct axis *a, const struct course *v,
                       const struct edge *edge, struct sums *s)
{
    for (uint32_t q = 0; q < a->n_quiet; q++) {
        uint32_t i = a->quiet[q];
        double x = i > 0 ? v->lx[i - 1] : edge->first_x;
        double c = i > 0 ? v->lc[i - 1] : edge->first_c;
        if (x < 0 || c < 0)
            continue;
        double step = v->lx[i] - x, objects = v->lc[i] - c;
        if (step > 0) {
            s->q_up += step;
            s->q_sq_per_h += step * step / a->quiet_h[q];
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

/* Of the four courses of a slot, all at once: they do not wait for each other. */
static void fold_range(const struct course *v, const struct edge *edge, struct sums *s)
{
    double low = v->x[0], top_x = v->x[0], top_c = v->c[0], high = v->lx[0];
    for (uint32_t i = 1; i < v->n; i++) {
        low = v->x[i] < low ? v->x[i] : low;
        top_x = v->x[i] > top_x ? v->x[i] : top_x;
        top_c = v->c[i] > top_c ? v->c[i] : top_c;
        high = v->lx[i] > high ? v->lx[i] : high;
    }
    high = edge->high_x > high ? edge->high_x : high;
    s->top_x = top_x;
    s->top_c = top_c;
    if (v->moved)
        s->range = s->swing = high - low;
}

bool axis_fold(const struct axis *a, const struct tally *t, uint32_t slot, struct sums *s)
{
    struct course v;
    double x, c;
    *s = (struct sums){.slot = slot};
    if (a->shared.boots == 0)
        return false;
    if (course_stood(t, a->boot, slot, &x, &c)) {
        s->top_x = x;
        s->top_c = c;
        return false;
    }
    if (!course_of(t, a->boot, slot, &v))
        return false;
    struct edge edge = boot_edge(t, a->boot, slot);
    fold_range(&v, &edge, s);
    if (!v.moved)
        return false;
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
