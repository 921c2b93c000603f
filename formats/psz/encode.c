/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "formats/psz/encoder.h"
#include "formats/psz/events.h"
#include "formats/spread.h"
#include "formats/when.h"

/* What a block may hold before it is closed, so that reader and writer stay small. */
#define HELD_MAX  ((size_t)6 << 20)
#define FLAGS_MAX ((size_t)2 << 20)
#define TURN_HELD 12 /* of a turn's head; its own size would move the ends of blocks */

int psz_encoder_new(struct psz_encoder **enc, struct err *e)
{
    *enc = calloc(1, sizeof **enc);
    return *enc == NULL ? err_nomem(e) : 0;
}

void psz_encoder_free(struct psz_encoder *enc)
{
    if (enc == NULL)
        return;
    psz_texts_free(&enc->texts);
    for (size_t i = 0; i < enc->n_lanes; i++)
        psz_lane_free(&enc->lanes[i]);
    free(enc->lanes);
    free(enc->slots);
    free(enc->table);
    free(enc->chain);
    buf_free(&enc->log);
    free(enc->rares);
    buf_free(&enc->heads);
    buf_free(&enc->order);
    buf_free(&enc->events);
    free(enc->places);
    for (int i = 0; i < PSZ_STREAMS; i++)
        buf_free(&enc->raw[i]);
    buf_free(&enc->packed);
    psz_zip_free(enc->zip);
    free(enc);
}

bool psz_encoder_empty(const struct psz_encoder *enc)
{
    return enc->snapshots == 0;
}

bool psz_encoder_full(const struct psz_encoder *enc)
{
    size_t held = enc->log.n + enc->n_turns * (TURN_HELD - TURN_HEAD) +
                  enc->n_rares * sizeof *enc->rares;
    return enc->snapshots == PSZ_BLOCK_SNAPSHOTS || held > HELD_MAX ||
           enc->n_slots * (enc->snapshots / 8 + 1) > FLAGS_MAX ||
           enc->n_slots > PSZ_MORE_ROWS || enc->texts.bytes.n > PSZ_TEXTS_MAX ||
           enc->heads.n + enc->order.n + enc->events.n > PSZ_TEXTS_MAX;
}

struct psz_block_facts psz_encoder_facts(const struct psz_encoder *enc)
{
    return enc->facts;
}

const char *psz_encoder_host(const struct psz_encoder *enc, size_t i)
{
    return i < enc->n_lanes ? psz_text(&enc->texts, enc->lanes[i].host) : NULL;
}

/* ---- finding lane and slot ---- */

static int find_lane(struct psz_encoder *enc, const struct pool_snapshot *s,
                     uint32_t *lane, struct err *e)
{
    uint32_t host;
    TRY(psz_texts_put(&enc->texts, pool_snapshot_str(s, s->host), &host, e));
    for (*lane = 0; *lane < enc->n_lanes; ++*lane) {
        const struct psz_lane *l = &enc->lanes[*lane];
        if (l->host == host && l->record == s->record && l->scope == s->scope &&
            l->session == s->session)
            return 0;
    }
    void *v = enc->lanes;
    TRY(grow(&v, &enc->lanes_cap, enc->n_lanes + 1, sizeof *enc->lanes, e));
    enc->lanes = v;
    enc->lanes[enc->n_lanes++] = (struct psz_lane){
        .host = host, .record = s->record, .scope = s->scope, .session = s->session};
    return 0;
}

static uint64_t key_of(const struct psz_slot *s)
{
    return ((uint64_t)s->tag << 32 | (uint64_t)s->lane << 8 | s->pool) +
           s->copy * UINT64_C(0x9e3779b1);
}

/* Puts slot number i where it can be found; where that is. */
static size_t place_slot(struct psz_encoder *enc, size_t i)
{
    size_t h = spread_over(enc->way, key_of(&enc->slots[i]), enc->n_table);
    while (enc->table[h] != 0)
        h = (h + 1) & (enc->n_table - 1);
    enc->table[h] = (uint32_t)i + 1;
    return h;
}

static int spread_anew(struct psz_encoder *enc, size_t n, unsigned way, struct err *e)
{
    uint32_t *table = calloc(n, sizeof *table);
    if (table == NULL)
        return err_nomem(e);
    free(enc->table);
    enc->table = table;
    enc->n_table = n;
    enc->way = way;
    for (size_t i = 0; i < enc->n_slots; i++)
        (void)place_slot(enc, i);
    return 0;
}

