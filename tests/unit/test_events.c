/* SPDX-License-Identifier: MIT */
/* Events summed by code, and the moment of a series that stands before them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "cli/analyze/events.h"

static void add(struct pool_snapshot *s, const char *code, int64_t ms, uint64_t count)
{
    uint32_t at;
    assert_int_equal(pool_snapshot_intern(s, code, strlen(code), &at, NULL), 0);
    struct pool_event *v = pool_snapshot_add_event(s, NULL);
    assert_non_null(v);
    *v = (struct pool_event){.ms = ms, .count = count, .code = at};
}

static void sums_by_code(void **state)
{
    (void)state;
    struct pool_snapshot s = {.record = RECORD_EVENTS,
                              .time = {.source = TIME_CAPTURE, .zone_known = true},
                              .uptime_s = -1};
    struct event_sums t = {.n = 0}, all = {.n = 0};
    add(&s, "connections-refused", 5000, 3);
    add(&s, "event-2019", INT64_MIN, 1);
    add(&s, "connections-refused", 2000, UINT64_MAX);
    event_sums_add(&t, &s);
    assert_int_equal(t.n, 2);
    assert_int_equal(t.lines, 3);
    assert_int_equal(t.v[0].lines, 2);
    assert_true(t.v[0].count == UINT64_MAX);
    assert_int_equal(t.v[0].first.ms, 2000);
    assert_int_equal(t.v[0].last.ms, 5000);
    assert_true(t.v[0].last.zone_known);
    assert_int_equal(t.v[1].first.source, TIME_NONE);
    /* A date that can be read either way places nothing. */
    s.time.ambiguous = true;
    event_sums_merge(&all, &t);
    event_sums_add(&all, &s);
    assert_int_equal(all.lines, 6);
    assert_int_equal(all.v[0].first.ms, 2000);
    assert_int_equal(event_time(&s, &s.events[0]).source, TIME_NONE);
    pool_snapshot_free(&s);
}

static void too_many_codes_are_others(void **state)
{
    (void)state;
    struct pool_snapshot s = {.record = RECORD_EVENTS, .uptime_s = -1};
    struct event_sums t = {.n = 0};
    for (int i = 0; i < 40; i++) {
        char code[64]; /* names are cut, and told apart by what is left */
        (void)snprintf(code, sizeof code, "%d-code-of-a-log-that-has-a-very-long-name",
                       i);
        add(&s, code, 0, 1);
    }
    event_sums_add(&t, &s);
    assert_int_equal(t.n, EVENT_CODES_MAX);
    assert_int_equal(t.lines, 40);
    assert_string_equal(t.v[EVENT_CODES_MAX - 1].code, "other");
    assert_int_equal(t.v[EVENT_CODES_MAX - 1].lines, 40 - (EVENT_CODES_MAX - 1));
    uint64_t lines = 0;
    for (size_t i = 0; i < t.n; i++)
        lines += t.v[i].lines;
    assert_int_equal(lines, 40);
    pool_snapshot_free(&s);
}

static void the_moment_before(void **state)
{
    (void)state;
    struct pool_snapshot s = {.record = RECORD_TOTALS, .uptime_s = -1};
    struct pool_moment v[3];
    assert_false(pool_moment_of(&s, &v[0])); /* no time */
    s.time = (struct pool_time){.source = TIME_CAPTURE, .zone_known = true, .ms = 1000};
    assert_false(pool_moment_of(&s, &v[0])); /* nothing known */
    s.totals.given = 1u << TOTAL_NONPAGED_KIB;
    s.totals.v[TOTAL_NONPAGED_KIB] = 109056;
    assert_true(pool_moment_of(&s, &v[0]));
    assert_int_equal(v[0].bytes[POOL_NONPAGED], 111673344);
    assert_false(v[0].known[POOL_PAGED]);
    s.time.ambiguous = true; /* day or month first: no moment either */
    assert_false(pool_moment_of(&s, &v[1]));
    s.time = (struct pool_time){.source = TIME_NONE};
    assert_false(pool_moment_of(&s, &v[1]));
    v[1] = v[2] = v[0];
    v[1].time.ms = 5000;
    v[2].time.ms = 3000;
    struct pool_time at = v[0].time;
    at.ms = 4000;
    assert_ptr_equal(pool_moment_before(v, 3, &at, POOL_NONPAGED), &v[2]);
    assert_null(pool_moment_before(v, 3, &at, POOL_PAGED));
    at.ms = 999;
    assert_null(pool_moment_before(v, 3, &at, POOL_NONPAGED));
    at.ms = 9000;
    at.zone_known = false; /* another clock */
    assert_null(pool_moment_before(v, 3, &at, POOL_NONPAGED));
    assert_int_equal(event_pool("event-2020"), POOL_PAGED);
    assert_int_equal(event_pool("connections-refused"), POOL_NONPAGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_by_code),
        cmocka_unit_test(too_many_codes_are_others),
        cmocka_unit_test(the_moment_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
