/* SPDX-License-Identifier: MIT */
/* Tables of `!poolused`: every layout with its figures, what is whole and what is not,
 * and what is refused in which words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/captures.h"

enum { SHORT = ROW_LIVE | ROW_BYTES, LONG = SHORT | ROW_ALLOCS | ROW_FREES };

struct want {
    const char *tag;
    enum pool_kind pool;
    uint64_t live, bytes, allocs, frees;
    const char *owner;
};

static void check_rows(const struct pool_snapshot *s, unsigned fields,
                       const struct want *w, size_t n)
{
    assert_int_equal(s->n_rows, n);
    for (size_t i = 0; i < n; i++) {
        const struct pool_row *r = &s->rows[i];
        print_message("%s\n", w[i].tag);
        assert_memory_equal(r->tag.b, w[i].tag, 4);
        assert_int_equal(r->pool, w[i].pool);
        assert_int_equal(r->fields, fields);
        assert_int_equal(r->live, w[i].live);
        assert_int_equal(r->bytes, w[i].bytes);
        assert_int_equal(r->allocs, w[i].allocs);
        assert_int_equal(r->frees, w[i].frees);
        assert_string_equal(pool_snapshot_str(s, r->owner), w[i].owner);
    }
}

static const struct want by_nonpaged[] = {
    {"Big1", POOL_NONPAGED, 70000, 9663676416, 0, 0, ""},
    {"EtwB", POOL_NONPAGED, 148, 5206272, 0, 0, "nt!etw - Etw Buffer"},
    {"EtwB", POOL_PAGED, 16, 442368, 0, 0, "nt!etw - Etw Buffer"},
    {"Thre", POOL_NONPAGED, 1725, 4416000, 0, 0, "nt!ps - Thread objects"},
    {"File", POOL_NONPAGED, 9386, 3741536, 0, 0, "File objects"},
    {"Ntff", POOL_NONPAGED, 5, 1600, 0, 0, "ntfs.sys - FCB_DATA"},
    {"Ntff", POOL_PAGED, 2109, 2598288, 0, 0, "ntfs.sys - FCB_DATA"},
    {"MmSt", POOL_PAGED, 2808, 6790672, 0, 0, "nt!mm - Mm section object prototype ptes"},
};
enum { BY_NONPAGED = sizeof by_nonpaged / sizeof by_nonpaged[0] };

/* One table in many dresses. */
static void test_short_dresses(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        enum note_code note; /* the one that must be there; NOTE_CODES: none at all */
    } dresses[] = {
        {"poolused/x64-nonpaged-noise.txt", NOTE_CODES},
        {"poolused/quoted.txt", NOTE_PREFIX},
        {"poolused/collapsed.txt", NOTE_CODES},
        {"poolused/entities-indented.txt", NOTE_ENTITIES},
        {"poolused/tab-lost.txt", NOTE_CODES},
    };
    for (size_t i = 0; i < sizeof dresses / sizeof dresses[0]; i++) {
        print_message("%s\n", dresses[i].file);
        struct captures c = captures_fixture(dresses[i].file);
        assert_int_equal(c.n, 1);
        check_rows(&c.v[0], SHORT, by_nonpaged, BY_NONPAGED);
        assert_int_equal(c.v[0].completeness, COMPLETE_WHOLE);
        assert_null(pool_snapshot_valid(&c.v[0]));
        if (dresses[i].note == NOTE_CODES)
            assert_int_equal(c.v[0].notes.n, 0);
        else
            assert_int_equal(c.v[0].notes.seen[dresses[i].note], 1);
        captures_free(&c);
    }
}

