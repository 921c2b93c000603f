/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>

#include "cli/render/number.h"
#include "cli/render/people/people.h"
#include "cli/render/words/words.h"

enum {
    C_TAG,
    C_POOL,
    C_OLD,
    C_NEW,
    C_NEWER,
    C_KEPT,
    C_CHANGE,
    C_PERCENT,
    C_RATE,
    C_LIVE,
    C_FREED,
    C_EACH,
    C_OWNER,
    COLUMNS
};

static const char *old_title(enum units u)
{
    return u == UNITS_K ? "Old K" : u == UNITS_BYTES ? "Old B" : "Old";
}

static const char *new_title(enum units u)
{
    return u == UNITS_K ? "New K" : u == UNITS_BYTES ? "New B" : "New";
}

/* The two columns of --still, which are left out without it. */
static void add_kept(struct table *t, enum units u, const struct diff_row *w)
{
    table_cell(t, w->newer_known ? num_size(w->newer_bytes, u).s : "?");
    table_cell(t, num_percent(w->kept).s);
}

static void add_row(struct table *t, const struct diff_view *v, enum units u,
                    const struct diff_row *w, struct owner owner)
{
    bool both = w->old_known && w->new_known;
    table_tag(t, w->tag, STYLE_PLAIN);
    table_cell(t, pool_kind_short((enum pool_kind)w->pool));
    if (w->state == DIFF_NEW)
        table_cell(t, w->old_known ? "-" : "?");
    else
        table_cell(t, w->old_known ? num_size(w->old_bytes, u).s : "?");
    if (w->state == DIFF_GONE)
        table_cell(t, w->new_known ? "-" : "?");
    else
        table_cell(t, w->new_known ? num_size(w->new_bytes, u).s : "?");
    if (v->still != NULL)
        add_kept(t, u, w);
    table_cell(t, both ? num_change(w->bytes_change, u).s : "?");
    if (w->state == DIFF_NEW && both)
        table_cell(t, "new");
    else if (w->state == DIFF_GONE && both)
        table_cell(t, "gone");
    else
        table_cell(t, both ? num_percent_change(w->bytes_change, w->old_bytes).s : "?");
    table_cell(t, num_rate(w->bytes_per_hour, u).s);
    table_cell(t, w->has_live ? num_signed(w->live_change).s : "-");
    table_cell(t, num_percent(w->freed).s);
    table_cell(t, isfinite(w->bytes_per_new_alloc)
                      ? num_count((uint64_t)round(w->bytes_per_new_alloc)).s
                      : "-");
    people_owner(t, owner);
}

static void empty_cells(struct table *t, int n)
{
    for (int i = 0; i < n; i++)
        table_cell(t, "");
}

/* The rows of one pool that were cut off, and its total. */
static void add_sums(struct table *t, enum units u, const struct diff_view *v,
                     enum pool_kind k, size_t shown)
{
    int64_t rest = 0;
    size_t more = 0;
    for (size_t i = shown; i < v->n_order; i++) {
        const struct diff_row *w = &v->d->rows[v->order[i]];
        if (w->pool != k)
            continue;
        more++;
        if (w->old_known && w->new_known)
            rest = (int64_t)((uint64_t)rest + (uint64_t)w->bytes_change);
    }
    char label[48];
    if (more > 0) {
        (void)snprintf(label, sizeof label, "%zu more %s", more, pool_kind_short(k));
        table_span(t, label);
        empty_cells(t, v->still != NULL ? 4 : 2);
        table_cell(t, num_change(rest, u).s);
        empty_cells(t, COLUMNS - C_PERCENT);
    }
    const struct diff_total *d = &v->d->totals[k];
    if (d->basis == TOTAL_FROM_NOTHING)
        return;
    (void)snprintf(label, sizeof label, "TOTAL %s", pool_kind_short(k));
    table_span(t, label);
    table_cell(t, num_size(d->old_bytes, u).s);
    table_cell(t, num_size(d->new_bytes, u).s);
    empty_cells(t, v->still != NULL ? 2 : 0);
    table_cell(t, num_change(d->change_bytes, u).s);
    table_cell(t, num_percent_change(d->change_bytes, d->old_bytes).s);
    bool rate = isfinite(v->d->hours) && v->d->hours > 0;
    table_cell(t, num_rate(rate ? (double)d->change_bytes / v->d->hours : NAN, u).s);
    empty_cells(t, COLUMNS - C_LIVE);
}

