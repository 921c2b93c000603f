/* SPDX-License-Identifier: MIT */
/* A fleet judged: order of its tags, and what sets hosts apart. */
#include <string.h>

#include "cli/analyze/fleet.h"
#include "cli/analyze/order.h"
#include "cli/analyze/row.h"

double fleet_score(const struct fleet_tag *t)
{
    return t->hosts > 0 ? t->score_sum / t->hosts : 0;
}

int64_t fleet_growth(const struct fleet_tag *t)
{
    return fabs(t->growth_bytes) < 9e18 ? (int64_t)t->growth_bytes : 0;
}

uint32_t fleet_suspects(const struct fleet_tag *t)
{
    return t->leak + t->probable + t->possible;
}

bool fleet_counts(const struct fleet *f)
{
    return 2 * f->graded > f->n_series;
}

static int compare(const void *context, uint32_t i, uint32_t j)
{
    const struct fleet *f = context;
    const struct fleet_tag *a = &f->tags[i], *b = &f->tags[j];
    int c = 0;
    if (fleet_counts(f))
        c = order_down(a->leak + a->probable, b->leak + b->probable);
    if (c == 0)
        c = order_down(fleet_score(a), fleet_score(b));
    if (c == 0)
        c = order_down(a->hosts, b->hosts);
    if (c == 0)
        c = order_down(a->growth_bytes, b->growth_bytes);
    if (c == 0 && a->scope != b->scope)
        c = strcmp(f->scopes[a->scope].name, f->scopes[b->scope].name);
    if (c != 0)
        return c;
    uint64_t in_a = row_key(a->tag, a->pool), in_b = row_key(b->tag, b->pool);
    return (in_a > in_b) - (in_a < in_b);
}

void fleet_order(const struct fleet *f, uint32_t *order)
{
    for (size_t i = 0; i < f->n_tags; i++)
        order[i] = (uint32_t)i;
    order_sort(order, f->n_tags, compare, f);
}

bool fleet_alone(const struct fleet *f, const struct fleet_tag *t)
{
    uint32_t all = f->scopes[t->scope].series;
    return all >= 3 && 2 * t->hosts > all && fleet_suspects(t) == 1;
}

/* How the values of one fact share the hosts with growth. */
static void share_out(const struct fleet *f, const struct fleet_tag *t, size_t k,
                      struct fleet_split *s)
{
    *s = (struct fleet_split){.fact = &f->facts[k]};
    for (uint32_t i = 0; i < f->facts[k].n; i++) {
        size_t id = k * FLEET_VALUES + i;
        uint32_t all = f->scopes[t->scope].by_value[id], grow = t->suspects[id];
        s->seen[i] = all > 0;
        s->grows[i] = grow > 0;
        s->with += grow;
        s->of_with += grow > 0 ? all : 0;
        s->without += grow > 0 ? 0 : all;
    }
}

/* Two hosts on either side and growth on most of its versions' hosts: fewer could be
 * chance. */
bool fleet_split(const struct fleet *f, const struct fleet_tag *t, struct fleet_split *s)
{
    bool found = false;
    for (size_t k = 0; k < f->n_facts && t->suspects != NULL; k++) {
        struct fleet_split one;
        if (f->facts[k].n < 2 || f->facts[k].n > FLEET_VALUES)
            continue;
        share_out(f, t, k, &one);
        if (one.with != fleet_suspects(t) || one.with < 2 || one.without < 2 ||
            2 * one.with <= one.of_with)
            continue;
        if (!found || one.without > s->without)
            *s = one;
        found = true;
    }
    return found;
}
