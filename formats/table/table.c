/* SPDX-License-Identifier: MIT */
#include "formats/table/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/table/table_begin.h"
#include "formats/table/table_markup.h"
#include "formats/text/keys.h"
#include "formats/when.h"

/* What people write by hand, measured on tables in public issues and forum posts:
 *
 *   ### Nonpaged pool                        Tag    NP_MB     share
 *                                            ZzFC   20480.5   96.9%   <-- most of RAM
 *   | Tag    | Outstanding | MB      |       ZzlD      60.1    0.3%
 *   |--------|------------:|--------:|       --- total nonpaged = 21136 MB
 *   | `ZzFC` |  *5,100,000 |   616.2 |
 *   | `Mm  ` |          24 |    ~0.4 |       ZzFC   900 alloc / 0 free / 900 live
 *   | Total  |             |   616.6 |
 *
 * The head says which column is which, the heading above or a column says which pool.
 * Nothing else is known: figures without a title of ours, shares, sums and remarks are
 * passed over, and the table lists what its author chose. */

struct table {
    const struct limits *limits;
    struct pool_snapshot *s; /* filled between start and finish */
    struct table_layout layout;
    uint8_t pool;     /* what the prose above says */
    bool begun;       /* the head was read */
    bool goes_on;     /* the next block has this one's head */
    bool closed;      /* something else came behind the rows */
    bool blank;       /* the last line was empty */
    bool pool_doubt;  /* a row names no pool */
    bool pool_taken;  /* the pool above was used */
    unsigned noted;   /* repairs and assumptions that the notes tell already */
    struct buf above; /* the prose above */
    struct buf time;  /* text of the time column in this snapshot's rows */
    struct key_set keys;
};

/* Bits of `noted` beyond those of enum repair_kind. */
enum {
    NOTED_UNITS = 1 << 16,
    NOTED_ASSUMED = 1 << 17,
    NOTED_REMARK = 1 << 18,
    NOTED_ROUGH = 1 << 19,
    NOTED_UNITLESS = 1 << 20
};

enum { TITLES_NAMED = 3, TITLE_MOST = 40 /* bytes of one */ };

static int begins_last(const struct buf *above, const struct text_line *lines, size_t n,
                       struct text_remark *r)
{
    struct table_layout l;
    return table_recognise(above, lines, n, false, &l, r);
}

/* ---- a block ---- */

static int open_reader(void **ctx, struct err *e)
{
    *ctx = calloc(1, sizeof(struct table));
    return *ctx == NULL ? err_nomem(e) : 0;
}

static void close_reader(void *ctx)
{
    struct table *t = ctx;
    key_set_free(&t->keys);
    buf_free(&t->above);
    buf_free(&t->time);
    free(t);
}

static int start(void *ctx, struct pool_snapshot *s, const struct block_start *b,
                 struct err *e)
{
    struct table *t = ctx;
    t->limits = b->limits;
    t->s = s;
    t->begun = t->goes_on;
    if (!t->begun) {
        t->layout.one_byte = b->text.one_byte;
        t->pool = (uint8_t)table_pool_above(b->above);
        t->above.n = 0;
        TRY(buf_append(&t->above, b->above->p, b->above->n, e));
    }
    t->goes_on = t->closed = t->blank = t->pool_doubt = t->pool_taken = false;
    t->noted = 0;
    t->time.n = 0;
    key_set_clear(&t->keys);
    return 0;
}

/* What begins at this line, now with the block's encoding. */
static int learn(struct table *t, const struct buf *above, const struct text_line *line,
                 struct text *ahead, struct table_layout *l, struct err *e)
{
    struct text_line lines[1 + TEXT_LOOKAHEAD];
    struct text_remark remark;
    const int n = text_lines(ahead, line, lines, e);
    if (n < 0)
        return n;
    return table_recognise(above, lines, (size_t)n, t->layout.one_byte, l, &remark);
}

