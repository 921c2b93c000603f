/* SPDX-License-Identifier: MIT */
/* A row of an HTML table that stands on one line, as `ConvertTo-Html` writes it; pure.
 * The caller owns the line and the struct repaired, which holds the mended copy. */
#ifndef FORMATS_TABLE_MARKUP_H
#define FORMATS_TABLE_MARKUP_H

#include <stdbool.h>

#include "formats/io/text.h"
#include "formats/text/repair.h"

#define MARKUP_CELL '\x1f' /* stands before each cell of the mended line */

/* Takes the marks off and decodes entities.  A cell over several columns or rows, or a
 * second row on the line, leaves one empty cell: its figures belong nowhere. */
void table_mend_markup(const struct text_line *l, bool one_byte, struct repaired *out);
/* True when the line ends a table. */
bool table_markup_ends(const struct text_line *l);

#endif
