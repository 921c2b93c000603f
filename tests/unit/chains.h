/* SPDX-License-Identifier: MIT */
/* Test helper: what a link of a chain (struct pool_chain) says, held against the rows of
 * the capture and of the one before. */
#ifndef TESTS_UNIT_CHAINS_H
#define TESTS_UNIT_CHAINS_H

#include "formats/pool.h"

static inline const struct pool_row *find_row(const struct pool_snapshot *s,
                                              const struct pool_row *like)
{
    for (size_t i = 0; i < s->n_rows; i++) {
        const struct pool_row *r = pool_row_at(s, i);
        if (tag_equal(r->tag, like->tag) && r->pool == like->pool)
            return r;
    }
    return NULL;
}

static inline bool among(const uint32_t *v, size_t n, uint32_t place)
{
    for (size_t i = 0; i < n; i++)
        if (v[i] == place)
            return true;
    return false;
}

/* What a link of a chain says of itself, against the rows of both captures. */
static inline void assert_news(const char *name, const struct pool_snapshot *before,
                               const struct pool_snapshot *s)
{
    const struct pool_chain *c = &s->chain;
    size_t met = 0;
    assert_true(c->n_fresh <= c->n_changed);
    for (size_t i = 0; i < s->n_rows; i++) {
        const struct pool_row *r = pool_row_at(s, i), *old = find_row(before, r);
        const bool fresh = among(c->changed, c->n_fresh, c->order[i]);
        const bool changed = among(c->changed, c->n_changed, c->order[i]);
        met += old != NULL;
        if (fresh != (old == NULL) ||
            (!changed && pool_row_digest(old) != pool_row_digest(r)))
            fail_msg("%s: row %zu of the capture on line %u", name, i, (unsigned)s->line);
    }
    assert_int_equal(c->n_gone, before->n_rows - met);
    for (size_t i = 0; i < c->n_gone; i++) {
        assert_null(find_row(s, &s->rows[c->gone[i]]));
        assert_non_null(find_row(before, &s->rows[c->gone[i]]));
    }
}

/* The same rows, in the same order where that is asked for. */
static inline void assert_same_rows(const struct pool_snapshot *a,
                                    const struct pool_snapshot *b, bool any_order)
{
    assert_null(pool_snapshot_valid(b));
    assert_int_equal(a->n_rows, b->n_rows);
    assert_memory_equal(&a->totals, &b->totals, sizeof a->totals);
    assert_int_equal(pool_snapshot_digest(a), pool_snapshot_digest(b));
    for (int k = 0; k < POOL_KINDS; k++)
        assert_int_equal(pool_snapshot_bytes(a, (enum pool_kind)k),
                         pool_snapshot_bytes(b, (enum pool_kind)k));
    assert_int_equal(a->notes.n, b->notes.n);
    if (!any_order || a->completeness != COMPLETE_WHOLE || b->chain.id == 0) {
        assert_true(pool_snapshot_same_figures(a, b));
        for (size_t i = 0; i < a->n_rows; i++)
            assert_int_equal(pool_row_line(a, i), pool_row_line(b, i));
        return;
    }
    uint64_t sum = 0;
    for (size_t i = 0; i < a->n_rows; i++) {
        const struct pool_row *r = find_row(b, pool_row_at(a, i));
        assert_non_null(r);
        assert_int_equal(r->per_alloc, pool_row_at(a, i)->per_alloc);
        sum += pool_row_digest(r);
    }
    assert_int_equal(sum, pool_snapshot_digest(a));
}

#endif
