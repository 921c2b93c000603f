/* SPDX-License-Identifier: MIT */
/* poolmon-powershell (stevea78 and its copies by dstaulcu and open768) and PoolmonViz
 * (jshafer817) write the reply of the system as CSV; both are published with source:
 *
 *     "DateTime","DateTimeUTC","Tag","PagedAllocs","PagedFrees","PagedDiff",
 *         "PagedUsedBytes","NonPagedAllocs","NonPagedFrees","NonPagedDiff",
 *         "NonPagedUsedBytes","TotalUsedBytes"[,"Binary","Description"]
 *     "2020-05-19T13:52:56","2020-05-19T01:52:56","Irp ","0","0","0","0",...
 *
 * One line a tag, both pools on it: a row each where the pool has anything.  People
 * choose and order the columns (-values), so all is read by title; older copies say
 * `Used` for `UsedBytes`.  A loop writes the titles once and its snapshots behind each
 * other: a new time begins a new one, or, without times, the first tag coming again. Tags
 * went through the machine's Western code page.  Checked: Diff, and that the pools' bytes
 * sum to the total.
 *
 *     DateTime            Tag  NonPagedDiff NonPagedUsedBytes       -view table
 *     --------            ---  ------------ -----------------
 *     2020-05-19T13:52:56 Irp         13665           4645936
 *
 * is the same by Format-Table, which cuts what does not fit: `46459...` is no figure. */
#include "formats/tools/powershell.h"

#include <stdlib.h>
#include <string.h>

#include "formats/ascii.h"
#include "formats/text/gather.h"
#include "formats/tools/powershell_columns.h"
#include "formats/when.h"

enum { TIME_KEY = 40 };

struct powershell {
    struct gather g;
    struct ps_columns columns; /* of the last title line */
    bool titled;               /* there was one */
    bool head;                 /* this block began with one, or has rows */
    char time[TIME_KEY];       /* of the rows so far, as written */
    size_t time_n;
};

/* What a line says. */
struct line {
    struct cell time, binary, description; /* empty where there is none */
    struct pool_row row[POOL_KINDS];
    size_t n;
    bool wrapped, short_tag;
};

enum line_state {
    LINE_ALIEN,  /* no line of the table */
    LINE_BROKEN, /* one that cannot be read */
    LINE_FALSE,  /* the sum of the pools is not the total */
    LINE_READ
};

/* ---- lines ---- */

/* The figures of one pool; false when a cell is no number. */
static bool take_pool(const struct ps_columns *c, const struct cells *cells,
                      enum pool_kind pool, struct line *out, uint64_t *bytes)
{
    struct pool_row row = {.pool = (uint8_t)pool, .width = 32};
    uint64_t *const figures[PS_KINDS] = {&row.allocs, &row.frees, &row.live, &row.bytes};
    static const uint16_t bits[PS_KINDS] = {ROW_ALLOCS, ROW_FREES, ROW_LIVE, ROW_BYTES};
    bool any = false;
    for (unsigned f = 0; f < PS_KINDS; f++) {
        const struct cell *cell = ps_cell(c, cells, ps_figure(pool, f));
        if (cell == NULL || cell_empty(cell))
            continue;
        if (!gather_count(cell, figures[f], &out->wrapped))
            return false;
        row.fields = (uint16_t)(row.fields | bits[f]);
        any |= *figures[f] != 0;
    }
    *bytes = row.fields & ROW_BYTES ? row.bytes : UINT64_MAX;
    if (any)
        out->row[out->n++] = row;
    return true;
}

static void take_words(const struct ps_columns *c, const struct cells *cells,
                       struct line *out)
{
    const struct cell none = {.p = ""};
    const struct cell *time = ps_cell(c, cells, PS_TIME_UTC);
    const struct cell *binary = ps_cell(c, cells, PS_BINARY);
    const struct cell *description = ps_cell(c, cells, PS_DESCRIPTION);
    if (time == NULL)
        time = ps_cell(c, cells, PS_TIME);
    out->time = time != NULL ? cell_trim(*time) : none;
    out->binary = binary != NULL ? *binary : none;
    out->description = description != NULL ? *description : none;
}

/* The cells of a line in either form. */
static enum line_state cut_line(const struct ps_columns *c, const struct text_line *l,
                                bool one_byte, struct cells *cells)
{
    if (c->separator == '\0') {
        bool cut;
        return ps_view_split(c, l->p, l->n, one_byte, cells, &cut) ? LINE_READ
               : cut                                               ? LINE_BROKEN
                                                                   : LINE_ALIEN;
    }
    if (cells_split(l->p, l->n, c->separator, cells) == CELLS_WHOLE && cells->n == c->n)
        return LINE_READ;
    return cells->v[0].quoted && (cells->n > 1 || l->eol == EOL_NONE) ? LINE_BROKEN
                                                                      : LINE_ALIEN;
}