static int add_slot(struct psz_encoder *enc, const struct psz_slot *slot, uint32_t *at,
                    struct err *e)
{
    if (enc->n_table < 2 * (enc->n_slots + 1))
        TRY(spread_anew(enc, enc->n_table == 0 ? 1024 : enc->n_table * 2, enc->way, e));
    void *v = enc->slots;
    TRY(grow(&v, &enc->slots_cap, enc->n_slots + 1, sizeof *enc->slots, e));
    enc->slots = v;
    *at = (uint32_t)enc->n_slots;
    enc->slots[enc->n_slots++] = *slot;
    const size_t place = place_slot(enc, *at);
    return spread_meets(enc->way, key_of(slot), place, enc->n_table)
               ? spread_anew(enc, enc->n_table, enc->way + 1, e)
               : 0;
}

/* True when there is that copy of the key. */
static bool look_up(const struct psz_encoder *enc, const struct psz_slot *want,
                    uint32_t *at)
{
    if (enc->n_table == 0)
        return false;
    for (size_t h = spread_over(enc->way, key_of(want), enc->n_table);; h++) {
        h &= enc->n_table - 1;
        if (enc->table[h] == 0)
            return false;
        *at = enc->table[h] - 1;
        const struct psz_slot *s = &enc->slots[*at];
        if (s->tag == want->tag && s->lane == want->lane && s->pool == want->pool &&
            s->copy == want->copy)
            return true;
    }
}

/* The slot of a row: a repeated tag and pool gets the next copy that this snapshot has
 * not used.  The first copy knows how many are used up, or a capture of one key alone
 * would take the square of its rows. */
int psz_find_slot(struct psz_encoder *enc, uint32_t lane, const struct pool_row *row,
                  uint32_t *at, struct err *e)
{
    struct psz_slot want = {.lane = lane,
                            .tag = tag_key(row->tag),
                            .pool = row->pool,
                            .first_turn = NO_TURN,
                            .rare = enc->base};
    const uint32_t now = enc->snapshots + 1;
    if (!look_up(enc, &want, at))
        return add_slot(enc, &want, at, e);
    const uint32_t first = *at;
    if (enc->slots[first].seen != now)
        return 0;
    want.copy = enc->slots[first].used_in == now ? enc->slots[first].used : 1;
    bool there;
    while ((there = look_up(enc, &want, at)) && enc->slots[*at].seen == now)
        want.copy++;
    enc->slots[first].used = want.copy + 1;
    enc->slots[first].used_in = now;
    return there ? 0 : add_slot(enc, &want, at, e);
}

/* Most rows stand behind the row that they stood behind in the snapshot before.  Only
 * first copies are guessed: which copy a row is depends on its own capture alone, or
 * captures of a chain and those read one by one would not become the same bytes. */
static bool guess_slot(const struct psz_encoder *enc, const struct psz_lane *lane,
                       const struct pool_row *row, size_t place, uint32_t *at)
{
    uint32_t tag = tag_key(row->tag);
    for (size_t i = place; i < lane->n_order && i < place + 2; i++) {
        const struct psz_slot *s = &enc->slots[lane->order[i]];
        if (s->tag == tag && s->pool == row->pool && s->copy == 0 &&
            s->seen != enc->snapshots + 1) {
            *at = lane->order[i];
            return true;
        }
    }
    return false;
}

/* ---- turns ---- */

static int add_turn(struct psz_encoder *enc, struct psz_slot *s, uint32_t when,
                    struct err *e)
{
    const uint32_t at = (uint32_t)enc->log.n, none = NO_TURN;
    if (enc->log.n >= NO_TURN)
        return err_set(e, ERR_LIMIT, "one capture has too many rows for a block");
    TRY(buf_append(&enc->log, &none, sizeof none, e));
    TRY(buf_byte(&enc->log, (uint8_t)when, e));
    if (s->first_turn == NO_TURN)
        s->first_turn = at;
    else
        memcpy(enc->log.p + s->last_turn, &at, sizeof at);
    s->last_turn = at;
    s->turns++;
    enc->n_turns++;
    return 0;
}

