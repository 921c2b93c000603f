/* SPDX-License-Identifier: MIT */
/* Counter logs of the performance monitor. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "captures.h"
#include "formats/beside/perfmon.h"
#include "formats/when.h"

static bool given(const struct pool_snapshot *s, enum total_field f)
{
    return (s->totals.given & 1u << f) != 0;
}

static void each_sample_is_a_record(void **state)
{
    (void)state;
    char iso[WHEN_TEXT_MAX];
    struct captures c = captures_fixture("perfmon/pools.csv");
    assert_int_equal(c.n, 3);
    for (size_t i = 0; i < c.n; i++) {
        assert_null(pool_snapshot_valid(&c.v[i]));
        assert_int_equal(c.v[i].record, RECORD_TOTALS);
        assert_string_equal(pool_snapshot_str(&c.v[i], c.v[i].host), "WEB01");
        assert_int_equal(c.v[i].line, 2 + i);
    }
    assert_string_equal(when_text(&c.v[0].time, iso), "2014-06-03T01:10:00.007-04:00");
    assert_int_equal(c.v[0].totals.given, 0); /* blanks are missing, not zero */
    const struct pool_snapshot *s = &c.v[1];
    assert_int_equal(s->totals.v[TOTAL_NONPAGED_KIB], 109056);
    assert_int_equal(s->totals.v[TOTAL_PAGED_KIB], 43740);
    assert_int_equal(s->totals.v[TOTAL_AVAIL_KIB], 428 * 1024);
    assert_int_equal(s->notes.n, 0);
    /* A 32-bit counter below zero; an exponent that lost its digits. */
    s = &c.v[2];
    assert_int_equal(s->totals.v[TOTAL_NONPAGED_KIB], 2 * 1024 * 1024);
    assert_int_equal(s->totals.v[TOTAL_PAGED_KIB], 43740);
    assert_false(given(s, TOTAL_AVAIL_KIB));
    assert_int_equal(s->notes.seen[NOTE_HEADER_DAMAGED], 1);
    captures_free(&c);
}

/* Figures that are none leave a total out; the others of the line stay. */
static void values_that_are_no_figures(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "1-1",
        "--1",
        "1e",
        "12x",
        "1e99",
        "-1e10",
        "11111111111111111111111111111111111111111111111111111111111111111"};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        char text[1024];
        (void)snprintf(text, sizeof text,
                       "\"(PDH-CSV 4.0) (UTC)(0)\",\"\\\\WEB01\\Memory\\Pool Nonpaged "
                       "Bytes\",\"\\\\WEB01\\Memory\\Pool Paged Bytes\"\n"
                       "\"06/03/2014 01:10:15.007\",\"%s\",\"1048576\"\n",
                       broken[i]);
        struct captures c = captures_text(text);
        assert_int_equal(c.n, 1);
        assert_false(given(&c.v[0], TOTAL_NONPAGED_KIB));
        assert_int_equal(c.v[0].totals.v[TOTAL_PAGED_KIB], 1024);
        assert_int_equal(c.v[0].notes.seen[NOTE_HEADER_DAMAGED], 1);
        captures_free(&c);
    }
}

static void tabs_and_a_torn_zone(void **state)
{
    (void)state;
    struct captures c = captures_fixture("perfmon/pools.tsv");
    assert_int_equal(c.n, 1);
    assert_false(c.v[0].time.zone_known);
    assert_string_equal(pool_snapshot_str(&c.v[0], c.v[0].host), "WEB01");
    assert_int_equal(c.v[0].totals.v[TOTAL_NONPAGED_KIB], 1);
    assert_int_equal(c.v[0].notes.seen[NOTE_FILTERED], 1);
    captures_free(&c);
}

static void without_pool_counters(void **state)
{
    (void)state;
    struct captures c = captures_fixture("perfmon/no-pools.csv");
    assert_int_equal(c.n, 0);
    assert_int_equal(c.e.code, ERR_EMPTY);
    assert_non_null(strstr(c.e.text, "without pool counters"));
    assert_non_null(strstr(c.e.hint, "Pool Nonpaged Bytes"));
    captures_free(&c);
}

static void a_head_alone_and_a_cut_line(void **state)
{
    (void)state;
    static const char head[] =
        "\" (PDH-CSV 4.0) (UTC)(0)\",\"\\Memory\\Pool Nonpaged Bytes\",\"\\Memory\\Pool "
        "Paged Bytes\"\n";
    struct captures c = captures_text(head);
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].completeness, COMPLETE_CUT);
    assert_int_equal(c.v[0].time.source, TIME_NONE);
    captures_free(&c);
    char text[300];
    (void)snprintf(text, sizeof text, "%s\"06/03/2014 01:10:15.007\",\"2048\"", head);
    c = captures_text(text);
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].completeness, COMPLETE_CUT);
    assert_int_equal(c.v[0].totals.v[TOTAL_NONPAGED_KIB], 2);
    assert_false(given(&c.v[0], TOTAL_PAGED_KIB));
    captures_free(&c);
}

