/* SPDX-License-Identifier: MIT */
/* What stands before every line of a block, one line at a time: leads of logs, times,
 * marks, figures in groups of three. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "formats/text/repair.h"
#include "formats/text/repair_log.h"

/* A lead may end at each `^` of the second string; the time is between `<` and `>`. */
static void lead_told(const char *line, char out[160])
{
    struct log_lead l;
    size_t n = 0;
    out[0] = '\0';
    if (!log_lead(line, strlen(line), &l))
        return;
    for (size_t i = 0; i <= strlen(line); i++) {
        for (size_t k = 0; k < l.n; k++)
            if (l.ends[k] == i)
                out[n++] = '^';
        if (l.time_n > 0 && i == (size_t)l.time_at + l.time_n)
            out[n++] = '>';
        if (l.time_n > 0 && i == l.time_at)
            out[n++] = '<';
        out[n++] = line[i];
    }
}

static void test_leads(void **state)
{
    (void)state;
    static const struct {
        const char *line, *told; /* "": none */
    } t[] = {
        /* times */
        {"2026-11-09 10:00:01 x", "<2026-11-09 10:00:01^> x"},
        {"2026-11-09T10:00:01 x", "<2026-11-09T10:00:01^> x"},
        {"2026-11-09t10:00:01 x", ""},
        {"2026-11-09T10:00:01.5 x", "<2026-11-09T10:00:01.5^> x"},
        {"2026-11-09T10:00:01,123 x", "<2026-11-09T10:00:01,123^> x"},
        {"2026-11-09T10:00:01. x", ""},
        {"2026-11-09T10:00:01Z x", "<2026-11-09T10:00:01Z^> x"},
        {"2026-11-09T10:00:01.5Z x", "<2026-11-09T10:00:01.5Z^> x"},
        {"2026-11-09T10:00:01+01:00 x", "<2026-11-09T10:00:01+01:00^> x"},
        {"2026-11-09T10:00:01-0500 x", "<2026-11-09T10:00:01-0500^> x"},
        {"2026-11-09T10:00:01-05 x", ""},
        {"2026-11-09T10:00:01+0a00 x", ""},
        {"  2026-11-09 10:00:01 x", "  <2026-11-09 10:00:01^> x"},
        {"2026-11-09 10:00:01", ""},
        {"2026-11-09 10:00:0", ""},
        {"2026-11-09 x", ""},
        {"Nov 23 10:00:01 x", "Nov 23 10:00:01^ x"},
        {"Nov  9 10:00:01 x", "Nov  9 10:00:01^ x"},
        {"NOV 23 10:00:01 x", "NOV 23 10:00:01^ x"},
        {"Nov 9 10:00:01 x", ""},
        {"N1v 23 10:00:01 x", ""},
        {"N[v 23 10:00:01 x", ""},
        {"10:00:01 x", "10:00:01^ x"},
        {"10:00:01.25 x", "10:00:01.25^ x"},
        {"10:00 x", ""},
        {"1/:00:01 x", ""},
        {"1::00:01 x", ""},
        /* brackets and a colon */
        {"[10:00:01] x", "[10:00:01]^ x"},
        {"[2026-11-09 10:00:01] x", "[<2026-11-09 10:00:01>]^ x"},
        {"[10:00:01 x", ""},
        {"[10:00:01", ""},
        {"[10:00:01]x", ""},
        {"10:00:01: x", "10:00:01:^ x"},
        {"10:00:01:x", ""},
        /* words that may close it */
        {"10:00:01 h p[9]: x", "10:00:01^ h p[9]:^ x"},
        {"10:00:01 [INFO] x", "10:00:01^ [INFO]^ x"},
        {"10:00:01 INFO x", "10:00:01^ INFO^ x"},
        {"10:00:01 info | x", "10:00:01^ info^ |^ x"},
        {"10:00:01 Warning x", "10:00:01^ Warning^ x"},
        {"10:00:01 warnings x", "10:00:01^ warnings x"},
        {"10:00:01 inf x", "10:00:01^ inf x"},
        {"10:00:01 stdout F x", "10:00:01^ stdout F^ x"},
        {"10:00:01 stderr P x", "10:00:01^ stderr P^ x"},
        {"10:00:01 - x", "10:00:01^ -^ x"},
        {"10:00:01 G x", "10:00:01^ G x"},
        {"10:00:01 INFO", "10:00:01^ INFO"},
        {"10:00:01 a b c d e: x", "10:00:01^ a b c d e:^ x"},
        {"10:00:01 a b c d e f: x", "10:00:01^ a b c d e f: x"},
        /* a tag before its pool */
        {"10:00:01 Warn Nonp 1", "10:00:01^ Warn Nonp 1"},
        {"10:00:01 info PAGED 1", "10:00:01^ info PAGED 1"},
        {"10:00:01 Warn: Nonp 1", "10:00:01^ Warn: Nonp 1"},
        {"10:00:01 Warn x Nonp 1", "10:00:01^ Warn^ x Nonp 1"},
        {"", ""},
        {"[", ""},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        char told[160];
        lead_told(t[i].line, told);
        if (strcmp(told, t[i].told) != 0)
            fail_msg("'%s': '%s'", t[i].line, told);
    }
    /* What begins behind the longest prefix is none. */
    char line[160] = "10:00:01 ";
    memset(line + 9, 'x', 151);
    line[118] = ':';
    line[119] = ' ';
    line[159] = '\0';
    struct log_lead l;
    assert_true(log_lead(line, strlen(line), &l));
    assert_int_equal(l.n, 2);
    assert_int_equal(l.ends[1], 119);
    line[118] = 'x';
    line[119] = ':';
    line[120] = ' ';
    assert_true(log_lead(line, strlen(line), &l));
    assert_int_equal(l.n, 1);
}

