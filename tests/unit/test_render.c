/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "cli/render/inert.h"
#include "cli/render/number.h"
#include "cli/render/render.h"
#include "cli/render/spark.h"
#include "tests/unit/render_output.h"
#include "tests/unit/render_samples.h"

static unsigned widest(const char *s)
{
    unsigned most = 0;
    while (*s != '\0') {
        size_t n = strcspn(s, "\n");
        unsigned columns = text_columns(s, n);
        most = columns > most ? columns : most;
        s += n + (s[n] == '\n');
    }
    return most;
}

static void test_show_text(void **state)
{
    (void)state;
    struct sample x;
    struct output out;
    sample_screen(&x);
    struct show_view v = sample_show(&x);
    start(&out, "text");
    out.o.top = 4;
    show(&out, &v);
    /* clang-format off */
    assert_string_equal(
        finish(&out),
        "web01.txt: ISil holds the most nonpaged pool: 35819K (32.8% of 109056K).\n"
        "poolmon capture, a screen (only the rows that fitted), 6 rows; it carries no\n"
        "time.\n"
        "\n"
        "  Nonpaged pool: 109056K; the rows listed hold 84647K (77.6%)\n"
        "  Paged pool: 43740K; none of its rows are listed\n"
        "  Memory: 1048016K, 438396K available; commit 538908K of 11245092K\n"
        "\n"
        "Tag   Pool   Size K   Share    Live  B/live   Freed  Moved B\n"
        "ISil  Nonp    35819   32.8%   80939     453   94.3%     -872\n"
        "I100  Nonp    14538   13.3%   80909     183   99.3%     -368\n"
        "PcNw  Nonp    11917   10.9%  203460      59   30.4%        0\n"
        "SavE  Nonp    11442   10.5%     407   28788  100.0%        0\n"
        "2 more Nonp   10930   10.0%\n"
        "unseen Nonp   24409   22.4%\n"
        "TOTAL Nonp   109056  100.0%\n"
        "\n"
        "In the seconds between the last two refreshes no tag grew and 4 shrank. Of the\n"
        "largest, ISil and I100 lost 2 objects each, PcNw and SavE did not move.\n"
        "\n"
        "One capture shows size, not growth. Next: run `poolmon -n FILE` on that machine\n"
        "every hour for a day, each time into a new file, then `poolsift rank FILE...` on\n"
        "all of them.\n");
    /* clang-format on */
    buf_free(&out.b);
    sample_free(&x);
}

/* With -i or -x the sums of the whole pool would mislead below a choice of rows. */
static void test_show_filtered(void **state)
{
    (void)state;
    struct sample x;
    struct output out;
    sample_screen(&x);
    struct show_view v = sample_show(&x);
    v.n_order = 1;
    v.filtered_by_user = true;
    start(&out, "text");
    show(&out, &v);
    const char *s = finish(&out);
    assert_null(strstr(s, "unseen"));
    assert_null(strstr(s, "TOTAL"));
    assert_non_null(strstr(s, "ISil  Nonp   35819  32.8%"));
    buf_free(&out.b);
    v.n_order = 0;
    start(&out, "text");
    show(&out, &v);
    assert_non_null(strstr(finish(&out), "no row is among those asked for"));
    buf_free(&out.b);
    sample_free(&x);
}

static void test_show_limit_and_driver(void **state)
{
    (void)state;
    struct sample x;
    struct output out;
    sample_screen(&x);
    x.s.rows[0].driver = sample_text(&x, "isil.sys\033[2J");
    struct show_view v = sample_show(&x);
    v.limits[POOL_NONPAGED] =
        (struct pool_limit){.basis = LIMIT_BY_OPTION, .bytes = 131072 * 1024};
    v.of = 3;
    start(&out, "text");
    show(&out, &v);
    const char *s = finish(&out);
    assert_non_null(
        strstr(s, "109056K of the stated limit 131072K (83.2%), 22016K left"));
    assert_non_null(strstr(s, "isil.sys\\x1b[2J"));
    assert_null(strchr(s, '\033'));
    assert_non_null(strstr(s, "web01.txt (snapshot 1 of 3)"));
    assert_non_null(strstr(s, "on the same inputs tells"));
    assert_true(widest(s) <= 80);
    buf_free(&out.b);
    sample_free(&x);
}