static void test_old_short(void **state)
{
    (void)state;
    static const struct want want[] = {
        {"1394", POOL_NONPAGED, 3, 1560, 0, 0, ""},
        {"AGP ", POOL_NONPAGED, 1, 344, 0, 0, ""},
        {"AGP ", POOL_PAGED, 2, 384, 0, 0, ""},
        {"Bt..", POOL_NONPAGED, 2, 96, 0, 0, ""},
        {"Dh 1", POOL_PAGED, 12, 4032, 0, 0, "GDI handle table"},
        {"Gh05", POOL_PAGED, 1, 24576, 0, 0, ""},
        {"Irp ", POOL_NONPAGED, 310, 112040, 0, 0, "Io, IRP packets"},
        {"MmSt", POOL_PAGED, 2310, 123456789, 0, 0,
         "nt!mm - Mm section object prototype ptes"},
        {"Ntff", POOL_NONPAGED, 7, 2240, 0, 0, "ntfs.sys - FCB_DATA"},
        {"Ntff", POOL_PAGED, 1890, 1451520, 0, 0, "ntfs.sys - FCB_DATA"},
        {"ohci", POOL_NONPAGED, 1, 136, 0, 0, "1394 OHCI host controller driver"},
    };
    struct captures c = captures_fixture("poolused/xp-short.txt");
    assert_int_equal(c.n, 1);
    check_rows(&c.v[0], SHORT, want, sizeof want / sizeof want[0]);
    assert_int_equal(c.v[0].completeness, COMPLETE_WHOLE);
    assert_int_equal(c.v[0].notes.seen[NOTE_TAG_UNCERTAIN], 1);
    assert_int_equal(c.v[0].notes.n, 1);
    assert_int_equal(c.v[0].line, 2);
    assert_string_equal(pool_snapshot_str(&c.v[0], c.v[0].format), "poolused");
    captures_free(&c);
}

static const struct want in_full[] = {
    {"EtwB", POOL_NONPAGED, 148, 5206272, 5120, 4972, "nt!etw - Etw Buffer"},
    {"EtwB", POOL_PAGED, 16, 442368, 400, 384, "nt!etw - Etw Buffer"},
    {"Wrap", POOL_NONPAGED, 11, 704, 5, 4294967290, ""},
    {"Gone", POOL_NONPAGED, 0, 0, 90, 90, ""},
    {"Ntff", POOL_NONPAGED, 5, 1600, 1005, 1000, "ntfs.sys - FCB_DATA"},
    {"Ntff", POOL_PAGED, 2109, 2598288, 9000, 6891, "ntfs.sys - FCB_DATA"},
};
enum { IN_FULL = sizeof in_full / sizeof in_full[0] };

static void test_verbose(void **state)
{
    (void)state;
    struct captures c = captures_fixture("poolused/x64-verbose.txt");
    assert_int_equal(c.n, 1);
    check_rows(&c.v[0], LONG, in_full, IN_FULL);
    assert_int_equal(c.v[0].completeness, COMPLETE_WHOLE);
    captures_free(&c);
    c = captures_fixture("poolused/verbose-wrapped-80.txt");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].notes.seen[NOTE_JOINED_LINES], 5);
    assert_int_equal(c.v[0].n_rows, IN_FULL);
    assert_int_equal(c.v[0].rows[2].frees, 4294967290);
    assert_int_equal(c.v[0].completeness, COMPLETE_WHOLE);
    captures_free(&c);
    /* One pool's figures contradict each other; the other's row stays. */
    c = captures_fixture("poolused/verbose-diff-wrong.txt");
    assert_int_equal(c.n, 1);
    check_rows(&c.v[0], LONG, in_full + 1, IN_FULL - 1);
    assert_int_equal(c.v[0].notes.seen[NOTE_ROW_DROPPED], 1);
    captures_free(&c);
}

