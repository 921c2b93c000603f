/* SPDX-License-Identifier: MIT */
/* Learning a dress.  Rendering it: dress_render.c. */
#include "formats/poolmon/dress.h"

#include <string.h>

#include "formats/when.h"

enum { WIDTH_MAX = 78, PART_MAX = 4096 }; /* '0' + 78 is the last printable character */

static const char mark = '\x01';
static const char *const ends[] = {
    [EOL_NONE] = "", [EOL_LF] = "\n", [EOL_CRLF] = "\r\n", [EOL_CRCRLF] = "\r\r\n"};

void dress_free(struct dress_learner *d)
{
    buf_free(&d->head);
    buf_free(&d->tail);
}

/* Appends literal bytes; what could be taken for a mark cannot be kept. */
static int literal(struct dress_learner *d, struct buf *to, const char *p, size_t n,
                   struct err *e)
{
    if (n > PART_MAX - to->n || memchr(p, mark, n) != NULL || memchr(p, 0, n) != NULL) {
        d->lost = true;
        return 0;
    }
    return buf_append(to, p, n, e);
}

static int field(struct buf *to, char name, const uint32_t *v, size_t n, struct err *e)
{
    char text[4] = {mark, name};
    for (size_t i = 0; i < n; i++)
        text[2 + i] = (char)('0' + v[i]);
    return buf_append(to, text, 2 + n, e);
}

/* ---- head and tail ---- */

/* The lines before the capture, the time among them as a field where it is written the
 * way that dresses print. */
static int learn_lead(struct dress_learner *d, const struct buf *lead,
                      const struct pool_snapshot *s, struct err *e)
{
    const char *p = (const char *)lead->p;
    size_t n = lead->n;
    char when[WHEN_TEXT_MAX] = "";
    if (s->time.source == TIME_LINE && !s->time.zone_known && !s->time.ambiguous)
        (void)when_text(&s->time, when);
    const size_t len = strlen(when);
    for (size_t i = 0; len == 19 && i + len <= n; i++) {
        char sep = p[i + 10];
        if (memcmp(p + i, when, 10) != 0 || memcmp(p + i + 11, when + 11, 8) != 0 ||
            (sep != 'T' && sep != ' '))
            continue;
        TRY(literal(d, &d->head, p, i, e));
        TRY(field(&d->head, 'w', NULL, 0, e));
        TRY(buf_byte(&d->head, (uint8_t)sep, e));
        p += i + len;
        n -= i + len;
        break;
    }
    return n > 0 ? literal(d, &d->head, p, n, e) : 0;
}

int dress_start(struct dress_learner *d, const struct buf *lead, bool captioned,
                enum text_eol caption_eol, const struct pool_snapshot *s, struct err *e)
{
    struct dress_learner fresh = {.head = d->head, .tail = d->tail};
    fresh.head.n = fresh.tail.n = 0;
    for (size_t i = 0; i < FIGURES; i++)
        fresh.fig[i].least_0 = fresh.fig[i].least_1 = UINT32_MAX;
    *d = fresh;
    if (captioned) {
        TRY(field(&d->head, 'c', NULL, 0, e));
        TRY(buf_append(&d->head, ends[caption_eol], strlen(ends[caption_eol]), e));
    }
    return learn_lead(d, lead, s, e);
}

/* A total whose digits touch the colon shows no width: the narrowest known one serves,
 * so that captures of one machine get one template. */
static uint32_t total_width(const struct head_figure *f)
{
    static const uint8_t least[TOTALS] = {8, 8, 6, 5, 5, 7, 7, 7, 5, 5, 5, 5};
    uint32_t width = f->end - f->after_colon;
    return f->begin == f->after_colon && width > least[f->field] ? least[f->field]
                                                                 : width;
}

