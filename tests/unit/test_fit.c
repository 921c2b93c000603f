/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "cli/analyze/fit.h"

/* Eight points of one boot: hours, half a curve, busyness and work. */
enum { N = 8 };
static const double age[N] = {-7, -5, -3, -1, 1, 3, 5, 7};
static const double curve[N] = {-8, -2, 1, 1.5, 1.75, 1.85, 1.9, 2};
static const double busy[N] = {-1, 1, 1, -1, -1, 1, 1, -1};
static const double work[N] = {-4, -4, -2, 0, 0, 2, 4, 4};

static double product(const double *a, const double *b)
{
    double sum = 0;
    for (int i = 0; i < N; i++)
        sum += a[i] * b[i];
    return sum;
}

static struct axis_sums axis(void)
{
    struct axis_sums a = {.boots = 1, .n = N};
    a.aa = product(age, age);
    a.ww = product(busy, busy);
    a.aw = product(age, busy);
    a.gg = product(work, work);
    for (int k = 0; k < CURVES; k++) {
        a.kk[k] = product(curve, curve);
        a.kw[k] = product(curve, busy);
    }
    return a;
}

/* Bytes and objects alike. */
static struct sums moved(double by_age, double by_curve, double by_busy, double by_work)
{
    double v[N];
    for (int i = 0; i < N; i++)
        v[i] = 1e4 * (by_age * age[i] + by_curve * curve[i] + by_busy * busy[i] +
                      by_work * work[i]);
    struct sums s = {.top_x = 1e5, .top_c = 1e5};
    s.xx = s.cc = product(v, v);
    s.xa = s.ca = product(v, age);
    s.xw = s.cw = product(v, busy);
    s.xg = s.cg = product(v, work);
    for (int k = 0; k < CURVES; k++)
        s.xk[k] = s.ck[k] = product(v, curve);
    return s;
}

static void lines_and_curves_know_their_own(void **state)
{
    (void)state;
    struct axis_sums a = axis();
    struct sums s = moved(1, 0, 0, 0);
    struct fit f = fit_uptime(&s, &a);
    assert_true(f.straight > .9999 && f.line > 100 && fabs(f.slope - 1e4) < 1e-6);
    assert_true(fit_work(&s, &a).straight < .97);
    s = moved(0, 1, 0, 0);
    f = fit_uptime(&s, &a);
    assert_true(f.straight < .7 && f.line < .01);
    s = moved(0, 0, 0, 1);
    f = fit_work(&s, &a);
    assert_true(f.straight > .9999 && f.line > 100 && fabs(f.slope - 1e4) < 1e-6);
    s = moved(-1, 0, 0, 0);
    assert_true(fit_uptime(&s, &a).straight == 0);
    assert_true(fit_freedom(&a) == 7);
}

static void the_worse_column_counts(void **state)
{
    (void)state;
    struct axis_sums a = axis();
    struct sums s = moved(1, 0, 0, 0), c = moved(0, 1, 0, 0);
    s.cc = c.cc;
    s.ca = c.ca;
    s.cw = c.cw;
    memcpy(s.ck, c.ck, sizeof s.ck);
    struct fit f = fit_uptime(&s, &a);
    assert_true(f.straight < .7 && f.line < .01);
    assert_true(fabs(f.slope - 1e4) < 1e-6); /* of bytes */
}

static void a_wave_is_taken_out(void **state)
{
    (void)state;
    struct axis_sums a = axis();
    struct sums s = moved(.2, 0, 20, 0);
    double wave = 0;
    assert_true(fit_uptime(&s, &a).straight < .01);
    struct fit f = fit_under_wave(&s, &a, &wave);
    assert_true(wave > .99);
    assert_true(f.straight > .999 && f.line > 50 && fabs(f.slope - 2e3) < 1e-6);
    s = moved(0, .2, 20, 0);
    f = fit_under_wave(&s, &a, &wave);
    assert_true(wave > .99 && f.line < .05);
    s = moved(.2, 0, -20, 0); /* against the work: no wave of it */
    (void)fit_under_wave(&s, &a, &wave);
    assert_true(wave == 0);
}

/* Of a curve that goes along with busyness rounding alone is left: it explains nothing.
 */
static void a_curve_that_is_the_wave(void **state)
{
    (void)state;
    struct axis_sums a = axis(), same = a;
    struct sums s = moved(.2, 0, 20, 0);
    double wave = 0;
    for (int k = 0; k < CURVES; k++) {
        same.kk[k] = same.ww * (1 + 1e-9);
        same.kw[k] = same.ww;
        s.xk[k] = s.ck[k] = s.xw * (1 + 1e-4);
    }
    const struct fit f = fit_under_wave(&s, &same, &wave);
    for (int k = 0; k < CURVES; k++) {
        same.kk[k] = same.kw[k] = 0;
        s.xk[k] = s.ck[k] = 0;
    }
    const struct fit without = fit_under_wave(&s, &same, &wave);
    assert_true(f.line > 50 && f.line == without.line);
    assert_true(f.straight == without.straight);
}

static void what_was_not_seen_says_nothing(void **state)
{
    (void)state;
    struct axis_sums a = axis();
    struct sums s = moved(1, 0, 5, 1);
    double wave = 1;
    a.gg = 0;
    assert_true(fit_work(&s, &a).straight == 0);
    a.ww = 1e-12;
    struct fit f = fit_under_wave(&s, &a, &wave);
    assert_true(wave == 0 && f.straight == 0 && f.line == 0);
    a = axis();
    a.ww = a.aw = a.aa; /* busyness is uptime: nothing tells them apart */
    f = fit_under_wave(&s, &a, &wave);
    assert_true(wave == 0 && f.straight == 0);
    s = (struct sums){0};
    a = (struct axis_sums){0};
    f = fit_uptime(&s, &a);
    assert_true(f.straight == 0 && f.slope == 0 && f.line == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_and_curves_know_their_own),
        cmocka_unit_test(the_worse_column_counts),
        cmocka_unit_test(a_wave_is_taken_out),
        cmocka_unit_test(a_curve_that_is_the_wave),
        cmocka_unit_test(what_was_not_seen_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
