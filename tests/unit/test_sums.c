/* SPDX-License-Identifier: MIT */
/* What several boots add up to: all that is counted is added, of heights the greatest
 * stays, curves are scaled. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/analyze/tally.h"

#define SUM(field)                                                                       \
    {                                                                                    \
#field, offsetof(STRUCT, field)                                                  \
    }

struct place {
    const char *name;
    size_t at;
};

static double *figure(void *sums, const struct place *p)
{
    return (double *)(void *)((char *)sums + p->at);
}

static void assert_figure(void *sums, const struct place *p, double wanted)
{
    if (*figure(sums, p) != wanted)
        fail_msg("%s: %g, not %g", p->name, *figure(sums, p), wanted);
}

#define STRUCT struct axis_sums
static const struct place of_axis[] = {
    SUM(hours),     SUM(snapshots), SUM(n),   SUM(step_h),    SUM(late_h),
    SUM(aa),        SUM(ww),        SUM(aw),  SUM(gg),        SUM(work),
    SUM(late_work), SUM(quiet_h),   SUM(act), SUM(quiet_act), SUM(act_h),
};
#undef STRUCT

#define STRUCT struct sums
static const struct place of_slot[] = {
    SUM(up),      SUM(down),   SUM(up_sq),      SUM(up_sq_per_h), SUM(late),
    SUM(c_up),    SUM(c_down), SUM(xx),         SUM(xa),          SUM(cc),
    SUM(ca),      SUM(xw),     SUM(xg),         SUM(cw),          SUM(cg),
    SUM(range),   SUM(q_up),   SUM(q_down),     SUM(q_sq_per_h),  SUM(qc_up),
    SUM(qc_down), SUM(net),    SUM(ramp_grown), SUM(ramp_proven),
};
static const struct place of_slot_most[] = {SUM(top_x), SUM(top_c), SUM(swing)};
#undef STRUCT

#define COUNT(v) (sizeof(v) / sizeof *(v))

static void axes_add_up(void **state)
{
    (void)state;
    struct axis_sums a = {.boots = 1, .steps = 20, .intervals = 300};
    struct axis_sums b = {.boots = 2, .steps = 30, .intervals = 400};
    double scale[CURVES];
    for (size_t i = 0; i < COUNT(of_axis); i++) {
        *figure(&a, &of_axis[i]) = (double)(i + 1);
        *figure(&b, &of_axis[i]) = (double)(100 * (i + 1));
    }
    for (int k = 0; k < CURVES; k++) {
        scale[k] = k + 2;
        a.kk[k] = a.kw[k] = 5;
        b.kk[k] = b.kw[k] = k + 1;
    }
    axis_add_sums(&a, &b, scale);
    for (size_t i = 0; i < COUNT(of_axis); i++)
        assert_figure(&a, &of_axis[i], (double)(101 * (i + 1)));
    for (int k = 0; k < CURVES; k++) {
        assert_true(a.kk[k] == 5 + (k + 1) * scale[k] * scale[k]);
        assert_true(a.kw[k] == 5 + (k + 1) * scale[k]);
    }
    assert_int_equal(a.boots, 3);
    assert_int_equal(a.steps, 50);
    assert_int_equal(a.intervals, 700);
}

static void slots_add_up(void **state)
{
    (void)state;
    struct sums a = {.rising = 1, .grew = 20}, b = {.rising = 2, .grew = 30};
    double scale[CURVES];
    for (size_t i = 0; i < COUNT(of_slot); i++) {
        *figure(&a, &of_slot[i]) = (double)(i + 1);
        *figure(&b, &of_slot[i]) = (double)(100 * (i + 1));
    }
    for (int k = 0; k < CURVES; k++) {
        scale[k] = k + 2;
        a.xk[k] = a.ck[k] = 5;
        b.xk[k] = k + 1;
        b.ck[k] = k + 7;
    }
    sums_add(&a, &b, scale);
    for (size_t i = 0; i < COUNT(of_slot); i++)
        assert_figure(&a, &of_slot[i], (double)(101 * (i + 1)));
    for (int k = 0; k < CURVES; k++) {
        assert_true(a.xk[k] == 5 + (k + 1) * scale[k]);
        assert_true(a.ck[k] == 5 + (k + 7) * scale[k]);
    }
    assert_int_equal(a.rising, 3);
    assert_int_equal(a.grew, 50);
}

/* Whichever boot comes first. */
static void the_greatest_stays(void **state)
{
    (void)state;
    static const double scale[CURVES] = {1};
    for (int later = 0; later < 2; later++) {
        struct sums v[2] = {
            {.ramp_most = 3, .ramp_from_t = 10, .ramp_to_t = 20},
            {.ramp_most = 2, .ramp_from_t = 30, .ramp_to_t = 40},
        };
        for (size_t i = 0; i < COUNT(of_slot_most); i++) {
            *figure(&v[0], &of_slot_most[i]) = (double)(i + 7);
            *figure(&v[1], &of_slot_most[i]) = (double)(i + 6);
        }
        sums_add(&v[later], &v[!later], scale);
        for (size_t i = 0; i < COUNT(of_slot_most); i++)
            assert_figure(&v[later], &of_slot_most[i], (double)(i + 7));
        assert_true(v[later].ramp_most == 3);
        assert_true(v[later].ramp_from_t == 10 && v[later].ramp_to_t == 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(axes_add_up),
        cmocka_unit_test(slots_add_up),
        cmocka_unit_test(the_greatest_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
