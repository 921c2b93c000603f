/* SPDX-License-Identifier: MIT */
/* `!vm`: totals and limits of both generations, and how they come to the captures beside
 * them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/captures.h"

enum { ABSENT_KIB = -1 };

/* In the order of the fields: memory, available, commit, limit, pools, their maxima. */
static const enum total_field order[] = {
    TOTAL_MEMORY_KIB,   TOTAL_AVAIL_KIB, TOTAL_COMMIT_KIB,         TOTAL_LIMIT_KIB,
    TOTAL_NONPAGED_KIB, TOTAL_PAGED_KIB, TOTAL_NONPAGED_LIMIT_KIB, TOTAL_PAGED_LIMIT_KIB};
enum { FIELDS = sizeof order / sizeof order[0] };

static void check_totals(const struct pool_snapshot *s, const int64_t *kib)
{
    uint32_t given = 0;
    for (size_t i = 0; i < FIELDS; i++) {
        if (kib[i] == ABSENT_KIB)
            continue;
        given |= 1u << order[i];
        assert_int_equal(s->totals.v[order[i]], kib[i]);
    }
    assert_int_equal(s->totals.given, given);
}

#define OLD                                                                              \
    {                                                                                    \
        2097152, 22172, 487796, 4145024, 228000, 131200, 262144, 344064                  \
    }
#define NEW                                                                              \
    {                                                                                    \
        33554432, 1252248, 17076712, 67108864, 9601072, 274400, 25165824, 134217728      \
    }

static void test_generations(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        int64_t kib[FIELDS];
        enum completeness is;
        enum note_code note; /* NOTE_CODES: none at all */
    } files[] = {
        {"vm/old.txt", OLD, COMPLETE_WHOLE, NOTE_CODES},
        {"vm/new.txt", NEW, COMPLETE_WHOLE, NOTE_CODES},
        {"vm/quoted.txt", NEW, COMPLETE_WHOLE, NOTE_PREFIX},
        {"vm/doubled-lines.txt", OLD, COMPLETE_WHOLE, NOTE_CODES},
        {"vm/with-processes.txt", OLD, COMPLETE_WHOLE, NOTE_CODES},
        {"vm/itanium.txt",
         {4194304, 44344, 975592, 8290048, 456000, 262400, 524288, 688128},
         COMPLETE_WHOLE,
         NOTE_CODES},
        {"vm/no-nx.txt",
         {33554432, 1252248, 17076712, 67108864, 1072, 274400, 25165824, 134217728},
         COMPLETE_WHOLE,
         NOTE_CODES},
        {"vm/new-negative.txt",
         {33554432, 1252248, 17076712, 67108864, 9601072, 274400, 17179869184, 134217728},
         COMPLETE_WHOLE,
         NOTE_NEGATIVE_FIGURE},
        {"vm/damaged.txt",
         {2097152, ABSENT_KIB, 487796, 4145024, ABSENT_KIB, 131200, 262144, 344064},
         COMPLETE_CUT,
         NOTE_HEADER_DAMAGED},
        {"vm/fragment.txt",
         {ABSENT_KIB, 1252248, ABSENT_KIB, ABSENT_KIB, 9601072, ABSENT_KIB, 25165824,
          ABSENT_KIB},
         COMPLETE_CUT,
         NOTE_CUT},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        print_message("%s\n", files[i].file);
        struct captures c = captures_fixture(files[i].file);
        assert_int_equal(c.n, 1);
        assert_int_equal(c.v[0].record, RECORD_TOTALS);
        assert_int_equal(c.v[0].n_rows, 0);
        check_totals(&c.v[0], files[i].kib);
        assert_int_equal(c.v[0].completeness, files[i].is);
        assert_null(pool_snapshot_valid(&c.v[0]));
        if (files[i].note == NOTE_CODES)
            assert_int_equal(c.v[0].notes.n, 0);
        else
            assert_int_equal(c.v[0].notes.seen[files[i].note], 1);
        captures_free(&c);
    }
}

