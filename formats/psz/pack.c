/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "formats/psz/encoder.h"

/* A slot in the order of the block's keys: its number there is the row's number. */
struct ranked {
    uint64_t name; /* lane, tag, pool */
    uint32_t copy, slot;
};

struct pack {
    struct psz_encoder *enc;
    struct ranked *rows; /* by name */
    uint32_t *number;    /* of each slot */
    struct ranked *busy; /* rows, those with the most frees first */
    size_t n;
};

static int by_name(const void *va, const void *vb)
{
    const struct ranked *a = va, *b = vb;
    if (a->name != b->name)
        return a->name < b->name ? -1 : 1;
    return a->copy < b->copy ? -1 : a->copy > b->copy;
}

/* Here `name` holds the magnitude of frees and `copy` the row's number. */
static int by_frees(const void *va, const void *vb)
{
    const struct ranked *a = va, *b = vb;
    if (a->name != b->name)
        return a->name > b->name ? -1 : 1;
    return a->copy < b->copy ? -1 : a->copy > b->copy;
}

static int rank_rows(struct pack *k, struct err *e)
{
    const struct psz_encoder *enc = k->enc;
    size_t n = k->n = enc->n_slots;
    k->rows = calloc(n + 1, sizeof *k->rows);
    k->busy = calloc(n + 1, sizeof *k->busy);
    k->number = calloc(n + 1, sizeof *k->number);
    if (k->rows == NULL || k->busy == NULL || k->number == NULL)
        return err_nomem(e);
    for (uint32_t i = 0; i < n; i++) {
        const struct psz_slot *s = &enc->slots[i];
        k->rows[i] = (struct ranked){.name = (uint64_t)s->lane << 34 |
                                             (uint64_t)s->tag << 2 | s->pool,
                                     .copy = s->copy,
                                     .slot = i};
    }
    qsort(k->rows, n, sizeof *k->rows, by_name);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t slot = k->rows[i].slot;
        k->number[slot] = i;
        k->busy[i] = (struct ranked){
            .name = psz_magnitude(enc->slots[slot].first_frees), .copy = i, .slot = slot};
    }
    qsort(k->busy, n, sizeof *k->busy, by_frees);
    return 0;
}

/* ---- streams ---- */

static int write_lanes(const struct pack *k, struct buf *out, struct err *e)
{
    const struct psz_encoder *enc = k->enc;
    TRY(buf_varint(out, enc->n_lanes, e));
    size_t at = 0;
    for (size_t i = 0; i < enc->n_lanes; i++) {
        const struct psz_lane *lane = &enc->lanes[i];
        size_t first = at;
        while (at < k->n && enc->slots[k->rows[at].slot].lane == i)
            at++;
        TRY(buf_varint(out, lane->host, e));
        TRY(buf_varint(out, (uint64_t)lane->record, e));
        TRY(buf_varint(out, (uint64_t)lane->scope, e));
        TRY(buf_varint(out, lane->session, e));
        TRY(buf_varint(out, lane->snapshots, e));
        TRY(buf_varint(out, at - first, e));
    }
    return 0;
}

/* A tag shares its first bytes with the one before: how many, then how much larger the
 * first other byte is, then the rest; one column of each. */
static int write_keys(const struct pack *k, struct buf *out, struct err *e)
{
    const struct psz_encoder *enc = k->enc;
    TRY(write_lanes(k, out, e));
    for (int column = 0; column < 3; column++) {
        uint8_t before[4] = {0};
        for (size_t i = 0; i < k->n; i++) {
            const struct psz_slot *s = &enc->slots[k->rows[i].slot];
            uint8_t tag[4];
            for (int b = 0; b < 4; b++)
                tag[b] = (uint8_t)(s->tag >> (24 - 8 * b));
            unsigned same = 0;
            while (same < 4 && tag[same] == before[same])
                same++;
            if (column == 0)
                TRY(buf_byte(out, (uint8_t)(same | (unsigned)s->pool << 3), e));
            if (column == 1 && same < 4)
                TRY(buf_byte(out, (uint8_t)(tag[same] - before[same]), e));
            if (column == 2 && same < 3)
                TRY(buf_append(out, tag + same + 1, 3 - same, e));
            memcpy(before, tag, sizeof before);
        }
    }
    return 0;
}

