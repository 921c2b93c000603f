/* SPDX-License-Identifier: MIT */
/* What other tools save and copy: xray, memsnap, poolmon-powershell, PoolMonX, System
 * Informer, volatility, rekall. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/when.h"
#include "tests/unit/captures.h"

struct expected {
    const char *name, *format;
    size_t snapshots, rows; /* rows of the last snapshot */
    enum completeness completeness;
    int note; /* enum note_code, or -1: no note at all */
};

static const struct expected readable[] = {
    {"xray/two-sets.csv", "xray", 2, 6, COMPLETE_WHOLE, -1},
    {"xray/ambiguous.csv", "xray", 2, 6, COMPLETE_WHOLE, -1},
    {"xray/comma-clock.csv", "xray", 1, 6, COMPLETE_WHOLE, -1},
    {"xray/totals-alone.csv", "xray", 1, 0, COMPLETE_WHOLE, -1},
    {"xray/bytes-wrapped.csv", "xray", 1, 3, COMPLETE_WHOLE, NOTE_ROW_IDENTITY},
    {"powershell/view-csv.csv", "powershell", 1, 7, COMPLETE_WHOLE, -1},
    {"powershell/viz-utf16.csv", "powershell", 1, 7, COMPLETE_WHOLE, -1},
    {"powershell/one-byte.csv", "powershell", 1, 7, COMPLETE_WHOLE, -1},
    {"powershell/loop.csv", "powershell", 3, 6, COMPLETE_WHOLE, -1},
    {"powershell/loop-untimed.csv", "powershell", 2, 2, COMPLETE_WHOLE, -1},
    {"powershell/chosen-columns.csv", "powershell", 1, 2, COMPLETE_WHOLE, -1},
    {"powershell/older-titles.csv", "powershell", 1, 3, COMPLETE_WHOLE, -1},
    {"powershell/view-table.txt", "powershell", 2, 2, COMPLETE_WHOLE, -1},
    {"powershell/titles-lost.csv", "powershell", 1, 4, COMPLETE_WHOLE, -1},
    {"powershell/total-only.csv", "powershell", 1, 2, COMPLETE_WHOLE, NOTE_UNKNOWN_POOL},
    {"powershell/negative-diff.csv", "powershell", 1, 2, COMPLETE_WHOLE, NOTE_WRAP},
    {"powershell/contradictions.csv", "powershell", 1, 2, COMPLETE_WHOLE,
     NOTE_ROW_DROPPED},
    {"powershell/cut.csv", "powershell", 1, 5, COMPLETE_CUT, NOTE_CUT},
    {"poolmonx/v1.csv", "poolmonx", 1, 6, COMPLETE_WHOLE, -1},
    {"poolmonx/v1-utf16.csv", "poolmonx", 1, 6, COMPLETE_WHOLE, -1},
    {"poolmonx/v1-titles-lost.csv", "poolmonx", 1, 6, COMPLETE_WHOLE, -1},
    {"poolmonx/v1-wrapped.csv", "poolmonx", 1, 3, COMPLETE_WHOLE, NOTE_WRAP},
    {"poolmonx/v2-row.txt", "poolmonx2", 1, 1, COMPLETE_FILTERED, NOTE_APPROXIMATE},
    {"poolmonx/v2-rows.txt", "poolmonx2", 1, 6, COMPLETE_FILTERED, NOTE_SELECTED},
    {"poolmonx/v3.csv", "poolmonx3", 1, 6, COMPLETE_WHOLE, -1},
    {"poolmonx/v3-dots.csv", "poolmonx3", 1, 6, COMPLETE_WHOLE, -1},
    {"poolmonx/v3-one-bad.csv", "poolmonx3", 1, 2, COMPLETE_WHOLE, NOTE_ROW_DROPPED},
    {"systeminformer/rows.txt", "systeminformer", 1, 6, COMPLETE_FILTERED,
     NOTE_APPROXIMATE},
    {"systeminformer/rows-german.txt", "systeminformer", 1, 6, COMPLETE_FILTERED,
     NOTE_SELECTED},
    {"systeminformer/rows-french.txt", "systeminformer", 1, 6, COMPLETE_FILTERED,
     NOTE_SELECTED},
    {"systeminformer/one-pool.txt", "systeminformer", 1, 2, COMPLETE_FILTERED,
     NOTE_UNKNOWN_POOL},
    {"volatility/pooltracker.txt", "volatility", 1, 6, COMPLETE_WHOLE, -1},
    {"volatility/contradiction.txt", "volatility", 1, 6, COMPLETE_WHOLE,
     NOTE_ROW_DROPPED},
    {"rekall/pool_tracker.txt", "rekall", 1, 6, COMPLETE_WHOLE, NOTE_WRAP},
    {"rekall/older-titles.txt", "rekall", 1, 5, COMPLETE_WHOLE, -1},
    {"rekall/contradictions-cut.txt", "rekall", 1, 4, COMPLETE_CUT, NOTE_ROW_DROPPED},
    {"memsnap/proving.log", "memsnap", 2, 6, COMPLETE_WHOLE, -1},
};

