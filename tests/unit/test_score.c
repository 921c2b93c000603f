/* SPDX-License-Identifier: MIT */
/* What a row is judged on, of sums made by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/analyze/score.h"

enum { N = 16 };

/* 16 hours, half of them quiet; the clock of work runs as uptime does. */
static struct axis_sums axis(void)
{
    struct axis_sums a = {.boots = 1,
                          .n = N,
                          .snapshots = N,
                          .hours = N,
                          .steps = N - 1,
                          .step_h = N,
                          .late_h = N / 2,
                          .intervals = N,
                          .quiet_h = N / 2,
                          .act_h = N,
                          .act = N};
    a.work = a.step_h;
    a.late_work = a.late_h;
    for (int i = 0; i < N; i++) {
        const double age = i - (N - 1) / 2.0, curve = i * i;
        a.aa += age * age;
        for (int k = 0; k < CURVES; k++)
            a.kk[k] += curve * curve;
    }
    a.gg = a.aa;
    return a;
}

/* One that grows along both, but for `off` in every second hour. */
static struct sums grown(double off)
{
    struct sums s = {.up = 16e5, .c_up = 16e5, .up_sq = 16e10, .up_sq_per_h = 16e10};
    s.late = s.up / 2;
    s.net = s.up;
    s.top_x = s.top_c = s.up;
    for (int i = 0; i < N; i++) {
        const double age = i - (N - 1) / 2.0, v = 1e5 * (age + (i % 2 == 0 ? off : -off));
        s.xx += v * v;
        s.xa += v * age;
        for (int k = 0; k < CURVES; k++)
            s.xk[k] += v * i * i;
    }
    s.cc = s.xx;
    s.xg = s.ca = s.cg = s.xa;
    for (int k = 0; k < CURVES; k++)
        s.ck[k] = s.xk[k];
    return s;
}

/* Nothing is said of work where uptime tells the row as well. */
static void work_must_tell_more_than_uptime(void **state)
{
    (void)state;
    const struct axis_sums a = axis();
    struct sums s = grown(.4);
    struct score_input in = {
        .s = &s, .axis = &a, .snapshots = N, .has_times = true, .even_gain = s.net};
    assert_true(axis_has_quiet(&a));
    struct score r = score_of(&in);
    assert_true(r.straight > .9 && r.straight < 1);
    assert_true(r.work_straight == r.straight);
    assert_true(r.work == 0);
    assert_int_equal(r.judged, JUDGED_LINE);
    s.xa *= .98; /* now it goes along with work more than along with uptime */
    s.ca *= .98;
    r = score_of(&in);
    assert_true(r.work_straight > r.straight);
    assert_true(r.work > .1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(work_must_tell_more_than_uptime),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
