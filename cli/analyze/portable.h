/* SPDX-License-Identifier: MIT */
/* Functions whose results must be the same bits under every compiler and C library,
 * which cbrt and exp are not (a compiler may even fold them with another rounding).
 * Only operations that IEEE 754 rounds exactly are used; nothing is owned. */
#ifndef CLI_ANALYZE_PORTABLE_H
#define CLI_ANALYZE_PORTABLE_H

/* Cube root of x >= 0, within two units in the last place; 0 for anything else. */
double cube_root(double x);
/* exp(-x) for x >= 0, within two units in the last place; 1 for anything less. */
double decay(double x);
/* log2(x) for x > 0 with straight lines between the powers of two: never more than
 * log2(x), and at most .09 less. */
double log2_straight(double x);

#endif
