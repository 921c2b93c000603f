/* SPDX-License-Identifier: MIT */
/* Byte buffers, little-endian loads and checked arithmetic; a struct buf is owned
 * by whoever declared it and freed with buf_free (twice is fine).
 *
 * Bytes are always decoded by hand here, never by casting: strict alignment and
 * big-endian machines read the same. */
#ifndef FORMATS_BYTES_H
#define FORMATS_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/err.h"

struct buf {
    uint8_t *p;
    size_t n;   /* bytes used */
    size_t cap; /* bytes allocated */
};

/* Makes room for `need` elements of `elem` bytes behind *ptr (capacity *cap, in
 * elements); doubles, checks every multiplication.  ERR_NOMEM leaves both alone. */
int grow(void **ptr, size_t *cap, size_t need, size_t elem,
         struct err *e) ERR_WARN_UNUSED;

int buf_reserve(struct buf *b, size_t more, struct err *e) ERR_WARN_UNUSED;
int buf_append(struct buf *b, const void *p, size_t n, struct err *e) ERR_WARN_UNUSED;
int buf_byte(struct buf *b, uint8_t v, struct err *e) ERR_WARN_UNUSED;
/* LEB128, at most 10 bytes. */
int buf_varint(struct buf *b, uint64_t v, struct err *e) ERR_WARN_UNUSED;
int buf_printf(struct buf *b, struct err *e, const char *fmt, ...) ERR_WARN_UNUSED
    ERR_PRINTF(3, 4);
void buf_free(struct buf *b);

static inline uint64_t zigzag(int64_t v)
{
    return ((uint64_t)v << 1) ^ (v < 0 ? UINT64_MAX : 0);
}

static inline int64_t unzigzag(uint64_t v)
{
    uint64_t x = (v >> 1) ^ (~(v & 1) + 1);
    return x <= INT64_MAX ? (int64_t)x : -(int64_t)(UINT64_MAX - x) - 1;
}

static inline uint16_t le16(const uint8_t *p)
{
    return (uint16_t)(p[0] | (unsigned)p[1] << 8);
}

static inline uint32_t le32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t le64(const uint8_t *p)
{
    return le32(p) | (uint64_t)le32(p + 4) << 32;
}

static inline void put_le32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}

static inline void put_le64(uint8_t *p, uint64_t v)
{
    for (int i = 0; i < 8; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}

/* Each returns false and leaves *out alone when the result does not fit. */
static inline bool add_u64(uint64_t a, uint64_t b, uint64_t *out)
{
    if (a > UINT64_MAX - b)
        return false;
    *out = a + b;
    return true;
}

static inline bool mul_u64(uint64_t a, uint64_t b, uint64_t *out)
{
    if (b != 0 && a > UINT64_MAX / b)
        return false;
    *out = a * b;
    return true;
}

/* a - b, held inside int64_t at both ends. */
static inline int64_t sub_u64_clamped(uint64_t a, uint64_t b)
{
    if (a >= b)
        return a - b > (uint64_t)INT64_MAX ? INT64_MAX : (int64_t)(a - b);
    return b - a > (uint64_t)INT64_MAX ? INT64_MIN : -(int64_t)(b - a);
}

#endif
