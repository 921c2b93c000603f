/* SPDX-License-Identifier: MIT */
/* One row of a hand-made table: its tag, its figures, and whether they prove each other;
 * pure.  A struct table_row points into the cells it was read from. */
#ifndef FORMATS_TABLE_ROW_H
#define FORMATS_TABLE_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/pool.h"
#include "formats/table/table_head.h"
#include "formats/table/table_line.h"

struct table_tag {
    struct pool_tag tag;
    bool marked;  /* back-quotes or quotes stand around it */
    bool padded;  /* blanks were added */
    bool capital; /* a capital is among its characters: hardly a word */
    bool wide;    /* and there are four of them */
    bool mixed;   /* and small letters, too */
    const char *rest;
    size_t rest_n; /* what the cell says behind the tag */
};

/* The figures of one pool in a row. */
struct table_figures {
    unsigned given;      /* set of 1 << enum table_column */
    unsigned rounded;    /* those that hold fewer digits than the truth */
    uint64_t v[COLUMNS]; /* bytes or counts */
    uint64_t grouped;    /* of COLUMN_PER_ALLOC, `4.608` read as 4608; 0 = nothing else */
};

/* What table_settle left out. */
struct table_loss {
    const char *wrong; /* a figure that the others contradict, or NULL */
    bool rough;        /* a rounded one, or a mean of others, that they do not give */
};

struct table_row {
    struct table_tag tag;
    bool tagged;  /* the first cell could be a tag, also where it says `Sum` */
    bool sum;     /* of TABLE_ROW_TOTAL: it states the sum of the rows */
    uint8_t pool; /* what a cell of its own says, or POOL_UNKNOWN */
    struct table_figures of[POOL_KINDS];
    bool about;        /* a figure is marked as not exact */
    bool unit_doubt;   /* MB that may be 10^6 or 2^20 bytes */
    bool unit_assumed; /* no unit at all: bytes */
    bool unitless;     /* nothing says that a figure is a size: it is not read */
    bool remark;       /* words behind a figure or the last column */
    const char *owner, *time;
    size_t owner_n, time_n;
};

enum table_row_kind {
    TABLE_ROW_NONE,
    TABLE_ROW_TORN,   /* a tag, but figures are missing or are none */
    TABLE_ROW_CHANGE, /* a figure carries a sign */
    TABLE_ROW_TOTAL,  /* a sum, or what is left */
    TABLE_ROW_READ
};

/* One to four characters, perhaps in marks, or 0x and eight digits. */
bool table_read_tag(const char *p, size_t n, bool one_byte, struct table_tag *t);
enum table_row_kind table_row_read(const struct table_head *h, enum table_shape shape,
                                   const struct cells *c, bool one_byte,
                                   struct table_row *r);
/* `NtFC 900 alloc / 0 free / 900 live`: TABLE_ROW_READ only when alloc - free = live. */
enum table_row_kind table_row_inline(const char *p, size_t n, bool one_byte,
                                     struct table_row *r);

/* Sets the figures of *row.  A figure that the others contradict is left out where they
 * agree on which it is, and *loss tells; false when the row cannot be saved. */
bool table_settle(const struct table_figures *f, struct pool_row *row,
                  struct table_loss *loss);

#endif
