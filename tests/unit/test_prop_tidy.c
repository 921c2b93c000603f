/* SPDX-License-Identifier: MIT */
/* Tidy tables lose nothing: every fixture and made-up snapshots go to CSV and to JSON
 * lines and come back with every field; damage is said and never believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/tidy/tidy.h"
#include "tests/unit/every.h"

static const struct format_writer *const writers[] = {&csv_writer, &jsonl_writer};
static const char *const names[] = {"t.csv", "t.jsonl"};

static void assert_text(const struct pool_snapshot *a, uint32_t x,
                        const struct pool_snapshot *b, uint32_t y)
{
    assert_string_equal(pool_snapshot_str(a, x), pool_snapshot_str(b, y));
}

/* Beyond assert_same_shot: what only these tables keep beside the archive. */
static void assert_kept(const char *name, const struct pool_snapshot *a,
                        const struct pool_snapshot *b)
{
    assert_same_shot(name, a, b, false);
    assert_text(a, a->source, b, b->source);
    assert_text(a, a->format, b, b->format);
    assert_text(a, a->facts, b, b->facts);
    assert_int_equal(a->time.zone_known, b->time.zone_known);
    assert_int_equal(a->time.zone_min, b->time.zone_min);
    assert_int_equal(a->time.order, b->time.order);
    if (a->time.ambiguous)
        assert_int_equal(a->time.other_ms, b->time.other_ms);
    for (size_t i = 0; i < a->n_rows; i++)
        assert_int_equal(a->rows[i].width, b->rows[i].width);
    for (size_t i = 0; i < a->n_events; i++)
        assert_int_equal(a->events[i].line, b->events[i].line);
}

/* Out through a writer and back. */
static struct shots again(const struct shots *x, size_t w)
{
    struct buf b = written_by(writers[w], x->v, x->n);
    struct shots y = shots_of(names[w], b.p, b.n, 0);
    buf_free(&b);
    return y;
}

static void assert_round_trip(const char *name, const struct shots *x)
{
    for (size_t w = 0; w < 2; w++) {
        struct shots y = again(x, w);
        if (y.code != 0 || y.n != x->n)
            fail_msg("%s as %s: %zu snapshots became %zu (%s)", name, names[w], x->n, y.n,
                     y.err.text);
        for (size_t i = 0; i < x->n; i++)
            assert_kept(name, &x->v[i], &y.v[i]);
        assert_int_equal(y.seen[NOTE_PROSE], 0);
        shots_free(&y);
    }
}

static void test_every_fixture(void **state)
{
    (void)state;
    struct every f;
    every_find(&f, "fixtures");
    size_t tried = 0;
    for (size_t i = 0; i < f.n; i++) {
        struct shots x = every_read(f.path[i]);
        if (x.n > 0) {
            tried++;
            assert_round_trip(f.path[i], &x);
        }
        shots_free(&x);
    }
    every_free(&f);
    assert_true(tried >= 40);
}

/* The archive in between changes nothing. */
static void test_by_way_of_the_archive(void **state)
{
    (void)state;
    struct every f;
    every_find(&f, "fixtures");
    for (size_t i = 0; i < f.n; i++) {
        struct shots x = every_read(f.path[i]);
        if (x.n > 0) {
            struct buf b = written_by(&psz_writer, x.v, x.n);
            struct shots y = shots_of("t.psz", b.p, b.n, 0);
            assert_int_equal(y.n, x.n);
            assert_round_trip(f.path[i], &y);
            shots_free(&y);
            buf_free(&b);
        }
        shots_free(&x);
    }
    every_free(&f);
}

/* ---- made up: what no fixture has ---- */

static uint32_t text_in(struct pool_snapshot *s, const char *p)
{
    uint32_t at;
    assert_int_equal(pool_snapshot_intern(s, p, strlen(p), &at, NULL), 0);
    return at;
}

