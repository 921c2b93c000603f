/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "cli/analyze/fleet.h"

#define HOST_TAGS 8

/* One host made by hand. */
struct made {
    struct rank_result r;
    struct rank_tag tags[HOST_TAGS];
};

static void begin(struct made *m, size_t snapshots)
{
    *m = (struct made){.r = {.snapshots = snapshots, .n_boots = 1, .span_h = 24}};
    m->r.tags = m->tags;
}

static void add(struct made *m, const char *tag, enum verdict v, enum confidence c,
                double score, double growth, double rate)
{
    m->tags[m->r.n_tags++] = (struct rank_tag){.tag = tag_from(tag, strlen(tag)),
                                               .pool = POOL_NONPAGED,
                                               .verdict = v,
                                               .confidence = c,
                                               .score = score,
                                               .growth_bytes = growth,
                                               .bytes_per_hour = rate};
}

static void leak(struct made *m, const char *tag, double score)
{
    add(m, tag, VERDICT_LEAK, CONFIDENCE_STRONG, score, 1000, 10);
}

static void steady(struct made *m, const char *tag, double score)
{
    add(m, tag, VERDICT_STEADY, CONFIDENCE_NONE, score, 0, NAN);
}

static void fold(struct fleet *f, const struct made *m, const char *host,
                 const char *facts)
{
    const struct fleet_host h = {
        .host = host, .scope = "system", .facts = facts, .r = &m->r};
    struct err e = {0};
    assert_int_equal(fleet_add(f, &h, NULL, &e), 0);
}

static const struct fleet_tag *tag_of(const struct fleet *f, const char *tag)
{
    for (size_t i = 0; i < f->n_tags; i++)
        if (tag_equal(f->tags[i].tag, tag_from(tag, strlen(tag))))
            return &f->tags[i];
    fail_msg("no tag %s", tag);
    return NULL;
}

static void assert_order(const struct fleet *f, const char *want)
{
    uint32_t order[32];
    char got[256] = "";
    assert_true(f->n_tags <= 32);
    fleet_order(f, order);
    for (size_t i = 0; i < f->n_tags; i++) {
        char text[TAG_TEXT_MAX];
        (void)tag_text(f->tags[order[i]].tag, text);
        (void)snprintf(got + strlen(got), sizeof got - strlen(got), "%s%s",
                       i == 0 ? "" : " ", text);
    }
    assert_string_equal(got, want);
}

static void test_counts_sums_and_means(void **state)
{
    (void)state;
    struct fleet f = {.n_tags = 0};
    struct made m;
    begin(&m, 24);
    leak(&m, "Leak", 100);
    steady(&m, "Base", 2);
    fold(&f, &m, "a", NULL);
    begin(&m, 24);
    add(&m, "Leak", VERDICT_GROWING, CONFIDENCE_PROBABLE, 50, 500, 5);
    add(&m, "Here", VERDICT_GROWING, CONFIDENCE_POSSIBLE, 10, 100, NAN);
    fold(&f, &m, "b", NULL);
    begin(&m, 24);
    add(&m, "Leak", VERDICT_GROWING, CONFIDENCE_UNPROVEN, 30, 300, -1);
    steady(&m, "Base", 4);
    fold(&f, &m, "c", NULL);
    assert_int_equal(f.hosts, 3);
    assert_int_equal(f.n_series, 3);

    const struct fleet_tag *t = tag_of(&f, "Leak");
    assert_int_equal(t->hosts, 3);
    assert_int_equal(t->leak, 1);
    assert_int_equal(t->probable, 1);
    assert_int_equal(t->possible, 0);
    assert_int_equal(fleet_suspects(t), 2);
    assert_int_equal(t->n_who, 2);
    assert_string_equal(f.series[t->who[0]].host, "a");
    assert_string_equal(f.series[t->who[1]].host, "b");
    assert_true(fleet_score(t) == 60);
    assert_int_equal(fleet_growth(t), 1800);
    assert_true(t->bytes_per_hour == 14);
    assert_int_equal(t->verdict, VERDICT_LEAK);

    /* A host without the tag does not count into its mean. */
    t = tag_of(&f, "Base");
    assert_int_equal(t->hosts, 2);
    assert_true(fleet_score(t) == 3);
    assert_true(isnan(t->bytes_per_hour));
    assert_int_equal(tag_of(&f, "Here")->possible, 1);
    assert_int_equal(f.series[1].suspects, 2);
    fleet_free(&f);
    fleet_free(&f);
}

