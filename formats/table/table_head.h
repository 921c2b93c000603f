/* SPDX-License-Identifier: MIT */
/* The head of a hand-made table: which column says what; pure, the caller owns
 * everything. */
#ifndef FORMATS_TABLE_HEAD_H
#define FORMATS_TABLE_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/pool.h"
#include "formats/table/table_words.h"
#include "formats/text/cells.h"

enum table_column {
    COLUMN_OTHER,
    COLUMN_TAG,
    COLUMN_POOL,
    COLUMN_TIME,
    COLUMN_OWNER,
    COLUMN_CHANGE, /* figures that were added, not figures as they stood */
    COLUMN_ALLOCS, /* from here on figures of the moment */
    COLUMN_FREES,
    COLUMN_LIVE,
    COLUMN_BYTES,
    COLUMN_PER_ALLOC,
    COLUMNS
};

struct column {
    uint8_t kind;    /* enum table_column */
    uint8_t pool;    /* enum pool_kind of its figures */
    bool unit_given; /* `unit` holds; else the cells must say it */
    bool sized;      /* without any unit: bytes, as an assumption */
    uint32_t words;
    struct table_unit unit;
};

/* Why a table with a tag column is no capture. */
enum table_refusal { REFUSE_NOT, REFUSE_NET, REFUSE_CHANGES, REFUSE_TWO_MOMENTS };

struct table_head {
    struct column col[CELLS_MAX];
    size_t n;
    size_t tag;    /* index of the tag column */
    size_t needed; /* cells up to the last column that is read */
    uint32_t words;
    unsigned figures; /* set of 1 << enum table_column that it has */
    bool strong;      /* words that only a table of pool tags has */
    enum table_refusal refused;
};

static inline bool column_is_figure(const struct column *c)
{
    return c->kind >= COLUMN_ALLOCS;
}

/* True when the cells name a tag column and a figure; `refused` must be looked at. */
bool table_head_read(const struct cells *cells, struct table_head *h);

/* Its title speaks of figures, but not of what a tag holds at this moment. */
bool column_passed_over(const struct column *c);

/* The one pool that these words name, or POOL_UNKNOWN. */
enum pool_kind table_pool_named(uint32_t words);

#endif
