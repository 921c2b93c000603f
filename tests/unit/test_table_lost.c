/* SPDX-License-Identifier: MIT */
/* What tables made by hand lose, and that they say so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/captures.h"

/* A row that cannot be read is dropped wherever it stands: also the first. */
static void test_first_row_is_torn(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "| Tag | Nonpaged Outstanding | Nonpaged MB |\n|---|---|---|\n"
        "| QzFC | lots | 12-16 |\n| MmSt | 10 | 10 |\n",
        "Tag,Allocs,Frees,Diff,Bytes\nQzFC,1,#N/A!,x,12\nMmSt,15,5,10,10485760\n",
        "Tag   Nonpaged_MB  share\nQzFC  ???  96.9%\nMmSt  10  0.3%\nQzlD  9  0.3%\n",
        "<tr><th>Tag</th><th>Nonpaged MB</th></tr>\n<tr><td>QzFC</td><td>many</td></tr>\n"
        "<tr><td>MmSt</td><td>10</td></tr>\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct captures c = captures_text(texts[i]);
        if (c.n != 1)
            fail_msg("%zu captures: %s", c.n, texts[i]);
        assert_true(c.v[0].n_rows >= 1);
        assert_memory_equal(c.v[0].rows[0].tag.b, "MmSt", 4);
        assert_int_equal(c.v[0].rows[0].bytes, 10485760);
        assert_int_equal(c.v[0].notes.seen[NOTE_ROW_DROPPED], 1);
        captures_free(&c);
    }
}

/* More of them than of rows below prove nothing. */
static void test_mostly_torn(void **state)
{
    (void)state;
    struct captures c =
        captures_text("| Tag | Nonpaged MB |\n|---|---|\n| QzFC | lots |\n"
                      "| QzlD | more |\n| MmSt | 10 |\n\nthat is all\n");
    assert_int_equal(c.n, 0);
    captures_free(&c);
}

/* The row of another moment that contradicts itself: nothing is left of it, and that
 * is what is said. */
static void test_nothing_left_of_a_moment(void **state)
{
    (void)state;
    struct captures c = captures_text("Time,Tag,Pool,Live,Bytes,Per Alloc\n"
                                      "2026-11-09 10:00:00,QzFC,Paged,5,50,10\n"
                                      "2026-11-09 11:00:00,QzFC,Paged,5,50,12\n");
    assert_int_equal(c.n, 2);
    assert_int_equal(c.v[0].notes.seen[NOTE_EMPTY_CAPTURE], 0);
    assert_int_equal(c.v[0].notes.seen[NOTE_FILTERED], 1);
    assert_int_equal(c.v[1].n_rows, 0);
    assert_int_equal(c.v[1].notes.seen[NOTE_EMPTY_CAPTURE], 1);
    assert_int_equal(c.v[1].notes.seen[NOTE_FILTERED], 0);
    captures_free(&c);
}

/* Below an aligned table: a sum is passed over, any other words end it. */
static void test_sums_in_words(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        size_t rows;
    } t[] = {
        {"--- total tagged nonpaged = 21136 MB", 3},
        {"=== Total: 3 rows", 3},
        {"*total* of all", 3},
        {"__ totals __", 3},
        {"Total of what was seen by me", 3},
        {"--- those were all", 2},
        {"=== all of them", 2},
        {"in total there is nothing else", 2},
        {"and so on", 2},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        char text[512];
        (void)snprintf(text, sizeof text,
                       "Tag    NP_MB     share\nQzFC   20480.5   96.9%%\n"
                       "MmSt   60.1      0.3%%\n%s\nQzlD   9.5       0.1%%\n",
                       t[i].line);
        struct captures c = captures_text(text);
        assert_int_equal(c.n, 1);
        if (c.v[0].n_rows != t[i].rows)
            fail_msg("%s: %zu rows", t[i].line, c.v[0].n_rows);
        captures_free(&c);
    }
}

/* The words above a table are its own: they say nothing of the one behind it. */
static void test_words_above_the_table_before(void **state)
{
    (void)state;
#define FIGURES "| Tag | Allocs | Frees | Bytes |\n|---|---|---|---|\n"
    struct captures c =
        captures_text("Nonpaged pool:\n\n" FIGURES "| QzFC | 15 | 5 | 4096 |\n\n"
                      "Paged pool:\n\n" FIGURES "| QzFC | 9 | 8 | 512 |\n\n"
                      "And then:\n\n" FIGURES "| QzlD | 7 | 5 | 640 |\n");
    assert_int_equal(c.n, 2);
    assert_int_equal(c.v[0].n_rows, 2);
    assert_int_equal(row_of(&c.v[0], "QzFC", POOL_NONPAGED)->bytes, 4096);
    assert_int_equal(row_of(&c.v[0], "QzFC", POOL_PAGED)->bytes, 512);
    assert_int_equal(c.v[1].n_rows, 1);
    assert_int_equal(row_of(&c.v[1], "QzlD", POOL_UNKNOWN)->bytes, 640);
    captures_free(&c);
}

