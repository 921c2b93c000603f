/* SPDX-License-Identifier: MIT */
/* From ranked hosts to a rendered page: each is folded into the fleet as it passes by, so
 * that no more than one is in memory unless its source keeps it there.  The caller owns
 * the struct hosts ({0} is an empty one) and frees it with hosts_free. */
#ifndef CLI_HOSTS_H
#define CLI_HOSTS_H

#include "cli/options.h"
#include "cli/render/render.h"

/* Where they come from; ctx is the caller's. */
struct hosts_source {
    void *ctx;
    /* As in struct rank_hosts. */
    int (*next)(void *ctx, const struct rank_view **v, struct err *e);
    /* The first comes next again. */
    void (*rewind)(void *ctx);
};

/* Views in memory, as a source; `at` is 0 to begin with. */
struct hosts_array {
    const struct rank_view *v;
    size_t n, at;
};
struct hosts_source hosts_of_array(struct hosts_array *a);

struct hosts {
    struct fleet fleet;
    struct rank_hosts lent; /* what the renderer gets */
    struct hosts_source from;
    const struct options *o; /* or NULL: every tag is wanted */
    bool folded;             /* the fleet is whole */
    uint32_t *order, *index;
    size_t index_cap;
    struct hosts_owner *owners; /* one a tag of the fleet */
    size_t n_owners, owners_cap;
    struct owner *told; /* the same, when all are known */
    struct buf text;
};

/* Renders them all.  The fleet stays, for what the caller still asks of it. */
int hosts_render(struct hosts *h, const struct hosts_source *from,
                 const struct options *o, bool complete, struct render *r,
                 struct err *e) ERR_WARN_UNUSED;
void hosts_free(struct hosts *h);

#endif
