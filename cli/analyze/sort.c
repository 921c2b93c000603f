/* SPDX-License-Identifier: MIT */
#include "cli/analyze/analyze.h"
#include "cli/analyze/order.h"
#include "cli/analyze/row.h"

static const char *const key_names[SORT_KEYS] = {
    [SORT_BYTES] = "bytes",         [SORT_LIVE] = "live",   [SORT_ALLOCS] = "allocs",
    [SORT_FREES] = "frees",         [SORT_TAG] = "tag",     [SORT_POOL] = "pool",
    [SORT_PER_ALLOC] = "per-alloc", [SORT_DELTA] = "delta", [SORT_SOURCE] = "source",
};

const char *sort_key_name(enum sort_key k)
{
    return key_names[k];
}

struct sorting {
    const struct pool_row *rows;
    const enum sort_key *keys;
    size_t n_keys;
};

/* A figure that the source did not give stands behind all that it gave. */
static int figure_down(bool has_a, uint64_t a, bool has_b, uint64_t b)
{
    if (has_a != has_b)
        return has_a ? -1 : 1;
    return has_a ? (a < b) - (a > b) : 0;
}

static int field_down(const struct pool_row *a, const struct pool_row *b,
                      enum row_field field, uint64_t in_a, uint64_t in_b)
{
    return figure_down((a->fields & field) != 0, in_a, (b->fields & field) != 0, in_b);
}

static int live_down(const struct pool_row *a, const struct pool_row *b)
{
    uint64_t in_a = 0, in_b = 0;
    bool has_a = row_get_live(a, &in_a), has_b = row_get_live(b, &in_b);
    return figure_down(has_a, in_a, has_b, in_b);
}

static int delta_down(const struct pool_row *a, const struct pool_row *b)
{
    bool has_a = (a->fields & ROW_BYTES_DELTA) != 0;
    bool has_b = (b->fields & ROW_BYTES_DELTA) != 0;
    if (has_a != has_b)
        return has_a ? -1 : 1;
    return (a->bytes_delta < b->bytes_delta) - (a->bytes_delta > b->bytes_delta);
}

static int by_key(enum sort_key key, const struct pool_row *a, const struct pool_row *b)
{
    switch (key) {
    case SORT_BYTES:
        return field_down(a, b, ROW_BYTES, a->bytes, b->bytes);
    case SORT_LIVE:
        return live_down(a, b);
    case SORT_ALLOCS:
        return field_down(a, b, ROW_ALLOCS, a->allocs, b->allocs);
    case SORT_FREES:
        return field_down(a, b, ROW_FREES, a->frees, b->frees);
    case SORT_PER_ALLOC:
        return field_down(a, b, ROW_PER_ALLOC, a->per_alloc, b->per_alloc);
    case SORT_DELTA:
        return delta_down(a, b);
    case SORT_TAG:
        return tag_compare(a->tag, b->tag);
    case SORT_POOL:
        return (a->pool > b->pool) - (a->pool < b->pool);
    case SORT_SOURCE:
    case SORT_KEYS:
        break;
    }
    return a < b ? -1 : a > b;
}

static int compare_rows(const void *context, uint32_t i, uint32_t j)
{
    static const enum sort_key last_keys[] = {SORT_BYTES, SORT_TAG, SORT_POOL,
                                              SORT_SOURCE};
    const struct sorting *s = context;
    const struct pool_row *a = &s->rows[i], *b = &s->rows[j];
    for (size_t k = 0; k < s->n_keys; k++) {
        int c = by_key(s->keys[k], a, b);
        if (c != 0)
            return c;
    }
    for (size_t k = 0; k < sizeof last_keys / sizeof *last_keys; k++) {
        int c = by_key(last_keys[k], a, b);
        if (c != 0)
            return c;
    }
    return 0;
}

void sort_rows(const struct pool_snapshot *s, const enum sort_key *keys, size_t n_keys,
               uint32_t *order)
{
    struct sorting sorting = {.rows = s->rows, .keys = keys, .n_keys = n_keys};
    for (size_t i = 0; i < s->n_rows; i++)
        order[i] = (uint32_t)i;
    order_sort(order, s->n_rows, compare_rows, &sorting);
}
