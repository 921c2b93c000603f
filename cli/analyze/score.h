/* SPDX-License-Identifier: MIT */
/* From pooled sums to factors, quality and grade: pure arithmetic, owns nothing.
 * Every factor is 0..1 except `line` (a ratio of fits) and is printed to a person. */
#ifndef CLI_ANALYZE_SCORE_H
#define CLI_ANALYZE_SCORE_H

#include "cli/analyze/tally.h"

#define NOTABLE_BYTES 65536.0 /* growth below this matters to nobody */

struct score_input {
    const struct sums *s;
    const struct axis_sums *axis;
    double pace_num, pace_den;
    double objects; /* gained, over all boots */
    uint32_t snapshots;
    bool has_times;
};

struct score {
    double direct, spread, recent, straight, line;
    double quiet_direct, quiet_spread, room, pace;
    double base, quiet; /* the two terms of the maximum */
    double quality, growth, growth_signed;
    double rate;  /* bytes per hour, NAN without an observed hour */
    double rises; /* effective number */
    double value; /* the order */
    int grade;    /* 0..3 */
    int cap;      /* the highest grade that the series allows */
};

struct score score_of(const struct score_input *b);

#endif
