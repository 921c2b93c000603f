/* SPDX-License-Identifier: MIT */
/* System Informer (Process Hacker), pool table, Ctrl+C: the selected rows, no titles,
 * cells joined by comma and blank, numbers grouped as the country has it and sizes
 * rounded (winsiderss/systeminformer, source published):
 *
 *     FMfn, fltmgr.sys, NAME_CACHE_NODE structure, 8,665,967, 5,982,729, 2,683,238,
 *         1.39 GB, 0, 0, 0, 0 B
 *     tag, driver, description, paged allocs, frees, current, bytes, nonpaged ...
 *
 * A description may hold comma and blank, so the figures are found from the right end:
 * eight of them, or four where one pool's columns are hidden, which then nobody names.
 * Columns in another order do not prove themselves and are not read. */
#include "formats/tools/systeminformer.h"

#include <stdlib.h>
#include <string.h>

#include "formats/text/amount.h"
#include "formats/text/gather.h"

enum { PIECES_MAX = 64, POOL_PIECES = 4 };

struct line {
    struct gather_pair pair;
    bool rounded, units;
    struct cell driver, description;
};

/* Cuts at every comma and blank; 0 when there are too many. */
static size_t cut(const char *p, size_t n, struct cell out[PIECES_MAX])
{
    size_t k = 0, from = 0;
    for (size_t i = 0; i <= n; i++) {
        const bool end = i == n;
        if (!end && !(p[i] == ',' && i + 1 < n && p[i + 1] == ' '))
            continue;
        if (k == PIECES_MAX)
            return 0;
        out[k++] = (struct cell){.p = p + from, .n = i - from};
        from = i + 2;
        i += !end;
    }
    return k;
}

/* Allocs, frees, current and bytes. */
static bool take_pool(const struct cell c[POOL_PIECES], struct line *out,
                      struct pool_row *row)
{
    struct amount_size size;
    if (!amount_count(c[0].p, c[0].n, &row->allocs) ||
        !amount_count(c[1].p, c[1].n, &row->frees) ||
        !amount_count(c[2].p, c[2].n, &row->live) || !amount_size(c[3].p, c[3].n, &size))
        return false;
    row->width = 32;
    row->fields = ROW_ALLOCS | ROW_FREES | ROW_LIVE | ROW_BYTES;
    row->bytes = size.bytes;
    out->rounded |= size.rounded;
    out->units |= size.unit;
    return size.unit || size.bytes == 0;
}

static bool take_line(const struct text_line *l, bool one_byte, struct line *out)
{
    struct cell c[PIECES_MAX];
    const char *p = l->p;
    size_t n = l->n;
    while (n > 0 && (p[n - 1] == ' ' || p[n - 1] == '\t'))
        n--;
    while (n > 0 && p[0] == '\t') {
        p++;
        n--;
    }
    const size_t k = cut(p, n, c);
    *out = (struct line){.pair = {.line = l->number}};
    if (k < 1 + POOL_PIECES || !gather_tag(&c[0], one_byte, &out->pair.tag, NULL))
        return false;
    size_t figures = 2 * POOL_PIECES;
    struct line both = *out;
    if (k > figures &&
        take_pool(&c[k - 2 * POOL_PIECES], &both, &both.pair.pool[POOL_PAGED]) &&
        take_pool(&c[k - POOL_PIECES], &both, &both.pair.pool[POOL_NONPAGED])) {
        *out = both;
    } else {
        figures = POOL_PIECES;
        if (!take_pool(&c[k - POOL_PIECES], out, &out->pair.pool[POOL_UNKNOWN]))
            return false;
    }
    const size_t words = k - figures; /* with the tag */
    out->driver = words > 1 ? c[1] : (struct cell){.p = ""};
    out->description = (struct cell){.p = ""};
    if (words > 2) {
        out->description.p = c[2].p;
        out->description.n = (size_t)(c[words - 1].p - c[2].p) + c[words - 1].n;
    }
    return out->units && gather_pair_proved(&out->pair);
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
    TRY(gather_owner(g, &line.driver, &line.description, &line.pair.owner, e));
    struct note_list *notes = &g->s->notes;
    g->rounded += line.rounded;
    if (line.pair.pool[POOL_UNKNOWN].fields != 0 && notes->seen[NOTE_UNKNOWN_POOL] == 0)
        TRY(note_add(notes, e, NOTE_UNKNOWN_POOL, l->number, "%s", ""));
    return gather_pair(g, &line.pair, e);
}

const struct text_format systeminformer_text_format = {
    .begins = begins,
    .open = gather_open,
    .start = gather_start_selected,
    .feed = feed,
    .finish = gather_finish_selected,
    .close = gather_close,
};
