/* SPDX-License-Identifier: MIT */
/* One cell of a hand-made table to a figure: thousands separators, units, bold marks,
 * `~` and signs; pure, the caller owns everything. */
#ifndef FORMATS_TABLE_UNITS_H
#define FORMATS_TABLE_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/table/table_words.h"

enum figure_kind {
    FIGURE_NONE,    /* no number stands there */
    FIGURE_UNKNOWN, /* the cell says that there is none: empty, `-`, `n/a` */
    FIGURE_READ
};

struct table_figure {
    uint64_t digits; /* all of them, the point left out */
    uint8_t decimals;
    bool plus, minus;
    bool about;    /* `~` or a word like million: the figure is not exact */
    bool has_unit; /* a unit of size stands behind it */
    bool percent;
    bool rate; /* `/h` stands behind it */
    struct table_unit unit;
    size_t end; /* behind what was read */
};

/* `fractions`: a lone point before three digits is a decimal one; `blanks`: blanks may
 * part thousands. */
enum figure_kind table_figure(const char *p, size_t n, bool fractions, bool blanks,
                              struct table_figure *f);
enum rest_kind {
    REST_NONE,
    REST_WORDS,
    REST_RATE,  /* `12 MB an hour` */
    REST_FIGURE /* the two make another figure: `12 x 128`, `12-16 MB`, `12 pages` */
};

/* What the cell says behind *f, which was read from it; `12+` becomes about 12. */
enum rest_kind table_rest(const char *p, size_t n, struct table_figure *f);
/* The digits times `scale` (a unit in bytes, or 1), to the nearest; false when it does
 * not fit.  *rounded: the figure holds fewer digits than the value. */
bool table_value(const struct table_figure *f, uint64_t scale, uint64_t *v,
                 bool *rounded);

#endif
