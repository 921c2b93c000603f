/* SPDX-License-Identifier: MIT */
/* Which of many made-up drivers allocates under a tag. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/tools/zipout.h"
#include "tests/unit/driver_folder.h"

/* ---- ranking ---- */

static void the_right_file_is_first(void **state)
{
    static const struct {
        const char *file;
        enum driver_score score;
    } wanted[] = {
        {"z-right.sys", DRIVER_VERY_LIKELY}, {"h-number.sys", DRIVER_VERY_LIKELY},
        {"i-wdf.sys", DRIVER_VERY_LIKELY},   {"e-stray.sys", DRIVER_LIKELY},
        {"g-resolver.sys", DRIVER_POSSIBLE}, {"c-string.sys", DRIVER_POSSIBLE},
        {"d-table.sys", DRIVER_POSSIBLE},    {"k-backwards.sys", DRIVER_POSSIBLE},
        {"f-noalloc.exe", DRIVER_UNLIKELY},  {"a-text.sys", DRIVER_UNLIKELY},
        {"b-overlay.sys", DRIVER_UNLIKELY},
    };
    struct folder_of *f = *state;
    struct drivers d;
    fill(f);
    must_scan(&d, "Kd1x", f->path);
    assert_int_equal(d.files, 21);
    assert_int_equal(d.others, 1);
    assert_int_equal(d.failed, 0);
    assert_int_equal(d.n, sizeof wanted / sizeof *wanted);
    for (size_t i = 0; i < d.n; i++) {
        assert_string_equal(base(d.v[i].file), wanted[i].file);
        assert_int_equal(d.v[i].score, wanted[i].score);
    }
    assert_string_equal(d.v[0].version.company, "Right Corp");
    assert_true(driver_is_reversed(&d.v[7]));
    drivers_free(&d);
}

static void absent_is_no_answer(void **state)
{
    struct folder_of *f = *state;
    struct drivers d;
    fill(f);
    must_scan(&d, "Zz9!", f->path);
    assert_int_equal(d.n, 0);
    assert_int_equal(d.files, 21);
    drivers_free(&d);
}

static void the_protected_bit_is_looked_through(void **state)
{
    struct folder_of *f = *state;
    struct drivers d;
    add_pe(f, "old.sys",
           (struct made_pe){.tag = "Kd1\xf8", .imports = pool, .put = PUT_CALL});
    must_scan(&d, "Kd1x", f->path);
    assert_int_equal(d.n, 1);
    assert_int_equal(d.v[0].score, DRIVER_VERY_LIKELY);
    drivers_free(&d);
}

static void a_palindrome_is_counted_once(void **state)
{
    struct folder_of *f = *state;
    struct drivers d;
    add_pe(f, "x.sys", (struct made_pe){.tag = "KddK", .imports = pool, .put = PUT_CALL});
    must_scan(&d, "KddK", f->path);
    assert_int_equal(d.n, 1);
    assert_int_equal(driver_total(&d.v[0].hits), 1);
    assert_int_equal(driver_total(&d.v[0].reversed), 0);
    drivers_free(&d);
}

static void several_tags_are_one_pass(void **state)
{
    static const char *const tags[] = {"Aaa1", "Bbb2", "Ccc3"};
    struct folder_of *f = *state;
    struct drivers d;
    struct term t = {.quiet = true};
    struct err e = {0};
    add_pe(f, "a.sys", (struct made_pe){.tag = "Bbb2", .imports = pool, .put = PUT_CALL});
    add_pe(f, "b.sys",
           (struct made_pe){.tag = "Aaa1", .imports = pool, .put = PUT_TABLE});
    assert_int_equal(scan(&d, tags, 3, f->path, &t, &e), 0);
    assert_int_equal(d.n, 2);
    assert_string_equal(base(d.v[0].file), "b.sys");
    assert_int_equal(d.v[0].which, 0);
    assert_string_equal(base(d.v[1].file), "a.sys");
    assert_int_equal(d.v[1].which, 1);
    drivers_free(&d);
    const char *many[DRIVER_TAGS + 1] = {NULL};
    for (size_t i = 0; i <= DRIVER_TAGS; i++)
        many[i] = tags[0];
    assert_int_equal(scan(&d, many, DRIVER_TAGS + 1, f->path, &t, &e), ERR_USAGE);
    assert_int_equal(scan(&d, tags, 0, f->path, &t, &e), ERR_USAGE);
}

