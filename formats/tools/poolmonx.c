/* SPDX-License-Identifier: MIT */
/* PoolMonX, first version (zodiacon, source published): its table saved as text,
 *
 *     Tag,Type,Allocs,Frees,Diff,Bytes,KBytes,B / Alloc,Source,Source Description,
 *     PdcC,Paged,900,853,47,3760,4 KB,80,pdc.sys,PDC_CLIENT_PORT_TAG,
 *
 * with a comma behind the last cell and nothing quoted, so that a description may hold
 * commas and a tag may, too.  Columns are read by title; tables that others made of one
 * (`Nonp`, KBytes without KB, BPerAlloc) are the same.  Bytes went through 32 bits:
 * KBytes and B / Alloc together tell how often it wrapped.  An earlier build wrote an
 * MFC archive, which is no text (formats/io/foreign.c). */
#include "formats/tools/poolmonx.h"

#include <stdlib.h>
#include <string.h>

#include "formats/text/amount.h"
#include "formats/text/gather.h"

enum column {
    COL_TAG,
    COL_TYPE,
    COL_ALLOCS,
    COL_FREES,
    COL_DIFF,
    COL_BYTES,
    COL_KBYTES,
    COL_PER_ALLOC,
    COL_SOURCE,
    COL_DESCRIPTION,
    COLUMNS
};

struct columns {
    uint8_t at[COLUMNS]; /* place, from 1; 0 = not there */
};

static const struct columns usual = {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}};

struct poolmonx {
    struct gather g;
    struct columns columns;
    bool titled;
};

struct line {
    struct pool_row row;
    struct cell source, description;
    bool kbytes_given, unit;
    uint64_t kbytes;
};

static bool take_titles(const struct text_line *l, struct columns *c)
{
    static const struct {
        const char *name;
        uint8_t column;
    } names[] = {{"Tag", COL_TAG},
                 {"Type", COL_TYPE},
                 {"Allocs", COL_ALLOCS},
                 {"Frees", COL_FREES},
                 {"Diff", COL_DIFF},
                 {"Bytes", COL_BYTES},
                 {"KBytes", COL_KBYTES},
                 {"B / Alloc", COL_PER_ALLOC},
                 {"B/Alloc", COL_PER_ALLOC},
                 {"BPerAlloc", COL_PER_ALLOC},
                 {"Source", COL_SOURCE},
                 {"Source Description", COL_DESCRIPTION},
                 {"Description", COL_DESCRIPTION}};
    struct cells cells;
    *c = (struct columns){{0}};
    if (cells_split(l->p, l->n, ',', &cells) != CELLS_WHOLE)
        return false;
    for (size_t i = 0; i < cells.n; i++)
        for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
            if (!cell_is(&cells.v[i], names[k].name))
                continue;
            if (c->at[names[k].column] != 0)
                return false;
            c->at[names[k].column] = (uint8_t)(i + 1);
        }
    return c->at[COL_TAG] != 0 && c->at[COL_TYPE] != 0 && c->at[COL_BYTES] != 0 &&
           (c->at[COL_KBYTES] != 0 || c->at[COL_PER_ALLOC] != 0);
}

static bool read_type(const struct cell *c, uint8_t *pool)
{
    static const char *const nonpaged[] = {"Non Paged", "NonPaged", "Nonp"};
    *pool = POOL_PAGED;
    if (cell_is(c, "Paged"))
        return true;
    *pool = POOL_NONPAGED;
    for (size_t i = 0; i < sizeof nonpaged / sizeof nonpaged[0]; i++)
        if (cell_is(c, nonpaged[i]))
            return true;
    return false;
}

/* Cuts the line; a tag that holds a comma is the first four bytes all the same. */
static bool cut(const struct text_line *l, const struct columns *c, struct cells *out)
{
    uint8_t pool;
    if (cells_split(l->p, l->n, ',', out) != CELLS_WHOLE)
        return false;
    if (out->n <= c->at[COL_TYPE] || c->at[COL_TAG] != 1 || c->at[COL_TYPE] != 2 ||
        read_type(&out->v[1], &pool) || l->n < 5 || l->p[4] != ',')
        return true;
    struct cells rest;
    if (cells_split(l->p + 5, l->n - 5, ',', &rest) != CELLS_WHOLE || rest.n == CELLS_MAX)
        return true;
    memcpy(out->v + 1, rest.v, rest.n * sizeof rest.v[0]);
    out->v[0] = (struct cell){.p = l->p, .n = 4};
    out->n = rest.n + 1;
    return true;
}

/* KBytes is the whole size to the nearest or next lower KiB, Bytes the same modulo 2^32.
 */
static void unwrap(struct line *out)
{
    struct pool_row *row = &out->row;
    const unsigned needed = ROW_LIVE | ROW_BYTES | ROW_PER_ALLOC;
    uint64_t whole;
    if (!out->kbytes_given || (row->fields & needed) != needed || row->live == 0 ||
        row->bytes / row->live == row->per_alloc || row->bytes > UINT32_MAX ||
        out->kbytes > UINT64_MAX >> 12 || out->kbytes * 1024 + 1024 < row->bytes)
        return;
    whole = ((out->kbytes * 1024 + 1024 - row->bytes) >> 32 << 32) + row->bytes;
    const uint64_t kib = whole / 1024;
    if (kib <= out->kbytes && out->kbytes <= kib + 1 &&
        whole / row->live == row->per_alloc)
        row->bytes = whole;
}

