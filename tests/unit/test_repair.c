/* SPDX-License-Identifier: MIT */
/* Damage undone line by line, and reported. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "formats/text/repair.h"

static const struct repair_style none = {0};

static void test_one_line(void **state)
{
    (void)state;
    static const struct {
        const char *line, *mended;
        unsigned done;
        bool markup;
    } t[] = {
        {" Wait Nonp  1", " Wait Nonp  1", 0, true},
        {" Wait&nbsp;Nonp &#160;1", " Wait Nonp  1", REPAIR_ENTITIES, false},
        {"&gt;&lt;&amp;&quot;&apos;", "><&\"'", REPAIR_ENTITIES, false},
        {"&#x41;&#66;&bogus;&#xzz;&", "AB&bogus;&#xzz;&", REPAIR_ENTITIES, false},
        {"&#x3c;&#X2F;&#x7a;Io&#xA0;1", "</zIo 1", REPAIR_ENTITIES, false},
        {"a\xc2\xa0"
         "b\xe2\x80\x87"
         "c\xe2\x80\xaf"
         "d\xe3\x80\x80"
         "e",
         "a b c d e", REPAIR_BLANKS, false},
        {"a\tb\xe2\x80\x8b"
         "c\xef\xbb\xbf"
         "d",
         "a bcd", REPAIR_BLANKS, false},
        {"a\vb\fc", "a b c", REPAIR_BLANKS, false},
        {"\xc3\xa9\xc2\xa1", "\xc3\xa9\xc2\xa1", 0, false},
        {"12\xe2\x80\x8b", "12", REPAIR_BLANKS, false},
        {"12\xc2\xa0", "12 ", REPAIR_BLANKS, false},
        {"| `Io  ` | Nonp | 12 |", "  Io     Nonp   12  ", REPAIR_MARKUP, true},
        {"| `Io  ` | Nonp |", "| `Io  ` | Nonp |", 0, false},
        {"## Tag **Type**", "   Tag Type", REPAIR_MARKUP, true},
        {" # not a heading #", "   not a heading #", REPAIR_MARKUP, true},
        {"<pre> a<br/>", " a", REPAIR_MARKUP, true},
        {"<td>1</td><td>2</td>", " 1 2", REPAIR_MARKUP, true},
        {"a < b <unknown> c", "a < b <unknown> c", 0, true},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct repaired r;
        repair_line(&none, t[i].line, strlen(t[i].line), false, t[i].markup, &r);
        if (r.n != strlen(t[i].mended) || memcmp(r.p, t[i].mended, r.n) != 0)
            fail_msg("'%s' became '%.*s'", t[i].line, (int)r.n, r.p);
        assert_int_equal(r.done, t[i].done);
    }
}

/* What is not mended stays where it is: most lines of most files are not copied. */
static void test_lines_without_damage(void **state)
{
    (void)state;
    static const char *const lines[] = {"", " Wait Nonp  1 (  0)  [a.sys]",
                                        "~!\"'x|`*#<"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct repaired r;
        repair_line(&none, lines[i], strlen(lines[i]), false, false, &r);
        assert_ptr_equal(r.p, lines[i]);
        assert_int_equal(r.n, strlen(lines[i]));
        assert_int_equal(r.done, 0);
    }
}

static void test_groups(void **state)
{
    (void)state;
    static const struct {
        const char *line, *mended; /* NULL: nothing to be taken out */
        char mark;
    } t[] = {
        {"Io 1,234,567 (-1,000) 12", "Io 1234567 (-1000) 12", ','},
        {"Io 1.234.567 99", "Io 1234567 99", '.'},
        {"Io 1'234", "Io 1234", '\''},
        {"Io 1\xe2\x80\xaf"
         "234\xc2\xa0"
         "567 8",
         "Io 1234567 8", ' '},
        {"Io 1 234", NULL, ' '},
        {"Io 1,23 12,3456 1234,567 0,123 1,234,5", NULL, ','},
        {"Io 12 [a 1,234]", NULL, ','},
        {"Io 1,234", NULL, '.'},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct repaired r;
        bool any = repair_groups(&none, t[i].line, strlen(t[i].line), t[i].mark, false,
                                 false, &r);
        assert_int_equal(any, t[i].mended != NULL);
        if (!any)
            continue;
        assert_int_equal(r.n, strlen(t[i].mended));
        assert_memory_equal(r.p, t[i].mended, r.n);
        assert_true(r.done & REPAIR_GROUPS);
    }
}

