/* SPDX-License-Identifier: MIT */
/* Tags under suspicion, accused or acquitted with figures; the results are owned by the
 * struct rank_result. */
#ifndef CLI_ANALYZE_SUSPECT_H
#define CLI_ANALYZE_SUSPECT_H

#include "cli/analyze/judge.h"

/* One r->suspects[] for each pattern of o, in that order; r is complete but for them. */
int suspects_judge(struct rank_result *r, const struct tally *t,
                   const struct rank_opts *o, struct err *e) ERR_WARN_UNUSED;

#endif
