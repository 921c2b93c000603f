/* SPDX-License-Identifier: MIT */
/* What is asked of one capture: does it list all, what do its header lines state, are its
 * pools those of 32 or of 64 bits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/analyze/row.h"
#include "tests/unit/series.h"

#define GIB (1u << 20) /* in KiB */

/* So many rows, the first of `first` bytes and every other one of `bytes`. */
static void fill(struct pool_snapshot *s, size_t rows, uint64_t first, uint64_t bytes)
{
    pool_snapshot_clear(s);
    s->completeness = COMPLETE_WHOLE;
    s->scope = SCOPE_SYSTEM;
    for (size_t i = 0; i < rows; i++) {
        char tag[] = "r000";
        tag[2] = (char)('0' + i / 10);
        tag[3] = (char)('0' + i % 10);
        put_row(s, tag, POOL_NONPAGED, 10, 5, i == 0 ? first : bytes);
    }
}

static void cut_below_its_largest_rows(void **state)
{
    (void)state;
    struct pool_snapshot s = {.uptime_s = -1};
    fill(&s, TOP_N_ROWS, TOP_N_BYTES + 1, TOP_N_BYTES + 1);
    assert_false(capture_lists_all(&s));
    s.rows[TOP_N_ROWS - 1].bytes = TOP_N_BYTES;
    assert_true(capture_lists_all(&s));
    s.rows[TOP_N_ROWS - 1].fields &= (uint16_t)~ROW_BYTES; /* not said: no small row */
    assert_false(capture_lists_all(&s));
    fill(&s, TOP_N_ROWS - 1, TOP_N_BYTES + 1, TOP_N_BYTES + 1);
    assert_true(capture_lists_all(&s));
    s.completeness = COMPLETE_FILTERED;
    assert_false(capture_lists_all(&s));
    pool_snapshot_free(&s);
}

static void totals_of_the_header(void **state)
{
    (void)state;
    struct pool_snapshot s = {.scope = SCOPE_SYSTEM, .uptime_s = -1};
    uint64_t bytes = 7;
    s.totals.v[TOTAL_NONPAGED_KIB] = 3;
    s.totals.v[TOTAL_PAGED_KIB] = UINT64_MAX / 1024 + 1;
    assert_false(capture_header_total(&s, POOL_NONPAGED, &bytes));
    s.totals.given = 1u << TOTAL_NONPAGED_KIB | 1u << TOTAL_PAGED_KIB;
    assert_true(capture_header_total(&s, POOL_NONPAGED, &bytes));
    assert_int_equal(bytes, 3 * 1024);
    assert_false(capture_header_total(&s, POOL_PAGED, &bytes)); /* more than 64 bits */
    s.totals.v[TOTAL_PAGED_KIB] = 5;
    assert_true(capture_header_total(&s, POOL_PAGED, &bytes));
    assert_int_equal(bytes, 5 * 1024);
    assert_false(capture_header_total(&s, POOL_UNKNOWN, &bytes));
    s.scope = SCOPE_SESSION;
    assert_false(capture_header_total(&s, POOL_NONPAGED, &bytes));
}

