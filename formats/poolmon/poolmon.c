/* SPDX-License-Identifier: MIT */
#include "formats/poolmon/poolmon.h"

#include <stdlib.h>
#include <string.h>

#include "formats/poolmon/dress.h"
#include "formats/poolmon/poolmon_layout.h"
#include "formats/poolmon/poolmon_line.h"
#include "formats/poolmon/poolmon_part.h"
#include "formats/poolmon/row_store.h"
#include "formats/when.h"

struct poolmon {
    const struct limits *limits;
    struct pool_snapshot *s; /* filled between start and finish */
    bool one_byte;
    enum pool_encoding encoding;
    struct repair_style style;
    unsigned noted;        /* repairs that the snapshot's notes tell already */
    unsigned seen;         /* set of enum head_kind */
    bool deltas;           /* the rows are those of a screen */
    bool elided;           /* marks say that lines were left out */
    bool torn;             /* the last row could not be read whole */
    uint64_t last_line;    /* of the capture so far */
    struct pool_tag first; /* key of the first row */
    uint8_t first_pool;
    const struct pool_layout *layout; /* whose columns the last row kept, or NULL */
    uint32_t driver;                  /* text of the last row that had one */
    struct dress_learner dress;
    struct row_store rows;
};

static int begins(const struct text_line *lines, size_t n)
{
    struct repair_style style;
    return line_promising(&lines[0]) ? line_begins(lines, n, false, &style) : CLAIM_NONE;
}

/* ---- a block ---- */

static int open_reader(void **ctx, struct err *e)
{
    struct poolmon *m = calloc(1, sizeof *m);
    if (m == NULL)
        return err_nomem(e);
    if (row_store_open(&m->rows, e) < 0) {
        free(m);
        return ERR_NOMEM;
    }
    *ctx = m;
    return 0;
}

static void close_reader(void *ctx)
{
    struct poolmon *m = ctx;
    row_store_close(&m->rows);
    dress_free(&m->dress);
    free(m);
}

static int start(void *ctx, struct pool_snapshot *s, const struct block_start *b,
                 struct err *e)
{
    struct poolmon *m = ctx;
    m->limits = b->limits;
    m->s = s;
    m->encoding = b->text.encoding;
    m->style = (struct repair_style){0};
    m->noted = 0;
    m->seen = 0;
    m->deltas = m->elided = m->torn = false;
    m->last_line = s->line;
    m->driver = 0;
    m->layout = NULL;
    row_store_start(&m->rows, s, b);
    TRY(dress_start(&m->dress, b->lead, b->captioned, b->caption_eol, s, e));
    m->dress.lost = b->lost_before;
    return 0;
}

static int take_head(struct poolmon *m, const struct text_line *line,
                     const struct line_text *t, struct err *e)
{
    const struct head_text *h = &t->head;
    if (m->s->n_rows > 0 || m->seen >= (unsigned)h->kind)
        return FEED_NEXT;
    m->seen |= (unsigned)h->kind;
    if (!line_bare(t))
        TRY(repair_note(&m->s->notes, REPAIR_MARKUP, &m->noted, line->number, e));
    if (h->kind == HEAD_TITLE) {
        m->s->scope = h->scope;
        m->s->session = h->session;
    }
    for (size_t i = 0; i < h->n; i++) {
        if (h->fig[i].unknown)
            continue;
        m->s->totals.given |= 1u << h->fig[i].field;
        m->s->totals.v[h->fig[i].field] = h->fig[i].v;
    }
    if (h->missing > 0 && h->kind != HEAD_COLUMNS) {
        m->dress.lost = true;
        TRY(note_add(&m->s->notes, e, NOTE_HEADER_DAMAGED, line->number,
                     "%u of the 5 figures of this line could not be read",
                     (unsigned)h->missing));
    }
    TRY(dress_line(&m->dress, line, h, e));
    return FEED_MINE;
}

/* A key that is there already: does it begin another capture?  Not where this one has a
 * header, for the next would have one, too.  Else the rows after it repeat as well; one
 * that stands alone is a tag that merely looks equal. */