static void test_two_outputs(void **state)
{
    (void)state;
    struct captures c = captures_fixture("vm/two-outputs.txt");
    assert_int_equal(c.n, 2);
    assert_int_equal(c.v[0].totals.v[TOTAL_NONPAGED_KIB], 228000);
    assert_int_equal(c.v[1].totals.v[TOTAL_NONPAGED_KIB], 228004);
    captures_free(&c);
}

/* ---- beside a table ---- */

static void test_before_two_tables(void **state)
{
    (void)state;
    static const int64_t kib[] = NEW;
    struct captures c = captures_fixture("poolused/vm-then-tables.txt");
    assert_int_equal(c.n, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(c.v[i].record, RECORD_CAPTURE);
        assert_int_equal(c.v[i].n_rows, 8);
        assert_int_equal(c.v[i].ordinal, i + 1);
        assert_string_equal(pool_snapshot_str(&c.v[i], c.v[i].format), "poolused");
        assert_int_equal(c.v[i].completeness, COMPLETE_WHOLE);
        assert_int_equal(c.v[i].notes.seen[NOTE_SUPPLEMENT], 1);
        check_totals(&c.v[i], kib);
    }
    captures_free(&c);
}

static void test_behind_a_table(void **state)
{
    (void)state;
    static const int64_t kib[] = OLD;
    struct captures c = captures_fixture("poolused/table-then-vm.txt");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].n_rows, 11);
    check_totals(&c.v[0], kib);
    captures_free(&c);
}

/* What somebody wrote between them may mean another day, or another machine. */
static void test_prose_between(void **state)
{
    (void)state;
    struct captures c = captures_fixture("poolused/vm-prose-table.txt");
    assert_int_equal(c.n, 2);
    assert_int_equal(c.v[0].record, RECORD_TOTALS);
    assert_string_equal(pool_snapshot_str(&c.v[0], c.v[0].format), "vm");
    assert_int_equal(c.v[1].record, RECORD_CAPTURE);
    assert_int_equal(c.v[1].totals.given, 0);
    assert_string_equal(pool_snapshot_str(&c.v[1], c.v[1].format), "poolused");
    captures_free(&c);
}

/* The debugger's own clock dates what comes behind it. */
static void test_session_time(void **state)
{
    (void)state;
    const int64_t ms = 1794218400123; /* 2026-11-09T10:00:00.123 */
    const int64_t day_s = 24 * 3600, up_s = 3 * day_s + 4 * 3600 + 5 * 60 + 6;
    struct captures c = captures_fixture("poolused/session-time.txt");
    assert_int_equal(c.n, 2);
    for (int i = 0; i < 2; i++) {
        const struct pool_snapshot *s = &c.v[i];
        assert_int_equal(s->time.source, TIME_LINE);
        assert_int_equal(s->time.ms, ms + i * day_s * 1000);
        assert_true(s->time.zone_known);
        assert_int_equal(s->time.zone_min, 60);
        assert_int_equal(s->uptime_s, up_s + i * day_s);
        assert_int_equal(s->notes.seen[NOTE_TIME_FROM_LINE], 1);
    }
    /* Yesterday's totals are not today's. */
    assert_int_equal(c.v[0].totals.v[TOTAL_NONPAGED_KIB], 9601072);
    assert_int_equal(c.v[1].totals.given, 0);
    assert_int_equal(c.v[1].n_rows, 8);
    captures_free(&c);
}

/* What comes behind the time as no time takes nothing from it. */
static void test_session_time_unread(void **state)
{
    (void)state;
    struct captures c = captures_text(
        "lkd> .time\nDebug session time: Mon Nov  9 10:00:00.123 2026 (UTC + 1:00)\n"
        "lkd> .time\nDebug session time: not known (UTC + 2:00)\nlkd> !poolused 2\n\n"
        "               NonPaged                  Paged\n"
        " Tag     Allocs         Used     Allocs         Used\n\n"
        " File      9386      3741536          0            0\n\n"
        "TOTAL      9386      3741536          0            0\n");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].time.source, TIME_LINE);
    assert_int_equal(c.v[0].time.ms, 1794218400123);
    assert_int_equal(c.v[0].time.zone_min, 60);
    captures_free(&c);
}

