/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "formats/when.h"

/* One host and scope while its snapshots stream in. */
struct series {
    struct tally *tally;
    struct pool_time from, to;
    int64_t origin_ms; /* series hour 0 on the captures' own clock */
    double hours;      /* of the last snapshot, since the origin */
    int64_t last_ms;   /* its time, one clock */
    uint64_t snapshots;
    uint64_t memory_kib[2]; /* physical memory, the last two different values */
    unsigned memory_turns;  /* how often it went back to the value before */
};

struct rank {
    struct context *c;
    struct load *l;
    struct series *v;
    size_t n, cap;
};

static void forget(struct rank *x)
{
    for (size_t i = 0; i < x->n; i++)
        tally_free(x->v[i].tally);
    x->n = 0;
}

static int on_restart(void *ctx, struct err *e)
{
    (void)e;
    forget(ctx);
    return 0;
}

static int series_of(struct rank *x, size_t group, struct series **out, struct err *e)
{
    void *v = x->v;
    TRY(grow(&v, &x->cap, group + 1, sizeof *x->v, e));
    x->v = v;
    while (x->n <= group)
        x->v[x->n++] = (struct series){.tally = NULL};
    *out = &x->v[group];
    return (*out)->tally != NULL ? 0 : tally_new(&(*out)->tally, e);
}

/* Physical memory is the one machine constant in poolmon text: two values by turns in
 * captures without a machine's name are two machines. */
static void watch_memory(struct series *s, const struct pool_snapshot *p)
{
    if (!(p->totals.given & 1u << TOTAL_MEMORY_KIB))
        return;
    uint64_t kib = p->totals.v[TOTAL_MEMORY_KIB];
    if (kib == s->memory_kib[0])
        return;
    s->memory_turns += kib == s->memory_kib[1];
    s->memory_kib[1] = s->memory_kib[0];
    s->memory_kib[0] = kib;
}

static int on_snapshot(void *ctx, const struct loaded *l, struct err *e)
{
    struct rank *x = ctx;
    struct series *s;
    TRY(series_of(x, l->group, &s, e));
    bool timed = l->s->time.source != TIME_NONE;
    int64_t ms = when_order_ms(&l->s->time);
    if (s->snapshots == 0) {
        s->from = l->s->time;
        s->origin_ms = l->s->time.ms;
    } else if (timed && ms > s->last_ms) {
        s->hours += (double)(ms - s->last_ms) / 3600e3;
    }
    s->last_ms = ms;
    s->to = l->s->time;
    s->snapshots++;
    watch_memory(s, l->s);
    return tally_add(s->tally, l->s, timed ? s->hours : (double)NAN, l->clock_back, e);
}

static int refuse_mixture(const struct rank *x, struct err *e)
{
    for (size_t i = 0; i < x->n; i++) {
        if (x->v[i].memory_turns == 0 || x->l->groups[i].host[0] != '\0')
            continue;
        int r = err_set(e, ERR_USAGE,
                        "these look like two machines: physical memory is %lluK and "
                        "%lluK by turns",
                        (unsigned long long)x->v[i].memory_kib[0],
                        (unsigned long long)x->v[i].memory_kib[1]);
        err_hint(e, "--host-from dir or --host-from name tells them apart; --host NAME "
                    "says they are one");
        return r;
    }
    return 0;
}

