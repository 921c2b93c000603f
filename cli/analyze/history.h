/* SPDX-License-Identifier: MIT */
/* What a chart needs and a verdict does not: pools and a few tags over the whole series.
 * The caller owns the struct history and frees it with history_free; the rank_result that
 * it begins with is borrowed and must outlive it.
 *
 * A line has at most HISTORY_POINTS points and one more a boot: snapshots that fall into
 * the same stretch of time are one point, which keeps the last, least and greatest. */
#ifndef CLI_ANALYZE_HISTORY_H
#define CLI_ANALYZE_HISTORY_H

#include "cli/analyze/analyze.h"

#define HISTORY_POINTS 256
#define HISTORY_LINES  40 /* tags that can be followed */
#define HISTORY_GAPS   32
#define HISTORY_BOOTS  128 /* reboots that cut a line; beyond them lines run through */

struct history_point {
    double at;     /* series hours; without times the number of the snapshot, from 0 */
    uint32_t boot; /* index of result.boots */
    double bytes, live; /* at its last snapshot; NAN = unknown */
    double least, most; /* bytes in all of its snapshots, NAN = unknown */
};

struct history_line {
    struct pool_tag tag; /* of a tag; zero for a pool's total */
    uint8_t pool;
    struct history_point *points;
    size_t n, cap;
};

struct history {
    const struct rank_result *r;
    double from, to; /* of the first and last snapshot, as history_point.at */
    double width;    /* of one point */
    double step;     /* between snapshots, the mean inside boots */
    struct history_line pools[POOL_KINDS];
    struct history_line tags[HISTORY_LINES];
    size_t n_tags;
    struct history_gap {
        double from, to; /* no snapshot between these two */
    } gaps[HISTORY_GAPS];
    size_t n_gaps;
    uint64_t snapshots; /* that came so far */
    uint32_t boot;
};

/* Whether the time between these two snapshots, one behind the other, is a gap. */
bool history_is_gap(const struct rank_result *r, double before, double at);
/* Begins a history of that series, without points. */
void history_start(struct history *h, const struct rank_result *r);
/* Follows this tag; asked twice, or beyond HISTORY_LINES, it does nothing. */
void history_follow(struct history *h, struct pool_tag tag, uint8_t pool);
/* The next snapshot, in series order: those that the tally got, and no others.  `hours`
 * is NAN where there are no times. */
int history_add(struct history *h, const struct pool_snapshot *s, double hours,
                struct err *e) ERR_WARN_UNUSED;
/* The line of that tag, or NULL when it is not followed. */
const struct history_line *history_tag(const struct history *h, struct pool_tag tag,
                                       uint8_t pool);
/* Fills floor[l->n]: what was not given back until the boot's end, that is the least of
 * this point and of all behind it in its boot; NAN = unknown. */
void history_floor(const struct history_line *l, double *floor);
void history_free(struct history *h);

#endif
