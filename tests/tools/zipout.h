/* SPDX-License-Identifier: MIT */
/* A small zip writer for tests: the caller owns the struct zip_out and frees it with
 * zip_out_free; the archive stands in `bytes` after zip_out_end. */
#ifndef TESTS_TOOLS_ZIPOUT_H
#define TESTS_TOOLS_ZIPOUT_H

#include <stdbool.h>
#include <string.h>
#include <zlib.h>

#include "formats/bytes.h"
#include "formats/err.h"
#include "formats/when.h"

struct zip_out {
    struct buf bytes;   /* local headers and data */
    struct buf central; /* the directory, put behind them at the end */
    unsigned entries;
};

static inline int zip_put(struct buf *b, uint32_t v, size_t bytes, struct err *e)
{
    uint8_t raw[4];
    put_le32(raw, v);
    return buf_append(b, raw, bytes, e);
}

static inline uint32_t zip_dos_time(const struct civil *c)
{
    return (uint32_t)(c->year - 1980) << 25 | (uint32_t)c->month << 21 |
           (uint32_t)c->day << 16 | (uint32_t)c->hour << 11 | (uint32_t)c->minute << 5 |
           (uint32_t)c->second / 2;
}

/* Appends p deflated. */
static inline int zip_deflate(struct buf *out, const uint8_t *p, size_t n, struct err *e)
{
    z_stream z = {0};
    if (deflateInit2(&z, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        return err_nomem(e);
    int r = buf_reserve(out, deflateBound(&z, (uLong)n), e);
    if (r == 0) {
        struct buf in = {0};
        r = buf_append(&in, p, n, e); /* zlib's next_in is not const */
        z.next_in = in.p;
        z.avail_in = (uInt)n;
        z.next_out = out->p + out->n;
        z.avail_out = (uInt)(out->cap - out->n);
        if (r == 0 && deflate(&z, Z_FINISH) != Z_STREAM_END)
            r = err_set(e, ERR_BUG, "zlib did not finish");
        if (r == 0)
            out->n += z.total_out;
        buf_free(&in);
    }
    deflateEnd(&z);
    return r;
}

/* The fields that local and central headers share. */
static inline int zip_fields(struct buf *b, const char *name, uint32_t when, uint32_t crc,
                             uint32_t packed, uint32_t size, struct err *e)
{
    TRY(zip_put(b, 20, 2, e)); /* version needed */
    TRY(zip_put(b, 0, 2, e));  /* flags */
    TRY(zip_put(b, 8, 2, e));  /* deflated */
    TRY(zip_put(b, when, 4, e));
    TRY(zip_put(b, crc, 4, e));
    TRY(zip_put(b, packed, 4, e));
    TRY(zip_put(b, size, 4, e));
    TRY(zip_put(b, (uint32_t)strlen(name), 2, e));
    return zip_put(b, 0, 2, e); /* extra field */
}

static inline int zip_out_add(struct zip_out *z, const char *name, const struct civil *c,
                              const uint8_t *p, size_t n, struct err *e)
{
    struct buf packed = {0};
    uint32_t at = (uint32_t)z->bytes.n, when = zip_dos_time(c);
    uint32_t crc = (uint32_t)crc32(crc32(0, NULL, 0), p, (uInt)n);
    int r = n < INT32_MAX && z->bytes.n < INT32_MAX && z->entries < UINT16_MAX
                ? zip_deflate(&packed, p, n, e)
                : err_set(e, ERR_LIMIT, "too much for a zip without zip64");
    uint32_t len = (uint32_t)packed.n;
    if (r == 0)
        r = zip_put(&z->bytes, 0x04034b50, 4, e);
    if (r == 0)
        r = zip_fields(&z->bytes, name, when, crc, len, (uint32_t)n, e);
    if (r == 0)
        r = buf_append(&z->bytes, name, strlen(name), e);
    if (r == 0)
        r = buf_append(&z->bytes, packed.p, packed.n, e);
    buf_free(&packed);
    TRY(r);
    z->entries++;
    TRY(zip_put(&z->central, 0x02014b50, 4, e));
    TRY(zip_put(&z->central, 20, 2, e)); /* made by */
    TRY(zip_fields(&z->central, name, when, crc, len, (uint32_t)n, e));
    TRY(zip_put(&z->central, 0, 4, e)); /* comment, disk */
    TRY(zip_put(&z->central, 0, 4, e)); /* attributes */
    TRY(zip_put(&z->central, 0, 2, e));
    TRY(zip_put(&z->central, at, 4, e));
    return buf_append(&z->central, name, strlen(name), e);
}

static inline int zip_out_end(struct zip_out *z, struct err *e)
{
    uint32_t at = (uint32_t)z->bytes.n, len = (uint32_t)z->central.n;
    TRY(buf_append(&z->bytes, z->central.p, z->central.n, e));
    TRY(zip_put(&z->bytes, 0x06054b50, 4, e));
    TRY(zip_put(&z->bytes, 0, 4, e)); /* disks */
    TRY(zip_put(&z->bytes, z->entries, 2, e));
    TRY(zip_put(&z->bytes, z->entries, 2, e));
    TRY(zip_put(&z->bytes, len, 4, e));
    TRY(zip_put(&z->bytes, at, 4, e));
    return zip_put(&z->bytes, 0, 2, e);
}

static inline void zip_out_free(struct zip_out *z)
{
    buf_free(&z->bytes);
    buf_free(&z->central);
}

#endif
