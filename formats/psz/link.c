/* SPDX-License-Identifier: MIT */
#include "formats/psz/link.h"

#include <stdlib.h>
#include <string.h>

#include "formats/psz/events.h"

/* A new row's name, and below it its place. */
#define FRESH_SHIFT 30
#define FRESH_ROW   (((size_t)1 << FRESH_SHIFT) - 1)

void psz_link_free(struct psz_link *l)
{
    psz_texts_free(&l->texts);
    psz_text_map_free(&l->map);
    psz_lane_free(&l->lane);
    free(l->places);
    free(l->busy);
    free(l->match);
    free(l->sorted);
    free(l->used);
    free(l->fresh);
    free(l->rows);
    free(l->rare);
    for (int i = 0; i < PSZ_STREAMS; i++)
        buf_free(&l->raw[i]);
    buf_free(&l->body);
    psz_zip_free(l->zip);
    *l = (struct psz_link){0};
}

/* ---- what both sides know ---- */

/* Busy rows first: those that change stand together, and so do changes of one size. */
static int sort_busy(struct psz_link *l, const struct pool_snapshot *s, struct err *e)
{
    size_t behind[65] = {0}, start = 0;
    TRY(psz_room(&l->busy, &l->busy_cap, s->n_rows, sizeof *l->busy, e));
    for (size_t i = 0; i < s->n_rows; i++)
        behind[psz_magnitude(s->rows[i].frees)]++;
    for (size_t m = 65; m-- > 0;) {
        size_t some = behind[m];
        behind[m] = start;
        start += some;
    }
    for (size_t i = 0; i < s->n_rows; i++)
        l->busy[behind[psz_magnitude(s->rows[i].frees)]++] = (uint32_t)i;
    return 0;
}

int psz_link_prime(struct psz_link *l, const struct pool_snapshot *before, struct err *e)
{
    uint64_t missed[TOTALS];
    uint32_t number;
    psz_texts_clear(&l->texts);
    psz_lane_free(&l->lane);
    if (before == NULL)
        return 0;
    l->lane = (struct psz_lane){
        .record = before->record, .scope = before->scope, .session = before->session};
    TRY(psz_texts_put(&l->texts, pool_snapshot_str(before, before->host), &l->lane.host,
                      e));
    l->body.n = 0;
    TRY(psz_head_write(&l->body, &l->texts, &l->lane, before, 0, e));
    psz_totals_write(&l->lane, before, missed);
    for (size_t i = 0; i < before->n_rows; i++) {
        const struct pool_row *row = &before->rows[i];
        TRY(psz_link_text(l, before, row->driver, &number, e));
        TRY(psz_link_text(l, before, row->owner, &number, e));
    }
    return sort_busy(l, before, e);
}

int psz_link_split(struct psz_link *l, const struct pool_snapshot *s,
                   const struct pool_row *row, struct psz_figures *f, struct psz_rare *r,
                   struct err *e)
{
    psz_row_split(row, f, r);
    TRY(psz_link_text(l, s, row->driver, &r->driver, e));
    return psz_link_text(l, s, row->owner, &r->owner, e);
}

/* ---- which row is which ---- */

static int by_number(const void *va, const void *vb)
{
    uint64_t a = *(const uint64_t *)va, b = *(const uint64_t *)vb;
    return a < b ? -1 : a > b;
}

/* The rows before by tag and pool, then as they stand. */
static int sort_before(struct psz_link *l, const struct pool_snapshot *before,
                       struct err *e)
{
    const size_t n = before->n_rows;
    TRY(psz_room(&l->sorted, &l->sorted_cap, n, sizeof *l->sorted, e));
    TRY(psz_room(&l->used, &l->used_cap, n, sizeof *l->used, e));
    for (size_t i = 0; i < n; i++)
        l->sorted[i] = psz_row_name(&before->rows[i]) << FRESH_SHIFT | i;
    qsort(l->sorted, n, sizeof *l->sorted, by_number);
    memset(l->used, 0, n * sizeof *l->used);
    return 0;
}

