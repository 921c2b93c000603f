/* SPDX-License-Identifier: MIT */
/* What rank --json would print of a host, or of one of its tags, as a tree to look things
 * up in: made by the functions that print it.  The caller owns the struct machine and
 * frees it with machine_free. */
#ifndef CLI_MACHINE_H
#define CLI_MACHINE_H

#include "cli/know/tree.h"
#include "cli/render/render.h"

struct machine {
    struct tree tree; /* its root is the object */
};

/* The host without its tags. */
int machine_host(struct machine *m, const struct rank_view *v,
                 struct err *e) ERR_WARN_UNUSED;
/* v->r->tags[index]. */
int machine_tag(struct machine *m, const struct rank_view *v, uint32_t index,
                struct err *e) ERR_WARN_UNUSED;
void machine_free(struct machine *m);

#endif
