/* SPDX-License-Identifier: MIT */
/* The two renderers for people: the same calls, in the dress that page.h gives. */
#include "cli/render/people/people.h"

#include <stdio.h>
#include <string.h>

#include "cli/render/checks/checks.h"
#include "cli/render/inert.h"
#include "cli/render/reproduce.h"
#include "cli/render/tags_view.h"
#include "cli/render/words/words.h"

#define OWNER_COLUMNS 40

void people_owner(struct table *t, struct owner o)
{
    static const char doubt[] = " (unverified)";
    char s[4 * OWNER_COLUMNS + sizeof ".." + sizeof doubt];
    const size_t n = o.text != NULL ? strlen(o.text) : 0;
    size_t fits = text_fit(o.text, n, OWNER_COLUMNS);
    if (fits > 4 * OWNER_COLUMNS)
        fits = 0; /* nothing but marks without a width */
    (void)snprintf(s, sizeof s, "%.*s%s%s", (int)fits, n > 0 ? o.text : "",
                   fits < n ? ".." : "", n > 0 && o.unverified ? doubt : "");
    table_name(t, s);
}

void people_candidates(struct page *g, const struct pool_limit *l, uint64_t bytes)
{
    for (size_t i = 0; i < l->n_candidates; i++) {
        struct phrase p;
        phrase_start(&p, g->markdown);
        words_candidate(&p, &l->candidates[i], bytes, g->o->units);
        page_item(g, &p, 1);
    }
}

static int show_begin(struct render *r)
{
    r->count = 0;
    r->owed = 0;
    return 0;
}

static int show_one(struct render *r, const struct show_view *v)
{
    struct page g = page_of(r);
    r->owed += v->of == 0 && v->s->record == RECORD_CAPTURE;
    return people_show(&g, v, r->count++ == 0);
}

static int show_end(struct render *r)
{
    struct page g = page_of(r);
    if (r->owed > 0)
        people_show_next(&g, r->owed);
    return 0;
}

static int show_history(struct render *r, const struct course_view *v, size_t n)
{
    struct page g = page_of(r);
    return people_history(&g, v, n);
}

static int info(struct render *r, const struct info_input *v, size_t n)
{
    struct page g = page_of(r);
    people_info(&g, v, n);
    return 0;
}

static int diff(struct render *r, const struct diff_view *v)
{
    struct page g = page_of(r);
    TRY(people_diff(&g, v));
    return people_reproduce(&g, r->reproduce, r->e);
}

static int rank(struct render *r, struct rank_hosts *h)
{
    struct page g = page_of(r);
    TRY(people_rank(&g, h));
    return people_reproduce(&g, r->reproduce, r->e);
}

static int formats(struct render *r, const struct format *table)
{
    struct page g = page_of(r);
    return people_formats(&g, table);
}

static int tags(struct render *r, const struct tags_view *v)
{
    struct page g = page_of(r);
    return people_tags(&g, v);
}

/* Text and Markdown say the same: a page knows which of them it is. */
#define FOR_PEOPLE                                                                       \
    .fleet_first = true, .show_begin = show_begin, .show_one = show_one,                 \
    .show_end = show_end, .show_history = show_history, .info = info, .diff = diff,      \
    .rank = rank, .formats = formats, .tags = tags

const struct renderer render_text = {.name = "text", FOR_PEOPLE, .check = check_tap};

const struct renderer render_markdown = {
    .name = "markdown", .markdown = true, FOR_PEOPLE, .check = check_markdown};
