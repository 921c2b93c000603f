/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/render/number.h"
#include "cli/render/people/people.h"
#include "cli/render/spark.h"
#include "cli/render/words/words.h"

#define EXPLAINED 3 /* suspects whose evidence is told without -v */

static const struct rank_tag *tag_at(const struct rank_view *v, size_t i)
{
    return &v->r->tags[v->order[i]];
}

enum style people_style(enum verdict v, enum confidence c)
{
    if (v == VERDICT_LEAK)
        return STYLE_BAD;
    return v == VERDICT_GROWING && c != CONFIDENCE_UNPROVEN ? STYLE_WARN : STYLE_PLAIN;
}

void people_verdict(struct table *t, enum verdict v, enum confidence c)
{
    char words[64];
    (void)snprintf(words, sizeof words, "%s", verdict_words(v, c));
    words[strcspn(words, ":")] = '\0';
    table_styled(t, words, people_style(v, c));
}

static enum style style_of(const struct rank_tag *t)
{
    return people_style(t->verdict, t->confidence);
}

static void add_place(struct table *t, const struct rank_view *v, size_t i)
{
    const struct rank_tag *tag = tag_at(v, i);
    table_cell(t, num_count((uint64_t)v->order[i] + 1).s);
    table_tag(t, tag->tag, style_of(tag));
    table_cell(t, pool_kind_short((enum pool_kind)tag->pool));
}

static const char *size_cell(const struct rank_tag *t, struct num *n, enum units u)
{
    *n = num_size(t->bytes, u);
    return t->bytes_known ? n->s : "-";
}

/* ---- three snapshots and more ---- */

static void add_series_row(struct table *t, const struct rank_view *v, size_t i,
                           enum units u)
{
    const struct rank_tag *tag = tag_at(v, i);
    struct num n;
    char text[128], spark[SPARK_MAX];
    add_place(t, v, i);
    people_verdict(t, tag->verdict, tag->confidence);
    people_with(t, v, v->order[i]);
    table_cell(t, size_cell(tag, &n, u));
    table_cell(t, num_change((int64_t)round(tag->growth_bytes), u).s);
    /* What rises and falls has no pace worth a figure. */
    bool paced =
        v->r->has_times && tag->verdict != VERDICT_CYCLIC && !words_has_ended(tag);
    table_cell(t, paced ? num_rate(tag->bytes_per_hour, u).s : "");
    text[0] = '\0';
    if (paced && isfinite(tag->bytes_per_hour_low) && isfinite(tag->bytes_per_hour_high))
        (void)snprintf(text, sizeof text, "%s .. %s",
                       num_rate(tag->bytes_per_hour_low, u).s,
                       num_rate(tag->bytes_per_hour_high, u).s);
    table_cell(t, text);
    text[0] = '\0';
    if (tag->steps > 0)
        (void)snprintf(text, sizeof text, "%d/%d", tag->steps_rising, tag->steps);
    table_cell(t, text);
    table_cell(t, num_percent(tag->freed).s);
    table_cell(t, num_percent(tag->share_of_growth).s);
    table_cell(t, num_series_time(&v->from, v->origin_ms, tag->started_h).s);
    table_cell(t, spark_text(tag->spark, tag->n_spark, spark));
    people_owner(t, owner_at(v->owners, v->order[i]));
}

static int series_table(struct page *g, const struct rank_view *v, size_t shown)
{
    enum units u = g->o->units;
    const struct column cols[] = {
        {.title = "#", .right = true, .key = true},
        {.title = "Tag", .key = true},
        {.title = "Pool", .key = true},
        {.title = "Verdict", .keep = 8, .late = true},
        {.title = "With", .drop = 3},
        {.title = words_size_title(u), .right = true, .drop = 3},
        {.title = words_grew_title(u), .right = true, .drop = 5},
        {.title = words_rate_title(u), .right = true, .drop = 1},
        {.title = "Interval", .right = true, .drop = 8},
        {.title = "Rising", .right = true, .drop = 2},
        {.title = "Freed", .right = true, .drop = 4},
        {.title = "Of growth", .right = true, .drop = 1},
        {.title = "Since", .drop = 7},
        {.title = "Last boot", .drop = 6},
        {.title = "Owner", .drop = 9},
    };
    struct table t;
    table_start(&t, cols, sizeof cols / sizeof *cols, g->e);
    for (size_t i = 0; i < shown; i++)
        add_series_row(&t, v, i, u);
    int rc = page_table(g, &t);
    table_free(&t);
    return rc;
}

/* ---- one snapshot: sizes; two: a difference ---- */

