/* SPDX-License-Identifier: MIT */
/* Machine output as tables, one a call: show, info, diff, rank, formats. */
#include <math.h>

#include "cli/render/checks/checks.h"
#include "cli/render/machine/csv_line.h"
#include "cli/render/tags_view.h"

/* ---- show: one table, of rows; where the call shows one record of events or totals, of
 * those ---- */

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
        csv_header(r, "source,snapshot,host,time,code,count,text,line");
    } else if (kind == RECORD_TOTALS) {
        sink_puts(r->out, "source,snapshot,host,time,time_source");
        for (int i = 0; i < TOTALS; i++)
            sink_printf(r->out, ",%s", total_name((enum total_field)i));
        sink_puts(r->out, CSV_LINE_END);
    } else {
        csv_header(r,
                   "source,snapshot,host,time,time_source,scope,completeness,tag,tag_hex,"
                   "pool,allocs,frees,live,bytes,per_alloc,allocs_delta,frees_delta,"
                   "bytes_delta,mapped_driver,owner,owner_source");
    }
}

static int show_end(struct render *r)
{
    show_header(r, RECORD_CAPTURE);
    return 0;
}

static void source_cells(struct csv_line *l, const struct pool_snapshot *s,
                         const struct pool_time *t)
{
    csv_text(l, pool_snapshot_str(s, s->source));
    csv_u64(l, true, s->ordinal);
    csv_text(l, pool_snapshot_str(s, s->host));
    csv_time(l, t);
}

static void show_event(struct csv_line *l, const struct pool_snapshot *s,
                       const struct pool_event *v)
{
    struct pool_time t = event_time(s, v);
    source_cells(l, s, &t);
    csv_text(l, pool_snapshot_str(s, v->code));
    csv_u64(l, true, v->count);
    csv_text(l, pool_snapshot_str(s, v->text));
    csv_u64(l, v->line > 0, v->line);
    csv_end(l);
}

static void show_totals(struct csv_line *l, const struct pool_snapshot *s)
{
    source_cells(l, s, &s->time);
    csv_word(l, time_source_name(s->time.source));
    for (int i = 0; i < TOTALS; i++)
        csv_u64(l, s->totals.given & 1u << i, s->totals.v[i]);
    csv_end(l);
}

static void owner_cells(struct csv_line *l, struct owner o)
{
    csv_text(l, o.text);
    csv_text(l, o.source);
}

static void show_row(struct csv_line *l, const struct show_view *v, uint32_t index)
{
    const struct pool_snapshot *s = v->s;
    const struct pool_row *w = &s->rows[index];
    char scope[24];
    unsigned f = w->fields;
    pool_scope_text(s->scope, s->session, scope);
    source_cells(l, s, &s->time);
    csv_word(l, time_source_name(s->time.source));
    csv_word(l, scope);
    csv_word(l, completeness_name(s->completeness));
    csv_tag(l, w->tag);
    csv_word(l, pool_kind_name((enum pool_kind)w->pool));
    csv_u64(l, f & ROW_ALLOCS, w->allocs);
    csv_u64(l, f & ROW_FREES, w->frees);
    csv_u64(l, f & ROW_LIVE, w->live);
    csv_u64(l, f & ROW_BYTES, w->bytes);
    csv_u64(l, f & ROW_PER_ALLOC, w->per_alloc);
    csv_i64(l, f & ROW_ALLOCS_DELTA, w->allocs_delta);
    csv_i64(l, f & ROW_FREES_DELTA, w->frees_delta);
    csv_i64(l, f & ROW_BYTES_DELTA, w->bytes_delta);
    csv_text(l, pool_snapshot_str(s, w->driver));
    owner_cells(l, owner_at(v->owners, index));
    csv_end(l);
}

