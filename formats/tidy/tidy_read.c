/* SPDX-License-Identifier: MIT */
/* The two readers of tidy tables.  A CSV begins with our header, in any order and with
 * columns left out or added; a JSON line brings its own keys.  A new snapshot begins
 * where what belongs to the snapshot changes. */
#include <stdlib.h>
#include <string.h>

#include "formats/ascii.h"
#include "formats/text/cells.h"
#include "formats/tidy/tidy.h"

/* Without these no table is ours: a ranking or a difference lacks the second pair. */
#define PROOF                                                                            \
    (UINT64_C(1) << TIDY_TAG_HEX | UINT64_C(1) << TIDY_POOL |                            \
     UINT64_C(1) << TIDY_SNAPSHOT | UINT64_C(1) << TIDY_COMPLETENESS)

struct tidy {
    bool json;
    size_t most_rows;
    struct pool_snapshot *s; /* filled between start and finish */
    uint64_t last_line;      /* of the table so far */
    bool begun, torn;
    int column[CELLS_MAX]; /* of the header's cells; -1: not ours */
    size_t columns;
    struct tidy_line line;
    struct buf key, key_now; /* the cells that belong to the snapshot */
};

/* ---- lines to cells ---- */

static bool csv_header(const struct text_line *l, int column[CELLS_MAX], size_t *n)
{
    struct cells cells;
    uint64_t given = 0;
    if (!text_holds(l->p, l->n, "tag_hex") ||
        cells_split(l->p, l->n, ',', &cells) != CELLS_WHOLE)
        return false;
    for (size_t i = 0; i < cells.n; i++) {
        column[i] = tidy_find(cells.v[i].p, cells.v[i].n);
        if (column[i] < 0)
            continue;
        if (given >> column[i] & 1)
            return false;
        given |= UINT64_C(1) << column[i];
    }
    *n = cells.n;
    return (given & PROOF) == PROOF;
}

/* 1: t->line holds the cells; 0: the line is no line of ours. */
static int csv_cells(struct tidy *t, const struct text_line *l, struct err *e)
{
    struct cells cells;
    struct tidy_line *out = &t->line;
    if (cells_split(l->p, l->n, ',', &cells) != CELLS_WHOLE || cells.n != t->columns)
        return 0;
    memset(out->v, 0, sizeof out->v);
    out->given = 0;
    out->text.n = 0;
    TRY(buf_reserve(&out->text, l->n + 1, e));
    for (size_t i = 0; i < cells.n; i++) {
        const struct cell *c = &cells.v[i];
        if (t->column[i] < 0)
            continue;
        out->given |= UINT64_C(1) << t->column[i];
        char *to = (char *)out->text.p + out->text.n;
        const size_t n = cell_copy(c, to, out->text.cap - out->text.n);
        out->v[t->column[i]] = (struct tidy_cell){to, n};
        out->text.n += n;
    }
    return 1;
}

static int csv_begins(const struct text_line *lines, size_t n)
{
    int column[CELLS_MAX];
    size_t columns;
    (void)n;
    return csv_header(&lines[0], column, &columns) ? CLAIM_SURE : CLAIM_NONE;
}

static int json_begins(const struct text_line *lines, size_t n)
{
    uint64_t given;
    (void)n;
    if (lines[0].n == 0 || lines[0].p[0] != '{' ||
        !text_holds(lines[0].p, lines[0].n, "\"tag_hex\""))
        return CLAIM_NONE;
    return tidy_json(lines[0].p, lines[0].n, NULL, &given, NULL) > 0 &&
                   (given & PROOF) == PROOF
               ? CLAIM_SURE
               : CLAIM_NONE;
}

/* ---- a block ---- */

static int open_reader(void **ctx, bool json, struct err *e)
{
    struct tidy *t = calloc(1, sizeof *t);
    if (t == NULL)
        return err_nomem(e);
    t->json = json;
    *ctx = t;
    return 0;
}

static int csv_open(void **ctx, struct err *e)
{
    return open_reader(ctx, false, e);
}

static int json_open(void **ctx, struct err *e)
{
    return open_reader(ctx, true, e);
}

static void close_reader(void *ctx)
{
    struct tidy *t = ctx;
    tidy_line_free(&t->line);
    buf_free(&t->key);
    buf_free(&t->key_now);
    free(t);
}

static int start(void *ctx, struct pool_snapshot *s, const struct block_start *b,
                 struct err *e)
{
    struct tidy *t = ctx;
    (void)e;
    t->most_rows = b->limits->snapshot_rows;
    t->s = s;
    t->last_line = s->line;
    t->begun = t->torn = false;
    return 0;
}

