/* SPDX-License-Identifier: MIT */
/* Machine output: show, info, formats, and what all documents share.  The key names are
 * a promise: they may be added to, never renamed. */
#include "cli/render/machine/json.h"

#include <stdio.h>
#include <string.h>

#include "cli/render/checks/checks.h"
#include "cli/render/machine/rank_fields.h"
#include "cli/render/tags_view.h"
#include "formats/when.h"

int json_begin(struct render *r, const char *command)
{
    TRY(jsonw_new(&r->json, r->out, r->e));
    char schema[64];
    (void)snprintf(schema, sizeof schema, "poolsift.%s/1", command);
    jsonw_object(r->json, NULL);
    jsonw_string(r->json, "schema", schema);
    return 0;
}

void json_end(struct render *r)
{
    jsonw_end_object(r->json);
    jsonw_end(r->json);
    jsonw_free(r->json);
    r->json = NULL;
}

void json_tag(struct jsonw *j, struct pool_tag t)
{
    char text[TAG_TEXT_MAX], hex[TAG_HEX_MAX];
    size_t n = tag_text(t, text);
    tag_hex(t, hex);
    jsonw_string_n(j, "tag", text, n);
    jsonw_string(j, "tag_hex", hex);
}

void json_time(struct jsonw *j, const char *key, const struct pool_time *t)
{
    char text[WHEN_TEXT_MAX];
    json_text(j, key, t->source == TIME_NONE ? "" : when_text(t, text));
}

void json_zone(struct jsonw *j, const struct pool_time *t)
{
    if (t->source == TIME_NONE || !t->zone_known) {
        jsonw_null(j, "time_zone");
        return;
    }
    if (t->zone_min == 0) {
        jsonw_string(j, "time_zone", "utc");
        return;
    }
    int minutes = t->zone_min < 0 ? -t->zone_min : t->zone_min;
    char zone[16];
    (void)snprintf(zone, sizeof zone, "%c%02d:%02d", t->zone_min < 0 ? '-' : '+',
                   minutes / 60, minutes % 60);
    jsonw_string(j, "time_zone", zone);
}

void json_source(struct jsonw *j, const struct pool_time *t)
{
    jsonw_string(j, "time_source", time_source_name(t->source));
}

void json_note_items(struct jsonw *j, const struct note_list *l)
{
    for (size_t i = 0; l != NULL && i < l->n; i++) {
        const struct note *n = &l->v[i];
        jsonw_object(j, NULL);
        jsonw_string(j, "code", note_name(n->code));
        jsonw_string(j, "severity", note_severity_name(note_severity(n->code)));
        json_u64_if(j, "line", n->line > 0, n->line);
        jsonw_string(j, "text", note_text(l, n));
        jsonw_end_object(j);
    }
}

void json_notes(struct jsonw *j, const struct note_list *l)
{
    jsonw_array(j, "notes");
    json_note_items(j, l);
    jsonw_end_array(j);
}

void json_text(struct jsonw *j, const char *key, const char *s)
{
    jsonw_string(j, key, s == NULL || *s == '\0' ? NULL : s);
}

void json_owner(struct jsonw *j, struct owner o)
{
    jsonw_string(j, "owner", o.text);
    jsonw_string(j, "owner_source", o.source);
    json_verified(j, "owner_verified", &o);
    jsonw_string(j, "role", role_name(o.role));
    json_container(j, "container", o.role);
}

void json_container(struct jsonw *j, const char *key, enum role r)
{
    if (r == ROLE_UNKNOWN)
        jsonw_null(j, key);
    else
        jsonw_bool(j, key, r == ROLE_CONTAINER);
}

void json_verified(struct jsonw *j, const char *key, const struct owner *o)
{
    if (o->text == NULL)
        jsonw_null(j, key);
    else
        jsonw_bool(j, key, !o->unverified);
}

void json_u64_if(struct jsonw *j, const char *key, bool known, uint64_t v)
{
    if (known)
        jsonw_u64(j, key, v);
    else
        jsonw_null(j, key);
}

void json_i64_if(struct jsonw *j, const char *key, bool known, int64_t v)
{
    if (known)
        jsonw_i64(j, key, v);
    else
        jsonw_null(j, key);
}

static int show_begin(struct render *r)
{
    TRY(json_begin(r, "show"));
    jsonw_array(r->json, "snapshots");
    return 0;
}

