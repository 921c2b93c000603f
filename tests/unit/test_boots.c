/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "cli/analyze/boots.h"

#define HALF (UINT64_C(1) << 31)
#define FULL (UINT64_C(1) << 32)

static void wrap_or_fall_at_the_borders(void **state)
{
    (void)state;
    static const struct {
        uint64_t old, now;
        unsigned width;
        uint64_t moved, wrapped, fell;
    } table[] = {
        {5, 5, 32, 0, 0, 0},
        {5, 6, 32, 1, 0, 0},
        {6, 5, 32, 1, 0, 1},
        {HALF, 0, 32, 1, 0, 1},     /* a step of 2^31 is too long */
        {HALF + 1, 0, 32, 1, 1, 0}, /* one less is not */
        {HALF - 1, 0, 32, 1, 0, 1}, /* not in the upper half */
        {FULL - 1, 0, 32, 1, 1, 0},
        {FULL - 1, HALF - 2, 32, 1, 1, 0}, /* step 2^31 - 1 */
        {FULL - 1, HALF - 1, 32, 1, 0, 1},
        {FULL - 1, FULL - 2, 32, 1, 0, 1}, /* fell by one */
        {FULL - 1, 0, 64, 1, 0, 1},        /* 64 bits do not wrap */
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct boot_vote v = {0};
        boot_vote_row(&v, table[i].old, table[i].now, table[i].width);
        assert_int_equal(v.common, 1);
        assert_int_equal(v.moved, table[i].moved);
        assert_int_equal(v.wrapped, table[i].wrapped);
        assert_int_equal(v.fell, table[i].fell);
    }
}

static void counters_decide(void **state)
{
    (void)state;
    static const struct {
        struct boot_vote v;
        bool boot;
    } table[] = {
        {{.common = 0}, false},
        {{.common = 1500, .moved = 900}, false},
        {{.common = 1500, .moved = 900, .fell = 2}, false},
        {{.common = 1500, .moved = 900, .fell = 29}, false}, /* below 2 % */
        {{.common = 1500, .moved = 900, .fell = 30}, true},
        {{.common = 1500, .moved = 900, .wrapped = 40}, false},
        {{.common = 100, .moved = 60, .fell = 2}, false},
        {{.common = 100, .moved = 60, .fell = 3}, true},
        {{.common = 16, .moved = 2, .fell = 2}, false},
        {{.common = 15, .moved = 2, .fell = 2}, true}, /* few rows: most that moved */
        {{.common = 15, .moved = 4, .fell = 2}, false},
        {{.common = 2, .moved = 2, .fell = 1}, false},
        {{.common = 2, .moved = 2, .wrapped = 2}, false},
        {{.common = 1, .moved = 1, .fell = 1}, true},
        {{.common = 1, .moved = 1, .wrapped = 1}, false},
    };
    struct boot_clock silent = {.gap_h = 1, .old_uptime_s = -1, .new_uptime_s = -1};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        assert_int_equal(boot_decide(&table[i].v, &silent), table[i].boot);
}

static void uptime_decides_before_counters(void **state)
{
    (void)state;
    static const struct boot_vote rose = {.common = 100, .moved = 90};
    static const struct boot_vote fell = {.common = 100, .moved = 90, .fell = 90};
    static const struct {
        struct boot_clock c;
        bool boot_if_rose, boot_if_fell;
    } table[] = {
        {{.gap_h = 2, .old_uptime_s = -1, .new_uptime_s = 3600}, true, true},
        {{.gap_h = 2, .old_uptime_s = -1, .new_uptime_s = 7200}, false, true},
        {{.gap_h = 2, .old_uptime_s = -1, .new_uptime_s = 9000}, false, false},
        {{.gap_h = NAN, .old_uptime_s = 9000, .new_uptime_s = 3600}, true, true},
        {{.gap_h = NAN, .old_uptime_s = 3600, .new_uptime_s = 9000}, false, true},
        {{.gap_h = -1, .old_uptime_s = -1, .new_uptime_s = 9000}, false, true},
        {{.gap_h = 2, .old_uptime_s = 9000, .new_uptime_s = -1}, false, true},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        assert_int_equal(boot_decide(&rose, &table[i].c), table[i].boot_if_rose);
        assert_int_equal(boot_decide(&fell, &table[i].c), table[i].boot_if_fell);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrap_or_fall_at_the_borders),
        cmocka_unit_test(counters_decide),
        cmocka_unit_test(uptime_decides_before_counters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