/* The first row before of that tag and pool that is not taken. */
static uint32_t find_row(const struct psz_link *l, size_t n, const uint32_t *taken,
                         uint64_t name)
{
    size_t low = 0, high = n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (l->sorted[middle] >> FRESH_SHIFT < name)
            low = middle + 1;
        else
            high = middle;
    }
    /* One key may stand there many times: where it begins stands how many are taken. */
    for (size_t at = low < n ? low + l->used[low] : n;
         at < n && l->sorted[at] >> FRESH_SHIFT == name; at++) {
        const uint32_t row = (uint32_t)(l->sorted[at] & FRESH_ROW);
        if (taken[row] == PSZ_NO_ROW)
            return row;
        l->used[low] = (uint32_t)(at + 1 - low);
    }
    return PSZ_NO_ROW;
}

/* match[i] is the row before of row i, match[n_rows + k] the row of row before k. */
static int match_rows(struct psz_link *l, const struct pool_snapshot *before,
                      const struct pool_snapshot *s, struct err *e)
{
    size_t n = before == NULL ? 0 : before->n_rows, next = 0;
    if (n + s->n_rows > FRESH_ROW)
        return err_set(e, ERR_LIMIT, "one capture has too many rows for a block");
    TRY(psz_room(&l->match, &l->match_cap, n + s->n_rows, sizeof *l->match, e));
    memset(l->match, 0xff, (n + s->n_rows) * sizeof *l->match);
    if (n == 0)
        return 0;
    uint32_t *taken = l->match + s->n_rows;
    TRY(sort_before(l, before, e));
    for (size_t i = 0; i < s->n_rows; i++) {
        uint64_t name = psz_row_name(&s->rows[i]);
        uint32_t at = (uint32_t)next;
        /* Most rows stand behind the row that they stood behind before. */
        if (next >= n || taken[next] != PSZ_NO_ROW ||
            psz_row_name(&before->rows[next]) != name)
            at = find_row(l, n, taken, name);
        l->match[i] = at;
        if (at == PSZ_NO_ROW)
            continue;
        taken[at] = (uint32_t)i;
        next = (size_t)at + 1;
    }
    return 0;
}

/* ---- streams ---- */

static int write_rare(const struct psz_rare *r, uint64_t gap, struct buf *out,
                      struct err *e)
{
    TRY(buf_varint(out, gap, e));
    return psz_rare_write(r, out, e);
}

static int write_change(struct psz_link *l, const struct psz_figures *was,
                        const struct psz_figures *is, bool wide, struct err *e)
{
    uint64_t live = psz_change(is->live, was->live, wide);
    uint64_t rest = is->bytes - was->bytes - psz_bytes_guess(was->bytes, was->live, live);
    uint64_t code = psz_residual_code(rest);
    TRY(buf_varint(&l->raw[PSZ_ALLOCS],
                   psz_zigzag(psz_change(is->allocs, was->allocs, wide)), e));
    TRY(buf_varint(&l->raw[PSZ_LIVE], psz_zigzag(live), e));
    TRY(buf_varint(&l->raw[PSZ_BYTES], code, e));
    return code == PSZ_RESIDUAL_RAW ? buf_varint(&l->raw[PSZ_BYTES], rest, e) : 0;
}

/* Rows that were there before: changed, gone, or of another rare kind. */
static int write_known(struct psz_link *l, const struct pool_snapshot *before,
                       const struct pool_snapshot *s, uint64_t *next_rare, struct err *e)
{
    uint64_t next = 0;
    size_t n = before == NULL ? 0 : before->n_rows;
    for (size_t k = 0; k < n; k++) {
        uint32_t at = l->busy[k], now = l->match[s->n_rows + at];
        struct psz_figures was, is;
        struct psz_rare had, has;
        TRY(psz_link_split(l, before, &before->rows[at], &was, &had, e));
        is = was;
        has = had;
        if (now != PSZ_NO_ROW)
            TRY(psz_link_split(l, s, &s->rows[now], &is, &has, e));
        if (!psz_rare_equal(&had, &has)) {
            TRY(write_rare(&has, k - *next_rare, &l->raw[PSZ_RARE], e));
            *next_rare = k + 1;
        }
        if (now != PSZ_NO_ROW && was.allocs == is.allocs && was.live == is.live &&
            was.bytes == is.bytes)
            continue;
        TRY(buf_varint(&l->raw[PSZ_FLAGS], k - next, e));
        next = k + 1;
        TRY(write_change(l, &was, &is, psz_wide(&had) || psz_wide(&has), e));
    }
    return 0;
}

