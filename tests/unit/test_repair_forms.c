/* SPDX-License-Identifier: MIT */
/* What is undone in a line and what stays as it is, at the borders of each repair. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "formats/text/repair.h"

static const struct repair_style none = {0};

static void becomes(const char *line, size_t n, bool one_byte, bool markup,
                    const char *want, unsigned done)
{
    struct repaired r;
    repair_line(&none, line, n, one_byte, markup, &r);
    if (r.n != strlen(want) || memcmp(r.p, want, r.n) != 0 || r.done != done)
        fail_msg("'%s': '%.*s', %x", line, (int)r.n, r.p, r.done);
}

/* Characters between `a` and `b`: a blank, nothing, or as they were (`=`). */
static void test_characters(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *mended;
    } t[] = {
        {"\t", " "},           {"\v", " "},
        {"\f", " "},           {"\b", "="},
        {"\x1f", "="},         {"\x7f", "="},
        {"\xc2\x9f", "="},     {"\xc2\xa0", " "},
        {"\xc2\xa1", "="},     {"\xc3\xa0", "="},
        {"\xe1\xbf\xbf", "="}, {"\xe2\x80\x80", " "},
        {"\xe2\x80\x8a", " "}, {"\xe2\x80\x8b", ""},
        {"\xe2\x80\x8c", "="}, {"\xe2\x80\x8d", "="},
        {"\xe2\x80\x8e", ""},  {"\xe2\x80\x8f", ""},
        {"\xe2\x80\x90", "="}, {"\xe2\x80\xae", "="},
        {"\xe2\x80\xaf", " "}, {"\xe2\x80\xb0", "="},
        {"\xe2\x81\x9e", "="}, {"\xe2\x81\x9f", " "},
        {"\xe2\x81\xa0", ""},  {"\xe2\x81\xa1", "="},
        {"\xe2\xbf\xbf", "="}, {"\xe3\x80\x80", " "},
        {"\xe3\x80\x81", "="}, {"\xef\xbb\xbe", "="},
        {"\xef\xbb\xbf", ""},  {"\xf2\x80\x80\x80", "="},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        char line[16], want[16];
        const bool same = t[i].mended[0] == '=';
        (void)strcat(strcat(strcpy(line, "a"), t[i].bytes), "b");
        (void)strcat(strcat(strcpy(want, "a"), same ? t[i].bytes : t[i].mended), "b");
        becomes(line, strlen(line), false, false, want, same ? 0 : REPAIR_BLANKS);
        /* at the end of the line, where its last byte is missing */
        const size_t cut = strlen(t[i].bytes);
        if (cut == 1)
            continue;
        line[cut] = '\0';
        becomes(line, cut, false, false, line, 0);
    }
    becomes("a\xa0\xe2\x80\x80", 5, true, false, "a \xe2\x80\x80", REPAIR_BLANKS);
    becomes("a\xc2\xa0", 3, true, false, "a\xc2 ", REPAIR_BLANKS);
}

