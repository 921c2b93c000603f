/* SPDX-License-Identifier: MIT */
/* The tally against plain tables: what the lazy cells say must be what the rows said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "cli/analyze/row.h"
#include "cli/analyze/tally.h"
#include "tests/unit/series.h"

#define TAGS 30
#define MOST 600

/* Every cell of a made-up series; bytes are -1 where the row is not listed. */
struct table {
    int n;
    double bytes[MOST][TAGS], live[MOST][TAGS];
    uint64_t allocs[TAGS];
};

static struct table table;

static void make_table(int n, uint64_t seed)
{
    table.n = n;
    for (int i = 0; i < TAGS; i++)
        for (int j = 0; j < n; j++) {
            double bytes = j > 0 ? table.bytes[j - 1][i] : 64.0 * (1 + noise(&seed) % 90);
            if (bytes < 0 || noise(&seed) % (uint32_t)(i + 1) == 0)
                bytes = 64.0 * (1 + noise(&seed) % 90);
            if (i % 5 == 4 && noise(&seed) % 9 == 0)
                bytes = -1;
            table.bytes[j][i] = bytes;
            table.live[j][i] = bytes < 0 ? -1 : bytes / 32;
        }
}

static void feed(struct tally *t, const struct table *k, int from, int to,
                 uint64_t allocs, bool backwards)
{
    struct err e = {0};
    struct pool_snapshot s = {.uptime_s = -1};
    for (int j = from; j < to; j++) {
        pool_snapshot_clear(&s);
        for (int i = 0; i < TAGS; i++) {
            int at = backwards ? TAGS - 1 - i : i;
            char tag[5] = "t00 ";
            tag[1] = (char)('0' + at / 10);
            tag[2] = (char)('0' + at % 10);
            if (k->bytes[j][at] >= 0)
                put_row(&s, tag, POOL_PAGED, allocs + (uint64_t)(j * (at + 1)),
                        (uint64_t)k->live[j][at], (uint64_t)k->bytes[j][at]);
        }
        assert_int_equal(tally_add(t, &s, j / 4.0, false, &e), 0);
    }
    pool_snapshot_free(&s);
}

/* NO_SLOT when the tag was never listed. */
static uint32_t slot_of(const struct tally *t, int i)
{
    char tag[5] = "t00 ";
    tag[1] = (char)('0' + i / 10);
    tag[2] = (char)('0' + i % 10);
    uint64_t key = row_key(tag_from(tag, 4), POOL_PAGED);
    for (uint32_t slot = 0; slot < t->n_slots; slot++)
        if (t->keys[slot].key == key)
            return slot;
    return NO_SLOT;
}

/* Bins of `per_bin` snapshots, made from the table itself. */
static void check_course(struct tally *t, const struct boot *b, int first, int n,
                         int per_bin)
{
    assert_int_equal(b->n_bins, (n + per_bin - 1) / per_bin);
    assert_int_equal(b->per_bin, per_bin);
    for (int i = 0; i < TAGS; i++) {
        struct course c;
        uint32_t slot = slot_of(t, i);
        if (slot == NO_SLOT || !course_of(t, b, slot, &c))
            continue;
        assert_int_equal(c.n, b->n_bins);
        for (uint32_t bin = 0; bin < c.n; bin++) {
            double low = INFINITY, last = 0;
            for (int q = 0; q < per_bin && (int)bin * per_bin + q < n; q++) {
                last = table.bytes[first + (int)bin * per_bin + q][i];
                last = last < 0 ? 0 : last;
                low = last < low ? last : low;
            }
            assert_true(c.x[bin] == low);
            assert_true(c.lx[bin] == last);
            assert_true(c.c[bin] == low / 32);
            assert_true(c.lc[bin] == last / 32);
        }
    }
}

static struct tally *new_tally(void)
{
    struct tally *t = NULL;
    struct err e = {0};
    assert_int_equal(tally_new(&t, &e), 0);
    return t;
}

