/* SPDX-License-Identifier: MIT */
#include "cli/analyze/analyze.h"
#include "cli/analyze/order.h"

struct sorting {
    const struct diff_row *rows;
    const enum sort_key *keys;
    size_t n_keys;
};

/* A change that is not known stands behind all that are. */
static int change_down(bool has_a, int64_t a, bool has_b, int64_t b)
{
    if (has_a != has_b)
        return has_a ? -1 : 1;
    return (a < b) - (a > b);
}

static int size_down(int64_t a, int64_t b)
{
    uint64_t in_a = a < 0 ? 0 - (uint64_t)a : (uint64_t)a;
    uint64_t in_b = b < 0 ? 0 - (uint64_t)b : (uint64_t)b;
    return (in_a < in_b) - (in_a > in_b);
}

static int per_alloc_down(double a, double b)
{
    if (isnan(a) != isnan(b))
        return isnan(b) ? -1 : 1;
    return isnan(a) ? 0 : order_down(a, b);
}

static int by_key(enum sort_key key, const struct diff_row *a, const struct diff_row *b)
{
    switch (key) {
    case SORT_BYTES:
        return size_down(a->bytes_change, b->bytes_change);
    case SORT_DELTA:
        return (a->bytes_change < b->bytes_change) - (a->bytes_change > b->bytes_change);
    case SORT_LIVE:
        return change_down(a->has_live, a->live_change, b->has_live, b->live_change);
    case SORT_ALLOCS:
        return change_down(a->has_allocs, a->allocs_change, b->has_allocs,
                           b->allocs_change);
    case SORT_FREES:
        return change_down(a->has_frees, a->frees_change, b->has_frees, b->frees_change);
    case SORT_PER_ALLOC:
        return per_alloc_down(a->bytes_per_new_alloc, b->bytes_per_new_alloc);
    case SORT_TAG:
        return tag_compare(a->tag, b->tag);
    case SORT_POOL:
        return (a->pool > b->pool) - (a->pool < b->pool);
    case SORT_SOURCE:
    case SORT_KEYS:
        break;
    }
    return 0;
}

static int compare(const void *context, uint32_t i, uint32_t j)
{
    const struct sorting *s = context;
    for (size_t k = 0; k < s->n_keys; k++) {
        int c = by_key(s->keys[k], &s->rows[i], &s->rows[j]);
        if (c != 0)
            return c;
    }
    return (i > j) - (i < j);
}

void sort_diff(const struct diff_result *d, const enum sort_key *keys, size_t n_keys,
               uint32_t *order, size_t n)
{
    struct sorting s = {.rows = d->rows, .keys = keys, .n_keys = n_keys};
    order_sort(order, n, compare, &s);
}