static void a_limit_is_none_above_what_the_machine_has(void **state)
{
    (void)state;
    struct pool_snapshot s = {.scope = SCOPE_SYSTEM, .uptime_s = -1};
    struct pool_totals *t = &s.totals;
    t->v[TOTAL_NONPAGED_LIMIT_KIB] = 4 * GIB;
    t->v[TOTAL_PAGED_LIMIT_KIB] = ((uint64_t)1 << 34) - 1;
    assert_int_equal(capture_limit(&s, POOL_NONPAGED), 0); /* not given */
    t->given = 1u << TOTAL_NONPAGED_LIMIT_KIB | 1u << TOTAL_PAGED_LIMIT_KIB;
    assert_true(capture_limit(&s, POOL_NONPAGED) == (uint64_t)4 << 30);
    assert_true(capture_limit(&s, POOL_PAGED) == (((uint64_t)1 << 34) - 1) << 10);
    t->v[TOTAL_PAGED_LIMIT_KIB]++; /* 16 TiB: a range of addresses */
    assert_int_equal(capture_limit(&s, POOL_PAGED), 0);
    assert_int_equal(capture_limit(&s, POOL_UNKNOWN), 0);
    t->given |= 1u << TOTAL_MEMORY_KIB;
    t->v[TOTAL_MEMORY_KIB] = 4 * GIB;
    assert_true(capture_limit(&s, POOL_NONPAGED) == (uint64_t)4 << 30);
    t->v[TOTAL_MEMORY_KIB]--;
    assert_int_equal(capture_limit(&s, POOL_NONPAGED), 0);
    t->given |= 1u << TOTAL_LIMIT_KIB; /* what can be committed counts before memory */
    t->v[TOTAL_LIMIT_KIB] = 4 * GIB;
    assert_true(capture_limit(&s, POOL_NONPAGED) == (uint64_t)4 << 30);
    s.scope = SCOPE_SESSION;
    assert_int_equal(capture_limit(&s, POOL_NONPAGED), 0);
}

static void units_of_the_blocks(void **state)
{
    (void)state;
    struct pool_snapshot s = {.uptime_s = -1};
    fill(&s, 16, 48, 64);
    assert_int_equal(capture_pool_bits(&s), 64);
    s.rows[15].bytes = 0; /* fifteen that hold something are too few */
    assert_int_equal(capture_pool_bits(&s), 0);
    fill(&s, 16, 48, 64);
    s.rows[15].fields &= (uint16_t)~ROW_BYTES;
    assert_int_equal(capture_pool_bits(&s), 0);
    fill(&s, 16, 64, 64); /* all of 32: older systems */
    assert_int_equal(capture_pool_bits(&s), 0);
    fill(&s, 16, 48, 64);
    s.rows[3].bytes = 72; /* one may be anything, two are no chance */
    assert_int_equal(capture_pool_bits(&s), 0);
    s.rows[4].bytes = 8;
    assert_int_equal(capture_pool_bits(&s), 32);
    s.rows[5].bytes = 65; /* rounded */
    assert_int_equal(capture_pool_bits(&s), 0);
    pool_snapshot_free(&s);
}

/* Sixteen rows in a chain, of which the first is said to have changed. */
static void said_of_the_next(void **state)
{
    (void)state;
    struct pool_snapshot s = {.uptime_s = -1};
    struct capture_bits last = {0};
    uint32_t order[16], changed[1] = {0};
    for (uint32_t i = 0; i < 16; i++)
        order[i] = i;
    fill(&s, 16, 48, 64);
    s.chain.id = 3;
    s.chain.step = 1;
    s.chain.order = order;
    s.chain.changed = changed;
    assert_int_equal(capture_bits_next(&last, &s), 64);
    /* The next one changed nothing of what tells. */
    s.chain.step = 2;
    s.chain.n_changed = 1;
    s.rows[0].bytes = 64;
    assert_int_equal(capture_bits_next(&last, &s), 64);
    assert_int_equal(capture_pool_bits(&s), 0);
    s.chain.step = 4; /* one is missing: the rows are looked at */
    assert_int_equal(capture_bits_next(&last, &s), 0);
    s.chain.step = 5; /* behind one that did not tell */
    assert_int_equal(capture_bits_next(&last, &s), 0);
    last = (struct capture_bits){64, 3, 5};
    s.chain.step = 6;
    s.rows[0].bytes = 72; /* an odd multiple of 8 */
    assert_int_equal(capture_bits_next(&last, &s), 0);
    last = (struct capture_bits){64, 4, 6}; /* of another chain */
    s.chain.step = 7;
    s.rows[0].bytes = 64;
    assert_int_equal(capture_bits_next(&last, &s), 0);
    s.chain.id = 0;
    s.chain.order = s.chain.changed = NULL;
    pool_snapshot_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_below_its_largest_rows),
        cmocka_unit_test(totals_of_the_header),
        cmocka_unit_test(a_limit_is_none_above_what_the_machine_has),
        cmocka_unit_test(units_of_the_blocks),
        cmocka_unit_test(said_of_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
