/* SPDX-License-Identifier: MIT */
/* Captures printed again: the very bytes where the layout was learned, the very figures
 * everywhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/poolmon/dress.h"
#include "formats/poolmon/poolmon.h"
#include "formats/poolmon/poolmon_layout.h"
#include "formats/text/caption.h"
#include "tests/unit/captures.h"

static struct buf printed(const struct captures *c, bool many, bool verbatim)
{
    struct buf out = {0};
    struct sink *sink;
    void *ctx;
    struct err e = {0};
    const struct writer_opts o = {.many = many, .verbatim = verbatim};
    assert_int_equal(sink_memory(&sink, &out, &e), 0);
    assert_int_equal(poolmon_writer.begin(&ctx, sink, &o, &e), 0);
    for (size_t i = 0; i < c->n; i++)
        if (poolmon_writer.snapshot(ctx, &c->v[i], &e) < 0)
            fail_msg("%s", e.text);
    assert_int_equal(poolmon_writer.end(ctx, &e), 0);
    poolmon_writer.close(ctx);
    assert_int_equal(sink_close(sink, &e), 0);
    return out;
}

static void same_captures(const char *name, const struct captures *a,
                          const struct captures *b)
{
    if (a->n != b->n)
        fail_msg("%s: %zu snapshots became %zu", name, a->n, b->n);
    for (size_t i = 0; i < a->n; i++) {
        const struct pool_snapshot *x = &a->v[i], *y = &b->v[i];
        if (!pool_snapshot_same_figures(x, y))
            fail_msg("%s: other figures", name);
        assert_int_equal(x->time.source, y->time.source);
        assert_int_equal(x->time.ms, y->time.ms);
        assert_int_equal(x->uptime_s, y->uptime_s);
        assert_int_equal(x->completeness, y->completeness);
        assert_string_equal(pool_snapshot_str(x, x->host), pool_snapshot_str(y, y->host));
        for (size_t k = 0; k < x->n_rows; k++)
            assert_string_equal(pool_snapshot_str(x, x->rows[k].driver),
                                pool_snapshot_str(y, y->rows[k].driver));
    }
}

static const char *const same_bytes[] = {"poolmon/nt4-screen.txt",
                                         "poolmon/xp-screen.txt",
                                         "poolmon/xp-screen-narrow-g.txt",
                                         "poolmon/x64-screen-g.txt",
                                         "poolmon/n32.txt",
                                         "poolmon/n32-utf16.txt",
                                         "poolmon/n64-g.txt",
                                         "poolmon/n64-headerless.txt",
                                         "poolmon/totals-e.txt",
                                         "poolmon/session-all.txt",
                                         "poolmon/session-3.txt",
                                         "poolmon/session-empty.txt",
                                         "poolmon/two-snapshots.txt",
                                         "poolmon/dated-series.txt",
                                         "poolmon/get-date-then-n32.txt",
                                         "stories/connections-refused/poolmon-b.txt",
                                         "stories/drsd-printer/1.txt",
                                         "stories/session-pool/3.txt",
                                         "broken/indented.txt",
                                         "broken/padded-120.txt",
                                         "broken/elided.txt",
                                         "broken/repeated-key.txt",
                                         "broken/protected-tag-one-byte.txt"};

static const char *const other_bytes[] = {"broken/quoted.txt",
                                          "broken/collapsed.txt",
                                          "broken/diff-wrong.txt",
                                          "broken/allocs-wrong.txt",
                                          "broken/wrapped-80.txt",
                                          "broken/cut-in-row.txt",
                                          "broken/control-z.txt",
                                          "broken/bytes-wrapped.txt",
                                          "broken/markdown-table.txt",
                                          "broken/prose-inside.txt",
                                          "broken/two-headerless.txt",
                                          "broken/header-damaged.txt",
                                          "broken/entities.txt",
                                          "broken/header-only.txt",
                                          "broken/protected-tag-utf8.txt"};

/* Dates of other lines above a capture, which have its day or its hour, stay as they are.
 */