/* With --all the number of snapshots is known only at the end: one advice closes all. */
static void test_show_many(void **state)
{
    (void)state;
    struct sample x;
    struct output out;
    sample_screen(&x);
    struct show_view v = sample_show(&x);
    v.of = 0;
    start(&out, "text");
    assert_int_equal(out.r.how->show_begin(&out.r), 0);
    for (v.index = 1; v.index <= 2; v.index++)
        assert_int_equal(out.r.how->show_one(&out.r, &v), 0);
    assert_int_equal(out.r.how->show_end(&out.r), 0);
    const char *s = finish(&out);
    assert_non_null(strstr(s, "did not move.\n\nweb01.txt (snapshot 2): ISil"));
    const char *next = strstr(s, "\n\nNext: ");
    assert_non_null(next);
    assert_non_null(strstr(next, "over these 2\nsnapshots."));
    assert_null(strstr(next + 3, "Next: "));
    buf_free(&out.b);
    sample_free(&x);
}

static void test_rank_text(void **state)
{
    (void)state;
    struct sample x;
    struct output out;
    sample_series(&x);
    struct rank_view v = sample_rank(&x);
    start(&out, "text");
    out.o.top = 3;
    ranks(&out, &v, 1, true);
    /* clang-format off */
    assert_string_equal(
        finish(&out),
        "ISil (nonpaged) leaks +419K/h since 2006-03-09 11:00: strong evidence, 79.6% of\n"
        "the growth.\n"
        "Read: 37 snapshots from 37 inputs, 2006-03-09 09:00 to 2006-03-12 09:00 (3.0\n"
        "days), 1 boot; times from the file name.\n"
        "  Nonpaged pool: 109056K, +526K/h; 83.2% of the stated limit 131072K; full in\n"
        "    about 41.9 h (38.1 h to 47.2 h)\n"
        "  Paged pool: 48320K\n"
        "\n"
        "#  Tag   Pool  Verdict        Size K  Grew K    K/h  Rising  Freed  Of growth\n"
        "1  ISil  Nonp  leak            42188  +30144   +419   36/36  12.0%      79.6%\n"
        "2  Mm    Nonp  probable leak   12698   +3072  +42.7   27/36  71.5%       8.1%\n"
        "3  SavE  Nonp  levelled off    11264   +1536  +21.3   14/36  96.0%       4.1%\n"
        "2 others: 1 large, not growing; 1 steady (-n 0 lists all).\n"
        "\n"
        "Evidence\n"
        "  ISil (nonpaged): leak, +419K/h (+402K/h to +435K/h), +30144K in all, since\n"
        "    2006-03-09 11:00\n"
        "    a straight line explains 97.0% of the movement; a straight line fits 12.0\n"
        "    times better than a warm-up curve; rose in 36 of 36 steps; gave nothing\n"
        "    back; +120576 objects of about 256 bytes\n"
        "  Mm (nonpaged): probable leak, +42.7K/h, +3072K in all\n"
        "    gave back 18.3%\n"
        "\n"
        "Largest growth not proven: SavE (nonpaged) +1536K: levelled off.\n"
        "\n"
        "Next: `findstr /m /l ISil %SystemRoot%\\System32\\drivers\\*.sys` on that machine\n"
        "names the drivers that contain the tag.\n");
    /* clang-format on */
    buf_free(&out.b);
    sample_free(&x);
}

/* The longest tags, the longest verdict, every option: never wider than asked. */
static void test_rank_keeps_the_width(void **state)
{
    (void)state;
    static const unsigned widths[] = {40, 60, 80, 81, 100, 200};
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
        for (int verbose = 0; verbose < 2; verbose++)
            for (int units = UNITS_K; units <= UNITS_HUMAN; units++) {
                struct sample x;
                struct output out;
                sample_series(&x);
                struct rank_view v = sample_rank(&x);
                v.host = "\xc3\xbc\033[31m-a-host-name-that-is-longer-than-any-line-of-a-"
                         "terminal-and-has-no-blank-to-break-it-at";
                v.scope = "session:12";
                start(&out, "text");
                out.o.width = widths[i];
                out.o.verbose = verbose != 0;
                out.o.units = (enum units)units;
                ranks(&out, &v, 1, false);
                const char *s = finish(&out);
                assert_true(widest(s) <= widths[i]);
                assert_null(strchr(s, '\033'));
                assert_non_null(strstr(s, "\\xe4\\x01\\x02\\x1b"));
                assert_null(strstr(s, " \n"));
                buf_free(&out.b);
                sample_free(&x);
            }
}