static int show_end(struct render *r)
{
    jsonw_end_array(r->json);
    json_end(r);
    return 0;
}

static void session(struct jsonw *j, const struct pool_snapshot *s)
{
    if (s->scope == SCOPE_SESSION)
        jsonw_u64(j, "session", s->session);
    else
        jsonw_string(j, "session", s->scope == SCOPE_ALL_SESSIONS ? "all" : NULL);
}

static void show_row(struct jsonw *j, const struct show_view *v, uint32_t index)
{
    const struct pool_snapshot *s = v->s;
    const struct pool_row *w = &s->rows[index];
    unsigned f = w->fields;
    jsonw_object(j, NULL);
    json_tag(j, w->tag);
    jsonw_string(j, "pool", pool_kind_name((enum pool_kind)w->pool));
    session(j, s);
    json_u64_if(j, "allocs", f & ROW_ALLOCS, w->allocs);
    json_u64_if(j, "frees", f & ROW_FREES, w->frees);
    json_u64_if(j, "live", f & ROW_LIVE, w->live);
    json_u64_if(j, "bytes", f & ROW_BYTES, w->bytes);
    json_u64_if(j, "per_alloc", f & ROW_PER_ALLOC, w->per_alloc);
    json_i64_if(j, "allocs_delta", f & ROW_ALLOCS_DELTA, w->allocs_delta);
    json_i64_if(j, "frees_delta", f & ROW_FREES_DELTA, w->frees_delta);
    json_i64_if(j, "bytes_delta", f & ROW_BYTES_DELTA, w->bytes_delta);
    json_text(j, "mapped_driver", pool_snapshot_str(s, w->driver));
    json_owner(j, owner_at(v->owners, index));
    json_u64_if(j, "line", w->line > 0, w->line);
    jsonw_end_object(j);
}

static void show_totals(struct jsonw *j, const struct pool_totals *t)
{
    jsonw_object(j, "totals");
    for (int i = 0; i < TOTALS; i++)
        json_u64_if(j, total_name((enum total_field)i), t->given & 1u << i, t->v[i]);
    jsonw_end_object(j);
}

static void show_limits(struct jsonw *j, const struct show_view *v)
{
    jsonw_object(j, "limits");
    for (int k = POOL_NONPAGED; k <= POOL_PAGED; k++) {
        jsonw_object(j, pool_kind_name((enum pool_kind)k));
        json_limit(j, &v->limits[k]);
        jsonw_end_object(j);
    }
    jsonw_end_object(j);
}

static void show_events(struct jsonw *j, const struct pool_snapshot *s)
{
    jsonw_array(j, "events");
    for (size_t i = 0; i < s->n_events; i++) {
        const struct pool_event *v = &s->events[i];
        struct pool_time t = event_time(s, v);
        jsonw_object(j, NULL);
        json_time(j, "time", &t);
        json_text(j, "code", pool_snapshot_str(s, v->code));
        jsonw_u64(j, "count", v->count);
        json_text(j, "text", pool_snapshot_str(s, v->text));
        json_u64_if(j, "line", v->line > 0, v->line);
        jsonw_end_object(j);
    }
    jsonw_end_array(j);
}

void json_event_sum(struct jsonw *j, const struct event_sum *v)
{
    fields_write(j, NULL, event_sum_fields, v);
}

void json_facts(struct jsonw *j, const char *p)
{
    jsonw_object(j, "facts");
    while (*p != '\0') {
        size_t n = strcspn(p, "\n"), key = strcspn(p, "=\n");
        char name[64];
        (void)snprintf(name, sizeof name, "%.*s", key < sizeof name ? (int)key : 63, p);
        if (key < n)
            jsonw_string_n(j, name, p + key + 1, n - key - 1);
        p += n + (p[n] != '\0');
    }
    jsonw_end_object(j);
}