static enum line_state take_line(const struct ps_columns *c, const struct text_line *l,
                                 bool one_byte, struct line *out)
{
    struct cells cells;
    struct pool_tag tag;
    uint64_t bytes[POOL_KINDS];
    size_t tag_n;
    *out = (struct line){0};
    const enum line_state state = cut_line(c, l, one_byte, &cells);
    if (state != LINE_READ)
        return state;
    const struct cell *tag_cell = ps_cell(c, &cells, PS_TAG);
    for (unsigned k = POOL_NONPAGED; k < POOL_UNKNOWN; k++)
        if (!take_pool(c, &cells, (enum pool_kind)k, out, &bytes[k]))
            return LINE_ALIEN;
    /* The total is a row of its own only where the pools are not told apart. */
    const size_t pools = out->n;
    if (!take_pool(c, &cells, POOL_UNKNOWN, out, &bytes[POOL_UNKNOWN]))
        return LINE_ALIEN;
    const bool apart =
        bytes[POOL_NONPAGED] != UINT64_MAX || bytes[POOL_PAGED] != UINT64_MAX;
    if (apart)
        out->n = pools;
    if (!gather_tag(tag_cell, one_byte, &tag, &tag_n))
        return LINE_BROKEN;
    uint64_t sum;
    if (bytes[POOL_NONPAGED] != UINT64_MAX && bytes[POOL_PAGED] != UINT64_MAX &&
        bytes[POOL_UNKNOWN] != UINT64_MAX &&
        (!add_u64(bytes[POOL_NONPAGED], bytes[POOL_PAGED], &sum) ||
         sum != bytes[POOL_UNKNOWN]))
        return LINE_FALSE;
    take_words(c, &cells, out);
    out->short_tag = tag_n < 4;
    for (size_t i = 0; i < out->n; i++) {
        out->row[i].tag = tag;
        out->row[i].line = l->number;
    }
    return LINE_READ;
}

/* A time as the tool writes it, or as a spreadsheet made it. */
static bool read_time(const struct cell *c, bool utc, struct pool_time *t)
{
    char text[TIME_KEY + 1];
    if (c->n == 0 || c->n > TIME_KEY)
        return false;
    text[cell_copy(c, text, TIME_KEY)] = '\0';
    if (!when_option(text, t) && !when_line(text, strlen(text), t))
        return false;
    t->source = TIME_CAPTURE;
    if (utc && !t->zone_known) {
        t->zone_known = true;
        t->zone_min = 0;
    }
    return true;
}

/* ---- where a table begins ---- */

/* A line of the usual columns whose figures prove themselves: its titles were cut off. */
static bool bare_row(const struct text_line *l)
{
    struct ps_columns c;
    struct cells cells;
    struct line read;
    struct pool_time t;
    if (l->n < 24 || l->p[0] != '"' ||
        cells_split(l->p, l->n, ',', &cells) != CELLS_WHOLE ||
        (cells.n != 12 && cells.n != 14))
        return false;
    ps_columns_usual(cells.n, &c);
    if (!read_time(&cells.v[0], false, &t) ||
        take_line(&c, l, false, &read) != LINE_READ || read.n == 0)
        return false;
    for (size_t i = 0; i < read.n; i++)
        if (read.row[i].live !=
            row_live(read.row[i].allocs, read.row[i].frees, read.row[i].width))
            return false;
    return true;
}

/* Format-Table's titles and rule, and a first row with all its figures. */
static bool view_begins(const struct text_line *lines, size_t n, struct ps_columns *c)
{
    struct line read;
    return n >= 3 && memchr(lines[1].p, '-', lines[1].n) != NULL &&
           ps_view_parse(lines[0].p, lines[0].n, c) &&
           ps_view_whole(lines[0].p, lines[0].n) &&
           ps_view_rule(c, lines[1].p, lines[1].n) &&
           take_line(c, &lines[2], false, &read) == LINE_READ;
}

static int begins(const struct text_line *lines, size_t n)
{
    const struct text_line bare = gather_bare(NULL, &lines[0]);
    struct ps_columns c;
    if (view_begins(lines, n, &c))
        return CLAIM_SURE;
    if (ps_columns_parse(bare.p, bare.n, &c))
        return CLAIM_SURE;
    return bare_row(&bare) ? CLAIM_ROW : CLAIM_NONE;
}

/* ---- a block ---- */

static int open_reader(void **ctx, struct err *e)
{
    return gather_open_as(ctx, sizeof(struct powershell), e);
}

static int start(void *ctx, struct pool_snapshot *s, const struct block_start *b,
                 struct err *e)
{
    struct powershell *w = ctx;
    (void)e;
    gather_start(&w->g, s, b);
    w->head = false;
    w->time_n = 0;
    return 0;
}

/* The first row of a capture says when it was taken; FEED_NEXT when this row is of
 * another one. */
static int take_time(struct powershell *w, const struct text_line *l,
                     const struct line *read, struct err *e)
{
    const struct cell *c = &read->time;
    struct pool_snapshot *s = w->g.s;
    const size_t n = c->n < TIME_KEY ? c->n : TIME_KEY;
    if (s->n_rows > 0 || w->time_n > 0)
        return n == w->time_n && memcmp(w->time, c->p, n) == 0 ? FEED_MINE : FEED_NEXT;
    if (n == 0)
        return FEED_MINE;
    memcpy(w->time, c->p, n);
    w->time_n = n;
    struct pool_time t;
    if (read_time(c, w->columns.at[PS_TIME_UTC] != 0, &t))
        s->time = t;
    else
        TRY(note_add(&s->notes, e, NOTE_HEADER_DAMAGED, l->number,
                     "the time of this row could not be read"));
    return FEED_MINE;
}