static void test_completeness(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        enum completeness is;
        enum note_code note; /* NOTE_CODES: none */
        size_t rows;
    } files[] = {
        {"poolused/broken-off.txt", COMPLETE_CUT, NOTE_CUT, 4},
        {"poolused/filtered.txt", COMPLETE_FILTERED, NOTE_FILTERED, 1},
        {"poolused/filtered-no-command.txt", COMPLETE_FILTERED, NOTE_FILTERED, 1},
        {"poolused/only-sorted-pool.txt", COMPLETE_FILTERED, NOTE_FILTERED, 7},
        {"poolused/rows-missing.txt", COMPLETE_CUT, NOTE_CUT, 6},
        {"poolused/total-differs.txt", COMPLETE_WHOLE, NOTE_TOTAL_DIFFERS, 8},
        {"poolused/top-10.txt", COMPLETE_SCREEN, NOTE_CODES, 3},
        {"poolused/negative.txt", COMPLETE_CUT, NOTE_NEGATIVE_FIGURE, 7},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        print_message("%s\n", files[i].file);
        struct captures c = captures_fixture(files[i].file);
        assert_int_equal(c.n, 1);
        assert_int_equal(c.v[0].completeness, files[i].is);
        assert_int_equal(c.v[0].n_rows, files[i].rows);
        if (files[i].note < NOTE_CODES)
            assert_int_equal(c.v[0].notes.seen[files[i].note], 1);
        else
            assert_int_equal(c.v[0].notes.n, 0);
        captures_free(&c);
    }
}

/* A command is one behind every prompt that debuggers write, and behind no other text. */
static void test_prompts(void **state)
{
    (void)state;
    static const struct {
        const char *prompt;
        bool is;
    } t[] = {{"kd> ", true},     {"lkd> ", true},  {"0: kd> ", true}, {"0:002> ", true},
             {"12:002> ", true}, {"bkd> ", false}, {":2> ", false},   {"2> ", false}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        char text[512];
        (void)snprintf(text, sizeof text,
                       "%s!poolused /t1 2\n Sorting by NonPaged Pool Consumed\n\n"
                       "               NonPaged                  Paged\n"
                       " Tag     Allocs         Used     Allocs         Used\n\n"
                       " Big1     70000   9663676416          0            0\n\n"
                       "TOTAL     81264   9677041824       4933      9831328\n",
                       t[i].prompt);
        struct captures c = captures_text(text);
        assert_int_equal(c.n, 1);
        if ((c.v[0].completeness == COMPLETE_SCREEN) != t[i].is)
            fail_msg("'%s': %s", t[i].prompt, completeness_name(c.v[0].completeness));
        captures_free(&c);
    }
}

/* Only /t asks for the first few; what else stands before the table is no command's. */
static void test_lines_between(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        bool top;
    } t[] = {{"kd> !poolused /t1 2\n", true},
             {"kd> !poolused -T1 2\n", true},
             {"kd> !poolused /v 2\n", false},
             {"kd> !poolused / 2\n", false},
             {"kd> !poolused /t1 2\n.. ..... .\n", true},
             {"kd> !poolused /t1 2\nexample.com\n", false}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        char text[512];
        (void)snprintf(text, sizeof text,
                       "%s Sorting by NonPaged Pool Consumed\n\n"
                       "               NonPaged                  Paged\n"
                       " Tag     Allocs         Used     Allocs         Used\n\n"
                       " Big1     70000   9663676416          0            0\n\n"
                       "TOTAL     81264   9677041824       4933      9831328\n",
                       t[i].lines);
        struct captures c = captures_text(text);
        assert_int_equal(c.n, 1);
        if ((c.v[0].completeness == COMPLETE_SCREEN) != t[i].top)
            fail_msg("'%s': %s", t[i].lines, completeness_name(c.v[0].completeness));
        captures_free(&c);
    }
}

static void test_two_tables(void **state)
{
    (void)state;
    struct captures c = captures_fixture("poolused/two-tables-elided.txt");
    assert_int_equal(c.n, 2);
    check_rows(&c.v[0], SHORT, by_nonpaged, 4);
    assert_int_equal(c.v[0].completeness, COMPLETE_CUT);
    assert_int_equal(c.v[1].n_rows, 3);
    assert_memory_equal(c.v[1].rows[0].tag.b, "MmSt", 4);
    assert_int_equal(c.v[1].line, 14);
    assert_int_equal(c.notes.seen[NOTE_PROSE], 0);
    captures_free(&c);
}

/* Somebody put marks between the thousands: no figure ends at one, and each such row is
 * said to be lost. */
