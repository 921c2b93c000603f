/* SPDX-License-Identifier: MIT */
/* Zip archives, built here byte by byte: good ones are read, bad ones are told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "formats/io/input.h"
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

static void add16(struct buf *b, uint32_t v)
{
    uint8_t p[2] = {(uint8_t)v, (uint8_t)(v >> 8)};
    add(b, p, 2);
}

static void add32(struct buf *b, uint32_t v)
{
    add16(b, v);
    add16(b, v >> 16);
}

static void add64(struct buf *b, uint64_t v)
{
    add32(b, (uint32_t)v);
    add32(b, (uint32_t)(v >> 32));
}

/* 2006-03-12 09:08:06 in DOS form, time first. */
#define DOS_TIME ((9u << 11 | 8u << 5 | 3u) | (26u << 9 | 3u << 5 | 12u) << 16)
#define MTIME_MS (INT64_C(1142154486) * 1000)

static void add_entry(struct maker *m, const struct spec *s)
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

static void add_end(struct maker *m, bool wide, const char *comment)
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

static struct buf make_zip(const struct spec *s, size_t n, bool wide, const char *comment)
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
static int read_entry(struct zip *z, size_t i, const struct limits *l, struct buf *out,
                      struct err *e)
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

static void assert_entry(struct zip *z, size_t i, const char *data)
{
    struct buf out = {0};
    struct err e = {0};
    assert_int_equal(read_entry(z, i, &default_limits, &out, &e), 0);
    add(&out, "", 1);
    assert_string_equal((const char *)out.p, data);
    buf_free(&out);
}

static void assert_good(struct zip *z)
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

static struct zip *open_good(const struct buf *b)
{
    struct zip *z = NULL;
    struct err e = {0};
    assert_int_equal(zip_open_memory(&z, "mail.zip", b->p, b->n, &default_limits, &e), 0);
    return z;
}

static void every_kind_of_entry(void **state)
{
    (void)state;
    static const char *const comments[] = {"", "a comment",
                                           "PK\5\6 in the comment, not it"};
    for (int wide = 0; wide < 2; wide++) {
        for (size_t c = 0; c < 3; c++) {
            struct buf b = make_zip(good, GOOD, wide == 1, comments[c]);
            assert_true(zip_magic(b.p, b.n));
            struct zip *z = open_good(&b);
            assert_good(z);
            zip_close(z);
            buf_free(&b);
        }
    }
}

static void bytes_before_the_archive(void **state)
{
    (void)state;
    for (int wide = 0; wide < 2; wide++) {
        struct buf b = make_zip(good, GOOD, wide == 1, "");
        struct buf all = {0};
        add(&all, "MZ, a program that unpacks itself", 33);
        add(&all, b.p, b.n);
        struct zip *z = open_good(&all);
        assert_good(z);
        zip_close(z);
        buf_free(&all);
        buf_free(&b);
    }
}

/* Archives made from a stream have a zip64 record although all numbers are small, and a
 * signature may stand between directory and end. */
static void bytes_before_the_end_record(void **state)
{
    (void)state;
    struct maker m = {0};
    for (size_t i = 0; i < GOOD; i++)
        add_entry(&m, &good[i]);
    uint32_t at = (uint32_t)m.zip.n, size = (uint32_t)m.central.n;
    add_end(&m, true, "");
    uint8_t *end = m.zip.p + m.zip.n - 22;
    end[8] = end[10] = GOOD;
    end[9] = end[11] = 0;
    put_le32(end + 12, size);
    put_le32(end + 16, at);
    struct zip *z = open_good(&m.zip);
    assert_good(z);
    zip_close(z);
    memcpy(end - 76, "PK\5\5", 4);
    memcpy(end - 20, "xxxx", 4);
    z = open_good(&m.zip);
    assert_good(z);
    zip_close(z);
    buf_free(&m.zip);
}

static void zip_in_a_file(void **state)
{
    (void)state;
    char path[256];
    const char *base = getenv("TMPDIR");
    (void)snprintf(path, sizeof path, "%s/zip.XXXXXX", base != NULL ? base : "build");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    struct buf b = make_zip(good, GOOD, false, "");
    assert_int_equal(write(fd, b.p, b.n), b.n);
    struct zip *z = NULL;
    struct err e = {0};
    assert_int_equal(zip_open_file(&z, path, &default_limits, &e), 0);
    assert_good(z);
    assert_int_equal(ftruncate(fd, 40), 0); /* pulled away below us */
    struct buf out = {0};
    assert_int_equal(read_entry(z, 2, &default_limits, &out, &e), ERR_FORMAT);
    assert_non_null(strstr(e.text, "became shorter"));
    zip_close(z);
    assert_int_equal(unlink(path), 0);
    err_clear(&e);
    assert_int_equal(zip_open_file(&z, path, &default_limits, &e), ERR_IO);
    assert_string_equal(e.place, path);
    assert_non_null(strstr(e.text, strerror(ENOENT)));
    err_clear(&e);
    assert_int_equal(zip_open_file(&z, "formats", &default_limits, &e), ERR_IO);
    assert_int_equal(close(fd), 0);
    buf_free(&b);
    buf_free(&out);
}

