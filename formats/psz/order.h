/* SPDX-License-Identifier: MIT */
/* The order in which a snapshot's rows stood: a rule where one holds, else a rule and
 * what departs from it; all buffers are the caller's.
 *
 * Every rule is a total order, so each reader and each machine sorts alike: rows that
 * tie stand by tag, then pool, then the number of the repetition. */
#ifndef FORMATS_PSZ_ORDER_H
#define FORMATS_PSZ_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/bytes.h"
#include "formats/err.h"
#include "formats/pool.h"
#include "formats/psz/stream.h"

enum psz_rule {
    PSZ_BY_TAG,
    PSZ_BY_ALLOCS, /* this and the next four: largest first */
    PSZ_BY_FREES,
    PSZ_BY_LIVE,
    PSZ_BY_BYTES,
    PSZ_BY_PER_ALLOC,
    PSZ_AS_BEFORE, /* as in the snapshot before, new rows behind, by tag */
    PSZ_RULES
};

#define PSZ_DEPARTS 8 /* added to the rule: the stream says what departs from it */

struct psz_place {
    uint64_t key;  /* what the rule sorts by, or the place in the snapshot before */
    uint64_t name; /* tag, pool: what ties are broken by */
    uint32_t copy; /* of rows with one name: which */
    uint32_t row;  /* the caller's number of the row */
};

/* The figure that a rule sorts by; 0 for the two rules that need none. */
uint64_t psz_order_figure(const struct pool_row *row, enum psz_rule rule);
/* key descending (PSZ_AS_BEFORE: ascending), then name, then copy ascending. */
void psz_order_sort(struct psz_place *p, size_t n, enum psz_rule rule);

/* Finds the rule for these rows, whose place i (name, copy, row) is given and whose key
 * is the place in the snapshot before (UINT64_MAX: new).  `likely` is tried first.  When
 * no rule holds, the departures are appended to *out; *scratch holds n places. */
int psz_order_write(const struct pool_snapshot *s, const struct psz_place *p,
                    uint64_t likely, struct psz_place *scratch, struct buf *out,
                    uint64_t *order, struct err *e) ERR_WARN_UNUSED;
/* True when the rows of s, no two of one key, stand as a rule has it that sorts by tag
 * or by a figure; `order` as psz_order_write gives it. */
bool psz_order_holds(const struct pool_snapshot *s, uint64_t order);
/* Puts p, sorted by the rule, into the order that the stream tells; *scratch holds n. */
int psz_order_read(struct psz_stream_in *in, struct psz_place *p, size_t n,
                   struct psz_place *scratch, struct err *e) ERR_WARN_UNUSED;

#endif
