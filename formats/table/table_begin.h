/* SPDX-License-Identifier: MIT */
/* Does a hand-made table of pool tags begin here, and of which kind is it?  Pure; the
 * caller owns everything.
 *
 * The proof is structural: a head that names a tag column and a figure, and rows below
 * it (one behind the rule of a Markdown table or in separated values, two where only
 * blanks part the columns) whose first words are tags and whose figures are numbers that
 * do not contradict each other.  Where the head could as well be that of image tags or
 * HTML tags, words about pools must stand above, or every tag must look like one. */
#ifndef FORMATS_TABLE_BEGIN_H
#define FORMATS_TABLE_BEGIN_H

#include "formats/table/table_row.h"
#include "formats/text/segment.h"

struct table_layout {
    enum table_shape shape;
    struct table_head head; /* empty for SHAPE_INLINE */
    struct repair_style style;
    bool one_byte;
};

/* CLAIM_NONE or CLAIM_WEAK at lines[0]; for a table that is none of a moment, r->what
 * says so. */
int table_recognise(const struct buf *above, const struct text_line *lines, size_t n,
                    bool one_byte, struct table_layout *l, struct text_remark *r);

/* Reads a line below the head; t holds its cells. */
enum table_row_kind table_line_read(const struct table_layout *l,
                                    const struct text_line *line, struct table_text *t,
                                    struct table_row *r);

/* The line, read as k, is a row of which something was lost; else it is no row at all. */
bool table_row_is_torn(const struct table_layout *l, enum table_row_kind k,
                       const struct table_text *t);

/* The pool that the prose above names, nearest line first, or POOL_UNKNOWN. */
enum pool_kind table_pool_above(const struct buf *above);

#endif