static int show_one(struct render *r, const struct show_view *v)
{
    struct csv_line l = {.out = r->out};
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
    csv_header(r, "source,format,compressed,snapshots,rows,hosts,first_time,last_time,"
                  "time_source,boots,completeness,bytes,notes,error,totals_records,"
                  "events_records,events");
    struct csv_line l = {.out = r->out};
    for (size_t i = 0; i < n; i++) {
        uint64_t notes = 0;
        for (int c = 0; v[i].notes != NULL && c < NOTE_CODES; c++)
            notes += v[i].notes->seen[c];
        csv_text(&l, v[i].source);
        csv_text(&l, v[i].format);
        csv_text(&l, v[i].compressed);
        csv_u64(&l, true, v[i].snapshots);
        csv_u64(&l, true, v[i].rows);
        csv_u64(&l, true, v[i].n_hosts);
        csv_time(&l, &v[i].first_time);
        csv_time(&l, &v[i].last_time);
        csv_word(&l, time_source_name(v[i].first_time.source));
        csv_u64(&l, v[i].snapshots > 0, v[i].boots);
        csv_word(&l, v[i].snapshots > 0 ? completeness_name(v[i].completeness) : "");
        csv_u64(&l, true, v[i].bytes);
        csv_u64(&l, true, notes);
        csv_text(&l, v[i].error);
        csv_u64(&l, true, v[i].records[RECORD_TOTALS]);
        csv_u64(&l, true, v[i].records[RECORD_EVENTS]);
        csv_u64(&l, true, v[i].events != NULL ? v[i].events->lines : 0);
        csv_end(&l);
    }
    return 0;
}

#define DIFF_COLUMNS                                                                     \
    "tag,tag_hex,pool,state,old_bytes,new_bytes,bytes_change,live_change,"               \
    "allocs_change,frees_change,bytes_per_hour,freed,bytes_per_new_alloc,owner,"         \
    "owner_source"

static int diff(struct render *r, const struct diff_view *v)
{
    csv_header(r, v->still != NULL ? DIFF_COLUMNS ",newer_bytes,kept" : DIFF_COLUMNS);
    struct csv_line l = {.out = r->out};
    size_t top = r->o->top;
    for (size_t i = 0; i < v->n_order && (top == 0 || i < top); i++) {
        const struct diff_row *w = &v->d->rows[v->order[i]];
        csv_tag(&l, w->tag);
        csv_word(&l, pool_kind_name((enum pool_kind)w->pool));
        csv_word(&l, diff_state_name((enum diff_state)w->state));
        csv_u64(&l, w->old_known, w->old_bytes);
        csv_u64(&l, w->new_known, w->new_bytes);
        csv_i64(&l, w->old_known && w->new_known, w->bytes_change);
        csv_i64(&l, w->has_live, w->live_change);
        csv_i64(&l, w->has_allocs, w->allocs_change);
        csv_i64(&l, w->has_frees, w->frees_change);
        csv_real(&l, w->bytes_per_hour);
        csv_real(&l, w->freed);
        csv_real(&l, w->bytes_per_new_alloc);
        owner_cells(&l, owner_at(v->owners, v->order[i]));
        if (v->still != NULL) {
            csv_u64(&l, w->newer_known, w->newer_bytes);
            csv_real(&l, w->kept);
        }
        csv_end(&l);
    }
    return 0;
}

static void started(struct csv_line *l, const struct rank_view *v, double hours)
{
    if (v->from.source == TIME_NONE || !isfinite(hours)) {
        csv_none(l);
        return;
    }
    struct pool_time t = v->from;
    t.ms = v->origin_ms + (int64_t)round(hours * 3600e3);
    csv_time(l, &t);
}

static void rank_factors(struct csv_line *l, const struct rank_tag *t)
{
    csv_real(l, t->quality);
    csv_real(l, t->straightness);
    csv_real(l, t->line_fit);
    csv_real(l, t->spread);
    csv_real(l, t->directness);
    csv_real(l, t->recency);
    csv_real(l, t->quiet);
    csv_real(l, t->pace);
    csv_real(l, t->rising);
    csv_i64(l, true, t->steps);
    csv_i64(l, true, t->steps_rising);
}

static void tempo_cells(struct csv_line *l, const struct tempo *t)
{
    csv_real(l, t->mean);
    csv_real(l, t->low);
    csv_real(l, t->high);
}

