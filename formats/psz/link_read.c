/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "formats/psz/events.h"
#include "formats/psz/format.h"
#include "formats/psz/keys.h"
#include "formats/psz/link.h"

#define RATIO_MAX 1032

struct reading {
    struct psz_link *l;
    const struct pool_snapshot *before; /* or NULL */
    struct psz_stream_in in[PSZ_STREAMS];
    uint64_t rows, fresh; /* of the capture, and how many are new, as promised */
    struct psz_rare base;
    size_t known, n; /* rows before; with the new ones behind them */
};

static int unpack(struct reading *r, const uint8_t *p, size_t n, struct err *e)
{
    struct psz_stream_in in = {.p = p, .end = p + n};
    uint64_t raw = psz_get(&in);
    size_t packed = (size_t)(in.end - in.p);
    if (in.bad || raw > PSZ_RAW_MAX || packed > raw || raw > packed * RATIO_MAX + 64)
        return psz_broken(e, "stream sizes");
    r->l->body.n = 0;
    TRY(buf_reserve(&r->l->body, (size_t)raw + 1, e));
    TRY(psz_inflate(&r->l->zip, in.p, packed, r->l->body.p, (size_t)raw, e));
    in = (struct psz_stream_in){.p = r->l->body.p, .end = r->l->body.p + raw};
    r->rows = psz_get(&in);
    r->fresh = psz_get(&in);
    uint64_t fields = psz_get(&in), form = psz_get(&in), length[PSZ_STREAMS];
    for (int i = 0; i < PSZ_STREAMS; i++)
        length[i] = psz_get(&in);
    if (in.bad || (fields & ~(uint64_t)ROW_ALL) != 0 || form >= PSZ_FORMS - 1)
        return psz_broken(e, "head");
    r->base = (struct psz_rare){.fields = (uint16_t)fields, .form = (uint8_t)form};
    for (int i = 0; i < PSZ_STREAMS; i++) {
        const uint8_t *at = psz_get_bytes(&in, length[i]);
        if (at == NULL)
            return psz_broken(e, "stream sizes");
        r->in[i] = (struct psz_stream_in){.p = at, .end = at + length[i]};
    }
    return psz_at_end(&in) ? 0 : psz_broken(e, "stream sizes");
}

static int read_lane(struct reading *r, struct err *e)
{
    struct psz_stream_in *in = &r->in[PSZ_HEADS];
    uint64_t host = psz_get(in), record = psz_get(in);
    uint64_t scope = psz_get(in), session = psz_get(in);
    if (in->bad || (host != 0 && host >= r->l->texts.n) || record > RECORD_EVENTS ||
        scope > SCOPE_SESSION || session > UINT32_MAX)
        return psz_broken(e, "lanes");
    r->l->lane = (struct psz_lane){.host = (uint32_t)host,
                                   .record = (enum pool_record)record,
                                   .scope = (enum pool_scope)scope,
                                   .session = (uint32_t)session};
    return 0;
}

/* ---- rows ---- */

/* The rows before, as they stood, and room for the new ones. */
static int take_rows(struct reading *r, const struct limits *limits, struct err *e)
{
    struct psz_link *l = r->l;
    r->known = r->before == NULL ? 0 : r->before->n_rows;
    if (r->fresh > (uint64_t)(r->in[PSZ_KEYS].end - r->in[PSZ_KEYS].p))
        return psz_broken(e, "row numbers");
    r->n = r->known + (size_t)r->fresh;
    if (r->rows > r->n || r->n >= PSZ_NO_ROW ||
        (l->lane.record != RECORD_CAPTURE && r->rows > 0))
        return psz_broken(e, "row numbers");
    if (r->rows > limits->snapshot_rows)
        return err_set(e, ERR_LIMIT,
                       "%llu rows in one capture, more than the %zu allowed",
                       (unsigned long long)r->rows, limits->snapshot_rows);
    TRY(psz_room(&l->rows, &l->rows_cap, r->n, sizeof *l->rows, e));
    TRY(psz_room(&l->rare, &l->rare_cap, r->n, sizeof *l->rare, e));
    TRY(psz_room(&l->match, &l->match_cap, r->n, sizeof *l->match, e));
    TRY(psz_room(&l->places, &l->places_cap, 2 * r->n, sizeof *l->places, e));
    memset(l->match, 0, r->n * sizeof *l->match);
    if (r->known > 0)
        memcpy(l->rows, r->before->rows, r->known * sizeof *l->rows);
    for (size_t i = 0; i < r->known; i++) { /* numbers until the texts are set */
        const struct pool_row *row = &r->before->rows[i];
        TRY(psz_link_text(l, r->before, row->driver, &l->rows[i].driver, e));
        TRY(psz_link_text(l, r->before, row->owner, &l->rows[i].owner, e));
    }
    return 0;
}

