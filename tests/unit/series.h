/* SPDX-License-Identifier: MIT */
/* Small made-up snapshots for the tests of analysis.  The test owns every snapshot. */
#ifndef TESTS_UNIT_SERIES_H
#define TESTS_UNIT_SERIES_H

#include <string.h>

#include "formats/pool.h"

#define ROW_FIGURES (ROW_ALLOCS | ROW_FREES | ROW_LIVE | ROW_BYTES)

/* Adds a row; counters are cut to 32 bits as the kernel does. */
static inline struct pool_row *put_row(struct pool_snapshot *s, const char *tag,
                                       enum pool_kind pool, uint64_t allocs,
                                       uint64_t live, uint64_t bytes)
{
    struct err e = {0};
    struct pool_row *r = pool_snapshot_add(s, &e);
    assert_non_null(r);
    r->tag = tag_from(tag, strlen(tag));
    r->pool = (uint8_t)pool;
    r->fields = ROW_FIGURES;
    r->allocs = (uint32_t)allocs;
    r->frees = (uint32_t)(allocs - live);
    r->live = (uint32_t)live;
    r->bytes = bytes;
    return r;
}

static inline void put_time(struct pool_snapshot *s, double hours)
{
    s->time.source = TIME_LINE;
    s->time.ms = (int64_t)(hours * 3600000);
}

/* Numbers that look random and are the same on every machine. */
static inline uint32_t noise(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

#endif
