/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "formats/psz/decoder.h"
#include "formats/psz/events.h"
#include "formats/psz/turn.h"
#include "formats/worker.h"

/* ---- turns ---- */

/* Rows of a chain carry no texts, no changes since a refresh, and no key twice. */
static bool is_apart(const struct psz_history *h)
{
    const uint16_t changes = ROW_ALLOCS_DELTA | ROW_FREES_DELTA | ROW_BYTES_DELTA;
    return h->repeated || (h->rare.fields & changes) != 0 || h->rare.driver != 0 ||
           h->rare.owner != 0;
}

static uint64_t shown_bytes(const struct psz_history *h)
{
    return h->rare.fields & ROW_BYTES ? h->course.now.bytes : 0;
}

/* Sums are carried along: a row leaves them before it changes, and joins them after. */
static void touch(struct psz_decoder *dec, struct psz_lane_rows *lane, uint32_t row)
{
    const struct psz_history *h = &dec->rows[row];
    const uint64_t bytes = shown_bytes(h);
    dec->touched[dec->n_touched++] = (struct psz_touch){row, h->course.present};
    if (!h->course.present)
        return;
    lane->present--;
    lane->listed[h->pool]--;
    lane->apart -= is_apart(h);
    lane->huge -= bytes >= PSZ_HUGE_BYTES;
    lane->bytes[h->pool] -= bytes;
}

static int join_sums(struct psz_lane_rows *lane, const struct psz_history *h,
                     struct err *e)
{
    const uint64_t bytes = shown_bytes(h);
    if (!h->course.present)
        return 0;
    if (psz_counters_broken(&h->course.now, &h->rare))
        return psz_broken(e, "counters");
    lane->present++;
    lane->listed[h->pool]++;
    lane->apart += is_apart(h);
    lane->huge += bytes >= PSZ_HUGE_BYTES;
    lane->bytes[h->pool] += bytes;
    return 0;
}

int psz_sum_lane(struct psz_decoder *dec, struct psz_lane_rows *lane, struct err *e)
{
    lane->present = lane->apart = lane->huge = 0;
    memset(lane->listed, 0, sizeof lane->listed);
    memset(lane->bytes, 0, sizeof lane->bytes);
    for (size_t i = lane->first; i < lane->first + lane->n; i++)
        TRY(join_sums(lane, &dec->rows[i], e));
    psz_follow_leave(lane->follow);
    return 0;
}

static int apply_rares(struct psz_decoder *dec, struct psz_lane_rows *lane, struct err *e)
{
    if (dec->stream_n[PSZ_RARE] == 0)
        return 0;
    uint64_t n = psz_get(&dec->rare), next = 0;
    for (uint64_t i = 0; i < n; i++) {
        uint64_t at = next + psz_get(&dec->rare);
        if (dec->rare.bad || at < next || at < lane->first || at >= lane->first + lane->n)
            return psz_broken(e, "rare rows");
        struct psz_history *h = &dec->rows[at];
        touch(dec, lane, (uint32_t)at);
        h->was_wide = psz_wide(&h->rare);
        h->rare_at = dec->done + 1;
        TRY(psz_rare_read(&dec->rare, &h->rare, e));
        next = at + 1;
    }
    return dec->rare.bad ? psz_broken(e, "rare rows") : 0;
}

int psz_apply_turn(struct psz_history *h, uint32_t snapshot, struct err *e)
{
    struct psz_course c = h->course;
    bool whole = true;
    if (!c.begun)
        psz_begin_course(&c, h, psz_wide(&h->rare));
    else
        whole = psz_take_change(
            &c, psz_wide(&h->rare) || (h->rare_at == snapshot && h->was_wide), NULL);
    h->course = c;
    return whole ? 0 : psz_broken(e, "changes");
}

