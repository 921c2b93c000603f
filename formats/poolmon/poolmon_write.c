/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/poolmon/dress.h"
#include "formats/poolmon/poolmon.h"
#include "formats/poolmon/poolmon_layout.h"
#include "formats/text/caption.h"

struct writer {
    struct sink *out; /* borrowed */
    struct writer_opts opts;
    uint8_t encoding; /* enum pool_encoding of the whole output: the first capture's */
    bool begun;
    bool open_line; /* the output ends in mid-line */
    struct buf text, encoded;
    struct pool_snapshot plain; /* a copy to print in our own layout */
};

static int begin(void **ctx, struct sink *out, const struct writer_opts *o, struct err *e)
{
    struct writer *w = calloc(1, sizeof *w);
    if (w == NULL)
        return err_nomem(e);
    w->out = out;
    w->opts = *o;
    *ctx = w;
    return 0;
}

static void close_writer(void *ctx)
{
    struct writer *w = ctx;
    buf_free(&w->text);
    buf_free(&w->encoded);
    pool_snapshot_free(&w->plain);
    free(w);
}

/* ---- our own layout ---- */

/* A header line, unless none of its figures is known; an unknown one is `-`. */
static int head_line(struct buf *b, const struct pool_totals *t, const char *const *keys,
                     const uint8_t *fields, const uint8_t *widths, struct err *e)
{
    bool any = false;
    for (size_t i = 0; i < 5; i++)
        any |= (t->given & 1u << fields[i]) != 0;
    if (!any)
        return 0;
    for (size_t i = 0; i < 5; i++) {
        const uint8_t f = fields[i];
        char figure[24] = "-";
        if (t->given & 1u << f)
            (void)snprintf(figure, sizeof figure, "%llu", (unsigned long long)t->v[f]);
        TRY(buf_printf(b, e, "%s%*s%s", keys[i], (int)widths[i], figure,
                       f == TOTAL_PAGE_FAULTS ? "" : "K"));
    }
    return buf_byte(b, '\n', e);
}

static int head(struct buf *b, const struct pool_snapshot *s,
                const struct pool_layout *layout, bool drivers, struct err *e)
{
    static const char *const memory_keys[] = {
        " Memory:", " Avail:", "  PageFlts:", "   InRam Krnl:", " P:"};
    static const uint8_t memory_fields[] = {TOTAL_MEMORY_KIB, TOTAL_AVAIL_KIB,
                                            TOTAL_PAGE_FAULTS, TOTAL_INRAM_KERNEL_KIB,
                                            TOTAL_INRAM_PAGED_KIB};
    static const uint8_t memory_widths[] = {8, 8, 6, 5, 5};
    static const char *const commit_keys[] = {
        " Commit:", " Limit:", " Peak:", "            Pool N:", " P:"};
    static const uint8_t commit_fields[] = {TOTAL_COMMIT_KIB, TOTAL_LIMIT_KIB,
                                            TOTAL_PEAK_KIB, TOTAL_NONPAGED_KIB,
                                            TOTAL_PAGED_KIB};
    static const uint8_t commit_widths[] = {7, 7, 7, 5, 5};
    TRY(head_line(b, &s->totals, memory_keys, memory_fields, memory_widths, e));
    TRY(head_line(b, &s->totals, commit_keys, commit_fields, commit_widths, e));
    if (s->scope == SCOPE_ALL_SESSIONS)
        TRY(buf_printf(b, e, " All sessions pool information\n"));
    else if (s->scope == SCOPE_SESSION)
        TRY(buf_printf(b, e, " Session %u pool information\n", (unsigned)s->session));
    else if (layout->deltas)
        TRY(buf_printf(b, e, " System pool information\n"));
    return buf_printf(b, e, "%s%s\n\n", layout->columns, drivers ? " Mapped_Driver" : "");
}

/* Steps over one character of UTF-8; a byte that begins none stands for itself. */
static uint32_t next_char(const uint8_t *p, size_t n, size_t *i)
{
    const uint8_t c = p[(*i)++];
    const size_t more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc2 ? 1 : 0;
    if (more == 0 || n - *i < more)
        return c;
    uint32_t v = c & (0x3fu >> more);
    for (size_t k = 0; k < more; k++) {
        if ((p[*i + k] & 0xc0) != 0x80)
            return c;
        v = v << 6 | (p[*i + k] & 0x3fu);
    }
    *i += more;
    return v;
}

/* What would bend a line: a control byte in a tag, or in a text of a stranger's archive.
 */
static void straighten(struct pool_snapshot *s)
{
    for (size_t i = 1; i < s->strings.n; i++)
        if (s->strings.p[i] != 0 && s->strings.p[i] < 0x20)
            s->strings.p[i] = ' ';
    for (size_t i = 0; i < s->n_rows; i++)
        for (size_t k = 0; k < 4; k++) {
            uint8_t *c = &s->rows[i].tag.b[k];
            if (*c < 0x20 || *c == 0x7f)
                *c = *c == 0 ? ' ' : '.';
        }
}

/* Rows in our own layout, as UTF-8: a byte of a tag from 80 on becomes the character of
 * that number, and so does a byte elsewhere that is no UTF-8. */
