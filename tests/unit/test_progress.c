/* SPDX-License-Identifier: MIT */
/* The progress line: exact in what it says, and never wider than its terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/render/words/words_progress.h"

static const char *line(struct phrase *p, struct progress v, unsigned columns)
{
    phrase_start(p, false);
    words_progress(p, &v, columns);
    return p->s;
}

static const struct progress half = {.what = "Reading",
                                     .bytes = 150 << 20,
                                     .of_bytes = 300 << 20,
                                     .done = 847,
                                     .unit = "snapshot"};

static void test_says_bytes_and_snapshots(void **state)
{
    (void)state;
    struct phrase p;
    assert_string_equal(line(&p, half, 79),
                        "Reading  [===============>              ]  50%  150.0M of "
                        "300.0M  847 snapshots");
}

static void test_never_wider_than_the_terminal(void **state)
{
    (void)state;
    struct phrase p;
    for (unsigned columns = 39; columns < 240; columns++)
        assert_true(strlen(line(&p, half, columns)) <= columns);
    /* The bar goes first, the figures stay as long as they fit. */
    assert_string_equal(line(&p, half, 50), "Reading  150.0M of 300.0M  847 snapshots");
    assert_string_equal(line(&p, half, 39), "Reading");
}

static void test_one_hundred_percent_is_the_end(void **state)
{
    (void)state;
    struct phrase p;
    struct progress v = half;
    v.bytes = v.of_bytes - 1;
    assert_non_null(strstr(line(&p, v, 79), " 99%"));
    v.bytes = v.of_bytes;
    assert_non_null(strstr(line(&p, v, 79), "] 100%"));
    v.bytes = v.of_bytes + 1; /* the file grew meanwhile */
    assert_non_null(strstr(line(&p, v, 79), "] 100%"));
}

static void test_what_is_not_known_is_not_said(void **state)
{
    (void)state;
    struct phrase p;
    struct progress v = half;
    v.of_bytes = 0;
    assert_string_equal(line(&p, v, 79), "Reading  150.0M  847 snapshots");
    v.bytes = 0;
    assert_string_equal(line(&p, v, 79), "Reading  847 snapshots");
    v.done = 1;
    assert_string_equal(line(&p, v, 79), "Reading  1 snapshot");
    v.unit = NULL;
    assert_string_equal(line(&p, v, 79), "Reading");
}

static void test_counts_without_bytes_have_a_bar_too(void **state)
{
    (void)state;
    struct phrase p;
    struct progress v = {.what = "Searching", .done = 3, .of = 12, .unit = "file"};
    assert_string_equal(
        line(&p, v, 79),
        "Searching  [=======>                      ]  25%  3 of 12 files");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_says_bytes_and_snapshots),
        cmocka_unit_test(test_never_wider_than_the_terminal),
        cmocka_unit_test(test_one_hundred_percent_is_the_end),
        cmocka_unit_test(test_what_is_not_known_is_not_said),
        cmocka_unit_test(test_counts_without_bytes_have_a_bar_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
