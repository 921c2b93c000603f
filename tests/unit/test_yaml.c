/* SPDX-License-Identifier: MIT */
/* The YAML reader: what it gives, what it refuses, and where it says the fault is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/know/yaml.h"

static struct yaml *opened(const char *text)
{
    struct yaml *y = NULL;
    assert_int_equal(yaml_open(&y, "x.yaml", text, strlen(text), NULL, NULL), 0);
    return y;
}

static void events_with_places(void **state)
{
    (void)state;
    static const struct {
        enum yaml_kind kind;
        const char *text;
        bool quoted;
        size_t line, column;
    } want[] = {
        {YAML_KIND_MAP, "", false, 1, 1},
        {YAML_KIND_SCALAR, "a", false, 1, 1},
        {YAML_KIND_LIST, "", false, 1, 4},
        {YAML_KIND_SCALAR, "1", false, 1, 5},
        {YAML_KIND_SCALAR, "two", true, 1, 8},
        {YAML_KIND_LIST_END, "", false, 1, 13},
        {YAML_KIND_SCALAR, "b", false, 2, 1},
        {YAML_KIND_SCALAR, "\xc3\xa4 b", false, 2, 4},
        {YAML_KIND_SCALAR, "c", true, 3, 1},
        {YAML_KIND_SCALAR, "", false, 3, 5},
        {YAML_KIND_MAP_END, "", false, 4, 1},
        {YAML_KIND_END, "", false, 4, 1},
        {YAML_KIND_END, "", false, 4, 1},
    };
    struct yaml *y = opened("a: [1, \"two\"]\nb: \xc3\xa4 b # words\n'c':\n");
    struct yaml_item v;
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        assert_int_equal(yaml_peek(y, &v, NULL), 0);
        assert_int_equal(yaml_next(y, &v, NULL), 0);
        assert_int_equal(v.kind, want[i].kind);
        assert_string_equal(v.text, want[i].text);
        assert_int_equal(v.n, strlen(want[i].text));
        assert_int_equal(v.quoted, want[i].quoted);
        assert_int_equal(v.at.line, want[i].line);
        assert_int_equal(v.at.column, want[i].column);
    }
    yaml_close(y);
}

/* Every value of a document passed at once, then its end. */
static int pass(const char *text, size_t n, const struct yaml_limits *l, struct err *e)
{
    struct yaml *y = NULL;
    int r = yaml_open(&y, "x.yaml", text, n, l, e);
    if (r == 0)
        r = yaml_skip(y, e);
    if (r == 0)
        r = yaml_end(y, e);
    yaml_close(y);
    return r;
}

static void what_a_stranger_may_not_write(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t n; /* 0 = the whole string */
        int code;
        const char *place, *words;
    } t[] = {
        {"", 0, ERR_FORMAT, "x.yaml:1:1", "expected a value, found the end"},
        {"&a [1]", 0, ERR_FORMAT, "x.yaml:1:1", "found an anchor"},
        {"- x\n- *a\n", 0, ERR_FORMAT, "x.yaml:2:3", "found an alias"},
        {"- !!str x\n", 0, ERR_FORMAT, "x.yaml:1:3", "found a tag (!...)"},
        {"a\n--- \nb\n", 0, ERR_FORMAT, "x.yaml:2:1", "expected one document"},
        {"- a\n- \"b\\0c\"\n", 0, ERR_FORMAT, "x.yaml:2:3", "found a NUL"},
        {"a: b: c\n", 0, ERR_FORMAT, "x.yaml:1:5", "this is no YAML"},
        {"a: [1, 2\nb: 3\n", 0, ERR_FORMAT, "x.yaml:2:2", "this is no YAML"},
        {"a:\n\t- x\n", 0, ERR_FORMAT, "x.yaml:2:1", "this is no YAML"},
        {"{\"a\": 1", 0, ERR_FORMAT, "x.yaml:2:1", "this is no YAML"},
        {"a: 1\nok: \xff\xfe", 0, ERR_FORMAT, "x.yaml:2:5", "this is no YAML"},
        {"[[[[1]]]]", 0, ERR_LIMIT, "x.yaml:1:4", "at most 3 levels"},
        {"[\"123456789\"]", 0, ERR_LIMIT, "x.yaml:1:2",
         "at most 8 bytes of text, found 9"},
        {"[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]", 0, ERR_LIMIT, "x.yaml",
         "at most 40 bytes"},
        {"a\0b", 3, ERR_FORMAT, "x.yaml:1:2", "this is no YAML"},
    };
    const struct yaml_limits small = {.bytes = 40, .depth = 3, .scalar = 8};
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct err e = {0};
        const size_t n = t[i].n > 0 ? t[i].n : strlen(t[i].text);
        assert_int_equal(pass(t[i].text, n, &small, &e), t[i].code);
        assert_string_equal(e.place, t[i].place);
        if (strstr(e.text, t[i].words) == NULL)
            fail_msg("%s: %s, expected %s", t[i].text, e.text, t[i].words);
    }
    assert_int_equal(pass("[[[1]]]", 7, &small, NULL), 0);
}

