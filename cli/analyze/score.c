/* SPDX-License-Identifier: MIT */
#include "cli/analyze/score.h"

#include "cli/analyze/bounds.h"
#include "cli/analyze/fit.h"
#include "cli/analyze/portable.h"

#define TINY         1e-9
#define BUSIER       .05 /* of a doubling of the allocations */
#define LEAST_POINTS 6   /* beyond the levels: fewer look straight by chance */

/* What was kept of all that moved. */
static double kept(double up, double down)
{
    return up + down > 0 ? at_least(up - down, 0) / (up + down) : 0;
}

static void fit_shape(struct score *r, const struct sums *s, const struct axis_sums *a,
                      double *slope)
{
    struct fit f = fit_uptime(s, a);
    r->straight = fit_freedom(a) < 2 ? r->direct : f.straight;
    r->line = fit_freedom(a) < 3 ? 1 : f.line; /* three points cannot tell */
    *slope = f.slope;
}

/* A third is meant to be quiet.  Where the rest is no busier to speak of, the host is the
 * same all day and nothing is told apart. */
bool axis_has_quiet(const struct axis_sums *a)
{
    double busy_h = a->act_h - a->quiet_h;
    if (a->intervals < 6 || !(a->quiet_h > 0 && busy_h > .4 * a->act_h))
        return false;
    return (a->act - a->quiet_act) / busy_h - a->quiet_act / a->quiet_h > BUSIER;
}

static void weigh_quiet(struct score *r, const struct score_input *b)
{
    const struct sums *s = b->s;
    const struct axis_sums *a = b->axis;
    r->room = 1;
    if (!axis_has_quiet(a))
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
    if (a->snapshots < GRADED_SNAPSHOTS || a->hours < GRADED_HOURS || !b->has_times)
        return 1;
    return a->hours < LEAK_HOURS || a->steps < LEAK_STEPS ? 2 : 3;
}

