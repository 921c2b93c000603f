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
    bool one_byte; /* saw bytes >= 0x80 that are no UTF-8 */
    bool dropped_nul;
    bool inexact;      /* the bytes cannot be made again from encoding and text */
    uint8_t more;      /* UTF-8 continuation bytes still due ... */
    uint8_t low, high; /* ... and the range of the next one */
};

/* Recognises the encoding and drops the mark.  Faults of the input wait for decode. */
void decode_begin(struct decoder *d, struct input *in);
/* Stores up to `room` (>= DECODE_ROOM_MIN) bytes; 0 = end, negative on error, with all
 * bytes before the fault given first. */
ptrdiff_t decode_some(struct decoder *d, struct input *in, uint8_t *out, size_t room,
                      struct err *e) ERR_WARN_UNUSED;

#endif
