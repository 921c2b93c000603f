/* SPDX-License-Identifier: MIT */
/* What analysis asks of one row or capture: pure functions that own nothing. */
#ifndef CLI_ANALYZE_ROW_H
#define CLI_ANALYZE_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/pool.h"

/* The count of live objects, printed or derived; false when neither is possible. */
static inline bool row_get_live(const struct pool_row *r, uint64_t *live)
{
    if ((r->fields & ROW_LIVE) != 0) {
        *live = r->live;
        return true;
    }
    if ((r->fields & ROW_ALLOCS) != 0 && (r->fields & ROW_FREES) != 0) {
        *live = row_live(r->allocs, r->frees, r->width);
        return true;
    }
    return false;
}

/* Objects gained since the screen's last refresh, by its figures in parentheses; false
 * when it has none, or impossible ones. */
static inline bool row_net(const struct pool_row *r, int64_t *net)
{
    const uint16_t both = ROW_ALLOCS_DELTA | ROW_FREES_DELTA;
    const int64_t most = INT64_MAX / 2;
    if ((r->fields & both) != both || r->allocs_delta > most || r->allocs_delta < -most ||
        r->frees_delta > most || r->frees_delta < -most)
        return false;
    *net = r->allocs_delta - r->frees_delta;
    return true;
}

/* How far a counter of that width ran from `old` on. */
static inline uint64_t counter_step(uint64_t old, uint64_t now, unsigned width)
{
    return width == 32 ? (uint32_t)(now - old) : now - old;
}

/* A full listing always holds rows of a few hundred bytes.  One without them was cut
 * below its largest rows, though it looks whole. */
#define TOP_N_BYTES 4096
#define TOP_N_ROWS  10 /* a hand-made extract is shorter, and meant as it stands */

static inline bool looks_top_n(size_t n_rows, uint64_t smallest_bytes)
{
    return n_rows >= TOP_N_ROWS && smallest_bytes > TOP_N_BYTES;
}

/* True when a row that the capture does not list holds nothing. */
bool capture_lists_all(const struct pool_snapshot *s);
/* The pool's total from the header lines; false when they do not give it, or when the
 * rows are of a session's pool, of which they do not speak. */
bool capture_header_total(const struct pool_snapshot *s, enum pool_kind k,
                          uint64_t *bytes);

/* The maximum of the pool that the capture itself states, in bytes; 0 = none.  One above
 * what the machine can commit is an address range, not a limit. */
uint64_t capture_limit(const struct pool_snapshot *s, enum pool_kind k);

/* Whether the blocks of the pools are those of a 32-bit or a 64-bit Windows: 8 bytes are
 * the unit of one, 16 of the other, so about half of the sizes of many small blocks
 * betray the first.  0: the rows do not tell.  (Measured: no row of the 64-bit captures
 * at hand is an odd multiple of 8, of the 32-bit ones every second.) */
uint32_t capture_pool_bits(const struct pool_snapshot *s);

/* What it said of the last capture; begins as {0}. */
struct capture_bits {
    uint32_t bits;
    uint64_t chain, step;
};
/* The same for the capture behind that one; where it follows in a chain, mostly without
 * a look at the rows that did not change: then 64 goes on, also where too few rows are
 * left to say so again. */
uint32_t capture_bits_next(struct capture_bits *last, const struct pool_snapshot *s);

/* (tag, pool) as one number; its order is tag bytes, then nonpaged first. */
static inline uint64_t row_key(struct pool_tag tag, uint8_t pool)
{
    return (uint64_t)tag_key(tag) << 8 | pool;
}

#endif