static int repeats(struct poolmon *m, const struct row_text *r, struct text *ahead,
                   struct err *e)
{
    if (m->seen != 0)
        return 0;
    const struct text_line *lines;
    const int more = text_peek(ahead, &lines, TEXT_LOOKAHEAD, e);
    if (more < 0)
        return more;
    int run = 1, fresh = 0;
    for (int i = 0; i < more && fresh == 0; i++) {
        struct line_text t;
        line_classify(&m->style, lines[i].p, lines[i].n, m->one_byte, &t);
        if (t.kind != LINE_ROW)
            break;
        if (row_store_has(&m->rows, t.row.tag, t.row.pool))
            run++;
        else
            fresh++;
    }
    bool first = tag_equal(r->tag, m->first) && r->pool == m->first_pool;
    return run >= 4 || (first && (run >= 2 || fresh == 0));
}

static int drop_row(struct poolmon *m, const struct text_line *line, const char *why,
                    struct err *e)
{
    m->dress.lost = true;
    m->last_line = line->number;
    TRY(note_add(&m->s->notes, e, NOTE_ROW_DROPPED, line->number, "%s", why));
    return FEED_MINE;
}

static int take_driver(struct poolmon *m, const char *p, const struct row_text *r,
                       struct pool_row *row, struct err *e)
{
    if (r->driver_n == 0)
        return 0;
    const char *last = pool_snapshot_str(m->s, m->driver);
    if (m->driver == 0 || strlen(last) != r->driver_n ||
        memcmp(last, p + r->driver_at, r->driver_n) != 0)
        TRY(pool_snapshot_intern(m->s, p + r->driver_at, r->driver_n, &m->driver, e));
    row->driver = m->driver;
    return 0;
}

static int note_doubts(struct poolmon *m, const struct row_text *r, uint64_t line,
                       struct err *e)
{
    struct note_list *notes = &m->s->notes;
    if (r->doubts & ROW_TAG_PADDED)
        TRY(note_add(notes, e, NOTE_TAG_PADDED, line, "%s", ""));
    if (r->doubts & ROW_UNGLUED)
        TRY(note_add(notes, e, NOTE_BLANKS, line, "two figures that touch were parted"));
    if (r->doubts & ROW_NO_PARENS)
        TRY(note_add(notes, e, NOTE_BLANKS, line,
                     "the changes were read without their parentheses"));
    if (r->doubts & ROW_REMARK)
        TRY(note_add(notes, e, NOTE_MARKUP, line,
                     "words behind the figures were "
                     "passed over"));
    return 0;
}

/* A row whose figures are all there; `line` is its text as r was read from it. */
static int take_row(struct poolmon *m, const struct text_line *line,
                    const struct row_text *r, struct text *ahead, struct err *e)
{
    struct pool_snapshot *s = m->s;
    if (s->n_rows > 0 && r->deltas != m->deltas)
        return FEED_OTHER;
    struct pool_row figures = {.line = line->number};
    const char *lost;
    if (!row_figures(r, &figures, &lost)) {
        m->torn = line->eol == EOL_NONE;
        return drop_row(m, line, "the figures of this row contradict each other", e);
    }
    const bool repeated = row_store_has(&m->rows, r->tag, r->pool);
    if (repeated) {
        int next = repeats(m, r, ahead, e);
        if (next < 0)
            return next;
        if (next > 0)
            return FEED_NEXT;
        char tag[TAG_TEXT_MAX];
        (void)tag_text(r->tag, tag);
        TRY(note_add(&s->notes, e, NOTE_REPEATED_KEY, line->number,
                     "tag '%s' (%s) is listed twice", tag, pool_kind_short(r->pool)));
    }
    if (s->n_rows >= m->limits->snapshot_rows)
        return err_set(e, ERR_LIMIT, "one capture has more than %zu rows",
                       m->limits->snapshot_rows);
    if (s->n_rows == 0) {
        m->first = r->tag;
        m->first_pool = r->pool;
        m->deltas = r->deltas;
    }
    m->torn = false;
    m->last_line = line->number;
    TRY(take_driver(m, line->p, r, &figures, e));
    if (lost != NULL) {
        m->dress.lost = true;
        TRY(note_add(&s->notes, e, NOTE_ROW_IDENTITY, line->number,
                     "%s contradicts the other figures and was left out", lost));
    }
    if (r->doubts != 0) {
        m->dress.lost = true;
        TRY(note_doubts(m, r, line->number, e));
    }
    m->layout = pool_layout_of(r, m->layout);
    bool even = dress_row(&m->dress, line, r);
    const struct row_taken row = {
        .line = line,
        .text = r,
        .figures = &figures,
        .known_layout = m->layout != NULL,
        .plain = !even || lost != NULL || repeated,
    };
    TRY(row_store_keep(&m->rows, &row, e));
    return FEED_MINE;
}

