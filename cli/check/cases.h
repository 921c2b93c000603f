/* SPDX-License-Identifier: MIT */
/* Case files of a call: found, run one after another, told.  The caller owns everything.
 */
#ifndef CLI_CASES_H
#define CLI_CASES_H

#include "cli/check/check.h"
#include "cli/command.h"

/* Runs the cases that the operands stand for: a file is one, a folder those below it.  A
 * case that cannot be read or run is told at once (so that the call is trouble), gets a
 * result of its own, and the next one runs.  ERR_USAGE when there is no case at all. */
int cases_check(struct check_list *l, struct context *c, struct err *e) ERR_WARN_UNUSED;

#endif
