/* SPDX-License-Identifier: MIT */
/* show --history: the course of a tag, drawn and in figures. */
#include <math.h>
#include <string.h>

#include "cli/render/html/html_scale.h"
#include "cli/render/number.h"
#include "cli/render/people/chart.h"
#include "cli/render/people/people.h"
#include "cli/render/words/words.h"

#define BYTES_LINES   6
#define OBJECTS_LINES 4
#define LABEL_ROOM    14 /* columns for a label of the time axis */

/* ---- charts ---- */

static unsigned columns_for(const struct page *g)
{
    unsigned n = page_columns(g) - CHART_MARGIN;
    return n < CHART_COLUMNS ? n : CHART_COLUMNS;
}

/* Labels under the axis: times that people count in, or numbers of snapshots. */
static void label_axis(struct chart *c, const struct course_view *v)
{
    const struct tracks *t = v->tracks;
    const double from = t->moments[0].at, to = t->moments[t->n - 1].at;
    const unsigned most = c->columns / LABEL_ROOM;
    if (!(to > from) || most == 0)
        return;
    const struct scale x = {from, to, c->columns};
    if (!v->v->r->has_times) {
        double step = ticks_of_count(to - from, most).step;
        for (double at = 0; at <= to; at += step) {
            double place = fmin(scale_at(&x, at), c->columns - 1);
            chart_label(c, (unsigned)place, num_count(scale_whole(at) + 1).s);
        }
        return;
    }
    const double origin = (double)v->v->origin_ms;
    const int64_t first = (int64_t)(origin + from * (double)MS_PER_HOUR);
    const int64_t last = (int64_t)(origin + to * (double)MS_PER_HOUR);
    const int64_t step = ticks_of_time(last - first, most);
    for (int64_t ms = tick_after(first, step); ms <= last; ms += step) {
        double place = scale_at(&x, ((double)ms - origin) / (double)MS_PER_HOUR);
        if (place >= 0 && place < c->columns)
            chart_label(c, (unsigned)place, num_tick_time(ms, step).s);
    }
}

static bool draw(struct page *g, const struct course_view *v, size_t row, bool bytes,
                 bool gap_before)
{
    struct chart c = {.columns = columns_for(g),
                      .rows = bytes ? BYTES_LINES : OBJECTS_LINES,
                      .bytes = bytes};
    struct phrase p;
    track_columns(v->tracks, row, bytes ? ROW_BYTES : ROW_LIVE, c.v, c.columns);
    track_marks(v->tracks, c.marks, c.columns);
    if (!chart_scale(&c))
        return false;
    label_axis(&c, v);
    if (gap_before)
        page_gap(g);
    phrase_start(&p, g->markdown);
    words_course_chart(&p, bytes, c.base > 0 ? chart_tick(&c, c.base).s : NULL);
    page_answer(g, &p, STYLE_HEAD);
    page_picture(g);
    chart_draw(g, &c);
    page_picture_end(g);
    return true;
}

/* ---- figures ---- */

/* "poolmon.txt@3": what to type for that snapshot, without its folders. */
static void add_source(struct table *t, const struct course_view *v, size_t at)
{
    const struct track_moment *m = &v->tracks->moments[at];
    const char *name = v->sources[m->input], *slash = strrchr(name, '/');
    bool several = m->ordinal > 1 || (at + 1 < v->tracks->n && m[1].input == m->input);
    struct phrase p;
    phrase_start(&p, false);
    say(&p, "%s", slash != NULL ? slash + 1 : name);
    if (several)
        say(&p, "@%s", num_count(m->ordinal).s);
    table_name(t, p.s);
}

static void add_end(struct table *t, const struct course_view *v, size_t row,
                    const char *name, size_t at, enum units u)
{
    const struct track_moment *m = &v->tracks->moments[at];
    const struct track_figure *f = &v->tracks->rows[row].v[at];
    table_cell(t, name);
    table_cell(t, num_time(&m->time).s);
    table_cell(t, num_count(at + 1).s);
    table_cell(t, f->known & ROW_BYTES ? num_size(f->bytes, u).s : "-");
    table_cell(t, f->known & ROW_LIVE ? num_count(f->live).s : "-");
    add_source(t, v, at);
}

static int ends_table(struct page *g, const struct course_view *v, size_t row)
{
    const enum units u = g->o->units;
    const struct column cols[] = {
        {.title = ""},
        {.title = "Time", .drop = 1},
        {.title = "#", .right = true, .drop = 1},
        {.title = words_size_title(u), .right = true},
        {.title = "Live", .right = true},
        {.title = "Source", .drop = 3, .keep = 12},
    };
    struct track_ends x = track_ends(v->tracks, row, ROW_BYTES);
    if (x.first == TRACK_NONE)
        x = track_ends(v->tracks, row, ROW_LIVE);
    if (x.first == TRACK_NONE)
        return 0;
    struct table t;
    table_start(&t, cols, sizeof cols / sizeof *cols, g->e);
    add_end(&t, v, row, "First", x.first, u);
    add_end(&t, v, row, "Last", x.last, u);
    add_end(&t, v, row, "Least", x.least, u);
    add_end(&t, v, row, "Greatest", x.greatest, u);
    int rc = page_table(g, &t);
    table_free(&t);
    return rc;
}

