/* SPDX-License-Identifier: MIT */
/* Case files as they are read, and values held against each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/check/expect.h"
#include "cli/know/case.h"

/* ---- trees ---- */

static struct tree tree_of(const char *text)
{
    struct tree t = {.root = NULL};
    struct yaml *y;
    struct err e = {0};
    assert_int_equal(yaml_open(&y, "t", text, strlen(text), NULL, &e), 0);
    assert_int_equal(tree_read(&t, y, &e), 0);
    assert_int_equal(yaml_end(y, &e), 0);
    yaml_close(y);
    return t;
}

static void a_tree_keeps_what_stood_where(void **state)
{
    (void)state;
    struct tree t = tree_of("a: 1\nb: [x, {c: \"2\"}, []]\nd: ~\n");
    const struct node *b = node_in(t.root, "b");
    double v;
    assert_int_equal(t.root->n, 3);
    assert_int_equal(b->kind, YAML_KIND_LIST);
    assert_int_equal(b->n, 3);
    assert_string_equal(b->first->text, "x");
    const struct node *c = node_in(b->first->next, "c");
    assert_string_equal(c->text, "2");
    assert_true(c->quoted);
    assert_false(node_number(c, &v));
    assert_int_equal(c->at.line, 2);
    assert_int_equal(c->at.column, 12);
    assert_int_equal(c->key_at.column, 9);
    assert_int_equal(b->last->n, 0);
    assert_true(node_is_null(node_in(t.root, "d")));
    assert_true(node_number(node_in(t.root, "a"), &v) && v == 1);
    assert_null(node_in(t.root, "e"));
    tree_free(&t);
}

static void a_key_twice_is_refused(void **state)
{
    (void)state;
    static const char text[] = "a: 1\nb: 2\na: 3\n";
    struct tree t = {.root = NULL};
    struct yaml *y;
    struct err e = {0};
    assert_int_equal(yaml_open(&y, "t", text, strlen(text), NULL, &e), 0);
    assert_int_equal(tree_read(&t, y, &e), ERR_FORMAT);
    assert_string_equal(e.place, "t:3:1");
    assert_string_equal(e.text, "the key 'a' stands here twice");
    yaml_close(y);
    tree_free(&t);
}

/* However deep the reader lets a document go. */
static void a_tree_has_so_many_levels(void **state)
{
    (void)state;
    const struct yaml_limits deep = {.bytes = 1000, .depth = 100, .scalar = 9};
    char text[80];
    for (size_t levels = 32; levels <= 33; levels++) {
        struct tree t = {.root = NULL};
        struct yaml *y;
        struct err e = {0};
        memset(text, '[', levels);
        memset(text + levels, ']', levels);
        assert_int_equal(yaml_open(&y, "t", text, 2 * levels, &deep, &e), 0);
        assert_int_equal(tree_read(&t, y, &e), levels == 32 ? 0 : ERR_LIMIT);
        assert_string_equal(e.text, levels == 32 ? "" : "more than 32 levels");
        yaml_close(y);
        tree_free(&t);
    }
}

/* ---- values ---- */

static const struct key_level plain = {.what = "a thing"};

static bool holds_at(const struct key_level *l, const char *want, const char *is)
{
    struct tree a = tree_of(want), b = tree_of(is);
    const bool r = expect_holds(l, a.root, b.root);
    tree_free(&a);
    tree_free(&b);
    return r;
}

static bool holds(const char *want, const char *is)
{
    return holds_at(&plain, want, is);
}

static void numbers(void **state)
{
    (void)state;
    assert_true(holds("22464", "22464"));
    assert_false(holds("22464", "22465"));
    assert_true(holds("128M", "134217728"));
    assert_false(holds("128M", "134217729"));
    assert_true(holds("2.5e3", "2500"));
    /* Whole numbers digit by digit: these two are one double. */
    assert_false(holds("18446744073709551615", "18446744073709551614"));
    /* Others to nine digits. */
    assert_true(holds("0.333333333", "0.33333333333333331"));
    assert_false(holds("0.33333333", "0.33333333333333331"));
    assert_false(holds("'1'", "\"one\""));
    assert_false(holds("1", "null"));
    assert_false(holds("1", "true"));
}

