/* SPDX-License-Identifier: MIT */
/* Tags in step: found with few captures and many, over reboots, in both pools; tags that
 * only share a clock, or differ by a little more each, are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "cli/analyze/cohort.h"
#include "tests/unit/series.h"

#define TAGS 8

/* Events of one process up to each snapshot, from which tags take their objects. */
struct process {
    uint64_t seed;
    double per_step;
    bool daily; /* only by day */
};

/* A tag keeps `each` objects for every event, and holds `base` besides. */
struct member {
    const char *name;
    enum pool_kind pool;
    int process;
    double each;
    uint64_t base, size;
    unsigned skew; /* objects that a reading may be behind, at most */
};

struct machine {
    int n, per_boot; /* snapshots; 0 = one boot */
    struct process processes[4];
    struct member members[TAGS];
    int largest;  /* rows listed, 0 = all */
    bool counted; /* live objects are printed */
};

static enum role role_of(const void *ctx, struct pool_tag tag, uint8_t pool)
{
    (void)ctx;
    (void)pool;
    if (tag_equal(tag, tag_from("IoWI", 4)))
        return ROLE_CONTAINER;
    return tag_equal(tag, tag_from("Drvr", 4)) ? ROLE_PRIVATE : ROLE_UNKNOWN;
}

static double happens(struct process *p, int j)
{
    if (p->per_step <= 0 || (p->daily && j % 24 < 12))
        return 0;
    return p->per_step * (.5 + noise(&p->seed) % 1000 / 1000.0);
}

static void put_innocents(struct pool_snapshot *s, int j)
{
    for (int i = 0; i < 40; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "i%02d", i);
        uint64_t live = (uint64_t)(100 + i * 17);
        (void)put_row(s, name, POOL_PAGED, 1000 + (uint64_t)(i * j), live, 48 * live);
    }
}

static struct rank_result rank(struct machine m)
{
    struct tally *t;
    struct err e = {0};
    struct rank_result r = {0};
    struct rank_opts o = {.role = role_of};
    double events[4] = {0};
    uint64_t skews = 7;
    assert_int_equal(tally_new(&t, &e), 0);
    for (int j = 0; j < m.n; j++) {
        struct pool_snapshot s = {.uptime_s = -1, .completeness = COMPLETE_WHOLE};
        bool boot = m.per_boot > 0 && j % m.per_boot == 0;
        for (int k = 0; k < 4; k++)
            events[k] = boot ? 0 : events[k] + floor(happens(&m.processes[k], j));
        for (int i = 0; i < TAGS && m.members[i].name != NULL; i++) {
            const struct member *b = &m.members[i];
            double live = floor(b->each * events[b->process]) + (double)b->base;
            if (b->skew > 0 && live > b->skew)
                live -= noise(&skews) % (b->skew + 1);
            (void)put_row(&s, b->name, b->pool, (uint64_t)live + 1000, (uint64_t)live,
                          (uint64_t)live * b->size);
        }
        put_innocents(&s, m.per_boot > 0 ? j % m.per_boot : j);
        if (m.largest > 0 && (size_t)m.largest < s.n_rows)
            s.n_rows = (size_t)m.largest;
        for (size_t i = 0; !m.counted && i < s.n_rows; i++)
            s.rows[i].fields = ROW_BYTES;
        put_time(&s, j);
        assert_int_equal(tally_add(t, &s, j, false, &e), 0);
        pool_snapshot_free(&s);
    }
    assert_int_equal(rank_tally(&r, t, &o, &e), 0);
    tally_free(t);
    return r;
}

static const struct rank_tag *tag_named(const struct rank_result *r, const char *name)
{
    for (size_t i = 0; i < r->n_tags; i++)
        if (tag_equal(r->tags[i].tag, tag_from(name, strlen(name))))
            return &r->tags[i];
    fail_msg("no tag %s", name);
    return NULL;
}

static uint32_t cohort_named(const struct rank_result *r, const char *name)
{
    return tag_named(r, name)->cohort;
}

static bool together(const struct rank_result *r, const char *a, const char *b)
{
    return cohort_named(r, a) > 0 && cohort_named(r, a) == cohort_named(r, b);
}

/* One process behind two tags, another behind a third. */
static struct machine two_in_step(int n, double per_step)
{
    return (struct machine){.n = n,
                            .counted = true,
                            .processes = {{1, per_step, false}, {2, per_step, false}},
                            .members = {{"Drvr", POOL_PAGED, 0, 1, 17, 512, 0},
                                        {"IoWI", POOL_NONPAGED, 0, 1, 17, 96, 0},
                                        {"Othr", POOL_NONPAGED, 1, 1, 40, 256, 0}}};
}

