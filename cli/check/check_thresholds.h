/* SPDX-License-Identifier: MIT */
/* Thresholds without a case: every host and scope of a judged ranking held against what
 * the person wrote.  The caller owns everything. */
#ifndef CLI_CHECK_THRESHOLDS_H
#define CLI_CHECK_THRESHOLDS_H

#include "cli/check/check.h"
#include "cli/rank/ranking.h"

/* Adds one result a threshold and view to *l. */
int check_thresholds(struct check_list *l, const struct ranking *x,
                     struct err *e) ERR_WARN_UNUSED;

#endif