/* A row's number in the link to where it stands in l->rows. */
static size_t place_of(const struct reading *r, uint64_t number)
{
    return number < r->known ? r->l->busy[number] : (size_t)number;
}

/* The rare rest of rows that have a new one; match tells which. */
static int read_rares(struct reading *r, struct err *e)
{
    struct psz_stream_in *in = &r->in[PSZ_RARE];
    uint64_t next = 0;
    while (in->p < in->end) {
        uint64_t at = next + psz_get(in);
        if (in->bad || at < next || at >= r->n)
            return psz_broken(e, "rare rows");
        TRY(psz_rare_read(in, &r->l->rare[place_of(r, at)], e));
        r->l->match[place_of(r, at)] = 1;
        next = at + 1;
    }
    return 0;
}

static int join(struct pool_row *row, const struct psz_figures *f,
                const struct psz_rare *rare, struct err *e)
{
    if (psz_counters_broken(f, rare))
        return psz_broken(e, "counters");
    psz_row_join(row, f, rare);
    row->driver = rare->driver;
    row->owner = rare->owner;
    return 0;
}

/* Makes a row before anew, with its change when it has one. */
static int change_row(struct reading *r, size_t at, bool changed, bool *gone,
                      struct err *e)
{
    struct psz_figures f;
    struct psz_rare had, has;
    *gone = false;
    TRY(psz_link_split(r->l, r->before, &r->before->rows[at], &f, &had, e));
    has = r->l->match[at] ? r->l->rare[at] : had;
    if (changed) {
        bool wide = psz_wide(&had) || psz_wide(&has);
        struct psz_stream_in *bytes = &r->in[PSZ_BYTES];
        uint64_t allocs = psz_unzigzag(psz_get(&r->in[PSZ_ALLOCS]));
        uint64_t live = psz_unzigzag(psz_get(&r->in[PSZ_LIVE]));
        uint64_t code = psz_get(bytes);
        uint64_t rest = code == PSZ_RESIDUAL_RAW ? psz_get(bytes) : psz_residual(code);
        *gone = allocs == 0 && live == 0 && rest == 0;
        f.bytes += psz_bytes_guess(f.bytes, f.live, live) + rest;
        f.allocs = psz_changed(f.allocs, allocs, wide);
        f.live = psz_changed(f.live, live, wide);
    }
    return *gone ? 0 : join(&r->l->rows[at], &f, &has, e);
}

static void place_row(struct reading *r, size_t at, size_t *n)
{
    const struct pool_row *row = &r->l->rows[at];
    r->l->places[(*n)++] = (struct psz_place){.key = at < r->known ? at : UINT64_MAX,
                                              .name = psz_row_name(row),
                                              .copy = (uint32_t)at,
                                              .row = (uint32_t)at};
}

static int change_rows(struct reading *r, size_t *n, struct err *e)
{
    struct psz_stream_in *in = &r->in[PSZ_FLAGS];
    uint64_t next = in->p < in->end ? psz_get(in) : UINT64_MAX;
    for (size_t k = 0; k < r->known; k++) {
        size_t at = r->l->busy[k];
        bool changed = k == next, gone = false;
        if (changed)
            next = in->p < in->end ? k + 1 + psz_get(in) : UINT64_MAX;
        if (changed || r->l->match[at])
            TRY(change_row(r, at, changed, &gone, e));
        r->l->match[at] = gone;
    }
    if (next != UINT64_MAX || !psz_at_end(in) || !psz_at_end(&r->in[PSZ_ALLOCS]) ||
        !psz_at_end(&r->in[PSZ_LIVE]) || !psz_at_end(&r->in[PSZ_BYTES]))
        return psz_broken(e, "changes");
    for (size_t at = 0; at < r->known; at++)
        if (!r->l->match[at])
            place_row(r, at, n);
    return 0;
}

static int read_keys(struct reading *r, struct err *e)
{
    struct psz_keys_in k;
    TRY(psz_keys_begin(&k, r->in[PSZ_KEYS], r->n - r->known, e));
    for (size_t i = r->known; i < r->n; i++) {
        struct pool_row *row = &r->l->rows[i];
        *row = (struct pool_row){.fields = 0};
        TRY(psz_keys_next(&k, &row->tag, &row->pool, e));
    }
    return psz_keys_end(&k, e);
}