static void words_and_null(void **state)
{
    (void)state;
    assert_true(holds("growing", "\"growing\""));
    assert_false(holds("grow", "\"growing\""));
    assert_true(holds("Irp", "\"Irp \""));
    assert_false(holds("Irp", "\" Irp\""));
    assert_true(holds("null", "null"));
    assert_true(holds("~", "null"));
    assert_false(holds("'null'", "null"));
    assert_false(holds("null", "\"null\""));
    assert_true(holds("yes", "true"));
    assert_false(holds("yes", "false"));
    assert_true(holds("[leak, growing]", "\"growing\""));
    assert_false(holds("[leak, growing]", "\"steady\""));
    assert_true(holds("[null, 5]", "null"));
}

static void tests_of_a_value(void **state)
{
    (void)state;
    assert_true(holds("{min: 3}", "3"));
    assert_false(holds("{min: 3}", "2.999"));
    assert_true(holds("{min: 1K, max: 2K}", "2048"));
    assert_false(holds("{max: 2K}", "2049"));
    assert_true(holds("{near: 100, within: 5%}", "95"));
    assert_false(holds("{near: 100, within: 5%}", "94.9"));
    assert_true(holds("{near: -100, within: 5%}", "-105"));
    assert_true(holds("{near: 100, within: 2}", "102"));
    assert_false(holds("{near: 100, within: 2}", "103"));
    assert_false(holds("{min: 0}", "null"));
    assert_false(holds("{min: 0}", "\"5\""));
    assert_true(holds("{contains: limit}", "\"at the limit now\""));
    assert_false(holds("{contains: limit}", "\"at the Limit now\""));
    assert_true(holds("{not: leak}", "\"steady\""));
    assert_true(holds("{not: null}", "5"));
    assert_false(holds("{not: null}", "null"));
}

static void lists(void **state)
{
    (void)state;
    static const struct key_extra rows_extra[] = {{"code", KEY_SCALAR, NULL},
                                                  {"count", KEY_SCALAR, NULL},
                                                  {NULL, KEY_SCALAR, NULL}};
    static const struct key_level rows = {
        .what = "a row", .extra = rows_extra, .chosen_by = "code"};
    static const struct key_extra groups_extra[] = {{"tags", KEY_MADE, NULL},
                                                    {NULL, KEY_SCALAR, NULL}};
    static const struct key_level groups = {
        .what = "a group", .extra = groups_extra, .chosen_by = "tags"};
    static const char two[] = "[{\"code\": \"a\", \"count\": 1}, {\"code\": \"b\"}]";
    static const char tags[] = "[{\"tags\": [\"ISil\", \"I100\", \"X   \"]}]";
    assert_true(holds("2", "[1, 2]"));
    assert_false(holds("2", "[1]"));
    assert_true(holds("{min: 1, max: 2}", "[7]"));
    assert_true(holds("[]", "[]"));
    assert_false(holds("[]", "[1]"));
    assert_true(holds("[2, 1]", "[1, 2, 3]"));
    assert_false(holds("[4]", "[1, 2, 3]"));
    assert_true(holds_at(&rows, "[b, a]", two));
    assert_false(holds_at(&rows, "[c]", two));
    assert_true(holds_at(&rows, "[{code: a, count: {max: 1}}]", two));
    assert_false(holds_at(&rows, "[{code: b, count: 1}]", two));
    assert_true(holds_at(&groups, "[[I100, ISil]]", tags));
    assert_true(holds_at(&groups, "[{tags: [X]}]", tags));
    assert_false(holds_at(&groups, "[[I100, Nope]]", tags));
}

static void maps(void **state)
{
    (void)state;
    assert_true(holds("{a: 1}", "{\"a\": 1, \"b\": 2}"));
    assert_true(holds("{a: {b: {min: 2}}}", "{\"a\": {\"b\": 2}}"));
    assert_false(holds("{a: {b: {min: 3}}}", "{\"a\": {\"b\": 2}}"));
    assert_false(holds("{c: 1}", "{\"a\": 1, \"b\": 2}"));
    assert_false(holds("1", "{\"a\": 1}"));
    assert_false(holds("[a]", "{\"a\": 1}"));
}

