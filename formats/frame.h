/* SPDX-License-Identifier: MIT */
/* Framing for container files: a file head, then frames with a sync mark, a number, a
 * length and check sums; the caller owns the struct frame_reader, which borrows its
 * input, and every buffer it passes.
 *
 * Nothing here knows what a payload means.  A container decides what its frame types
 * are and when a file is complete; this layer says whether the next frame is whole, cut
 * short by the end of the source, or damaged, and finds the next one behind damage.
 *
 *   file head  magic[8]  major u16  minor u16  crc32 of the 12 bytes before
 *   frame      sync[4]  type u8  number u32  length u32  crc32 of the 13 bytes before
 *              payload[length]  crc32 of head and payload together
 *
 * All numbers are little-endian.  Frames are numbered from 0 through the whole file. */
#ifndef FORMATS_FRAME_H
#define FORMATS_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/bytes.h"
#include "formats/err.h"
#include "formats/io/input.h"

/* F1 0E is no UTF-8, so text that was pasted into a file never looks like a frame. */
#define FRAME_SYNC                                                                       \
    {                                                                                    \
        0xf1, 0x0e, 'f', 'r'                                                             \
    }
#define FRAME_MAGIC       8
#define FRAME_FILE_HEAD   16
#define FRAME_HEAD        17
#define FRAME_TAIL        4
#define FRAME_PAYLOAD_MAX ((size_t)64 << 20)

struct frame {
    uint8_t type;
    uint32_t number;  /* counts the frames of the file from 0 */
    uint64_t offset;  /* of the sync mark, in bytes from the start of the file */
    const uint8_t *p; /* payload; valid until the next call on the same reader */
    size_t n;
};

/* ---- writing: everything goes to a buffer that the caller then writes out ---- */

int frame_put_file_head(struct buf *out, const uint8_t magic[FRAME_MAGIC], uint16_t major,
                        uint16_t minor, struct err *e) ERR_WARN_UNUSED;
/* Leaves room for a frame's head in *out, which must be empty; the payload is appended
 * by the caller, then frame_finish completes the frame.  A payload beyond
 * FRAME_PAYLOAD_MAX is ERR_LIMIT. */
int frame_begin(struct buf *out, struct err *e) ERR_WARN_UNUSED;
int frame_finish(struct buf *out, uint8_t type, uint32_t number,
                 struct err *e) ERR_WARN_UNUSED;

/* ---- reading ---- */

/* True when the 16 bytes at p are a whole file head of that magic. */
bool frame_file_head(const uint8_t p[FRAME_FILE_HEAD], const uint8_t magic[FRAME_MAGIC],
                     uint16_t *major, uint16_t *minor);
/* Reads a frame's head (17 bytes at p) alone; false when it is damaged.  *f gets type,
 * number and payload length n. */
bool frame_head(const uint8_t p[FRAME_HEAD], struct frame *f);
/* True when the n bytes at p are one whole frame with the right check sums. */
bool frame_whole(const uint8_t *p, size_t n, struct frame *f);

struct frame_reader {
    struct input *in;
    size_t pending;  /* bytes of the frame given last, not yet consumed */
    uint64_t failed; /* bytes whose check sum was taken in vain */
};

enum frame_state {
    FRAME_NONE,   /* the source ends here */
    FRAME_WHOLE,  /* *f is good */
    FRAME_CUT,    /* the source ends inside a frame that is good as far as it goes */
    FRAME_DAMAGED /* what stands here is no frame, or its check sum is wrong */
};

/* Says what stands next and sets f->offset in every case.  Returns an enum frame_state,
 * or a negative err_code when the source cannot be read.  A cut or damaged frame is not
 * consumed. */
int frame_next(struct frame_reader *r, struct frame *f, struct err *e) ERR_WARN_UNUSED;
/* Moves behind the present position to the next sound frame head.  Returns 1, or 0 when
 * there is none; *skipped is the number of bytes passed over. */
int frame_resync(struct frame_reader *r, uint64_t *skipped,
                 struct err *e) ERR_WARN_UNUSED;

#endif