static void test_other_dates_above(void **state)
{
    (void)state;
    size_t n = 0;
    uint8_t *p = fixture("poolmon/n32.txt", &n);
    struct buf b = {0};
    assert_int_equal(buf_printf(&b, NULL, "%s",
                                "# 2026-11-08T06:00:00\n# 2026-11-09T05:00:00\n"
                                "# 2026-11-09T06:00:00\n"),
                     0);
    assert_int_equal(buf_append(&b, p, n, NULL), 0);
    struct captures c = captures_read(b.p, b.n, 0, NULL);
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].time.source, TIME_LINE);
    assert_true(c.v[0].dress.verbatim);
    struct buf out = printed(&c, false, true);
    assert_int_equal(out.n, b.n);
    assert_memory_equal(out.p, b.p, b.n);
    buf_free(&out);
    buf_free(&b);
    captures_free(&c);
    free(p);
}

static void test_same_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof same_bytes / sizeof same_bytes[0]; i++) {
        size_t n = 0;
        uint8_t *p = fixture(same_bytes[i], &n);
        struct captures c = captures_read(p, n, 0, NULL);
        struct buf out = printed(&c, c.n > 1, true);
        for (size_t k = 0; k < c.n; k++)
            if (!c.v[k].dress.verbatim)
                fail_msg("%s: no layout learned", same_bytes[i]);
        if (out.n != n || memcmp(out.p, p, n) != 0)
            fail_msg("%s: other bytes", same_bytes[i]);
        buf_free(&out);
        captures_free(&c);
        free(p);
    }
}

/* The cut of a last line end, of all lines, and of none. */
static void test_line_ends(void **state)
{
    (void)state;
    static const char *const t[] = {
        " Wait Nonp        100         40        60      6000        100\n"
        " Io   Nonp         12          2        10       640         64",
        " Wait Nonp        100         40        60      6000        100\r\n"
        " Io   Nonp         12          2        10       640         64\r\n\r\n\r\n",
        " Wait Nonp        100         40        60      6000        100\r\n"
        " Io   Nonp         12          2        10       640         64",
        "\xef\xbb\xbf"
        " Wait Nonp        100         40        60      6000        100\r\n"
        " Io   Nonp         12          2        10       640         64\r\n",
        " Wait Nonp        100         40        60      6000        100",
        " Memory:  523572K Avail:   96364K  PageFlts:   219   InRam Krnl: 1916K P:17856K",
        " Wait Nonp 4000000000 40 3999999960 639999993600 160\n"
        " Io   Nonp        100 40         60        64000 1066\n"};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct captures c = captures_text(t[i]);
        assert_int_equal(c.n, 1);
        struct buf out = printed(&c, false, true);
        if (out.n != strlen(t[i]) || memcmp(out.p, t[i], out.n) != 0)
            fail_msg("%zu: '%.*s'", i, (int)out.n, (const char *)out.p);
        buf_free(&out);
        captures_free(&c);
    }
}

/* All of a text has the encoding of its first capture, and one mark. */
static void test_one_mark(void **state)
{
    (void)state;
    static const char *const names[][2] = {{"poolmon/n32-utf16.txt", "poolmon/n32.txt"},
                                           {"poolmon/n32.txt", "poolmon/n32-utf16.txt"}};
    for (size_t i = 0; i < 2; i++) {
        struct captures first = captures_fixture(names[i][0]);
        struct captures second = captures_fixture(names[i][1]);
        struct captures two = {.v = {first.v[0], second.v[0]}, .n = 2};
        struct buf out = printed(&two, true, true);
        size_t marks = 0;
        for (size_t at = 0; at + 1 < out.n; at++)
            marks += out.p[at] == 0xff && out.p[at + 1] == 0xfe;
        assert_int_equal(marks, i == 0);
        assert_true(i != 0 || out.p[0] == 0xff);
        struct captures back = captures_read(out.p, out.n, 0, NULL);
        same_captures(names[i][0], &two, &back);
        captures_free(&back);
        buf_free(&out);
        captures_free(&second);
        captures_free(&first);
    }
}

