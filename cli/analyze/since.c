/* SPDX-License-Identifier: MIT */
/* "Since <boot>": a leak that came with a driver, or with the work of one week, has no
 * common slope with the boots before.  Each way to take the last boots alone is tried;
 * what it costs is that less was observed. */
#include "cli/analyze/judge.h"

#include "cli/analyze/bounds.h"
#include "cli/analyze/fit.h"
#include "cli/analyze/portable.h"

#define LEAST_H    12.0 /* that the last boots must have been observed */
#define STILL_PACE .1   /* of theirs, which the boots before may have had */

/* The pace of the boots before, by their floors or their line, whichever is faster. */
static double pace_before(const struct sums *s, const struct axis_sums *a,
                          const struct sums *all, const struct axis_sums *all_axis)
{
    double h = all_axis->step_h - a->step_h, aa = all_axis->aa - a->aa;
    double floor = h > 0 ? ((all->up - all->down) - (s->up - s->down)) / h : 0;
    double line = aa > 1e-9 * all_axis->aa ? (all->xa - s->xa) / aa : 0;
    double pace = floor > line ? floor : line;
    return pace > 0 ? pace : 0;
}

static void consider(struct since *best, const struct sums *s, const struct axis_sums *a,
                     const struct sums *all, const struct axis_sums *all_axis,
                     size_t boot)
{
    struct score r = {0};
    score_floor(&r, s, a);
    double share_h = a->step_h / all_axis->hours;
    double value = between_0_and_1(2 * r.straight - 1) * r.spread *
                   cube_root(r.direct * r.recent) * between_0_and_1(r.line) *
                   sqrt(between_0_and_1(share_h));
    if (!(value > best->value))
        return;
    double before = pace_before(s, a, all, all_axis) / (r.growth / a->step_h);
    if (!(before <= STILL_PACE))
        return;
    *best = (struct since){.value = value,
                           .pace_before = before,
                           .share = share_h,
                           .growth = r.growth,
                           .rate = r.rate,
                           .boot = (uint32_t)boot,
                           .boots = a->boots};
}

/* From the last boot backwards, so that each step adds one boot to what is judged. */
struct since since_of(const struct boots_of *b)
{
    struct since best = {0};
    struct sums last = {0};
    for (size_t i = b->n - 1; i > 0 && b->all->up > 0; i--) {
        const struct axis_sums *axis = &b->from[i];
        if (b->of[i] != NULL)
            sums_add(&last, b->of[i], b->scale[i]);
        if (last.up > 0 && axis->step_h >= LEAST_H && fit_freedom(axis) >= 3)
            consider(&best, &last, axis, b->all, b->all_axis, i);
    }
    return best;
}
