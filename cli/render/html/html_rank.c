/* SPDX-License-Identifier: MIT */
/* The tables of a ranking. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/render/html/html_scale.h"
#include "cli/render/html/html_table.h"
#include "cli/render/report.h"
#include "cli/render/words/words.h"

static size_t shown_of(const struct html *h, const struct rank_view *v)
{
    return h->o->top == 0 || h->o->top > v->n_order ? v->n_order : h->o->top;
}

static bool has_card(const uint32_t *drawn, size_t n, uint32_t index)
{
    for (size_t i = 0; i < n; i++)
        if (drawn[i] == index)
            return true;
    return false;
}

/* ---- the little picture ---- */

#define SPARK_STEP   3 /* pixels from point to point: a table may have thousands */
#define SPARK_HEIGHT 18

static void spark(struct html *h, const struct rank_tag *t)
{
    double least = INFINITY, most = -INFINITY;
    for (int i = 0; i < t->n_spark; i++) {
        if (!isfinite(t->spark[i]))
            continue;
        least = fmin(least, t->spark[i]);
        most = fmax(most, t->spark[i]);
    }
    html_put(h, "<td>");
    if (t->n_spark > 1 && most > least) {
        const struct scale y = {most, least, SPARK_HEIGHT};
        bool pen = false;
        int before = 0, level = 0; /* pixels along which it stayed at `before` */
        html_put(h, "<svg class=\"s\" aria-hidden=\"true\"><path d=\"");
        for (int i = 0; i < t->n_spark; i++) {
            bool known = isfinite(t->spark[i]);
            int at = known ? (int)(1.5 + scale_at(&y, t->spark[i])) : 0;
            bool stays = known && pen && at == before;
            if (level > 0 && !stays)
                html_put(h, "h%d", level);
            level = stays ? level + SPARK_STEP : 0;
            if (known && pen && !stays)
                html_put(h, "l%d%s%d", SPARK_STEP, at < before ? "" : " ", at - before);
            else if (known && !pen)
                html_put(h, "M%d %d", 1 + SPARK_STEP * i, at);
            pen = known;
            before = at;
        }
        if (level > 0)
            html_put(h, "h%d", level);
        html_put(h, "\"/></svg>");
    }
    html_put(h, "</td>");
}

/* ---- three snapshots and more ---- */

static void verdict_cell(struct html *h, const struct rank_tag *t)
{
    struct phrase p;
    html_start(&p);
    words_verdict(&p, t);
    if (words_is_suspect(t))
        html_put(h, "<td class=\"v-%s\">", verdict_name(t->verdict));
    else
        html_put(h, "<td>");
    html_phrase(h, &p);
    html_put(h, "</td>");
}

/* Columns that would be empty are left out. */
struct wanted {
    bool with, interval, since;
};

static struct wanted wanted_of(const struct rank_view *v, size_t shown)
{
    struct wanted w = {.with = v->r->n_cohorts > 0};
    for (size_t i = 0; i < shown; i++) {
        const struct rank_tag *t = &v->r->tags[v->order[i]];
        w.interval |= v->r->has_times && isfinite(t->bytes_per_hour_high);
        w.since |= isfinite(t->started_h);
    }
    return w;
}

/* Nothing of it ever grew: most tags of a machine, whose cells say it by being empty. */
static bool unmoved(const struct rank_tag *t)
{
    return t->growth_bytes == 0 && t->steps_rising == 0;
}

static void pace_cells(struct html *h, const struct rank_view *v,
                       const struct rank_tag *t, bool interval)
{
    enum units u = h->o->units;
    char text[128] = "";
    /* What rises and falls has no pace worth a figure. */
    bool paced = v->r->has_times && t->verdict != VERDICT_CYCLIC && !words_has_ended(t) &&
                 !unmoved(t);
    html_cell_real(h, paced ? t->bytes_per_hour : (double)NAN,
                   paced ? num_rate(t->bytes_per_hour, u).s : "");
    if (interval)
        html_cell_range(
            h,
            paced && isfinite(t->bytes_per_hour_low) && isfinite(t->bytes_per_hour_high),
            num_rate(t->bytes_per_hour_low, u), num_rate(t->bytes_per_hour_high, u));
    if (t->steps > 0 && !unmoved(t))
        (void)snprintf(text, sizeof text, "%d/%d", t->steps_rising, t->steps);
    html_cell_real(h, unmoved(t) ? (double)NAN : t->rising, text);
}

static void series_row(struct html *h, const struct rank_view *v, uint32_t index,
                       bool card, struct wanted w)
{
    const struct rank_tag *t = &v->r->tags[index];
    enum units u = h->o->units;
    html_cells_place(h, v, index, card);
    verdict_cell(h, t);
    spark(h, t);
    if (w.with)
        html_cell_with(h, v, index);
    html_cell_u64(h, t->bytes_known, t->bytes, num_size(t->bytes, u).s);
    int64_t grown = (int64_t)round(fmin(t->growth_bytes, 9e18));
    html_cell_i64(h, true, grown, num_change(grown, u).s);
    pace_cells(h, v, t, w.interval);
    html_cell_real(h, t->freed, num_percent(t->freed).s);
    html_cell_real(h, unmoved(t) ? (double)NAN : t->share_of_growth,
                   unmoved(t) ? "" : num_percent(t->share_of_growth).s);
    if (w.since)
        html_cell(h, num_series_time(&v->from, v->origin_ms, t->started_h).s);
    html_cell_owner(h, owner_at(v->owners, index));
}