static void empty_zip_has_no_entries(void **state)
{
    (void)state;
    struct buf b = make_zip(NULL, 0, false, "");
    assert_true(zip_magic(b.p, b.n));
    struct zip *z = open_good(&b);
    assert_int_equal(zip_count(z), 0);
    zip_close(z);
    buf_free(&b);
    assert_false(zip_magic((const uint8_t *)"PK\3", 3));
    assert_false(zip_magic((const uint8_t *)"PKab", 4));
}

static void gzip_inside_a_zip(void **state)
{
    (void)state;
    struct buf gz = gzipped("hello\n", 6), out = {0};
    struct spec one = {
        .name = "a.txt.gz", .data = (const char *)gz.p, .method = 8, .bytes = gz.n};
    struct buf b = make_zip(&one, 1, false, "");
    struct zip *z = open_good(&b);
    struct input_raw raw;
    struct input *in;
    struct err e = {0};
    assert_int_equal(zip_entry_raw(&raw, z, 0, &default_limits, &e), 0);
    assert_int_equal(input_open(&in, "a.txt.gz", raw, &default_limits, &e), 0);
    input_set_compression(in, "zip");
    assert_string_equal(input_compression(in), "zip+gzip");
    assert_int_equal(input_read_all(in, &out, 100, &e), 0);
    assert_int_equal(out.n, 6);
    assert_memory_equal(out.p, "hello\n", 6);
    assert_in_range(input_raw_bytes(in), 1, b.n);
    input_close(in);
    zip_close(z);
    buf_free(&out);
    buf_free(&b);
    buf_free(&gz);
}

/* ---- refusals ---- */

static void what_is_not_read_is_told(void **state)
{
    (void)state;
    static const struct {
        struct spec s;
        const char *words;
    } cases[] = {
        {{.name = "secret.txt", .data = "x", .flags = 1}, "is encrypted"},
        {{.name = "secret.txt", .data = "x", .method = 8, .flags = 1 | 1 << 6},
         "is encrypted"},
        {{.name = "big.txt", .data = "x", .method = 9}, "method 9 (deflate64)"},
        {{.name = "aes.txt", .data = "x", .method = 99, .flags = 1}, "is encrypted"},
        {{.name = "odd.txt", .data = "x", .method = 12}, "method 12 (bzip2)"},
        {{.name = "odd.txt", .data = "x", .method = 77}, "method 77 (unknown)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct spec two[] = {cases[i].s, {.name = "good.txt", .data = "good"}};
        struct buf b = make_zip(two, 2, false, ""), out = {0};
        struct zip *z = open_good(&b);
        struct err e = {0};
        assert_int_equal(read_entry(z, 0, &default_limits, &out, &e), ERR_UNSUPPORTED);
        assert_non_null(strstr(e.text, cases[i].words));
        assert_true(e.hint[0] != '\0');
        assert_entry(z, 1, "good");
        zip_close(z);
        buf_free(&b);
        buf_free(&out);
    }
}

/* Places in a zip of one entry "a.txt": its local header, directory and end. */
#define LOCAL(b)   ((b)->p)
#define CENTRAL(b) ((b)->p + (b)->n - 22 - 46 - 5 - 3)
#define END(b)     ((b)->p + (b)->n - 22)

enum part { IN_LOCAL, IN_DATA, IN_CENTRAL, IN_END };

static void lies_are_told(void **state)
{
    (void)state;
    static const struct {
        enum part part;
        size_t at;
        uint8_t value;
        bool opens;
        int code;
        const char *words;
    } cases[] = {
        {IN_LOCAL, 0, 'X', true, ERR_FORMAT, "about the place"},
        {IN_LOCAL, 8, 0, true, ERR_FORMAT, "about the method"},
        {IN_LOCAL, 26, 4, true, ERR_FORMAT, "about the name"},
        {IN_LOCAL, 18, 1, true, ERR_FORMAT, "about the size"},
        {IN_LOCAL, 14, 1, true, ERR_FORMAT, "about the size"},
        {IN_LOCAL, 29, 1, true, ERR_FORMAT, "about the place"},
        {IN_DATA, 0, 0xff, true, ERR_FORMAT, "is damaged near byte"},
        {IN_CENTRAL, 43, 1, true, ERR_FORMAT, "lies outside"},
        {IN_CENTRAL, 23, 0xff, true, ERR_FORMAT, "lies outside"},
        {IN_CENTRAL, 0, 'X', false, ERR_FORMAT, "is missing"},
        {IN_CENTRAL, 28, 200, false, ERR_FORMAT, "is cut"},
        {IN_END, 4, 1, false, ERR_UNSUPPORTED, "split over several files"},
        {IN_END, 8, 2, false, ERR_UNSUPPORTED, "split over several files"},
        {IN_END, 13, 0xff, false, ERR_FORMAT, "lies outside"},
        {IN_END, 18, 0xff, false, ERR_FORMAT, "lies outside"},
        {IN_END, 0, 'X', false, ERR_FORMAT, "no directory at its end"},
    };
    static const struct spec one = {.name = "a.txt", .data = long_text, .method = 8};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b = make_zip(&one, 1, false, ""), out = {0};
        uint8_t *const parts[] = {LOCAL(&b), LOCAL(&b) + 30 + 5 + 5, CENTRAL(&b),
                                  END(&b)};
        parts[cases[i].part][cases[i].at] = cases[i].value;
        struct zip *z = NULL;
        struct err e = {0};
        int r = zip_open_memory(&z, "mail.zip", b.p, b.n, &default_limits, &e);
        assert_int_equal(r, cases[i].opens ? 0 : cases[i].code);
        if (cases[i].opens)
            assert_int_equal(read_entry(z, 0, &default_limits, &out, &e), cases[i].code);
        else
            assert_string_equal(e.place, "mail.zip");
        assert_non_null(strstr(e.text, cases[i].words));
        if (cases[i].opens)
            zip_close(z);
        buf_free(&b);
        buf_free(&out);
    }
}

