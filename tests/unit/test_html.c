/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/render/html/html_chart.h"
#include "cli/render/html/html_table.h"
#include "cli/render/words/words.h"

/* ---- a page in memory ---- */

struct page_of_test {
    struct buf b;
    struct render_opts o;
    struct err e;
    struct html h;
};

static void begin(struct page_of_test *x)
{
    *x = (struct page_of_test){.o = {.units = UNITS_K}};
    x->h = (struct html){.o = &x->o, .e = &x->e, .level = 2, .host = 1};
    assert_int_equal(sink_memory(&x->h.out, &x->b, &x->e), 0);
}

static const char *text_of(struct page_of_test *x)
{
    assert_int_equal(sink_close(x->h.out, &x->e), 0);
    assert_int_equal(buf_byte(&x->b, 0, &x->e), 0);
    return (const char *)x->b.p;
}

/* What was written; the page is over. */
static void assert_page(struct page_of_test *x, const char *expected)
{
    assert_string_equal(text_of(x), expected);
    buf_free(&x->b);
}

static void assert_phrase(const struct phrase *p, const char *expected)
{
    struct page_of_test x;
    begin(&x);
    html_phrase(&x.h, p);
    assert_page(&x, expected);
}

/* ---- strings of strangers ---- */

static void test_text_is_escaped_and_inert(void **state)
{
    static const struct {
        const char *in, *out;
    } t[] = {
        {"plain", "plain"},
        {"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
        {"a\"b'c&d", "a&quot;b&#39;c&amp;d"},
        {"&amp;", "&amp;amp;"},
        {"\x1b[31m", "\\x1b[31m"},
        {"\xe2\x80\xae"
         "evil",
         "\\xe2\\x80\\xae"
         "evil"},
        {"\xff\x80", "\\xff\\x80"},
        {"Gr\xc3\xb6\xc3\x9f"
         "e",
         "Gr\xc3\xb6\xc3\x9f"
         "e"},
        {"a\nb\r", "a\\x0ab\\x0d"},
        {"]]>", "]]&gt;"},
        {"", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct page_of_test x;
        begin(&x);
        html_text(&x.h, t[i].in);
        assert_page(&x, t[i].out);
    }
}

static void test_sentences_keep_what_is_code(void **state)
{
    static const char *const names[] = {"web01", "`",      "``",   " ",  " a ",
                                        "<b>",   "a`b``c", "*_[]", "\\", "\"'&"};
    static const char *const shown[] = {
        "web01",     "`",      "``",   " ",  " a ",
        "&lt;b&gt;", "a`b``c", "*_[]", "\\", "&quot;&#39;&amp;"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct phrase p;
        char expected[128];
        (void)snprintf(expected, sizeof expected, "host <code>%s</code> is 1 &lt; 2",
                       shown[i]);
        phrase_start(&p, true);
        say(&p, "host ");
        say_name(&p, names[i]);
        say(&p, " is 1 < 2");
        assert_phrase(&p, expected);
    }
}

static void test_sentences_from_outside_lose_their_escapes(void **state)
{
    struct phrase p;
    (void)state;
    phrase_start(&p, true);
    say_prose(&p, "type `a*b` *now* <or> not\\");
    assert_phrase(&p, "type <code>a*b</code> *now* &lt;or&gt; not\\");
}

static void test_figures_bring_what_they_round(void **state)
{
    struct phrase p;
    (void)state;
    html_start(&p);
    say(&p, "%s of %s in ", FIGURE(&p, num_percent(.1 + .2)),
        FIGURE(&p, num_size_unit(36678632, UNITS_K)));
    say_count(&p, 1, "boot", "boots");
    say(&p, ", then %s", FIGURE(&p, num_rate_unit((double)NAN, UNITS_K)));
    assert_phrase(&p, "<span data-v=\"0.30000000000000004\">30.0%</span> of "
                      "<span data-v=\"36678632\">35819K</span> in "
                      "<span data-v=\"1\">1</span> boot, then -");
}

/* A rule's text may hold any byte: those that mark figures, too. */
static void test_forged_and_torn_marks_are_harmless(void **state)
{
    static const struct {
        const char *in, *out;
    } t[] = {
        {"\x01\"&\x02'x'\x03", "<span data-v=\"&quot;&amp;\">&#39;x&#39;</span>"},
        {"\x01"
         "1\x02"
         "2",
         "\\x01"
         "1\\x02"
         "2"},
        {"\x03"
         "1\x02"
         "2\x01",
         "\\x03"
         "1\\x02"
         "2\\x01"},
        {"\x01"
         "1\x03"
         "2\x02",
         "\\x01"
         "1\\x03"
         "2\\x02"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct phrase p;
        html_start(&p);
        say_prose(&p, t[i].in);
        assert_phrase(&p, t[i].out);
    }
}

static void test_an_open_fence_is_text(void **state)
{
    struct phrase p;
    (void)state;
    phrase_start(&p, true);
    say(&p, "one ` and ``two");
    assert_phrase(&p, "one ` and ``two");
}

static void test_cells_carry_the_exact_value(void **state)
{
    struct page_of_test x;
    (void)state;
    begin(&x);
    html_cell_u64(&x.h, true, UINT64_MAX, "much");
    html_cell_u64(&x.h, false, 7, "7");
    html_cell_i64(&x.h, true, INT64_MIN, "less");
    html_cell_real(&x.h, .1, "10.0%");
    html_cell_real(&x.h, 1. / 3, "33.3%");
    html_cell_real(&x.h, (double)NAN, "-");
    html_cell_owner(&x.h, (struct owner){.text = "<i>x", .unverified = true});
    assert_page(&x, "<td data-v=\"18446744073709551615\">much</td><td>-</td>"
                    "<td data-v=\"-9223372036854775808\">less</td>"
                    "<td data-v=\"0.1\">10.0%</td>"
                    "<td data-v=\"0.3333333333333333\">33.3%</td><td>-</td>"
                    "<td>&lt;i&gt;x <i>unverified</i></td>");
}

/* ---- scales and their marks ---- */

static void test_scale(void **state)
{
    const struct scale across = {0, 48, 1000}, down = {200, 0, 100}, none = {5, 5, 100};
    (void)state;
    assert_true(scale_at(&across, 12) == 250);
    assert_true(scale_at(&down, 0) == 100);
    assert_true(scale_at(&down, 200) == 0);
    assert_true(scale_at(&down, 50) == 75);
    assert_true(scale_at(&none, 5) == 0);
    assert_true(scale_whole(-1) == 0);
    assert_true(scale_whole((double)NAN) == 0);
    assert_true(scale_whole(12.9) == 12);
    assert_true(scale_whole(1e300) == UINT64_MAX);
}

#define KIB 1024.0
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)

static void test_marks_of_bytes_are_round(void **state)
{
    static const struct {
        double top, step;
        unsigned n;
    } t[] = {
        {0, 1, 1},
        {4, 1, 4},
        {10, 2, 5},
        {100 * KIB, 20 * KIB, 5},
        {101 * KIB, 50 * KIB, 3},
        {400 * MIB, 100 * MIB, 4},
        {1000 * MIB, 200 * MIB, 5},
        {3000 * MIB, GIB, 3},
        {16 * GIB, 5 * GIB, 4},
        {2600 * MIB, GIB, 3},
        {1100 * MIB, 256 * MIB, 5},
        {2300 * MIB, 512 * MIB, 5},
        {1020 * MIB, 500 * MIB, 3},
    };
    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct ticks got = ticks_of_bytes(t[i].top, 5);
        assert_true(got.step == t[i].step);
        assert_int_equal(got.n, t[i].n);
        assert_true(got.step * got.n >= t[i].top);
    }
}

static void test_marks_of_counts_are_round_and_whole(void **state)
{
    (void)state;
    struct ticks t = ticks_of_count(3, 5);
    assert_true(t.step == 1 && t.n == 3);
    t = ticks_of_count(80939, 5);
    assert_true(t.step == 20000 && t.n == 5);
    t = ticks_of_count(1.8e19, 2);
    assert_true(t.n <= 2 && t.step * t.n >= 1.8e19);
    for (double top = 1; top < 1e12; top *= 1.7)
        assert_true(ticks_of_count(top, 5).n <= 5);
}

static void test_marks_of_time_are_those_of_clocks(void **state)
{
    (void)state;
    assert_true(ticks_of_time(0, 9) == 60000);
    assert_true(ticks_of_time(MS_PER_HOUR, 9) == 10 * 60000);
    assert_true(ticks_of_time(24 * MS_PER_HOUR, 9) == 3 * MS_PER_HOUR);
    assert_true(ticks_of_time(4 * MS_PER_DAY, 9) == 12 * MS_PER_HOUR);
    assert_true(ticks_of_time(7 * MS_PER_DAY, 9) == MS_PER_DAY);
    assert_true(ticks_of_time(60 * MS_PER_DAY, 9) == 7 * MS_PER_DAY);
    assert_true(ticks_of_time(400 * MS_PER_DAY, 9) == 56 * MS_PER_DAY);
    assert_true(tick_after(0, 60000) == 0);
    assert_true(tick_after(1, 60000) == 60000);
    assert_true(tick_after(60000, 60000) == 60000);
    assert_true(tick_after(-1, 60000) == 0);
    assert_true(tick_after(-60001, 60000) == -60000);
}

static void test_numbers_of_axes(void **state)
{
    (void)state;
    assert_string_equal(num_tick_size(0).s, "0");
    assert_string_equal(num_tick_size(200).s, "200B");
    assert_string_equal(num_tick_size(64 * MIB).s, "64M");
    assert_string_equal(num_tick_size(1536 * KIB).s, "1.5M");
    assert_string_equal(num_tick_size(1280 * MIB).s, "1.25G");
    assert_string_equal(num_tick_size(20. * GIB * GIB).s, "20E");
    assert_string_equal(num_tick_count(500).s, "500");
    assert_string_equal(num_tick_count(500000).s, "500k");
    assert_string_equal(num_tick_count(2e19).s, "2e+19");
    /* 2006-03-12, midnight and nine o'clock */
    assert_string_equal(num_tick_time(INT64_C(1142121600000), MS_PER_HOUR).s, "03-12");
    assert_string_equal(num_tick_time(INT64_C(1142154000000), MS_PER_HOUR).s, "09:00");
    assert_string_equal(num_tick_time(INT64_C(1142154000000), MS_PER_DAY).s, "03-12");
    assert_string_equal(num_tick_time(INT64_C(1142154000000), 224 * MS_PER_DAY).s,
                        "2006-03");
}

/* ---- lines ---- */

static void test_a_line_breaks_where_nothing_is_known(void **state)
{
    struct history_point points[] = {
        {0, 0, 0, 10, 0, 0},
        {1, 0, 50, 11, 50, 50},
        {2, 0, (double)NAN, 12, (double)NAN, (double)NAN},
        {3, 0, 100, 13, 100, 100},
        {4, 1, 20, 1, 20, 20},
    };
    struct history_line l = {.points = points, .n = 5};
    struct rank_boot boots[2] = {{.end_h = 3}, {.start_h = 4, .end_h = 4, .first = 4}};
    struct rank_result r = {.has_times = true, .boots = boots, .n_boots = 2};
    struct history hs = {.r = &r, .to = 4};
    struct rank_view v = {.r = &r, .history = &hs};
    struct page_of_test x;
    (void)state;
    begin(&x);
    struct chart c = chart_of(&x.h, &v, 100, 0, 200, true);
    plot_line(&c, &l, PLOT_BYTES, "line");
    const char *text = text_of(&x);
    assert_non_null(strstr(text, "viewBox=\"0 0 10000 2000\""));
    /* in tenths, from point to point */
    assert_non_null(strstr(text, "d=\"M0 2000h0l2500-1000M7500 0h0M10000 1600h0\""));
    buf_free(&x.b);
    assert_true(plot_worth(&l, PLOT_BYTES));
    assert_true(plot_top(&l, PLOT_BYTES) == 100);
    assert_true(plot_top(&l, PLOT_LIVE) == 13);
}

static void test_the_ground_below_a_line_begins_again_behind_a_hole(void **state)
{
    const double no = (double)NAN;
    struct history_point points[] = {
        {0, 0, 50, 1, 50, 50}, {1, 0, 50, 1, 50, 50}, {2, 0, no, 1, no, no},
        {3, 0, 50, 1, 50, 50}, {4, 0, 50, 1, 50, 50},
    };
    struct history_line l = {.points = points, .n = 5};
    struct rank_boot boot = {.end_h = 4};
    struct rank_result r = {.has_times = true, .boots = &boot, .n_boots = 1};
    struct history hs = {.r = &r, .to = 4};
    struct rank_view v = {.r = &r, .history = &hs};
    struct page_of_test x;
    (void)state;
    begin(&x);
    struct chart c = chart_of(&x.h, &v, 100, 0, 200, true);
    plot_band(&c, &l);
    assert_non_null(strstr(text_of(&x), "class=\"area\" "
                                        "d=\"M0 1000h2500l0 1000h-2500Z"
                                        "M7500 1000h2500l0 1000h-2500Z\""));
    buf_free(&x.b);
}

/* The edge of a chart is where it ends: what would come above is not drawn. */
static void test_a_forecast_stays_in_its_chart(void **state)
{
    struct rank_boot boot = {.end_h = 4};
    struct rank_result r = {.has_times = true, .boots = &boot, .n_boots = 1};
    struct history hs = {.r = &r, .to = 5};
    struct rank_view v = {.r = &r, .history = &hs};
    struct page_of_test x;
    (void)state;
    begin(&x);
    struct chart c = chart_of(&x.h, &v, 100, 5, 200, true);
    plot_fan(&c, 50, 5, -100, 20, 100);
    assert_non_null(strstr(text_of(&x),
                           "class=\"fan\" d=\"M5000 1000l500 1000h4500l0-2000"
                           "h-4500Z\"/><path class=\"ahead\" "
                           "d=\"M5000 1000l2500-1000\"/>"));
    buf_free(&x.b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_is_escaped_and_inert),
        cmocka_unit_test(test_sentences_keep_what_is_code),
        cmocka_unit_test(test_sentences_from_outside_lose_their_escapes),
        cmocka_unit_test(test_figures_bring_what_they_round),
        cmocka_unit_test(test_forged_and_torn_marks_are_harmless),
        cmocka_unit_test(test_an_open_fence_is_text),
        cmocka_unit_test(test_cells_carry_the_exact_value),
        cmocka_unit_test(test_scale),
        cmocka_unit_test(test_marks_of_bytes_are_round),
        cmocka_unit_test(test_marks_of_counts_are_round_and_whole),
        cmocka_unit_test(test_marks_of_time_are_those_of_clocks),
        cmocka_unit_test(test_numbers_of_axes),
        cmocka_unit_test(test_a_line_breaks_where_nothing_is_known),
        cmocka_unit_test(test_the_ground_below_a_line_begins_again_behind_a_hole),
        cmocka_unit_test(test_a_forecast_stays_in_its_chart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
