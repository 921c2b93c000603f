/* SPDX-License-Identifier: MIT */
/* Operands to judged series: what rank, check and comparisons with a baseline share.  The
 * caller owns the struct ranking and frees it with ranking_free; views point into it. */
#ifndef CLI_RANKING_H
#define CLI_RANKING_H

#include <stddef.h>
#include <stdint.h>

#include "cli/command.h"
#include "cli/know/limits.h"
#include "cli/load/load.h"
#include "cli/rank/beside.h"
#include "cli/rank/diagnosing.h"
#include "cli/render/render.h"
#include "cli/tags/owners.h"

/* Hours since the first snapshot of a series, {0} before it; where the time falls, they
 * stand still. */
struct series_clock {
    int64_t last_ms; /* on one clock */
    double hours;
    bool any;
};
/* Of the next snapshot; NAN for one without a time. */
double series_clock_at(struct series_clock *k, const struct pool_time *t);

/* One host and scope while its snapshots stream in. */
struct series {
    struct tally *tally; /* NULL: no capture came */
    struct pool_time from, to;
    int64_t origin_ms; /* series hour 0 on the captures' own clock */
    struct series_clock clock;
    uint64_t snapshots;
    uint64_t memory_kib[2]; /* physical memory, the last two different values */
    unsigned memory_turns;  /* how often it went back to the value before */
    struct owners owners;   /* what its captures say of tags, and the lists of the call */
    struct buf facts;       /* what its last capture says of the machine, and a NUL */
    struct watch watch;     /* for the rules */
    struct limit_facts limits; /* what the captures say of the pools' maxima */
};

/* What a view points to. */
struct judged {
    struct rank_result result;
    uint32_t *order;
    struct owner *owners;
    struct beside_view beside;
    struct told told;
    char scope[24];
};

struct ranking {
    struct context *c;
    const char *place; /* in front of its notes: "", or the operand */
    struct load load;
    struct owners owners;
    struct beside beside;
    struct rule_book rules;
    const char **suspects; /* patterns: those asked for, then those of rules */
    size_t n_suspects;
    struct series *series; /* one a group of the load */
    size_t n_series, series_cap;
    struct judged *judged; /* one a view */
    struct rank_view
        *views; /* hosts and scopes that have captures, in order of arrival */
    size_t n_views;
    struct worker *worker; /* NULL: no series was long enough for one */
};

/* Reads the operands of the call, or another one by options that must outlive x; notes of
 * the reading are told.
 * ERR_EMPTY when no capture came, ERR_USAGE when captures of two machines mix. */
int ranking_load(struct ranking *x, struct context *c, struct err *e) ERR_WARN_UNUSED;
int ranking_load_from(struct ranking *x, struct context *c, const struct options *o,
                      char **operand, struct err *e) ERR_WARN_UNUSED;
/* Fills views; notes of the judging are told. */
int ranking_judge(struct ranking *x, struct err *e) ERR_WARN_UNUSED;
void ranking_free(struct ranking *x);

#endif
