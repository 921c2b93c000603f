/* SPDX-License-Identifier: MIT */
/* Logs of HTTP.SYS: which rows become events, and what begins a log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "captures.h"
#include "formats/beside/httperr.h"
#include "formats/when.h"

static void is_event(const struct pool_snapshot *s, size_t i, const char *time,
                     uint64_t count, uint64_t line, const char *text)
{
    char iso[WHEN_TEXT_MAX];
    struct pool_time t = s->time;
    assert_true(i < s->n_events);
    t.ms = s->events[i].ms;
    assert_string_equal(when_text(&t, iso), time);
    assert_int_equal(s->events[i].count, count);
    assert_int_equal(s->events[i].line, line);
    assert_string_equal(pool_snapshot_str(s, s->events[i].code), "connections-refused");
    assert_string_equal(pool_snapshot_str(s, s->events[i].text), text);
}

static void fields_change_in_mid_file(void **state)
{
    (void)state;
    struct captures c = captures_fixture("httperr/restart.log");
    assert_int_equal(c.n, 1);
    const struct pool_snapshot *s = &c.v[0];
    assert_null(pool_snapshot_valid(s));
    assert_int_equal(s->record, RECORD_EVENTS);
    assert_string_equal(pool_snapshot_str(s, s->format), "httperr");
    assert_true(s->time.zone_known);
    assert_int_equal(s->time.zone_min, 0);
    assert_int_equal(s->n_events, 4);
    is_event(s, 0, "2014-06-03T05:14:40Z", 4, 6, "4_Connections_Refused");
    is_event(s, 1, "2014-06-03T05:14:45Z", 11, 7, "11_Connections_Refused");
    /* Fewer fields than the head names. */
    is_event(s, 2, "2014-06-03T06:01:30Z", 1, 14, "Connections_Refused");
    is_event(s, 3, "2014-06-03T06:02:00Z", 2, 15, "2_Connections_Refused");
    assert_string_equal(pool_snapshot_str(s, s->facts),
                        "software=Microsoft HTTP API 2.0\nother_entries=3\n");
    assert_int_equal(s->completeness, COMPLETE_WHOLE);
    captures_free(&c);
}

static void lines_behind_marks(void **state)
{
    (void)state;
    struct captures c = captures_fixture("httperr/commented.txt");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].n_events, 1);
    is_event(&c.v[0], 0, "2014-06-03T05:14:40Z", 4, 2, "4_Connections_Refused");
    captures_free(&c);
}

static void rows_without_a_head(void **state)
{
    (void)state;
    struct captures c = captures_fixture("stories/connections-refused/httperr.txt");
    uint64_t sum = 0;
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].n_events, 27);
    for (size_t i = 0; i < 27; i++)
        sum += c.v[0].events[i].count;
    assert_int_equal(sum, 53);
    assert_null(strstr(pool_snapshot_str(&c.v[0], c.v[0].facts), "other_entries"));
    captures_free(&c);
}

static void a_cut_log_is_told(void **state)
{
    (void)state;
    struct captures c = captures_fixture("httperr/cut.log");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].n_events, 1);
    assert_int_equal(c.v[0].completeness, COMPLETE_CUT);
    assert_int_equal(c.v[0].notes.seen[NOTE_CUT], 1);
    captures_free(&c);
}

static void other_logs_are_not_claimed(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "#Software: Microsoft Internet Information Services 6.0",
        "#Fields: date time s-sitename s-ip cs-method cs-uri-stem cs-uri-query s-port",
        "2005-09-02 18:45:12 W3SVC1 192.0.2.1 GET /default.htm - 80 - 192.0.2.9 200 0 0",
        "2005-09-02 18:45:12 DROP UDP 192.0.2.9 192.0.2.1 137 137 78 - - - - - - -",
        "2005-09-02 18:45:12 - - - - something else happened here",
        "2005-09-02 18:45:12 connections_refused",
        "2005-09-02 18:45:12 here 80 - 80 - - - - - Connections_Refused -",
        "2005-09-02 18:45:12 - 65536 - 80 - - - - - Connections_Refused -",
        "2005-09-02 18:45:12 - 80 there 80 - - - - - Connections_Refused -",
        "2005-09-02 18:45:12 - 80 - http - - - - - Connections_Refused -",
        "(Software: Microsoft HTTP API 2.0)",
        "=Fields: date time c-ip s-reason",
        "2005-09-02 18:45:12",
        "1_Connections_Refused",
        "#Version: 1.0",
        "Connections_Refused is actually a very diagnosable failure pattern",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct text_line l = {.p = lines[i], .n = strlen(lines[i]), .number = 1};
        assert_int_equal(httperr_text_format.begins(&l, 1), CLAIM_NONE);
    }
}

static void a_log_begins_at_its_head_or_a_row(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "#Software: Microsoft HTTP API 2.0",
        "#Fields: date time c-ip c-port s-ip s-port s-reason s-queuename",
        "# Fields: date time s-reason",
        "2005-09-02 18:45:12 192.0.2.9 65535 ::1%4 80 - - Connections_Refused -",
        "2005-09-02 18:45:12 - - - - - - - - - Connections_Refused -",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct text_line l = {.p = lines[i], .n = strlen(lines[i]), .number = 1};
        if (httperr_text_format.begins(&l, 1) != CLAIM_SURE)
            fail_msg("not claimed: %s", lines[i]);
    }
}

/* Its head holds for the other, too: what looks like a reason in another field is none.
 */
static void a_full_record_is_followed_by_another(void **state)
{
    (void)state;
    static const char head[] = "#Fields: date time c-ip c-port s-ip s-port cs-version "
                               "cs-method cs-uri sc-status "
                               "s-siteid s-reason s-queuename\n";
    static const char asked[] = "2014-06-03 05:14:41 - - - - - - /Connections_Refused - "
                                "- Timer_ConnectionIdle -\n"
                                "2014-06-03 05:14:41 - - - - - - Connections_Refused - - "
                                "Timer_ConnectionIdle -\n";
    static const char row[] =
        "2014-06-03 05:14:40 - - - - - - - - - 4_Connections_Refused -\n";
    struct buf b = {0};
    assert_int_equal(buf_append(&b, head, sizeof head - 1, NULL), 0);
    for (int i = 0; i < 65540; i++)
        assert_int_equal(buf_append(&b, row, sizeof row - 1, NULL), 0);
    assert_int_equal(buf_append(&b, asked, sizeof asked - 1, NULL), 0);
    struct captures c = captures_read(b.p, b.n, 0, NULL);
    assert_int_equal(c.n, 2);
    assert_int_equal(c.v[0].n_events, 65536);
    assert_int_equal(c.v[1].n_events, 4);
    assert_int_equal(c.v[1].events[0].line, 65538);
    captures_free(&c);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_change_in_mid_file),
        cmocka_unit_test(lines_behind_marks),
        cmocka_unit_test(rows_without_a_head),
        cmocka_unit_test(a_cut_log_is_told),
        cmocka_unit_test(other_logs_are_not_claimed),
        cmocka_unit_test(a_log_begins_at_its_head_or_a_row),
        cmocka_unit_test(a_full_record_is_followed_by_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
