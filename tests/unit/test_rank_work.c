/* SPDX-License-Identifier: MIT */
/* The ranking on a machine where people work by day: what grows with the work, under the
 * work's wave, or only since some boot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "cli/analyze/analyze.h"
#include "tests/unit/series.h"

#define BUSY_ROWS 40
#define BOOTS     48

/* Captures every step_h hours; boots begin at multiples of boot_h, 0 = none. */
struct days {
    int n;
    double step_h, boot_h;
    double leak_from; /* hours: when "Came" begins to leak */
    bool uncounted;   /* the captures give no allocations */
    bool even;        /* the machine is as busy by night */
    bool bursts;      /* twelve captures a day on every fourth day */
    double first_h;   /* the caller's hours at the first capture */
};

static double wave_at(double hours)
{
    double h = fmod(hours, 24);
    return h > 7 && h < 20 ? sin((h - 7) / 13 * 3.141592653589793) : 0;
}

/* Work between two hours, in steps that do not depend on the captures. */
static double work_between(double from, double to)
{
    double work = 0;
    for (long i = lround(from * 20); i < lround(to * 20); i++)
        work += wave_at((double)i / 20) / 20;
    return work;
}

static double busiest_between(double from, double to)
{
    double most = 0;
    for (long i = lround(from * 20); i <= lround(to * 20); i++)
        most = fmax(most, wave_at((double)i / 20));
    return most;
}

static void put(struct pool_snapshot *s, const struct days *d, const char *tag,
                double allocs, double objects)
{
    uint64_t live = (uint64_t)objects;
    struct pool_row *r =
        put_row(s, tag, POOL_NONPAGED, (uint64_t)allocs + live, live, 64 * live);
    if (d->uncounted)
        r->fields = ROW_BYTES | ROW_LIVE;
}

static double hours_of(const struct days *d, int j)
{
    return d->bursts ? 96 * (j / 12) + 8 + j % 12 * .8 : j * d->step_h;
}

/* What follows the work. */
static void put_workers(struct pool_snapshot *s, const struct days *d, double hours,
                        double boot)
{
    double up = hours - boot, work = work_between(boot, hours);
    uint64_t seed = (uint64_t)(hours * 1000);
    put(s, d, "Work", 9000 * (.5 * up + work), 4000 + 6000 * work);
    put(s, d, "Wave", 9000 * (.5 * up + work),
        4000 + 60000 * wave_at(hours) + 500 * up + noise(&seed) % 900);
    put(s, d, "Day ", 9000 * (.5 * up + work),
        4000 + 60000 * wave_at(hours) + noise(&seed) % 900);
    put(s, d, "High", 9000 * (.5 * up + work),
        4000 + 90000 * busiest_between(boot, hours));
}

/* The machine has been up since an hour before the series or since its boot. */
static void capture(struct pool_snapshot *s, const struct days *d, double hours)
{
    double boot = d->boot_h > 0 ? floor(hours / d->boot_h) * d->boot_h : -1;
    double up = hours - boot, work = d->even ? 0 : work_between(boot, hours);
    pool_snapshot_clear(s);
    for (int i = 0; i < BUSY_ROWS; i++) {
        char tag[5] = "b00 ";
        tag[1] = (char)('0' + i / 10);
        tag[2] = (char)('0' + i % 10);
        put(s, d, tag, (3000 + 400 * i) * (.5 * up + work), 700 + i);
    }
    if (!d->even)
        put_workers(s, d, hours, boot);
    put(s, d, "Fill", 9000 * (.5 * up + work), 200000 * (1 - exp(-up / 90)));
    put(s, d, "Held", 9000 * (.5 * up + work),
        30000 + 300000 * (1 - exp(-fmax(hours - 30, 0) / 6)));
    put(s, d, "Came", 9000 * (.5 * up + work),
        4000 + 3000 * fmax(hours - fmax(d->leak_from, boot), 0));
}

static struct rank_result run(const struct days *d)
{
    struct err e = {0};
    struct tally *t = NULL;
    struct rank_result r = {0};
    struct pool_snapshot s = {.uptime_s = -1};
    assert_int_equal(tally_new(&t, &e), 0);
    for (int j = 0; j < d->n; j++) {
        capture(&s, d, hours_of(d, j));
        assert_int_equal(tally_add(t, &s, d->first_h + hours_of(d, j), false, &e), 0);
    }
    struct rank_opts o = {0};
    assert_int_equal(rank_tally(&r, t, &o, &e), 0);
    pool_snapshot_free(&s);
    tally_free(t);
    return r;
}

