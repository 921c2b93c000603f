/* SPDX-License-Identifier: MIT */
/* One case made to run: its options and inputs as `rank` takes them, its captures ranked,
 * what it expects held against them.  The caller owns the struct case_run, which must not
 * move, and frees it with case_run_free. */
#ifndef CLI_CASE_RUN_H
#define CLI_CASE_RUN_H

#include "cli/check/check.h"
#include "cli/know/case.h"
#include "cli/rank/comparison.h"
#include "cli/rank/ranking.h"

struct case_run {
    struct case_file file;
    struct context call; /* what `rank` would have been called with */
    char **texts;        /* what its options and operands point to */
    size_t n_texts, texts_cap;
    struct ranking ranking;
    struct comparison compared;
};

/* Reads the case file: keys, options, inputs. */
int case_run_open(struct case_run *x, const char *path, struct err *e) ERR_WARN_UNUSED;
/* Ranks, and adds a result for each single thing that it expects.  What the reading has
 * to say goes to *t, but for notes, unless `notes`. */
int case_run_check(struct case_run *x, struct check_list *l, struct term *t, bool notes,
                   struct err *e) ERR_WARN_UNUSED;
void case_run_free(struct case_run *x);

#endif
