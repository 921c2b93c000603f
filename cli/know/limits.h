/* SPDX-License-Identifier: MIT */
/* Maxima of the pools by Windows version: limits.yaml, made into a constant table when
 * the program is built.  Rows that limits_read makes belong to the caller. */
#ifndef CLI_KNOW_LIMITS_H
#define CLI_KNOW_LIMITS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "cli/analyze/analyze.h"
#include "cli/analyze/row.h"
#include "cli/know/yaml.h"
#include "formats/pool.h"

#define LIMIT_NAMES 8 /* --os words of one row, with the NULL that ends them */

enum limit_of { LIMIT_OF_NOTHING, LIMIT_OF_MEMORY, LIMIT_OF_COMMIT };

/* The least of what is given; all zero: no maximum was published. */
struct limit_rule {
    uint64_t bytes;   /* a fixed size, or the most that the share below can be */
    uint32_t percent; /* of memory or of the commit limit */
    enum limit_of of;
};

struct limit_row {
    const char *os[LIMIT_NAMES];
    const char *title, *source;
    uint32_t bits;              /* 32 or 64 */
    bool assume;                /* a candidate where nobody says which Windows it was */
    struct limit_rule pools[2]; /* by enum pool_kind */
};

/* The table of the program, ended by a row without a title. */
extern const struct limit_row limit_table[];

/* The row of a word that --os takes, any case; NULL: no such word. */
const struct limit_row *limits_find(const char *os);

/* What a capture says that maxima hang on. */
struct limit_facts {
    uint64_t memory_kib, commit_kib; /* installed memory, commit limit; 0 = not given */
    uint32_t bits;                   /* 32, 64, or 0 = not known */
    uint64_t stated[POOL_KINDS];     /* by the person, bytes; 0 = not */
    uint64_t captured[POOL_KINDS];   /* by the capture, bytes; 0 = not */
    uint64_t pool_bytes[POOL_KINDS]; /* what the pool holds, 0 = unknown */
    const struct limit_row *os;      /* --os, or NULL */
    struct capture_bits seen;        /* of the last capture */
};

/* Takes what a capture says; the latest word stays. */
void limit_facts_add(struct limit_facts *f, const struct pool_snapshot *s);

/* The maximum of one pool, or what it could be. */
void limits_of(struct pool_limit *l, enum pool_kind k, const struct limit_facts *f);

/* What stops working before a pool is empty. */
extern const struct pool_threshold know_thresholds[];
extern const size_t know_thresholds_n;

/* ---- limits.yaml, for the build and for tests ---- */

struct limit_rows {
    struct limit_row *v;
    size_t n, cap;
};

int limits_read(struct limit_rows *rows, struct yaml *y, struct err *e) ERR_WARN_UNUSED;
void limits_free(struct limit_rows *rows);

#endif