static void test_thousands(void **state)
{
    (void)state;
    static const char text[] = "               NonPaged                  Paged\n"
                               " Tag     Allocs         Used     Allocs         Used\n\n"
                               " Thre        10          640          0            0  x\n"
                               " File     1,200      384,000          0            0  x\n"
                               " MmSt         0            0        210      430,080  x\n"
                               " CM31         0            0          2        4.096\n"
                               "TOTAL     1,210      384,640        212      434,176\n";
    struct captures c = captures_text(text);
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].n_rows, 1);
    assert_memory_equal(c.v[0].rows[0].tag.b, "Thre", 4);
    assert_int_equal(c.v[0].rows[0].bytes, 640);
    assert_int_equal(c.v[0].notes.seen[NOTE_ROW_DROPPED], 4);
    assert_int_equal(c.v[0].completeness, COMPLETE_CUT);
    captures_free(&c);
}

static void test_refused(void **state)
{
    (void)state;
    static const struct {
        const char *file, *words, *hint;
        int code;
    } files[] = {
        {"poolused/invented.txt", "a table that no debugger prints", "!poolused 2",
         ERR_EMPTY},
        {"poolused/invented-hex.txt", "a table that no debugger prints", "!poolused 2",
         ERR_EMPTY},
        {"poolused/block-list.txt", "a list of blocks", "!poolused 2", ERR_EMPTY},
        {"poolused/block-list-pool.txt", "a list of blocks", "!poolused 2", ERR_EMPTY},
        {"poolused/session.txt", "session pool", "poolmon -s", ERR_UNSUPPORTED},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        print_message("%s\n", files[i].file);
        struct captures c = captures_fixture(files[i].file);
        assert_int_equal(c.n, 0);
        assert_int_equal(c.e.code, files[i].code);
        assert_non_null(strstr(c.e.text, files[i].words));
        assert_non_null(strstr(c.e.hint, files[i].hint));
        captures_free(&c);
    }
}

/* Texts that look a little like it are nobody's tables of ours. */
static void test_innocent(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "static const char head[] =\n    \" Tag    Allocs     Used    Allocs     "
        "Used\\n\";\n",
        "Sorting by Tag is the default. Sorting by Paged Pool Consumed needs flag 4.\n",
        " Tag    Allocs     Used    Allocs     Used\nmeans: outstanding allocations\nand "
        "bytes\n",
        "Tag,Allocs,Used,Allocs,Used\nabcd,1,2,3,4\n",
        "| Tag | Allocs | Used |\n|---|---|---|\n| a | 1 | 2 |\n",
        "TOTAL     19248      2470752          0            0\n",
        "Physical Memory: 16 GB\nPage File: none\n",
        "Virtual Memory Usage\nis explained on the next page (in Kb)\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        print_message("%s", texts[i]);
        for (int f = 0; f < 2; f++) {
            struct captures c =
                captures_read(texts[i], strlen(texts[i]), 0, f == 0 ? "poolused" : "vm");
            assert_int_equal(c.n, 0);
            captures_free(&c);
        }
    }
}

/* However a table is cut, what is left of it is read or refused, and never invented. */
static void test_cut_anywhere(void **state)
{
    (void)state;
    size_t n = 0;
    uint8_t *p = fixture("poolused/x64-verbose.txt", &n);
    assert_non_null(p);
    for (size_t at = 0; at <= n; at += 3) {
        struct captures c = captures_read(p, at, 0, NULL);
        assert_in_range(c.n, 0, 1);
        if (c.n == 1 && at < n)
            assert_null(pool_snapshot_valid(&c.v[0]));
        captures_free(&c);
    }
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_short_dresses), cmocka_unit_test(test_old_short),
        cmocka_unit_test(test_verbose),       cmocka_unit_test(test_completeness),
        cmocka_unit_test(test_two_tables),    cmocka_unit_test(test_refused),
        cmocka_unit_test(test_innocent),      cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_thousands),     cmocka_unit_test(test_prompts),
        cmocka_unit_test(test_lines_between),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
