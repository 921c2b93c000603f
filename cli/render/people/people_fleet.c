/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/render/number.h"
#include "cli/render/people/people.h"
#include "cli/render/words/words.h"

#define DETAILED  3 /* hosts that are told one by one without -v */
#define EXPLAINED 3 /* tags that get a sentence without -v */

bool people_fleet_details(const struct page *g, const struct fleet *f)
{
    return f->n_series <= DETAILED || g->o->verbose;
}

static void add_count(struct table *t, uint64_t n)
{
    table_cell(t, n > 0 ? num_count(n).s : "");
}

static void add_tag(struct table *t, const struct fleet_view *v, size_t i, enum units u)
{
    const struct fleet_tag *tag = &v->f->tags[v->order[i]];
    const struct fleet_scope *scope = &v->f->scopes[tag->scope];
    char hosts[48];
    table_cell(t, num_count(i + 1).s);
    table_tag(t, tag->tag, people_style(tag->verdict, tag->confidence));
    table_cell(t, pool_kind_short((enum pool_kind)tag->pool));
    people_verdict(t, tag->verdict, tag->confidence);
    (void)snprintf(hosts, sizeof hosts, "%u/%u", (unsigned)fleet_suspects(tag),
                   (unsigned)scope->series);
    table_cell(t, hosts);
    add_count(t, tag->leak);
    add_count(t, tag->probable);
    add_count(t, tag->possible);
    table_cell(t, num_count(tag->hosts).s);
    table_cell(t, num_change(fleet_growth(tag), u).s);
    /* What grows nowhere has no pace worth a figure. */
    bool paced = tag->verdict <= VERDICT_GROWING && isfinite(tag->bytes_per_hour);
    table_cell(t, paced ? num_rate(tag->bytes_per_hour, u).s : "");
    table_cell(t, num_score(fleet_score(tag)).s);
    table_cell(t, scope->name);
    people_owner(t, owner_at(v->owners, v->order[i]));
}

static int tag_table(struct page *g, const struct fleet_view *v, size_t shown)
{
    enum units u = g->o->units;
    const struct column cols[] = {
        {.title = "#", .right = true, .key = true},
        {.title = "Tag", .key = true},
        {.title = "Pool", .key = true},
        {.title = "Gravest", .keep = 8, .late = true},
        {.title = "Hosts", .right = true},
        {.title = "Leak", .right = true, .drop = 2},
        {.title = "Prob", .right = true, .drop = 2},
        {.title = "Poss", .right = true, .drop = 2},
        {.title = "Have it", .right = true, .drop = 1},
        {.title = words_grew_title(u), .right = true, .drop = 3},
        {.title = words_rate_title(u), .right = true, .drop = 1},
        {.title = "Score", .right = true, .drop = 4},
        {.title = "Scope", .drop = v->f->n_scopes > 1 ? 1 : 9},
        {.title = "Owner", .drop = 8},
    };
    struct table t;
    table_start(&t, cols, sizeof cols / sizeof *cols, g->e);
    for (size_t i = 0; i < shown; i++)
        add_tag(&t, v, i, u);
    int rc = page_table(g, &t);
    table_free(&t);
    return rc;
}

static void tell_tags(struct page *g, const struct fleet_view *v, size_t shown)
{
    size_t told = 0;
    struct phrase p;
    for (size_t i = 0; i < shown && (g->o->verbose || told < EXPLAINED); i++) {
        const struct fleet_tag *t = &v->f->tags[v->order[i]];
        if (fleet_suspects(t) == 0)
            continue;
        told++;
        phrase_start(&p, g->markdown);
        words_fleet_tag(&p, v->f, t, g->o->units);
        page_item(g, &p, 0);
    }
    phrase_start(&p, g->markdown);
    if (words_fleet_versions(&p, v->f)) {
        page_item(g, &p, 0);
        told++;
    }
    if (told > 0)
        page_gap(g);
}

static void add_series(struct table *t, const struct fleet_series *s, enum units u)
{
    struct phrase p;
    phrase_start(&p, false);
    words_host(&p, s->host, s->scope);
    table_name(t, p.s);
    table_styled(t, words_outcome(s->outcome),
                 s->outcome == OUTCOME_LEAK      ? STYLE_BAD
                 : s->outcome == OUTCOME_SUSPECT ? STYLE_WARN
                 : s->outcome == OUTCOME_NONE    ? STYLE_GOOD
                                                 : STYLE_PLAIN);
    add_count(t, s->suspects);
    if (s->suspects > 0) {
        table_tag(t, s->first.tag, people_style(s->first.verdict, s->first.confidence));
        table_cell(t, pool_kind_short((enum pool_kind)s->first.pool));
        table_cell(t, isfinite(s->first.bytes_per_hour)
                          ? num_rate(s->first.bytes_per_hour, u).s
                          : "");
    } else {
        table_cell(t, "");
        table_cell(t, "");
        table_cell(t, "");
    }
    table_cell(t, num_count(s->snapshots).s);
    table_cell(t, s->has_times ? num_hours(s->span_h).s : "");
    table_cell(t, num_count(s->boots).s);
}

static int series_table(struct page *g, const struct fleet *f)
{
    enum units u = g->o->units;
    const struct column cols[] = {
        {.title = "Host", .keep = 12, .key = true},
        {.title = "Outcome"},
        {.title = "Suspects", .right = true},
        {.title = "First"},
        {.title = "Pool", .drop = 2},
        {.title = words_rate_title(u), .right = true, .drop = 1},
        {.title = "Snapshots", .right = true, .drop = 3},
        {.title = "Span", .right = true, .drop = 3},
        {.title = "Boots", .right = true, .drop = 4},
    };
    struct table t;
    table_start(&t, cols, sizeof cols / sizeof *cols, g->e);
    for (size_t i = 0; i < f->n_series; i++)
        add_series(&t, &f->series[i], u);
    int rc = page_table(g, &t);
    table_free(&t);
    return rc;
}

static int together(struct page *g, const struct fleet_view *v)
{
    size_t shown = people_rows(g, v->n_order);
    page_gap(g);
    page_heading(g, "All hosts");
    if (shown > 0)
        TRY(tag_table(g, v, shown));
    if (shown < v->n_order) {
        struct phrase p;
        phrase_start(&p, g->markdown);
        words_left_out(&p, v->n_order - shown, "other", "others");
        page_para(g, &p, 2);
    }
    page_gap(g);
    tell_tags(g, v, shown);
    return 0;
}

int people_fleet(struct page *g, const struct fleet_view *v)
{
    struct phrase p;
    phrase_start(&p, g->markdown);
    words_fleet_answer(&p, v->f);
    page_answer(g, &p, STYLE_HEAD);
    if (v->f->hosts > 1)
        TRY(together(g, v));
    else
        page_gap(g);
    TRY(series_table(g, v->f));
    if (people_fleet_details(g, v->f))
        return 0;
    page_gap(g);
    phrase_start(&p, g->markdown);
    words_fleet_next(&p, v->f);
    page_para(g, &p, 0);
    return 0;
}
