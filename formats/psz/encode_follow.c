/* SPDX-License-Identifier: MIT */
/* A capture that says itself what it changed in the one before: the other rows are not
 * looked at, but for their order. */
#include "formats/psz/encoder.h"

static int put_slot(struct psz_encoder *enc, uint32_t place, uint32_t slot, struct err *e)
{
    if (place >= enc->n_chain) {
        void *v = enc->chain;
        TRY(grow(&v, &enc->chain_cap, (size_t)place + 1, sizeof *enc->chain, e));
        enc->chain = v;
        while (enc->n_chain <= place)
            enc->chain[enc->n_chain++] = NO_TURN;
    }
    enc->chain[place] = slot;
    return 0;
}

int psz_follow_begin(struct psz_encoder *enc, const struct pool_snapshot *s,
                     struct err *e)
{
    enc->n_chain = 0;
    for (size_t i = 0; i < s->n_rows; i++)
        TRY(put_slot(enc, s->chain.order[i], enc->places[i].row, e));
    return 0;
}

/* The slot of a row that changed; a fresh one may be new to the block. */
static int slot_of(struct psz_encoder *enc, uint32_t lane_no,
                   const struct pool_snapshot *s, uint32_t place, uint32_t *slot,
                   struct err *e)
{
    *slot = place < enc->n_chain ? enc->chain[place] : NO_TURN;
    if (*slot != NO_TURN)
        return 0;
    TRY(psz_find_slot(enc, lane_no, &s->rows[place], slot, e));
    return put_slot(enc, place, *slot, e);
}

static int fill_places(struct psz_encoder *enc, struct psz_lane *lane,
                       const struct pool_snapshot *s, struct err *e)
{
    void *v = enc->places;
    TRY(grow(&v, &enc->places_cap, 2 * s->n_rows + 1, sizeof *enc->places, e));
    enc->places = v;
    psz_place_rows(enc, lane);
    for (size_t i = 0; i < s->chain.n_fresh; i++)
        enc->slots[enc->chain[s->chain.changed[i]]].place = UINT32_MAX;
    for (size_t i = 0; i < s->n_rows; i++) {
        const uint32_t at = enc->chain[s->chain.order[i]];
        const struct psz_slot *slot = &enc->slots[at];
        enc->places[i] = (struct psz_place){.key = slot->place != UINT32_MAX ? slot->place
                                                                             : UINT64_MAX,
                                            .name = (uint64_t)slot->tag << 2 | slot->pool,
                                            .copy = slot->copy,
                                            .row = at};
    }
    return 0;
}

int psz_encode_follow(struct psz_encoder *enc, struct psz_lane *lane, uint32_t lane_no,
                      const struct pool_snapshot *s, uint64_t *order, struct err *e)
{
    const struct pool_chain *c = &s->chain;
    const uint32_t when = lane->snapshots;
    for (size_t i = 0; i < c->n_changed; i++) {
        uint32_t slot;
        TRY(slot_of(enc, lane_no, s, c->changed[i], &slot, e));
        TRY(psz_encode_row(enc, s, &s->rows[c->changed[i]], slot, when, e));
    }
    for (size_t i = 0; i < c->n_gone; i++)
        TRY(psz_encode_gone(enc, enc->chain[c->gone[i]], when, e));
    *order = lane->v[VALUE_ORDER];
    if (!psz_order_holds(s, *order)) {
        TRY(fill_places(enc, lane, s, e));
        TRY(psz_order_write(s, enc->places, lane->v[VALUE_ORDER], enc->places + s->n_rows,
                            &enc->order, order, e));
    }
    void *v = lane->order;
    TRY(grow(&v, &lane->order_cap, s->n_rows, sizeof *lane->order, e));
    lane->order = v;
    lane->n_order = s->n_rows;
    for (size_t i = 0; i < s->n_rows; i++)
        lane->order[i] = enc->chain[c->order[i]];
    lane->unplaced = true;
    return 0;
}
