/* SPDX-License-Identifier: MIT */
/* A series told as a chain, of which only what changed is looked at, and judged by two,
 * is ranked as the same series told row by row and judged by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/worker.h"
#include "tests/unit/chained.h"
#include "tests/unit/prop_rank.h"

#define CAPTURES 400

/* The same capture without its chain. */
static struct pool_snapshot alone(const struct machine *m, struct pool_row *rows)
{
    struct pool_snapshot s = m->s;
    s.rows = rows;
    s.chain = (struct pool_chain){.id = 0};
    for (size_t i = 0; i < s.n_rows; i++)
        rows[i] = m->rows[m->order[i]];
    return s;
}

static struct buf told(struct tally *t, struct worker *w,
                       const struct pool_snapshot *last)
{
    struct rank_result r = {0};
    const struct rank_opts o = {.worker = w};
    assert_int_equal(rank_tally(&r, t, &o, NULL), 0);
    struct buf b = rank_json(&r, last, 1);
    rank_free(&r);
    return b;
}

/* Returns how many captures were one of a chain for the tally. */
static int compare(const struct kind *k, uint64_t seed, struct worker *w)
{
    static struct machine m;
    struct tally *by_chain = NULL, *by_row = NULL;
    struct pool_row rows[PLACES];
    int followed = 0;
    machine_begin(&m, seed);
    assert_int_equal(tally_new(&by_chain, NULL), 0);
    assert_int_equal(tally_new(&by_row, NULL), 0);
    for (int i = 0; i < CAPTURES; i++) {
        go_on(&m, k, one_in(&m, k->boots));
        m.s.completeness = one_in(&m, k->partial) ? COMPLETE_CUT : COMPLETE_WHOLE;
        if (one_in(&m, k->leaves))
            continue; /* the tally does not see it, and the chain breaks off for it */
        const struct pool_snapshot s = alone(&m, rows);
        assert_int_equal(tally_add(by_chain, &m.s, i * .25, false, NULL), 0);
        assert_int_equal(tally_add(by_row, &s, i * .25, false, NULL), 0);
        followed++;
        if (i % 80 != 79 && i != CAPTURES - 1)
            continue;
        struct buf a = told(by_chain, w, &s), b = told(by_row, NULL, &s);
        if (a.n != b.n || memcmp(a.p, b.p, a.n) != 0)
            fail_msg("seed %u, capture %d: ranked another way", (unsigned)seed, i);
        buf_free(&a);
        buf_free(&b);
    }
    tally_free(by_chain);
    tally_free(by_row);
    return followed;
}

static void chains_are_ranked_as_rows_are(void **state)
{
    (void)state;
    static const struct kind kinds[] = {
        {.changes = 4},
        {.changes = 4, .goes = 60, .leaves = 25},
        {.changes = 3, .goes = 200, .boots = 90},
        {.changes = 3, .goes = 300, .boots = 5},
        {.changes = 4, .falls = 40, .huge = 3, .boots = 130},
        {.changes = 2, .falls = 3, .goes = 40},
        {.changes = 5, .odd = 9, .goes = 50, .boots = 100, .huge = 6},
        {.changes = 4, .goes = 30, .partial = 4, .boots = 120},
        {.changes = 4, .goes = 30, .top_n = true, .boots = 120},
        {.changes = 3, .odd = 30, .goes = 20, .top_n = true, .partial = 9, .leaves = 30},
    };
    struct worker *w = NULL;
    assert_int_equal(worker_new(&w, true, NULL), 0);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        for (uint64_t seed = 1; seed <= 3; seed++)
            assert_true(compare(&kinds[i], 100 * i + seed, w) > CAPTURES / 2);
    worker_free(w);
}

/* Of two rows that move one falls: not most of them, so it is no restart. */
static void one_of_two_falls(void **state)
{
    static struct machine m;
    struct tally *t = NULL;
    struct rank_result r = {0};
    const struct rank_opts o = {.n_suspects = 0};
    (void)state;
    machine_begin(&m, 1);
    assert_int_equal(tally_new(&t, NULL), 0);
    for (uint32_t step = 1; step <= 2; step++) {
        struct pool_chain *c = &m.s.chain;
        c->step = step;
        m.s.n_rows = 3;
        for (uint32_t i = 0; i < 3; i++) {
            const uint64_t frees = step == 1 || i < 2 ? 50000 : 10;
            const uint64_t live = 10 + i + (i == 1 ? step : 0);
            m.rows[i] = (struct pool_row){.tag = {{'T', 'a', (uint8_t)('a' + i), ' '}},
                                          .width = 32,
                                          .fields = all_fields,
                                          .allocs = frees + live,
                                          .frees = frees,
                                          .live = live,
                                          .bytes = live * 64};
            m.order[i] = i;
            m.changed[i] = step == 1 ? i : i + 1;
        }
        c->n_changed = step == 1 ? 3 : 2;
        c->n_fresh = step == 1 ? 3 : 0;
        sum_up(&m);
        assert_int_equal(tally_add(t, &m.s, step, false, NULL), 0);
    }
    assert_int_equal(rank_tally(&r, t, &o, NULL), 0);
    assert_int_equal(r.n_boots, 1);
    rank_free(&r);
    tally_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chains_are_ranked_as_rows_are),
        cmocka_unit_test(one_of_two_falls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
