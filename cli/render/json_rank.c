/* SPDX-License-Identifier: MIT */
#include "cli/render/json.h"

#include <stdlib.h>
#include <string.h>

#include "cli/render/words.h"

/* An empty list that a later part of the product fills: readers can rely on the key. */
static void no_items(struct jsonw *j, const char *key)
{
    jsonw_array(j, key);
    jsonw_end_array(j);
}

static void series_time(struct jsonw *j, const char *key, const struct rank_view *v,
                        double hours)
{
    if (v->from.source == TIME_NONE || !isfinite(hours)) {
        jsonw_null(j, key);
        return;
    }
    struct pool_time t = v->from;
    t.ms = v->origin_ms + (int64_t)round(hours * 3600e3);
    json_time(j, key, &t);
}

static void boots(struct jsonw *j, const struct rank_view *v)
{
    jsonw_array(j, "boots");
    for (size_t i = 0; i < v->r->n_boots; i++) {
        const struct rank_boot *b = &v->r->boots[i];
        jsonw_object(j, NULL);
        series_time(j, "start", v, b->start_h);
        series_time(j, "end", v, b->end_h);
        jsonw_u64(j, "snapshots", b->last - b->first + 1);
        jsonw_end_object(j);
    }
    jsonw_end_array(j);
}

/* Bytes are integers in machine output, also where a fitted line gave them. */
static int64_t whole(double bytes)
{
    return isfinite(bytes) && fabs(bytes) < 9e18 ? (int64_t)round(bytes) : 0;
}

static void pool(struct jsonw *j, enum pool_kind k, const struct rank_pool *p)
{
    bool limit = p->limit_bytes > 0;
    jsonw_object(j, pool_kind_name(k));
    json_u64_if(j, "bytes", p->known, p->bytes);
    jsonw_string(j, "bytes_source",
                 !p->known        ? NULL
                 : p->from_header ? "header"
                                  : "rows");
    json_u64_if(j, "limit_bytes", limit, p->limit_bytes);
    jsonw_string(j, "limit_source",
                 !limit                ? NULL
                 : p->limit_of_capture ? "capture"
                                       : "option");
    no_items(j, "limit_candidates");
    jsonw_i64(j, "growth_bytes", whole(p->growth_bytes));
    jsonw_double(j, "bytes_per_hour", p->bytes_per_hour);
    jsonw_double(j, "exhausted_in_h", p->exhausted_in_h);
    jsonw_double(j, "exhausted_in_h_low", p->exhausted_in_h_low);
    jsonw_double(j, "exhausted_in_h_high", p->exhausted_in_h_high);
    jsonw_string(j, "forecast_refused", p->forecast_refused);
    jsonw_end_object(j);
}

static void session(struct jsonw *j, const char *scope)
{
    static const char one[] = "session:";
    if (strncmp(scope, one, sizeof one - 1) == 0)
        jsonw_u64(j, "session", strtoul(scope + sizeof one - 1, NULL, 10));
    else
        jsonw_string(j, "session", strcmp(scope, "all-sessions") == 0 ? "all" : NULL);
}

static void evidence(struct jsonw *j, const struct evidence *v)
{
    struct phrase p;
    phrase_start(&p, false);
    words_evidence(&p, v);
    jsonw_object(j, NULL);
    jsonw_string(j, "code", evidence_name(v->code));
    jsonw_string(j, "text", p.s);
    for (int i = 0; i < EVIDENCE_VALUES; i++) {
        const char *key = evidence_key(v->code, i);
        if (key != NULL)
            jsonw_double(j, key, v->v[i]);
    }
    jsonw_end_object(j);
}

static void factors(struct jsonw *j, const struct rank_tag *t)
{
    jsonw_double(j, "quality", t->quality);
    jsonw_double(j, "straightness", t->straightness);
    jsonw_double(j, "line_fit", t->line_fit);
    jsonw_double(j, "spread", t->spread);
    jsonw_double(j, "directness", t->directness);
    jsonw_double(j, "recency", t->recency);
    jsonw_double(j, "quiet", t->quiet);
    jsonw_double(j, "room", t->room);
    jsonw_double(j, "pace", t->pace);
    jsonw_bool(j, "judged_on_quiet", t->judged_on_quiet);
    jsonw_double(j, "rising", t->rising);
    jsonw_i64(j, "steps", t->steps);
    jsonw_i64(j, "steps_rising", t->steps_rising);
}

