/* SPDX-License-Identifier: MIT */
/* Bounds that factors are held in; NAN comes out as 0, or as the bound.  Pure, nobody owns
 * anything here. */
#ifndef CLI_ANALYZE_BOUNDS_H
#define CLI_ANALYZE_BOUNDS_H

static inline double between_0_and_1(double v)
{
    return v > 1 ? 1 : v > 0 ? v : 0;
}

static inline double at_least(double v, double least)
{
    return v > least ? v : least;
}

static inline double smaller(double a, double b)
{
    return a < b ? a : b;
}

static inline double larger(double a, double b)
{
    return a > b ? a : b;
}

#endif
