/* SPDX-License-Identifier: MIT */
#include "formats/psz/history.h"

#include <stdlib.h>

#include "formats/psz/decoder.h"

#define BIT(stream) ((uint32_t)1 << (stream))
#define HEAD_BITS   (BIT(PSZ_STRINGS) | BIT(PSZ_KEYS) | BIT(PSZ_HEADS))
#define ROW_BITS                                                                         \
    (HEAD_BITS | BIT(PSZ_FLAGS) | BIT(PSZ_FIRST) | BIT(PSZ_LIVE) | BIT(PSZ_BYTES))

/* What the caller did not want is not there. */
static void leave_out(struct pool_row *row, const struct psz_want *want)
{
    row->driver = row->owner = 0;
    row->line = 0;
    if (want->counters)
        return;
    row->fields &= (uint16_t) ~(ROW_ALLOCS | ROW_FREES);
    row->allocs = row->frees = 0;
}

bool psz_history_row(const struct pool_snapshot *s, const struct psz_want *want,
                     struct pool_row *row)
{
    for (size_t i = 0; i < s->n_rows; i++) {
        const struct pool_row *r = pool_row_at(s, i);
        if (r->pool != want->pool || tag_key(r->tag) != tag_key(want->tag))
            continue;
        *row = *r;
        leave_out(row, want);
        return true;
    }
    return false;
}

/* ---- the plain way ---- */

static int plainly(struct psz_decoder *dec, const uint8_t *p, size_t n, uint32_t told,
                   const struct psz_want *want, psz_on_point *on, void *ctx,
                   struct err *e)
{
    struct pool_snapshot s = {0};
    struct pool_row row;
    int r = psz_decode_at(dec, p, n, told, e);
    while (r >= 0 && (r = psz_decode_next(dec, &s, e)) > 0) {
        struct psz_point at = {.s = &s};
        at.row = psz_history_row(&s, want, &row) ? &row : NULL;
        r = on(ctx, &at, e);
    }
    pool_snapshot_free(&s);
    return r;
}

/* ---- that row alone ---- */

struct found {
    uint32_t told; /* points so far */
    size_t *row;   /* of each lane, or SIZE_MAX */
    uint16_t *turns;
    size_t *busy;
};

/* True when no row of the block ever goes: then as many rows are listed as there are
 * captures from the first turn of each on.  A turn without any change is a row that is
 * gone, and whether allocations changed only their own stream tells. */
static bool nobody_goes(const struct psz_decoder *dec)
{
    uint64_t most = 0;
    for (size_t l = 0; l < dec->n_lanes; l++) {
        const struct psz_lane_rows *lane = &dec->lane_rows[l];
        const uint8_t *flags = dec->stream[PSZ_FLAGS] + lane->flags;
        for (size_t i = 0; i < lane->n; i++, flags += lane->stride) {
            uint32_t when = 0;
            while (when < lane->snapshots && !(flags[when / 8] >> when % 8 & 1))
                when++;
            most += lane->snapshots - when;
        }
    }
    return most == dec->rows_left;
}

/* The changes of the rows that are wanted, found behind those of busier rows. */
static int find_changes(struct psz_decoder *dec, const struct found *f, bool counters,
                        struct err *e)
{
    static const uint8_t no_change[PSZ_BLOCK_SNAPSHOTS];
    struct psz_stream_in live = psz_stream_of(dec, PSZ_LIVE),
                         bytes = psz_stream_of(dec, PSZ_BYTES), allocs = {0};
    if (counters)
        allocs = psz_stream_of(dec, PSZ_ALLOCS);
    size_t left = 0;
    for (size_t l = 0; l < dec->n_lanes; l++)
        left += f->row[l] != SIZE_MAX;
    size_t passed = 0;
    for (size_t i = 0; i < dec->n_rows && left > 0; i++) {
        size_t at = f->busy[i], n = f->turns[at] - 1u;
        bool wanted = false;
        for (size_t l = 0; l < dec->n_lanes; l++)
            wanted |= f->row[l] == at;
        if (!wanted) {
            passed += n;
            continue;
        }
        struct psz_history *h = &dec->rows[at];
        (void)psz_cut_varints(&live, passed, false);
        (void)psz_cut_varints(&bytes, passed, true);
        h->course.live = psz_cut_varints(&live, n, false);
        h->course.bytes = psz_cut_varints(&bytes, n, true);
        h->course.allocs = (struct psz_stream_in){.p = no_change, .end = no_change + n};
        if (counters) {
            (void)psz_cut_varints(&allocs, passed, false);
            h->course.allocs = psz_cut_varints(&allocs, n, false);
        }
        passed = 0;
        left--;
    }
    return live.bad || bytes.bad || allocs.bad ? psz_broken(e, "changes") : 0;
}

static void find_rows(const struct psz_decoder *dec, const struct psz_want *want,
                      size_t *row)
{
    for (size_t l = 0; l < dec->n_lanes; l++) {
        const struct psz_lane_rows *lane = &dec->lane_rows[l];
        row[l] = SIZE_MAX;
        for (size_t i = lane->first; i < lane->first + lane->n && row[l] == SIZE_MAX; i++)
            if (dec->rows[i].pool == want->pool &&
                tag_key(dec->rows[i].tag) == tag_key(want->tag))
                row[l] = i;
    }
}

