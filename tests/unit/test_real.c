/* SPDX-License-Identifier: MIT */
/* Numbers as text against the plain way: print with 15, 16 and 17 digits, read back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/io/real.h"
#include "tests/unit/series.h"

static void check(double v)
{
    char text[REAL_TEXT], plain[REAL_TEXT];
    if (!isfinite(v))
        return;
    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(plain, sizeof plain, "%.*g", digits, v == 0 ? 0 : v);
        if (strtod(plain, NULL) == v)
            break;
    }
    real_text(text, v);
    assert_string_equal(text, plain);
}

static void check_near(double v)
{
    for (int i = 0; i < 3; i++, v = nextafter(v, INFINITY)) {
        check(v);
        check(-v);
    }
}

static void edges_are_written_as_printf_does(void **state)
{
    (void)state;
    static const double v[] = {0,
                               .1,
                               .3,
                               2. / 3,
                               1e15,
                               999999999999999,
                               999999999999999.9,
                               1e16,
                               1e17,
                               9007199254740993.,
                               1e-4,
                               9.9999999999999995e-5,
                               1e-5,
                               123456789012345.6,
                               .99999999999999989,
                               5e-324,
                               DBL_MIN,
                               DBL_MAX,
                               1e22,
                               1e23,
                               .5,
                               1.5,
                               2.5e-7};
    for (size_t i = 0; i < sizeof v / sizeof *v; i++)
        check_near(v[i]);
    for (int e = -320; e < 309; e++) {
        check_near(pow(10, e));
        check_near(ldexp(1, e));
    }
}

static void numbers_of_any_kind_are_written_as_printf_does(void **state)
{
    (void)state;
    uint64_t seed = 9;
    for (int i = 0; i < 60000; i++) {
        double v;
        uint64_t high = noise(&seed), low = noise(&seed);
        uint64_t bits = high << 33 ^ low << 5 ^ noise(&seed);
        memcpy(&v, &bits, sizeof v);
        check(v);                                     /* any bits */
        check((double)high / (double)(low + 1));      /* a share */
        check((double)(high % 1000000) / 1000);       /* few digits */
        check((double)high * (double)low / 7);        /* large */
        check(ldexp((double)high, -(int)(low % 60))); /* ends in a five: halfway */
        check((double)(high << 20 | low >> 11) + (double)(i % 8) / 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edges_are_written_as_printf_does),
        cmocka_unit_test(numbers_of_any_kind_are_written_as_printf_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
