/* SPDX-License-Identifier: MIT */
/* Inside the tally: the snapshot at hand.  A struct taking lives as long as tally_add and
 * borrows the tally's lists. */
#ifndef CLI_ANALYZE_TAKING_H
#define CLI_ANALYZE_TAKING_H

#include "cli/analyze/boots.h"
#include "cli/analyze/tally.h"

struct taking {
    const struct pool_snapshot *s;
    double hours, at, step_h; /* caller's hours, axis, length of the interval */
    double gap_h;             /* NAN = unknown */
    bool whole;               /* rows that it does not list are absent */
    bool follows;             /* only what its chain calls changed was looked at */
    bool new_boot;
    uint64_t smallest; /* listed bytes */
    uint64_t met;      /* rows that the snapshot before listed, too ... */
    uint64_t active;   /* ... with counters in both */
    uint64_t activity; /* sum over these */
    struct boot_vote vote;
};

/* matching.c */
/* Finds the slot of each row: t->touched are those whose figures differ from those of the
 * snapshot before, or that it did not list. */
int match_rows(struct tally *t, struct taking *k, struct err *e) ERR_WARN_UNUSED;
/* Makes t->listed all rows' slots, marked as listed now, also where the snapshot
 * follows. */
int match_all(struct tally *t, const struct taking *k, struct err *e) ERR_WARN_UNUSED;
/* The snapshot is done: it is the one before from now on. */
void match_settle(struct tally *t, const struct taking *k);

static inline bool both_count(const struct figure *a, const struct figure *b)
{
    return (a->fields & b->fields & ROW_ALLOCS) != 0;
}

#endif