static void round_trip(const char *name, bool verbatim)
{
    struct captures a = captures_fixture(name);
    struct buf out = printed(&a, a.n > 1, verbatim);
    struct captures b = captures_read(out.p, out.n, 0, NULL);
    same_captures(name, &a, &b);
    buf_free(&out);
    captures_free(&a);
    captures_free(&b);
}

static void test_same_figures(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof same_bytes / sizeof same_bytes[0]; i++)
        round_trip(same_bytes[i], false);
    for (size_t i = 0; i < sizeof other_bytes / sizeof other_bytes[0]; i++) {
        round_trip(other_bytes[i], true);
        round_trip(other_bytes[i], false);
    }
}

/* What the figures cannot say travels in the caption, and our own text comes back
 * byte for byte. */
static void test_caption_round_trip(void **state)
{
    (void)state;
    struct captures c = captures_fixture("poolmon/n32.txt");
    struct pool_snapshot *s = &c.v[0];
    s->time = (struct pool_time){.source = TIME_NAME, .ms = 1794182400500};
    s->time.zone_known = true;
    s->time.zone_min = -90;
    s->uptime_s = 4711;
    assert_int_equal(pool_snapshot_intern(s, "WEB 01%", 7, &s->host, NULL), 0);
    assert_int_equal(pool_snapshot_copy(&c.v[1], s, NULL), 0);
    c.n = 2;
    c.v[1].time.ms += 60000;
    struct buf out = printed(&c, true, true);
    struct captures back = captures_read(out.p, out.n, 0, NULL);
    same_captures("caption", &c, &back);
    assert_true(back.v[0].time.zone_known);
    assert_int_equal(back.v[0].time.zone_min, -90);
    assert_non_null(strstr((const char *)out.p, "# poolsift time=2026-11-09T00:00:00.500"
                                                "-01:30 source=name uptime=4711 "
                                                "host=WEB%2001%25\r\n"));
    struct buf again = printed(&back, true, true);
    assert_int_equal(again.n, out.n);
    assert_memory_equal(again.p, out.p, out.n);
    /* One of them alone keeps its caption, for the time stood in the text. */
    back.n = 1;
    struct buf alone = printed(&back, false, true);
    assert_memory_equal(alone.p, out.p, alone.n);
    back.n = 2;
    buf_free(&alone);
    buf_free(&again);
    buf_free(&out);
    captures_free(&back);
    captures_free(&c);
}

/* A time from elsewhere does not change a capture that is printed alone. */
static void test_name_time_stays_out(void **state)
{
    (void)state;
    size_t n = 0;
    uint8_t *p = fixture("poolmon/n32.txt", &n);
    struct captures c = captures_read(p, n, 0, NULL);
    c.v[0].time = (struct pool_time){.source = TIME_NAME, .ms = 1794182400000};
    struct buf out = printed(&c, false, true);
    assert_int_equal(out.n, n);
    assert_memory_equal(out.p, p, n);
    buf_free(&out);
    captures_free(&c);
    free(p);
    /* But a date line that no longer tells the capture's time is not printed. */
    c = captures_fixture("poolmon/dated-series.txt");
    for (size_t i = 0; i < c.n; i++) {
        c.v[i].time.source = TIME_OPTION;
        c.v[i].time.ms += 1000;
    }
    out = printed(&c, true, true);
    struct captures b = captures_read(out.p, out.n, 0, NULL);
    same_captures("moved", &c, &b);
    buf_free(&out);
    captures_free(&c);
    captures_free(&b);
}

