/* SPDX-License-Identifier: MIT */
/* What one line of a poolmon capture is, under the gentlest repair that makes it say
 * something; pure.  The caller owns the lines and the struct line_text, whose text may
 * lie in its own storage: copy it with line_copy only. */
#ifndef FORMATS_POOLMON_LINE_H
#define FORMATS_POOLMON_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "formats/io/text.h"
#include "formats/poolmon/poolmon_head.h"
#include "formats/poolmon/poolmon_row.h"
#include "formats/text/repair.h"

enum line_kind {
    LINE_NONE,  /* nothing of ours */
    LINE_HEAD,  /* `head` tells which header line */
    LINE_ROW,   /* `row`, proved */
    LINE_TORN,  /* `row`, not proved: `shape` tells how far it could be read */
    LINE_TOTAL, /* a sum of /e */
    LINE_EMPTY  /* blank, a rule, a code fence */
};

struct text_remark;

struct line_text {
    enum line_kind kind;
    enum row_shape shape;
    struct repaired mended;
    struct head_text head;
    struct row_text row;
};

void line_classify(const struct repair_style *style, const char *p, size_t n,
                   bool one_byte, struct line_text *t);
void line_copy(struct line_text *to, const struct line_text *from);

/* True when nothing but blanks stands before the tag or the first key. */
bool line_bare(const struct line_text *t);
/* True for a row or header line that may have been wrapped ... */
bool line_wants_rest(const struct line_text *t);
/* ... and whether the next line is its rest: then *t is the joined line, which is whole.
 */
bool line_join(const struct repair_style *style, const struct text_line *rest,
               bool one_byte, struct line_text *t);

/* How surely (enum claim of segment.h) a capture begins at lines[0], and the prefix that
 * this line shares with those after it. */
int line_begins(const struct text_line *lines, size_t n, bool one_byte,
                struct repair_style *style);
/* A quick look that spares nearly all prose the above. */
bool line_promising(const struct text_line *l);
/* text_format.remark: what poolmon says around its captures. */
bool line_remark(const struct text_line *l, struct text_remark *r);

#endif