static int write_totals(const struct psz_encoder *enc, struct buf *out, struct err *e)
{
    for (unsigned t = 0; t < TOTALS; t++)
        for (uint32_t i = 0; i < enc->snapshots; i++)
            TRY(buf_varint(out, psz_zigzag(enc->missed[i][t]), e));
    return 0;
}

/* Nothing at all when no row of the block is rare; else for each snapshot how many rows
 * there are, and each with its distance from the one before. */
static int write_rares(struct pack *k, struct buf *out, struct err *e)
{
    struct psz_encoder *enc = k->enc;
    size_t at = 0;
    for (uint32_t i = 0; i < enc->snapshots && enc->n_rares > 0; i++) {
        size_t first = at;
        while (at < enc->n_rares && enc->rares[at].snapshot == i)
            at++;
        size_t n = at - first;
        struct ranked *sorted = calloc(n + 1, sizeof *sorted);
        if (sorted == NULL)
            return err_nomem(e);
        for (size_t j = 0; j < n; j++)
            sorted[j] = (struct ranked){.name = k->number[enc->rares[first + j].slot],
                                        .slot = (uint32_t)(first + j)};
        qsort(sorted, n, sizeof *sorted, by_name);
        int r = buf_varint(out, n, e);
        uint64_t next = 0;
        for (size_t j = 0; j < n && r == 0; j++) {
            r = buf_varint(out, sorted[j].name - next, e);
            if (r == 0)
                r = psz_rare_write(&enc->rares[sorted[j].slot].rare, out, e);
            next = sorted[j].name + 1;
        }
        free(sorted);
        TRY(r);
    }
    return 0;
}

static int write_flags(const struct pack *k, struct buf *out, struct err *e)
{
    const struct psz_encoder *enc = k->enc;
    for (size_t i = 0; i < k->n; i++) {
        const struct psz_slot *s = &enc->slots[k->rows[i].slot];
        size_t bytes = (enc->lanes[s->lane].snapshots + 7) / 8;
        TRY(buf_reserve(out, bytes, e));
        memset(out->p + out->n, 0, bytes);
        for (uint32_t v = s->first_turn; v != NO_TURN; v = psz_next_turn(enc, v)) {
            const unsigned when = enc->log.p[v + TURN_NEXT];
            out->p[out->n + when / 8] |= (uint8_t)(1u << when % 8);
        }
        out->n += bytes;
    }
    return 0;
}

static int write_first(const struct pack *k, struct buf *out, struct err *e)
{
    for (int column = 0; column < 4; column++)
        for (size_t i = 0; i < k->n; i++) {
            const struct psz_slot *s = &k->enc->slots[k->rows[i].slot];
            const uint64_t v[4] = {s->first_live, s->first_size, s->first_rest,
                                   s->first_frees};
            TRY(buf_varint(out, v[column], e));
        }
    return 0;
}

/* Moves one varint from the log to the end of a stream that has room for it. */
static const uint8_t *move_varint(const uint8_t *p, struct buf *out)
{
    while (*p >= 0x80)
        out->p[out->n++] = *p++;
    out->p[out->n++] = *p++;
    return p;
}

static int write_changes(const struct pack *k, struct err *e)
{
    struct psz_encoder *enc = k->enc;
    struct buf *allocs = &enc->raw[PSZ_ALLOCS], *live = &enc->raw[PSZ_LIVE],
               *bytes = &enc->raw[PSZ_BYTES];
    TRY(buf_reserve(allocs, enc->log.n, e));
    TRY(buf_reserve(live, enc->log.n, e));
    TRY(buf_reserve(bytes, enc->log.n, e));
    for (size_t i = 0; i < k->n; i++) {
        const struct psz_slot *s = &enc->slots[k->busy[i].slot];
        uint32_t v = psz_next_turn(enc, s->first_turn);
        for (; v != NO_TURN; v = psz_next_turn(enc, v)) {
            const uint8_t *p = enc->log.p + v + TURN_HEAD;
            p = move_varint(p, allocs);
            p = move_varint(p, live);
            bool raw = *p == PSZ_RESIDUAL_RAW;
            p = move_varint(p, bytes);
            if (raw)
                (void)move_varint(p, bytes);
        }
    }
    return 0;
}

