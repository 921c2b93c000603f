/* SPDX-License-Identifier: MIT */
/* What a kernel debugger prints around its tables: prompts, commands, chatter, times. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "formats/debugger/kd.h"
#include "formats/when.h"

static void test_prompts(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        size_t end;
    } t[] = {
        {"kd> !vm", 3},
        {"lkd> !vm", 4},
        {"0: kd> !vm", 6},
        {"12: kd> !vm", 7},
        {"> kd> !vm", 5},
        {">kd> !vm", 4},
        {"0:002> !vm", 6},
        {"0:0> ", 4},
        {"12:13> ", 6},
        {"akd> !vm", 0},
        {"d> !vm", 0},
        {"kd>", 3},
        {"kd", 0},
        {"kc> !vm", 0},
        {"cd> !vm", 0},
        {"0:> !vm", 0},
        {":002> !vm", 0},
        {"a:002> !vm", 0},
        {"002> !vm", 0},
        {"> > text", 0},
        {"", 0},
        {"                            kd> ", 31},
        {"                             kd> ", 32},
        {"                              kd> ", 0},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        if (kd_prompt(t[i].line, strlen(t[i].line)) != t[i].end)
            fail_msg("'%s': %zu", t[i].line, kd_prompt(t[i].line, strlen(t[i].line)));
}

static void test_commands(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        size_t args; /* 0: none */
    } t[] = {
        {"!vm", 3},       {"  !vm 1", 5}, {"kd> !vm", 7}, {"0: kd> !VM 21", 10},
        {"kd> !vmx", 0},  {"kd> !v", 0},  {"kd> vm", 0},  {"kd> .time", 0},
        {"kd> x !vm", 0}, {"!vm;g", 0},   {"kd>!vm", 6},  {"!", 0},
        {"", 0},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        size_t args = 0;
        const bool is = kd_command(t[i].line, strlen(t[i].line), "vm", &args);
        if (is != (t[i].args > 0) || (is && args != t[i].args))
            fail_msg("'%s': %zu", t[i].line, args);
    }
}

static void test_lines_that_say_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        bool chatter, blocks;
    } t[] = {
        {"....................", true, false},
        {". . .", true, false},
        {"   ", false, false},
        {"...a", false, false},
        {"kd> g", true, false},
        {"Using a machine size of 7ff7d pages to configure the kd cache", true, false},
        {"  *** CacheSize too low - increasing to 51 MB", true, false},
        {"Max cache size is       : 53477376 bytes (0xcc00 KB)", true, false},
        {"counts: 1 full reads", true, false},
        {"1 full reads broken into 2", true, false},
        {"Loading User Symbols", true, false},
        {"Loading", false, false},
        {"System Uptime: 0 days 0:00:01", true, false},
        {"ffffda0ff9791000 : tag amda, size    0x18f0, Nonpaged pool", false, true},
        {"ffffda0ff9791000 : tag amda, size    0x18f0, Paged pool", false, true},
        {"ffffda0ff9791000 : tag amda, size    0x18f0, Session", false, false},
        {"ffffda0ff9791000 : tag amda, Nonpaged pool", false, false},
        {"size: 1 tag amda, size    0x18f0, Paged pool", false, false},
        {"82b6d000 size:  270 previous size:    0  (Allocated)  Ntff", false, true},
        {"82b6d000 previous size:    0  (Allocated)  Ntff", false, true},
        {" Scanning large pool allocation table for tag 0x61646d61 (amda)", false, true},
        {"then Scanning large pool allocation table", false, false},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        const size_t n = strlen(t[i].line);
        if (kd_chatter(t[i].line, n) != t[i].chatter ||
            kd_block_list(t[i].line, n) != t[i].blocks)
            fail_msg("'%s': %d %d", t[i].line, kd_chatter(t[i].line, n),
                     kd_block_list(t[i].line, n));
    }
    char dots[202];
    memset(dots, '.', sizeof dots);
    assert_true(kd_chatter(dots, 200));
    assert_false(kd_chatter(dots, 201));
}