static void test_unknown_figures(void **state)
{
    (void)state;
    struct captures c = captures_fixture("poolmon/n32.txt");
    struct pool_snapshot *s = &c.v[0];
    s->rows[0].fields = ROW_BYTES;
    s->rows[0].allocs = s->rows[0].frees = s->rows[0].live = s->rows[0].per_alloc = 0;
    s->rows[1].pool = POOL_UNKNOWN;
    s->totals.given = 1u << TOTAL_NONPAGED_KIB;
    for (int k = 0; k < TOTALS; k++)
        s->totals.v[k] = k == TOTAL_NONPAGED_KIB ? 310000 : 0;
    s->scope = SCOPE_SESSION;
    s->session = 9;
    struct buf out = printed(&c, false, false);
    struct captures b = captures_read(out.p, out.n, 0, NULL);
    same_captures("unknown", &c, &b);
    assert_int_equal(b.v[0].notes.seen[NOTE_HEADER_DAMAGED], 0);
    buf_free(&out);
    captures_free(&b);
    captures_free(&c);
}

/* Figures as no poolmon prints them cannot be printed again: the same figures can. */
static void test_figures_of_another_hand(void **state)
{
    (void)state;
    static const struct {
        const char *file, *was, *is;
        size_t lines; /* of the file, 0 = all */
    } t[] = {{"poolmon/n32.txt", "      6394      4056 ", "     06394      4056 ", 0},
             {"poolmon/n32.txt", "      6394      4056 ", "0000006394      4056 ", 0},
             {"poolmon/n32.txt", "      6394      4056 ", "      6394     04056 ", 0},
             {"poolmon/n32.txt", "      6394      4056 ", "      6394      4056 ", 0},
             {"poolmon/xp-screen.txt", " 1021112 (   1)", " 1021112 ( 1  )", 0},
             {"poolmon/xp-screen.txt", " 1021112 (   1)", " 1021112 (0001)", 0},
             {"poolmon/xp-screen.txt", " 1021112 (   1)", " 1021112 (   1)", 0},
             /* One row alone, which no other contradicts. */
             {"poolmon/xp-screen.txt", " 3971107 (   0)", " 3971107 ( 0  )", 6},
             {"poolmon/xp-screen.txt", " 3971107 (   0)", " 3971107 (   0)", 6}};
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        const size_t m = strlen(t[i].was);
        const bool same = strcmp(t[i].was, t[i].is) == 0;
        size_t n, at = 0;
        uint8_t *text = fixture(t[i].file, &n);
        assert_non_null(text);
        for (size_t line = 0; line < t[i].lines; line++)
            at = (size_t)((uint8_t *)memchr(text + at, '\n', n - at) - text) + 1;
        n = t[i].lines > 0 ? at : n;
        at = 0;
        while (at + m < n && memcmp(text + at, t[i].was, m) != 0)
            at++;
        assert_true(at + m < n);
        struct captures before = captures_read(text, n, 0, NULL);
        memcpy(text + at, t[i].is, m);
        struct captures c = captures_read(text, n, 0, NULL);
        same_captures(t[i].is, &before, &c);
        if (c.v[0].dress.verbatim != same)
            fail_msg("'%s' is %s", t[i].is, same ? "lost" : "kept");
        struct buf out = printed(&c, false, same);
        assert_int_equal(out.n == n && memcmp(out.p, text, n) == 0, same);
        buf_free(&out);
        captures_free(&before);
        captures_free(&c);
        free(text);
    }
}

