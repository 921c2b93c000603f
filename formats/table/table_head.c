/* SPDX-License-Identifier: MIT */
#include "formats/table/table_head.h"

#include <string.h>

enum { BOTH_POOLS = WORD_NONPAGED | WORD_PAGED };

enum pool_kind table_pool_named(uint32_t words)
{
    switch (words & BOTH_POOLS) {
    case WORD_NONPAGED:
        return POOL_NONPAGED;
    case WORD_PAGED:
        return POOL_PAGED;
    default:
        return POOL_UNKNOWN;
    }
}

bool column_passed_over(const struct column *c)
{
    const uint32_t figures = WORD_ALLOCS | WORD_FREES | WORD_LIVE | WORD_COUNT |
                             WORD_DIFF | WORD_BYTES | WORD_SIZE | WORD_TOTAL | BOTH_POOLS;
    return (c->kind == COLUMN_OTHER || c->kind == COLUMN_CHANGE) &&
           (c->words & figures) != 0 && (c->words & (WORD_SHARE | WORD_RANK)) == 0;
}

/* ---- one title ---- */

/* A column of sizes: of one allocation, of all, or of what was given back. */
static enum table_column sizes(uint32_t all)
{
    if (all & (WORD_PER | WORD_MEAN))
        return COLUMN_PER_ALLOC;
    return all & WORD_FREES ? COLUMN_OTHER : COLUMN_BYTES;
}

static enum table_column counts(uint32_t all)
{
    if (all & (WORD_PER | WORD_MEAN))
        return (all & WORD_ALLOCS) && !(all & (WORD_FREES | WORD_LIVE)) ? COLUMN_PER_ALLOC
                                                                        : COLUMN_OTHER;
    if (all & (WORD_LIVE | WORD_DIFF))
        return COLUMN_LIVE;
    if ((all & WORD_ALLOCS) && (all & WORD_FREES))
        return COLUMN_OTHER;
    if (all & (WORD_ALLOCS | WORD_FREES))
        return all & WORD_ALLOCS ? COLUMN_ALLOCS : COLUMN_FREES;
    return COLUMN_LIVE;
}

static enum table_column meaning(const struct table_words *w)
{
    static const uint32_t of_counts =
        WORD_LIVE | WORD_DIFF | WORD_ALLOCS | WORD_FREES | WORD_COUNT;
    const uint32_t all = w->all;
    /* `Allocs (K)`: thousands of them, not KiB. */
    const bool letter = (all & WORD_BYTES) && w->unit.letter && !(all & WORD_SIZE);
    if ((all & WORD_SCALED) && (all & (of_counts | WORD_BYTES | WORD_SIZE)))
        return COLUMN_OTHER;
    if (letter && (all & of_counts))
        return COLUMN_OTHER;
    if ((all & (WORD_CHANGE | WORD_NET)) || w->per_span)
        return COLUMN_CHANGE;
    if ((all & WORD_DIFF) && (all & (WORD_SINCE | WORD_BYTES | WORD_SIZE)))
        return COLUMN_CHANGE;
    if (all & (WORD_SHARE | WORD_BOUND))
        return COLUMN_OTHER;
    if ((all & WORD_TAG) && !(all & (of_counts | WORD_BYTES)))
        return COLUMN_TAG;
    if (all & WORD_RANK)
        return COLUMN_OTHER;
    if (all & WORD_BYTES)
        return sizes(all);
    if (all & of_counts)
        return counts(all);
    if (all & WORD_TIME)
        return COLUMN_TIME;
    if (all & WORD_SIZE)
        return sizes(all);
    if ((all & (WORD_TYPE | WORD_POOL)) && table_pool_named(all) == POOL_UNKNOWN)
        return COLUMN_POOL;
    if ((all & BOTH_POOLS) == BOTH_POOLS)
        return COLUMN_POOL;
    if (all & WORD_OWNER)
        return COLUMN_OWNER;
    return all & (BOTH_POOLS | WORD_TOTAL) ? COLUMN_BYTES : COLUMN_OTHER;
}

