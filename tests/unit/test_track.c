/* SPDX-License-Identifier: MIT */
/* Rows followed over a series, and the charts that are drawn of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "cli/analyze/track.h"
#include "cli/render/people/chart.h"
#include "tests/unit/render_output.h"
#include "tests/unit/series.h"

enum { N = 12 };

struct world {
    struct rank_boot boots[2];
    struct rank_tag tags[2];
    struct rank_result r;
    struct tracks t;
};

/* Leak (nonpaged) gains 1600 bytes a snapshot, Rare (paged) is in every third alone.
 * Hourly, but with ten hours missing before the fifth; restarted before the ninth. */
static double hour(size_t i)
{
    return (double)(i < 4 ? i : i + 10);
}

static void start_world(struct world *w)
{
    struct err e = {0};
    const uint32_t index[] = {0, 1};
    *w =
        (struct world){.boots = {{.end_h = 17, .first = 0, .last = 7},
                                 {.start_h = 18, .end_h = 21, .first = 8, .last = N - 1}},
                       .tags = {{.tag = {{'L', 'e', 'a', 'k'}}, .pool = POOL_NONPAGED},
                                {.tag = {{'R', 'a', 'r', 'e'}}, .pool = POOL_PAGED}}};
    w->r = (struct rank_result){.snapshots = N,
                                .has_times = true,
                                .hours = 20,
                                .span_h = 21,
                                .boots = w->boots,
                                .n_boots = 2,
                                .tags = w->tags,
                                .n_tags = 2};
    assert_int_equal(tracks_start(&w->t, &w->r, index, 2, &e), 0);
}

static void fill(struct world *w, enum completeness completeness)
{
    struct pool_snapshot s = {.uptime_s = -1};
    struct err e = {0};
    start_world(w);
    for (size_t i = 0; i < N; i++) {
        pool_snapshot_clear(&s);
        s.completeness = completeness;
        put_row(&s, "Leak", POOL_NONPAGED, 5000 + i, 100 * (i + 1), 1600 * (i + 1));
        put_row(&s, "Leak", POOL_PAGED, 5000, 7, 70); /* nobody asked for that */
        if (i % 3 == 0) {
            put_row(&s, "Rare", POOL_PAGED, 10, 1, 40);
            put_row(&s, "Rare", POOL_PAGED, 10, 2, 60);
        }
        assert_int_equal(tracks_add(&w->t, &s, hour(i), i, 1, &e), 0);
    }
    pool_snapshot_free(&s);
}

static void test_every_figure_is_kept(void **state)
{
    (void)state;
    struct world w;
    fill(&w, COMPLETE_WHOLE);
    const struct track_row *leak = &w.t.rows[0], *rare = &w.t.rows[1];
    assert_int_equal(w.t.n, N);
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(leak->v[i].bytes, 1600 * (i + 1));
        assert_int_equal(leak->v[i].live, 100 * (i + 1));
        assert_int_equal(leak->v[i].allocs, 5000 + i);
    }
    assert_int_equal(rare->v[3].bytes, 100); /* both rows of the tag */
    assert_int_equal(rare->v[3].live, 3);
    struct track_ends x = track_ends(&w.t, 0, ROW_BYTES);
    assert_int_equal(x.first, 0);
    assert_int_equal(x.last, N - 1);
    assert_int_equal(x.least, 0);
    assert_int_equal(x.greatest, N - 1);
    tracks_free(&w.t);
}

static void test_what_is_not_listed_is_zero_only_where_all_is_listed(void **state)
{
    (void)state;
    struct world w;
    fill(&w, COMPLETE_WHOLE);
    assert_true(w.t.rows[1].v[1].known & ROW_BYTES);
    assert_false(w.t.rows[1].v[1].listed);
    assert_int_equal(track_ends(&w.t, 1, ROW_BYTES).least, 1);
    tracks_free(&w.t);
    fill(&w, COMPLETE_SCREEN);
    assert_int_equal(w.t.rows[1].v[1].known, 0);
    assert_int_equal(track_ends(&w.t, 1, ROW_BYTES).least, 0);
    assert_int_equal(track_ends(&w.t, 1, ROW_BYTES).last, 9);
    tracks_free(&w.t);
}

