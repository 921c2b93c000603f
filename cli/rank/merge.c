/* SPDX-License-Identifier: MIT */
#include "cli/rank/merge.h"

#include <stdlib.h>
#include <string.h>

#include "cli/rank/rank_read.h"
#include "cli/redact/redact_snapshot.h"

int merge_open(struct merge *m, struct context *c, struct err *e)
{
    *m = (struct merge){.o = &c->o, .limits = LIMITS_DEFAULT};
    if (c->n_operands == 0) {
        int r = err_set(e, ERR_USAGE, "--merge wants the rankings to put together");
        err_hint(e, "poolsift rank --merge web01.json web02.json, each made with: "
                    "poolsift rank --json -n 0 INPUT...");
        return r;
    }
    for (int i = 0; i < c->n_operands; i++)
        TRY(inputs_add(&m->inputs, c->operands[i], (size_t)i, &m->limits, e));
    return redact_inputs(c->o.names, &m->inputs, e);
}

void merge_free(struct merge *m)
{
    rank_read_close(m->reading);
    inputs_free(&m->inputs);
    for (size_t i = 0; i < m->n_hosts; i++) {
        free(m->hosts[i].host);
        free(m->hosts[i].scope);
    }
    free(m->hosts);
    free(m->order);
    lookup_free(&m->by_name);
    *m = (struct merge){.at = 0};
}

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* A host counts once. */
static int remember(struct merge *m, struct err *e)
{
    const struct rank_view *v = &m->view;
    const uint64_t hash = lookup_text(
        v->host != NULL ? lookup_text(LOOKUP_SEED, v->host) : LOOKUP_SEED, v->scope);
    size_t step = 0;
    for (size_t i; lookup_next(&m->by_name, hash, &step, &i);) {
        const struct merge_host *h = &m->hosts[i];
        if (!same_text(h->host, v->host) || !same_text(h->scope, v->scope))
            continue;
        int r =
            err_set(e, ERR_USAGE, "host '%s' (%s) was in %s already",
                    v->host != NULL ? v->host : "", v->scope, m->inputs.v[h->input].name);
        err_place(e, m->inputs.v[m->at - 1].name, 0);
        err_hint(e, "rank all captures of a host in one call; --host NAME names hosts "
                    "that have no name");
        return r;
    }
    void *p = m->hosts;
    TRY(grow(&p, &m->hosts_cap, m->n_hosts + 1, sizeof *m->hosts, e));
    m->hosts = p;
    TRY(lookup_add(&m->by_name, hash, m->n_hosts, e));
    struct merge_host *h = &m->hosts[m->n_hosts++];
    *h = (struct merge_host){.host = v->host != NULL ? strdup(v->host) : NULL,
                             .scope = strdup(v->scope),
                             .input = m->at - 1};
    return (v->host != NULL && h->host == NULL) || h->scope == NULL ? err_nomem(e) : 0;
}

static int open_next(struct merge *m, struct err *e)
{
    struct input *in;
    TRY(inputs_open(&m->inputs, m->at, &m->limits, &in, e));
    m->at++;
    TRY(rank_read_open(&m->reading, in, e));
    rank_read_redact(m->reading, m->o->names);
    return 0;
}

static int select_tags(struct merge *m, struct err *e)
{
    const struct rank_result *r = m->view.r;
    void *p = m->order;
    TRY(grow(&p, &m->order_cap, r->n_tags + 1, sizeof *m->order, e));
    m->order = p;
    m->view.order = m->order;
    m->view.n_order = 0;
    for (size_t i = 0; i < r->n_tags; i++)
        if (options_select(m->o, r->tags[i].tag, (enum pool_kind)r->tags[i].pool))
            m->order[m->view.n_order++] = (uint32_t)i;
    return 0;
}

static int next(void *ctx, const struct rank_view **v, struct err *e)
{
    struct merge *m = ctx;
    for (;;) {
        if (m->reading == NULL && m->at == m->inputs.n)
            return 0;
        if (m->reading == NULL)
            TRY(open_next(m, e));
        int more = rank_read_next(m->reading, &m->view, e);
        TRY(more);
        if (more > 0)
            break;
        rank_read_close(m->reading);
        m->reading = NULL;
    }
    if (!m->again)
        TRY(remember(m, e));
    TRY(select_tags(m, e));
    *v = &m->view;
    return 1;
}

static void rewind_(void *ctx)
{
    struct merge *m = ctx;
    rank_read_close(m->reading);
    m->reading = NULL;
    m->at = 0;
    m->again = true;
}

struct hosts_source merge_source(struct merge *m)
{
    return (struct hosts_source){m, next, rewind_};
}