static int show_one(struct render *r, const struct show_view *v)
{
    struct jsonw *j = r->json;
    const struct pool_snapshot *s = v->s;
    char scope[24];
    pool_scope_text(s->scope, s->session, scope);
    jsonw_object(j, NULL);
    jsonw_string(j, "source", pool_snapshot_str(s, s->source));
    json_u64_if(j, "line", s->line > 0, s->line);
    jsonw_u64(j, "ordinal", s->ordinal);
    jsonw_string(j, "record", pool_record_name(s->record));
    json_text(j, "format", pool_snapshot_str(s, s->format));
    json_text(j, "host", pool_snapshot_str(s, s->host));
    json_time(j, "time", &s->time);
    json_source(j, &s->time);
    json_zone(j, &s->time);
    json_i64_if(j, "uptime_s", s->uptime_s >= 0, s->uptime_s);
    jsonw_string(j, "scope", scope);
    jsonw_string(j, "completeness", completeness_name(s->completeness));
    show_totals(j, &s->totals);
    show_limits(j, v);
    json_facts(j, pool_snapshot_str(s, s->facts));
    jsonw_u64(j, "rows_total", s->n_rows);
    jsonw_array(j, "rows");
    size_t top = r->o->top;
    for (size_t i = 0; i < v->n_order && (top == 0 || i < top); i++)
        show_row(j, v, v->order[i]);
    jsonw_end_array(j);
    jsonw_array(j, "cohorts");
    for (size_t i = 0; i < v->n_cohorts; i++) {
        jsonw_object(j, NULL);
        fields_write(j, NULL, cohort_fields, &v->cohorts[i]);
        jsonw_end_object(j);
    }
    jsonw_end_array(j);
    show_events(j, s);
    json_notes(j, &s->notes);
    jsonw_end_object(j);
    return 0;
}

static void info_input(struct jsonw *j, const struct info_input *v)
{
    bool read = v->snapshots > 0;
    jsonw_object(j, NULL);
    jsonw_string(j, "source", v->source);
    jsonw_string(j, "format", v->format);
    jsonw_string(j, "compressed", v->compressed);
    jsonw_u64(j, "snapshots", v->snapshots);
    jsonw_u64(j, "rows", v->rows);
    jsonw_object(j, "records");
    for (int k = 0; k <= RECORD_EVENTS; k++)
        jsonw_u64(j, pool_record_name((enum pool_record)k), v->records[k]);
    jsonw_end_object(j);
    jsonw_array(j, "events");
    for (size_t i = 0; v->events != NULL && i < v->events->n; i++) {
        jsonw_object(j, NULL);
        json_event_sum(j, &v->events->v[i]);
        jsonw_end_object(j);
    }
    jsonw_end_array(j);
    jsonw_array(j, "hosts");
    for (size_t i = 0; i < v->n_hosts; i++)
        json_text(j, NULL, v->hosts[i]);
    jsonw_end_array(j);
    json_time(j, "first_time", &v->first_time);
    json_time(j, "last_time", &v->last_time);
    json_source(j, &v->first_time);
    json_zone(j, &v->first_time);
    json_u64_if(j, "boots", read, v->boots);
    jsonw_string(j, "completeness", read ? completeness_name(v->completeness) : NULL);
    jsonw_u64(j, "bytes", v->bytes);
    jsonw_string(j, "error", v->error);
    json_notes(j, v->notes);
    jsonw_end_object(j);
}

static int info(struct render *r, const struct info_input *v, size_t n)
{
    TRY(json_begin(r, "info"));
    jsonw_array(r->json, "inputs");
    for (size_t i = 0; i < n; i++)
        info_input(r->json, &v[i]);
    jsonw_end_array(r->json);
    json_end(r);
    return 0;
}

static int formats(struct render *r, const struct format *table)
{
    TRY(json_begin(r, "formats"));
    struct jsonw *j = r->json;
    jsonw_array(j, "formats");
    for (const struct format *f = table; f->name != NULL; f++) {
        jsonw_object(j, NULL);
        jsonw_string(j, "name", f->name);
        jsonw_string(j, "title", f->title);
        json_text(j, "suffixes", f->suffixes);
        jsonw_bool(j, "read", f->binary != NULL || f->text != NULL);
        jsonw_bool(j, "write", f->writer != NULL);
        jsonw_end_object(j);
    }
    jsonw_end_array(j);
    json_end(r);
    return 0;
}

const struct renderer render_json = {
    .name = "json",
    .show_begin = show_begin,
    .show_one = show_one,
    .show_end = show_end,
    .show_history = json_history,
    .info = info,
    .diff = json_diff,
    .rank = json_rank,
    .formats = formats,
    .check = check_json,
    .tags = json_tags,
};
