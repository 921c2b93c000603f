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
    struct worker *worker; /* hashes, from reproducing_begin on */
};

/* Begins to hash the inputs, which must stay open, `more` being those of the baseline or
 * NULL, where the output has a place for it; *x is {0}.  The rest of the call may go on
 * meanwhile. */
int reproducing_begin(struct reproducing *x, const struct context *c,
                      const struct inputs *in, const struct inputs *more,
                      struct err *e) ERR_WARN_UNUSED;
/* Fills x->view, and tells what could not be read again.  Begins first where that was not
 * done. */
int reproducing_make(struct reproducing *x, struct context *c, const char *command,
                     const struct inputs *in, const struct inputs *more,
                     struct err *e) ERR_WARN_UNUSED;
void reproducing_free(struct reproducing *x);

#endif