static int log_changes(struct psz_encoder *enc, struct psz_slot *s,
                       const struct psz_figures *f, bool wide, struct err *e)
{
    uint64_t allocs = psz_change(f->allocs, s->now.allocs, wide);
    uint64_t live = psz_change(f->live, s->now.live, wide);
    uint64_t rest =
        f->bytes - s->now.bytes - psz_bytes_guess(s->now.bytes, s->now.live, live);
    uint64_t code = psz_residual_code(rest);
    TRY(buf_varint(&enc->log, psz_zigzag(allocs - s->step), e));
    TRY(buf_varint(&enc->log, psz_zigzag(live), e));
    TRY(buf_varint(&enc->log, code, e));
    if (code == PSZ_RESIDUAL_RAW)
        TRY(buf_varint(&enc->log, rest, e));
    s->step = allocs;
    s->now = *f;
    return 0;
}

static void begin_history(struct psz_slot *s, const struct psz_figures *f)
{
    s->first_frees = psz_changed(f->allocs, 0 - f->live, psz_wide(&s->rare));
    s->first_live = f->live;
    s->first_size = f->live == 0 ? f->bytes : f->bytes / f->live;
    s->first_rest = f->live == 0 ? 0 : f->bytes % f->live;
    s->now = *f;
}

static int note_rare(struct psz_encoder *enc, uint32_t slot, const struct psz_rare *r,
                     struct err *e)
{
    void *v = enc->rares;
    TRY(grow(&v, &enc->rares_cap, enc->n_rares + 1, sizeof *enc->rares, e));
    enc->rares = v;
    enc->rares[enc->n_rares++] = (struct psz_rare_turn){enc->snapshots, slot, *r};
    enc->slots[slot].rare = *r;
    return 0;
}

static int row_text(struct psz_encoder *enc, const struct pool_snapshot *s,
                    uint32_t offset, uint32_t likely, uint32_t *number, struct err *e)
{
    const char *text = pool_snapshot_str(s, offset);
    *number = likely;
    if (strcmp(text, psz_text(&enc->texts, likely)) == 0)
        return 0;
    return psz_texts_put(&enc->texts, text, number, e);
}

int psz_encode_row(struct psz_encoder *enc, const struct pool_snapshot *s,
                   const struct pool_row *row, uint32_t at, uint32_t when, struct err *e)
{
    struct psz_slot *slot = &enc->slots[at];
    struct psz_figures f;
    struct psz_rare rare;
    psz_row_split(row, &f, &rare);
    if (row->driver != 0 || slot->rare.driver != 0)
        TRY(row_text(enc, s, row->driver, slot->rare.driver, &rare.driver, e));
    if (row->owner != 0 || slot->rare.owner != 0)
        TRY(row_text(enc, s, row->owner, slot->rare.owner, &rare.owner, e));
    bool wide = psz_wide(&rare) || psz_wide(&slot->rare);
    slot->seen = enc->snapshots + 1;
    if (!psz_rare_equal(&rare, &slot->rare))
        TRY(note_rare(enc, at, &rare, e));
    if (slot->present && f.allocs == slot->now.allocs && f.live == slot->now.live &&
        f.bytes == slot->now.bytes)
        return 0;
    TRY(add_turn(enc, slot, when, e));
    slot->present = true;
    if (slot->turns > 1)
        return log_changes(enc, slot, &f, wide, e);
    begin_history(slot, &f);
    return 0;
}

int psz_encode_gone(struct psz_encoder *enc, uint32_t at, uint32_t when, struct err *e)
{
    struct psz_slot *s = &enc->slots[at];
    const struct psz_figures same = s->now;
    TRY(add_turn(enc, s, when, e));
    TRY(log_changes(enc, s, &same, true, e));
    s->present = false;
    return 0;
}

void psz_place_rows(struct psz_encoder *enc, struct psz_lane *lane)
{
    for (size_t i = 0; i < lane->n_order && lane->unplaced; i++)
        enc->slots[lane->order[i]].place = (uint32_t)i;
    lane->unplaced = false;
}

/* ---- a snapshot ---- */

static int make_places(struct psz_encoder *enc, size_t n, struct err *e)
{
    if (n > SIZE_MAX / 2 || n > UINT32_MAX)
        return err_nomem(e);
    void *v = enc->places;
    size_t some = n > 0 ? 2 * n : 1; /* also a capture without rows has its places */
    int r = grow(&v, &enc->places_cap, some, sizeof *enc->places, e);
    enc->places = v;
    return r;
}

