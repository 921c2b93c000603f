/* SPDX-License-Identifier: MIT */
/* --baseline: its input read and judged as any other, and each series of a ranking held
 * against the one it belongs to.  The caller owns the struct comparison, which must not
 * move, and frees it with comparison_free after the ranking's views were used. */
#ifndef CLI_COMPARISON_H
#define CLI_COMPARISON_H

#include "cli/analyze/baseline.h"
#include "cli/rank/ranking.h"
#include "formats/lookup.h"

struct comparison {
    struct options o; /* of the call, for the baseline's inputs */
    char *operand;
    const char *name; /* of it, for people */
    struct ranking there;
    bool any_host;               /* it is of one machine, and serves all */
    struct lookup by_host;       /* its views: the first of each machine, ... */
    struct lookup by_series;     /* ... and the first of each machine and scope */
    struct baseline *v;          /* one a view of the ranking */
    struct baseline_view *views; /* the same */
    size_t n;
};

/* Gives every view of a judged ranking its baseline; without --baseline it does nothing.
 * ERR_USAGE when the baseline is of other machines. */
int comparison_make(struct comparison *x, struct ranking *now,
                    struct err *e) ERR_WARN_UNUSED;
void comparison_free(struct comparison *x);

#endif
