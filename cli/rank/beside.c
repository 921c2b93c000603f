/* SPDX-License-Identifier: MIT */
#include "cli/rank/beside.h"

#include <stdlib.h>

#include "formats/when.h"

void beside_free(struct beside *b)
{
    for (size_t i = 0; i < b->n; i++) {
        free(b->v[i].events);
        free(b->v[i].moments);
    }
    free(b->v);
    *b = (struct beside){.v = NULL};
}

static int add_moment(struct beside_group *g, const struct pool_moment *m, struct err *e)
{
    void *v = g->moments;
    TRY(grow(&v, &g->moments_cap, g->n_moments + 1, sizeof *g->moments, e));
    g->moments = v;
    g->moments[g->n_moments++] = *m;
    return 0;
}

int beside_add(struct beside *b, size_t group, const struct pool_snapshot *s,
               struct err *e)
{
    void *v = b->v;
    TRY(grow(&v, &b->cap, group + 1, sizeof *b->v, e));
    b->v = v;
    while (b->n <= group)
        b->v[b->n++] = (struct beside_group){.events = NULL};
    struct beside_group *g = &b->v[group];
    if (s->record == RECORD_EVENTS) {
        if (g->events == NULL)
            g->events = calloc(1, sizeof *g->events);
        if (g->events == NULL)
            return err_nomem(e);
        event_sums_add(g->events, s);
        return 0;
    }
    struct pool_moment m;
    return pool_moment_of(s, &m) ? add_moment(g, &m, e) : 0;
}

/* The groups that tell of the machine of a series, in their order: those of its host.
 * Logs often do not name theirs, and captures seldom do: with captures of one machine
 * only, those without a name are of that one, and all others of one without a name. */
static bool next_of_machine(const struct load *l, size_t series, size_t *i)
{
    const struct load_group *first = &l->groups[l->groups[series].machine];
    const bool named = first->host[0] != '\0';
    if (l->capturing > 1) {
        *i = *i == SIZE_MAX ? l->groups[series].machine : l->groups[*i].next;
        return *i != SIZE_MAX;
    }
    do
        ++*i;
    while (*i < l->n_groups && named && l->groups[*i].host[0] != '\0' &&
           l->groups[*i].machine != first->machine);
    return *i < l->n_groups;
}

/* Of the scopes of one machine the first carries its events. */
static bool is_first(const struct load *l, size_t series)
{
    return l->groups[l->groups[series].machine].captures == series;
}

/* The size of the pool that ran short, before the first event. */
static void find_size(const struct beside *b, const struct load *l, size_t series,
                      struct rank_event *x)
{
    const struct pool_moment *best = NULL;
    enum pool_kind k = event_pool(x->sum->code);
    for (size_t i = SIZE_MAX; next_of_machine(l, series, &i);) {
        if (i >= b->n)
            continue;
        const struct pool_moment *m =
            pool_moment_before(b->v[i].moments, b->v[i].n_moments, &x->sum->first, k);
        if (m != NULL &&
            (best == NULL || when_order_ms(&m->time) > when_order_ms(&best->time)))
            best = m;
    }
    if (best == NULL)
        return;
    x->pool_known = true;
    x->pool = k;
    x->bytes = best->bytes[k];
    x->pool_time = best->time;
}

void beside_of(const struct beside *b, const struct load *l, size_t group,
               struct beside_view *to, struct rank_view *v)
{
    *to = (struct beside_view){.apart = false};
    for (size_t i = SIZE_MAX; is_first(l, group) && next_of_machine(l, group, &i);)
        if (i < b->n && b->v[i].events != NULL)
            event_sums_merge(&to->sums, b->v[i].events);
    for (size_t i = 0; i < to->sums.n; i++) {
        struct rank_event *x = &to->v[i];
        const struct pool_time *first = &to->sums.v[i].first;
        x->sum = &to->sums.v[i];
        x->joined = first->source != TIME_NONE && v->from.source != TIME_NONE &&
                    first->zone_known == v->from.zone_known;
        to->apart |=
            !x->joined && first->source != TIME_NONE && v->from.source != TIME_NONE;
        if (x->joined)
            find_size(b, l, group, x);
    }
    v->events = to->v;
    v->n_events = to->sums.n;
}