static void test_leads_of_a_form(void **state)
{
    (void)state;
    static const struct {
        const char *form, *line;
        size_t n;
    } t[] = {
        {"10:00:01 p[9]:", "10:00:02 p[10]: x", 15},
        {"10:00:01 p[10]:", "10:00:02 p[9]: x", 14},
        {"Nov  9 10:00:01", "Nov 10 10:00:01 x", 15},
        {"Nov 10 10:00:01", "Nov  9 10:00:01 x", 15},
        {"10:00:01", "10:00:01", 8},
        {"10:00:01", "10:00:0", 7},
        {"10:00:01", "10:00:", 0},
        {"10:00:01 a", "10:00:01 b x", 0},
        {"10:00:01 a", "10:00:01", 0},
        {"10:00:01 a", "10:00:01a", 0},
        {"10:00", "", 0},
        {"a", "1", 0},
        {"1", "a", 0},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        const size_t n =
            log_lead_here(t[i].form, strlen(t[i].form), t[i].line, strlen(t[i].line));
        if (n != t[i].n)
            fail_msg("%s, %s: %zu", t[i].form, t[i].line, n);
    }
}

static void test_times(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        size_t n;
    } t[] = {
        {"2026-11-09 09:00:00 x", 19},
        {"  9:05 x", 6},
        {"9:05 AM x", 7},
        {"9:05 PM x", 7},
        {"9:05 AMx", 4},
        {"9:05 AM", 4},
        {"9:05 XM x", 4},
        {"9:05 AN x", 4},
        {"[9:05] x", 6},
        {"9:05", 0},
        {"9.05 x", 0},
        {"a9:05 x", 0},
        {"9:5x y", 0},
        {"12 x", 0},
        {":05 x", 0},
        {"", 0},
        {"   ", 0},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        const size_t n = repair_stamp_length(t[i].line, strlen(t[i].line));
        if (n != t[i].n)
            fail_msg("'%s': %zu", t[i].line, n);
    }
}