static void the_keys_are_those_of_the_output(void **state)
{
    (void)state;
    struct key_found f, g;
    assert_true(key_find(&host_level, "outcome", &f));
    assert_int_equal(f.shape, KEY_SCALAR);
    assert_true(key_find(&host_level, "pools", &f));
    assert_int_equal(f.shape, KEY_OBJECT);
    assert_true(key_find(&f.level, "nonpaged", &g));
    assert_true(key_find(&g.level, "limit_candidates", &f));
    assert_int_equal(f.shape, KEY_LIST);
    assert_true(key_find(&f.level, "bytes", &g));
    assert_true(key_find(&host_level, "tags", &f));
    assert_int_equal(f.shape, KEY_ROWS);
    assert_true(key_find(&f.level, "tag_hex", &g));
    assert_true(key_find(&f.level, "owner_source", &g));
    assert_true(key_find(&f.level, "evidence", &g));
    assert_true(key_find(&g.level, "code", &f));
    assert_false(key_find(&host_level, "rank", &f));
}

/* ---- files ---- */

#define MARKED(text) ("\xef\xbb\xbf" text)

static void what_begins_as_a_case(void **state)
{
    (void)state;
    static const char *const do_[] = {"case: 1", "case: 1\nname: x",
                                      "# words\n\n---\ncase: 1", MARKED("case: 1"),
                                      "# \r\ncase: 2"};
    static const char *const do_not[] = {"",         "name: x\ncase: 1", "- case: 1",
                                         " case: 1", "cases: 1",         "# case: 1"};
    for (size_t i = 0; i < sizeof do_ / sizeof *do_; i++)
        assert_true(case_begins(do_[i], strlen(do_[i])));
    for (size_t i = 0; i < sizeof do_not / sizeof *do_not; i++)
        assert_false(case_begins(do_not[i], strlen(do_not[i])));
}

/* Writes a file, opens it as a case; what its place must be without the file's name. */
static void refused(const char *text, const char *place, const char *words)
{
    char path[] = "/tmp/case-XXXXXX";
    const int fd = mkstemp(path);
    struct case_file c;
    struct err e = {0};
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    (void)close(fd);
    int r = case_open(&c, path, &e);
    if (r == 0)
        r = expect_check_keys(&c, &e);
    (void)unlink(path);
    case_free(&c);
    if (words == NULL) {
        assert_int_equal(r, 0);
        return;
    }
    assert_int_equal(r, ERR_FORMAT);
    assert_string_equal(e.place + strlen(path), place);
    if (strstr(e.text, words) == NULL)
        fail_msg("'%s' does not say '%s'", e.text, words);
}

#define HEAD "case: 1\nname: n\nsource: s\nfigures: published\ninputs: [a.txt]\n"

static void cases_that_can_be_read(void **state)
{
    (void)state;
    refused(HEAD "expect: {outcome: leak}\n", "", NULL);
    refused(HEAD
            "expect: {outcome: [leak, suspect], boots: 2, cohorts: [[A, B], {id: 1}], "
            "notes: [], events: [2019, {code: 2020, count: {min: 2}}]}\n",
            "", NULL);
    refused(HEAD "expect: {tags: [{tag: Irp, rank: {max: 3}, evidence: [rising]}], "
                 "pools: {paged: {limit_candidates: [{bytes: 1G}], thresholds: 0}}, "
                 "facts: {anything: 1}}\n",
            "", NULL);
    refused(HEAD "expect:\n  hosts:\n    - {host: A, outcome: none}\n"
                 "    - {host: B, absent: ['*x']}\n",
            "", NULL);
}

static void cases_that_cannot(void **state)
{
    (void)state;
    refused("name: n\ncase: 1\n", ":2:1", "`case: 1` must be the first key");
    refused("case: 2\n", ":1:7", "a newer one is needed");
    refused("case: one\n", ":1:7", "expected `case: 1`");
    refused("case: 1\nname: n\n", ":1:1", "the case has no key 'source'");
    refused(HEAD "expects: {}\n", ":6:1",
            "unknown key 'expects'; the keys of a case are");
    refused("case: 1\nfigures: made up\n", ":2:10", "published or replayed");
    refused("case: 1\ninputs: []\n", ":2:9", "at least one");
    refused("case: 1\ninputs: ['-']\n", ":2:10", "the path of a file or folder");
    refused(HEAD "digests: {a.txt: 12}\nexpect: {hours: 1}\n", ":6:18", "64 digits");
    refused(HEAD "digests: 12\nexpect: {hours: 1}\n", ":6:10",
            "digests are a map that is not empty");
    refused(HEAD "expect: {}\n", ":6:9", "not empty");
}

