/* SPDX-License-Identifier: MIT */
/* Rows of HTTP.SYS' log: which of them say that connections were refused, and how many;
 * rows that stand without a head; the last, torn one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "captures.h"
#include "formats/beside/httperr.h"

#define FIELDS "date time c-ip c-port s-ip s-port cs-version cs-uri s-reason s-queuename"
#define HEAD   "#Fields: " FIELDS "\n"
#define T      "2014-06-03 05:14:40 "
#define ROW    T "- - - - - - 4_Connections_Refused -\n"

/* Connections that the text's first record says were refused, and its other rows. */
static void counts_of(const char *text, uint64_t *refused, const char **others)
{
    static char facts[64];
    struct captures c = captures_text(text);
    if (c.n != 1)
        fail_msg("%zu records: %s", c.n, text);
    *refused = 0;
    for (size_t i = 0; i < c.v[0].n_events; i++)
        *refused += c.v[0].events[i].count;
    (void)snprintf(facts, sizeof facts, "%s", pool_snapshot_str(&c.v[0], c.v[0].facts));
    *others = facts;
    captures_free(&c);
}

static void reasons(void **state)
{
    (void)state;
    static const struct {
        const char *reason;
        uint64_t refused;
    } t[] = {
        {"Connections_Refused", 1},
        {"connections_refused", 1},
        {"27_Connections_Refused", 27},
        {"0_Connections_Refused", 0},
        {"_Connections_Refused", 0},
        {"x_Connections_Refused", 0},
        {"2x_Connections_Refused", 0},
        {"2-Connections_Refused", 0},
        {"2Connections_Refused", 0},
        {"18446744073709551615_Connections_Refused", UINT64_MAX},
        {"18446744073709551616_Connections_Refused", 0},
        {"2_Connections_Refused_", 0},
        {"2_Connections", 0},
        {"-", 0},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        char text[512];
        uint64_t refused;
        const char *others;
        (void)snprintf(text, sizeof text, HEAD T "- - - - - - %s -\n", t[i].reason);
        counts_of(text, &refused, &others);
        if (refused != t[i].refused)
            fail_msg("%s: %llu", t[i].reason, (unsigned long long)refused);
        assert_string_equal(others, refused > 0 ? "" : "other_entries=1\n");
    }
}

/* Where there are as many fields as in the head the reason's own is read, else any. */
static void places_of_the_reason(void **state)
{
    (void)state;
    static const struct {
        const char *head, *row;
        bool refused;
    } t[] = {
        {HEAD, T "- - - - - - Connections_Refused -\n", true},
        {HEAD, T "- - - - - Connections_Refused - -\n", false},
        {HEAD, T "- - - - - - - Connections_Refused\n", false},
        {HEAD, T "- - - - - Connections_Refused -\n", true},
        {HEAD, T "- - Connections_Refused\n", true},
        {HEAD, T "Connections_Refused - -\n", true},
        {HEAD, T "- - - - - - - - Connections_Refused -\n", true},
        {"# Fields: " FIELDS "\n", T "- - - - - - Connections_Refused -\n", true},
        {"# Fields: " FIELDS "\n", T "- - - - - Connections_Refused - -\n", false},
        {"> #Fields: " FIELDS "\n", "> " T "- - - - - - Connections_Refused -\n", true},
        {"# #Fields: " FIELDS "\n", "# " T "- - - - - - Connections_Refused -\n", true},
        {"| #fields: " FIELDS "\n", "|" T "- - - - - - Connections_Refused -\n", true},
        {"#Fields: date time c-ip s-reasons x y\n", T "- Connections_Refused - -\n",
         true},
        {"#Fields: date time c-ip c-port s-ip s-port s-reason\n",
         "> " T "- - - - Connections_Refused\n", true},
        /* another head */
        {HEAD "#Fields: date time c-ip c-port s-reason\n", T "- - Connections_Refused\n",
         true},
        {HEAD "#Fields: date time c-ip c-port s-reason\n", T "- Connections_Refused -\n",
         false},
        {HEAD "#Version: 1.0\n#Date: 2014-06-03 05:14:40\n",
         T "- - - - - Connections_Refused - -\n", false},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        char text[512];
        uint64_t refused;
        const char *others;
        (void)snprintf(text, sizeof text, "%s%s", t[i].head, t[i].row);
        counts_of(text, &refused, &others);
        if (refused != t[i].refused)
            fail_msg("%s", text);
    }
}

