/* SPDX-License-Identifier: MIT */
#include "formats/text/gather.h"

#include <stdlib.h>
#include <string.h>

#include "formats/ascii.h"
#include "formats/poolmon/poolmon_row.h"

enum { OWNER_MAX = 1024 };

void gather_start(struct gather *g, struct pool_snapshot *s, const struct block_start *b)
{
    g->limits = b->limits;
    g->s = s;
    g->one_byte = b->text.one_byte;
    g->torn = false;
    g->last_line = s->line;
    g->dropped = g->rounded = g->marked_row = 0;
    g->marked = false;
    key_set_clear(&g->keys);
}

void gather_free(struct gather *g)
{
    key_set_free(&g->keys);
}

struct text_line gather_bare(struct gather *g, const struct text_line *l)
{
    struct text_line bare = *l;
    size_t behind = 0; /* the last mark that a blank follows: `>abc` may be a tag */
    for (size_t i = 0; i + 1 < l->n && (l->p[i] == '>' || l->p[i] == ' '); i++)
        if (l->p[i] == '>' && l->p[i + 1] == ' ')
            behind = i + 2;
    bare.p += behind;
    bare.n -= behind;
    if (g != NULL)
        g->marked = bare.p != l->p;
    return bare;
}

bool gather_again(const struct gather *g, struct pool_tag tag, uint8_t pool,
                  uint64_t line)
{
    return g->s->n_rows > 0 &&
           ((pool == g->first_pool && tag_equal(tag, g->first)) ||
            (line > g->last_line + 1 && key_set_has(&g->keys, tag, pool)));
}

/* ---- rows ---- */

/* Allocs Frees Diff Bytes and Per Alloc are all there: the rules of a poolmon row. */
static bool settle_whole(struct pool_row *row, const char **lost)
{
    struct row_text t = {.tag = row->tag, .pool = row->pool};
    t.fig[FIG_ALLOCS].v = row->allocs;
    t.fig[FIG_FREES].v = row->frees;
    t.fig[FIG_LIVE].v = row->live;
    t.fig[FIG_BYTES].v = row->bytes;
    t.fig[FIG_PER_ALLOC].v = row->per_alloc;
    struct pool_row settled = {.owner = row->owner, .line = row->line};
    if (!row_figures(&t, &settled, lost))
        return false;
    *row = settled;
    return true;
}

static bool settle(struct pool_row *row, const char **lost)
{
    const unsigned counts = ROW_ALLOCS | ROW_FREES | ROW_LIVE;
    const unsigned sizes = ROW_LIVE | ROW_BYTES | ROW_PER_ALLOC;
    *lost = NULL;
    row->width = (row->allocs | row->frees | row->live) <= UINT32_MAX ? 32 : 64;
    if ((row->fields & (counts | sizes)) == (counts | sizes))
        return settle_whole(row, lost);
    if ((row->fields & counts) == counts &&
        row->live != row_live(row->allocs, row->frees, row->width))
        return false;
    return (row->fields & sizes) != sizes ||
           row->per_alloc == (row->live == 0 ? 0 : row->bytes / row->live);
}

int gather_drop(struct gather *g, const struct text_line *line, const char *why,
                struct err *e)
{
    g->torn = line->eol == EOL_NONE;
    g->last_line = line->number;
    g->dropped++;
    TRY(note_add(&g->s->notes, e, NOTE_ROW_DROPPED, line->number, "%s", why));
    return FEED_MINE;
}

static int note_repeated(struct gather *g, const struct pool_row *row, struct err *e)
{
    char tag[TAG_TEXT_MAX];
    (void)tag_text(row->tag, tag);
    return note_add(&g->s->notes, e, NOTE_REPEATED_KEY, row->line,
                    "tag '%s' (%s) is listed twice", tag,
                    pool_kind_short((enum pool_kind)row->pool));
}

int gather_row(struct gather *g, const struct pool_row *given, struct err *e)
{
    struct pool_snapshot *s = g->s;
    struct pool_row settled = *given;
    const char *lost;
    g->torn = false;
    g->last_line = given->line;
    if (!settle(&settled, &lost)) {
        g->dropped++;
        TRY(note_add(&s->notes, e, NOTE_ROW_DROPPED, given->line,
                     "the figures of this row contradict each other"));
        return FEED_MINE;
    }
    if (s->n_rows >= g->limits->snapshot_rows)
        return err_set(e, ERR_LIMIT, "one capture has more than %zu rows",
                       g->limits->snapshot_rows);
    if (s->n_rows == 0) {
        g->first = settled.tag;
        g->first_pool = settled.pool;
    }
    int fresh = key_set_add(&g->keys, settled.tag, settled.pool, e);
    if (fresh < 0)
        return fresh;
    if (fresh == 0)
        TRY(note_repeated(g, &settled, e));
    if (lost != NULL)
        TRY(note_add(&s->notes, e, NOTE_ROW_IDENTITY, given->line,
                     strcmp(lost, "Bytes") == 0
                         ? "%s was printed modulo 2^32 and was left out"
                         : "%s contradicts the other figures and was left out",
                     lost));
    struct pool_row *row = pool_snapshot_add(s, e);
    if (row == NULL)
        return ERR_NOMEM;
    *row = settled;
    if (g->marked && g->marked_row == 0)
        g->marked_row = given->line;
    return FEED_MINE;
}

