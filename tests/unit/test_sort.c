/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_length_is_sorted),
        cmocka_unit_test(keys_and_ties),
        cmocka_unit_test(names_of_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
