/* SPDX-License-Identifier: MIT */
/* Tables of a page, cell by cell: what is printed is rounded, `data-v` is exact, as in
 * machine output.  Nothing is owned here. */
#ifndef CLI_RENDER_HTML_TABLE_H
#define CLI_RENDER_HTML_TABLE_H

#include "cli/render/html/html.h"

struct html_column {
    const char *title;
    const char *class; /* "n": numbers, "w": words */
};

#define HTML_ROWS 20 /* that are shown before the others are asked for */

/* Up to the first row.  `rows` are all that come: beyond HTML_ROWS the table gets a box
 * to tick, and its later rows are shown when it is. */
void html_table(struct html *h, const char *caption, const struct html_column *cols,
                size_t n, size_t rows);
void html_table_end(struct html *h);
/* Row i, from 0. */
void html_row(struct html *h, size_t i);
void html_row_end(struct html *h);

void html_cell(struct html *h, const char *text); /* words */
void html_cell_u64(struct html *h, bool known, uint64_t v, const char *text);
void html_cell_i64(struct html *h, bool known, int64_t v, const char *text);
void html_cell_real(struct html *h, double v, const char *text); /* NAN: no data-v */
/* "low .. high", each with what it rounds. */
void html_cell_range(struct html *h, bool known, struct num low, struct num high);
void html_cell_owner(struct html *h, struct owner o);
/* "#1": the first of the cohort of tag `index`, where that is another one. */
void html_cell_with(struct html *h, const struct rank_view *v, uint32_t index);
/* The rank, the tag as the row's header (a link where it has a card), and the pool. */
void html_cells_place(struct html *h, const struct rank_view *v, uint32_t index,
                      bool card);

#endif