/* Brings the lane's rows to its snapshot `when`. */
static int apply_turns(struct psz_decoder *dec, struct psz_lane_rows *lane, uint32_t when,
                       struct err *e)
{
    const uint64_t *turned = dec->turned + lane->turned + when * lane->words;
    dec->n_touched = dec->n_fresh = 0;
    TRY(apply_rares(dec, lane, e));
    for (size_t i = 0; i < lane->words; i++)
        for (uint64_t open = turned[i]; open != 0; open &= open - 1) {
            const uint32_t row = (uint32_t)(lane->first + i * 64 + psz_lowest_bit(open));
            struct psz_history *h = &dec->rows[row];
            if (!h->course.present)
                dec->fresh[dec->n_fresh++] = row;
            if (h->rare_at != dec->done + 1)
                touch(dec, lane, row);
            TRY(psz_apply_turn(h, dec->done + 1, e));
        }
    for (size_t i = 0; i < dec->n_touched; i++)
        TRY(join_sums(lane, &dec->rows[dec->touched[i].row], e));
    if (lane->present > dec->rows_left)
        return psz_broken(e, "row numbers");
    if (lane->present > dec->limits.snapshot_rows)
        return err_set(e, ERR_LIMIT, "a capture of %zu rows, more than the %zu allowed",
                       lane->present, dec->limits.snapshot_rows);
    dec->rows_left -= lane->present;
    return 0;
}

/* ---- the order in which they stand ---- */

/* The rows that are there: first those of the snapshot before, as they stood, then the
 * new ones by tag. */
static size_t list_rows(struct psz_decoder *dec, const struct psz_lane *lane,
                        const struct psz_lane_rows *lr)
{
    size_t n = 0;
    if (lr->unordered) {
        for (size_t i = lr->first; i < lr->first + lr->n; i++)
            if (dec->rows[i].course.present)
                dec->places[n++].row = (uint32_t)i;
        return n;
    }
    for (size_t i = 0; i < lane->n_order; i++)
        if (dec->rows[lane->order[i]].course.present)
            dec->places[n++].row = lane->order[i];
    for (size_t i = 0; i < dec->n_fresh; i++)
        if (dec->rows[dec->fresh[i]].course.present)
            dec->places[n++].row = dec->fresh[i];
    return n;
}

/* Brings the lane's order up to date; *in tells what departs from the rule. */
static int order_rows(struct psz_decoder *dec, struct psz_lane *lane,
                      struct psz_lane_rows *lr, uint64_t order, struct psz_stream_in *in,
                      struct err *e)
{
    const enum psz_rule rule = (enum psz_rule)(order % PSZ_DEPARTS);
    const size_t n = list_rows(dec, lane, lr);
    for (size_t i = 0; i < n; i++) {
        struct psz_place *p = &dec->places[i];
        struct pool_row row;
        psz_row_join(&row, &dec->rows[p->row].course.now, &dec->rows[p->row].rare);
        *p = (struct psz_place){
            .key = psz_order_figure(&row, rule), .name = p->row, .row = p->row};
    }
    if (rule != PSZ_AS_BEFORE)
        psz_order_sort(dec->places, n, rule);
    if (order >= PSZ_DEPARTS)
        TRY(psz_order_read(in, dec->places, n, dec->places + dec->n_rows, e));
    void *v = lane->order;
    TRY(grow(&v, &lane->order_cap, n, sizeof *lane->order, e));
    lane->order = v;
    lane->n_order = n;
    for (size_t i = 0; i < n; i++)
        lane->order[i] = dec->places[i].row;
    lr->unordered = false;
    return 0;
}

/* Nobody asks how the rows stand, unless the next snapshot is ordered as this one.  What
 * departs from the rule is passed, and checked, all the same. */
static int postpone_order(struct psz_decoder *dec, struct psz_lane_rows *lr,
                          uint64_t order, struct err *e)
{
    lr->unordered = true;
    lr->departs = dec->order;
    if (order < PSZ_DEPARTS)
        return 0;
    memset(dec->places, 0, lr->present * sizeof *dec->places);
    return psz_order_read(&dec->order, dec->places, lr->present,
                          dec->places + dec->n_rows, e);
}

/* A snapshot that is ordered as the one before asks for the order of that one, whose
 * rows must not have changed yet. */
