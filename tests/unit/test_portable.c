/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "cli/analyze/portable.h"

static void close_to(double got, double want, double tolerance)
{
    if (fabs(got - want) > tolerance * fabs(want))
        fail_msg("%.17g is not %.17g", got, want);
}

static void cube_roots(void **state)
{
    (void)state;
    assert_true(cube_root(0) == 0 && cube_root(-1) == 0 && cube_root((double)NAN) == 0);
    assert_true(cube_root(1) == 1 && cube_root(8) == 2 && cube_root(.125) == .5);
    for (double x = 1e-300; x < 1e300; x *= 7.3) {
        double y = cube_root(x);
        close_to(y * y * y, x, 15e-16); /* an error counts three times */
    }
}

static void decays(void **state)
{
    (void)state;
    assert_true(decay(0) == 1 && decay(-3) == 1 && decay(1e9) == 0);
    close_to(decay(1), 0.36787944117144233, 4e-16);
    close_to(decay(32), 1.2664165549094176e-14, 4e-16);
    close_to(decay(.015625), 0.98449643700540845, 4e-16);
    for (double x = .001; x < 700; x *= 1.37)
        close_to(decay(x), exp(-x), 4e-16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cube_roots),
        cmocka_unit_test(decays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