static int put_rows(struct writer *w, struct err *e)
{
    struct buf raw = {0};
    int r = dress_render(&w->plain, &raw, e);
    size_t column = 0;
    for (size_t i = 0; r >= 0 && i < raw.n;) {
        const size_t from = i;
        const bool tag = column >= 1 && column < 5;
        uint32_t c = tag ? raw.p[i++] : next_char(raw.p, raw.n, &i);
        column = c == '\n' ? 0 : column + 1;
        if (c < 0x80 || i - from > 1) {
            r = buf_append(&w->text, raw.p + from, i - from, e);
        } else {
            const uint8_t two[2] = {(uint8_t)(0xc0 | c >> 6),
                                    (uint8_t)(0x80 | (c & 0x3f))};
            r = buf_append(&w->text, two, 2, e);
        }
    }
    buf_free(&raw);
    return r;
}

static int put_plain(struct writer *w, const struct pool_snapshot *s, struct err *e)
{
    bool deltas = false, drivers = false;
    for (size_t i = 0; i < s->n_rows; i++) {
        deltas |= (s->rows[i].fields &
                   (ROW_ALLOCS_DELTA | ROW_FREES_DELTA | ROW_BYTES_DELTA)) != 0;
        drivers |= s->rows[i].driver != 0;
    }
    const struct pool_layout *layout = deltas ? pool_layout_screen : pool_layout_snapshot;
    TRY(head(&w->text, s, layout, drivers, e));
    if (s->n_rows == 0)
        return 0;
    TRY(pool_snapshot_copy(&w->plain, s, e));
    straighten(&w->plain);
    struct buf row = {0};
    int r = pool_layout_template(layout, &row, e);
    w->plain.dress = (struct pool_dress){.verbatim = true};
    if (r >= 0)
        r = pool_snapshot_intern(&w->plain, (const char *)row.p, row.n,
                                 &w->plain.dress.row, e);
    buf_free(&row);
    return r < 0 ? r : put_rows(w, e);
}

/* ---- encodings ---- */

static int put_unit(struct buf *to, unsigned u, bool big, struct err *e)
{
    const uint8_t two[2] = {(uint8_t)(big ? u >> 8 : u), (uint8_t)(big ? u : u >> 8)};
    return buf_append(to, two, 2, e);
}

static int to_utf16(struct buf *to, const struct buf *from, bool big, struct err *e)
{
    for (size_t i = 0; i < from->n;) {
        uint32_t c = next_char(from->p, from->n, &i);
        if (c >= 0x10000 && c <= 0x10ffff) {
            TRY(put_unit(to, 0xd800 | ((c - 0x10000) >> 10), big, e));
            TRY(put_unit(to, 0xdc00 | ((c - 0x10000) & 0x3ff), big, e));
        } else {
            TRY(put_unit(to, c & 0xffff, big, e));
        }
    }
    return 0;
}

/* Sends the text in the encoding of the output, its mark in front of the very first. */
static int send(struct writer *w, struct err *e)
{
    const uint8_t enc = w->encoding;
    const bool big = enc == ENC_UTF16BE || enc == ENC_UTF16BE_MARK;
    const bool little = enc == ENC_UTF16LE || enc == ENC_UTF16LE_MARK;
    if (!w->begun && enc == ENC_UTF8_MARK)
        sink_write(w->out, "\xef\xbb\xbf", 3);
    if (!w->begun && (enc == ENC_UTF16LE_MARK || enc == ENC_UTF16BE_MARK))
        sink_write(w->out, big ? "\xfe\xff" : "\xff\xfe", 2);
    w->begun = true;
    if (w->text.n > 0)
        w->open_line = w->text.p[w->text.n - 1] != '\n';
    if (!big && !little) {
        sink_write(w->out, w->text.p, w->text.n);
        return 0;
    }
    w->encoded.n = 0;
    TRY(to_utf16(&w->encoded, &w->text, big, e));
    sink_write(w->out, w->encoded.p, w->encoded.n);
    return 0;
}

/* ---- one snapshot ---- */

/* True when only a caption can say what is known beside the figures. */
static bool caption_wanted(const struct writer *w, const struct pool_snapshot *s,
                           bool verbatim)
{
    const bool more = s->host != 0 || s->uptime_s >= 0;
    if (!verbatim)
        return w->opts.many || more || s->time.source != TIME_NONE ||
               s->completeness > COMPLETE_SCREEN;
    if (!w->opts.many || dress_has_caption(s))
        return false;
    return more || (s->time.source != TIME_NONE && !dress_tells_time(s)) ||
           s->dress.head == 0;
}

static bool crlf(const struct pool_snapshot *s)
{
    return strstr(pool_snapshot_str(s, s->dress.head), "\r\n") != NULL ||
           strstr(pool_snapshot_str(s, s->dress.row), "\r\n") != NULL;
}

static int snapshot(void *ctx, const struct pool_snapshot *s, struct err *e)
{
    struct writer *w = ctx;
    const bool verbatim = w->opts.verbatim && s->dress.verbatim &&
                          (!dress_tells_time(s) || s->time.source == TIME_LINE);
    const char *end = verbatim && crlf(s) ? "\r\n" : "\n";
    w->text.n = 0;
    if (!w->begun)
        w->encoding = verbatim ? s->dress.encoding : (uint8_t)ENC_PLAIN;
    if (w->open_line)
        TRY(buf_printf(&w->text, e, "%s", end));
    if (caption_wanted(w, s, verbatim)) {
        TRY(caption_write(&w->text, s, e));
        TRY(buf_printf(&w->text, e, "%s", end));
    }
    TRY(verbatim ? dress_render(s, &w->text, e) : put_plain(w, s, e));
    return send(w, e);
}

static int end(void *ctx, struct err *e)
{
    (void)ctx;
    (void)e;
    return 0;
}

const struct format_writer poolmon_writer = {
    .begin = begin,
    .snapshot = snapshot,
    .end = end,
    .close = close_writer,
};