/* The beginning of a row at the very end of the text. */
static bool stump(const struct poolmon *m, const struct text_line *line)
{
    if (line->eol != EOL_NONE || line->n > 160 || line->number > m->last_line + 2)
        return false;
    if (m->s->n_rows == 0 && m->seen == 0)
        return false;
    return line->n < 12 || line->p[0] == ' ' || line->p[0] == m->style.prefix[0];
}

static int take_other(struct poolmon *m, const struct text_line *line,
                      const struct line_text *t, struct err *e)
{
    if (repair_elision(t->mended.p, t->mended.n)) {
        m->elided = true;
        TRY(dress_line(&m->dress, line, NULL, e));
        return FEED_MINE;
    }
    if (t->kind == LINE_TORN && (m->s->n_rows > 0 || m->seen != 0)) {
        m->torn = true;
        return drop_row(m, line, "figures of this row are missing or do not belong to it",
                        e);
    }
    if (t->kind == LINE_NONE && (m->s->n_rows > 0 || m->seen != 0) &&
        line->number <= m->last_line + 2 && row_untyped(t->mended.p, t->mended.n))
        return drop_row(m, line, "this row names no pool", e);
    if (stump(m, line)) {
        m->dress.lost = m->torn = true;
        m->last_line = line->number;
        return FEED_MINE;
    }
    return FEED_OTHER;
}

/* Everything that is no row of an intact block. */
static int feed_mended(struct poolmon *m, const struct text_line *line,
                       struct text *ahead, struct err *e)
{
    struct line_text t;
    line_classify(&m->style, line->p, line->n, m->one_byte, &t);
    int taken = 1;
    if (line_wants_rest(&t)) {
        const struct text_line *rest;
        int n = text_peek(ahead, &rest, 1, e);
        if (n < 0)
            return n;
        if (n > 0 && line_join(&m->style, rest, m->one_byte, &t)) {
            taken = 2;
            m->dress.lost = true;
        }
    }
    /* A figure that a cut left half parts as well as two that touch. */
    if (line->eol == EOL_NONE && t.kind == LINE_ROW &&
        (t.row.doubts & ROW_UNGLUED) != 0) {
        t.kind = LINE_TORN;
        t.shape = ROW_TORN;
    }
    struct text_line mended = *line;
    mended.p = t.mended.p;
    mended.n = t.mended.n;
    m->dress.lost |= t.mended.done != 0;
    int r;
    if (t.kind == LINE_HEAD)
        r = take_head(m, line, &t, e);
    else if (t.kind == LINE_ROW || (t.kind == LINE_TORN && t.shape == ROW_READ &&
                                    (m->s->n_rows > 0 || m->seen != 0)))
        r = take_row(m, &mended, &t.row, ahead, e);
    else if (t.kind == LINE_EMPTY || t.kind == LINE_TOTAL)
        return dress_line(&m->dress, line, NULL, e) < 0 ? ERR_NOMEM : FEED_MINE;
    else
        r = take_other(m, line, &t, e);
    if (r != FEED_MINE)
        return r;
    m->last_line = line->number + (uint64_t)taken - 1;
    TRY(repair_note(&m->s->notes, t.mended.done, &m->noted, line->number, e));
    if (taken > 1)
        TRY(note_add(&m->s->notes, e, NOTE_JOINED_LINES, line->number, "%s", ""));
    return taken;
}

/* The time before the block's first line, where nothing else tells one. */
static int take_stamp(struct poolmon *m, const struct text_line *line, struct err *e)
{
    struct pool_time t;
    if (m->style.time_n == 0 || m->s->time.source != TIME_NONE ||
        !when_line(line->p + m->style.time_at, m->style.time_n, &t))
        return 0;
    m->s->time = t;
    return note_add(&m->s->notes, e, NOTE_TIME_FROM_LINE, line->number,
                    "the time was taken from the beginning of the capture's first line");
}

