/* SPDX-License-Identifier: MIT */
/* PoolMonX, third version (zodiacon, source published), saves its table without titles
 * and without quotes, its numbers grouped by the very comma that parts the cells on most
 * machines, and loses the last character of the file:
 *
 *     FMfn,0x6E664D46,8,665,967,5,982,729,2,683,238,1,495,080,176,0,0,0,0,fltmgr.sys,...
 *     tag  value      |Allocs  |Frees    |Diff     |Usage        |nonpaged|source
 *
 * The value is the tag itself, first byte lowest, and anchors the row.  Behind it a
 * number is one piece of up to three digits and pieces of just three; the only way to
 * make eight numbers of them that has Diff = Allocs - Frees in both pools, bytes where
 * there are allocations and none elsewhere is what was printed.  Where there is no way,
 * or more than one, the row is refused. */
#include <stdlib.h>
#include <string.h>

#include "formats/ascii.h"
#include "formats/text/amount.h"
#include "formats/text/gather.h"
#include "formats/tools/poolmonx.h"

enum {
    NUMBERS = 8,
    PIECES = 56, /* eight numbers of 20 digits */
    VALUE_LENGTH = 10
};

struct poolmonx3 {
    struct gather g;
};

struct line {
    struct pool_tag tag;
    struct cell piece[PIECES];
    size_t n;
    struct cell source, description;
};

/* ---- cutting ---- */

/* `0x6E664D46` at p to the four bytes, lowest first. */
static bool read_value(const char *p, size_t n, struct pool_tag *tag)
{
    uint32_t v = 0;
    if (n < VALUE_LENGTH || p[0] != '0' || (p[1] != 'x' && p[1] != 'X'))
        return false;
    for (size_t i = 2; i < VALUE_LENGTH; i++) {
        int d = ascii_hex(p[i]);
        if (d < 0)
            return false;
        v = v << 4 | (uint32_t)d;
    }
    for (int i = 0; i < 4; i++)
        tag->b[i] = (uint8_t)(v >> (8 * i));
    return true;
}

/* The printed tag must be the value's, where it can be printed at all. */
static bool tag_fits(const char *p, size_t n, struct pool_tag tag)
{
    size_t plain = 0;
    for (size_t i = 0; i < 4; i++) {
        const uint8_t c = tag.b[i];
        if (c < 0x20 || c > 0x7e)
            continue;
        plain++;
        if ((i >= n || (uint8_t)p[i] != c) && c != ' ')
            return false;
    }
    return plain > 0 || n <= 12;
}

static bool is_number(const struct cell *c)
{
    uint64_t v;
    return c->n > 0 && amount_count(c->p, c->n, &v);
}

static bool cut(const struct text_line *l, struct line *out)
{
    size_t from = 0;
    while (from < l->n && l->p[from] == ' ' && from < 64)
        from++;
    size_t at = from + 1;
    *out = (struct line){.source = {.p = ""}, .description = {.p = ""}};
    /* The comma before the value; a tag may hold commas, too. */
    while (at < l->n && at <= from + 12 &&
           !(l->p[at] == ',' && read_value(l->p + at + 1, l->n - at - 1, &out->tag)))
        at++;
    if (at >= l->n || at > from + 12 || !tag_fits(l->p + from, at - from, out->tag))
        return false;
    at += 1 + VALUE_LENGTH;
    if (at == l->n || l->p[at] != ',')
        return false;
    while (at < l->n && l->p[at] == ',' && out->n < PIECES) {
        const char *comma = memchr(l->p + at + 1, ',', l->n - at - 1);
        struct cell c = {.p = l->p + at + 1};
        c.n = comma != NULL ? (size_t)(comma - c.p) : (size_t)(l->p + l->n - c.p);
        if (!is_number(&c))
            break;
        out->piece[out->n++] = c;
        at += 1 + c.n;
    }
    if (at == l->n)
        return true;
    const char *source = l->p + at + 1, *end = l->p + l->n;
    const char *comma = memchr(source, ',', (size_t)(end - source));
    out->source = (struct cell){.p = source, .n = (size_t)(end - source)};
    if (comma != NULL) {
        out->source.n = (size_t)(comma - source);
        out->description = (struct cell){.p = comma + 1, .n = (size_t)(end - comma) - 1};
    }
    return true;
}

/* ---- solving ---- */

/* One way to read the pieces: number i is made of piece end[i - 1] up to end[i]. */
struct way {
    size_t end[NUMBERS];
    uint64_t v[NUMBERS];
};

/* The number of the pieces [from, to), when they can be one. */
static bool join(const struct line *l, size_t from, size_t to, uint64_t *v)
{
    *v = 0;
    for (size_t i = from; i < to; i++) {
        const struct cell *c = &l->piece[i];
        uint64_t x;
        if (!amount_count(c->p, c->n, &x))
            return false;
        if (to - from == 1) {
            *v = x;
            return c->n == 1 || c->p[0] != '0';
        }
        if (c->n > 3 || (i > from && c->n != 3) || (i == from && c->p[0] == '0') ||
            !mul_u64(*v, 1000, v) || !add_u64(*v, x, v))
            return false;
    }
    return true;
}

