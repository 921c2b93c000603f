/* SPDX-License-Identifier: MIT */
#include "formats/table/table_row.h"

#include <string.h>

#include "formats/ascii.h"
#include "formats/bytes.h"
#include "formats/table/table_units.h"

enum { DECIMAL_MAX = 40 };

static struct cell trimmed(const char *p, size_t n)
{
    struct cell c = {.p = p, .n = n};
    return cell_trim(c);
}

/* ---- tags ---- */

/* 0x6d614e46: the four bytes as a number, so the first is the last of the tag's. */
static bool hex_tag(const char *p, size_t n, struct table_tag *t)
{
    if (n != 10 || p[0] != '0' || (p[1] != 'x' && p[1] != 'X'))
        return false;
    for (size_t i = 0; i < 4; i++) {
        int high = ascii_hex(p[2 + 2 * i]), low = ascii_hex(p[3 + 2 * i]);
        if (high < 0 || low < 0)
            return false;
        t->tag.b[3 - i] = (uint8_t)(high << 4 | low);
    }
    t->wide = t->mixed = t->capital = true;
    return true;
}

/* Takes at most four characters, each one byte of the tag. */
static bool take_characters(const char *p, size_t n, bool one_byte, struct table_tag *t)
{
    size_t k = 0;
    bool solid = false, letters = false, capitals = false, smalls = false;
    t->tag = tag_from("", 0);
    for (size_t i = 0; i < n;) {
        uint8_t c = (uint8_t)p[i++];
        if (c == '\\' && i < n && p[i] == '|')
            c = (uint8_t)p[i++];
        if (k == 4 || c < 0x20 || c == 0x7f)
            return false;
        if (c >= 0x80 && !one_byte) {
            /* U+0080..U+00FF stand for the bytes 80..ff, others for nothing. */
            if ((c & 0xfe) != 0xc2 || i == n)
                return false;
            c = (uint8_t)((c & 3) << 6 | ((uint8_t)p[i++] & 0x3f));
        }
        bool capital = c >= 'A' && c <= 'Z';
        solid |= c != ' ';
        capitals |= capital;
        smalls |= c >= 'a' && c <= 'z';
        letters |=
            capital || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80;
        t->tag.b[k++] = c;
    }
    t->padded = k < 4;
    t->capital = capitals;
    t->wide = k == 4 && capitals;
    t->mixed = t->wide && smalls;
    return solid && (letters || t->marked);
}

/* Where the words behind a bare tag begin: at a blank and a bracket, dash or colon.  No
 * blank stands at the end. */
static size_t words_behind(const char *p, size_t n)
{
    for (size_t i = 1; i < n && i <= 5; i++) {
        if (p[i] == ':' && (i + 1 == n || p[i + 1] == ' '))
            return i;
        if (p[i] != ' ')
            continue;
        if (p[i + 1] == '(' || p[i + 1] == '[' || (uint8_t)p[i + 1] == 0xe2 ||
            (p[i + 1] == '-' && i + 2 < n && p[i + 2] == ' '))
            return i;
    }
    return n;
}

bool table_read_tag(const char *p, size_t n, bool one_byte, struct table_tag *t)
{
    *t = (struct table_tag){0};
    size_t i = 0;
    if (n > 4 || (n > 0 && p[0] == '*')) {
        while (i < n && (p[i] == ' ' || p[i] == '*'))
            i++;
        while (n > i && (p[n - 1] == ' ' || p[n - 1] == '*'))
            n--;
    }
    if (i == n)
        return false;
    size_t end = n, from = i;
    const char *close = n - i > 2 && (p[i] == '`' || p[i] == '"' || p[i] == '\'')
                            ? memchr(p + i + 1, p[i], n - i - 1)
                            : NULL;
    if (close != NULL) {
        t->marked = true;
        from = i + 1;
        end = (size_t)(close - p);
        i = end + 1;
    } else {
        i = end = n - from > 4 ? from + words_behind(p + from, n - from) : n;
    }
    t->rest = p + i;
    t->rest_n = n - i;
    while (t->rest_n > 0 && strchr(" *([-:", t->rest[0]) != NULL) {
        t->rest++;
        t->rest_n--;
    }
    while (t->rest_n > 0 && strchr(" )]*", t->rest[t->rest_n - 1]) != NULL)
        t->rest_n--;
    return hex_tag(p + from, end - from, t) ||
           take_characters(p + from, end - from, one_byte, t);
}

