/* SPDX-License-Identifier: MIT */
/* Lines of tables made by hand, cut into cells, in each shape; lines that only draw. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "formats/table/table_line.h"

static void mend(const char *line, enum table_shape shape, struct table_text *t)
{
    static const struct repair_style none;
    const struct text_line l = {.p = line, .n = strlen(line), .number = 1};
    table_mend(&none, shape, &l, false, t);
}

/* The cells in brackets; "" where this is no line of that shape. */
static const char *split(enum table_shape shape, const char *line, struct table_text *t,
                         char out[512])
{
    size_t n = 0;
    mend(line, shape, t);
    if (!table_split(shape, t))
        return "";
    for (size_t i = 0; i < t->cells.n; i++) {
        out[n++] = '[';
        memcpy(out + n, t->cells.v[i].p, t->cells.v[i].n);
        n += t->cells.v[i].n;
        out[n++] = ']';
    }
    out[n] = '\0';
    return out;
}

static void test_cells(void **state)
{
    (void)state;
    static const struct {
        enum table_shape shape;
        const char *line, *cells;
    } t[] = {
        {SHAPE_NARROW, "Tag Pool Size (MB) Allocs", "[Tag][Pool][Size (MB)][Allocs]"},
        {SHAPE_NARROW, "Abcd Nonp 12 MB 300", "[Abcd][Nonp][12 MB][300]"},
        {SHAPE_NARROW, "Abcd x MB 300", "[Abcd][x][MB][300]"},
        {SHAPE_NARROW, "Abcd 12 (MB) 3", "[Abcd][12][(MB)][3]"},
        {SHAPE_NARROW, "Tag Per Alloc Frees", "[Tag][Per Alloc][Frees]"},
        {SHAPE_NARROW, "Tag Nonpaged Bytes Live", "[Tag][Nonpaged Bytes][Live]"},
        {SHAPE_NARROW, "Tag Paged Bytes Live", "[Tag][Paged Bytes][Live]"},
        {SHAPE_NARROW, "Abcd Nonpaged 12 34", "[Abcd][Nonpaged][12][34]"},
        {SHAPE_NARROW, "Abcd Paged 9 34", "[Abcd][Paged][9][34]"},
        {SHAPE_NARROW, "Abcd Paged 0 34", "[Abcd][Paged][0][34]"},
        {SHAPE_NARROW, "Abcd", ""},
        {SHAPE_NARROW, "Per Alloc", ""},
        {SHAPE_PIPES, "| a | b |", "[ a ][ b ]"},
        {SHAPE_PIPES, "  |a|b|  ", "[a][b]"},
        {SHAPE_PIPES, "a|b", "[a][b]"},
        {SHAPE_PIPES, "a|", ""},
        {SHAPE_PIPES, "|a", ""},
        {SHAPE_PIPES, "|a|", ""},
        {SHAPE_PIPES, "||a|", "[][a]"},
        {SHAPE_PIPES, "|a\\|b|c|", "[a\\|b][c]"},
        {SHAPE_PIPES, "\xe2\x94\x82 a \xe2\x94\x83 b \xe2\x95\x91 c", "[ a ][ b ][ c]"},
        {SHAPE_PIPES, "a \xe2\x94\x80 b \xe2\x95\x90 c", ""},
        {SHAPE_WIDE, "Abcd  Nonp   12 MB  3", "[Abcd][Nonp][12 MB][3]"},
        {SHAPE_WIDE, " 'A  '  12   3 ", "['A  '][12][3]"},
        {SHAPE_WIDE, "`A  `  12   3", "[`A  `][12][3]"},
        {SHAPE_WIDE, "'A  12   3", "['A][12][3]"},
        {SHAPE_WIDE, "Abcd Nonp 12", ""},
        {SHAPE_WIDE, "Abcd  ", ""},
        {SHAPE_TABS, "Abcd\t12 MB\t", "[Abcd][12 MB][]"},
        {SHAPE_SEMICOLONS, "Abcd;1,5;3", "[Abcd][1,5][3]"},
        {SHAPE_COMMAS, "Abcd,\"1,5\",3", "[Abcd][1,5][3]"},
        {SHAPE_COMMAS, "Abcd", ""},
        {SHAPE_COMMAS, "Abcd,\"1", ""},
    };
    static struct table_text text;
    char out[512];
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        const char *cells = split(t[i].shape, t[i].line, &text, out);
        if (strcmp(cells, t[i].cells) != 0)
            fail_msg("'%s' as shape %d: %s, wanted %s", t[i].line, (int)t[i].shape, cells,
                     t[i].cells);
    }
}

/* Behind the last cell that has room a line of blanks is a remark, one of pipes is none
 * of a table. */
static void test_more_than_there_is_room_for(void **state)
{
    (void)state;
    static struct table_text t;
    char line[4 * (CELLS_MAX + 2)] = "";
    for (int i = 0; i < CELLS_MAX + 1; i++)
        strcat(line, "a  ");
    mend(line, SHAPE_WIDE, &t);
    assert_true(table_split(SHAPE_WIDE, &t));
    assert_int_equal(t.cells.n, CELLS_MAX);
    for (char *p = line; *p != '\0'; p++)
        *p = *p == 'a' ? 'a' : '|';
    mend(line, SHAPE_PIPES, &t);
    assert_false(table_split(SHAPE_PIPES, &t));
}

static void test_rules(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        bool rule;
    } t[] = {
        {"|---|:--:|", true}, {"--|--", true}, {"-----", true}, {"=====", true},
        {"```", true},        {"| - |", true}, {"| |", false},  {"|:|", false},
        {"- a", false},       {"|-a|", false}, {"", false},
    };
    static struct table_text text;
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        mend(t[i].line, SHAPE_PIPES, &text);
        if (table_rule(&text) != t[i].rule)
            fail_msg("'%s'", t[i].line);
    }
    mend("\xe2\x94\x9c\xe2\x94\x80\xe2\x94\xbc\xe2\x94\x80\xe2\x94\xa4", SHAPE_PIPES,
         &text);
    assert_true(table_rule(&text));
    assert_true((text.mended.done & REPAIR_MARKUP) != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells),
        cmocka_unit_test(test_more_than_there_is_room_for),
        cmocka_unit_test(test_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
