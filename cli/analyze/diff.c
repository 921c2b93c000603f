/* SPDX-License-Identifier: MIT */
#include "cli/analyze/analyze.h"

#include <stdlib.h>
#include <string.h>

#include "cli/analyze/boots.h"
#include "cli/analyze/order.h"
#include "cli/analyze/row.h"

const char *diff_state_name(enum diff_state s)
{
    static const char *const names[] = {
        [DIFF_BOTH] = "both", [DIFF_NEW] = "new", [DIFF_GONE] = "gone"};
    return names[s];
}

/* One end of the comparison: its rows by (tag, pool), with a place in that order. */
struct side {
    const struct pool_snapshot *s;
    uint32_t *order;
    size_t at;
    bool whole; /* what it does not list is not there */
};

/* What one end knows about one (tag, pool).  A row that a whole capture does not list
 * is all zeroes; in a partial one it is unknown. */
struct figures {
    bool listed;
    bool has_bytes, has_live, has_allocs, has_frees;
    uint64_t bytes, live, allocs, frees;
    unsigned width;
};

static int compare_keys(const void *context, uint32_t i, uint32_t j)
{
    const struct pool_row *rows = context;
    uint64_t a = row_key(rows[i].tag, rows[i].pool);
    uint64_t b = row_key(rows[j].tag, rows[j].pool);
    if (a != b)
        return a < b ? -1 : 1;
    return (i > j) - (i < j);
}

static int side_open(struct side *side, const struct pool_snapshot *s, struct err *e)
{
    *side = (struct side){.s = s, .whole = capture_lists_all(s)};
    size_t cap = 0;
    void *p = NULL;
    TRY(grow(&p, &cap, s->n_rows, sizeof *side->order, e));
    side->order = p;
    for (size_t i = 0; i < s->n_rows; i++)
        side->order[i] = (uint32_t)i;
    order_sort(side->order, s->n_rows, compare_keys, s->rows);
    return 0;
}

/* The key that the side stands at, UINT64_MAX behind the last. */
static uint64_t side_key(const struct side *side)
{
    if (side->at == side->s->n_rows)
        return UINT64_MAX;
    const struct pool_row *r = &side->s->rows[side->order[side->at]];
    return row_key(r->tag, r->pool);
}

/* Takes every row of that key (they are added up) and steps behind them. */
static struct figures side_take(struct side *side, uint64_t key)
{
    bool whole = side->whole;
    struct figures f = {.has_bytes = whole,
                        .has_live = whole,
                        .has_allocs = whole,
                        .has_frees = whole,
                        .width = 64};
    for (; side_key(side) == key; side->at++) {
        const struct pool_row *r = &side->s->rows[side->order[side->at]];
        uint64_t live = 0;
        bool has_live = row_get_live(r, &live);
        bool first = !f.listed;
        f.has_bytes = (first || f.has_bytes) && (r->fields & ROW_BYTES) != 0;
        f.has_live = (first || f.has_live) && has_live;
        f.has_allocs = (first || f.has_allocs) && (r->fields & ROW_ALLOCS) != 0;
        f.has_frees = (first || f.has_frees) && (r->fields & ROW_FREES) != 0;
        f.listed = true;
        f.bytes += r->bytes;
        f.live += live;
        f.allocs += r->allocs;
        f.frees += r->frees;
        if (r->width < f.width)
            f.width = r->width;
    }
    return f;
}

/* now - old, the short way round a counter of that width. */
static int64_t signed_step(uint64_t old, uint64_t now, unsigned width)
{
    uint64_t forth = counter_step(old, now, width);
    uint64_t back = counter_step(now, old, width);
    return forth <= back ? sub_u64_clamped(forth, 0) : sub_u64_clamped(0, back);
}

/* How the two snapshots lie to each other. */
struct relation {
    bool same_boot;
    bool backwards; /* the "new" one is the older by its clock and by its counters */
    double hours;   /* for rates, NAN = none */
};

static int64_t counter_change(const struct relation *rel, uint64_t old, uint64_t now,
                              unsigned width)
{
    /* Nothing listed is nothing counted: no wrap to undo there. */
    if (old == 0 || now == 0)
        return sub_u64_clamped(now, old);
    if (rel->backwards)
        return sub_u64_clamped(0, counter_step(now, old, width));
    return sub_u64_clamped(counter_step(old, now, width), 0);
}

/* False where a counter fell that cannot have wrapped: how far it ran is not known. */
static bool counter_ran(const struct relation *rel, uint64_t old, uint64_t now,
                        unsigned width)
{
    const uint64_t first = rel->backwards ? now : old, last = rel->backwards ? old : now;
    return old == 0 || now == 0 || last >= first || counter_wrapped(first, last, width);
}

