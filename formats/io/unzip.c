/* SPDX-License-Identifier: MIT */
/* The bytes of one zip entry as a raw source. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "formats/io/zip.h"

#define ROOM_BYTES       ((size_t)64 * 1024)
#define METHOD_STORED    0
#define METHOD_DEFLATED  8
#define FLAGS_ENCRYPTED  (1u | 1u << 6 | 1u << 13)
#define FLAG_SIZES_LATER (1u << 3)

struct unzip {
    struct zip *z;
    const struct zip_member *m;
    uint64_t at;   /* of the next packed byte */
    uint64_t left; /* packed bytes not read yet */
    uint64_t made;
    uint64_t most, before; /* of the whole zip: the limit, and what came out already */
    uint32_t crc;
    bool ended; /* size and CRC were found right */
    z_stream s;
    uint8_t room[ROOM_BYTES];
};

/* ---- may it be read ---- */

static const char *method_name(uint16_t method)
{
    static const struct {
        uint16_t method;
        const char *name;
    } names[] = {{1, "shrink"}, {6, "implode"}, {9, "deflate64"},
                 {12, "bzip2"}, {14, "lzma"},   {93, "zstd"},
                 {95, "xz"},    {98, "ppmd"},   {99, "AES"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].method == method)
            return names[i].name;
    return "unknown";
}

static int refuse(struct err *e, int code, const char *why)
{
    (void)err_set(e, code, "%s", why);
    err_hint(e, "unpack the zip and name the files");
    return code;
}

static int check_member(const struct zip_member *m, const struct limits *l, struct err *e)
{
    if (m->flags & FLAGS_ENCRYPTED)
        return refuse(e, ERR_UNSUPPORTED, "the zip entry is encrypted");
    if (m->method != METHOD_STORED && m->method != METHOD_DEFLATED) {
        (void)err_set(e, ERR_UNSUPPORTED,
                      "the zip entry is packed by method %u (%s), not stored or deflated",
                      m->method, method_name(m->method));
        err_hint(e, "unpack the zip and name the files");
        return ERR_UNSUPPORTED;
    }
    if (m->outside)
        return refuse(e, ERR_FORMAT, "the zip is damaged: the entry lies outside");
    if (m->overlaps)
        return refuse(e, ERR_FORMAT, "the zip entry shares its bytes with another one");
    if (m->size > l->inflated_bytes) {
        err_hint(e, "if you trust it, unpack it yourself and name what comes out");
        return err_set(e, ERR_LIMIT,
                       "the zip entry inflates to %llu bytes, more than %llu, the limit",
                       (unsigned long long)m->size,
                       (unsigned long long)l->inflated_bytes);
    }
    return 0;
}

static int lies(struct err *e, const char *what)
{
    (void)err_set(e, ERR_FORMAT,
                  "the zip is damaged: directory and entry disagree about the %s", what);
    err_hint(e, "copy the zip again, in binary mode");
    return ERR_FORMAT;
}

static bool size_agrees(uint32_t local, uint64_t central)
{
    return local == UINT32_MAX || local == central;
}

/* Compares the entry's own header with the directory and sets *data to its bytes. */
static int check_local(const struct zip *z, const struct zip_member *m, uint64_t *data,
                       struct err *e)
{
    uint8_t p[ZIP_LOCAL_BYTES];
    TRY(zip_read_at(z, m->at, p, sizeof p, e));
    if (memcmp(p, "PK\3\4", 4) != 0)
        return lies(e, "place");
    if (le16(p + 8) != m->method)
        return lies(e, "method");
    if (le16(p + 26) != m->name_bytes)
        return lies(e, "name");
    bool later = (le16(p + 6) & FLAG_SIZES_LATER) != 0;
    if (!later && !(size_agrees(le32(p + 18), m->packed) &&
                    size_agrees(le32(p + 22), m->size) && le32(p + 14) == m->crc))
        return lies(e, "size");
    *data = m->at + ZIP_LOCAL_BYTES + m->name_bytes + le16(p + 28);
    if (*data > z->directory || m->packed > z->directory - *data)
        return lies(e, "place");
    return 0;
}

/* ---- the bytes ---- */

static int finish(struct unzip *u, struct err *e)
{
    if (u->made != u->m->size)
        return err_set(e, ERR_FORMAT,
                       "the zip entry is damaged: %llu bytes expected, %llu found",
                       (unsigned long long)u->m->size, (unsigned long long)u->made);
    if (u->crc != u->m->crc)
        return err_set(e, ERR_FORMAT,
                       "the zip entry is damaged: checksum %08lx expected, %08lx found",
                       (unsigned long)u->m->crc, (unsigned long)u->crc);
    u->ended = true;
    return 0;
}

