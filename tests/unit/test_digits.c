/* SPDX-License-Identifier: MIT */
/* Figures between two columns, eight bytes at a time: blanks, then digits, and nothing
 * else; no figure is printed with a leading zero. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "formats/poolmon/digits.h"

static void figures_in_columns(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is;
        uint64_t v;
    } t[] = {
        {"       0", true, 0},
        {"       7", true, 7},
        {"12345678", true, 12345678},
        {"99999999", true, 99999999},
        {"10000000", true, 10000000},
        {"      10", true, 10},
        {"      01", false, 0},
        {"00000000", false, 0},
        {"01234567", false, 0},
        {"        ", false, 0},
        {"     1 2", false, 0},
        {"    12a4", false, 0},
        {"1      2", false, 0},
        {"123456789", true, 123456789},
        {"        123456789", true, 123456789},
        {"1000000000000000", true, UINT64_C(1000000000000000)},
        {"9999999999999999", true, UINT64_C(9999999999999999)},
        {"   4294967296", true, UINT64_C(4294967296)},
        {"   100000000000", true, UINT64_C(100000000000)},
        {" 0000000012345678", false, 0},
        {"012345678", false, 0},
        {"1 12345678", false, 0},
        {"12       ", false, 0},
        {"     12 345678", false, 0},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        char line[64]; /* what is around it is none of its business */
        const unsigned from = 20, n = (unsigned)strlen(t[i].text);
        uint64_t v = 0;
        memset(line, '9', sizeof line);
        memcpy(line + from, t[i].text, n);
        const bool is = digits_in_columns(line, from, from + n, &v);
        if (is != t[i].is || (is && v != t[i].v))
            fail_msg("'%s': %d, %llu", t[i].text, is, (unsigned long long)v);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_in_columns),
    };
    return cmocka_run_group_tests_name("digits in columns", tests, NULL, NULL);
}