static void fill_row(struct diff_row *row, const struct relation *rel,
                     const struct figures *a, const struct figures *b)
{
    unsigned width = a->width < b->width ? a->width : b->width;
    row->state = (uint8_t)(!a->listed ? DIFF_NEW : !b->listed ? DIFF_GONE : DIFF_BOTH);
    row->old_known = a->has_bytes;
    row->new_known = b->has_bytes;
    row->old_bytes = a->has_bytes ? a->bytes : 0;
    row->new_bytes = b->has_bytes ? b->bytes : 0;
    row->bytes_per_hour = row->freed = row->bytes_per_new_alloc = row->kept = NAN;
    bool has_bytes = a->has_bytes && b->has_bytes;
    row->has_live = a->has_live && b->has_live;
    row->has_allocs = a->has_allocs && b->has_allocs && rel->same_boot &&
                      counter_ran(rel, a->allocs, b->allocs, width);
    row->has_frees = a->has_frees && b->has_frees && rel->same_boot &&
                     counter_ran(rel, a->frees, b->frees, width);
    if (has_bytes)
        row->bytes_change = sub_u64_clamped(b->bytes, a->bytes);
    if (row->has_live)
        row->live_change = signed_step(a->live, b->live, width);
    if (row->has_allocs)
        row->allocs_change = counter_change(rel, a->allocs, b->allocs, width);
    if (row->has_frees)
        row->frees_change = counter_change(rel, a->frees, b->frees, width);
    if (has_bytes && rel->same_boot)
        row->bytes_per_hour = (double)row->bytes_change / rel->hours;
    if (row->has_allocs && row->has_frees && row->allocs_change != 0)
        row->freed = (double)row->frees_change / (double)row->allocs_change;
    if (has_bytes && row->has_live && row->live_change > 0)
        row->bytes_per_new_alloc = (double)row->bytes_change / (double)row->live_change;
}

static int fill_rows(struct diff_result *d, const struct relation *rel, struct side *a,
                     struct side *b, struct err *e)
{
    void *p = d->rows;
    TRY(grow(&p, &d->rows_cap, a->s->n_rows + b->s->n_rows, sizeof *d->rows, e));
    d->rows = p;
    a->at = b->at = 0;
    for (;;) {
        uint64_t in_a = side_key(a), in_b = side_key(b);
        uint64_t key = in_a < in_b ? in_a : in_b;
        if (key == UINT64_MAX)
            return 0;
        const struct side *has = in_a == key ? a : b;
        const struct pool_row *r = &has->s->rows[has->order[has->at]];
        struct diff_row *row = &d->rows[d->n_rows++];
        *row = (struct diff_row){.tag = r->tag, .pool = r->pool};
        struct figures old = side_take(a, key), now = side_take(b, key);
        fill_row(row, rel, &old, &now);
    }
}

static struct boot_vote vote(struct side *old, struct side *now)
{
    struct boot_vote v = {0};
    old->at = now->at = 0;
    for (;;) {
        uint64_t a = side_key(old), b = side_key(now);
        uint64_t key = a < b ? a : b;
        if (key == UINT64_MAX)
            return v;
        struct figures x = side_take(old, key), y = side_take(now, key);
        if (x.listed && y.listed && x.has_allocs && y.has_allocs)
            boot_vote_row(&v, x.allocs, y.allocs, x.width < y.width ? x.width : y.width);
    }
}

static double hours_between(const struct pool_time *a, const struct pool_time *b)
{
    if (a->source == TIME_NONE || b->source == TIME_NONE)
        return NAN;
    double ms = (double)b->ms - (double)a->ms;
    if (a->zone_known && b->zone_known)
        ms -= (b->zone_min - a->zone_min) * 60000.0;
    return ms / 3600000;
}

/* A pair handed over in reverse order is told from a clock that was set back by its
 * counters: in the first case they run from "new" to "old". */
static struct relation relate(struct diff_result *d, struct side *old, struct side *now)
{
    struct boot_vote forth = vote(old, now);
    struct boot_clock clock = {.gap_h = d->hours,
                               .old_uptime_s = old->s->uptime_s,
                               .new_uptime_s = now->s->uptime_s};
    struct relation rel = {.same_boot = !boot_decide(&forth, &clock), .hours = NAN};
    d->boot_decided = forth.common > 0;
    if (d->hours > 0)
        rel.hours = d->hours;
    if (d->hours < 0 && !rel.same_boot) {
        struct boot_vote back = vote(now, old);
        struct boot_clock turned = {.gap_h = -d->hours,
                                    .old_uptime_s = now->s->uptime_s,
                                    .new_uptime_s = old->s->uptime_s};
        rel.backwards = rel.same_boot = !boot_decide(&back, &turned);
        if (rel.backwards)
            rel.hours = d->hours;
    }
    d->same_boot = rel.same_boot;
    return rel;
}

