/* SPDX-License-Identifier: MIT */
/* The model as cells: names of the columns, and what stands in them. */
#include "formats/tidy/tidy.h"

#include <stdio.h>
#include <string.h>

#include "formats/ascii.h"
#include "formats/io/utf8.h"

static const struct {
    const char *name;
    enum tidy_part part;
} columns[TIDY_COLUMNS] = {
#define TIDY(id, name, part, meaning) {name, TIDY_OF_##part},
#include "formats/tidy/tidy.def"
#undef TIDY
};

_Static_assert(TIDY_COLUMNS <= 64, "a set of columns is one word");
_Static_assert(TIDY_PAGED_LIMIT - TIDY_MEMORY + 1 == TOTALS, "totals as in the model");

const char *tidy_name(enum tidy_column c)
{
    return columns[c].name;
}

enum tidy_part tidy_part(enum tidy_column c)
{
    return columns[c].part;
}

int tidy_find(const char *name, size_t n)
{
    for (int c = 0; c < TIDY_COLUMNS; c++)
        if (text_is(name, n, columns[c].name))
            return c;
    return -1;
}

void tidy_line_free(struct tidy_line *l)
{
    buf_free(&l->text);
}

/* ---- values ---- */

static void set_count(struct tidy_value *v, bool known, uint64_t u)
{
    v->kind = known ? TIDY_COUNT : TIDY_NULL;
    v->u = u;
}

static void set_delta(struct tidy_value *v, bool known, int64_t i)
{
    v->kind = known ? TIDY_DELTA : TIDY_NULL;
    v->i = i;
}

static void set_word(struct tidy_value *v, const char *word)
{
    v->kind = *word != '\0' ? TIDY_WORD : TIDY_NULL;
    v->text = word;
}

static void set_text(struct tidy_value *v, const struct pool_snapshot *s, uint32_t offset)
{
    v->kind = offset != 0 ? TIDY_TEXT : TIDY_NULL;
    v->text = pool_snapshot_str(s, offset);
}

/* A moment on the clock of the snapshot's own time. */
static void set_time(struct tidy_value *v, const struct pool_time *clock, int64_t ms)
{
    struct pool_time t = *clock;
    t.ms = ms;
    if (t.source == TIME_NONE)
        t.source = TIME_CAPTURE;
    set_word(v, when_text(&t, v->own));
}

static void set_zone(struct tidy_value *v, const struct pool_time *t)
{
    v->kind = TIDY_NULL;
    if (t->source == TIME_NONE || !t->zone_known)
        return;
    int minutes = t->zone_min < 0 ? -t->zone_min : t->zone_min;
    (void)snprintf(v->own, sizeof v->own, "%c%02d:%02d", t->zone_min < 0 ? '-' : '+',
                   minutes / 60, minutes % 60);
    set_word(v, t->zone_min == 0 ? "utc" : v->own);
}

static void time_value(struct tidy_value *v, enum tidy_column c,
                       const struct pool_time *t)
{
    static const char *const orders[] = {"", "dmy", "mdy"};
    v->kind = TIDY_NULL;
    if (c == TIDY_TIME_SOURCE)
        set_word(v, time_source_name(t->source));
    else if (t->source == TIME_NONE)
        return;
    else if (c == TIDY_TIME)
        set_time(v, t, t->ms);
    else if (c == TIDY_TIME_ZONE)
        set_zone(v, t);
    else if (c == TIDY_TIME_ORDER)
        set_word(v, orders[t->order]);
    else if (t->ambiguous)
        set_time(v, t, t->other_ms);
}

static void snapshot_value(struct tidy_value *v, enum tidy_column c,
                           const struct pool_snapshot *s, uint64_t nth)
{
    switch (c) {
    case TIDY_SNAPSHOT:
        set_count(v, true, nth);
        break;
    case TIDY_RECORD:
        set_word(v, pool_record_name(s->record));
        break;
    case TIDY_SOURCE:
        set_text(v, s, s->source);
        break;
    case TIDY_ORDINAL:
        set_count(v, s->ordinal > 0, s->ordinal);
        break;
    case TIDY_CAPTURE_LINE:
        set_count(v, s->line > 0, s->line);
        break;
    case TIDY_FORMAT:
        set_text(v, s, s->format);
        break;
    case TIDY_HOST:
        set_text(v, s, s->host);
        break;
    case TIDY_UPTIME:
        set_delta(v, s->uptime_s >= 0, s->uptime_s);
        break;
    case TIDY_SCOPE:
        pool_scope_text(s->scope, s->session, v->own);
        set_word(v, v->own);
        break;
    case TIDY_SESSION:
        set_count(v, s->scope == SCOPE_SESSION, s->session);
        break;
    case TIDY_COMPLETENESS:
        set_word(v, completeness_name(s->completeness));
        break;
    case TIDY_FACTS:
        set_text(v, s, s->facts);
        break;
    case TIDY_TIME:
    case TIDY_TIME_SOURCE:
    case TIDY_TIME_ZONE:
    case TIDY_TIME_ORDER:
    case TIDY_TIME_OTHER:
        time_value(v, c, &s->time);
        break;
    default:
        set_count(v, (s->totals.given >> (c - TIDY_MEMORY) & 1) != 0,
                  s->totals.v[c - TIDY_MEMORY]);
        break;
    }
}

