/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "cli/render/number.h"

static void test_sizes(void **state)
{
    (void)state;
    static const struct {
        uint64_t bytes;
        const char *k, *bytes_text, *human;
    } t[] = {
        {0, "0", "0", "0"},
        {511, "0", "511", "511"},
        {512, "1", "512", "512"},
        {1023, "1", "1023", "1023"},
        {1024, "1", "1024", "1.0K"},
        {1535, "1", "1535", "1.5K"},
        {1536, "2", "1536", "1.5K"},
        {36678632, "35819", "36678632", "35.0M"},
        {1048576 - 1, "1024", "1048575", "1.0M"},
        {UINT64_MAX, "18014398509481984", "18446744073709551615", "16.0E"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        assert_string_equal(num_size(t[i].bytes, UNITS_K).s, t[i].k);
        assert_string_equal(num_size(t[i].bytes, UNITS_BYTES).s, t[i].bytes_text);
        assert_string_equal(num_size(t[i].bytes, UNITS_HUMAN).s, t[i].human);
    }
    assert_string_equal(num_size_unit(36678632, UNITS_K).s, "35819K");
    assert_string_equal(num_size_unit(36678632, UNITS_BYTES).s, "36678632 bytes");
    assert_string_equal(num_size_unit(1, UNITS_BYTES).s, "1 byte");
    assert_string_equal(num_change_unit(-1, UNITS_HUMAN).s, "-1 byte");
    assert_string_equal(num_size_unit(36678632, UNITS_HUMAN).s, "35.0M");
}

static void test_changes(void **state)
{
    (void)state;
    static const struct {
        int64_t bytes;
        const char *k, *bytes_text;
    } t[] = {
        {0, "0", "0"},
        {511, "0", "+511"},
        {-511, "0", "-511"},
        {512, "+1", "+512"},
        {-512, "-1", "-512"},
        {-1536, "-2", "-1536"},
        {1535, "+1", "+1535"},
        {28672, "+28", "+28672"},
        {INT64_MIN, "-9007199254740992", "-9223372036854775808"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        assert_string_equal(num_change(t[i].bytes, UNITS_K).s, t[i].k);
        assert_string_equal(num_change(t[i].bytes, UNITS_BYTES).s, t[i].bytes_text);
    }
    assert_string_equal(num_change_unit(-1536, UNITS_K).s, "-2K");
    assert_string_equal(num_change_unit(-1536, UNITS_HUMAN).s, "-1.5K");
}

/* Signed; one decimal below 100, none from there on. */
static void test_rates(void **state)
{
    (void)state;
    static const struct {
        double rate;
        const char *text;
    } t[] = {
        {0, "0.0"},
        {51.2, "+0.1"}, /* .05 K: half goes away from zero */
        {-51.2, "-0.1"},
        {51, "0.0"},
        {1024, "+1.0"},
        {99.94 * 1024, "+99.9"},
        {99.95 * 1024, "+100"},
        {428714.7, "+419"},
        {-428714.7, "-419"},
        {NAN, "-"},
        {INFINITY, "-"},
        {-INFINITY, "-"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        assert_string_equal(num_rate(t[i].rate, UNITS_K).s, t[i].text);
    assert_string_equal(num_rate_unit(428714.7, UNITS_K).s, "+419K/h");
    assert_string_equal(num_rate_unit(43724.8, UNITS_K).s, "+42.7K/h");
    assert_string_equal(num_rate_unit(12.34, UNITS_BYTES).s, "+12.3 bytes/h");
    assert_string_equal(num_rate_unit(2.1e9, UNITS_HUMAN).s, "+2.0G/h");
    assert_string_equal(num_rate_unit(12.34, UNITS_HUMAN).s, "+12.3 bytes/h");
}

static void test_percent(void **state)
{
    (void)state;
    assert_string_equal(num_percent(.387).s, "38.7%");
    assert_string_equal(num_percent(0).s, "0.0%");
    assert_string_equal(num_percent(1).s, "100.0%");
    assert_string_equal(num_percent(.00125).s, "0.1%");
    assert_string_equal(num_percent(.0025).s, "0.3%"); /* .25: away from zero */
    assert_string_equal(num_percent(NAN).s, "-");
    assert_string_equal(num_percent_change(30144, 12044).s, "+250.3%");
    assert_string_equal(num_percent_change(-1, 2).s, "-50.0%");
    assert_string_equal(num_percent_change(5, 0).s, "-");
}

static void test_hours(void **state)
{
    (void)state;
    static const struct {
        double hours;
        const char *text;
    } t[] = {
        {0, "0.0 h"},     {2.94, "2.9 h"},         {2.95, "3.0 h"},
        {48, "48.0 h"},   {48.04, "48.0 h"},       {48.1, "2.0 days"},
        {72, "3.0 days"}, {100000, "4166.7 days"}, {5.0 / 3600, "5 s"},
        {NAN, "-"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        assert_string_equal(num_hours(t[i].hours).s, t[i].text);
}

static void test_plain_numbers(void **state)
{
    (void)state;
    assert_string_equal(num_signed(5).s, "+5");
    assert_string_equal(num_signed(-2).s, "-2");
    assert_string_equal(num_signed(0).s, "0");
    assert_string_equal(num_count(UINT64_MAX).s, "18446744073709551615");
    assert_string_equal(num_ratio(12.04).s, "12.0");
    assert_string_equal(num_ratio(1e300).s, "1.000e+300");
    assert_string_equal(num_factor(.934).s, ".93");
    assert_string_equal(num_factor(.996).s, "1.00");
    assert_string_equal(num_factor(NAN).s, "-");
    assert_string_equal(num_score(4321.5).s, "4322");
    assert_string_equal(num_score(.125).s, ".13");
}

static void test_times(void **state)
{
    (void)state;
    const int64_t nine = INT64_C(1141894800000); /* 2006-03-09T09:00:00 */
    struct pool_time t = {.source = TIME_NAME, .ms = nine};
    assert_string_equal(num_time(&t).s, "2006-03-09 09:00");
    t.ms += 7000;
    assert_string_equal(num_time(&t).s, "2006-03-09 09:00:07");
    t.zone_known = true;
    assert_string_equal(num_time(&t).s, "2006-03-09 09:00:07 UTC");
    t.ms = nine;
    assert_string_equal(num_time(&t).s, "2006-03-09 09:00 UTC");
    assert_string_equal(num_series_time(&t, nine, 1.5).s, "2006-03-09 10:30 UTC");
    assert_string_equal(num_series_time(&t, nine, NAN).s, "");
    t = (struct pool_time){0};
    assert_string_equal(num_time(&t).s, "");
    assert_string_equal(num_series_time(&t, nine, 1).s, "");
}

static void test_at_most(void **state)
{
    (void)state;
    assert_string_equal(num_at_most_unit(10360279, UNITS_K).s, "10118K");
    assert_string_equal(num_size_unit(10360279, UNITS_K).s, "10117K");
    assert_string_equal(num_at_most_unit(2048, UNITS_K).s, "2K");
    assert_string_equal(num_at_most_unit(2049, UNITS_BYTES).s,
                        num_size_unit(2049, UNITS_BYTES).s);
    assert_string_equal(num_at_most_unit(UINT64_MAX, UNITS_K).s,
                        num_size_unit(UINT64_MAX, UNITS_K).s);
}

static const char *exact(struct num n, char out[NUM_EXACT])
{
    num_exact(&n, out);
    return out;
}

static void test_what_was_rounded(void **state)
{
    char s[NUM_EXACT];
    (void)state;
    assert_string_equal(exact(num_size(UINT64_MAX, UNITS_K), s), "18446744073709551615");
    assert_string_equal(exact(num_change_unit(INT64_MIN, UNITS_HUMAN), s),
                        "-9223372036854775808");
    assert_string_equal(exact(num_at_most_unit(10360279, UNITS_K), s), "10360279");
    assert_string_equal(exact(num_percent(.1 + .2), s), "0.30000000000000004");
    assert_string_equal(exact(num_percent_change(1, 8), s), "0.125");
    assert_string_equal(exact(num_rate(-0.0, UNITS_K), s), "0");
    assert_string_equal(exact(num_hours(1. / 3), s), "0.3333333333333333");
    assert_string_equal(exact(num_hours(.001), s), "0.001");
    assert_string_equal(exact(num_score(12.5), s), "12.5");
    assert_string_equal(exact(num_hours((double)NAN), s), "");
    assert_string_equal(exact(num_ratio((double)INFINITY), s), "");
    assert_string_equal(exact(num_time(&(struct pool_time){.source = TIME_NAME}), s), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_at_most),          cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_changes),          cmocka_unit_test(test_rates),
        cmocka_unit_test(test_percent),          cmocka_unit_test(test_hours),
        cmocka_unit_test(test_plain_numbers),    cmocka_unit_test(test_times),
        cmocka_unit_test(test_what_was_rounded),
    };
    return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
