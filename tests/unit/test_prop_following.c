/* SPDX-License-Identifier: MIT */
/* A series told as a chain, of which only what changed is looked at, and judged by two,
 * is ranked as the same series told row by row and judged by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/worker.h"
#include "tests/unit/prop_rank.h"
#include "tests/unit/series.h"

#define PLACES   80
#define CAPTURES 400

/* A series of one kind: how often things happen, one in so many; 0 = never. */
struct kind {
    unsigned goes, changes, boots, falls, partial, odd, huge, leaves;
    bool top_n; /* nothing small is listed */
};

struct machine {
    struct pool_row rows[PLACES];
    bool listed[PLACES];
    uint32_t order[PLACES], changed[PLACES], gone[PLACES];
    struct pool_snapshot s;
    uint64_t seed;
};

static bool one_in(struct machine *m, unsigned n)
{
    return n != 0 && noise(&m->seed) % n == 0;
}

static const uint16_t all_fields = ROW_ALLOCS | ROW_FREES | ROW_LIVE | ROW_BYTES;

static void begin_row(struct machine *m, const struct kind *k, uint32_t i)
{
    struct pool_row *r = &m->rows[i];
    const uint64_t live = noise(&m->seed) % 1000, freed = noise(&m->seed) % 100000;
    *r = (struct pool_row){
        .tag = {{'T', (uint8_t)('a' + i / 20), (uint8_t)('a' + i % 20), ' '}},
        .pool = (uint8_t)(i % 2),
        .width = 32,
        .fields = all_fields,
        .allocs = live + freed,
        .frees = freed,
        .live = live,
        .bytes = live * 64 + (k->top_n ? 8192 : 0)};
    if (one_in(m, k->huge)) { /* beside the ends of counters and of what a count holds */
        r->allocs = UINT32_MAX - noise(&m->seed) % 3000;
        r->frees = (uint32_t)(r->allocs - live);
    }
}

static void change_row(struct machine *m, const struct kind *k, uint32_t i)
{
    struct pool_row *r = &m->rows[i];
    const uint64_t taken = noise(&m->seed) % 50;
    uint64_t freed = noise(&m->seed) % (50 - i % 7);
    r->width = one_in(m, k->odd) ? 64 : 32;
    r->fields = all_fields;
    if (one_in(m, k->odd))
        r->fields &= (uint16_t)noise(&m->seed);
    freed = freed > r->live + taken ? r->live + taken : freed;
    r->allocs = (uint32_t)(r->allocs + taken);
    r->frees = (uint32_t)(r->frees + freed);
    r->live += taken - freed;
    r->bytes += (taken - freed) * 64;
    if (one_in(m, k->falls))
        r->allocs -= r->allocs < 20 ? r->allocs : 20;
    if (one_in(m, k->odd))
        r->bytes = noise(&m->seed) % 3 * UINT64_C(0x7ffffffffffffe00);
    if (one_in(m, k->odd))
        r->live = noise(&m->seed) % 5 * UINT64_C(0x3fffffff);
    /* What is not given is 0. */
    r->allocs = (r->fields & ROW_ALLOCS) != 0 ? r->allocs : 0;
    r->frees = (r->fields & ROW_FREES) != 0 ? r->frees : 0;
    r->live = (r->fields & ROW_LIVE) != 0 ? r->live : 0;
    r->bytes = (r->fields & ROW_BYTES) != 0 ? r->bytes : 0;
}

static void sum_up(struct machine *m)
{
    struct pool_chain *c = &m->s.chain;
    memset(c->bytes, 0, sizeof c->bytes);
    memset(c->listed, 0, sizeof c->listed);
    for (size_t i = 0; i < m->s.n_rows; i++) {
        const struct pool_row *r = &m->rows[m->order[i]];
        const uint64_t bytes = (r->fields & ROW_BYTES) != 0 ? r->bytes : 0;
        c->listed[r->pool]++;
        if (!add_u64(c->bytes[r->pool], bytes, &c->bytes[r->pool]))
            c->bytes[r->pool] = UINT64_MAX;
    }
}

