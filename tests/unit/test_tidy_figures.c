/* SPDX-License-Identifier: MIT */
/* Figures of tidy tables as other programs write them: the borders of what they hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/captures.h"

/* What was added since the last refresh goes down, too; spreadsheets write -0. */
static void deltas_keep_their_sign(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t delta;
        bool taken;
    } t[] = {{"0", 0, true},
             {"-0", 0, true},
             {"-1", -1, true},
             {"9223372036854775807", INT64_MAX, true},
             {"-9223372036854775808", INT64_MIN, true},
             {"9223372036854775808", 0, false},
             {"-9223372036854775809", 0, false},
             {"-", 0, false},
             {"--1", 0, false},
             {"+1", 0, false}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        char text[512];
        (void)snprintf(text, sizeof text,
                       "snapshot,completeness,tag_hex,pool,bytes,bytes_delta\n"
                       "1,whole,46696c65,paged,8,5\n1,whole,50726f63,paged,4096,%s\n",
                       t[i].text);
        struct captures c = captures_text(text);
        assert_int_equal(c.n, 1);
        if (c.v[0].n_rows != 1 + (size_t)t[i].taken)
            fail_msg("'%s': %zu rows", t[i].text, c.v[0].n_rows);
        assert_int_equal(c.v[0].notes.seen[NOTE_ROW_DROPPED], !t[i].taken);
        if (t[i].taken)
            assert_int_equal(row_of(&c.v[0], "Proc", POOL_PAGED)->bytes_delta,
                             t[i].delta);
        captures_free(&c);
    }
}

/* A time that no time is as long as leaves the capture without one, and is said. */
static void times_have_an_end(void **state)
{
    (void)state;
    static const char time[] = "2026-11-09T10:00:00+01:00";
    for (size_t n = sizeof time - 1; n < 60; n++) {
        char text[256], zeros[64];
        memset(zeros, '0', sizeof zeros);
        (void)snprintf(text, sizeof text,
                       "snapshot,completeness,time,tag_hex,pool,bytes\n"
                       "1,whole,%s%.*s,46696c65,paged,8\n",
                       time, (int)(n - (sizeof time - 1)), zeros);
        struct captures c = captures_text(text);
        assert_int_equal(c.n, 1);
        assert_int_equal(c.v[0].n_rows, 1);
        assert_int_equal(c.v[0].time.source,
                         n == sizeof time - 1 ? TIME_CAPTURE : TIME_NONE);
        assert_int_equal(c.v[0].notes.seen[NOTE_HEADER_DAMAGED], n >= sizeof time);
        captures_free(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deltas_keep_their_sign),
        cmocka_unit_test(times_have_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