static void found_with_few_and_many(void **state)
{
    (void)state;
    static const int counts[] = {3, 5, 24, 96, 672};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct rank_result r = rank(two_in_step(counts[i], 4000));
        assert_true(together(&r, "Drvr", "IoWI"));
        assert_int_equal(cohort_named(&r, "Othr"), 0);
        assert_int_equal(r.n_cohorts, 1);
        const struct rank_cohort *c = &r.cohorts[0];
        assert_int_equal(c->id, 1);
        assert_int_equal(c->basis, COHORT_GROWTH);
        assert_int_equal(c->size, 2);
        assert_int_equal(c->n_members, 2);
        assert_true(c->members[0].rank < c->members[1].rank);
        assert_int_equal(c->members[0].objects, c->members[1].objects);
        assert_true(c->members[1].ratio > .999 && c->members[1].ratio < 1.001);
        assert_true(c->bytes >= c->members[0].bytes + c->members[1].bytes);
        rank_free(&r);
    }
}

static void two_captures_are_one_interval(void **state)
{
    (void)state;
    struct machine m = two_in_step(2, 500);
    m.members[1].base = 5000;
    struct rank_result r = rank(m);
    assert_int_equal(r.n_cohorts, 0); /* could be chance */
    rank_free(&r);
    m.members[1].base = 17; /* nor do they hold the same number by chance */
    r = rank(m);
    assert_true(together(&r, "Drvr", "IoWI"));
    rank_free(&r);
}

static void found_over_reboots(void **state)
{
    (void)state;
    static const struct {
        int n, per_boot;
    } cases[] = {{24, 6}, {96, 24}, {672, 90}, {1200, 30}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct machine m = two_in_step(cases[i].n, 900);
        m.per_boot = cases[i].per_boot;
        struct rank_result r = rank(m);
        assert_int_equal(r.n_boots, (cases[i].n + m.per_boot - 1) / m.per_boot);
        assert_true(together(&r, "Drvr", "IoWI"));
        assert_int_equal(cohort_named(&r, "Othr"), 0);
        rank_free(&r);
    }
}

static void a_reading_may_be_behind(void **state)
{
    (void)state;
    struct machine m = two_in_step(96, 60);
    m.members[0].skew = m.members[1].skew = 1;
    struct rank_result r = rank(m);
    assert_true(together(&r, "Drvr", "IoWI"));
    assert_int_equal(r.n_cohorts, 1);
    rank_free(&r);
}

/* By day they grow, by night they do not, and as many: still not by the same number. */
static void a_common_clock_is_none(void **state)
{
    (void)state;
    struct machine m = two_in_step(96, 0);
    for (int i = 0; i < 4; i++)
        m.processes[i] = (struct process){(uint64_t)i + 11, 4000, true};
    m.members[1].process = 1;
    m.members[2].process = 2;
    m.members[3] = (struct member){"Frth", POOL_PAGED, 3, 1, 10, 64, 0};
    struct rank_result r = rank(m);
    assert_int_equal(r.n_cohorts, 0);
    rank_free(&r);
}

static void ratios_where_they_are_safe(void **state)
{
    (void)state;
    struct machine m = two_in_step(96, 700);
    m.members[1].each = 2;
    struct rank_result r = rank(m);
    assert_true(together(&r, "Drvr", "IoWI"));
    double ratio = r.cohorts[0].members[1].ratio;
    bool doubled = tag_equal(r.cohorts[0].members[0].tag, tag_from("Drvr", 4));
    assert_true(doubled ? ratio > 1.99 && ratio < 2.01 : ratio > .49 && ratio < .51);
    rank_free(&r);
    m.n = 8;
    r = rank(m);
    assert_int_equal(r.n_cohorts, 0);
    rank_free(&r);
}

/* Each loses a little more than the one before: the third is not in step with the
 * first, though it is with the second. */
static void no_chain(void **state)
{
    (void)state;
    struct machine m = two_in_step(96, 4000);
    m.members[1].each = .996;
    m.members[2] = (struct member){"Thrd", POOL_PAGED, 0, .992, 17, 64, 0};
    struct rank_result r = rank(m);
    assert_int_equal(r.n_cohorts, 1);
    assert_int_equal(r.cohorts[0].size, 2);
    assert_false(together(&r, "Drvr", "Thrd") && together(&r, "Drvr", "IoWI"));
    rank_free(&r);
}

