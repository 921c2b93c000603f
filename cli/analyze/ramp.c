/* SPDX-License-Identifier: MIT */
/* A stretch from a to b is the difference of two hinges, max(t - a, 0) - max(t - b, 0),
 * and the sum of products with a hinge follows from that of the next: trying all
 * stretches costs a subtraction and a product each.  Curves fade alike. */
#include "cli/analyze/ramp.h"

#include <math.h>

#include "cli/analyze/bounds.h"
#include "cli/analyze/portable.h"

static uint32_t first_bin(const struct ramp_axis *a, uint32_t point)
{
    return (uint32_t)((uint64_t)point * a->n_bins / a->n);
}

static double one_over_squares(const double *v, uint32_t n)
{
    double sum = 0, squares = 0;
    for (uint32_t i = 0; i < n; i++)
        sum += v[i];
    for (uint32_t i = 0; i < n; i++)
        squares += (v[i] - sum / n) * (v[i] - sum / n);
    return squares > 0 ? 1 / squares : 0;
}

static void prepare_stretches(struct ramp_axis *a)
{
    double v[RAMP_POINTS];
    for (uint32_t from = 0; from < a->n; from++)
        for (uint32_t to = from + 1; to < a->n; to++) {
            for (uint32_t i = 0; i < a->n; i++)
                v[i] = i < from ? 0 : a->t[i < to ? i : to] - a->t[from];
            a->stretch[from][to] = one_over_squares(v, a->n);
        }
}

static void prepare_curves(struct ramp_axis *a)
{
    double v[RAMP_POINTS], tau = 1;
    for (int k = 0; k < RAMP_CURVES; k++, tau *= sqrt(2)) {
        a->fade[k][0] = 1;
        for (uint32_t i = 1; i < a->n; i++)
            a->fade[k][i] = decay((a->t[i] - a->t[i - 1]) / tau);
        for (uint32_t from = 0; from < a->n; from++) {
            double left = 1;
            for (uint32_t i = 0; i < a->n; i++) {
                left = i > from ? left * a->fade[k][i] : 1;
                v[i] = 1 - left;
            }
            a->curve[k][from] = one_over_squares(v, a->n);
        }
    }
}

void ramp_prepare(struct ramp_axis *a, const double *t, uint32_t n_bins)
{
    a->n_bins = n_bins;
    a->n = n_bins < RAMP_LEAST ? 0 : n_bins < RAMP_POINTS ? n_bins : RAMP_POINTS;
    for (uint32_t i = 0; i < a->n; i++) {
        uint32_t from = first_bin(a, i), to = first_bin(a, i + 1);
        double sum = 0;
        for (uint32_t k = from; k < to; k++)
            sum += t[k];
        a->t[i] = sum / (to - from);
    }
    prepare_stretches(a);
    prepare_curves(a);
}

static void points_of(const struct ramp_axis *a, const double *bins, double *v)
{
    for (uint32_t i = 0; i < a->n; i++) {
        uint32_t k = first_bin(a, i), to = first_bin(a, i + 1);
        for (v[i] = bins[k]; k < to; k++)
            v[i] = bins[k] < v[i] ? bins[k] : v[i];
    }
}

/* y is centred: what the best stretch, or the best curve, explains of its squares. */
static double best_stretch(const struct ramp_axis *a, const double *y, struct ramp *r)
{
    double hinge[RAMP_POINTS], behind = 0, best = 0;
    hinge[a->n - 1] = 0;
    for (uint32_t i = a->n - 1; i-- > 0;) {
        behind += y[i + 1];
        hinge[i] = hinge[i + 1] + behind * (a->t[i + 1] - a->t[i]);
    }
    for (uint32_t from = 0; from < a->n; from++)
        for (uint32_t to = from + 1; to < a->n; to++) {
            double product = hinge[from] - hinge[to];
            double explained = product > 0 ? product * product * a->stretch[from][to] : 0;
            if (explained > best) {
                best = explained;
                r->from_t = a->t[from];
                r->to_t = a->t[to];
            }
        }
    return best;
}

static double best_curve(const struct ramp_axis *a, const double *y)
{
    double best = 0;
    for (int k = 0; k < RAMP_CURVES; k++) {
        double behind = 0, faded = 0;
        for (uint32_t i = a->n - 1; i-- > 0;) {
            behind += y[i + 1];
            faded = a->fade[k][i + 1] * (y[i + 1] + faded);
            double product = behind - faded;
            double explained = product > 0 ? product * product * a->curve[k][i] : 0;
            best = explained > best ? explained : best;
        }
    }
    return best;
}

/* What is left of the squares, as a share of them. */
struct left {
    double stretch, curve;
};

static struct left fit(const struct ramp_axis *a, const double *v, struct ramp *r)
{
    double y[RAMP_POINTS], sum = 0, squares = 0, top = 0;
    for (uint32_t i = 0; i < a->n; i++) {
        sum += v[i];
        top = v[i] > top ? v[i] : top;
    }
    for (uint32_t i = 0; i < a->n; i++) {
        y[i] = v[i] - sum / a->n;
        squares += y[i] * y[i];
    }
    double least_step = 1e-4 * top > 1 ? 1e-4 * top : 1;
    double floor = least_step * least_step * a->n * .1;
    double stretch = squares - best_stretch(a, y, r), curve = squares - best_curve(a, y);
    return (struct left){.stretch =
                             ((stretch > 0 ? stretch : 0) + floor) / (squares + floor),
                         .curve = ((curve > 0 ? curve : 0) + floor) / (squares + floor)};
}

/* Straight, better than a curve, in several rises rather than one, nothing given back. */
static double proof_of(const struct ramp_axis *a, const double *x, struct left in_x,
                       struct left in_c)
{
    double up = 0, down = 0, up_squares = 0;
    for (uint32_t i = 1; i < a->n; i++) {
        double step = x[i] - x[i - 1];
        if (step > 0) {
            up += step;
            up_squares += step * step;
        } else {
            down -= step;
        }
    }
    double straight = 1 - 4 * (in_x.stretch > in_c.stretch ? in_x.stretch : in_c.stretch);
    double line = smaller(in_x.curve / in_x.stretch, in_c.curve / in_c.stretch);
    double rises = up * up / up_squares;
    return between_0_and_1(straight) * between_0_and_1(line) *
           between_0_and_1((rises - 1) / 2) * (up - down) / (up + down);
}

struct ramp ramp_of(const struct ramp_axis *a, const double *x, const double *c)
{
    struct ramp r = {0}, other = {0};
    double points_x[RAMP_POINTS], points_c[RAMP_POINTS];
    if (a->n == 0)
        return r;
    points_of(a, x, points_x);
    if (!(points_x[a->n - 1] > points_x[0]))
        return r;
    points_of(a, c, points_c);
    struct left in_x = fit(a, points_x, &r), in_c = fit(a, points_c, &other);
    r.grown = points_x[a->n - 1] - points_x[0];
    r.proof = proof_of(a, points_x, in_x, in_c);
    return r;
}
