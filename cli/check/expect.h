/* SPDX-License-Identifier: MIT */
/* What a case expects held against what `rank` found: a result for each single thing.
 * The caller owns everything. */
#ifndef CLI_EXPECT_H
#define CLI_EXPECT_H

#include "cli/check/check.h"
#include "cli/check/expect_keys.h"
#include "cli/render/phrase.h"
#include "cli/render/render.h"

struct expecting {
    struct check_list *list;
    const struct case_file *c;
    struct phrase where; /* what is looked at: "WEB01: tag Drsd (paged): " */
};

/* Every expectation of the case; views are those of its ranking, in order. */
int expect_all(struct expecting *x, const struct rank_view *views, size_t n,
               struct err *e) ERR_WARN_UNUSED;

/* ---- values (expect.c) ---- */

/* A figure as people write it: a number, or a size such as 128M. */
bool figure_of(const struct node *n, double *value);
/* True when `is`, of the output, is what `want`, of a case, says.  `l` has the keys of
 * what is inside, where it is an object or a list of them. */
bool expect_holds(const struct key_level *l, const struct node *want,
                  const struct node *is);
/* The same as results: one for each single value; `is` NULL: there is no such key. */
int expect_key(struct expecting *x, const struct key_level *l, const struct node *want,
               const struct node *is, struct err *e) ERR_WARN_UNUSED;
/* One result about `want`: `word` is its key, and `wanted` and `found` are said so. */
int expect_result(struct expecting *x, const struct node *want, bool ok, const char *word,
                  const char *wanted, const char *found, struct err *e) ERR_WARN_UNUSED;

/* Says more of where; the mark brings back what was said before. */
size_t expect_mark(const struct expecting *x);
void expect_back(struct expecting *x, size_t mark);

#endif