static void read_title(const struct cell *c, struct column *col)
{
    struct table_words w;
    table_words(c->p, c->n, &w);
    *col = (struct column){
        .kind = (uint8_t)meaning(&w),
        .pool = (uint8_t)table_pool_named(w.all),
        .words = w.all,
        .unit = w.unit,
        .unit_given = (w.all & WORD_BYTES) != 0,
    };
    if (col->kind == COLUMN_PER_ALLOC && !col->unit_given) {
        col->unit = (struct table_unit){.sure = true};
        col->unit_given = true;
    }
    col->sized = col->kind == COLUMN_BYTES && !col->unit_given && (w.all & WORD_SIZE);
}

/* ---- all of them ---- */

/* The pools that figure columns name, as a set of words. */
static uint32_t pools_of(const struct table_head *h)
{
    uint32_t pools = 0;
    for (size_t i = 0; i < h->n; i++)
        if (column_is_figure(&h->col[i]))
            pools |= h->col[i].words & BOTH_POOLS;
    return pools;
}

/* Figures without a pool belong to the one that the others name; beside two pools they
 * are sums. */
static void share_pools(struct table_head *h)
{
    uint32_t pools = pools_of(h);
    for (size_t i = 0; pools != 0 && i < h->n; i++) {
        struct column *c = &h->col[i];
        if (!column_is_figure(c) || c->pool != POOL_UNKNOWN)
            continue;
        if (pools == BOTH_POOLS)
            c->kind = COLUMN_OTHER;
        else
            c->pool = (uint8_t)table_pool_named(pools);
    }
}

/* Of two columns of one kind, the one to leave out; NULL: nobody can say which is meant.
 */
static struct column *spare(struct column *a, struct column *b)
{
    static const uint32_t weaker[] = {WORD_TOTAL, WORD_COUNT, WORD_DIFF};
    if (a->unit_given != b->unit_given)
        return a->unit_given ? b : a;
    if (a->unit_given && a->unit.power != b->unit.power)
        return a->unit.power < b->unit.power ? b : a;
    for (size_t i = 0; i < sizeof weaker / sizeof weaker[0]; i++)
        if ((a->words ^ b->words) & weaker[i])
            return a->words & weaker[i] ? a : b;
    return NULL;
}

static void settle_doubles(struct table_head *h)
{
    for (size_t i = 0; i < h->n; i++)
        for (size_t k = i + 1; k < h->n && column_is_figure(&h->col[i]); k++) {
            struct column *a = &h->col[i], *b = &h->col[k];
            if (a->kind != b->kind || a->pool != b->pool)
                continue;
            struct column *out = spare(a, b);
            if (out == NULL)
                h->refused = REFUSE_TWO_MOMENTS;
            else
                out->kind = COLUMN_OTHER;
        }
}

static void count_columns(struct table_head *h)
{
    bool net = false, changes = false;
    for (size_t i = 0; i < h->n; i++) {
        const struct column *c = &h->col[i];
        h->words |= c->words;
        if (column_is_figure(c))
            h->figures |= 1u << c->kind;
        if (c->kind != COLUMN_OTHER && c->kind != COLUMN_CHANGE)
            h->needed = column_is_figure(c) || c->kind == COLUMN_TAG ? i + 1 : h->needed;
        net |= (c->words & WORD_NET) != 0;
        changes |= c->kind == COLUMN_CHANGE;
    }
    const unsigned sizes_or_live = 1u << COLUMN_BYTES | 1u << COLUMN_LIVE;
    if (net)
        h->refused = REFUSE_NET;
    else if (changes && !(h->figures & sizes_or_live))
        h->refused = REFUSE_CHANGES;
    const uint32_t of_pools = BOTH_POOLS | WORD_POOL | WORD_LIVE;
    h->strong = (h->words & of_pools) != 0 ||
                (h->words & (WORD_ALLOCS | WORD_FREES)) == (WORD_ALLOCS | WORD_FREES);
}

bool table_head_read(const struct cells *cells, struct table_head *h)
{
    *h = (struct table_head){.n = cells->n, .tag = CELLS_MAX};
    for (size_t i = 0; i < cells->n; i++) {
        read_title(&cells->v[i], &h->col[i]);
        if (h->col[i].kind != COLUMN_TAG)
            continue;
        if (h->tag == CELLS_MAX)
            h->tag = i;
        else
            h->col[i].kind = COLUMN_OTHER;
    }
    if (h->tag == CELLS_MAX || h->n < 2)
        return false;
    share_pools(h);
    settle_doubles(h);
    count_columns(h);
    return h->refused != REFUSE_NOT || (h->figures & ~(1u << COLUMN_PER_ALLOC)) != 0;
}
