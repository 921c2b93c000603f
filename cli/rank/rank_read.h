/* SPDX-License-Identifier: MIT */
/* The document of `rank --json -n 0` read back, one host at a time: what rank_read_next
 * lends prints what the call that wrote it printed.  The caller owns the struct rank_read
 * and closes it; a view is good until the next call. */
#ifndef CLI_RANK_READ_H
#define CLI_RANK_READ_H

#include "cli/render/render.h"
#include "formats/io/input.h"

struct rank_read;
struct redact; /* cli/redact/redact.h */

/* Takes over `in`, also when it fails.  Errors say where in which document. */
int rank_read_open(struct rank_read **r, struct input *in, struct err *e) ERR_WARN_UNUSED;
/* 1: *v, without order (the caller's, by its own filters); 0: that was all, and the
 * document ended well; negative: an error, also where a host is not told whole. */
int rank_read_next(struct rank_read *r, struct rank_view *v,
                   struct err *e) ERR_WARN_UNUSED;
/* --redact: hosts get other names from here on, and words that could hold one go. */
void rank_read_redact(struct rank_read *r, struct redact *names);
void rank_read_close(struct rank_read *r);

#endif
