/* SPDX-License-Identifier: MIT */
/* Civil times, and times found in lines and names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "formats/when.h"

static const int64_t day = 86400000;

static void test_civil(void **state)
{
    (void)state;
    static const struct {
        struct civil c;
        int64_t ms;
    } t[] = {{{1970, 1, 1, 0, 0, 0, 0}, 0},
             {{1969, 12, 31, 23, 59, 59, 999}, -1},
             {{2000, 2, 29, 12, 0, 0, 0}, 951825600000},
             {{2026, 11, 9, 0, 0, 0, 0}, 1794182400000},
             {{1601, 1, 1, 0, 0, 0, 0}, -11644473600000},
             {{9999, 12, 31, 23, 59, 59, 999}, 253402300799999}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        int64_t ms = 7;
        struct civil back;
        assert_true(civil_to_ms(&t[i].c, &ms));
        assert_int_equal(ms, t[i].ms);
        civil_from_ms(ms, &back);
        assert_memory_equal(&back, &t[i].c, sizeof back);
    }
    /* Every day of four hundred years comes back. */
    for (int64_t d = -134774; d < 12000; d += 1) {
        struct civil c;
        int64_t ms;
        civil_from_ms(d * day + 1, &c);
        assert_true(civil_to_ms(&c, &ms));
        assert_int_equal(ms, d * day + 1);
    }
}

static void test_no_such_time(void **state)
{
    (void)state;
    static const struct civil bad[] = {
        {2026, 2, 29, 0, 0, 0, 0},  {1900, 2, 29, 0, 0, 0, 0}, {2026, 13, 1, 0, 0, 0, 0},
        {2026, 0, 1, 0, 0, 0, 0},   {2026, 4, 31, 0, 0, 0, 0}, {2026, 4, 0, 0, 0, 0, 0},
        {2026, 4, 30, 24, 0, 0, 0}, {2026, 4, 1, 0, 60, 0, 0}, {1600, 12, 31, 0, 0, 0, 0},
        {2026, 4, 1, 0, 0, 60, 0}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t ms = 7;
        assert_false(civil_to_ms(&bad[i], &ms));
        assert_int_equal(ms, 7);
    }
}

static void test_option_and_text(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *text;
    } t[] = {{"2006-03-12", "2006-03-12T00:00:00"},
             {"2006-03-12T09:00", "2006-03-12T09:00:00"},
             {"2006-03-12 09:00:30.5", "2006-03-12T09:00:30.500"},
             {"2006-03-12T09:00:30Z", "2006-03-12T09:00:30Z"},
             {"2006-03-12T09:00:30+05:30", "2006-03-12T09:00:30+05:30"},
             {"2006-03-12T09:00:30-08:00", "2006-03-12T09:00:30-08:00"}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct pool_time v;
        char out[WHEN_TEXT_MAX];
        assert_true(when_option(t[i].typed, &v));
        assert_int_equal(v.source, TIME_OPTION);
        assert_string_equal(when_text(&v, out), t[i].text);
    }
    static const char *const bad[] = {"",
                                      "yesterday",
                                      "2006-3-12",
                                      "2006-03-12Z",
                                      "2006-03-12T9:00",
                                      "2006-03-12T09:00:30.",
                                      "2006-03-12T09:00+5",
                                      "2006-02-30",
                                      "2006-03-12T09:00:30 x"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct pool_time v;
        assert_false(when_option(bad[i], &v));
    }
    struct pool_time none = {0};
    char out[WHEN_TEXT_MAX];
    assert_string_equal(when_text(&none, out), "");
}

