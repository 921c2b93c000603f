/* SPDX-License-Identifier: MIT */
/* The layouts in which poolmon is known to print rows, as measured on published captures;
 * const data, owned by nobody.
 *
 * The reader does not need them to read a row (tokens and identities do that), only to
 * tell an intact row from a re-spaced one; the writer prints two of them. */
#ifndef FORMATS_POOLMON_LAYOUT_H
#define FORMATS_POOLMON_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "formats/bytes.h"
#include "formats/poolmon/poolmon_row.h"

struct pool_layout {
    const char *name;
    bool deltas;           /* eight figures, three of them in parentheses */
    uint8_t edge[FIGURES]; /* column behind each figure and its `)`; 0 = not printed */
    uint8_t driver;        /* column of Mapped_Driver */
    const char *columns;   /* the line of column titles */
};

/* Tag in [1,5) and type in [6,11) in all of them; ended by a row without a name. */
extern const struct pool_layout pool_layouts[];

extern const struct pool_layout *const pool_layout_screen; /* what the writer prints */
extern const struct pool_layout *const pool_layout_snapshot;

/* The layout whose columns the row keeps, shifted as a whole or pushed right by wide
 * figures, or NULL; `likely` (or NULL) is tried first. */
const struct pool_layout *pool_layout_of(const struct row_text *r,
                                         const struct pool_layout *likely);
/* Appends the template of formats/poolmon/dress.h that prints rows in this layout. */
int pool_layout_template(const struct pool_layout *l, struct buf *out,
                         struct err *e) ERR_WARN_UNUSED;

#endif
