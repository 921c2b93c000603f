/* SPDX-License-Identifier: MIT */
/* Test helper: zip archives built byte by byte, and what is read of them.  What make_zip
 * returns and struct maker holds is the caller's (buf_free). */
#ifndef TESTS_UNIT_ZIPS_H
#define TESTS_UNIT_ZIPS_H

#include "tests/unit/packed.h"

/* ---- making zips ---- */

struct spec {
    const char *name;
    const char *data;
    uint16_t method, flags;
    bool wide;    /* sizes and place in a zip64 field */
    size_t bytes; /* of data; 0: up to its NUL */
};

struct maker {
    struct buf zip, central;
    uint32_t count;
};

static inline void add16(struct buf *b, uint32_t v)
{
    uint8_t p[2] = {(uint8_t)v, (uint8_t)(v >> 8)};
    add(b, p, 2);
}

static inline void add32(struct buf *b, uint32_t v)
{
    add16(b, v);
    add16(b, v >> 16);
}

static inline void add64(struct buf *b, uint64_t v)
{
    add32(b, (uint32_t)v);
    add32(b, (uint32_t)(v >> 32));
}

/* 2006-03-12 09:08:06 in DOS form, time first. */
#define DOS_TIME ((9u << 11 | 8u << 5 | 3u) | (26u << 9 | 3u << 5 | 12u) << 16)
#define MTIME_MS (INT64_C(1142154486) * 1000)

static inline void add_entry(struct maker *m, const struct spec *s)
{
    size_t n = s->bytes > 0 ? s->bytes : strlen(s->data), name = strlen(s->name),
           at = m->zip.n;
    struct buf packed = {0};
    if (s->method == 8)
        add_deflated(&packed, s->data, n, -15);
    else
        add(&packed, s->data, n);
    uint32_t crc = (uint32_t)crc32_z(0, (const uint8_t *)s->data, n);
    bool later = (s->flags & 8) != 0;
    struct buf *b = &m->zip;
    add(b, "PK\3\4", 4);
    add16(b, 20);
    add16(b, s->flags);
    add16(b, s->method);
    add32(b, DOS_TIME);
    add32(b, later ? 0 : crc);
    add32(b, later ? 0 : (uint32_t)packed.n);
    add32(b, later ? 0 : (uint32_t)n);
    add16(b, (uint32_t)name);
    add16(b, 5);
    add(b, s->name, name);
    add(b, "extra", 5);
    add(b, packed.p, packed.n);
    if (later) {
        add(b, "PK\7\x8", 4);
        add32(b, crc);
        add32(b, (uint32_t)packed.n);
        add32(b, (uint32_t)n);
    }
    b = &m->central;
    add(b, "PK\1\2", 4);
    add16(b, 20);
    add16(b, 20);
    add16(b, s->flags);
    add16(b, s->method);
    add32(b, DOS_TIME);
    add32(b, crc);
    add32(b, s->wide ? UINT32_MAX : (uint32_t)packed.n);
    add32(b, s->wide ? UINT32_MAX : (uint32_t)n);
    add16(b, (uint32_t)name);
    add16(b, s->wide ? 32 : 0);
    add16(b, 3); /* comment */
    add16(b, 0);
    add16(b, 0);
    add32(b, 0);
    add32(b, s->wide ? UINT32_MAX : (uint32_t)at);
    add(b, s->name, name);
    if (s->wide) {
        add(b, "\x99\x99\0\0", 4); /* an extra field of somebody else */
        add16(b, 1);
        add16(b, 24);
        add64(b, n);
        add64(b, packed.n);
        add64(b, at);
    }
    add(b, "why", 3);
    m->count++;
    buf_free(&packed);
}

static inline void add_end(struct maker *m, bool wide, const char *comment)
{
    struct buf *b = &m->zip;
    size_t at = b->n, size = m->central.n;
    add(b, m->central.p, size);
    if (wide) {
        size_t record = b->n;
        add(b, "PK\6\6", 4);
        add64(b, 44);
        add32(b, 0);
        add64(b, 0); /* disks */
        add64(b, m->count);
        add64(b, m->count);
        add64(b, size);
        add64(b, at);
        add(b, "PK\6\7", 4);
        add32(b, 0);
        add64(b, record);
        add32(b, 1);
    }
    add(b, "PK\5\6", 4);
    add32(b, 0);
    add16(b, wide ? 0xffff : m->count);
    add16(b, wide ? 0xffff : m->count);
    add32(b, wide ? UINT32_MAX : (uint32_t)size);
    add32(b, wide ? UINT32_MAX : (uint32_t)at);
    add16(b, (uint32_t)strlen(comment));
    add(b, comment, strlen(comment));
    buf_free(&m->central);
}

static inline struct buf make_zip(const struct spec *s, size_t n, bool wide,
                                  const char *comment)
{
    struct maker m = {0};
    for (size_t i = 0; i < n; i++)
        add_entry(&m, &s[i]);
    add_end(&m, wide, comment);
    return m.zip;
}

static const char long_text[] =
    " Tag  Type     Allocs            Frees            Diff\r\n"
    " NtfF Paged    Allocs            Frees            Diff\r\n"
    " Proc Nonp     Allocs            Frees            Diff\r\n";

static const struct spec good[] = {
    {.name = "day1/", .data = ""},
    {.name = "day1/a.txt", .data = "stored\n"},
    {.name = "day1/b.txt", .data = long_text, .method = 8},
    {.name = "dir\\", .data = ""},
    {.name = "later.txt", .data = long_text, .method = 8, .flags = 8},
    {.name = "../../\xe4\x01.txt", .data = "", .method = 8},
    {.name = "wide.txt", .data = long_text, .method = 8, .wide = true},
};
#define GOOD (sizeof good / sizeof *good)

/* ---- reading them ---- */

/* The entry's bytes appended to out. */
static inline int read_entry(struct zip *z, size_t i, const struct limits *l,
                             struct buf *out, struct err *e)
{
    struct input_raw raw;
    struct input *in;
    int r = zip_entry_raw(&raw, z, i, l, e);
    if (r < 0)
        return r;
    r = input_open(&in, "mail.zip:entry", raw, l, e);
    if (r < 0)
        return r;
    r = input_read_all(in, out, SIZE_MAX, e);
    input_close(in);
    return r;
}

static inline void assert_entry(struct zip *z, size_t i, const char *data)
{
    struct buf out = {0};
    struct err e = {0};
    assert_int_equal(read_entry(z, i, &default_limits, &out, &e), 0);
    add(&out, "", 1);
    assert_string_equal((const char *)out.p, data);
    buf_free(&out);
}

static inline void assert_good(struct zip *z)
{
    assert_int_equal(zip_count(z), GOOD);
    for (size_t i = 0; i < GOOD; i++) {
        struct zip_entry entry = zip_entry_at(z, i);
        char last = good[i].name[strlen(good[i].name) - 1];
        assert_string_equal(entry.name, good[i].name);
        assert_int_equal(entry.size, strlen(good[i].data));
        assert_int_equal(entry.is_directory, last == '/' || last == '\\');
        assert_true(entry.mtime_ms == MTIME_MS);
        assert_entry(z, i, good[i].data);
    }
}

static inline struct zip *open_good(const struct buf *b)
{
    struct zip *z = NULL;
    struct err e = {0};
    assert_int_equal(zip_open_memory(&z, "mail.zip", b->p, b->n, &default_limits, &e), 0);
    return z;
}

#endif
