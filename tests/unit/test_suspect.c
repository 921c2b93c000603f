/* SPDX-License-Identifier: MIT */
/* Families of tags accused or acquitted: by the pace of their sum where there are three
 * captures, by what they can hold at most where there are fewer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "cli/render/words/words.h"
#include "tests/unit/world.h"

static struct rank_result judge(const struct world *w, const char *const *patterns,
                                size_t n)
{
    struct tally *t;
    struct err e = {0};
    struct rank_result r = {0};
    struct rank_opts o = {.suspects = patterns, .n_suspects = n};
    assert_int_equal(tally_new(&t, &e), 0);
    feed(t, w, 0, w->n);
    assert_int_equal(rank_tally(&r, t, &o, &e), 0);
    assert_int_equal(r.n_suspects, n);
    tally_free(t);
    return r;
}

static const char *sentence(const struct rank_suspect *s)
{
    static struct phrase p;
    phrase_start(&p, false);
    words_suspect(&p, s, UNITS_K);
    return p.s;
}

static void says(const struct rank_suspect *s, const char *words)
{
    if (strstr(sentence(s), words) == NULL)
        fail_msg("expected '%s' in '%s'", words, sentence(s));
}

static void a_series_accuses_and_acquits(void **state)
{
    (void)state;
    static const char *const patterns[] = {"Leak", "i0[0369]", "i?1",
                                           "[L]*", "leak",     "zz"};
    struct world w = usual(96, 1);
    struct rank_result r = judge(&w, patterns, 6);
    const struct rank_suspect *s = r.suspects;
    assert_int_equal(s[0].verdict, SUSPECT_ACCUSED);
    assert_int_equal(s[0].basis, SUSPECT_BY_RATE);
    assert_int_equal(s[0].size, 1);
    assert_true(near(s[0].bytes_per_hour, LEAK_PER_H, .01));
    assert_true(s[0].bytes_per_hour_low <= s[0].bytes_per_hour);
    assert_true(s[0].bytes_per_hour_high >= s[0].bytes_per_hour);
    says(&s[0], "accused (leak)");
    /* Four tags that never move. */
    assert_int_equal(s[1].verdict, SUSPECT_ACQUITTED);
    assert_int_equal(s[1].size, 4);
    assert_int_equal(s[1].n_tags, 4);
    assert_true(s[1].bytes_per_hour_high == 0 && s[1].bytes_per_hour == 0);
    says(&s[1], ": not the cause");
    assert_int_equal(s[2].size, 6);
    assert_int_equal(s[3].verdict, SUSPECT_ACCUSED);
    /* Every capture lists every row: what none shows holds nothing. */
    assert_int_equal(s[4].verdict, SUSPECT_ACQUITTED);
    assert_int_equal(s[4].size, 0);
    assert_int_equal(s[4].n_near, 1);
    assert_true(tag_equal(s[4].near[0].tag, tag_from("Leak", 4)));
    says(&s[4], "leak: no tag matches (there is Leak)");
    assert_int_equal(s[5].verdict, SUSPECT_ACQUITTED);
    assert_int_equal(s[5].n_near, 0);
    rank_free(&r);
}

/* The upper end of the sum's pace against a twentieth of what the pool gained. */
static void the_rule_of_a_twentieth(void **state)
{
    (void)state;
    static const char *const patterns[] = {"i*"};
    for (int leak = 0; leak < 2; leak++) {
        struct world w = usual(96, 1);
        w.leak = leak == 1;
        struct rank_result r = judge(&w, patterns, 1);
        const struct rank_suspect *s = &r.suspects[0];
        assert_int_equal(s->size, INNOCENT);
        assert_true(isfinite(s->bytes_per_hour_high));
        double growth = 0;
        for (int k = 0; k < POOL_KINDS; k++)
            growth += r.pools[k].growth_bytes;
        assert_true(near(s->pool_bytes_per_hour, growth / r.hours, .001));
        bool small = s->bytes_per_hour_high < .05 * s->pool_bytes_per_hour ||
                     s->bytes_per_hour_high <= 0;
        assert_int_equal(s->verdict, small ? SUSPECT_ACQUITTED : SUSPECT_UNCLEAR);
        rank_free(&r);
    }
}