/* New rows are numbered by tag and pool, then as they stand. */
static int sort_new(struct psz_link *l, const struct pool_snapshot *s, struct err *e)
{
    l->n_fresh = 0;
    TRY(psz_room(&l->fresh, &l->fresh_cap, s->n_rows, sizeof *l->fresh, e));
    for (size_t i = 0; i < s->n_rows; i++)
        if (l->match[i] == PSZ_NO_ROW)
            l->fresh[l->n_fresh++] = psz_row_name(&s->rows[i]) << FRESH_SHIFT | i;
    if (l->n_fresh > 1)
        qsort(l->fresh, l->n_fresh, sizeof *l->fresh, by_number);
    return 0;
}

/* As the keys of a block: what a tag shares with the one before it, one column each. */
static int write_keys(struct psz_link *l, const struct pool_snapshot *s, struct err *e)
{
    struct buf *out = &l->raw[PSZ_KEYS];
    for (int column = 0; column < 3; column++) {
        const uint8_t *before = (const uint8_t[4]){0};
        for (size_t i = 0; i < l->n_fresh; i++) {
            const struct pool_row *row = &s->rows[l->fresh[i] & FRESH_ROW];
            const uint8_t *tag = row->tag.b;
            unsigned same = 0;
            while (same < 4 && tag[same] == before[same])
                same++;
            if (column == 0)
                TRY(buf_byte(out, (uint8_t)(same | (unsigned)row->pool << 3), e));
            if (column == 1 && same < 4)
                TRY(buf_byte(out, (uint8_t)(tag[same] - before[same]), e));
            if (column == 2 && same < 3)
                TRY(buf_append(out, tag + same + 1, 3 - same, e));
            before = tag;
        }
    }
    return 0;
}

static int write_first(struct psz_link *l, const struct pool_snapshot *s, struct err *e)
{
    struct buf *out = &l->raw[PSZ_FIRST];
    for (int column = 0; column < 4; column++)
        for (size_t i = 0; i < l->n_fresh; i++) {
            struct psz_figures f;
            struct psz_rare r;
            psz_row_split(&s->rows[l->fresh[i] & FRESH_ROW], &f, &r);
            const uint64_t v[4] = {f.live, f.live == 0 ? f.bytes : f.bytes / f.live,
                                   f.live == 0 ? 0 : f.bytes % f.live,
                                   psz_changed(f.allocs, 0 - f.live, psz_wide(&r))};
            TRY(buf_varint(out, v[column], e));
        }
    return 0;
}

static int write_new(struct psz_link *l, const struct pool_snapshot *s, uint64_t number,
                     const struct psz_rare *base, uint64_t *next_rare, struct err *e)
{
    TRY(sort_new(l, s, e));
    TRY(write_keys(l, s, e));
    TRY(write_first(l, s, e));
    for (size_t i = 0; i < l->n_fresh; i++, number++) {
        struct psz_figures unused;
        struct psz_rare r;
        TRY(psz_link_split(l, s, &s->rows[l->fresh[i] & FRESH_ROW], &unused, &r, e));
        if (psz_rare_equal(base, &r))
            continue;
        TRY(write_rare(&r, number - *next_rare, &l->raw[PSZ_RARE], e));
        *next_rare = number + 1;
    }
    return 0;
}

