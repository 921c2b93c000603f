/* SPDX-License-Identifier: MIT */
#include "formats/io/gunzip.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define WINDOW_GZIP 31 /* zlib's word for: a gzip header, 32 KiB window */

struct gunzip {
    struct input_raw below;
    z_stream z;
    bool in_member; /* false: before the next member, or in trailing zeros */
    bool below_ended;
    uint64_t taken; /* bytes read from below */
    uint64_t made;
    uint64_t most; /* limits.inflated_bytes */
    uint8_t room[GUNZIP_ROOM];
};

bool gunzip_magic(const uint8_t *p, size_t n)
{
    return n >= 2 && p[0] == 0x1f && p[1] == 0x8b && (n < 3 || p[2] == 8) &&
           (n < 4 || (p[3] & 0xe0) == 0);
}

static unsigned long long offset(const struct gunzip *g)
{
    return (unsigned long long)(g->taken - g->z.avail_in);
}

static int refill(struct gunzip *g, struct err *e)
{
    if (g->z.avail_in > 0 || g->below_ended)
        return 0;
    ptrdiff_t r = g->below.read(g->below.ctx, g->room, sizeof g->room, e);
    if (r < 0)
        return (int)r;
    g->z.next_in = g->room;
    g->z.avail_in = (uInt)r;
    g->taken += (uint64_t)r;
    g->below_ended = r == 0;
    return 0;
}

/* Passes over padding; 1 when another member begins, 0 at the end of everything. */
static int between_members(struct gunzip *g, struct err *e)
{
    for (;;) {
        while (g->z.avail_in > 0 && *g->z.next_in == 0) {
            g->z.next_in++;
            g->z.avail_in--;
        }
        if (g->z.avail_in > 0)
            break;
        TRY(refill(g, e));
        if (g->z.avail_in == 0)
            return 0;
    }
    if (*g->z.next_in != 0x1f)
        return err_set(
            e, ERR_FORMAT,
            "expected the end of the gzip data at byte %llu, found other bytes "
            "behind it",
            offset(g));
    if (inflateReset(&g->z) != Z_OK)
        return err_set(e, ERR_BUG, "zlib could not start again");
    g->in_member = true;
    return 1;
}

static int inflate_failed(struct gunzip *g, int z, struct err *e)
{
    if (z == Z_MEM_ERROR)
        return err_nomem(e);
    if ((z == Z_OK || z == Z_BUF_ERROR) && g->below_ended) {
        (void)err_set(e, ERR_FORMAT, "the gzip data ends early, at byte %llu", offset(g));
        err_hint(e, "the file was cut; copy it again");
        return ERR_FORMAT;
    }
    (void)err_set(e, ERR_FORMAT, "the gzip data is damaged near byte %llu (%s)",
                  offset(g), g->z.msg != NULL ? g->z.msg : "zlib gives no reason");
    err_hint(e, "copy the file again, in binary mode");
    return ERR_FORMAT;
}

static ptrdiff_t gunzip_read(void *ctx, uint8_t *p, size_t n, struct err *e)
{
    struct gunzip *g = ctx;
    uInt room = n > INT_MAX ? INT_MAX : (uInt)n;
    g->z.next_out = p;
    g->z.avail_out = room;
    for (;;) {
        TRY(refill(g, e));
        if (!g->in_member) {
            int more = between_members(g, e);
            if (more <= 0)
                return more;
        }
        int z = inflate(&g->z, Z_NO_FLUSH);
        if (z == Z_STREAM_END)
            g->in_member = false;
        ptrdiff_t got = (ptrdiff_t)(room - g->z.avail_out);
        g->made += (uint64_t)got;
        if (g->made > g->most) {
            err_hint(e, "if you trust it, unpack it yourself and name what comes out");
            return err_set(e, ERR_LIMIT,
                           "the gzip data inflates to more than %llu bytes, the limit",
                           (unsigned long long)g->most);
        }
        if (got > 0)
            return got;
        bool moves =
            z == Z_STREAM_END || ((z == Z_OK || z == Z_BUF_ERROR) && !g->below_ended);
        if (!moves)
            return inflate_failed(g, z, e);
    }
}

static void gunzip_close(void *ctx)
{
    struct gunzip *g = ctx;
    (void)inflateEnd(&g->z);
    g->below.close(g->below.ctx);
    free(g);
}

int gunzip_raw(struct input_raw *raw, struct input_raw below, const uint8_t *first,
               size_t n, const struct limits *l, struct err *e)
{
    if (n > GUNZIP_ROOM)
        return err_set(e, ERR_BUG, "too many bytes for the gzip layer");
    struct gunzip *g = calloc(1, sizeof *g);
    if (g == NULL)
        return err_nomem(e);
    if (inflateInit2(&g->z, WINDOW_GZIP) != Z_OK) {
        free(g);
        return err_nomem(e);
    }
    memcpy(g->room, first, n);
    g->z.next_in = g->room;
    g->z.avail_in = (uInt)n;
    g->taken = n;
    g->in_member = true;
    g->most = l->inflated_bytes;
    g->below = below;
    *raw = (struct input_raw){.ctx = g, .read = gunzip_read, .close = gunzip_close};
    return 0;
}
