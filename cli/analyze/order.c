/* SPDX-License-Identifier: MIT */
#include "cli/analyze/order.h"

static void sift(uint32_t *v, size_t at, size_t n, order_compare *compare,
                 const void *context)
{
    uint32_t moved = v[at];
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= n)
            break;
        if (child + 1 < n && compare(context, v[child], v[child + 1]) < 0)
            child++;
        if (compare(context, moved, v[child]) >= 0)
            break;
        v[at] = v[child];
        at = child;
    }
    v[at] = moved;
}

/* A heap sort: bounded time on any input, and qsort takes no context. */
void order_sort(uint32_t *v, size_t n, order_compare *compare, const void *context)
{
    for (size_t i = n / 2; i-- > 0;)
        sift(v, i, n, compare, context);
    for (size_t left = n; left > 1;) {
        left--;
        uint32_t last = v[left];
        v[left] = v[0];
        v[0] = last;
        sift(v, 0, left, compare, context);
    }
}

int order_doubles(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return order_up(*x, *y);
}