static void test_rank_of_one_and_two(void **state)
{
    (void)state;
    struct sample x;
    struct output out;
    sample_series(&x);
    x.rank.snapshots = 1;
    x.rank.outcome = OUTCOME_TOO_FEW;
    for (size_t i = 0; i < x.rank.n_tags; i++) {
        x.tags[i].verdict = VERDICT_TOO_FEW;
        x.tags[i].has_bytes_delta = true;
        x.tags[i].bytes_delta = i == 0 ? -872 : 0;
    }
    struct rank_view v = sample_rank(&x);
    start(&out, "text");
    ranks(&out, &v, 1, true);
    const char *s = finish(&out);
    assert_non_null(strstr(s, "One capture shows size, not growth"));
    assert_non_null(strstr(s, "\nSuspects by size\n#  Tag"));
    assert_non_null(strstr(s, "ISil lost 872 bytes, Mm, SavE and Big did not move"));
    assert_null(strstr(s, "Change"));
    assert_null(strstr(s, "leak"));
    buf_free(&out.b);

    x.rank.snapshots = 2;
    x.tags[0].bytes_change = 30867456;
    start(&out, "text");
    ranks(&out, &v, 1, true);
    s = finish(&out);
    assert_non_null(strstr(
        s, "\nDifference, ordered by growth against what was held before\n#  Tag"));
    assert_non_null(strstr(s, "+30144"));
    buf_free(&out.b);
    sample_free(&x);
}

static void test_rank_of_hosts(void **state)
{
    (void)state;
    struct sample x;
    struct output out;
    sample_series(&x);
    struct rank_view v[2] = {sample_rank(&x), sample_rank(&x)};
    v[0].host = "WEB01";
    start(&out, "text");
    ranks(&out, v, 2, false);
    const char *s = finish(&out);
    const char *first = "2 series: 2 with a leak (WEB01; host without a name).\n";
    assert_ptr_equal(strstr(s, first), s);
    assert_non_null(strstr(s, "\nSeries: WEB01\nISil"));
    assert_non_null(strstr(s, "note: some inputs could not be read to the end"));
    buf_free(&out.b);
    sample_free(&x);
}

static void test_color_adds_nothing_but_color(void **state)
{
    (void)state;
    struct sample x;
    struct output plain, colored;
    sample_series(&x);
    struct rank_view v = sample_rank(&x);
    start(&plain, "text");
    ranks(&plain, &v, 1, true);
    const char *a = finish(&plain);
    start(&colored, "text");
    colored.o.color = true;
    ranks(&colored, &v, 1, true);
    const char *b = finish(&colored);
    assert_non_null(strstr(b, "\033[1;31m"));
    while (*b != '\0') {
        if (*b == '\033') {
            b += strcspn(b, "m") + 1;
            continue;
        }
        assert_int_equal(*a, *b);
        a++;
        b++;
    }
    assert_int_equal(*a, '\0');
    buf_free(&plain.b);
    buf_free(&colored.b);
    sample_free(&x);
}

static void test_diff_text(void **state)
{
    (void)state;
    struct sample x;
    struct output out;
    sample_diff(&x);
    struct diff_view v = sample_diff_view(&x);
    start(&out, "text");
    assert_int_equal(out.r.how->diff(&out.r, &v), 0);
    /* clang-format off */
    assert_string_equal(
        finish(&out),
        "ISil (nonpaged) changed most, +30144K in 3.0 days (+419K/h).\n"
        "  old: web01-0309.txt, 2006-03-09 09:00 (from the file name)\n"
        "  new: web01-0312.txt (snapshot 2 of 3), 2006-03-12 09:00 (from the file name),\n"
        "    a screen (only the rows that fitted)\n"
        "Same boot; 2 rows in both, 1 new, 1 gone.\n"
        "\n"
        "  Nonpaged pool: 71204K to 109056K, +37852K (+53.2%)\n"
        "\n"
        "Tag   Pool   Old K   New K  Change K   Change   K/h  Live +/-  Freed  B/new\n"
        "ISil  Nonp   12044   42188    +30144  +250.3%  +419   +120576  12.0%    256\n"
        "Abcd  Nonp       -      64       +64      new  +0.9         -   0.0%   8192\n"
        "-=|`  Paged      2       ?         ?        ?     -         -      -      -\n"
        "Gone  Nonp       8       -        -8     gone  -0.1         -      -      -\n"
        "TOTAL Nonp   71204  109056    +37852   +53.2%  +526\n"
        "\n"
        "Two captures show a difference, not a trend. Next: run `poolmon -n FILE` on that\n"
        "machine every hour for a day, each time into a new file, then `poolsift rank\n"
        "FILE...` on all of them.\n");
    /* clang-format on */
    buf_free(&out.b);
    sample_free(&x);
}

