/* SPDX-License-Identifier: MIT */
/* CSV as RFC 4180 has it: header, CR LF, quotes only where needed, "." as decimal mark.
 *
 * Text from outside that begins with = + - @ TAB or CR gets an apostrophe in front, since
 * spreadsheets would run it as a formula; numbers never do, and tag_hex is always exact.
 */
#include "cli/render/render.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/render/inert.h"
#include "formats/when.h"

#define LINE_END "\r\n"

struct line {
    struct sink *out;
    bool filled;
};

static void lead(struct line *l)
{
    if (l->filled)
        sink_write(l->out, ",", 1);
    l->filled = true;
}

static void end_line(struct line *l)
{
    sink_puts(l->out, LINE_END);
    l->filled = false;
}

static void none(struct line *l)
{
    lead(l);
}

static void text(struct line *l, const char *s)
{
    lead(l);
    if (s == NULL || *s == '\0')
        return;
    bool formula = strchr("=+-@\t\r", *s) != NULL;
    bool quote = strpbrk(s, ",\"\r\n") != NULL || *s == ' ' || s[strlen(s) - 1] == ' ';
    if (quote)
        sink_write(l->out, "\"", 1);
    if (formula)
        sink_write(l->out, "'", 1);
    for (size_t n = strlen(s); n > 0;) {
        char shown[INERT_MAX];
        size_t written, step = inert_step(s, n, shown, &written);
        if (*s == '"')
            sink_write(l->out, "\"", 1);
        sink_write(l->out, shown, written);
        s += step;
        n -= step;
    }
    if (quote)
        sink_write(l->out, "\"", 1);
}

/* A word of our own: needs neither quotes nor care. */
static void word(struct line *l, const char *s)
{
    lead(l);
    sink_puts(l->out, s);
}

static void u64(struct line *l, bool known, uint64_t v)
{
    lead(l);
    if (known)
        sink_printf(l->out, "%" PRIu64, v);
}

static void i64(struct line *l, bool known, int64_t v)
{
    lead(l);
    if (known)
        sink_printf(l->out, "%" PRId64, v);
}

static void real(struct line *l, double v)
{
    lead(l);
    if (!isfinite(v))
        return;
    char s[40];
    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(s, sizeof s, "%.*g", digits, v == 0 ? 0 : v);
        if (strtod(s, NULL) == v)
            break;
    }
    sink_puts(l->out, s);
}

static void time_cell(struct line *l, const struct pool_time *t)
{
    char iso[WHEN_TEXT_MAX];
    word(l, t->source == TIME_NONE ? "" : when_text(t, iso));
}

static void tag_cells(struct line *l, struct pool_tag t)
{
    char tag[TAG_TEXT_MAX], hex[TAG_HEX_MAX];
    (void)tag_text(t, tag);
    tag_hex(t, hex);
    text(l, tag);
    word(l, hex);
}

static void header(struct render *r, const char *names)
{
    sink_puts(r->out, names);
    sink_puts(r->out, LINE_END);
}

/* ---- show: one table, of rows; of events or totals when one such record is shown ----
 */

static int show_begin(struct render *r)
{
    r->count = 0; /* no header yet */
    return 0;
}

static void show_header(struct render *r, enum pool_record kind)
{
    if (r->count++ > 0)
        return;
    if (kind == RECORD_EVENTS) {
        header(r, "source,snapshot,host,time,code,count,text,line");
    } else if (kind == RECORD_TOTALS) {
        sink_puts(r->out, "source,snapshot,host,time,time_source");
        for (int i = 0; i < TOTALS; i++)
            sink_printf(r->out, ",%s", total_name((enum total_field)i));
        sink_puts(r->out, LINE_END);
    } else {
        header(r, "source,snapshot,host,time,time_source,scope,completeness,tag,tag_hex,"
                  "pool,allocs,frees,live,bytes,per_alloc,allocs_delta,frees_delta,"
                  "bytes_delta,mapped_driver,owner,owner_source");
    }
}

static int show_end(struct render *r)
{
    show_header(r, RECORD_CAPTURE);
    return 0;
}

static void source_cells(struct line *l, const struct pool_snapshot *s,
                         const struct pool_time *t)
{
    text(l, pool_snapshot_str(s, s->source));
    u64(l, true, s->ordinal);
    text(l, pool_snapshot_str(s, s->host));
    time_cell(l, t);
}

