/* SPDX-License-Identifier: MIT */
#include "cli/analyze/order.h"

#include <stdlib.h>

#define SHORT  24 /* so few are sorted sooner than divided */
#define ROUNDS 64 /* of dividing; an order that was made to be slow is sorted */

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

static void sort_short(double *v, ptrdiff_t n)
{
    for (ptrdiff_t i = 1; i < n; i++) {
        double moved = v[i];
        ptrdiff_t at = i;
        for (; at > 0 && v[at - 1] > moved; at--)
            v[at] = v[at - 1];
        v[at] = moved;
    }
}

static double middle_of(double a, double b, double c)
{
    return a < b ? (b < c ? b : a < c ? c : a) : (a < c ? a : b < c ? c : b);
}

/* v[k] becomes what it would be were they sorted, and nothing before it is larger. */
static void put_in_place(double *v, ptrdiff_t n, ptrdiff_t k)
{
    ptrdiff_t low = 0, high = n - 1;
    for (int round = 0; high - low >= SHORT && round < ROUNDS; round++) {
        double pivot = middle_of(v[low], v[low + (high - low) / 2], v[high]);
        ptrdiff_t i = low, j = high;
        while (i <= j) {
            while (v[i] < pivot)
                i++;
            while (v[j] > pivot)
                j--;
            if (i > j)
                break;
            double swapped = v[i];
            v[i++] = v[j];
            v[j--] = swapped;
        }
        if (k > j && k < i)
            return;
        low = k <= j ? low : i;
        high = k <= j ? j : high;
    }
    if (high - low < SHORT)
        sort_short(v + low, high - low + 1);
    else
        qsort(v + low, (size_t)(high - low) + 1, sizeof *v, order_doubles);
}

double order_median(double *v, size_t n)
{
    size_t half = n / 2;
    put_in_place(v, (ptrdiff_t)n, (ptrdiff_t)half);
    if (n % 2 == 1)
        return v[half];
    double below = v[0];
    for (size_t i = 1; i < half; i++)
        below = v[i] > below ? v[i] : below;
    return (below + v[half]) / 2;
}
