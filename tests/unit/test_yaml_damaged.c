/* SPDX-License-Identifier: MIT */
/* Lists, rules, limits and cases that end anywhere, or in which a byte is another one:
 * they are what they are then, or refused with a place and words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/check/case_run.h"
#include "cli/know/limits.h"
#include "cli/know/rules.h"
#include "cli/know/tags.h"
#include "tests/unit/scratch.h"

enum { ROOM = 4096 };

/* What no value begins with, what ends one, and what makes another of it. */
static const char others[] = {'@', '}', ']', '[',  '{',  ':',
                              '-', ',', '"', '\n', '\t', 'x'};

/* Reads a document: 0 or the error. */
typedef int reading(const char *text, size_t n, struct err *e);

static void check(const char *text, size_t n, reading *read)
{
    struct err e = {0};
    const int r = read(text, n, &e);
    if (r == 0 ? e.code != 0 : r != e.code || e.place[0] == '\0' || e.text[0] == '\0')
        fail_msg("%d, '%s', '%s': %.*s", r, e.place, e.text, (int)n, text);
}

/* Whole, cut behind every byte, and with every byte replaced by each of the others. */
static void damage(const char *text, reading *read)
{
    char copy[ROOM];
    const size_t n = strlen(text);
    struct err e = {0};
    assert_true(n < sizeof copy);
    if (read(text, n, &e) != 0)
        fail_msg("%s: %s", e.place, e.text);
    for (size_t i = 0; i < n; i++)
        check(text, i, read);
    memcpy(copy, text, n);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < sizeof others; k++) {
            copy[i] = others[k];
            check(copy, n, read);
        }
        copy[i] = text[i];
    }
}

/* ---- lists of tags ---- */

static int read_tags(const char *text, size_t n, struct err *e)
{
    struct know_list l = {.tags = {.n_exact = 0}};
    struct yaml *y = NULL;
    TRY(yaml_open(&y, "tags.yaml", (const uint8_t *)text, n, NULL, e));
    const int r = know_tags_read(&l, y, KNOW_USER, e);
    yaml_close(y);
    know_list_free(&l);
    return r;
}

static void tags(void **state)
{
    (void)state;
    damage("- tag: Abcd\n"
           "  owner: abcd.sys\n"
           "  component: what it is\n"
           "  vendor: Example\n"
           "  holds: one of them\n"
           "  role: private\n"
           "  pins: somebody\n"
           "  usual: grows\n"
           "  leaks:\n"
           "    - {what: never given back, fixed: in 2.0, source: a page}\n"
           "    - {what: another}\n"
           "  source: [one page, another page]\n"
           "  verified: no\n"
           "- pattern: \"Ab??\"\n"
           "  owner: null\n"
           "  source: a page\n",
           read_tags);
}

/* ---- rules ---- */

static int read_rules(const char *text, size_t n, struct err *e)
{
    struct rule_list l = {.n_texts = 0};
    struct yaml *y = NULL;
    TRY(yaml_open(&y, "rules.yaml", (const uint8_t *)text, n, NULL, e));
    const int r = rules_read(&l, y, e);
    yaml_close(y);
    rules_free(&l);
    return r;
}

static void rules(void **state)
{
    (void)state;
    damage("- id: one\n"
           "  when:\n"
           "    pool: [nonpaged, paged]\n"
           "    tag: [\"M*\", Abcd]\n"
           "    os: [\"10\", xp]\n"
           "    free_below: 20M\n"
           "    used_percent_above: 80%\n"
           "    suspect: [accused, unclear]\n"
           "    bytes_wrapped: yes\n"
           "  suspects: \"U[Ll]*\"\n"
           "  severity: error\n"
           "  text: \"{free} of {limit} left\"\n"
           "  next: \"look\"\n"
           "  source: a page\n"
           "- id: two\n"
           "  when: {verdict: leak, span_below: 6h}\n"
           "  severity: info\n"
           "  text: short\n",
           read_rules);
}

/* ---- limits ---- */

static int read_limits(const char *text, size_t n, struct err *e)
{
    struct limit_rows l = {.n = 0};
    struct yaml *y = NULL;
    TRY(yaml_open(&y, "limits.yaml", (const uint8_t *)text, n, NULL, e));
    const int r = limits_read(&l, y, e);
    yaml_close(y);
    limits_free(&l);
    return r;
}

