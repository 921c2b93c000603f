/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>

#include "cli/render/number.h"
#include "cli/render/people.h"
#include "cli/render/words.h"

enum {
    C_TAG,
    C_POOL,
    C_SIZE,
    C_SHARE,
    C_LIVE,
    C_EACH,
    C_FREED,
    C_MOVED,
    C_DRIVER,
    C_OWNER,
    COLUMNS
};

static const char *if_known(bool known, struct num *n)
{
    return known ? n->s : "-";
}

static void empty_cells(struct table *t, int n)
{
    for (int i = 0; i < n; i++)
        table_cell(t, "");
}

static void add_row(struct table *t, const struct page *g, const struct pool_snapshot *s,
                    const struct pool_sum *sums, const struct pool_row *w)
{
    unsigned f = w->fields;
    struct num size = num_size(w->bytes, g->o->units);
    struct num live = num_count(w->live), each = num_count(w->per_alloc);
    uint64_t total = sums[w->pool].total;
    bool share = f & ROW_BYTES && total > 0;
    bool freed = f & ROW_ALLOCS && f & ROW_FREES && w->allocs > 0;
    struct num moved = num_signed(w->bytes_delta);
    table_tag(t, w->tag, STYLE_PLAIN);
    table_cell(t, pool_kind_short((enum pool_kind)w->pool));
    table_cell(t, if_known(f & ROW_BYTES, &size));
    table_cell(t, num_percent(share ? (double)w->bytes / (double)total : NAN).s);
    table_cell(t, if_known(f & ROW_LIVE, &live));
    table_cell(t, if_known(f & ROW_PER_ALLOC, &each));
    table_cell(t, num_percent(freed ? (double)w->frees / (double)w->allocs : NAN).s);
    table_cell(t, f & ROW_BYTES_DELTA ? moved.s : "");
    table_name(t, pool_snapshot_str(s, w->driver));
    table_name(t, pool_snapshot_str(s, w->owner));
}

/* A line below the rows: "401 more Nonp", "TOTAL Nonp". */
static void add_sum(struct table *t, const struct page *g, const char *label,
                    enum pool_kind k, uint64_t bytes, uint64_t total)
{
    char text[64];
    (void)snprintf(text, sizeof text, "%s %s", label, pool_kind_short(k));
    table_span(t, text);
    table_cell(t, num_size(bytes, g->o->units).s);
    table_cell(t, num_percent(total > 0 ? (double)bytes / (double)total : NAN).s);
    empty_cells(t, COLUMNS - C_LIVE);
}

/* What the table leaves out of one pool, so that the sums can be followed. */
static void add_sums(struct table *t, const struct page *g, const struct show_view *v,
                     const struct pool_sum *sum, enum pool_kind k, size_t shown)
{
    uint64_t rest = 0;
    size_t more = 0, seen = 0;
    for (size_t i = 0; i < v->n_order; i++) {
        const struct pool_row *w = &v->s->rows[v->order[i]];
        if (w->pool != k)
            continue;
        seen++;
        if (i < shown)
            continue;
        more++;
        if (!add_u64(rest, w->bytes, &rest))
            rest = UINT64_MAX;
    }
    if (seen == 0)
        return;
    if (more > 0) {
        char label[40];
        (void)snprintf(label, sizeof label, "%zu more", more);
        add_sum(t, g, label, k, rest, sum->total);
    }
    if (v->filtered_by_user)
        return;
    if (sum->total > sum->rows)
        add_sum(t, g, "unseen", k, sum->total - sum->rows, sum->total);
    if (sum->total >= sum->rows)
        add_sum(t, g, "TOTAL", k, sum->total, sum->total);
}

static int show_table(struct page *g, const struct show_view *v)
{
    enum units u = g->o->units;
    const struct column cols[COLUMNS] = {
        [C_TAG] = {.title = "Tag"},
        [C_POOL] = {.title = "Pool"},
        [C_SIZE] = {.title = words_size_title(u), .right = true},
        [C_SHARE] = {.title = "Share", .right = true},
        [C_LIVE] = {.title = "Live", .right = true, .drop = 1},
        [C_EACH] = {.title = "B/live", .right = true, .drop = 4},
        [C_FREED] = {.title = "Freed", .right = true, .drop = 3},
        [C_MOVED] = {.title = "Moved B", .right = true, .drop = 2},
        [C_DRIVER] = {.title = "Driver", .drop = 1, .keep = 28},
        [C_OWNER] = {.title = "Owner", .drop = 5},
    };
    struct pool_sum sums[POOL_KINDS];
    for (int k = 0; k < POOL_KINDS; k++)
        sums[k] = show_pool_sum(v->s, (enum pool_kind)k);
    size_t shown = people_rows(g, v->n_order);
    struct table t;
    table_start(&t, cols, COLUMNS, g->e);
    for (size_t i = 0; i < shown; i++)
        add_row(&t, g, v->s, sums, &v->s->rows[v->order[i]]);
    for (int k = 0; k < POOL_KINDS; k++)
        add_sums(&t, g, v, &sums[k], (enum pool_kind)k, shown);
    int rc = page_table(g, &t);
    table_free(&t);
    return rc;
}

void people_show_next(struct page *g, size_t snapshots)
{
    struct phrase p;
    phrase_start(&p, g->markdown);
    words_show_next(&p, snapshots);
    page_gap(g);
    page_para(g, &p, 0);
}

int people_show(struct page *g, const struct show_view *v, bool first)
{
    enum units u = g->o->units;
    struct phrase p;
    phrase_start(&p, g->markdown);
    if (!first)
        page_gap(g);
    words_show_answer(&p, v, u);
    page_answer(g, &p, STYLE_PLAIN);
    phrase_start(&p, g->markdown);
    words_show_what(&p, v);
    page_para(g, &p, 0);
    page_gap(g);
    for (int k = 0; k < POOL_KINDS; k++) {
        phrase_start(&p, g->markdown);
        if (words_show_pool(&p, v, (enum pool_kind)k, u))
            page_item(g, &p, 0);
    }
    phrase_start(&p, g->markdown);
    if (words_show_memory(&p, v, u))
        page_item(g, &p, 0);
    if (v->n_order > 0) {
        page_gap(g);
        TRY(show_table(g, v));
    }
    phrase_start(&p, g->markdown);
    if (words_show_motion(&p, v)) {
        page_gap(g);
        page_para(g, &p, 0);
    }
    if (v->of > 0)
        people_show_next(g, v->of);
    return 0;
}
