/* SPDX-License-Identifier: MIT */
/* Rules: what may stand in their file, and when they hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/know/rules.h"
#include "cli/render/words/words.h"

static int load(struct rule_list *l, const char *text, struct err *e)
{
    struct yaml *y = NULL;
    *l = (struct rule_list){.own = NULL};
    assert_int_equal(yaml_open(&y, "r.yaml", text, strlen(text), NULL, e), 0);
    int r = rules_read(l, y, e);
    yaml_close(y);
    return r;
}

static void refused(const char *text, const char *place, const char *words)
{
    struct rule_list l;
    struct err e = {0};
    assert_true(load(&l, text, &e) < 0);
    rules_free(&l);
    assert_string_equal(e.place, place);
    if (strstr(e.text, words) == NULL)
        fail_msg("'%s' does not say '%s'", e.text, words);
}

#define HEAD "- id: a\n  severity: info\n"

static void a_wrong_rule_is_refused_with_its_place(void **state)
{
    (void)state;
    refused(HEAD "  text: t\n  when: {pol: paged}\n", "r.yaml:4:10", "pol");
    refused(HEAD "  text: t\n  when: {pool: unknown}\n", "r.yaml:4:16", "nonpaged");
    refused(HEAD "  text: t\n  when: {free_below: 20Q}\n", "r.yaml:4:22", "'20Q'");
    refused(HEAD "  text: t\n  when: {used_percent_above: 80}\n", "r.yaml:4:30", "80%");
    refused(HEAD "  text: t\n  when: {span_below: 24}\n", "r.yaml:4:22", "24h");
    refused(HEAD "  text: t\n  when: {snapshots_below: -1}\n", "r.yaml:4:27", "count");
    refused(HEAD "  text: t\n  when: {hours_vary: no}\n", "r.yaml:4:22", "yes");
    refused(HEAD "  text: t\n  when: {}\n", "r.yaml:4:10", "at least one");
    refused(HEAD "  when: {pool: paged}\n", "r.yaml:1:3", "missing");
    refused("- id: A b\n  severity: info\n", "r.yaml:1:7", "a-z");
    refused("- id: a\n  severity: grave\n", "r.yaml:2:13", "grave");
    refused(HEAD "  text: \"{fre}\"\n", "r.yaml:3:9", "{fre}");
    refused(HEAD "  text: \"{free\"\n", "r.yaml:3:9", "placeholder");
    refused(HEAD "  text: \"a } b\"\n", "r.yaml:3:9", "placeholder");
    refused(HEAD "  text: \"{free:20M}\"\n", "r.yaml:3:9", "{free:20M}");
    refused(HEAD "  text: \"{ceiling}\"\n", "r.yaml:3:9", "{ceiling}");
    refused(HEAD "  text: \"{ceiling:x}\"\n", "r.yaml:3:9", "{ceiling:x}");
    refused(HEAD "  text: t\n  when: {suspect: acquitted}\n", "r.yaml:1:3", "suspects");
    refused(HEAD "  text: t\n  when: {pool: paged}\n" HEAD
                 "  text: t\n  when: {pool: paged}\n",
            "r.yaml:5:3", "already");
    refused("id: a\n", "r.yaml:1:1", "a list of rules");
}

static void every_builtin_rule_is_whole(void **state)
{
    (void)state;
    static const char *const named[] = {"http-sys-low-pool",   "http-sys-acquitted",
                                        "event-2019-shortage", "event-2019-no-shortage",
                                        "event-2020-shortage", "event-2020-no-shortage",
                                        "container-grows",     "finished-leak",
                                        "tag-table-full",      "untagged",
                                        "big-blocks",          "large-gap",
                                        "bytes-ran-over",      "screen-capture",
                                        "short-span",          "hours-vary",
                                        "session-pool",        "limit-3gb",
                                        "paged-near-limit"};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        size_t k = 0;
        while (k < rules_builtin.n && strcmp(rules_builtin.v[k].id, named[i]) != 0)
            k++;
        assert_true(k < rules_builtin.n);
        assert_true(rules_builtin.v[k].given != 0);
        assert_non_null(rules_builtin.v[k].text);
    }
}

/* ---- when they hold ---- */

struct scene {
    struct rank_tag tags[3];
    struct rank_result r;
    struct event_sum refusals;
    const struct event_sum *events[1];
    const char *formats[2];
    struct diagnose_facts f;
};

