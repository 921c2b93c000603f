/* SPDX-License-Identifier: MIT */
/* What all slots share over one unfolded boot; axis.c makes it, sums.c folds slots with
 * it. Plain memory, owned by whom axis_new gave it to. */
#ifndef CLI_ANALYZE_AXIS_H
#define CLI_ANALYZE_AXIS_H

#include "cli/analyze/ramp.h"
#include "cli/analyze/tally.h"

struct window {
    uint32_t from, to; /* bins from..to-1 */
    double end_t;
};

/* What bytes and objects are multiplied with, bin by bin, all of it centred. */
enum column { COLUMN_AGE, COLUMN_BUSY, COLUMN_WORK, COLUMN_CURVES };

#define LANES 4 /* columns that lie side by side, since their sums can run side by side  \
                 */
#define FOURS ((COLUMN_CURVES + CURVES + LANES - 1) / LANES)

struct axis {
    const struct boot *boot;
    uint32_t n;
    double column[FOURS][BINS][LANES];
    struct window floors[BINS];
    double step_h[BINS];
    uint32_t n_floors, late_steps;
    uint32_t quiet[BINS]; /* the bins whose interval is quiet ... */
    double quiet_h[BINS]; /* ... and how long each is */
    uint32_t n_quiet;
    struct ramp_axis ramp;
    struct axis_sums shared;
};

#endif