static void bins_hold_what_the_rows_said(void **state)
{
    (void)state;
    static const struct {
        int n, per_bin;
    } cases[] = {{1, 1},   {2, 1},   {127, 1}, {128, 1}, {129, 2},
                 {255, 2}, {256, 2}, {257, 4}, {599, 8}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tally *t = new_tally();
        make_table(cases[i].n, i + 1);
        feed(t, &table, 0, cases[i].n, 1000, i % 2 == 1);
        assert_int_equal(t->n_boots, 1);
        check_course(t, &t->boots[0], 0, cases[i].n, cases[i].per_bin);
        tally_free(t);
    }
}

/* 90 snapshots, a restart, 60 more: the first boot is folded when bins run out. */
static void boots_share_the_bins_until_one_is_folded(void **state)
{
    (void)state;
    struct tally *t = new_tally();
    make_table(150, 7);
    feed(t, &table, 0, 90, 500000, false);
    feed(t, &table, 90, 120, 1000, false);
    assert_int_equal(t->n_boots, 2);
    assert_int_equal(t->boots[0].n_bins, 90);
    check_course(t, &t->boots[0], 0, 90, 1);
    check_course(t, &t->boots[1], 90, 30, 1);
    feed(t, &table, 120, 150, 1000, false);
    assert_true(t->boots[0].folded);
    assert_int_equal(t->boots[1].bin0, 0);
    assert_int_equal(t->n_bins, 60);
    check_course(t, &t->boots[1], 90, 60, 1);
    assert_int_equal(t->boots[0].axis.steps, 7);
    tally_free(t);
}

static void what_never_changes_has_no_cells(void **state)
{
    (void)state;
    struct tally *t = new_tally();
    make_table(50, 3);
    for (int j = 0; j < 50; j++)
        table.bytes[j][7] = 640, table.live[j][7] = 20;
    feed(t, &table, 0, 50, 1000, false);
    assert_int_equal(t->pasts[slot_of(t, 7)].n_cells, 0);
    assert_true(t->pasts[slot_of(t, 0)].n_cells > 40);
    struct course c;
    assert_true(course_of(t, &t->boots[0], slot_of(t, 7), &c));
    assert_false(c.moved);
    assert_true(c.x[0] == 640 && c.lx[49] == 640);
    tally_free(t);
}

/* Folding a boot early or late gives the same sums. */
static void folded_sums_are_those_of_the_open_boot(void **state)
{
    (void)state;
    struct tally *t = new_tally();
    struct err e = {0};
    make_table(140, 11);
    feed(t, &table, 0, 80, 900000, false);
    struct axis *a = NULL;
    struct sums open[TAGS];
    double quiet = 0;
    assert_int_equal(axis_new(&a, &e), 0);
    assert_int_equal(quiet_threshold(t, &quiet, &e), 0);
    axis_prepare(a, t, &t->boots[0], quiet);
    for (uint32_t i = 0; i < t->n_slots; i++)
        (void)axis_fold(a, t, i, &open[i]);
    struct axis_sums shared = *axis_shared(a);
    feed(t, &table, 80, 140, 1000, false);
    assert_true(t->boots[0].folded);
    assert_true(shared.step_h == t->boots[0].axis.step_h);
    assert_true(shared.aa == t->boots[0].axis.aa);
    assert_true(t->boots[0].n_sums > 20);
    for (size_t i = 0; i < t->boots[0].n_sums; i++) {
        const struct sums *s = &t->boots[0].sums[i];
        const struct sums *o = &open[s->slot];
        assert_true(s->up == o->up && s->down == o->down && s->late == o->late);
        assert_true(s->xx == o->xx && s->xa == o->xa && s->xk[3] == o->xk[3]);
        assert_true(s->range == o->range && s->rising == o->rising);
    }
    axis_free(a);
    tally_free(t);
}