static const char *newer_title(enum units u)
{
    return u == UNITS_K ? "Newer K" : u == UNITS_BYTES ? "Newer B" : "Newer";
}

static int diff_table(struct page *g, const struct diff_view *v)
{
    enum units u = g->o->units;
    const struct column all[COLUMNS] = {
        [C_TAG] = {.title = "Tag", .key = true},
        [C_POOL] = {.title = "Pool", .key = true},
        [C_OLD] = {.title = old_title(u), .right = true, .drop = 1},
        [C_NEW] = {.title = new_title(u), .right = true},
        [C_NEWER] = {.title = newer_title(u), .right = true},
        [C_KEPT] = {.title = "Kept", .right = true},
        [C_CHANGE] = {.title = words_change_title(u), .right = true},
        [C_PERCENT] = {.title = "Change", .right = true, .drop = 2},
        [C_RATE] = {.title = words_rate_title(u), .right = true},
        [C_LIVE] = {.title = "Live +/-", .right = true, .drop = 3},
        [C_FREED] = {.title = "Freed", .right = true, .drop = 4},
        [C_EACH] = {.title = "B/new", .right = true, .drop = 5},
        [C_OWNER] = {.title = "Owner", .drop = 6, .keep = 12},
    };
    struct column cols[COLUMNS];
    size_t n = 0;
    for (int i = 0; i < COLUMNS; i++)
        if (v->still != NULL || (i != C_NEWER && i != C_KEPT))
            cols[n++] = all[i];
    size_t shown = people_rows(g, v->n_order);
    struct table t;
    table_start(&t, cols, n, g->e);
    for (size_t i = 0; i < shown; i++)
        add_row(&t, v, u, &v->d->rows[v->order[i]], owner_at(v->owners, v->order[i]));
    for (int k = 0; k < POOL_KINDS; k++)
        add_sums(&t, u, v, (enum pool_kind)k, shown);
    int rc = page_table(g, &t);
    table_free(&t);
    return rc;
}

int people_diff(struct page *g, const struct diff_view *v)
{
    struct phrase p;
    phrase_start(&p, g->markdown);
    if (v->still != NULL)
        words_still_answer(&p, v, g->o->units);
    else
        words_diff_answer(&p, v, g->o->units);
    page_answer(g, &p, STYLE_PLAIN);
    phrase_start(&p, g->markdown);
    say(&p, "old: ");
    words_diff_end(&p, &v->old_end);
    page_item(g, &p, 0);
    phrase_start(&p, g->markdown);
    say(&p, "new: ");
    words_diff_end(&p, &v->new_end);
    page_item(g, &p, 0);
    if (v->still != NULL) {
        phrase_start(&p, g->markdown);
        say(&p, "newer: ");
        words_diff_end(&p, &v->still->newer_end);
        page_item(g, &p, 0);
    }
    phrase_start(&p, g->markdown);
    words_diff_same(&p, v);
    page_para(g, &p, 0);
    page_gap(g);
    for (int k = 0; k < POOL_KINDS; k++) {
        phrase_start(&p, g->markdown);
        if (words_diff_pool(&p, v, (enum pool_kind)k, g->o->units))
            page_item(g, &p, 0);
    }
    page_gap(g);
    if (v->n_order > 0) {
        TRY(diff_table(g, v));
        page_gap(g);
    }
    phrase_start(&p, g->markdown);
    if (v->still != NULL)
        words_still_next(&p, v);
    else
        words_diff_next(&p);
    page_para(g, &p, 0);
    return 0;
}