/* ---- rows ---- */

/* Sums and leftovers, which hand-made tables list among the tags; tools that write
 * separated values only say total. */
static bool says_total(const struct cell *c, bool separated, bool *sum)
{
    static const char *const words[] = {"sum",    "\xce\xa3",   "other",
                                        "others", "all",        "rest",
                                        "top",    "everything", "remaining"};
    struct table_words w;
    struct cell t = cell_trim(*c);
    table_words(t.p, t.n, &w);
    *sum = (w.all & WORD_TOTAL) != 0;
    while (t.n > 0 && memchr("*-_=( ", t.p[0], 6) != NULL) {
        t.p++;
        t.n--;
    }
    for (size_t i = 0; !*sum && !separated && i < sizeof words / sizeof words[0]; i++) {
        struct cell head = t;
        size_t k = strlen(words[i]);
        if (head.n > k && memchr(" *:.)_,", head.p[k], 7) != NULL)
            head.n = k;
        if (!cell_is(&head, words[i]))
            continue;
        *sum = i < 2;
        return true;
    }
    return *sum;
}

static bool scale_of(const struct column *col, const struct table_figure *f,
                     struct table_row *r, uint64_t *scale)
{
    const bool size = col->kind == COLUMN_BYTES || col->kind == COLUMN_PER_ALLOC;
    *scale = 1;
    if (!size) {
        if (f->has_unit && !f->unit.letter)
            return false;
        for (unsigned i = 0; f->has_unit && i < f->unit.power; i++)
            *scale *= 1000;
        r->about |= f->has_unit;
        return true;
    }
    r->unit_assumed |= !f->has_unit && !col->unit_given; /* then it is a byte */
    const struct table_unit *u = f->has_unit ? &f->unit : &col->unit;
    *scale = (uint64_t)1 << (10 * u->power);
    r->unit_doubt |= u->power > 0 && !u->sure;
    return true;
}

/* Who parts cells with semicolons does it because the comma is the decimal mark: a size's
 * lone comma becomes a point in `text`. */
static struct cell with_point(const struct cell *c, char text[DECIMAL_MAX])
{
    const char *comma = c->n <= DECIMAL_MAX ? memchr(c->p, ',', c->n) : NULL;
    if (comma == NULL || memchr(c->p, '.', c->n) != NULL ||
        memchr(comma + 1, ',', (size_t)(c->p + c->n - comma - 1)) != NULL)
        return *c;
    memcpy(text, c->p, c->n);
    text[comma - c->p] = '.';
    return (struct cell){.p = text, .n = c->n};
}

