/* SPDX-License-Identifier: MIT */
/* The two writers of tidy tables: the same cells, once between commas, once as JSON. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "formats/io/jsonw.h"
#include "formats/tidy/tidy.h"

struct writer {
    struct sink *out; /* borrowed */
    struct jsonw *json;
    uint64_t snapshots;
    struct buf text;
    int (*line)(struct writer *w, const struct pool_snapshot *s,
                const struct pool_row *row, const struct pool_event *event,
                struct err *e);
};

static void close_writer(void *ctx)
{
    struct writer *w = ctx;
    jsonw_free(w->json);
    buf_free(&w->text);
    free(w);
}

static int end(void *ctx, struct err *e)
{
    (void)ctx;
    (void)e;
    return 0;
}

static int snapshot(void *ctx, const struct pool_snapshot *s, struct err *e)
{
    struct writer *w = ctx;
    w->snapshots++;
    for (size_t i = 0; i < s->n_rows; i++)
        TRY(w->line(w, s, &s->rows[i], NULL, e));
    for (size_t i = 0; i < s->n_events; i++)
        TRY(w->line(w, s, NULL, &s->events[i], e));
    return s->n_rows == 0 && s->n_events == 0 ? w->line(w, s, NULL, NULL, e) : 0;
}

/* ---- CSV ---- */

/* A text between commas: in quotes where it needs them. */
static void csv_text(struct sink *out, const char *p, size_t n)
{
    bool quote = n > 0 && (p[0] == ' ' || p[n - 1] == ' ' || memchr(p, ',', n) != NULL ||
                           memchr(p, '"', n) != NULL);
    if (!quote) {
        sink_write(out, p, n);
        return;
    }
    sink_write(out, "\"", 1);
    for (size_t i = 0; i < n; i++) {
        sink_write(out, p + i, 1);
        if (p[i] == '"')
            sink_write(out, "\"", 1);
    }
    sink_write(out, "\"", 1);
}

/* Words are ours but for the tag, which could begin as a formula does; nobody reads it
 * back: tag_hex is beside it. */
static int csv_word(struct writer *w, enum tidy_column c, const char *text, struct err *e)
{
    w->text.n = 0;
    if (c == TIDY_TAG && strchr("=+-@", *text) != NULL)
        TRY(buf_printf(&w->text, e, "\\x%02x%s", (unsigned)(uint8_t)*text, text + 1));
    else
        TRY(buf_append(&w->text, text, strlen(text), e));
    csv_text(w->out, (const char *)w->text.p, w->text.n);
    return 0;
}

static int csv_line(struct writer *w, const struct pool_snapshot *s,
                    const struct pool_row *row, const struct pool_event *event,
                    struct err *e)
{
    struct tidy_value v;
    for (int c = 0; c < TIDY_COLUMNS; c++) {
        if (c > 0)
            sink_write(w->out, ",", 1);
        tidy_get(&v, (enum tidy_column)c, s, w->snapshots, row, event);
        if (v.kind == TIDY_COUNT)
            sink_printf(w->out, "%" PRIu64, v.u);
        else if (v.kind == TIDY_DELTA)
            sink_printf(w->out, "%" PRId64, v.i);
        else if (v.kind == TIDY_WORD)
            TRY(csv_word(w, (enum tidy_column)c, v.text, e));
        if (v.kind != TIDY_TEXT)
            continue;
        w->text.n = 0;
        TRY(tidy_escape(&w->text, v.text, true, e));
        csv_text(w->out, (const char *)w->text.p, w->text.n);
    }
    sink_write(w->out, "\n", 1);
    return 0;
}

static int csv_begin(void **ctx, struct sink *out, const struct writer_opts *o,
                     struct err *e)
{
    (void)o;
    struct writer *w = calloc(1, sizeof *w);
    if (w == NULL)
        return err_nomem(e);
    w->out = out;
    w->line = csv_line;
    for (int c = 0; c < TIDY_COLUMNS; c++) {
        sink_puts(out, c > 0 ? "," : "");
        sink_puts(out, tidy_name((enum tidy_column)c));
    }
    sink_write(out, "\n", 1);
    *ctx = w;
    return 0;
}

const struct format_writer csv_writer = {
    .keeps_all = true,
    .begin = csv_begin,
    .snapshot = snapshot,
    .end = end,
    .close = close_writer,
};

/* ---- JSON lines ---- */

static int json_line(struct writer *w, const struct pool_snapshot *s,
                     const struct pool_row *row, const struct pool_event *event,
                     struct err *e)
{
    struct tidy_value v;
    jsonw_object(w->json, NULL);
    for (int c = 0; c < TIDY_COLUMNS; c++) {
        const char *key = tidy_name((enum tidy_column)c);
        tidy_get(&v, (enum tidy_column)c, s, w->snapshots, row, event);
        switch (v.kind) {
        case TIDY_NULL:
            jsonw_null(w->json, key);
            break;
        case TIDY_COUNT:
            jsonw_u64(w->json, key, v.u);
            break;
        case TIDY_DELTA:
            jsonw_i64(w->json, key, v.i);
            break;
        case TIDY_WORD:
            jsonw_string(w->json, key, v.text);
            break;
        case TIDY_TEXT:
            w->text.n = 0;
            TRY(tidy_escape(&w->text, v.text, false, e));
            jsonw_string_n(w->json, key, (const char *)w->text.p, w->text.n);
            break;
        }
    }
    jsonw_end_object(w->json);
    jsonw_end(w->json);
    return 0;
}

static int json_begin(void **ctx, struct sink *out, const struct writer_opts *o,
                      struct err *e)
{
    (void)o;
    struct writer *w = calloc(1, sizeof *w);
    if (w == NULL)
        return err_nomem(e);
    w->out = out;
    w->line = json_line;
    int r = jsonw_new(&w->json, out, e);
    if (r < 0) {
        close_writer(w);
        return r;
    }
    *ctx = w;
    return 0;
}

const struct format_writer jsonl_writer = {
    .keeps_all = true,
    .begin = json_begin,
    .snapshot = snapshot,
    .end = end,
    .close = close_writer,
};