static void a_family_is_one(void **state)
{
    (void)state;
    struct machine m = two_in_step(24, 4000);
    static const char *const names[] = {"Fam1", "Fam2", "Fam3", "Fam4"};
    for (int i = 0; i < 4; i++)
        m.members[3 + i] =
            (struct member){names[i], i % 2 == 0 ? POOL_PAGED : POOL_NONPAGED,
                            0,        1,
                            17,       (uint64_t)(32 << i),
                            0};
    struct rank_result r = rank(m);
    assert_int_equal(r.n_cohorts, 1);
    assert_int_equal(r.cohorts[0].size, 6);
    for (int i = 0; i < 4; i++)
        assert_true(together(&r, "Drvr", names[i]));
    assert_int_equal(r.cohorts[0].root_role, ROLE_PRIVATE);
    assert_int_equal(r.cohorts[0].root_rank, tag_named(&r, "Drvr") - r.tags + 1);
    assert_int_equal(tag_named(&r, "IoWI")->role, ROLE_CONTAINER);
    rank_free(&r);
}

static void bytes_alone_count_nothing(void **state)
{
    (void)state;
    struct machine m = two_in_step(24, 4000);
    m.members[1].size = 512;
    m.counted = false;
    struct rank_result r = rank(m);
    assert_int_equal(r.n_cohorts, 0);
    rank_free(&r);
}

/* ---- who comes first ---- */

static void the_root_is_a_drivers_own(void **state)
{
    (void)state;
    struct rank_cohort c = {.id = 1};
    struct cohort_member m = {.rank = 1, .bytes = 100};
    cohort_add(&c, &m, ROLE_SYSTEM);
    assert_int_equal(c.root_rank, 0);
    m.rank = 2;
    cohort_add(&c, &m, ROLE_UNKNOWN);
    m.rank = 3;
    cohort_add(&c, &m, ROLE_UNKNOWN);
    assert_int_equal(c.root_rank, 2);
    for (m.rank = 4; m.rank < 40; m.rank++)
        cohort_add(&c, &m, ROLE_CONTAINER);
    cohort_add(&c, &m, ROLE_PRIVATE);
    assert_int_equal(c.root_rank, 40);
    assert_int_equal(c.root_role, ROLE_PRIVATE);
    assert_int_equal(c.size, 40);
    assert_int_equal(c.n_members, COHORT_MEMBERS);
    assert_int_equal(c.members[COHORT_MEMBERS - 1].rank, 40); /* never cut off */
    assert_int_equal(c.bytes, 4000);
}

/* ---- one capture ---- */

struct screen_row {
    const char *tag;
    uint64_t live, bytes;
    int64_t allocs_delta, frees_delta;
};

static struct rank_result rank_screen(const struct screen_row *v, size_t n)
{
    struct pool_snapshot s = {.uptime_s = -1, .completeness = COMPLETE_SCREEN};
    struct rank_result r = {0};
    struct rank_opts o = {.role = NULL};
    struct rank_cohort *cohorts = NULL;
    struct tally *t;
    struct err e = {0};
    uint32_t rows[16];
    size_t n_cohorts;
    for (size_t i = 0; i < n; i++) {
        struct pool_row *w = put_row(&s, v[i].tag, POOL_NONPAGED, v[i].live + 100000,
                                     v[i].live, v[i].bytes);
        w->fields |= ROW_ALLOCS_DELTA | ROW_FREES_DELTA;
        w->allocs_delta = v[i].allocs_delta;
        w->frees_delta = v[i].frees_delta;
        rows[i] = (uint32_t)i;
    }
    assert_int_equal(tally_new(&t, &e), 0);
    assert_int_equal(tally_add(t, &s, NAN, false, &e), 0);
    assert_int_equal(rank_tally(&r, t, &o, &e), 0);
    assert_int_equal(cohorts_of_rows(&s, rows, n, NULL, NULL, &cohorts, &n_cohorts, &e),
                     0);
    assert_int_equal(n_cohorts, r.n_cohorts); /* show says what rank says */
    for (size_t i = 0; i < n_cohorts; i++)
        assert_int_equal(cohorts[i].size, r.cohorts[i].size);
    free(cohorts);
    pool_snapshot_free(&s);
    tally_free(t);
    return r;
}