static void figures(struct jsonw *j, const struct rank_tag *t)
{
    json_u64_if(j, "bytes", t->bytes_known, t->bytes);
    json_u64_if(j, "live", t->live_known, t->live);
    jsonw_i64(j, "growth_bytes", whole(t->growth_bytes));
    jsonw_double(j, "bytes_per_hour", t->bytes_per_hour);
    jsonw_double(j, "bytes_per_hour_low", t->bytes_per_hour_low);
    jsonw_double(j, "bytes_per_hour_high", t->bytes_per_hour_high);
    jsonw_double(j, "share_of_growth", t->share_of_growth);
    jsonw_double(j, "share_of_pool", t->share_of_pool);
    jsonw_string(j, "share_basis",
                 isnan(t->share_of_pool) ? NULL
                 : t->share_of_header    ? "header"
                                         : "rows");
}

static void tag(struct jsonw *j, const struct rank_view *v, uint32_t index)
{
    const struct rank_tag *t = &v->r->tags[index];
    jsonw_object(j, NULL);
    jsonw_u64(j, "rank", (uint64_t)index + 1);
    json_tag(j, t->tag);
    jsonw_string(j, "pool", pool_kind_name((enum pool_kind)t->pool));
    session(j, v->scope);
    jsonw_string(j, "verdict", verdict_name(t->verdict));
    jsonw_string(j, "confidence", confidence_name(t->confidence));
    jsonw_double(j, "score", t->score);
    figures(j, t);
    factors(j, t);
    jsonw_double(j, "freed", t->freed);
    jsonw_double(j, "bytes_per_new_alloc", t->bytes_per_new_alloc);
    jsonw_i64(j, "boots_growing", t->boots_growing);
    jsonw_i64(j, "boots_seen", t->boots_seen);
    series_time(j, "started", v, t->started_h);
    jsonw_i64(j, "bytes_change", t->bytes_change);
    jsonw_i64(j, "live_change", t->live_change);
    json_i64_if(j, "bytes_delta", t->has_bytes_delta, t->bytes_delta);
    jsonw_bool(j, "wrapped", t->wrapped);
    jsonw_null(j, "cohort");
    jsonw_string(j, "role", "unknown");
    json_owner(j, owner_at(v->owners, index));
    jsonw_null(j, "container");
    jsonw_array(j, "evidence");
    for (int i = 0; i < t->n_evidence; i++)
        evidence(j, &t->evidence[i]);
    jsonw_end_array(j);
    jsonw_end_object(j);
}

static void event(struct jsonw *j, const struct rank_event *x)
{
    jsonw_object(j, NULL);
    json_event_sum(j, x->sum);
    jsonw_bool(j, "joined", x->joined);
    jsonw_string(j, "pool", x->pool_known ? pool_kind_name(x->pool) : NULL);
    json_u64_if(j, "pool_bytes", x->pool_known, x->bytes);
    json_time(j, "pool_time", &x->pool_time);
    jsonw_end_object(j);
}

static void host(struct render *r, const struct rank_view *v)
{
    struct jsonw *j = r->json;
    const struct rank_result *d = v->r;
    jsonw_object(j, NULL);
    jsonw_string(j, "host", v->host);
    jsonw_string(j, "scope", v->scope);
    jsonw_u64(j, "snapshots", d->snapshots);
    boots(j, v);
    json_time(j, "from", &v->from);
    json_time(j, "to", &v->to);
    json_zone(j, &v->from);
    json_source(j, &v->from);
    jsonw_double(j, "hours", d->hours);
    jsonw_object(j, "pools");
    pool(j, POOL_NONPAGED, &d->pools[POOL_NONPAGED]);
    pool(j, POOL_PAGED, &d->pools[POOL_PAGED]);
    if (d->pools[POOL_UNKNOWN].known)
        pool(j, POOL_UNKNOWN, &d->pools[POOL_UNKNOWN]);
    jsonw_end_object(j);
    jsonw_string(j, "outcome", outcome_name(d->outcome));
    jsonw_u64(j, "tags_total", d->n_tags);
    jsonw_array(j, "tags");
    size_t top = r->o->top;
    for (size_t i = 0; i < v->n_order && (top == 0 || i < top); i++)
        tag(j, v, v->order[i]);
    jsonw_end_array(j);
    jsonw_array(j, "events");
    for (size_t i = 0; i < v->n_events; i++)
        event(j, &v->events[i]);
    jsonw_end_array(j);
    no_items(j, "cohorts");
    no_items(j, "suspects");
    no_items(j, "diagnoses");
    jsonw_array(j, "notes");
    json_note_items(j, &d->notes);
    if (v->notes != &d->notes)
        json_note_items(j, v->notes);
    jsonw_end_array(j);
    jsonw_end_object(j);
}

int json_rank(struct render *r, const struct rank_view *v, size_t n_hosts, bool complete)
{
    TRY(json_begin(r, "rank"));
    jsonw_bool(r->json, "complete", complete);
    jsonw_array(r->json, "hosts");
    for (size_t i = 0; i < n_hosts; i++)
        host(r, &v[i]);
    jsonw_end_array(r->json);
    json_end(r);
    return 0;
}
