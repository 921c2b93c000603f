/* SPDX-License-Identifier: MIT */
/* Tables made by hand, in parts: figures and their units, tags, titles of columns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "formats/table/table_head.h"
#include "formats/table/table_row.h"
#include "formats/table/table_units.h"
#include "tests/unit/captures.h"

#define MIB (UINT64_C(1) << 20)

/* ---- one cell ---- */

static void test_figures(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t digits;
        unsigned decimals;
        const char *marks; /* + - ~ % r(ate) u(nit) */
    } t[] = {
        {"0", 0, 0, ""},
        {"1,234,567", 1234567, 0, ""},
        {"1.234.567", 1234567, 0, ""},
        {"1'234", 1234, 0, ""},
        {"12 345", 12345, 0, ""},
        {"1.234", 1234, 0, ""},
        {"20480.5", 204805, 1, ""},
        {"1,5", 15, 1, ""},
        {"1,234.50", 123450, 2, ""},
        {"1.234,5", 12345, 1, ""},
        {"**0**", 0, 0, ""},
        {"`900`", 900, 0, ""},
        {"+2,000", 2000, 0, "+"},
        {"**+2,000**", 2000, 0, "+"},
        {"-184", 184, 0, "-"},
        {"\xe2\x88\x92"
         "184",
         184, 0, "-"},
        {"~96", 96, 0, "~"},
        {"\xe2\x89\x88 5.1 million", 51000000, 1, "~"},
        {"96.9%", 969, 1, "%"},
        {"16.3 GiB", 163, 1, "u"},
        {"12MB", 12, 0, "u"},
        {"4 KB/s", 4, 0, "ur"},
        {"2 GB per day", 2, 0, "ur"},
        {"18446744073709551615", UINT64_MAX, 0, ""},
        {"900 <-- this one", 900, 0, ""},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct table_figure f;
        if (table_figure(t[i].text, strlen(t[i].text), false, true, &f) != FIGURE_READ)
            fail_msg("%s: no figure", t[i].text);
        char marks[8] = "";
        (void)snprintf(marks, sizeof marks, "%s%s%s%s%s%s", f.plus ? "+" : "",
                       f.minus ? "-" : "", f.about ? "~" : "", f.percent ? "%" : "",
                       f.has_unit ? "u" : "", f.rate ? "r" : "");
        if (f.digits != t[i].digits || f.decimals != t[i].decimals ||
            strcmp(marks, t[i].marks) != 0)
            fail_msg("%s: %llu, %u decimals, '%s'", t[i].text,
                     (unsigned long long)f.digits, (unsigned)f.decimals, marks);
    }
    static const char *const none[] = {
        "abc",        "0x12",     "3.2.1",      "12:30",
        "1,2345,678", "12abc",    "2026-11-22", "18446744073709551616",
        "12'34",      "1'234'56", "1'234.567,8"};
    static const char *const unknown[] = {
        "", " ", "-", "n/a", "?", "\xe2\x80\x94", "**-**", "`-`", " `n/a` "};
    struct table_figure f;
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        if (table_figure(none[i], strlen(none[i]), false, true, &f) != FIGURE_NONE)
            fail_msg("%s is no figure", none[i]);
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
        if (table_figure(unknown[i], strlen(unknown[i]), false, true, &f) !=
            FIGURE_UNKNOWN)
            fail_msg("'%s' is unknown", unknown[i]);
    assert_int_equal(table_figure("1.234", 5, true, true, &f), FIGURE_READ);
    assert_int_equal(f.decimals, 3);
    uint64_t v;
    bool rounded;
    assert_true(table_value(&f, MIB, &v, &rounded));
    assert_int_equal(v, 1293943); /* 1.234 x 2^20 = 1293942.8 */
    assert_true(rounded);
    /* What stands behind its end is not read. */
    assert_int_equal(table_figure("2 GB per kilo per day", 13, false, true, &f),
                     FIGURE_READ);
    assert_false(f.rate);
    assert_int_equal(table_figure("4 KB/s", 5, false, true, &f), FIGURE_READ);
    assert_false(f.rate);
    assert_int_equal(table_figure("99999999999999", 14, false, false, &f), FIGURE_READ);
    assert_false(table_value(&f, MIB, &v, &rounded));
}

