/* SPDX-License-Identifier: MIT */
/* The two renderers for people: the same calls, in the dress that page.h gives. */
#include "cli/render/people.h"

#include <string.h>

#include "cli/render/inert.h"

#define OWNER_COLUMNS 40

void people_owner(struct table *t, struct owner o)
{
    char s[4 * OWNER_COLUMNS + sizeof ".."];
    const size_t n = o.text != NULL ? strlen(o.text) : 0;
    size_t fits = text_fit(o.text, n, OWNER_COLUMNS);
    if (fits > 4 * OWNER_COLUMNS)
        fits = 0; /* nothing but marks without a width */
    if (fits > 0)
        memcpy(s, o.text, fits);
    memcpy(s + fits, fits < n ? ".." : "", fits < n ? sizeof ".." : 1);
    table_name(t, s);
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

static int info(struct render *r, const struct info_input *v, size_t n)
{
    struct page g = page_of(r);
    return people_info(&g, v, n);
}

static int diff(struct render *r, const struct diff_view *v)
{
    struct page g = page_of(r);
    return people_diff(&g, v);
}

static int rank(struct render *r, const struct rank_view *v, size_t n_hosts,
                bool complete)
{
    struct page g = page_of(r);
    return people_rank(&g, v, n_hosts, complete);
}

static int formats(struct render *r, const struct format *table)
{
    struct page g = page_of(r);
    return people_formats(&g, table);
}

const struct renderer render_text = {
    .name = "text",
    .show_begin = show_begin,
    .show_one = show_one,
    .show_end = show_end,
    .info = info,
    .diff = diff,
    .rank = rank,
    .formats = formats,
};

const struct renderer render_markdown = {
    .name = "markdown",
    .markdown = true,
    .show_begin = show_begin,
    .show_one = show_one,
    .show_end = show_end,
    .info = info,
    .diff = diff,
    .rank = rank,
    .formats = formats,
};