/* Everything that a cell or a string can be hurt by. */
static struct pool_snapshot odd(void)
{
    struct pool_snapshot s = {.uptime_s = 0, .ordinal = 3, .line = 7};
    s.source = text_in(&s, "=a,b\"c\"\\x41 \xc3\xa4\n\x01\xff\xe2\x80\xa8");
    s.host = text_in(&s, " WEB 01 ");
    s.format = text_in(&s, "poolmon");
    s.facts = text_in(&s, "build=7601\narchitecture=x64\n");
    s.scope = SCOPE_SESSION;
    s.session = UINT32_MAX;
    s.completeness = COMPLETE_FILTERED;
    s.time = (struct pool_time){.source = TIME_NAME,
                                .ms = INT64_C(1142154000500),
                                .zone_known = true,
                                .zone_min = -210,
                                .order = ORDER_DAY_FIRST,
                                .ambiguous = true,
                                .other_ms = INT64_C(1142154000500) + 86400000};
    for (unsigned i = 0; i < TOTALS; i++) {
        s.totals.given |= 1u << i;
        s.totals.v[i] = UINT64_MAX - i;
    }
    static const uint8_t tags[][4] = {{',', '"', '\\', ' '},
                                      {0, 0xff, 0x80, '\n'},
                                      {' ', ' ', ' ', ' '},
                                      {'=', '1', '+', '1'}};
    for (size_t i = 0; i < 4; i++) {
        struct pool_row *r = pool_snapshot_add(&s, NULL);
        assert_non_null(r);
        memcpy(r->tag.b, tags[i], 4);
        r->pool = (uint8_t)(i % POOL_KINDS);
        r->width = 64;
        r->fields = ROW_BYTES | ROW_BYTES_DELTA | ROW_ALLOCS_DELTA;
        r->bytes = UINT64_MAX;
        r->bytes_delta = INT64_MIN;
        r->allocs_delta = INT64_MAX;
        r->line = i == 0 ? 0 : UINT64_MAX;
        r->driver = text_in(&s, "-[x]");
        r->owner = text_in(&s, "\"");
    }
    return s;
}

static void add_events(struct pool_snapshot *s)
{
    static const int64_t ms[] = {INT64_MIN, 0, INT64_C(1142154000500)};
    s->record = RECORD_EVENTS;
    s->time = (struct pool_time){.source = TIME_CAPTURE, .ms = 1000, .zone_known = true};
    for (size_t i = 0; i < 3; i++) {
        struct pool_event *event = pool_snapshot_add_event(s, NULL);
        assert_non_null(event);
        event->ms = ms[i];
        event->count = 27 + i;
        event->line = i;
        event->code = text_in(s, "connections-refused");
        event->text = i == 0 ? 0 : text_in(s, "1_Connections_Refused, \"twice\"");
    }
}

static void test_odd_snapshots(void **state)
{
    (void)state;
    struct shots x = {0};
    struct pool_snapshot s = odd();
    assert_null(pool_snapshot_valid(&s));
    shots_add(&x, &s);
    s.n_rows = 0; /* and one without rows */
    s.time = (struct pool_time){.source = TIME_NONE};
    shots_add(&x, &s);
    s.record = RECORD_TOTALS;
    shots_add(&x, &s);
    add_events(&s);
    assert_null(pool_snapshot_valid(&s));
    shots_add(&x, &s);
    s.n_events = 0;
    s.uptime_s = -1;
    s.totals = (struct pool_totals){0};
    shots_add(&x, &s);
    assert_round_trip("odd", &x);
    shots_free(&x);
    pool_snapshot_free(&s);
}

/* Two equal snapshots side by side stay two; so do two tables of which one was appended
 * to the other, header and all. */
