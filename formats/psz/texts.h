/* SPDX-License-Identifier: MIT */
/* The texts of one block, each stored once and known by number; the caller owns the
 * struct psz_texts and frees it with psz_texts_free.  Number 0 is "no text". */
#ifndef FORMATS_PSZ_TEXTS_H
#define FORMATS_PSZ_TEXTS_H

#include <stddef.h>
#include <stdint.h>

#include "formats/bytes.h"
#include "formats/err.h"
#include "formats/lookup.h"
#include "formats/psz/stream.h"

struct psz_texts {
    struct buf bytes; /* NUL-terminated texts, one behind the other */
    size_t *at;       /* of text i in bytes; at[0] is an empty one */
    size_t n, at_cap;
    struct lookup by_text; /* numbers of those that were put */
};

/* The number of that text, which is added when it is new. */
int psz_texts_put(struct psz_texts *t, const char *text, uint32_t *number,
                  struct err *e) ERR_WARN_UNUSED;
const char *psz_text(const struct psz_texts *t, uint32_t number);
void psz_texts_clear(struct psz_texts *t);
void psz_texts_free(struct psz_texts *t);

/* In a stream: how many, then length and bytes of each; number 0 is left out. */
int psz_texts_write(const struct psz_texts *t, struct buf *out,
                    struct err *e) ERR_WARN_UNUSED;
int psz_texts_read(struct psz_texts *t, struct psz_stream_in *in,
                   struct err *e) ERR_WARN_UNUSED;
/* The same of the texts from number `first` on alone, and behind those that are there
 * (which psz_texts_put does not find). */
int psz_texts_write_from(const struct psz_texts *t, uint32_t first, struct buf *out,
                         struct err *e) ERR_WARN_UNUSED;
int psz_texts_read_more(struct psz_texts *t, struct psz_stream_in *in,
                        struct err *e) ERR_WARN_UNUSED;

#endif