static void change_cells(struct csv_line *l, const struct tag_change *c)
{
    const char *reason = change_reason_name(c->reason);
    tempo_cells(l, &c->now);
    tempo_cells(l, &c->then);
    csv_real(l, c->added);
    csv_word(l, change_name(c->change));
    csv_word(l, reason != NULL ? reason : "");
}

static void rank_row(struct csv_line *l, const struct rank_view *v, uint32_t index)
{
    const struct rank_tag *t = &v->r->tags[index];
    const char *confidence = confidence_name(t->confidence);
    csv_text(l, v->host);
    csv_word(l, v->scope);
    csv_u64(l, true, (uint64_t)index + 1);
    csv_tag(l, t->tag);
    csv_word(l, pool_kind_name((enum pool_kind)t->pool));
    csv_word(l, verdict_name(t->verdict));
    csv_word(l, confidence != NULL ? confidence : "");
    csv_real(l, t->score);
    csv_u64(l, t->bytes_known, t->bytes);
    csv_u64(l, t->live_known, t->live);
    csv_real(l, round(t->growth_bytes));
    csv_real(l, t->bytes_per_hour);
    csv_real(l, t->bytes_per_hour_low);
    csv_real(l, t->bytes_per_hour_high);
    csv_real(l, t->share_of_growth);
    csv_real(l, t->share_of_pool);
    rank_factors(l, t);
    csv_real(l, t->freed);
    csv_real(l, t->bytes_per_new_alloc);
    csv_i64(l, true, t->boots_growing);
    csv_i64(l, true, t->boots_seen);
    started(l, v, t->started_h);
    owner_cells(l, owner_at(v->owners, index));
    csv_u64(l, t->cohort > 0, t->cohort);
    csv_word(l, role_name(t->role));
    if (v->baseline != NULL)
        change_cells(l, &v->baseline->b->tags[index]);
    csv_end(l);
}

static int rank(struct render *r, struct rank_hosts *h)
{
    sink_puts(r->out,
              "host,scope,rank,tag,tag_hex,pool,verdict,confidence,score,bytes,live,"
              "growth_bytes,bytes_per_hour,bytes_per_hour_low,bytes_per_hour_high,"
              "share_of_growth,share_of_pool,quality,straightness,line_fit,spread,"
              "directness,recency,quiet,pace,rising,steps,steps_rising,freed,"
              "bytes_per_new_alloc,boots_growing,boots_seen,started,owner,owner_source,"
              "cohort,role");
    if (h->baseline)
        sink_puts(r->out, ",compared_bytes_per_hour,compared_bytes_per_hour_low,"
                          "compared_bytes_per_hour_high,baseline_bytes_per_hour,"
                          "baseline_bytes_per_hour_low,baseline_bytes_per_hour_high,"
                          "added_bytes_per_hour,change,change_reason");
    sink_puts(r->out, CSV_LINE_END);
    struct csv_line l = {.out = r->out};
    const struct rank_view *v;
    size_t top = r->o->top;
    int more;
    while ((more = h->next(h->ctx, &v, r->e)) > 0)
        for (size_t i = 0; i < v->n_order && (top == 0 || i < top); i++)
            rank_row(&l, v, v->order[i]);
    return more;
}

static int formats(struct render *r, const struct format *table)
{
    csv_header(r, "name,title,suffixes,read,write");
    struct csv_line l = {.out = r->out};
    for (const struct format *f = table; f->name != NULL; f++) {
        csv_text(&l, f->name);
        csv_text(&l, f->title);
        csv_text(&l, f->suffixes);
        csv_word(&l, f->binary != NULL || f->text != NULL ? "true" : "false");
        csv_word(&l, f->writer != NULL ? "true" : "false");
        csv_end(&l);
    }
    return 0;
}

const struct renderer render_csv = {
    .name = "csv",
    .show_begin = show_begin,
    .show_one = show_one,
    .show_end = show_end,
    .show_history = csv_history,
    .info = info,
    .diff = diff,
    .rank = rank,
    .formats = formats,
    .check = check_csv,
    .tags = csv_tags,
};