/* Whether the first k numbers of the way can stand. */
static bool plausible(const struct way *w, size_t k)
{
    const uint64_t *v = w->v + (k > 4 ? 4 : 0);
    const size_t n = k > 4 ? k - 4 : k;
    const bool narrow = v[0] <= UINT32_MAX && v[1] <= UINT32_MAX;
    if (n >= 3 && v[2] != row_live(v[0], v[1], narrow ? 32 : 64))
        return false;
    return n < 4 || (v[3] >= v[2] && (v[2] == 0) == (v[3] == 0));
}

/* Counts the ways, two meaning "more than one"; *found is the first.  Walks the tree of
 * ends with a stack of its own; Diff follows from Allocs and Frees, which bounds it. */
static unsigned solve(const struct line *l, struct way *found)
{
    struct way w = {{0}, {0}};
    unsigned ways = 0;
    size_t k = 0; /* the number that is being tried */
    while (ways < 2) {
        const size_t from = k > 0 ? w.end[k - 1] : 0;
        w.end[k]++;
        /* What is left must make the numbers that are left. */
        const size_t left = l->n - w.end[k], numbers = NUMBERS - 1 - k;
        if (w.end[k] > l->n || w.end[k] - from > PIECES / NUMBERS || left < numbers) {
            if (k-- == 0)
                break;
            continue;
        }
        if (left > numbers * (PIECES / NUMBERS))
            continue;
        if (!join(l, from, w.end[k], &w.v[k]) || !plausible(&w, k + 1))
            continue;
        if (k + 1 < NUMBERS) {
            w.end[k + 1] = w.end[k];
            k++;
            continue;
        }
        if (ways++ == 0)
            *found = w;
    }
    return ways;
}

static void set_pair(const struct text_line *l, const struct line *line,
                     const struct way *w, struct gather_pair *pair)
{
    static const uint8_t pools[] = {POOL_PAGED, POOL_NONPAGED};
    *pair = (struct gather_pair){.tag = line->tag, .line = l->number};
    for (size_t k = 0; k < 2; k++) {
        struct pool_row *row = &pair->pool[pools[k]];
        row->width = 32;
        row->fields = ROW_ALLOCS | ROW_FREES | ROW_LIVE | ROW_BYTES;
        row->allocs = w->v[4 * k];
        row->frees = w->v[4 * k + 1];
        row->live = w->v[4 * k + 2];
        row->bytes = w->v[4 * k + 3];
    }
}

/* ---- the format ---- */

static int begins(const struct text_line *lines, size_t n)
{
    const struct text_line bare = gather_bare(NULL, &lines[0]);
    struct line line;
    struct way way;
    (void)n;
    return cut(&bare, &line) && solve(&line, &way) == 1 ? CLAIM_ROW : CLAIM_NONE;
}

static int open_reader(void **ctx, struct err *e)
{
    return gather_open_as(ctx, sizeof(struct poolmonx3), e);
}

static int start(void *ctx, struct pool_snapshot *s, const struct block_start *b,
                 struct err *e)
{
    struct poolmonx3 *x = ctx;
    (void)e;
    gather_start(&x->g, s, b);
    return 0;
}

static int feed(void *ctx, const struct text_line *given, struct text *ahead,
                struct err *e)
{
    struct poolmonx3 *x = ctx;
    const struct text_line bare = gather_bare(&x->g, given), *l = &bare;
    struct line line;
    struct way way;
    struct gather_pair pair;
    (void)ahead;
    if (!cut(l, &line))
        return FEED_OTHER;
    unsigned ways = solve(&line, &way);
    if (ways != 1)
        return gather_drop(&x->g, l,
                           ways == 0
                               ? "no grouping of these digits gives Diff = Allocs - Frees"
                               : "more than one grouping of these digits fits",
                           e);
    set_pair(l, &line, &way, &pair);
    if (gather_pair_again(&x->g, &pair))
        return FEED_NEXT;
    TRY(gather_owner(&x->g, &line.source, &line.description, &pair.owner, e));
    return gather_pair(&x->g, &pair, e);
}

static int finish(void *ctx, const struct block_end *b, struct err *e)
{
    struct poolmonx3 *x = ctx;
    (void)b;
    return gather_finish(&x->g, COMPLETE_WHOLE, e);
}

/* A row that begin() could not solve. */
static bool remark(const struct text_line *l, struct text_remark *r)
{
    struct line line;
    if (!cut(l, &line) || line.n < NUMBERS)
        return false;
    r->what = "a row of PoolMonX 3 whose grouped digits cannot be told apart";
    r->hint = "save it again with the digit grouping of Windows switched off";
    return true;
}

const struct text_format poolmonx3_text_format = {
    .begins = begins,
    .open = open_reader,
    .start = start,
    .feed = feed,
    .finish = finish,
    .remark = remark,
    .close = gather_close,
};
