/* SPDX-License-Identifier: MIT */
/* Text for people in two dresses: wrapped lines for terminals, Markdown for pasting; a
 * struct page borrows its sink and options. */
#ifndef CLI_RENDER_PAGE_H
#define CLI_RENDER_PAGE_H

#include "cli/render/people/table.h"
#include "cli/render/phrase.h"
#include "cli/render/render.h"

struct page {
    struct sink *out;
    const struct render_opts *o;
    struct err *e;
    bool markdown;
    bool in_list; /* Markdown wants a blank line behind a list */
};

struct page page_of(struct render *r);

/* The one sentence on top. */
void page_answer(struct page *g, const struct phrase *p, enum style style);
/* A paragraph; further lines are indented by `indent` columns. */
void page_para(struct page *g, const struct phrase *p, unsigned indent);
/* An item of a list: in text the further lines stand under the first's words. */
void page_item(struct page *g, const struct phrase *p, unsigned level);
void page_item_styled(struct page *g, const struct phrase *p, unsigned level,
                      enum style style);
void page_heading(struct page *g, const char *title);
int page_table(struct page *g, struct table *t) ERR_WARN_UNUSED;
/* What Markdown folds away; text shows it under a heading. */
void page_fold(struct page *g, const char *title);
void page_unfold(struct page *g);
/* Lines that stand as they are, between these two: pictures made of characters. */
void page_picture(struct page *g);
void page_line(struct page *g, const struct phrase *p);
void page_picture_end(struct page *g);
/* Columns that a picture may have. */
unsigned page_columns(const struct page *g);
void page_gap(struct page *g);

#endif