static void test_every_fixture(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof readable / sizeof readable[0]; i++) {
        const struct expected *x = &readable[i];
        struct captures c = captures_fixture(x->name);
        if (c.e.code != 0 || c.n != x->snapshots)
            print_error("%s: %zu snapshots, %s\n", x->name, c.n, c.e.text);
        assert_int_equal(c.e.code, 0);
        assert_int_equal(c.n, x->snapshots);
        for (size_t k = 0; k < c.n; k++) {
            const char *broken = pool_snapshot_valid(&c.v[k]);
            if (broken != NULL)
                print_error("%s: %s\n", x->name, broken);
            assert_null(broken);
            assert_string_equal(pool_snapshot_str(&c.v[k], c.v[k].format), x->format);
        }
        const bool titled = strcmp(x->format, "volatility") == 0; /* by the program */
        if (c.notes.seen[NOTE_PROSE] != 0 && !titled)
            fail_msg("%s: a line of it belongs to no capture", x->name);
        const struct pool_snapshot *s = &c.v[c.n - 1];
        if (s->n_rows != x->rows)
            print_error("%s: %zu rows\n", x->name, s->n_rows);
        assert_int_equal(s->n_rows, x->rows);
        assert_int_equal(s->completeness, x->completeness);
        if (x->note >= 0)
            assert_true(s->notes.seen[x->note] > 0);
        else
            assert_int_equal(s->notes.n, 0);
        captures_free(&c);
    }
}

/* ---- the figures ---- */

/* The made-up machine that most fixtures show. */
static const struct {
    const char *tag;
    uint8_t pool;
    uint64_t allocs, frees, live, bytes;
} machine[] = {
    {"Leak", POOL_NONPAGED, 912345, 12345, 900000, 172800000},
    {"CM31", POOL_PAGED, 53210, 41100, 12110, 99205120},
    {"Irp ", POOL_NONPAGED, 4411873, 4410021, 1852, 947824},
    {"Dh 1", POOL_PAGED, 88, 80, 8, 1024},
    {"Dh 1", POOL_NONPAGED, 3, 1, 2, 96},
    {"Wrap", POOL_NONPAGED, 5, 4294967290, 11, 704},
};

static const struct pool_row *find(const struct pool_snapshot *s, const char *tag,
                                   unsigned pool)
{
    for (size_t i = 0; i < s->n_rows; i++)
        if (s->rows[i].pool == pool && memcmp(s->rows[i].tag.b, tag, 4) == 0)
            return &s->rows[i];
    return NULL;
}

/* Every figure that the format has; `slack` is how far rounded bytes may lie off, as
 * one part in so many, 0 = not at all. */
