/* SPDX-License-Identifier: MIT */
/* --redact where a call tells how it was made.  The caller owns everything but what the
 * struct redact keeps. */
#ifndef CLI_REDACT_CALL_H
#define CLI_REDACT_CALL_H

#include "cli/command.h"
#include "cli/redact/redact.h"

/* The arguments of the call, with other names where it redacts: *out is c->arguments, or
 * an array that lives as long as the names.  To be asked after the inputs were named, so
 * that theirs are the first numbers. */
int redact_arguments(const struct context *c, char *const **out,
                     struct err *e) ERR_WARN_UNUSED;

#endif
