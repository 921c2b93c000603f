/* SPDX-License-Identifier: MIT */
/* What --baseline adds to the document of rank. */
#include "cli/render/machine/json.h"

static void figures(struct jsonw *j, const char *keys[3], const struct tempo *t)
{
    jsonw_double(j, keys[0], t->mean);
    jsonw_double(j, keys[1], t->low);
    jsonw_double(j, keys[2], t->high);
}

static void figures_there(struct jsonw *j, const struct tempo *t)
{
    static const char *keys[3] = {"baseline_bytes_per_hour",
                                  "baseline_bytes_per_hour_low",
                                  "baseline_bytes_per_hour_high"};
    figures(j, keys, t);
}

static const struct rank_tag *tag_there(const struct baseline_view *b,
                                        const struct tag_change *c)
{
    return b->there != NULL && c->there != NO_TAG ? &b->there->r->tags[c->there] : NULL;
}

void json_change(struct jsonw *j, const struct rank_view *v, uint32_t index)
{
    static const char *keys[3] = {"compared_bytes_per_hour",
                                  "compared_bytes_per_hour_low",
                                  "compared_bytes_per_hour_high"};
    if (v->baseline == NULL)
        return;
    const struct tag_change *c = &v->baseline->b->tags[index];
    const struct rank_tag *there = tag_there(v->baseline, c);
    figures(j, keys, &c->now);
    figures_there(j, &c->then);
    json_u64_if(j, "baseline_bytes", there != NULL && there->bytes_known,
                there != NULL ? there->bytes : 0);
    jsonw_double(j, "added_bytes_per_hour", c->added);
    jsonw_string(j, "change", change_name(c->change));
    jsonw_string(j, "change_reason", change_reason_name(c->reason));
}

static void gone(struct jsonw *j, const struct rank_tag *t)
{
    jsonw_object(j, NULL);
    json_tag(j, t->tag);
    jsonw_string(j, "pool", pool_kind_name((enum pool_kind)t->pool));
    json_u64_if(j, "baseline_bytes", t->bytes_known, t->bytes);
    figures_there(j, &t->tempo);
    jsonw_string(j, "change", change_name(CHANGE_GONE));
    jsonw_end_object(j);
}

static void series(struct jsonw *j, const struct rank_view *there)
{
    jsonw_string(j, "host", there->host);
    jsonw_string(j, "scope", there->scope);
    jsonw_u64(j, "snapshots", there->r->snapshots);
    json_time(j, "from", &there->from);
    json_time(j, "to", &there->to);
    jsonw_double(j, "hours", there->r->hours);
}

void json_baseline(struct jsonw *j, const struct rank_view *v)
{
    const struct baseline_view *b = v->baseline;
    if (b == NULL) {
        jsonw_null(j, "baseline");
        return;
    }
    jsonw_object(j, "baseline");
    jsonw_string(j, "source", b->source);
    if (b->there != NULL)
        series(j, b->there);
    jsonw_double(j, "load_ratio", b->b->load);
    jsonw_bool(j, "comparable", b->b->reason == REASON_NONE);
    jsonw_string(j, "reason", change_reason_name(b->b->reason));
    jsonw_end_object(j);
    jsonw_array(j, "tags_gone");
    for (size_t i = 0; i < b->b->n_gone; i++)
        gone(j, &b->there->r->tags[b->b->gone[i]]);
    jsonw_end_array(j);
}