/* Fills one view; *order and *result are the caller's to free. */
static int judge(struct rank *x, size_t i, struct rank_view *v,
                 struct rank_result *result, char scope[24], uint32_t **order,
                 struct err *e)
{
    const struct context *c = x->c;
    const struct load_group *g = &x->l->groups[i];
    struct rank_opts ro = {{0}};
    for (int k = 0; k < POOL_KINDS; k++)
        ro.limit_bytes[k] = c->o.limit_bytes[k];
    TRY(rank_tally(result, x->v[i].tally, &ro, e));
    uint32_t *o = malloc((result->n_tags > 0 ? result->n_tags : 1) * sizeof *o);
    if (o == NULL)
        return err_nomem(e);
    size_t n = 0;
    for (size_t k = 0; k < result->n_tags; k++)
        if (options_select(&c->o, result->tags[k].tag,
                           (enum pool_kind)result->tags[k].pool))
            o[n++] = (uint32_t)k;
    *order = o;
    pool_scope_text(g->scope, g->session, scope);
    *v = (struct rank_view){.r = result,
                            .host = g->host[0] != '\0' ? g->host : NULL,
                            .scope = scope,
                            .from = x->v[i].from,
                            .to = x->v[i].to,
                            .origin_ms = x->v[i].origin_ms,
                            .files = g->files,
                            .order = o,
                            .n_order = n,
                            .left_out_without_time = g->without_time,
                            .notes = &g->notes};
    return 0;
}

static bool any_leak(const struct rank_view *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].r->outcome == OUTCOME_LEAK)
            return true;
    return false;
}

static void hint_patterns(struct rank *x, const struct rank_result *r)
{
    struct pool_tag *tags = malloc((r->n_tags > 0 ? r->n_tags : 1) * sizeof *tags);
    if (tags == NULL)
        return; /* a hint is not worth an error */
    for (size_t i = 0; i < r->n_tags; i++)
        tags[i] = r->tags[i].tag;
    command_hint_patterns(x->c, tags, r->n_tags);
    free(tags);
}

static int print(struct rank *x, struct err *e)
{
    struct context *c = x->c;
    size_t n = 0;
    bool leak = false;
    struct rank_view *views = calloc(x->n, sizeof *views);
    struct rank_result *results = calloc(x->n, sizeof *results);
    uint32_t **orders = calloc(x->n, sizeof *orders);
    char(*scopes)[24] = calloc(x->n, sizeof *scopes);
    int r = 0;
    if (views == NULL || results == NULL || orders == NULL || scopes == NULL)
        r = err_nomem(e);
    for (size_t i = 0; i < x->n && r == 0; i++) {
        if (x->v[i].tally == NULL)
            continue;
        r = judge(x, i, &views[n], &results[n], scopes[n], &orders[n], e);
        if (r == 0) {
            term_notes(&c->term, "", &x->l->groups[i].notes);
            term_notes(&c->term, "", &results[n].notes);
            n++;
        }
    }
    struct render render;
    struct render_opts ro;
    if (r == 0)
        r = command_render(c, &render, &ro, e);
    if (r == 0) {
        r = c->o.renderer->rank(&render, views, n, !c->term.failed);
        r = command_render_end(&render, r, e);
    }
    if (r == 0 && n == 1 && views[0].n_order == 0)
        hint_patterns(x, views[0].r);
    if (r == 0)
        leak = any_leak(views, n);
    for (size_t i = 0; results != NULL && i < x->n; i++) {
        rank_free(&results[i]);
        if (orders != NULL)
            free(orders[i]);
    }
    free(scopes);
    free(orders);
    free(results);
    free(views);
    return r < 0 ? r : c->o.exit_code && leak ? EXIT_FOUND : EXIT_FINE;
}

int cmd_rank(struct context *c, struct err *e)
{
    struct load l = {0};
    struct rank x = {.c = c, .l = &l};
    struct load_visitor v = {.ctx = &x, .snapshot = on_snapshot, .restart = on_restart};
    int r = command_load(c, &l, e);
    if (r == 0)
        r = load_series(&l, &v, e);
    if (r == 0)
        r = load_check_any(&l, e);
    if (r == 0)
        r = refuse_mixture(&x, e);
    if (r == 0) {
        term_notes(&c->term, "", &l.notes);
        if (l.skipped > 0)
            term_note(&c->term, "", 0, NOTE_SKIPPED, note_meaning(NOTE_SKIPPED));
        r = print(&x, e);
    }
    forget(&x);
    free(x.v);
    load_free(&l);
    return r;
}
