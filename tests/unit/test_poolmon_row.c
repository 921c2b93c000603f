/* SPDX-License-Identifier: MIT */
/* One line to one row of figures, and the columns of the known layouts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "formats/poolmon/poolmon_layout.h"
#include "formats/poolmon/poolmon_row.h"

static void test_row_shapes(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        enum row_shape shape;
        const char *tag;
        unsigned doubts;
    } t[] = {
        {" Wait Nonp 10 4 6 60 10", ROW_PROVED, "Wait", 0},
        {"Io Nonp 10 4 6 60 10", ROW_PROVED, "Io  ", ROW_TAG_PADDED},
        {" Io   Nonp 10 4 6 60 10", ROW_PROVED, "Io  ", 0},
        {" Wait Paged4294967295 4294967294 1 60 60", ROW_PROVED, "Wait", 0},
        {" Wait Nonp 10 (0)4 (-1)6 60 ( 0)10", ROW_PROVED, "Wait", 0},
        {" Wait Nonp 10 0 4 0 6 60 0 10", ROW_PROVED, "Wait", ROW_NO_PARENS},
        {" Wait Nonp 10 4 6 60 11", ROW_READ, "Wait", 0},
        {" Wait Nonp 10 4 6 60", ROW_TORN, "Wait", 0},
        {" Wait Nonp 10 4 6 60 10 ( 3", ROW_TORN, "Wait", 0},
        {" Wait Nonp 10 (0 14 6 60 10", ROW_TORN, "Wait", 0}, /* no end of the ( */
        {" Wait Nonp 10 4 6 60 10 <-- look!", ROW_PROVED, "Wait", ROW_REMARK},
        {" Wait Nonp 10 4 6 60 10 [a.sys - b]", ROW_PROVED, "Wait", 0},
        {" Wait Nonp 10 46 60 10", ROW_PROVED, "Wait", ROW_UNGLUED},
        {" Wait Nonp 5 5 00 0", ROW_PROVED, "Wait", ROW_UNGLUED},
        {" Irp  Nonp 9 0 9 576 KiB", ROW_TORN, NULL, 0}, /* no 57 bytes */
        {" Wait Nonp 6 6 60 10", ROW_TORN, "Wait", 0},   /* the nought is not made up */
        {" Wait Nonp - - - 60 -", ROW_PROVED, "Wait", 0},
        {" Wait ?     10 4 6 60 10", ROW_PROVED, "Wait", 0},
        {" Wait Nonp 99999999999999999999 4 6 60 10", ROW_TORN, "Wait", 0},
        {" Wait nonp  10 4 6 60 10", ROW_PROVED, "Wait", ROW_CASE},
        {" Wait PAGED 10 4 6 60 10", ROW_PROVED, "Wait", ROW_CASE},
        {" nonp Paged 10 4 6 60 10", ROW_PROVED, "nonp", 0},
        {" nonp paged 10 4 6 60 10", ROW_PROVED, "nonp", ROW_CASE},
        {"see nonp 10 on page 4", ROW_TORN, NULL, 0},
        {" ab\xe2\x82\xac"
         "d Nonp 10 4 6 60 10",
         ROW_TORN, NULL, 0}, /* a tag has no such character */
        {"Wait Nonp5", ROW_TORN, NULL, 0},
        {"Wait Nonp", ROW_NONE, NULL, 0},
        {"the Nonp pool", ROW_NONE, NULL, 0},
        {"they are all Nonp 3 times", ROW_NONE, NULL, 0},
        {"Zq01,Nonp,10,4,6,60,10", ROW_NONE, NULL, 0},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct row_text r;
        enum row_shape shape = row_parse(t[i].line, strlen(t[i].line), false, &r);
        if (shape != t[i].shape)
            fail_msg("'%s': %d", t[i].line, (int)shape);
        if (t[i].tag == NULL)
            continue;
        assert_memory_equal(r.tag.b, t[i].tag, 4);
        if (shape == ROW_PROVED)
            assert_int_equal(r.doubts, t[i].doubts);
    }
}

