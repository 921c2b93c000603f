/* SPDX-License-Identifier: MIT */
/* What a slot moved, against straight lines and warm-up curves: pure arithmetic on sums,
 * owns nothing.  Every fit has one level for each boot and is made of bytes and of
 * objects; the worse of the two counts. */
#ifndef CLI_ANALYZE_FIT_H
#define CLI_ANALYZE_FIT_H

#include "cli/analyze/tally.h"

struct fit {
    double straight; /* 0..1: share of the movement that a rising line explains */
    double line;     /* what the best curve leaves / what the line leaves */
    double slope;    /* of bytes */
};

/* Points that are left once every boot has its level. */
static inline double fit_freedom(const struct axis_sums *a)
{
    return a->n - a->boots;
}

/* Along uptime. */
struct fit fit_uptime(const struct sums *s, const struct axis_sums *a);
/* Along the host's work.  All 0 where no work was seen. */
struct fit fit_work(const struct sums *s, const struct axis_sums *a);
/* Along uptime, of what is left once that is taken out which comes and goes with the
 * host's busyness; *wave is its share of the movement.  All 0 where busyness is even. */
struct fit fit_under_wave(const struct sums *s, const struct axis_sums *a, double *wave);

#endif
