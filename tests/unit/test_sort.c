/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "cli/analyze/analyze.h"
#include "cli/analyze/order.h"
#include "tests/unit/series.h"

static int by_value(const void *context, uint32_t a, uint32_t b)
{
    const uint32_t *v = context;
    if (v[a] != v[b])
        return v[a] < v[b] ? -1 : 1;
    return (a > b) - (a < b);
}

static void any_length_is_sorted(void **state)
{
    (void)state;
    uint32_t values[257] = {0}, order[257];
    uint64_t seed = 1;
    for (uint32_t n = 0; n <= 257; n += n < 20 ? 1 : 79) {
        for (uint32_t i = 0; i < n; i++) {
            values[i] = noise(&seed) % 50;
            order[i] = i;
        }
        order_sort(order, n, by_value, values);
        for (uint32_t i = 1; i < n; i++)
            assert_true(by_value(values, order[i - 1], order[i]) < 0);
    }
}

/* Six rows, named by their first letters; `a` is the nonpaged Aaaa. */
static void fill(struct pool_snapshot *s)
{
    put_row(s, "Aaaa", POOL_PAGED, 50, 5, 500)->per_alloc = 100;
    put_row(s, "Bbbb", POOL_NONPAGED, 90, 9, 900)->per_alloc = 100;
    put_row(s, "Cccc", POOL_NONPAGED, 70, 1, 700)->per_alloc = 700;
    put_row(s, "Dddd", POOL_PAGED, 10, 8, 700)->per_alloc = 87;
    struct pool_row *r = put_row(s, "Eeee", POOL_NONPAGED, 0, 0, 600);
    r->fields = ROW_BYTES;
    put_row(s, "Aaaa", POOL_NONPAGED, 50, 5, 500)->per_alloc = 100;
    for (size_t i = 0; i < s->n_rows; i++)
        if (i != 4)
            s->rows[i].fields |= ROW_PER_ALLOC;
    s->rows[1].fields |= ROW_BYTES_DELTA;
    s->rows[1].bytes_delta = -40;
    s->rows[2].fields |= ROW_BYTES_DELTA;
    s->rows[2].bytes_delta = 8;
}

static void keys_and_ties(void **state)
{
    (void)state;
    static const struct {
        enum sort_key keys[2];
        size_t n;
        const char *want;
    } table[] = {
        {{SORT_BYTES}, 1, "BCDEaA"},
        {{SORT_LIVE}, 1, "BDaACE"},
        {{SORT_ALLOCS}, 1, "BCaADE"},
        {{SORT_FREES}, 1, "BCaADE"},
        {{SORT_TAG}, 1, "aABCDE"},
        {{SORT_POOL}, 1, "BCEaDA"},
        {{SORT_DELTA}, 1, "CBDEaA"},
        {{SORT_PER_ALLOC}, 1, "CBaADE"},
        {{SORT_SOURCE}, 1, "ABCDEa"},
        {{SORT_POOL, SORT_TAG}, 2, "aBCEAD"},
        {{SORT_BYTES, SORT_POOL}, 0, "BCDEaA"},
    };
    struct pool_snapshot s = {.uptime_s = -1};
    fill(&s);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        uint32_t order[6];
        char got[7] = {0};
        sort_rows(&s, table[i].keys, table[i].n, order);
        for (size_t k = 0; k < 6; k++)
            got[k] = order[k] == 5 ? 'a' : (char)s.rows[order[k]].tag.b[0];
        assert_string_equal(got, table[i].want);
    }
    pool_snapshot_free(&s);
}

static void names_of_keys(void **state)
{
    (void)state;
    static const char *const names[SORT_KEYS] = {"bytes", "live",      "allocs",
                                                 "frees", "per-alloc", "delta",
                                                 "tag",   "pool",      "source"};
    for (int k = 0; k < SORT_KEYS; k++)
        assert_string_equal(sort_key_name((enum sort_key)k), names[k]);
}

/* Rows of two captures, named a to f; f is a in the other pool, e has no counts. */
static const struct diff_row differences[] = {{.tag = {{'a'}},
                                               .pool = POOL_PAGED,
                                               .bytes_change = 500,
                                               .has_live = true,
                                               .live_change = 5,
                                               .has_allocs = true,
                                               .allocs_change = 50,
                                               .has_frees = true,
                                               .frees_change = 45,
                                               .bytes_per_new_alloc = 10},
                                              {.tag = {{'b'}},
                                               .pool = POOL_NONPAGED,
                                               .bytes_change = -900,
                                               .has_live = true,
                                               .live_change = -9,
                                               .has_allocs = true,
                                               .allocs_change = 90,
                                               .has_frees = true,
                                               .frees_change = 99,
                                               .bytes_per_new_alloc = NAN},
                                              {.tag = {{'c'}},
                                               .pool = POOL_NONPAGED,
                                               .bytes_change = 700,
                                               .has_live = true,
                                               .live_change = 1,
                                               .has_allocs = true,
                                               .allocs_change = 70,
                                               .has_frees = true,
                                               .frees_change = 69,
                                               .bytes_per_new_alloc = 30},
                                              {.tag = {{'d'}},
                                               .pool = POOL_PAGED,
                                               .bytes_change = -700,
                                               .has_live = true,
                                               .live_change = 8,
                                               .has_allocs = true,
                                               .allocs_change = 10,
                                               .has_frees = true,
                                               .frees_change = 2,
                                               .bytes_per_new_alloc = 20},
                                              {.tag = {{'e'}},
                                               .pool = POOL_NONPAGED,
                                               .bytes_change = 600,
                                               .bytes_per_new_alloc = NAN},
                                              {.tag = {{'a'}},
                                               .pool = POOL_NONPAGED,
                                               .bytes_change = 500,
                                               .has_live = true,
                                               .live_change = 5,
                                               .has_allocs = true,
                                               .allocs_change = 50,
                                               .has_frees = true,
                                               .frees_change = 45,
                                               .bytes_per_new_alloc = 10}};

static void differences_by_keys(void **state)
{
    (void)state;
    static const struct {
        enum sort_key keys[2];
        size_t n;
        const char *want; /* f is the last row */
    } table[] = {
        {{SORT_BYTES}, 1, "bcdeaf"}, /* the greatest moves first, up or down */
        {{SORT_DELTA}, 1, "ceafdb"}, /* what was gained first */
        {{SORT_LIVE}, 1, "dafcbe"},
        {{SORT_ALLOCS}, 1, "bcafde"},
        {{SORT_FREES}, 1, "bcafde"},
        {{SORT_PER_ALLOC}, 1, "cdafbe"},
        {{SORT_TAG}, 1, "afbcde"},
        {{SORT_POOL}, 1, "bcefad"},
        {{SORT_SOURCE}, 1, "abcdef"},
        {{SORT_POOL, SORT_TAG}, 2, "fbcead"},
        {{SORT_TAG, SORT_POOL}, 2, "fabcde"},
    };
    struct diff_row rows[6];
    memcpy(rows, differences, sizeof rows);
    const struct diff_result d = {.rows = rows, .n_rows = 6};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        uint32_t order[6];
        char got[7] = {0};
        for (uint32_t k = 0; k < 6; k++)
            order[k] = k;
        sort_diff(&d, table[i].keys, table[i].n, order, 6);
        for (size_t k = 0; k < 6; k++)
            got[k] = (char)('a' + order[k]);
        assert_string_equal(got, table[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_length_is_sorted),
        cmocka_unit_test(keys_and_ties),
        cmocka_unit_test(names_of_keys),
        cmocka_unit_test(differences_by_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
