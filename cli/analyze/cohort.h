/* SPDX-License-Identifier: MIT */
/* Tags that move by the same number of objects: one suspect, reported once.  The caller
 * owns the arrays; nothing here owns memory when it returns. */
#ifndef CLI_ANALYZE_COHORT_H
#define CLI_ANALYZE_COHORT_H

#include "cli/analyze/judge.h"

/* Cohorts among the tags of r, which stand in rank order, as their objects grew over the
 * tally: fills r->cohorts and each tag's `cohort`.  Two snapshots or more. */
int cohorts_of_growth(struct rank_result *r, const struct tally *t,
                      const struct pooled *p, struct err *e) ERR_WARN_UNUSED;

/* The tags of r, which was made of one capture, that hold nearly the same number of
 * objects: a hint. */
int cohorts_of_capture(struct rank_result *r, const struct tally *t,
                       struct err *e) ERR_WARN_UNUSED;
/* The same for n rows of a capture, given by their indices; `role` as in rank_opts.
 * *cohorts is the caller's to free. */
int cohorts_of_rows(const struct pool_snapshot *s, const uint32_t *rows, size_t n,
                    enum role (*role)(const void *, struct pool_tag, uint8_t),
                    const void *role_ctx, struct rank_cohort **cohorts, size_t *n_cohorts,
                    struct err *e) ERR_WARN_UNUSED;

/* Adds a row to the cohort; rows come in rank order. */
void cohort_add(struct rank_cohort *c, const struct cohort_member *m, enum role role);

#endif
