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
    replaced("\"rank\": 2,", "\"rank\": 2, \"rank\": 2,", "key 'rank'");
    replaced("\"evidence\": [", "\"evidence\": [], \"evidence\": [", "key 'evidence'");
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

/* ---- members ---- */

/* Where a value ends that begins at p. */
static const char *behind_value(const char *p)
{
    size_t depth = 0;
    bool quoted = false;
    for (;; p++) {
        if (quoted) {
            p += *p == '\\';
            quoted = *p != '"';
        } else if (*p == '"') {
            quoted = true;
        } else if (*p == '{' || *p == '[') {
            depth++;
        } else if (depth == 0 && (*p == ',' || *p == '}' || *p == ']')) {
            return p;
        } else if (*p == '}' || *p == ']') {
            depth--;
        }
    }
}

struct member {
    const char *key, *value, *end;
    size_t n; /* bytes of the key */
};

static bool is_member(const struct member *m, const char *key)
{
    return strlen(key) == m->n && memcmp(m->key, key, m->n) == 0;
}

/* The next `"key": value` behind p, whatever it is in. */
static bool next_member(const char *p, struct member *m)
{
    for (const char *colon = p; (colon = strstr(colon, "\": ")) != NULL; colon++) {
        m->end = m->key = colon;
        while (m->key[-1] != '"')
            m->key--;
        m->n = (size_t)(colon - m->key);
        m->value = colon + 3;
        if (memchr(m->key, ' ', m->n) != NULL)
            continue; /* words of a text */
        m->end = behind_value(m->value);
        return true;
    }
    return false;
}

/* The document with other bytes in the place of those from `from` to `to`. */
static int read_spliced(const char *text, const char *from, const char *with,
                        const char *to, struct err *e)
{
    struct buf b = {0};
    *e = (struct err){0};
    assert_int_equal(buf_append(&b, text, (size_t)(from - text), NULL), 0);
    assert_int_equal(buf_append(&b, with, strlen(with), NULL), 0);
    assert_int_equal(buf_append(&b, to, strlen(to), NULL), 0);
    const int r = read_text((const char *)b.p, b.n, e);
    buf_free(&b);
    if (r < 0 && (e->text[0] == '\0' || strstr(e->place, "x.json:") == NULL))
        fail_msg("%s: '%s'", e->place, e->text);
    return r;
}

/* A ranking with something of everything that a host has. */
static struct buf full_document(struct sample *x)
{
    static struct event_sum sums[1] = {{.code = "Connections_Refused", .count = 12}};
    sample_series(x);
    struct rank_event events[1] = {{.sum = &sums[0]}};
    struct rank_view v = sample_rank(x);
    assert_int_equal(note_add(&x->notes, NULL, NOTE_DUPLICATE, 7, "a note"), 0);
    v.host = "web01";
    v.events = events;
    v.n_events = 1;
    v.facts = "build=10.0.1\n";
    return rendered("json", &v);
}

/* Keys that may be missing: others say the same, nothing is read from them, or they are
 * facts, which are whatever was seen. */
static bool may_be_missing(const struct member *m)
{
    static const char *const keys[] = {"tag", "session", "text", "baseline", "build"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (is_member(m, keys[i]))
            return true;
    return false;
}

/* A list of `times` more elements. */
static void longer(const char *list, const char *element, size_t times, const char *words)
{
    struct sample x;
    struct buf json = full_document(&x), more = {0};
    const char *text = (const char *)json.p, *at = strstr(text, list);
    struct err e;
    assert_non_null(at);
    at += strlen(list);
    for (size_t i = 0; i < times; i++)
        assert_int_equal(buf_append(&more, element, strlen(element), NULL), 0);
    assert_int_equal(buf_byte(&more, '\0', NULL), 0);
    assert_true(read_spliced(text, at, (const char *)more.p, at, &e) < 0);
    if (strstr(e.text, words) == NULL)
        fail_msg("expected '%s', found '%s'", words, e.text);
    buf_free(&more);
    buf_free(&json);
    sample_free(&x);
}

static void test_longer_lists_than_there_are(void **state)
{
    (void)state;
    longer("\"evidence\": [", "{\"code\": \"gave-back\", \"given_back\": 0}, ", 10,
           "expected at most 14 of evidence");
    longer("\"spark\": [", "1, ", 1000, "elements in 'spark'");
    longer("\"events\": [", "{}, ", 1, "no key");
}

/* Every key left out: words and a place say so. */
static void test_every_key_is_missed(void **state)
{
    (void)state;
    struct sample x;
    struct buf json = full_document(&x);
    const char *text = (const char *)json.p;
    struct member m;
    struct err e;
    size_t n = 0;
    for (const char *at = text; next_member(at, &m); at = m.value, n++) {
        const char *end = strncmp(m.end, ", ", 2) == 0 ? m.end + 2 : m.end;
        if (read_spliced(text, m.key - 1, "", end, &e) == 0 && !may_be_missing(&m))
            fail_msg("'%.*s' was not missed", (int)m.n, m.key);
    }
    assert_true(n > 300);
    buf_free(&json);
    sample_free(&x);
}

/* Whether a key like that came before, so that each is tried once. */
static bool came_before(const char *text, const struct member *m)
{
    struct member other;
    for (const char *at = text; next_member(at, &other) && other.key < m->key;
         at = other.value)
        if (other.n == m->n && memcmp(other.key, m->key, m->n) == 0)
            return true;
    return false;
}

/* Something else in the place of each value: read or refused in words. */
static void test_every_value_is_another(void **state)
{
    (void)state;
    static const char *const others[] = {"5",  "\"x\"", "null", "-1e999",     "[]",
                                         "{}", "[5]",   "[{}]", "{\"x\": 5}", "!x 5"};
    struct sample x;
    struct buf json = full_document(&x);
    const char *text = (const char *)json.p;
    struct member m;
    struct err e;
    size_t n = 0, refused = 0;
    for (const char *at = text; next_member(at, &m); at = m.value) {
        if (came_before(text, &m))
            continue;
        for (size_t i = 0; i < sizeof others / sizeof *others; i++, n++) {
            const int r = read_spliced(text, m.value, others[i], m.end, &e);
            if (r == 0 && *others[i] == '!') /* what no value may be */
                fail_msg("'%.*s' was %s", (int)m.n, m.key, others[i]);
            refused += r < 0;
        }
    }
    assert_true(refused > n / 2);
    buf_free(&json);
    sample_free(&x);
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
        cmocka_unit_test(test_longer_lists_than_there_are),
        cmocka_unit_test(test_every_key_is_missed),
        cmocka_unit_test(test_every_value_is_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