static int order_before(struct psz_decoder *dec, struct psz_lane *lane,
                        struct psz_lane_rows *lr, uint64_t order, struct err *e)
{
    if (!lr->unordered)
        return 0;
    dec->n_fresh = 0;
    return order_rows(dec, lane, lr, order, &lr->departs, e);
}

/* ---- a snapshot ---- */

static int emit_rows(struct psz_decoder *dec, const struct psz_lane *lane,
                     struct pool_snapshot *s, struct err *e)
{
    TRY(pool_snapshot_reserve(s, lane->n_order, e));
    s->chain.held_id = 0;
    for (size_t i = 0; i < lane->n_order; i++) {
        const struct psz_history *h = &dec->rows[lane->order[i]];
        struct pool_row *row = &s->rows[i];
        psz_show_row(h, row);
        TRY(psz_text_to(&dec->map, s, h->rare.driver, &row->driver, e));
        TRY(psz_text_to(&dec->map, s, h->rare.owner, &row->owner, e));
    }
    s->n_rows = lane->n_order;
    return 0;
}

/* The rows, in their order where it matters: as the next of a chain, or as they are. */
static int hand_rows(struct psz_decoder *dec, struct psz_lane *lane,
                     struct psz_lane_rows *lr, const struct psz_head_late *late,
                     struct pool_snapshot *s, struct err *e)
{
    const bool chained =
        lr->follow != NULL && lr->apart == 0 && !psz_head_irregular(late);
    const bool any_order =
        chained && dec->follows->any_order && s->completeness == COMPLETE_WHOLE;
    if (any_order && late->order % PSZ_DEPARTS != PSZ_AS_BEFORE)
        TRY(postpone_order(dec, lr, late->order, e));
    else
        TRY(order_rows(dec, lane, lr, late->order, &dec->order, e));
    if (chained)
        return psz_follow_hand(dec, lr, any_order ? NULL : lane->order,
                               late->first_row_line, s, e);
    psz_follow_leave(lr->follow);
    return emit_rows(dec, lane, s, e);
}

/* ---- a stretch of them ---- */

enum { PLAINLY = 1 }; /* what stands here is not for the short way */

static int read_next_stretch(void *ctx, struct err *e)
{
    struct psz_decoder *dec = ctx;
    return psz_unroll(dec, &dec->lane_rows[dec->only], dec->stretch[dec->at_hand].to,
                      &dec->stretch[!dec->at_hand], e);
}

void psz_decoder_rest(struct psz_decoder *dec)
{
    /* Faults come again to who reads there. */
    if (dec->ahead && worker_wait(dec->worker, NULL) == 0)
        dec->stretch[!dec->at_hand].to = 0;
    dec->ahead = false;
}

/* Takes the next stretch, and has the one behind it read beside what follows. */
static int next_stretch(struct psz_decoder *dec, const struct psz_lane_rows *lr,
                        struct err *e)
{
    const bool ahead = dec->ahead;
    dec->ahead = false;
    TRY(ahead ? worker_wait(dec->worker, e) : read_next_stretch(dec, e));
    dec->at_hand = !dec->at_hand;
    const struct psz_stretch *st = &dec->stretch[dec->at_hand];
    dec->ahead = dec->worker != NULL && !st->broken && st->to < lr->snapshots;
    if (dec->ahead)
        worker_do(dec->worker, read_next_stretch, dec);
    return 0;
}

/* Sets *st to the stretch that has the lane's capture `when`, or to NULL.  PLAINLY: the
 * rows are ahead of what the snapshot holds, or stand where nobody knows. */
static int stretch_with(struct psz_decoder *dec, const struct psz_lane_rows *lr,
                        uint32_t when, const struct pool_snapshot *s,
                        struct psz_stretch **st, struct err *e)
{
    *st = NULL;
    if (dec->plain || lr != &dec->lane_rows[dec->only])
        return 0;
    const bool held = psz_follow_holds(lr->follow, s);
    if (when >= dec->stretch[dec->at_hand].to && !dec->ahead) {
        if (!held)
            return 0;
        dec->stretch[dec->at_hand].to = when;
    }
    if (held && when >= dec->stretch[dec->at_hand].to)
        TRY(next_stretch(dec, lr, e));
    *st = &dec->stretch[dec->at_hand];
    return held && !(*st)->broken ? 0 : PLAINLY;
}

