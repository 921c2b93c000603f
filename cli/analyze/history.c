/* SPDX-License-Identifier: MIT */
#include "cli/analyze/history.h"

#include <stdlib.h>

#define GAP_STEPS 4  /* an interval of more than so many steps is a gap */
#define GAP_PART  80 /* and of at least that part of the series */

struct reading {
    bool listed, whole; /* whole: every row of it tells its bytes */
    uint64_t bytes, live;
    bool has_live;
};

/* Hours between snapshots, the mean inside boots. */
static double step_of(const struct rank_result *r)
{
    size_t steps = r->snapshots > r->n_boots ? r->snapshots - r->n_boots : 1;
    return r->has_times ? r->hours / (double)steps : 1;
}

bool history_is_gap(const struct rank_result *r, double before, double at)
{
    double span = r->has_times ? r->span_h : (double)r->snapshots;
    return at - before > GAP_STEPS * step_of(r) && at - before >= span / GAP_PART;
}

void history_start(struct history *h, const struct rank_result *r)
{
    *h = (struct history){.r = r};
    h->to = r->has_times ? r->span_h : (double)(r->snapshots > 0 ? r->snapshots - 1 : 0);
    h->width = h->to / HISTORY_POINTS;
    h->step = step_of(r);
    for (int k = 0; k < POOL_KINDS; k++)
        h->pools[k].pool = (uint8_t)k;
}

void history_follow(struct history *h, struct pool_tag tag, uint8_t pool)
{
    if (h->n_tags < HISTORY_LINES && history_tag(h, tag, pool) == NULL)
        h->tags[h->n_tags++] = (struct history_line){.tag = tag, .pool = pool};
}

const struct history_line *history_tag(const struct history *h, struct pool_tag tag,
                                       uint8_t pool)
{
    for (size_t i = 0; i < h->n_tags; i++)
        if (tag_equal(h->tags[i].tag, tag) && h->tags[i].pool == pool)
            return &h->tags[i];
    return NULL;
}

/* ---- one snapshot ---- */

static void read_row(struct reading *to, const struct pool_row *r)
{
    bool first = !to->listed;
    to->listed = true;
    to->whole = (first || to->whole) && r->fields & ROW_BYTES;
    if (!add_u64(to->bytes, r->bytes, &to->bytes))
        to->bytes = UINT64_MAX;
    uint64_t live = r->live;
    bool known = r->fields & ROW_LIVE;
    if (!known && r->fields & ROW_ALLOCS && r->fields & ROW_FREES) {
        live = row_live(r->allocs, r->frees, r->width);
        known = true;
    }
    to->has_live = (first || to->has_live) && known;
    if (!add_u64(to->live, live, &to->live))
        to->live = UINT64_MAX;
}

static void read_rows(const struct history *h, const struct pool_snapshot *s,
                      struct reading *v)
{
    for (size_t i = 0; i < s->n_rows; i++) {
        const struct pool_row *r = pool_row_at(s, i);
        for (size_t k = 0; k < h->n_tags; k++)
            if (tag_equal(r->tag, h->tags[k].tag) && r->pool == h->tags[k].pool)
                read_row(&v[k], r);
    }
}

/* A pool's total from where the verdict has it, so that the line ends at its figure. */
static double total_of(const struct history *h, const struct pool_snapshot *s,
                       enum pool_kind k)
{
    static const enum total_field field[] = {
        [POOL_NONPAGED] = TOTAL_NONPAGED_KIB, [POOL_PAGED] = TOTAL_PAGED_KIB};
    const struct rank_pool *p = &h->r->pools[k];
    if (!p->known)
        return (double)NAN;
    if (!p->from_header)
        return s->n_rows > 0 ? (double)pool_snapshot_bytes(s, k) : (double)NAN;
    if (k == POOL_UNKNOWN || !(s->totals.given & 1u << field[k]))
        return (double)NAN;
    return (double)s->totals.v[field[k]] * 1024;
}

/* ---- points ---- */

static int put(struct history *h, struct history_line *l, const struct history_point *now,
               struct err *e)
{
    struct history_point *last = l->n > 0 ? &l->points[l->n - 1] : NULL;
    bool same =
        last != NULL && last->boot == now->boot &&
        (h->width <= 0 || floor(last->at / h->width) == floor(now->at / h->width));
    if (!same) {
        void *v = l->points;
        TRY(grow(&v, &l->cap, l->n + 1, sizeof *l->points, e));
        l->points = v;
        l->points[l->n++] = *now;
        return 0;
    }
    last->at = now->at;
    last->bytes = now->bytes;
    last->live = now->live;
    last->least = fmin(last->least, now->least);
    last->most = fmax(last->most, now->most);
    return 0;
}

static void note_gap(struct history *h, double at)
{
    double before = h->pools[0].n > 0 ? h->pools[0].points[h->pools[0].n - 1].at : at;
    if (!history_is_gap(h->r, before, at) || h->n_gaps == HISTORY_GAPS)
        return;
    h->gaps[h->n_gaps++] = (struct history_gap){before, at};
}

int history_add(struct history *h, const struct pool_snapshot *s, double hours,
                struct err *e)
{
    struct reading seen[HISTORY_LINES] = {{.listed = false}};
    struct history_point p = {.at = h->r->has_times ? hours : (double)h->snapshots};
    while (h->boot + 1 < h->r->n_boots && h->boot < HISTORY_BOOTS &&
           h->snapshots >= h->r->boots[h->boot + 1].first)
        h->boot++;
    h->snapshots++;
    p.boot = h->boot;
    note_gap(h, p.at);
    for (int k = 0; k < POOL_KINDS; k++) {
        p.live = (double)NAN;
        p.bytes = p.least = p.most = total_of(h, s, (enum pool_kind)k);
        TRY(put(h, &h->pools[k], &p, e));
    }
    read_rows(h, s, seen);
    bool complete = s->completeness == COMPLETE_WHOLE && !h->r->top_n;
    for (size_t i = 0; i < h->n_tags; i++) {
        const struct reading *v = &seen[i];
        bool known = v->listed ? v->whole : complete;
        p.bytes = p.least = p.most = known ? (double)v->bytes : (double)NAN;
        known = v->listed ? v->has_live : complete;
        p.live = known ? (double)v->live : (double)NAN;
        TRY(put(h, &h->tags[i], &p, e));
    }
    return 0;
}

void history_floor(const struct history_line *l, double *floor_)
{
    for (size_t i = l->n; i-- > 0;) {
        const struct history_point *p = &l->points[i];
        bool last = i + 1 == l->n || l->points[i + 1].boot != p->boot;
        floor_[i] = last ? p->least : fmin(p->least, floor_[i + 1]);
    }
}

void history_free(struct history *h)
{
    for (int k = 0; k < POOL_KINDS; k++)
        free(h->pools[k].points);
    for (size_t i = 0; i < h->n_tags; i++)
        free(h->tags[i].points);
    *h = (struct history){.r = NULL};
}
