/* SPDX-License-Identifier: MIT */
#include "cli/rank/hosts.h"

#include <stdlib.h>
#include <string.h>

/* The first owner that some host names; offsets + 1 into the text. */
struct hosts_owner {
    struct owner o;
    size_t text, source;
};

static int array_next(void *ctx, const struct rank_view **v, struct err *e)
{
    struct hosts_array *a = ctx;
    (void)e;
    if (a->at == a->n)
        return 0;
    *v = &a->v[a->at++];
    return 1;
}

static void array_rewind(void *ctx)
{
    struct hosts_array *a = ctx;
    a->at = 0;
}

struct hosts_source hosts_of_array(struct hosts_array *a)
{
    return (struct hosts_source){a, array_next, array_rewind};
}

void hosts_free(struct hosts *h)
{
    fleet_free(&h->fleet);
    free(h->order);
    free(h->index);
    free(h->owners);
    free(h->told);
    buf_free(&h->text);
    *h = (struct hosts){.o = NULL};
}

static int keep_text(struct hosts *h, const char *s, size_t *at, struct err *e)
{
    if (s == NULL)
        return 0;
    *at = h->text.n + 1;
    return buf_append(&h->text, s, strlen(s) + 1, e);
}

static int learn_owners(struct hosts *h, const struct rank_view *v, struct err *e)
{
    void *p = h->owners;
    TRY(grow(&p, &h->owners_cap, h->fleet.n_tags, sizeof *h->owners, e));
    h->owners = p;
    while (h->n_owners < h->fleet.n_tags)
        h->owners[h->n_owners++] = (struct hosts_owner){.text = 0};
    for (size_t i = 0; i < v->r->n_tags; i++) {
        struct hosts_owner *to = &h->owners[h->index[i]];
        struct owner from = owner_at(v->owners, i);
        if (to->text != 0 || (from.text == NULL && to->o.role != ROLE_UNKNOWN))
            continue;
        to->o = from;
        TRY(keep_text(h, from.text, &to->text, e));
        TRY(keep_text(h, from.source, &to->source, e));
    }
    return 0;
}

static int fold(struct hosts *h, const struct rank_view *v, struct err *e)
{
    void *p = h->index;
    TRY(grow(&p, &h->index_cap, v->r->n_tags, sizeof *h->index, e));
    h->index = p;
    const struct fleet_host host = {
        .host = v->host, .scope = v->scope, .facts = v->facts, .r = v->r};
    TRY(fleet_add(&h->fleet, &host, h->index, e));
    return learn_owners(h, v, e);
}

static const char *kept(const struct hosts *h, size_t at)
{
    return at == 0 ? NULL : (const char *)h->text.p + at - 1;
}

/* The fleet is whole: its order, and its tags that were asked for. */
static int finish(struct hosts *h, struct err *e)
{
    size_t n = h->fleet.n_tags > 0 ? h->fleet.n_tags : 1;
    h->order = malloc(n * sizeof *h->order);
    h->told = calloc(n, sizeof *h->told);
    if (h->order == NULL || h->told == NULL)
        return err_nomem(e);
    fleet_order(&h->fleet, h->order);
    size_t selected = 0;
    for (size_t i = 0; i < h->fleet.n_tags; i++) {
        const struct fleet_tag *t = &h->fleet.tags[h->order[i]];
        if (h->o == NULL || options_select(h->o, t->tag, (enum pool_kind)t->pool))
            h->order[selected++] = h->order[i];
    }
    for (size_t i = 0; i < h->n_owners; i++) {
        h->told[i] = h->owners[i].o;
        h->told[i].text = kept(h, h->owners[i].text);
        h->told[i].source = kept(h, h->owners[i].source);
    }
    h->lent.fleet = (struct fleet_view){
        .f = &h->fleet, .order = h->order, .n_order = selected, .owners = h->told};
    h->folded = true;
    return 0;
}

static int next(void *ctx, const struct rank_view **v, struct err *e)
{
    struct hosts *h = ctx;
    int more = h->from.next(h->from.ctx, v, e);
    if (more < 0 || h->folded)
        return more;
    if (more == 0)
        return finish(h, e);
    TRY(fold(h, *v, e));
    return more;
}

int hosts_render(struct hosts *h, const struct hosts_source *from,
                 const struct options *o, bool complete, struct render *r, struct err *e)
{
    const struct rank_view *v;
    int more = 1;
    h->from = *from;
    h->o = o;
    h->lent = (struct rank_hosts){.ctx = h,
                                  .next = next,
                                  .fleet = {.f = &h->fleet},
                                  .complete = complete,
                                  .baseline = o != NULL && o->baseline != NULL};
    while (r->how->fleet_first && more > 0)
        more = next(h, &v, e);
    TRY(more);
    if (r->how->fleet_first)
        from->rewind(from->ctx);
    return r->how->rank(r, &h->lent);
}
