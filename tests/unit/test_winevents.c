/* SPDX-License-Identifier: MIT */
/* Events of the event log in the forms in which people copy them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "captures.h"
#include "formats/beside/winevents.h"
#include "formats/when.h"

static void is_event(const struct pool_snapshot *s, size_t i, const char *code,
                     const char *time, uint64_t line)
{
    char iso[WHEN_TEXT_MAX];
    struct pool_time t = s->time;
    assert_true(i < s->n_events);
    const struct pool_event *v = &s->events[i];
    assert_string_equal(pool_snapshot_str(s, v->code), code);
    assert_int_equal(v->count, 1);
    assert_int_equal(v->line, line);
    t.ms = v->ms;
    if (time == NULL)
        assert_true(v->ms == INT64_MIN);
    else
        assert_string_equal(when_text(&t, iso), time);
}

static void copied_from_the_viewer(void **state)
{
    (void)state;
    struct captures c = captures_fixture("winevents/viewer.txt");
    assert_int_equal(c.n, 1);
    const struct pool_snapshot *s = &c.v[0];
    assert_null(pool_snapshot_valid(s));
    assert_int_equal(s->record, RECORD_EVENTS);
    assert_string_equal(pool_snapshot_str(s, s->host), "FILES2");
    assert_int_equal(s->n_events, 2);
    is_event(s, 0, "event-2019", "2014-06-13T05:14:41", 1);
    /* The 13 above says that the month stands first. */
    is_event(s, 1, "event-2020", "2014-06-03T05:30:02", 22);
    assert_string_equal(pool_snapshot_str(s, s->events[1].text),
                        "The server was unable to allocate from the system paged pool "
                        "because the pool was empty.");
    assert_false(s->time.zone_known);
    assert_false(s->time.ambiguous);
    assert_int_equal(s->time.order, ORDER_MONTH_FIRST);
    assert_int_equal(s->time.ms, s->events[1].ms);
    assert_string_equal(pool_snapshot_str(s, s->facts), "other_entries=1\n");
    captures_free(&c);
}

static void old_forms_among_prose(void **state)
{
    (void)state;
    struct captures c = captures_fixture("winevents/old-forms.txt");
    assert_int_equal(c.n, 1);
    const struct pool_snapshot *s = &c.v[0];
    assert_int_equal(s->n_events, 3);
    is_event(s, 0, "event-2020", NULL, 5);
    is_event(s, 1, "event-2019", NULL, 9);
    is_event(s, 2, "event-2021", NULL, 12);
    assert_string_equal(pool_snapshot_str(s, s->events[1].text),
                        "The server was unable to allocate from the system nonpaged pool "
                        "because the pool was empty.");
    assert_int_equal(s->time.source, TIME_NONE);
    captures_free(&c);
}

static void each_machine_has_its_record(void **state)
{
    (void)state;
    struct captures c = captures_fixture("winevents/two-machines.txt");
    assert_int_equal(c.n, 2);
    assert_string_equal(pool_snapshot_str(&c.v[0], c.v[0].host), "FILES1");
    assert_string_equal(pool_snapshot_str(&c.v[1], c.v[1].host), "FILES2");
    /* 3 June or 6 March: the series decides. */
    assert_true(c.v[0].time.ambiguous);
    assert_int_equal(c.v[0].time.order, ORDER_PLAIN);
    is_event(&c.v[0], 0, "event-2019", "2014-03-06T05:14:41", 1);
    char iso[WHEN_TEXT_MAX];
    struct pool_time t = c.v[0].time;
    t.ms = t.other_ms;
    assert_string_equal(when_text(&t, iso), "2014-06-03T05:14:41");
    captures_free(&c);
}

/* Where another date can only be read with its day first, so are all. */
static void days_come_first_where_one_says_so(void **state)
{
    (void)state;
    struct captures c = captures_text(
        "Event ID: 2019\nSource: Srv\nDate: 13/06/2014\nTime: 05:14:41\n\n"
        "Event ID: 2020\nSource: Srv\nDate: 03/06/2014\nTime: 06:00:00\n\n");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].n_events, 2);
    is_event(&c.v[0], 0, "event-2019", "2014-06-13T05:14:41", 1);
    is_event(&c.v[0], 1, "event-2020", "2014-06-03T06:00:00", 6);
    assert_false(c.v[0].time.ambiguous);
    assert_int_equal(c.v[0].time.order, ORDER_DAY_FIRST);
    captures_free(&c);
}