static void check_machine(const char *name, uint64_t slack)
{
    struct captures c = captures_fixture(name);
    assert_true(c.n >= 1);
    for (size_t i = 0; i < sizeof machine / sizeof machine[0]; i++) {
        const struct pool_row *r = find(&c.v[0], machine[i].tag, machine[i].pool);
        if (r == NULL)
            print_error("%s: no row %s\n", name, machine[i].tag);
        assert_non_null(r);
        assert_true(r->fields & ROW_BYTES);
        if (slack == 0)
            assert_int_equal(r->bytes, machine[i].bytes);
        else
            assert_in_range(r->bytes, machine[i].bytes - machine[i].bytes / slack,
                            machine[i].bytes + machine[i].bytes / slack);
        if (r->fields & ROW_ALLOCS)
            assert_int_equal(r->allocs, machine[i].allocs);
        if (r->fields & ROW_FREES)
            assert_int_equal(r->frees, machine[i].frees);
        if (r->fields & ROW_LIVE)
            assert_int_equal(r->live, machine[i].live);
        assert_int_equal(r->width, 32);
    }
    captures_free(&c);
}

static void test_figures(void **state)
{
    (void)state;
    check_machine("xray/two-sets.csv", 0);
    check_machine("xray/comma-clock.csv", 0);
    check_machine("powershell/view-csv.csv", 0);
    check_machine("powershell/viz-utf16.csv", 0);
    check_machine("powershell/loop.csv", 0);
    check_machine("poolmonx/v1.csv", 0);
    check_machine("poolmonx/v1-utf16.csv", 0);
    check_machine("poolmonx/v1-titles-lost.csv", 0);
    check_machine("poolmonx/v2-rows.txt", 1000);
    check_machine("poolmonx/v3.csv", 0);
    check_machine("poolmonx/v3-dots.csv", 0);
    check_machine("systeminformer/rows.txt", 10000);
    check_machine("systeminformer/rows-german.txt", 10000);
    check_machine("systeminformer/rows-french.txt", 10000);
    check_machine("volatility/pooltracker.txt", 0);
    check_machine("rekall/pool_tracker.txt", 0);
    check_machine("memsnap/proving.log", 0);
}

/* A figure that the source does not give is not made up. */
static void test_only_given_figures(void **state)
{
    (void)state;
    struct captures c = captures_fixture("volatility/pooltracker.txt");
    assert_int_equal(c.v[0].rows[0].fields, ROW_ALLOCS | ROW_FREES | ROW_BYTES);
    captures_free(&c);
    c = captures_fixture("rekall/pool_tracker.txt");
    assert_int_equal(c.v[0].rows[0].fields, ROW_ALLOCS | ROW_LIVE | ROW_BYTES);
    captures_free(&c);
    c = captures_fixture("rekall/contradictions-cut.txt");
    assert_int_equal(c.v[0].notes.seen[NOTE_ROW_DROPPED], 4);
    assert_null(find(&c.v[0], "Bad3", POOL_NONPAGED));
    captures_free(&c);
    c = captures_fixture("powershell/chosen-columns.csv");
    assert_int_equal(c.v[0].rows[0].fields, ROW_LIVE | ROW_BYTES);
    captures_free(&c);
    c = captures_fixture("xray/bytes-wrapped.csv");
    const struct pool_row *big = find(&c.v[0], "Big1", POOL_NONPAGED);
    assert_false(big->fields & ROW_BYTES);
    assert_int_equal(big->per_alloc, 4294967);
    assert_int_equal(find(&c.v[0], "Neg1", POOL_NONPAGED)->bytes, 3000000000);
    assert_int_equal(find(&c.v[0], "a,b ", POOL_PAGED)->bytes, 64);
    captures_free(&c);
    c = captures_fixture("poolmonx/v1-wrapped.csv");
    assert_int_equal(find(&c.v[0], "Huge", POOL_PAGED)->bytes, 6442455040);
    assert_int_equal(find(&c.v[0], "a,b ", POOL_PAGED)->live, 5);
    captures_free(&c);
}

