/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "cli/analyze/history.h"
#include "tests/unit/series.h"

static const struct pool_tag leak = {{'L', 'e', 'a', 'k'}};

/* n snapshots an hour apart; Leak holds `bytes(i)`. */
static void fill(struct history *h, struct rank_result *r, size_t n,
                 uint64_t (*bytes)(size_t i), double (*hour)(size_t i))
{
    struct pool_snapshot s = {.uptime_s = -1};
    history_start(h, r);
    history_follow(h, leak, POOL_NONPAGED);
    history_follow(h, leak, POOL_NONPAGED);
    for (size_t i = 0; i < n; i++) {
        struct err e = {0};
        pool_snapshot_clear(&s);
        put_row(&s, "Leak", POOL_NONPAGED, 100 + i, bytes(i) / 16, bytes(i));
        put_row(&s, "Leak", POOL_PAGED, 100, 10, 77);
        assert_int_equal(history_add(h, &s, hour(i), &e), 0);
    }
    pool_snapshot_free(&s);
}

static uint64_t rising(size_t i)
{
    return 1600 * (i + 1);
}

static uint64_t saw(size_t i)
{
    return 1600 * (i % 4 + i / 4 + 1);
}

static double hourly(size_t i)
{
    return (double)i;
}

/* Ten hours are missing behind the fifth. */
static double with_gap(size_t i)
{
    return (double)(i < 6 ? i : i + 10);
}

static void test_few_snapshots_are_points_each(void **state)
{
    struct rank_boot boot = {.end_h = 9, .last = 9};
    struct rank_result r = {.snapshots = 10,
                            .has_times = true,
                            .hours = 9,
                            .span_h = 9,
                            .boots = &boot,
                            .n_boots = 1};
    struct history h;
    (void)state;
    r.pools[POOL_NONPAGED].known = true;
    fill(&h, &r, 10, rising, hourly);
    const struct history_line *l = history_tag(&h, leak, POOL_NONPAGED);
    assert_non_null(l);
    assert_null(history_tag(&h, leak, POOL_PAGED));
    assert_int_equal(h.n_tags, 1);
    assert_int_equal(l->n, 10);
    assert_true(l->points[9].bytes == 16000 && l->points[9].live == 1000);
    assert_true(h.pools[POOL_NONPAGED].points[9].bytes == 16000);
    assert_true(isnan(h.pools[POOL_PAGED].points[9].bytes)); /* the verdict has none */
    assert_int_equal(h.n_gaps, 0);
    history_free(&h);
}

static void test_many_snapshots_share_points(void **state)
{
    enum { N = 5000 };
    struct rank_boot boot = {.end_h = N - 1, .last = N - 1};
    struct rank_result r = {.snapshots = N,
                            .has_times = true,
                            .hours = N - 1,
                            .span_h = N - 1,
                            .boots = &boot,
                            .n_boots = 1};
    struct history h;
    (void)state;
    fill(&h, &r, N, saw, hourly);
    const struct history_line *l = history_tag(&h, leak, POOL_NONPAGED);
    assert_true(l->n <= HISTORY_POINTS + 1);
    assert_true(l->n > HISTORY_POINTS / 2);
    assert_true(l->points[0].least == 1600);
    assert_true(l->points[0].most > l->points[0].bytes || l->points[0].most > 1600);
    assert_true(l->points[l->n - 1].bytes == (double)saw(N - 1));
    history_free(&h);
}

static void test_a_restart_begins_a_point_and_ends_the_floor(void **state)
{
    struct rank_boot boots[2] = {{.end_h = 5, .first = 0, .last = 5},
                                 {.start_h = 6, .end_h = 11, .first = 6, .last = 11}};
    struct rank_result r = {.snapshots = 12,
                            .has_times = true,
                            .hours = 10,
                            .span_h = 11,
                            .boots = boots,
                            .n_boots = 2};
    struct history h;
    double least[12];
    (void)state;
    fill(&h, &r, 12, saw, hourly);
    const struct history_line *l = history_tag(&h, leak, POOL_NONPAGED);
    assert_int_equal(l->n, 12);
    assert_int_equal(l->points[5].boot, 0);
    assert_int_equal(l->points[6].boot, 1);
    history_floor(l, least);
    /* 1 2 3 4 2 3 | 4 5 3 4 5 6, in steps of 1600 */
    static const int floors[12] = {1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 5, 6};
    for (size_t i = 0; i < 12; i++)
        assert_true(least[i] == 1600.0 * floors[i]);
    history_free(&h);
}

