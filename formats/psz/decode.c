/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "formats/psz/decoder.h"
#include "formats/psz/events.h"

/* ---- rows ---- */

static int apply_rares(struct psz_decoder *dec, const struct psz_lane_rows *lane,
                       struct err *e)
{
    if (dec->stream_n[PSZ_RARE] == 0)
        return 0;
    uint64_t n = psz_get(&dec->rare), next = 0;
    for (uint64_t i = 0; i < n; i++) {
        uint64_t at = next + psz_get(&dec->rare);
        if (dec->rare.bad || at < lane->first || at >= lane->first + lane->n)
            return psz_broken(e, "rare rows");
        struct psz_history *h = &dec->rows[at];
        h->was_wide = psz_wide(&h->rare);
        h->rare_at = dec->done + 1;
        TRY(psz_rare_read(&dec->rare, &h->rare, e));
        next = at + 1;
    }
    return dec->rare.bad ? psz_broken(e, "rare rows") : 0;
}

static void begin_history(struct psz_history *h)
{
    bool wide = psz_wide(&h->rare);
    h->now.live = wide ? h->first_live : h->first_live & UINT32_MAX;
    h->now.allocs = psz_changed(h->first_frees, h->now.live, wide);
    h->now.bytes =
        h->now.live == 0 ? h->first_size : h->now.live * h->first_size + h->first_rest;
    h->begun = h->present = true;
}

int psz_apply_turn(struct psz_history *h, uint32_t snapshot, struct err *e)
{
    if (!h->begun) {
        begin_history(h);
        return 0;
    }
    bool wide = psz_wide(&h->rare) || (h->rare_at == snapshot && h->was_wide);
    uint64_t step = h->step + psz_unzigzag(psz_get(&h->allocs));
    uint64_t live = psz_unzigzag(psz_get(&h->live));
    uint64_t code = psz_get(&h->bytes);
    uint64_t rest = code == PSZ_RESIDUAL_RAW ? psz_get(&h->bytes) : psz_residual(code);
    if (h->allocs.bad || h->live.bad || h->bytes.bad)
        return psz_broken(e, "changes");
    h->step = step;
    if (h->present && step == 0 && live == 0 && rest == 0) {
        h->present = false;
        return 0;
    }
    h->now.bytes += psz_bytes_guess(h->now.bytes, h->now.live, live) + rest;
    h->now.allocs = psz_changed(h->now.allocs, step, wide);
    h->now.live = psz_changed(h->now.live, live, wide);
    h->present = true;
    return 0;
}

/* Brings the lane's rows to this snapshot and lists those that are there: first those
 * of the snapshot before, as they stood, then the new ones by tag. */
static int apply_turns(struct psz_decoder *dec, struct psz_lane *lane,
                       const struct psz_lane_rows *lr, uint32_t when, size_t *n,
                       struct err *e)
{
    const uint8_t *flags = dec->stream[PSZ_FLAGS] + lr->flags + when / 8;
    struct psz_place *fresh = dec->places + dec->n_rows;
    size_t n_fresh = 0;
    for (size_t i = lr->first; i < lr->first + lr->n; i++, flags += lr->stride) {
        if (!(*flags >> when % 8 & 1))
            continue;
        bool before = dec->rows[i].present;
        TRY(psz_apply_turn(&dec->rows[i], dec->done + 1, e));
        if (!before)
            fresh[n_fresh++].row = (uint32_t)i;
    }
    *n = 0;
    for (size_t i = 0; i < lane->n_order; i++)
        if (dec->rows[lane->order[i]].present)
            dec->places[(*n)++].row = lane->order[i];
    for (size_t i = 0; i < n_fresh; i++)
        dec->places[(*n)++].row = fresh[i].row;
    return 0;
}