/* Three floors by hand: 3 snapshots at 0, 1 and 4 h with 100, 160 and 130 bytes. */
static void sums_by_hand(void **state)
{
    (void)state;
    static const struct {
        double hours;
        uint64_t bytes;
    } points[] = {{0, 100}, {1, 160}, {4, 130}};
    struct tally *t = new_tally();
    struct err e = {0};
    struct pool_snapshot s = {.uptime_s = -1};
    for (int j = 0; j < 3; j++) {
        pool_snapshot_clear(&s);
        put_row(&s, "Hand", POOL_PAGED, 10 + (uint64_t)j, 5, points[j].bytes);
        assert_int_equal(tally_add(t, &s, points[j].hours, false, &e), 0);
    }
    struct axis *a = NULL;
    struct sums v;
    assert_int_equal(axis_new(&a, &e), 0);
    axis_prepare(a, t, &t->boots[0], 1e9);
    assert_true(axis_fold(a, t, 0, &v));
    const struct axis_sums *shared = axis_shared(a);
    assert_int_equal(shared->steps, 2);
    assert_true(shared->step_h == 4 && shared->late_h == 3 && shared->hours == 4);
    assert_true(v.up == 60 && v.down == 30 && v.up_sq == 3600 && v.late == -30);
    assert_int_equal(v.rising, 1);
    assert_true(v.range == 60 && v.top_x == 160);
    /* ages centred: -5/3 -2/3 7/3; bytes centred: -30 30 0 */
    assert_true(fabs(shared->aa - 26.0 / 3) < 1e-12);
    assert_true(fabs(v.xx - 1800) < 1e-9);
    assert_true(fabs(v.xa - 30) < 1e-9);
    assert_true(v.cc == 0 && v.c_up == 0);
    assert_true(v.q_up == 60 && v.q_down == 30 && shared->quiet_h == 4);
    axis_free(a);
    tally_free(t);
    pool_snapshot_free(&s);
}

static void uptime_from_allocs_and_from_the_capture(void **state)
{
    (void)state;
    struct tally *t = new_tally();
    struct err e = {0};
    struct pool_snapshot s = {.uptime_s = -1};
    for (int j = 0; j < 4; j++) {
        pool_snapshot_clear(&s);
        for (int i = 0; i < 9; i++) { /* each allocates at its own even pace for 30 h */
            char tag[5] = "e0  ";
            tag[1] = (char)('0' + i);
            put_row(&s, tag, POOL_PAGED, (uint64_t)((i + 1) * 60 * (30 + j * 2)), 3, 96);
        }
        assert_int_equal(tally_add(t, &s, j * 2, false, &e), 0);
    }
    double age = 0;
    bool assumed = true;
    assert_int_equal(boot_ages(t, &age, &assumed, &e), 0);
    assert_true(fabs(age - 30) < 1e-9);
    assert_false(assumed);
    t->boots[0].uptime_h = 11;
    assert_int_equal(boot_ages(t, &age, &assumed, &e), 0);
    assert_true(age == 11);
    tally_free(t);
    pool_snapshot_free(&s);
}

/* How long a boot ran before it was seen is told by rows of which some allocations are
 * still held; of one that was not listed at both ends the bytes' objects stand for them.
 */
static void paces_of_rows_that_come_or_go(void **state)
{
    (void)state;
    static const struct {
        struct edge edge;
        double num, den;
    } v[] = {
        {{.first_c = 2,
          .last_c = 10,
          .at_first = true,
          .at_last = true,
          .a0 = 50,
          .da = 40},
         8 * 50,
         2 * 40},
        {{.first_c = 0, .last_c = 10, .at_last = true, .a0 = 50, .da = 40}, 10 * 50, 10},
        {{.first_c = 4, .last_c = 0, .at_first = true, .a0 = 50, .da = 40}, 0, 4},
        {{.first_c = UNKNOWN, .last_c = 9, .at_first = true, .at_last = true}, 0, 0},
        {{.first_c = 9, .last_c = UNKNOWN, .at_first = true, .at_last = true}, 0, 0},
    };
    const struct boot b = {.first = 0, .last = 3}, alone = {.first = 3, .last = 3};
    struct tally *t = new_tally();
    for (size_t i = 0; i < sizeof v / sizeof v[0]; i++) {
        double num = 0, den = 0;
        pace_add(t, &alone, &v[i].edge, &num, &den);
        assert_true(num == 0 && den == 0);
        pace_add(t, &b, &v[i].edge, &num, &den);
        assert_true(num == v[i].num && den == v[i].den);
    }
    tally_free(t);
}

