/* SPDX-License-Identifier: MIT */
#include "formats/table/table_begin.h"

#include <string.h>

#include "formats/table/table_units.h"
#include "formats/table/table_words.h"

enum {
    HEAD_BYTES = 400,   /* a longer line is no head */
    NEAR_LINES = 3,     /* prose this near may name the pool in passing */
    ABOVE_LINES = 8,    /* headings this near count */
    HEADING_WORDS = 12, /* a longer line tells a story */
    POOL_WORDS = WORD_NONPAGED | WORD_PAGED | WORD_POOL
};

/* ---- the prose above ---- */

/* The line that ends at *end, which is moved to its beginning; false at the top. */
static bool line_above(const struct buf *above, size_t *end, struct cell *line)
{
    while (*end > 0) {
        size_t stop = *end, from;
        if (above->p[stop - 1] == '\n')
            stop--;
        for (from = stop; from > 0 && above->p[from - 1] != '\n';)
            from--;
        *end = from;
        *line = cell_trim(
            (struct cell){.p = (const char *)above->p + from, .n = stop - from});
        if (line->n > 0 && !repair_rule(line->p, line->n))
            return true;
    }
    return false;
}

enum pool_kind table_pool_above(const struct buf *above)
{
    size_t end = above->n;
    struct cell line;
    for (unsigned i = 0; i < ABOVE_LINES && line_above(above, &end, &line); i++) {
        bool heading = line.p[0] == '#' || (line.n > 2 && memcmp(line.p, "**", 2) == 0);
        struct table_words w;
        table_words(line.p, line.n, &w);
        if ((i < NEAR_LINES || heading) && (w.all & (WORD_NONPAGED | WORD_PAGED)))
            return table_pool_named(w.all);
    }
    return POOL_UNKNOWN;
}

static bool pools_above(const struct buf *above)
{
    size_t end = above->n;
    struct cell line;
    for (unsigned i = 0; i < ABOVE_LINES && line_above(above, &end, &line); i++) {
        struct table_words w;
        table_words(line.p, line.n, &w);
        if (w.all & POOL_WORDS)
            return true;
    }
    return false;
}

static bool changes_above(const struct buf *above)
{
    size_t end = above->n;
    struct cell line;
    struct table_words w;
    if (!line_above(above, &end, &line))
        return false;
    table_words(line.p, line.n, &w);
    bool difference = (w.all & WORD_DIFF) && (w.all & WORD_SINCE);
    return w.n <= HEADING_WORDS && (difference || (w.all & WORD_CHANGE) || w.per_span);
}

/* ---- rows below ---- */

enum table_row_kind table_line_read(const struct table_layout *l,
                                    const struct text_line *line, struct table_text *t,
                                    struct table_row *r)
{
    table_mend(&l->style, l->shape, line, l->one_byte, t);
    if (l->shape == SHAPE_INLINE)
        return table_row_inline(t->mended.p, t->mended.n, l->one_byte, r);
    if (!table_split(l->shape, t))
        return TABLE_ROW_NONE;
    /* A cell of the row above may reach down into this one. */
    if (l->shape == SHAPE_MARKUP && t->cells.n != l->head.n) {
        *r = (struct table_row){.pool = POOL_UNKNOWN};
        return TABLE_ROW_TORN;
    }
    enum table_row_kind k = table_row_read(&l->head, l->shape, &t->cells, l->one_byte, r);
    if (l->shape != SHAPE_WIDE || k == TABLE_ROW_READ || k == TABLE_ROW_CHANGE)
        return k;
    /* One blank between two figures, where one of them grew wide. */
    struct table_row again;
    struct cells wide = t->cells;
    if (table_split(SHAPE_NARROW, t)) {
        enum table_row_kind other =
            table_row_read(&l->head, SHAPE_NARROW, &t->cells, l->one_byte, &again);
        if (other > k) {
            *r = again;
            return other;
        }
    }
    t->cells = wide;
    return k;
}

bool table_row_is_torn(const struct table_layout *l, enum table_row_kind k,
                       const struct table_text *t)
{
    return k == TABLE_ROW_TORN &&
           (t->cells.n >= l->head.needed || !shape_is_aligned(l->shape));
}

