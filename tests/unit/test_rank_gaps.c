/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/world.h"

static void boots_are_found_and_pooled(void **state)
{
    (void)state;
    struct world w = usual(96, 1);
    w.reboot_at[0] = 30;
    w.reboot_at[1] = 62;
    struct rank_result r = run(&w);
    assert_int_equal(r.n_boots, 3);
    assert_int_equal(r.boots[1].first, 30);
    assert_int_equal(r.boots[1].last, 61);
    assert_int_equal(r.boots[2].first, 62);
    assert_true(r.boots[0].start_h == 0 && r.boots[2].end_h == 95);
    assert_false(r.boots[0].seen_to_begin);
    assert_true(r.boots[1].seen_to_begin && r.boots[1].age_h <= 1);
    assert_true(r.hours == 29 + 31 + 33);
    assert_true(r.span_h == 95);
    assert_int_equal(r.notes.seen[NOTE_BOOT_FOUND], 2);
    const struct rank_tag *t = &r.tags[0];
    assert_true(tag_equal(t->tag, tag_from("Leak", 4)));
    assert_int_equal(t->verdict, VERDICT_LEAK);
    assert_int_equal(t->boots_seen, 3);
    assert_int_equal(t->boots_growing, 3);
    assert_true(near(t->bytes_per_hour, LEAK_PER_H, .05));
    rank_free(&r);
}

static void many_boots_are_said_and_bounded(void **state)
{
    (void)state;
    struct tally *t = NULL;
    struct err e = {0};
    struct rank_result r = {0};
    struct pool_snapshot s = {.uptime_s = -1};
    struct world w = usual(200, 1);
    assert_int_equal(tally_new(&t, &e), 0);
    for (int j = 0; j < 200; j++) { /* down again before every second snapshot */
        one(&s, &w, j, j % 2 == 0 ? 1 : 9);
        assert_int_equal(tally_add(t, &s, j * 8, false, &e), 0);
    }
    rank(t, &w, &r);
    assert_int_equal(r.n_boots, 100);
    assert_int_equal(find(&r, "Leak")->boots_seen, 100);
    assert_int_equal(r.notes.seen[NOTE_MANY_BOOTS], 0);
    assert_true(r.hours == 100 * 8);
    assert_true(r.boots[3].age_h > 0);
    rank_free(&r);
    tally_free(t);
    assert_int_equal(tally_new(&t, &e), 0);
    for (int j = 0; j < 20; j++) {
        one(&s, &w, j, 20 - j);
        assert_int_equal(tally_add(t, &s, j * 24, false, &e), 0);
    }
    rank(t, &w, &r);
    assert_int_equal(r.n_boots, 20);
    assert_int_equal(r.notes.seen[NOTE_MANY_BOOTS], 1);
    assert_int_equal(r.tags[0].grade, 0); /* no boot has an inside */
    rank_free(&r);
    tally_free(t);
    pool_snapshot_free(&s);
}

/* Boots that are kept as one keep each tag's own figures: A moves in every second boot, B
 * in the others, C in all. */
static void joined_boots_keep_tags_apart(void **state)
{
    (void)state;
    enum { BOOTS = 120, EACH = 4, STEP = 65536 };
    struct tally *t;
    struct rank_result r = {0};
    struct pool_snapshot s = {.uptime_s = -1};
    const struct rank_opts o = {.n_thresholds = 0};
    double hours = 0;
    assert_int_equal(tally_new(&t, NULL), 0);
    for (int boot = 0; boot < BOOTS; boot++)
        for (int j = 0; j < EACH; j++, hours += 1) {
            const uint64_t up = 100 + (uint64_t)j * 50;
            pool_snapshot_clear(&s);
            s.completeness = COMPLETE_WHOLE;
            s.uptime_s = 3600 * (1 + j);
            for (int k = 0; k < 3; k++) {
                static const char *const tags[] = {"Aaaa", "Bbbb", "Cccc"};
                const bool moves = k == 2 || k == boot % 2;
                const uint64_t live = moves ? 100 + (uint64_t)j : 100;
                put_row(&s, tags[k], POOL_PAGED, moves ? up + live : 200, live,
                        live * STEP);
            }
            for (int k = 0; k < 9; k++) {
                char tag[5] = "i00 ";
                tag[2] = (char)('0' + k);
                put_row(&s, tag, POOL_PAGED, up * 10 + (uint64_t)k, 7, 640);
            }
            assert_int_equal(tally_add(t, &s, hours, false, NULL), 0);
        }
    assert_int_equal(rank_tally(&r, t, &o, NULL), 0);
    assert_int_equal(r.n_boots, BOOTS);
    const double half = BOOTS / 2 * (EACH - 1) * (double)STEP;
    assert_true(find(&r, "Aaaa")->growth_bytes == half);
    assert_true(find(&r, "Bbbb")->growth_bytes == half);
    assert_true(find(&r, "Cccc")->growth_bytes == 2 * half);
    assert_true(find(&r, "i03 ")->growth_bytes == 0);
    rank_free(&r);
    tally_free(t);
    pool_snapshot_free(&s);
}