static const struct rank_tag *find(const struct rank_result *r, const char *tag)
{
    for (size_t i = 0; i < r->n_tags; i++)
        if (tag_equal(r->tags[i].tag, tag_from(tag, 4)))
            return &r->tags[i];
    fail_msg("no %s", tag);
    return NULL;
}

static const struct evidence *said(const struct rank_tag *t, enum evidence_code code)
{
    for (int i = 0; i < t->n_evidence; i++)
        if (t->evidence[i].code == code)
            return &t->evidence[i];
    return NULL;
}

static bool near(double v, double want, double within)
{
    return fabs(v - want) <= within * fabs(want);
}

static void growth_with_the_work_is_a_line(void **state)
{
    (void)state;
    struct days d = {.n = 96, .step_h = 1, .boot_h = 36, .leak_from = 1e9};
    struct rank_result r = run(&d);
    assert_int_equal(r.n_boots, 3);
    const struct rank_tag *t = find(&r, "Work");
    assert_int_equal(t->judged, JUDGED_WORK);
    assert_int_equal(t->verdict, VERDICT_LEAK);
    assert_true(t->work > .99);
    assert_true(t->straightness < .9); /* along the hours it is less so */
    const struct evidence *e = said(t, EVIDENCE_WORK);
    assert_non_null(e);
    assert_true(e->v[0] == t->work && e->v[1] > 4);
    assert_null(said(t, EVIDENCE_STRAIGHT));
    /* A cache that holds what the busiest hour needed follows the work as well. */
    const struct rank_tag *high = find(&r, "High");
    assert_true(high->work < .875);
    assert_int_not_equal(high->judged, JUDGED_WORK);
    assert_true(high->quality < t->quality / 2);
    rank_free(&r);
}

static void a_wave_hides_no_leak(void **state)
{
    (void)state;
    struct days d = {.n = 96, .step_h = 1, .boot_h = 36, .leak_from = 1e9};
    struct rank_result r = run(&d);
    const struct rank_tag *t = find(&r, "Wave"), *day = find(&r, "Day ");
    assert_true(t->judged == JUDGED_WAVE || t->judged == JUDGED_QUIET);
    assert_true(t->grade >= 2);
    assert_true(t->wave > .4);
    assert_true(t->directness < .5); /* by its floors it comes and goes */
    assert_true(near(t->bytes_per_hour, 500 * 64, .15));
    assert_true(t->growth_bytes > 0);
    assert_int_equal(day->grade, 0);
    assert_true(day->wave < .1);
    rank_free(&r);
}

static void the_last_boots_alone_show_what_came(void **state)
{
    (void)state;
    struct days d = {.n = 96, .step_h = 1, .boot_h = 24, .leak_from = 48};
    struct rank_result r = run(&d);
    const struct rank_tag *t = find(&r, "Came");
    assert_int_equal(r.n_boots, 4);
    assert_int_equal(t->judged, JUDGED_SINCE);
    assert_int_equal(t->boots_judged, 2);
    assert_true(t->grade >= 2);
    assert_true(t->straightness <= .5); /* with the boots before it is not straight */
    assert_true(t->started_h == 48);
    assert_true(near(t->bytes_per_hour, 3000 * 64, .02));
    const struct evidence *e = said(t, EVIDENCE_SINCE);
    assert_non_null(e);
    assert_true(e->v[0] == 2 && e->v[1] == 0);
    assert_int_equal(find(&r, "Work")->boots_judged, 4);
    rank_free(&r);
    d.leak_from = 0; /* it was always there: nothing is left out */
    r = run(&d);
    t = find(&r, "Came");
    assert_int_equal(t->judged, JUDGED_LINE);
    assert_int_equal(t->boots_judged, 4);
    assert_true(isnan(t->started_h));
    rank_free(&r);
}

