/* SPDX-License-Identifier: MIT */
/* PoolMonX, second version (zodiacon, source published), copies one row and no titles:
 *
 *     FMfn,8665967,5982729,2683238,1460039 KB,0,0,0,0 B,fltmgr.sys,description
 *     tag  Allocs  Frees   Diff    Usage      the same, nonpaged    source
 *          paged ...
 *
 * Usage is in bytes up to 4095, then in KB rounded down.  Nothing is quoted: a tag or a
 * description may hold commas, so the eight figures are found from the left behind a
 * tag of up to four characters. */
#include <stdlib.h>
#include <string.h>

#include "formats/text/amount.h"
#include "formats/text/gather.h"
#include "formats/tools/poolmonx.h"

enum { FIGURE_CELLS = 8 };

struct line {
    struct gather_pair pair;
    bool rounded;
    struct cell source, description;
};

/* Reads the figures behind the tag, which ends at the comma p[-1].  Cells that are not
 * there are empty, and no figures. */
static bool take_figures(const char *p, size_t n, struct line *out)
{
    struct cell c[FIGURE_CELLS];
    size_t at = 0;
    for (size_t i = 0; i < FIGURE_CELLS; i++) {
        const char *comma = at < n ? memchr(p + at, ',', n - at) : NULL;
        c[i] = (struct cell){.p = p + at};
        c[i].n = comma != NULL ? (size_t)(comma - c[i].p) : n - at;
        at += c[i].n + (comma != NULL);
    }
    static const uint8_t pools[] = {POOL_PAGED, POOL_NONPAGED};
    for (size_t k = 0; k < 2; k++) {
        struct pool_row *row = &out->pair.pool[pools[k]];
        const struct cell *usage = &c[4 * k + 3];
        struct amount_size size;
        if (!cell_u64(&c[4 * k], &row->allocs) || !cell_u64(&c[4 * k + 1], &row->frees) ||
            !cell_u64(&c[4 * k + 2], &row->live) ||
            !amount_size(usage->p, usage->n, &size) || !size.unit)
            return false;
        row->width = 32;
        row->fields = ROW_ALLOCS | ROW_FREES | ROW_LIVE | ROW_BYTES;
        row->bytes = size.bytes;
        out->rounded |= size.rounded;
    }
    const char *comma = at < n ? memchr(p + at, ',', n - at) : NULL;
    out->source = (struct cell){.p = p + at};
    out->source.n = comma != NULL ? (size_t)(comma - out->source.p) : n - at;
    if (comma != NULL)
        out->description =
            (struct cell){.p = comma + 1, .n = (size_t)(p + n - comma) - 1};
    return gather_pair_proved(&out->pair);
}

static bool take_line(const struct text_line *l, bool one_byte, struct line *out)
{
    static const struct cell none = {.p = ""};
    size_t from = 0, n = l->n;
    while (from < n && l->p[from] == ' ' && n - from > 5 && l->p[from + 4] != ',')
        from++; /* an indented paste */
    while (n > from && l->p[n - 1] == ' ')
        n--;
    /* A tag of four characters has at most twelve bytes. */
    for (size_t i = from + 1; i < n && i <= from + 12; i++) {
        const struct cell tag = {.p = l->p + from, .n = i - from};
        if (l->p[i] != ',')
            continue;
        *out = (struct line){.source = none, .description = none};
        out->pair.line = l->number;
        if (gather_tag(&tag, one_byte, &out->pair.tag, NULL) &&
            take_figures(l->p + i + 1, n - i - 1, out))
            return true;
    }
    return false;
}

static int begins(const struct text_line *lines, size_t n)
{
    const struct text_line bare = gather_bare(NULL, &lines[0]);
    struct line line;
    (void)n;
    return take_line(&bare, false, &line) ? CLAIM_ROW : CLAIM_NONE;
}

static int feed(void *ctx, const struct text_line *given, struct text *ahead,
                struct err *e)
{
    struct gather *g = ctx;
    const struct text_line bare = gather_bare(g, given), *l = &bare;
    struct line line;
    (void)ahead;
    if (!take_line(l, g->one_byte, &line))
        return FEED_OTHER;
    if (gather_pair_again(g, &line.pair))
        return FEED_NEXT;
    TRY(gather_owner(g, &line.source, &line.description, &line.pair.owner, e));
    g->rounded += line.rounded;
    return gather_pair(g, &line.pair, e);
}

const struct text_format poolmonx2_text_format = {
    .begins = begins,
    .open = gather_open,
    .start = gather_start_selected,
    .feed = feed,
    .finish = gather_finish_selected,
    .close = gather_close,
};