static void expectations_that_cannot(void **state)
{
    (void)state;
    refused(HEAD "expect: {verdict: leak}\n", ":6:10", "a host has no key 'verdict'");
    refused(HEAD "expect: {tags: [{pool: paged}]}\n", ":6:17", "expected {tag: ABCD");
    refused(HEAD "expect: {tags: [{tag: Toolong}]}\n", ":6:23", "one to four characters");
    refused(HEAD "expect: {tags: [{tag: A, rnk: 1}]}\n", ":6:26",
            "a tag has no key 'rnk'");
    refused(HEAD "expect: {tags: {tag: A}}\n", ":6:16", "expected a list such as");
    refused(HEAD "expect: {hours: {near: 1}}\n", ":6:17", "write {near: N, within: 5%}");
    refused(HEAD "expect: {hours: {near: 1, within: lots}}\n", ":6:35", "'within' takes");
    refused(HEAD "expect: {hours: {min: few}}\n", ":6:23", "'min' takes a number");
    refused(HEAD "expect: {hours: {atleast: 1}}\n", ":6:17", "expected a value");
    refused(HEAD "expect: {outcome: []}\n", ":6:19", "an empty list");
    refused(HEAD "expect: {pools: {nonpaged: {size: 1}}}\n", ":6:29", "no key 'size'");
    refused(HEAD "expect: {diagnoses: short-span}\n", ":6:21", "expected a list");
    refused(HEAD "expect: {boots: [5]}\n", ":6:18", "a map with keys of boots");
    refused(HEAD "expect: {suspects: [{patern: X}]}\n", ":6:22", "no key 'patern'");
    refused(HEAD "expect: {absent: X}\n", ":6:18", "a list of patterns");
    refused(HEAD "expect: {hosts: [{host: A, hours: 1}], hours: 1}\n", ":6:10",
            "no other key");
}

/* Of a key that nobody has looked at before: words, no guess. */
static void a_key_that_was_not_checked(void **state)
{
    (void)state;
    struct tree t = tree_of("{verdict: leak}");
    const struct case_file c = {.expect = t.root, .name = "n"};
    struct check_list l = {.n = 0};
    struct expecting x = {.list = &l, .c = &c};
    struct rank_boot boot = {.end_h = 1};
    struct rank_result r = {.boots = &boot, .n_boots = 1};
    struct note_list notes = {.n = 0};
    const struct rank_view v = {.r = &r, .scope = "system", .notes = &notes};
    struct err e = {0};
    assert_int_equal(expect_all(&x, &v, 1, &e), ERR_BUG);
    assert_string_equal(e.text, "a key that was not checked");
    assert_int_equal(l.n, 0);
    check_list_free(&l);
    tree_free(&t);
}

static void paths_beside_the_file(void **state)
{
    (void)state;
    char far[] = "some/folder/x.yaml", near[] = "x.yaml";
    const struct case_file a = {.path = far}, b = {.path = near};
    static const struct {
        bool far;
        const char *path, *is;
    } rows[] = {{true, "1.txt", "some/folder/1.txt"},
                {true, "/tmp/1.txt", "/tmp/1.txt"},
                {true, "../1.txt", "some/folder/../1.txt"},
                {false, "1.txt", "1.txt"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err e = {0};
        char *p = case_beside(rows[i].far ? &a : &b, rows[i].path, &e);
        assert_string_equal(p, rows[i].is);
        free(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_keeps_what_stood_where),
        cmocka_unit_test(a_key_twice_is_refused),
        cmocka_unit_test(a_tree_has_so_many_levels),
        cmocka_unit_test(numbers),
        cmocka_unit_test(words_and_null),
        cmocka_unit_test(tests_of_a_value),
        cmocka_unit_test(lists),
        cmocka_unit_test(maps),
        cmocka_unit_test(the_keys_are_those_of_the_output),
        cmocka_unit_test(what_begins_as_a_case),
        cmocka_unit_test(cases_that_can_be_read),
        cmocka_unit_test(cases_that_cannot),
        cmocka_unit_test(expectations_that_cannot),
        cmocka_unit_test(a_key_that_was_not_checked),
        cmocka_unit_test(paths_beside_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
