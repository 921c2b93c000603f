/* SPDX-License-Identifier: MIT */
/* Archives handed on as chains say what their captures say one by one, and ranking cannot
 * tell the two apart: made-up series with rows that come and go, repeated keys, texts,
 * several machines and kinds of captures, and damaged archives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "cli/analyze/analyze.h"
#include "cli/analyze/tally.h"
#include "formats/reader.h"
#include "psz_samples.h"
#include "tests/unit/chains.h"

enum { MOST = 700 };

static struct reader *open_reader(const struct buf *b, const struct reader_opts *o,
                                  struct input **in)
{
    struct input_raw raw;
    struct reader *r = NULL;
    assert_int_equal(input_raw_memory(&raw, b->p, b->n, 0, NULL), 0);
    assert_int_equal(input_open(in, "archive", raw, &o->limits, NULL), 0);
    return reader_open(&r, *in, o, NULL) == 0 ? r : NULL;
}

/* ---- what changed ---- */

/* Both ways side by side, as far as either goes; returns how many followed. */
static unsigned assert_chain_by(const struct buf *b, bool any_order, bool salvage,
                                size_t threads)
{
    struct reader_memory memory = {0};
    const struct reader_opts plain = {.salvage = salvage, .limits = LIMITS_DEFAULT};
    const struct reader_opts chained = {.memory = &memory,
                                        .follow = true,
                                        .any_order = any_order,
                                        .threads = threads,
                                        .salvage = salvage,
                                        .limits = LIMITS_DEFAULT};
    struct input *in[2] = {NULL, NULL};
    struct reader *x = open_reader(b, &plain, &in[0]);
    struct reader *y = open_reader(b, &chained, &in[1]);
    struct pool_snapshot a = {0}, s = {0}, before = {0};
    uint64_t id = 0, step = 0;
    unsigned followed = 0;
    assert_int_equal(x == NULL, y == NULL);
    while (x != NULL) {
        struct err first = {0}, second = {0};
        const int r = reader_next(x, &a, &first);
        assert_int_equal(reader_next(y, &s, &second), r);
        assert_string_equal(first.text, second.text);
        if (r != 1)
            break;
        assert_same_rows(&a, &s, any_order);
        if (pool_follows(&s, id, step)) {
            assert_news("archive", &before, &s);
            followed++;
        }
        id = s.chain.id;
        step = s.chain.step;
        assert_int_equal(pool_snapshot_copy(&before, &a, NULL), 0);
    }
    reader_close(x);
    reader_close(y);
    input_close(in[0]);
    input_close(in[1]);
    reader_memory_free(&memory);
    pool_snapshot_free(&a);
    pool_snapshot_free(&s);
    pool_snapshot_free(&before);
    return followed;
}

static unsigned assert_chain(const struct buf *b, bool any_order, bool salvage)
{
    const unsigned followed = assert_chain_by(b, any_order, salvage, 1);
    assert_int_equal(assert_chain_by(b, any_order, salvage, 2), followed);
    return followed;
}

/* Texts and changes since a refresh, or nothing of the kind, by turns. */
static void some_series(struct pool_snapshot *v, uint64_t seed, unsigned n, unsigned odd)
{
    struct dice d = {seed};
    sample_series(&d, v, n, odd);
    for (unsigned i = 0; i < n; i++)
        v[i].completeness =
            roll(&d, 4) == 0 ? (enum completeness)roll(&d, 4) : COMPLETE_WHOLE;
}

static void chains_say_what_changed(void **state)
{
    (void)state;
    static const struct {
        unsigned n, odd;
    } cases[] = {{1, 0}, {30, 0}, {90, 3}, {300, 0}, {600, 0}, {600, 1}, {40, 100}};
    unsigned followed = 0;
    for (uint64_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pool_snapshot *v = calloc(MOST, sizeof *v);
        struct buf b = {0};
        some_series(v, i + 1, cases[i].n, cases[i].odd);
        write_archive(v, cases[i].n, &b);
        followed += assert_chain(&b, false, false);
        followed += assert_chain(&b, true, false);
        for (unsigned k = 0; k < cases[i].n; k++)
            pool_snapshot_free(&v[k]);
        free(v);
        buf_free(&b);
    }
    assert_true(followed > 500);
}

/* Also the very first: then there is no list of rows yet. */
/* One snapshot takes what two chains hand on by turns, step by step. */
static void two_machines_by_turns(void **state)
{
    (void)state;
    enum { BOTH = 60 };
    static const char *const hosts[] = {"web01", "web02"};
    struct pool_snapshot *v = calloc(MOST, sizeof *v);
    struct buf b = {0};
    assert_non_null(v);
    some_series(v, 77, BOTH, 0);
    for (unsigned k = 0; k < BOTH; k++)
        v[k].host = sample_text(&v[k], hosts[k % 2]);
    write_archive(v, BOTH, &b);
    (void)assert_chain(&b, false, false);
    (void)assert_chain(&b, true, false);
    free_series(v, BOTH);
    free(v);
    buf_free(&b);
}

static void captures_without_rows(void **state)
{
    (void)state;
    struct pool_snapshot v[12] = {0};
    struct buf b = {0};
    some_series(v, 5, 12, 0);
    for (unsigned i = 0; i < 12; i++)
        if (i / 2 % 2 == 0)
            v[i].n_rows = 0;
    write_archive(v, 1, &b);
    (void)assert_chain(&b, true, false);
    buf_free(&b);
    write_archive(v, 12, &b);
    assert_int_equal(assert_chain(&b, false, false), 11);
    assert_int_equal(assert_chain(&b, true, false), 11);
    buf_free(&b);
    for (unsigned i = 0; i < 12; i++)
        pool_snapshot_free(&v[i]);
}

