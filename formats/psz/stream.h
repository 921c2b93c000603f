/* SPDX-License-Identifier: MIT */
/* Streams of varints, and their compression; a psz_stream_in borrows its bytes, a
 * struct psz_zip is owned by the caller until psz_zip_free.
 *
 * Reading never leaves the bytes: after the first fault every get returns 0 and `bad`
 * stays set, so that a decoder checks once, at the end of a group. */
#ifndef FORMATS_PSZ_STREAM_H
#define FORMATS_PSZ_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "formats/bytes.h"
#include "formats/err.h"

struct psz_stream_in {
    const uint8_t *p, *end;
    bool bad;
};

uint64_t psz_get_long(struct psz_stream_in *s);

static inline uint64_t psz_get(struct psz_stream_in *s)
{
    if (s->p < s->end && *s->p < 0x80)
        return *s->p++;
    return psz_get_long(s);
}

/* n bytes, or NULL when there are not so many. */
const uint8_t *psz_get_bytes(struct psz_stream_in *s, uint64_t n);
/* True when all was read and nothing was missing. */
bool psz_at_end(const struct psz_stream_in *s);

/* ERR_FORMAT: what a block says about `what` contradicts itself. */
int psz_broken(struct err *e, const char *what);

/* Raw deflate, one stream at a time; the state is kept between calls. */
struct psz_zip;

void psz_zip_free(struct psz_zip *z); /* NULL is fine */
/* From now on packs quickly rather than well. */
int psz_zip_quick(struct psz_zip **z, struct err *e) ERR_WARN_UNUSED;
/* Appends the packed form of p to *out: deflated, or as it is when that is no longer. */
int psz_deflate(struct psz_zip **z, const uint8_t *p, size_t n, struct buf *out,
                struct err *e) ERR_WARN_UNUSED;
/* Unpacks exactly `raw` bytes to `to`; packed == raw means stored as it is. */
int psz_inflate(struct psz_zip **z, const uint8_t *p, size_t packed, uint8_t *to,
                size_t raw, struct err *e) ERR_WARN_UNUSED;

/* Room for n elements behind the pointer at pp. */
static inline int psz_room(void *pp, size_t *cap, size_t n, size_t elem, struct err *e)
{
    void *v;
    memcpy(&v, pp, sizeof v);
    int r = grow(&v, cap, n > 0 ? n : 1, elem, e);
    memcpy(pp, &v, sizeof v);
    return r;
}

#endif