static void test_owners(void **state)
{
    static const char *const names[] = {"powershell/view-csv.csv", "poolmonx/v1.csv",
                                        "poolmonx/v2-rows.txt", "poolmonx/v3.csv",
                                        "systeminformer/rows.txt"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct captures c = captures_fixture(names[i]);
        const struct pool_snapshot *s = &c.v[0];
        assert_string_equal(pool_snapshot_str(s, find(s, "Leak", POOL_NONPAGED)->owner),
                            "leaky.sys - Made-up driver, first of all");
        assert_string_equal(pool_snapshot_str(s, find(s, "Irp ", POOL_NONPAGED)->owner),
                            "Io, IRP packets");
        assert_int_equal(find(s, "Dh 1", POOL_PAGED)->owner, 0);
        captures_free(&c);
    }
}

/* ---- times, hosts, totals ---- */

static void test_times(void **state)
{
    char text[WHEN_TEXT_MAX];
    (void)state;
    struct captures c = captures_fixture("xray/two-sets.csv");
    assert_string_equal(when_text(&c.v[0].time, text), "2026-11-22T22:35:55.530");
    assert_string_equal(when_text(&c.v[1].time, text), "2026-11-22T22:50:55.530");
    assert_int_equal(c.v[0].time.source, TIME_CAPTURE);
    assert_int_equal(c.v[0].time.order, ORDER_DAY_FIRST);
    assert_int_equal(c.v[0].totals.v[TOTAL_NONPAGED_KIB], 180000);
    assert_int_equal(c.v[1].totals.v[TOTAL_NONPAGED_KIB], 180112);
    assert_int_equal(c.v[0].totals.v[TOTAL_MEMORY_KIB], 16777216);
    captures_free(&c);
    c = captures_fixture("xray/ambiguous.csv");
    assert_true(c.v[0].time.ambiguous);
    assert_string_equal(when_text(&c.v[0].time, text), "2026-03-04T09:05:11.200");
    captures_free(&c);
    c = captures_fixture("xray/totals-alone.csv");
    assert_int_equal(c.v[0].record, RECORD_TOTALS);
    assert_int_equal(c.v[0].totals.v[TOTAL_PAGED_KIB], 120000);
    captures_free(&c);
    c = captures_fixture("powershell/loop.csv");
    assert_string_equal(when_text(&c.v[2].time, text), "2026-11-09T11:00:00Z");
    captures_free(&c);
}

static void test_memsnap_head(void **state)
{
    char text[WHEN_TEXT_MAX];
    (void)state;
    struct captures c = captures_fixture("memsnap/proving.log");
    const struct pool_snapshot *s = &c.v[0];
    assert_string_equal(when_text(&s->time, text), "2026-09-03T15:39:31.781Z");
    assert_string_equal(pool_snapshot_str(s, s->host), "WEB01");
    assert_string_equal(
        pool_snapshot_str(s, s->facts),
        "log_type=pool\nbuild=3790\nbuild_type=retail\ntick_count=4294000000\n");
    assert_int_equal(s->uptime_s, 4294000);
    assert_int_equal(s->notes.seen[NOTE_UPTIME_WRAPS], 1);
    /* An hour later TickCount has begun again: no reboot, and no doubt any more. */
    assert_int_equal(c.v[1].uptime_s, 4297600);
    assert_int_equal(c.v[1].notes.seen[NOTE_UPTIME_WRAPS], 0);
    captures_free(&c);
}

/* ---- refusals ---- */

static void check_refused(const char *name, const char *what, const char *hint)
{
    struct captures c = captures_fixture(name);
    assert_int_equal(c.n, 0);
    assert_true(c.e.code < 0);
    if (strstr(c.e.text, what) == NULL || strstr(c.e.hint, hint) == NULL)
        print_error("%s: %s / %s\n", name, c.e.text, c.e.hint);
    assert_non_null(strstr(c.e.text, what));
    assert_non_null(strstr(c.e.hint, hint));
    captures_free(&c);
}

static void test_refusals(void **state)
{
    (void)state;
    check_refused("memsnap/process.log", "process log of memsnap (/m)", "memsnap /p");
    check_refused("memsnap/other-rows.log", "memsnap log",
                  "no real /p log has been seen: please send yours");
    check_refused("poolmonx/v3-refused.csv", "PoolMonX 3", "digit grouping");
    check_refused("powershell/view-table-cut.txt", "table view of poolmon-powershell",
                  "-view csv");
}