/* What one row leaves of each figure, `fields` of it printed. */
static struct track_figure figure_of(unsigned fields, uint64_t bytes)
{
    struct world w;
    struct pool_snapshot s = {.completeness = COMPLETE_SCREEN, .uptime_s = -1};
    start_world(&w);
    for (int twice = 0; twice < 2; twice++) {
        struct pool_row *r = put_row(&s, "Leak", POOL_NONPAGED, 50, 20, bytes);
        r->fields = (uint16_t)fields;
        r->width = 32;
        r->live = 0;
    }
    assert_int_equal(tracks_add(&w.t, &s, 0, 0, 1, NULL), 0);
    const struct track_figure f = w.t.rows[0].v[0];
    pool_snapshot_free(&s);
    tracks_free(&w.t);
    return f;
}

static void test_what_a_row_does_not_print(void **state)
{
    (void)state;
    struct track_figure f = figure_of(ROW_ALLOCS | ROW_FREES, 7);
    assert_int_equal(f.known, ROW_ALLOCS | ROW_FREES | ROW_LIVE);
    assert_int_equal(f.live, 40); /* follows from the two */
    assert_int_equal(f.allocs, 100);
    assert_int_equal(f.frees, 60);
    assert_int_equal(f.bytes, 0);
    assert_int_equal(figure_of(ROW_ALLOCS | ROW_BYTES, 7).known, ROW_ALLOCS | ROW_BYTES);
    assert_int_equal(figure_of(ROW_FREES | ROW_BYTES, 7).known, ROW_FREES | ROW_BYTES);
    f = figure_of(ROW_BYTES, UINT64_MAX - 1); /* no sum goes around */
    assert_int_equal(f.known, ROW_BYTES);
    assert_true(f.bytes == UINT64_MAX);
    assert_true(f.allocs == 0 && f.frees == 0 && f.live == 0);
}

static void test_no_more_captures_than_were_ranked(void **state)
{
    (void)state;
    struct world w;
    struct pool_snapshot s = {.uptime_s = -1};
    struct err e = {0};
    fill(&w, COMPLETE_WHOLE);
    assert_int_equal(tracks_add(&w.t, &s, hour(N), N, 1, &e), ERR_BUG);
    assert_int_equal(w.t.n, N);
    tracks_free(&w.t);
}

static void test_restarts_and_gaps_are_marked(void **state)
{
    (void)state;
    struct world w;
    double v[42];
    uint8_t marks[42];
    fill(&w, COMPLETE_WHOLE);
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(w.t.moments[i].new_boot, i == 8);
        assert_int_equal(isnan(w.t.moments[i].gap_h) != 0, i != 4);
    }
    assert_true(w.t.moments[4].gap_h == 11);
    track_columns(&w.t, 0, ROW_BYTES, v, 42); /* two an hour */
    track_marks(&w.t, marks, 42);
    for (size_t c = 0; c < 42; c++) {
        assert_int_equal(isnan(v[c]) != 0, c > 6 && c < 28);
        assert_int_equal(marks[c], c == 36           ? TRACK_BOOT
                                   : c > 6 && c < 28 ? TRACK_GAP
                                                     : 0);
    }
    assert_true(v[0] == 1600 && v[1] == 1600 && v[2] == 3200); /* it stands until then */
    track_columns(&w.t, 0, ROW_BYTES, v, 21);                  /* one an hour */
    assert_true(v[0] == 1600 && v[1] == 3200 && v[3] == 6400 && isnan(v[4]));
    assert_true(v[14] == 8000 && v[20] == 19200);
    track_columns(&w.t, 0, ROW_BYTES, v, 3);
    assert_true(v[0] == 6400 && isnan(v[1]) && v[2] == 19200); /* the greatest */
    tracks_free(&w.t);
}

static void test_there_is_a_bound(void **state)
{
    (void)state;
    struct world w;
    struct tracks t;
    struct err e = {0};
    const uint32_t index[] = {0, 1};
    start_world(&w);
    struct rank_result many = w.r;
    many.snapshots = TRACK_FIGURES_MOST / 2 + 1;
    assert_int_equal(tracks_start(&t, &many, index, 2, &e), ERR_LIMIT);
    assert_true(e.hint[0] != '\0');
    tracks_free(&t);
    tracks_free(&w.t);
}

/* ---- charts ---- */