#define HEAD(zone)                                                                       \
    "\"(PDH-CSV 4.0) " zone "\",\"\\\\WEB01\\Memory\\Pool Nonpaged Bytes\","             \
    "\"\\\\WEB01\\Memory\\Pool Paged Bytes\"\n"
#define SAMPLE "\"06/03/2014 01:10:00.007\",\"1024\",\"2048\""

/* Minutes west of Greenwich stand in the last brackets of the first title. */
static void zones(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool known;
        int east_min;
    } t[] = {{HEAD("(Eastern)(240)") SAMPLE "\n", true, -240},
             {HEAD("(India)(-330)") SAMPLE "\n", true, 330},
             {HEAD("(UTC)(0)") SAMPLE "\n", true, 0},
             {HEAD("(far)(900)") SAMPLE "\n", true, -900},
             {HEAD("(too far)(901)") SAMPLE "\n", false, 0},
             {HEAD("(none)(-)") SAMPLE "\n", false, 0},
             {HEAD("(none)()") SAMPLE "\n", false, 0},
             {HEAD("(none)(x)") SAMPLE "\n", false, 0},
             {HEAD("(open)(240") SAMPLE "\n", false, 0}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct captures c = captures_text(t[i].text);
        assert_int_equal(c.n, 1);
        if (c.v[0].time.zone_known != t[i].known ||
            (t[i].known && c.v[0].time.zone_min != t[i].east_min))
            fail_msg("%s: zone %d", t[i].text, c.v[0].time.zone_min);
        captures_free(&c);
    }
}

/* A last line without its end is cut only where a value is missing. */
static void the_last_line(void **state)
{
    (void)state;
    struct captures c = captures_text(HEAD("(UTC)(0)") SAMPLE);
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].notes.seen[NOTE_CUT], 0);
    assert_int_equal(c.v[0].totals.v[TOTAL_PAGED_KIB], 2);
    assert_int_not_equal(c.v[0].completeness, COMPLETE_CUT);
    captures_free(&c);
    c = captures_text(HEAD("(UTC)(0)") "\"06/03/2014 01:10:00.007\",\"1024\"");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].notes.seen[NOTE_CUT], 1);
    assert_int_equal(c.v[0].completeness, COMPLETE_CUT);
    assert_int_equal(c.v[0].totals.v[TOTAL_NONPAGED_KIB], 1);
    assert_false(given(&c.v[0], TOTAL_PAGED_KIB));
    captures_free(&c);
    c = captures_text(HEAD("(UTC)(0)") "\"06/03/2014 01:10:00.007\",\"1024\"\n");
    assert_int_equal(c.v[0].notes.seen[NOTE_CUT], 0); /* short, but ended */
    captures_free(&c);
}

/* Two logs in one file: each sample has the titles of its own. */
static void a_log_behind_another(void **state)
{
#define TITLES(counter) "\"(PDH-CSV 4.0) (UTC)(0)\",\"\\\\WEB02\\" counter "\"\n"
#define VALUE           "\"06/03/2014 02:10:00.007\",\"4096\"\n"
    (void)state;
    struct captures c = captures_text(HEAD("(UTC)(0)") SAMPLE
                                      "\n" TITLES("Memory\\Pool Paged Bytes") VALUE);
    assert_int_equal(c.n, 2);
    assert_int_equal(c.v[0].totals.v[TOTAL_NONPAGED_KIB], 1);
    assert_int_equal(c.v[1].totals.v[TOTAL_PAGED_KIB], 4);
    assert_false(given(&c.v[1], TOTAL_NONPAGED_KIB));
    assert_string_equal(pool_snapshot_str(&c.v[1], c.v[1].host), "WEB02");
    captures_free(&c);
    c = captures_text(HEAD("(UTC)(0)") SAMPLE "\n" TITLES("Memory\\Pages/sec")
                          VALUE TITLES("Memory\\Pool Nonpaged Bytes") VALUE);
    assert_int_equal(c.n, 2);
    assert_int_equal(c.v[0].totals.v[TOTAL_NONPAGED_KIB], 1);
    assert_string_equal(pool_snapshot_str(&c.v[0], c.v[0].host), "WEB01");
    assert_int_equal(c.v[1].totals.v[TOTAL_NONPAGED_KIB], 4);
    captures_free(&c);
    /* Before a sample came, too. */
    c = captures_text(HEAD("(UTC)(0)") TITLES("Memory\\Available MBytes") VALUE);
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].totals.given, 0);
    assert_int_equal(c.v[0].completeness, COMPLETE_CUT);
    captures_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_sample_is_a_record),
        cmocka_unit_test(values_that_are_no_figures),
        cmocka_unit_test(tabs_and_a_torn_zone),
        cmocka_unit_test(without_pool_counters),
        cmocka_unit_test(a_head_alone_and_a_cut_line),
        cmocka_unit_test(zones),
        cmocka_unit_test(the_last_line),
        cmocka_unit_test(a_log_behind_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
