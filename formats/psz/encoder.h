/* SPDX-License-Identifier: MIT */
/* What psz_encode.c gathers and psz_pack.c writes; everything here is owned by the
 * struct psz_encoder. */
#ifndef FORMATS_PSZ_ENCODER_H
#define FORMATS_PSZ_ENCODER_H

#include "formats/psz/columns.h"
#include "formats/psz/format.h"
#include "formats/psz/head.h"
#include "formats/psz/order.h"
#include "formats/psz/row.h"

#define NO_TURN UINT32_MAX

/* The history of one (lane, tag, pool, copy). */
struct psz_slot {
    struct psz_figures now;
    uint64_t step; /* last change of allocs */
    uint64_t first_frees, first_live, first_size, first_rest;
    struct psz_rare rare;
    uint32_t lane, tag, copy;
    uint32_t place; /* in the lane's snapshot before */
    uint32_t seen;  /* number of the last snapshot of the block that had it, from 1 */
    uint32_t first_turn, last_turn, turns;
    uint8_t pool;
    bool present;
};

/* A snapshot in which a row appeared, changed or vanished. */
struct psz_turn {
    uint32_t next; /* of the same row */
    uint32_t at;   /* of its three changes in the log; the first turn has none */
    uint32_t when; /* snapshot of the lane */
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

    struct psz_turn *turns;
    size_t n_turns, turns_cap;
    struct buf log;
    struct psz_rare_turn *rares;
    size_t n_rares, rares_cap;

    struct buf heads, order, events;
    uint64_t missed[PSZ_BLOCK_SNAPSHOTS][TOTALS];
    struct psz_place *places; /* two times places_cap */
    size_t places_cap;

    struct psz_block_facts facts;
    struct buf raw[PSZ_STREAMS], packed;
    struct psz_zip *zip;
};

#endif
