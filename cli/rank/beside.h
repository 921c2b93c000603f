/* SPDX-License-Identifier: MIT */
/* What a ranked call finds beside its captures: events, and totals that say how large
 * the pools were when they happened.  The caller owns the struct beside and frees it with
 * beside_free. */
#ifndef CLI_BESIDE_H
#define CLI_BESIDE_H

#include <stddef.h>

#include "cli/load/load.h"
#include "cli/render/render.h"

struct beside_group {
    struct event_sums *events; /* NULL while there are none */
    struct pool_moment *moments;
    size_t n_moments, moments_cap;
};

struct beside {
    struct beside_group *v; /* one a group of the load */
    size_t n, cap;
};

/* The events of one series, and what its view points to. */
struct beside_view {
    struct event_sums sums;
    struct rank_event v[EVENT_CODES_MAX];
    bool apart; /* some could not be put on the captures' time line */
};

void beside_free(struct beside *b);
/* Keeps what a snapshot of any kind tells: its events, or the size of the pools. */
int beside_add(struct beside *b, size_t group, const struct pool_snapshot *s,
               struct err *e) ERR_WARN_UNUSED;
/* The events of the machine of that series into *to and *v. */
void beside_of(const struct beside *b, const struct load *l, size_t group,
               struct beside_view *to, struct rank_view *v);

#endif
