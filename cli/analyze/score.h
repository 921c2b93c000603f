/* SPDX-License-Identifier: MIT */
/* From pooled sums to factors, quality and grade: pure arithmetic, owns nothing.
 * Every factor is 0..1 except `line` (a ratio of fits) and is printed to a person. */
#ifndef CLI_ANALYZE_SCORE_H
#define CLI_ANALYZE_SCORE_H

#include "cli/analyze/few.h"
#include "cli/analyze/tally.h"

#define NOTABLE_BYTES 65536.0 /* growth below this matters to nobody */

/* The last boots alone; since.c. */
struct since {
    double value;        /* the term, 0 = none */
    double pace_before;  /* of the boots before, against theirs */
    double share;        /* of the observed time */
    double growth, rate; /* bytes, bytes per hour */
    uint32_t boot;       /* the first of them, an index of the tally's boots */
    int boots;
};

struct score_input {
    const struct sums *s;
    const struct axis_sums *axis;
    const struct since *since; /* NULL: no boots to choose from */
    double pace_num, pace_den;
    struct few few;
    bool age_known;   /* the machine's uptime is told, not assumed */
    double objects;   /* gained, over all boots */
    double even_gain; /* bytes; over all boots */
    double share;     /* of the growth of its pool, 0..1 */
    uint32_t snapshots;
    bool has_times;
};

struct score {
    double direct, spread, recent, straight, line;
    double quiet_direct, quiet_spread, room, pace;
    double since_boot; /* few.h; series of up to FEW snapshots are judged on it */
    double work_straight, work_line, work_recent;
    double wave_share, wave_straight, wave_line, wave_slope;
    double base, quiet, work, wave, since; /* the terms of the maximum */
    double gained, ramp;                   /* kept.c; ramp is a quality */
    enum judged_by judged;
    double quality, growth, growth_signed;
    double rate;  /* bytes per hour, NAN without an observed hour */
    double rises; /* effective number */
    double value; /* the order */
    int grade;    /* 0..3 */
    int cap;      /* the highest grade that the series allows */
};

struct score score_of(const struct score_input *b);
/* Quiet hours were seen, and others. */
bool axis_has_quiet(const struct axis_sums *a);

/* kept.c: the share of what the slot holds that it gained while it was watched, and the
 * quality that a straight stretch alone is worth; needs gained and pace. */
double gained_of(const struct score_input *b, double growth);
double ramp_quality(const struct score_input *b, const struct score *r);
/* The factors of the floor and of the line along uptime, base, growth and rate: what one
 * or several boots say without any other input. */
void score_floor(struct score *r, const struct sums *s, const struct axis_sums *a);

#endif