/* What is not read of a table is told by its title, once. */
static void test_columns_passed_over(void **state)
{
    (void)state;
    static const struct {
        const char *head, *cells, *words; /* NULL: nothing is said */
    } t[] = {{"Bytes,Peak Bytes", "46080,50000",
              "1 column of figures was passed over: 'Peak Bytes'"},
             {"Bytes,Peak Bytes,Bytes/h", "46080,50000,12",
              "2 columns of figures were passed over: 'Peak Bytes', 'Bytes/h'"},
             {"Bytes,Peak MB,Max MB,MB/h,MB/day", "46080,1,1,1,1",
              "4 columns of figures were passed over: 'Peak MB', 'Max MB', 'MB/h' ..."},
             {"Bytes,Nonpaged (thousands)", "46080,46",
              "1 column of figures was passed over: 'Nonpaged (thousands)'"},
             {"Bytes,Total", "46080,46", "1 column of figures was passed over: 'Total'"},
             {"Bytes,Share of bytes,Rank", "46080,12%,1", NULL},
             {"Bytes,Driver", "46080,a.sys", NULL}};
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        char text[512];
        (void)snprintf(text, sizeof text,
                       "Tag,Type,Outstanding,%s\nQzFC,Nonp,10,%s\nQzlD,Nonp,10,%s\n",
                       t[i].head, t[i].cells, t[i].cells);
        struct captures c = captures_text(text);
        assert_int_equal(c.n, 1);
        const struct note_list *notes = &c.v[0].notes;
        assert_int_equal(notes->seen[NOTE_COLUMNS], t[i].words != NULL);
        for (size_t k = 0; k < notes->n; k++)
            if (notes->v[k].code == NOTE_COLUMNS)
                assert_string_equal(note_text(notes, &notes->v[k]), t[i].words);
        assert_int_equal(c.v[0].rows[0].bytes, 46080);
        captures_free(&c);
    }
}

/* A pool's name alone makes no size of a figure. */
static void test_no_unit(void **state)
{
    (void)state;
    struct captures c =
        captures_text("| Tag | Outstanding | Nonpaged |\n|---|---|---|\n"
                      "| QzFC | 10 | 46 KB |\n| MmSt | 10 | 12 |\n| QzlD | 9 | 13 |\n");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].rows[0].bytes, 47104);
    assert_int_equal(c.v[0].rows[1].fields & ROW_BYTES, 0);
    assert_int_equal(c.v[0].notes.seen[NOTE_COLUMNS], 1);
    captures_free(&c);
}

/* A thousand of objects is 1000 of them, and their columns need no unit. */
static void test_counts_in_thousands(void **state)
{
    (void)state;
    struct captures c =
        captures_text("| Tag | Outstanding | Nonpaged KiB |\n|---|---|---|\n"
                      "| QzFC | 9k | 46 |\n| MmSt | 10 | 12 |\n");
    assert_int_equal(c.n, 1);
    assert_int_equal(row_of(&c.v[0], "QzFC", POOL_NONPAGED)->live, 9000);
    assert_int_equal(row_of(&c.v[0], "QzFC", POOL_NONPAGED)->bytes, 46 * 1024);
    assert_int_equal(c.v[0].notes.seen[NOTE_APPROXIMATE], 1);
    assert_int_equal(c.v[0].notes.seen[NOTE_UNITS], 0);
    captures_free(&c);
}

/* The fence that ends a block of code ends the table in it, of one row, too. */
static void test_rows_behind_a_fence(void **state)
{
    (void)state;
    struct captures c =
        captures_text("```\n| Tag | Pool | Bytes |\n|---|---|---|\n"
                      "| QzFC | Nonpaged | 4096 |\n```\n| MmSt | Nonpaged | 12 |\n");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].n_rows, 1);
    assert_memory_equal(c.v[0].rows[0].tag.b, "QzFC", 4);
    captures_free(&c);
}

/* Only counters that say so are 32 bits wide, and wrap. */
static void test_width_of_counters(void **state)
{
    (void)state;
    static const struct {
        const char *cells;
        uint8_t width; /* 0: the row is dropped */
    } t[] = {{"15,5,10", 64},
             {"5,4294967290,11", 32},
             {"4294967295,4294967290,5", 64},
             {"5,4294967296,5", 0},
             {"4294967301,4294967296,5", 64}};
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        char text[256];
        (void)snprintf(text, sizeof text,
                       "Tag,Type,Allocs,Frees,Diff,Bytes\nQzFC,Nonp,9,8,1,512\n"
                       "QzlD,Nonp,%s,4096\n",
                       t[i].cells);
        struct captures c = captures_text(text);
        assert_int_equal(c.n, 1);
        assert_int_equal(c.v[0].n_rows, 1 + (t[i].width > 0));
        if (t[i].width > 0)
            assert_int_equal(row_of(&c.v[0], "QzlD", POOL_NONPAGED)->width, t[i].width);
        captures_free(&c);
    }
}

/* A mean with a point before three digits is what the others prove it to be; one that
 * they do not give is left out, and said. */