static void test_axes_begin_at_zero_unless_that_hides_what_moves(void **state)
{
    (void)state;
    struct chart c = {.columns = 2, .rows = 6, .bytes = true, .v = {1 << 20, 60 << 20}};
    assert_true(chart_scale(&c));
    assert_true(c.base == 0 && c.step * c.n >= 60 << 20 && 6 % c.n == 0);
    c.v[0] = 58 << 20;
    assert_true(chart_scale(&c));
    assert_true(c.base > 0 && c.base <= 58 << 20 && c.base + c.step * c.n >= 60 << 20);
    c.v[0] = c.v[1]; /* level: nothing to magnify */
    assert_true(chart_scale(&c));
    assert_true(c.base == 0);
    c.v[0] = c.v[1] = 0;
    assert_true(chart_scale(&c));
    assert_true(c.base == 0 && c.step > 0);
    c.v[0] = c.v[1] = (double)NAN;
    assert_false(chart_scale(&c));
}

static void test_marks_fall_on_edges_of_lines_for_any_figures(void **state)
{
    (void)state;
    struct chart c = {.columns = 2};
    for (unsigned rows = 4; rows <= 6; rows += 2)
        for (double most = 1; most < 1e19; most *= 1.37)
            for (double part = 0; part <= 1; part += .0625) {
                c.rows = rows;
                c.bytes = rows == 6;
                c.v[0] = floor(most * part);
                c.v[1] = most;
                assert_true(chart_scale(&c));
                assert_true(c.n > 0 && rows % c.n == 0);
                assert_true(c.base <= c.v[0] && c.base + c.step * c.n >= most);
            }
}

static const char *drawn(struct output *x, const struct chart *c, const char *how)
{
    start(x, how);
    struct page g = page_of(&x->r);
    chart_draw(&g, c);
    return finish(x);
}

static void test_a_chart_is_drawn_in_eighths_of_lines(void **state)
{
    (void)state;
    struct output x;
    struct chart c = {.columns = 6,
                      .rows = 4,
                      .v = {0, 1, 64, (double)NAN, 32, 128},
                      .marks = {0, 0, 0, TRACK_GAP, TRACK_BOOT, 0},
                      .step = 64,
                      .n = 2};
    chart_label(&c, 1, "a");
    chart_label(&c, 2, "b"); /* no room */
    assert_string_equal(drawn(&x, &c, "text"), "     128 ┤    ┊█\n"
                                               "         │    ┊█\n"
                                               "      64 ┤  █ ┊█\n"
                                               "         │ ▁█ ██\n"
                                               "       0 └─┬─·┴─\n"
                                               "           a\n");
    buf_free(&x.b);
    start(&x, "text");
    x.o.ascii = true;
    struct page g = page_of(&x.r);
    chart_draw(&g, &c);
    assert_string_equal(finish(&x), "     128 +    :#\n"
                                    "         |    :#\n"
                                    "      64 +  # :#\n"
                                    "         | _# ##\n"
                                    "       0 +-+-.+-\n"
                                    "           a\n");
    buf_free(&x.b);
}

static void test_labels_stay_apart_and_inside(void **state)
{
    (void)state;
    struct chart c = {.columns = 20, .rows = 4};
    chart_label(&c, 19, "2026");
    chart_label(&c, 0, "11-02");
    chart_label(&c, 7, "11-03"); /* would touch the one before */
    chart_label(&c, 8, "11-04");
    chart_label(&c, 13, "much too long to stand here");
    assert_string_equal(c.below, "11-02 11-04     2026");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_figure_is_kept),
        cmocka_unit_test(test_what_is_not_listed_is_zero_only_where_all_is_listed),
        cmocka_unit_test(test_what_a_row_does_not_print),
        cmocka_unit_test(test_no_more_captures_than_were_ranked),
        cmocka_unit_test(test_restarts_and_gaps_are_marked),
        cmocka_unit_test(test_there_is_a_bound),
        cmocka_unit_test(test_axes_begin_at_zero_unless_that_hides_what_moves),
        cmocka_unit_test(test_marks_fall_on_edges_of_lines_for_any_figures),
        cmocka_unit_test(test_a_chart_is_drawn_in_eighths_of_lines),
        cmocka_unit_test(test_labels_stay_apart_and_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