/* Rows by bytes, `least` in the last one. */
static void add_screen(struct tally *t, enum completeness how, uint64_t least,
                       bool by_bytes)
{
    struct err e = {0};
    struct pool_snapshot s = {.uptime_s = -1};
    for (int i = 0; i < 12; i++) {
        char tag[5] = "s0  ";
        tag[1] = (char)('a' + i);
        put_row(&s, tag, POOL_PAGED, 100, 10,
                least + (uint64_t)(by_bytes ? 11 - i : i) * 16);
    }
    s.completeness = how;
    assert_int_equal(tally_add(t, &s, t->snapshots, false, &e), 0);
    pool_snapshot_free(&s);
}

static void screens_are_top_n_lists_only_among_themselves(void **state)
{
    (void)state;
    const uint64_t large = 16 * TOP_N_BYTES;
    struct tally *t = new_tally();
    add_screen(t, COMPLETE_SCREEN, large, true);
    add_screen(t, COMPLETE_SCREEN, large, true);
    assert_int_equal(t->top_n_snapshots, 2);
    add_screen(t, COMPLETE_SCREEN, large,
               false); /* in another order its end says nothing */
    assert_int_equal(t->top_n_snapshots, 2);
    assert_int_equal(t->partial_snapshots, 1);
    add_screen(t, COMPLETE_FILTERED, large, true); /* somebody chose these rows */
    assert_int_equal(t->top_n_snapshots, 2);
    assert_int_equal(t->partial_snapshots, 2);
    tally_free(t);
    t = new_tally();
    add_screen(t, COMPLETE_FILTERED, large, true);
    assert_int_equal(t->top_n_snapshots, 0);
    tally_free(t);
    t = new_tally();
    add_screen(t, COMPLETE_WHOLE, 16, true);
    add_screen(t, COMPLETE_SCREEN, large,
               true); /* beside a whole capture: a part of one */
    assert_int_equal(t->top_n_snapshots, 0);
    assert_int_equal(t->whole_snapshots, 1);
    assert_int_equal(t->partial_snapshots, 1);
    tally_free(t);
}

/* A counter that falls and cannot have wrapped is damage, and adds nothing. */
static void a_counter_that_falls(void **state)
{
    (void)state;
    static const uint64_t allocs[] = {1000, 990, 1010};
    struct tally *t = new_tally();
    struct err e = {0};
    struct pool_snapshot s = {.uptime_s = -1};
    for (uint64_t j = 0; j < 3; j++) {
        pool_snapshot_clear(&s);
        put_row(&s, "Fell", POOL_PAGED, allocs[j], 3, 96);
        for (uint64_t i = 0; i < 6; i++) {
            char tag[5] = "u0  ";
            tag[1] = (char)('0' + i);
            put_row(&s, tag, POOL_PAGED, 1000 + i + 10 * j, 3, 96);
        }
        assert_int_equal(tally_add(t, &s, (double)j, false, &e), 0);
    }
    assert_int_equal(t->n_history, 1);
    assert_int_equal(t->wraps, 0);
    assert_int_equal(t->pasts[0].edge.da, 20);
    assert_int_equal(t->pasts[1].edge.da, 20);
    tally_free(t);
    pool_snapshot_free(&s);
}