/* Zones and uptimes in other words than the debugger's own are not known, not guessed. */
static void test_clocks_of_a_session(void **state)
{
    (void)state;
    enum { NO_ZONE = 1000 };
    static const struct {
        const char *zone, *uptime;
        int zone_min;
        int64_t uptime_s; /* -1: none */
    } t[] = {{"(UTC + 1:00)", "3 days 4:05:06.789", 60, 273906},
             {"(UTC - 3:30)", "1 day 0:00:01", -210, 86401},
             {"(UTC + 14:59)", "0 days 0:00:59.9", 899, 59},
             {"(UTC +1:00)", "100001 days 0:00:00", 60, -1},
             {"", "", NO_ZONE, -1},
             {"(GMT + 1:00)", "not available", NO_ZONE, -1},
             {"(UTC)", "3 weeks 4:05:06", NO_ZONE, -1},
             {"(UTC 1:00)", "3 days 4:05", NO_ZONE, -1},
             {"(UTC + 1)", "3 days 4", NO_ZONE, -1},
             {"(UTC + :00)", "3 days :05:06", NO_ZONE, -1},
             {"(UTC + 1:00", "3 days 4.05.06", NO_ZONE, -1},
             {"(UTC + 1:", "3", NO_ZONE, -1},
             {"(UTC +", "3 days", NO_ZONE, -1},
             {"(UTC + 15:00)", "days", NO_ZONE, -1},
             {"(UTC + 1:60)", "3 days 4:5:x", NO_ZONE, -1}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        char text[512];
        (void)snprintf(text, sizeof text,
                       "lkd> .time\nDebug session time: Mon Nov  9 10:00:00.123 2026 %s\n"
                       "System Uptime: %s\nlkd> !poolused 2\n\n"
                       "               NonPaged                  Paged\n"
                       " Tag     Allocs         Used     Allocs         Used\n\n"
                       " File      9386      3741536          0            0\n\n"
                       "TOTAL      9386      3741536          0            0\n",
                       t[i].zone, t[i].uptime);
        struct captures c = captures_text(text);
        assert_int_equal(c.n, 1);
        const struct pool_snapshot *s = &c.v[0];
        assert_int_equal(s->time.ms, 1794218400123);
        if (s->time.zone_known != (t[i].zone_min != NO_ZONE) ||
            (s->time.zone_known && s->time.zone_min != t[i].zone_min))
            fail_msg("%s: %d, zone %d", t[i].zone, s->time.zone_known, s->time.zone_min);
        if (s->uptime_s != t[i].uptime_s)
            fail_msg("%s: %lld s", t[i].uptime, (long long)s->uptime_s);
        captures_free(&c);
    }
}

/* A pool's line proves itself; another one needs a second beside it. */
static void test_lines_alone(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t captures;
    } t[] = {{"NonPagedPool Usage:    57000 (  228000 Kb)\n", 1},
             {"Available Pages:       5543 (   22172 Kb)\n", 0},
             {"Available Pages:       5543 (   22172 Kb)\n"
              "Modified Pages:        1000 (    4000 Kb)\n",
              1}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct captures c = captures_text(t[i].text);
        if (c.n != t[i].captures)
            fail_msg("%zu captures: %s", c.n, t[i].text);
        captures_free(&c);
    }
}

static char *joined(const char *const *names, size_t count)
{
    char *all = calloc(1, 1 << 20);
    size_t at = 0;
    for (size_t i = 0; all != NULL && i < count; i++) {
        size_t n = 0;
        uint8_t *p = fixture(names[i], &n);
        if (p != NULL && at + n < 1 << 20)
            memcpy(all + at, p, n);
        at += n;
        free(p);
    }
    return all;
}

