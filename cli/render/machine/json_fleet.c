/* SPDX-License-Identifier: MIT */
/* What several hosts say together, behind the hosts themselves. */
#include <math.h>
#include <string.h>

#include "cli/render/machine/json.h"
#include "cli/render/words/words.h"

static void values(struct jsonw *j, const char *key, const struct fleet_split *s,
                   bool grows)
{
    jsonw_array(j, key);
    for (size_t i = 0; i < s->fact->n; i++)
        if (s->seen[i] && s->grows[i] == grows)
            jsonw_string(j, NULL, s->fact->values[i]);
    jsonw_end_array(j);
}

static void split(struct jsonw *j, const struct fleet *f, const struct fleet_tag *t)
{
    struct fleet_split s;
    if (!fleet_split(f, t, &s)) {
        jsonw_null(j, "split");
        return;
    }
    jsonw_object(j, "split");
    jsonw_string(j, "by", s.fact->name);
    values(j, "with", &s, true);
    jsonw_u64(j, "with_hosts", s.of_with);
    jsonw_u64(j, "with_growing", s.with);
    values(j, "without", &s, false);
    jsonw_u64(j, "without_hosts", s.without);
    jsonw_end_object(j);
}

static void tag(struct jsonw *j, const struct fleet_view *v, size_t i)
{
    const struct fleet_tag *t = &v->f->tags[v->order[i]];
    const struct fleet_scope *scope = &v->f->scopes[t->scope];
    struct phrase p;
    phrase_start(&p, false);
    words_fleet_tag(&p, v->f, t, UNITS_K);
    jsonw_object(j, NULL);
    jsonw_u64(j, "rank", i + 1);
    json_tag(j, t->tag);
    jsonw_string(j, "pool", pool_kind_name((enum pool_kind)t->pool));
    jsonw_string(j, "scope", scope->name);
    jsonw_string(j, "verdict", verdict_name(t->verdict));
    jsonw_string(j, "confidence", confidence_name(t->confidence));
    jsonw_u64(j, "hosts_total", scope->series);
    jsonw_u64(j, "hosts_with_tag", t->hosts);
    jsonw_u64(j, "hosts_leak", t->leak);
    jsonw_u64(j, "hosts_probable", t->probable);
    jsonw_u64(j, "hosts_possible", t->possible);
    jsonw_double(j, "mean_score", fleet_score(t));
    jsonw_i64(j, "growth_bytes", fleet_growth(t));
    jsonw_double(j, "bytes_per_hour", t->bytes_per_hour);
    jsonw_bool(j, "one_host_only", fleet_alone(v->f, t));
    split(j, v->f, t);
    jsonw_array(j, "hosts");
    for (uint32_t k = 0; k < t->n_who; k++)
        jsonw_string(j, NULL, v->f->series[t->who[k]].host);
    jsonw_end_array(j);
    json_owner(j, owner_at(v->owners, v->order[i]));
    jsonw_string(j, "text", fleet_suspects(t) > 0 ? p.s : NULL);
    jsonw_end_object(j);
}

static void versions(struct jsonw *j, const struct fleet *f)
{
    jsonw_array(j, "versions");
    for (size_t k = 0; k < f->n_facts; k++)
        for (uint32_t i = 0; i < f->facts[k].n && i < FLEET_VALUES; i++) {
            uint64_t hosts = 0;
            for (size_t s = 0; s < f->n_scopes; s++)
                hosts += f->scopes[s].by_value[k * FLEET_VALUES + i];
            jsonw_object(j, NULL);
            jsonw_string(j, "name", f->facts[k].name);
            jsonw_string(j, "value", f->facts[k].values[i]);
            jsonw_u64(j, "hosts", hosts);
            jsonw_end_object(j);
        }
    jsonw_end_array(j);
}

void json_fleet(struct render *r, const struct fleet_view *v)
{
    struct jsonw *j = r->json;
    const struct fleet *f = v->f;
    if (f->hosts < 2) {
        jsonw_null(j, "fleet");
        return;
    }
    size_t top = r->o->top;
    jsonw_object(j, "fleet");
    jsonw_u64(j, "hosts", f->hosts);
    jsonw_u64(j, "series", f->n_series);
    jsonw_string(j, "order", fleet_counts(f) ? "hosts" : "score");
    versions(j, f);
    jsonw_u64(j, "tags_total", f->n_tags);
    jsonw_array(j, "tags");
    for (size_t i = 0; i < v->n_order && (top == 0 || i < top); i++)
        tag(j, v, i);
    jsonw_end_array(j);
    jsonw_end_object(j);
}