static void test_mean_of_a_row(void **state)
{
    (void)state;
    static const struct {
        const char *mean;
        int64_t per_alloc; /* -1: left out */
    } t[] = {{"4608", 4608},   {"4.608", 4608}, {"4,608", 4608},
             {"4608.4", 4608}, {"4.609", -1},   {"4.6", -1}};
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        char text[256];
        (void)snprintf(text, sizeof text,
                       "Tag;Type;Outstanding;Bytes;Per Alloc\nQzFC;Nonp;10;46080;%s\n"
                       "QzlD;Nonp;5;100;20\n",
                       t[i].mean);
        struct captures c = captures_text(text);
        assert_int_equal(c.n, 1);
        const struct pool_row *r = &c.v[0].rows[0];
        if (((r->fields & ROW_PER_ALLOC) != 0) != (t[i].per_alloc >= 0))
            fail_msg("%s: fields %x", t[i].mean, r->fields);
        assert_int_equal(r->per_alloc, t[i].per_alloc < 0 ? 0 : t[i].per_alloc);
        assert_int_equal(c.v[0].notes.seen[NOTE_COLUMNS], t[i].per_alloc < 0);
        captures_free(&c);
    }
}

/* Titles without a blank line above them: what is below is read by them, or not at all;
 * the same ones again, as on another page, are only passed over. */
static void test_titles_below_rows(void **state)
{
    (void)state;
    struct captures c =
        captures_text("| Tag | Nonpaged MB |\n|---|---|\n| QzFC | 12 |\n| MmSt | 10 |\n"
                      "| Tag | Paged MB |\n|---|---|\n| QzFD | 13 |\n| QzFC | 1 |\n");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].n_rows, 4);
    assert_int_equal(row_of(&c.v[0], "QzFC", POOL_NONPAGED)->bytes, 12 << 20);
    assert_int_equal(row_of(&c.v[0], "QzFD", POOL_PAGED)->bytes, 13 << 20);
    captures_free(&c);
    c = captures_text("Tag,Allocs,Frees,Bytes\nQzFC,15,5,640\n"
                      "Tag,Frees,Allocs,Bytes\nQzFD,5,15,640\n");
    assert_int_equal(c.n, 2);
    assert_int_equal(row_of(&c.v[1], "QzFD", POOL_UNKNOWN)->allocs, 15);
    captures_free(&c);
    c = captures_text("| Tag | Nonpaged MB |\n|---|---|\n| QzFC | 12 |\n| MmSt | 10 |\n"
                      "| Tag | MB/h |\n|---|---|\n| QzFD | 3 |\n| MmSt | 1 |\n");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].n_rows, 2);
    captures_free(&c);
    c = captures_text("| Tag | Nonpaged MB |\n|---|---|\n| QzFC | 12 |\n"
                      "| Tag | Nonpaged KB |\n|---|---|\n| QzFC | 10 |\n");
    assert_int_equal(c.n, 2);
    assert_int_equal(row_of(&c.v[1], "QzFC", POOL_NONPAGED)->bytes, 10 << 10);
    captures_free(&c);
    c = captures_text("Tag,Allocs,Frees,Bytes\nQzFC,15,5,640\n"
                      "Tag,Allocs,Frees,Bytes,Diff\nQzFC,20,5,640,15\n");
    assert_int_equal(c.n, 2);
    assert_int_equal(c.v[1].rows[0].allocs, 20);
    captures_free(&c);
    static const char *const pages[] = {
        "| Tag | Nonpaged MB |\n|---|---|\n| QzFC | 12 |\n"
        "| Tag | Nonpaged MB |\n|---|---|\n| MmSt | 10 |\n",
        "Tag    Nonpaged_MB  Paged MB  Share\nQzFC   12           3         60%\n"
        "QzFD   12           3         60%\n"
        "Tag    Nonpaged_MB  Paged MB  Share\nMmSt   10           4         40%\n",
        "Tag Nonpaged_Bytes Paged_Bytes\nQzFC 12000 3\nMmSx 7 8\n"
        "Tag Nonpaged_Bytes Paged_Bytes\nMmSt 10000 4\nMmSu 9 8\n"};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        c = captures_text(pages[i]);
        if (c.n != 1)
            fail_msg("%zu captures: %s", c.n, pages[i]);
        assert_int_equal(row_of(&c.v[0], "MmSt", POOL_NONPAGED)->line > 2, true);
        captures_free(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_row_is_torn),
        cmocka_unit_test(test_mostly_torn),
        cmocka_unit_test(test_columns_passed_over),
        cmocka_unit_test(test_no_unit),
        cmocka_unit_test(test_mean_of_a_row),
        cmocka_unit_test(test_width_of_counters),
        cmocka_unit_test(test_rows_behind_a_fence),
        cmocka_unit_test(test_counts_in_thousands),
        cmocka_unit_test(test_nothing_left_of_a_moment),
        cmocka_unit_test(test_sums_in_words),
        cmocka_unit_test(test_words_above_the_table_before),
        cmocka_unit_test(test_titles_below_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