/* One cell of figures. */
static enum table_row_kind take_figure(const struct column *col, enum table_shape shape,
                                       const struct cell *c, struct table_row *r)
{
    struct table_figure f;
    const bool size = col->kind == COLUMN_BYTES || col->kind == COLUMN_PER_ALLOC;
    const bool fractions = size && col->unit_given && col->unit.power > 0;
    char text[DECIMAL_MAX];
    struct cell t = cell_trim(*c);
    if (shape == SHAPE_SEMICOLONS && col->kind == COLUMN_BYTES)
        t = with_point(&t, text);
    enum figure_kind k =
        table_figure(t.p, t.n, fractions || col->kind == COLUMN_PER_ALLOC,
                     !shape_is_aligned(shape), &f);
    if (k == FIGURE_UNKNOWN)
        return TABLE_ROW_READ;
    if (k == FIGURE_NONE)
        return TABLE_ROW_TORN;
    const enum rest_kind rest = table_rest(t.p, t.n, &f);
    if (f.percent || rest == REST_FIGURE)
        return TABLE_ROW_TORN;
    if ((f.plus || f.minus) && f.digits > 0)
        return TABLE_ROW_CHANGE;
    if (f.rate || rest == REST_RATE)
        return TABLE_ROW_CHANGE;
    r->remark |= rest == REST_WORDS;
    /* A total or a pool's name alone does not say bytes: only a unit makes it a size. */
    if (col->kind == COLUMN_BYTES && !col->unit_given && !col->sized && !f.has_unit) {
        r->unitless |= f.digits > 0;
        return TABLE_ROW_READ;
    }
    uint64_t scale, v;
    bool rounded;
    if (!scale_of(col, &f, r, &scale) || !table_value(&f, scale, &v, &rounded))
        return TABLE_ROW_TORN;
    struct table_figures *to = &r->of[col->pool];
    to->given |= 1u << col->kind;
    to->rounded |= rounded ? 1u << col->kind : 0;
    to->v[col->kind] = v;
    if (col->kind == COLUMN_PER_ALLOC && f.decimals == 3 && scale == 1)
        to->grouped = f.digits;
    r->about |= f.about;
    return TABLE_ROW_READ;
}

static uint8_t pool_of(const struct cell *c)
{
    struct table_words w;
    struct cell t = cell_trim(*c);
    table_words(t.p, t.n, &w);
    if (cell_is(&t, "p") || cell_is(&t, "pp"))
        return POOL_PAGED;
    if (cell_is(&t, "n"))
        return POOL_NONPAGED;
    return (uint8_t)table_pool_named(w.all);
}

static void take_words(const struct column *col, const struct cell *c,
                       struct table_row *r)
{
    struct cell t = cell_trim(*c);
    if (col->kind == COLUMN_POOL) {
        r->pool = pool_of(c);
    } else if (col->kind == COLUMN_TIME && r->time_n == 0) {
        r->time = t.p;
        r->time_n = t.n;
    } else if (col->kind == COLUMN_OWNER && r->owner_n == 0 && t.n > 0 &&
               strchr("<-?", t.p[0]) == NULL) {
        r->owner = t.p;
        r->owner_n = t.n;
    }
}

static bool any_figure(const struct table_row *r)
{
    for (size_t k = 0; k < POOL_KINDS; k++)
        if (r->of[k].given & ~(1u << COLUMN_PER_ALLOC))
            return true;
    return false;
}

enum table_row_kind table_row_read(const struct table_head *h, enum table_shape shape,
                                   const struct cells *c, bool one_byte,
                                   struct table_row *r)
{
    *r = (struct table_row){.pool = POOL_UNKNOWN};
    if (c->n <= h->tag)
        return TABLE_ROW_NONE;
    struct cell at = c->v[h->tag];
    const bool separated =
        shape == SHAPE_COMMAS || shape == SHAPE_SEMICOLONS || shape == SHAPE_TABS;
    if (!separated)
        at = cell_trim(at);
    r->tagged = table_read_tag(at.p, at.n, one_byte, &r->tag);
    if (says_total(&at, separated, &r->sum)) {
        for (size_t i = 0; i < h->n && i < c->n; i++)
            if (column_is_figure(&h->col[i]))
                (void)take_figure(&h->col[i], shape, &c->v[i], r);
        return TABLE_ROW_TOTAL;
    }
    if (!r->tagged)
        return TABLE_ROW_NONE;
    if (c->n < h->needed)
        return TABLE_ROW_TORN;
    enum table_row_kind worst = TABLE_ROW_READ;
    for (size_t i = 0; i < h->n && i < c->n; i++) {
        const struct column *col = &h->col[i];
        if (!column_is_figure(col)) {
            if (shape != SHAPE_NARROW || i < h->needed)
                take_words(col, &c->v[i], r);
            continue;
        }
        enum table_row_kind k = take_figure(col, shape, &c->v[i], r);
        if (k < worst)
            worst = k;
    }
    if (r->owner_n == 0) {
        r->owner = r->tag.rest;
        r->owner_n = r->tag.rest_n;
    }
    for (size_t i = h->n; i < c->n; i++)
        r->remark |= !cell_empty(&c->v[i]);
    if (worst == TABLE_ROW_READ && !any_figure(r))
        return TABLE_ROW_TORN;
    return worst;
}

