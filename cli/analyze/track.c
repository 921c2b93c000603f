/* SPDX-License-Identifier: MIT */
#include "cli/analyze/track.h"

#include <stdlib.h>
#include <string.h>

#include "cli/analyze/history.h"
#include "cli/analyze/row.h"

#define FIGURES (ROW_BYTES | ROW_LIVE | ROW_ALLOCS | ROW_FREES)

/* Tag and pool above, the number of the row below: rows are found by halving. */
#define ROW_BITS 24

static uint64_t key_of(struct pool_tag tag, uint8_t pool)
{
    return ((uint64_t)tag_key(tag) << 2 | pool) << ROW_BITS;
}

static int compare_keys(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

int tracks_start(struct tracks *t, const struct rank_result *r, const uint32_t *index,
                 size_t n, struct err *e)
{
    *t = (struct tracks){.r = r};
    if (n >> ROW_BITS != 0 || (n > 0 && r->snapshots > TRACK_FIGURES_MOST / n)) {
        int code = err_set(e, ERR_LIMIT,
                           "%zu tags in %zu snapshots are more than can be followed", n,
                           r->snapshots);
        err_hint(e, "a narrower pattern, -n N, or --since and --until");
        return code;
    }
    t->moments = calloc(r->snapshots + 1, sizeof *t->moments);
    t->rows = calloc(n + 1, sizeof *t->rows);
    t->keys = calloc(n + 1, sizeof *t->keys);
    t->figures = calloc(n * r->snapshots + 1, sizeof *t->figures);
    if (t->moments == NULL || t->rows == NULL || t->keys == NULL || t->figures == NULL)
        return err_nomem(e);
    for (size_t i = 0; i < n; i++) {
        const struct rank_tag *tag = &r->tags[index[i]];
        t->rows[i] = (struct track_row){index[i], t->figures + i * r->snapshots};
        t->keys[i] = key_of(tag->tag, tag->pool) | i;
    }
    t->n_rows = n;
    qsort(t->keys, n, sizeof *t->keys, compare_keys);
    return 0;
}

void tracks_free(struct tracks *t)
{
    free(t->moments);
    free(t->rows);
    free(t->keys);
    free(t->figures);
    *t = (struct tracks){.r = NULL};
}

/* ---- one snapshot ---- */

static struct track_row *find(const struct tracks *t, const struct pool_row *r)
{
    const uint64_t key = key_of(r->tag, r->pool);
    size_t low = 0, high = t->n_rows;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (t->keys[mid] < key)
            low = mid + 1;
        else
            high = mid;
    }
    const uint64_t number = ((uint64_t)1 << ROW_BITS) - 1;
    if (low == t->n_rows || (t->keys[low] & ~number) != key)
        return NULL;
    return &t->rows[t->keys[low] & number];
}

static void add(uint64_t *sum, uint64_t v)
{
    if (!add_u64(*sum, v, sum))
        *sum = UINT64_MAX;
}

/* A tag that a capture lists several times holds their sum. */
static void add_row(struct track_figure *to, const struct pool_row *r)
{
    unsigned known = r->fields & FIGURES;
    uint64_t live = r->live;
    if (!(known & ROW_LIVE) && known & ROW_ALLOCS && known & ROW_FREES) {
        live = row_live(r->allocs, r->frees, r->width);
        known |= ROW_LIVE;
    }
    to->known = (uint8_t)(to->listed ? to->known & known : known);
    to->listed = true;
    add(&to->bytes, known & ROW_BYTES ? r->bytes : 0);
    add(&to->live, known & ROW_LIVE ? live : 0);
    add(&to->allocs, known & ROW_ALLOCS ? r->allocs : 0);
    add(&to->frees, known & ROW_FREES ? r->frees : 0);
}