static void test_hours_without_captures_are_a_gap(void **state)
{
    struct rank_boot boot = {.end_h = 21, .last = 11};
    struct rank_result r = {.snapshots = 12,
                            .has_times = true,
                            .hours = 21,
                            .span_h = 21,
                            .boots = &boot,
                            .n_boots = 1};
    struct history h;
    (void)state;
    fill(&h, &r, 12, rising, with_gap);
    assert_int_equal(h.n_gaps, 1);
    assert_true(h.gaps[0].from == 5 && h.gaps[0].to == 16);
    history_free(&h);
}

static void test_what_a_partial_capture_leaves_out_is_unknown(void **state)
{
    struct rank_boot boot = {.end_h = 2, .last = 2};
    struct rank_result r = {.snapshots = 3,
                            .has_times = true,
                            .hours = 2,
                            .span_h = 2,
                            .boots = &boot,
                            .n_boots = 1};
    static const enum completeness how[] = {COMPLETE_WHOLE, COMPLETE_CUT, COMPLETE_WHOLE};
    struct pool_snapshot s = {.uptime_s = -1};
    struct history h;
    (void)state;
    history_start(&h, &r);
    history_follow(&h, leak, POOL_NONPAGED);
    for (size_t i = 0; i < 3; i++) {
        struct err e = {0};
        pool_snapshot_clear(&s);
        s.completeness = how[i];
        if (i == 2)
            put_row(&s, "Leak", POOL_NONPAGED, 9, 4, 640)->fields &= (uint16_t)~ROW_LIVE;
        assert_int_equal(history_add(&h, &s, (double)i, &e), 0);
    }
    const struct history_line *l = history_tag(&h, leak, POOL_NONPAGED);
    assert_true(l->points[0].bytes == 0 && l->points[0].live == 0);
    assert_true(isnan(l->points[1].bytes) && isnan(l->points[1].live));
    assert_true(l->points[2].bytes == 640 && l->points[2].live == 4);
    history_free(&h);
    pool_snapshot_free(&s);
}

/* One row is a pool's sum, none is no sum of 0. */
static void test_a_pool_of_one_row_has_a_total(void **state)
{
    struct rank_boot boot = {.end_h = 2, .last = 2};
    struct rank_result r = {.snapshots = 3,
                            .has_times = true,
                            .hours = 2,
                            .span_h = 2,
                            .boots = &boot,
                            .n_boots = 1};
    struct pool_snapshot s = {.uptime_s = -1};
    struct history h;
    (void)state;
    r.pools[POOL_NONPAGED].known = true;
    history_start(&h, &r);
    for (size_t i = 0; i < 3; i++) {
        struct err e = {0};
        pool_snapshot_clear(&s);
        if (i != 1)
            put_row(&s, "Leak", POOL_NONPAGED, 9, 4, 640);
        assert_int_equal(history_add(&h, &s, (double)i, &e), 0);
    }
    const struct history_line *l = &h.pools[POOL_NONPAGED];
    assert_int_equal(l->n, 3);
    assert_true(l->points[0].bytes == 640 && l->points[2].bytes == 640);
    assert_true(isnan(l->points[1].bytes));
    history_free(&h);
    pool_snapshot_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_few_snapshots_are_points_each),
        cmocka_unit_test(test_many_snapshots_share_points),
        cmocka_unit_test(test_a_restart_begins_a_point_and_ends_the_floor),
        cmocka_unit_test(test_hours_without_captures_are_a_gap),
        cmocka_unit_test(test_what_a_partial_capture_leaves_out_is_unknown),
        cmocka_unit_test(test_a_pool_of_one_row_has_a_total),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
