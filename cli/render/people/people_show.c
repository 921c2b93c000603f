/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/render/number.h"
#include "cli/render/people/people.h"
#include "cli/render/words/words.h"

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

/* The column beside shows the capture's own Mapped_Driver already. */
static struct owner owner_beside(const struct show_view *v, uint32_t index)
{
    const struct pool_row *w = &v->s->rows[index];
    struct owner o = owner_at(v->owners, index);
    bool shown = w->driver != 0 && w->owner == 0 && o.source != NULL &&
                 strcmp(o.source, "capture") == 0;
    if (shown)
        o = (struct owner){.text = NULL};
    return o;
}

static void add_row(struct table *t, const struct page *g, const struct show_view *v,
                    const struct pool_sum *sums, uint32_t index)
{
    const struct pool_snapshot *s = v->s;
    const struct pool_row *w = &s->rows[index];
    unsigned f = w->fields;
    struct num size = num_size(w->bytes, g->o->units);
    struct num live = num_count(w->live), each = num_count(w->per_alloc);
    uint64_t total = sums[w->pool].total;
    bool share = f & ROW_BYTES && total > 0;
    /* Counters that wrapped say nothing about the share since boot. */
    bool freed =
        f & ROW_ALLOCS && f & ROW_FREES && w->frees <= w->allocs && w->allocs > 0;
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
    people_owner(t, owner_beside(v, index));
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
    size_t shown = people_rows(g, v->n_order);
    bool drivers = false;
    for (size_t i = 0; i < shown; i++)
        drivers |= v->s->rows[v->order[i]].driver != 0;
    const struct column cols[COLUMNS] = {
        [C_TAG] = {.title = "Tag", .key = true},
        [C_POOL] = {.title = "Pool", .key = true},
        [C_SIZE] = {.title = words_size_title(u), .right = true},
        [C_SHARE] = {.title = "Share", .right = true},
        [C_LIVE] = {.title = "Live", .right = true, .drop = 1},
        [C_EACH] = {.title = "B/live", .right = true, .drop = 4},
        [C_FREED] = {.title = "Freed", .right = true, .drop = 3},
        [C_MOVED] = {.title = "Moved B", .right = true, .drop = 2},
        [C_DRIVER] = {.title = "Driver", .drop = 1, .keep = drivers ? 28 : 0},
        [C_OWNER] = {.title = "Owner", .drop = 5, .keep = drivers ? 0 : 12},
    };
    struct pool_sum sums[POOL_KINDS];
    for (int k = 0; k < POOL_KINDS; k++)
        sums[k] = show_pool_sum(v->s, (enum pool_kind)k);
    struct table t;
    table_start(&t, cols, COLUMNS, g->e);
    for (size_t i = 0; i < shown; i++)
        add_row(&t, g, v, sums, v->order[i]);
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

/* A few lines of the source, as many as rows are asked for. */
static int event_table(struct page *g, const struct pool_snapshot *s)
{
    static const struct column cols[] = {
        {.title = "Line", .right = true, .drop = 1}, {.title = "Time"},
        {.title = "Times", .right = true},           {.title = "Event"},
        {.title = "Words", .drop = 2, .keep = 12},
    };
    struct table t;
    size_t shown = people_rows(g, s->n_events);
    table_start(&t, cols, sizeof cols / sizeof *cols, g->e);
    for (size_t i = 0; i < shown; i++) {
        const struct pool_event *v = &s->events[i];
        struct pool_time when = event_time(s, v);
        table_cell(&t, v->line > 0 ? num_count(v->line).s : "");
        table_cell(&t, when.source != TIME_NONE ? num_time(&when).s : "-");
        table_cell(&t, num_count(v->count).s);
        table_name(&t, pool_snapshot_str(s, v->code));
        table_name(&t, pool_snapshot_str(s, v->text));
    }
    int rc = page_table(g, &t);
    table_free(&t);
    if (rc == 0 && shown < s->n_events) {
        struct phrase p;
        phrase_start(&p, g->markdown);
        words_left_out(&p, s->n_events - shown, "more", "more");
        page_para(g, &p, 2);
    }
    return rc;
}

static int show_events(struct page *g, const struct show_view *v)
{
    struct phrase p;
    phrase_start(&p, g->markdown);
    words_events_answer(&p, v);
    page_answer(g, &p, STYLE_PLAIN);
    phrase_start(&p, g->markdown);
    words_events_what(&p, v);
    page_para(g, &p, 0);
    if (v->s->n_events == 0)
        return 0;
    page_gap(g);
    TRY(event_table(g, v->s));
    people_notes(g, &v->s->notes, NULL);
    return 0;
}

int people_show(struct page *g, const struct show_view *v, bool first)
{
    enum units u = g->o->units;
    struct phrase p;
    phrase_start(&p, g->markdown);
    if (!first)
        page_gap(g);
    if (v->s->record == RECORD_EVENTS)
        return show_events(g, v);
    if (v->s->record == RECORD_TOTALS)
        words_totals_answer(&p, v, u);
    else
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
        people_candidates(g, &v->limits[k], show_pool_sum(v->s, (enum pool_kind)k).total);
    }
    phrase_start(&p, g->markdown);
    if (words_show_memory(&p, v, u))
        page_item(g, &p, 0);
    if (v->n_order > 0) {
        page_gap(g);
        TRY(show_table(g, v));
    }
    if (v->n_cohorts > 0) {
        page_gap(g);
        (void)people_hints(g, v->cohorts, v->n_cohorts);
    }
    phrase_start(&p, g->markdown);
    if (words_show_motion(&p, v)) {
        page_gap(g);
        page_para(g, &p, 0);
    }
    people_notes(g, &v->s->notes, NULL);
    if (v->of > 0 && v->s->record == RECORD_CAPTURE)
        people_show_next(g, v->of);
    return 0;
}
