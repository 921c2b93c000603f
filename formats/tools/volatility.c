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
#include <string.h>

#include "formats/text/gather.h"

enum { FIGURES_ON_LINE = 6 };

struct volatility {
    struct gather g;
    size_t tag_at; /* column of the title `Tag` */
    bool titled;
};

static size_t skip(const char *p, size_t n, size_t at)
{
    while (at < n && p[at] == ' ')
        at++;
    return at;
}

static bool take_titles(const struct text_line *l, size_t *tag_at)
{
    static const char *const words[] = {"Tag",      "NpAllocs", "NpFrees", "NpBytes",
                                        "PgAllocs", "PgFrees",  "PgBytes"};
    size_t at = skip(l->p, l->n, 0);
    *tag_at = at;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const size_t len = strlen(words[i]);
        at = skip(l->p, l->n, at);
        if (l->n - at < len || memcmp(l->p + at, words[i], len) != 0)
            return false;
        at += len;
    }
    return at == l->n || l->p[at] == ' ';
}

/* Dashes and blanks alone. */
static bool is_rule(const struct text_line *l)
{
    size_t dashes = 0;
    for (size_t i = 0; i < l->n; i++) {
        if (l->p[i] != '-' && l->p[i] != ' ')
            return false;
        dashes += l->p[i] == '-';
    }
    return dashes >= 16;
}

/* Six numbers from *at on, each behind a blank; leaves *at behind them. */
static bool take_numbers(const char *p, size_t n, size_t *at, uint64_t v[FIGURES_ON_LINE])
{
    for (size_t i = 0; i < FIGURES_ON_LINE; i++) {
        size_t from = skip(p, n, *at), to = from;
        while (to < n && p[to] != ' ')
            to++;
        const struct cell c = {.p = p + from, .n = to - from};
        if (from == *at || !cell_u64(&c, &v[i]))
            return false;
        *at = to;
    }
    return true;
}

/* The tag is the four columns below its title, or, where blanks were lost, the first
 * word. */
static bool take_tag(const struct volatility *x, const struct text_line *l,
                     struct gather_pair *pair, uint64_t v[FIGURES_ON_LINE], size_t *end)
{
    struct cell tag = {.p = l->p + x->tag_at, .n = 4};
    size_t at = x->tag_at + 4;
    if (l->n > at && gather_tag(&tag, x->g.one_byte, &pair->tag, NULL) &&
        take_numbers(l->p, l->n, &at, v)) {
        *end = at;
        return true;
    }
    at = skip(l->p, l->n, 0);
    tag.p = l->p + at;
    while (at < l->n && l->p[at] != ' ')
        at++;
    tag.n = (size_t)(l->p + at - tag.p);
    *end = at;
    return gather_tag(&tag, x->g.one_byte, &pair->tag, NULL) &&
           take_numbers(l->p, l->n, end, v);
}

static void set_pool(struct pool_row *row, const uint64_t *v)
{
    row->width = 32;
    row->fields = ROW_ALLOCS | ROW_FREES | ROW_BYTES;
    row->allocs = v[0];
    row->frees = v[1];
    row->bytes = v[2];
}

/* Bytes where something is left, and only there; 32-bit counters may have wrapped. */
static bool pool_plausible(const struct pool_row *row)
{
    const bool narrow = row->allocs <= UINT32_MAX && row->frees <= UINT32_MAX;
    const uint64_t live = row_live(row->allocs, row->frees, narrow ? 32 : 64);
    return (live == 0) == (row->bytes == 0) && row->bytes >= live;
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
    struct volatility *x = calloc(1, sizeof *x);
    if (x == NULL)
        return err_nomem(e);
    *ctx = x;
    return 0;
}

static void close_reader(void *ctx)
{
    struct volatility *x = ctx;
    gather_free(&x->g);
    free(x);
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
    if (is_rule(l))
        return FEED_MINE;
    if (!take_tag(x, l, &pair, v, &end))
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
    .close = close_reader,
};
