/* SPDX-License-Identifier: MIT */
/* rekall (plugin pool_tracker, source published: rekall-core, plugins/windows/pool.py)
 * prints the pool tracker table of a memory image:
 *
 *     tag        nonpaged       nonpaged_bytes        paged          paged_bytes
 *     ---- -------------------- -------------- -------------------- -----------
 *     Dh 1                3 (2)             96               88 (8)        1024
 *
 * Older versions have the titles Tag, NP Alloc, NP Bytes, P Alloc, P Bytes.  Both pools
 * stand on one line, each as `allocs (outstanding) bytes`; frees are not given.  What is
 * outstanding is Allocs - Frees without regard to counters that wrapped: then it is
 * below zero. */
#include "formats/tools/rekall.h"

#include <stdlib.h>

#include "formats/text/gather.h"
#include "formats/text/repair.h"

enum { FIGURES_OF_POOL = 3, FIGURES_ON_LINE = 2 * FIGURES_OF_POOL };

struct rekall {
    struct gather g;
    size_t tag_at; /* column of the title of the tags */
    bool titled;
};

/* One line of the table, as far as it could be read. */
struct rekall_line {
    struct pool_tag tag;
    uint64_t v[FIGURES_ON_LINE];
    size_t figures;
    bool wrapped[POOL_KINDS]; /* its count of what is outstanding was below zero */
    bool whole;
};

static bool take_titles(const struct text_line *l, size_t *tag_at)
{
    static const char *const now[] = {"tag", "nonpaged", "nonpaged_bytes", "paged",
                                      "paged_bytes"};
    static const char *const older[] = {"Tag", "NP",    "Alloc", "NP",   "Bytes",
                                        "P",   "Alloc", "P",     "Bytes"};
    size_t end;
    return (gather_titles(l, now, sizeof now / sizeof now[0], tag_at, &end) ||
            gather_titles(l, older, sizeof older / sizeof older[0], tag_at, &end)) &&
           repair_blank(l->p + end, l->n - end);
}

/* `12`, or in parentheses `(12)` and `(-12)`. */
static bool take_figure(struct cell c, bool inside, uint64_t *v, bool *wrapped)
{
    if (!inside)
        return cell_u64(&c, v);
    if (c.n < 3 || c.p[0] != '(' || c.p[c.n - 1] != ')')
        return false;
    c.p++;
    c.n -= 2;
    return gather_count(&c, v, wrapped);
}

/* The figures behind the tag; true when all are there and nothing else. */
static bool take_figures(const struct text_line *l, size_t at, struct rekall_line *out)
{
    static const enum pool_kind order[] = {POOL_NONPAGED, POOL_PAGED};
    struct cell c;
    out->wrapped[POOL_NONPAGED] = out->wrapped[POOL_PAGED] = false;
    for (size_t i = 0; i < FIGURES_ON_LINE; i++) {
        out->figures = i;
        if (!gather_word(l, &at, &c) ||
            !take_figure(c, i % FIGURES_OF_POOL == 1, &out->v[i],
                         &out->wrapped[order[i / FIGURES_OF_POOL]]))
            return false;
    }
    out->figures = FIGURES_ON_LINE;
    return repair_blank(l->p + at, l->n - at);
}

static void take_line(const struct text_line *l, size_t tag_at, bool one_byte,
                      struct rekall_line *out)
{
    size_t end;
    out->figures = 0;
    out->whole = gather_tag_below(l, tag_at, one_byte, &out->tag, &end) &&
                 take_figures(l, end, out);
    if (out->figures == 0)
        out->whole =
            gather_tag_word(l, one_byte, &out->tag, &end) && take_figures(l, end, out);
}

static void set_pool(struct pool_row *row, const uint64_t *v)
{
    row->fields = ROW_ALLOCS | ROW_LIVE | ROW_BYTES;
    row->allocs = v[0];
    row->live = v[1];
    row->bytes = v[2];
}

/* No more is left than was allocated, unless the counters wrapped: 32 bits do. */
static bool pool_plausible(const struct pool_row *row, bool wrapped)
{
    return (wrapped ? row->allocs <= UINT32_MAX && row->live > row->allocs
                    : row->live <= row->allocs) &&
           gather_bytes_fit(row->live, row->bytes);
}

/* The titles, and a row of this shape below them. */
static int begins(const struct text_line *lines, size_t n)
{
    struct text_line bare = gather_bare(NULL, &lines[0]);
    struct rekall_line read;
    size_t tag_at;
    if (!take_titles(&bare, &tag_at))
        return CLAIM_NONE;
    for (size_t i = 1; i < n; i++) {
        bare = gather_bare(NULL, &lines[i]);
        take_line(&bare, tag_at, true, &read);
        if (read.whole)
            return CLAIM_SURE;
    }
    return CLAIM_NONE;
}

static int open_reader(void **ctx, struct err *e)
{
    return gather_open_as(ctx, sizeof(struct rekall), e);
}

static int start(void *ctx, struct pool_snapshot *s, const struct block_start *b,
                 struct err *e)
{
    struct rekall *x = ctx;
    (void)e;
    gather_start(&x->g, s, b);
    x->titled = false;
    return 0;
}

static int feed_row(struct rekall *x, const struct text_line *l,
                    const struct rekall_line *read, struct err *e)
{
    struct gather_pair pair = {.tag = read->tag, .line = l->number};
    set_pool(&pair.pool[POOL_NONPAGED], read->v);
    set_pool(&pair.pool[POOL_PAGED], read->v + FIGURES_OF_POOL);
    if (!pool_plausible(&pair.pool[POOL_NONPAGED], read->wrapped[POOL_NONPAGED]) ||
        !pool_plausible(&pair.pool[POOL_PAGED], read->wrapped[POOL_PAGED]))
        return gather_drop(&x->g, l, "the figures of this row contradict each other", e);
    if (read->wrapped[POOL_NONPAGED] || read->wrapped[POOL_PAGED])
        TRY(note_add(&x->g.s->notes, e, NOTE_WRAP, l->number,
                     "a negative figure was read modulo 2^32"));
    return gather_pair(&x->g, &pair, e);
}

static int feed(void *ctx, const struct text_line *given, struct text *ahead,
                struct err *e)
{
    struct rekall *x = ctx;
    const struct text_line bare = gather_bare(&x->g, given), *l = &bare;
    struct rekall_line read;
    size_t tag_at;
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
    take_line(l, x->tag_at, x->g.one_byte, &read);
    if (read.whole)
        return feed_row(x, l, &read, e);
    if (read.figures > 0 && l->eol == EOL_NONE)
        return gather_drop(&x->g, l, "this row is cut", e);
    return FEED_OTHER;
}

static int finish(void *ctx, const struct block_end *b, struct err *e)
{
    struct rekall *x = ctx;
    (void)b;
    return gather_finish(&x->g, COMPLETE_WHOLE, e);
}

const struct text_format rekall_text_format = {
    .begins = begins,
    .open = open_reader,
    .start = start,
    .feed = feed,
    .finish = finish,
    .close = gather_close,
};
