/* SPDX-License-Identifier: MIT */
/* Tables for people: aligned text, or Markdown pipes; a struct table is owned by who
 * declared it and freed with table_free (twice is fine).
 *
 * Cells are added from left to right, row by row.  A table never gets wider than asked:
 * columns with the highest `drop` go first and the flexible one is cut.  A failed
 * allocation is remembered and told by table_print. */
#ifndef CLI_RENDER_TABLE_H
#define CLI_RENDER_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/bytes.h"
#include "formats/io/output.h"
#include "formats/tag.h"

#define TABLE_COLUMNS          20
#define TABLE_MARKDOWN_COLUMNS 7

enum style { STYLE_PLAIN, STYLE_BAD, STYLE_WARN, STYLE_GOOD, STYLE_HEAD, STYLES };

struct column {
    const char *title;
    bool right;   /* aligned to the right: numbers */
    uint8_t drop; /* 0 = never dropped */
    uint8_t keep; /* when not 0: may be cut down to so many columns; at most one */
    bool late;    /* ... but only when no column can be dropped any more */
    bool key;     /* says which row it is: Markdown repeats it where it goes on */
};

struct cell {
    size_t at, n; /* bytes in the table's text */
    unsigned columns;
    uint8_t style; /* enum style */
    bool code;     /* from outside: a code span in Markdown */
    bool spans;    /* reaches over the next cell, which is empty */
};

struct table {
    const struct column *cols;
    size_t n_cols;
    struct cell *cells;
    size_t n_cells, cells_cap;
    struct buf text;
    struct err *e;
    int failed; /* enum err_code, 0 = not */
};

void table_start(struct table *t, const struct column *cols, size_t n_cols,
                 struct err *e);
void table_cell(struct table *t, const char *s);
void table_styled(struct table *t, const char *s, enum style style);
void table_tag(struct table *t, struct pool_tag tag, enum style style);
void table_name(struct table *t, const char *s); /* from outside: made inert */
void table_span(struct table *t, const char *s); /* two cells wide */

int table_print(struct table *t, struct sink *out, unsigned width, bool color,
                bool ascii) ERR_WARN_UNUSED;
/* At most TABLE_MARKDOWN_COLUMNS; the others are folded away behind the table. */
int table_print_markdown(struct table *t, struct sink *out) ERR_WARN_UNUSED;
void table_free(struct table *t);

/* What switches a style on and off on a terminal; "" for plain. */
const char *style_on(enum style s);
const char *style_off(enum style s);

#endif