/* An archive is a stranger's file: no template may do harm. */
static void test_hostile_templates(void **state)
{
    (void)state;
    static const char *const rows[] = {"\x01",
                                       "\x01"
                                       "a",
                                       "\x01"
                                       "a0",
                                       "\x01"
                                       "q00",
                                       "\x01"
                                       "D00\x01"
                                       "D00",
                                       "\x01"
                                       "a\x7f"
                                       "0",
                                       "\x01"
                                       "a \x01"};
    static const char *const heads[] = {"\x01",
                                        "\x01"
                                        "t",
                                        "\x01"
                                        "t0",
                                        "\x01"
                                        "tz5",
                                        "\x01"
                                        "w",
                                        "\x01"
                                        "x",
                                        "\x01"
                                        "w ", /* of a capture without a time */
                                        "\x01"
                                        "t0\x02"};
    struct captures c = captures_fixture("poolmon/n64-headerless.txt");
    struct pool_snapshot *s = &c.v[0];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf out = {0};
        struct err e = {0};
        assert_int_equal(
            pool_snapshot_intern(s, rows[i], strlen(rows[i]), &s->dress.row, &e), 0);
        assert_int_equal(dress_render(s, &out, &e), ERR_FORMAT);
        buf_free(&out);
    }
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        struct buf out = {0};
        struct err e = {0};
        assert_int_equal(
            pool_snapshot_intern(s, heads[i], strlen(heads[i]), &s->dress.head, &e), 0);
        assert_int_equal(dress_render(s, &out, &e), ERR_FORMAT);
        buf_free(&out);
    }
    struct buf out = {0};
    struct err e = {0};
    s->dress.verbatim = false;
    assert_int_equal(dress_render(s, &out, &e), ERR_BUG);
    buf_free(&out);
    captures_free(&c);
}

/* A text of an archive with a line end in it cannot forge a row. */
static void test_no_forged_rows(void **state)
{
    (void)state;
    static const char forged[] = "[a]\n Fake Nonp 10 4 6 60 10";
    struct captures c = captures_fixture("poolmon/n32.txt");
    struct pool_snapshot *s = &c.v[0];
    assert_int_equal(
        pool_snapshot_intern(s, forged, sizeof forged - 1, &s->rows[2].driver, NULL), 0);
    memcpy(s->rows[3].tag.b, "a\nb", 4);
    struct buf out = printed(&c, false, false);
    struct captures b = captures_read(out.p, out.n, 0, NULL);
    assert_int_equal(b.n, 1);
    assert_int_equal(b.v[0].n_rows, s->n_rows);
    assert_memory_equal(b.v[0].rows[3].tag.b, "a.b ", 4);
    buf_free(&out);
    captures_free(&b);
    captures_free(&c);
}

/* Texts are written as UTF-8: what is none becomes the character of each byte. */
static void test_texts_are_utf8(void **state)
{
    (void)state;
    static const struct {
        const char *driver, *written;
    } t[] = {{"caf\xc3\xa9", "caf\xc3\xa9"},           {"\xe2\x82\xac", "\xe2\x82\xac"},
             {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"}, {"a\xff", "a\xc3\xbf"},
             {"a\xe2\x82", "a\xc3\xa2\xc2\x82"},       {"\xe2\x82-", "\xc3\xa2\xc2\x82-"},
             {"\xc1\x81", "\xc3\x81\xc2\x81"},         {"a\x1b[m", "a [m"}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct captures c = captures_fixture("poolmon/n32.txt");
        struct pool_snapshot *s = &c.v[0];
        assert_int_equal(c.n, 1);
        for (size_t k = 0; k < s->n_rows; k++)
            assert_int_equal(pool_snapshot_intern(s, t[i].driver, strlen(t[i].driver),
                                                  &s->rows[k].driver, NULL),
                             0);
        struct buf b = printed(&c, false, false);
        assert_int_equal(buf_byte(&b, '\0', NULL), 0);
        if (strstr((const char *)b.p, t[i].written) == NULL)
            fail_msg("number %zu: %.300s", i, (const char *)b.p);
        buf_free(&b);
        captures_free(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_other_dates_above),
        cmocka_unit_test(test_same_bytes),
        cmocka_unit_test(test_line_ends),
        cmocka_unit_test(test_one_mark),
        cmocka_unit_test(test_same_figures),
        cmocka_unit_test(test_caption_round_trip),
        cmocka_unit_test(test_name_time_stays_out),
        cmocka_unit_test(test_unknown_figures),
        cmocka_unit_test(test_figures_of_another_hand),
        cmocka_unit_test(test_hostile_templates),
        cmocka_unit_test(test_no_forged_rows),
        cmocka_unit_test(test_texts_are_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
