/* SPDX-License-Identifier: MIT */
/* Between the tally and its results: what rank.c asks of judge.c, blocks.c and
 * evidence.c.  struct pooled is owned by rank.c. */
#ifndef CLI_ANALYZE_JUDGE_H
#define CLI_ANALYZE_JUDGE_H

#include "cli/analyze/score.h"

#define WHOLE_MAX 9e18 /* below INT64_MAX */

/* All boots of all slots, added up in time order. */
struct pooled {
    double *age_h;     /* by boot */
    bool age_assumed;  /* of one of them at least */
    struct sums *sums; /* by slot */
    struct axis_sums axis;
    double grown[POOL_KINDS]; /* bytes; what the pool's slots gained, those that did */
    struct since *since;      /* by slot; NULL: one boot */
};

int pooled_make(struct pooled *p, const struct tally *t, struct err *e) ERR_WARN_UNUSED;
void pooled_free(struct pooled *p);

/* What a slot was in the boots, and what these boots are: boot i in of[i] and axis[i],
 * the sums of all of them in *all.  The caller owns the memory. */
struct boots_of {
    size_t n;
    const struct sums *const *of; /* NULL: it did not move in that boot */
    const double (*scale)[CURVES];
    const struct axis_sums *from; /* from[i]: the axes of boot i and of all behind it */
    const struct sums *all;
    const struct axis_sums *all_axis;
};

/* since.c: the best way to take the last boots alone. */
struct since since_of(const struct boots_of *b);

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
    double from_t;          /* and the time of that pace begins */
};

struct pace pace_of(const struct track *track, double horizon_h);
/* Between neighbouring blocks, and since the onset alone; so many rates are enough, at
 * least 2. */
struct pace pace_since(const struct track *track, double horizon_h, int rates);
double student(int freedom); /* 95 % point of Student's t; freedom >= 1 */

/* ---- forecast.c ---- */

/* Fills the forecast of one pool, and those of its thresholds. */
void forecast_pool(struct rank_pool *pool, const struct tally *t, enum pool_kind k,
                   const struct rank_opts *opts);

/* ---- tempo.c ---- */

/* The narrowest of `best` and what daily floors and the days since the onset say of a
 * course of a day or longer: bytes at the ends of the bins, and the least in each. */
struct tempo tempo_of_tracks(struct tempo best, const struct track *last,
                             const struct track *least);
/* Fills tag->tempo; the rate and its bounds must be there. */
void tempo_of(struct rank_tag *tag, const struct tally *t, uint32_t slot);

/* ---- evidence.c ---- */

void evidence_of(struct rank_tag *tag, const struct score *s,
                 const struct score_input *in);

#endif