static void test_tags(void **state)
{
    (void)state;
    static const struct {
        const char *text, *tag, *rest;
    } t[] = {{"NtFC", "NtFC", ""},
             {"`Io  `", "Io  ", ""},
             {"**`Mm `**", "Mm  ", ""},
             {"**NtFC**", "NtFC", ""},
             {"\"a b\"", "a b ", ""},
             {"`Gh\\|5`", "Gh|5", ""},
             {"Irp", "Irp ", ""},
             {"MmSM", "MmSM", ""},
             {"*Io*", "Io  ", ""},
             {"Mm**", "Mm**", ""},
             {"XtX - drives", "XtX ", "drives"},
             {"0x4346744e", "NtFC", ""},
             {"`Thre` (nt!ps)", "Thre", "nt!ps"},
             {"Io - files", "Io  ", "files"},
             {"Io: files", "Io  ", "files"},
             {"Leak: it leaks", "Leak", "it leaks"},
             {"Leak:", "Leak", ""},
             {"Irp [packets]", "Irp ", "packets"},
             {"Irp (packets)", "Irp ", "packets"},
             {"`Thre`: threads", "Thre", "threads"},
             {"Pro\xc3\xa3", "Pro\\xe3", ""}};
    static const char *const none[] = {"",
                                       "    ",
                                       "latest",
                                       "--",
                                       "...",
                                       "too long",
                                       "\xe2\x86\x92",
                                       "0x1234567g",
                                       "0x4346744e12",
                                       "1x4346744e",
                                       "Leaks: it leaks",
                                       "Io files",
                                       "Io -files",
                                       "a\tb",
                                       "\xc4\x80"};
    struct table_tag tag;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        char text[TAG_TEXT_MAX];
        if (!table_read_tag(t[i].text, strlen(t[i].text), false, &tag))
            fail_msg("%s: no tag", t[i].text);
        (void)tag_text(tag.tag, text);
        assert_string_equal(text, t[i].tag);
        assert_int_equal(tag.rest_n, strlen(t[i].rest));
        assert_memory_equal(tag.rest, t[i].rest, tag.rest_n);
    }
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        if (table_read_tag(none[i], strlen(none[i]), false, &tag))
            fail_msg("'%s' is no tag", none[i]);
}

/* Blanks within marks part no columns, wherever in its line a tag stands. */
static void test_blanks_of_a_tag(void **state)
{
    (void)state;
    struct captures c = captures_text("Driver's file   Pool      Tag     Bytes\n"
                                      "qdrive.sys      Nonpaged  `Io  `  4096\n"
                                      "qdrive.sys      Nonpaged  \"a  b\"  512\n"
                                      "qfilter.sys     Nonpaged  QzFC    640\n");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].n_rows, 3);
    assert_int_equal(row_of(&c.v[0], "Io  ", POOL_NONPAGED)->bytes, 4096);
    assert_int_equal(row_of(&c.v[0], "a  b", POOL_NONPAGED)->bytes, 512);
    assert_int_equal(row_of(&c.v[0], "QzFC", POOL_NONPAGED)->bytes, 640);
    captures_free(&c);
}

/* ---- the head ---- */

static void test_titles(void **state)
{
    (void)state;
    static const struct {
        const char *title;
        enum table_column kind;
        enum pool_kind pool;
        int power; /* of the unit, -1 = none */
    } t[] = {
        {"Tag", COLUMN_TAG, POOL_UNKNOWN, -1},
        {"**Pool tag**", COLUMN_TAG, POOL_UNKNOWN, -1},
        {"PoolTag", COLUMN_TAG, POOL_UNKNOWN, -1},
        {"Pool", COLUMN_POOL, POOL_UNKNOWN, -1},
        {"Paged/Nonp", COLUMN_POOL, POOL_UNKNOWN, -1},
        {"Allocs", COLUMN_ALLOCS, POOL_UNKNOWN, -1},
        {"NpFrees", COLUMN_FREES, POOL_NONPAGED, -1},
        {"Outstanding allocs", COLUMN_LIVE, POOL_UNKNOWN, -1},
        {"Diff", COLUMN_LIVE, POOL_UNKNOWN, -1},
        {"NP_MB", COLUMN_BYTES, POOL_NONPAGED, 2},
        {"NonPagedUsedBytes", COLUMN_BYTES, POOL_NONPAGED, 0},
        {"Non-paged (KiB)", COLUMN_BYTES, POOL_NONPAGED, 1},
        {"PagedMB", COLUMN_BYTES, POOL_PAGED, 2},
        {"Bytes in use", COLUMN_BYTES, POOL_UNKNOWN, 0},
        {"Bytes kept", COLUMN_BYTES, POOL_UNKNOWN, 0},
        {"Bytes (x)", COLUMN_BYTES, POOL_UNKNOWN, 0},
        {"Bytes x k", COLUMN_OTHER, POOL_UNKNOWN, 0},
        {"\xe2\x88\x91 bytes", COLUMN_BYTES, POOL_UNKNOWN, 0}, /* a sum */
        {"\xe2\x88\x86 bytes", COLUMN_CHANGE, POOL_UNKNOWN, 0},
        {"GB", COLUMN_BYTES, POOL_UNKNOWN, 3},
        {"Bytes freed", COLUMN_OTHER, POOL_UNKNOWN, 0},
        {"B / Alloc", COLUMN_PER_ALLOC, POOL_UNKNOWN, 0},
        {"Bytes/open", COLUMN_PER_ALLOC, POOL_UNKNOWN, 0},
        {"Per Alloc", COLUMN_PER_ALLOC, POOL_UNKNOWN, 0},
        {"Avg size", COLUMN_PER_ALLOC, POOL_UNKNOWN, 0},
        {"Share", COLUMN_OTHER, POOL_UNKNOWN, -1},
        {"% of pool", COLUMN_OTHER, POOL_UNKNOWN, -1},
        {"Peak MB", COLUMN_OTHER, POOL_UNKNOWN, 2},
        {"Net", COLUMN_CHANGE, POOL_UNKNOWN, -1},
        {"\xce\x94 bytes", COLUMN_CHANGE, POOL_UNKNOWN, 0},
        {"MB/h", COLUMN_CHANGE, POOL_UNKNOWN, 2},
        {"Allocs per second", COLUMN_CHANGE, POOL_UNKNOWN, -1},
        {"Diff from boot", COLUMN_CHANGE, POOL_UNKNOWN, -1},
        {"Driver", COLUMN_OWNER, POOL_UNKNOWN, -1},
        {"Date", COLUMN_TIME, POOL_UNKNOWN, -1},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct cells c = {.n = 1};
        struct table_head h;
        c.v[0] = (struct cell){.p = t[i].title, .n = strlen(t[i].title)};
        (void)table_head_read(&c, &h);
        const struct column *col = &h.col[0];
        if (col->kind != t[i].kind || col->pool != t[i].pool ||
            (t[i].power >= 0 && col->unit.power != t[i].power))
            fail_msg("%s: kind %d, pool %d, power %d", t[i].title, col->kind, col->pool,
                     col->unit.power);
    }
}