/* Figures of which nothing is read, by the titles of their columns. */
static int note_columns(struct table *t, const struct text_line *line, struct err *e)
{
    struct table_text text;
    char titles[TITLES_NAMED * (TITLE_MOST + 8)] = "";
    size_t n = 0, used = 0;
    table_mend(&t->layout.style, t->layout.shape, line, t->layout.one_byte, &text);
    if (!table_split(t->layout.shape, &text))
        return 0;
    for (size_t i = 0; i < t->layout.head.n && i < text.cells.n; i++) {
        const struct cell title = cell_trim(text.cells.v[i]);
        if (!column_passed_over(&t->layout.head.col[i]) || n++ >= TITLES_NAMED)
            continue;
        const int most = title.n < TITLE_MOST ? (int)title.n : TITLE_MOST;
        used += (size_t)snprintf(titles + used, sizeof titles - used, "%s'%.*s'",
                                 n > 1 ? ", " : "", most, title.p);
    }
    if (n == 0)
        return 0;
    return note_add(&t->s->notes, e, NOTE_COLUMNS, line->number,
                    "%zu column%s of figures %s passed over: %s%s", n, n == 1 ? "" : "s",
                    n == 1 ? "was" : "were", titles, n > TITLES_NAMED ? " ..." : "");
}

/* The pools that the figures of a table can belong to, as a set of bits; pool is that of
 * figures whose column names none. */
static unsigned pools_of(const struct table_head *h, uint8_t pool)
{
    unsigned pools = 0;
    for (size_t i = 0; i < h->n; i++) {
        const struct column *c = &h->col[i];
        if (c->kind == COLUMN_POOL)
            return 1u << POOL_UNKNOWN;
        if (column_is_figure(c))
            pools |= 1u << (c->pool != POOL_UNKNOWN ? c->pool : pool);
    }
    return pools;
}

/* A post lists the paged tags, then the nonpaged ones: two tables, one moment. */
static int joins(void *ctx, const struct buf *above, const struct text_line *line,
                 struct text *ahead, struct err *e)
{
    struct table *t = ctx;
    struct table_layout l;
    int claim = learn(t, above, line, ahead, &l, e);
    if (claim <= CLAIM_NONE || l.shape == SHAPE_INLINE || t->time.n > 0)
        return claim < 0 ? claim : FEED_OTHER;
    uint8_t pool = (uint8_t)table_pool_above(above);
    unsigned pools = pools_of(&l.head, pool), seen = 0;
    for (size_t i = 0; i < t->s->n_rows; i++)
        seen |= 1u << t->s->rows[i].pool;
    if (seen == 0 || ((pools | seen) & 1u << POOL_UNKNOWN) || (pools & seen))
        return FEED_OTHER;
    t->layout = l;
    t->pool = pool;
    t->closed = t->blank = false;
    TRY(note_columns(t, line, e));
    return FEED_MINE;
}

/* ---- rows ---- */

static int note_once(struct table *t, unsigned bit, enum note_code code, uint64_t line,
                     const char *words, struct err *e)
{
    if (t->noted & bit)
        return 0;
    t->noted |= bit;
    return note_add(&t->s->notes, e, code, line, "%s", words);
}

static int note_doubts(struct table *t, const struct table_row *r, uint64_t line,
                       struct err *e)
{
    struct note_list *notes = &t->s->notes;
    if (r->tag.padded && !r->tag.marked)
        TRY(note_add(notes, e, NOTE_TAG_PADDED, line, "%s", ""));
    if (r->about)
        TRY(note_add(notes, e, NOTE_APPROXIMATE, line,
                     "the source marks a figure of this row as not exact"));
    if (r->unit_doubt)
        TRY(note_once(t, NOTED_UNITS, NOTE_UNITS, line,
                      "MB was read as MiB (1048576 bytes) and the like; the table does "
                      "not say which is meant",
                      e));
    if (r->unit_assumed)
        TRY(note_once(t, NOTED_ASSUMED, NOTE_UNITS, line,
                      "the table names no unit; sizes were read as bytes", e));
    if (r->unitless)
        TRY(note_once(
            t, NOTED_UNITLESS, NOTE_COLUMNS, line,
            "a figure whose column names a pool, but neither counts nor a unit, "
            "was passed over",
            e));
    if (r->remark)
        TRY(note_once(t, NOTED_REMARK, NOTE_MARKUP, line,
                      "words behind the figures were passed over", e));
    return 0;
}