static void test_entities(void **state)
{
    (void)state;
    static const struct {
        const char *line, *mended; /* NULL: as it is */
    } t[] = {
        {"a&nbsp;b", "a b"},
        {"&ensp;&emsp;&thinsp;", "   "},
        {"&lt;&gt;", "<>"},
        {"&amp;lt;", "&lt;"},
        {"&quot;&apos;", "\"'"},
        {"&NBSP;", NULL},
        {"&nbsp", NULL},
        {"& nbsp;", NULL},
        {"&;", NULL},
        {"&#;", NULL},
        {"&#x;", NULL},
        {"&#31;", NULL},
        {"&#32;", " "},
        {"&#126;", "~"},
        {"&#128;", "\xc2\x80"},
        {"&#160;", " "},
        {"&#255;", "\xc3\xbf"},
        {"&#256;", NULL},
        {"&#8191;", NULL},
        {"&#8192;", " "},
        {"&#8202;", " "},
        {"&#8203;", NULL},
        {"&#x41;&#X61;", "Aa"},
        {"&#xfF;", "\xc3\xbf"},
        {"&#xg1;", NULL},
        {"&#4a;", NULL},
        {"&#6 5;", NULL},
        {"&#000065;", "A"},
        {"&#0000065;", "A"},
        {"&#00000065;", NULL},
        {"&65;", NULL},
        {"&#:5;", NULL},
        {"&#/5;", NULL},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        becomes(t[i].line, strlen(t[i].line), false, false,
                t[i].mended != NULL ? t[i].mended : t[i].line,
                t[i].mended != NULL ? REPAIR_ENTITIES : 0);
    becomes("&#255;&#127;", 12, true, false, "\xff\x7f", REPAIR_ENTITIES);
    /* What entities make is mended, too; what a cut one would have been is not known. */
    becomes("a&#9;b", 6, false, false, "a&#9;b", 0);
    becomes("a&nbsp;", 6, false, false, "a&nbsp", 0);
}

static void test_markup(void **state)
{
    (void)state;
    static const struct {
        const char *line, *mended; /* NULL: as it is */
    } t[] = {
        {"a<br>b", "ab"},
        {"a<BR/>b", "ab"},
        {"a<br />b", "ab"},
        {"</blockquote>", ""},
        {"<p class=\"x\">a</p>", "a"},
        {"<td>1</td><TD align=right>2", " 1 2"},
        {"<th>1</th><tr><table>", "1"},
        {"<tt>a</tt>", "a"},
        {"<tdx>1", NULL},
        {"<zzz>", NULL},
        {"<abcdefghijklmn>", NULL},
        {"<br", NULL},
        {"<", NULL},
        {"</", NULL},
        {"a < b", NULL},
        {"`a`", "a"},
        {"**a** *b*", "a *b*"},
        {"***", ""},
        {"*", NULL},
        {"a|b", "a b"},
        {"# a # b", "  a # b"},
        {"  ## a", "     a"},
        {"a # b", NULL},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        becomes(t[i].line, strlen(t[i].line), false, true,
                t[i].mended != NULL ? t[i].mended : t[i].line,
                t[i].mended != NULL ? REPAIR_MARKUP : 0);
        becomes(t[i].line, strlen(t[i].line), false, false, t[i].line, 0);
    }
    /* A mark of more than 200 bytes is none. */
    char line[256] = "<p ";
    memset(line + 3, 'x', 197);
    line[199] = '>';
    becomes(line, 200, false, true, "", REPAIR_MARKUP);
    line[199] = 'x';
    line[200] = '>';
    becomes(line, 201, false, true, "", REPAIR_MARKUP);
    line[200] = 'x';
    line[201] = '>';
    becomes(line, 202, false, true, line, 0);
}

/* Lines that carry nothing: `e`lision, `r`ule, both or neither. */
static void test_lines_that_carry_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        bool elision, rule;
    } t[] = {
        {"..", true, false},
        {".", false, false},
        {"", false, false},
        {" . . ", true, false},
        {"\xe2\x80\xa6", true, false},
        {"\xe2\x80\xa7", false, false},
        {"\xe2\x80", false, false},
        {"[...]", true, false},
        {"snip", true, false},
        {"*snipped*", true, false},
        {"--- cut ---", true, false},
        {"(more)", true, false},
        {"{etc.}", true, false},
        {"~omitted~", true, false},
        {"<truncated>", true, false},
        {"\tContinued = ", true, false},
        {"continues", false, false},
        {"abcdefghijklmnopq", false, false},
        {"more 1", false, false},
        {"more!", false, false},
        {"---", false, true},
        {"--", false, false},
        {"- - -", false, true},
        {" ===  ", false, true},
        {"___\t", false, true},
        {"+-+-+-+", false, true},
        {"+++", false, false},
        {"|||", false, false},
        {":::", false, false},
        {"--:", false, false},
        {"-=_", false, true},
        {"---x", false, false},
        {"```", false, true},
        {"  ~~~ text", false, true},
        {"``", false, false},
        {"~~", false, false},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        const size_t n = strlen(t[i].line);
        if (repair_elision(t[i].line, n) != t[i].elision ||
            repair_rule(t[i].line, n) != t[i].rule)
            fail_msg("'%s'", t[i].line);
    }
}

/* A line and its rest, up to what there is room for. */
static void test_room_for_a_rest(void **state)
{
    (void)state;
    static char line[REPAIR_LINE_MAX];
    memset(line, 'x', sizeof line);
    for (size_t n = REPAIR_LINE_MAX - 3; n < REPAIR_LINE_MAX; n++) {
        struct repaired r;
        repair_line(&none, line, n, false, false, &r);
        const bool joined = repair_join(&r, "y", 1, true);
        assert_int_equal(joined, n + 2 <= REPAIR_LINE_MAX);
        assert_int_equal(r.n, joined ? n + 2 : n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_characters),
        cmocka_unit_test(test_entities),
        cmocka_unit_test(test_markup),
        cmocka_unit_test(test_lines_that_carry_nothing),
        cmocka_unit_test(test_room_for_a_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