static int write_streams(struct pack *k, struct err *e)
{
    struct psz_encoder *enc = k->enc;
    struct buf *raw = enc->raw;
    for (int i = 0; i < PSZ_STREAMS; i++)
        raw[i].n = 0;
    TRY(psz_texts_write(&enc->texts, &raw[PSZ_STRINGS], e));
    TRY(write_keys(k, &raw[PSZ_KEYS], e));
    TRY(buf_append(&raw[PSZ_HEADS], enc->heads.p, enc->heads.n, e));
    TRY(write_totals(enc, &raw[PSZ_TOTALS], e));
    TRY(buf_append(&raw[PSZ_ORDER], enc->order.p, enc->order.n, e));
    TRY(write_rares(k, &raw[PSZ_RARE], e));
    TRY(write_flags(k, &raw[PSZ_FLAGS], e));
    TRY(write_first(k, &raw[PSZ_FIRST], e));
    TRY(buf_append(&raw[PSZ_EVENTS], enc->events.p, enc->events.n, e));
    return write_changes(k, e);
}

/* ---- the payload ---- */

static int write_payload(struct psz_encoder *enc, struct buf *out, struct err *e)
{
    uint64_t all = 0;
    for (int i = 0; i < PSZ_STREAMS; i++)
        all += enc->raw[i].n;
    if (all > PSZ_RAW_MAX)
        return err_set(e, ERR_LIMIT, "a block of %llu bytes is more than readers take",
                       (unsigned long long)all);
    TRY(buf_varint(out, enc->snapshots, e));
    TRY(buf_varint(out, enc->facts.rows, e));
    TRY(buf_varint(out, enc->n_slots, e));
    TRY(buf_varint(out, enc->base.fields, e));
    TRY(buf_byte(out, enc->base.form, e));
    TRY(buf_varint(out, PSZ_STREAMS, e));
    enc->packed.n = 0;
    for (int i = 0; i < PSZ_STREAMS; i++) {
        size_t before = enc->packed.n;
        TRY(psz_deflate(&enc->zip, enc->raw[i].p, enc->raw[i].n, &enc->packed, e));
        TRY(buf_varint(out, enc->raw[i].n, e));
        TRY(buf_varint(out, enc->packed.n - before, e));
    }
    return buf_append(out, enc->packed.p, enc->packed.n, e);
}

static void empty(struct psz_encoder *enc)
{
    psz_texts_clear(&enc->texts);
    for (size_t i = 0; i < enc->n_lanes; i++)
        psz_lane_free(&enc->lanes[i]);
    enc->n_lanes = 0;
    enc->snapshots = 0;
    enc->chain_id = 0;
    enc->base = (struct psz_rare){0};
    enc->n_slots = 0;
    if (enc->table != NULL)
        memset(enc->table, 0, enc->n_table * sizeof *enc->table);
    enc->n_turns = 0;
    enc->log.n = 0;
    enc->n_rares = 0;
    enc->heads.n = 0;
    enc->order.n = 0;
    enc->events.n = 0;
    enc->facts = (struct psz_block_facts){0};
}

int psz_encode_finish(struct psz_encoder *enc, struct buf *out, struct err *e)
{
    struct pack k = {.enc = enc};
    int r = rank_rows(&k, e);
    if (r == 0)
        r = write_streams(&k, e);
    free(k.rows);
    free(k.busy);
    free(k.number);
    TRY(r);
    TRY(write_payload(enc, out, e));
    empty(enc);
    return 0;
}

void psz_encoder_pass_on(struct psz_encoder *from, struct psz_encoder *to)
{
    for (int i = 0; i < PSZ_STREAMS; i++) {
        const struct buf raw = to->raw[i];
        to->raw[i] = from->raw[i];
        from->raw[i] = raw;
    }
    const struct buf packed = to->packed;
    to->packed = from->packed;
    from->packed = packed;
    struct psz_zip *zip = to->zip;
    to->zip = from->zip;
    from->zip = zip;
}