static void show_event(struct line *l, const struct pool_snapshot *s,
                       const struct pool_event *v)
{
    struct pool_time t = event_time(s, v);
    source_cells(l, s, &t);
    text(l, pool_snapshot_str(s, v->code));
    u64(l, true, v->count);
    text(l, pool_snapshot_str(s, v->text));
    u64(l, v->line > 0, v->line);
    end_line(l);
}

static void show_totals(struct line *l, const struct pool_snapshot *s)
{
    source_cells(l, s, &s->time);
    word(l, time_source_name(s->time.source));
    for (int i = 0; i < TOTALS; i++)
        u64(l, s->totals.given & 1u << i, s->totals.v[i]);
    end_line(l);
}

static void owner_cells(struct line *l, struct owner o)
{
    text(l, o.text);
    text(l, o.source);
}

static void show_row(struct line *l, const struct show_view *v, uint32_t index)
{
    const struct pool_snapshot *s = v->s;
    const struct pool_row *w = &s->rows[index];
    char scope[24];
    unsigned f = w->fields;
    pool_scope_text(s->scope, s->session, scope);
    source_cells(l, s, &s->time);
    word(l, time_source_name(s->time.source));
    word(l, scope);
    word(l, completeness_name(s->completeness));
    tag_cells(l, w->tag);
    word(l, pool_kind_name((enum pool_kind)w->pool));
    u64(l, f & ROW_ALLOCS, w->allocs);
    u64(l, f & ROW_FREES, w->frees);
    u64(l, f & ROW_LIVE, w->live);
    u64(l, f & ROW_BYTES, w->bytes);
    u64(l, f & ROW_PER_ALLOC, w->per_alloc);
    i64(l, f & ROW_ALLOCS_DELTA, w->allocs_delta);
    i64(l, f & ROW_FREES_DELTA, w->frees_delta);
    i64(l, f & ROW_BYTES_DELTA, w->bytes_delta);
    text(l, pool_snapshot_str(s, w->driver));
    owner_cells(l, owner_at(v->owners, index));
    end_line(l);
}

static int show_one(struct render *r, const struct show_view *v)
{
    struct line l = {.out = r->out};
    const struct pool_snapshot *s = v->s;
    size_t top = r->o->top;
    show_header(r, v->of > 0 ? s->record : RECORD_CAPTURE);
    if (v->of > 0 && s->record == RECORD_TOTALS)
        show_totals(&l, s);
    for (size_t i = 0; v->of > 0 && i < s->n_events && (top == 0 || i < top); i++)
        show_event(&l, s, &s->events[i]);
    for (size_t i = 0; i < v->n_order && (top == 0 || i < top); i++)
        show_row(&l, v, v->order[i]);
    return 0;
}

static int info(struct render *r, const struct info_input *v, size_t n)
{
    header(r, "source,format,compressed,snapshots,rows,hosts,first_time,last_time,"
              "time_source,boots,completeness,bytes,notes,error,totals_records,"
              "events_records,events");
    struct line l = {.out = r->out};
    for (size_t i = 0; i < n; i++) {
        uint64_t notes = 0;
        for (int c = 0; v[i].notes != NULL && c < NOTE_CODES; c++)
            notes += v[i].notes->seen[c];
        text(&l, v[i].source);
        text(&l, v[i].format);
        text(&l, v[i].compressed);
        u64(&l, true, v[i].snapshots);
        u64(&l, true, v[i].rows);
        u64(&l, true, v[i].n_hosts);
        time_cell(&l, &v[i].first_time);
        time_cell(&l, &v[i].last_time);
        word(&l, time_source_name(v[i].first_time.source));
        u64(&l, v[i].snapshots > 0, v[i].boots);
        word(&l, v[i].snapshots > 0 ? completeness_name(v[i].completeness) : "");
        u64(&l, true, v[i].bytes);
        u64(&l, true, notes);
        text(&l, v[i].error);
        u64(&l, true, v[i].records[RECORD_TOTALS]);
        u64(&l, true, v[i].records[RECORD_EVENTS]);
        u64(&l, true, v[i].events != NULL ? v[i].events->lines : 0);
        end_line(&l);
    }
    return 0;
}

