/* SPDX-License-Identifier: MIT */
/* What `check` holds captures against without a case: figures as the person wrote them.
 * Nothing here is owned. */
#ifndef CLI_THRESHOLDS_H
#define CLI_THRESHOLDS_H

#include <stdbool.h>
#include <stdint.h>

#include "formats/pool.h"

/* The most that a pool may hold. */
struct threshold_max {
    uint64_t bytes; /* 0 = not given in bytes */
    double share;   /* of the pool's limit, above 0; 0 = not given so */
};

struct thresholds {
    bool no_leak;
    struct threshold_max max[POOL_KINDS];
    uint64_t max_rate;             /* bytes per hour, 0 = not given */
    uint64_t min_free[POOL_KINDS]; /* bytes, 0 = not given */
    uint64_t min_free_any;         /* for every pool whose limit is known */
};

/* "80%", "512M". */
bool threshold_max(struct threshold_max *t, const char *text);
/* "100K/h", "2M/d", "100K" (per hour). */
bool threshold_rate(struct thresholds *t, const char *text);
/* "20M", "paged=20M". */
bool threshold_free(struct thresholds *t, const char *text);

bool thresholds_any(const struct thresholds *t);

#endif
