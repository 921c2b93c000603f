/* SPDX-License-Identifier: MIT */
/* volatility 2 (plugin pooltracker, source published) prints the pool tracker table of a
 * memory image of Vista or later:
 *
 *     Tag    NpAllocs NpFrees  NpBytes   PgAllocs PgFrees PgBytes  [Driver  Reason]
 *     ------ -------- -------- --------- -------- ------- -------- ...
 *     Irp        1304     1192     58832        0       0        0
 *
 * Both pools stand on one line.  Allocs and Frees count since boot; there is no Diff, so
 * none is given, but no more can be freed than was allocated, and bytes stand where
 * something is left. */
#include "formats/tools/volatility.h"

#include <stdlib.h>

#include "formats/text/gather.h"
#include "formats/text/repair.h"

enum { FIGURES_ON_LINE = 6 };

struct volatility {
    struct gather g;
    size_t tag_at; /* column of the title `Tag` */
    bool titled;
};

static bool take_titles(const struct text_line *l, size_t *tag_at)
{
    static const char *const words[] = {"Tag",      "NpAllocs", "NpFrees", "NpBytes",
                                        "PgAllocs", "PgFrees",  "PgBytes"};
    size_t end;
    return gather_titles(l, words, sizeof words / sizeof words[0], tag_at, &end);
}

/* Six numbers from *at on, each behind a blank; leaves *at behind them. */
static bool take_numbers(const struct text_line *l, size_t *at,
                         uint64_t v[FIGURES_ON_LINE])
{
    for (size_t i = 0; i < FIGURES_ON_LINE; i++) {
        struct cell c;
        if (!gather_word(l, at, &c) || !cell_u64(&c, &v[i]))
            return false;
    }
    return true;
}

static bool take_row(const struct volatility *x, const struct text_line *l,
                     struct gather_pair *pair, uint64_t v[FIGURES_ON_LINE], size_t *end)
{
    return (gather_tag_below(l, x->tag_at, x->g.one_byte, &pair->tag, end) &&
            take_numbers(l, end, v)) ||
           (gather_tag_word(l, x->g.one_byte, &pair->tag, end) &&
            take_numbers(l, end, v));
}

static void set_pool(struct pool_row *row, const uint64_t *v)
{
    row->width = 32;
    row->fields = ROW_ALLOCS | ROW_FREES | ROW_BYTES;
    row->allocs = v[0];
    row->frees = v[1];
    row->bytes = v[2];
}

/* 32-bit counters may have wrapped. */
static bool pool_plausible(const struct pool_row *row)
{
    const bool narrow = row->allocs <= UINT32_MAX && row->frees <= UINT32_MAX;
    const uint64_t live = row_live(row->allocs, row->frees, narrow ? 32 : 64);
    return gather_bytes_fit(live, row->bytes);
}

static int begins(const struct text_line *lines, size_t n)
{
    const struct text_line bare = gather_bare(NULL, &lines[0]);
    size_t tag_at;
    (void)n;
    return take_titles(&bare, &tag_at) ? CLAIM_SURE : CLAIM_NONE;
}

static int open_reader(void **ctx, struct err *e)
{
    return gather_open_as(ctx, sizeof(struct volatility), e);
}

static int start(void *ctx, struct pool_snapshot *s, const struct block_start *b,
                 struct err *e)
{
    struct volatility *x = ctx;
    (void)e;
    gather_start(&x->g, s, b);
    x->titled = false;
    return 0;
}

static int feed(void *ctx, const struct text_line *given, struct text *ahead,
                struct err *e)
{
    struct volatility *x = ctx;
    const struct text_line bare = gather_bare(&x->g, given), *l = &bare;
    struct gather_pair pair = {.line = l->number};
    uint64_t v[FIGURES_ON_LINE];
    size_t end, tag_at;
    (void)ahead;
    if (take_titles(l, &tag_at)) {
        if (x->titled)
            return FEED_NEXT;
        x->titled = true;
        x->tag_at = tag_at;
        return FEED_MINE;
    }
    if (repair_rule(l->p, l->n))
        return FEED_MINE;
    if (!take_row(x, l, &pair, v, &end))
        return FEED_OTHER;
    set_pool(&pair.pool[POOL_NONPAGED], v);
    set_pool(&pair.pool[POOL_PAGED], v + 3);
    if (!pool_plausible(&pair.pool[POOL_NONPAGED]) ||
        !pool_plausible(&pair.pool[POOL_PAGED]))
        return gather_drop(&x->g, l, "the bytes of this row contradict its counts", e);
    const struct cell owner = {.p = l->p + end, .n = l->n - end};
    TRY(gather_owner(&x->g, &owner, NULL, &pair.owner, e));
    return gather_pair(&x->g, &pair, e);
}

static int finish(void *ctx, const struct block_end *b, struct err *e)
{
    struct volatility *x = ctx;
    (void)b;
    return gather_finish(&x->g, COMPLETE_WHOLE, e);
}

const struct text_format volatility_text_format = {
    .begins = begins,
    .open = open_reader,
    .start = start,
    .feed = feed,
    .finish = finish,
    .close = gather_close,
};
