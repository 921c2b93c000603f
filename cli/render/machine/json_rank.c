/* SPDX-License-Identifier: MIT */
/* The document of rank.  Keys of figures: rank_fields.c. */
#include "cli/render/machine/json.h"

#include <stdlib.h>
#include <string.h>

#include "cli/render/machine/rank_fields.h"
#include "cli/render/reproduce.h"
#include "cli/render/words/words.h"

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

void json_rank_tag(struct jsonw *j, const struct rank_view *v, uint32_t index)
{
    const struct field_clock clock = {v->from, v->origin_ms};
    const struct rank_tag *t = &v->r->tags[index];
    const struct owner owner = owner_at(v->owners, index);
    jsonw_object(j, NULL);
    jsonw_u64(j, "rank", (uint64_t)index + 1);
    session(j, v->scope);
    fields_write(j, &clock, tag_fields, t);
    fields_write(j, &clock, owner_fields, &owner);
    json_change(j, v, index);
    jsonw_array(j, "evidence");
    for (int i = 0; i < t->n_evidence; i++)
        evidence(j, &t->evidence[i]);
    jsonw_end_array(j);
    jsonw_end_object(j);
}

static void event(struct jsonw *j, const struct rank_event *x)
{
    jsonw_object(j, NULL);
    fields_write(j, NULL, event_sum_fields, x->sum);
    fields_write(j, NULL, event_fields, x);
    jsonw_end_object(j);
}

void json_rank_host(struct jsonw *j, const struct rank_view *v, size_t tags)
{
    const struct rank_result *d = v->r;
    const struct field_clock clock = {v->from, v->origin_ms};
    jsonw_object(j, NULL);
    fields_write(j, &clock, view_fields, v);
    fields_write(j, &clock, result_fields, d);
    jsonw_array(j, "tags");
    for (size_t i = 0; i < v->n_order && i < tags; i++)
        json_rank_tag(j, v, v->order[i]);
    jsonw_end_array(j);
    jsonw_array(j, "events");
    for (size_t i = 0; i < v->n_events; i++)
        event(j, &v->events[i]);
    jsonw_end_array(j);
    json_baseline(j, v);
    jsonw_array(j, "notes");
    json_note_items(j, &d->notes);
    if (v->notes != &d->notes)
        json_note_items(j, v->notes);
    jsonw_end_array(j);
    jsonw_end_object(j);
}

int json_rank(struct render *r, struct rank_hosts *h)
{
    const struct rank_view *v;
    int more;
    TRY(json_begin(r, "rank"));
    jsonw_bool(r->json, "complete", h->complete);
    jsonw_array(r->json, "hosts");
    while ((more = h->next(h->ctx, &v, r->e)) > 0)
        json_rank_host(r->json, v, r->o->top == 0 ? SIZE_MAX : r->o->top);
    TRY(more);
    jsonw_end_array(r->json);
    json_fleet(r, &h->fleet);
    json_reproduce(r->json, r->reproduce);
    json_end(r);
    return 0;
}