static int grade_of(const struct score *r, const struct score_input *b)
{
    const struct axis_sums *a = b->axis;
    double cuts[4] = {0, .08, .11, .40};
    if (b->snapshots <= FEW)
        few_cuts(a->snapshots, cuts);
    if (r->growth < NOTABLE_BYTES || r->quality < cuts[1])
        return 0;
    int grade = r->quality >= cuts[3] ? 3 : r->quality >= cuts[2] ? 2 : 1;
    if (r->rises < ONE_RISE && r->judged == JUDGED_LINE && a->steps >= LEAK_STEPS)
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

void score_floor(struct score *r, const struct sums *s, const struct axis_sums *a)
{
    double hours = at_least(a->step_h, TINY), slope = 0;
    r->growth_signed = s->up - s->down;
    r->direct = smaller(kept(s->up, s->down), kept(s->c_up, s->c_down));
    r->spread = s->up * s->up / at_least(s->up_sq_per_h, TINY) / hours;
    if (r->growth_signed > 0)
        r->recent = between_0_and_1(s->late / at_least(a->late_h, TINY) /
                                    (r->growth_signed / hours));
    r->rises = s->up * s->up / at_least(s->up_sq, TINY);
    fit_shape(r, s, a, &slope);
    r->base = r->straight * r->spread * cube_root(r->direct * r->recent);
    r->growth = at_least(at_least(r->growth_signed, slope * a->step_h), 0);
    r->rate = rate_of(r, a, slope);
}

/* A leak that runs while people work is all but straight along the work, and no cache
 * comes near it: what is not straight to an eighth is nothing. */
static void weigh_work(struct score *r, const struct score_input *b)
{
    const struct axis_sums *a = b->axis;
    if (fit_freedom(a) < LEAST_POINTS || !axis_has_quiet(a) || !(a->work > 0))
        return;
    struct fit f = fit_work(b->s, a);
    r->work_straight = f.straight;
    r->work_line = f.line;
    if (f.straight <= r->straight)
        return; /* uptime tells as much */
    double late = at_least(a->late_work, .1 * a->work * a->late_h / a->step_h);
    if (r->growth_signed > 0)
        r->work_recent =
            between_0_and_1(b->s->late / late / (r->growth_signed / a->work));
    r->work = between_0_and_1(8 * f.straight - 7) * between_0_and_1(f.line / 4) *
              cube_root(r->direct * r->work_recent);
}

/* Where most of the movement comes and goes with the host's busyness, the rest is judged
 * for itself.  It must stand out far from chance. */
static void weigh_wave(struct score *r, const struct score_input *b)
{
    double freedom = fit_freedom(b->axis) - 2;
    if (freedom < LEAST_POINTS || !axis_has_quiet(b->axis))
        return;
    struct fit f = fit_under_wave(b->s, b->axis, &r->wave_share);
    r->wave_straight = f.straight;
    r->wave_line = f.line;
    r->wave_slope = f.slope;
    if (r->wave_share < .5)
        return;
    double chance = freedom * f.straight / at_least(1 - f.straight, 1e-3);
    double line = between_0_and_1(smaller(f.line, r->line));
    r->wave = f.straight * between_0_and_1(chance / 50) * line * line;
}

/* What the row is judged on, and the growth that this found. */
static double best_term(struct score *r, const struct score_input *b)
{
    double line = between_0_and_1(r->line), rise = 0;
    if (b->snapshots <= FEW) /* few points hardly tell a line from a curve */
        line = sqrt(line);
    const double terms[JUDGED_WAYS] = {[JUDGED_LINE] = r->base * line,
                                       [JUDGED_QUIET] = r->quiet * line,
                                       [JUDGED_WORK] = r->work,
                                       [JUDGED_WAVE] = r->wave,
                                       [JUDGED_SINCE] = r->since};
    r->judged = JUDGED_LINE;
    for (int i = JUDGED_LINE + 1; i < JUDGED_WAYS; i++)
        if (terms[i] > terms[r->judged])
            r->judged = (enum judged_by)i;
    if (r->judged == JUDGED_QUIET) {
        rise = b->s->q_up - b->s->q_down;
        r->rate = at_least(rise, 0) / b->axis->quiet_h;
    } else if (r->judged == JUDGED_WAVE) {
        rise = r->wave_slope * b->axis->step_h;
        r->rate = r->wave_slope;
    } else if (r->judged == JUDGED_SINCE) {
        rise = b->since->growth;
        r->rate = b->since->rate;
    }
    r->growth = at_least(r->growth, rise);
    return terms[r->judged];
}

/* With few snapshots the pace since boot is the host's uptime against the level; with
 * many, the row's own counters tell it, and the shape decides. */
static double weigh_pace(struct score *r, const struct score_input *b)
{
    r->pace = b->pace_den > 0 ? between_0_and_1(b->pace_num / b->pace_den) : 1;
    if (b->snapshots > FEW)
        return cube_root(.1 + .9 * r->pace);
    r->since_boot = few_since_boot(&b->few, b->age_known, r->pace);
    r->base = few_term(r->spread, r->straight, r->recent);
    return cube_root(r->since_boot);
}

static void weigh_kept(struct score *r, const struct score_input *b)
{
    r->gained = gained_of(b, r->growth);
    r->quality *= sqrt(.1 + .9 * r->gained);
    r->ramp = b->snapshots > FEW ? ramp_quality(b, r) : 0;
    if (r->ramp > r->quality) {
        r->quality = r->ramp;
        r->judged = JUDGED_RAMP;
        r->growth = at_least(r->growth, b->s->ramp_grown);
    }
}

struct score score_of(const struct score_input *b)
{
    struct score r = {0};
    score_floor(&r, b->s, b->axis);
    weigh_quiet(&r, b);
    weigh_work(&r, b);
    weigh_wave(&r, b);
    r.since = b->since != NULL ? b->since->value : 0;
    double pace = weigh_pace(&r, b);
    r.quality = best_term(&r, b) * pace;
    weigh_kept(&r, b);
    r.value = r.quality * r.quality * r.quality * sqrt(r.growth);
    if (r.growth < NOTABLE_BYTES)
        r.value *= 1e-6;
    r.cap = grade_cap(b);
    r.grade = grade_of(&r, b);
    return r;
}