/* Captures of other formats go through as they come, and take no totals. */
static void test_other_formats_between(void **state)
{
    (void)state;
    static const char *const names[] = {
        "vm/old.txt", "poolmon/n32.txt", "poolused/x64-verbose.txt",
        "vm/new.txt", "vm/old.txt",      "poolmon/xp-screen.txt"};
    static const char *const formats[] = {"vm", "poolmon", "poolused", "vm", "poolmon"};
    static const int64_t kib[] = NEW;
    char *text = joined(names, sizeof names / sizeof names[0]);
    assert_non_null(text);
    struct captures c = captures_text(text);
    assert_int_equal(c.n, 5);
    for (size_t i = 0; i < c.n; i++) {
        assert_string_equal(pool_snapshot_str(&c.v[i], c.v[i].format), formats[i]);
        assert_int_equal(c.v[i].ordinal, i + 1);
    }
    check_totals(&c.v[2], kib);
    free(text);
    captures_free(&c);
}

/* A figure or a title that comes again begins another output. */
static void test_again(void **state)
{
    (void)state;
    static const char one[] = "*** Virtual Memory Usage ***\n"
                              "\tPhysical Memory:      524288 ( 2097152 Kb)\n"
                              "\tNonPagedPool Usage:    57000 (  228000 Kb)\n";
    static const char *const behind[] = {
        "\tNonPagedPool Usage:    57001 (  228004 Kb)\n",
        "*** Virtual Memory Usage ***\n\tNonPagedPool Usage:    57001 (  228004 Kb)\n"};
    for (size_t i = 0; i < 2; i++) {
        char text[512];
        (void)snprintf(text, sizeof text, "%s%s", one, behind[i]);
        struct captures c = captures_text(text);
        assert_int_equal(c.n, 2);
        assert_int_equal(c.v[0].totals.v[TOTAL_NONPAGED_KIB], 228000);
        assert_int_equal(c.v[1].totals.v[TOTAL_NONPAGED_KIB], 228004);
        assert_int_equal(c.v[1].totals.given, 1u << TOTAL_NONPAGED_KIB);
        captures_free(&c);
    }
}

/* Each line in back-quotes or bars, as forums want it. */
static void test_marked_lines(void **state)
{
    (void)state;
    static const char *const marks[] = {"`", "| ", "**"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        static const char *const lines[] = {"*** Virtual Memory Usage ***",
                                            "Physical Memory:  524288 ( 2097152 Kb)",
                                            "Available Pages:    5543 (   22172 Kb)",
                                            "NonPagedPool Usage: 57000 (  228000 Kb)"};
        char text[512];
        size_t n = 0;
        for (size_t k = 0; k < sizeof lines / sizeof *lines; k++)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%s%s\n", marks[i],
                                  lines[k], marks[i]);
        struct captures c = captures_text(text);
        if (c.n != 1 || c.v[0].totals.v[TOTAL_MEMORY_KIB] != 2097152 ||
            c.v[0].totals.v[TOTAL_AVAIL_KIB] != 22172 ||
            c.v[0].totals.v[TOTAL_NONPAGED_KIB] != 228000)
            fail_msg("%s: %zu", marks[i], c.n);
        assert_int_equal(c.v[0].notes.seen[NOTE_MARKUP], 1);
        captures_free(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_generations),
        cmocka_unit_test(test_two_outputs),
        cmocka_unit_test(test_before_two_tables),
        cmocka_unit_test(test_behind_a_table),
        cmocka_unit_test(test_prose_between),
        cmocka_unit_test(test_session_time),
        cmocka_unit_test(test_session_time_unread),
        cmocka_unit_test(test_clocks_of_a_session),
        cmocka_unit_test(test_lines_alone),
        cmocka_unit_test(test_other_formats_between),
        cmocka_unit_test(test_again),
        cmocka_unit_test(test_marked_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
