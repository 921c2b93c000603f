/* SPDX-License-Identifier: MIT */
/* A stretch from a to b is the difference of two hinges, max(t - a, 0) - max(t - b, 0),
 * and the sum of products with a hinge follows from that of the next: trying all
 * stretches costs a subtraction and a product each.  Curves fade alike. */
#include "cli/analyze/ramp.h"

#include <math.h>
#include <string.h>

#include "cli/analyze/bounds.h"
#include "cli/analyze/portable.h"

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
            a->steepest[from] = larger(a->steepest[from], a->stretch[from][to]);
        }
}

static void prepare_curves(struct ramp_axis *a)
{
    double v[RAMP_POINTS], fade[RAMP_POINTS], tau = 1;
    for (int k = 0; k < RAMP_CURVES; k++, tau *= sqrt(2)) {
        const int four = k / RAMP_LANES, lane = k % RAMP_LANES;
        fade[0] = 1;
        for (uint32_t i = 1; i < a->n; i++)
            fade[i] = decay((a->t[i] - a->t[i - 1]) / tau);
        for (uint32_t from = 0; from < a->n; from++) {
            double left = 1;
            for (uint32_t i = 0; i < a->n; i++) {
                left = i > from ? left * fade[i] : 1;
                v[i] = 1 - left;
            }
            a->curve[four][from][lane] = one_over_squares(v, a->n);
            a->fade[four][from][lane] = fade[from];
        }
    }
}

void ramp_prepare(struct ramp_axis *a, const double *t, uint32_t n_bins)
{
    memset(a, 0, sizeof *a);
    a->n = n_bins < RAMP_LEAST ? 0 : n_bins < RAMP_POINTS ? n_bins : RAMP_POINTS;
    for (uint32_t i = 1; i <= a->n; i++)
        a->first_bin[i] = (uint32_t)((uint64_t)i * n_bins / a->n);
    for (uint32_t i = 0; i < a->n; i++) {
        uint32_t from = a->first_bin[i], to = a->first_bin[i + 1];
        double sum = 0;
        for (uint32_t k = from; k < to; k++)
            sum += t[k];
        a->t[i] = sum / (to - from);
    }
    prepare_stretches(a);
    prepare_curves(a);
}

/* A row's bytes or objects at the points. */
struct line {
    const double *v;
    double y[RAMP_POINTS];      /* centred */
    double behind[RAMP_POINTS]; /* of y: the sum of all points behind */
    double squares, floor;      /* of y; and so much of them is rounding */
};

static void points_of(const struct ramp_axis *a, const double *bins, double *v)
{
    for (uint32_t i = 0; i < a->n; i++) {
        uint32_t k = a->first_bin[i], to = a->first_bin[i + 1];
        double least = bins[k];
        while (++k < to)
            least = bins[k] < least ? bins[k] : least;
        v[i] = least;
    }
}

static void centre(const struct ramp_axis *a, struct line *l)
{
    double sum = 0, top = 0, behind = 0;
    l->squares = 0;
    for (uint32_t i = 0; i < a->n; i++) {
        sum += l->v[i];
        top = l->v[i] > top ? l->v[i] : top;
    }
    for (uint32_t i = 0; i < a->n; i++) {
        l->y[i] = l->v[i] - sum / a->n;
        l->squares += l->y[i] * l->y[i];
    }
    for (uint32_t i = a->n; i-- > 0; behind += l->y[i])
        l->behind[i] = behind;
    double least_step = 1e-4 * top > 1 ? 1e-4 * top : 1;
    l->floor = least_step * least_step * a->n * .1;
}

/* What is left of the squares, as a share of them. */
static double left_of(const struct line *l, double explained)
{
    double left = l->squares - explained;
    return ((left > 0 ? left : 0) + l->floor) / (l->squares + l->floor);
}

/* What four stretches that begin at one point explain, each if it is more than `best`. */
static void try_four(double best[RAMP_LANES], double hinge, const double *hinges,
                     const double *stretch)
{
    for (int i = 0; i < RAMP_LANES; i++) {
        double product = hinge - hinges[i];
        product = product > 0 ? product : 0;
        double explained = product * product * stretch[i];
        best[i] = explained > best[i] ? explained : best[i];
    }
}

static double most_of(const double v[RAMP_LANES])
{
    double most = v[0];
    for (int i = 1; i < RAMP_LANES; i++)
        most = v[i] > most ? v[i] : most;
    return most;
}