/* ---- where the files are ---- */

static void damaged_files_are_searched_all_the_same(void **state)
{
    struct folder_of *f = *state;
    struct buf b = {0};
    struct drivers d;
    struct made_pe m = {.machine = MADE_X64,
                        .tag = "Kd1x",
                        .imports = pool,
                        .put = PUT_CALL | PUT_STRING};
    assert_int_equal(made_pe(&b, &m), 0);
    add_bytes(f, "cut.sys", b.p, 0x600); /* behind the code, before the imports */
    b.p[0x80] = 'N';
    add_bytes(f, "nohead.sys", b.p, b.n);
    add_bytes(f, "mz.sys", b.p, 2);
    add_bytes(f, "empty.sys", b.p, 0);
    must_scan(&d, "Kd1x", f->path);
    assert_int_equal(d.files, 3);
    assert_int_equal(d.others, 1);
    assert_int_equal(d.n, 2);
    assert_string_equal(base(d.v[0].file), "cut.sys");
    assert_int_equal(d.v[0].score, DRIVER_POSSIBLE);
    assert_int_equal(d.v[0].hits.immediate, 1);
    assert_false(d.v[0].imports.read);
    assert_string_equal(d.v[0].damage, "the file ends inside its section .rdata");
    assert_string_equal(base(d.v[1].file), "nohead.sys");
    assert_int_equal(d.v[1].score, DRIVER_POSSIBLE);
    assert_int_equal(d.v[1].hits.at[PE_OVERLAY], 2);
    assert_string_equal(d.v[1].damage, "it has no PE header");
    drivers_free(&d);
    buf_free(&b);
}

static void a_zip_is_a_folder(void **state)
{
    struct folder_of *f = *state;
    struct buf pe = {0}, big = {0};
    struct drivers d;
    struct zip_out z = {0};
    struct err e = {0};
    const struct civil when = {.year = 2024, .month = 3, .day = 1};
    struct made_pe m = {
        .machine = MADE_X64, .tag = "Kd1x", .imports = pool, .put = PUT_CALL};
    assert_int_equal(made_pe(&pe, &m), 0);
    made_bytes(&big, pe.p, pe.n);
    made_fill(&big, 0, (size_t)5 << 20); /* more than is held in memory */
    made_bytes(&big, "Kd1x", 4);
    assert_int_equal(zip_out_add(&z, "drivers/small.sys", &when, pe.p, pe.n, &e), 0);
    assert_int_equal(zip_out_add(&z, "drivers/big.sys", &when, big.p, big.n, &e), 0);
    assert_int_equal(zip_out_add(&z, "notes.txt", &when, (const uint8_t *)"text", 4, &e),
                     0);
    assert_int_equal(zip_out_end(&z, &e), 0);
    add_bytes(f, "mail.zip", z.bytes.p, z.bytes.n);
    zip_out_free(&z);
    must_scan(&d, "Kd1x", f->files[0]);
    assert_int_equal(d.files, 2);
    assert_int_equal(d.others, 1);
    assert_int_equal(d.n, 2);
    assert_string_equal(base(d.v[0].file), "big.sys");
    assert_int_equal(d.v[0].hits.at[PE_OVERLAY], 1);
    assert_int_equal(d.v[0].hits.before_call, 1);
    assert_string_equal(base(d.v[1].file), "small.sys");
    drivers_free(&d);
    buf_free(&pe);
    buf_free(&big);
}

static void what_is_no_driver_is_said(void **state)
{
    struct folder_of *f = *state;
    struct drivers d;
    struct term t = {.quiet = true};
    struct err e = {0};
    const char *tag = "Kd1x";
    add_bytes(f, "x.txt", "text", 4);
    assert_int_equal(scan(&d, &tag, 1, f->path, &t, &e), ERR_EMPTY);
    assert_non_null(strstr(e.hint, ".sys"));
    assert_false(t.failed);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_right_file_is_first),
        TEST(absent_is_no_answer),
        TEST(the_protected_bit_is_looked_through),
        TEST(a_palindrome_is_counted_once),
        TEST(several_tags_are_one_pass),
        TEST(damaged_files_are_searched_all_the_same),
        TEST(a_zip_is_a_folder),
        TEST(what_is_no_driver_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
