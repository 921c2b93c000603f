/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "formats/poolmon/dress.h"
#include "formats/text/caption.h"
#include "formats/when.h"

enum { PARTS_MAX = 48, FIGURE_ROOM = 100 };

/* One piece of a row template: literal text, or a field. */
struct part {
    char field; /* 0 = literal */
    uint8_t a, b;
    const char *p;
    size_t n;
};

static int broken(struct err *e)
{
    return err_set(e, ERR_FORMAT, "a layout template is damaged");
}

static bool parameter(char c, uint8_t *v)
{
    if (c < '0' || c > '~')
        return false;
    *v = (uint8_t)(c - '0');
    return true;
}

/* Splits a row template; its number of parts, or an error. */
static int compile(const char *t, struct part *parts, struct err *e)
{
    int n = 0;
    bool driver = false; /* at most one, so that a row's room is known */
    while (*t != '\0') {
        if (n == PARTS_MAX)
            return broken(e);
        struct part *q = &parts[n++];
        *q = (struct part){.p = t};
        if (*t != '\x01') {
            q->n = strcspn(t, "\x01");
            t += q->n;
            continue;
        }
        q->field = t[1];
        if (t[1] == 'D' && driver)
            return broken(e);
        driver |= t[1] == 'D';
        if (t[1] == 'T' || t[1] == 'P') {
            t += 2;
            continue;
        }
        if (t[1] == '\0' || strchr("afdbpAFBD", t[1]) == NULL ||
            !parameter(t[2], &q->a) || !parameter(t[3], &q->b))
            return broken(e);
        t += 4;
    }
    return n;
}

/* Writes v in decimal so that it ends at `end`; returns where it begins. */
static uint8_t *decimal(uint8_t *end, uint64_t v)
{
    do {
        *--end = (uint8_t)('0' + v % 10);
        v /= 10;
    } while (v > 0);
    return end;
}

/* `blanks` blanks, then the figure, right-aligned so that both fill `width`. */
static uint8_t *put_figure(uint8_t *to, uint8_t blanks, uint8_t width, bool given,
                           uint64_t v, bool negative)
{
    uint8_t text[24];
    uint8_t *end = text + sizeof text;
    uint8_t *from = given ? decimal(end, v) : end;
    if (!given || negative)
        *--from = '-';
    size_t n = (size_t)(end - from);
    size_t pad = n + blanks < width ? width - n : blanks;
    memset(to, ' ', pad);
    memcpy(to + pad, from, n);
    return to + pad + n;
}

static uint8_t *put_change(uint8_t *to, const struct part *q, bool given, int64_t v)
{
    uint64_t u = v < 0 ? ~(uint64_t)v + 1 : (uint64_t)v;
    return put_figure(to, q->a, q->b, given, u, v < 0);
}

static uint8_t *put_part(uint8_t *to, const struct part *q, const struct pool_row *r)
{
    static const char types[POOL_KINDS][6] = {"Nonp ", "Paged", "?    "};
    const unsigned f = r->fields;
    switch (q->field) {
    case '\0':
        memcpy(to, q->p, q->n);
        return to + q->n;
    case 'T':
        memcpy(to, r->tag.b, 4);
        return to + 4;
    case 'P':
        memcpy(to, types[r->pool], 5);
        return to + 5;
    case 'a':
        return put_figure(to, q->a, q->b, f & ROW_ALLOCS, r->allocs, false);
    case 'f':
        return put_figure(to, q->a, q->b, f & ROW_FREES, r->frees, false);
    case 'd':
        return put_figure(to, q->a, q->b, f & ROW_LIVE, r->live, false);
    case 'b':
        return put_figure(to, q->a, q->b, f & ROW_BYTES, r->bytes, false);
    case 'p':
        return put_figure(to, q->a, q->b, f & ROW_PER_ALLOC, r->per_alloc, false);
    case 'A':
        return put_change(to, q, f & ROW_ALLOCS_DELTA, r->allocs_delta);
    case 'F':
        return put_change(to, q, f & ROW_FREES_DELTA, r->frees_delta);
    default:
        return put_change(to, q, f & ROW_BYTES_DELTA, r->bytes_delta);
    }
}