static void test_zone_and_span(void **state)
{
    (void)state;
    int16_t z = 1;
    assert_true(when_zone("UTC", &z) && z == 0);
    assert_true(when_zone("+05:30", &z) && z == 330);
    assert_true(when_zone("-08:00", &z) && z == -480);
    assert_false(when_zone("Europe/Berlin", &z));
    assert_false(when_zone("+5", &z));
    assert_false(when_zone("+16:00", &z));
    struct pool_time t = {.source = TIME_LINE, .ms = 3600000, .zone_known = true};
    t.zone_min = 60;
    assert_int_equal(when_order_ms(&t), 0);
    t.zone_known = false;
    assert_int_equal(when_order_ms(&t), 3600000);

    int64_t ms = 0;
    assert_true(when_span("30s", &ms) && ms == 30000);
    assert_true(when_span("1h30m", &ms) && ms == 5400000);
    assert_true(when_span("7d", &ms) && ms == 7 * day);
    assert_false(when_span("", &ms));
    assert_false(when_span("0s", &ms));
    assert_false(when_span("5", &ms));
    assert_false(when_span("h5", &ms));
    assert_false(when_span("99999999999d", &ms));
}

static void test_line(void **state)
{
    (void)state;
    static const struct {
        const char *line, *text;
    } t[] = {
        {"# 2026-11-09T00:05:00", "2026-11-09T00:05:00"},
        {"2026-11-09 00:05:00.25", "2026-11-09T00:05:00.250"},
        {"2026-11-09T00:05:00Z", "2026-11-09T00:05:00Z"},
        {"2026-11-09T00:05:00+01:00", "2026-11-09T00:05:00+01:00"},
        {"Tuesday, May 19, 2020 1:52:56 PM", "2020-05-19T13:52:56"},
        {"Tuesday, May 19, 2020 12:00:01 AM", "2020-05-19T00:00:01"},
        {"19 May 2020 13:52:56", "2020-05-19T13:52:56"},
        {"Tue May 19 13:52:56 CEST 2020", "2020-05-19T13:52:56"},
        {"Tue May 19 13:52:56 UTC 2020", "2020-05-19T13:52:56Z"},
        {"Tue 05/19/2020 13:52:56.12", "2020-05-19T13:52:56.120"},
        {"19.05.2020 13:52:56,12", "2020-05-19T13:52:56.120"},
        {"Date: 2020/05/19 Time: 13:52", "2020-05-19T13:52:00"},
        {"rem 2020-05-19 13:52", "2020-05-19T13:52:00"},
        {"===== 2020-05-19 13:52:01 =====", "2020-05-19T13:52:01"},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct pool_time v;
        char out[WHEN_TEXT_MAX];
        assert_true(when_line(t[i].line, strlen(t[i].line), &v));
        assert_int_equal(v.source, TIME_LINE);
        assert_false(v.ambiguous);
        assert_string_equal(when_text(&v, out), t[i].text);
    }
    static const char *const bad[] = {
        "",
        "2026-11-09",
        "13:52:56",
        "it stopped at 2020-05-19 13:52:56 again",
        "2005-09-02 18:45:12 - - - - - - - - - 1_Connections_Refused -",
        "2020-05-32 13:52:56",
        "2020-05-19 13:61:56",
        "Memory: 2020 05:19",
        "May 2020 13:52",
        "192.168.10.20 13:52:56",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct pool_time v;
        assert_false(when_line(bad[i], strlen(bad[i]), &v));
        assert_int_equal(v.source, TIME_NONE);
    }
}

static void test_line_day_and_month(void **state)
{
    (void)state;
    static const char either[] = "05/04/2020 13:52:56";
    struct pool_time v;
    char out[WHEN_TEXT_MAX];
    assert_true(when_line(either, sizeof either - 1, &v));
    assert_true(v.ambiguous);
    assert_string_equal(when_text(&v, out), "2020-05-04T13:52:56");
    v.ms = v.other_ms;
    assert_string_equal(when_text(&v, out), "2020-04-05T13:52:56");
    static const char day_first[] = "19/05/2020 13:52:56";
    assert_true(when_line(day_first, sizeof day_first - 1, &v));
    assert_false(v.ambiguous);
    assert_int_equal(v.order, ORDER_DAY_FIRST);
    static const char month_first[] = "05/19/2020 13:52:56";
    assert_true(when_line(month_first, sizeof month_first - 1, &v));
    assert_int_equal(v.order, ORDER_MONTH_FIRST);
    static const char same[] = "05/05/2020 13:52:56";
    assert_true(when_line(same, sizeof same - 1, &v));
    assert_false(v.ambiguous);
}

