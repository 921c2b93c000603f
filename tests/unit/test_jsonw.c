/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "formats/io/jsonw.h"

struct fixture {
    struct buf b;
    struct sink *out;
    struct jsonw *j;
};

static void begin(struct fixture *f)
{
    struct err e = {0};
    *f = (struct fixture){0};
    assert_true(sink_memory(&f->out, &f->b, &e) >= 0);
    assert_true(jsonw_new(&f->j, f->out, &e) >= 0);
}

/* Closes the document and compares it, then frees everything. */
static void expect(struct fixture *f, const char *want)
{
    struct err e = {0};
    jsonw_free(f->j);
    assert_true(sink_close(f->out, &e) >= 0);
    assert_true(buf_byte(&f->b, 0, &e) >= 0);
    assert_string_equal((const char *)f->b.p, want);
    buf_free(&f->b);
}

static void test_shape(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    jsonw_object(f.j, NULL);
    jsonw_string(f.j, "schema", "poolsift.show/1");
    jsonw_array(f.j, "none");
    jsonw_end_array(f.j);
    jsonw_array(f.j, "rows");
    for (uint64_t i = 0; i < 2; i++) {
        jsonw_object(f.j, NULL);
        jsonw_u64(f.j, "i", i);
        jsonw_bool(f.j, "odd", i == 1);
        jsonw_end_object(f.j);
    }
    jsonw_end_array(f.j);
    jsonw_array(f.j, "names");
    jsonw_string(f.j, NULL, "a");
    jsonw_null(f.j, NULL);
    jsonw_end_array(f.j);
    jsonw_object(f.j, "empty");
    jsonw_end_object(f.j);
    jsonw_end_object(f.j);
    jsonw_end(f.j);
    expect(&f, "{\"schema\": \"poolsift.show/1\", \"none\": [], \"rows\": [\n"
               "{\"i\": 0, \"odd\": false},\n"
               "{\"i\": 1, \"odd\": true}\n"
               "], \"names\": [\"a\", null], \"empty\": {}}\n");
}

static void test_integers(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    jsonw_array(f.j, NULL);
    jsonw_u64(f.j, NULL, UINT64_MAX);
    jsonw_i64(f.j, NULL, INT64_MIN);
    jsonw_end_array(f.j);
    expect(&f, "[18446744073709551615, -9223372036854775808]");
}

static void test_doubles(void **state)
{
    (void)state;
    static const struct {
        double v;
        const char *text;
    } t[] = {
        {0, "0"},
        {-0.0, "0"},
        {1, "1"},
        {.1, "0.1"},
        {.12, "0.12"},
        {428714.7, "428714.7"},
        {-2.5, "-2.5"},
        {1.0 / 3, "0.3333333333333333"},
        {NAN, "null"},
        {INFINITY, "null"},
        {-INFINITY, "null"},
        {1e22, "1e+22"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct fixture f;
        begin(&f);
        jsonw_double(f.j, NULL, t[i].v);
        expect(&f, t[i].text);
    }
}

/* What is written is read back as the very same number. */
static void test_doubles_read_back(void **state)
{
    (void)state;
    uint64_t x = 88172645463325252u;
    for (int i = 0; i < 2000; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        double v;
        memcpy(&v, &x, sizeof v);
        if (!isfinite(v))
            continue;
        struct fixture f;
        struct err e = {0};
        begin(&f);
        jsonw_double(f.j, NULL, v);
        jsonw_free(f.j);
        assert_true(sink_close(f.out, &e) >= 0);
        assert_true(buf_byte(&f.b, 0, &e) >= 0);
        assert_true(strtod((const char *)f.b.p, NULL) == v);
        buf_free(&f.b);
    }
}

static void test_strings(void **state)
{
    (void)state;
    static const struct {
        const char *s, *text;
    } t[] = {
        {NULL, "null"},
        {"", "\"\""},
        {"a\"b\\c", "\"a\\\"b\\\\c\""},
        {"\n\t\r\x01\x1b[31m", "\"\\n\\t\\u000d\\u0001\\u001b[31m\""},
        {"\x7f", "\"\\u007f\""},
        {"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
         "\"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\""},
        {"\xe2\x80\xa8", "\"\\u2028\""},
        {"caf\xe9", "\"caf\\\\xe9\""},
        {"caf\xe8.txt", "\"caf\\\\xe8.txt\""},
        {"\xc0\xaf", "\"\\\\xc0\\\\xaf\""},                       /* overlong */
        {"\xed\xa0\x80", "\"\\\\xed\\\\xa0\\\\x80\""},            /* surrogate */
        {"\xf4\x90\x80\x80", "\"\\\\xf4\\\\x90\\\\x80\\\\x80\""}, /* too high */
        {"\xe2\x82", "\"\\\\xe2\\\\x82\""},                       /* cut */
        {"</script>", "\"</script>\""},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct fixture f;
        begin(&f);
        jsonw_string(f.j, NULL, t[i].s);
        expect(&f, t[i].text);
    }
}

static void test_string_with_nul(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    jsonw_string_n(f.j, NULL, "a\0b", 3);
    expect(&f, "\"a\\u0000b\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shape),   cmocka_unit_test(test_integers),
        cmocka_unit_test(test_doubles), cmocka_unit_test(test_doubles_read_back),
        cmocka_unit_test(test_strings), cmocka_unit_test(test_string_with_nul),
    };
    return cmocka_run_group_tests_name("jsonw", tests, NULL, NULL);
}
