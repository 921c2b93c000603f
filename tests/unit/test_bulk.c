/* SPDX-License-Identifier: MIT */
/* The bulk rule: by hand, and as a property of random series of every kind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/analyze/bulk.h"
#include "tests/unit/world.h"

enum { MANY = 40, CASES = 1500 };

/* ---- by hand: shares in the order of the scores, best first ---- */

static void order_of(const double *share, size_t n, struct rank_tag *tags,
                     uint32_t *order)
{
    for (size_t i = 0; i < n; i++) {
        tags[i] =
            (struct rank_tag){.share_of_growth = share[i], .score = (double)(n - i)};
        order[i] = (uint32_t)i;
    }
    bulk_order(tags, order, n);
}

static void places_are_the_lowest_that_the_rule_allows(void **state)
{
    (void)state;
    static const struct {
        size_t n;
        double share[14];
        uint32_t want[14];
    } cases[] = {
        {3, {0, 0, .9}, {0, 1, 2}},
        {5, {0, 0, 0, 0, .5}, {0, 1, 4, 2, 3}},
        {5, {0, 0, 0, 0, .499}, {0, 1, 2, 3, 4}},
        {5, {.6, 0, 0, .5, .5}, {0, 3, 4, 1, 2}},
        {12,
         {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .1},
         {0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 9, 10}},
        {13,
         {0, 0, 0, 0, 0, 0, 0, 0, 0, .1, 0, .2, .1},
         {0, 1, 2, 3, 4, 5, 6, 9, 11, 12, 7, 8, 10}},
        {12,
         {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .7},
         {0, 1, 11, 2, 3, 4, 5, 6, 7, 8, 9, 10}},
        {12,
         {NAN, 0, 0, 0, 0, 0, 0, 0, 0, NAN, .3, NAN},
         {0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 9, 11}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rank_tag tags[14];
        uint32_t order[14];
        order_of(cases[i].share, cases[i].n, tags, order);
        for (size_t k = 0; k < cases[i].n; k++)
            if (order[k] != cases[i].want[k])
                fail_msg("case %zu: place %zu has %u", i, k, order[k]);
    }
}

/* Nearly all of a pool that hardly grows is a trifle: the pools are asked together. */
static void nearly_all_of_the_growth_comes_first(void **state)
{
    (void)state;
    static const struct {
        double share[4], growth[4];
        uint32_t want[4];
    } cases[] = {
        {{.02, .01, 0, .97}, {20, 10, 0, 970}, {3, 0, 1, 2}},
        {{.02, .01, .9, .97}, {20, 10, 9, 790}, {3, 0, 2, 1}},
        {{.02, .01, .9, .97}, {20, 10, 300, 790}, {0, 2, 3, 1}},
        {{NAN, NAN, NAN, NAN}, {0, 0, 0, 0}, {0, 1, 2, 3}},
        {{.6, .1, .1, .2}, {-5, 0, 0, 4}, {3, 0, 1, 2}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rank_tag tags[4];
        uint32_t order[4] = {0, 1, 2, 3};
        for (size_t k = 0; k < 4; k++)
            tags[k] = (struct rank_tag){.share_of_growth = cases[i].share[k],
                                        .growth_bytes = cases[i].growth[k],
                                        .score = (double)(9 - k)};
        bulk_order(tags, order, 4);
        for (size_t k = 0; k < 4; k++)
            if (order[k] != cases[i].want[k])
                fail_msg("case %zu: place %zu has %u", i, k, order[k]);
    }
}

/* Eleven tags of a tenth and more, as two pools can have: the larger shares come first.
 */
static void too_many_for_the_places(void **state)
{
    (void)state;
    static const double share[] = {0,  .1,  .12, .1, .13, .14, .1,
                                   .2, .15, .1,  .3, .11, .16, 0};
    struct rank_tag tags[14];
    uint32_t order[14];
    bool seen[14] = {false};
    order_of(share, 14, tags, order);
    for (size_t k = 0; k < 10; k++)
        seen[order[k]] = true;
    for (size_t i = 0; i < 14; i++)
        if (share[i] > .1)
            assert_true(seen[i]);
    assert_false(seen[0] || seen[13]);
}

static void scores_and_evidence_agree(void **state)
{
    (void)state;
    static const double share[] = {0, 0, 0, 0, .5};
    struct rank_tag tags[5];
    uint32_t order[5];
    order_of(share, 5, tags, order);
    assert_true(tags[4].score == tags[2].score);
    assert_true(tags[4].n_evidence == 1);
    assert_int_equal(tags[4].evidence[0].code, EVIDENCE_BULK);
    assert_true(tags[4].evidence[0].v[0] == .5);
    assert_true(tags[2].n_evidence == 0 && tags[3].n_evidence == 0);
    bulk_order(tags, order, 0);
}

/* ---- random series ---- */

struct chance_tag {
    int kind;
    enum pool_kind pool;
    double level, grow, at;
};

static double unit(uint64_t *seed)
{
    return noise(seed) % 100000 / 100000.;
}

static uint64_t bytes_of(const struct chance_tag *t, int j, int n, double up,
                         uint64_t *seed)
{
    double at = (double)j / n, b = t->level;
    switch (t->kind) {
    case 0:
        break;
    case 1:
        b += t->grow * up;
        break;
    case 2:
        b += at > t->at ? t->grow * n : 0;
        break;
    case 3:
        b *= 1 + unit(seed);
        break;
    case 4:
        b += t->grow * n * (1 - exp(-up / (1 + 9 * t->at)));
        break;
    case 5:
        b = at > t->at ? b : -1;
        break;
    case 6:
        b += t->grow * fmod(up, 1 + 9 * t->at);
        break;
    default:
        b += t->grow * n * fmin(fmax(at - t->at, 0), .2);
    }
    return b < 0 ? UINT64_MAX : (uint64_t)b;
}

struct net {
    double first[MANY], last[MANY], sum[MANY];
    int snapshots;
};

static void net_close(struct net *net)
{
    for (int i = 0; i < MANY; i++)
        if (net->snapshots > 1)
            net->sum[i] += net->last[i] - net->first[i];
    net->snapshots = 0;
}

/* Some captures hold the largest rows only. */
static void cut_list(struct pool_snapshot *s, size_t top)
{
    if (top > 0 && s->n_rows > top) {
        qsort(s->rows, s->n_rows, sizeof *s->rows, by_bytes);
        s->n_rows = top;
    }
}

/* top: rows of a capture, 0 = all. */
static struct rank_result random_series(uint64_t *seed, size_t top, struct net *net,
                                        int *tags)
{
    static const int counts[] = {2, 2, 3, 5, 8, 10, 24, 60, 150};
    struct chance_tag t[MANY];
    struct pool_snapshot s = {.uptime_s = -1};
    struct tally *tally = NULL;
    struct rank_result r = {0};
    struct world w = {.n = 0};
    int n = counts[noise(seed) % 9], boots = 1 + (int)(noise(seed) % 3);
    double step = .25 + 6 * unit(seed), up = 1 + 40 * unit(seed);
    *tags = 4 + (int)(noise(seed) % (MANY - 3));
    *net = (struct net){.snapshots = 0};
    for (int i = 0; i < *tags; i++)
        t[i] = (struct chance_tag){.kind = (int)(noise(seed) % 8),
                                   .pool = noise(seed) % 3 ? POOL_NONPAGED : POOL_PAGED,
                                   .level = pow(10, 1 + 7 * unit(seed)),
                                   .grow = pow(10, 7 * unit(seed)),
                                   .at = unit(seed)};
    assert_int_equal(tally_new(&tally, NULL), 0);
    for (int j = 0; j < n; j++) {
        if (j > 0 && boots > 1 && j % (1 + n / boots) == 0) {
            net_close(net);
            up = .5;
        }
        pool_snapshot_clear(&s);
        s.uptime_s = (int64_t)(up * 3600);
        put_row(&s, "tiny", POOL_NONPAGED, 1, 1, 16);
        for (int i = 0; i < *tags; i++) {
            uint64_t b = bytes_of(&t[i], j, n, up, seed);
            char tag[5] = "t00 ";
            tag[1] = (char)('0' + i / 10);
            tag[2] = (char)('0' + i % 10);
            net->last[i] = b == UINT64_MAX ? 0 : (double)b;
            if (net->snapshots == 0)
                net->first[i] = net->last[i];
            if (b != UINT64_MAX)
                put_row(&s, tag, t[i].pool, (uint64_t)(up * 5000) + b / 16, b / 16, b);
        }
        net->snapshots++;
        cut_list(&s, top);
        assert_int_equal(tally_add(tally, &s, j * step, false, NULL), 0);
        up += step;
    }
    net_close(net);
    rank(tally, &w, &r);
    tally_free(tally);
    pool_snapshot_free(&s);
    return r;
}

static void assert_rule(const struct rank_result *r, double share, size_t places,
                        uint64_t seed)
{
    size_t with = 0;
    double least = INFINITY;
    for (size_t i = 0; i < r->n_tags; i++) {
        with += r->tags[i].share_of_growth >= share;
        if (i < places)
            least = fmin(least, r->tags[i].share_of_growth);
    }
    for (size_t i = places; i < r->n_tags; i++) {
        double its = r->tags[i].share_of_growth;
        /* more of them than places: then only a larger share may stand above it */
        if (its >= share && (with <= places || its > least))
            fail_msg("seed %llu: a share of %f at %zu", (unsigned long long)seed, its,
                     i + 1);
    }
}

static void assert_series(const struct rank_result *r, uint64_t began, size_t *moved)
{
    assert_rule(r, .1, 10, began);
    assert_rule(r, .5, 3, began);
    double sum[POOL_KINDS] = {0};
    for (size_t k = 0; k < r->n_tags; k++) {
        const struct rank_tag *t = &r->tags[k];
        *moved +=
            t->n_evidence > 0 && t->evidence[t->n_evidence - 1].code == EVIDENCE_BULK;
        sum[t->pool] += t->growth_bytes;
        assert_true(k == 0 || t->score <= r->tags[k - 1].score);
    }
    for (int k = 0; k < POOL_KINDS; k++)
        assert_true(sum[k] == r->pools[k].growth_bytes);
}

static void it_holds_in_every_series(void **state)
{
    (void)state;
    uint64_t seed = 20260101;
    size_t moved = 0;
    for (int i = 0; i < CASES; i++) {
        uint64_t began = seed;
        struct net net;
        int tags;
        struct rank_result r = random_series(&seed, 0, &net, &tags);
        assert_series(&r, began, &moved);
        rank_free(&r);
    }
    assert_true(moved > CASES / 10); /* the test tests something */
}

static void it_holds_where_only_the_largest_are_listed(void **state)
{
    (void)state;
    uint64_t seed = 31;
    size_t moved = 0;
    for (int i = 0; i < CASES / 3; i++) {
        uint64_t began = seed;
        size_t top = 4 + noise(&seed) % 24;
        struct net net;
        int tags;
        struct rank_result r = random_series(&seed, top, &net, &tags);
        assert_series(&r, began, &moved);
        rank_free(&r);
    }
    assert_true(moved > CASES / 60);
}

/* The same by growth that the test itself has counted, whatever rank says of it. */
static void it_holds_by_what_was_fed(void **state)
{
    (void)state;
    uint64_t seed = 99;
    for (int i = 0; i < CASES / 3; i++) {
        uint64_t began = seed;
        struct net net;
        int tags;
        struct rank_result r = random_series(&seed, 0, &net, &tags);
        size_t at[MANY];
        double pool[POOL_KINDS] = {0};
        for (int k = 0; k < tags; k++) {
            char tag[5] = "t00 ";
            tag[1] = (char)('0' + k / 10);
            tag[2] = (char)('0' + k % 10);
            for (at[k] = 0; at[k] < r.n_tags; at[k]++)
                if (tag_equal(r.tags[at[k]].tag, tag_from(tag, 4)))
                    break;
            if (at[k] < r.n_tags && net.sum[k] > 0)
                pool[r.tags[at[k]].pool] += net.sum[k];
        }
        for (int k = 0; k < tags; k++)
            if (at[k] < r.n_tags && at[k] >= 3 && net.sum[k] > 0 &&
                net.sum[k] > .51 * pool[r.tags[at[k]].pool])
                fail_msg("seed %llu: tag %d with half of the growth is at %zu",
                         (unsigned long long)began, k, at[k] + 1);
        rank_free(&r);
    }
}

/* What the rule goes by is what a person finds with two captures of a boot. */
static void growth_is_last_minus_first_of_each_boot(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (int i = 0; i < 300; i++) {
        struct net net;
        int tags;
        uint64_t began = seed;
        struct rank_result r = random_series(&seed, 0, &net, &tags);
        for (int k = 0; k < tags; k++) {
            char tag[5] = "t00 ";
            tag[1] = (char)('0' + k / 10);
            tag[2] = (char)('0' + k % 10);
            bool seen = false;
            double want = net.sum[k] > 0 ? net.sum[k] : 0;
            for (size_t x = 0; x < r.n_tags; x++)
                if (tag_equal(r.tags[x].tag, tag_from(tag, 4))) {
                    seen = true;
                    if (r.tags[x].growth_bytes != want)
                        fail_msg("seed %llu: %s grew %f, not %f",
                                 (unsigned long long)began, tag, want,
                                 r.tags[x].growth_bytes);
                }
            assert_true(seen || want == 0);
        }
        rank_free(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_are_the_lowest_that_the_rule_allows),
        cmocka_unit_test(nearly_all_of_the_growth_comes_first),
        cmocka_unit_test(too_many_for_the_places),
        cmocka_unit_test(scores_and_evidence_agree),
        cmocka_unit_test(it_holds_in_every_series),
        cmocka_unit_test(it_holds_where_only_the_largest_are_listed),
        cmocka_unit_test(it_holds_by_what_was_fed),
        cmocka_unit_test(growth_is_last_minus_first_of_each_boot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
