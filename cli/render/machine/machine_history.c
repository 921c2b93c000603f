/* SPDX-License-Identifier: MIT */
/* show --history for machines: every figure of the tags that were asked for. */
#include <math.h>

#include "cli/render/machine/csv_line.h"
#include "cli/render/machine/json.h"

/* ---- JSON ---- */

static void figures(struct jsonw *j, const struct track_figure *f)
{
    json_u64_if(j, "bytes", f->known & ROW_BYTES, f->bytes);
    json_u64_if(j, "live", f->known & ROW_LIVE, f->live);
    json_u64_if(j, "allocs", f->known & ROW_ALLOCS, f->allocs);
    json_u64_if(j, "frees", f->known & ROW_FREES, f->frees);
}

static void end(struct jsonw *j, const char *key, const struct tracks *t, size_t row,
                size_t at)
{
    if (at == TRACK_NONE) {
        jsonw_null(j, key);
        return;
    }
    jsonw_object(j, key);
    jsonw_u64(j, "snapshot", at + 1);
    json_time(j, "time", &t->moments[at].time);
    figures(j, &t->rows[row].v[at]);
    jsonw_end_object(j);
}

static void point(struct jsonw *j, const struct tracks *t, size_t row, size_t at)
{
    const struct track_figure *f = &t->rows[row].v[at];
    jsonw_object(j, NULL);
    jsonw_u64(j, "snapshot", at + 1);
    jsonw_bool(j, "listed", f->listed);
    figures(j, f);
    jsonw_end_object(j);
}

static void moment(struct jsonw *j, const struct course_view *v, size_t at)
{
    const struct track_moment *m = &v->tracks->moments[at];
    jsonw_object(j, NULL);
    jsonw_u64(j, "snapshot", at + 1);
    json_time(j, "time", &m->time);
    jsonw_double(j, "hours", v->v->r->has_times ? m->at : (double)NAN);
    jsonw_u64(j, "boot", (uint64_t)m->boot + 1);
    jsonw_bool(j, "new_boot", m->new_boot);
    jsonw_double(j, "gap_h", m->gap_h);
    jsonw_string(j, "source", v->sources[m->input]);
    jsonw_u64(j, "ordinal", m->ordinal);
    jsonw_end_object(j);
}

static void tag(struct jsonw *j, const struct course_view *v, size_t row)
{
    const struct tracks *t = v->tracks;
    const uint32_t index = t->rows[row].index;
    const struct rank_tag *w = &v->v->r->tags[index];
    struct track_ends x = track_ends(t, row, ROW_BYTES);
    jsonw_object(j, NULL);
    jsonw_u64(j, "rank", (uint64_t)index + 1);
    json_tag(j, w->tag);
    jsonw_string(j, "pool", pool_kind_name((enum pool_kind)w->pool));
    jsonw_string(j, "verdict", verdict_name(w->verdict));
    jsonw_string(j, "confidence", confidence_name(w->confidence));
    jsonw_double(j, "growth_bytes", w->growth_bytes);
    jsonw_double(j, "bytes_per_hour", w->bytes_per_hour);
    jsonw_double(j, "bytes_per_hour_low", w->bytes_per_hour_low);
    jsonw_double(j, "bytes_per_hour_high", w->bytes_per_hour_high);
    json_owner(j, owner_at(v->v->owners, index));
    end(j, "first", t, row, x.first);
    end(j, "last", t, row, x.last);
    end(j, "least", t, row, x.least);
    end(j, "greatest", t, row, x.greatest);
    jsonw_array(j, "points");
    for (size_t i = 0; i < t->n; i++)
        point(j, t, row, i);
    jsonw_end_array(j);
    jsonw_end_object(j);
}

int json_history(struct render *r, const struct course_view *v, size_t n)
{
    TRY(json_begin(r, "show"));
    struct jsonw *j = r->json;
    jsonw_array(j, "snapshots"); /* of a call without --history */
    jsonw_end_array(j);
    jsonw_array(j, "history");
    for (size_t i = 0; i < n; i++) {
        jsonw_object(j, NULL);
        jsonw_string(j, "host", v[i].v->host);
        jsonw_string(j, "scope", v[i].v->scope);
        json_time(j, "from", &v[i].v->from);
        json_time(j, "to", &v[i].v->to);
        json_zone(j, &v[i].v->from);
        json_source(j, &v[i].v->from);
        jsonw_u64(j, "matched", v[i].matched);
        jsonw_array(j, "snapshots");
        for (size_t k = 0; k < v[i].tracks->n; k++)
            moment(j, &v[i], k);
        jsonw_end_array(j);
        jsonw_array(j, "tags");
        for (size_t k = 0; k < v[i].tracks->n_rows; k++)
            tag(j, &v[i], k);
        jsonw_end_array(j);
        jsonw_end_object(j);
    }
    jsonw_end_array(j);
    json_end(r);
    return 0;
}

/* ---- CSV ---- */

static void line(struct csv_line *l, const struct course_view *v, size_t row, size_t at)
{
    const struct tracks *t = v->tracks;
    const struct track_moment *m = &t->moments[at];
    const struct track_figure *f = &t->rows[row].v[at];
    const struct rank_tag *w = &v->v->r->tags[t->rows[row].index];
    csv_text(l, v->v->host);
    csv_word(l, v->v->scope);
    csv_tag(l, w->tag);
    csv_word(l, pool_kind_name((enum pool_kind)w->pool));
    csv_u64(l, true, at + 1);
    csv_time(l, &m->time);
    csv_real(l, v->v->r->has_times ? m->at : (double)NAN);
    csv_u64(l, true, (uint64_t)m->boot + 1);
    csv_real(l, m->gap_h);
    csv_text(l, v->sources[m->input]);
    csv_u64(l, true, m->ordinal);
    csv_word(l, f->listed ? "true" : "false");
    csv_u64(l, f->known & ROW_BYTES, f->bytes);
    csv_u64(l, f->known & ROW_LIVE, f->live);
    csv_u64(l, f->known & ROW_ALLOCS, f->allocs);
    csv_u64(l, f->known & ROW_FREES, f->frees);
    csv_end(l);
}

int csv_history(struct render *r, const struct course_view *v, size_t n)
{
    struct csv_line l = {.out = r->out};
    csv_header(r, "host,scope,tag,tag_hex,pool,snapshot,time,hours,boot,gap_h,source,"
                  "ordinal,listed,bytes,live,allocs,frees");
    for (size_t i = 0; i < n; i++)
        for (size_t row = 0; row < v[i].tracks->n_rows; row++)
            for (size_t at = 0; at < v[i].tracks->n; at++)
                line(&l, &v[i], row, at);
    return 0;
}