static int note_doubts(struct powershell *w, const struct text_line *l,
                       const struct line *read, struct err *e)
{
    struct note_list *notes = &w->g.s->notes;
    if (read->wrapped)
        TRY(note_add(notes, e, NOTE_WRAP, l->number,
                     "a negative figure was read modulo 2^32"));
    if (read->short_tag)
        TRY(note_add(notes, e, NOTE_TAG_PADDED, l->number,
                     "a tag of less than four characters was padded with blanks"));
    if (read->row[0].pool == POOL_UNKNOWN && notes->seen[NOTE_UNKNOWN_POOL] == 0)
        TRY(note_add(notes, e, NOTE_UNKNOWN_POOL, l->number, "%s", ""));
    return 0;
}

static int take_rows(struct powershell *w, const struct text_line *l, struct line *read,
                     struct err *e)
{
    int r = take_time(w, l, read, e);
    if (r != FEED_MINE)
        return r;
    if (w->time_n == 0 && read->n > 0 &&
        gather_again(&w->g, read->row[0].tag, read->row[0].pool, l->number))
        return FEED_NEXT;
    w->g.last_line = l->number;
    if (read->n == 0)
        return FEED_MINE; /* nothing in either pool */
    TRY(note_doubts(w, l, read, e));
    uint32_t owner;
    TRY(gather_owner(&w->g, &read->binary, &read->description, &owner, e));
    for (size_t i = 0; i < read->n; i++) {
        read->row[i].owner = owner;
        TRY(gather_row(&w->g, &read->row[i], e));
    }
    return FEED_MINE;
}

/* A block that begins with a row goes on with the titles before it, where they fit. */
static void choose_columns(struct powershell *w, const struct text_line *l)
{
    struct cells cells;
    w->head = true;
    if (w->titled && w->columns.separator == '\0')
        return;
    (void)cells_split(l->p, l->n, w->titled ? w->columns.separator : ',', &cells);
    if (w->titled && cells.n == w->columns.n)
        return;
    ps_columns_usual(cells.n >= 14 ? 14 : 12, &w->columns);
}

/* 1 when titles of either form stand here, 0 when not. */
static int read_titles(const struct text_line *l, struct text *ahead,
                       struct ps_columns *c, struct err *e)
{
    if (ps_columns_parse(l->p, l->n, c))
        return 1;
    struct text_line lines[1 + TEXT_LOOKAHEAD];
    if (!ps_view_parse(l->p, l->n, c))
        return 0;
    const int n = text_lines(ahead, l, lines, e);
    return n < 0 ? n : view_begins(lines, (size_t)n, c);
}

static int feed(void *ctx, const struct text_line *given, struct text *ahead,
                struct err *e)
{
    struct powershell *w = ctx;
    const struct text_line bare = gather_bare(&w->g, given), *l = &bare;
    struct ps_columns titles;
    struct line read;
    int titled = read_titles(l, ahead, &titles, e);
    if (titled < 0)
        return titled;
    if (titled > 0) {
        if (w->g.s->n_rows > 0 || w->g.dropped > 0)
            return FEED_NEXT;
        w->columns = titles;
        w->titled = w->head = true;
        return FEED_MINE;
    }
    if (w->head && w->columns.separator == '\0' && ps_view_rule(&w->columns, l->p, l->n))
        return FEED_MINE;
    if (!w->head)
        choose_columns(w, l);
    switch (take_line(&w->columns, l, w->g.one_byte, &read)) {
    case LINE_ALIEN:
        return FEED_OTHER;
    case LINE_BROKEN:
        return gather_drop(&w->g, l, "this row is cut, or its tag is no tag", e);
    case LINE_FALSE:
        return gather_drop(&w->g, l, "the pools' bytes do not sum to the total", e);
    default:
        return take_rows(w, l, &read, e);
    }
}

static int finish(void *ctx, const struct block_end *b, struct err *e)
{
    struct powershell *w = ctx;
    (void)b;
    return gather_finish(&w->g, COMPLETE_WHOLE, e);
}

/* ---- lines around a block ---- */

static bool remark(const struct text_line *l, struct text_remark *r)
{
    if (stands_at(l->p, l->n, 0, "#TYPE "))
        return true; /* Export-Csv's first line */
    struct ps_columns c;
    if (!ps_view_parse(l->p, l->n, &c))
        return false;
    r->what = "the table view of poolmon-powershell, whose columns are cut to fit";
    r->hint = "run it with -view csv and send the file that this gives";
    return true;
}

const struct text_format powershell_text_format = {
    .begins = begins,
    .open = open_reader,
    .start = start,
    .feed = feed,
    .finish = finish,
    .remark = remark,
    .close = gather_close,
};