static void set_tag(struct rank_tag *t, const char *name, enum verdict v,
                    enum confidence c, double share)
{
    *t = (struct rank_tag){.tag = tag_from(name, 4),
                           .verdict = v,
                           .confidence = c,
                           .bytes = 1 << 20,
                           .bytes_known = true,
                           .live = 100,
                           .live_known = true,
                           .share_of_pool = share};
}

static void set_scene(struct scene *s)
{
    *s = (struct scene){.formats = {"poolmon", NULL}};
    set_tag(&s->tags[0], "Leak", VERDICT_LEAK, CONFIDENCE_STRONG, .6);
    set_tag(&s->tags[1], "File", VERDICT_GROWING, CONFIDENCE_PROBABLE, .2);
    set_tag(&s->tags[2], "Ovfl", VERDICT_STEADY, CONFIDENCE_NONE, .02);
    s->tags[1].role = ROLE_CONTAINER;
    s->r = (struct rank_result){
        .snapshots = 12, .has_times = true, .span_h = 30, .tags = s->tags, .n_tags = 3};
    s->r.pools[POOL_NONPAGED] =
        (struct rank_pool){.known = true,
                           .bytes = 110 << 20,
                           .from_header = true,
                           .limit = {.basis = LIMIT_BY_OPTION, .bytes = 128 << 20}};
    s->refusals = (struct event_sum){.code = "connections-refused", .count = 53};
    s->events[0] = &s->refusals;
    s->f = (struct diagnose_facts){.r = &s->r,
                                   .events = s->events,
                                   .n_events = 1,
                                   .formats = s->formats,
                                   .listed_bytes = {100 << 20, NAN, NAN}};
}

/* How many diagnoses the one rule gives. */
static size_t held(const struct scene *s, const char *when)
{
    char text[512];
    struct rule_list l;
    struct err e = {0};
    struct diagnosis_list out = {.v = NULL};
    (void)snprintf(text, sizeof text, HEAD "  text: t\n  when: {%s}\n", when);
    if (load(&l, text, &e) < 0)
        fail_msg("%s %s", e.place, e.text);
    assert_int_equal(diagnose(&out, &l.rules, &s->f, &e), 0);
    size_t n = out.n;
    diagnoses_free(&out);
    rules_free(&l);
    return n;
}

static void keys_hold_and_fail(void **state)
{
    (void)state;
    static const struct {
        const char *when;
        size_t n;
    } t[] = {
        {"pool: nonpaged, free_below: 20M", 1},
        {"pool: nonpaged, free_below: 18M", 0},
        {"pool: paged, free_below: 20M", 0},
        {"free_below: 20M", 1},
        {"used_above: 100M", 1},
        {"used_above: 111M", 0},
        {"used_percent_above: 85%", 1},
        {"used_percent_above: 86%", 0},
        {"used_percent_below: 86%", 1},
        {"used_percent_below: 85%", 0},
        {"limit_source: option", 1},
        {"limit_source: [capture, assumed]", 0},
        {"limit_source: unknown", 1}, /* of the paged pool */
        {"sum_gap_above: 9%", 1},
        {"sum_gap_above: 10%", 0},
        {"tag: Leak", 1},
        {"tag: ['Nope', 'L*']", 1},
        {"tag: Nope", 0},
        {"verdict: growing, role: container", 1},
        {"verdict: leak, role: container", 0},
        {"confidence: [strong, probable]", 1},
        {"confidence: possible", 0},
        {"tag: Ovfl, share_above: 1%", 1},
        {"tag: Ovfl, share_above: 2%", 0},
        {"bytes_wrapped: yes", 0},
        {"event: connections-refused", 1},
        {"event: [event-2019, event-2020]", 0},
        {"event: connections-refused, event_count_above: 52", 1},
        {"event: connections-refused, event_count_above: 53", 0},
        {"format: [xray, poolmon]", 1},
        {"format: xray", 0},
        {"os: '2003'", 0},
        {"scope: system", 1},
        {"scope: session", 0},
        {"completeness: whole", 1},
        {"completeness: [cut, screen]", 0},
        {"snapshots_below: 13", 1},
        {"snapshots_below: 12", 0},
        {"snapshots_above: 11", 1},
        {"snapshots_above: 12", 0},
        {"span_below: 31h", 1},
        {"span_below: 30h", 0},
        {"hours_vary: yes", 0},
    };
    struct scene s;
    set_scene(&s);
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        if (held(&s, t[i].when) != t[i].n)
            fail_msg("%s", t[i].when);
    s.tags[2].live = s.tags[2].bytes / 8; /* the least that a pool hands out */
    assert_int_equal(held(&s, "bytes_wrapped: yes"), 0);
    s.tags[2].live++;
    assert_int_equal(held(&s, "bytes_wrapped: yes"), 1);
    s.tags[2].live = s.tags[2].bytes; /* one byte each cannot be */
    assert_int_equal(held(&s, "bytes_wrapped: yes"), 1);
}

