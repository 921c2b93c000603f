/* SPDX-License-Identifier: MIT */
#include "formats/psz/order.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "formats/psz/format.h"
#include "formats/psz/row.h"

uint64_t psz_order_figure(const struct pool_row *row, enum psz_rule rule)
{
    switch (rule) {
    case PSZ_BY_ALLOCS:
        return row->allocs;
    case PSZ_BY_FREES:
        return row->frees;
    case PSZ_BY_LIVE:
        return row->live;
    case PSZ_BY_BYTES:
        return row->bytes;
    case PSZ_BY_PER_ALLOC:
        return row->per_alloc;
    default:
        return 0;
    }
}

/* ---- sorting ---- */

static int compare_names(const struct psz_place *a, const struct psz_place *b)
{
    if (a->name != b->name)
        return a->name < b->name ? -1 : 1;
    return a->copy < b->copy ? -1 : a->copy > b->copy;
}

static int rising(const void *va, const void *vb)
{
    const struct psz_place *a = va, *b = vb;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return compare_names(a, b);
}

static int falling(const void *va, const void *vb)
{
    const struct psz_place *a = va, *b = vb;
    if (a->key != b->key)
        return a->key > b->key ? -1 : 1;
    return compare_names(a, b);
}

void psz_order_sort(struct psz_place *p, size_t n, enum psz_rule rule)
{
    int (*compare)(const void *, const void *) = rule == PSZ_AS_BEFORE ? rising : falling;
    /* Rows usually come nearly sorted; the budget keeps the rest from being slow. */
    size_t budget = 8 * n;
    for (size_t i = 1; i < n; i++) {
        if (compare(&p[i - 1], &p[i]) <= 0)
            continue;
        struct psz_place moved = p[i];
        size_t k = i;
        for (; k > 0 && budget > 0 && compare(&p[k - 1], &moved) > 0; k--, budget--)
            p[k] = p[k - 1];
        p[k] = moved;
        if (budget == 0) {
            qsort(p, n, sizeof *p, compare);
            return;
        }
    }
}

/* ---- finding the rule ---- */

/* How many neighbours do not stand as the rule wants them; stops behind `enough`. */
static size_t breaks(const struct pool_snapshot *s, const struct psz_place *p,
                     enum psz_rule rule, size_t enough)
{
    size_t found = 0;
    for (size_t i = 1; i < s->n_rows && found <= enough; i++) {
        uint64_t a, b;
        bool up = rule == PSZ_AS_BEFORE;
        a = up ? p[i - 1].key : psz_order_figure(pool_row_at(s, i - 1), rule);
        b = up ? p[i].key : psz_order_figure(pool_row_at(s, i), rule);
        if (a == b)
            found += compare_names(&p[i - 1], &p[i]) >= 0;
        else
            found += (a > b) == up;
    }
    return found;
}

static enum psz_rule best_rule(const struct pool_snapshot *s, const struct psz_place *p,
                               uint64_t likely, size_t *left)
{
    static const uint8_t tries[] = {PSZ_BY_BYTES,    PSZ_BY_TAG,  PSZ_AS_BEFORE,
                                    PSZ_BY_ALLOCS,   PSZ_BY_LIVE, PSZ_BY_FREES,
                                    PSZ_BY_PER_ALLOC};
    enum psz_rule best = (enum psz_rule)(likely % PSZ_DEPARTS);
    *left = breaks(s, p, best, s->n_rows);
    for (size_t i = 0; i<sizeof tries && * left> 0; i++) {
        size_t found = breaks(s, p, (enum psz_rule)tries[i], *left);
        if (found < *left) {
            *left = found;
            best = (enum psz_rule)tries[i];
        }
    }
    return best;
}

bool psz_order_holds(const struct pool_snapshot *s, uint64_t order)
{
    const enum psz_rule rule = (enum psz_rule)order;
    if (order >= PSZ_AS_BEFORE)
        return false;
    for (size_t i = 1; i < s->n_rows; i++) {
        const struct pool_row *x = pool_row_at(s, i - 1), *y = pool_row_at(s, i);
        const uint64_t a = psz_order_figure(x, rule), b = psz_order_figure(y, rule);
        if (a < b || (a == b && psz_row_name(x) >= psz_row_name(y)))
            return false;
    }
    return true;
}

int psz_order_write(const struct pool_snapshot *s, const struct psz_place *p,
                    uint64_t likely, struct psz_place *scratch, struct buf *out,
                    uint64_t *order, struct err *e)
{
    size_t left;
    const size_t n = s->n_rows;
    enum psz_rule rule = best_rule(s, p, likely, &left);
    *order = (uint64_t)rule + (left > 0 ? PSZ_DEPARTS : 0);
    if (left == 0)
        return 0;
    for (size_t i = 0; i < n; i++) {
        scratch[i] = p[i];
        scratch[i].row = (uint32_t)i;
        if (rule != PSZ_AS_BEFORE)
            scratch[i].key = psz_order_figure(pool_row_at(s, i), rule);
    }
    psz_order_sort(scratch, n, rule);
    /* scratch[ruled].row is where the row really stands; turn that round. */
    for (size_t i = 0; i < n; i++)
        scratch[scratch[i].row].key = i;
    uint64_t next = 0;
    for (size_t i = 0; i < n; i++) {
        TRY(buf_varint(out, psz_zigzag(scratch[i].key - next), e));
        next = scratch[i].key + 1;
    }
    return 0;
}

int psz_order_read(struct psz_stream_in *in, struct psz_place *p, size_t n,
                   struct psz_place *scratch, struct err *e)
{
    if (n > 0)
        memcpy(scratch, p, n * sizeof *p);
    for (size_t i = 0; i < n; i++)
        scratch[i].key = 0;
    uint64_t next = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t at = next + psz_unzigzag(psz_get(in));
        if (in->bad || at >= n || scratch[at].key != 0)
            return psz_broken(e, "row orders");
        scratch[at].key = 1;
        p[i] = scratch[at];
        next = at + 1;
    }
    return 0;
}