static void test_diff_markdown(void **state)
{
    (void)state;
    struct sample x;
    struct output out;
    sample_diff(&x);
    struct diff_view v = sample_diff_view(&x);
    start(&out, "markdown");
    assert_int_equal(out.r.how->diff(&out.r, &v), 0);
    const char *s = finish(&out);
    assert_non_null(strstr(s, "**`ISil` (nonpaged) changed most"));
    assert_non_null(strstr(s,
                           "\n\n| Tag | Pool | Old K | New K | Change K | Change | K/h |"
                           "\n|---|---|---:|---:|---:|---:|---:|\n"));
    assert_non_null(strstr(s, "| `` -=\\|` `` | Paged |"));
    buf_free(&out.b);
    sample_free(&x);
}

static void test_rank_markdown(void **state)
{
    (void)state;
    struct sample x;
    struct output out;
    sample_series(&x);
    struct rank_view v = sample_rank(&x);
    start(&out, "markdown");
    ranks(&out, &v, 1, true);
    const char *s = finish(&out);
    assert_non_null(strstr(s, "| 2 | `Mm  ` | Nonp | probable leak |"));
    assert_non_null(strstr(s, "<details><summary>Evidence</summary>\n\n- `ISil`"));
    assert_non_null(strstr(s, "\n\n</details>\n\n"));
    assert_non_null(
        strstr(s, "`findstr /m /l ISil %SystemRoot%\\System32\\drivers\\*.sys`"));
    buf_free(&out.b);
    sample_free(&x);
}

static void test_spark(void **state)
{
    (void)state;
    char s[SPARK_MAX];
    const double rising[] = {0, 1, 2, 3, 4, 5, 6, 7}, level[] = {5, 5},
                 gap[] = {0, NAN, 7}, widest[] = {-1e308, 1e308};
    assert_string_equal(spark_text(rising, 8, s),
                        "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588");
    assert_string_equal(spark_text(level, 2, s), "\u2581\u2581");
    assert_string_equal(spark_text(gap, 3, s), "\u2581 \u2588");
    assert_string_equal(spark_text(gap, 0, s), "");
    assert_string_equal(spark_text(widest, 2, s), "\u2581\u2581");
    /* A time that no calendar has is none. */
    const struct pool_time like = {.source = TIME_LINE};
    assert_string_equal(num_series_time(&like, 0, 1e300).s, "");
    assert_string_equal(num_series_time(&like, 0, 1).s, "1970-01-01 01:00");
}

static void test_a_broken_off_document_is_freed(void **state)
{
    (void)state;
    struct output out;
    start(&out, "json");
    assert_int_equal(out.r.how->show_begin(&out.r), 0);
    assert_non_null(out.r.json);
    render_close(&out.r);
    assert_null(out.r.json);
    render_close(&out.r);
    sink_abort(out.r.out);
    buf_free(&out.b);
    assert_null(renderer_find("html"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_show_text),
        cmocka_unit_test(test_show_filtered),
        cmocka_unit_test(test_show_limit_and_driver),
        cmocka_unit_test(test_show_many),
        cmocka_unit_test(test_rank_text),
        cmocka_unit_test(test_rank_keeps_the_width),
        cmocka_unit_test(test_rank_of_one_and_two),
        cmocka_unit_test(test_rank_of_hosts),
        cmocka_unit_test(test_color_adds_nothing_but_color),
        cmocka_unit_test(test_diff_text),
        cmocka_unit_test(test_diff_markdown),
        cmocka_unit_test(test_rank_markdown),
        cmocka_unit_test(test_spark),
        cmocka_unit_test(test_a_broken_off_document_is_freed),
    };
    return cmocka_run_group_tests_name("render", tests, NULL, NULL);
}