static void limits(void **state)
{
    (void)state;
    damage("- os: [nt4, nt]\n"
           "  title: Windows NT 4.0\n"
           "  bits: 32\n"
           "  nonpaged: {bytes: 128M}\n"
           "  paged: {memory: 75%, at_most: 1G}\n"
           "  source: a page\n"
           "- os: [\"10\"]\n"
           "  title: Windows 10\n"
           "  bits: 64\n"
           "  nonpaged: {commit: 50%}\n"
           "  assume: yes\n"
           "  source: another page\n",
           read_limits);
}

/* ---- cases ---- */

static char path[256];

static int read_case(const char *text, size_t n, struct err *e)
{
    struct case_run x;
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
    const int r = case_run_open(&x, path, e);
    case_run_free(&x);
    return r;
}

static void cases(void **state)
{
    (void)state;
    damage(
        "case: 1\n"
        "name: one\n"
        "source: https://example.com\n"
        "figures: published\n"
        "inputs: [a.txt, b.txt]\n"
        "options: {suspect: [\"M*\"], limit: {nonpaged: 128M}, strict: yes, os: \"10\"}\n"
        "expect:\n"
        "  outcome: [leak, suspect]\n"
        "  pools: {nonpaged: {bytes: {min: 1K}}}\n"
        "  tags:\n"
        "    - {tag: Abcd, pool: paged, rank: 1, bytes: {near: 2.1e9, within: 5%}}\n"
        "  not_leaking: [\"MmSt\"]\n"
        "  cohorts: [[ISil, I100]]\n"
        "  suspects: [{pattern: \"M*\", verdict: acquitted}]\n"
        "  diagnoses: [http-sys-low-pool]\n",
        read_case);
    damage("case: 1\n"
           "name: two\n"
           "source: a page\n"
           "figures: replayed\n"
           "inputs: [a.txt]\n"
           "expect:\n"
           "  hosts: [{host: WEB01, outcome: leak}, {host: null}]\n",
           read_case);
    assert_int_equal(unlink(path), 0);
}

/* ---- more than anybody needs ---- */

/* A beginning, so many times the same with its number in it, and an end. */
static void too_many(const char *begin, const char *each, int n, const char *end,
                     reading *read, const char *words)
{
    char *text = malloc(1 << 18);
    struct err e = {0};
    assert_non_null(text);
    size_t at = (size_t)sprintf(text, "%s", begin);
    for (int i = 0; i < n; i++) {
        const char *mark = strchr(each, '#');
        assert_non_null(mark);
        at +=
            (size_t)sprintf(text + at, "%.*s%d%s", (int)(mark - each), each, i, mark + 1);
        assert_true(at < 1 << 17);
    }
    at += (size_t)sprintf(text + at, "%s", end);
    assert_true(read(text, at, &e) < 0);
    if (strstr(e.text, words) == NULL)
        fail_msg("expected '%s', found '%s'", words, e.text);
    free(text);
}

static void bounds(void **state)
{
    (void)state;
    too_many("", "- {id: r#, when: {pool: paged}, severity: info, text: x}\n", 1025, "",
             read_rules, "expected at most 1024 rules");
    too_many("- {id: r, severity: info, text: x, when: {os: [", "w#, ", 65, "w]}}\n",
             read_rules, "expected at most 64 values");
    too_many("- tag: Abcd\n  owner: a.sys\n  leaks:\n", "    - {what: leak #}\n", 17, "",
             read_tags, "expected at most 16 leaks");
    too_many("- tag: Abcd\n  owner: a.sys\n  source: [", "page #, ", 17, "page]\n",
             read_tags, "expected at most 16 sources");
    too_many("case: 1\nexpect: {", "k#: 1, ", 4097, "k: 1}\n", read_case,
             "expected at most 4096 keys in a map");
    (void)unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags),  cmocka_unit_test(rules),  cmocka_unit_test(limits),
        cmocka_unit_test(cases), cmocka_unit_test(bounds),
    };
    scratch_path(path, sizeof path, "damaged", ".yaml");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