static void test_marks(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        size_t n; /* and whether it is a number: n + 100 */
    } t[] = {
        {"> x", 1},
        {" > > x", 4},
        {">>x", 2},
        {"| x", 1},
        {"# x", 1},
        {"* - + ; : x", 9},
        {"// x", 2},
        {"///x", 2},
        {"/x", 0},
        {"/", 0},
        {"\xe2\x80\xa2 x", 3},
        {"\xe2\x80\xa3 x", 0},
        {"\xe2\x80", 0},
        {"1 x", 101},
        {"  12 x", 104},
        {"123456 x", 106},
        {"1234567 x", 0},
        {"12: x", 103},
        {"12. x", 103},
        {"12) x", 103},
        {"12| x", 103},
        {"12\tx", 102},
        {"12:\tx", 103},
        {"12:x", 0},
        {"12:", 103},
        {"12", 0},
        {"12,x", 0},
        {"x", 0},
        {"", 0},
        {"  ", 0},
        {"> 12 x", 1},
        {"!x", 0},
        {"=x", 0},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        bool numbered;
        const size_t n = repair_prefix_length(t[i].line, strlen(t[i].line), &numbered);
        if (n + (numbered ? 100 : 0) != t[i].n)
            fail_msg("'%s': %zu", t[i].line, n);
    }
}

static void test_groups(void **state)
{
    (void)state;
    static const struct repair_style none;
    static const struct {
        const char *line, *mended; /* NULL: no groups */
        char mark;
    } t[] = {
        {"1,234", "1234", ','},
        {"12,345 123,456", "12345 123456", ','},
        {"1,234,567", "1234567", ','},
        {"1,234,56", NULL, ','},
        {"1,234,5678", NULL, ','},
        {"1234,567", NULL, ','},
        {"0,123", NULL, ','},
        {"1,,234", NULL, ','},
        {"1,234,", "1234,", ','},
        {",234", NULL, ','},
        {"123", NULL, ','},
        {"a1,234", "a1234", ','},
        {"1.234", NULL, ','},
        {"1.234", "1234", '.'},
        {"1'234", "1234", '\''},
        {"1 234", NULL, ' '},
        {"1\xc2\xa0"
         "234",
         "1234", ' '},
        {"1\xe2\x80\x87"
         "234",
         "1234", ' '},
        {"1\xe2\x80\x89"
         "234",
         "1234", ' '},
        {"1\xe2\x80\xaf"
         "234",
         "1234", ' '},
        {"1\xe2\x80\xaf"
         "23",
         NULL, ' '},
        {"5 1,234 [1,234]", "5 1234 [1,234]", ','},
        {"[1,234]", NULL, ','},
        {"", NULL, ','},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct repaired r;
        const size_t n = strlen(t[i].line);
        const bool any = repair_groups(&none, t[i].line, n, t[i].mark, false, false, &r);
        if (any != (t[i].mended != NULL) ||
            (any && (r.n != strlen(t[i].mended) || memcmp(r.p, t[i].mended, r.n) != 0)))
            fail_msg("%s: %d '%.*s'", t[i].line, any, any ? (int)r.n : 0, any ? r.p : "");
        if (any)
            assert_int_equal(r.done, REPAIR_GROUPS);
    }
    struct repaired r;
    assert_true(repair_groups(&none,
                              "1\xa0"
                              "234",
                              5, ' ', true, false, &r));
    assert_int_equal(r.n, 4);
    assert_memory_equal(r.p, "1234", 4);
    const struct repair_style quoted = {.prefix = ">", .n = 1};
    assert_true(repair_groups(&quoted, "> 1,234", 7, ',', false, false, &r));
    assert_int_equal(r.n, 4);
    assert_int_equal(r.done, REPAIR_GROUPS | REPAIR_PREFIX);
    assert_false(repair_groups(&quoted, "> 1234", 6, ',', false, false, &r));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_leads),  cmocka_unit_test(test_leads_of_a_form),
        cmocka_unit_test(test_times),  cmocka_unit_test(test_marks),
        cmocka_unit_test(test_groups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
