/* SPDX-License-Identifier: MIT */
#include "cli/analyze/portable.h"

#include <math.h>

double cube_root(double x)
{
    if (!(x > 0) || isinf(x))
        return 0;
    int e;
    double m = frexp(x, &e); /* m in [1/2, 1) */
    while (e % 3 != 0) {
        m /= 2;
        e++;
    }
    /* m in [1/8, 1): Halley's steps triple the digits of a start within 8 %. */
    double y = .4 + .6 * m;
    for (int i = 0; i < 4; i++) {
        double cube = y * y * y;
        y = y * (cube + 2 * m) / (2 * cube + m);
    }
    return ldexp(y, e / 3);
}

double decay(double x)
{
    /* ln 2 in two parts: the first has so few bits that k times it is exact. */
    static const double high = 0x1.62e42feep-1, low = 0x1.a39ef35793c76p-33;
    if (!(x > 0))
        return 1;
    if (x > 745)
        return 0;
    double k = floor(x / high + .5);
    double r = k * high - x + k * low; /* exp(-x) = 2^-k exp(r), |r| <= ln 2 / 2 */
    double sum = 1, term = 1;
    for (int i = 1; i <= 16; i++) {
        term = term * r / i;
        sum += term;
    }
    return ldexp(sum, -(int)k);
}

double log2_straight(double x)
{
    int e;
    double m = frexp(x, &e); /* m in [1/2, 1) */
    return e - 1 + (2 * m - 1);
}
