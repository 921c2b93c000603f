/* SPDX-License-Identifier: MIT */
/* What the files behind cli/load/load.h ask of each other.  Whoever opens a struct
 * load_walk closes it; the struct load is borrowed everywhere. */
#ifndef CLI_LOAD_PARTS_H
#define CLI_LOAD_PARTS_H

#include "cli/load/load.h"

/* ---- load_groups.c, load_window.c ---- */

/* Index of the group of this snapshot; host and time must be resolved. */
int load_group_of(struct load *l, const struct pool_snapshot *s, size_t *group,
                  struct err *e) ERR_WARN_UNUSED;
/* The zone that --tz states, where the time has none. */
void load_apply_zone(const struct load *l, struct pool_time *t);
/* Whether --since and --until let the snapshot pass. */
bool load_in_window(const struct load *l, const struct pool_time *t);
/* True where times are the captures' own and only those of a window are given ... */
bool load_window_alone(const struct load *l);
/* ... and false for a time that is outside, whatever else is decided about it; ctx is the
 * load. */
bool load_may_give(const void *ctx, const struct pool_time *t);

/* ---- load_resolve.c ---- */

/* Month or day first, where a number above 12 in one file name tells how the others are
 * meant. */
enum date_order load_order_of_names(const struct inputs *in);
/* Time and machine of a snapshot, and its names as --redact has them.  `alone`: it is
 * the only capture of its input, as far as can be seen. */
int load_resolve(const struct load *l, size_t input, bool alone, struct pool_snapshot *s,
                 struct err *e) ERR_WARN_UNUSED;

/* ---- load_walk.c ---- */

/* Walks one input: every snapshot resolved, one at a time. */
struct load_walk;
int load_walk_open(struct load_walk **w, struct load *l, size_t input,
                   struct err *e) ERR_WARN_UNUSED;
/* 1 and *s (valid until the next call), 0 at the end, negative on error. */
int load_walk_next(struct load_walk *w, struct pool_snapshot **s,
                   struct err *e) ERR_WARN_UNUSED;
/* How far it was read. */
const struct input *load_walk_input(const struct load_walk *w);
int load_walk_facts(struct load_walk *w, struct load_input_facts *f,
                    struct err *e) ERR_WARN_UNUSED;
void load_walk_close(struct load_walk *w);

/* Walks that stay open together, for inputs whose captures interleave: whoever opened
 * the struct load_walks closes it, also when opening failed. */
struct load_walks {
    struct open_walk *v;
    size_t n;
    uint64_t clock;
};
int load_walks_open(struct load_walks *ws, struct err *e) ERR_WARN_UNUSED;
/* Snapshot `ordinal` of that input, from 1, lent until the next call on the input. */
int load_walks_fetch(struct load_walks *ws, struct load *l, size_t input,
                     uint64_t ordinal, struct pool_snapshot **s,
                     struct err *e) ERR_WARN_UNUSED;
void load_walks_close(struct load_walks *ws);

/* ---- load.c ---- */

/* Gives a resolved snapshot to the visitor unless --since and --until leave it out. */
int load_give(struct load *l, const struct load_visitor *v, struct loaded *given,
              struct pool_snapshot *s, struct err *e) ERR_WARN_UNUSED;

#endif
