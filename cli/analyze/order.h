/* SPDX-License-Identifier: MIT */
/* Sorting of indices with a context, and medians, in place and without memory of its own;
 * owns nothing.  The comparison must be a total order: equal means the same index. */
#ifndef CLI_ANALYZE_ORDER_H
#define CLI_ANALYZE_ORDER_H

#include <stddef.h>
#include <stdint.h>

typedef int order_compare(const void *context, uint32_t a, uint32_t b);

void order_sort(uint32_t *v, size_t n, order_compare *compare, const void *context);

/* -1, 0 or 1: larger first, and smaller first. */
static inline int order_down(double a, double b)
{
    return (a < b) - (a > b);
}

static inline int order_up(double a, double b)
{
    return (a > b) - (a < b);
}

/* For qsort on doubles, none of them NAN: smaller first. */
int order_doubles(const void *a, const void *b);

/* The median of n > 0 doubles, none of them NAN; of an even number the mean of the middle
 * two.  Changes their order. */
double order_median(double *v, size_t n);

#endif