static void three_captures_have_bounds_too(void **state)
{
    (void)state;
    static const char *const patterns[] = {"i0[0369]", "Leak"};
    struct world w = usual(3, 24);
    struct rank_result r = judge(&w, patterns, 2);
    assert_int_equal(r.suspects[0].basis, SUSPECT_BY_RATE);
    assert_int_equal(r.suspects[0].verdict, SUSPECT_ACQUITTED);
    assert_true(isfinite(r.suspects[1].bytes_per_hour_high));
    assert_int_not_equal(r.suspects[1].verdict, SUSPECT_ACQUITTED);
    rank_free(&r);
    w.no_times = true;
    r = judge(&w, patterns, 2);
    assert_int_equal(r.suspects[0].verdict, SUSPECT_UNCLEAR);
    assert_true(isnan(r.suspects[0].bytes_per_hour_high));
    rank_free(&r);
}

/* The last boot has only just begun: the one before it tells. */
static void a_fresh_boot_says_little(void **state)
{
    (void)state;
    static const char *const patterns[] = {"i0[0369]"};
    struct world w = usual(60, 1);
    w.reboot_at[0] = 59;
    struct rank_result r = judge(&w, patterns, 1);
    assert_int_equal(r.n_boots, 2);
    assert_int_equal(r.suspects[0].verdict, SUSPECT_ACQUITTED);
    rank_free(&r);
}

/* ---- one capture ---- */

struct screen {
    uint64_t nonpaged_kib; /* the header's total, 0 = none */
    enum completeness completeness;
};

static struct rank_result judge_screen(struct screen c, const char *pattern)
{
    static const struct {
        const char *tag;
        enum pool_kind pool;
        uint64_t live, bytes;
    } rows[] = {{"Bigg", POOL_NONPAGED, 80000, 36000 * 1024},
                {"Next", POOL_NONPAGED, 500, 14000 * 1024},
                {"FamA", POOL_NONPAGED, 300, 1500 * 1024},
                {"FamB", POOL_NONPAGED, 30, 500 * 1024},
                {"FamC", POOL_PAGED, 30, 100 * 1024},
                {"Page", POOL_PAGED, 70, 9000 * 1024}};
    struct pool_snapshot s = {.uptime_s = -1, .completeness = c.completeness};
    struct rank_opts o = {.suspects = &pattern, .n_suspects = 1};
    struct rank_result r = {0};
    struct tally *t;
    struct err e = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        (void)put_row(&s, rows[i].tag, rows[i].pool, rows[i].live, rows[i].live,
                      rows[i].bytes);
    if (c.nonpaged_kib > 0) {
        s.totals.given = 1u << TOTAL_NONPAGED_KIB | 1u << TOTAL_PAGED_KIB;
        s.totals.v[TOTAL_NONPAGED_KIB] = c.nonpaged_kib;
        s.totals.v[TOTAL_PAGED_KIB] = 9100;
    }
    assert_int_equal(tally_new(&t, &e), 0);
    assert_int_equal(tally_add(t, &s, NAN, false, &e), 0);
    assert_int_equal(rank_tally(&r, t, &o, &e), 0);
    tally_free(t);
    pool_snapshot_free(&s);
    return r;
}

static void by_size_with_all_that_is_unseen(void **state)
{
    (void)state;
    /* Rows hold 52000K of the nonpaged pool; 2100K are the family's. */
    struct rank_result r = judge_screen((struct screen){62000, COMPLETE_SCREEN}, "Fam?");
    const struct rank_suspect *s = &r.suspects[0];
    assert_int_equal(s->basis, SUSPECT_BY_SIZE);
    assert_int_equal(s->verdict, SUSPECT_ACQUITTED);
    assert_int_equal(s->size, 3);
    assert_true(s->both_pools);
    assert_int_equal(s->bytes, 2100 * 1024);
    assert_int_equal(s->unseen_bytes, 10000 * 1024);
    assert_true(near(s->share_of_pool, 2100. / 71100, 1e-9));
    assert_true(tag_equal(s->rival[0].tag, tag_from("Bigg", 4)));
    says(s, "in no row holds at most 10000K; even with all of that it is less than half "
            "of Bigg (36000K): not the cause");
    rank_free(&r);
    r = judge_screen((struct screen){86000, COMPLETE_SCREEN}, "Fam?");
    assert_int_equal(r.suspects[0].verdict, SUSPECT_UNCLEAR); /* 34000K + 2100K */
    says(&r.suspects[0], "it could hold more than Bigg (36000K): unclear");
    rank_free(&r);
}