static int size_table(struct page *g, const struct rank_view *v, size_t shown)
{
    enum units u = g->o->units;
    bool two = v->r->snapshots == 2;
    const struct column cols[] = {
        {.title = "#", .right = true, .key = true},
        {.title = "Tag", .key = true},
        {.title = "Pool", .key = true},
        {.title = "With", .drop = 4},
        {.title = words_size_title(u), .right = true},
        {.title = words_change_title(u), .right = true, .drop = 1},
        {.title = words_rate_title(u), .right = true, .drop = 1},
        {.title = "Share", .right = true, .drop = 2},
        {.title = "Live", .right = true, .drop = 3},
        {.title = "Live +/-", .right = true, .drop = 4},
        {.title = "Freed", .right = true, .drop = 5},
        {.title = "Moved B", .right = true, .drop = 6},
        {.title = "Owner", .drop = 7, .keep = 12},
    };
    struct table t;
    table_start(&t, cols, sizeof cols / sizeof *cols, g->e);
    for (size_t i = 0; i < shown; i++) {
        const struct rank_tag *tag = tag_at(v, i);
        struct num n;
        add_place(&t, v, i);
        people_with(&t, v, v->order[i]);
        table_cell(&t, size_cell(tag, &n, u));
        table_cell(&t, !two               ? ""
                       : tag->bytes_known ? num_change(tag->bytes_change, u).s
                                          : "-");
        table_cell(&t, two && v->r->has_times ? num_rate(tag->bytes_per_hour, u).s : "");
        table_cell(&t, num_percent(tag->share_of_pool).s);
        table_cell(&t, tag->live_known ? num_count(tag->live).s : "-");
        table_cell(&t, two ? num_signed(tag->live_change).s : "");
        table_cell(&t, two ? num_percent(tag->freed).s : "");
        table_cell(&t,
                   !two && tag->has_bytes_delta ? num_signed(tag->bytes_delta).s : "");
        people_owner(&t, owner_at(v->owners, v->order[i]));
    }
    int rc = page_table(g, &t);
    table_free(&t);
    return rc;
}

/* ---- -v: every factor ---- */

static int factor_table(struct page *g, const struct rank_view *v, size_t shown)
{
    static const struct column cols[] = {
        {.title = "#", .right = true, .key = true},
        {.title = "Tag", .key = true},
        {.title = "Grade", .right = true, .drop = 9},
        {.title = "Qual", .right = true},
        {.title = "Strt", .right = true, .drop = 1},
        {.title = "Line", .right = true, .drop = 1},
        {.title = "Sprd", .right = true, .drop = 1},
        {.title = "Dir", .right = true, .drop = 2},
        {.title = "Rec", .right = true, .drop = 2},
        {.title = "Quiet", .right = true, .drop = 2},
        {.title = "Room", .right = true, .drop = 2},
        {.title = "Pace", .right = true, .drop = 1},
        {.title = "Score", .right = true},
    };
    struct table t;
    table_start(&t, cols, sizeof cols / sizeof *cols, g->e);
    for (size_t i = 0; i < shown; i++) {
        const struct rank_tag *tag = tag_at(v, i);
        table_cell(&t, num_count((uint64_t)v->order[i] + 1).s);
        table_tag(&t, tag->tag, style_of(tag));
        table_cell(&t, num_count((uint64_t)(tag->grade < 0 ? 0 : tag->grade)).s);
        table_cell(&t, num_factor(tag->quality).s);
        table_cell(&t, num_factor(tag->straightness).s);
        table_cell(&t, num_ratio(tag->line_fit).s);
        table_cell(&t, num_factor(tag->spread).s);
        table_cell(&t, num_factor(tag->directness).s);
        table_cell(&t, num_factor(tag->recency).s);
        table_cell(&t, num_factor(tag->quiet).s);
        table_cell(&t, num_factor(tag->room).s);
        table_cell(&t, num_factor(tag->pace).s);
        table_cell(&t, num_score(tag->score).s);
    }
    int rc = page_table(g, &t);
    table_free(&t);
    return rc;
}

/* ---- evidence ---- */

static void tell(struct page *g, const struct rank_view *v, size_t i)
{
    const struct rank_tag *t = tag_at(v, i);
    struct phrase p;
    phrase_start(&p, g->markdown);
    words_rank_tag(&p, v, t, g->o->units);
    page_item(g, &p, 0);
    if (g->o->verbose && t->n_spark > 1) {
        char spark[SPARK_MAX];
        phrase_start(&p, g->markdown);
        say(&p, "size over the last boot: %s", spark_text(t->spark, t->n_spark, spark));
        page_item(g, &p, 1);
    }
    phrase_start(&p, g->markdown);
    for (int k = 0; k < t->n_evidence; k++) {
        if (evidence_is_detail(&t->evidence[k]) && !g->o->verbose)
            continue;
        say(&p, p.n == 0 ? "" : "; ");
        words_evidence(&p, &t->evidence[k]);
    }
    if (p.n > 0)
        page_item(g, &p, 1);
    people_cohort_item(g, v, i);
    phrase_start(&p, g->markdown);
    const struct owner owner = owner_at(v->owners, v->order[i]);
    if (words_owner(&p, owner))
        page_item(g, &p, 1);
    phrase_start(&p, g->markdown);
    if (words_holder(&p, owner, t->role))
        page_item(g, &p, 1);
}

/* Without -v: the first suspects, or who was one, and beside them the first that stand
 * there for their share of the growth alone. */