static int add_row(struct table *t, const struct table_row *r, enum pool_kind k,
                   uint64_t line, struct err *e)
{
    struct pool_snapshot *s = t->s;
    struct pool_row figures = {.tag = r->tag.tag, .line = line, .pool = (uint8_t)k};
    struct table_loss loss;
    if (!table_settle(&r->of[k], &figures, &loss))
        return note_add(&s->notes, e, NOTE_ROW_DROPPED, line,
                        "the figures of this row contradict each other");
    if (k == POOL_UNKNOWN) {
        figures.pool = r->pool != POOL_UNKNOWN ? r->pool : t->pool;
        t->pool_taken |= r->pool == POOL_UNKNOWN && t->pool != POOL_UNKNOWN;
        t->pool_doubt |= figures.pool == POOL_UNKNOWN;
    }
    if (loss.wrong != NULL)
        TRY(note_add(&s->notes, e, NOTE_ROW_IDENTITY, line,
                     "%s contradicts the other figures and was left out", loss.wrong));
    if (loss.rough)
        TRY(note_once(
            t, NOTED_ROUGH, NOTE_COLUMNS, line,
            "a figure was left out where more exact ones of its row do not give "
            "it",
            e));
    int fresh = key_set_add(&t->keys, figures.tag, figures.pool, e);
    if (fresh < 0)
        return fresh;
    if (fresh == 0) {
        char tag[TAG_TEXT_MAX];
        (void)tag_text(figures.tag, tag);
        TRY(note_add(&s->notes, e, NOTE_REPEATED_KEY, line,
                     "tag '%s' (%s) is listed twice", tag,
                     pool_kind_short(figures.pool)));
    }
    if (s->n_rows >= t->limits->snapshot_rows)
        return err_set(e, ERR_LIMIT, "one capture has more than %zu rows",
                       t->limits->snapshot_rows);
    if (r->owner_n > 0)
        TRY(pool_snapshot_intern(s, r->owner, r->owner_n, &figures.owner, e));
    struct pool_row *row = pool_snapshot_add(s, e);
    if (row == NULL)
        return ERR_NOMEM;
    *row = figures;
    return 0;
}

/* A time of its own in each row: another one begins another snapshot. */
static int take_time(struct table *t, const struct table_row *r, struct err *e)
{
    struct pool_time when;
    if (r->time_n == 0 || !when_line(r->time, r->time_n, &when))
        return FEED_MINE;
    if (t->time.n == r->time_n && memcmp(t->time.p, r->time, r->time_n) == 0)
        return FEED_MINE;
    if (t->time.n > 0) {
        t->goes_on = true;
        return FEED_NEXT;
    }
    TRY(buf_append(&t->time, r->time, r->time_n, e));
    t->s->time = when;
    t->s->time.source = TIME_CAPTURE;
    return FEED_MINE;
}

static int take_row(struct table *t, const struct text_line *line,
                    const struct table_row *r, struct err *e)
{
    int k = take_time(t, r, e);
    if (k != FEED_MINE)
        return k;
    for (unsigned pool = 0; pool < POOL_KINDS; pool++)
        if (r->of[pool].given != 0)
            TRY(add_row(t, r, (enum pool_kind)pool, line->number, e));
    TRY(note_doubts(t, r, line->number, e));
    return FEED_MINE;
}

static int drop_row(struct table *t, const struct text_line *line, const char *why,
                    struct err *e)
{
    TRY(note_add(&t->s->notes, e, NOTE_ROW_DROPPED, line->number, "%s", why));
    return FEED_MINE;
}

/* The rows cannot hold more than the sum that the table states, rounding aside. */
static int take_total(struct table *t, const struct table_row *r, uint64_t line,
                      struct err *e)
{
    struct pool_snapshot *s = t->s;
    if (r->tagged && !r->sum)
        return note_add(&s->notes, e, NOTE_PROSE, line,
                        "a row that is called like a sum was passed over");
    for (unsigned k = 0; k < POOL_KINDS && r->sum; k++) {
        if (!(r->of[k].given & 1u << COLUMN_BYTES))
            continue;
        const uint64_t total = r->of[k].v[COLUMN_BYTES];
        uint64_t listed = pool_snapshot_bytes(s, (enum pool_kind)k);
        if (k == POOL_UNKNOWN)
            listed = pool_snapshot_bytes(s, (enum pool_kind)t->pool);
        if (listed > total && listed - total > total / 50 + 1024)
            TRY(note_add(&s->notes, e, NOTE_TOTAL_DIFFERS, line,
                         "the rows hold more than the sum that the table states"));
    }
    return 0;
}

/* `--- total tagged nonpaged = 21136 MB` below an aligned table. */
static bool total_line(const struct repaired *m)
{
    struct table_words w;
    table_words(m->p, m->n, &w);
    return (w.all & WORD_TOTAL) != 0 && m->n > 0 && strchr(" -=*_T", m->p[0]) != NULL;
}