static void test_twice_the_same(void **state)
{
    (void)state;
    struct shots x = {0};
    struct pool_snapshot s = odd();
    shots_add(&x, &s);
    shots_add(&x, &s);
    assert_round_trip("twice", &x);
    struct buf b = written_by(&csv_writer, &s, 1), twice = {0};
    assert_int_equal(buf_append(&twice, b.p, b.n, NULL), 0);
    assert_int_equal(buf_append(&twice, b.p, b.n, NULL), 0);
    struct shots y = shots_of("t.csv", twice.p, twice.n, 0);
    assert_int_equal(y.n, 2);
    assert_int_equal(y.v[1].n_rows, 4);
    shots_free(&y);
    buf_free(&twice);
    buf_free(&b);
    shots_free(&x);
    pool_snapshot_free(&s);
}

/* ---- damage ---- */

/* Cut anywhere, nothing is made up: the rows that are there are rows of the original. */
static void test_cut_anywhere(void **state)
{
    (void)state;
    struct shots x = every_read("fixtures/poolmon/n32.txt");
    assert_int_equal(x.n, 1);
    for (size_t w = 0; w < 2; w++) {
        struct buf b = written_by(writers[w], x.v, x.n);
        for (size_t n = 1; n < b.n; n += 37) {
            struct shots y = shots_of(names[w], b.p, n, 0);
            for (size_t i = 0; i < y.n; i++) {
                assert_true(y.v[i].n_rows <= x.v[0].n_rows);
                for (size_t k = 0; k < y.v[i].n_rows; k++)
                    assert_int_equal(y.v[i].rows[k].bytes, x.v[0].rows[k].bytes);
                const bool whole = b.p[n - 1] == '\n' || b.p[n] == '\n';
                assert_int_equal(y.v[i].completeness, whole && y.v[i].n_rows > 0
                                                          ? COMPLETE_WHOLE
                                                          : COMPLETE_CUT);
            }
            shots_free(&y);
        }
        buf_free(&b);
    }
    shots_free(&x);
}

/* Bytes changed at random: whatever is still read keeps the model's promises, which
 * shots_of asserts. */
static void test_changed_bytes(void **state)
{
    (void)state;
    static const char bytes[] = ",\"\\{}:0919-.\n\r\t \xff";
    struct rng rng = {.s = 20261122};
    struct pool_snapshot s = odd();
    for (size_t w = 0; w < 2; w++) {
        struct buf b = written_by(writers[w], &s, 1), m = {0};
        for (int round = 0; round < 2000; round++) {
            m.n = 0;
            assert_int_equal(buf_append(&m, b.p, b.n, NULL), 0);
            for (uint64_t k = 1 + rng_below(&rng, 4); k > 0; k--)
                m.p[rng_below(&rng, (uint32_t)m.n)] =
                    (uint8_t)bytes[rng_below(&rng, sizeof bytes)];
            struct shots x = shots_of(names[w], m.p, m.n, 0);
            shots_free(&x);
        }
        buf_free(&m);
        buf_free(&b);
    }
    pool_snapshot_free(&s);
}

#define HEAD "snapshot,completeness,tag,tag_hex,pool,allocs,frees,live,bytes,per_alloc\n"

static void test_rows_that_cannot_be(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "1,whole,Proc,50726f63,paged,10,4,7,,\n",   /* live is not allocs - frees */
        "1,whole,Proc,50726f63,paged,,,2,10,4\n",   /* per_alloc is not bytes / live */
        "1,whole,Proc,50726f6,paged,1,1,0,0,0\n",   /* no tag */
        "1,whole,Proc,50726f63,nonpag,1,1,0,0,0\n", /* no pool */
        "1,whole,Proc,50726f63,paged,1.5,1,0,0,0\n",
        "1,whole,Proc,50726f63,paged,-1,1,0,0,0\n",
        "1,whole,Proc,50726f63,paged,18446744073709551616,1,0,0,0\n",
        "1,whole,Proc,50726f63,paged,1,1\n",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[512];
        (void)snprintf(text, sizeof text, "%s1,whole,File,46696c65,paged,2,1,1,8,8\n%s",
                       HEAD, rows[i]);
        struct shots x = shots_of("t.csv", text, strlen(text), 0);
        assert_int_equal(x.n, 1);
        assert_int_equal(x.v[0].n_rows, 1);
        assert_int_equal(x.v[0].notes.seen[NOTE_ROW_DROPPED], 1);
        shots_free(&x);
    }
}

