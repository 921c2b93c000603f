/* SPDX-License-Identifier: MIT */
/* Into the middle of a block.  A row's changes stand together, so a row gets to any
 * capture without the other rows, and no capture in between is put together. */
#include <stdlib.h>

#include "formats/psz/decoder.h"

struct seek {
    struct psz_decoder *dec;
    uint64_t passed; /* rows of the captures that are passed over */
};

/* What can be passed over without the rows of each capture: those whose order is a rule
 * of their own, on consecutive lines, with nothing rare about any row. */
static bool is_plain(const struct psz_decoder *dec)
{
    return dec->stream_n[PSZ_ORDER] == 0 && dec->stream_n[PSZ_RARE] == 0 &&
           dec->stream_n[PSZ_EVENTS] == 0;
}

int psz_pass_head(struct psz_decoder *dec, struct pool_snapshot *s,
                  struct psz_head_late *late, size_t *lane_no, struct err *e)
{
    uint64_t no = psz_get(&dec->heads);
    pool_snapshot_clear(s);
    if (no >= dec->n_lanes || dec->lanes[no].snapshots >= dec->lane_rows[no].snapshots)
        return psz_broken(e, "lanes");
    *lane_no = (size_t)no;
    dec->map.now++;
    TRY(psz_head_read(&dec->heads, &dec->map, &dec->lanes[no], s, late, e));
    dec->done++;
    if (psz_head_irregular(late))
        return 0;
    TRY(psz_head_read_late(&dec->heads, &dec->map, s, late, e));
    return 1;
}

/* Heads one after the other; 0 when one of them is not plain after all. */
static int pass_heads(struct seek *k, uint32_t n, struct err *e)
{
    struct psz_decoder *dec = k->dec;
    struct pool_snapshot s = {0};
    struct psz_head_late late;
    size_t lane;
    int r = 1;
    while (dec->done < n && r == 1) {
        r = psz_pass_head(dec, &s, &late, &lane, e);
        for (unsigned t = 0; t < TOTALS && r == 1; t++)
            dec->lanes[lane].totals[t] += dec->missed[dec->done - 1][t];
        if (r == 1 && late.order >= PSZ_AS_BEFORE)
            r = 0;
    }
    pool_snapshot_free(&s);
    return r;
}

static unsigned count_bits(const uint8_t *p, uint32_t n)
{
    unsigned found = 0;
    for (uint32_t i = 0; i < n / 8; i++)
        for (unsigned v = p[i]; v != 0; v &= v - 1)
            found++;
    for (unsigned v = n % 8 == 0 ? 0 : p[n / 8] & ((1u << n % 8) - 1); v != 0; v &= v - 1)
        found++;
    return found;
}

/* The captures of the lane before `n` in which the row is there; its first turn is the
 * one in which it appears. */
static int pass_row(struct psz_history *h, const uint8_t *flags, uint32_t n,
                    uint64_t *there, struct err *e)
{
    if (count_bits(flags, n) == 0)
        return 0;
    uint32_t since = 0;
    for (uint32_t when = 0; when < n; when++) {
        if (flags[when / 8] == 0) {
            when |= 7;
            continue;
        }
        if (!(flags[when / 8] >> when % 8 & 1))
            continue;
        bool before = h->course.present;
        TRY(psz_apply_turn(h, 0, e));
        if (before && !h->course.present)
            *there += when - since;
        if (!before)
            since = when;
    }
    *there += h->course.present ? n - since : 0;
    return 0;
}

/* The rows that are there, in the order of the capture before. */
static int order_rows(struct psz_decoder *dec, struct psz_lane *lane,
                      const struct psz_lane_rows *lr, struct err *e)
{
    enum psz_rule rule = (enum psz_rule)(lane->v[VALUE_ORDER] % PSZ_DEPARTS);
    size_t n = 0;
    for (size_t i = lr->first; i < lr->first + lr->n; i++) {
        const struct psz_history *h = &dec->rows[i];
        struct pool_row row;
        if (!h->course.present)
            continue;
        psz_row_join(&row, &h->course.now, &h->rare);
        dec->places[n++] = (struct psz_place){
            .key = psz_order_figure(&row, rule), .name = i, .row = (uint32_t)i};
    }
    psz_order_sort(dec->places, n, rule);
    void *v = lane->order;
    TRY(grow(&v, &lane->order_cap, n, sizeof *lane->order, e));
    lane->order = v;
    lane->n_order = n;
    for (size_t i = 0; i < n; i++)
        lane->order[i] = dec->places[i].row;
    return 0;
}

static int pass_plainly(struct psz_decoder *dec, uint32_t n, struct err *e)
{
    struct seek k = {.dec = dec};
    int r = pass_heads(&k, n, e);
    if (r <= 0)
        return r;
    for (size_t l = 0; l < dec->n_lanes; l++) {
        struct psz_lane *lane = &dec->lanes[l];
        struct psz_lane_rows *lr = &dec->lane_rows[l];
        const uint8_t *flags = dec->stream[PSZ_FLAGS] + lr->flags;
        for (size_t i = lr->first; i < lr->first + lr->n; i++, flags += lr->stride)
            TRY(pass_row(&dec->rows[i], flags, lane->snapshots, &k.passed, e));
        TRY(order_rows(dec, lane, lr, e));
        TRY(psz_sum_lane(dec, lr, e));
    }
    if (k.passed > dec->rows_left)
        return psz_broken(e, "row numbers");
    dec->rows_left -= k.passed;
    return 1;
}

int psz_decode_at(struct psz_decoder *dec, const uint8_t *p, size_t n, uint32_t captures,
                  struct err *e)
{
    struct pool_snapshot s = {0};
    TRY(psz_decode_open(dec, p, n, e));
    if (captures == PSZ_TO_LAST)
        captures = dec->n_lanes == 1 ? dec->snapshots - 1 : 0;
    int r = captures > 1 && captures <= dec->snapshots && is_plain(dec)
                ? pass_plainly(dec, captures, e)
                : 0;
    if (r != 0)
        return r < 0 ? r : 0;
    if (dec->done > 0)
        TRY(psz_decode_open(dec, p, n, e));
    const bool plain = dec->plain;
    dec->plain = true;
    for (r = 1; captures > 0 && r > 0; captures--)
        r = psz_decode_next(dec, &s, e);
    dec->plain = plain;
    pool_snapshot_free(&s);
    return r < 0 ? r : 0;
}