/* Behind write_new: rows that tie are told apart by their numbers. */
static int write_order(struct psz_link *l, const struct pool_snapshot *s, size_t known,
                       uint64_t *order, struct err *e)
{
    for (size_t i = 0; i < l->n_fresh; i++)
        l->match[l->fresh[i] & FRESH_ROW] = (uint32_t)(known + i);
    TRY(psz_room(&l->places, &l->places_cap, 2 * s->n_rows, sizeof *l->places, e));
    for (size_t i = 0; i < s->n_rows; i++) {
        l->places[i] =
            (struct psz_place){.key = l->match[i] < known ? l->match[i] : UINT64_MAX,
                               .name = psz_row_name(&s->rows[i]),
                               .copy = l->match[i],
                               .row = (uint32_t)i};
    }
    return psz_order_write(s, l->places, PSZ_BY_BYTES, l->places + s->n_rows,
                           &l->raw[PSZ_ORDER], order, e);
}

static int write_lane(struct psz_link *l, const struct pool_snapshot *s, struct err *e)
{
    struct buf *out = &l->raw[PSZ_HEADS];
    l->lane =
        (struct psz_lane){.record = s->record, .scope = s->scope, .session = s->session};
    TRY(psz_texts_put(&l->texts, pool_snapshot_str(s, s->host), &l->lane.host, e));
    TRY(buf_varint(out, l->lane.host, e));
    TRY(buf_varint(out, (uint64_t)s->record, e));
    TRY(buf_varint(out, (uint64_t)s->scope, e));
    return buf_varint(out, s->session, e);
}

/* ---- the whole ---- */

static int pack(struct psz_link *l, uint64_t rows, const struct psz_rare *base,
                struct buf *out, struct err *e)
{
    l->body.n = 0;
    TRY(buf_varint(&l->body, rows, e));
    TRY(buf_varint(&l->body, l->n_fresh, e));
    TRY(buf_varint(&l->body, base->fields, e));
    TRY(buf_byte(&l->body, base->form, e));
    for (int i = 0; i < PSZ_STREAMS; i++)
        TRY(buf_varint(&l->body, l->raw[i].n, e));
    for (int i = 0; i < PSZ_STREAMS; i++)
        if (l->raw[i].n > 0)
            TRY(buf_append(&l->body, l->raw[i].p, l->raw[i].n, e));
    if (l->body.n > PSZ_RAW_MAX)
        return err_set(e, ERR_LIMIT, "a capture of %zu bytes is more than readers take",
                       l->body.n);
    TRY(buf_varint(out, l->body.n, e));
    return psz_deflate(&l->zip, l->body.p, l->body.n, out, e);
}

int psz_link_write(struct psz_link *l, const struct pool_snapshot *before,
                   const struct pool_snapshot *s, struct buf *out, struct err *e)
{
    const char *wrong = pool_snapshot_valid(s);
    if (wrong != NULL)
        return err_set(e, ERR_BUG, "a capture cannot be archived: %s", wrong);
    for (int i = 0; i < PSZ_STREAMS; i++)
        l->raw[i].n = 0;
    TRY(psz_link_prime(l, before, e));
    uint32_t texts = (uint32_t)l->texts.n;
    if (before == NULL)
        TRY(write_lane(l, s, e));
    TRY(match_rows(l, before, s, e));
    struct psz_figures unused;
    struct psz_rare base = {0};
    if (s->n_rows > 0)
        psz_row_split(&s->rows[0], &unused, &base);
    base = (struct psz_rare){.fields = base.fields, .form = base.form};
    uint64_t next_rare = 0, order, missed[TOTALS];
    size_t known = before == NULL ? 0 : before->n_rows;
    TRY(write_known(l, before, s, &next_rare, e));
    TRY(write_new(l, s, known, &base, &next_rare, e));
    TRY(write_order(l, s, known, &order, e));
    TRY(psz_head_write(&l->raw[PSZ_HEADS], &l->texts, &l->lane, s, order, e));
    psz_totals_write(&l->lane, s, missed);
    for (unsigned t = 0; t < TOTALS; t++)
        TRY(buf_varint(&l->raw[PSZ_TOTALS], psz_zigzag(missed[t]), e));
    TRY(psz_events_write(&l->raw[PSZ_EVENTS], &l->texts, s, e));
    TRY(psz_texts_write_from(&l->texts, texts, &l->raw[PSZ_STRINGS], e));
    return pack(l, s->n_rows, &base, out, e);
}