/* The first line's lead, where the second shares it, and the time in it. */
static void test_logs(void **state)
{
    (void)state;
    static const struct {
        const char *first, *second, *lead, *time;
    } t[] = {
        {"Nov  9 10:00:01 h p[9]:  Io", "Nov 10 10:00:02 h p[10]:  Wait",
         "Nov  9 10:00:01 h p[9]:", ""},
        {"2026-11-09T10:00:01Z  Io", "2026-11-09T10:00:01Z  Wait", "2026-11-09T10:00:01Z",
         "2026-11-09T10:00:01Z"},
        {"[2026-11-09 10:00:01.5] [INFO] p:  Io x", "[2026-11-09 10:00:01.123] [INFO] p:",
         "[2026-11-09 10:00:01.5] [INFO] p:", "2026-11-09 10:00:01.5"},
        {"2026-11-09T10:00:01-05:00 p:  Io", "2026-11-09T10:00:02-05:00 p:  Wait",
         "2026-11-09T10:00:01-05:00 p:", "2026-11-09T10:00:01-05:00"},
        {"2026-11-09 10:00:01+0100  Io", "2026-11-09 10:00:02+0100  Wait",
         "2026-11-09 10:00:01+0100", "2026-11-09 10:00:01+0100"},
        {"2026-11-09 10:00:01 1394 Nonp 1", "2026-11-09 10:00:02 8042 Paged 1",
         "2026-11-09 10:00:01", "2026-11-09 10:00:01"}, /* tags, no zones */
        {"10:00:01 WARN  Io x", "10:00:02 WARN  Wait", "10:00:01 WARN", ""},
        {"10:00:01 WARN  Memory: x", "10:00:02 WARN  Commit: x", "10:00:01 WARN", ""},
        {"10:00:01 Warn Nonp 1", "10:00:02 Warn Paged 1", "10:00:01",
         "10:00:01"}, /* a tag */
        {"10:00:01 hello  Io x", "10:00:02 hello  Wait", "10:00:01",
         "10:00:01"}, /* no word that logs write */
        {"10:00:01 INFO  Io x", "Wait", "", ""},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        const struct text_line lines[] = {{.p = t[i].first, .n = strlen(t[i].first)},
                                          {.p = t[i].second, .n = strlen(t[i].second)}};
        struct repair_style s;
        repair_learn(lines, 2, &s);
        if (s.n != strlen(t[i].lead) || memcmp(s.prefix, t[i].lead, s.n) != 0)
            fail_msg("'%s': '%.*s'", t[i].first, (int)s.n, s.prefix);
        assert_int_equal(s.time_n, strlen(t[i].time));
        assert_memory_equal(s.prefix + s.time_at, t[i].time, s.time_n);
        assert_true(s.n == 0 || repair_prefix(&s, lines[1].p, lines[1].n) > 0);
    }
}

static void test_one_byte_text(void **state)
{
    (void)state;
    struct repaired r;
    repair_line(&none, "a\xa0\xe3", 3, true, false, &r);
    assert_int_equal(r.n, 3);
    assert_memory_equal(r.p, "a \xe3", 3);
    assert_int_equal(r.done, REPAIR_BLANKS);
    repair_line(&none, "&#227;", 6, true, false, &r);
    assert_int_equal(r.n, 1);
    assert_memory_equal(r.p, "\xe3", 1);
    repair_line(&none, "&#227;", 6, false, false, &r);
    assert_int_equal(r.n, 2);
    assert_memory_equal(r.p, "\xc3\xa3", 2);
}

