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

/* (tag, pool) as one number; its order is tag bytes, then nonpaged first. */
static inline uint64_t row_key(struct pool_tag tag, uint8_t pool)
{
    return (uint64_t)tag_key(tag) << 8 | pool;
}

#endif