static int feed(void *ctx, const struct text_line *line, struct text *ahead,
                struct err *e)
{
    struct poolmon *m = ctx;
    struct row_text r;
    m->one_byte = text_is_one_byte(ahead);
    if (m->s->n_rows == 0 && m->seen == 0) {
        /* The first line: which prefix does the block have? */
        struct text_line lines[1 + TEXT_LOOKAHEAD];
        const int n = text_lines(ahead, line, lines, e);
        if (n < 0)
            return n;
        (void)line_begins(lines, (size_t)n, m->one_byte, &m->style);
        TRY(take_stamp(m, line, e));
    }
    if (m->style.n == 0 && !m->style.numbered &&
        row_parse(line->p, line->n, m->one_byte, &r) == ROW_PROVED && r.doubts == 0 &&
        !row_is_total(line->p, line->n))
        return take_row(m, line, &r, ahead, e);
    return feed_mended(m, line, ahead, e);
}

/* ---- rows like those of the capture before ---- */

/* Lets the dress learn from each shape of line, once a capture. */
static void teach(struct poolmon *m)
{
    const struct fast_shape *f;
    while ((f = fast_next_shape(m->rows.memory)) != NULL) {
        const size_t end = f->eol == EOL_CRLF ? 2 : 1;
        const struct text_line line = {.p = f->line, .n = f->n - end, .eol = f->eol};
        (void)dress_row(&m->dress, &line, &f->row);
    }
}

/* As take_row would, for as many lines as the memory answers for. */
static int run(void *ctx, struct text *text, struct err *e)
{
    struct poolmon *m = ctx;
    if (m->rows.careful || m->s->n_rows == 0 || m->deltas || m->style.n > 0 ||
        m->style.numbered || dress_parted(&m->dress))
        return 0;
    uint64_t last;
    int taken = row_store_run(&m->rows, text, m->limits->snapshot_rows, &last, e);
    if (taken > 0) {
        m->last_line = last;
        m->torn = false;
    }
    if (taken >= 0)
        teach(m);
    return taken;
}

/* ---- the end of a block ---- */

static enum completeness judge(const struct poolmon *m)
{
    const struct pool_snapshot *s = m->s;
    if (m->elided || m->torn)
        return COMPLETE_CUT;
    /* The system pool is never empty; a session's may be. */
    if (s->n_rows == 0 && (s->scope == SCOPE_SYSTEM || !(m->seen & HEAD_COLUMNS)))
        return COMPLETE_CUT;
    if (poolmon_is_part(s, m->deltas))
        return COMPLETE_FILTERED;
    return m->deltas ? COMPLETE_SCREEN : COMPLETE_WHOLE;
}

static int finish(void *ctx, const struct block_end *b, struct err *e)
{
    struct poolmon *m = ctx;
    struct pool_snapshot *s = m->s;
    size_t in_columns;
    TRY(row_store_finish(&m->rows, &in_columns, e));
    if (in_columns * 2 < s->n_rows && dress_collapsed(&m->dress))
        TRY(repair_note(&s->notes, REPAIR_BLANKS, &m->noted, s->line, e));
    enum completeness c = judge(m);
    if (c > s->completeness)
        s->completeness = c;
    if (s->n_rows == 0)
        TRY(note_add(&s->notes, e, NOTE_EMPTY_CAPTURE, s->line, "%s", ""));
    else if (c == COMPLETE_CUT)
        TRY(note_add(&s->notes, e, NOTE_CUT, m->last_line, "%s", ""));
    else if (c == COMPLETE_FILTERED)
        TRY(note_add(&s->notes, e, NOTE_FILTERED, s->line, "%s", ""));
    m->dress.lost |= b->lost_bytes;
    TRY(dress_finish(&m->dress, s, m->encoding, e));
    m->s = NULL;
    return 0;
}

const struct text_format poolmon_text_format = {
    .begins = begins,
    .open = open_reader,
    .start = start,
    .feed = feed,
    .run = run,
    .finish = finish,
    .remark = line_remark,
    .remembers = true,
    .close = close_reader,
};
