/* SPDX-License-Identifier: MIT */
/* Archives whose streams are not packed (the linker brings deflateInit2 here), so that a
 * changed byte is a changed figure, and frames of them with other bytes and check sums
 * that are right; the caller owns every buffer. */
#ifndef TESTS_UNIT_PSZ_STORED_H
#define TESTS_UNIT_PSZ_STORED_H

#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "formats/bytes.h"
#include "formats/frame.h"

int __real_deflateInit2_(z_streamp z, int level, int method, int bits, int memory,
                         int strategy, const char *version, int size);
int __wrap_deflateInit2_(z_streamp z, int level, int method, int bits, int memory,
                         int strategy, const char *version, int size);
int __wrap_deflateInit2_(z_streamp z, int level, int method, int bits, int memory,
                         int strategy, const char *version, int size)
{
    (void)level;
    return __real_deflateInit2_(z, 0, method, bits, memory, strategy, version, size);
}

/* The whole frame that stands there. */
static inline struct frame stored_frame(const struct buf *archive, size_t at)
{
    struct frame f;
    assert_true(frame_head(archive->p + at, &f));
    assert_true(frame_whole(archive->p + at, FRAME_HEAD + f.n + FRAME_TAIL, &f));
    return f;
}

/* Makes *b the archive with the frame f, which stands there, holding at i these bytes, or
 * as many of them as it has room for. */
static inline void stored_change(struct buf *b, const struct buf *archive, size_t at,
                                 const struct frame *f, size_t i, const uint8_t *p,
                                 size_t n)
{
    struct buf frame = {0};
    assert_int_equal(frame_begin(&frame, NULL), 0);
    assert_int_equal(buf_append(&frame, f->p, f->n, NULL), 0);
    memcpy(frame.p + FRAME_HEAD + i, p, n < f->n - i ? n : f->n - i);
    assert_int_equal(frame_finish(&frame, f->type, f->number, NULL), 0);
    b->n = 0;
    assert_int_equal(buf_append(b, archive->p, archive->n, NULL), 0);
    memcpy(b->p + at, frame.p, frame.n);
    buf_free(&frame);
}

#endif