static void clock_set_back_keeps_the_series(void **state)
{
    (void)state;
    struct world w = usual(60, 1);
    w.clock_back_at = 25;
    struct rank_result r = run(&w);
    assert_int_equal(r.n_boots, 1);
    assert_int_equal(find(&r, "Leak")->verdict, VERDICT_LEAK);
    assert_true(near(find(&r, "Leak")->bytes_per_hour, LEAK_PER_H, .05));
    rank_free(&r);
}

static void what_a_partial_capture_leaves_out_is_unknown(void **state)
{
    (void)state;
    struct tally *t = NULL;
    struct err e = {0};
    struct rank_result r = {0};
    struct pool_snapshot s = {.uptime_s = -1};
    struct world w = usual(48, 1);
    w.still = true;
    assert_int_equal(tally_new(&t, &e), 0);
    for (int j = 0; j < 48; j++) {
        one(&s, &w, j, 30 + j);
        if (j < 20) { /* a big row that shows up late, in captures that are cut */
            s.completeness = COMPLETE_CUT;
        } else {
            put_row(&s, "Late", POOL_NONPAGED, 100 + (uint64_t)j, 90, 50000000);
        }
        if (j > 30 && j < 40) { /* and others are left out again */
            s.completeness = COMPLETE_FILTERED;
            s.n_rows = 50;
        }
        assert_int_equal(tally_add(t, &s, j, false, &e), 0);
    }
    rank(t, &w, &r);
    assert_true(r.censored);
    assert_int_equal(r.notes.seen[NOTE_CENSORED], 1);
    const struct rank_tag *late = find(&r, "Late");
    assert_true(late->growth_bytes == 0 && late->growth_signed == 0);
    assert_true(late->bytes == 50000000 && late->bytes_known);
    assert_int_equal(find(&r, "Leak")->verdict, VERDICT_LEAK);
    assert_true(find(&r, "Leak")->directness == 1);
    rank_free(&r);
    tally_free(t);
    pool_snapshot_free(&s);
}

static void absent_from_a_whole_capture_is_zero(void **state)
{
    (void)state;
    struct tally *t = NULL;
    struct err e = {0};
    struct rank_result r = {0};
    struct pool_snapshot s = {.uptime_s = -1};
    struct world w = usual(48, 1);
    assert_int_equal(tally_new(&t, &e), 0);
    for (int j = 0; j < 48; j++) {
        one(&s, &w, j, 30 + j);
        if (j >= 24 && j < 47)
            put_row(&s, "Late", POOL_NONPAGED, 100 + (uint64_t)j, 90, 50000000);
        assert_int_equal(tally_add(t, &s, j, false, &e), 0);
    }
    rank(t, &w, &r);
    const struct rank_tag *late = find(&r, "Late");
    assert_true(late->bytes_known && late->bytes == 0);
    assert_int_equal(late->bytes_change, 0);
    assert_true(late->growth_signed > 49000000 || late->growth_signed == 0);
    assert_true(late->freed < 1);
    assert_false(r.censored || r.top_n);
    rank_free(&r);
    tally_free(t);
    pool_snapshot_free(&s);
}

static void a_list_of_the_largest_rows(void **state)
{
    (void)state;
    for (int screen = 0; screen < 2; screen++) {
        struct world w = usual(96, 1);
        w.largest = 25;
        w.completeness = screen ? COMPLETE_SCREEN : COMPLETE_WHOLE;
        struct rank_result r = run(&w);
        assert_true(r.top_n);
        assert_int_equal(r.notes.seen[NOTE_TOP_N], 1);
        assert_true(tag_equal(r.tags[0].tag, tag_from("Leak", 4)));
        assert_int_equal(r.tags[0].verdict, VERDICT_LEAK);
        for (size_t i = 1; i < r.n_tags; i++)
            assert_true(r.tags[i].grade < 3);
        rank_free(&r);
    }
}

/* Four restarts in five intervals are many, three are not. */
static void restarts_in_four_of_five(void **state)
{
    (void)state;
    static const double up[2][6] = {{20, 21, 10, 8, 6, 4}, {20, 21, 22, 8, 6, 4}};
    for (size_t i = 0; i < 2; i++) {
        struct tally *t;
        struct rank_result r = {0};
        struct pool_snapshot s = {.uptime_s = -1};
        struct world w = usual(6, 1);
        assert_int_equal(tally_new(&t, NULL), 0);
        for (int j = 0; j < 6; j++) {
            one(&s, &w, j, up[i][j]);
            assert_int_equal(tally_add(t, &s, j * 24, false, NULL), 0);
        }
        rank(t, &w, &r);
        assert_int_equal(r.n_boots, 5 - i);
        assert_int_equal(r.notes.seen[NOTE_MANY_BOOTS], i == 0);
        rank_free(&r);
        tally_free(t);
        pool_snapshot_free(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boots_are_found_and_pooled),
        cmocka_unit_test(many_boots_are_said_and_bounded),
        cmocka_unit_test(clock_set_back_keeps_the_series),
        cmocka_unit_test(what_a_partial_capture_leaves_out_is_unknown),
        cmocka_unit_test(absent_from_a_whole_capture_is_zero),
        cmocka_unit_test(a_list_of_the_largest_rows),
        cmocka_unit_test(joined_boots_keep_tags_apart),
        cmocka_unit_test(restarts_in_four_of_five),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