/* A grouping that two readings fit is refused, too. */
static void test_ambiguous_grouping(void **state)
{
    (void)state;
    struct captures c =
        captures_text("Leak,0x6B61654C,0,0,0,0,912,345,12,345,900,000,172,800,000,a,b\n"
                      "Ambi,0x69626D41,1,0,1,100,100,100,0,100,100,100,100,x,y\n"
                      "None,0x656E6F4E,1,234,1,000,9,512,0,0,0,0,x.sys,y\n");
    assert_int_equal(c.n, 1);
    const struct note_list *notes = &c.v[0].notes;
    assert_int_equal(c.v[0].n_rows, 1);
    assert_int_equal(notes->seen[NOTE_ROW_DROPPED], 2);
    assert_non_null(strstr(note_text(notes, &notes->v[0]), "more than one grouping"));
    assert_non_null(strstr(note_text(notes, &notes->v[1]), "no grouping"));
    captures_free(&c);
}

/* ---- texts that are none of these ---- */

static void test_innocent(void **state)
{
    static const char *const lines[] = {
        "Tag,Type,Description\nfoo,Paged,nothing\n",
        "Summary1,north,1,2,3,4,5\n",
        "abcd,Nonp,1,2,3,4,5\n",
        "name,1,2,3,4 KB,5,6,7,8 B,x,y\n",
        "Smith, John, engineer, 1, 2, 3, 4, 5, 6, 7, 8\n",
        "total, 10, 3, 7, 0\n",
        "cost, 12, 2, 10, 3 apples\n",
        "!define=1\n!LogLevel=debug\n",
        "#define PAGED 1, 2, 3\n",
        "id,0x00000001,1,234,567\n",
        "\"DateTime\",\"Tag\",\"Value\"\n\"2026-01-01T00:00:00\",\"a\",\"1\"\n",
        "2026-01-01 00:00:00,PoolMonX,started,1,2,3,4,5\n",
        "Tag    Allocs Frees\n------ ------ -----\n",
        "tag nonpaged nonpaged_bytes paged paged_bytes\n",
        "tag nonpaged nonpaged_bytes paged paged_bytes\nare the columns (five) of it\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct captures c = captures_text(lines[i]);
        if (c.n != 0)
            print_error("claimed: %s", lines[i]);
        assert_int_equal(c.n, 0);
        captures_free(&c);
    }
}

/* Format-Table: what fitted is read, what was cut is not. */
static void test_table_view(void **state)
{
    (void)state;
    struct captures c = captures_fixture("powershell/view-table.txt");
    const struct pool_snapshot *s = &c.v[0];
    assert_int_equal(s->n_rows, 3);
    assert_int_equal(s->notes.seen[NOTE_ROW_DROPPED], 1);
    assert_int_equal(find(s, "Leak", POOL_NONPAGED)->bytes, 172800000);
    assert_int_equal(find(s, "Irp ", POOL_NONPAGED)->live, 1852);
    assert_int_equal(find(s, "Pro\xe9", POOL_NONPAGED)->bytes, 2048);
    captures_free(&c);
}

/* Every prefix of every fixture is read without harm. */
static void test_every_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof readable / sizeof readable[0]; i++) {
        size_t n = 0;
        uint8_t *p = fixture(readable[i].name, &n);
        assert_non_null(p);
        for (size_t k = 0; k < n; k += 3) {
            struct captures c = captures_read(p, k, 0, NULL);
            for (size_t s = 0; s < c.n; s++)
                assert_null(pool_snapshot_valid(&c.v[s]));
            captures_free(&c);
        }
        free(p);
    }
}

