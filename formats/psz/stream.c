/* SPDX-License-Identifier: MIT */
#include "formats/psz/stream.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST /* next_in points to const */
#include <zlib.h>

uint64_t psz_get_long(struct psz_stream_in *s)
{
    uint64_t v = 0;
    for (unsigned shift = 0; shift < 64 && s->p < s->end; shift += 7) {
        uint8_t b = *s->p++;
        if (shift == 63 && b > 1)
            break;
        v |= (uint64_t)(b & 0x7f) << shift;
        if (b < 0x80)
            return v;
    }
    s->bad = true;
    s->p = s->end;
    return 0;
}

const uint8_t *psz_get_bytes(struct psz_stream_in *s, uint64_t n)
{
    if (n > (uint64_t)(s->end - s->p)) {
        s->bad = true;
        s->p = s->end;
        return NULL;
    }
    const uint8_t *p = s->p;
    s->p += n;
    return p;
}

bool psz_at_end(const struct psz_stream_in *s)
{
    return !s->bad && s->p == s->end;
}

int psz_broken(struct err *e, const char *what)
{
    return err_set(e, ERR_FORMAT,
                   "the check sums are right but the block's %s contradict themselves",
                   what);
}

struct psz_zip {
    z_stream pack, unpack;
    bool packing, unpacking, quick;
};

static struct psz_zip *zip_of(struct psz_zip **z)
{
    if (*z == NULL)
        *z = calloc(1, sizeof **z);
    return *z;
}

int psz_zip_quick(struct psz_zip **zp, struct err *e)
{
    struct psz_zip *z = zip_of(zp);
    if (z == NULL)
        return err_nomem(e);
    if (z->packing)
        (void)deflateEnd(&z->pack);
    z->packing = false;
    z->quick = true;
    return 0;
}

void psz_zip_free(struct psz_zip *z)
{
    if (z == NULL)
        return;
    if (z->packing)
        (void)deflateEnd(&z->pack);
    if (z->unpacking)
        (void)inflateEnd(&z->unpack);
    free(z);
}

static int zlib_failed(struct err *e, int result)
{
    return result == Z_MEM_ERROR ? err_nomem(e)
                                 : err_set(e, ERR_BUG, "zlib said %d", result);
}

int psz_deflate(struct psz_zip **zp, const uint8_t *p, size_t n, struct buf *out,
                struct err *e)
{
    struct psz_zip *z = zip_of(zp);
    if (z == NULL)
        return err_nomem(e);
    if (n == 0)
        return 0;
    if (n > INT_MAX)
        return err_set(e, ERR_LIMIT, "a stream of %zu bytes is too long", n);
    /* Z_FILTERED leaves short matches alone: most bytes are noise, whose code is the
     * Huffman table.  It saves 2 % on busy series. */
    int r = z->packing ? deflateReset(&z->pack)
                       : deflateInit2(&z->pack, z->quick ? 1 : 6, Z_DEFLATED, -15, 8,
                                      Z_FILTERED);
    if (r != Z_OK)
        return zlib_failed(e, r);
    z->packing = true;
    size_t most = deflateBound(&z->pack, (uLong)n);
    TRY(buf_reserve(out, most > n ? most : n, e));
    z->pack.next_in = p;
    z->pack.avail_in = (uInt)n;
    z->pack.next_out = out->p + out->n;
    z->pack.avail_out = (uInt)most;
    r = deflate(&z->pack, Z_FINISH);
    if (r != Z_STREAM_END)
        return zlib_failed(e, r);
    size_t packed = (size_t)z->pack.total_out;
    if (packed >= n) {
        memcpy(out->p + out->n, p, n);
        packed = n;
    }
    out->n += packed;
    return 0;
}

int psz_inflate(struct psz_zip **zp, const uint8_t *p, size_t packed, uint8_t *to,
                size_t raw, struct err *e)
{
    struct psz_zip *z = zip_of(zp);
    if (z == NULL)
        return err_nomem(e);
    if (packed == raw) {
        if (raw > 0)
            memcpy(to, p, raw);
        return 0;
    }
    int r = z->unpacking ? inflateReset(&z->unpack) : inflateInit2(&z->unpack, -15);
    if (r != Z_OK)
        return zlib_failed(e, r);
    z->unpacking = true;
    z->unpack.next_in = p;
    z->unpack.avail_in = (uInt)packed;
    z->unpack.next_out = to;
    z->unpack.avail_out = (uInt)raw;
    r = inflate(&z->unpack, Z_FINISH);
    if (r == Z_MEM_ERROR)
        return err_nomem(e);
    if (r != Z_STREAM_END || z->unpack.total_out != raw || z->unpack.avail_in != 0)
        return psz_broken(e, "packed streams");
    return 0;
}