/* Columns in another order, left out, added and quoted, as other tools hand them on. */
static void test_by_other_tools(void **state)
{
    (void)state;
    static const char csv[] =
        "\"pool\",\"tag_hex\",\"snapshot\",\"bytes\",\"completeness\",\"ours\"\r\n"
        "\"paged\",\"50726f63\",\"9\",\"4096\",\"whole\",\"x\"\r\n";
    static const char json[] =
        "{\"ours\":true,\"share\":-0.5,\"rate\":1E+06,\"completeness\":\"whole\","
        "\"snapshot\":9,"
        "\"bytes\":4096,\"tag_hex\":\"50726f63\",\"pool\":\"pa\\u0067ed\"}\n";
    for (size_t w = 0; w < 2; w++) {
        const char *text = w == 0 ? csv : json;
        struct shots x = shots_of(names[w], text, strlen(text), 0);
        assert_int_equal(x.n, 1);
        assert_int_equal(x.v[0].n_rows, 1);
        assert_int_equal(x.v[0].rows[0].bytes, 4096);
        assert_int_equal(x.v[0].rows[0].fields, ROW_BYTES);
        assert_int_equal(x.v[0].ordinal, 1);
        shots_free(&x);
    }
}

static int claims(const struct text_format *f, const char *line)
{
    struct text_line l = {.p = line, .n = strlen(line), .number = 1, .eol = EOL_LF};
    return f->begins(&l, 1);
}

static void test_not_ours(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "tag,tag_hex,pool,state,old_bytes,new_bytes,bytes_change", /* poolsift diff --csv
                                                                    */
        "host,scope,rank,tag,tag_hex,pool,verdict,confidence,score,bytes", /* rank --csv
                                                                            */
        "Tag,Type,Allocs,Frees,Diff,Bytes,Per Alloc",
        "snapshot,snapshot,tag_hex,pool,completeness",
        "{\"schema\": \"poolsift.show/1\", \"snapshots\": [",
        "{\"tag\": \"Proc\", \"tag_hex\": \"50726f63\", \"pool\": \"paged\"}",
        "{\"snapshot\": 1, \"completeness\": \"whole\", \"tag_hex\": \"50726f63\", "
        "\"pool\": [\"paged\"]}",
        "{\"snapshot\": 1, \"completeness\": \"whole\", \"tag_hex\": \"50726f63\", "
        "\"pool\": \"paged\"",
        "{",
        "{}",
        "[]",
        "",
        "{\"a\": \"\\u0000\"}",
        "{\"tag_hex\": \"\\q\"}",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (claims(&csv_text_format, lines[i]) != CLAIM_NONE ||
            claims(&jsonl_text_format, lines[i]) != CLAIM_NONE)
            fail_msg("claimed: %s", lines[i]);
    }
}

