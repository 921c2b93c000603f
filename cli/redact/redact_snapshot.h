/* SPDX-License-Identifier: MIT */
/* --redact where names enter a call: its inputs and their snapshots.  The caller owns
 * everything; a NULL struct redact leaves all as it is. */
#ifndef CLI_REDACT_SNAPSHOT_H
#define CLI_REDACT_SNAPSHOT_H

#include "cli/load/inputs.h"
#include "cli/redact/redact.h"
#include "formats/pool.h"

/* Gives a new name to each input that has its own yet; `real` keeps that. */
int redact_inputs(struct redact *r, struct inputs *in, struct err *e) ERR_WARN_UNUSED;
/* A snapshot of an input of that new name, its host decided: host, source, drivers,
 * facts; what only quotes the capture (layout, words of notes and events) goes. */
int redact_snapshot(struct redact *r, const char *input, struct pool_snapshot *s,
                    struct err *e) ERR_WARN_UNUSED;

#endif
