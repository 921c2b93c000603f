/* SPDX-License-Identifier: MIT */
/* A labelled series: its configuration, its tags and their figures.  The struct world
 * owns its three matrices; world_free releases them. */
#ifndef TESTS_EVAL_WORLD_H
#define TESTS_EVAL_WORLD_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "formats/pool.h"

enum { TAGS = 1500, SNAPSHOTS = 1024, BOOTS = 64, STEPS = 12000 };

#define KINDS(X)                                                                         \
    /* leaks */                                                                          \
    X(STEADY, "steady")                                                                  \
    X(SLOW_DAILY, "slow_daily")                                                          \
    X(BIZ_HOURS, "biz_hours")                                                            \
    X(MIDWAY, "midway")                                                                  \
    X(STAIR, "stair")                                                                    \
    X(BURST, "burst")                                                                    \
    X(NOISY, "noisy")                                                                    \
    X(SAW_LEAK, "saw_leak")                                                              \
    X(LATE_LEAK, "late_leak")                                                            \
    X(COMPANION, "companion")                                                            \
    X(STOPPED, "stopped")     /* fixed, or its trigger ended: kept for ever */           \
    X(TRIGGERED, "triggered") /* the same in bursts */                                   \
    X(TENTH, "tenth")         /* begins in the last tenth */                             \
    X(PRIVATE, "private")     /* a driver's own tag ... */                               \
    X(CONTAINER, "container") /* ... and the system's tag it allocates through */        \
    X(RECORDED, "recorded")   /* a published case */                                     \
    /* innocents */                                                                      \
    X(STATIC, "static")                                                                  \
    X(NOISE, "noise")                                                                    \
    X(DAILY, "daily")                                                                    \
    X(WALK, "ou")                                                                        \
    X(WARMUP, "warmup")                                                                  \
    X(DRIFT, "drift")                                                                    \
    X(HIGHWATER, "highwater")                                                            \
    X(SAWTOOTH, "sawtooth")                                                              \
    X(STEP, "step")                                                                      \
    X(UPDOWN, "updown")                                                                  \
    X(PULSE, "pulse")                                                                    \
    X(LATE, "late")                                                                      \
    X(DECLINE, "decline")                                                                \
    X(RESIZE, "resize")                                                                  \
    X(FILL, "fill")           /* a cache that takes days to fill */                      \
    X(MULTISTEP, "multistep") /* services started one after another */                   \
    X(WEEKLY, "weekly")       /* grows all week, dropped at its end */

enum kind {
#define KIND(name, word) name,
    KINDS(KIND)
#undef KIND
        KIND_COUNT
};

static const char *const kind_names[KIND_COUNT] = {
#define KIND(name, word) word,
    KINDS(KIND)
#undef KIND
};

enum clock {
    CLOCK_EVEN,   /* one capture after another, with jitter and one outage */
    CLOCK_OFFICE, /* the machine runs from 08 to 18 and boots each morning */
    CLOCK_FAST,   /* the same, but evenings end in fast start-up: counters stay */
    CLOCK_DAY,    /* the machine runs on, captures only from 08 to 18 */
    CLOCK_BURSTS  /* four days of captures with days between them */
};

enum cast {
    CAST_MIXED,     /* the ten kinds in turn */
    CAST_STOPPED,   /* leaks that ended in mid-series */
    CAST_TENTH,     /* leaks that began in the last tenth */
    CAST_UNEQUAL,   /* two culprits, one of them hundreds of times the other */
    CAST_CONTAINER, /* private tags and container tags */
    CAST_SLOW,      /* one of a few KB/h under a GB of moving caches */
    CAST_REPLAY,    /* a recorded case over the rows of published healthy machines */
    CAST_HEALTHY    /* those rows alone */
};

struct config {
    const char *name;
    unsigned snapshots, leaks;
    double span; /* hours */
    enum clock clock;
    enum cast cast;
    double boot_lo, boot_hi; /* hours a boot lasts, 0: none is seen to begin */
    unsigned top;            /* the list holds only the N largest rows, 0: all */
    const char *letters;     /* /i: only tags that begin with one of these */
    bool nonpaged_only;      /* /p */
    bool reboots;            /* boots of .18 to .4 of the span */
    bool hard;
    bool resumes;     /* each boot's leak begins some hours after it */
    bool share;       /* the leak's size is a share of its pool's growth */
    const char *plan; /* two series of the same tags, each with chance and clock of its
                         own: the name that both are planned by */
    bool added;       /* ten of its still tags leak, 64 KiB an hour each */
};

struct eval_tag {
    char name[5];
    uint8_t pool, kind; /* enum pool_kind, enum kind */
    bool leak, second;  /* second: follows the other tag of its group */
    int group;
    double size, level, churn; /* bytes; objects; allocations an hour that cancel */
    double rate;               /* leaks: bytes an hour */
    double share;              /* of its pool's growth, when that decides the rate */
    double from, to, lag;      /* hours of the series in which it leaks; after a boot */
    double late, period, ev, amp, tau, sd, sdrift, slow, wtau, at, at2, jump, dec;
    double ratio; /* objects for each of the group's */
    int day;
    double leaked, growth; /* bytes inside the boots, over the whole series */
    unsigned listed;       /* captures that show it */
};

struct world_boot {
    double start; /* hours */
    unsigned first, last;
};

struct world {
    const struct config *c;
    uint64_t seed;
    double t[SNAPSHOTS]; /* hours */
    unsigned boot[SNAPSHOTS];
    unsigned n_snapshots, n_boots;
    struct world_boot boots[BOOTS];
    double phase; /* hours since a Monday 00:00 at t = 0 */
    struct eval_tag tags[TAGS];
    unsigned n_tags;
    uint64_t *allocs, *live, *bytes; /* [tag * n_snapshots + snapshot] */
    bool *here;
    /* the boot at hand, step by step */
    unsigned n_steps;
    double dt, th[STEPS], up[STEPS], load[STEPS];
    unsigned pos[SNAPSHOTS]; /* the step of a snapshot */
    double count[STEPS], kept[STEPS], grain[STEPS];
    bool there[STEPS];
};

static inline bool world_reserve(struct world *w)
{
    size_t n = (size_t)w->n_tags * w->n_snapshots;
    w->allocs = calloc(n, sizeof *w->allocs);
    w->live = calloc(n, sizeof *w->live);
    w->bytes = calloc(n, sizeof *w->bytes);
    w->here = calloc(n, sizeof *w->here);
    return w->allocs != NULL && w->live != NULL && w->bytes != NULL && w->here != NULL;
}

static inline void world_free(struct world *w)
{
    if (w != NULL) {
        free(w->allocs);
        free(w->live);
        free(w->bytes);
        free(w->here);
    }
    free(w);
}

#endif