static bool is_told(const struct rank_view *v, size_t i, size_t told[2])
{
    const struct rank_tag *t = tag_at(v, i);
    bool suspect = style_of(t) != STYLE_PLAIN || words_has_ended(t);
    return (suspect || words_is_bulk(t)) && !words_told_with(v, i) &&
           told[suspect]++ < EXPLAINED;
}

static void tell_evidence(struct page *g, const struct rank_view *v, size_t shown)
{
    size_t told = 0, kinds[2] = {0};
    for (size_t i = 0; i < shown; i++) {
        bool wanted = g->o->verbose ? tag_at(v, i)->n_evidence > 0 : is_told(v, i, kinds);
        if (!wanted)
            continue;
        if (told++ == 0)
            page_fold(g, "Evidence");
        tell(g, v, i);
    }
    if (told == 0)
        return;
    page_unfold(g);
    page_gap(g);
}

static enum style answer_style(const struct rank_view *v)
{
    return v->r->outcome == OUTCOME_LEAK      ? STYLE_BAD
           : v->r->outcome == OUTCOME_SUSPECT ? STYLE_WARN
           : v->r->outcome == OUTCOME_NONE    ? STYLE_GOOD
                                              : STYLE_HEAD;
}

/* The host's heading, the answer, and what it rests on. */
static void head(struct page *g, const struct rank_view *v, bool many)
{
    struct phrase p;
    if (many || strcmp(v->scope, "system") != 0) {
        phrase_start(&p, g->markdown);
        words_rank_host(&p, v);
        page_heading(g, p.s);
    }
    phrase_start(&p, g->markdown);
    words_rank_answer(&p, v, g->o->units);
    page_answer(g, &p, answer_style(v));
    phrase_start(&p, g->markdown);
    words_rank_read(&p, v);
    page_para(g, &p, 0);
    for (int k = 0; k < POOL_KINDS; k++) {
        phrase_start(&p, g->markdown);
        if (words_rank_pool(&p, v, (enum pool_kind)k, g->o->units))
            page_item(g, &p, 0);
        for (size_t i = 0; i < v->r->pools[k].n_thresholds; i++) {
            phrase_start(&p, g->markdown);
            if (words_rank_threshold(&p, &v->r->pools[k], i, g->o->units))
                page_item(g, &p, 1);
        }
        people_candidates(g, &v->r->pools[k].limit, v->r->pools[k].bytes);
    }
    for (size_t i = 0; i < v->n_events; i++) {
        phrase_start(&p, g->markdown);
        words_rank_event(&p, v, &v->events[i], g->o->units);
        page_item(g, &p, 0);
    }
    page_gap(g);
}

static int body(struct page *g, const struct rank_view *v)
{
    bool series = rank_is_series(v->r);
    size_t shown = people_rows(g, v->n_order);
    if (!series)
        page_heading(g, v->r->snapshots == 2
                            ? "Difference, ordered by growth against what was held before"
                            : "Suspects by size");
    TRY(series ? series_table(g, v, shown) : size_table(g, v, shown));
    struct phrase p;
    if (shown < v->n_order) {
        phrase_start(&p, g->markdown);
        words_rank_others(&p, v, shown);
        page_para(g, &p, 2);
    }
    page_gap(g);
    if (series || (v->r->snapshots == 2 && g->o->verbose)) {
        tell_evidence(g, v, shown);
        if (series && g->o->verbose) {
            page_fold(g, "Factors");
            TRY(factor_table(g, v, shown));
            page_unfold(g);
            page_gap(g);
        }
    }
    if (people_hints(g, v->r->cohorts, v->r->n_cohorts))
        page_gap(g);
    phrase_start(&p, g->markdown);
    if (v->r->snapshots == 1 && words_rank_large(&p, v)) {
        page_para(g, &p, 0);
        page_gap(g);
    }
    phrase_start(&p, g->markdown);
    bool more = v->r->snapshots == 1 ? words_rank_motion(&p, v)
                                     : series && words_rank_unproven(&p, v, g->o->units);
    if (more) {
        page_para(g, &p, 0);
        page_gap(g);
    }
    people_diagnoses(g, v);
    return 0;
}

int people_rank(struct page *g, struct rank_hosts *h)
{
    const struct fleet *f = h->fleet.f;
    const struct rank_view *v;
    struct phrase p;
    int more = 0;
    if (f->n_series > 1)
        TRY(people_fleet(g, &h->fleet));
    while (people_fleet_details(g, f) && (more = h->next(h->ctx, &v, g->e)) > 0) {
        if (f->n_series > 1)
            page_gap(g);
        head(g, v, f->n_series > 1);
        if (v->n_order > 0)
            TRY(body(g, v));
        people_suspects(g, v);
        if (v->n_order == 0 && v->r->n_tags > 0)
            continue;
        TRY(people_baseline(g, v));
        people_notes(g, &v->r->notes, v->notes);
        phrase_start(&p, g->markdown);
        words_rank_next(&p, v);
        page_para(g, &p, 0);
    }
    TRY(more);
    if (!h->complete) {
        phrase_start(&p, g->markdown);
        say(&p, "note: ");
        words_incomplete(&p);
        say(&p, ".");
        page_para(g, &p, 0);
    }
    return 0;
}
