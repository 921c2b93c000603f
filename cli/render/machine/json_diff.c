/* SPDX-License-Identifier: MIT */
#include "cli/render/machine/json.h"
#include "cli/render/reproduce.h"

static void end(struct jsonw *j, const char *key, const struct diff_end *d)
{
    jsonw_object(j, key);
    jsonw_string(j, "source", d->source);
    jsonw_u64(j, "ordinal", d->ordinal);
    jsonw_u64(j, "of", d->of);
    json_time(j, "time", &d->time);
    json_source(j, &d->time);
    json_zone(j, &d->time);
    jsonw_string(j, "completeness", completeness_name(d->completeness));
    jsonw_end_object(j);
}

static void total(struct jsonw *j, enum pool_kind k, const struct diff_total *t)
{
    static const char *const sources[] = {NULL, "header", "rows"};
    bool known = t->basis != TOTAL_FROM_NOTHING;
    jsonw_object(j, pool_kind_name(k));
    json_u64_if(j, "old_bytes", known, t->old_bytes);
    json_u64_if(j, "new_bytes", known, t->new_bytes);
    json_i64_if(j, "change_bytes", known, t->change_bytes);
    jsonw_string(j, "source", sources[t->basis]);
    jsonw_end_object(j);
}

static void row(struct jsonw *j, const struct diff_row *w, bool still, struct owner owner)
{
    jsonw_object(j, NULL);
    json_tag(j, w->tag);
    jsonw_string(j, "pool", pool_kind_name((enum pool_kind)w->pool));
    jsonw_string(j, "state", diff_state_name((enum diff_state)w->state));
    json_u64_if(j, "old_bytes", w->old_known, w->old_bytes);
    json_u64_if(j, "new_bytes", w->new_known, w->new_bytes);
    json_i64_if(j, "bytes_change", w->old_known && w->new_known, w->bytes_change);
    json_i64_if(j, "live_change", w->has_live, w->live_change);
    json_i64_if(j, "allocs_change", w->has_allocs, w->allocs_change);
    json_i64_if(j, "frees_change", w->has_frees, w->frees_change);
    jsonw_double(j, "bytes_per_hour", w->bytes_per_hour);
    jsonw_double(j, "freed", w->freed);
    jsonw_double(j, "bytes_per_new_alloc", w->bytes_per_new_alloc);
    if (still) {
        json_u64_if(j, "newer_bytes", w->newer_known, w->newer_bytes);
        jsonw_double(j, "kept", w->kept);
    }
    json_owner(j, owner);
    jsonw_end_object(j);
}

/* --still: its capture, and whether it could be looked at as one of the same boot. */
static void newer(struct jsonw *j, const struct still_view *s)
{
    end(j, "newer", &s->newer_end);
    jsonw_double(j, "newer_hours", s->hours);
    jsonw_bool(j, "still_decided", s->one_boot);
}

int json_diff(struct render *r, const struct diff_view *v)
{
    TRY(json_begin(r, "diff"));
    struct jsonw *j = r->json;
    const struct diff_result *d = v->d;
    end(j, "old", &v->old_end);
    end(j, "new", &v->new_end);
    if (v->still != NULL)
        newer(j, v->still);
    if (d->boot_decided)
        jsonw_bool(j, "same_boot", d->same_boot);
    else
        jsonw_null(j, "same_boot");
    jsonw_double(j, "hours", d->hours);
    jsonw_object(j, "totals");
    total(j, POOL_NONPAGED, &d->totals[POOL_NONPAGED]);
    total(j, POOL_PAGED, &d->totals[POOL_PAGED]);
    if (d->totals[POOL_UNKNOWN].basis != TOTAL_FROM_NOTHING)
        total(j, POOL_UNKNOWN, &d->totals[POOL_UNKNOWN]);
    jsonw_end_object(j);
    jsonw_u64(j, "rows_total", d->n_rows);
    jsonw_array(j, "rows");
    size_t top = r->o->top;
    for (size_t i = 0; i < v->n_order && (top == 0 || i < top); i++)
        row(j, &d->rows[v->order[i]], v->still != NULL, owner_at(v->owners, v->order[i]));
    jsonw_end_array(j);
    json_reproduce(j, r->reproduce);
    json_end(r);
    return 0;
}
