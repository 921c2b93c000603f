/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/analyze/few.h"
#include "tests/unit/world.h"

/* ---- the arithmetic ---- */

static struct boot window(double from, double to)
{
    return (struct boot){.first_t = from, .last_t = to};
}

static struct edge held(double first, double last)
{
    return (struct edge){.first_c = first, .last_c = last, .at_first = true};
}

static double share_of(double first, double last, double age)
{
    struct few f = {0};
    struct boot b = window(0, 48);
    struct edge e = held(first, last);
    few_add(&f, &b, &e, age);
    return few_since_boot(&f, true, 1);
}

static void growth_against_what_was_held(void **state)
{
    (void)state;
    /* 60 objects after 30 h are 2 an hour: 48 h would bring 96, and brought 90. */
    assert_true(near(share_of(60, 150, 30), 90. / 96, 1e-12));
    assert_true(near(share_of(60, 156, 30), 1, 1e-12));
    assert_true(
        near(share_of(60, 600, 30), 1, 1e-12)); /* it began later: no more than 1 */
    assert_true(near(share_of(6000, 6090, 30), 90. / 9600, 1e-12));
    assert_true(share_of(6000, 5000, 30) == .001); /* never quite nothing */
    assert_true(share_of(6000, 6001, 0) > 0);      /* a machine that was just started */
}

static void boots_add_up(void **state)
{
    (void)state;
    struct few f = {0};
    struct boot a = window(0, 10), b = window(20, 30), point = window(40, 40);
    struct edge ea = held(100, 150), eb = held(20, 10), ep = held(7, 9), one = held(4, 5);
    few_add(&f, &a, &ea, 20);
    few_add(&f, &b, &eb, 2);
    few_add(&f, &point, &ep, 1); /* one snapshot has no inside */
    assert_true(f.gained == 50);
    assert_true(f.expected == 100 * 10 / 20. + 20 * 10 / 2.);
    few_add(&f, &a, &one, 20);
    assert_true(f.gained == 51);
}

static void what_was_not_there_before(void **state)
{
    (void)state;
    struct few f = {0};
    struct boot b = window(0, 48);
    struct edge late = {.first_c = ABSENT, .last_c = 500};
    struct edge unsaid = {.first_c = UNKNOWN, .last_c = 500, .at_first = true};
    struct edge lost = {.first_c = 5, .last_c = UNKNOWN, .at_first = true};
    struct edge away = {.first_c = 5, .last_c = 500}; /* not listed at first */
    few_add(&f, &b, &away, 30);
    few_add(&f, &b, &late, 30);
    few_add(&f, &b, &unsaid, 30);
    few_add(&f, &b, &lost, 30);
    assert_false(few_has_past(&f));
    assert_true(few_since_boot(&f, true, 1) == .2);
}

static void without_an_uptime_its_own_counters_tell(void **state)
{
    (void)state;
    const struct few f = {.gained = 1, .expected = 100};
    assert_true(few_since_boot(&f, true, .7) == .01);
    assert_true(few_since_boot(&f, false, .7) == .7);
}

static void the_term_is_a_share(void **state)
{
    (void)state;
    assert_true(near(few_term(1, 1, 1), 1, 1e-12));
    assert_true(few_term(0, 1, 1) == 0);
    assert_true(few_term(.5, .4, .9) < few_term(.5, .9, .9));
    assert_true(few_term(.5, .9, .4) < few_term(.5, .9, .9));
    assert_true(few_term(1, 0, 0) > .2); /* spread alone still says something */
    double two[4], four[4], eight[4];
    few_cuts(2, two);
    few_cuts(4, four);
    few_cuts(8, eight);
    for (int i = 1; i <= 3; i++)
        assert_true(two[i] > four[i] && four[i] > eight[i] && eight[i] > 0);
    assert_true(eight[1] < eight[2] && eight[2] < eight[3]);
}

/* ---- a machine that was up for 100 hours ---- */

#define UP_H 100.

static void capture(struct pool_snapshot *s, double up, int workers)
{
    pool_snapshot_clear(s);
    for (int i = 0; i < workers; i++) {
        char tag[5] = "w00 ";
        tag[1] = (char)('0' + i / 10);
        tag[2] = (char)('0' + i % 10);
        put_row(s, tag, POOL_NONPAGED, (uint64_t)(up * (1000 + 10 * i)), 50, 3200);
    }
    uint64_t leaked = (uint64_t)(up * 1000);
    put_row(s, "Leak", POOL_NONPAGED, 2 * leaked, leaked, leaked * 64);
    /* a cache of 1.2 GB that takes in 200 objects an hour more than it drops */
    uint64_t cached = 20000000 + (uint64_t)(up * 200);
    put_row(s, "Blob", POOL_NONPAGED, cached + (uint64_t)(up * 5e5), cached,
            cached * 640);
    if (up > UP_H)
        put_row(s, "Late", POOL_NONPAGED, 900, 900, 900 * 640);
    put_row(s, "Less", POOL_NONPAGED, (uint64_t)(up * 900), 9000 - (uint64_t)up, 640000);
    s->rows[s->n_rows - 1].bytes = (9000 - (uint64_t)up) * 64;
}

