/* SPDX-License-Identifier: MIT */
/* Inside the memory of poolmon_fast.h, which owns all of this: what is kept of a row, and
 * the sums that a chain of captures carries along. */
#ifndef FORMATS_FAST_MEMORY_H
#define FORMATS_FAST_MEMORY_H

#include <string.h>

#include "formats/poolmon/poolmon_fast.h"

enum {
    ROWS_MAX = 16384,
    TABLE_LEAST = 1024,
    PROBES_MAX = 128, /* longer searches in it are nothing that chance makes */
    KEY_BYTES = 11,   /* blank, tag, blank, type in five columns */
    HEAD_BYTES = 64,  /* poolmon's own lines have no more */
    PLAIN_FIGURES = 5
};

struct kept_row {
    uint32_t tag;
    uint32_t listed; /* number of the capture that listed it last */
    uint32_t place;  /* where that capture listed it */
    uint8_t n;       /* bytes of the line with its end */
    uint8_t shape;   /* number */
    uint8_t pool;
};

/* The bytes of a line up to the 64th are one line of the processor's cache; what few
 * lines have behind it stands apart. */
struct line_head {
    char p[HEAD_BYTES];
};
struct line_tail {
    char p[FAST_LINE - HEAD_BYTES];
};

/* What it says: one line of the processor's cache, looked at when it changes. */
struct kept_figures {
    _Alignas(64) uint64_t allocs;
    uint64_t frees, live, bytes, per_alloc;
    uint64_t digest;
    struct pool_tag tag;
    uint8_t pool, width;
};

struct fast_memory {
    struct kept_row *rows;
    struct line_head *heads; /* of the same numbers, as the others */
    struct line_tail *tails;
    struct kept_figures *figures;
    uint32_t n_rows;
    bool full;           /* something could not be kept: forget all at the next capture */
    uint16_t *table;     /* open addressing, row + 1 */
    size_t table_n;      /* a power of two */
    unsigned spread;     /* the way in which keys are spread over it */
    bool met;            /* too many of them met */
    uint32_t *order[2];  /* rows as the last capture and this one list them */
    uint32_t n_order[2]; /* of them */
    unsigned now;        /* order[now] is this one's */
    uint32_t guess;      /* place in the other */
    uint32_t passed;     /* place there of a row that did not come in its turn */
    uint32_t capture;    /* number of the capture at hand, from 1 */
    size_t waiting;      /* the last of order[now] */
    uint64_t first_line; /* of the first of these */

    struct fast_shape *shapes;
    size_t n_shapes;
    bool known_layout[FAST_SHAPES];
    bool seen[FAST_SHAPES], taught[FAST_SHAPES]; /* in this capture */
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
/* A kept row has these figures from now on, in this capture: allocs, frees, live, bytes,
 * per_alloc. */
void fast_change(struct fast_memory *m, uint32_t id, const uint64_t v[PLAIN_FIGURES],
                 uint8_t width);
/* Finds the blanks before the figures of the line at p as k's shape has them, or in
 * another shape that differs in nothing else, which k then has. */
bool fast_same_spare(struct fast_memory *m, struct kept_row *k, const char *p);
/* The shape of this line, made when it is new; false when there is no room. */
bool fast_shape_of(struct fast_memory *m, const struct text_line *l,
                   const struct row_text *r, bool known_layout, uint8_t *shape);
/* The line with its end, and NULs behind it. */
void fast_put_line(char to[FAST_LINE], const struct text_line *l);
/* A row was not listed by the capture before. */
void fast_appear(struct fast_memory *m, uint32_t id);

/* The row's line stands at p, in FAST_LINE bytes at least. */
static inline void fast_keep_line(struct fast_memory *m, uint32_t id, const char *p)
{
    memcpy(m->heads[id].p, p, HEAD_BYTES);
    if (m->rows[id].n > HEAD_BYTES)
        memcpy(m->tails[id].p, p + HEAD_BYTES, sizeof m->tails[id].p);
}

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
    m->seen[k->shape] = true;
    m->in_columns += m->known_layout[k->shape];
}

#endif
