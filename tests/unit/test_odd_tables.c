/* SPDX-License-Identifier: MIT */
/* Lines of tables that contradict themselves, or look like something else: those of other
 * tools, and those that people make. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/table/table_line.h"
#include "tests/unit/captures.h"

/* ---- what contradicts itself ---- */

#define V1_TITLES                                                                        \
    "Tag,Type,Allocs,Frees,Diff,Bytes,KBytes,B / Alloc,Source,Source Description,\n"
#define V1_HUGE "Huge,Paged,1500,300,1200,2147487744,"

/* Bytes above 4 GiB: only where KBytes and B / Alloc agree on the whole. */
static void test_wrapped_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *rest;
        bool whole;
    } t[] = {{"6291460 KB,5368712,,,\n", true},  {"6291461 KB,5368712,,,\n", true},
             {"6291459 KB,5368712,,,\n", false}, {"6291462 KB,5368712,,,\n", false},
             {"6291460 KB,5368713,,,\n", false}, {"2097156 KB,1789573,,,\n", false}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        char text[512];
        (void)snprintf(text, sizeof text, "%s%s%s%s", V1_TITLES,
                       "CM31,Paged,53210,41100,12110,99205120,96880 KB,8192,,,\n",
                       V1_HUGE, t[i].rest);
        struct captures c = captures_text(text);
        assert_int_equal(c.n, 1);
        assert_int_equal(c.v[0].notes.seen[NOTE_WRAP], t[i].whole);
        if (t[i].whole)
            assert_int_equal(c.v[0].rows[1].bytes, 6442455040);
        captures_free(&c);
    }
}

/* The line below the titles has a run of dashes below each of them. */
static void test_rule_of_a_table_view(void **state)
{
    (void)state;
    static const struct {
        const char *rule;
        size_t captures;
    } t[] = {
        {"---  -------------- ------------- ------------ -----------------\n", 1},
        {"---  -------------- ------------- ------------\n", 0},
        {"---  -------------- ------------- ------------ ------------------\n", 0},
        {"---  -------------- ------------- ------------ ----------------- ---\n", 0},
        {"---  -------------- ------------ ------------ -----------------\n", 0},
        {"---  -------------- ----x-------- ------------ -----------------\n", 0}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        char text[512];
        (void)snprintf(
            text, sizeof text,
            "Tag  NonPagedAllocs NonPagedFrees NonPagedDiff NonPagedUsedBytes\n%s"
            "Leak         912345         12345       900000         172800000\n",
            t[i].rule);
        struct captures c = captures_text(text);
        if (c.n != t[i].captures)
            fail_msg("%zu captures: %s", c.n, text);
        captures_free(&c);
    }
}

/* The lines of totals of xray have figures, or nothing, between their commas. */
static void test_totals_are_figures(void **state)
{
    (void)state;
#define REST "Summary2,22/11/2026 22:35:55.53,15680004,40433912,15917968,180000,120000\n"
    struct captures c = captures_text(
        "Summary1,22/11/2026 22:35:55.53,16777216,9000000,400263915,12672,119000\n" REST);
    assert_int_equal(c.n, 1);
    captures_free(&c);
    c = captures_text(
        "Summary1,22/11/2026 22:35:55.53,16777216,much,400263915,12672,119000\n");
    assert_int_equal(c.n, 0);
    captures_free(&c);
    c = captures_text(
        "Summary3,22/11/2026 22:35:55.53,16777216,9000000,400263915,12672,119000\n");
    assert_int_equal(c.n, 0);
    captures_free(&c);
    c = captures_text("Summary1,223555,16777216,9000000,400263915,12672,119000\n");
    assert_int_equal(c.n, 0);
    captures_free(&c);
}

static bool is_rule(const char *line)
{
    struct table_text t = {.mended = {.p = line, .n = strlen(line)}};
    return table_rule(&t);
}

/* What only draws. */
static void test_rules(void **state)
{
    (void)state;
    assert_true(is_rule("|---|---|"));
    assert_true(is_rule("| :-- | --: |"));
    assert_true(is_rule("```"));
    assert_true(is_rule("|-"));
    assert_false(is_rule("- :-")); /* too short for a line, and parts nothing */
    assert_false(is_rule("-"));
    assert_false(is_rule("|  |  |"));
    assert_false(is_rule("|---|-x-|"));
}

/* What comes between a head and its rows need not be parted as they are. */
static void test_line_below_the_head(void **state)
{
    (void)state;
    static const char *const texts[] = {
        " tag  |   pool   | bytes\n------+----------+-------\n QzFC | Nonpaged |  4096\n"
        " Io   | Nonpaged |   512\n(2 rows)\n",
        "<table><tr><th>Tag</th><th>Pool</th><th>Bytes</th></tr>\n</thead><tbody>\n"
        "<tr><td>QzFC</td><td>Nonpaged</td><td>4096</td></tr>\n"
        "<tr><td>Io</td><td>Nonpaged</td><td>512</td></tr>\n</tbody></table>\n",
        "Tag,Pool,Bytes\n---\nQzFC,Nonpaged,4096\nIo,Nonpaged,512\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct captures c = captures_text(texts[i]);
        if (c.n != 1 || c.v[0].n_rows != 2)
            fail_msg("%zu captures, %zu rows: %s", c.n, c.v[0].n_rows, texts[i]);
        assert_int_equal(row_of(&c.v[0], "QzFC", POOL_NONPAGED)->bytes, 4096);
        assert_int_equal(row_of(&c.v[0], "Io  ", POOL_NONPAGED)->bytes, 512);
        captures_free(&c);
    }
}

