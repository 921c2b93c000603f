/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "cli/rank/rank_read.h"
#include "tests/unit/render_output.h"
#include "tests/unit/render_samples.h"

/* A copy that the caller frees. */
static struct buf rendered(const char *format, const struct rank_view *v)
{
    struct output out;
    start(&out, format);
    out.o.top = 0;
    out.o.verbose = true;
    ranks(&out, v, 1, true);
    (void)finish(&out);
    return out.b;
}

static int open_text(struct rank_read **r, const char *text, size_t n, struct err *e)
{
    const struct limits limits = LIMITS_DEFAULT;
    struct input_raw raw;
    struct input *in;
    assert_int_equal(input_raw_memory(&raw, (const uint8_t *)text, n, 0, e), 0);
    assert_int_equal(input_open(&in, "x.json", raw, &limits, e), 0);
    return rank_read_open(r, in, e);
}

/* Reads all hosts; 0 or the error. */
static int read_text(const char *text, size_t n, struct err *e)
{
    struct rank_read *r;
    struct rank_view v;
    TRY(open_text(&r, text, n, e));
    int more;
    while ((more = rank_read_next(r, &v, e)) > 0)
        assert_non_null(v.r);
    rank_read_close(r);
    return more;
}

/* Every format says the same of what was read back. */
static void assert_round_trip(const struct rank_view *v)
{
    static const char *const formats[] = {"json", "text", "markdown", "csv"};
    struct buf json = rendered("json", v);
    struct rank_read *r;
    struct rank_view back;
    struct err e = {0};
    if (open_text(&r, (const char *)json.p, json.n - 1, &e) < 0)
        fail_msg("%s: %s", e.place, e.text);
    if (rank_read_next(r, &back, &e) != 1)
        fail_msg("%s: %s", e.place, e.text);
    back.order = v->order;
    back.n_order = v->n_order;
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        struct buf want = rendered(formats[i], v), got = rendered(formats[i], &back);
        assert_string_equal((const char *)got.p, (const char *)want.p);
        buf_free(&want);
        buf_free(&got);
    }
    assert_int_equal(rank_read_next(r, &back, &e), 0);
    rank_read_close(r);
    buf_free(&json);
}

static void test_a_series_comes_back(void **state)
{
    (void)state;
    struct sample x;
    sample_series(&x);
    struct rank_view v = sample_rank(&x);
    assert_round_trip(&v);
    sample_free(&x);
}

/* Figures at their ends, tags and names that only an enemy would choose. */
static void test_odd_values_come_back(void **state)
{
    (void)state;
    static const double odd[] = {0.1, 1.0 / 3,      5e-324, -1e-300, 1e15 + .5, -0.0,
                                 NAN, 123456789.25, 2e-7,   1e300,   1 - 1e-16};
    struct sample x;
    sample_series(&x);
    struct owner owners[8] = {{.text = "a \"b\" \\ \t\xc2\x85\xe2\x80\xa8 <c>: #&*",
                               .source = "\xf0\x9f\x98\x80 - {x}"}};
    struct rank_view v = sample_rank(&x);
    v.owners = owners;
    v.host = "- web: 01 \x7f [null] 'x' # y";
    v.facts = "build=10.0.1\nnote=a=b: \"c\"\nempty=\n";
    for (size_t i = 0; i < x.rank.n_tags; i++) {
        struct rank_tag *t = &x.tags[i];
        t->tag = (struct pool_tag){{(uint8_t)i, '\\', 0xff, ' '}};
        t->bytes = UINT64_MAX - i;
        t->bytes_change = INT64_MIN + (int64_t)i;
        t->score = odd[i % 11];
        t->bytes_per_hour = odd[(i + 3) % 9];
        t->freed = odd[(i + 1) % 3];
        t->share_of_pool = i == 2 ? NAN : .5;
        t->bytes_known = i != 3;
        t->n_spark = (int)(i % 4);
        t->spark[0] = odd[i % 11];
        t->spark[1] = NAN;
    }
    assert_round_trip(&v);
    sample_free(&x);
}

static void test_a_series_without_times_comes_back(void **state)
{
    (void)state;
    struct sample x;
    sample_series(&x);
    struct rank_view v = sample_rank(&x);
    v.from = v.to = (struct pool_time){.source = TIME_NONE};
    v.origin_ms = 0;
    v.host = NULL;
    x.rank.has_times = false;
    x.rank.hours = x.rank.span_h = NAN;
    assert_round_trip(&v);
    sample_free(&x);
}

