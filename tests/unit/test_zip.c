/* SPDX-License-Identifier: MIT */
/* Zip archives, built here byte by byte: good ones are read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/scratch.h"
#include "tests/unit/zips.h"

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
    (void)snprintf(path, sizeof path, "%s/zip.XXXXXX", scratch_folder());
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
    assert_int_equal(close(fd), 0);
    assert_int_equal(unlink(path), 0);
    err_clear(&e);
    assert_int_equal(zip_open_file(&z, path, &default_limits, &e), ERR_IO);
    assert_string_equal(e.place, path);
    assert_non_null(strstr(e.text, strerror(ENOENT)));
    err_clear(&e);
    assert_int_equal(zip_open_file(&z, "formats", &default_limits, &e), ERR_IO);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_entry),
        cmocka_unit_test(bytes_before_the_archive),
        cmocka_unit_test(bytes_before_the_end_record),
        cmocka_unit_test(zip_in_a_file),
        cmocka_unit_test(empty_zip_has_no_entries),
        cmocka_unit_test(gzip_inside_a_zip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
