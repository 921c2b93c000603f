/* SPDX-License-Identifier: MIT */
/* What a tag holds against what it gained while it was watched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/analyze/score.h"
#include "tests/unit/world.h"

static void gained_is_what_one_pace_would_bring(void **state)
{
    (void)state;
    static const struct {
        double net, growth, even, want;
    } cases[] = {{0, 0, 100, 0},   {50, 20, 100, .5}, {20, 50, 100, .5}, {300, 0, 100, 1},
                 {-50, 0, 100, 0}, {10, 0, 0, 1},     {-10, 0, 0, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sums s = {.net = cases[i].net};
        struct score_input in = {.s = &s, .even_gain = cases[i].even};
        assert_true(gained_of(&in, cases[i].growth) == cases[i].want);
    }
}

static void a_stretch_counts_by_its_share(void **state)
{
    (void)state;
    struct sums s = {.ramp_grown = 100, .ramp_proven = 100};
    struct axis_sums axis = {.boots = 1};
    struct score_input in = {.s = &s, .axis = &axis, .share = 1};
    struct score r = {.gained = 1, .pace = 1};
    assert_true(near(ramp_quality(&in, &r), .6, 1e-12));
    in.share = .25;
    assert_true(near(ramp_quality(&in, &r), .6, 1e-12));
    in.share = .0625;
    assert_true(near(ramp_quality(&in, &r), .3, 1e-12));
    axis.boots = 4;
    assert_true(near(ramp_quality(&in, &r), .15, 1e-12));
    r.gained = .5;
    assert_true(near(ramp_quality(&in, &r), .075, 1e-12));
    s.ramp_proven = 0;
    assert_true(ramp_quality(&in, &r) == 0);
    s.ramp_grown = 0;
    assert_true(ramp_quality(&in, &r) == 0);
}

/* A tag that has leaked since the machine was started, or one that holds as much from
 * its beginning and gains as much: two days, seen from hour `age` on. */
static double gained_from(double age, double before)
{
    struct world w = usual(48, 1);
    struct pool_snapshot s = {.uptime_s = -1};
    struct tally *t = NULL;
    struct rank_result r = {0};
    w.leak = false;
    assert_int_equal(tally_new(&t, NULL), 0);
    for (int j = 0; j < 48; j++) {
        double up = age + j;
        one(&s, &w, j, up);
        s.uptime_s = (int64_t)(up * 3600);
        uint64_t live = (uint64_t)(before + 1000 * up);
        put_row(&s, "Same", POOL_PAGED, 2 * live, live, live * 64);
        assert_int_equal(tally_add(t, &s, j, false, NULL), 0);
    }
    rank(t, &w, &r);
    double gained = find(&r, "Same")->gained;
    rank_free(&r);
    tally_free(t);
    pool_snapshot_free(&s);
    return gained;
}

static void a_machine_that_was_up_for_long_is_not_held_against_a_leak(void **state)
{
    (void)state;
    assert_true(gained_from(1, 0) > .99);
    assert_true(gained_from(720, 0) > .95);
    assert_true(gained_from(1, 1e6) < .1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gained_is_what_one_pace_would_bring),
        cmocka_unit_test(a_stretch_counts_by_its_share),
        cmocka_unit_test(a_machine_that_was_up_for_long_is_not_held_against_a_leak),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
