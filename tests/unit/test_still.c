/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/analyze/analyze.h"
#include "tests/unit/series.h"

enum { ENOUGH = 12 }; /* rows that keep counting: so that a restart can be told */

struct three {
    struct pool_snapshot old, now, newer;
    struct diff_result d, later;
};

static void take(struct three *x)
{
    struct err e = {0};
    assert_int_equal(diff_snapshots(&x->d, &x->old, &x->now, &e), 0);
    assert_int_equal(diff_snapshots(&x->later, &x->now, &x->newer, &e), 0);
    assert_int_equal(diff_still(&x->d, &x->later, &e), 0);
}

static void begin(struct three *x)
{
    *x = (struct three){
        .old = {.uptime_s = -1}, .now = {.uptime_s = -1}, .newer = {.uptime_s = -1}};
    put_time(&x->old, 0);
    put_time(&x->now, 2);
    put_time(&x->newer, 5);
}

static void release(struct three *x)
{
    diff_free(&x->d);
    diff_free(&x->later);
    pool_snapshot_free(&x->old);
    pool_snapshot_free(&x->now);
    pool_snapshot_free(&x->newer);
}

/* Rows that do nothing but count; restarted: from few again. */
static void put_counters(struct pool_snapshot *s, uint64_t allocs)
{
    for (int i = 0; i < ENOUGH; i++) {
        char tag[] = "c00 ";
        tag[1] = (char)('0' + i / 10);
        tag[2] = (char)('0' + i % 10);
        put_row(s, tag, POOL_PAGED, allocs + (uint64_t)i, 4, 256);
    }
}

static const struct diff_row *row_of(const struct three *x, const char *tag)
{
    for (size_t i = 0; i < x->d.n_rows; i++)
        if (tag_equal(x->d.rows[i].tag, tag_from(tag, 4)))
            return &x->d.rows[i];
    fail_msg("no row %s", tag);
    return NULL;
}

static void put_three(struct three *x, const char *tag, uint64_t a, uint64_t b,
                      uint64_t c)
{
    if (a > 0)
        put_row(&x->old, tag, POOL_NONPAGED, 1000 + a / 10, a / 10, a);
    if (b > 0)
        put_row(&x->now, tag, POOL_NONPAGED, 2000 + b / 10, b / 10, b);
    if (c > 0)
        put_row(&x->newer, tag, POOL_NONPAGED, 3000 + c / 10, c / 10, c);
}

static void the_kept_share_by_hand(void **state)
{
    (void)state;
    static const struct {
        const char *tag;
        uint64_t old, now, newer;
        double kept; /* below 0: unknown */
        bool still;
    } cases[] = {
        {"More", 1000, 2000, 9000, 1, true},   {"All ", 1000, 2000, 2000, 1, true},
        {"Most", 1000, 2000, 1950, .95, true}, {"Half", 1000, 2000, 1500, .5, false},
        {"Gave", 1000, 2000, 1000, 0, false},  {"Less", 1000, 2000, 500, 0, false},
        {"New ", 0, 2000, 2500, 1, true},      {"Died", 1000, 2000, 0, 0, false},
        {"Fell", 2000, 1000, 3000, -1, false}, {"Same", 1000, 1000, 3000, -1, false},
        {"Late", 0, 0, 3000, -1, false},
    };
    struct three x;
    begin(&x);
    put_counters(&x.old, 1000);
    put_counters(&x.now, 2000);
    put_counters(&x.newer, 3000);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        put_three(&x, cases[i].tag, cases[i].old, cases[i].now, cases[i].newer);
    take(&x);
    assert_true(x.d.same_boot && x.later.same_boot);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (cases[i].old == 0 && cases[i].now == 0)
            continue; /* no row of the first two */
        const struct diff_row *r = row_of(&x, cases[i].tag);
        assert_true(r->newer_known);
        assert_int_equal(r->newer_bytes, cases[i].newer);
        assert_true(cases[i].kept < 0 ? isnan(r->kept) : r->kept == cases[i].kept);
        assert_int_equal(diff_row_kept(r), cases[i].still);
    }
    assert_int_equal(x.d.n_rows, ENOUGH + 10);
    release(&x);
}

static void a_restart_gives_everything_back(void **state)
{
    (void)state;
    struct three x;
    begin(&x);
    put_counters(&x.old, 100000);
    put_counters(&x.now, 200000);
    put_counters(&x.newer, 50);
    put_three(&x, "Leak", 1000, 2000, 9000);
    take(&x);
    assert_false(x.later.same_boot);
    const struct diff_row *r = row_of(&x, "Leak");
    assert_true(isnan(r->kept));
    assert_int_equal(r->newer_bytes, 9000);
    assert_false(diff_row_kept(r));
    release(&x);
}

static void what_a_screen_does_not_list_is_unknown(void **state)
{
    (void)state;
    struct three x;
    begin(&x);
    x.newer.completeness = COMPLETE_SCREEN;
    put_counters(&x.old, 1000);
    put_counters(&x.now, 2000);
    put_counters(&x.newer, 3000);
    put_three(&x, "Leak", 1000, 2000, 0);
    put_three(&x, "Seen", 1000, 2000, 2100);
    take(&x);
    const struct diff_row *r = row_of(&x, "Leak");
    assert_false(r->newer_known);
    assert_true(isnan(r->kept));
    assert_true(diff_row_kept(row_of(&x, "Seen")));
    release(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_kept_share_by_hand),
        cmocka_unit_test(a_restart_gives_everything_back),
        cmocka_unit_test(what_a_screen_does_not_list_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
