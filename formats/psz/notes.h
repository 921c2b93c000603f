/* SPDX-License-Identifier: MIT */
/* A snapshot's notes in the archive: codes by name, so that numbering may change and an
 * older program passes over what it does not know.  Nobody owns anything here. */
#ifndef FORMATS_PSZ_NOTES_H
#define FORMATS_PSZ_NOTES_H

#include <stdbool.h>

#include "formats/psz/head.h"

bool psz_notes_none(const struct note_list *l);
int psz_notes_write(struct buf *out, struct psz_texts *texts, const struct note_list *l,
                    struct err *e) ERR_WARN_UNUSED;
/* Fills *l, which must be empty. */
int psz_notes_read(struct psz_stream_in *in, const struct psz_text_map *texts,
                   struct note_list *l, struct err *e) ERR_WARN_UNUSED;

#endif
