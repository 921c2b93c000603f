/* SPDX-License-Identifier: MIT */
/* What encode.c gathers and pack.c writes; everything here is owned by the
 * struct psz_encoder. */
#ifndef FORMATS_PSZ_ENCODER_H
#define FORMATS_PSZ_ENCODER_H

#include <string.h>

#include "formats/psz/columns.h"
#include "formats/psz/format.h"
#include "formats/psz/head.h"
#include "formats/psz/order.h"
#include "formats/psz/row.h"

#define NO_TURN UINT32_MAX

/* What each turn begins with in the log: where the row's next one stands, or NO_TURN (in
 * the machine's own order of bytes), and which of the lane's snapshots it belongs to.
 * Behind it stand its three changes; the first turn of a row has none. */
enum { TURN_NEXT = sizeof(uint32_t), TURN_HEAD = TURN_NEXT + 1 };
_Static_assert(PSZ_BLOCK_SNAPSHOTS <= 256, "the snapshot of a turn is a byte");

/* The history of one (lane, tag, pool, copy). */
struct psz_slot {
    struct psz_figures now;
    uint64_t step; /* last change of allocs */
    uint64_t first_frees, first_live, first_size, first_rest;
    struct psz_rare rare;
    uint32_t lane, tag, copy;
    uint32_t place; /* in the lane's snapshot before */
    uint32_t seen;  /* number of the last snapshot of the block that had it, from 1 */
    uint32_t used, used_in; /* of the first copy: so many copies, the snapshot `used_in`
                               has used, at least */
    uint32_t first_turn, last_turn; /* in the log, or NO_TURN */
    uint32_t turns; /* snapshots in which it appeared, changed, vanished */
    uint8_t pool;
    bool present;
};

struct psz_rare_turn {
    uint32_t snapshot, slot;
    struct psz_rare rare;
};

struct psz_encoder {
    struct psz_texts texts;
    struct psz_lane *lanes;
    size_t n_lanes, lanes_cap;
    uint32_t snapshots; /* so far */
    struct psz_rare base;

    struct psz_slot *slots;
    size_t n_slots, slots_cap;
    uint32_t *table; /* hash of lane, tag, pool, copy: slot + 1, 0 = free */
    size_t n_table;
    unsigned way; /* of those to spread keys over it, spread.h */

    struct buf log; /* of turns */
    size_t n_turns;
    struct psz_rare_turn *rares;
    size_t n_rares, rares_cap;

    uint64_t chain_id,
        chain_step; /* of the last snapshot, 0 = none (struct pool_chain) */
    uint32_t chain_lane;
    uint32_t *chain; /* slot by place in the chain's rows */
    size_t n_chain, chain_cap;

    struct buf heads, order, events;
    uint64_t missed[PSZ_BLOCK_SNAPSHOTS][TOTALS];
    struct psz_place *places; /* two times places_cap */
    size_t places_cap;

    struct psz_block_facts facts;
    struct buf raw[PSZ_STREAMS], packed;
    struct psz_zip *zip;
};

static inline uint32_t psz_next_turn(const struct psz_encoder *enc, uint32_t turn)
{
    uint32_t next;
    memcpy(&next, enc->log.p + turn, sizeof next);
    return next;
}

/* encode.c */
int psz_find_slot(struct psz_encoder *enc, uint32_t lane, const struct pool_row *row,
                  uint32_t *at, struct err *e) ERR_WARN_UNUSED;
int psz_encode_row(struct psz_encoder *enc, const struct pool_snapshot *s,
                   const struct pool_row *row, uint32_t at, uint32_t when,
                   struct err *e) ERR_WARN_UNUSED;
/* A row that is gone has a turn in which nothing changed. */
int psz_encode_gone(struct psz_encoder *enc, uint32_t at, uint32_t when,
                    struct err *e) ERR_WARN_UNUSED;
/* Tells each row of the lane its place in the snapshot before. */
void psz_place_rows(struct psz_encoder *enc, struct psz_lane *lane);

/* encode_follow.c */
/* Remembers where the rows of a chain's capture went: enc->places say it. */
int psz_follow_begin(struct psz_encoder *enc, const struct pool_snapshot *s,
                     struct err *e) ERR_WARN_UNUSED;
/* As for every row, where s follows on the last snapshot; *order is psz_order_write's. */
int psz_encode_follow(struct psz_encoder *enc, struct psz_lane *lane, uint32_t lane_no,
                      const struct pool_snapshot *s, uint64_t *order,
                      struct err *e) ERR_WARN_UNUSED;

#endif