static bool same_column(const struct column *a, const struct column *b)
{
    return a->kind == b->kind && a->pool == b->pool && a->unit_given == b->unit_given &&
           a->unit.power == b->unit.power;
}

/* Titles of another table directly below: its rows are not to be read by ours. */
static bool other_titles(const struct table_layout *l, const struct table_text *text)
{
    struct table_head h;
    if (l->shape == SHAPE_INLINE || !table_head_read(&text->cells, &h))
        return false;
    bool same = h.n == l->head.n;
    for (size_t i = 0; i < h.n && same; i++)
        same = same_column(&h.col[i], &l->head.col[i]);
    return !same;
}

static int close_table(struct table *t)
{
    t->closed = true;
    return FEED_OTHER;
}

static int feed(void *ctx, const struct text_line *line, struct text *ahead,
                struct err *e)
{
    struct table *t = ctx;
    if (t->closed)
        return FEED_OTHER;
    if (!t->begun) {
        TRY(learn(t, &t->above, line, ahead, &t->layout, e));
        t->begun = true;
        if (t->layout.shape != SHAPE_INLINE) {
            TRY(note_columns(t, line, e));
            return FEED_MINE;
        }
    }
    struct table_text text;
    struct table_row r;
    table_mend(&t->layout.style, t->layout.shape, line, t->layout.one_byte, &text);
    t->closed = t->layout.shape == SHAPE_MARKUP && table_markup_ends(line);
    if (repair_blank(text.mended.p, text.mended.n)) {
        bool twice = t->blank;
        t->blank = true;
        return twice && t->s->n_rows > 0 ? close_table(t) : FEED_MINE;
    }
    if (table_rule(&text) || repair_elision(text.mended.p, text.mended.n)) {
        /* The fence that ends a code block. */
        if (t->s->n_rows > 0 && memchr("`~", text.mended.p[0], 2) != NULL)
            t->closed = true;
        return FEED_MINE;
    }
    enum table_row_kind k = table_line_read(&t->layout, line, &text, &r);
    if (k == TABLE_ROW_READ || k == TABLE_ROW_TOTAL) {
        t->blank = false;
        TRY(repair_note(&t->s->notes, text.mended.done, &t->noted, line->number, e));
        if (k == TABLE_ROW_READ)
            return take_row(t, line, &r, e);
        TRY(take_total(t, &r, line->number, e));
        return FEED_MINE;
    }
    if ((t->blank && shape_is_aligned(t->layout.shape)) ||
        other_titles(&t->layout, &text))
        return close_table(t);
    if (k == TABLE_ROW_CHANGE)
        return drop_row(t, line, "a figure of this row is a change", e);
    if (table_row_is_torn(&t->layout, k, &text))
        return drop_row(t, line, "figures of this row are missing or are no numbers", e);
    if (total_line(&text.mended))
        return FEED_MINE;
    if (t->layout.shape == SHAPE_MARKUP && text.cells.n > 0)
        return drop_row(t, line, "no tag was found in this row", e);
    if (t->layout.shape == SHAPE_PIPES && memchr(text.mended.p, '|', text.mended.n))
        return drop_row(t, line, "no tag was found in this row", e);
    return close_table(t);
}

static int finish(void *ctx, const struct block_end *b, struct err *e)
{
    struct table *t = ctx;
    struct pool_snapshot *s = t->s;
    (void)b;
    t->s = NULL;
    if (s->completeness < COMPLETE_FILTERED)
        s->completeness = COMPLETE_FILTERED;
    if (s->n_rows == 0)
        return note_add(&s->notes, e, NOTE_EMPTY_CAPTURE, s->line, "%s", "");
    TRY(note_add(&s->notes, e, NOTE_FILTERED, s->line,
                 "a table lists the tags that its author chose"));
    if (t->pool_taken)
        TRY(note_add(&s->notes, e, NOTE_POOL_FROM_LINE, s->line, "%s", ""));
    if (t->pool_doubt)
        TRY(note_add(&s->notes, e, NOTE_UNKNOWN_POOL, s->line, "%s", ""));
    return 0;
}

const struct text_format table_text_format = {
    .begins_last = begins_last,
    .open = open_reader,
    .start = start,
    .feed = feed,
    .joins = joins,
    .finish = finish,
    .close = close_reader,
};
