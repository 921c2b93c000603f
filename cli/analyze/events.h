/* SPDX-License-Identifier: MIT */
/* Events summed by their code; plain values that nobody owns.  Codes beyond the last
 * place of the table are summed as "other". */
#ifndef CLI_ANALYZE_EVENTS_H
#define CLI_ANALYZE_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/pool.h"

enum { EVENT_CODE_MAX = 40, EVENT_CODES_MAX = 16 };

struct event_sum {
    char code[EVENT_CODE_MAX];    /* "connections-refused" */
    uint64_t lines;               /* of the source */
    uint64_t count;               /* what they tell together, held at UINT64_MAX */
    struct pool_time first, last; /* TIME_NONE where no line has a time */
};

struct event_sums {
    struct event_sum v[EVENT_CODES_MAX]; /* in the order in which they came */
    size_t n;
    uint64_t lines; /* of all */
};

/* Adds the events of a record; other records are passed over. */
void event_sums_add(struct event_sums *t, const struct pool_snapshot *s);
void event_sums_merge(struct event_sums *t, const struct event_sums *from);
/* The time of one event of s; TIME_NONE where the source or its date leaves it open. */
struct pool_time event_time(const struct pool_snapshot *s, const struct pool_event *v);
/* Which pool ran short, as the code says. */
enum pool_kind event_pool(const char *code);

/* What the pools held at a moment of a series. */
struct pool_moment {
    struct pool_time time;
    uint64_t bytes[POOL_KINDS];
    bool known[POOL_KINDS];
};

/* False when the snapshot has no time, or tells neither pool's size. */
bool pool_moment_of(const struct pool_snapshot *s, struct pool_moment *m);
/* The last of n moments at or before t that knows pool k, on one clock; NULL when there
 * is none. */
const struct pool_moment *pool_moment_before(const struct pool_moment *v, size_t n,
                                             const struct pool_time *t, enum pool_kind k);

#endif
