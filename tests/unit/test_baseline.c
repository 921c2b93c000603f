/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/analyze/baseline.h"
#include "tests/unit/world.h"

static struct world healthy(int n, double step_h)
{
    struct world w = usual(n, step_h);
    w.leak = false;
    return w;
}

static const struct tag_change *change_of(const struct baseline *b,
                                          const struct rank_result *r, const char *tag)
{
    for (size_t i = 0; i < r->n_tags; i++)
        if (tag_equal(r->tags[i].tag, tag_from(tag, 4)))
            return &b->tags[i];
    fail_msg("no tag %s", tag);
    return NULL;
}

/* Holds one world against another. */
struct pair {
    struct rank_result now, then;
    struct baseline b;
};

static void compare(struct pair *p, const struct world *now, const struct world *then)
{
    struct err e = {0};
    *p = (struct pair){.now = run(now), .then = run(then)};
    assert_int_equal(baseline_compare(&p->b, &p->now, &p->then, NULL, NULL, &e), 0);
}

static void release(struct pair *p)
{
    baseline_free(&p->b);
    baseline_free(&p->b);
    rank_free(&p->now);
    rank_free(&p->then);
}

static void the_same_series_is_the_same(void **state)
{
    (void)state;
    struct pair p;
    struct world w = usual(96, 1);
    compare(&p, &w, &w);
    assert_int_equal(p.b.reason, REASON_NONE);
    assert_int_equal(p.b.n_of[CHANGE_SAME], p.now.n_tags);
    assert_int_equal(p.b.n_changed, 0);
    assert_int_equal(p.b.n_gone, 0);
    assert_true(p.b.load == 1);
    for (size_t i = 0; i < p.now.n_tags; i++) {
        assert_int_equal(p.b.tags[i].there, i);
        assert_true(p.b.tags[i].added == 0);
    }
    release(&p);
}

static void a_leak_is_new_and_turned_round_it_is_gone(void **state)
{
    (void)state;
    struct world sick = usual(96, 1), well = healthy(96, 1);
    struct pair p;
    compare(&p, &sick, &well);
    const struct tag_change *c = change_of(&p.b, &p.now, "Leak");
    assert_int_equal(c->change, CHANGE_NEW_LEAK);
    assert_int_equal(c->there, NO_TAG);
    assert_true(near(c->added, LEAK_PER_H, .01));
    assert_true(c->then.mean == 0 && c->then.high == 0);
    assert_int_equal(p.b.n_changed, 1);
    assert_ptr_equal(&p.b.tags[p.b.changed[0]], c);
    assert_int_equal(p.b.n_of[CHANGE_NEW_LEAK], 1);
    assert_int_equal(p.b.n_of[CHANGE_SAME], p.now.n_tags - 1);
    release(&p);

    /* It is not seen any more: listed apart. */
    compare(&p, &well, &sick);
    assert_int_equal(p.b.n_changed, 0);
    assert_int_equal(p.b.n_gone, 1);
    assert_int_equal(p.b.n_of[CHANGE_GONE], 1);
    assert_true(tag_equal(p.then.tags[p.b.gone[0]].tag, tag_from("Leak", 4)));
    release(&p);
}

/* The same leak at another pace: the world's bytes are scaled as a whole. */
static void a_leak_grows_faster_and_slower(void **state)
{
    (void)state;
    struct world once = usual(96, 1), thrice = usual(96, 1);
    struct pair p;
    thrice.scale = 3;
    compare(&p, &thrice, &once);
    const struct tag_change *c = change_of(&p.b, &p.now, "Leak");
    assert_int_equal(c->change, CHANGE_FASTER);
    assert_true(near(c->now.mean, 3 * LEAK_PER_H, .01));
    assert_true(near(c->then.mean, LEAK_PER_H, .01));
    assert_true(near(c->added, 2 * LEAK_PER_H, .01));
    assert_true(change_is_worse(c->change));
    release(&p);

    compare(&p, &once, &thrice);
    c = change_of(&p.b, &p.now, "Leak");
    assert_int_equal(c->change, CHANGE_SLOWER);
    assert_true(near(c->added, -2 * LEAK_PER_H, .01));
    assert_false(change_is_worse(c->change));
    release(&p);
}