static int add_rows(struct reading *r, size_t *n, struct err *e)
{
    struct psz_stream_in in[4] = {r->in[PSZ_FIRST]};
    size_t fresh = r->n - r->known;
    TRY(read_keys(r, e));
    for (int column = 1; column < 4; column++) {
        in[column] = in[column - 1];
        for (size_t i = 0; i < fresh; i++)
            (void)psz_get(&in[column]);
    }
    for (size_t at = r->known; at < r->n; at++) {
        const struct psz_rare *rare = r->l->match[at] ? &r->l->rare[at] : &r->base;
        bool wide = psz_wide(rare);
        uint64_t live = psz_get(&in[0]), size = psz_get(&in[1]), rest = psz_get(&in[2]);
        struct psz_figures f = {.live = wide ? live : live & UINT32_MAX};
        f.allocs = psz_changed(psz_get(&in[3]), f.live, wide);
        f.bytes = f.live == 0 ? size : f.live * size + rest;
        TRY(join(&r->l->rows[at], &f, rare, e));
        place_row(r, at, n);
    }
    return psz_at_end(&in[3]) && psz_at_end(&r->in[PSZ_RARE]) ? 0
                                                              : psz_broken(e, "new rows");
}

/* ---- the order in which they stand ---- */

static int emit_rows(struct reading *r, struct pool_snapshot *s, size_t n, uint64_t order,
                     struct err *e)
{
    struct psz_link *l = r->l;
    enum psz_rule rule = (enum psz_rule)(order % PSZ_DEPARTS);
    if (order >= 2 * PSZ_DEPARTS || rule >= PSZ_RULES || n != r->rows)
        return psz_broken(e, "row orders");
    for (size_t i = 0; i < n && rule != PSZ_AS_BEFORE; i++)
        l->places[i].key = psz_order_figure(&l->rows[l->places[i].row], rule);
    psz_order_sort(l->places, n, rule);
    if (order >= PSZ_DEPARTS)
        TRY(psz_order_read(&r->in[PSZ_ORDER], l->places, n, l->places + n, e));
    TRY(pool_snapshot_reserve(s, n, e));
    s->chain.held_id = 0;
    for (size_t i = 0; i < n; i++) {
        struct pool_row *row = &s->rows[i];
        *row = l->rows[l->places[i].row];
        TRY(psz_text_to(&l->map, s, row->driver, &row->driver, e));
        TRY(psz_text_to(&l->map, s, row->owner, &row->owner, e));
    }
    s->n_rows = n;
    return psz_at_end(&r->in[PSZ_ORDER]) ? 0 : psz_broken(e, "row orders");
}

static int read_totals(struct reading *r, struct pool_snapshot *s, struct err *e)
{
    uint64_t missed[TOTALS];
    for (unsigned t = 0; t < TOTALS; t++)
        missed[t] = psz_unzigzag(psz_get(&r->in[PSZ_TOTALS]));
    psz_totals_read(&r->l->lane, s, missed);
    return psz_at_end(&r->in[PSZ_TOTALS]) ? 0 : psz_broken(e, "totals");
}

int psz_link_read(struct psz_link *l, const struct pool_snapshot *before,
                  const uint8_t *p, size_t n, const struct limits *limits,
                  struct pool_snapshot *s, struct err *e)
{
    struct reading r = {.l = l, .before = before};
    struct psz_head_late late;
    size_t rows = 0;
    pool_snapshot_clear(s);
    TRY(psz_link_prime(l, before, e)); /* which needs the body for a moment */
    TRY(unpack(&r, p, n, e));
    TRY(psz_texts_read_more(&l->texts, &r.in[PSZ_STRINGS], e));
    if (!psz_at_end(&r.in[PSZ_STRINGS]))
        return psz_broken(e, "texts");
    if (before == NULL)
        TRY(read_lane(&r, e));
    TRY(take_rows(&r, limits, e));
    TRY(psz_text_map_init(&l->map, &l->texts, e));
    l->map.now = 1;
    TRY(psz_head_read(&r.in[PSZ_HEADS], &l->map, &l->lane, s, &late, e));
    TRY(read_rares(&r, e));
    TRY(change_rows(&r, &rows, e));
    TRY(add_rows(&r, &rows, e));
    TRY(emit_rows(&r, s, rows, late.order, e));
    TRY(psz_head_read_late(&r.in[PSZ_HEADS], &l->map, s, &late, e));
    TRY(psz_events_read(&r.in[PSZ_EVENTS], &l->map, limits, s, e));
    if (!psz_at_end(&r.in[PSZ_HEADS]) || !psz_at_end(&r.in[PSZ_EVENTS]))
        return psz_broken(e, "lengths");
    return read_totals(&r, s, e);
}