/* The chain's next capture. */
static void go_on(struct machine *m, const struct kind *k, bool boot)
{
    struct pool_chain *c = &m->s.chain;
    bool was[PLACES];
    c->step++;
    c->n_changed = c->n_fresh = c->n_gone = m->s.n_rows = 0;
    memcpy(was, m->listed, sizeof was);
    for (uint32_t i = 0; i < PLACES; i++) {
        if (m->listed[i] ? one_in(m, k->goes) : c->step == 1 || one_in(m, 7))
            m->listed[i] = !m->listed[i];
        if (m->listed[i] && (boot || !was[i] || m->rows[i].width == 0))
            begin_row(m, k, i);
        if (m->listed[i] && !was[i])
            m->changed[c->n_changed++] = i;
        if (was[i] && !m->listed[i])
            m->gone[c->n_gone++] = i;
        if (m->listed[i])
            m->order[m->s.n_rows++] = i;
    }
    c->n_fresh = c->n_changed;
    for (uint32_t i = 0; i < PLACES; i++)
        if (was[i] && m->listed[i] && (boot || one_in(m, k->changes))) {
            if (!boot)
                change_row(m, k, i);
            m->changed[c->n_changed++] = i;
        }
    sum_up(m);
}

/* The same capture without its chain. */
static struct pool_snapshot alone(const struct machine *m, struct pool_row *rows)
{
    struct pool_snapshot s = m->s;
    s.rows = rows;
    s.chain = (struct pool_chain){.id = 0};
    for (size_t i = 0; i < s.n_rows; i++)
        rows[i] = m->rows[m->order[i]];
    return s;
}

static struct buf told(struct tally *t, struct worker *w,
                       const struct pool_snapshot *last)
{
    struct rank_result r = {0};
    const struct rank_opts o = {.worker = w};
    assert_int_equal(rank_tally(&r, t, &o, NULL), 0);
    struct buf b = rank_json(&r, last, 1);
    rank_free(&r);
    return b;
}

/* Returns how many captures were one of a chain for the tally. */
static int compare(const struct kind *k, uint64_t seed, struct worker *w)
{
    static struct machine m;
    struct tally *by_chain = NULL, *by_row = NULL;
    struct pool_row rows[PLACES];
    int followed = 0;
    m = (struct machine){.seed = seed};
    m.s.rows = m.rows;
    m.s.uptime_s = -1;
    m.s.chain = (struct pool_chain){
        .id = 9, .order = m.order, .changed = m.changed, .gone = m.gone};
    assert_int_equal(tally_new(&by_chain, NULL), 0);
    assert_int_equal(tally_new(&by_row, NULL), 0);
    for (int i = 0; i < CAPTURES; i++) {
        go_on(&m, k, one_in(&m, k->boots));
        m.s.completeness = one_in(&m, k->partial) ? COMPLETE_CUT : COMPLETE_WHOLE;
        if (one_in(&m, k->leaves))
            continue; /* the tally does not see it, and the chain breaks off for it */
        const struct pool_snapshot s = alone(&m, rows);
        assert_int_equal(tally_add(by_chain, &m.s, i * .25, false, NULL), 0);
        assert_int_equal(tally_add(by_row, &s, i * .25, false, NULL), 0);
        followed++;
        if (i % 80 != 79 && i != CAPTURES - 1)
            continue;
        struct buf a = told(by_chain, w, &s), b = told(by_row, NULL, &s);
        if (a.n != b.n || memcmp(a.p, b.p, a.n) != 0)
            fail_msg("seed %u, capture %d: ranked another way", (unsigned)seed, i);
        buf_free(&a);
        buf_free(&b);
    }
    tally_free(by_chain);
    tally_free(by_row);
    return followed;
}

static void chains_are_ranked_as_rows_are(void **state)
{
    (void)state;
    static const struct kind kinds[] = {
        {.changes = 4},
        {.changes = 4, .goes = 60, .leaves = 25},
        {.changes = 3, .goes = 200, .boots = 90},
        {.changes = 3, .goes = 300, .boots = 5},
        {.changes = 4, .falls = 40, .huge = 3, .boots = 130},
        {.changes = 2, .falls = 3, .goes = 40},
        {.changes = 5, .odd = 9, .goes = 50, .boots = 100, .huge = 6},
        {.changes = 4, .goes = 30, .partial = 4, .boots = 120},
        {.changes = 4, .goes = 30, .top_n = true, .boots = 120},
        {.changes = 3, .odd = 30, .goes = 20, .top_n = true, .partial = 9, .leaves = 30},
    };
    struct worker *w = NULL;
    assert_int_equal(worker_new(&w, true, NULL), 0);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        for (uint64_t seed = 1; seed <= 3; seed++)
            assert_true(compare(&kinds[i], 100 * i + seed, w) > CAPTURES / 2);
    worker_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chains_are_ranked_as_rows_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