static void damage_is_the_same_either_way(void **state)
{
    (void)state;
    struct pool_snapshot *v = calloc(MOST, sizeof *v);
    struct buf b = {0};
    struct dice d = {77};
    some_series(v, 7, 600, 0);
    write_archive(v, 600, &b);
    for (int i = 0; i < 30; i++) {
        uint8_t *p = &b.p[16 + roll(&d, b.n - 16)], was = *p;
        *p ^= (uint8_t)(1 + roll(&d, 255));
        (void)assert_chain(&b, i % 2 == 0, i % 3 > 0);
        *p = was;
    }
    for (unsigned k = 0; k < 600; k++)
        pool_snapshot_free(&v[k]);
    free(v);
    buf_free(&b);
}

/* ---- ranking ---- */

/* Some captures never get there, as duplicates do not. */
static void tally_archive(const struct buf *b, bool chained, struct rank_result *r)
{
    struct reader_memory memory = {0};
    const struct rank_opts all = {.n_suspects = 0};
    const struct reader_opts o = {.memory = &memory,
                                  .follow = chained,
                                  .any_order = chained,
                                  .limits = LIMITS_DEFAULT};
    struct input *in = NULL;
    struct reader *x = open_reader(b, &o, &in);
    struct pool_snapshot s = {0};
    struct tally *t = NULL;
    struct dice d = {4711};
    assert_non_null(x);
    assert_int_equal(tally_new(&t, NULL), 0);
    for (int i = 0; reader_next(x, &s, NULL) == 1; i++)
        if (s.record == RECORD_CAPTURE && roll(&d, 12) != 0)
            assert_int_equal(tally_add(t, &s, i * .25, roll(&d, 60) == 0, NULL), 0);
    assert_int_equal(rank_tally(r, t, &all, NULL), 0);
    tally_free(t);
    reader_close(x);
    input_close(in);
    reader_memory_free(&memory);
    pool_snapshot_free(&s);
}

#define SAME(field) assert_memory_equal(&a->field, &b->field, sizeof a->field)

static void assert_same_tag(const struct rank_tag *a, const struct rank_tag *b)
{
    SAME(tag), SAME(pool), SAME(verdict), SAME(confidence), SAME(grade), SAME(score);
    SAME(bytes), SAME(live), SAME(bytes_known), SAME(live_known), SAME(growth_bytes);
    SAME(growth_signed), SAME(bytes_per_hour), SAME(bytes_per_hour_low);
    SAME(bytes_per_hour_high), SAME(allocs_per_hour), SAME(share_of_growth);
    SAME(share_of_pool), SAME(share_of_header), SAME(quality), SAME(straightness);
    SAME(line_fit), SAME(spread), SAME(directness), SAME(recency), SAME(quiet);
    SAME(room), SAME(pace), SAME(judged), SAME(since_boot), SAME(judged_on_quiet);
    SAME(gained), SAME(ramp), SAME(ramp_from_h), SAME(ramp_to_h), SAME(work), SAME(wave);
    SAME(boots_judged), SAME(rising), SAME(steps), SAME(steps_rising), SAME(freed);
    SAME(bytes_per_new_alloc), SAME(boots_growing), SAME(boots_seen), SAME(started_h);
    SAME(wrapped), SAME(cohort), SAME(bytes_change), SAME(live_change);
    SAME(bytes_delta), SAME(has_bytes_delta), SAME(n_evidence), SAME(n_spark);
    assert_memory_equal(a->spark, b->spark, (size_t)a->n_spark * sizeof *a->spark);
}

static void ranked_the_same_to_the_bit(void **state)
{
    (void)state;
    static const unsigned odds[] = {0, 0, 1, 8, 100};
    for (uint64_t i = 0; i < sizeof odds / sizeof *odds; i++) {
        struct pool_snapshot *v = calloc(MOST, sizeof *v);
        struct rank_result plain = {0}, chained = {0};
        struct buf b = {0};
        some_series(v, i + 21, 600, odds[i]);
        for (unsigned k = 0; k < 600; k++) /* restarts */
            v[k].uptime_s = i % 2 == 0 ? -1 : (int64_t)(60 + k % 97 * 900);
        write_archive(v, 600, &b);
        tally_archive(&b, false, &plain);
        tally_archive(&b, true, &chained);
        assert_int_equal(plain.snapshots, chained.snapshots);
        assert_int_equal(plain.n_boots, chained.n_boots);
        assert_int_equal(plain.n_tags, chained.n_tags);
        assert_int_equal(plain.outcome, chained.outcome);
        for (size_t k = 0; k < plain.n_tags; k++)
            assert_same_tag(&plain.tags[k], &chained.tags[k]);
        for (unsigned k = 0; k < 600; k++)
            pool_snapshot_free(&v[k]);
        rank_free(&plain);
        rank_free(&chained);
        free(v);
        buf_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chains_say_what_changed),
        cmocka_unit_test(two_machines_by_turns),
        cmocka_unit_test(captures_without_rows),
        cmocka_unit_test(damage_is_the_same_either_way),
        cmocka_unit_test(ranked_the_same_to_the_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