static void test_prefix_length(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        size_t n;
        bool numbered;
    } t[] = {{"> a", 1, false},   {">> a", 2, false},      {"> > a", 3, false},
             {"  # a", 3, false}, {"// a", 2, false},      {"\xe2\x80\xa2 a", 3, false},
             {"12: a", 3, true},  {"  12 a", 4, true},     {"3) a", 2, true},
             {"12\ta", 2, true},  {"1MEM Nonp", 0, false}, {"abc", 0, false},
             {"", 0, false},      {"   ", 0, false},       {"1234567 a", 0, false},
             {"| a", 1, false},   {"* a", 1, false},       {"- a", 1, false},
             {"+ a", 1, false},   {"; a", 1, false},       {": a", 1, false},
             {"/ a", 0, false},   {"! a", 0, false},       {"123456 a", 6, true}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        bool numbered;
        size_t n = repair_prefix_length(t[i].line, strlen(t[i].line), &numbered);
        if (n != t[i].n)
            fail_msg("'%s': %zu", t[i].line, n);
        assert_int_equal(n > 0 && numbered, t[i].numbered);
    }
}

static struct text_line line_of(const char *p)
{
    return (struct text_line){.p = p, .n = strlen(p), .eol = EOL_LF};
}

static void test_shared_prefix(void **state)
{
    (void)state;
    struct repair_style s;
    struct repaired r;
    struct text_line quoted[] = {line_of("> Tag"), line_of(">"), line_of("> Wait")};
    repair_learn(quoted, 3, &s);
    assert_int_equal(s.n, 1);
    repair_line(&s, ">  Wait", 7, false, false, &r);
    assert_int_equal(r.done, REPAIR_PREFIX);
    assert_int_equal(r.n, 5);
    assert_memory_equal(r.p, " Wait", 5);
    repair_line(&s, ">", 1, false, false, &r);
    assert_int_equal(r.n, 0);
    repair_line(&s, "&gt; Wait", 9, false, false, &r);
    assert_int_equal(r.n, 4);
    assert_memory_equal(r.p, "Wait", 4);
    assert_int_equal(r.done, REPAIR_PREFIX | REPAIR_ENTITIES);

    struct text_line alone[] = {line_of("## Tag"), line_of(""), line_of("Wait")};
    repair_learn(alone, 3, &s);
    assert_int_equal(s.n, 0);
    assert_false(s.numbered);

    struct text_line numbered[] = {line_of(" 9: Tag"), line_of("10: Wait")};
    repair_learn(numbered, 2, &s);
    assert_true(s.numbered);
    repair_line(&s, "11:  Io", 7, false, false, &r);
    assert_int_equal(r.n, 3);
    assert_memory_equal(r.p, " Io", 3);
}

static void test_join(void **state)
{
    (void)state;
    struct repaired r;
    repair_line(&none, "12", 2, false, false, &r);
    assert_true(repair_join(&r, "34", 2, false));
    assert_int_equal(r.n, 4);
    assert_memory_equal(r.p, "1234", 4);
    assert_true(repair_join(&r, "5", 1, true));
    assert_memory_equal(r.p, "1234 5", 6);
    assert_int_equal(r.done, REPAIR_JOINED);
    static char wide[REPAIR_LINE_MAX];
    memset(wide, 'x', sizeof wide);
    assert_false(repair_join(&r, wide, sizeof wide, false));
    /* Longer than any line of a table: given as it is. */
    static char huge[REPAIR_LINE_MAX + 1];
    memset(huge, '\t', sizeof huge);
    repair_line(&none, huge, sizeof huge, false, true, &r);
    assert_ptr_equal(r.p, huge);
    assert_int_equal(r.done, 0);
}

