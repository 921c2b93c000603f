/* SPDX-License-Identifier: MIT */
/* Straight stretches inside a boot: which shapes are one, where it begins and ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "cli/analyze/ramp.h"
#include "tests/unit/world.h"

#define SIZE 64.0

enum shape { LEVEL, STRETCH, TO_THE_END, WARM_UP, LATE_WARM_UP, STEP, SAW, FALLING };

/* Megabytes at hour h of 96. */
static double level_at(enum shape shape, double h)
{
    switch (shape) {
    case STRETCH:
        return 2 + fmin(fmax(h - 24, 0), 20);
    case TO_THE_END:
        return 2 + fmax(h - 84, 0);
    case WARM_UP:
        return 2 + 20 * (1 - exp(-h / 12));
    case LATE_WARM_UP:
        return h < 30 ? 2 : 2 + 20 * (1 - exp(-(h - 30) / 6));
    case STEP:
        return h < 50 ? 2 : 22;
    case SAW:
        return 2 + fmod(h, 12);
    case FALLING:
        return 100 - h;
    default:
        return 2;
    }
}

static struct ramp ramp_of_shape(enum shape shape, uint32_t n, double step_h)
{
    struct ramp_axis axis;
    double t[128], x[128], c[128];
    for (uint32_t i = 0; i < n; i++) {
        t[i] = 1000 + i * step_h;
        c[i] = floor(level_at(shape, i * step_h) * 1048576 / SIZE);
        x[i] = c[i] * SIZE;
    }
    ramp_prepare(&axis, t, n);
    return ramp_of(&axis, x, c);
}

static void shapes_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        enum shape shape;
        double least, most; /* proof */
    } cases[] = {{LEVEL, 0, 0},     {STRETCH, .99, 1},     {TO_THE_END, .9, 1},
                 {WARM_UP, 0, .15}, {LATE_WARM_UP, 0, .3}, {STEP, 0, .01},
                 {SAW, 0, .05},     {FALLING, 0, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ramp r = ramp_of_shape(cases[i].shape, 96, 1);
        if (r.proof < cases[i].least || r.proof > cases[i].most)
            fail_msg("shape %d: %f", (int)cases[i].shape, r.proof);
    }
}

static void it_says_from_when_to_when(void **state)
{
    (void)state;
    struct ramp r = ramp_of_shape(STRETCH, 96, 1);
    assert_true(fabs(r.from_t - 1024) <= 2 && fabs(r.to_t - 1044) <= 2);
    assert_true(r.grown == 20 * 1048576);
    r = ramp_of_shape(TO_THE_END, 96, 1);
    assert_true(fabs(r.from_t - 1084) <= 2 && r.to_t >= 1094);
}

static void few_points_show_no_shape(void **state)
{
    (void)state;
    for (uint32_t n = 1; n < RAMP_LEAST; n++) {
        struct ramp r = ramp_of_shape(STRETCH, n, 10);
        assert_true(r.grown == 0 && r.proof == 0);
    }
    assert_true(ramp_of_shape(STRETCH, 24, 4).proof > .9);
}

/* The same moment for all: nothing can be told, and nothing is divided by nothing. */
static void times_may_all_be_one(void **state)
{
    (void)state;
    struct ramp r = ramp_of_shape(STRETCH, 60, 0);
    assert_true(r.proof == 0 && r.grown == 0);
    struct ramp_axis axis;
    double t[8] = {0}, x[8] = {1, 1e6, 2e6, 3e6, 4e6, 5e6, 6e6, 7e6};
    ramp_prepare(&axis, t, 8);
    r = ramp_of(&axis, x, x);
    assert_true(r.grown == 7e6 - 1 && r.proof == 0);
}

/* Objects and bytes must both go straight. */
static void larger_objects_are_no_stretch(void **state)
{
    (void)state;
    struct ramp_axis axis;
    double t[64], x[64], c[64];
    for (int i = 0; i < 64; i++) {
        t[i] = i;
        x[i] = 1e6 * (1 + fmin(fmax(i - 20, 0), 20));
        c[i] = 1000;
    }
    ramp_prepare(&axis, t, 64);
    assert_true(ramp_of(&axis, x, c).proof == 0);
    assert_true(ramp_of(&axis, x, x).proof > .99);
}

/* Through the whole of the analysis, with sixty innocents beside it. */
static struct rank_result ranked_with(enum shape shape)
{
    struct world w = usual(96, 1);
    struct pool_snapshot s = {.uptime_s = -1};
    struct tally *t = NULL;
    struct rank_result r = {0};
    w.leak = false;
    assert_int_equal(tally_new(&t, NULL), 0);
    for (int j = 0; j < 96; j++) {
        one(&s, &w, j, 30 + j);
        uint64_t live = (uint64_t)(level_at(shape, j) * 1048576 / SIZE);
        put_row(&s, "Ramp", POOL_NONPAGED, 5000000 + (uint64_t)j * 1000 + live, live,
                live * 64);
        assert_int_equal(tally_add(t, &s, j, false, NULL), 0);
    }
    rank(t, &w, &r);
    tally_free(t);
    pool_snapshot_free(&s);
    return r;
}

static bool says(const struct rank_tag *tag, enum evidence_code code)
{
    for (int i = 0; i < tag->n_evidence; i++)
        if (tag->evidence[i].code == code)
            return true;
    return false;
}

static void a_leak_that_ended_is_finished(void **state)
{
    (void)state;
    struct rank_result r = ranked_with(STRETCH);
    const struct rank_tag *tag = find(&r, "Ramp");
    assert_ptr_equal(tag, &r.tags[0]);
    assert_int_equal(tag->verdict, VERDICT_FINISHED);
    assert_int_equal(tag->confidence, CONFIDENCE_NONE);
    assert_int_equal(tag->grade, 0);
    assert_int_equal(tag->judged, JUDGED_RAMP);
    assert_true(tag->growth_bytes == 20 * 1048576);
    assert_true(fabs(tag->ramp_from_h - 24) <= 2 && fabs(tag->ramp_to_h - 44) <= 2);
    assert_true(says(tag, EVIDENCE_RAMP));
    assert_int_not_equal(r.outcome, OUTCOME_LEAK);
    rank_free(&r);
}

static void a_leak_that_began_late_is_growing(void **state)
{
    (void)state;
    struct rank_result r = ranked_with(TO_THE_END);
    const struct rank_tag *tag = find(&r, "Ramp");
    assert_ptr_equal(tag, &r.tags[0]);
    assert_true(tag->verdict == VERDICT_LEAK || tag->verdict == VERDICT_GROWING);
    assert_true(tag->grade >= 2);
    rank_free(&r);
}

static void a_cache_that_filled_is_neither(void **state)
{
    (void)state;
    static const enum shape caches[] = {WARM_UP, LATE_WARM_UP, STEP};
    for (size_t i = 0; i < sizeof caches / sizeof *caches; i++) {
        struct rank_result r = ranked_with(caches[i]);
        const struct rank_tag *tag = find(&r, "Ramp");
        assert_true(tag->verdict != VERDICT_FINISHED && tag->verdict != VERDICT_LEAK);
        assert_true(tag->grade <= 1);
        rank_free(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_are_told_apart),
        cmocka_unit_test(it_says_from_when_to_when),
        cmocka_unit_test(few_points_show_no_shape),
        cmocka_unit_test(times_may_all_be_one),
        cmocka_unit_test(larger_objects_are_no_stretch),
        cmocka_unit_test(a_leak_that_ended_is_finished),
        cmocka_unit_test(a_leak_that_began_late_is_growing),
        cmocka_unit_test(a_cache_that_filled_is_neither),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
