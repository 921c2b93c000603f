/* SPDX-License-Identifier: MIT */
/* One line of a `!poolused` table: where the last figure ends and the text begins, where
 * the tag stands, what is no line of such a table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "formats/debugger/kd.h"
#include "formats/debugger/poolused_line.h"
#include "formats/debugger/poolused_row.h"

static const struct used_layout old_short = {.glued = true, .tag_at = 1};
static const struct used_layout new_short = {.tag_at = 1};
static const struct used_layout verbose = {.verbose = true, .tag_at = 1};

struct row_case {
    const struct used_layout *layout;
    const char *line;
    enum used_kind kind;
    const char *tag;
    uint64_t fig[4];
    const char *text;
};

static const struct row_case rows[] = {
    {&old_short,
     " AcpA        3      192         1      504ACPI Pooltags , Binary: acpi.sys",
     USED_ROW,
     "AcpA",
     {3, 192, 1, 504},
     "ACPI Pooltags , Binary: acpi.sys"},
    /* columns part a figure from a text of digits */
    {&old_short,
     " ohci        1      136         0        01394 OHCI host",
     USED_ROW,
     "ohci",
     {1, 136, 0, 0},
     "1394 OHCI host"},
    {&old_short,
     " ohci        1      136         1      1281394 OHCI host",
     USED_ROW,
     "ohci",
     {1, 136, 1, 128},
     "1394 OHCI host"},
    {&old_short,
     " ohci        1      136         1 123456781394 OHCI host",
     USED_ROW,
     "ohci",
     {1, 136, 1, 12345678},
     "1394 OHCI host"},
    /* a wide figure pushes its text */
    {&old_short,
     " MmSt        0        0      2310 123456789Mm section",
     USED_ROW,
     "MmSt",
     {0, 0, 2310, 123456789},
     "Mm section"},
    {&old_short,
     " MmSt        0        0      2310 123456789",
     USED_ROW,
     "MmSt",
     {0, 0, 2310, 123456789},
     ""},
    /* a tag of three characters moves its line left */
    {&old_short,
     " rx..       3     1248         0        0UNKNOWN pooltag '  rx'",
     USED_ROW,
     "rx..",
     {3, 1248, 0, 0},
     "UNKNOWN pooltag '  rx'"},
    /* without columns a leading zero is told, other digits are in doubt */
    {&old_short,
     "ohci 1 136 0 01394 OHCI host",
     USED_ROW,
     "ohci",
     {1, 136, 0, 0},
     "1394 OHCI host"},
    {&old_short, "ohci 1 136 1 1281394 OHCI host", USED_TORN, "", {0}, ""},
    {&old_short,
     "AGP 1 344 2 384UNKNOWN pooltag",
     USED_ROW,
     "AGP ",
     {1, 344, 2, 384},
     "UNKNOWN pooltag"},
    {&new_short,
     " Thre      1725      4416000          0            0\tThread objects ",
     USED_ROW,
     "Thre",
     {1725, 4416000, 0, 0},
     "Thread objects"},
    {&new_short,
     " 1394         1          136          0            0\t1394 OHCI",
     USED_ROW,
     "1394",
     {1, 136, 0, 0},
     "1394 OHCI"},
    {&new_short,
     " Dh 1         1          136          0            0",
     USED_ROW,
     "Dh 1",
     {1, 136, 0, 0},
     ""},
    {&new_short,
     "Dh 1         1          136          0            0",
     USED_ROW,
     "Dh 1",
     {1, 136, 0, 0},
     ""},
    {&new_short,
     "Io 1 344 2 384 Io objects",
     USED_ROW,
     "Io  ",
     {1, 344, 2, 384},
     "Io objects"},
    /* the tab lost, a digit behind the figure */
    {&new_short,
     " ohci         1          136          1          1281394 OHCI",
     USED_ROW,
     "ohci",
     {1, 136, 1, 128},
     "1394 OHCI"},
    {&new_short,
     "TOTAL     19248      2470752          0            0",
     USED_TOTAL,
     "",
     {19248, 2470752, 0, 0},
     ""},
    {&old_short,
     " TOTAL     3570214 209120008     38769 13066104",
     USED_TOTAL,
     "",
     {3570214, 209120008, 38769, 13066104},
     ""},
    {&verbose,
     " Hack           1           0         1          112            0           0      "
     "   "
     "0            0\tUNKNOWN pooltag 'Hack'",
     USED_ROW,
     "Hack",
     {1, 0, 1, 112},
     "UNKNOWN pooltag 'Hack'"},
    {&new_short, " Thre      1725      4416000", USED_TORN, "", {0}, ""},
    {&new_short, " Thre      0x12      0x4416000  0  0", USED_NONE, "", {0}, ""},
    {&new_short,
     "    counts: 2241 cached/385 uncached, 85.34% cached",
     USED_NONE,
     "",
     {0},
     ""},
    {&new_short, "From 10 to 20", USED_NONE, "", {0}, ""},
    {&new_short, "", USED_NONE, "", {0}, ""},
};

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row_case *c = &rows[i];
        struct used_text t;
        print_message("%s\n", c->line);
        assert_int_equal(used_parse(c->line, strlen(c->line), c->layout, &t),
                         c->kind != USED_NONE);
        assert_int_equal(t.kind, c->kind);
        if (c->kind != USED_ROW && c->kind != USED_TOTAL)
            continue;
        for (unsigned k = 0; k < 4; k++)
            assert_int_equal(t.fig[k], c->fig[k]);
        if (c->kind == USED_TOTAL)
            continue;
        assert_memory_equal(t.tag.b, c->tag, 4);
        assert_int_equal(t.text_n, strlen(c->text));
        assert_memory_equal(c->line + t.text_at, c->text, t.text_n);
    }
}