/* Without times captures stand an hour apart, the first one at 0. */
static void captures_without_times(void **state)
{
    (void)state;
    struct tally *t = new_tally();
    struct err e = {0};
    struct pool_snapshot s = {.uptime_s = -1};
    for (int j = 0; j < 3; j++) {
        pool_snapshot_clear(&s);
        put_row(&s, "Abcd", POOL_PAGED, (uint64_t)(10 + j), 3, 96);
        assert_int_equal(tally_add(t, &s, (double)NAN, false, &e), 0);
        assert_true(t->now_h == j);
        assert_true(t->now_t == j);
    }
    assert_false(t->has_times);
    tally_free(t);
    pool_snapshot_free(&s);
}

static void many_boots_stay_bounded(void **state)
{
    (void)state;
    struct tally *t = new_tally();
    make_table(4, 5);
    for (int boot = 0; boot < 100; boot++)
        feed(t, &table, 0, 4, 400000 - (uint64_t)boot * 4000, false);
    assert_int_equal(t->n_history, 100);
    assert_int_equal(t->n_boots, BOOTS_KEPT + 1);
    assert_true(t->oldest_is_many);
    assert_true(t->n_bins <= BINS);
    assert_int_equal(t->boots[0].axis.boots, 100 - BOOTS_KEPT);
    assert_int_equal(t->settled, 400);
    for (size_t i = 1; i < t->n_boots; i++)
        assert_false(t->boots[i].folded);
    /* What the boots that were joined said is kept of each row. */
    const struct past *p = &t->pasts[slot_of(t, 0)];
    assert_int_equal(p->seen_boots, 100 - BOOTS_KEPT);
    assert_true(p->pace_den > 0 && p->pace_num >= 0);
    for (size_t i = 0; i + BOOTS_KEPT < 100; i++)
        assert_true(t->history[i].age_h > 0);
    tally_free(t);
}

/* More tags than any table was begun with: each keeps the place that it got first. */
static void many_tags_keep_their_places(void **state)
{
    (void)state;
    enum { MANY = 5000 };
    struct tally *t;
    struct err e = {0};
    struct pool_snapshot s = {.uptime_s = -1};
    assert_int_equal(tally_new(&t, &e), 0);
    for (int j = 0; j < 2; j++) {
        pool_snapshot_clear(&s);
        for (int i = 0; i < MANY; i++) {
            int at = j == 0 ? i : MANY - 1 - i;
            char tag[5] = "0000";
            for (int k = 3; k >= 0; k--, at /= 10)
                tag[k] = (char)('0' + at % 10);
            put_row(&s, tag, POOL_PAGED, 10, 5, 64);
        }
        assert_int_equal(tally_add(t, &s, j, false, &e), 0);
        assert_int_equal(t->n_slots, MANY);
        for (uint32_t i = 0; i < MANY; i += 7) {
            uint32_t at = i;
            char tag[5] = "0000";
            for (int k = 3; k >= 0; k--, at /= 10)
                tag[k] = (char)('0' + at % 10);
            assert_int_equal(slot_known(t, row_key(tag_from(tag, 4), POOL_PAGED)), i);
        }
    }
    pool_snapshot_free(&s);
    tally_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bins_hold_what_the_rows_said),
        cmocka_unit_test(boots_share_the_bins_until_one_is_folded),
        cmocka_unit_test(what_never_changes_has_no_cells),
        cmocka_unit_test(folded_sums_are_those_of_the_open_boot),
        cmocka_unit_test(sums_by_hand),
        cmocka_unit_test(uptime_from_allocs_and_from_the_capture),
        cmocka_unit_test(paces_of_rows_that_come_or_go),
        cmocka_unit_test(screens_are_top_n_lists_only_among_themselves),
        cmocka_unit_test(a_counter_that_falls),
        cmocka_unit_test(captures_without_times),
        cmocka_unit_test(many_boots_stay_bounded),
        cmocka_unit_test(many_tags_keep_their_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
