/* SPDX-License-Identifier: MIT */
/* Raw pool tag replies, as home-made capturers save them: the reader's row of the format
 * table, and the rows of one reply for containers that hold such.  Nobody owns anything
 * here. */
#ifndef FORMATS_RAWTAGS_H
#define FORMATS_RAWTAGS_H

#include "formats/limits.h"
#include "formats/pool.h"
#include "formats/raw/rawtags_layout.h"
#include "formats/reader.h"

extern const struct binary_format rawtags_binary_format;

/* Adds the rows of a block of that layout to *s (a capture without rows, its time and
 * machine set by the caller), its scope, the fact `layout`, what the entries themselves
 * call for as notes, and COMPLETE_CUT where some are missing. */
int rawtags_fill(enum tag_layout k, const uint8_t *p, const struct tag_block *b,
                 const struct limits *l, struct pool_snapshot *s,
                 struct err *e) ERR_WARN_UNUSED;

#endif
