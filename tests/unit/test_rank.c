/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/world.h"

/* Bytes of one tag at snapshot j of 96, one an hour. */
static double shape(int which, int j)
{
    double mb = 1048576;
    switch (which) {
    case 0:
        return 600 * mb; /* over half of the pool, still */
    case 1:
        return j < 50 ? 2 * mb : 9 * mb;
    case 2:
        return 8 * mb * (1 - exp(-j / 12.0));
    case 3:
        return mb * (2 + (j % 12 < 6 ? 0 : 4));
    case 4:
        return mb * (100 - j);
    default:
        return 4096;
    }
}

static void a_planted_leak_comes_first(void **state)
{
    (void)state;
    static const struct {
        int n;
        double step_h;
    } cases[] = {{24, 3}, {96, 1}, {300, .25}, {700, .25}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world w = usual(cases[i].n, cases[i].step_h);
        struct rank_result r = run(&w);
        const struct rank_tag *t = &r.tags[0];
        assert_true(tag_equal(t->tag, tag_from("Leak", 4)));
        assert_int_equal(t->verdict, VERDICT_LEAK);
        assert_int_equal(t->confidence, CONFIDENCE_STRONG);
        assert_int_equal(r.outcome, OUTCOME_LEAK);
        assert_true(near(t->bytes_per_hour, LEAK_PER_H, .001));
        assert_true(t->bytes_per_hour_low <= t->bytes_per_hour);
        assert_true(t->bytes_per_hour <= t->bytes_per_hour_high);
        assert_true(
            near(t->growth_bytes, LEAK_PER_H * (cases[i].n - 1) * cases[i].step_h, .2));
        assert_int_equal(t->steps_rising, t->steps);
        assert_true(t->directness > .99 && t->straightness > .99 && t->spread > .99);
        assert_true(near(t->bytes_per_new_alloc, 64, 1e-9));
        assert_true(t->n_evidence > 3);
        assert_int_equal(t->evidence[0].code, EVIDENCE_STEPS);
        assert_int_equal(r.n_boots, 1);
        for (size_t k = 1; k < r.n_tags; k++) {
            assert_true(r.tags[k].grade < 2);
            assert_true(r.tags[k - 1].score >= r.tags[k].score);
        }
        rank_free(&r);
    }
}

/* The same leak, seen for as long as a grade asks, and for a little less. */
static void grades_ask_for_their_hours(void **state)
{
    (void)state;
    static const struct {
        int n;
        double step_h;
        int grade;
    } t[] = {{25, 1, 3},  {24, 1, 2},     {7, 1, 2}, {6, 1, 1}, {13, .5, 2},
             {12, .5, 1}, {7, 3.9375, 2}, {7, 4, 3}, {6, 6, 3}, {5, 6, 1}};
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct world w = usual(t[i].n, t[i].step_h);
        struct rank_result r = run(&w);
        if (!tag_equal(r.tags[0].tag, tag_from("Leak", 4)) ||
            r.tags[0].grade != t[i].grade)
            fail_msg("%d captures, %g h apart: grade %d", t[i].n, t[i].step_h,
                     r.tags[0].grade);
        rank_free(&r);
    }
}

static void no_leak_in_noise(void **state)
{
    (void)state;
    struct world w = usual(96, 1);
    w.leak = false;
    struct rank_result r = run(&w);
    assert_int_equal(r.outcome, OUTCOME_NONE);
    for (size_t i = 0; i < r.n_tags; i++)
        assert_int_equal(r.tags[i].grade, 0);
    assert_int_equal(find(&r, "i00 ")->verdict, VERDICT_STEADY);
    rank_free(&r);
}