static bool anything(const struct pool_row *r)
{
    return r->fields != 0 && (r->allocs | r->frees | r->live | r->bytes) != 0;
}

bool gather_pair_proved(const struct gather_pair *p)
{
    bool any = false;
    for (unsigned k = 0; k < POOL_KINDS; k++) {
        const struct pool_row *r = &p->pool[k];
        const bool narrow = (r->allocs | r->frees | r->live) <= UINT32_MAX;
        if (r->fields != 0 &&
            (r->live != row_live(r->allocs, r->frees, narrow ? 32 : 64) ||
             !gather_bytes_fit(r->live, r->bytes)))
            return false;
        any |= anything(r);
    }
    return any;
}

/* In the order of the tools that print them. */
static const uint8_t pair_order[] = {POOL_PAGED, POOL_NONPAGED, POOL_UNKNOWN};

bool gather_pair_again(const struct gather *g, const struct gather_pair *p)
{
    for (size_t i = 0; i < sizeof pair_order; i++)
        if (anything(&p->pool[pair_order[i]]))
            return gather_again(g, p->tag, pair_order[i], p->line);
    return false;
}

int gather_pair(struct gather *g, const struct gather_pair *p, struct err *e)
{
    g->last_line = p->line;
    for (size_t i = 0; i < sizeof pair_order; i++) {
        struct pool_row row = p->pool[pair_order[i]];
        if (!anything(&row))
            continue;
        row.pool = pair_order[i];
        row.tag = p->tag;
        row.line = p->line;
        row.owner = p->owner;
        TRY(gather_row(g, &row, e));
    }
    return FEED_MINE;
}

int gather_finish(struct gather *g, enum completeness least, struct err *e)
{
    struct pool_snapshot *s = g->s;
    enum completeness c = g->torn ? COMPLETE_CUT : least;
    if (s->n_rows == 0)
        c = COMPLETE_CUT;
    if (c > s->completeness)
        s->completeness = c;
    if (g->marked_row > 0)
        TRY(note_add(&s->notes, e, NOTE_PREFIX, g->marked_row, "%s", ""));
    if (g->rounded > 0)
        TRY(note_add(&s->notes, e, NOTE_APPROXIMATE, s->line,
                     "rows whose bytes were printed rounded: %llu",
                     (unsigned long long)g->rounded));
    if (s->n_rows == 0)
        TRY(note_add(&s->notes, e, NOTE_EMPTY_CAPTURE, s->line, "%s", ""));
    else if (c == COMPLETE_CUT)
        TRY(note_add(&s->notes, e, NOTE_CUT, g->last_line, "%s", ""));
    g->s = NULL;
    return 0;
}

/* ---- cells ---- */

static bool says_nothing(const struct cell *c)
{
    return cell_empty(c) || cell_is(c, "<unknown>") || cell_is(c, "unknown");
}

int gather_owner(struct gather *g, const struct cell *binary, const struct cell *text,
                 uint32_t *owner, struct err *e)
{
    char words[2 * OWNER_MAX + 3];
    size_t n = 0;
    const struct cell *const parts[] = {binary, text};
    for (size_t i = 0; i < 2; i++) {
        if (parts[i] == NULL || says_nothing(parts[i]))
            continue;
        if (n > 0) {
            memcpy(words + n, " - ", 3);
            n += 3;
        }
        const struct cell c = cell_trim(*parts[i]);
        size_t need = cell_copy(&c, words + n, OWNER_MAX);
        n += need < OWNER_MAX ? need : OWNER_MAX;
    }
    return pool_snapshot_intern(g->s, words, n, owner, e);
}

/* What code page 1252 shows for the bytes 80..9F; 0 = nothing. */
static const uint16_t western[32] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
    0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017d, 0,
    0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
    0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

