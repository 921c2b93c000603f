/* SPDX-License-Identifier: MIT */
/* A judged ranking read once more, for the course of some of its tags.  The caller owns
 * the struct following and frees it with following_free; views point into it and into the
 * ranking. */
#ifndef CLI_FOLLOWING_H
#define CLI_FOLLOWING_H

#include "cli/rank/ranking.h"

struct following {
    struct ranking *x;
    struct followed {
        struct tracks tracks;
        struct series_clock clock;
    } * v;                      /* one a view of the ranking */
    struct followed **of_group; /* NULL: events, totals, or no such tag there */
    const char **sources;
    struct course_view *views; /* hosts and scopes that have such a tag */
    size_t n_views;
};

/* The tags that --history, -i, -x and -p let pass; at most `top` of each host and scope
 * (0 = all), in the order of the ranking. */
int following_make(struct following *f, struct ranking *x, size_t top,
                   struct err *e) ERR_WARN_UNUSED;
void following_free(struct following *f);

#endif
