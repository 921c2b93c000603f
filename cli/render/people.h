/* SPDX-License-Identifier: MIT */
/* Results for people, the same for text and Markdown: what stands where.  The words are
 * words.h's, the numbers number.h's; the caller owns everything. */
#ifndef CLI_RENDER_PEOPLE_H
#define CLI_RENDER_PEOPLE_H

#include "cli/render/page.h"

int people_show(struct page *g, const struct show_view *v, bool first) ERR_WARN_UNUSED;
/* The advice that closes a page of that many snapshots. */
void people_show_next(struct page *g, size_t snapshots);
int people_info(struct page *g, const struct info_input *v, size_t n) ERR_WARN_UNUSED;
int people_diff(struct page *g, const struct diff_view *v) ERR_WARN_UNUSED;
int people_rank(struct page *g, const struct rank_view *v, size_t n_hosts,
                bool complete) ERR_WARN_UNUSED;
int people_formats(struct page *g, const struct format *table) ERR_WARN_UNUSED;

/* The cell of an owner: as much of the name as a column can bear. */
void people_owner(struct table *t, struct owner o);

/* Rows that are shown of n. */
static inline size_t people_rows(const struct page *g, size_t n)
{
    return g->o->top == 0 || g->o->top > n ? n : g->o->top;
}

#endif