/* One byte a character, or UTF-8: a tag is of all that can be printed, others are not
 * taken for one. */
static void test_bytes_of_a_tag(void **state)
{
    (void)state;
    static const struct {
        const char *tag;
        bool one_byte, taken;
        uint8_t b[4];
    } t[] = {
        {"W~it", true, true, {'W', '~', 'i', 't'}},
        {"W\x7fit", true, false, {0}},
        {"W\x1fit", true, false, {0}},
        {"W\x80it", true, true, {'W', 0x80, 'i', 't'}},
        {"W\xffit", true, true, {'W', 0xff, 'i', 't'}},
        {"W\x80it", false, false, {0}},
        {"W\x7fit", false, false, {0}},
        {"W\xc2\x80it", false, true, {'W', 0x80, 'i', 't'}},
        {"W\xc3\xbfit", false, true, {'W', 0xff, 'i', 't'}},
        {"W\xc4\x80it", false, false, {0}},
        {"Wa\xc3\xbf", false, true, {'W', 'a', 0xff, ' '}},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        char line[64];
        struct row_text r;
        const int n = snprintf(line, sizeof line, " %s Nonp 10 4 6 60 10", t[i].tag);
        if (row_parse(line, (size_t)n, t[i].one_byte, &r) !=
            (t[i].taken ? ROW_PROVED : ROW_TORN))
            fail_msg("'%s'", line);
        if (t[i].taken)
            assert_memory_equal(r.tag.b, t[i].b, 4);
    }
}

static void test_totals_are_no_tags(void **state)
{
    (void)state;
    assert_true(row_is_total(" Total Nonp  1 ( 0) 1 ( 0) 0 0 ( 0)", 35));
    assert_true(row_is_total("Total Paged 1", 13));
    assert_false(row_is_total(" Tota Nonp 1", 12));
    assert_false(row_is_total(" Totally Nonp", 13));
}

/* Rows in the columns of each known layout are recognised as such. */
static void test_layouts(void **state)
{
    (void)state;
    static const struct {
        const char *row, *layout;
    } t[] = {
        {" Strg Paged   10385 (  10)    6658 (   4)   3727 1317952 (   512)  353",
         "screen, NT 3.51 and 4"},
        {" Wait Nonp    3971107 (   0)   3971077 (   0)       30    8456 (     0)    281",
         "screen, 32 bits"},
        {"Wait Nonp    3971107 (   0)   3971077 (   0)       30    8456 (     0)    281",
         "screen, 32 bits"},
        /* too wide for their columns: the others move right */
        {" Wait Nonp 10003971107 (   0)10003971077 (   0)       30    8456 (     0)    "
         "281",
         "screen, 32 bits"},
        {" Wait Nonp    3971107 (   0)   3971077 (   0)       30    8456 (1000000)    "
         "281",
         "screen, 32 bits"},
        {" Wait Nonp     3971107 (   0)   3971077 (   0)       30    8456 (     0)    "
         "281",
         NULL},
        {" HidP Nonp       1014 (   0)       998 (   0)       16        6704 (          "
         "0)"
         "         419",
         "screen, 64 bits"},
        {" Wait Nonp 10 4 6 60 10", NULL},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct row_text r;
        assert_int_equal(row_parse(t[i].row, strlen(t[i].row), false, &r), ROW_PROVED);
        const struct pool_layout *l = pool_layout_of(&r, NULL);
        if (t[i].layout == NULL)
            assert_null(l);
        else
            assert_string_equal(l != NULL ? l->name : "none", t[i].layout);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_row_shapes),
        cmocka_unit_test(test_bytes_of_a_tag),
        cmocka_unit_test(test_totals_are_no_tags),
        cmocka_unit_test(test_layouts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