static bool lists_pool(const struct pool_snapshot *s, enum pool_kind k)
{
    for (size_t i = 0; i < s->n_rows; i++)
        if (s->rows[i].pool == k && (s->rows[i].fields & ROW_BYTES) != 0)
            return true;
    return false;
}

static void fill_total(struct diff_total *t, const struct pool_snapshot *old,
                       const struct pool_snapshot *now, enum pool_kind k)
{
    uint64_t a = 0, b = 0;
    if (capture_header_total(old, k, &a) && capture_header_total(now, k, &b)) {
        t->basis = TOTAL_FROM_HEADER;
    } else if (lists_pool(old, k) || lists_pool(now, k)) {
        t->basis = TOTAL_FROM_ROWS;
        a = pool_snapshot_bytes(old, k);
        b = pool_snapshot_bytes(now, k);
    } else {
        return;
    }
    t->old_bytes = a;
    t->new_bytes = b;
    t->change_bytes = sub_u64_clamped(b, a);
}

static int compare_changes(const void *context, uint32_t i, uint32_t j)
{
    const struct diff_row *rows = context;
    const struct diff_row *a = &rows[i], *b = &rows[j];
    uint64_t in_a =
        a->bytes_change < 0 ? 0 - (uint64_t)a->bytes_change : (uint64_t)a->bytes_change;
    uint64_t in_b =
        b->bytes_change < 0 ? 0 - (uint64_t)b->bytes_change : (uint64_t)b->bytes_change;
    if (in_a != in_b)
        return in_a > in_b ? -1 : 1;
    return (i > j) - (i < j);
}

/* The rows come by (tag, pool), so the index breaks ties. */
static int sort_changes(struct diff_result *d, struct err *e)
{
    struct diff_row *sorted = NULL;
    void *p = NULL, *q = NULL;
    size_t order_cap = 0, sorted_cap = 0;
    int r = grow(&p, &order_cap, d->n_rows, sizeof(uint32_t), e);
    if (r < 0)
        goto out;
    r = grow(&q, &sorted_cap, d->n_rows, sizeof *sorted, e);
    if (r < 0)
        goto out;
    uint32_t *order = p;
    sorted = q;
    for (size_t i = 0; i < d->n_rows; i++)
        order[i] = (uint32_t)i;
    order_sort(order, d->n_rows, compare_changes, d->rows);
    for (size_t i = 0; i < d->n_rows; i++)
        sorted[i] = d->rows[order[i]];
    if (d->n_rows > 0)
        memcpy(d->rows, sorted, d->n_rows * sizeof *sorted);
out:
    free(q);
    free(p);
    return r < 0 ? r : 0;
}

int diff_snapshots(struct diff_result *d, const struct pool_snapshot *old,
                   const struct pool_snapshot *new_, struct err *e)
{
    if (old->scope != new_->scope ||
        (old->scope == SCOPE_SESSION && old->session != new_->session)) {
        char a[24], b[24];
        pool_scope_text(old->scope, old->session, a);
        pool_scope_text(new_->scope, new_->session, b);
        err_hint(e,
                 "compare captures of the system, or of one session; FILE@N picks one of "
                 "a file's");
        return err_set(e, ERR_USAGE,
                       "expected two captures of one scope, found %s and %s", a, b);
    }
    *d = (struct diff_result){.rows = d->rows, .rows_cap = d->rows_cap};
    d->hours = hours_between(&old->time, &new_->time);
    struct side a = {0}, b = {0};
    int r = side_open(&a, old, e);
    if (r < 0)
        goto out;
    r = side_open(&b, new_, e);
    if (r < 0)
        goto out;
    struct relation rel = relate(d, &a, &b);
    r = fill_rows(d, &rel, &a, &b, e);
    if (r < 0)
        goto out;
    for (int k = 0; k < POOL_KINDS; k++)
        fill_total(&d->totals[k], old, new_, (enum pool_kind)k);
    r = sort_changes(d, e);
out:
    free(b.order);
    free(a.order);
    return r;
}

int diff_new_boot(const struct pool_snapshot *old, const struct pool_snapshot *new_,
                  bool *new_boot, struct err *e)
{
    struct diff_result d = {.hours = hours_between(&old->time, &new_->time)};
    struct side a = {0}, b = {0};
    int r = side_open(&a, old, e);
    if (r == 0)
        r = side_open(&b, new_, e);
    if (r == 0)
        *new_boot = !relate(&d, &a, &b).same_boot;
    free(b.order);
    free(a.order);
    return r;
}

void diff_free(struct diff_result *d)
{
    free(d->rows);
    *d = (struct diff_result){0};
}