static struct track_moment moment(const struct tracks *t, double hours)
{
    const struct rank_result *r = t->r;
    const struct track_moment *before = t->n > 0 ? &t->moments[t->n - 1] : NULL;
    struct track_moment m = {.at = r->has_times ? hours : (double)t->n, .gap_h = NAN};
    m.boot = before != NULL ? before->boot : 0;
    while (m.boot + 1 < r->n_boots && t->n >= r->boots[m.boot + 1].first) {
        m.boot++;
        m.new_boot = true;
    }
    if (before != NULL && r->has_times && history_is_gap(r, before->at, m.at))
        m.gap_h = m.at - before->at;
    return m;
}

int tracks_add(struct tracks *t, const struct pool_snapshot *s, double hours,
               size_t input, uint64_t ordinal, struct err *e)
{
    const size_t now = t->n;
    if (now >= t->r->snapshots)
        return err_set(e, ERR_BUG, "more snapshots came than were ranked");
    struct track_moment m = moment(t, hours);
    m.time = s->time;
    m.input = input;
    m.ordinal = ordinal;
    t->moments[now] = m;
    t->n++;
    for (size_t i = 0; i < s->n_rows; i++) {
        const struct pool_row *r = pool_row_at(s, i);
        struct track_row *row = find(t, r);
        if (row != NULL)
            add_row(&row->v[now], r);
    }
    /* What a whole capture does not list is not there. */
    bool complete = s->completeness == COMPLETE_WHOLE && !t->r->top_n;
    for (size_t i = 0; complete && i < t->n_rows; i++)
        if (!t->rows[i].v[now].listed)
            t->rows[i].v[now].known = ROW_BYTES | ROW_LIVE;
    return 0;
}

/* ---- what came of it ---- */

static double figure(const struct track_figure *f, enum row_field which)
{
    if (!(f->known & (unsigned)which))
        return (double)NAN;
    return (double)(which == ROW_BYTES ? f->bytes : f->live);
}

struct track_ends track_ends(const struct tracks *t, size_t row, enum row_field f)
{
    struct track_ends x = {TRACK_NONE, TRACK_NONE, TRACK_NONE, TRACK_NONE};
    const struct track_figure *v = t->rows[row].v;
    for (size_t i = 0; i < t->n; i++) {
        double now = figure(&v[i], f);
        if (isnan(now))
            continue;
        if (x.first == TRACK_NONE)
            x.first = x.least = x.greatest = i;
        x.last = i;
        if (now < figure(&v[x.least], f))
            x.least = i;
        if (now > figure(&v[x.greatest], f))
            x.greatest = i;
    }
    return x;
}

static size_t column_of(const struct tracks *t, size_t moment_, size_t n)
{
    const double from = t->moments[0].at, to = t->moments[t->n - 1].at;
    if (!(to > from))
        return 0;
    double c = (t->moments[moment_].at - from) / (to - from) * (double)n;
    return c >= (double)n ? n - 1 : c > 0 ? (size_t)c : 0;
}

void track_columns(const struct tracks *t, size_t row, enum row_field f, double *v,
                   size_t n)
{
    for (size_t c = 0; c < n; c++)
        v[c] = (double)NAN;
    for (size_t i = 0; i < t->n; i++) {
        double now = figure(&t->rows[row].v[i], f);
        size_t c = column_of(t, i, n);
        bool held = i + 1 < t->n && isnan(t->moments[i + 1].gap_h);
        size_t end = held ? column_of(t, i + 1, n) : c;
        v[c] = fmax(v[c], now);
        for (c++; c < end; c++)
            v[c] = now;
    }
}

void track_marks(const struct tracks *t, uint8_t *marks, size_t n)
{
    memset(marks, 0, n);
    for (size_t i = 1; i < t->n; i++) {
        size_t c = column_of(t, i, n);
        if (t->moments[i].new_boot)
            marks[c] |= TRACK_BOOT;
        for (size_t k = column_of(t, i - 1, n) + 1; !isnan(t->moments[i].gap_h) && k < c;
             k++)
            marks[k] |= TRACK_GAP;
    }
}
