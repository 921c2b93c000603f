/* SPDX-License-Identifier: MIT */
/* A straight stretch inside one boot: level, then growth in a straight line from a to b,
 * then level again.  So looks a leak that began late, was mended, or whose trigger ended;
 * one line through the whole boot does not see it.
 *
 *     bytes            ,-------       against the warm-up curve that fits best,
 *                    ,'               wherever it begins:        _,-------
 *          ---------'                                          ,'
 *                  a    b                             --------'
 *
 * The caller owns the axis, which all slots share, and the results: plain memory. */
#ifndef CLI_ANALYZE_RAMP_H
#define CLI_ANALYZE_RAMP_H

#include <stdint.h>

#define RAMP_POINTS 48 /* of more bins, neighbours make one point: the least of them */
#define RAMP_LEAST  6  /* fewer points show no shape */
#define RAMP_CURVES 13 /* 1, 1.4, 2, 2.8 ... 64 h */
#define RAMP_LANES  4  /* stretches and curves are tried so many at a time */
#define RAMP_FOURS  ((RAMP_CURVES + RAMP_LANES - 1) / RAMP_LANES)

struct ramp_axis {
    uint32_t n; /* points, 0 = too few */
    uint32_t first_bin[RAMP_POINTS + 1];
    double t[RAMP_POINTS];
    /* One over the sum of squares, once centred: of the stretch from a to b; of the curve
     * that begins at a.  0 = there is none: it explains nothing. */
    double stretch[RAMP_POINTS][RAMP_POINTS];
    double steepest[RAMP_POINTS]; /* the greatest of the stretches that begin at a */
    double curve[RAMP_FOURS][RAMP_POINTS][RAMP_LANES];
    double fade[RAMP_FOURS][RAMP_POINTS][RAMP_LANES]; /* from the point before */
};

struct ramp {
    double grown;        /* last point minus first, in bytes, at least 0 */
    double proof;        /* 0..1 */
    double from_t, to_t; /* a and b, when proof > 0 */
};

/* t: the mean times of the boot's bins, in order. */
void ramp_prepare(struct ramp_axis *a, const double *t, uint32_t n_bins);
/* x, c: the least bytes and objects of each bin. */
struct ramp ramp_of(const struct ramp_axis *a, const double *x, const double *c);

#endif