/* The row's next turn, if it has one in this capture of its lane. */
static int turn(struct psz_decoder *dec, size_t lane_no, uint32_t when, size_t row,
                bool counters, struct err *e)
{
    const struct psz_lane_rows *lane = &dec->lane_rows[lane_no];
    const uint8_t *flags = dec->stream[PSZ_FLAGS] + lane->flags +
                           (row - lane->first) * lane->stride + when / 8;
    if (!(*flags >> when % 8 & 1))
        return 0;
    TRY(psz_apply_turn(&dec->rows[row], 0, e));
    if (!counters)
        dec->rows[row].course.present = true;
    return 0;
}

static int emit(struct psz_decoder *dec, struct found *f, const struct psz_want *want,
                bool counters, psz_on_point *on, void *ctx, struct err *e)
{
    struct pool_snapshot s = {0};
    struct psz_head_late late;
    size_t lane;
    int r = 1;
    while (dec->done < dec->snapshots && r > 0) {
        struct psz_point at = {.s = &s};
        struct pool_row row = {.tag = want->tag, .pool = (uint8_t)want->pool};
        r = psz_pass_head(dec, &s, &late, &lane, e);
        if (r <= 0)
            break;
        if (f->row[lane] != SIZE_MAX) {
            struct psz_history *h = &dec->rows[f->row[lane]];
            r = turn(dec, lane, dec->lanes[lane].snapshots - 1, f->row[lane], counters,
                     e);
            if (r == 0 && h->course.present && (counters || h->rare.form == 0) &&
                psz_counters_broken(&h->course.now, &h->rare))
                r = psz_broken(e, "counters");
            psz_row_join(&row, &h->course.now, &h->rare);
            leave_out(&row, want);
            at.row = h->course.present ? &row : NULL;
        }
        f->told++;
        r = r < 0 ? r : on(ctx, &at, e);
        r = r < 0 ? r : 1;
    }
    pool_snapshot_free(&s);
    return r;
}

/* 1; or 0, perhaps after some points, when the block must be read plainly. */
static int alone(struct psz_decoder *dec, const uint8_t *p, size_t n,
                 const struct psz_want *want, struct found *f, psz_on_point *on,
                 void *ctx, struct err *e)
{
    bool counters = want->counters;
    TRY(psz_unpack(dec, p, n, ROW_BITS | (counters ? BIT(PSZ_ALLOCS) : 0), e));
    if (dec->stream_n[PSZ_RARE] != 0 || dec->stream_n[PSZ_EVENTS] != 0 ||
        dec->stream_n[PSZ_ORDER] != 0)
        return 0;
    if (!counters && !nobody_goes(dec)) {
        counters = true;
        TRY(psz_unpack(dec, p, n, ROW_BITS | BIT(PSZ_ALLOCS), e));
    }
    f->row = calloc(dec->n_lanes, sizeof *f->row);
    f->turns = calloc(dec->n_rows + 1, sizeof *f->turns);
    f->busy = calloc(dec->n_rows + 1, sizeof *f->busy);
    if (f->row == NULL || f->turns == NULL || f->busy == NULL)
        return err_nomem(e);
    TRY(psz_read_first(dec, e));
    TRY(psz_count_turns(dec, f->turns, e));
    psz_sort_busy(dec, f->busy);
    find_rows(dec, want, f->row);
    TRY(find_changes(dec, f, counters, e));
    return emit(dec, f, want, counters, on, ctx, e);
}

int psz_block_history(struct psz_decoder *dec, const uint8_t *p, size_t n,
                      const struct psz_want *want, psz_on_point *on, void *ctx,
                      struct err *e)
{
    struct found f = {0};
    int r = alone(dec, p, n, want, &f, on, ctx, e);
    free(f.row);
    free(f.turns);
    free(f.busy);
    if (r == 0)
        r = plainly(dec, p, n, f.told, want, on, ctx, e);
    return r < 0 ? r : 0;
}

int psz_block_heads(struct psz_decoder *dec, const uint8_t *p, size_t n, psz_on_point *on,
                    void *ctx, struct err *e)
{
    struct pool_snapshot s = {0};
    struct psz_head_late late;
    size_t lane;
    int r = psz_unpack(dec, p, n, HEAD_BITS, e);
    if (r == 0)
        r = 1;
    while (r > 0 && dec->done < dec->snapshots) {
        r = psz_pass_head(dec, &s, &late, &lane, e);
        if (r > 0)
            r = on(ctx, &(struct psz_point){.s = &s}, e) < 0 ? ERR_BUG : 1;
    }
    pool_snapshot_free(&s);
    return r;
}

/* ---- heads alone ---- */

int psz_heads_open(struct psz_decoder *dec, const uint8_t *p, size_t n,
                   bool (*wanted)(const void *ctx, const struct pool_time *t),
                   const void *ctx, struct err *e)
{
    struct err own = {0};
    struct pool_snapshot s = {0};
    struct psz_head_late late;
    size_t lane;
    psz_decoder_rest(dec);
    int r = psz_unpack(dec, p, n, HEAD_BITS, &own);
    for (r = r == 0 ? 1 : r; r > 0 && dec->done < dec->snapshots;) {
        r = psz_pass_head(dec, &s, &late, &lane, &own);
        if (r > 0 && wanted(ctx, &s.time))
            r = 0;
    }
    pool_snapshot_free(&s);
    if (r == 1)
        r = psz_at_end(&dec->heads) && psz_unpack(dec, p, n, HEAD_BITS, &own) == 0;
    return own.code == ERR_NOMEM ? err_nomem(e) : r == 1;
}

int psz_heads_next(struct psz_decoder *dec, struct pool_snapshot *s, struct err *e)
{
    struct psz_head_late late;
    size_t lane;
    if (dec->done == dec->snapshots)
        return 0;
    TRY(psz_pass_head(dec, s, &late, &lane, e));
    s->totals.given = 0;
    return 1;
}