/* No line makes the parser read beyond its end: each is cut everywhere, in a buffer of
 * its own size. */
static void test_cut_anywhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t n = 0; n <= strlen(rows[i].line); n++) {
            char *p = test_malloc(n + 1);
            struct used_text t;
            memcpy(p, rows[i].line, n);
            if (used_parse(p, n, rows[i].layout, &t))
                assert_true(t.text_at + t.text_n <= n);
            (void)used_invented(p, n);
            (void)kd_chatter(p, n);
            (void)kd_block_list(p, n);
            test_free(p);
        }
    }
}

static void test_titles(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        enum used_kind kind;
    } titles[] = {
        {"   Sorting by  Tag", USED_SORT},
        {" Sorting by NonPaged Pool Consumed", USED_SORT},
        {" Sorting by Paged Pool Consumed ", USED_SORT},
        {" Sorting by Name", USED_NONE},
        {"Sorting by Tag is the default", USED_NONE},
        {"  Pool Used:", USED_HEADING},
        {"            NonPaged            Paged", USED_POOLS},
        {" Tag    Allocs     Used    Allocs     Used", USED_COLUMNS},
        {" Tag  Allocs Frees Diff Used Allocs Frees Diff Used", USED_COLUMNS},
        {" Tag  Type     Allocs     Frees", USED_NONE},
    };
    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        struct used_text t;
        print_message("%s\n", titles[i].line);
        (void)used_parse(titles[i].line, strlen(titles[i].line), &new_short, &t);
        assert_int_equal(t.kind, titles[i].kind);
    }
}

static void test_uncertain_tags(void **state)
{
    (void)state;
    static const char dotted[] = " A..x         1          136          0            0";
    static const char latin[] =
        " Pro\xc3\xa3         1          136          0            0";
    struct used_text t;
    assert_true(used_parse(dotted, sizeof dotted - 1, &new_short, &t));
    assert_true(t.uncertain);
    assert_true(used_parse(latin, sizeof latin - 1, &new_short, &t));
    assert_false(t.uncertain);
    assert_memory_equal(t.tag.b, "Pro\xe3", 4);
}

static void test_commands(void **state)
{
    (void)state;
    size_t at;
    static const char *const yes[] = {"kd> !vm",     "lkd> !vm 1", "0: kd> !vm",
                                      "* : kd> !vm", "!vm 21",     "1: kd> !VM"};
    static const char *const no[] = {"kd> !vmstat", "kd> vm", "see !vm", "", "kd>"};
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
        assert_true(kd_command(yes[i], strlen(yes[i]), "vm", &at));
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        assert_false(kd_command(no[i], strlen(no[i]), "vm", &at));
}

static bool invented(const char *line)
{
    return used_invented(line, strlen(line));
}

