/* SPDX-License-Identifier: MIT */
#include "cli/analyze/score.h"

#include "cli/analyze/portable.h"

#define TINY     1e-9
#define ONE_RISE 1.35 /* effective rises of a step */

static double between_0_and_1(double v)
{
    return v > 1 ? 1 : v > 0 ? v : 0;
}

static double at_least(double v, double least)
{
    return v > least ? v : least;
}

static double smaller(double a, double b)
{
    return a < b ? a : b;
}

/* What was kept of all that moved. */
static double kept(double up, double down)
{
    return up + down > 0 ? at_least(up - down, 0) / (up + down) : 0;
}

/* One column against a straight line in uptime and against the best warm-up curve. */
struct fit {
    double straight, line, slope;
};

static struct fit fit_column(const struct axis_sums *a, double vv, double va,
                             const double *vk, double top)
{
    double least_step = at_least(1e-4 * top, 1);
    double floor = least_step * least_step * at_least(a->n, 1) * .1;
    double aa = at_least(a->aa, 1e-12);
    double off_line = vv - va * va / aa, off_curve = INFINITY;
    for (int k = 0; k < CURVES; k++)
        off_curve = smaller(off_curve, vv - vk[k] * vk[k] / at_least(a->kk[k], 1e-12));
    struct fit f = {.slope = va / aa};
    if (f.slope > 0)
        f.straight = between_0_and_1(1 - (off_line + floor) / (vv + floor));
    f.line = (at_least(off_curve, 0) + floor) / (at_least(off_line, 0) + floor);
    return f;
}

static void fit_shape(struct score *r, const struct score_input *b, double *slope)
{
    const struct sums *s = b->s;
    const struct axis_sums *a = b->axis;
    struct fit x = fit_column(a, s->xx, s->xa, s->xk, s->top_x);
    struct fit c = fit_column(a, s->cc, s->ca, s->ck, s->top_c);
    double freedom = a->n - a->boots;
    r->straight = freedom < 2 ? r->direct : smaller(x.straight, c.straight);
    r->line = freedom < 3 ? 1 : smaller(x.line, c.line); /* three points cannot tell */
    *slope = x.slope;
}

static void weigh_quiet(struct score *r, const struct score_input *b)
{
    const struct sums *s = b->s;
    const struct axis_sums *a = b->axis;
    r->room = 1;
    if (a->intervals < 6 || !(a->quiet_h > 0))
        return;
    double rise = at_least(s->q_up - s->q_down, 0);
    r->room = between_0_and_1(s->range / at_least(rise / a->quiet_h * a->hours, TINY));
    r->quiet_direct = smaller(kept(s->q_up, s->q_down), kept(s->qc_up, s->qc_down));
    r->quiet_spread = s->q_up * s->q_up / at_least(s->q_sq_per_h, TINY) / a->quiet_h;
    r->quiet = .5 * r->quiet_direct * r->quiet_spread * r->room * r->room;
}

static int grade_cap(const struct score_input *b)
{
    const struct axis_sums *a = b->axis;
    if (a->snapshots < 6 || a->hours < 6 || !b->has_times)
        return 1;
    return a->hours < 24 || a->steps < 5 ? 2 : 3;
}

static int grade_of(const struct score *r, const struct score_input *b)
{
    const struct axis_sums *a = b->axis;
    double possible = a->snapshots < 3 ? .60 : a->snapshots < 6 ? .50 : .08;
    if (r->growth < NOTABLE_BYTES || r->quality < possible)
        return 0;
    int grade = r->quality >= .30 ? 3 : r->quality >= .12 ? 2 : 1;
    /* One rise is a step until there is a second. */
    if (r->rises < ONE_RISE && r->base >= r->quiet && a->steps >= 5)
        grade = 1;
    return grade < r->cap ? grade : r->cap;
}

/* Floors lie anywhere inside their spans, so growth over time is a few percent off; the
 * slope of a straight line is not.  The straighter, the more the slope counts. */
static double rate_of(const struct score *r, const struct axis_sums *a, double slope)
{
    if (!(a->step_h > 0))
        return NAN;
    double growth = r->growth > 0 ? r->growth : r->growth_signed;
    return r->straight * slope + (1 - r->straight) * growth / a->step_h;
}

struct score score_of(const struct score_input *b)
{
    const struct sums *s = b->s;
    const struct axis_sums *a = b->axis;
    struct score r = {.growth_signed = s->up - s->down};
    double hours = at_least(a->step_h, TINY), slope = 0;
    r.direct = smaller(kept(s->up, s->down), kept(s->c_up, s->c_down));
    r.spread = s->up * s->up / at_least(s->up_sq_per_h, TINY) / hours;
    if (r.growth_signed > 0)
        r.recent = between_0_and_1(s->late / at_least(a->late_h, TINY) /
                                   (r.growth_signed / hours));
    r.rises = s->up * s->up / at_least(s->up_sq, TINY);
    fit_shape(&r, b, &slope);
    weigh_quiet(&r, b);
    r.pace = b->pace_den > 0 ? between_0_and_1(b->pace_num / b->pace_den) : 1;
    r.base = r.straight * r.spread * cube_root(r.direct * r.recent);
    r.quality = (r.base > r.quiet ? r.base : r.quiet) * between_0_and_1(r.line) *
                cube_root(.1 + .9 * r.pace);
    r.growth = at_least(at_least(r.growth_signed, slope * a->step_h), 0);
    r.rate = rate_of(&r, a, slope);
    r.value = r.quality * r.quality * r.quality * sqrt(r.growth);
    if (r.growth < NOTABLE_BYTES)
        r.value *= 1e-6;
    r.cap = grade_cap(b);
    r.grade = grade_of(&r, b);
    return r;
}