/* Sizes and checksums that both headers agree on, but the bytes do not. */
static void wrong_sizes_and_checksums(void **state)
{
    (void)state;
    static const struct {
        size_t local, central;
        int delta;
        uint16_t method;
        const char *words;
    } cases[] = {
        {14, 16, 1, 0, "checksum"},        {14, 16, 1, 8, "checksum"},
        {22, 24, 1, 0, "bytes expected"},  {22, 24, 1, 8, "bytes expected"},
        {22, 24, -1, 0, "longer than"},    {22, 24, -1, 8, "longer than"},
        {18, 20, -5, 8, "bytes expected"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct spec one = {.name = "a.txt",
                           .data = "some text, some text, some text",
                           .method = cases[i].method};
        struct buf b = make_zip(&one, 1, false, ""), out = {0};
        uint8_t *p = LOCAL(&b) + cases[i].local, *q = CENTRAL(&b) + cases[i].central;
        *p = (uint8_t)(*p + cases[i].delta);
        *q = (uint8_t)(*q + cases[i].delta);
        struct zip *z = open_good(&b);
        struct err e = {0};
        assert_int_equal(read_entry(z, 0, &default_limits, &out, &e), ERR_FORMAT);
        assert_non_null(strstr(e.text, cases[i].words));
        assert_string_equal(e.place, "mail.zip:entry");
        zip_close(z);
        buf_free(&b);
        buf_free(&out);
    }
}

/* Two directory entries for the same bytes: neither is read, others are. */
static void shared_bytes_are_refused(void **state)
{
    (void)state;
    struct maker m = {0};
    static const struct spec one = {.name = "a.txt", .data = "data"};
    add_entry(&m, &one);
    struct buf again = {0};
    add(&again, m.central.p, m.central.n);
    add_entry(&m, &one);
    add(&m.central, again.p, again.n);
    m.count++;
    add_end(&m, false, "");
    struct zip *z = open_good(&m.zip);
    struct buf out = {0};
    assert_int_equal(zip_count(z), 3);
    for (size_t i = 0; i < 3; i += 2) {
        struct err e = {0};
        assert_int_equal(read_entry(z, i, &default_limits, &out, &e), ERR_FORMAT);
        assert_non_null(strstr(e.text, "shares its bytes"));
    }
    assert_entry(z, 1, "data");
    zip_close(z);
    buf_free(&out);
    buf_free(&again);
    buf_free(&m.zip);
}

static void limits_hold(void **state)
{
    (void)state;
    size_t n = (size_t)20 << 20;
    char *blanks = malloc(n + 1);
    assert_non_null(blanks);
    memset(blanks, ' ', n);
    blanks[n] = '\0';
    struct spec two[] = {{.name = "a.txt", .data = blanks, .method = 8},
                         {.name = "b.txt", .data = "b"}};
    struct buf b = make_zip(two, 2, false, ""), out = {0};
    free(blanks);
    struct limits entries = LIMITS_DEFAULT, size = LIMITS_DEFAULT, ratio = LIMITS_DEFAULT,
                  memory = LIMITS_DEFAULT;
    entries.zip_entries = 1;
    size.inflated_bytes = n - 1;
    ratio.inflate_ratio = 300;
    memory.memory_input_bytes = 100;
    struct zip *z = NULL;
    struct err e = {0};
    assert_int_equal(zip_open_memory(&z, "m.zip", b.p, b.n, &entries, &e), ERR_LIMIT);
    assert_non_null(strstr(e.text, "2 entries, more than 1, the limit"));
    err_clear(&e);
    assert_int_equal(zip_open_memory(&z, "m.zip", b.p, b.n, &memory, &e), ERR_LIMIT);
    assert_non_null(strstr(e.text, "directory is larger than 100 bytes"));
    z = open_good(&b);
    err_clear(&e);
    assert_int_equal(read_entry(z, 0, &size, &out, &e), ERR_LIMIT);
    assert_non_null(strstr(e.text, "inflates to 20971520 bytes, more than 20971519"));
    err_clear(&e);
    assert_int_equal(read_entry(z, 0, &ratio, &out, &e), ERR_LIMIT);
    assert_non_null(strstr(e.text, "more than 300 times its size"));
    /* Both entries fit, not both together. */
    size.inflated_bytes = n;
    err_clear(&e);
    zip_close(z);
    z = open_good(&b);
    assert_int_equal(read_entry(z, 0, &size, &out, &e), 0);
    assert_int_equal(read_entry(z, 1, &size, &out, &e), ERR_LIMIT);
    assert_non_null(strstr(e.text, "the zip inflates to more than 20971520 bytes"));
    zip_close(z);
    buf_free(&b);
    buf_free(&out);
}

/* ---- hostile bytes ---- */

/* Reads all that can be read; returns how many entries came out whole. */
static size_t try_all(const uint8_t *p, size_t n)
{
    struct zip *z = NULL;
    struct err e = {0};
    uint8_t *copy = malloc(n + 1); /* of the very size: sanitizers see each step beyond */
    assert_non_null(copy);
    memcpy(copy, p, n);
    size_t whole = 0;
    int r = zip_open_memory(&z, "mail.zip", copy, n, &default_limits, &e);
    if (r < 0) {
        assert_int_equal(r, e.code);
        assert_true(e.text[0] != '\0');
        assert_string_equal(e.place, "mail.zip");
        free(copy);
        return 0;
    }
    for (size_t i = 0; i < zip_count(z); i++) {
        struct buf out = {0};
        struct err fault = {0};
        int got = read_entry(z, i, &default_limits, &out, &fault);
        assert_int_equal(got, fault.code);
        whole += got == 0;
        buf_free(&out);
    }
    zip_close(z);
    free(copy);
    return whole;
}

static void cut_at_every_byte(void **state)
{
    (void)state;
    for (int wide = 0; wide < 2; wide++) {
        struct buf b = make_zip(good, GOOD, wide == 1, "");
        for (size_t n = 0; n < b.n; n++)
            assert_int_equal(try_all(b.p, n), 0);
        assert_int_equal(try_all(b.p, b.n), GOOD);
        buf_free(&b);
    }
}

static void changed_at_every_byte(void **state)
{
    (void)state;
    for (int wide = 0; wide < 2; wide++) {
        struct buf b = make_zip(good, GOOD, wide == 1, "");
        size_t all = 0;
        for (size_t i = 0; i < b.n; i++) {
            for (int bit = 0; bit < 8; bit++) {
                b.p[i] ^= (uint8_t)(1u << bit);
                size_t whole = try_all(b.p, b.n);
                assert_in_range(whole, 0, GOOD);
                all += whole;
                b.p[i] ^= (uint8_t)(1u << bit);
            }
        }
        assert_true(all > 0);
        buf_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_entry),
        cmocka_unit_test(bytes_before_the_archive),
        cmocka_unit_test(bytes_before_the_end_record),
        cmocka_unit_test(zip_in_a_file),
        cmocka_unit_test(empty_zip_has_no_entries),
        cmocka_unit_test(gzip_inside_a_zip),
        cmocka_unit_test(what_is_not_read_is_told),
        cmocka_unit_test(lies_are_told),
        cmocka_unit_test(wrong_sizes_and_checksums),
        cmocka_unit_test(shared_bytes_are_refused),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(cut_at_every_byte),
        cmocka_unit_test(changed_at_every_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
