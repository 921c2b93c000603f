/* SPDX-License-Identifier: MIT */
/* A line of a hand-made table cut into cells; the caller owns the line and the struct
 * table_text, whose cells point into one of the two. */
#ifndef FORMATS_TABLE_LINE_H
#define FORMATS_TABLE_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "formats/io/text.h"
#include "formats/text/cells.h"
#include "formats/text/repair.h"

enum table_shape {
    SHAPE_PIPES,      /* | a | b |, also drawn with box characters */
    SHAPE_TABS,       /* spreadsheets */
    SHAPE_COMMAS,     /* CSV */
    SHAPE_SEMICOLONS, /* CSV where the comma is the decimal mark */
    SHAPE_WIDE,       /* cells parted by two blanks and more */
    SHAPE_NARROW,     /* by one: runs of blanks were lost, or there were none */
    SHAPE_MARKUP,     /* <tr><td>a</td><td>b</td></tr>, a row a line */
    SHAPE_INLINE,     /* no columns: 900 alloc / 0 free / 900 live */
    SHAPES
};

static inline bool shape_is_aligned(enum table_shape s)
{
    return s == SHAPE_WIDE || s == SHAPE_NARROW;
}

struct table_text {
    struct repaired mended;
    struct cells cells;
};

/* Undoes what mail and forums do to a line; where `shape` is one of separated values the
 * line stays as it is. */
void table_mend(const struct repair_style *style, enum table_shape shape,
                const struct text_line *l, bool one_byte, struct table_text *t);
/* True for a line that only draws, as `|-|-|`, or fences code. */
bool table_rule(const struct table_text *t);
/* True when this could be a line of that shape: then t->cells holds its cells. */
bool table_split(enum table_shape shape, struct table_text *t);

#endif
