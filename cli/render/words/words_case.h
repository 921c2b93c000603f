/* SPDX-License-Identifier: MIT */
/* Names and messages of what a case expects; the caller owns the struct phrase, to which
 * each function adds. */
#ifndef CLI_RENDER_WORDS_CASE_H
#define CLI_RENDER_WORDS_CASE_H

#include "cli/know/tree.h"
#include "cli/render/words/words.h"

/* What a case wants: "1", "growing or leak", "2 to 5", "7 within 5%", "no item". */
void words_case_want(struct phrase *p, const struct node *want);
/* What the output holds: a value, the items of a list, how many members an object has;
 * NULL is no such key. */
void words_case_found(struct phrase *p, const struct node *is);
/* "Drsd (paged)". */
void words_case_row(struct phrase *p, const struct rank_tag *t);
/* What the row of a tag was looked for by: "Drsd, pool paged". */
void words_case_chosen(struct phrase *p, const struct node *row);

#endif
