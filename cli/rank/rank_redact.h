/* SPDX-License-Identifier: MIT */
/* --redact for rankings that were saved with their names.  The caller owns everything;
 * new texts are put on the shelf of the host. */
#ifndef CLI_RANK_REDACT_H
#define CLI_RANK_REDACT_H

#include "cli/rank/fields_read.h"
#include "cli/redact/redact.h"
#include "cli/render/render.h"

/* A host just read: v, the owners of its tags, and its notes, which lose their words. */
int rank_redact(struct redact *names, struct rank_view *v, struct owner *owners, size_t n,
                struct note_list *notes, struct shelf *shelf,
                struct err *e) ERR_WARN_UNUSED;

#endif
