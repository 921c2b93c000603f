/* SPDX-License-Identifier: MIT */
/* Outputs of other tools that come near a form or use all that it allows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/when.h"
#include "tests/unit/captures.h"

/* Lines that come near a form and are not of it, and heads with a blank line. */
static void test_near_misses(void **state)
{
    (void)state;
    struct captures c =
        captures_text("  Summary1,16777216,9000000,400263915,12672,119000\n"
                      "  Summary2,15680004,40433912,15917968,180000,120000\n");
    assert_int_equal(c.n, 0); /* without a time */
    captures_free(&c);
    c = captures_text("!LogType=pool\n!ComputerName=WEB01\n\n!buildnumber=3790\n"
                      " Leak Nonp     912345     12345   900000 172800000     192\n"
                      " CM31 Paged     53210     41100    12110  99205120    8192\n");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].n_rows, 2);
    assert_string_equal(pool_snapshot_str(&c.v[0], c.v[0].format), "memsnap");
    assert_string_equal(pool_snapshot_str(&c.v[0], c.v[0].host), "WEB01");
    captures_free(&c);
    c = captures_text(
        "Tag,Type,Allocs,Frees,Diff,Bytes,KBytes,B / Alloc,Source,\n"
        "Leak,Non Paged,912345,12345,900000,172800000,168750 KB,192,a.sys,\n"
        "Gone,Paged,5,5,0,0,0 KB,0,,\n");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].n_rows, 2);
    assert_int_equal(c.v[0].rows[1].live, 0);
    assert_int_equal(c.v[0].rows[1].bytes, 0);
    captures_free(&c);
}

/* Titles whose quotes do not close, or stand twice, are somebody's words. */
static void test_titles_of_nothing(void **state)
{
    (void)state;
    static const char *const titles[] = {"Tag,Type,Bytes,KBytes,\"Source",
                                         "Tag,Type,Bytes,KBytes,\"Source\" of all",
                                         "Tag,Type,Bytes,KBytes,Bytes",
                                         "Tag,Type,Bytes,Source",
                                         "Tag,Bytes,KBytes",
                                         "Type,Bytes,KBytes",
                                         "Tag,Type,KBytes"};
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        char text[256];
        (void)snprintf(text, sizeof text, "%s\nLeak,Paged,4096,4,\nFile,Paged,64,1,\n",
                       titles[i]);
        struct captures c = captures_text(text);
        if (c.n > 0 && strcmp(pool_snapshot_str(&c.v[0], c.v[0].format), "poolmonx") == 0)
            fail_msg("%s", titles[i]);
        captures_free(&c);
    }
    struct captures c = captures_text("Tag,Type,Bytes,KBytes,\"Source\"\n"
                                      "Leak,Paged,4096,4,\nFile,Paged,64,1,\n");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].n_rows, 2);
    assert_string_equal(pool_snapshot_str(&c.v[0], c.v[0].format), "poolmonx");
    captures_free(&c);
}

/* memsnap prints all figures of a row: one that contradicts the others, or stops among
 * them, is not believed. */
static void test_memsnap_rows_prove_themselves(void **state)
{
    (void)state;
    struct captures c =
        captures_text("!LogType=pool\n!ComputerName=WEB01\n!buildnumber=3790\n"
                      " Leak Nonp     912345     12345   900000 172800000     192\n"
                      " CM31 Paged     53210     41100    12110  99205120    8192\n"
                      " Bad1 Nonp       1000       400      601     60000     100\n"
                      " Bad2 Paged      1000       400      600\n"
                      " Irp  Nonp    4411873   4410021     1852    947824     511\n");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].n_rows, 3);
    assert_int_equal(c.v[0].notes.seen[NOTE_ROW_DROPPED], 2);
    assert_memory_equal(c.v[0].rows[2].tag.b, "Irp ", 4);
    captures_free(&c);
}

/* The time in UTC is taken before that of the machine; what says its zone keeps it. */
static void test_times_of_powershell(void **state)
{
    (void)state;
    static const struct {
        const char *titles, *times, *time; /* NULL: none */
    } t[] = {
        {"DateTime", "2026-11-09T10:00:00", "2026-11-09T10:00:00"},
        {"DateTime", "2026-11-09T10:00:00+01:00", "2026-11-09T10:00:00+01:00"},
        {"DateTimeUTC", "2026-11-09T10:00:00", "2026-11-09T10:00:00Z"},
        {"DateTimeUTC", "2026-11-09T10:00:00+01:00", "2026-11-09T10:00:00+01:00"},
        {"DateTime,DateTimeUTC", "2026-11-09T10:00:00,2026-11-09T09:00:00",
         "2026-11-09T09:00:00Z"},
        {"DateTime", "12/31/2026 10:00:00 PM", "2026-12-31T22:00:00"},
        {"DateTime", "later", NULL},
        {"DateTime", "", NULL},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        char text[512], time[WHEN_TEXT_MAX];
        (void)snprintf(text, sizeof text,
                       "%s,Tag,PagedDiff,PagedUsedBytes\n%s,Leak,5,50\n", t[i].titles,
                       t[i].times);
        struct captures c = captures_text(text);
        assert_int_equal(c.n, 1);
        assert_string_equal(pool_snapshot_str(&c.v[0], c.v[0].format), "powershell");
        assert_int_equal(c.v[0].n_rows, 1);
        if ((c.v[0].time.source == TIME_CAPTURE) != (t[i].time != NULL))
            fail_msg("%s", t[i].times);
        if (t[i].time != NULL)
            assert_string_equal(when_text(&c.v[0].time, time), t[i].time);
        captures_free(&c);
    }
}

/* A table of which no row could be believed is cut, and says that it is empty. */
static void test_no_row_left(void **state)
{
    (void)state;
    struct captures c =
        captures_text("Tag    NpAllocs NpFrees  NpBytes   PgAllocs PgFrees PgBytes\n"
                      "FMfn 9 4 4 0 0 0\n");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].n_rows, 0);
    assert_int_equal(c.v[0].completeness, COMPLETE_CUT);
    assert_int_equal(c.v[0].notes.seen[NOTE_EMPTY_CAPTURE], 1);
    assert_int_equal(c.v[0].notes.seen[NOTE_CUT], 0);
    captures_free(&c);
}

/* Rows that do not stand below their titles any more: the tag is the first word. */
static void test_titles_moved(void **state)
{
    (void)state;
    struct captures c =
        captures_text("   Tag    NpAllocs NpFrees  NpBytes   PgAllocs PgFrees PgBytes\n"
                      "   ------ -------- -------- --------- -------- ------- --------\n"
                      "Leak 912345 12345 172800000 0 0 0\n"
                      "CM31 0 0 0 53210 41100 99205120\n");
    assert_int_equal(c.n, 1);
    assert_string_equal(pool_snapshot_str(&c.v[0], c.v[0].format), "volatility");
    assert_int_equal(row_of(&c.v[0], "Leak", POOL_NONPAGED)->bytes, 172800000);
    assert_int_equal(row_of(&c.v[0], "CM31", POOL_PAGED)->bytes, 99205120);
    assert_int_equal(c.v[0].notes.seen[NOTE_ROW_DROPPED], 0);
    captures_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_near_misses),
        cmocka_unit_test(test_titles_of_nothing),
        cmocka_unit_test(test_memsnap_rows_prove_themselves),
        cmocka_unit_test(test_times_of_powershell),
        cmocka_unit_test(test_no_row_left),
        cmocka_unit_test(test_titles_moved),
    };
    return cmocka_run_group_tests_name("near other tools", tests, NULL, NULL);
}