/* A figure that no 64 bits hold, or that is a share, spoils its row and no other. */
static void test_figures_that_spoil(void **state)
{
    (void)state;
    static const struct {
        const char *live, *bytes;
        bool good;
    } t[] = {{"9", "576 KiB", true},         {"9", "99999999999 GiB", false},
             {"9", "2 PiB", true},           {"9", "16 EiB", false}, /* 2^64 */
             {"9", "17179869183 GiB", true}, {"9", "17179869184 GiB", false},
             {"9", "12 %", false},           {"9k", "576 KiB", true},
             {"9 KiB", "576 KiB", false}, /* objects are no size */
             {"9 %", "576 KiB", false}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        char text[512];
        (void)snprintf(text, sizeof text,
                       "| Tag | Pool | Live | Bytes |\n"
                       "|---|---|---|---|\n"
                       "| Leak | NonPaged | 900 | 172800 |\n"
                       "| Irp | NonPaged | %s | %s |\n"
                       "| File | Paged | 7 | 6400 |\n",
                       t[i].live, t[i].bytes);
        struct captures c = captures_text(text);
        assert_int_equal(c.n, 1);
        if (c.v[0].n_rows != (t[i].good ? 3u : 2u))
            fail_msg("%s, %s: %zu rows", t[i].live, t[i].bytes, c.v[0].n_rows);
        assert_int_equal(c.v[0].notes.seen[NOTE_ROW_DROPPED], !t[i].good);
        captures_free(&c);
    }
}

/* ---- words behind figures ---- */

#define POST_HEAD                                                                        \
    "| Tag | Pool | Allocs | Frees | Live | Bytes |\n|---|---|---|---|---|---|\n"
#define POST_ROW "| File | Nonp | 1000 | 200 | 800 | 307200 |\n"

/* What a cell says behind its figure is said, or makes the figure none. */
static void test_words_behind_figures(void **state)
{
    (void)state;
    static const struct {
        const char *cell;
        uint64_t bytes; /* 0: the row is dropped */
        enum note_code note;
    } t[] = {
        {"12 apples", 12, NOTE_MARKUP},
        {"140800 (12%)", 140800, NOTE_MARKUP},
        {"140800[1]", 140800, NOTE_MARKUP},
        {"137.5 KB (140800)", 140800, NOTE_MARKUP},
        {"140000+", 140000, NOTE_APPROXIMATE},
        {"1.500 GB", 1610612736, NOTE_UNITS},
        {"1,500 MB", 1572864000, NOTE_UNITS},
        {"12 x 128", 0, NOTE_ROW_DROPPED},
        {"1100*128", 0, NOTE_ROW_DROPPED},
        {"140 to 160 MB", 0, NOTE_ROW_DROPPED},
        {"140\xe2\x80\x93"
         "160 MB",
         0, NOTE_ROW_DROPPED},
        {"12 of 16 GB", 0, NOTE_ROW_DROPPED},
        {"140800 -> 281600", 0, NOTE_ROW_DROPPED},
        {"2^20", 0, NOTE_ROW_DROPPED},
        {"05/01/2024", 0, NOTE_ROW_DROPPED},
        {"1\xc2\xbd GB", 0, NOTE_ROW_DROPPED},
        {"12 Go", 0, NOTE_ROW_DROPPED},
        {"12 Gbit", 0, NOTE_ROW_DROPPED},
        {"12 pages", 0, NOTE_ROW_DROPPED},
        {"2764\xe2\x80\xa6", 0, NOTE_ROW_DROPPED},
        {"~~140800~~ 150800", 0, NOTE_ROW_DROPPED},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        char text[512];
        (void)snprintf(text, sizeof text,
                       "%s%s| AfdX | Nonp | 1200 | 100 | 1100 | %s |\n", POST_HEAD,
                       POST_ROW, t[i].cell);
        print_message("%s\n", t[i].cell);
        struct captures c = captures_text(text);
        assert_int_equal(c.n, 1);
        assert_int_equal(c.v[0].n_rows, t[i].bytes > 0 ? 2 : 1);
        assert_int_equal(c.v[0].rows[0].bytes, 307200);
        if (t[i].bytes > 0)
            assert_int_equal(c.v[0].rows[1].bytes, t[i].bytes);
        assert_int_equal(c.v[0].notes.seen[t[i].note], 1);
        captures_free(&c);
    }
}