static void rows_without_a_head(void **state)
{
    (void)state;
    static const struct {
        const char *row;
        int claim;
    } t[] = {
        {"- - - - Connections_Refused", CLAIM_SURE},
        {"- - - - 3_Connections_Refused -", CLAIM_SURE},
        {"- - - Connections_Refused", CLAIM_NONE},
        {"- - - - x_Connections_Refused", CLAIM_NONE},
        /* any other reason: of long rows, and near their end */
        {"- - - - - - - - Timer_ConnectionIdle", CLAIM_ROW},
        {"- - - - - - - Timer_ConnectionIdle", CLAIM_NONE},
        {"- - - - - - - QueueFull - - - - - -", CLAIM_NONE},
        {"- - - - - - - - QueueFull - - - - -", CLAIM_ROW},
        {"- - - - QueueFull - - - - -", CLAIM_ROW},
        {"- - - - - - - - Success - - - - -", CLAIM_NONE},
        {"- - - - - - - - BadRequests", CLAIM_ROW},
        {"- - - - - - - - Verb", CLAIM_ROW},
        /* both ends of a connection */
        {"192.0.2.9 80 192.0.2.1 65535 Connections_Refused", CLAIM_SURE},
        {"192.0.2.9 80 192.0.2.1 65536 Connections_Refused", CLAIM_NONE},
        {"192.0.2.9 65536 192.0.2.1 80 Connections_Refused", CLAIM_NONE},
        {"192.0.2.9 x 192.0.2.1 80 Connections_Refused", CLAIM_NONE},
        {"2001:db8::af09%eth0 80 FE80::1 80 Connections_Refused", CLAIM_SURE},
        {"2001:dg8::1 80 - 80 Connections_Refused", CLAIM_NONE},
        {"1234 80 - 80 Connections_Refused", CLAIM_NONE},
        {"- 80 192.0.2.x 80 Connections_Refused", CLAIM_NONE},
        {"-- 80 - 80 Connections_Refused", CLAIM_NONE},
        {"%eth0 80 - 80 Connections_Refused", CLAIM_NONE},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        char row[256];
        const int n = snprintf(row, sizeof row, T "%s", t[i].row);
        const struct text_line l = {.p = row, .n = (size_t)n, .number = 1};
        if (httperr_text_format.begins(&l, 1) != t[i].claim)
            fail_msg("%s: %d", row, httperr_text_format.begins(&l, 1));
    }
}

/* Half a row at the end of a log is told; anything else there is no part of it. */
static void torn_rows(void **state)
{
    (void)state;
    static const struct {
        const char *last;
        bool torn;
    } t[] = {
        {"2", true},
        {"2014", true},
        {"2014-", true},
        {"2014-06-0", true},
        {"2014-06-03", true},
        {"2014-06-03 05:1", true},
        {"2014-06-03 05:14:40 -", true},
        {"2014-06-03 and more", true},
        {"# 2014-0", true},
        {"20140", false},
        {"2014/", false},
        {"2014-6-", false},
        {"2014-06/", false},
        {"x", false},
        {"/", false},
        {":", false},
        {"2014-06-03\n", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        char text[512];
        (void)snprintf(text, sizeof text, HEAD ROW "%s", t[i].last);
        struct captures c = captures_text(text);
        assert_int_equal(c.n, 1);
        if ((c.v[0].completeness == COMPLETE_CUT) != t[i].torn ||
            c.v[0].notes.seen[NOTE_CUT] != t[i].torn)
            fail_msg("'%s'", t[i].last);
        assert_int_equal(c.v[0].n_events, 1);
        captures_free(&c);
    }
}

/* A record's time is that of its first event; without events, of its first row. */
static void times(void **state)
{
    (void)state;
    static const struct {
        const char *rows;
        int64_t ms; /* behind the first */
    } t[] = {
        {T "- - - - - - a -\n2014-06-03 05:14:41 - - - - - - Connections_Refused -\n",
         1000},
        {T "- - - - - - a -\n2014-06-03 05:14:41 - - - - - - b -\n", 0},
        {T "- - - - - - Connections_Refused -\n2014-06-03 05:14:39 - - - - - - b -\n", 0},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        char text[512];
        (void)snprintf(text, sizeof text, HEAD "%s", t[i].rows);
        struct captures c = captures_text(text);
        assert_int_equal(c.n, 1);
        assert_int_equal(c.v[0].time.source, TIME_CAPTURE);
        assert_true(c.v[0].time.zone_known);
        assert_true(c.v[0].time.ms == 1401772480000 + t[i].ms);
        captures_free(&c);
    }
    struct captures c = captures_text("#Software: Microsoft HTTP API 1.0\n" HEAD);
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].time.source, TIME_NONE);
    assert_string_equal(pool_snapshot_str(&c.v[0], c.v[0].facts),
                        "software=Microsoft HTTP API 1.0\n");
    captures_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reasons),
        cmocka_unit_test(places_of_the_reason),
        cmocka_unit_test(rows_without_a_head),
        cmocka_unit_test(torn_rows),
        cmocka_unit_test(times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