/* What the rows in sight say. */
struct evidence {
    unsigned rows, changes;
    unsigned torn;     /* rows above these that the reader would drop, with a note */
    unsigned settled;  /* rows whose figures do not contradict each other */
    unsigned capitals; /* tags that are hardly words */
    unsigned wide;     /* those of four characters */
    bool units;        /* sizes have units, or there are several figures a row */
    bool pools;        /* a cell names a pool */
};

static void weigh_tag(const struct table_tag *t, struct evidence *e)
{
    e->capitals += t->capital;
    e->wide += t->wide;
}

static void weigh(const struct table_row *r, struct evidence *e)
{
    e->rows++;
    e->units |= r->unit_doubt;
    e->pools |= r->pool != POOL_UNKNOWN;
    bool settled = true;
    for (size_t k = 0; k < POOL_KINDS; k++) {
        struct pool_row row = {0};
        struct table_loss loss;
        unsigned given = r->of[k].given;
        settled = settled && table_settle(&r->of[k], &row, &loss) && loss.wrong == NULL;
        e->units |= (given & (given - 1)) != 0 && !r->unit_assumed;
        e->units |= (given & 1u << COLUMN_BYTES) != 0 && !r->unit_assumed && r->tag.mixed;
    }
    e->settled += settled;
}

/* True when a number stands in a column of changes. */
static bool changes_in(const struct table_head *h, const struct cells *c)
{
    struct table_figure f;
    for (size_t i = 0; i < h->n && i < c->n; i++)
        if (h->col[i].kind == COLUMN_CHANGE &&
            table_figure(c->v[i].p, c->v[i].n, true, false, &f) == FIGURE_READ)
            return true;
    return false;
}

/* Looks at the lines behind the head; false when there is no rule where one must be. */
static bool look_below(const struct table_layout *l, const struct text_line *lines,
                       size_t n, struct evidence *e)
{
    struct table_text t;
    struct table_row r;
    bool ruled = false;
    *e = (struct evidence){0};
    for (size_t i = 1; i < n; i++) {
        table_mend(&l->style, l->shape, &lines[i], l->one_byte, &t);
        if (repair_blank(t.mended.p, t.mended.n)) {
            if (e->rows + e->changes + e->torn > 0 || l->shape == SHAPE_PIPES)
                break;
            continue;
        }
        if (table_rule(&t)) {
            ruled = true;
            continue;
        }
        if (l->shape == SHAPE_PIPES && !ruled)
            return false;
        enum table_row_kind k = table_line_read(l, &lines[i], &t, &r);
        if (k == TABLE_ROW_READ) {
            weigh(&r, e);
            weigh_tag(&r.tag, e);
        } else if (k == TABLE_ROW_CHANGE ||
                   (k == TABLE_ROW_TORN && changes_in(&l->head, &t.cells))) {
            e->changes++;
            weigh_tag(&r.tag, e);
        } else if (e->rows + e->changes == 0 && table_row_is_torn(l, k, &t) &&
                   l->shape != SHAPE_NARROW) {
            e->torn++; /* of prose, any line has words enough for SHAPE_NARROW */
        } else if (k != TABLE_ROW_TOTAL) {
            break;
        }
    }
    return true;
}

/* ---- the head ---- */

static bool holds(const struct text_line *l, const char *word)
{
    const size_t k = strlen(word);
    for (size_t i = 0; i + k <= l->n; i++) {
        size_t j = 0;
        while (j < k && (l->p[i + j] | 0x20) == word[j])
            j++;
        if (j == k)
            return true;
    }
    return false;
}

static bool possible(enum table_shape shape, const struct text_line *l)
{
    switch (shape) {
    case SHAPE_PIPES:
        return memchr(l->p, '|', l->n) != NULL || memchr(l->p, 0xe2, l->n) != NULL;
    case SHAPE_TABS:
        return memchr(l->p, '\t', l->n) != NULL;
    case SHAPE_COMMAS:
        return memchr(l->p, ',', l->n) != NULL;
    case SHAPE_SEMICOLONS:
        return memchr(l->p, ';', l->n) != NULL;
    case SHAPE_MARKUP:
        return holds(l, "<tr");
    default:
        return memchr(l->p, '|', l->n) == NULL;
    }
}