/* What the best stretch explains, if it is more than `enough`, else 0; where several do
 * as much, the first of them.  Stretches that end before they begin explain nothing, so
 * rows of them are tried by whole fours; a row in which even the deepest hinge and the
 * steepest stretch together are not enough is not tried at all. */
static double best_stretch(const struct ramp_axis *a, const struct line *l, double enough,
                           struct ramp *r)
{
    double hinge[RAMP_POINTS] = {0}, lowest[RAMP_POINTS] = {0}, best = enough;
    uint32_t best_from = a->n, to = 0;
    for (uint32_t i = a->n - 1; i-- > 0;) {
        hinge[i] = hinge[i + 1] + l->behind[i] * (a->t[i + 1] - a->t[i]);
        lowest[i] = smaller(hinge[i + 1], lowest[i + 1]);
    }
    for (uint32_t from = 0; from + 1 < a->n; from++) {
        double lanes[RAMP_LANES] = {0}, deepest = hinge[from] - lowest[from];
        if (!(deepest > 0 && deepest * deepest * a->steepest[from] > best))
            continue;
        for (to = (from + 1) & ~(RAMP_LANES - 1U); to < a->n; to += RAMP_LANES)
            try_four(lanes, hinge[from], hinge + to, a->stretch[from] + to);
        double most = most_of(lanes);
        if (most > best) {
            best = most;
            best_from = from;
        }
    }
    if (best_from == a->n)
        return 0;
    for (to = best_from + 1; to + 1 < a->n; to++) {
        double product = hinge[best_from] - hinge[to];
        if (product > 0 && product * product * a->stretch[best_from][to] == best)
            break;
    }
    r->from_t = a->t[best_from];
    r->to_t = a->t[to];
    return best;
}

static double best_curve(const struct ramp_axis *a, const struct line *l)
{
    double best[RAMP_LANES] = {0};
    for (int four = 0; four < RAMP_FOURS; four++) {
        double faded[RAMP_LANES] = {0};
        for (uint32_t i = a->n - 1; i-- > 0;)
            for (int k = 0; k < RAMP_LANES; k++) {
                faded[k] = a->fade[four][i + 1][k] * (l->y[i + 1] + faded[k]);
                double product = l->behind[i] - faded[k];
                product = product > 0 ? product : 0;
                double explained = product * product * a->curve[four][i][k];
                best[k] = explained > best[k] ? explained : best[k];
            }
    }
    return most_of(best);
}

/* Of the squares, that it may be called straight: what leaves a quarter is not.  A little
 * less than that, for what rounding takes. */
static double needed_of(const struct line *l)
{
    return .7499 * (l->squares + l->floor);
}

struct steps {
    double up, down;
    double rises; /* effective number */
};

static struct steps steps_of(const struct ramp_axis *a, const double *x)
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
    return (struct steps){up, down, up * up / up_squares};
}

/* Straight, better than a curve, in several rises rather than one, nothing given back.
 * Most rows fail at the first question, and the costly ones come last. */
static double proof_of(const struct ramp_axis *a, const double *x, const double *c,
                       struct ramp *r)
{
    struct line in_x = {.v = x}, in_c = {.v = c};
    struct ramp other;
    struct steps steps = steps_of(a, x);
    if (!(steps.rises > 1))
        return 0;
    centre(a, &in_x);
    double best_x = best_stretch(a, &in_x, needed_of(&in_x), r);
    if (!(best_x > 0))
        return 0;
    centre(a, &in_c);
    double best_c = best_stretch(a, &in_c, needed_of(&in_c), &other);
    if (!(best_c > 0))
        return 0;
    double left_x = left_of(&in_x, best_x), left_c = left_of(&in_c, best_c);
    double straight = 1 - 4 * (left_x > left_c ? left_x : left_c);
    if (!(straight > 0))
        return 0;
    double line = smaller(left_of(&in_x, best_curve(a, &in_x)) / left_x,
                          left_of(&in_c, best_curve(a, &in_c)) / left_c);
    return between_0_and_1(straight) * between_0_and_1(line) *
           between_0_and_1((steps.rises - 1) / 2) * (steps.up - steps.down) /
           (steps.up + steps.down);
}

struct ramp ramp_of(const struct ramp_axis *a, const double *x, const double *c)
{
    struct ramp r = {0};
    double points_x[RAMP_POINTS], points_c[RAMP_POINTS];
    if (a->n == 0)
        return r;
    points_of(a, x, points_x);
    if (!(points_x[a->n - 1] > points_x[0]))
        return r;
    points_of(a, c, points_c);
    r.grown = points_x[a->n - 1] - points_x[0];
    r.proof = proof_of(a, points_x, points_c, &r);
    return r;
}