static struct rank_result ranked(int captures, double step_h, int workers)
{
    struct tally *t = NULL;
    struct err e = {0};
    struct rank_result r = {0};
    struct pool_snapshot s = {.uptime_s = -1};
    const struct rank_opts o = {.n_thresholds = 0};
    assert_int_equal(tally_new(&t, &e), 0);
    for (int j = 0; j < captures; j++) {
        capture(&s, UP_H + j * step_h, workers);
        assert_int_equal(tally_add(t, &s, j * step_h, false, &e), 0);
    }
    assert_int_equal(rank_tally(&r, t, &o, &e), 0);
    pool_snapshot_free(&s);
    tally_free(t);
    return r;
}

static bool has_evidence(const struct rank_tag *t, enum evidence_code code)
{
    for (int i = 0; i < t->n_evidence; i++)
        if (t->evidence[i].code == code)
            return true;
    return false;
}

static void a_breath_of_a_cache_is_no_leak(void **state)
{
    (void)state;
    for (int n = 2; n <= 9; n++) {
        struct rank_result r = ranked(n, 48. / (n - 1), 30);
        const struct rank_tag *leak = find(&r, "Leak"), *blob = find(&r, "Blob");
        assert_ptr_equal(leak, &r.tags[0]);
        assert_true(blob->bytes_change > leak->bytes_change);
        assert_true(near(leak->since_boot, 1, .01));
        assert_true(blob->since_boot < .01);
        assert_true(leak->score > blob->score);
        assert_true(has_evidence(leak, EVIDENCE_SINCE_BOOT));
        assert_false(has_evidence(leak, EVIDENCE_PACE));
        assert_true(find(&r, "Late")->since_boot == .2);
        assert_true(near(r.boots[0].age_h, UP_H, .05));
        rank_free(&r);
    }
}

static void two_captures_stay_a_difference(void **state)
{
    (void)state;
    struct rank_result r = ranked(2, 48, 30);
    assert_int_equal(r.outcome, OUTCOME_TOO_FEW);
    for (size_t i = 0; i < r.n_tags; i++) {
        assert_int_equal(r.tags[i].verdict, VERDICT_TOO_FEW);
        assert_int_equal(r.tags[i].confidence, CONFIDENCE_NONE);
        assert_int_equal(r.tags[i].grade, 0);
        if (i > 0)
            assert_true(r.tags[i - 1].score >= r.tags[i].score);
    }
    assert_ptr_equal(find(&r, "Less"), &r.tags[r.n_tags - 1]); /* it shrank */
    rank_free(&r);
}

static void grades_of_few_are_modest(void **state)
{
    (void)state;
    for (int n = 3; n <= 5; n++) {
        struct rank_result r = ranked(n, 48. / (n - 1), 30);
        assert_int_equal(find(&r, "Leak")->confidence, CONFIDENCE_POSSIBLE);
        assert_int_equal(find(&r, "Blob")->grade, 0);
        rank_free(&r);
    }
}

static void too_few_tags_tell_no_uptime(void **state)
{
    (void)state;
    struct rank_result r = ranked(3, 24, 0);
    const struct rank_tag *leak = find(&r, "Leak");
    assert_true(near(leak->since_boot, leak->pace, 1e-12));
    rank_free(&r);
}

static void many_captures_are_judged_on_their_shape(void **state)
{
    (void)state;
    struct rank_result r = ranked(12, 4, 30);
    const struct rank_tag *leak = find(&r, "Leak");
    assert_true(isnan(leak->since_boot));
    assert_true(has_evidence(leak, EVIDENCE_PACE));
    assert_false(has_evidence(leak, EVIDENCE_SINCE_BOOT));
    rank_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(growth_against_what_was_held),
        cmocka_unit_test(boots_add_up),
        cmocka_unit_test(what_was_not_there_before),
        cmocka_unit_test(without_an_uptime_its_own_counters_tell),
        cmocka_unit_test(the_term_is_a_share),
        cmocka_unit_test(a_breath_of_a_cache_is_no_leak),
        cmocka_unit_test(two_captures_stay_a_difference),
        cmocka_unit_test(grades_of_few_are_modest),
        cmocka_unit_test(too_few_tags_tell_no_uptime),
        cmocka_unit_test(many_captures_are_judged_on_their_shape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
