/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/world.h"

static void forecast_of_a_straight_line(void **state)
{
    (void)state;
    struct world w = usual(96, 1);
    w.header_kib = 100000;
    w.header_kib_per_h = 100;
    w.limit = (100000 + 95 * 100 + 5000) * UINT64_C(1024);
    struct rank_result r = run(&w);
    const struct rank_pool *p = &r.pools[POOL_NONPAGED];
    assert_true(p->known && p->from_header);
    assert_int_equal(p->bytes, (100000 + 95 * 100) * UINT64_C(1024));
    assert_true(near(p->bytes_per_hour, 102400, 1e-6));
    assert_null(p->forecast_refused);
    assert_true(near(p->exhausted_in_h, 50, 1e-6));
    assert_true(p->exhausted_in_h_low <= p->exhausted_in_h);
    assert_true(p->exhausted_in_h <= p->exhausted_in_h_high);
    assert_true(r.tags[0].share_of_header);
    rank_free(&r);
    w.limit = UINT64_C(1) << 20; /* passed already */
    r = run(&w);
    assert_true(r.pools[POOL_NONPAGED].exhausted_in_h == 0);
    rank_free(&r);
}

static void forecasts_are_refused_with_reasons(void **state)
{
    (void)state;
    struct world base = usual(96, 1);
    base.header_kib = 100000;
    base.header_kib_per_h = 100;
    base.limit = UINT64_C(1) << 27;
    struct world far = base, none = base, times = base, span = base, flat = base,
                 few = base, rows = base;
    far.limit = UINT64_C(1) << 34;
    none.limit = 0;
    times.no_times = true;
    span.step_h = .2;
    flat.header_kib_per_h = 0;
    few.n = 4;
    few.step_h = 24;
    rows.header_kib = 0;
    rows.completeness = COMPLETE_CUT;
    const struct {
        const struct world *w;
        const char *why;
    } cases[] = {{&far, REFUSED_FAR_AWAY},     {&none, REFUSED_NO_LIMIT},
                 {&times, REFUSED_NO_TIMES},   {&span, REFUSED_SHORT_SPAN},
                 {&flat, REFUSED_NOT_GROWING}, {&few, REFUSED_FEW_RATES},
                 {&rows, REFUSED_CUT_SERIES}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rank_result r = run(cases[i].w);
        const struct rank_pool *p = &r.pools[POOL_NONPAGED];
        assert_non_null(p->forecast_refused);
        assert_string_equal(p->forecast_refused, cases[i].why);
        assert_true(isnan(p->exhausted_in_h) && isnan(p->exhausted_in_h_low));
        rank_free(&r);
    }
}

/* ---- a pool whose total is given hour by hour ---- */

#define KIB 1024.

typedef double total_at(int hour); /* in KiB */

static const struct pool_threshold given[] = {
    {POOL_NONPAGED, "HTTP.SYS refuses connections", 20480 * 1024},
    {POOL_PAGED, "of the other pool", 1},
    {POOL_NONPAGED, "all of it", UINT64_C(1) << 60},
};

static struct rank_pool forecast(total_at *total, int hours, double limit_kib)
{
    struct tally *t = NULL;
    struct err e = {0};
    struct rank_result r = {0};
    struct pool_snapshot s = {.uptime_s = -1};
    const struct rank_opts o = {
        .limits = {[POOL_NONPAGED] = {.basis = LIMIT_BY_OPTION,
                                      .bytes = (uint64_t)(limit_kib * KIB)}},
        .thresholds = given,
        .n_thresholds = sizeof given / sizeof *given};
    assert_int_equal(tally_new(&t, &e), 0);
    for (int h = 0; h <= hours; h++) {
        pool_snapshot_clear(&s);
        s.totals.given = 1u << TOTAL_NONPAGED_KIB;
        s.totals.v[TOTAL_NONPAGED_KIB] = (uint64_t)total(h);
        put_row(&s, "Some", POOL_NONPAGED, 100, 10, 640);
        assert_int_equal(tally_add(t, &s, h, false, &e), 0);
    }
    assert_int_equal(rank_tally(&r, t, &o, &e), 0);
    struct rank_pool pool = r.pools[POOL_NONPAGED];
    pool_snapshot_free(&s);
    tally_free(t);
    rank_free(&r);
    return pool;
}

static double even(int h)
{
    return 100000 + 100 * h;
}

/* Half the day 2000 KiB more. */
static double by_day(int h)
{
    return even(h) + (h % 24 >= 12 ? 2000 : 0);
}

