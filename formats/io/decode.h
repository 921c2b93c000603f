/* SPDX-License-Identifier: MIT */
/* Bytes of an input to UTF-8 (or raw one-byte text) with LF, CR and 1A still in it; the
 * struct decoder is owned by formats/io/text.c and holds no storage.
 *
 * Files grow by `>>` under shells that disagree, so the encoding may change behind any
 * LF.  NULs are dropped wherever they stand, which also reads UTF-16 that was appended
 * to one-byte text.  All decisions depend on the bytes alone, never on block sizes. */
#ifndef FORMATS_DECODE_H
#define FORMATS_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/err.h"
#include "formats/io/input.h"
#include "formats/pool.h"

#define DECODE_ROOM_MIN 64

struct decoder {
    enum pool_encoding encoding; /* at the beginning */
    bool wide;                   /* UTF-16 now */
    bool big;                    /* high byte first */
    bool line_start;
    bool dropped_nul;
    uint8_t more;      /* UTF-8 continuation bytes still due ... */
    uint8_t low, high; /* ... and the range of the next one */

    /* Places in the text, by its bytes so far (and those before it in the input); or
     * DECODE_NOWHERE. */
    uint64_t made;
    uint64_t lead_at;       /* the last that began a sequence of UTF-8 */
    uint64_t high_from;     /* the first byte >= 0x80 of one-byte text or UTF-8 */
    uint64_t one_byte_from; /* the first that is no UTF-8 */
    uint64_t inexact_from;  /* the source's bytes cannot be made again from encoding and
                               text: something was dropped or mended here */
};

#define DECODE_NOWHERE UINT64_MAX

/* Recognises the encoding and drops the mark.  Faults of the input wait for decode. */
void decode_begin(struct decoder *d, struct input *in);
/* Stores up to `room` (>= DECODE_ROOM_MIN) bytes; 0 = end, negative on error, with all
 * bytes before the fault given first.  One-byte text and UTF-8 end behind a LF where they
 * hold one, so that what follows in the input begins a line. */
ptrdiff_t decode_some(struct decoder *d, struct input *in, uint8_t *out, size_t room,
                      struct err *e) ERR_WARN_UNUSED;

/* As input_peek, but at a fault shows what is left before it. */
ptrdiff_t decode_look(struct input *in, size_t need, const uint8_t **p,
                      struct err *e) ERR_WARN_UNUSED;
/* True when ASCII without NULs that comes next in the input would be decoded to itself.
 */
static inline bool decode_is_plain(const struct decoder *d)
{
    return !d->wide && d->line_start && d->more == 0;
}

#endif
