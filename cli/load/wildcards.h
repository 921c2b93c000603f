/* SPDX-License-Identifier: MIT */
/* Operands with `*` and `?` that no shell put files in the place of, as Windows' never
 * does; the caller owns the struct folder and frees it with folder_free. */
#ifndef CLI_WILDCARDS_H
#define CLI_WILDCARDS_H

#include "cli/load/folder.h"

/* The operands, each that names no file but matches some replaced by those, in name
 * order; one that matches nothing stays, for whoever opens it to refuse.  `limits` bounds
 * how many.  Nothing is added when there is nothing to replace.  A folder that cannot be
 * read is passed over; the first such fault is returned at the end. */
int wildcards_expand(struct folder *f, char *const *operands, int n,
                     const struct limits *limits, struct err *e) ERR_WARN_UNUSED;

#endif