/* A good day, a bad day. */
static double uneven(int h)
{
    return 100000 + 2400 * (h / 48) + (h / 24 % 2 == 1 ? 100 * (h % 24) : 0);
}

static double restless(int h)
{
    return 100000 + (h / 24 % 2 == 0 ? 9000 : -9000) + 5 * h;
}

static double late(int h)
{
    return 100000 + (h > 78 ? 500 * (h - 78) : 0);
}

static void thresholds_come_before_the_limit(void **state)
{
    (void)state;
    /* 109600 now, 100 an hour: 131072 in 214.7 h, and 20480 before that in 9.9 h. */
    struct rank_pool p = forecast(even, 96, 131072);
    assert_null(p.forecast_refused);
    assert_true(near(p.exhausted_in_h, 214.72, 1e-3));
    assert_int_equal(p.n_thresholds, 2);
    const struct rank_threshold *http = &p.thresholds[0], *all = &p.thresholds[1];
    assert_string_equal(http->name, "HTTP.SYS refuses connections");
    assert_int_equal(http->free_bytes, 20480 * 1024);
    assert_null(http->refused);
    assert_true(near(http->reached_in_h, 9.92, 1e-2));
    assert_true(http->reached_in_h_low <= http->reached_in_h);
    assert_true(http->reached_in_h <= http->reached_in_h_high);
    assert_true(all->reached_in_h == 0 && all->reached_in_h_high == 0);
    /* no limit, no threshold */
    p = forecast(even, 96, 0);
    assert_string_equal(p.thresholds[0].refused, REFUSED_NO_LIMIT);
    assert_true(isnan(p.thresholds[0].reached_in_h));
}

static void a_pool_fills_at_a_peak(void **state)
{
    (void)state;
    /* Now it is night: the trend is half a swing above, the peak of tomorrow more. */
    struct rank_pool p = forecast(by_day, 96, by_day(96) + 3000);
    assert_null(p.forecast_refused);
    assert_true(p.exhausted_in_h_low <= 12); /* 2000 + 12 h of 100 make it */
    assert_true(p.exhausted_in_h_high >= 12);
    assert_true(p.exhausted_in_h_high < 48);
    assert_true(near(p.bytes_per_hour, 102400, 1e-2));
    /* yesterday's peak was that high: at the next one at the latest */
    p = forecast(by_day, 96, by_day(95) - 10);
    assert_null(p.forecast_refused);
    assert_true(p.exhausted_in_h_low == 0);
    assert_true(p.exhausted_in_h_high <= 24);
}

static void an_uneven_pace_may_never_fill_it(void **state)
{
    (void)state;
    struct rank_pool p = forecast(uneven, 192, 112000);
    assert_null(p.forecast_refused);
    assert_true(isfinite(p.exhausted_in_h) && isfinite(p.exhausted_in_h_low));
    assert_true(p.exhausted_in_h_low < p.exhausted_in_h);
    p = forecast(restless, 215, 130000);
    assert_non_null(p.forecast_refused);
    assert_string_equal(p.forecast_refused, REFUSED_UNCERTAIN);
    assert_true(isnan(p.exhausted_in_h) && isnan(p.exhausted_in_h_low));
}

static void what_began_late_is_not_diluted(void **state)
{
    (void)state;
    struct rank_pool p = forecast(late, 96, 120000);
    assert_null(p.forecast_refused);
    assert_true(p.bytes_per_hour > 350 * KIB);
    /* what will come: 11000 at 500 an hour */
    assert_true(p.exhausted_in_h_low <= 22 && 22 <= p.exhausted_in_h * 1.5);
    assert_true(isnan(p.exhausted_in_h_high) || p.exhausted_in_h_high >= 22);
}

static void a_full_pool_is_full(void **state)
{
    (void)state;
    struct rank_pool p = forecast(late, 60, 90000); /* not growing, yet beyond */
    assert_null(p.forecast_refused);
    assert_true(p.exhausted_in_h == 0 && p.exhausted_in_h_low == 0);
    assert_true(p.exhausted_in_h_high == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forecast_of_a_straight_line),
        cmocka_unit_test(forecasts_are_refused_with_reasons),
        cmocka_unit_test(thresholds_come_before_the_limit),
        cmocka_unit_test(a_pool_fills_at_a_peak),
        cmocka_unit_test(an_uneven_pace_may_never_fill_it),
        cmocka_unit_test(what_began_late_is_not_diluted),
        cmocka_unit_test(a_full_pool_is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