static void faults_stay(void **state)
{
    (void)state;
    struct yaml *y = opened("- *a\n- b\n");
    struct yaml_item v;
    struct err first = {0}, second = {0};
    assert_int_equal(yaml_list(y, "a list", NULL), 0);
    assert_int_equal(yaml_next(y, &v, &first), ERR_FORMAT);
    assert_int_equal(yaml_skip(y, &second), ERR_FORMAT);
    assert_string_equal(first.text, second.text);
    assert_string_equal(first.place, second.place);
    yaml_close(y);
}

static void skipping_keeps_its_place(void **state)
{
    (void)state;
    static const char text[] = "a: {b: [1, {c: 2}], d: 3}\ne: 4\nf: [5]\n";
    static const char *const keys[] = {"a", "e", "f"};
    struct yaml *y = opened(text);
    struct yaml_item v;
    uint64_t seen = 0, four = 0;
    size_t k;
    assert_int_equal(yaml_map(y, "a map", NULL), 0);
    assert_int_equal(yaml_key_in(y, keys, 3, &seen, &k, NULL), 1);
    assert_int_equal(yaml_peek(y, &v, NULL), 0); /* peeking first changes nothing */
    assert_int_equal(yaml_skip(y, NULL), 0);
    assert_int_equal(yaml_key_in(y, keys, 3, &seen, &k, NULL), 1);
    assert_int_equal(k, 1);
    assert_int_equal(yaml_u64(y, "a number", &four, NULL), 0);
    assert_int_equal(four, 4);
    assert_int_equal(yaml_key_in(y, keys, 3, &seen, &k, NULL), 1);
    assert_int_equal(yaml_skip(y, NULL), 0);
    assert_int_equal(yaml_key_in(y, keys, 3, &seen, &k, NULL), 0);
    assert_int_equal(seen, 7);
    assert_int_equal(yaml_end(y, NULL), 0);
    yaml_close(y);
}