/* Boots that were folded into sums, and merged with each other, add up to the same. */
static void folded_boots_tell_the_same(void **state)
{
    (void)state;
    struct days d = {.n = 96 * 4, .step_h = .25, .boot_h = 24, .leak_from = 48};
    struct rank_result r = run(&d);
    const struct rank_tag *t = find(&r, "Came");
    assert_int_equal(t->judged, JUDGED_SINCE);
    assert_int_equal(t->boots_judged, 2);
    assert_true(t->started_h == 48);
    t = find(&r, "Work");
    assert_int_equal(t->judged, JUDGED_WORK);
    assert_true(t->work > .99);
    assert_true(find(&r, "Wave")->grade >= 2);
    assert_int_equal(find(&r, "Day ")->grade, 0);
    rank_free(&r);
    struct days many = {
        .n = BOOTS * 12, .step_h = 2, .boot_h = 24, .leak_from = 24 * (BOOTS - 6)};
    r = run(&many);
    assert_int_equal(r.n_boots, BOOTS);
    t = find(&r, "Came");
    assert_int_equal(t->judged, JUDGED_SINCE);
    assert_int_equal(t->boots_judged, 6);
    assert_true(t->started_h == 24 * (BOOTS - 6));
    assert_int_equal(find(&r, "Work")->judged, JUDGED_WORK);
    assert_true(find(&r, "Work")->work > .98);
    rank_free(&r);
}

/* A cache of four days bends little within a boot; over boots of another age it does. */
static void a_slow_cache_is_a_curve(void **state)
{
    (void)state;
    struct days d = {.n = 96, .step_h = 1, .boot_h = 72, .leak_from = 1e9};
    struct rank_result r = run(&d);
    const struct rank_tag *t = find(&r, "Fill");
    assert_true(t->straightness > .9);
    assert_true(t->line_fit < .3);
    assert_true(t->grade < 3);
    rank_free(&r);
}

/* Four days of captures with days between them: as many spans as ever. */
static void pauses_of_days_leave_spans(void **state)
{
    (void)state;
    struct days d = {.n = 48, .leak_from = 0, .bursts = true};
    struct rank_result r = run(&d);
    const struct rank_tag *t = find(&r, "Came");
    assert_int_equal(r.n_boots, 1);
    assert_int_equal(t->steps, 7);
    assert_int_equal(t->verdict, VERDICT_LEAK);
    rank_free(&r);
}

/* Where no hour is quieter than another, none is called quiet, and none busy. */
static void an_even_machine_has_no_quiet_hours(void **state)
{
    (void)state;
    struct days d = {.n = 96, .step_h = 1, .leak_from = 0, .even = true};
    struct rank_result r = run(&d);
    const struct rank_tag *held = find(&r, "Held"), *came = find(&r, "Came");
    assert_true(isnan(held->quiet) && isnan(held->room));
    assert_int_not_equal(held->judged, JUDGED_QUIET);
    assert_true(held->grade < 2);
    assert_int_equal(came->judged, JUDGED_LINE);
    assert_int_equal(came->verdict, VERDICT_LEAK);
    rank_free(&r);
}

/* When it began is told in the caller's hours, wherever they begin. */
static void a_leak_that_came_began_in_the_hours_of_the_caller(void **state)
{
    (void)state;
    double started[2];
    for (int i = 0; i < 2; i++) {
        struct days d = {
            .n = 192, .step_h = 1, .leak_from = 96, .even = true, .first_h = 1000 * i};
        struct rank_result r = run(&d);
        started[i] = find(&r, "Came")->started_h;
        rank_free(&r);
    }
    assert_true(near(started[0], 96, .1));
    assert_true(started[1] == started[0] + 1000);
}

static void without_counters_no_work_is_seen(void **state)
{
    (void)state;
    struct days d = {.n = 48, .step_h = 2, .leak_from = 0, .uncounted = true};
    struct rank_result r = run(&d);
    const struct rank_tag *t = find(&r, "Came");
    assert_true(isnan(t->work) && isnan(t->wave));
    assert_int_equal(t->judged, JUDGED_LINE);
    assert_int_equal(t->verdict, VERDICT_LEAK);
    rank_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(growth_with_the_work_is_a_line),
        cmocka_unit_test(a_wave_hides_no_leak),
        cmocka_unit_test(the_last_boots_alone_show_what_came),
        cmocka_unit_test(folded_boots_tell_the_same),
        cmocka_unit_test(a_slow_cache_is_a_curve),
        cmocka_unit_test(pauses_of_days_leave_spans),
        cmocka_unit_test(an_even_machine_has_no_quiet_hours),
        cmocka_unit_test(a_leak_that_came_began_in_the_hours_of_the_caller),
        cmocka_unit_test(without_counters_no_work_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