/* What is unknown proves nothing. */
static void unknown_figures_hold_no_rule(void **state)
{
    (void)state;
    struct scene s;
    set_scene(&s);
    s.r.pools[POOL_NONPAGED].limit = (struct pool_limit){.basis = LIMIT_UNKNOWN};
    s.r.span_h = NAN;
    s.tags[2].share_of_pool = NAN;
    s.f.listed_bytes[POOL_NONPAGED] = NAN;
    assert_int_equal(held(&s, "free_below: 20M"), 0);
    assert_int_equal(held(&s, "used_percent_above: 1%"), 0);
    assert_int_equal(held(&s, "used_percent_below: 99%"), 0);
    assert_int_equal(held(&s, "sum_gap_above: 1%"), 0);
    assert_int_equal(held(&s, "span_below: 999h"), 0);
    assert_int_equal(held(&s, "tag: Ovfl, share_above: 1%"), 0);
    /* an assumed limit serves for shares, never for what is left */
    s.r.pools[POOL_NONPAGED].limit.candidates[0] =
        (struct limit_candidate){128 << 20, "x86"};
    s.r.pools[POOL_NONPAGED].limit.n_candidates = 1;
    assert_int_equal(held(&s, "used_percent_above: 80%"), 1);
    assert_int_equal(held(&s, "limit_source: assumed"), 1);
    assert_int_equal(held(&s, "free_below: 20M"), 0);
}

static void texts_are_filled(void **state)
{
    (void)state;
    struct scene s;
    set_scene(&s);
    s.r.pools[POOL_NONPAGED] = (struct rank_pool){
        .known = true,
        .bytes = 109056 * 1024,
        .from_header = true,
        .limit = {.candidates = {{131072 * 1024, "x86 /3GB"}, {262144 * 1024, "x86"}},
                  .n_candidates = 2}};
    struct rank_cohort cohort = {.id = 1, .root_rank = 1, .root_role = ROLE_PRIVATE};
    s.tags[1].cohort = 1;
    s.r.cohorts = &cohort;
    s.r.n_cohorts = 1;
    const struct rank_view v = {.r = &s.r};
    const struct rule rule = {.id = "r"};
    const struct diagnosis d = {.rule = &rule,
                                .pool = POOL_NONPAGED,
                                .limit_bytes = 131072 * 1024,
                                .limit_assumed = true,
                                .limit_source = "x86 /3GB",
                                .gap = .25,
                                .tags = {0, 1},
                                .n_tags = 2,
                                .tags_in_all = 5,
                                .event = &s.refusals};
    static const struct {
        const char *text, *filled;
    } t[] = {
        {"{used} of {limit}: {percent}, {free} left",
         "109056K of 131072K (x86 /3GB, assumed): 83.2%, 22016K left"},
        {"at most {ceiling:20M}{excluded:20M}",
         "at most 129536K (109056K and 20480K): 262144K (x86) is excluded, 131072K (x86 "
         "/3GB) would fit within 1536K"},
        {"{ceiling:22M}{excluded:22M}.",
         "131584K (109056K and 22528K): 262144K (x86) is excluded, 131072K (x86 /3GB) "
         "would fit."},
        {"{tags} {share} {pool}",
         "Leak (nonpaged), File (nonpaged) and 3 more 60.0% nonpaged"},
        {"{event} {count} {first}", "connections-refused 53 at an unknown time"},
        {"{holder}", "Leak moves with File; who holds the others is not known"},
        {"{gap} {snapshots} {span} {live}", "25.0% 12 30.0 h 100"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct phrase p;
        phrase_start(&p, false);
        words_rule(&p, t[i].text, &d, &v);
        assert_string_equal(p.s, t[i].filled);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_rule_is_refused_with_its_place),
        cmocka_unit_test(every_builtin_rule_is_whole),
        cmocka_unit_test(keys_hold_and_fail),
        cmocka_unit_test(unknown_figures_hold_no_rule),
        cmocka_unit_test(texts_are_filled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
