/* SPDX-License-Identifier: MIT */
/* The columns of poolmon-powershell's table, by name: any choice of them in any order.
 * Pure; the caller owns everything. */
#ifndef FORMATS_POWERSHELL_COLUMNS_H
#define FORMATS_POWERSHELL_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/text/cells.h"

enum ps_column {
    PS_TIME,
    PS_TIME_UTC,
    PS_TAG,
    PS_BINARY,
    PS_DESCRIPTION,
    PS_FIGURES, /* three times PS_ALLOCS .. PS_BYTES, by enum pool_kind */
    PS_COLUMNS = PS_FIGURES + 12
};

enum { PS_ALLOCS, PS_FREES, PS_DIFF, PS_BYTES, PS_KINDS };

struct ps_columns {
    uint8_t at[PS_COLUMNS]; /* place of the column, from 1; 0 = not there */
    size_t n;               /* cells of a line */
    char separator;         /* '\0': Format-Table, cut by the edges of the titles */
    uint16_t begin[CELLS_MAX], end[CELLS_MAX]; /* those edges, in characters */
};

/* True when the line is a title line: a tag and figures of the pools under their names,
 * parted by commas, semicolons or tabs. */
bool ps_columns_parse(const char *p, size_t n, struct ps_columns *c);
/* The columns that a line of n cells has when nobody chose, 12 or 14. */
void ps_columns_usual(size_t n, struct ps_columns *c);
/* The cell of that column, or NULL. */
const struct cell *ps_cell(const struct ps_columns *c, const struct cells *line,
                           unsigned column);
/* A column's place for that pool and figure. */
static inline unsigned ps_figure(unsigned pool, unsigned figure)
{
    return PS_FIGURES + pool * PS_KINDS + figure;
}

/* The title line of Format-Table: the same names, parted by blanks. */
bool ps_view_parse(const char *p, size_t n, struct ps_columns *c);
/* False when a title of such a line was cut, too. */
bool ps_view_whole(const char *p, size_t n);
/* The line of dashes under it, one run below each title. */
bool ps_view_rule(const struct ps_columns *c, const char *p, size_t n);
/* Cuts a line of that table: numbers end where their title ends, or begin where it does;
 * words begin there.  False when it has no tag, or a number's place holds none; *cut
 * tells that dots stand there, where a column did not fit. */
bool ps_view_split(const struct ps_columns *c, const char *p, size_t n, bool one_byte,
                   struct cells *out, bool *cut);

#endif