static void test_name(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
    } t[] = {
        {"pool_20261109_000500.txt", "2026-11-09T00:05:00"},
        {"HOST1-20260528-202640.txt", "2026-05-28T20:26:40"},
        {"20261109000500.log", "2026-11-09T00:05:00"},
        {"202611090005.log", "2026-11-09T00:05:00"},
        {"2026111923.log", "2026-11-19T23:00:00"},
        {"2026-11-09T00_05_00.txt", "2026-11-09T00:05:00"},
        {"web01 2026-11-09 00.05.txt", "2026-11-09T00:05:00"},
        {"poolmon.2020.05.19_13.52.56_1589853176.pool.csv.txt", "2020-05-19T01:52:56Z"},
        {"mail.zip:day1/pool-2026-11-09.txt", "2026-11-09T00:00:00"},
        {"20261109/pool_20261110_0100.txt", "2026-11-10T01:00:00"},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct pool_time v;
        char out[WHEN_TEXT_MAX];
        assert_true(when_name(t[i].name, &v));
        assert_int_equal(v.source, TIME_NAME);
        assert_string_equal(when_text(&v, out), t[i].text);
    }
    static const char *const bad[] = {"a.txt",
                                      "poolmon2.txt",
                                      "pool-20261109-3.txt",
                                      "20261109_000500-20261109_001000.txt",
                                      "KB820729.txt",
                                      "2026-02-30.txt"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct pool_time v;
        assert_false(when_name(bad[i], &v));
    }
    struct pool_time v;
    char out[WHEN_TEXT_MAX];
    assert_true(when_name("poolmon.2020-04-05-13-52-56.log", &v));
    assert_true(v.ambiguous);
    assert_string_equal(when_text(&v, out), "2020-04-05T13:52:56");
    assert_true(v.ambiguous);
    assert_true(when_name("web01-2020-04-05-13-52-56.txt", &v));
    assert_false(v.ambiguous);
    assert_true(when_name("poolmon.2020-19-05-13-52-56.log", &v));
    assert_false(v.ambiguous);
    assert_string_equal(when_text(&v, out), "2020-05-19T13:52:56");
}

/* What `date /t` and `time /t` leave in a log. */
static void test_halves(void **state)
{
    (void)state;
    static const struct {
        const char *first, *second, *expected;
    } t[] = {
        {"Tue 05/19/2020 ", "10:00 AM", "2020-05-19T10:00:00"},
        {"19.05.2020", "22:01:02,34", "2020-05-19T22:01:02.340"},
        {"01:30 PM", "2020-05-19", "2020-05-19T13:30:00"},
        {"The current date is: Tue 05/19/2020", "The current time is: 10:00:00.12",
         "2020-05-19T10:00:00.120"},
        {"Tue 05/19/2020", "Wed 05/20/2020", ""},
        {"10:00 AM", "10:05 AM", ""},
        {"PcNw 05/19/2020", "10:00 AM", ""},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct when_half h = {.n = 0};
        struct pool_time v = {.source = TIME_NONE};
        char out[WHEN_TEXT_MAX];
        assert_false(when_halves(&h, t[i].first, strlen(t[i].first), 1, &v));
        bool whole = when_halves(&h, t[i].second, strlen(t[i].second), 3, &v);
        assert_int_equal(whole, t[i].expected[0] != '\0');
        if (whole)
            assert_string_equal(when_text(&v, out), t[i].expected);
        /* They stand near each other, and each counts once. */
        h = (struct when_half){.n = 0};
        assert_false(when_halves(&h, t[i].first, strlen(t[i].first), 1, &v));
        assert_false(when_halves(&h, t[i].second, strlen(t[i].second), 5, &v));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_civil),
        cmocka_unit_test(test_halves),
        cmocka_unit_test(test_no_such_time),
        cmocka_unit_test(test_option_and_text),
        cmocka_unit_test(test_zone_and_span),
        cmocka_unit_test(test_line),
        cmocka_unit_test(test_line_day_and_month),
        cmocka_unit_test(test_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