static int take(struct unzip *u, uint8_t *p, size_t n, struct err *e)
{
    TRY(zip_read_at(u->z, u->at, p, n, e));
    u->at += n;
    u->left -= n;
    return 0;
}

static ptrdiff_t read_stored(struct unzip *u, uint8_t *p, size_t n, struct err *e)
{
    if (n > u->left)
        n = (size_t)u->left;
    TRY(take(u, p, n, e));
    return (ptrdiff_t)n;
}

static ptrdiff_t read_deflated(struct unzip *u, uint8_t *p, size_t n, struct err *e)
{
    uInt room = n > INT_MAX ? INT_MAX : (uInt)n;
    u->s.next_out = p;
    u->s.avail_out = room;
    for (;;) {
        if (u->s.avail_in == 0 && u->left > 0) {
            size_t more = u->left < ROOM_BYTES ? (size_t)u->left : ROOM_BYTES;
            TRY(take(u, u->room, more, e));
            u->s.next_in = u->room;
            u->s.avail_in = (uInt)more;
        }
        int z = inflate(&u->s, Z_NO_FLUSH);
        if (room > u->s.avail_out || z == Z_STREAM_END)
            return (ptrdiff_t)(room - u->s.avail_out);
        if (z == Z_MEM_ERROR)
            return err_nomem(e);
        if (z != Z_OK && z != Z_BUF_ERROR)
            return err_set(e, ERR_FORMAT, "the zip entry is damaged near byte %llu (%s)",
                           (unsigned long long)(u->at - u->s.avail_in),
                           u->s.msg != NULL ? u->s.msg : "zlib gives no reason");
        if (u->s.avail_in == 0 && u->left == 0)
            return 0; /* cut: finish will miss the rest */
    }
}

static ptrdiff_t unzip_read(void *ctx, uint8_t *p, size_t n, struct err *e)
{
    struct unzip *u = ctx;
    if (u->ended)
        return 0;
    ptrdiff_t r = u->m->method == METHOD_STORED ? read_stored(u, p, n, e)
                                                : read_deflated(u, p, n, e);
    if (r < 0)
        return r;
    u->made += (uint64_t)r;
    if (u->made > u->m->size)
        return err_set(e, ERR_FORMAT,
                       "the zip entry is damaged: it is longer than %llu bytes, its size",
                       (unsigned long long)u->m->size);
    if (u->made > u->most - u->before) {
        err_hint(e, "if you trust it, unpack it yourself and name what comes out");
        return err_set(e, ERR_LIMIT,
                       "the zip inflates to more than %llu bytes, the limit",
                       (unsigned long long)u->most);
    }
    u->crc = (uint32_t)crc32_z(u->crc, p, (size_t)r);
    return r > 0 ? r : finish(u, e);
}

static uint64_t unzip_packed(void *ctx)
{
    const struct unzip *u = ctx;
    return u->m->packed - u->left;
}

static void unzip_close(void *ctx)
{
    struct unzip *u = ctx;
    if (u->m->method == METHOD_DEFLATED)
        (void)inflateEnd(&u->s);
    /* Entries may be read by a thread each: only who closes them adds up. */
    if (!add_u64(u->z->inflated, u->made, &u->z->inflated))
        u->z->inflated = UINT64_MAX;
    zip_release(u->z);
    free(u);
}

static int open_member(struct input_raw *raw, struct zip *z, const struct zip_member *m,
                       const struct limits *l, struct err *e)
{
    uint64_t data = 0;
    TRY(check_local(z, m, &data, e));
    struct unzip *u = calloc(1, sizeof *u);
    if (u == NULL)
        return err_nomem(e);
    if (m->method == METHOD_DEFLATED && inflateInit2(&u->s, -MAX_WBITS) != Z_OK) {
        free(u);
        return err_nomem(e);
    }
    u->z = z;
    u->m = m;
    u->at = data;
    u->left = m->packed;
    u->most = l->inflated_bytes;
    u->before = z->inflated < u->most ? z->inflated : u->most;
    *raw = (struct input_raw){.ctx = u,
                              .read = unzip_read,
                              .close = unzip_close,
                              .packed = unzip_packed,
                              .prompt = true};
    return 0;
}

int zip_entry_raw(struct input_raw *raw, struct zip *z, size_t i, const struct limits *l,
                  struct err *e)
{
    TRY(check_member(&z->v[i], l, e));
    TRY(zip_hold(z, e));
    int r = open_member(raw, z, &z->v[i], l, e);
    if (r < 0)
        zip_release(z);
    return r;
}