/* The byte that the character at p stands for, or -1; steps *len bytes. */
static int tag_byte(const char *p, size_t n, bool one_byte, size_t *len)
{
    const uint8_t c = (uint8_t)p[0];
    uint32_t v;
    *len = 1;
    if (c < 0x80 || one_byte)
        return c;
    if ((c & 0xe0) == 0xc0 && n >= 2) {
        *len = 2;
        v = (c & 0x1fu) << 6 | ((uint8_t)p[1] & 0x3fu);
    } else if ((c & 0xf0) == 0xe0 && n >= 3) {
        *len = 3;
        v = (c & 0x0fu) << 12 | ((uint8_t)p[1] & 0x3fu) << 6 | ((uint8_t)p[2] & 0x3fu);
    } else {
        return -1;
    }
    for (int i = 0; i < 32; i++)
        if (v == western[i])
            return 0x80 + i;
    return v <= 0xff ? (int)v : -1;
}

bool gather_tag(const struct cell *c, bool one_byte, struct pool_tag *tag, size_t *n)
{
    char text[16]; /* four characters of three bytes */
    struct cell bare = *c;
    while (bare.n > 4 && bare.p[0] == ' ') { /* an indented paste */
        bare.p++;
        bare.n--;
    }
    size_t len = cell_copy(&bare, text, sizeof text), step, k = 0;
    bool solid = false;
    if (len > sizeof text)
        return false;
    *tag = (struct pool_tag){{' ', ' ', ' ', ' '}};
    for (size_t i = 0; i < len; i += step) {
        int b = tag_byte(text + i, len - i, one_byte, &step);
        if (k == 4 || b < 0)
            return false;
        tag->b[k++] = (uint8_t)b;
        solid |= b != ' ' && b != '\t';
    }
    if (n != NULL)
        *n = k;
    return solid;
}

bool gather_word(const struct text_line *l, size_t *at, struct cell *word)
{
    const size_t from = skip_blanks(l->p, l->n, *at);
    size_t to = from;
    while (to < l->n && l->p[to] != ' ')
        to++;
    *at = to;
    *word = (struct cell){.p = l->p + from, .n = to - from};
    return to > from;
}

bool gather_titles(const struct text_line *l, const char *const *words, size_t n,
                   size_t *first, size_t *end)
{
    size_t at = 0;
    *first = skip_blanks(l->p, l->n, 0);
    for (size_t i = 0; i < n; i++) {
        struct cell c;
        if (!gather_word(l, &at, &c) || c.n != strlen(words[i]) ||
            memcmp(c.p, words[i], c.n) != 0)
            return false;
    }
    *end = at;
    return true;
}

bool gather_tag_below(const struct text_line *l, size_t title, bool one_byte,
                      struct pool_tag *tag, size_t *end)
{
    *end = title + 4;
    if (l->n <= *end || l->p[*end] != ' ')
        return false;
    const struct cell c = {.p = l->p + title, .n = 4};
    return gather_tag(&c, one_byte, tag, NULL);
}

bool gather_tag_word(const struct text_line *l, bool one_byte, struct pool_tag *tag,
                     size_t *end)
{
    struct cell c;
    *end = 0;
    return gather_word(l, end, &c) && gather_tag(&c, one_byte, tag, NULL);
}

bool gather_bytes_fit(uint64_t live, uint64_t bytes)
{
    return (live == 0) == (bytes == 0) && bytes >= live;
}

bool gather_count(const struct cell *c, uint64_t *v, bool *wrapped)
{
    int64_t i;
    if (cell_u64(c, v))
        return true;
    if (!cell_i64(c, &i) || i >= 0 || i < -(int64_t)UINT32_MAX)
        return false;
    *v = (uint32_t)i;
    *wrapped = true;
    return true;
}

/* ---- readers of selected rows ---- */

int gather_open_as(void **ctx, size_t size, struct err *e)
{
    *ctx = calloc(1, size);
    return *ctx != NULL ? 0 : err_nomem(e);
}

int gather_open(void **ctx, struct err *e)
{
    return gather_open_as(ctx, sizeof(struct gather), e);
}

int gather_start_selected(void *ctx, struct pool_snapshot *s, const struct block_start *b,
                          struct err *e)
{
    (void)e;
    gather_start(ctx, s, b);
    return 0;
}

int gather_finish_selected(void *ctx, const struct block_end *b, struct err *e)
{
    struct gather *g = ctx;
    (void)b;
    TRY(note_add(&g->s->notes, e, NOTE_SELECTED, g->s->line, "%s", ""));
    return gather_finish(g, COMPLETE_FILTERED, e);
}

void gather_close(void *ctx)
{
    gather_free(ctx);
    free(ctx);
}