/* What people and programs write that never saw a debugger. */
static void test_invented(void **state)
{
    (void)state;
    assert_true(invented(" Tag  Type  NonPaged  Paged"));
    assert_true(invented("Tag Paged Nonpaged #Allocs"));
    assert_true(invented("Tag\tPaged\tNonPaged\tAllocs"));
    assert_false(invented("A Tag Type NonPaged Paged")); /* not the first word */
    assert_false(invented("Tag Type NonPaged"));
    assert_false(invented("Tag Type Paged"));
    assert_false(invented("Tag NonPaged Paged"));
    assert_true(invented("Leak 0x1 0x2 3 4"));
    assert_true(invented("Leak 1 0xaF 3 0XFf"));
    assert_false(invented("Leak 1 0xa 3 4"));    /* one may be chance */
    assert_false(invented("Leak 0x1 0x2 3"));    /* a figure is missing */
    assert_false(invented("Leaks 0x1 0x2 3 4")); /* no tag */
    assert_false(invented("Leak 0x1 0x2 three 4"));
    assert_false(invented("Leak 0x1 0xg 0x2 4"));
    assert_false(invented("Leak x 0x1 0x2 3 4")); /* figures follow the tag */
    assert_false(invented("Leak 0x 0x 3 4"));
    char text[202];
    memset(text, ' ', sizeof text);
    memcpy(text, "Leak 0x1 0x2 3 4", 16);
    assert_true(used_invented(text, 200));
    assert_false(used_invented(text, 201));
}

/* A line that says something as it stands is left as it stands. */
static void test_gentlest_repair(void **state)
{
    (void)state;
    static const char line[] = " MmSt        0        0      2310 12345678\ta &amp; b";
    static const struct {
        const char *line;
        unsigned done;
        const char *text;
    } t[] = {{line, 0, "a &amp; b"},
             {" MmSt        0        0      2310&nbsp;12345678\ta &amp; b",
              REPAIR_ENTITIES | REPAIR_BLANKS, "a & b"},
             {" MmSt        0        0      2310&nbsp;12345678\t`a` &amp; b",
              REPAIR_ENTITIES | REPAIR_BLANKS, "`a` & b"}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        const struct repair_style style = {.n = 0};
        const struct text_line l = {.p = t[i].line, .n = strlen(t[i].line)};
        struct repaired mended;
        struct used_text text;
        used_read(&style, &l, &new_short, &mended, &text);
        assert_int_equal(text.kind, USED_ROW);
        assert_int_equal(mended.done, t[i].done);
        assert_int_equal(text.text_n, strlen(t[i].text));
        assert_memory_equal(mended.p + text.text_at, t[i].text, text.text_n);
    }
}

/* What the lines before a table say of it: the last command, and the order behind that.
 */
static void test_lines_before(void **state)
{
    (void)state;
    static const struct {
        const char *lead;
        enum used_sort sort;
        bool glued, tagged, top, session;
    } t[] = {
        {"", SORTED_NOT, false, false, false, false},
        {"   Sorting by Tag\n\n  Pool Used:\n", SORTED_TAG, true, false, false, false},
        {"   Sorting by NonPaged Pool Consumed\n\n  Pool Used:\n", SORTED_NONPAGED, true,
         false, false, false},
        {"   Sorting by Paged Pool Consumed\r\nsome words\n", SORTED_PAGED, false, false,
         false, false},
        {"kd> !poolused 2\n   Sorting by Tag\n", SORTED_TAG, false, false, false, false},
        {"   Sorting by Tag\nkd> !poolused 2\n", SORTED_NOT, false, false, false, false},
        {"kd> !poolused 0 Leak\n", SORTED_NOT, false, true, false, false},
        {"kd> !poolused Leak\n", SORTED_NOT, false, true, false, false},
        {"kd> !poolused 2 ; !vm\n", SORTED_NOT, false, false, false, false},
        {"kd> !poolused /t 5 2\n", SORTED_NOT, false, true, true, false},
        {"kd> !poolused 8\n", SORTED_NOT, false, false, false, true},
        {"kd> !poolused 0x9\n", SORTED_NOT, false, false, false, true},
        {"kd> !poolused 0x7\n", SORTED_NOT, false, false, false, false},
        {"kd> !poolused 7\n", SORTED_NOT, false, false, false, false},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct buf lead = {0};
        struct used_command c = {0};
        struct used_layout layout = {.tag_at = 1};
        enum used_sort sort = SORTED_NOT;
        assert_int_equal(buf_append(&lead, t[i].lead, strlen(t[i].lead), NULL), 0);
        used_read_lead(&lead, &c, &layout, &sort);
        if (sort != t[i].sort || c.tagged != t[i].tagged || c.top != t[i].top ||
            c.session != t[i].session || layout.glued != t[i].glued)
            fail_msg("%s: sort %d, %d %d %d %d", t[i].lead, sort, c.tagged, c.top,
                     c.session, layout.glued);
        buf_free(&lead);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_titles),
        cmocka_unit_test(test_uncertain_tags),
        cmocka_unit_test(test_commands),
        cmocka_unit_test(test_invented),
        cmocka_unit_test(test_gentlest_repair),
        cmocka_unit_test(test_lines_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
