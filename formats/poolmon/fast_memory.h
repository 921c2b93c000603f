/* SPDX-License-Identifier: MIT */
/* Inside the memory of poolmon_fast.h, which owns all of this: what is kept of a row, and
 * the sums that a chain of captures carries along. */
#ifndef FORMATS_FAST_MEMORY_H
#define FORMATS_FAST_MEMORY_H

#include "formats/poolmon/poolmon_fast.h"

enum {
    ROWS_MAX = 16384,
    TABLE_SIZE = 4 * ROWS_MAX,
    PROBES_MAX = 128, /* longer searches in it are nothing that chance makes */
    KEY_BYTES = 11,   /* blank, tag, blank, type in five columns */
    CACHE_LINE = 64,
    PLAIN_FIGURES = 5
};

struct kept_row {
    uint64_t listed; /* number of the capture that listed it last */
    uint32_t tag;
    uint32_t place; /* where that capture listed it */
    uint8_t n;      /* bytes of the line with its end */
    uint8_t shape;  /* number */
    uint8_t pool;
};

/* A line of poolmon's own fills the first half: one line of the processor's cache. */
struct kept_line {
    char p[FAST_LINE];
};

struct fast_memory {
    struct kept_row *rows;
    struct kept_line *lines; /* of the same numbers, as the others */
    struct pool_row *figures;
    uint64_t *digests;
    uint32_t n_rows;
    bool full;           /* something could not be kept: forget all at the next capture */
    uint32_t *table;     /* open addressing, row + 1 */
    unsigned spread;     /* the way in which keys are spread over it */
    bool met;            /* too many of them met */
    uint32_t *order[2];  /* rows as the last capture and this one list them */
    uint32_t n_order[2]; /* of them */
    unsigned now;        /* order[now] is this one's */
    uint32_t guess;      /* place in the other */
    uint32_t passed;     /* place there of a row that did not come in its turn */
    uint64_t capture;    /* number of the capture at hand, from 1 */
    size_t waiting;      /* the last of order[now] */
    uint64_t first_line; /* of the first of these */

    struct fast_shape *shapes;
    size_t n_shapes;
    bool known_layout[FAST_SHAPES];
    uint64_t seen[FAST_SHAPES / 64], taught[FAST_SHAPES / 64]; /* in this capture */
    size_t in_columns;

    uint64_t chain; /* its id, 0 = none yet */
    bool continues; /* the capture before listed order[!now] and nothing else */
    bool apart;     /* this one has rows beside order[now] */
    uint32_t *fresh, *changed;
    size_t n_fresh, n_changed;
    size_t listed[POOL_KINDS], huge; /* rows of order[now] */
    uint64_t bytes[POOL_KINDS];      /* modulo 2^64 */
    uint64_t digest;
};

/* The row of that key, or NULL. */
struct kept_row *fast_find(const struct fast_memory *m, uint32_t tag, uint8_t pool);
/* A kept row says `row` from now on, in this capture. */
void fast_change(struct fast_memory *m, uint32_t id, const struct pool_row *row);
/* Finds the blanks before the figures of the line at p as k's shape has them, or in
 * another shape that differs in nothing else, which k then has. */
bool fast_same_spare(struct fast_memory *m, struct kept_row *k, const char *p);
/* A row was not listed by the capture before. */
void fast_appear(struct fast_memory *m, uint32_t id);

/* The row stands next in this capture; behind it comes what came there before. */
static inline void fast_list(struct fast_memory *m, struct kept_row *k)
{
    const uint32_t id = (uint32_t)(k - m->rows);
    if (k->listed + 1 == m->capture)
        m->guess = k->place + 1;
    if (k->listed + 1 != m->capture || !m->continues)
        fast_appear(m, id);
    k->listed = m->capture;
    k->place = m->n_order[m->now];
    m->order[m->now][m->n_order[m->now]++] = id;
    m->waiting++;
    m->seen[k->shape / 64] |= (uint64_t)1 << k->shape % 64;
    m->in_columns += m->known_layout[k->shape];
}

#endif
