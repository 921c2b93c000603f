/* SPDX-License-Identifier: MIT */
/* Between the tally and its results: what rank.c asks of judge.c, blocks.c and
 * evidence.c.  struct pooled is owned by rank.c. */
#ifndef CLI_ANALYZE_JUDGE_H
#define CLI_ANALYZE_JUDGE_H

#include "cli/analyze/score.h"

/* All boots of all slots, added up in time order. */
struct pooled {
    double *age_h;     /* by boot */
    struct sums *sums; /* by slot */
    struct axis_sums axis;
};

int pooled_make(struct pooled *p, const struct tally *t, struct err *e) ERR_WARN_UNUSED;
void pooled_free(struct pooled *p);

/* Fills one result, except for what needs all of them: rank and shares. */
void judge_slot(struct rank_tag *tag, const struct tally *t, const struct pooled *p,
                uint32_t slot);
/* Verdict and confidence; needs share_of_pool. */
void judge_class(struct rank_tag *tag, const struct tally *t, const struct pooled *p,
                 uint32_t slot);

/* ---- blocks.c: paces over half days ---- */

#define BLOCKS 64

/* Values at times, of which those that are NAN are left out. */
struct track {
    uint32_t n;
    double t[BINS], v[BINS];
};

struct pace {
    int n;                  /* rates found; fewer than 4 say nothing */
    double mean, low, high; /* per hour; 90 % prediction over `horizon` hours */
    double onset_t;         /* NAN: it rose from the start, or not at all */
};

struct pace pace_of(const struct track *track, double horizon_h);

/* Fills the forecast of one pool. */
void forecast_pool(struct rank_pool *pool, const struct tally *t, enum pool_kind k);

/* ---- evidence.c ---- */

void evidence_of(struct rank_tag *tag, const struct score *s,
                 const struct score_input *in);

#endif
