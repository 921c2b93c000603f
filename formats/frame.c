/* SPDX-License-Identifier: MIT */
#include "formats/frame.h"

#include <string.h>
#include <zlib.h>

static const uint8_t sync_mark[4] = FRAME_SYNC;

enum { AT_TYPE = 4, AT_NUMBER = 5, AT_LENGTH = 9, AT_CRC = 13 };

static uint32_t crc_of(const uint8_t *p, size_t n)
{
    uLong c = crc32(0, NULL, 0);
    while (n > 0) {
        uInt part = n > (1u << 30) ? 1u << 30 : (uInt)n;
        c = crc32(c, p, part);
        p += part;
        n -= part;
    }
    return (uint32_t)c;
}

static void put_le16(uint8_t *p, uint16_t v)
{
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
}

int frame_put_file_head(struct buf *out, const uint8_t magic[FRAME_MAGIC], uint16_t major,
                        uint16_t minor, struct err *e)
{
    uint8_t head[FRAME_FILE_HEAD];
    memcpy(head, magic, FRAME_MAGIC);
    put_le16(head + 8, major);
    put_le16(head + 10, minor);
    put_le32(head + 12, crc_of(head, 12));
    return buf_append(out, head, sizeof head, e);
}

int frame_begin(struct buf *out, struct err *e)
{
    static const uint8_t room[FRAME_HEAD] = {0};
    out->n = 0;
    return buf_append(out, room, sizeof room, e);
}

int frame_finish(struct buf *out, uint8_t type, uint32_t number, struct err *e)
{
    size_t n = out->n - FRAME_HEAD;
    if (n > FRAME_PAYLOAD_MAX)
        return err_set(e, ERR_LIMIT, "a block of %zu bytes is more than one frame holds",
                       n);
    TRY(buf_reserve(out, FRAME_TAIL, e));
    memcpy(out->p, sync_mark, sizeof sync_mark);
    out->p[AT_TYPE] = type;
    put_le32(out->p + AT_NUMBER, number);
    put_le32(out->p + AT_LENGTH, (uint32_t)n);
    put_le32(out->p + AT_CRC, crc_of(out->p, AT_CRC));
    put_le32(out->p + out->n, crc_of(out->p, out->n));
    out->n += FRAME_TAIL;
    return 0;
}

bool frame_file_head(const uint8_t p[FRAME_FILE_HEAD], const uint8_t magic[FRAME_MAGIC],
                     uint16_t *major, uint16_t *minor)
{
    if (memcmp(p, magic, FRAME_MAGIC) != 0 || le32(p + 12) != crc_of(p, 12))
        return false;
    *major = le16(p + 8);
    *minor = le16(p + 10);
    return true;
}

bool frame_head(const uint8_t p[FRAME_HEAD], struct frame *f)
{
    if (memcmp(p, sync_mark, sizeof sync_mark) != 0 ||
        le32(p + AT_CRC) != crc_of(p, AT_CRC) || le32(p + AT_LENGTH) > FRAME_PAYLOAD_MAX)
        return false;
    f->type = p[AT_TYPE];
    f->number = le32(p + AT_NUMBER);
    f->n = le32(p + AT_LENGTH);
    return true;
}

bool frame_whole(const uint8_t *p, size_t n, struct frame *f)
{
    if (n < FRAME_HEAD + FRAME_TAIL || !frame_head(p, f) ||
        n != FRAME_HEAD + f->n + FRAME_TAIL)
        return false;
    f->p = p + FRAME_HEAD;
    return le32(p + n - FRAME_TAIL) == crc_of(p, n - FRAME_TAIL);
}