static void take_words(const struct text_line *l, const struct columns *c,
                       const struct cells *cells, struct line *out)
{
    struct cell *description = &out->description;
    if (c->at[COL_SOURCE] != 0 && c->at[COL_SOURCE] <= cells->n)
        out->source = cells->v[c->at[COL_SOURCE] - 1];
    if (c->at[COL_DESCRIPTION] == 0 || c->at[COL_DESCRIPTION] > cells->n)
        return;
    *description = cells->v[c->at[COL_DESCRIPTION] - 1];
    if (description->quoted)
        return;
    /* With its own commas, to the end of the line. */
    const char *end = l->p + l->n;
    description->n = (size_t)(end - description->p);
    if (description->n > 0 && end[-1] == ',')
        description->n--;
}

static bool take_line(const struct text_line *l, const struct columns *c, bool one_byte,
                      struct line *out)
{
    static const uint16_t bits[] = {[COL_ALLOCS] = ROW_ALLOCS,
                                    [COL_FREES] = ROW_FREES,
                                    [COL_DIFF] = ROW_LIVE,
                                    [COL_BYTES] = ROW_BYTES,
                                    [COL_PER_ALLOC] = ROW_PER_ALLOC};
    struct cells cells;
    struct pool_row *row = &out->row;
    *out = (struct line){.row = {.width = 32, .line = l->number}};
    uint64_t *const figures[] = {
        [COL_ALLOCS] = &row->allocs, [COL_FREES] = &row->frees,
        [COL_DIFF] = &row->live,     [COL_BYTES] = &row->bytes,
        [COL_KBYTES] = &out->kbytes, [COL_PER_ALLOC] = &row->per_alloc};
    if (!cut(l, c, &cells))
        return false;
    for (unsigned k = COL_TAG; k <= COL_PER_ALLOC; k++) {
        bool wrapped;
        if (c->at[k] == 0)
            continue;
        if (c->at[k] > cells.n)
            return false;
        const struct cell *cell = &cells.v[c->at[k] - 1];
        struct amount_size size;
        if (k == COL_TAG) {
            if (!gather_tag(cell, one_byte, &row->tag, NULL))
                return false;
        } else if (k == COL_TYPE) {
            if (!read_type(cell, &row->pool))
                return false;
        } else if (k == COL_KBYTES) {
            out->kbytes_given = amount_size(cell->p, cell->n, &size);
            out->unit = out->kbytes_given && size.unit;
            out->kbytes = out->unit ? size.bytes / 1024 : size.bytes;
            if (!out->kbytes_given)
                return false;
        } else {
            if (!gather_count(cell, figures[k], &wrapped))
                return false;
            row->fields = (uint16_t)(row->fields | bits[k]);
        }
    }
    take_words(l, c, &cells, out);
    return true;
}

static int begins(const struct text_line *lines, size_t n)
{
    const struct text_line bare = gather_bare(NULL, &lines[0]);
    struct columns c;
    struct line line;
    (void)n;
    if (take_titles(&bare, &c))
        return CLAIM_SURE;
    if (!take_line(&bare, &usual, false, &line) || !line.unit)
        return CLAIM_NONE;
    const struct pool_row *row = &line.row;
    unwrap(&line);
    return row->live == row_live(row->allocs, row->frees, 32) &&
                   row->per_alloc == (row->live == 0 ? 0 : row->bytes / row->live)
               ? CLAIM_ROW
               : CLAIM_NONE;
}

static int open_reader(void **ctx, struct err *e)
{
    return gather_open_as(ctx, sizeof(struct poolmonx), e);
}

static int start(void *ctx, struct pool_snapshot *s, const struct block_start *b,
                 struct err *e)
{
    struct poolmonx *x = ctx;
    (void)e;
    gather_start(&x->g, s, b);
    x->titled = false;
    x->columns = usual;
    return 0;
}

static int feed(void *ctx, const struct text_line *given, struct text *ahead,
                struct err *e)
{
    struct poolmonx *x = ctx;
    const struct text_line bare = gather_bare(&x->g, given), *l = &bare;
    struct columns titles;
    struct line line;
    (void)ahead;
    if (take_titles(l, &titles)) {
        if (x->g.s->n_rows > 0 || x->titled)
            return FEED_NEXT;
        x->columns = titles;
        x->titled = true;
        return FEED_MINE;
    }
    if (!take_line(l, &x->columns, x->g.one_byte, &line)) {
        if (l->eol != EOL_NONE || memchr(l->p, ',', l->n) == NULL)
            return FEED_OTHER;
        return gather_drop(&x->g, l, "this row is cut", e);
    }
    if (!x->titled && gather_again(&x->g, line.row.tag, line.row.pool, l->number))
        return FEED_NEXT;
    const uint64_t printed = line.row.bytes;
    unwrap(&line);
    if (line.row.bytes != printed)
        TRY(note_add(
            &x->g.s->notes, e, NOTE_WRAP, l->number,
            "Bytes was printed in 32 bits; KBytes and B / Alloc give the whole"));
    TRY(gather_owner(&x->g, &line.source, &line.description, &line.row.owner, e));
    return gather_row(&x->g, &line.row, e);
}

static int finish(void *ctx, const struct block_end *b, struct err *e)
{
    struct poolmonx *x = ctx;
    (void)b;
    return gather_finish(&x->g, COMPLETE_WHOLE, e);
}

const struct text_format poolmonx_text_format = {
    .begins = begins,
    .open = open_reader,
    .start = start,
    .feed = feed,
    .finish = finish,
    .close = gather_close,
};
