/* SPDX-License-Identifier: MIT */
/* What the lines of a debugger's log say about a `!poolused` table, under the gentlest
 * repair that makes them say something; pure.  The caller owns the lines and the struct
 * repaired, whose text may lie in its own storage. */
#ifndef FORMATS_POOLUSED_LINE_H
#define FORMATS_POOLUSED_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/bytes.h"
#include "formats/io/text.h"
#include "formats/debugger/poolused_row.h"
#include "formats/text/repair.h"

/* What was typed to get the table, as far as the text shows it. */
struct used_command {
    bool seen;
    bool tagged;  /* a tag behind the flags: only rows that match it */
    bool top;     /* `/t10`: only the largest rows */
    bool session; /* flag 8 */
};

void used_read(const struct repair_style *style, const struct text_line *line,
               const struct used_layout *layout, struct repaired *mended,
               struct used_text *t);
/* Puts the rest of a row or sum that a narrow window broke behind it; false when that
 * gives neither. */
bool used_join(const struct repair_style *style, const struct text_line *rest,
               const struct used_layout *layout, struct repaired *mended,
               struct used_text *t);
static inline bool used_title(const struct used_text *t)
{
    return t->kind >= USED_SORT && t->kind <= USED_COLUMNS;
}
/* What a title says of the rows below it. */
void used_learn(const struct used_text *t, struct used_layout *layout);

/* How surely (enum claim of segment.h) a table begins at lines[0]. */
int used_begins(const struct text_line *lines, size_t n);
/* The lines before the titles may hold the command, and titles that stand too far away
 * for used_begins. */
void used_read_lead(const struct buf *lead, struct used_command *command,
                    struct used_layout *layout, enum used_sort *sort);

#endif
