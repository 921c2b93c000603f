/* SPDX-License-Identifier: MIT */
/* Heads of memsnap's logs: their lines, times and clock ticks, each in many forms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/when.h"
#include "tests/unit/captures.h"

#define ROW " Leak Nonp     912345     12345   900000 172800000     192\n"

/* The captures of these lines of a head, each head before one row. */
static struct captures logged(const char *heads)
{
    char text[8192];
    size_t n = 0;
    for (const char *p = heads; *p != '\0';) {
        const char *end = strchr(p, '|');
        const size_t len = end != NULL ? (size_t)(end - p) : strlen(p);
        n += (size_t)snprintf(text + n, sizeof text - n, "%.*s\n%s", (int)len, p, ROW);
        p += len + (end != NULL);
    }
    return captures_text(text);
}

static void test_times(void **state)
{
    (void)state;
    static const struct {
        const char *value, *time; /* NULL: none, and a note */
    } t[] = {
        {"09\\03\\2002 15:39:31.0781 (GMT)", "2002-09-03T15:39:31.781Z"},
        {"09\\03\\2002 15:39:31.781", "2002-09-03T15:39:31.781Z"},
        {"09\\03\\2002 15:39:31.0999", "2002-09-03T15:39:31.999Z"},
        {"09\\03\\2002 15:39:31.1000", NULL},
        {"09\\03\\2002 15:39:31.", NULL},
        {"09\\03\\2002 15:39:31", "2002-09-03T15:39:31Z"},
        {" 9\\3\\2002 5:9:1 ", "2002-09-03T05:09:01Z"},
        {"12\\31\\1999 23:59:59", "1999-12-31T23:59:59Z"},
        {"13\\31\\1999 23:59:59", NULL},
        {"09/03/2002 15:39:31", NULL},
        {"09\\03\\2002 15:39:", NULL},
        {"09\\03\\2002 15:39", NULL},
        {"09\\03\\2002 15.39:31", NULL},
        {"09\\03\\2002", NULL},
        {"09\\03/2002 15:39:31", NULL},
        {"\\03\\2002 15:39:31", NULL},
        {"09\\03\\1234567890 15:39:31", NULL},
        {"0/\\03\\2002 15:39:31", NULL},
        {"0:\\03\\2002 15:39:31", NULL},
        {"noon", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        char head[128], time[WHEN_TEXT_MAX];
        (void)snprintf(head, sizeof head, "!LogType=pool\n!SystemTime=%s", t[i].value);
        struct captures c = logged(head);
        assert_int_equal(c.n, 1);
        const struct pool_snapshot *s = &c.v[0];
        assert_int_equal(s->notes.seen[NOTE_HEADER_DAMAGED], t[i].time == NULL);
        if (s->time.source != (t[i].time != NULL ? TIME_CAPTURE : TIME_NONE))
            fail_msg("%s: %d", t[i].value, (int)s->time.source);
        if (t[i].time != NULL)
            assert_string_equal(when_text(&s->time, time), t[i].time);
        captures_free(&c);
    }
}

static void test_ticks(void **state)
{
    (void)state;
#define AT(time, ticks) "!LogType=pool\n!SystemTime=09\\" time "\n!TickCount=" ticks
    static const struct {
        const char *heads;
        int64_t uptime_s; /* of the last one */
        bool doubt;       /* whether the count began again before it */
    } t[] = {
        {AT("03\\2002 10:00:00", "1999"), 1, true},
        {AT("03\\2002 10:00:00", "4294967295"), 4294967, true},
        {AT("03\\2002 10:00:00", "4294967296"), -1, false},
        {AT("03\\2002 10:00:00", "-1"), -1, false},
        {"!LogType=pool\n!TickCount=5000", 5, true},
        /* an hour later, to a minute */
        {AT("03\\2002 10:00:00", "1000") "|" AT("03\\2002 11:00:00", "3601000"), 3601,
         false},
        {AT("03\\2002 10:00:00", "1000") "|" AT("03\\2002 11:00:00", "3541001"), 3541,
         false},
        {AT("03\\2002 10:00:00", "1000") "|" AT("03\\2002 11:00:00", "3541000"), 3541,
         true},
        {AT("03\\2002 10:00:00", "1000") "|" AT("03\\2002 11:00:00", "3660999"), 3660,
         false},
        {AT("03\\2002 10:00:00", "1000") "|" AT("03\\2002 11:00:00", "3661000"), 3661,
         true},
        /* it began again: once, or not at all but with a restart */
        {AT("03\\2002 10:00:00", "4294967000") "|" AT("03\\2002 11:00:00", "3599704"),
         4298567, false},
        {AT("03\\2002 10:00:00", "4294967000") "|" AT("03\\2002 11:00:00", "1000"), 1,
         true},
        /* the same moment; one before it; one without a time */
        {AT("03\\2002 10:00:00", "1000") "|" AT("03\\2002 10:00:00", "1000"), 1, false},
        {AT("03\\2002 10:00:00", "7201000") "|" AT("03\\2002 09:00:00", "3601000"), 3601,
         true},
        {AT("03\\2002 10:00:00", "1000") "|!LogType=pool\n!TickCount=1000", 1, true},
        {"!LogType=pool\n!TickCount=1000|" AT("03\\2002 10:00:00", "1000"), 1, true},
        {AT("03\\2002 10:00:00", "1000") "|!LogType=pool|" AT("03\\2002 11:00:00",
                                                              "3601000"),
         3601, false},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct captures c = logged(t[i].heads);
        assert_true(c.n > 0);
        const struct pool_snapshot *s = &c.v[c.n - 1];
        if (s->uptime_s != t[i].uptime_s ||
            s->notes.seen[NOTE_UPTIME_WRAPS] != t[i].doubt)
            fail_msg("%s: %lld", t[i].heads, (long long)s->uptime_s);
        captures_free(&c);
    }
}

static void test_names(void **state)
{
    (void)state;
    static const struct {
        const char *head, *facts, *host; /* NULL: no log of memsnap */
    } t[] = {
        {"!LogType=pool", "log_type=pool\n", ""},
        {"  !LogType= pool ", "log_type=pool\n", ""},
        {"!logtype=pool", "log_type=pool\n", ""},
        {"!buildnumber=3790\n!buildtype=retail", "build=3790\nbuild_type=retail\n", ""},
        {"!ComputerName=WEB01", "", "WEB01"},
        {"!TickCount=many", "tick_count=many\n", ""},
        {"!LogType=pool\n!Other_9=x", "log_type=pool\nOther_9=x\n", ""},
        {"!LogType=pool\n\n!Other=x", "log_type=pool\nOther=x\n", ""},
        {"!LogType=memory", NULL, NULL},
        {"!ComputerName=WEB01\n!LogType=process", NULL, NULL},
        {"!Other=x", NULL, NULL},
        {"LogType=pool", NULL, NULL},
        {"!=pool", NULL, NULL},
        {"!LogType", NULL, NULL},
        {"!LogType:pool", NULL, NULL},
        {"!Log-Type=pool", NULL, NULL},
        {"!", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct captures c = logged(t[i].head);
        const bool ours =
            c.n > 0 && strcmp(pool_snapshot_str(&c.v[0], c.v[0].format), "memsnap") == 0;
        if (ours != (t[i].facts != NULL))
            fail_msg("%s: %d", t[i].head, ours);
        if (ours) {
            assert_string_equal(pool_snapshot_str(&c.v[0], c.v[0].facts), t[i].facts);
            assert_string_equal(pool_snapshot_str(&c.v[0], c.v[0].host), t[i].host);
        }
        captures_free(&c);
    }
}

/* Names are as long as 40 characters; of all that a head says 32 facts are kept. */
static void test_bounds_of_a_head(void **state)
{
    (void)state;
    static const char name[] = "A234567890123456789012345678901234567890";
    char head[4096];
    for (int more = 0; more < 2; more++) {
        (void)snprintf(head, sizeof head, "!LogType=pool\n!%s%.*s=x", name, more, "B");
        struct captures c = logged(head);
        const bool whole =
            c.n == 1 && strstr(pool_snapshot_str(&c.v[0], c.v[0].facts), name) != NULL;
        assert_int_equal(whole, more == 0);
        captures_free(&c);
    }
    size_t n = 0;
    for (int k = 0; k < 2; k++) {
        n += (size_t)snprintf(head + n, sizeof head - n, "%s!LogType=pool",
                              k > 0 ? "|" : "");
        for (int i = 1; i < 40; i++)
            n += (size_t)snprintf(head + n, sizeof head - n, "\n!N%d=%d", i, i);
    }
    struct captures c = logged(head);
    assert_int_equal(c.n, 2);
    for (size_t k = 0; k < 2; k++) {
        const char *facts = pool_snapshot_str(&c.v[k], c.v[k].facts);
        assert_non_null(strstr(facts, "N31=31\n"));
        assert_null(strstr(facts, "N32=32\n"));
    }
    captures_free(&c);
    c = logged("!LogType=pool\n!=x");
    assert_true(c.n == 0 ||
                strstr(pool_snapshot_str(&c.v[0], c.v[0].facts), "=x") == NULL);
    captures_free(&c);
}

/* What is no pool log is told, whatever stands around it. */
static void test_other_logs(void **state)
{
    (void)state;
    static const struct {
        const char *text, *what;
    } t[] = {
        {"!LogType=memory\n1 a 2 3\n", "process log"},
        {"!LogType=Process\n1 a 2 3\n", "process log"},
        {"Process ID  Proc.Name  Wrkng.Set PagedPool\n1 a 2 3\n", "process log"},
        {"Process ID  Proc.Name  PagedPool\n1 a 2 3\n", ""},
        {"!LogType=pool\nwords of somebody\n", "do not prove themselves"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct captures c = captures_text(t[i].text);
        if (strstr(c.e.text, t[i].what) == NULL)
            fail_msg("%s: %s", t[i].text, c.e.text);
        captures_free(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times),      cmocka_unit_test(test_ticks),
        cmocka_unit_test(test_names),      cmocka_unit_test(test_bounds_of_a_head),
        cmocka_unit_test(test_other_logs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
