/* SPDX-License-Identifier: MIT */
/* What all rows share of one boot, counted by hand: floors, their hours, quiet intervals.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "cli/analyze/axis.h"
#include "cli/analyze/judge.h"
#include "tests/unit/series.h"

enum { MOST = 64 };

/* One boot of captures at these hours; one tag is allocated so often in each interval. */
struct made {
    struct tally *t;
    struct axis *a;
};

static struct made made_of(const double *hours, const uint64_t *work, int n, double quiet)
{
    struct made m = {NULL, NULL};
    struct pool_snapshot s = {.uptime_s = -1};
    uint64_t allocs = 1000;
    assert_int_equal(tally_new(&m.t, NULL), 0);
    for (int i = 0; i < n; i++) {
        pool_snapshot_clear(&s);
        allocs += work != NULL ? work[i] : 0;
        put_row(&s, "Work", POOL_PAGED, allocs, 10, 640);
        assert_int_equal(tally_add(m.t, &s, hours[i], false, NULL), 0);
    }
    pool_snapshot_free(&s);
    assert_int_equal(m.t->n_boots, 1);
    assert_int_equal(axis_new(&m.a, NULL), 0);
    axis_prepare(m.a, m.t, &m.t->boots[0], quiet);
    return m;
}

static void made_free(struct made *m)
{
    axis_free(m->a);
    tally_free(m->t);
}

static bool is(double a, double b)
{
    return fabs(a - b) < 1e-9;
}

/* Up to nine captures are their own floors; of more there are as many as thirds, and
 * eight at most.  The last third of the steps is late, one at least. */
static void floors_of_even_hours(void **state)
{
    (void)state;
    static const struct {
        int n;
        uint32_t floors, late;
    } t[] = {{2, 2, 1},  {3, 3, 1},  {5, 5, 1},  {6, 6, 2},  {9, 9, 3},
             {10, 3, 1}, {12, 4, 1}, {21, 7, 2}, {24, 8, 2}, {48, 8, 2}};
    double hours[MOST];
    for (int i = 0; i < MOST; i++)
        hours[i] = i;
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct made m = made_of(hours, NULL, t[i].n, 0);
        const struct axis *a = m.a;
        const double span = t[i].n - 1, width = span / (t[i].n > 9 ? t[i].floors : span);
        assert_int_equal(a->n_floors, t[i].floors);
        assert_int_equal(a->late_steps, t[i].late);
        assert_int_equal(a->shared.boots, 1);
        assert_int_equal(a->shared.snapshots, t[i].n);
        assert_true(is(a->shared.hours, span));
        assert_true(is(a->shared.steps, t[i].floors - 1));
        assert_true(is(a->shared.step_h, width * (t[i].floors - 1)));
        assert_true(is(a->shared.late_h, width * t[i].late));
        for (uint32_t k = 0; k + 1 < a->n_floors; k++)
            assert_true(is(a->step_h[k], width));
        assert_int_equal(a->floors[0].from, 0);
        assert_int_equal(a->floors[a->n_floors - 1].to, t[i].n);
        assert_true(is(a->floors[a->n_floors - 1].end_t, hours[t[i].n - 1]));
        made_free(&m);
    }
    struct made m = made_of(hours, NULL, 1, 0);
    assert_int_equal(m.a->n_floors, 0);
    assert_true(m.a->shared.boots == 0 && m.a->shared.hours == 0);
    made_free(&m);
}

/* Where the captures pause for days, spans of as many captures serve. */
static void floors_over_a_pause(void **state)
{
    (void)state;
    static const double hours[] = {0, 1, 2, 3, 4, 5, 100, 101, 102, 103, 104, 105};
    struct made m = made_of(hours, NULL, 12, 0);
    assert_int_equal(m.a->n_floors, 4);
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(m.a->floors[i].from, 3 * i);
        assert_int_equal(m.a->floors[i].to, 3 * i + 3);
        assert_true(is(m.a->floors[i].end_t, hours[3 * i + 2]));
    }
    assert_true(is(m.a->step_h[0], 3) && is(m.a->step_h[1], 97) && is(m.a->step_h[2], 3));
    assert_true(is(m.a->shared.step_h, 103) && is(m.a->shared.late_h, 3));
    made_free(&m);
}

/* An interval belongs to the capture that ends it. */
static void intervals(void **state)
{
    (void)state;
    static const double hours[] = {10, 11, 12, 13, 15};
    static const uint64_t work[] = {0, 0, 5000, 0, 8000};
    struct made m = made_of(hours, work, 5, 0);
    const struct axis_sums *s = &m.a->shared;
    assert_true(s->intervals == 4);
    assert_true(is(s->act_h, 5));
    assert_int_equal(m.a->n_quiet, 2); /* of those that allocated nothing */
    assert_int_equal(m.a->quiet[0], 1);
    assert_int_equal(m.a->quiet[1], 3);
    assert_true(is(m.a->quiet_h[0], 1) && is(m.a->quiet_h[1], 1));
    assert_true(is(s->quiet_h, 2) && is(s->quiet_act, 0));
    assert_true(s->act > 0);
    assert_true(is(s->aa, 14.8)); /* 0, 1, 2, 3 and 5 hours, less their mean of 2.2 */
    const double everything = 1e9;
    axis_prepare(m.a, m.t, &m.t->boots[0], everything);
    assert_int_equal(m.a->n_quiet, 4);
    assert_true(is(s->quiet_h, 5) && is(s->quiet_act, s->act));
    made_free(&m);
}

static void curves_fade(void **state)
{
    (void)state;
    double scale[CURVES];
    curve_scale(0, scale);
    for (int k = 0; k < CURVES; k++)
        assert_true(scale[k] == 1);
    curve_scale(2, scale); /* exp(-2 / 1), exp(-2 / 2), exp(-2 / 4) ... */
    for (int k = 0; k < CURVES; k++)
        assert_true(fabs(scale[k] - exp(-2 / pow(2, k))) < 1e-12);
}

/* More captures or tags than numbers tell apart are refused before anything is counted.
 */
static void what_cannot_be_counted(void **state)
{
    (void)state;
    struct tally *t;
    struct pool_snapshot s = {.uptime_s = -1};
    struct err e = {0};
    assert_int_equal(tally_new(&t, &e), 0);
    t->snapshots = UINT32_MAX;
    assert_int_equal(tally_add(t, &s, 0, false, &e), ERR_LIMIT);
    assert_string_equal(e.text, "expected fewer than 4294967295 snapshots");
    assert_int_equal(t->settled, 0);
    t->snapshots = 0;
    err_clear(&e);
    t->n_slots = UINT32_MAX / 4;
    t->slots_cap = t->pasts_cap = t->keys_cap = UINT32_MAX / 2;
    assert_int_equal(slot_find(t, 77, &e), NO_SLOT);
    assert_int_equal(e.code, ERR_NOMEM);
    assert_int_equal(t->n_slots, UINT32_MAX / 4);
    t->n_slots = 0;
    tally_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(floors_of_even_hours),
        cmocka_unit_test(floors_over_a_pause),
        cmocka_unit_test(intervals),
        cmocka_unit_test(curves_fade),
        cmocka_unit_test(what_cannot_be_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
