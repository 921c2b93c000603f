/* SPDX-License-Identifier: MIT */
/* The pace that one series is held against another with, by hand: floors of windows, the
 * rates between them, and which of several intervals counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/analyze/judge.h"
#include "tests/unit/world.h"

enum { MOST = 200 };

static const struct tempo unknown = {NAN, NAN, NAN};

/* An hour apart; all at 10,000 but for the floors, which are set by hand. */
struct hours {
    double t[MOST], v[MOST];
    uint32_t n;
};

static struct hours hours_from(double first, uint32_t n)
{
    struct hours h = {.n = n};
    for (uint32_t i = 0; i < n; i++) {
        h.t[i] = first + i;
        h.v[i] = 10000;
    }
    return h;
}

static struct tempo tempo_by_floors(const struct hours *h)
{
    static const struct cuts none = {.n = 0};
    const struct blocks last = {.cuts = &none};
    const struct track least = {.n = h->n, .t = h->t, .v = h->v};
    return tempo_of_tracks(unknown, &last, &least);
}

/* Floors at 10, 30, 60 and 90 hours: 2, 3 and 4 bytes an hour, 250 bytes in 80 hours. */
static void floors_of_days(void **state)
{
    (void)state;
    for (int later = 0; later < 2; later++) {
        struct hours h = hours_from(later * 500., 97);
        h.v[10] = 100;
        h.v[30] = 140;
        h.v[60] = 230;
        h.v[90] = 350;
        const struct tempo p = tempo_by_floors(&h);
        const double mean = 3.125;
        const double squares = 1.125 * 1.125 + .125 * .125 + .875 * .875;
        const double margin = 2.920 * sqrt(squares / 2) * sqrt(2. / 3);
        assert_true(near(p.mean, mean, 1e-9));
        assert_true(near(p.low, mean - margin, 1e-9));
        assert_true(near(p.high, mean + margin, 1e-9));
    }
}

/* An edge belongs to the older window: 24 hours are the first day's, 25 the second's. */
static void a_value_on_an_edge_is_the_older_ones(void **state)
{
    (void)state;
    struct hours h = hours_from(0, 97);
    h.v[24] = 100;
    h.v[48] = 148;
    h.v[49] = 150;
    h.v[96] = 291;
    const struct tempo p = tempo_by_floors(&h);
    assert_true(near(p.mean, 191. / 72, 1e-9)); /* 2, 2 and 3 */
}

static void too_few_windows(void **state)
{
    (void)state;
    struct hours h = hours_from(0, 84); /* 83 hours are three days and less than a half */
    assert_true(isnan(tempo_by_floors(&h).mean));
    h = hours_from(0, 85);
    assert_true(tempo_by_floors(&h).mean == 0);
    /* A day without a capture has no floor: two rates are left. */
    h = hours_from(0, 97);
    for (uint32_t i = 25; i < 73; i++)
        h.t[i] = i < 49 ? 24 : 72;
    h.n = 97;
    assert_true(isnan(tempo_by_floors(&h).mean));
}

static void a_day_without_a_capture(void **state)
{
    (void)state;
    struct hours h = hours_from(0, 121);
    for (uint32_t i = 25; i < 49; i++)
        h.t[i] = 49; /* five days, of which the second has none */
    h.v[10] = 100;
    h.v[60] = 200;
    h.v[80] = 240;
    h.v[110] = 300;
    const struct tempo p = tempo_by_floors(&h);
    assert_true(near(p.mean, 2, 1e-9));
    assert_true(near(p.low, 2, 1e-9) && near(p.high, 2, 1e-9));
}

static void the_narrowest_counts(void **state)
{
    (void)state;
    struct tempo best = unknown;
    const struct tempo wide = {5, 0, 10}, narrow = {7, 6, 8}, same = {9, 8, 10};
    tempo_narrow(&best, &unknown);
    assert_true(isnan(best.mean));
    tempo_narrow(&best, &wide);
    assert_true(best.mean == 5);
    tempo_narrow(&best, &unknown);
    assert_true(best.mean == 5);
    tempo_narrow(&best, &narrow);
    assert_true(best.mean == 7);
    tempo_narrow(&best, &wide);
    assert_true(best.mean == 7);
    tempo_narrow(&best, &same); /* the first of two that are as wide */
    assert_true(best.mean == 7);
}

/* ---- of a series ---- */

static struct tempo leaks_tempo(const struct world *w)
{
    struct rank_result r = run(w);
    const struct tempo p = find(&r, "Leak")->tempo;
    rank_free(&r);
    return p;
}

/* Windows of six hours are looked at only where restarts leave nothing longer. */
static void short_boots_together(void **state)
{
    (void)state;
    struct world w = usual(60, 1);
    w.reboot_at[0] = 20;
    w.reboot_at[1] = 40;
    const struct tempo p = leaks_tempo(&w);
    assert_true(near(p.mean, LEAK_PER_H, 1));
    assert_true(p.low <= p.mean && p.mean <= p.high && p.high < 1.2 * LEAK_PER_H);
    w.no_times = true;
    assert_true(isnan(leaks_tempo(&w).mean));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(floors_of_days),
        cmocka_unit_test(a_value_on_an_edge_is_the_older_ones),
        cmocka_unit_test(too_few_windows),
        cmocka_unit_test(a_day_without_a_capture),
        cmocka_unit_test(the_narrowest_counts),
        cmocka_unit_test(short_boots_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