static void test_numbers(void **state)
{
    (void)state;
    static const char text[] = "a18446744073709551615 18446744073709551616";
    uint64_t v = 7;
    size_t at = 0;
    assert_false(kd_number(text, sizeof text - 1, &at, &v));
    assert_true(at == 0 && v == 7);
    at = 1;
    assert_true(kd_number(text, sizeof text - 1, &at, &v));
    assert_true(at == 21 && v == UINT64_MAX);
    at = 22;
    assert_false(kd_number(text, sizeof text - 1, &at, &v));
    assert_int_equal(at, 22);
    assert_true(kd_number(text, 23, &at, &v)); /* no more of it is there */
    assert_int_equal(v, 1);
}

/* The time and uptime of a lead, in text, `-` for none. */
static void clock_of(const char *lead, char out[64])
{
    struct pool_snapshot s = {.uptime_s = -1};
    struct buf b = {0};
    char time[WHEN_TEXT_MAX];
    assert_int_equal(buf_append(&b, lead, strlen(lead), NULL), 0);
    assert_int_equal(kd_clock(&b, &s, NULL), 0);
    assert_int_equal(s.notes.seen[NOTE_TIME_FROM_LINE], s.time.source != TIME_NONE);
    (void)snprintf(out, 64, "%s %lld",
                   s.time.source == TIME_NONE ? "-" : when_text(&s.time, time),
                   (long long)s.uptime_s);
    buf_free(&b);
    pool_snapshot_free(&s);
}

#define TIME "Debug session time: Mon Nov  9 10:00:00.123 2026"
#define AT   "2026-11-09T10:00:00.123"

static void test_clocks(void **state)
{
    (void)state;
    static const struct {
        const char *lead, *told;
    } t[] = {
        {"", "- -1"},
        {TIME " (UTC + 1:00)\n", AT "+01:00 -1"},
        {TIME " (UTC - 5:30)\r\n", AT "-05:30 -1"},
        {TIME " (UTC + 0:00)", AT "Z -1"},
        {TIME " (UTC+14:59)\n", AT "+14:59 -1"},
        {TIME " (UTC + 15:00)\n", AT " -1"},
        {TIME " (UTC + 1:60)\n", AT " -1"},
        {TIME " (UTC + 1:00\n", AT " -1"},
        {TIME " (UTC + 1.00)\n", AT " -1"},
        {TIME " (UTC 1:00)\n", AT " -1"},
        {TIME " (GMT + 1:00)\n", AT " -1"},
        {TIME "\n", AT " -1"},
        {"Debug session time: later\n", "- -1"},
        {"  " TIME "\nDebug session time: Tue Nov 10 10:00:00.000 2026\n",
         "2026-11-10T10:00:00 -1"},
        {"the " TIME "\n", "- -1"},
        {"System Uptime: 3 days 4:05:06.789\n", "- 273906"},
        {"System Uptime: 1 day 0:00:01\n", "- 86401"},
        {"System Uptime: 0 days 23:59:59\n", "- 86399"},
        {"System Uptime: 0 days 24:00:00\n", "- -1"},
        {"System Uptime: 0 days 0:60:00\n", "- -1"},
        {"System Uptime: 0 days 0:00:60\n", "- -1"},
        {"System Uptime: 100000 days 0:00:00\n", "- 8640000000"},
        {"System Uptime: 100001 days 0:00:00\n", "- -1"},
        {"System Uptime: 4:05:06\n", "- -1"},
        {"System Uptime: 3 days 4:05\n", "- -1"},
        {"System Uptime: 3 days 4-05:06\n", "- -1"},
        {"System Uptime: 3 days\n", "- -1"},
        {"System Uptime: not available\n", "- -1"},
        {"System Uptime: 0 days 0:00:01\nSystem Uptime: 0 days 0:00:02\n", "- 1"},
        {TIME "\nSystem Uptime: 0 days 0:00:01\n", AT " 1"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        char told[64];
        clock_of(t[i].lead, told);
        if (strcmp(told, t[i].told) != 0)
            fail_msg("%s: %s", t[i].lead, told);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prompts),
        cmocka_unit_test(test_commands),
        cmocka_unit_test(test_lines_that_say_nothing),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_clocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