static void what_cannot_be_compared_says_why(void **state)
{
    (void)state;
    struct world sick = usual(96, 1), well = healthy(96, 1);
    struct world few = healthy(5, 12), brief = healthy(20, 1), timeless = healthy(96, 1);
    timeless.no_times = true;
    const struct {
        const struct world *now, *then;
        enum change_reason reason;
        const char *name;
    } cases[] = {
        {&sick, &few, REASON_FEW_THERE, "few-snapshots-in-baseline"},
        {&few, &sick, REASON_FEW_SNAPSHOTS, "few-snapshots"},
        {&sick, &timeless, REASON_NO_TIMES, "no-times"},
        {&sick, &brief, REASON_SHORT_BASELINE, "short-span-of-baseline"},
        {&brief, &well, REASON_SHORT_SPAN, "short-span"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pair p;
        compare(&p, cases[i].now, cases[i].then);
        assert_int_equal(p.b.reason, cases[i].reason);
        assert_string_equal(change_reason_name(p.b.reason), cases[i].name);
        assert_int_equal(p.b.n_of[CHANGE_NOT_COMPARABLE], p.now.n_tags);
        assert_int_equal(p.b.n_changed, 0);
        assert_int_equal(p.b.n_gone, 0);
        for (size_t k = 0; k < p.now.n_tags; k++)
            assert_int_equal(p.b.tags[k].reason, cases[i].reason);
        release(&p);
    }
}

static void without_a_series_of_the_scope_nothing_is_comparable(void **state)
{
    (void)state;
    struct world sick = usual(96, 1);
    struct rank_result now = run(&sick);
    struct baseline b = {0};
    struct err e = {0};
    assert_int_equal(baseline_compare(&b, &now, NULL, NULL, NULL, &e), 0);
    assert_int_equal(b.reason, REASON_NO_SERIES);
    assert_int_equal(b.n_of[CHANGE_NOT_COMPARABLE], now.n_tags);
    assert_true(isnan(b.tags[0].then.mean) && isnan(b.tags[0].added));
    baseline_free(&b);
    rank_free(&now);
}

/* A list of the largest rows does not say that a tag was not there. */
static void a_partial_baseline_accuses_nobody_it_does_not_list(void **state)
{
    (void)state;
    struct world sick = usual(96, 1), part = healthy(96, 1);
    part.completeness = COMPLETE_FILTERED;
    struct pair p;
    compare(&p, &sick, &part);
    const struct tag_change *c = change_of(&p.b, &p.now, "Leak");
    assert_int_equal(c->change, CHANGE_NOT_COMPARABLE);
    assert_int_equal(c->reason, REASON_NOT_LISTED);
    assert_string_equal(change_reason_name(c->reason), "not-listed-in-baseline");
    assert_true(isnan(c->then.mean));
    release(&p);
}

/* Figures by hand: results need not come from a tally. */
static void put(struct rank_tag *t, const char *tag, int grade, double mean, double half,
                double allocs_per_hour)
{
    *t = (struct rank_tag){.tag = tag_from(tag, 4),
                           .grade = grade,
                           .tempo = {mean, mean - half, mean + half},
                           .growth_bytes = mean * 95,
                           .allocs_per_hour = allocs_per_hour};
}

static void five_times_the_load_is_not_a_leak(void **state)
{
    (void)state;
    struct rank_tag now[7], then[7];
    const char *const names[] = {"a   ", "b   ", "c   ", "d   ", "e   ", "Load", "Leak"};
    for (int i = 0; i < 7; i++) {
        put(&now[i], names[i], 0, 0, 0, 5000);
        put(&then[i], names[i], 0, 0, 0, 1000);
    }
    put(&then[5], "Load", 3, 1e5, 1e3, 1000);
    put(&now[5], "Load", 3, 5e5, 1e3, 5000);
    put(&now[6], "Leak", 3, 5e5, 1e3, 5000);
    struct rank_result a = {
        .tags = now, .n_tags = 7, .snapshots = 96, .hours = 95, .has_times = true};
    struct rank_result b = {
        .tags = then, .n_tags = 7, .snapshots = 96, .hours = 95, .has_times = true};
    struct baseline c = {0};
    struct err e = {0};
    assert_int_equal(baseline_compare(&c, &a, &b, NULL, NULL, &e), 0);
    assert_true(c.load == 5);
    assert_int_equal(c.tags[5].change, CHANGE_NOT_COMPARABLE);
    assert_int_equal(c.tags[5].reason, REASON_LOAD);
    assert_int_equal(c.tags[6].change, CHANGE_NEW_LEAK);
    assert_int_equal(c.tags[0].change, CHANGE_SAME);

    /* A little more to do is not another load: then the pace decides. */
    for (int i = 0; i < 7; i++)
        now[i].allocs_per_hour = 1500;
    assert_int_equal(baseline_compare(&c, &a, &b, NULL, NULL, &e), 0);
    assert_true(c.load == 1.5);
    assert_int_equal(c.tags[5].change, CHANGE_FASTER);
    baseline_free(&c);
}

/* What stands still now tells nothing of how much more there is to do. */
static void tags_that_allocate_no_more_are_no_load(void **state)
{
    (void)state;
    enum { BUSY = 6, STILL = 8 };
    struct rank_tag now[BUSY + STILL], then[BUSY + STILL];
    struct rank_result a = {.tags = now,
                            .n_tags = BUSY + STILL,
                            .snapshots = 96,
                            .hours = 95,
                            .has_times = true};
    struct rank_result b = a;
    b.tags = then;
    static const double then_per_hour[] = {1000, .25};
    for (size_t k = 0; k < 2; k++) {
        for (int i = 0; i < BUSY + STILL; i++) {
            const char tag[5] = {(char)('a' + i), ' ', ' ', ' ', 0};
            put(&now[i], tag, 0, 0, 0, i < BUSY ? 5 * then_per_hour[k] : 0);
            put(&then[i], tag, 0, 0, 0, then_per_hour[k]);
        }
        struct baseline c = {0};
        struct err e = {0};
        assert_int_equal(baseline_compare(&c, &a, &b, NULL, NULL, &e), 0);
        assert_true(c.load == 5);
        baseline_free(&c);
    }
}

static enum change of_two(int grade, double mean, double half, int grade_then,
                          double mean_then, double half_then, enum change_reason *reason)
{
    struct rank_tag now, then;
    put(&now, "Tag ", grade, mean, half, 1000);
    put(&then, "Tag ", grade_then, mean_then, half_then, 1000);
    struct rank_result a = {
        .tags = &now, .n_tags = 1, .snapshots = 96, .hours = 95, .has_times = true};
    struct rank_result b = {
        .tags = &then, .n_tags = 1, .snapshots = 96, .hours = 95, .has_times = true};
    struct baseline c = {0};
    struct err e = {0};
    assert_int_equal(baseline_compare(&c, &a, &b, NULL, NULL, &e), 0);
    enum change change = c.tags[0].change;
    *reason = c.tags[0].reason;
    baseline_free(&c);
    return change;
}

static void intervals_decide(void **state)
{
    (void)state;
    enum change_reason why;
    /* Apart, touching; a tag that only probably leaks must lie apart by more. */
    assert_int_equal(of_two(3, 60e3, 20e3, 0, 0, 30e3, &why), CHANGE_NEW_LEAK);
    assert_int_equal(of_two(2, 60e3, 20e3, 0, 0, 30e3, &why), CHANGE_SAME);
    assert_int_equal(of_two(2, 70e3, 20e3, 0, 0, 30e3, &why), CHANGE_NEW_LEAK);
    assert_int_equal(of_two(3, 60e3, 40e3, 0, 0, 30e3, &why), CHANGE_SAME);
    assert_int_equal(of_two(3, 60e3, 10e3, 3, 20e3, 10e3, &why), CHANGE_FASTER);
    assert_int_equal(of_two(3, 20e3, 10e3, 3, 60e3, 10e3, &why), CHANGE_SLOWER);
    assert_int_equal(of_two(0, 0, 10e3, 3, 60e3, 10e3, &why), CHANGE_GONE);
    assert_int_equal(why, REASON_NONE);
    /* Not proven in either: another movement, and no more. */
    assert_int_equal(of_two(1, 60e3, 10e3, 0, 0, 10e3, &why), CHANGE_NOT_COMPARABLE);
    assert_int_equal(why, REASON_UNPROVEN);
    /* Nobody runs out of pool at a few bytes an hour. */
    assert_int_equal(of_two(3, 1000, 1, 0, 0, 1, &why), CHANGE_SAME);
    assert_int_equal(of_two(3, 1100, 1, 0, 0, 1, &why), CHANGE_NEW_LEAK);
}

/* A tag that the baseline never saw: when it only probably leaks, more is asked. */
static void an_unseen_tag_must_lie_further_apart(void **state)
{
    (void)state;
    const struct {
        int grade;
        double half;
        enum change change;
    } cases[] = {{3, 50e3, CHANGE_NEW_LEAK},
                 {2, 35e3, CHANGE_NEW_LEAK},
                 {2, 42e3, CHANGE_SAME},
                 {1, 1e3, CHANGE_NOT_COMPARABLE}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rank_tag now, then;
        put(&now, "Tag ", cases[i].grade, 60e3, cases[i].half, 1000);
        put(&then, "Othr", 0, 0, 10, 1000);
        struct rank_result a = {
            .tags = &now, .n_tags = 1, .snapshots = 96, .hours = 95, .has_times = true};
        struct rank_result b = {
            .tags = &then, .n_tags = 1, .snapshots = 96, .hours = 95, .has_times = true};
        struct baseline c = {0};
        struct err e = {0};
        assert_int_equal(baseline_compare(&c, &a, &b, NULL, NULL, &e), 0);
        assert_int_equal(c.tags[0].there, NO_TAG);
        assert_int_equal(c.tags[0].change, cases[i].change);
        baseline_free(&c);
    }
}

/* The pace since the onset, and the mean over all of the series. */
static void a_leak_that_began_later_is_not_faster(void **state)
{
    (void)state;
    struct rank_tag now, then;
    put(&now, "Tag ", 3, 90e3, 5e3, 1000);
    put(&then, "Tag ", 3, 40e3, 20e3, 1000);
    struct rank_result a = {
        .tags = &now, .n_tags = 1, .snapshots = 96, .hours = 95, .has_times = true};
    struct rank_result b = {
        .tags = &then, .n_tags = 1, .snapshots = 96, .hours = 95, .has_times = true};
    struct baseline c = {0};
    struct err e = {0};
    assert_int_equal(baseline_compare(&c, &a, &b, NULL, NULL, &e), 0);
    assert_int_equal(c.tags[0].change, CHANGE_FASTER);
    now.growth_bytes /= 2;
    assert_int_equal(baseline_compare(&c, &a, &b, NULL, NULL, &e), 0);
    assert_int_equal(c.tags[0].change, CHANGE_SAME);
    baseline_free(&c);
}

static bool only_b(const void *ctx, struct pool_tag tag, uint8_t pool)
{
    (void)pool;
    return tag.b[0] == *(const char *)ctx;
}

static void worst_first_and_only_what_was_asked_for(void **state)
{
    (void)state;
    struct rank_tag now[4], then[1];
    put(&now[0], "bbb ", 3, 3e4, 10, 1000);
    put(&now[1], "aaa ", 3, 9e4, 10, 1000);
    put(&now[2], "bcc ", 3, 5e4, 10, 1000);
    put(&now[3], "bdd ", 0, 0, 10, 1000);
    put(&then[0], "bgon", 3, 7e4, 10, 1000);
    struct rank_result a = {
        .tags = now, .n_tags = 4, .snapshots = 96, .hours = 95, .has_times = true};
    struct rank_result b = {
        .tags = then, .n_tags = 1, .snapshots = 96, .hours = 95, .has_times = true};
    struct baseline c = {0};
    struct err e = {0};
    assert_int_equal(baseline_compare(&c, &a, &b, NULL, NULL, &e), 0);
    assert_int_equal(c.n_changed, 3);
    assert_int_equal(c.changed[0], 1);
    assert_int_equal(c.changed[1], 2);
    assert_int_equal(c.changed[2], 0);
    assert_int_equal(c.n_gone, 1);
    assert_int_equal(baseline_compare(&c, &a, &b, only_b, "b", &e), 0);
    assert_int_equal(c.n_changed, 2);
    assert_int_equal(c.changed[0], 2);
    assert_int_equal(c.n_of[CHANGE_NEW_LEAK], 2);
    assert_int_equal(c.n_of[CHANGE_SAME], 1);
    assert_int_equal(c.n_gone, 1);
    assert_int_equal(baseline_compare(&c, &a, &b, only_b, "a", &e), 0);
    assert_int_equal(c.n_gone, 0);
    baseline_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_series_is_the_same),
        cmocka_unit_test(a_leak_is_new_and_turned_round_it_is_gone),
        cmocka_unit_test(a_leak_grows_faster_and_slower),
        cmocka_unit_test(what_cannot_be_compared_says_why),
        cmocka_unit_test(without_a_series_of_the_scope_nothing_is_comparable),
        cmocka_unit_test(a_partial_baseline_accuses_nobody_it_does_not_list),
        cmocka_unit_test(five_times_the_load_is_not_a_leak),
        cmocka_unit_test(tags_that_allocate_no_more_are_no_load),
        cmocka_unit_test(intervals_decide),
        cmocka_unit_test(an_unseen_tag_must_lie_further_apart),
        cmocka_unit_test(a_leak_that_began_later_is_not_faster),
        cmocka_unit_test(worst_first_and_only_what_was_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