/* Cut at any byte it is refused, never taken for less. */
static void test_every_cut_is_refused(void **state)
{
    (void)state;
    struct sample x;
    sample_series(&x);
    struct rank_view v = sample_rank(&x);
    struct buf json = rendered("json", &v);
    const char *text = (const char *)json.p;
    size_t n = strlen(text);
    struct err e = {0};
    assert_int_equal(read_text(text, n, &e), 0);
    for (size_t cut = 0; cut < n - 2; cut += cut < 3000 ? 1 : 37) {
        err_clear(&e);
        assert_true(read_text(text, cut, &e) < 0);
        assert_non_null(strstr(e.place, "x.json"));
    }
    buf_free(&json);
    sample_free(&x);
}

/* One byte changed: read or refused in words, and nothing worse. */
static void test_changed_bytes(void **state)
{
    (void)state;
    static const char with[] = "0-\"{}[],:x#&*e\\\n\x80";
    struct sample x;
    sample_series(&x);
    struct rank_view v = sample_rank(&x);
    struct buf json = rendered("json", &v);
    char *text = (char *)json.p;
    size_t n = strlen(text), refused = 0;
    for (size_t i = 0; i < n; i += 3) {
        struct err e = {0};
        char was = text[i];
        text[i] = with[i % (sizeof with - 1)];
        if (read_text(text, n, &e) < 0) {
            assert_true(e.text[0] != '\0');
            refused++;
        }
        text[i] = was;
    }
    assert_true(refused > n / 12);
    buf_free(&json);
    sample_free(&x);
}

static void replaced(const char *from, const char *to, const char *words)
{
    struct sample x;
    sample_series(&x);
    struct rank_view v = sample_rank(&x);
    struct buf json = rendered("json", &v), b = {0};
    const char *text = (const char *)json.p, *at = strstr(text, from);
    struct err e = {0};
    assert_non_null(at);
    assert_int_equal(buf_append(&b, text, (size_t)(at - text), &e), 0);
    assert_int_equal(buf_append(&b, to, strlen(to), &e), 0);
    assert_int_equal(buf_append(&b, at + strlen(from), strlen(at + strlen(from)), &e), 0);
    assert_true(read_text((const char *)b.p, b.n, &e) < 0);
    if (strstr(e.text, words) == NULL)
        fail_msg("expected '%s', found '%s'", words, e.text);
    buf_free(&b);
    buf_free(&json);
    sample_free(&x);
}

static void test_what_is_refused(void **state)
{
    (void)state;
    replaced("\"rank\": 2,", "\"rank\": 3,", "expected rank 2, found 3");
    replaced("\"steps\": 36,", "\"steps\": 36, \"steps\": 36,", "stands here twice");
    replaced("\"steps\": 36,", "\"steps\": 3.5,", "as 'steps', found '3.5'");
    replaced("\"steps\": 36,", "\"steps\": 99999999999,", "as 'steps'");
    replaced("\"pool\": \"nonpaged\"", "\"pool\": \"session\"", "as 'pool'");
    replaced("\"tag_hex\": \"", "\"tag_hex\": \"g", "8 hexadecimal digits");
    replaced("\"scope\": \"system\"", "\"scope\": null", "as 'scope'");
    replaced("\"code\": \"", "\"code\": \"no-such-", "unknown evidence");
    replaced("\"fleet\": null", "\"fleet\": null, \"more\": 1", "expected the end");
    replaced("\"tags_total\": ", "\"tags_total\": 1", "tags");
    replaced("\"steps\": 36,", "\"steps\": 36, \"baseline\": {},", "baseline");
    replaced(
        "{\"code\": \"",
        "{\"a-key-that-is-longer-than-any-that-there-was-or-ever-will-be-in-here\": 1, "
        "\"code\": \"",
        "unknown key 'a-key-that-is-longer-than-any");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_series_comes_back),
        cmocka_unit_test(test_odd_values_come_back),
        cmocka_unit_test(test_a_series_without_times_comes_back),
        cmocka_unit_test(test_every_cut_is_refused),
        cmocka_unit_test(test_changed_bytes),
        cmocka_unit_test(test_what_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