static void row_value(struct tidy_value *v, enum tidy_column c,
                      const struct pool_snapshot *s, const struct pool_row *r)
{
    const unsigned f = r->fields;
    switch (c) {
    case TIDY_TAG:
        (void)tag_text(r->tag, v->own);
        set_word(v, v->own);
        break;
    case TIDY_TAG_HEX:
        tag_hex(r->tag, v->own);
        set_word(v, v->own);
        break;
    case TIDY_POOL:
        set_word(v, pool_kind_name((enum pool_kind)r->pool));
        break;
    case TIDY_ALLOCS:
        set_count(v, f & ROW_ALLOCS, r->allocs);
        break;
    case TIDY_FREES:
        set_count(v, f & ROW_FREES, r->frees);
        break;
    case TIDY_LIVE:
        set_count(v, f & ROW_LIVE, r->live);
        break;
    case TIDY_BYTES:
        set_count(v, f & ROW_BYTES, r->bytes);
        break;
    case TIDY_PER_ALLOC:
        set_count(v, f & ROW_PER_ALLOC, r->per_alloc);
        break;
    case TIDY_WIDTH:
        set_count(v, true, r->width);
        break;
    case TIDY_ALLOCS_DELTA:
        set_delta(v, f & ROW_ALLOCS_DELTA, r->allocs_delta);
        break;
    case TIDY_FREES_DELTA:
        set_delta(v, f & ROW_FREES_DELTA, r->frees_delta);
        break;
    case TIDY_BYTES_DELTA:
        set_delta(v, f & ROW_BYTES_DELTA, r->bytes_delta);
        break;
    case TIDY_MAPPED_DRIVER:
        set_text(v, s, r->driver);
        break;
    case TIDY_OWNER:
        set_text(v, s, r->owner);
        break;
    default:
        set_count(v, r->line > 0, r->line);
        break;
    }
}

static void event_value(struct tidy_value *v, enum tidy_column c,
                        const struct pool_snapshot *s, const struct pool_event *event)
{
    switch (c) {
    case TIDY_EVENT:
        set_text(v, s, event->code);
        break;
    case TIDY_EVENT_COUNT:
        set_count(v, true, event->count);
        break;
    case TIDY_EVENT_TIME:
        v->kind = TIDY_NULL;
        if (event->ms != INT64_MIN)
            set_time(v, &s->time, event->ms);
        break;
    case TIDY_EVENT_TEXT:
        set_text(v, s, event->text);
        break;
    default:
        set_count(v, event->line > 0, event->line);
        break;
    }
}

void tidy_get(struct tidy_value *v, enum tidy_column c, const struct pool_snapshot *s,
              uint64_t nth, const struct pool_row *row, const struct pool_event *event)
{
    const enum tidy_part part = columns[c].part;
    if (part == TIDY_OF_SNAPSHOT)
        snapshot_value(v, c, s, nth);
    else if (part == TIDY_OF_ROW && row != NULL)
        row_value(v, c, s, row);
    else if ((part == TIDY_OF_EVENT || c == TIDY_LINE) && event != NULL)
        event_value(v, c, s, event);
    else
        v->kind = TIDY_NULL;
}

/* ---- texts from outside ---- */

static bool plain(uint32_t c)
{
    return c >= 0x20 && c != '\\' && !(c >= 0x7f && c < 0xa0) && !utf8_misleads(c);
}

int tidy_escape(struct buf *out, const char *s, bool formulas, struct err *e)
{
    const bool formula = formulas && *s != '\0' && strchr("=+-@", *s) != NULL;
    const size_t n = strlen(s);
    for (size_t i = 0; i < n;) {
        uint32_t c = 0;
        size_t len = utf8_decode(s + i, n - i, &c);
        if (len > 0 && plain(c) && !(formula && i == 0)) {
            TRY(buf_append(out, s + i, len, e));
            i += len;
        } else if (c == '\\' || c == '\n') {
            TRY(buf_append(out, c == '\n' ? "\\n" : "\\\\", 2, e));
            i++;
        } else {
            for (size_t end = i + (len > 0 ? len : 1); i < end; i++)
                TRY(buf_printf(out, e, "\\x%02x", (unsigned)(uint8_t)s[i]));
        }
    }
    return 0;
}

int tidy_unescape(struct buf *out, const char *p, size_t n, struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        uint8_t c = (uint8_t)p[i];
        if (c == '\\' && n - i >= 4 && p[i + 1] == 'x' && ascii_own_hex(p[i + 2]) >= 0 &&
            ascii_own_hex(p[i + 3]) >= 0) {
            c = (uint8_t)(ascii_own_hex(p[i + 2]) << 4 | ascii_own_hex(p[i + 3]));
            i += 3;
        } else if (c == '\\' && n - i >= 2 && (p[i + 1] == '\\' || p[i + 1] == 'n')) {
            c = p[++i] == 'n' ? '\n' : '\\';
        }
        TRY(buf_byte(out, c, e));
    }
    return 0;
}