static int learn_totals(struct dress_learner *d, struct buf *to,
                        const struct text_line *l, const struct head_text *h,
                        struct err *e)
{
    size_t at = 0;
    for (size_t i = 0; i < h->n; i++) {
        const struct head_figure *f = &h->fig[i];
        const uint32_t v[2] = {f->field, total_width(f)};
        if (f->unknown || v[1] > WIDTH_MAX ||
            (l->p[f->begin] == '0' && f->end - f->begin > 1)) {
            d->lost = true;
            return 0;
        }
        TRY(literal(d, to, l->p + at, f->after_colon - at, e));
        TRY(field(to, 't', v, 2, e));
        at = f->end;
    }
    return literal(d, to, l->p + at, l->n - at, e);
}

int dress_line(struct dress_learner *d, const struct text_line *l,
               const struct head_text *h, struct err *e)
{
    if (d->lost)
        return 0;
    struct buf *to = d->rows > 0 ? &d->tail : &d->head;
    if (h != NULL)
        TRY(learn_totals(d, to, l, h, e));
    else
        TRY(literal(d, to, l->p, l->n, e));
    return literal(d, to, ends[l->eol], strlen(ends[l->eol]), e);
}

/* ---- rows ---- */

static void learn_width(struct field_shape *f, uint32_t width, uint32_t blanks)
{
    if (blanks >= 2) {
        f->clash |= f->exact != 0 && f->exact != width;
        f->exact = width;
    } else if (blanks == 1) {
        f->least_1 = width < f->least_1 ? width : f->least_1;
        f->most_1 = width > f->most_1 ? width : f->most_1;
    } else {
        f->least_0 = width < f->least_0 ? width : f->least_0;
    }
}

static bool plain_digits(const char *p, const struct figure_text *f)
{
    uint32_t first = f->begin + f->negative;
    if (f->unknown)
        return true;
    if (p[first] == '0')
        return f->end - first == 1 && !f->negative;
    return f->v <= INT64_MAX || !f->negative;
}

/* Figures in the order of the line; *at is where the last one ended. */
static bool learn_figures(struct dress_learner *d, const char *p, uint32_t n,
                          const struct row_text *r, uint32_t *at)
{
    for (size_t i = 0; i < FIGURES; i++) {
        bool change =
            i == FIG_ALLOCS_DELTA || i == FIG_FREES_DELTA || i == FIG_BYTES_DELTA;
        const struct figure_text *f = &r->fig[i];
        if (change && !r->deltas)
            continue;
        if (change) {
            if (n - *at < 3 || p[*at] != ' ' || p[*at + 1] != '(')
                return false;
            *at += 2;
        }
        if (f->begin < *at || !plain_digits(p, f))
            return false;
        learn_width(&d->fig[i], f->end - *at, f->begin - *at);
        *at = f->end;
        if (change && (*at == n || p[(*at)++] != ')'))
            return false;
    }
    return true;
}

static bool same_or_first(uint32_t *known, bool *seen, uint32_t v)
{
    if (*seen)
        return *known == v;
    *known = v;
    *seen = true;
    return true;
}

/* Mapped_Driver, or the blanks that stand where there is none. */
static bool learn_end(struct dress_learner *d, const struct text_line *l,
                      const struct row_text *r, uint32_t at)
{
    if (r->driver_n == 0)
        return same_or_first(&d->trail, &d->trail_seen, (uint32_t)l->n - at);
    return r->driver_at + r->driver_n == l->n &&
           same_or_first(&d->driver_gap, &d->driver_seen, r->driver_at - at);
}

bool dress_parted(const struct dress_learner *d)
{
    return d->tail.n > 0;
}

bool dress_row(struct dress_learner *d, const struct text_line *l,
               const struct row_text *r)
{
    const uint32_t n = (uint32_t)l->n;
    uint32_t at = r->type_at + 5;
    bool first = d->rows++ == 0;
    if (first) {
        d->lead = r->tag_at;
        d->gap = r->type_at - r->tag_at - 4;
        d->deltas = r->deltas;
    }
    bool ok = d->tail.n == 0 && r->tag_at == d->lead && at < n &&
              r->type_at - r->tag_at - 4 == d->gap && d->gap <= WIDTH_MAX &&
              memcmp(l->p + r->tag_at, r->tag.b, 4) == 0 &&
              learn_figures(d, l->p, n, r, &at) && learn_end(d, l, r, at);
    if (l->eol == EOL_NONE)
        d->open_end = true;
    else if (!d->eol_known)
        d->eol = l->eol;
    else
        ok = ok && d->eol == l->eol;
    d->eol_known = d->eol_known || l->eol != EOL_NONE;
    d->uneven |= !ok;
    d->lost |= !ok;
    return ok;
}

