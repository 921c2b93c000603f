/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "cli/analyze/cohort.h"
#include "cli/analyze/row.h"
#include "cli/command.h"
#include "cli/know/limits.h"
#include "cli/rank/following.h"
#include "cli/tags/owners.h"
#include "formats/when.h"

struct show {
    struct context *c;
    struct render render;
    struct render_opts ro;
    struct owners owners;
    bool begun;
    struct pool_snapshot best; /* the one to show, unless --all */
    bool has_best;
    uint64_t best_index; /* among its kind */
    uint64_t captures, others;
    uint64_t seen;
};

/* One owner a row; the caller frees them. */
static int find_owners(struct show *x, const struct pool_snapshot *s, struct owner **out,
                       struct err *e)
{
    struct pool_tag *tags = malloc((s->n_rows > 0 ? s->n_rows : 1) * sizeof *tags);
    if (tags == NULL)
        return err_nomem(e);
    for (size_t i = 0; i < s->n_rows; i++)
        tags[i] = s->rows[i].tag;
    int r = owners_learn(&x->owners, s, e);
    if (r == 0)
        r = owners_of(&x->owners, tags, s->n_rows, out, e);
    free(tags);
    return r;
}

static int print_one(struct show *x, const struct pool_snapshot *s, uint64_t index,
                     uint64_t of, struct err *e)
{
    struct context *c = x->c;
    uint32_t *order = NULL;
    struct owner *owners = NULL;
    size_t n = 0;
    TRY(find_owners(x, s, &owners, e));
    int r = command_order(c, s, &order, &n, e);
    if (r < 0) {
        free(owners);
        return r;
    }
    struct event_sums events = {.n = 0};
    event_sums_add(&events, s);
    struct show_view v = {.s = s,
                          .events = &events,
                          .order = order,
                          .n_order = n,
                          .owners = owners,
                          .filtered_by_user = options_filter_rows(&c->o),
                          .index = (size_t)index,
                          .of = (size_t)of};
    struct limit_facts facts = {.os = c->o.os};
    limit_facts_add(&facts, s);
    memcpy(facts.stated, c->o.limit_bytes, sizeof facts.stated);
    for (int k = 0; k < POOL_KINDS; k++)
        limits_of(&v.limits[k], (enum pool_kind)k, &facts);
    term_notes(&c->term, pool_snapshot_str(s, s->source), &s->notes);
    struct rank_cohort *cohorts = NULL;
    r = cohorts_of_rows(s, order, n, owners_role, &x->owners, &cohorts, &v.n_cohorts, e);
    v.cohorts = cohorts;
    if (r == 0)
        r = c->o.renderer->show_one(&x->render, &v);
    free(cohorts);
    if (n == 0 && c->o.include.n > 0 && s->n_rows > 0) {
        struct pool_tag *tags = malloc(s->n_rows * sizeof *tags);
        for (size_t i = 0; tags != NULL && i < s->n_rows; i++)
            tags[i] = s->rows[i].tag;
        if (tags != NULL)
            command_hint_patterns(c, &c->o.include, tags, s->n_rows);
        free(tags);
    }
    free(order);
    free(owners);
    return r;
}

/* Later in time, or later in the inputs when one of the two has no time. */
static bool is_better(const struct show *x, const struct pool_snapshot *s)
{
    const struct options *o = &x->c->o;
    if (o->at.source != TIME_NONE &&
        (s->time.source == TIME_NONE || when_order_ms(&s->time) > when_order_ms(&o->at)))
        return false;
    /* Logs beside the captures are shown where there is nothing else. */
    bool capture = s->record == RECORD_CAPTURE;
    if (x->has_best && capture != (x->best.record == RECORD_CAPTURE))
        return capture;
    return !x->has_best || s->time.source == TIME_NONE ||
           x->best.time.source == TIME_NONE ||
           when_order_ms(&s->time) >= when_order_ms(&x->best.time);
}

static int on_snapshot(void *ctx, const struct loaded *l, struct err *e)
{
    struct show *x = ctx;
    x->seen++;
    uint64_t *kind = l->s->record == RECORD_CAPTURE ? &x->captures : &x->others;
    uint64_t index = *kind += l->passed_before + 1;
    *kind += l->passed_behind;
    if (x->c->o.all)
        return print_one(x, l->s, x->seen, 0, e);
    if (!is_better(x, l->s))
        return 0;
    x->has_best = true;
    x->best_index = index;
    return pool_snapshot_copy(&x->best, l->s, e);
}

/* ---- --history ---- */

static void hint_history(struct context *c, const struct ranking *x)
{
    size_t n = 0;
    for (size_t i = 0; i < x->n_views; i++)
        n += x->views[i].r->n_tags;
    struct pool_tag *tags = malloc((n + 1) * sizeof *tags);
    if (tags == NULL)
        return; /* a hint is not worth an error */
    n = 0;
    for (size_t i = 0; i < x->n_views; i++)
        for (size_t k = 0; k < x->views[i].r->n_tags; k++)
            tags[n++] = x->views[i].r->tags[k].tag;
    command_hint_patterns(c, &c->o.history, tags, n);
    free(tags);
}

static int show_history(struct context *c, struct err *e)
{
    struct ranking x;
    struct following f = {.x = NULL};
    struct render render;
    struct render_opts ro;
    int r = ranking_load(&x, c, e);
    if (r == 0)
        r = ranking_judge(&x, e);
    if (r == 0)
        r = following_make(&f, &x, options_top(&c->o), e);
    if (r == 0)
        r = command_render(c, &render, &ro, e);
    if (r == 0) {
        hint_history(c, &x);
        r = c->o.renderer->show_history(&render, f.views, f.n_views);
        r = command_render_end(&render, r, e);
    }
    following_free(&f);
    ranking_free(&x);
    return r < 0 ? r : EXIT_FINE;
}

static int nothing_before(const struct show *x, struct err *e)
{
    err_hint(e,
             "%llu came, all of them later or without a time; poolsift info tells when",
             (unsigned long long)x->seen);
    return err_set(e, ERR_EMPTY, "no snapshot at or before --at");
}

int cmd_show(struct context *c, struct err *e)
{
    struct show x = {.c = c, .best = {.uptime_s = -1}};
    struct load l = {0};
    struct load_visitor v = {.ctx = &x, .snapshot = on_snapshot};
    if (c->o.history.n > 0)
        return show_history(c, e);

    int r = owners_open(&x.owners, &c->o, e);
    if (r == 0)
        r = command_load(c, &l, e);
    if (r == 0)
        r = command_render(c, &x.render, &x.ro, e);
    if (c->o.all)
        term_results_stream(&c->term, &c->o);
    if (r == 0) {
        l.latest = !c->o.all;
        r = c->o.renderer->show_begin(&x.render);
        if (r >= 0)
            r = load_each(&l, &v, e);
        if (r >= 0)
            r = load_check_any(&l, e);
        if (r >= 0 && !c->o.all && !x.has_best)
            r = nothing_before(&x, e);
        if (r >= 0 && !c->o.all)
            r = print_one(&x, &x.best, x.best_index,
                          x.best.record == RECORD_CAPTURE ? x.captures : x.others, e);
        if (r >= 0)
            r = c->o.renderer->show_end(&x.render);
        r = command_render_end(&x.render, r, e);
    }
    pool_snapshot_free(&x.best);
    owners_free(&x.owners);
    load_free(&l);
    return r < 0 ? r : EXIT_FINE;
}