static void short_series_are_never_called_leak(void **state)
{
    (void)state;
    static const struct {
        int n;
        double step_h;
        bool no_times;
        enum outcome outcome;
    } cases[] = {
        {3, 24, false, OUTCOME_SUSPECT},  {5, 48, false, OUTCOME_SUSPECT},
        {60, .1, false, OUTCOME_SUSPECT}, {61, .09, false, OUTCOME_SUSPECT},
        {96, 1, true, OUTCOME_SUSPECT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world w = usual(cases[i].n, cases[i].step_h);
        w.no_times = cases[i].no_times;
        struct rank_result r = run(&w);
        const struct rank_tag *t = find(&r, "Leak");
        assert_int_equal(t->verdict, VERDICT_GROWING);
        assert_int_equal(t->confidence, CONFIDENCE_POSSIBLE);
        assert_int_equal(r.outcome, cases[i].outcome);
        assert_true((isnan(t->bytes_per_hour) != 0) == cases[i].no_times);
        assert_int_equal(t->evidence[t->n_evidence - 3].code == EVIDENCE_CAPPED ||
                             t->evidence[t->n_evidence - 2].code == EVIDENCE_CAPPED ||
                             t->evidence[t->n_evidence - 1].code == EVIDENCE_CAPPED,
                         1);
        rank_free(&r);
    }
    struct world day = usual(40, .5);
    struct rank_result r = run(&day);
    assert_int_equal(find(&r, "Leak")->confidence, CONFIDENCE_PROBABLE);
    rank_free(&r);
}

static void one_and_two_snapshots(void **state)
{
    (void)state;
    struct world w = usual(1, 1);
    struct rank_result r = run(&w);
    assert_int_equal(r.outcome, OUTCOME_TOO_FEW);
    for (size_t i = 0; i < r.n_tags; i++) {
        assert_int_equal(r.tags[i].verdict, VERDICT_TOO_FEW);
        assert_int_equal(r.tags[i].confidence, CONFIDENCE_NONE);
        assert_true(isnan(r.tags[i].bytes_per_hour));
        if (i > 0)
            assert_true(r.tags[i].bytes <= r.tags[i - 1].bytes);
    }
    rank_free(&r);
    w = usual(2, 10);
    w.still = true;
    r = run(&w);
    assert_true(tag_equal(r.tags[0].tag, tag_from("Leak", 4)));
    assert_int_equal(r.tags[0].bytes_change, 655360);
    assert_true(r.tags[0].bytes_per_hour == LEAK_PER_H);
    assert_int_equal(r.tags[0].verdict, VERDICT_TOO_FEW);
    assert_int_equal(r.outcome, OUTCOME_TOO_FEW);
    rank_free(&r);
}

static void what_must_not_matter(void **state)
{
    (void)state;
    struct world w = usual(96, .5);
    struct rank_result plain = run(&w);
    w.shift_h = 1000;
    w.permuted = true;
    struct rank_result moved = run(&w);
    assert_int_equal(plain.n_tags, moved.n_tags);
    for (size_t i = 0; i < plain.n_tags; i++) {
        assert_true(tag_equal(plain.tags[i].tag, moved.tags[i].tag));
        assert_same_tag(&plain.tags[i], &moved.tags[i]);
    }
    rank_free(&moved);
    w = usual(96, .5);
    w.leak_name = "aaaa";
    struct rank_result renamed = run(&w);
    assert_same_tag(find(&plain, "Leak"), find(&renamed, "aaaa"));
    assert_same_tag(find(&plain, "i07 "), find(&renamed, "i07 "));
    rank_free(&renamed);
    rank_free(&plain);
}

static void bytes_scale_rates(void **state)
{
    (void)state;
    struct world w = usual(96, 1);
    w.scale = 4;
    struct rank_result a = run(&w);
    w.scale = 64;
    struct rank_result b = run(&w);
    const struct rank_tag *x = find(&a, "Leak"), *y = find(&b, "Leak");
    assert_int_equal(x->verdict, y->verdict);
    assert_true(near(y->bytes_per_hour, 16 * x->bytes_per_hour, 1e-9));
    assert_true(near(y->bytes_per_hour_high, 16 * x->bytes_per_hour_high, 1e-9));
    assert_true(near(y->growth_bytes, 16 * x->growth_bytes, 1e-9));
    assert_true(near(y->quality, x->quality, 1e-6));
    rank_free(&a);
    rank_free(&b);
}

static void wrapped_counters_change_nothing(void **state)
{
    (void)state;
    struct world w = usual(48, 1);
    w.near_top = UINT32_MAX - 40000000u;
    w.width = 64;
    struct rank_result plain = run(&w);
    w.width = 32;
    struct rank_result wrapped = run(&w);
    assert_int_equal(wrapped.n_boots, 1);
    assert_true(find(&wrapped, "fast")->wrapped);
    assert_false(find(&plain, "fast")->wrapped);
    assert_int_equal(wrapped.notes.seen[NOTE_WRAP], 1);
    assert_int_equal(plain.notes.seen[NOTE_WRAP], 0);
    for (size_t i = 0; i < plain.n_tags; i++)
        assert_same_tag(&plain.tags[i], &wrapped.tags[i]);
    rank_free(&plain);
    rank_free(&wrapped);
}

static void judged_again_after_more(void **state)
{
    (void)state;
    struct world w = usual(96, 1);
    struct tally *t = NULL;
    struct err e = {0};
    struct rank_result r = {0}, all = run(&w);
    assert_int_equal(tally_new(&t, &e), 0);
    rank(t, &w, &r);
    assert_int_equal(r.n_tags, 0);
    assert_int_equal(r.outcome, OUTCOME_TOO_FEW);
    feed(t, &w, 0, 50);
    rank(t, &w, &r);
    assert_int_equal(r.snapshots, 50);
    feed(t, &w, 50, 96);
    rank(t, &w, &r);
    assert_int_equal(r.n_tags, all.n_tags);
    for (size_t i = 0; i < r.n_tags; i++)
        assert_same_tag(&r.tags[i], &all.tags[i]);
    rank_free(&r);
    rank_free(&all);
    rank_free(&all);
    tally_free(t);
    tally_free(NULL);
}

static void shapes_have_their_words(void **state)
{
    (void)state;
    static const enum verdict want[] = {VERDICT_FINISHED,  VERDICT_STEP,
                                        VERDICT_PLATEAU,   VERDICT_CYCLIC,
                                        VERDICT_SHRINKING, VERDICT_STEADY};
    struct tally *t = NULL;
    struct err e = {0};
    struct rank_result r = {0};
    struct pool_snapshot s = {.uptime_s = -1};
    struct world w = usual(0, 0);
    assert_int_equal(tally_new(&t, &e), 0);
    for (int j = 0; j < 96; j++) {
        pool_snapshot_clear(&s);
        for (int i = 0; i < 6; i++) {
            char tag[5] = "s0  ";
            tag[1] = (char)('0' + i);
            uint64_t live = (uint64_t)(shape(i, j) / 64);
            put_row(&s, tag, POOL_PAGED, 1000000000 + (uint64_t)j * 1000 + live, live,
                    live * 64);
        }
        assert_int_equal(tally_add(t, &s, j, false, &e), 0);
    }
    rank(t, &w, &r);
    for (int i = 0; i < 6; i++) {
        char tag[5] = "s0  ";
        tag[1] = (char)('0' + i);
        if (i == 1) /* one rise may be graded, never above possible */
            assert_true(find(&r, tag)->grade <= 1);
        else
            assert_int_equal(find(&r, tag)->verdict, want[i]);
    }
    assert_true(find(&r, "s0  ")->share_of_pool > .5);
    rank_free(&r);
    tally_free(t);
    pool_snapshot_free(&s);
}

static void window_figures_by_hand(void **state)
{
    (void)state;
    struct tally *t = NULL;
    struct err e = {0};
    struct rank_result r = {0};
    struct pool_snapshot s = {.uptime_s = -1};
    struct world w = usual(0, 0);
    assert_int_equal(tally_new(&t, &e), 0);
    static const uint64_t allocs[] = {1000, 1040, 1100}, live[] = {10, 20, 60};
    for (int j = 0; j < 3; j++) {
        pool_snapshot_clear(&s);
        struct pool_row *row =
            put_row(&s, "Hand", POOL_PAGED, allocs[j], live[j], live[j] * 96);
        row->fields |= ROW_BYTES_DELTA;
        row->bytes_delta = j;
        put_row(&s, "Only", POOL_PAGED, 5, 1, 96);
        assert_int_equal(tally_add(t, &s, j * 2, false, &e), 0);
    }
    rank(t, &w, &r);
    const struct rank_tag *h = find(&r, "Hand");
    assert_true(h->freed == .5); /* 50 of 100 */
    assert_true(h->bytes_per_new_alloc == 96);
    assert_int_equal(h->bytes, 5760);
    assert_int_equal(h->live, 60);
    assert_int_equal(h->bytes_change, 4800);
    assert_int_equal(h->live_change, 50);
    assert_true(h->bytes_per_hour == 1200);
    assert_true(h->rising == 1 && h->steps == 2);
    assert_true(h->has_bytes_delta && h->bytes_delta == 2);
    assert_true(h->share_of_growth == 1);
    assert_true(near(h->share_of_pool, 5760.0 / 5856, 1e-12));
    assert_false(h->share_of_header);
    assert_int_equal(h->n_spark, 3);
    assert_true(h->spark[0] == 960 && h->spark[2] == 5760);
    assert_true(isnan(find(&r, "Only")->freed));
    assert_true(find(&r, "Only")->growth_bytes == 0);
    rank_free(&r);
    tally_free(t);
    pool_snapshot_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_planted_leak_comes_first),
        cmocka_unit_test(grades_ask_for_their_hours),
        cmocka_unit_test(no_leak_in_noise),
        cmocka_unit_test(short_series_are_never_called_leak),
        cmocka_unit_test(one_and_two_snapshots),
        cmocka_unit_test(what_must_not_matter),
        cmocka_unit_test(bytes_scale_rates),
        cmocka_unit_test(wrapped_counters_change_nothing),
        cmocka_unit_test(judged_again_after_more),
        cmocka_unit_test(shapes_have_their_words),
        cmocka_unit_test(window_figures_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