/* A table with a rate among its sizes is one of changes. */
static void test_rates_in_words(void **state)
{
    (void)state;
    static const char *const cells[] = {"12 MB an hour", "12 MB a day", "12 MB hourly"};
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        char text[512];
        (void)snprintf(text, sizeof text,
                       "%s%s| AfdX | Nonp | 1200 | 100 | 1100 | %s |\n", POST_HEAD,
                       POST_ROW, cells[i]);
        print_message("%s\n", cells[i]);
        struct captures c = captures_text(text);
        assert_int_equal(c.n, 0);
        captures_free(&c);
    }
}

/* A title that says thousands or pages is none of bytes or allocations. */
static void test_scaled_titles(void **state)
{
    (void)state;
    static const struct {
        const char *allocs, *bytes;
        unsigned fields;
    } t[] = {
        {"Allocs", "Bytes", ROW_ALLOCS | ROW_LIVE | ROW_BYTES},
        {"Allocs", "KB", ROW_ALLOCS | ROW_LIVE | ROW_BYTES},
        {"Allocs", "Size (K)", ROW_ALLOCS | ROW_LIVE | ROW_BYTES},
        {"Allocs (k)", "Bytes", ROW_LIVE | ROW_BYTES},
        {"Allocs (K)", "Bytes", ROW_LIVE | ROW_BYTES},
        {"Allocs (thousands)", "Bytes", ROW_LIVE | ROW_BYTES},
        {"Allocs", "Bytes (x1000)", ROW_ALLOCS | ROW_LIVE},
        {"Allocs", "Bytes in Mio.", ROW_ALLOCS | ROW_LIVE},
        {"Allocs", "Bytes (pages)", ROW_ALLOCS | ROW_LIVE},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        char text[512];
        (void)snprintf(text, sizeof text,
                       "| Tag | Pool | %s | Live | %s |\n|---|---|---|---|---|\n"
                       "| AfdX | Nonp | 1200 | 1100 | 140800 |\n",
                       t[i].allocs, t[i].bytes);
        print_message("%s, %s\n", t[i].allocs, t[i].bytes);
        struct captures c = captures_text(text);
        assert_int_equal(c.n, 1);
        assert_int_equal(c.v[0].n_rows, 1);
        assert_int_equal(c.v[0].rows[0].fields, t[i].fields);
        captures_free(&c);
    }
}

/* A spreadsheet of a country whose decimal mark is the comma. */
static void test_decimal_comma(void **state)
{
    (void)state;
    struct captures c = captures_text("Tag;Type;Allocs;Frees;Diff;MB\n"
                                      "AfdX;Nonp;1200345;1100200;100145;12,500\n"
                                      "File;Nonp;1.500;1.000;500;1.024,250\n");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].n_rows, 2);
    assert_int_equal(c.v[0].rows[0].bytes, 13107200);
    assert_int_equal(c.v[0].rows[1].bytes, 1074003968);
    assert_int_equal(c.v[0].rows[1].allocs, 1500);
    captures_free(&c);
}

/* poolmon's titles up to Bytes over rows that poolmon does not print. */
static void test_titles_of_poolmon(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *format;
        size_t rows;
    } t[] = {
        {"Tag   Type    Allocs   Frees   Diff   Bytes\n"
         "AfdX  Nonp      1200     100   1100   137 KB\n"
         "File  Nonp      1000     200    800   300KB\n",
         "table", 2},
        {"| Tag | Type | Allocs | Frees | Diff | Bytes |\n|---|---|---|---|---|---|\n"
         "| AfdX | Nonp | 1200 | 100 | 1100 | 140800 |\n",
         "table", 1},
        {"Tag  Type Allocs Frees Diff  Bytes\n---  ---- ------ ----- ----  -----\n"
         "AfdX Nonp   1200   100 1100 140800\nFile Nonp   1000   200  800 307200\n",
         "table", 2},
        /* a window, cut at its right */
        {" Tag  Type     Allocs     Frees      Diff   Bytes\n"
         " AfdX Nonp       1200       100      1100   1408\n"
         " File Nonp       1000       200       800   3072\n",
         "poolmon", 0},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        print_message("%s", t[i].text);
        struct captures c = captures_text(t[i].text);
        assert_int_equal(c.n, 1);
        assert_string_equal(pool_snapshot_str(&c.v[0], c.v[0].format), t[i].format);
        assert_int_equal(c.v[0].n_rows, t[i].rows);
        captures_free(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrapped_bytes),
        cmocka_unit_test(test_rule_of_a_table_view),
        cmocka_unit_test(test_totals_are_figures),
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_figures_that_spoil),
        cmocka_unit_test(test_line_below_the_head),
        cmocka_unit_test(test_words_behind_figures),
        cmocka_unit_test(test_rates_in_words),
        cmocka_unit_test(test_scaled_titles),
        cmocka_unit_test(test_decimal_comma),
        cmocka_unit_test(test_titles_of_poolmon),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