static void by_size_without_a_total(void **state)
{
    (void)state;
    struct rank_result r = judge_screen((struct screen){0, COMPLETE_CUT}, "Fam?");
    assert_int_equal(r.suspects[0].verdict, SUSPECT_UNCLEAR);
    assert_false(r.suspects[0].unseen_known);
    says(&r.suspects[0], "no total tells how much they hold: unclear");
    rank_free(&r);
    r = judge_screen((struct screen){0, COMPLETE_WHOLE}, "Fam?");
    assert_int_equal(r.suspects[0].verdict, SUSPECT_ACQUITTED);
    assert_int_equal(r.suspects[0].unseen_bytes, 0);
    says(&r.suspects[0], "less than a tenth of Bigg");
    rank_free(&r);
}

static void the_largest_is_not_acquitted(void **state)
{
    (void)state;
    struct rank_result r = judge_screen((struct screen){0, COMPLETE_WHOLE}, "Bi*");
    assert_int_equal(r.suspects[0].verdict, SUSPECT_UNCLEAR);
    says(&r.suspects[0], "fewer than three captures show no growth");
    rank_free(&r);
}

static void what_no_row_shows(void **state)
{
    (void)state;
    struct rank_result r = judge_screen((struct screen){62000, COMPLETE_SCREEN}, "fam*");
    assert_int_equal(r.suspects[0].verdict, SUSPECT_UNCLEAR);
    assert_int_equal(r.suspects[0].n_near, 3);
    says(&r.suspects[0], "there is FamA, FamB and FamC");
    rank_free(&r);
    r = judge_screen((struct screen){62000, COMPLETE_WHOLE}, "fam*");
    assert_int_equal(r.suspects[0].verdict, SUSPECT_ACQUITTED);
    rank_free(&r);
}

/* What a family holds is the sum of its tags, and the greatest number where none fits. */
static void what_a_family_holds(void **state)
{
    (void)state;
    static const char *const patterns[] = {"f*"};
    const struct rank_opts o = {.suspects = patterns, .n_suspects = 1};
    for (int huge = 0; huge < 2; huge++) {
        struct tally *t;
        struct rank_result r = {0};
        struct pool_snapshot s = {.completeness = COMPLETE_WHOLE, .uptime_s = -1};
        assert_int_equal(tally_new(&t, NULL), 0);
        for (int j = 0; j < 2; j++) {
            pool_snapshot_clear(&s);
            s.completeness = COMPLETE_WHOLE;
            put_row(&s, "fone", POOL_PAGED, 9, 5, huge ? UINT64_MAX - 63 : 640);
            put_row(&s, "ftwo", POOL_PAGED, 9, 5, 1280);
            put_row(&s, "fsix", POOL_NONPAGED, 9, 5, 32);
            put_row(&s, "else", POOL_NONPAGED, 9, 5, 6400);
            assert_int_equal(tally_add(t, &s, j, false, NULL), 0);
        }
        assert_int_equal(rank_tally(&r, t, &o, NULL), 0);
        const struct rank_suspect *f = &r.suspects[0];
        assert_int_equal(f->size, 3);
        assert_int_equal(f->pool, POOL_PAGED); /* which holds more of it */
        assert_true(f->both_pools);
        assert_true(f->bytes == (huge ? UINT64_MAX : 640 + 1280 + 32));
        rank_free(&r);
        tally_free(t);
        pool_snapshot_free(&s);
    }
}

/* As a saved ranking may say it, which anybody can write. */
static void members_that_are_counted_and_not_named(void **state)
{
    (void)state;
    const struct rank_suspect s = {.pattern = "Leak",
                                   .size = 1,
                                   .bytes = 2048,
                                   .share_of_pool = NAN,
                                   .verdict = SUSPECT_UNCLEAR};
    assert_memory_equal(sentence(&s), "Leak: 2K", strlen("Leak: 2K"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_series_accuses_and_acquits),
        cmocka_unit_test(the_rule_of_a_twentieth),
        cmocka_unit_test(three_captures_have_bounds_too),
        cmocka_unit_test(a_fresh_boot_says_little),
        cmocka_unit_test(by_size_with_all_that_is_unseen),
        cmocka_unit_test(by_size_without_a_total),
        cmocka_unit_test(the_largest_is_not_acquitted),
        cmocka_unit_test(what_no_row_shows),
        cmocka_unit_test(what_a_family_holds),
        cmocka_unit_test(members_that_are_counted_and_not_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
