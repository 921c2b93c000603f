/* SPDX-License-Identifier: MIT */
/* Stretches: some captures of a lane whose turns were read together, row by row; a
 * struct psz_stretch is owned by its decoder, {0} at first, and freed with
 * psz_stretch_free. */
#ifndef FORMATS_PSZ_UNROLL_H
#define FORMATS_PSZ_UNROLL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/err.h"
#include "formats/pool.h"

#define PSZ_STRETCH_CAPTURES 56

enum psz_turn_kind { PSZ_TURN_CHANGED, PSZ_TURN_FRESH, PSZ_TURN_GONE };

/* What a row says from a capture on, as struct pool_row has it. */
struct psz_row_turn {
    uint32_t row;  /* of the block */
    uint32_t kind; /* enum psz_turn_kind */
    uint64_t allocs, frees, live, bytes, per_alloc;
};

/* What a capture adds to the sums of the one before it, modulo 2^64. */
struct psz_news {
    uint64_t digest;
    uint64_t bytes[POOL_KINDS];
    size_t listed[POOL_KINDS], huge;
    size_t n_fresh; /* not added: of this capture alone */
};

struct psz_stretch {
    uint32_t from, to; /* captures of the lane; from == to: none */
    bool broken;       /* these captures must be read one by one, to say where */
    struct psz_row_turn *turns;
    size_t turns_cap;
    size_t begin[PSZ_STRETCH_CAPTURES +
                 1]; /* where the turns of each begin, in rows' order */
    struct psz_news news[PSZ_STRETCH_CAPTURES];
};

struct psz_decoder;
struct psz_lane_rows;

void psz_stretch_free(struct psz_stretch *st);
/* Brings the lane's rows, which stand at capture from - 1 and have nothing rare, as far
 * as one stretch goes.  Stretches that are broken leave the rows anywhere: what is wrong
 * with the streams is st->broken, and the only error is ERR_NOMEM. */
int psz_unroll(const struct psz_decoder *dec, const struct psz_lane_rows *lane,
               uint32_t from, struct psz_stretch *st, struct err *e) ERR_WARN_UNUSED;

#endif
