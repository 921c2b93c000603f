/* SPDX-License-Identifier: MIT */
/* Zip archives, built here byte by byte: bad ones are told, and none is believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "tests/unit/zips.h"

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
    assert_non_null(strstr(e.hint, "unpack the zip"));
    err_clear(&e);
    assert_int_equal(zip_open_memory(&z, "m.zip", b.p, b.n, &memory, &e), ERR_LIMIT);
    assert_non_null(strstr(e.text, "directory is larger than 100 bytes"));
    assert_non_null(strstr(e.hint, "unpack the zip"));
    z = open_good(&b);
    err_clear(&e);
    assert_int_equal(read_entry(z, 0, &size, &out, &e), ERR_LIMIT);
    assert_non_null(strstr(e.text, "inflates to 20971520 bytes, more than 20971519"));
    assert_non_null(strstr(e.hint, "unpack it yourself"));
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
    assert_non_null(strstr(e.hint, "unpack it yourself"));
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
