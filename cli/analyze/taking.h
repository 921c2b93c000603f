/* SPDX-License-Identifier: MIT */
/* Inside the tally: the snapshot at hand.  A struct taking lives as long as tally_add and
 * borrows the tally's lists. */
#ifndef CLI_ANALYZE_TAKING_H
#define CLI_ANALYZE_TAKING_H

#include "cli/analyze/boots.h"
#include "cli/analyze/row.h"
#include "cli/analyze/tally.h"

struct taking {
    const struct pool_snapshot *s;
    double hours, at, step_h; /* caller's hours, axis, length of the interval */
    double gap_h;             /* NAN = unknown */
    bool whole;               /* rows that it does not list are absent */
    bool follows;             /* only what its chain calls changed was looked at */
    bool untaken;             /* slots still have what changed rows said before */
    bool plain;               /* and all of these go on plainly */
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
/* Gives slots what is untaken: then t->touched are all rows that changed. */
void match_changed(struct tally *t, struct taking *k);
/* The snapshot is done: it is the one before from now on. */
void match_settle(struct tally *t, const struct taking *k);

static inline struct figure figure_of(const struct pool_row *r)
{
    struct figure f = {.allocs = r->allocs,
                       .frees = r->frees,
                       .bytes = r->bytes,
                       .fields = r->fields,
                       .width = r->width};
    if (row_get_live(r, &f.live))
        f.fields |= ROW_LIVE;
    return f;
}

/* The row says all that rows can, as it did, and no counter of it fell. */
static inline bool goes_on_plainly(const struct figure *was, const struct pool_row *r)
{
    const uint16_t all = ROW_ALLOCS | ROW_FREES | ROW_LIVE | ROW_BYTES;
    return (r->fields & all) == all && r->fields == was->fields &&
           r->width == was->width && r->allocs >= was->allocs && r->frees >= was->frees;
}

static inline bool both_count(const struct figure *a, const struct figure *b)
{
    return (a->fields & b->fields & ROW_ALLOCS) != 0;
}

#endif
