/* SPDX-License-Identifier: MIT */
/* A made-up machine whose captures are links of a chain.  Nobody owns anything: rows and
 * lists lie in the struct machine, which stays where it is. */
#ifndef TESTS_UNIT_CHAINED_H
#define TESTS_UNIT_CHAINED_H

#include "tests/unit/series.h"

#define PLACES 80 /* rows that it can have */

/* A series of one kind: how often things happen, one in so many; 0 = never. */
struct kind {
    unsigned goes, changes, boots, falls, partial, odd, huge, leaves;
    bool top_n;    /* nothing small is listed */
    uint32_t late; /* places of rows that the first capture does not list, at the end */
};

struct machine {
    struct pool_row rows[PLACES];
    bool listed[PLACES];
    uint32_t order[PLACES], changed[PLACES], gone[PLACES];
    struct pool_snapshot s;
    uint64_t seed;
};

static inline bool one_in(struct machine *m, unsigned n)
{
    return n != 0 && noise(&m->seed) % n == 0;
}

static const uint16_t all_fields = ROW_ALLOCS | ROW_FREES | ROW_LIVE | ROW_BYTES;

static inline void begin_row(struct machine *m, const struct kind *k, uint32_t i)
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

static inline void change_row(struct machine *m, const struct kind *k, uint32_t i)
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

static inline void sum_up(struct machine *m)
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

static inline void machine_begin(struct machine *m, uint64_t seed)
{
    *m = (struct machine){.seed = seed};
    m->s.rows = m->rows;
    m->s.uptime_s = -1;
    m->s.chain = (struct pool_chain){
        .id = 9, .order = m->order, .changed = m->changed, .gone = m->gone};
}

/* The chain's next capture. */
static inline void go_on(struct machine *m, const struct kind *k, bool boot)
{
    struct pool_chain *c = &m->s.chain;
    bool was[PLACES];
    c->step++;
    c->n_changed = c->n_fresh = c->n_gone = m->s.n_rows = 0;
    memcpy(was, m->listed, sizeof was);
    for (uint32_t i = 0; i < PLACES; i++) {
        const bool first = c->step == 1 && i < PLACES - k->late;
        const bool later = c->step > 1 || k->late == 0;
        if (m->listed[i] ? one_in(m, k->goes) : first || (later && one_in(m, 7)))
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

#endif