static const char *refusal(enum table_refusal why, const struct evidence *e, bool above)
{
    switch (why) {
    case REFUSE_NET:
        return "a table of changes (a column says Net), which is no snapshot";
    case REFUSE_CHANGES:
        return "a table of changes (its columns say delta, growth or per hour), which is "
               "no snapshot";
    case REFUSE_TWO_MOMENTS:
        return "a table with two columns of one kind, which nothing tells apart";
    case REFUSE_NOT:
        break;
    }
    if (e->changes > 0)
        return "a table of changes (its figures carry signs, as in `+2,000`), which is "
               "no "
               "snapshot";
    return above ? "a table of changes (the line above it says so), which is no snapshot"
                 : NULL;
}

static int judge(const struct table_layout *l, const struct evidence *e,
                 const struct buf *above, struct text_remark *r)
{
    const unsigned least = shape_is_aligned(l->shape) ? 2 : 1;
    const unsigned rows = e->rows + e->changes;
    if (rows < least || rows < e->torn || (e->rows > 0 && e->settled == 0))
        return CLAIM_NONE;
    /* Anything comes as separated values: there tags alone are no proof. */
    bool tags_alone = (l->shape == SHAPE_PIPES || shape_is_aligned(l->shape)) &&
                      e->capitals == rows && e->wide * 2 >= rows &&
                      (e->units || e->changes > 0);
    /* A web page has words of all kinds above. */
    bool above_says =
        (l->shape != SHAPE_MARKUP || e->capitals == rows) && pools_above(above);
    if (!l->head.strong && !e->pools && !above_says && !tags_alone)
        return CLAIM_NONE;
    r->what = refusal(l->head.refused, e, changes_above(above));
    if (r->what == NULL)
        return CLAIM_WEAK;
    r->hint = l->head.refused == REFUSE_TWO_MOMENTS
                  ? "send one table a moment, or name the pool in the column's title"
                  : "send the figures as they stood at a moment (what `poolmon -n FILE` "
                    "writes), not what was added to them";
    return CLAIM_NONE;
}

static int recognise_inline(const struct text_line *line, struct table_layout *l)
{
    struct table_text t;
    struct table_row r;
    if (!holds(line, "free"))
        return CLAIM_NONE;
    l->shape = SHAPE_INLINE;
    return table_line_read(l, line, &t, &r) == TABLE_ROW_READ ? CLAIM_WEAK : CLAIM_NONE;
}

/* The first mark of a Markdown row is no quotation mark. */
static void keep_pipes(struct repair_style *style)
{
    const char *pipe = memchr(style->prefix, '|', style->n);
    if (pipe == NULL)
        return;
    style->n = (uint8_t)(pipe - style->prefix);
    while (style->n > 0 && style->prefix[style->n - 1] == ' ')
        style->n--;
}

/* How well a shape explains the lines: rows first, then figures in each. */
static unsigned explained(const struct table_layout *l, const struct evidence *e)
{
    unsigned figures = 0;
    for (size_t i = 0; i < l->head.n; i++)
        figures += column_is_figure(&l->head.col[i]);
    return (e->settled + e->changes) * CELLS_MAX + figures;
}

int table_recognise(const struct buf *above, const struct text_line *lines, size_t n,
                    bool one_byte, struct table_layout *l, struct text_remark *r)
{
    struct table_layout shaped = {.one_byte = one_byte};
    struct evidence best = {0};
    *r = (struct text_remark){0};
    *l = shaped;
    if (lines[0].n > HEAD_BYTES)
        return CLAIM_NONE;
    if (!holds(&lines[0], "tag"))
        return recognise_inline(&lines[0], l);
    repair_learn(lines, n, &shaped.style);
    keep_pipes(&shaped.style);
    for (unsigned shape = 0; shape < SHAPE_INLINE && n > 1; shape++) {
        struct table_text t;
        struct evidence e;
        shaped.shape = (enum table_shape)shape;
        if (!possible(shaped.shape, &lines[0]))
            continue;
        table_mend(&shaped.style, shaped.shape, &lines[0], one_byte, &t);
        if (!table_split(shaped.shape, &t) || !table_head_read(&t.cells, &shaped.head) ||
            !look_below(&shaped, lines, n, &e) ||
            (l->head.n > 0 && explained(&shaped, &e) <= explained(l, &best)))
            continue;
        *l = shaped;
        best = e;
    }
    if (l->head.n > 0)
        return judge(l, &best, above, r);
    return recognise_inline(&lines[0], l);
}
