/* SPDX-License-Identifier: MIT */
/* Cohorts and suspects on the page of a ranking. */
#include <stdio.h>

#include "cli/render/people/people.h"
#include "cli/render/words/words.h"

#define HINTS 5 /* cohorts of one capture that are told without -v */

static const struct rank_cohort *cohort_at(const struct rank_view *v, uint32_t id)
{
    return id > 0 && id <= v->r->n_cohorts ? &v->r->cohorts[id - 1] : NULL;
}

void people_with(struct table *t, const struct rank_view *v, uint32_t index)
{
    const struct rank_cohort *c = cohort_at(v, v->r->tags[index].cohort);
    uint32_t first = c != NULL ? c->members[0].rank : 0;
    char text[16] = "";
    if (first > 0 && first != index + 1)
        (void)snprintf(text, sizeof text, "#%u", first);
    table_cell(t, text);
}

void people_cohort_item(struct page *g, const struct rank_view *v, size_t i)
{
    const struct rank_cohort *c = cohort_at(v, v->r->tags[v->order[i]].cohort);
    struct phrase p;
    if (c == NULL || words_told_with(v, i))
        return;
    phrase_start(&p, g->markdown);
    words_cohort(&p, c);
    page_item(g, &p, 1);
}

bool people_hints(struct page *g, const struct rank_cohort *v, size_t n)
{
    size_t told = 0;
    for (size_t i = 0; i < n && (told < HINTS || g->o->verbose); i++) {
        struct phrase p;
        if (v[i].basis != COHORT_STATIC)
            continue;
        phrase_start(&p, g->markdown);
        words_cohort(&p, &v[i]);
        say(&p, ".");
        page_para(g, &p, 0);
        told++;
    }
    return told > 0;
}

void people_suspects(struct page *g, const struct rank_view *v)
{
    if (v->r->n_suspects == 0)
        return;
    page_heading(g, "Suspects");
    for (size_t i = 0; i < v->r->n_suspects; i++) {
        struct phrase p;
        phrase_start(&p, g->markdown);
        words_suspect(&p, &v->r->suspects[i], g->o->units);
        page_item(g, &p, 0);
    }
    page_gap(g);
}
