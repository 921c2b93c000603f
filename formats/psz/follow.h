/* SPDX-License-Identifier: MIT */
/* The chains that a decoder hands captures on in (struct pool_chain): one a lane, which
 * goes on over blocks; a struct psz_follow is owned by its struct psz_follows, and that
 * by who has the decoder, who frees it with psz_follows_free. */
#ifndef FORMATS_PSZ_FOLLOW_H
#define FORMATS_PSZ_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/err.h"
#include "formats/pool.h"

#define PSZ_NO_PLACE UINT32_MAX

/* What a chain keeps of the row at one place. */
struct psz_follow_row {
    struct pool_tag tag;
    uint8_t pool;
    uint32_t listed; /* where in the list of those listed, or PSZ_NO_PLACE */
    uint64_t block;  /* the last that has it */
    uint64_t digest; /* while it is listed */
};

struct psz_follow {
    char *host; /* of the lane, with the next three */
    enum pool_record record;
    enum pool_scope scope;
    uint32_t session;
    uint64_t block; /* the last that had the lane */

    uint64_t id, step; /* of the capture handed on last */
    bool goes_on;      /* that was one of the chain */
    bool within;       /* and it was of the block at hand */
    bool loose;        /* and its order was `listed` */
    struct psz_follow_row *rows;
    struct pool_row *last; /* between blocks: what the rows listed say */
    size_t n_rows, rows_cap, last_cap;
    uint32_t *table; /* open addressing: place + 1 */
    size_t n_table;
    unsigned way;     /* of those to spread keys over it, spread.h */
    uint32_t *listed; /* places, in whatever order */
    size_t n_listed, listed_cap;
    uint64_t digest;
    bool digested; /* the rows' own are those of the capture handed on last */
};

struct psz_follows {
    uint64_t *chains; /* borrowed: how many have a number; new ones are numbered on */
    bool any_order;   /* rows of whole captures come in whatever order is at hand */
    struct psz_follow **v;
    size_t n, cap;
    uint64_t block; /* counts them */
};

struct psz_decoder;
struct psz_lane_rows;
struct psz_stretch;

/* A block was unpacked: its lanes find their chains, its rows their places. */
int psz_follow_block(struct psz_decoder *dec, struct err *e) ERR_WARN_UNUSED;
/* Hands the lane's rows on as the next of its chain.  `order` says how they stand, or is
 * NULL where any order will do. */
int psz_follow_hand(struct psz_decoder *dec, struct psz_lane_rows *lane,
                    const uint32_t *order, uint64_t first_line, struct pool_snapshot *s,
                    struct err *e) ERR_WARN_UNUSED;
/* True when rows of s are what the chain handed on last, in this block and in any order:
 * then a stretch tells the rest. */
bool psz_follow_holds(const struct psz_follow *f, const struct pool_snapshot *s);
/* Hands on the lane's capture `when` of the stretch to a snapshot that holds the one
 * before it. */
void psz_follow_stretch(struct psz_decoder *dec, struct psz_lane_rows *lane,
                        const struct psz_stretch *st, uint32_t when, uint64_t first_line,
                        struct pool_snapshot *s);
/* Something else was handed on, or nothing: nobody can follow on it. */
void psz_follow_leave(struct psz_follow *f);
/* The block ends: what its rows say is kept. */
void psz_follow_keep(struct psz_decoder *dec);
void psz_follows_free(struct psz_follows *all);

#endif