/* The event's bytes, which the viewer shows below its words, are none of them. */
static void data_is_no_text(void **state)
{
    (void)state;
    struct captures c = captures_text(
        "Event ID: 2019\nSource: Srv\nDescription:\nThe server was unable to allocate "
        "from the system nonpaged pool because the pool was empty.\n"
        "0000: 00 00 04 00 01 00 54 00\n0008: 00 00 00 00 e3 07 00 c0\n");
    assert_int_equal(c.n, 1);
    is_event(&c.v[0], 0, "event-2019", NULL, 1);
    assert_string_equal(pool_snapshot_str(&c.v[0], c.v[0].events[0].text),
                        "The server was unable to allocate from the system nonpaged pool "
                        "because the pool was empty.");
    captures_free(&c);
}

static void dates_without_a_year_are_no_times(void **state)
{
    (void)state;
    struct captures c = captures_text("Date: 4/2\nTime: 7:39:58 PM\nEvent ID: 2019\n"
                                      "Source: Svr\nType: Error\n");
    assert_int_equal(c.n, 1);
    is_event(&c.v[0], 0, "event-2019", NULL, 1);
    captures_free(&c);
}

/* A record has one clock: that of its first event with a time.  The others' are unknown.
 */
static void times_of_another_zone_are_no_times(void **state)
{
    (void)state;
    struct captures c =
        captures_text("Event ID: 2019\nSource: Srv\nDate: 2014-06-03T05:14:41+02:00\n\n"
                      "Event ID: 2020\nSource: Srv\nDate: 2014-06-03T05:15:41+01:00\n\n"
                      "Event ID: 2017\nSource: Srv\nDate: 2014-06-03T05:16:41\n\n"
                      "Event ID: 2018\nSource: Srv\nDate: 2014-06-03T05:17:41+02:00\n\n");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].n_events, 4);
    is_event(&c.v[0], 0, "event-2019", "2014-06-03T05:14:41+02:00", 1);
    is_event(&c.v[0], 1, "event-2020", NULL, 5);
    is_event(&c.v[0], 2, "event-2017", NULL, 9);
    is_event(&c.v[0], 3, "event-2018", "2014-06-03T05:17:41+02:00", 13);
    captures_free(&c);
}

static void source_or_words_must_fit_the_number(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "Event ID: 2019\nSource: Backup Exec\nDescription:\nThe job was missed.\n",
        "Event 2019 comes up in many threads.\n",
        "Event ID 2019\n\nPlease help.\n",
        "2020: The year of the plague\n",
        "Date: Mon, 3 Jun 2014 05:14:41\nFrom: a@example.com\nSubject: Event ID 2019\n",
        "Source: a book\nType: paper\n",
        "Event ID: 333\nSource: Srv\n",
        "2019: 12\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct captures c = captures_text(texts[i]);
        assert_int_equal(c.n, 0);
        assert_int_equal(c.e.code, ERR_EMPTY);
        captures_free(&c);
    }
}

static void number_and_words_on_one_line(void **state)
{
    (void)state;
    struct captures c = captures_text(
        "> Event ID 2019: The server was unable to allocate from the system\n"
        "> nonpaged pool because the pool was empty.\n>\n"
        "> * Event ID: 2017; Source: srv\n");
    assert_int_equal(c.n, 1);
    is_event(&c.v[0], 0, "event-2019", NULL, 1);
    is_event(&c.v[0], 1, "event-2017", NULL, 4);
    assert_string_equal(pool_snapshot_str(&c.v[0], c.v[0].events[0].text),
                        "The server was unable to allocate from the system nonpaged pool "
                        "because the pool was empty.");
    captures_free(&c);
}

static void localised_words_pass_with_their_source(void **state)
{
    (void)state;
    struct captures c = captures_text(
        "Event ID : 2004\nProviderName : Microsoft-Windows-Resource-Exhaustion-Detector\n"
        "TimeCreated : 2014-06-03T05:14:41.0000000Z\nMessage : Windows hat erkannt\n");
    assert_int_equal(c.n, 1);
    is_event(&c.v[0], 0, "event-2004", "2014-06-03T05:14:41Z", 1);
    captures_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copied_from_the_viewer),
        cmocka_unit_test(old_forms_among_prose),
        cmocka_unit_test(each_machine_has_its_record),
        cmocka_unit_test(data_is_no_text),
        cmocka_unit_test(days_come_first_where_one_says_so),
        cmocka_unit_test(dates_without_a_year_are_no_times),
        cmocka_unit_test(times_of_another_zone_are_no_times),
        cmocka_unit_test(source_or_words_must_fit_the_number),
        cmocka_unit_test(number_and_words_on_one_line),
        cmocka_unit_test(localised_words_pass_with_their_source),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
