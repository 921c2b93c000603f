/* SPDX-License-Identifier: MIT */
/* Every figure of a few rows over a whole series, snapshot by snapshot.  The caller owns
 * the struct tracks and frees it with tracks_free; the rank_result that it begins with is
 * borrowed and must outlive it. */
#ifndef CLI_ANALYZE_TRACK_H
#define CLI_ANALYZE_TRACK_H

#include "cli/analyze/analyze.h"

#define TRACK_FIGURES_MOST ((size_t)8 << 20) /* rows times snapshots */

struct track_figure {
    uint64_t bytes, live, allocs, frees;
    uint8_t known; /* enum row_field, of these four */
    bool listed;   /* else its zeros mean "not there", where they are known */
};

struct track_moment {
    struct pool_time time;
    double at;        /* series hours; without times the number of the snapshot, from 0 */
    uint32_t boot;    /* index of result.boots */
    bool new_boot;    /* the first one of it, and not of the series */
    double gap_h;     /* no snapshot for so long before it; NAN: no gap */
    size_t input;     /* where it came from: the caller's number, */
    uint64_t ordinal; /* and which of that input, from 1 */
};

struct track_row {
    uint32_t index; /* of result.tags */
    struct track_figure *v;
};

struct tracks {
    const struct rank_result *r;
    struct track_moment *moments;
    size_t n; /* snapshots so far */
    struct track_row *rows;
    size_t n_rows;
    struct track_figure *figures;
    uint64_t *keys; /* of the rows, ascending, each with its number */
};

/* Follows these n rows of r.  ERR_LIMIT beyond TRACK_FIGURES_MOST. */
int tracks_start(struct tracks *t, const struct rank_result *r, const uint32_t *index,
                 size_t n, struct err *e) ERR_WARN_UNUSED;
/* The next snapshot, in series order: those that the tally got, and no others.  `hours`
 * is NAN where there are no times. */
int tracks_add(struct tracks *t, const struct pool_snapshot *s, double hours,
               size_t input, uint64_t ordinal, struct err *e) ERR_WARN_UNUSED;
void tracks_free(struct tracks *t);

#define TRACK_NONE SIZE_MAX
/* Numbers of snapshots, TRACK_NONE when no figure is known; of equal ones the first. */
struct track_ends {
    size_t first, last, least, greatest;
};
/* Of that figure: ROW_BYTES, ROW_LIVE. */
struct track_ends track_ends(const struct tracks *t, size_t row, enum row_field f);

enum track_mark { TRACK_BOOT = 1, TRACK_GAP = 2 };
/* The series as n columns of equal time: the greatest figure of each, a figure stands
 * until the next snapshot; NAN where none is known. */
void track_columns(const struct tracks *t, size_t row, enum row_field f, double *v,
                   size_t n);
/* Where a boot begins, and what lies inside a gap. */
void track_marks(const struct tracks *t, uint8_t *marks, size_t n);

#endif