static void keys_are_a_closed_list(void **state)
{
    (void)state;
    static const char *const keys[] = {"tag", "pool"};
    static const struct {
        const char *text, *place, *words;
    } t[] = {
        {"tag: 1\npol: 2\n", "x.yaml:2:1",
         "unknown key 'pol'; the keys here are tag and pool"},
        {"tag: 1\npool: 2\ntag: 3\n", "x.yaml:3:1", "the key 'tag' stands here twice"},
        {"? [a]\n: b\n", "x.yaml:1:3", "expected a key, found a list"},
        {"- a\n", "x.yaml:1:1", "expected a case, found a list"},
        {"words", "x.yaml:1:1", "expected a case, found 'words'"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct yaml *y = opened(t[i].text);
        struct err e = {0};
        uint64_t seen = 0;
        size_t k;
        int r = yaml_map(y, "a case", &e);
        while (r == 0 && (r = yaml_key_in(y, keys, 2, &seen, &k, &e)) > 0)
            r = yaml_skip(y, &e);
        assert_int_equal(r, ERR_FORMAT);
        assert_string_equal(e.place, t[i].place);
        assert_string_equal(e.text, t[i].words);
        yaml_close(y);
    }
}

static void numbers_and_words(void **state)
{
    (void)state;
    static const char text[] =
        "[yes, false, \"yes\", 18446744073709551615, 18446744073709551616, -1, 2.1e9, "
        "-3.5, 0x10, .5, inf, 1e999, leak, loss, null, ~, \"null\"]";
    static const char *const words[] = {"leak", "steady"};
    struct yaml *y = NULL;
    struct err e;
    uint64_t u = 0;
    double d = 0;
    bool b = false;
    size_t k = 9;
#define NEXT(n)                                                                          \
    y = opened(text);                                                                    \
    e = (struct err){0};                                                                 \
    assert_int_equal(yaml_list(y, "a list", NULL), 0);                                   \
    for (int i = 0; i < (n); i++)                                                        \
        assert_int_equal(yaml_skip(y, NULL), 0);                                         \
    assert_int_equal(yaml_more(y, NULL), 1)
#define GOOD(n, call)                                                                    \
    do {                                                                                 \
        NEXT(n);                                                                         \
        assert_int_equal(call, 0);                                                       \
        yaml_close(y);                                                                   \
    } while (0)
#define BAD(n, call, said)                                                               \
    do {                                                                                 \
        NEXT(n);                                                                         \
        assert_int_equal(call, ERR_FORMAT);                                              \
        assert_string_equal(e.text, said);                                               \
        yaml_close(y);                                                                   \
    } while (0)
    GOOD(0, yaml_bool(y, "a switch", &b, &e));
    assert_true(b);
    GOOD(1, yaml_bool(y, "a switch", &b, &e));
    assert_false(b);
    BAD(2, yaml_bool(y, "a switch", &b, &e),
        "expected a switch (yes or no), found 'yes'");
    GOOD(3, yaml_u64(y, "a count", &u, &e));
    assert_true(u == UINT64_MAX);
    BAD(4, yaml_u64(y, "a count", &u, &e),
        "expected a count, found '18446744073709551616'");
    BAD(5, yaml_u64(y, "a count", &u, &e), "expected a count, found '-1'");
    GOOD(6, yaml_number(y, "a rate", &d, &e));
    assert_true(d == 2.1e9);
    GOOD(7, yaml_number(y, "a rate", &d, &e));
    assert_true(d == -3.5);
    BAD(8, yaml_number(y, "a rate", &d, &e), "expected a rate, found '0x10'");
    BAD(9, yaml_number(y, "a rate", &d, &e), "expected a rate, found '.5'");
    BAD(10, yaml_number(y, "a rate", &d, &e), "expected a rate, found 'inf'");
    BAD(11, yaml_number(y, "a rate", &d, &e), "expected a rate, found '1e999'");
    GOOD(12, yaml_word(y, "a verdict", words, 2, &k, &e));
    assert_int_equal(k, 0);
    BAD(13, yaml_word(y, "a verdict", words, 2, &k, &e),
        "expected a verdict (leak or steady), found 'loss'");
    GOOD(14, yaml_null(y, &b, &e));
    assert_true(b);
    GOOD(15, yaml_null(y, &b, &e));
    assert_true(b);
    GOOD(16, yaml_null(y, &b, &e));
    assert_false(b);
#undef NEXT
#undef GOOD
#undef BAD
}

static void long_words_are_cut_between_characters(void **state)
{
    (void)state;
    char text[128] = "a";
    for (int i = 0; i < 40; i++)
        strcat(text, "\xc3\xa4");
    struct yaml *y = opened(text);
    struct err e = {0};
    assert_int_equal(yaml_map(y, "a map", &e), ERR_FORMAT);
    const char *end = strstr(e.text, "...'");
    assert_non_null(end);
    assert_memory_equal(end - 2, "\xc3\xa4", 2);
    yaml_close(y);
}

static void json_is_yaml(void **state)
{
    (void)state;
    static const char text[] =
        "{\"schema\":\"x/1\",\"n\":[1,-2.5e3,null,true],\n\"t\":\"a\\u00e4\\/\\\"b\\n\"}";
    struct yaml *y = opened(text);
    struct yaml_item v;
    static const char *const want[] = {
        "schema", "x/1", "n", "1", "-2.5e3", "null", "true", "t", "a\xc3\xa4/\"b\n"};
    size_t n = 0;
    do {
        assert_int_equal(yaml_next(y, &v, NULL), 0);
        if (v.kind == YAML_KIND_SCALAR)
            assert_string_equal(v.text, want[n++]);
    } while (v.kind != YAML_KIND_END);
    assert_int_equal(n, sizeof want / sizeof *want);
    yaml_close(y);
}

/* ---- read as it comes ---- */

struct drip {
    const char *text;
    size_t at, step, fail_at; /* 0 = never fails */
};

static ptrdiff_t drip(void *ctx, uint8_t *p, size_t n, struct err *e)
{
    struct drip *d = ctx;
    size_t left = strlen(d->text + d->at);
    n = n < d->step ? n : d->step;
    n = n < left ? n : left;
    if (d->fail_at > 0 && d->at >= d->fail_at)
        return err_set(e, ERR_IO, "the drip ran dry");
    memcpy(p, d->text + d->at, n);
    d->at += n;
    return (ptrdiff_t)n;
}

static int count_drip(struct drip d, const struct yaml_limits *l, size_t *scalars,
                      struct err *e)
{
    struct yaml *y = NULL;
    struct yaml_item v;
    int r = yaml_open_reader(&y, "drip", drip, &d, l, e);
    *scalars = 0;
    while (r == 0 && (r = yaml_next(y, &v, e)) == 0 && v.kind != YAML_KIND_END)
        *scalars += v.kind == YAML_KIND_SCALAR;
    yaml_close(y);
    return r;
}

static void reading_piece_by_piece(void **state)
{
    (void)state;
    static const char text[] = "- one\n- {two: three}\n- [four, 'five']\n";
    size_t n;
    for (size_t step = 1; step < sizeof text; step++) {
        assert_int_equal(count_drip((struct drip){text, 0, step, 0}, NULL, &n, NULL), 0);
        assert_int_equal(n, 5);
    }
    struct err e = {0};
    assert_int_equal(count_drip((struct drip){text, 0, 1, 9}, NULL, &n, &e), ERR_IO);
    assert_string_equal(e.text, "the drip ran dry");
    const struct yaml_limits small = {.bytes = 20, .depth = 9, .scalar = 99};
    e = (struct err){0};
    assert_int_equal(count_drip((struct drip){text, 0, 1, 0}, &small, &n, &e), ERR_LIMIT);
    assert_string_equal(e.text, "expected at most 20 bytes, found more");
    /* Too long in two ways at once: the first is told. */
    const struct yaml_limits least = {.bytes = 20, .depth = 9, .scalar = 1};
    e = (struct err){0};
    assert_int_equal(count_drip((struct drip){text, 0, 30, 0}, &least, &n, &e),
                     ERR_LIMIT);
    assert_string_equal(e.text, "expected at most 20 bytes, found more");
    assert_string_equal(e.place, "drip");
}

static void files_that_cannot_be_read(void **state)
{
    (void)state;
    struct yaml *y = NULL;
    struct err e = {0};
    assert_int_equal(yaml_open_file(&y, "fixtures/none.yaml", NULL, &e), ERR_IO);
    assert_string_equal(e.place, "fixtures/none.yaml");
    e = (struct err){0};
    assert_int_equal(yaml_open_file(&y, "fixtures", NULL, &e), ERR_IO);
    assert_null(y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_with_places),
        cmocka_unit_test(what_a_stranger_may_not_write),
        cmocka_unit_test(faults_stay),
        cmocka_unit_test(skipping_keeps_its_place),
        cmocka_unit_test(keys_are_a_closed_list),
        cmocka_unit_test(numbers_and_words),
        cmocka_unit_test(long_words_are_cut_between_characters),
        cmocka_unit_test(json_is_yaml),
        cmocka_unit_test(reading_piece_by_piece),
        cmocka_unit_test(files_that_cannot_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