/* What a string of JSON stands for; NULL: it is none, and the line no row. */
static void test_strings(void **state)
{
    (void)state;
    static const struct {
        const char *json, *text;
    } t[] = {{"a\\u0041\\u007e", "aA~"},
             {"\\u00e9\\u07ff", "\xc3\xa9\xdf\xbf"},
             {"\\u0800\\u20AC\\uffff", "\xe0\xa0\x80\xe2\x82\xac\xef\xbf\xbf"},
             {"\\ud83d\\ude00", "\xf0\x9f\x98\x80"},
             {"\\ud800\\udc00\\udbff\\udfff", "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"},
             {"\\u0041xudc00", "Axudc00"},
             {"\\ue000", "\xee\x80\x80"},
             {"\\ud7ff", "\xed\x9f\xbf"},
             {"a\\\\b\\/c\\\"", "a\\b/c\""},
             {"\\ud83d", NULL},
             {"\\ud83d\\u0041", NULL},
             {"\\ud83d\\ue000", NULL},
             {"\\ud83dxude00", NULL},
             {"\\ud83d\\xde00", NULL},
             {"\\ude00", NULL},
             {"\\udfff", NULL},
             {"\\u0000", NULL},
             {"\\u00g0", NULL},
             {"\\u00", NULL},
             {"\\x", NULL},
             {"a\tb", NULL}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        char text[512];
        (void)snprintf(
            text, sizeof text,
            "{\"snapshot\":1,\"completeness\":\"whole\",\"tag_hex\":\"46696c65\","
            "\"pool\":\"paged\",\"bytes\":8,\"owner\":\"b\"}\n"
            "{\"snapshot\":1,\"completeness\":\"whole\",\"tag_hex\":\"50726f63\","
            "\"pool\":\"paged\",\"bytes\":8,\"owner\":\"%s\"}\n",
            t[i].json);
        struct shots x = shots_of("t.jsonl", text, strlen(text), 0);
        assert_int_equal(x.n, 1);
        const struct pool_snapshot *s = &x.v[0];
        if (s->n_rows != (t[i].text != NULL ? 2u : 1u))
            fail_msg("%s: %zu rows", t[i].json, s->n_rows);
        if (t[i].text != NULL)
            assert_string_equal(pool_snapshot_str(s, s->rows[1].owner), t[i].text);
        shots_free(&x);
    }
}

/* What could act, or be taken for something else, is written as a code. */
static void test_escapes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool formulas, same;
    } t[] = {{"a b~", true, true},
             {"a\xc2\xa0 b\xe2\x82\xac", true, true},
             {"a\\b", false, false},
             {"a\tb", false, false},
             {"a\x7f", false, false},
             {"a\xc2\x80", false, false},
             {"a\xc2\x9f", false, false},
             {"a\xff", false, false},
             {"=a", true, false},
             {"+a", true, false},
             {"-a", true, false},
             {"@a", true, false},
             {"a=+-@", true, true},
             {"=a", false, true},
             {"", true, true}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct buf b = {0};
        assert_int_equal(tidy_escape(&b, t[i].text, t[i].formulas, NULL), 0);
        assert_int_equal(buf_byte(&b, '\0', NULL), 0);
        const char *got = (const char *)b.p;
        if ((strcmp(got, t[i].text) == 0) != t[i].same)
            fail_msg("'%s' is written '%s'", t[i].text, got);
        for (const char *p = got; *p != '\0'; p++)
            assert_true((uint8_t)*p >= 0x20 && *p != 0x7f);
        buf_free(&b);
    }
}

/* A cell without a scope means the system, as the word does. */
static void test_scopes(void **state)
{
    (void)state;
    static const char csv[] = "snapshot,completeness,scope,tag_hex,pool,bytes\n"
                              "1,whole,,46696c65,paged,8\n"
                              "1,whole,system,50726f63,paged,16\n";
    struct shots x = shots_of("t.csv", csv, sizeof csv - 1, 0);
    assert_int_equal(x.code, 0);
    assert_int_equal(x.n, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(x.v[i].n_rows, 1);
        assert_int_equal(x.v[i].scope, SCOPE_SYSTEM);
        assert_int_equal(x.v[i].notes.n, 0);
    }
    shots_free(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_fixture),
        cmocka_unit_test(test_by_way_of_the_archive),
        cmocka_unit_test(test_odd_snapshots),
        cmocka_unit_test(test_twice_the_same),
        cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_changed_bytes),
        cmocka_unit_test(test_rows_that_cannot_be),
        cmocka_unit_test(test_by_other_tools),
        cmocka_unit_test(test_not_ours),
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_scopes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
