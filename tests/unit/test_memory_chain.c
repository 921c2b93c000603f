/* SPDX-License-Identifier: MIT */
/* Long series told as chains, taken and ranked with memory that runs out at each
 * allocation: restarts, partial captures, links that are passed over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/analyze/analyze.h"
#include "formats/bytes.h"
#include "tests/unit/chained.h"
#include "tests/unit/memory.h"

enum { USUAL = 40 };

/* A series of so many captures. */
struct series {
    struct kind k;
    int n;
    uint64_t seed;
};

static int take(struct tally *t, const struct series *x, struct err *e)
{
    static struct machine m;
    const struct kind *k = &x->k;
    machine_begin(&m, x->seed);
    for (int i = 0; i < x->n; i++) {
        go_on(&m, k, one_in(&m, k->boots));
        m.s.completeness = one_in(&m, k->partial) ? COMPLETE_CUT : COMPLETE_WHOLE;
        if (!one_in(&m, k->leaves))
            TRY(tally_add(t, &m.s, i * .25, false, e));
    }
    return 0;
}

static int take_and_rank(void *ctx, uint64_t *sum, struct err *e)
{
    const struct rank_opts o = {.worker = NULL};
    struct rank_result r = {.n_tags = 0};
    struct tally *t;
    TRY(tally_new(&t, e));
    int code = take(t, ctx, e);
    if (code == 0)
        code = rank_tally(&r, t, &o, e);
    for (size_t i = 0; i < r.n_tags && code == 0; i++)
        *sum = *sum * 31 + r.tags[i].bytes + (uint64_t)r.tags[i].verdict;
    rank_free(&r);
    tally_free(t);
    return code;
}

static void long_series(void **state)
{
    (void)state;
    static const struct kind kinds[] = {
        {.changes = 4},
        {.changes = 4, .goes = 60, .leaves = 25},
        {.changes = 3, .goes = 200, .boots = 90, .partial = 9},
        {.changes = 3, .goes = 300, .boots = 5},
        {.changes = 3, .goes = 100, .boots = 1},
        {.changes = 4, .goes = 30, .top_n = true, .boots = 120, .leaves = 30},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct series x = {kinds[i], 300, 77};
        assert_true(memory_try("a chain", take_and_rank, &x, USUAL) > 100);
    }
}

/* Rows that the first captures do not list, which come and go at once. */
static void rows_that_come_later(void **state)
{
    (void)state;
    static const struct kind kinds[] = {
        {.changes = 4, .goes = 3, .leaves = 3, .late = 40},
        {.changes = 4, .goes = 50, .boots = 9, .late = 70},
        {.changes = 4, .goes = 50, .partial = 4, .late = 70},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        for (uint64_t seed = 0; seed < 40; seed++) {
            struct series x = {kinds[i], 40, seed};
            assert_true(memory_try("a chain", take_and_rank, &x, 0) > 50);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_series),
        cmocka_unit_test(rows_that_come_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