/* What tells one snapshot from the next. */
static int key_of(struct tidy *t, struct err *e)
{
    t->key_now.n = 0;
    for (int c = 0; c < TIDY_COLUMNS; c++) {
        const struct tidy_cell *cell = &t->line.v[c];
        if (tidy_part((enum tidy_column)c) != TIDY_OF_SNAPSHOT)
            continue;
        TRY(buf_append(&t->key_now, cell->p, cell->n, e));
        TRY(buf_byte(&t->key_now, 0, e)); /* in no cell: texts are cut at a NUL */
    }
    return 0;
}

static int begin_snapshot(struct tidy *t, uint64_t line, struct err *e)
{
    const char *broken;
    t->begun = true;
    const struct buf swap = t->key;
    t->key = t->key_now;
    t->key_now = swap;
    TRY(tidy_take_snapshot(t->s, &t->line, &broken, e));
    return broken == NULL ? 0
                          : note_add(&t->s->notes, e, NOTE_HEADER_DAMAGED, line,
                                     "the cell `%s` could not be read", broken);
}

/* A line of ours whose cells stand in t->line. */
static int take_line(struct tidy *t, uint64_t line, struct err *e)
{
    TRY(key_of(t, e));
    const bool same = t->begun && t->key.n == t->key_now.n &&
                      memcmp(t->key.p, t->key_now.p, t->key.n) == 0;
    if (t->begun && !same)
        return FEED_NEXT;
    if (!t->begun)
        TRY(begin_snapshot(t, line, e));
    struct pool_snapshot *s = t->s;
    const char *broken = NULL;
    if (s->n_rows >= t->most_rows || s->n_events >= t->most_rows)
        return err_set(e, ERR_LIMIT, "one capture has more than %zu rows", t->most_rows);
    if (s->record == RECORD_EVENTS && t->line.v[TIDY_EVENT].n > 0)
        TRY(tidy_take_event(s, &t->line, line, &broken, e));
    else if (s->record == RECORD_CAPTURE &&
             (t->line.v[TIDY_TAG].n > 0 || t->line.v[TIDY_TAG_HEX].n > 0))
        TRY(tidy_take_row(s, &t->line, line, &broken, e));
    if (broken != NULL)
        TRY(note_add(&s->notes, e, NOTE_ROW_DROPPED, line,
                     "the cell `%s` of this row cannot be right", broken));
    return FEED_MINE;
}

static int feed(void *ctx, const struct text_line *line, struct text *ahead,
                struct err *e)
{
    struct tidy *t = ctx;
    int column[CELLS_MAX];
    size_t columns;
    uint64_t given = 0;
    (void)ahead;
    if (line->n == 0)
        return FEED_OTHER;
    if (!t->json && csv_header(line, column, &columns)) {
        if (t->begun)
            return FEED_NEXT;
        memcpy(t->column, column, columns * sizeof column[0]);
        t->columns = columns;
        t->last_line = line->number;
        return FEED_MINE;
    }
    const int r = t->json ? tidy_json(line->p, line->n, &t->line, &given, e)
                          : csv_cells(t, line, e);
    if (r < 0)
        return r;
    if (r > 0 && t->json && (given & PROOF) != PROOF)
        return FEED_OTHER;
    if (r > 0) {
        const int taken = take_line(t, line->number, e);
        if (taken == FEED_MINE)
            t->last_line = line->number;
        return taken;
    }
    const bool looks =
        t->json ? line->p[0] == '{' : memchr(line->p, ',', line->n) != NULL;
    if (line->number != t->last_line + 1 || (!looks && line->eol != EOL_NONE))
        return FEED_OTHER;
    t->last_line = line->number;
    t->torn |= line->eol == EOL_NONE;
    TRY(note_add(&t->s->notes, e, NOTE_ROW_DROPPED, line->number,
                 "this line has not the cells that it should have"));
    return FEED_MINE;
}

static int finish(void *ctx, const struct block_end *b, struct err *e)
{
    struct tidy *t = ctx;
    (void)b;
    if (!t->begun)
        TRY(note_add(&t->s->notes, e, NOTE_EMPTY_CAPTURE, t->last_line, "%s", ""));
    if (t->torn)
        TRY(note_add(&t->s->notes, e, NOTE_CUT, t->last_line, "%s", ""));
    if (!t->begun || t->torn)
        t->s->completeness = COMPLETE_CUT;
    t->s = NULL;
    return 0;
}

const struct text_format csv_text_format = {
    .begins = csv_begins,
    .open = csv_open,
    .start = start,
    .feed = feed,
    .finish = finish,
    .close = close_reader,
};

const struct text_format jsonl_text_format = {
    .begins = json_begins,
    .open = json_open,
    .start = start,
    .feed = feed,
    .finish = finish,
    .close = close_reader,
};