/* Its rows, any of which may be new or gone, in whatever order. */
static int hand_stretch(struct psz_decoder *dec, struct psz_lane_rows *lr,
                        const struct psz_stretch *st, uint32_t when,
                        const struct psz_head_late *late, struct pool_snapshot *s)
{
    const struct psz_news *news = &st->news[when - st->from];
    if (s->completeness != COMPLETE_WHOLE || psz_head_irregular(late) ||
        late->order >= PSZ_AS_BEFORE)
        return PLAINLY;
    lr->present = 0;
    for (int k = 0; k < POOL_KINDS; k++) {
        lr->listed[k] += news->listed[k];
        lr->bytes[k] += news->bytes[k];
        lr->present += lr->listed[k];
    }
    lr->huge += news->huge;
    if (lr->present > dec->rows_left || lr->present > dec->limits.snapshot_rows)
        return PLAINLY;
    dec->rows_left -= lr->present;
    psz_follow_stretch(dec, lr, st, when, late->first_row_line, s);
    return 0;
}

static int decode(struct psz_decoder *dec, struct pool_snapshot *s, struct err *e)
{
    uint64_t lane_no = psz_get(&dec->heads);
    if (lane_no >= dec->n_lanes)
        return psz_broken(e, "lanes");
    struct psz_lane *lane = &dec->lanes[lane_no];
    struct psz_lane_rows *lr = &dec->lane_rows[lane_no];
    struct psz_stretch *st;
    uint32_t when = lane->snapshots;
    if (when >= lr->snapshots)
        return psz_broken(e, "lanes");
    int r = stretch_with(dec, lr, when, s, &st, e);
    if (r != 0)
        return r;
    dec->map.now++;
    struct psz_head_late late;
    const uint64_t before = lane->v[VALUE_ORDER];
    TRY(psz_head_read(&dec->heads, &dec->map, lane, s, &late, e));
    if (late.order >= 2 * PSZ_DEPARTS || late.order % PSZ_DEPARTS >= PSZ_RULES)
        return psz_broken(e, "row orders");
    if (st != NULL) {
        r = hand_stretch(dec, lr, st, when, &late, s);
        if (r != 0)
            return r;
    } else {
        if (late.order % PSZ_DEPARTS == PSZ_AS_BEFORE)
            TRY(order_before(dec, lane, lr, before, e));
        TRY(apply_turns(dec, lr, when, e));
        TRY(hand_rows(dec, lane, lr, &late, s, e));
    }
    TRY(psz_head_read_late(&dec->heads, &dec->map, s, &late, e));
    TRY(psz_events_read(&dec->events, &dec->map, &dec->limits, s, e));
    psz_totals_read(lane, s, dec->missed[dec->done]);
    return 0;
}

/* From here on the block is read capture by capture. */
static int decode_plainly(struct psz_decoder *dec, struct pool_snapshot *s, struct err *e)
{
    psz_decoder_rest(dec);
    pool_snapshot_clear(s);
    TRY(psz_decode_at(dec, dec->payload, dec->payload_n, dec->done, e));
    dec->plain = true;
    return decode(dec, s, e);
}

int psz_decode_next(struct psz_decoder *dec, struct pool_snapshot *s, struct err *e)
{
    pool_snapshot_clear(s);
    if (dec->done < dec->snapshots) {
        int r = decode(dec, s, e);
        if (r == PLAINLY)
            r = decode_plainly(dec, s, e);
        dec->done += r == 0;
        return r == 0 ? 1 : r;
    }
    if (dec->snapshots > 0 &&
        (!psz_at_end(&dec->heads) || !psz_at_end(&dec->order) ||
         !psz_at_end(&dec->rare) || !psz_at_end(&dec->events) || dec->rows_left != 0))
        return psz_broken(e, "lengths");
    psz_follow_keep(dec);
    return 0;
}
