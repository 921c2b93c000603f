/* SPDX-License-Identifier: MIT */
/* The stage above the segmenter: hands its blocks on, and lays the totals of a block that
 * supplements another format (text_format.supplements) into the captures that stand
 * directly beside it.  attach_open borrows the input; attach_close frees the struct.
 *
 *     !vm, !poolused 2, !poolused 4     both tables get the totals
 *     !poolused 2, !vm                  so does this one
 *     !vm alone, or prose between       a record of totals of its own
 *
 * Captures of no such pair pass through as they come; of the others one is held back
 * until the next block is known. */
#ifndef FORMATS_ATTACH_H
#define FORMATS_ATTACH_H

#include "formats/text/segment.h"

struct attach;

int attach_open(struct attach **a, struct input *in, const struct format *forced,
                const struct reader_opts *o, struct err *e) ERR_WARN_UNUSED;
/* As reader_next. */
int attach_next(struct attach *a, struct pool_snapshot *s, struct err *e) ERR_WARN_UNUSED;
const struct note_list *attach_notes(const struct attach *a);
/* Format of the snapshot given last. */
const struct format *attach_format(const struct attach *a);
void attach_close(struct attach *a); /* NULL is fine */

#endif
