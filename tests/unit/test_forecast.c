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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forecast_of_a_straight_line),
        cmocka_unit_test(forecasts_are_refused_with_reasons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