static int diff(struct render *r, const struct diff_view *v)
{
    static const char *const states[] = {"both", "new", "gone"};
    header(r, "tag,tag_hex,pool,state,old_bytes,new_bytes,bytes_change,live_change,"
              "allocs_change,frees_change,bytes_per_hour,freed,bytes_per_new_alloc,owner,"
              "owner_source");
    struct line l = {.out = r->out};
    size_t top = r->o->top;
    for (size_t i = 0; i < v->n_order && (top == 0 || i < top); i++) {
        const struct diff_row *w = &v->d->rows[v->order[i]];
        tag_cells(&l, w->tag);
        word(&l, pool_kind_name((enum pool_kind)w->pool));
        word(&l, states[w->state]);
        u64(&l, w->old_known, w->old_bytes);
        u64(&l, w->new_known, w->new_bytes);
        i64(&l, w->old_known && w->new_known, w->bytes_change);
        i64(&l, w->has_live, w->live_change);
        i64(&l, w->has_allocs, w->allocs_change);
        i64(&l, w->has_frees, w->frees_change);
        real(&l, w->bytes_per_hour);
        real(&l, w->freed);
        real(&l, w->bytes_per_new_alloc);
        owner_cells(&l, owner_at(v->owners, v->order[i]));
        end_line(&l);
    }
    return 0;
}

static void started(struct line *l, const struct rank_view *v, double hours)
{
    if (v->from.source == TIME_NONE || !isfinite(hours)) {
        none(l);
        return;
    }
    struct pool_time t = v->from;
    t.ms = v->origin_ms + (int64_t)round(hours * 3600e3);
    time_cell(l, &t);
}

static void rank_factors(struct line *l, const struct rank_tag *t)
{
    real(l, t->quality);
    real(l, t->straightness);
    real(l, t->line_fit);
    real(l, t->spread);
    real(l, t->directness);
    real(l, t->recency);
    real(l, t->quiet);
    real(l, t->pace);
    real(l, t->rising);
    i64(l, true, t->steps);
    i64(l, true, t->steps_rising);
}

static void rank_row(struct line *l, const struct rank_view *v, uint32_t index)
{
    const struct rank_tag *t = &v->r->tags[index];
    const char *confidence = confidence_name(t->confidence);
    text(l, v->host);
    word(l, v->scope);
    u64(l, true, (uint64_t)index + 1);
    tag_cells(l, t->tag);
    word(l, pool_kind_name((enum pool_kind)t->pool));
    word(l, verdict_name(t->verdict));
    word(l, confidence != NULL ? confidence : "");
    real(l, t->score);
    u64(l, t->bytes_known, t->bytes);
    u64(l, t->live_known, t->live);
    real(l, round(t->growth_bytes));
    real(l, t->bytes_per_hour);
    real(l, t->bytes_per_hour_low);
    real(l, t->bytes_per_hour_high);
    real(l, t->share_of_growth);
    real(l, t->share_of_pool);
    rank_factors(l, t);
    real(l, t->freed);
    real(l, t->bytes_per_new_alloc);
    i64(l, true, t->boots_growing);
    i64(l, true, t->boots_seen);
    started(l, v, t->started_h);
    owner_cells(l, owner_at(v->owners, index));
    end_line(l);
}

static int rank(struct render *r, const struct rank_view *v, size_t n_hosts,
                bool complete)
{
    (void)complete;
    header(r, "host,scope,rank,tag,tag_hex,pool,verdict,confidence,score,bytes,live,"
              "growth_bytes,bytes_per_hour,bytes_per_hour_low,bytes_per_hour_high,"
              "share_of_growth,share_of_pool,quality,straightness,line_fit,spread,"
              "directness,recency,quiet,pace,rising,steps,steps_rising,freed,"
              "bytes_per_new_alloc,boots_growing,boots_seen,started,owner,owner_source");
    struct line l = {.out = r->out};
    size_t top = r->o->top;
    for (size_t h = 0; h < n_hosts; h++)
        for (size_t i = 0; i < v[h].n_order && (top == 0 || i < top); i++)
            rank_row(&l, &v[h], v[h].order[i]);
    return 0;
}

static int formats(struct render *r, const struct format *table)
{
    header(r, "name,title,suffixes,read,write");
    struct line l = {.out = r->out};
    for (const struct format *f = table; f->name != NULL; f++) {
        text(&l, f->name);
        text(&l, f->title);
        text(&l, f->suffixes);
        word(&l, f->binary != NULL || f->text != NULL ? "true" : "false");
        word(&l, f->writer != NULL ? "true" : "false");
        end_line(&l);
    }
    return 0;
}

const struct renderer render_csv = {
    .name = "csv",
    .show_begin = show_begin,
    .show_one = show_one,
    .show_end = show_end,
    .info = info,
    .diff = diff,
    .rank = rank,
    .formats = formats,
};
