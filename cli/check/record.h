/* SPDX-License-Identifier: MIT */
/* `check --record`: what `rank` finds today, as a case file for a person to edit.  The
 * caller owns everything. */
#ifndef CLI_RECORD_H
#define CLI_RECORD_H

#include "cli/command.h"

/* Ranks the operands and writes the case to -o, or to standard output.  ERR_USAGE for
 * inputs that a case cannot name. */
int record_case(struct context *c, struct err *e) ERR_WARN_UNUSED;

#endif