static void test_empty_lines(void **state)
{
    (void)state;
    static const char *const elisions[] = {"...",        " ....", "[snip]",
                                           "<snip>",     "(...)", "\xe2\x80\xa6",
                                           "-- More --", "[...]"};
    static const char *const rules[] = {"-----",   " =======", "|---|---:|", "```",
                                        "```text", "~~~text",  "+-----+"};
    static const char *const neither[] = {"",   ".",   "more tags", "a...",
                                          "- ", "| |", "Wait",      "~~ Io"};
    for (size_t i = 0; i < sizeof elisions / sizeof elisions[0]; i++)
        assert_true(repair_elision(elisions[i], strlen(elisions[i])));
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        assert_true(repair_rule(rules[i], strlen(rules[i])));
    for (size_t i = 0; i < sizeof neither / sizeof neither[0]; i++) {
        assert_false(repair_elision(neither[i], strlen(neither[i])));
        assert_false(repair_rule(neither[i], strlen(neither[i])));
    }
    assert_true(repair_blank(" \t ", 3));
    assert_false(repair_blank(" a", 2));
}

static void test_notes_once(void **state)
{
    (void)state;
    struct note_list l = {0};
    unsigned noted = 0;
    assert_int_equal(repair_note(&l, REPAIR_PREFIX | REPAIR_BLANKS, &noted, 3, NULL), 0);
    assert_int_equal(repair_note(&l, REPAIR_PREFIX | REPAIR_MARKUP, &noted, 4, NULL), 0);
    assert_int_equal(l.n, 3);
    assert_int_equal(l.seen[NOTE_PREFIX], 1);
    assert_int_equal(l.seen[NOTE_BLANKS], 1);
    assert_int_equal(l.seen[NOTE_MARKUP], 1);
    assert_int_equal(l.v[2].line, 4);
    note_list_free(&l);
}

static void test_times_before_lines(void **state)
{
    (void)state;
    static const struct {
        const char *line, *behind;
    } t[] = {{"2026-11-09 09:00:00  ISil Nonp", "  ISil Nonp"},
             {"2026-11-09 09:00:00 MMCA Nonp", " MMCA Nonp"},
             {"[09:00:01]  Memory: 1K", "  Memory: 1K"},
             {"2026-11-09T09:00:00.123Z ISil", " ISil"},
             {"11/09/2026 09:00:00 PM  Tag", "  Tag"},
             {" 9:05 Tag", " Tag"},
             {"2026-11-09 ISil Nonp 1", NULL},
             {"12 ISil Nonp 1", NULL},
             {"09:00:00", NULL},
             {"", NULL}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        const size_t n = strlen(t[i].line), len = repair_stamp_length(t[i].line, n);
        assert_int_equal(len == 0, t[i].behind == NULL);
        if (len > 0)
            assert_string_equal(t[i].line + len, t[i].behind);
    }
    /* Another time of the same form; not another form, nor one line alone. */
    static const char *const lines[] = {"[09:00:01]  a", "[10:59:02]  b",
                                        "[10.59.02]  c"};
    struct text_line l[3] = {{.p = NULL}};
    struct repair_style style;
    for (size_t i = 0; i < 3; i++)
        l[i] = (struct text_line){.p = lines[i], .n = strlen(lines[i])};
    repair_learn(l, 3, &style);
    assert_true(style.stamped);
    assert_int_equal(repair_prefix(&style, l[1].p, l[1].n), 11);
    assert_int_equal(repair_prefix(&style, l[2].p, l[2].n), 0);
    repair_learn(l, 1, &style);
    assert_int_equal(style.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times_before_lines),
        cmocka_unit_test(test_one_line),
        cmocka_unit_test(test_lines_without_damage),
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_logs),
        cmocka_unit_test(test_one_byte_text),
        cmocka_unit_test(test_prefix_length),
        cmocka_unit_test(test_shared_prefix),
        cmocka_unit_test(test_join),
        cmocka_unit_test(test_empty_lines),
        cmocka_unit_test(test_notes_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
