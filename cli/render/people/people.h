/* SPDX-License-Identifier: MIT */
/* Results for people, the same for text and Markdown: what stands where.  The words are
 * words.h's, the numbers number.h's; the caller owns everything. */
#ifndef CLI_RENDER_PEOPLE_H
#define CLI_RENDER_PEOPLE_H

#include "cli/render/people/page.h"

int people_show(struct page *g, const struct show_view *v, bool first) ERR_WARN_UNUSED;
/* The advice that closes a page of that many snapshots. */
void people_show_next(struct page *g, size_t snapshots);
void people_info(struct page *g, const struct info_input *v, size_t n);
int people_diff(struct page *g, const struct diff_view *v) ERR_WARN_UNUSED;
int people_rank(struct page *g, struct rank_hosts *h) ERR_WARN_UNUSED;
/* What several hosts say together, and one line for each of them. */
int people_fleet(struct page *g, const struct fleet_view *v) ERR_WARN_UNUSED;
/* Whether each host gets a part of its own below. */
bool people_fleet_details(const struct page *g, const struct fleet *f);
/* The section of --baseline; nothing without it. */
int people_baseline(struct page *g, const struct rank_view *v) ERR_WARN_UNUSED;
/* Cohorts and suspects (people_company.c).  The cell that names the first member of the
 * tag's cohort, "#1"; empty for that one itself and without a cohort. */
void people_with(struct table *t, const struct rank_view *v, uint32_t index);
/* What the first of a cohort has to say of all of them; nothing for others. */
void people_cohort_item(struct page *g, const struct rank_view *v, size_t i);
/* Cohorts of one capture, a sentence each; false when there is none. */
bool people_hints(struct page *g, const struct rank_cohort *v, size_t n);
/* The section of --suspect; nothing without it. */
void people_suspects(struct page *g, const struct rank_view *v);
int people_formats(struct page *g, const struct format *table) ERR_WARN_UNUSED;

/* Markdown alone: the notes of two lists, folded away; NULL is an empty one. */
void people_notes(struct page *g, const struct note_list *a, const struct note_list *b);
/* How a tag with that verdict is written, and the cell of the verdict itself: its words
 * up to a colon, for what follows stands in the evidence. */
enum style people_style(enum verdict v, enum confidence c);
void people_verdict(struct table *t, enum verdict v, enum confidence c);

int people_history(struct page *g, const struct course_view *v, size_t n) ERR_WARN_UNUSED;

/* What the figures mean; nothing without diagnoses. */
void people_diagnoses(struct page *g, const struct rank_view *v);

/* What a pool without a known limit could have left, one item an assumption. */
void people_candidates(struct page *g, const struct pool_limit *l, uint64_t bytes);

/* The cell of an owner: as much of the name as a column can bear. */
void people_owner(struct table *t, struct owner o);

/* Rows that are shown of n. */
static inline size_t people_rows(const struct page *g, size_t n)
{
    return g->o->top == 0 || g->o->top > n ? n : g->o->top;
}

#endif