static int sort_rows(struct psz_decoder *dec, size_t n, uint64_t order, struct err *e)
{
    enum psz_rule rule = (enum psz_rule)(order % PSZ_DEPARTS);
    if (order >= 2 * PSZ_DEPARTS || rule >= PSZ_RULES)
        return psz_broken(e, "row orders");
    for (size_t i = 0; i < n; i++) {
        struct psz_place *p = &dec->places[i];
        const struct psz_history *h = &dec->rows[p->row];
        struct pool_row row;
        psz_row_join(&row, &h->now, &h->rare);
        *p = (struct psz_place){
            .key = psz_order_figure(&row, rule), .name = p->row, .row = p->row};
    }
    if (rule != PSZ_AS_BEFORE)
        psz_order_sort(dec->places, n, rule);
    if (order < PSZ_DEPARTS)
        return 0;
    return psz_order_read(&dec->order, dec->places, n, dec->places + dec->n_rows, e);
}

static int emit_rows(struct psz_decoder *dec, struct psz_lane *lane,
                     struct pool_snapshot *s, size_t n, struct err *e)
{
    void *v = s->rows;
    TRY(grow(&v, &s->rows_cap, n, sizeof *s->rows, e));
    s->rows = v;
    v = lane->order;
    TRY(grow(&v, &lane->order_cap, n, sizeof *lane->order, e));
    lane->order = v;
    lane->n_order = n;
    for (size_t i = 0; i < n; i++) {
        const struct psz_history *h = &dec->rows[dec->places[i].row];
        struct pool_row *row = &s->rows[i];
        lane->order[i] = dec->places[i].row;
        if (!psz_wide(&h->rare) && (h->now.allocs | h->now.live) > UINT32_MAX)
            return psz_broken(e, "counters");
        psz_row_join(row, &h->now, &h->rare);
        row->tag = h->tag;
        row->pool = h->pool;
        TRY(psz_text_to(&dec->map, s, h->rare.driver, &row->driver, e));
        TRY(psz_text_to(&dec->map, s, h->rare.owner, &row->owner, e));
    }
    s->n_rows = n;
    return 0;
}

/* ---- a snapshot ---- */

static int decode(struct psz_decoder *dec, struct pool_snapshot *s, struct err *e)
{
    uint64_t lane_no = psz_get(&dec->heads);
    if (lane_no >= dec->n_lanes)
        return psz_broken(e, "lanes");
    struct psz_lane *lane = &dec->lanes[lane_no];
    const struct psz_lane_rows *lr = &dec->lane_rows[lane_no];
    uint32_t when = lane->snapshots;
    if (when >= lr->snapshots)
        return psz_broken(e, "lanes");
    dec->map.now++;
    struct psz_head_late late;
    TRY(psz_head_read(&dec->heads, &dec->map, lane, s, &late, e));
    TRY(apply_rares(dec, lr, e));
    size_t n;
    TRY(apply_turns(dec, lane, lr, when, &n, e));
    if (n > dec->rows_left || n > dec->limits.snapshot_rows)
        return psz_broken(e, "row numbers");
    dec->rows_left -= n;
    TRY(sort_rows(dec, n, late.order, e));
    TRY(emit_rows(dec, lane, s, n, e));
    TRY(psz_head_read_late(&dec->heads, &dec->map, s, &late, e));
    TRY(psz_events_read(&dec->events, &dec->map, &dec->limits, s, e));
    psz_totals_read(lane, s, dec->missed[dec->done]);
    return 0;
}

int psz_decode_next(struct psz_decoder *dec, struct pool_snapshot *s, struct err *e)
{
    pool_snapshot_clear(s);
    if (dec->done < dec->snapshots) {
        TRY(decode(dec, s, e));
        dec->done++;
        return 1;
    }
    if (dec->snapshots > 0 &&
        (!psz_at_end(&dec->heads) || !psz_at_end(&dec->order) ||
         !psz_at_end(&dec->rare) || !psz_at_end(&dec->events) || dec->rows_left != 0))
        return psz_broken(e, "lengths");
    return 0;
}

uint64_t psz_decoder_rows(const struct psz_decoder *dec)
{
    return dec->rows_left;
}