/* Of two columns that say the same the one with the plainer title is read. */
static void test_spare_columns(void **state)
{
    (void)state;
    static const struct {
        const char *used, *left_out;
        enum table_column kind;
    } t[] = {
        {"Bytes", "Total bytes", COLUMN_BYTES},
        {"MB", "Total MB", COLUMN_BYTES},
        {"Bytes", "MB", COLUMN_BYTES},
        {"Allocs", "Total allocs", COLUMN_ALLOCS},
        {"Allocs", "Count allocs", COLUMN_ALLOCS},
        {"Outstanding", "Total outstanding", COLUMN_LIVE},
        {"Outstanding", "Count", COLUMN_LIVE},
        {"Outstanding", "Diff", COLUMN_LIVE},
        {"Live", "Live count", COLUMN_LIVE},
        {"Live", "Diff", COLUMN_LIVE},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
        for (size_t at = 1; at <= 2; at++) {
            struct cells c = {.n = 3};
            struct table_head h;
            c.v[0] = (struct cell){.p = "Tag", .n = 3};
            c.v[at] = (struct cell){.p = t[i].used, .n = strlen(t[i].used)};
            c.v[3 - at] = (struct cell){.p = t[i].left_out, .n = strlen(t[i].left_out)};
            if (!table_head_read(&c, &h) || h.col[at].kind != t[i].kind ||
                h.col[3 - at].kind != COLUMN_OTHER)
                fail_msg("%s and %s at %zu: kinds %d, %d", t[i].used, t[i].left_out, at,
                         h.col[at].kind, h.col[3 - at].kind);
        }
}

/* A mean of nothing is no figure of the row; one of something stays. */
static void test_means_of_nothing(void **state)
{
    (void)state;
    struct captures c = captures_text("> | Tag | Type | Diff | Bytes | Per Alloc |\n"
                                      "> |---|---|---|---|---|\n"
                                      "> | Gone | Nonp | 0 | 0 | 64 |\n"
                                      "> | Leak | Nonp | 10 | 640 | 64 |\n"
                                      "> | Proc | Nonp | 3 | 30 | 10 |\n");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.notes.seen[NOTE_PROSE], 0);
    assert_int_equal(c.v[0].n_rows, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct pool_row *r = &c.v[0].rows[i];
        assert_int_equal((r->fields & ROW_PER_ALLOC) != 0, i > 0);
        assert_int_equal(r->per_alloc, i == 0 ? 0 : r->bytes / r->live);
    }
    captures_free(&c);
}

/* Owners of one character are owners; marks for "none" are not.  Marks of quoted lines
 * may have a blank behind them or none. */
static void test_owners(void **state)
{
    (void)state;
    static const char *const owners[] = {"x", "", "a.sys"};
    struct captures c = captures_text("> | Tag | Type | Diff | Bytes | Driver |\n"
                                      "> |---|---|---|---|---|\n"
                                      "> | Leak | Nonp | 10 | 640 | x |\n"
                                      ">| Proc | Nonp | 3 | 30 | - |\n"
                                      ">| Irp  | Nonp | 3 | 30 | a.sys |\n");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].n_rows, 3);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(pool_snapshot_str(&c.v[0], c.v[0].rows[i].owner), owners[i]);
    captures_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_figures),       cmocka_unit_test(test_tags),
        cmocka_unit_test(test_titles),        cmocka_unit_test(test_blanks_of_a_tag),
        cmocka_unit_test(test_spare_columns), cmocka_unit_test(test_means_of_nothing),
        cmocka_unit_test(test_owners),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