/* ---- figures beside words ---- */

/* The next number behind a tag that a word of ours follows, *i > 0; false at the end. */
static bool next_pair(const char *p, size_t n, size_t *i, size_t *at,
                      struct table_figure *f, uint32_t *word)
{
    for (; *i < n; (*i)++) {
        const char before = p[*i - 1];
        if (p[*i] < '0' || p[*i] > '9' || strchr(" */`(", before) == NULL)
            continue;
        if (table_figure(p + *i, n - *i, false, false, f) != FIGURE_READ)
            continue;
        size_t from = *i + f->end, end;
        while (from < n && p[from] == ' ')
            from++;
        end = from;
        while (end < n &&
               ((p[end] >= 'a' && p[end] <= 'z') || (p[end] >= 'A' && p[end] <= 'Z')))
            end++;
        struct table_words w;
        table_words(p + from, end - from, &w);
        *at = *i;
        *word = f->has_unit ? WORD_BYTES : w.all;
        if (*word & (WORD_BYTES | WORD_ALLOCS | WORD_FREES | WORD_LIVE)) {
            *i = f->has_unit ? *i + f->end : end;
            return true;
        }
    }
    return false;
}

enum table_row_kind table_row_inline(const char *p, size_t n, bool one_byte,
                                     struct table_row *r)
{
    static const struct {
        uint32_t word;
        enum table_column kind;
    } kinds[] = {{WORD_ALLOCS, COLUMN_ALLOCS},
                 {WORD_FREES, COLUMN_FREES},
                 {WORD_LIVE, COLUMN_LIVE},
                 {WORD_BYTES, COLUMN_BYTES}};
    *r = (struct table_row){.pool = POOL_UNKNOWN};
    struct table_figures *to = &r->of[POOL_UNKNOWN];
    struct table_figure f;
    size_t i = 1, at, first = n;
    uint32_t word;
    while (next_pair(p, n, &i, &at, &f, &word)) {
        if (first == n)
            first = at;
        for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
            bool rounded;
            struct column col = {.kind = (uint8_t)kinds[k].kind};
            uint64_t scale;
            if (!(word & kinds[k].word) || (to->given & 1u << col.kind))
                continue;
            if (!scale_of(&col, &f, r, &scale) ||
                !table_value(&f, scale, &to->v[col.kind], &rounded))
                return TABLE_ROW_NONE;
            to->given |= 1u << col.kind;
            to->rounded |= rounded ? 1u << col.kind : 0;
        }
    }
    struct cell tag = trimmed(p, first);
    while (tag.n > 0 && strchr(":=-* ", tag.p[tag.n - 1]) != NULL)
        tag.n--;
    const unsigned proof = 1u << COLUMN_ALLOCS | 1u << COLUMN_FREES | 1u << COLUMN_LIVE;
    if ((to->given & proof) != proof || (to->rounded & proof) != 0 ||
        to->v[COLUMN_ALLOCS] < to->v[COLUMN_FREES] ||
        to->v[COLUMN_ALLOCS] - to->v[COLUMN_FREES] != to->v[COLUMN_LIVE] ||
        !table_read_tag(tag.p, tag.n, one_byte, &r->tag) || r->tag.rest_n > 0)
        return TABLE_ROW_NONE;
    return TABLE_ROW_READ;
}