static int encode_rows(struct psz_encoder *enc, struct psz_lane *lane, uint32_t lane_no,
                       const struct pool_snapshot *s, struct err *e)
{
    size_t guess = 0;
    uint32_t when = lane->snapshots;
    psz_place_rows(enc, lane);
    for (size_t i = 0; i < s->n_rows; i++) {
        const struct pool_row *row = pool_row_at(s, i);
        uint32_t at = 0;
        if (!guess_slot(enc, lane, row, guess, &at))
            TRY(psz_find_slot(enc, lane_no, row, &at, e));
        const struct psz_slot *slot = &enc->slots[at];
        bool known = slot->present;
        if (known)
            guess = slot->place + 1;
        enc->places[i] = (struct psz_place){.key = known ? slot->place : UINT64_MAX,
                                            .name = (uint64_t)slot->tag << 2 | slot->pool,
                                            .copy = slot->copy,
                                            .row = at};
        TRY(psz_encode_row(enc, s, row, at, when, e));
    }
    for (size_t i = 0; i < lane->n_order; i++)
        if (enc->slots[lane->order[i]].seen != enc->snapshots + 1)
            TRY(psz_encode_gone(enc, lane->order[i], when, e));
    return 0;
}

static int keep_order(struct psz_encoder *enc, struct psz_lane *lane, size_t n,
                      struct err *e)
{
    void *v = lane->order;
    TRY(grow(&v, &lane->order_cap, n, sizeof *lane->order, e));
    lane->order = v;
    lane->n_order = n;
    lane->unplaced = true;
    for (size_t i = 0; i < n; i++)
        lane->order[i] = enc->places[i].row;
    psz_place_rows(enc, lane);
    return 0;
}

void psz_facts_add(struct psz_block_facts *f, const struct pool_snapshot *s)
{
    f->snapshots++;
    f->rows += s->n_rows;
    f->odd |= s->record != RECORD_CAPTURE || s->time.ambiguous;
    if (s->time.source == TIME_NONE) {
        f->untimed = true;
        return;
    }
    int64_t t = when_order_ms(&s->time);
    if (!f->timed || t < f->first_time)
        f->first_time = t;
    if (!f->timed || t > f->last_time)
        f->last_time = t;
    f->timed = true;
}

/* A walk over all rows. */
static int encode_all(struct psz_encoder *enc, struct psz_lane *lane, uint32_t lane_no,
                      const struct pool_snapshot *s, uint64_t *order, struct err *e)
{
    if (enc->n_slots == 0 && s->n_rows > 0) {
        struct psz_figures unused;
        psz_row_split(pool_row_at(s, 0), &unused, &enc->base);
        enc->base = (struct psz_rare){.fields = enc->base.fields, .form = enc->base.form};
    }
    TRY(make_places(enc, s->n_rows, e));
    TRY(encode_rows(enc, lane, lane_no, s, e));
    TRY(psz_order_write(s, enc->places, lane->v[VALUE_ORDER], enc->places + s->n_rows,
                        &enc->order, order, e));
    TRY(keep_order(enc, lane, s->n_rows, e));
    return s->chain.id != 0 ? psz_follow_begin(enc, s, e) : 0;
}

int psz_encode(struct psz_encoder *enc, const struct pool_snapshot *s, struct err *e)
{
    bool follows = pool_follows(s, enc->chain_id, enc->chain_step);
    const char *wrong = follows ? pool_snapshot_still_valid(s) : pool_snapshot_valid(s);
    if (wrong != NULL)
        return err_set(e, ERR_BUG, "a capture cannot be archived: %s", wrong);
    if (enc->snapshots >= PSZ_BLOCK_SNAPSHOTS)
        return err_set(e, ERR_BUG, "a block was not closed in time");
    uint32_t lane_no;
    uint64_t order;
    TRY(find_lane(enc, s, &lane_no, e));
    struct psz_lane *lane = &enc->lanes[lane_no];
    enc->chain_id = 0; /* until all of it is in */
    if (follows && lane_no == enc->chain_lane)
        TRY(psz_encode_follow(enc, lane, lane_no, s, &order, e));
    else
        TRY(encode_all(enc, lane, lane_no, s, &order, e));
    enc->chain_id = s->chain.id;
    enc->chain_step = s->chain.step;
    enc->chain_lane = lane_no;
    TRY(buf_varint(&enc->heads, lane_no, e));
    TRY(psz_head_write(&enc->heads, &enc->texts, lane, s, order, e));
    TRY(psz_events_write(&enc->events, &enc->texts, s, e));
    psz_totals_write(lane, s, enc->missed[enc->snapshots]);
    psz_facts_add(&enc->facts, s);
    enc->snapshots++;
    return 0;
}
