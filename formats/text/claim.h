/* SPDX-License-Identifier: MIT */
/* Whose block begins at a line: all text formats are asked, the last resorts last; pure,
 * the caller owns everything. */
#ifndef FORMATS_CLAIM_H
#define FORMATS_CLAIM_H

#include <stdbool.h>
#include <stddef.h>

#include "formats/text/segment.h"

struct claim {
    const struct format *owner; /* or NULL */
    const struct format *rival; /* claims the line as surely, or NULL */
    struct text_remark remark;  /* what a last resort says that the block is instead */
};

/* True when that format may be asked at all; forced is the only one then, or NULL. */
static inline bool claim_asked(const struct format *forced, const struct format *f)
{
    return f->text != NULL && (forced == NULL || forced == f);
}

/* `above` holds the prose before lines[0], which is not empty. */
void claim_lines(const struct format *forced, const struct buf *above,
                 const struct text_line *lines, size_t n, struct claim *c);

#endif