/* The change since the snapshot before, where both are known and of one boot. */
static struct num change(const struct track_row *t, const struct track_moment *m,
                         size_t i, bool bytes, enum units u)
{
    const unsigned f = bytes ? ROW_BYTES : ROW_LIVE;
    if (i == 0 || m[i].new_boot || !(t->v[i].known & t->v[i - 1].known & f))
        return (struct num){.s = ""};
    const struct track_figure *now = &t->v[i], *before = &t->v[i - 1];
    return bytes ? num_change(sub_u64_clamped(now->bytes, before->bytes), u)
                 : num_signed((int64_t)(now->live - before->live));
}

static int points_table(struct page *g, const struct course_view *v, size_t row)
{
    const enum units u = g->o->units;
    const struct column cols[] = {
        {.title = "#", .right = true},
        {.title = "Time"},
        {.title = "Before", .drop = 1},
        {.title = words_size_title(u), .right = true},
        {.title = words_change_title(u), .right = true, .drop = 2},
        {.title = "Live", .right = true},
        {.title = "Live +/-", .right = true, .drop = 3},
        {.title = "Allocs", .right = true, .drop = 4},
        {.title = "Frees", .right = true, .drop = 4},
        {.title = "Source", .drop = 6, .keep = 12},
    };
    const struct tracks *s = v->tracks;
    const struct track_row *tr = &s->rows[row];
    struct table t;
    table_start(&t, cols, sizeof cols / sizeof *cols, g->e);
    for (size_t i = 0; i < s->n; i++) {
        const struct track_figure *f = &tr->v[i];
        struct phrase p;
        phrase_start(&p, false);
        words_course_before(&p, &s->moments[i]);
        table_cell(&t, num_count(i + 1).s);
        table_cell(&t, num_time(&s->moments[i].time).s);
        table_cell(&t, p.s);
        table_cell(&t, f->known & ROW_BYTES ? num_size(f->bytes, u).s : "-");
        table_cell(&t, change(tr, s->moments, i, true, u).s);
        table_cell(&t, f->known & ROW_LIVE ? num_count(f->live).s : "-");
        table_cell(&t, change(tr, s->moments, i, false, u).s);
        table_cell(&t, f->known & ROW_ALLOCS ? num_count(f->allocs).s : "");
        table_cell(&t, f->known & ROW_FREES ? num_count(f->frees).s : "");
        add_source(&t, v, i);
    }
    int rc = page_table(g, &t);
    table_free(&t);
    return rc;
}

/* ---- a tag, a host, all ---- */

static int one_row(struct page *g, const struct course_view *v, size_t row)
{
    const uint32_t index = v->tracks->rows[row].index;
    const struct rank_tag *tag = &v->v->r->tags[index];
    struct phrase p;
    phrase_start(&p, g->markdown);
    words_rank_tag(&p, v->v, tag, g->o->units);
    page_answer(g, &p, people_style(tag->verdict, tag->confidence));
    phrase_start(&p, g->markdown);
    if (words_owner(&p, owner_at(v->v->owners, index)))
        page_para(g, &p, 0);
    page_gap(g);
    TRY(ends_table(g, v, row));
    page_gap(g);
    if (v->tracks->n > 1) {
        bool drawn = draw(g, v, row, true, false);
        drawn |= draw(g, v, row, false, drawn);
        phrase_start(&p, g->markdown);
        if (drawn && words_course_legend(&p, v, row))
            page_para(g, &p, 0);
        page_gap(g);
    }
    if (!g->o->verbose)
        return 0;
    page_fold(g, "Every snapshot");
    TRY(points_table(g, v, row));
    page_unfold(g);
    page_gap(g);
    return 0;
}

static int one_host(struct page *g, const struct course_view *v, bool many)
{
    struct phrase p;
    if (many || strcmp(v->v->scope, "system") != 0) {
        phrase_start(&p, g->markdown);
        words_rank_host(&p, v->v);
        page_heading(g, p.s);
    }
    for (size_t i = 0; i < v->tracks->n_rows; i++)
        TRY(one_row(g, v, i));
    if (v->matched > v->tracks->n_rows) {
        phrase_start(&p, g->markdown);
        words_course_more(&p, v);
        page_para(g, &p, 0);
    }
    phrase_start(&p, g->markdown);
    words_rank_read(&p, v->v);
    page_para(g, &p, 0);
    phrase_start(&p, g->markdown);
    if (words_course_breaks(&p, v))
        page_para(g, &p, 0);
    return 0;
}

int people_history(struct page *g, const struct course_view *v, size_t n)
{
    struct phrase p;
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            page_gap(g);
        TRY(one_host(g, &v[i], n > 1));
    }
    if (n == 0) {
        phrase_start(&p, g->markdown);
        words_course_none(&p);
        page_answer(g, &p, STYLE_PLAIN);
    }
    return 0;
}
