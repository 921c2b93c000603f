/* SPDX-License-Identifier: MIT */
/* What a call must be told by to be had again: filled in for the renderers.  The caller
 * owns the struct reproducing and frees it with reproducing_free. */
#ifndef CLI_REPRODUCING_H
#define CLI_REPRODUCING_H

#include "cli/command.h"
#include "cli/rank/digests.h"

struct reproducing {
    struct digests digests;
    struct reproduce_view view;
};

/* Of a call whose inputs are still open, `more` being those of its baseline or NULL;
 * hashes them where the output has a place for it. */
int reproducing_make(struct reproducing *x, const struct context *c, const char *command,
                     const struct inputs *in, const struct inputs *more,
                     struct err *e) ERR_WARN_UNUSED;
void reproducing_free(struct reproducing *x);

#endif
