/* SPDX-License-Identifier: MIT */
/* Between the tally and its results: what rank.c asks of judge.c, blocks.c and
 * evidence.c.  struct pooled is owned by rank.c. */
#ifndef CLI_ANALYZE_JUDGE_H
#define CLI_ANALYZE_JUDGE_H

#include "cli/analyze/score.h"

struct worker;

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

/* Every second slot is the worker's, if there is one. */
int pooled_make(struct pooled *p, const struct tally *t, struct worker *w,
                struct err *e) ERR_WARN_UNUSED;
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

struct calendar;

/* Fills one result, except for what needs all of them: rank and shares. */
void judge_slot(struct rank_tag *tag, const struct tally *t, const struct pooled *p,
                const struct calendar *cal, uint32_t slot);
/* Verdict and confidence; needs share_of_pool. */
void judge_class(struct rank_tag *tag, const struct tally *t, const struct pooled *p,
                 uint32_t slot);

/* ---- blocks.c: paces over half days ---- */

#define BLOCKS 64

/* How times fall into blocks, and which are far enough apart to be held against each
 * other: the same for all that was seen at these times. */
struct cuts {
    int n; /* blocks; 0: too few for rates */
    double width;
    struct cut {
        uint32_t from, to; /* points from..to-1 */
        double t;          /* their middle */
    } b[BLOCKS];
    int rates;
    int partner[BLOCKS]; /* of block i, i < rates: the first one far enough behind it */
};

/* What one row or pool was in these blocks: the medians.  Borrows the cuts. */
struct blocks {
    const struct cuts *cuts;
    double v[BLOCKS];
    int onset; /* the block from which on it rose */
};

struct pace {
    int n;                  /* rates found; fewer than 4 say nothing */
    double mean, low, high; /* per hour; 90 % prediction over `horizon` hours */
    double onset_t;         /* NAN: it rose from the start, or not at all */
    double from_t;          /* and the time of that pace begins */
};

void cuts_make(struct cuts *c, const double *t, uint32_t n);
void blocks_of(struct blocks *f, const struct cuts *c, const double *v);
struct pace pace_of(const struct blocks *f, double horizon_h);
/* Between neighbouring blocks, and since the onset alone; so many rates are enough, at
 * least 2. */
struct pace pace_since(const struct blocks *f, double horizon_h, int rates);
double student(int freedom); /* 95 % point of Student's t; freedom >= 1 */

/* ---- calendar.c ---- */

/* What all slots share of the boots that still have their bins. */
struct calendar {
    double t[BINS]; /* the ends of all bins */
    double span_h;  /* of the last boot, NAN without times */
    struct cuts cuts;
    uint32_t spark[RANK_SPARK]; /* the bins of the last boot that a spark shows */
    int n_spark;
    /* What a slot gets that stood still in all of these boots. */
    struct pace still;
    struct tempo still_tempo;
};

void calendar_make(struct calendar *cal, const struct tally *t);
/* The slot stood still in each of these boots, and these are its bytes. */
bool calendar_still(const struct tally *t, uint32_t slot, double *bytes);

/* ---- forecast.c ---- */

/* Fills the forecast of one pool, and those of its thresholds. */
void forecast_pool(struct rank_pool *pool, const struct tally *t, enum pool_kind k,
                   const struct rank_opts *opts);

/* ---- tempo.c ---- */

/* Values at times; borrowed. */
struct track {
    uint32_t n;
    const double *t, *v;
};

/* *best becomes *p where that is narrower. */
void tempo_narrow(struct tempo *best, const struct tempo *p);
/* The narrowest of `best` and what daily floors and the days since the onset say of a
 * course of a day or longer: bytes at the ends of the bins, and the least in each. */
struct tempo tempo_of_tracks(struct tempo best, const struct blocks *last,
                             const struct track *least);
/* The narrowest of `best` and what the boots say of a slot.  v is its course over the
 * last boot, NULL where there is none, and f holds its blocks.  NO_SLOT is one that
 * stands still in all of them. */
struct tempo tempo_of(struct tempo best, const struct tally *t,
                      const struct calendar *cal, uint32_t slot, const struct course *v,
                      const struct blocks *f);

/* ---- evidence.c ---- */

void evidence_of(struct rank_tag *tag, const struct score *s,
                 const struct score_input *in);

#endif