/* Counts of a published screen: one driver's two tags, and what is chance on it. */
static void equal_counts_on_a_screen(void **state)
{
    (void)state;
    static const struct screen_row rows[] = {
        {"ISil", 80939, 36678632, 56, 58}, {"I100", 80909, 14886928, 217, 219},
        {"SavE", 407, 11717016, 0, 0},     {"tdLL", 4918, 2672832, 0, 4},
        {"TCPt", 24, 1392264, 4, 4},       {"File", 4908, 750688, 65, 65},
        {"Devi", 418, 558552, 0, 0},       {"Mm  ", 24, 379880, 0, 0},
    };
    struct rank_result r = rank_screen(rows, sizeof rows / sizeof *rows);
    assert_int_equal(r.n_cohorts, 1);
    assert_int_equal(r.cohorts[0].basis, COHORT_STATIC);
    assert_int_equal(r.cohorts[0].size, 2);
    assert_int_equal(r.cohorts[0].bytes, 36678632 + 14886928);
    assert_int_equal(r.cohorts[0].members[1].objects, 80909);
    assert_true(together(&r, "ISil", "I100"));
    assert_int_equal(cohort_named(&r, "File"), 0);
    rank_free(&r);
}

static void a_thousand_alike_must_move_alike(void **state)
{
    (void)state;
    static const struct screen_row rows[] = {
        {"Aaaa", 5000, 900000, 7, 3}, {"Bbbb", 5003, 800000, 4, 0}, /* both +4 */
        {"Cccc", 7000, 700000, 2, 2}, {"Dddd", 7000, 600000, 0, 0}, /* neither moved */
        {"Eeee", 9000, 500000, 3, 2}, {"Ffff", 9001, 400000, 5, 0}, /* not alike */
        {"Gggg", 999, 300000, 7, 3},  {"Hhhh", 999, 200000, 7, 3},  /* too few */
        {"Iiii", 10000, 90000, 0, 0}, {"Jjjj", 10010, 80000, 5, 0}, /* .1 % */
        {"Kkkk", 20000, 70000, 0, 0}, {"Llll", 20021, 60000, 0, 0}, /* more */
    };
    struct rank_result r = rank_screen(rows, sizeof rows / sizeof *rows);
    assert_int_equal(r.n_cohorts, 2);
    assert_true(together(&r, "Aaaa", "Bbbb"));
    assert_true(together(&r, "Iiii", "Jjjj"));
    rank_free(&r);
}

static void no_chain_on_a_screen(void **state)
{
    (void)state;
    static const struct screen_row rows[] = {
        {"Aaaa", 50000, 900000, 0, 0}, /* the two below are .08 % off, to either side */
        {"Bbbb", 50040, 800000, 0, 0},
        {"Cccc", 50080, 700000, 0, 0}, /* .16 % off the first */
        {"Dddd", 49960, 600000, 0, 0},
    };
    struct rank_result r = rank_screen(rows, sizeof rows / sizeof *rows);
    assert_int_equal(r.n_cohorts, 1);
    assert_int_equal(r.cohorts[0].size, 3);
    assert_int_equal(cohort_named(&r, "Cccc"), 0);
    rank_free(&r);
}

/* Thousands of tags that all do the same: one cohort, in bounded time. */
static void hostile_sameness_is_bounded(void **state)
{
    (void)state;
    struct tally *t;
    struct err e = {0};
    struct rank_result r = {0};
    struct rank_opts o = {.role = NULL};
    assert_int_equal(tally_new(&t, &e), 0);
    for (int j = 0; j < 8; j++) {
        struct pool_snapshot s = {.uptime_s = -1, .completeness = COMPLETE_WHOLE};
        for (int i = 0; i < 6000; i++) {
            char name[16];
            (void)snprintf(name, sizeof name, "%04x", i);
            uint64_t live = (uint64_t)(1000000 + j * j * 70000 + j * 1000);
            (void)put_row(&s, name, POOL_PAGED, live, live, live * 64);
        }
        assert_int_equal(tally_add(t, &s, j, false, &e), 0);
        pool_snapshot_free(&s);
    }
    assert_int_equal(rank_tally(&r, t, &o, &e), 0);
    assert_int_equal(r.n_cohorts, 1);
    assert_true(r.cohorts[0].size >= 400);
    assert_int_equal(r.cohorts[0].n_members, COHORT_MEMBERS);
    rank_free(&r);
    tally_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(found_with_few_and_many),
        cmocka_unit_test(two_captures_are_one_interval),
        cmocka_unit_test(found_over_reboots),
        cmocka_unit_test(a_reading_may_be_behind),
        cmocka_unit_test(a_common_clock_is_none),
        cmocka_unit_test(ratios_where_they_are_safe),
        cmocka_unit_test(no_chain),
        cmocka_unit_test(a_family_is_one),
        cmocka_unit_test(bytes_alone_count_nothing),
        cmocka_unit_test(the_root_is_a_drivers_own),
        cmocka_unit_test(equal_counts_on_a_screen),
        cmocka_unit_test(a_thousand_alike_must_move_alike),
        cmocka_unit_test(no_chain_on_a_screen),
        cmocka_unit_test(hostile_sameness_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