/* The blanks that are always there and the least width; false when no printing agrees
 * with all rows. */
static bool settle(const struct field_shape *f, uint32_t v[2])
{
    const bool glued = f->least_0 != UINT32_MAX;
    v[0] = glued ? 0 : 1;
    v[1] = f->exact;
    if (v[1] == 0)
        v[1] = !glued ? f->least_1 : f->most_1 != 0 ? f->most_1 : f->least_0;
    if (f->clash || v[1] > WIDTH_MAX)
        return false;
    if (!glued)
        return f->least_1 == UINT32_MAX || v[1] <= f->least_1;
    return v[1] <= f->least_0 &&
           (f->most_1 == 0 || (f->least_1 == v[1] && f->most_1 == v[1]));
}

bool dress_collapsed(const struct dress_learner *d)
{
    bool spare = false, clash = false;
    for (size_t i = 0; i < FIGURES; i++) {
        uint32_t v[2];
        const struct field_shape *f = &d->fig[i];
        const bool seen = f->exact != 0 || f->least_0 != UINT32_MAX || f->most_1 != 0;
        spare |= f->exact != 0;
        clash |= seen && !settle(f, v);
    }
    return d->rows > 0 && (d->uneven || clash || !spare);
}

static int row_template(struct dress_learner *d, struct buf *to, struct err *e)
{
    static const char names[FIGURES] = {'a', 'A', 'f', 'F', 'd', 'b', 'B', 'p'};
    TRY(buf_printf(to, e, "%*s", (int)d->lead, ""));
    TRY(field(to, 'T', NULL, 0, e));
    TRY(buf_printf(to, e, "%*s", (int)d->gap, ""));
    TRY(field(to, 'P', NULL, 0, e));
    for (size_t i = 0; i < FIGURES; i++) {
        bool change =
            i == FIG_ALLOCS_DELTA || i == FIG_FREES_DELTA || i == FIG_BYTES_DELTA;
        uint32_t v[2];
        if (change && !d->deltas)
            continue;
        if (!settle(&d->fig[i], v)) {
            d->lost = true;
            return 0;
        }
        if (change)
            TRY(buf_append(to, " (", 2, e));
        TRY(field(to, names[i], v, 2, e));
        if (change)
            TRY(buf_byte(to, ')', e));
    }
    const uint32_t v[2] = {d->driver_gap, d->trail};
    d->lost |= v[0] > WIDTH_MAX || v[1] > WIDTH_MAX;
    TRY(field(to, 'D', v, 2, e));
    const char *end = ends[d->eol_known ? d->eol : EOL_LF];
    return buf_append(to, end, strlen(end), e);
}

static int intern(struct pool_snapshot *s, const struct buf *b, uint32_t *at,
                  struct err *e)
{
    return pool_snapshot_intern(s, (const char *)b->p, b->n, at, e);
}

int dress_finish(struct dress_learner *d, struct pool_snapshot *s,
                 enum pool_encoding encoding, struct err *e)
{
    struct buf row = {0};
    s->dress = (struct pool_dress){.encoding = (uint8_t)encoding};
    if (d->lost || d->lead > WIDTH_MAX || (d->rows == 0 && d->head.n == 0))
        return 0;
    int r = 0;
    if (d->rows > 0)
        r = row_template(d, &row, e);
    if (r < 0 || d->lost)
        goto out;
    if (d->open_end)
        r = field(&d->tail, '-', NULL, 0, e);
    if (r >= 0)
        r = intern(s, &d->head, &s->dress.head, e);
    if (r >= 0)
        r = intern(s, &row, &s->dress.row, e);
    if (r >= 0)
        r = intern(s, &d->tail, &s->dress.tail, e);
    s->dress.verbatim = r >= 0;
out:
    buf_free(&row);
    return r;
}