/* Common leaks first where counts mean something, the highest mean where not. */
static void test_order(void **state)
{
    (void)state;
    for (size_t snapshots = 3; snapshots <= 6; snapshots += 3) {
        struct fleet f = {.n_tags = 0};
        struct made m;
        for (int i = 0; i < 3; i++) {
            const char *const names[] = {"a", "b", "c"};
            begin(&m, snapshots);
            leak(&m, "Many", 10);
            if (i == 0)
                leak(&m, "One ", 1000);
            else
                steady(&m, "One ", 0);
            add(&m, "None", VERDICT_PLATEAU, CONFIDENCE_NONE, 5, 64, 1);
            fold(&f, &m, names[i], NULL);
        }
        assert_int_equal(fleet_counts(&f), snapshots >= 6);
        assert_order(&f, snapshots >= 6 ? "Many One  None" : "One  Many None");
        fleet_free(&f);
    }
}

/* Ties are broken by hosts, growth and the tag itself, so any order of hosts gives one
 * order of tags. */
static void test_order_is_total(void **state)
{
    (void)state;
    struct fleet f = {.n_tags = 0};
    struct made m;
    begin(&m, 24);
    steady(&m, "Zzzz", 0);
    steady(&m, "Aaaa", 0);
    steady(&m, "Both", 0);
    add(&m, "Grew", VERDICT_STEADY, CONFIDENCE_NONE, 0, 8, NAN);
    fold(&f, &m, "a", NULL);
    begin(&m, 24);
    steady(&m, "Both", 0);
    fold(&f, &m, "b", NULL);
    assert_order(&f, "Both Grew Aaaa Zzzz");
    fleet_free(&f);
}

static void test_growth_on_one_host_only(void **state)
{
    (void)state;
    struct fleet f = {.n_tags = 0};
    struct made m;
    const char *const names[] = {"a", "b", "c", "d"};
    for (int i = 0; i < 4; i++) {
        begin(&m, 24);
        if (i == 2)
            leak(&m, "Load", 10);
        else
            steady(&m, "Load", 0);
        if (i == 2)
            leak(&m, "Rare", 10);
        fold(&f, &m, names[i], NULL);
    }
    assert_true(fleet_alone(&f, tag_of(&f, "Load")));
    /* The others do not have it: nothing to compare with. */
    assert_false(fleet_alone(&f, tag_of(&f, "Rare")));
    fleet_free(&f);
}

static void hosts_of_two_versions(struct fleet *f, const char *const *leaks,
                                  const char *const *builds, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct made m;
        char host[32], facts[64];
        begin(&m, 24);
        if (leaks[i] != NULL)
            leak(&m, leaks[i], 10);
        else
            steady(&m, "Drvr", 0);
        (void)snprintf(host, sizeof host, "h%zu", i);
        (void)snprintf(facts, sizeof facts, "processors=%zu\nbuild=%s\n", i, builds[i]);
        fold(f, &m, host, facts);
    }
}

static void test_a_version_parts_the_hosts(void **state)
{
    (void)state;
    static const char *const leaks[] = {"Drvr", "Drvr", NULL, "Drvr", NULL, NULL};
    static const char *const builds[] = {"2", "2", "1", "2", "1", "2"};
    struct fleet f = {.n_tags = 0};
    struct fleet_split s;
    hosts_of_two_versions(&f, leaks, builds, 6);
    assert_int_equal(f.n_facts, 1); /* how many processors is no version */
    assert_true(fleet_split(&f, tag_of(&f, "Drvr"), &s));
    assert_string_equal(s.fact->name, "build");
    assert_int_equal(s.with, 3);
    assert_int_equal(s.of_with, 4);
    assert_int_equal(s.without, 2);
    assert_true(s.grows[0] && s.seen[0]);
    assert_true(!s.grows[1] && s.seen[1]);
    fleet_free(&f);
}