/* A paste may hold several forms. */
static void test_mixed(void **state)
{
    (void)state;
    struct captures c = captures_text(
        "Here is what System Informer says:\n"
        "Leak, leaky.sys, x, 0, 0, 0, 0 B, 912,345, 12,345, 900,000, 164.79 MB\n"
        "and this is the csv:\n"
        "Tag,PagedUsedBytes,NonPagedUsedBytes,TotalUsedBytes\n"
        "Leak,0,172800000,172800000\n"
        "\n"
        "Summary1,22/11/2026 22:35:55.53,16777216,9000000,400263915,12672,119000\n"
        "Summary2,22/11/2026 22:35:55.53,15680004,40433912,15917968,180000,120000\n"
        "Leak,Nonp,912345,12345,900000,172800000,192\n");
    static const char *const formats[] = {"systeminformer", "powershell", "xray"};
    assert_int_equal(c.e.code, 0);
    assert_int_equal(c.n, 3);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(pool_snapshot_str(&c.v[i], c.v[i].format), formats[i]);
    captures_free(&c);
}

/* Mail quotes and Markdown indents; rows that were copied twice are two captures. */
static void test_pastes(void **state)
{
    (void)state;
    struct captures c = captures_text(
        "> Leak, a, b, 0, 0, 0, 0 B, 912,345, 12,345, 900,000, 164.79 MB\n"
        "> CM31, a, b, 53,210, 41,100, 12,110, 94.61 MB, 0, 0, 0, 0 B\n"
        "\n"
        "an hour later:\n"
        "    CM31, a, b, 53,310, 41,200, 12,110, 94.61 MB, 0, 0, 0, 0 B\n"
        "    Leak, a, b, 0, 0, 0, 0 B, 912,445, 12,345, 900,100, 164.81 MB\n");
    assert_int_equal(c.n, 2);
    assert_int_equal(c.v[0].n_rows, 2);
    assert_int_equal(c.v[0].notes.seen[NOTE_PREFIX], 1);
    assert_int_equal(c.v[1].n_rows, 2);
    assert_int_equal(c.v[1].notes.seen[NOTE_PREFIX], 0);
    assert_int_equal(find(&c.v[1], "Leak", POOL_NONPAGED)->live, 900100);
    captures_free(&c);
    c = captures_text(
        ">> Summary1,22/11/2026 22:35:55.53,16777216,9000000,400263915,12672,119000\n"
        ">> Summary2,22/11/2026 22:35:55.53,15680004,40433912,15917968,180000,120000\n"
        ">> >abc,Nonp,912345,12345,900000,172800000,192\n");
    assert_int_equal(c.n, 1);
    assert_non_null(find(&c.v[0], ">abc", POOL_NONPAGED));
    captures_free(&c);
}

/* poolmon's own lines quoted above the data set that was made of them: one snapshot. */
static void test_quoted_source(void **state)
{
    static const char text[] =
        " Memory:16777216K Avail: 9000000K  PageFlts:400263915   InRam Krnl:12672K "
        "P:119000K\n"
        " Commit:15680004K Limit:40433912K Peak:15917968K            Pool N:180000K "
        "P:120000K\n"
        "Summary1,22/11/2026 22:35:55.53,16777216,9000000,40026391%c,12672,119000\n"
        "Summary2,22/11/2026 22:35:55.53,15680004,40433912,15917968,180000,120000\n";
    char own[sizeof text];
    (void)state;
    for (int other = 0; other <= 1; other++) {
        (void)snprintf(own, sizeof own, text, other ? '6' : '5');
        struct captures c = captures_text(own);
        assert_int_equal(c.n, other ? 2 : 1);
        assert_string_equal(pool_snapshot_str(&c.v[0], c.v[0].format),
                            other ? "poolmon" : "xray");
        captures_free(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_fixture),
        cmocka_unit_test(test_figures),
        cmocka_unit_test(test_only_given_figures),
        cmocka_unit_test(test_owners),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_memsnap_head),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_ambiguous_grouping),
        cmocka_unit_test(test_innocent),
        cmocka_unit_test(test_every_cut),
        cmocka_unit_test(test_mixed),
        cmocka_unit_test(test_pastes),
        cmocka_unit_test(test_quoted_source),
        cmocka_unit_test(test_table_view),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