static int render_rows(const struct pool_snapshot *s, struct buf *out, struct err *e)
{
    struct part parts[PARTS_MAX];
    const char *t = pool_snapshot_str(s, s->dress.row);
    int n = compile(t, parts, e);
    if (n < 0)
        return n;
    const size_t room = strlen(t) + (size_t)n * FIGURE_ROOM;
    for (size_t i = 0; i < s->n_rows; i++) {
        const struct pool_row *r = &s->rows[i];
        const char *driver = pool_snapshot_str(s, r->driver);
        const size_t driver_n = r->driver != 0 ? strlen(driver) : 0;
        TRY(buf_reserve(out, room + driver_n, e));
        uint8_t *to = out->p + out->n;
        for (int k = 0; k < n; k++) {
            if (parts[k].field != 'D') {
                to = put_part(to, &parts[k], r);
                continue;
            }
            const uint8_t blanks = driver_n > 0 ? parts[k].a : parts[k].b;
            memset(to, ' ', blanks);
            memcpy(to + blanks, driver, driver_n);
            to += blanks + driver_n;
        }
        out->n = (size_t)(to - out->p);
    }
    return 0;
}

static int render_time(const struct pool_snapshot *s, char sep, struct buf *out,
                       struct err *e)
{
    char text[WHEN_TEXT_MAX];
    struct pool_time t = s->time;
    t.zone_known = false;
    if (strlen(when_text(&t, text)) < 19)
        return broken(e);
    text[10] = sep;
    return buf_append(out, text, 19, e);
}

static int render_total(const struct pool_snapshot *s, char field, char width,
                        struct buf *out, struct err *e)
{
    uint8_t f, w;
    if (!parameter(field, &f) || !parameter(width, &w) || f >= TOTALS ||
        !(s->totals.given & 1u << f))
        return broken(e);
    TRY(buf_reserve(out, FIGURE_ROOM, e));
    uint8_t *to = out->p + out->n;
    out->n = (size_t)(put_figure(to, 0, w, true, s->totals.v[f], false) - out->p);
    return 0;
}

/* Takes the line end off that was printed last. */
static void open_end(struct buf *out)
{
    if (out->n > 0 && out->p[out->n - 1] == '\n')
        out->n--;
    while (out->n > 0 && out->p[out->n - 1] == '\r')
        out->n--;
}

/* What stands before and behind the rows. */
static int render_frame(const struct pool_snapshot *s, const char *t, struct buf *out,
                        struct err *e)
{
    while (*t != '\0') {
        size_t n = strcspn(t, "\x01");
        TRY(buf_append(out, t, n, e));
        t += n;
        if (*t == '\0')
            break;
        switch (t[1]) {
        case 'w':
            if (t[2] == '\0')
                return broken(e);
            TRY(render_time(s, t[2], out, e));
            t += 3;
            break;
        case 't':
            if (t[2] == '\0')
                return broken(e);
            TRY(render_total(s, t[2], t[3], out, e));
            t += 4;
            break;
        case 'c':
            TRY(caption_write(out, s, e));
            t += 2;
            break;
        case '-':
            open_end(out);
            t += 2;
            break;
        default:
            return broken(e);
        }
    }
    return 0;
}

int dress_render(const struct pool_snapshot *s, struct buf *out, struct err *e)
{
    if (!s->dress.verbatim)
        return err_set(e, ERR_BUG, "this capture has no layout to render");
    TRY(render_frame(s, pool_snapshot_str(s, s->dress.head), out, e));
    if (s->dress.row != 0)
        TRY(render_rows(s, out, e));
    return render_frame(s, pool_snapshot_str(s, s->dress.tail), out, e);
}

bool dress_tells_time(const struct pool_snapshot *s)
{
    return strstr(pool_snapshot_str(s, s->dress.head), "\x01"
                                                       "w") != NULL;
}

bool dress_has_caption(const struct pool_snapshot *s)
{
    return strstr(pool_snapshot_str(s, s->dress.head), "\x01"
                                                       "c") != NULL;
}