static void test_what_parts_no_hosts(void **state)
{
    (void)state;
    static const char *const leaks[] = {"Drvr", "Drvr", NULL, NULL, NULL, NULL};
    static const struct {
        const char *builds[6];
    } t[] = {
        {{"1", "1", "1", "1", "1", "1"}}, /* one version */
        {{"1", "2", "1", "1", "2", "2"}}, /* growth with both */
        {{"2", "2", "2", "2", "2", "1"}}, /* one host of the other: chance */
        {{"2", "2", "2", "2", "1", "1"}}, /* growth on half of its hosts */
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct fleet f = {.n_tags = 0};
        struct fleet_split s;
        hosts_of_two_versions(&f, leaks, t[i].builds, 6);
        assert_false(fleet_split(&f, tag_of(&f, "Drvr"), &s));
        fleet_free(&f);
    }
}

static void test_versions_that_are_all_different_part_nothing(void **state)
{
    (void)state;
    struct fleet f = {.n_tags = 0};
    struct fleet_split s;
    for (int i = 0; i < 2 * FLEET_VALUES; i++) {
        struct made m;
        char host[32], facts[32];
        begin(&m, 24);
        if (i < FLEET_VALUES)
            leak(&m, "Drvr", 1);
        else
            steady(&m, "Drvr", 0);
        (void)snprintf(host, sizeof host, "h%d", i);
        (void)snprintf(facts, sizeof facts, "build=%d\n", i);
        fold(&f, &m, host, facts);
    }
    assert_int_equal(f.facts[0].n, FLEET_VALUES + 1);
    assert_false(fleet_split(&f, tag_of(&f, "Drvr"), &s));
    fleet_free(&f);
}

/* Scopes of one host are series of their own, and one host. */
static void test_scopes(void **state)
{
    (void)state;
    struct fleet f = {.n_tags = 0};
    struct made m;
    struct err e = {0};
    begin(&m, 24);
    leak(&m, "Leak", 1);
    struct fleet_host h = {.host = NULL, .scope = "system", .r = &m.r};
    uint32_t first, second;
    assert_int_equal(fleet_add(&f, &h, &first, &e), 0);
    h.scope = "session:3";
    assert_int_equal(fleet_add(&f, &h, &second, &e), 0);
    assert_int_equal(f.hosts, 1);
    assert_int_equal(f.n_series, 2);
    assert_int_equal(f.n_tags, 2);
    assert_int_not_equal(first, second);
    assert_null(f.series[1].host);
    assert_string_equal(f.series[1].scope, "session:3");
    fleet_free(&f);
}

/* Memory: a tag names its first hosts only, and counts all. */
static void test_many_hosts_of_many_tags(void **state)
{
    (void)state;
    struct fleet f = {.n_tags = 0};
    struct made m;
    enum { HOSTS = 300 };
    for (int i = 0; i < HOSTS; i++) {
        char host[32];
        begin(&m, 24);
        leak(&m, "Leak", 1);
        for (int k = 0; k < HOST_TAGS - 1; k++) {
            char tag[32];
            (void)snprintf(tag, sizeof tag, "%03x%d", i, k);
            steady(&m, tag, 0);
        }
        (void)snprintf(host, sizeof host, "host%d", i);
        fold(&f, &m, host, NULL);
    }
    const struct fleet_tag *t = tag_of(&f, "Leak");
    assert_int_equal(t->leak, HOSTS);
    assert_int_equal(t->n_who, FLEET_NAMED);
    assert_int_equal(t->who[FLEET_NAMED - 1], FLEET_NAMED - 1);
    assert_int_equal(f.n_tags, 1 + HOSTS * (HOST_TAGS - 1));
    fleet_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_sums_and_means),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_order_is_total),
        cmocka_unit_test(test_growth_on_one_host_only),
        cmocka_unit_test(test_a_version_parts_the_hosts),
        cmocka_unit_test(test_what_parts_no_hosts),
        cmocka_unit_test(test_versions_that_are_all_different_part_nothing),
        cmocka_unit_test(test_scopes),
        cmocka_unit_test(test_many_hosts_of_many_tags),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
