/* SPDX-License-Identifier: MIT */
#include "formats/table/table_line.h"

#include <string.h>

#include "formats/table/table_markup.h"
#include "formats/table/table_words.h"

/* ---- box characters ---- */

static bool box_character(const char *p, size_t n, size_t i)
{
    return (uint8_t)p[i] == 0xe2 && i + 2 < n &&
           ((uint8_t)p[i + 1] == 0x94 || (uint8_t)p[i + 1] == 0x95);
}

/* U+2502, 2503 and 2551 part cells; all others of U+2500..257F draw rules. */
static void mend_boxes(struct repaired *r)
{
    bool any = false;
    for (size_t i = 0; i < r->n && !any; i++)
        any = box_character(r->p, r->n, i);
    if (!any || r->n > REPAIR_LINE_MAX)
        return;
    size_t to = 0;
    for (size_t i = 0; i < r->n;) {
        if (!box_character(r->p, r->n, i)) {
            r->store[to++] = r->p[i++];
            continue;
        }
        uint8_t b = (uint8_t)r->p[i + 1], c = (uint8_t)r->p[i + 2];
        bool upright =
            (b == 0x94 && (c == 0x82 || c == 0x83)) || (b == 0x95 && c == 0x91);
        r->store[to++] = upright ? '|' : '-';
        i += 3;
    }
    r->p = r->store;
    r->n = to;
    r->done |= REPAIR_MARKUP;
}

void table_mend(const struct repair_style *style, enum table_shape shape,
                const struct text_line *l, bool one_byte, struct table_text *t)
{
    if (shape == SHAPE_TABS || shape == SHAPE_COMMAS || shape == SHAPE_SEMICOLONS) {
        t->mended.p = l->p;
        t->mended.n = l->n;
        t->mended.done = 0;
        return;
    }
    if (shape == SHAPE_MARKUP) {
        table_mend_markup(l, one_byte, &t->mended);
        return;
    }
    repair_line(style, l->p, l->n, one_byte, false, &t->mended);
    if (!one_byte)
        mend_boxes(&t->mended);
}

bool table_rule(const struct table_text *t)
{
    bool dash = false, pipe = false;
    if (repair_rule(t->mended.p, t->mended.n))
        return true;
    for (size_t i = 0; i < t->mended.n; i++) {
        const char c = t->mended.p[i];
        if (c != '-' && c != '|' && c != ':' && c != ' ')
            return false;
        dash |= c == '-';
        pipe |= c == '|';
    }
    return dash && pipe;
}

/* ---- cells ---- */

static bool add(struct cells *c, const char *p, size_t n)
{
    if (c->n == CELLS_MAX)
        return false;
    c->v[c->n++] = (struct cell){.p = p, .n = n};
    return true;
}

static bool split_pipes(const char *p, size_t n, struct cells *c)
{
    size_t i = 0;
    while (i < n && p[i] == ' ')
        i++;
    while (n > i && p[n - 1] == ' ')
        n--;
    if (i < n && p[i] == '|')
        i++;
    for (size_t from = i; i <= n; i++) {
        if (i < n && (p[i] != '|' || (i > 0 && p[i - 1] == '\\')))
            continue;
        if ((i < n || i > from) && !add(c, p + from, i - from))
            return false;
        from = i + 1;
    }
    return c->n >= 2; /* so there was a pipe */
}

static bool split_markup(const char *p, size_t n, struct cells *c)
{
    const char *end = p + n, *mark = memchr(p, MARKUP_CELL, n);
    while (mark != NULL) {
        const char *from = mark + 1;
        mark = memchr(from, MARKUP_CELL, (size_t)(end - from));
        if (!add(c, from, (size_t)((mark != NULL ? mark : end) - from)))
            return false;
    }
    return c->n > 0;
}

/* Where the code span or quotation that begins at i ends, or i. */
static size_t behind_span(const char *p, size_t n, size_t i)
{
    if (p[i] != '`' && p[i] != '"' && p[i] != '\'')
        return i;
    for (size_t k = i + 1; k < n && k - i < 12; k++)
        if (p[k] == p[i])
            return k + 1;
    return i;
}

static bool split_blanks(const char *p, size_t n, size_t least, struct cells *c)
{
    size_t i = 0;
    while (n > 0 && p[n - 1] == ' ')
        n--;
    while (i < n && p[i] == ' ')
        i++;
    while (i < n) {
        size_t from = i, blanks = 0;
        i = behind_span(p, n, i);
        for (; i < n && blanks < least; i++)
            blanks = p[i] == ' ' ? blanks + 1 : 0;
        size_t end = blanks >= least ? i - blanks : n;
        if (!add(c, p + from, end - from))
            return c->n >= 2; /* a long remark */
        while (i < n && p[i] == ' ')
            i++;
    }
    return c->n >= 2;
}

static bool joins(const struct cell *a, const struct cell *b)
{
    struct table_words before, after;
    struct table_unit unit;
    table_words(a->p, a->n, &before);
    table_words(b->p, b->n, &after);
    bool number = a->p[a->n - 1] >= '0' && a->p[a->n - 1] <= '9';
    if (number)
        return table_unit_word(b->p, b->n, &unit);
    if (b->p[0] == '(')
        return true;
    return before.n == 1 && after.n > 0 && !(b->p[0] >= '0' && b->p[0] <= '9') &&
           (before.all == WORD_PER || before.all == WORD_NONPAGED ||
            before.all == WORD_PAGED || before.all == WORD_MEAN);
}

/* What one blank must not part: `Per Alloc`, `12 MB`, `Size (MB)`. */
static void join_pairs(struct cells *c)
{
    size_t to = 0;
    for (size_t i = 0; i < c->n; i++) {
        struct cell *last = to > 0 ? &c->v[to - 1] : NULL;
        if (last != NULL && joins(last, &c->v[i]))
            last->n = (size_t)(c->v[i].p + c->v[i].n - last->p);
        else
            c->v[to++] = c->v[i];
    }
    c->n = to;
}

bool table_split(enum table_shape shape, struct table_text *t)
{
    static const char separators[SHAPES] = {
        [SHAPE_TABS] = '\t', [SHAPE_COMMAS] = ',', [SHAPE_SEMICOLONS] = ';'};
    const char *p = t->mended.p;
    const size_t n = t->mended.n;
    t->cells.n = 0;
    switch (shape) {
    case SHAPE_PIPES:
        return split_pipes(p, n, &t->cells);
    case SHAPE_MARKUP:
        return split_markup(p, n, &t->cells);
    case SHAPE_TABS:
    case SHAPE_COMMAS:
    case SHAPE_SEMICOLONS:
        return cells_split(p, n, separators[shape], &t->cells) == CELLS_WHOLE &&
               t->cells.n >= 2;
    case SHAPE_WIDE:
        return split_blanks(p, n, 2, &t->cells);
    case SHAPE_NARROW:
        if (!split_blanks(p, n, 1, &t->cells))
            return false;
        join_pairs(&t->cells);
        return t->cells.n >= 2;
    default:
        return false;
    }
}
