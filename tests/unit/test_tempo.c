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

/* Blocks of half a day at 6, 18, 30 ... hours; the margin is that of a prediction. */
static void pace_since_the_onset(void **state)
{
    (void)state;
    struct cuts c = {.n = 5, .width = 12};
    struct blocks f = {.cuts = &c, .v = {500, 100, 124, 160, 208}};
    for (int i = 0; i < c.n; i++)
        c.b[i].t = 6 + 12 * i;
    f.onset = 1; /* from there on 2, 3 and 4 an hour */
    struct pace p = pace_since(&f, 24, 2);
    assert_int_equal(p.n, 3);
    assert_true(p.onset_t == 18);
    assert_true(near(p.mean, 3, 1e-9));
    const double margin = 2.920 * sqrt(2. / 2) * sqrt(1. / 3 + 1. / 2);
    assert_true(near(p.low, 3 - margin, 1e-9) && near(p.high, 3 + margin, 1e-9));
    p = pace_since(&f, 1, 3); /* no further ahead than a block is long */
    const double wide = 2.920 * sqrt(2. / 2) * sqrt(1. / 3 + 1);
    assert_true(near(p.low, 3 - wide, 1e-9) && near(p.high, 3 + wide, 1e-9));
    assert_true(isnan(pace_since(&f, 24, 4).mean)); /* three rates are too few */
    assert_true(pace_since(&f, 24, 4).n == 3);
    f.onset = 0;
    p = pace_since(&f, 24, 2);
    assert_int_equal(p.n, 4);
    assert_true(isnan(p.onset_t));
    assert_true(near(p.mean, (208. - 500) / 48, 1e-9));
    c.n = 0;
    assert_true(isnan(pace_since(&f, 24, 2).mean));
}

/* Rates over two blocks each, 2, 4, 6, 8 and 10 an hour: two and a half stand alone. */
static void pace_of_overlapping_rates(void **state)
{
    (void)state;
    struct cuts c = {.n = 7, .width = 12, .rates = 5};
    struct blocks f = {.cuts = &c};
    for (int i = 0; i < c.n; i++) {
        c.b[i].t = 6 + 12 * i;
        c.partner[i] = i + 2;
        f.v[i] = 12 * i * i;
    }
    for (int far = 0; far < 2; far++) {
        const struct pace p = pace_of(&f, far ? 48 : 5);
        const double margin = 2.920 * sqrt(40. / 4) * sqrt(1 / 2.5 + (far ? .5 : 1));
        assert_int_equal(p.n, 5);
        assert_true(isnan(p.onset_t) && p.from_t == 6);
        assert_true(near(p.mean, 6, 1e-9));
        assert_true(near(p.low, 6 - margin, 1e-9) && near(p.high, 6 + margin, 1e-9));
    }
    f.onset = 1; /* the last four rates */
    struct pace p = pace_of(&f, 48);
    assert_int_equal(p.n, 4);
    assert_true(p.onset_t == 18 && p.from_t == 18 && near(p.mean, 7, 1e-9));
    f.onset = 4; /* judged with some of the time before it */
    p = pace_of(&f, 48);
    assert_int_equal(p.n, 4);
    assert_true(p.onset_t == 54 && p.from_t == 54);
    assert_true(near(p.mean, (12. * 36 - 12 * 16) / 24, 1e-9));
    assert_true(p.low < 7 && p.high >= p.mean);
    c.rates = 3;
    assert_true(isnan(pace_of(&f, 48).mean));
    c.n = 0;
    assert_true(isnan(pace_of(&f, 48).onset_t));
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
        cmocka_unit_test(pace_since_the_onset),
        cmocka_unit_test(pace_of_overlapping_rates),
        cmocka_unit_test(the_narrowest_counts),
        cmocka_unit_test(short_boots_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