static void left_out(struct html *h, const struct rank_view *v, size_t shown)
{
    struct phrase p;
    html_start(&p);
    if (shown < v->n_order)
        words_rank_others(&p, v, shown);
    html_para(h, "aside", &p);
}

#define SERIES_COLUMNS 15

static size_t series_columns(struct html_column *to, struct wanted w, enum units u)
{
    const struct {
        struct html_column column;
        bool wanted;
    } all[SERIES_COLUMNS] = {
        {{"#", "n"}, true},
        {{"Tag", "w"}, true},
        {{"Pool", "w"}, true},
        {{"Verdict", "w"}, true},
        {{"Last boot", "w"}, true},
        {{"With", "n"}, w.with},
        {{words_size_title(u), "n"}, true},
        {{words_grew_title(u), "n"}, true},
        {{words_rate_title(u), "n"}, true},
        {{"90%", "w"}, w.interval},
        {{"Rising", "n"}, true},
        {{"Freed", "n"}, true},
        {{"Of growth", "n"}, true},
        {{"Since", "w"}, w.since},
        {{"Owner", "w"}, true},
    };
    size_t n = 0;
    for (size_t i = 0; i < SERIES_COLUMNS; i++)
        if (all[i].wanted)
            to[n++] = all[i].column;
    return n;
}

void html_ranked(struct html *h, const struct rank_view *v)
{
    struct html_column cols[SERIES_COLUMNS];
    uint32_t drawn[REPORT_SUSPECTS];
    size_t n = report_suspects(v, drawn), shown = shown_of(h, v);
    const struct wanted w = wanted_of(v, shown);
    html_section(h, "ranked", "All tags, ranked");
    html_table(h, "The most convincing growth first", cols,
               series_columns(cols, w, h->o->units), shown);
    for (size_t i = 0; i < shown; i++) {
        html_row(h, i);
        series_row(h, v, v->order[i], has_card(drawn, n, v->order[i]), w);
        html_row_end(h);
    }
    html_table_end(h);
    left_out(h, v, shown);
    html_section_end(h);
}

/* ---- one snapshot: sizes; two: a difference ---- */

static void size_row(struct html *h, const struct rank_view *v, uint32_t index, bool two)
{
    const struct rank_tag *t = &v->r->tags[index];
    enum units u = h->o->units;
    html_cells_place(h, v, index, false);
    html_cell_with(h, v, index);
    html_cell_u64(h, t->bytes_known, t->bytes, num_size(t->bytes, u).s);
    html_cell_real(h, t->share_of_pool, num_percent(t->share_of_pool).s);
    html_cell_u64(h, t->live_known, t->live, num_count(t->live).s);
    if (two) {
        html_cell_i64(h, true, t->bytes_change, num_change(t->bytes_change, u).s);
        html_cell_real(h, t->bytes_per_hour,
                       v->r->has_times ? num_rate(t->bytes_per_hour, u).s : "");
        html_cell_i64(h, true, t->live_change, num_signed(t->live_change).s);
        html_cell_real(h, t->freed, num_percent(t->freed).s);
    } else {
        html_cell_i64(h, t->has_bytes_delta, t->bytes_delta,
                      num_signed(t->bytes_delta).s);
    }
    html_cell_owner(h, owner_at(v->owners, index));
}

void html_sizes(struct html *h, const struct rank_view *v)
{
    enum units u = h->o->units;
    bool two = v->r->snapshots == 2;
    const struct html_column one_cols[] = {
        {"#", "n"},
        {"Tag", "w"},
        {"Pool", "w"},
        {"With", "n"},
        {words_size_title(u), "n"},
        {"Share", "n"},
        {"Objects", "n"},
        {"Moved B", "n"},
        {"Owner", "w"},
    };
    const struct html_column two_cols[] = {
        {"#", "n"},
        {"Tag", "w"},
        {"Pool", "w"},
        {"With", "n"},
        {words_size_title(u), "n"},
        {"Share", "n"},
        {"Objects", "n"},
        {words_change_title(u), "n"},
        {words_rate_title(u), "n"},
        {"Objects +/-", "n"},
        {"Freed", "n"},
        {"Owner", "w"},
    };
    size_t shown = shown_of(h, v);
    html_section(h, "ranked", two ? "The difference, tag by tag" : "Suspects by size");
    if (two)
        html_table(h, "Ordered by growth against what was held before", two_cols,
                   sizeof two_cols / sizeof *two_cols, shown);
    else
        html_table(h, "The largest first: size, not growth", one_cols,
                   sizeof one_cols / sizeof *one_cols, shown);
    for (size_t i = 0; i < shown; i++) {
        html_row(h, i);
        size_row(h, v, v->order[i], two);
        html_row_end(h);
    }
    html_table_end(h);
    left_out(h, v, shown);
    html_section_end(h);
}
