/* SPDX-License-Identifier: MIT */
#include "cli/rank/comparison.h"

#include <stdlib.h>
#include <string.h>

#include "cli/redact/redact.h"

/* The baseline has times of its own: what narrows the series does not narrow it. */
static struct options options_there(const struct options *o)
{
    static const struct pool_time none = {.source = TIME_NONE};
    struct options there = *o;
    there.since = there.until = there.time = none;
    return there;
}

static bool same_host(const struct rank_view *a, const struct rank_view *b)
{
    if (a->host == NULL || b->host == NULL)
        return a->host == b->host;
    return strcmp(a->host, b->host) == 0;
}

static bool one_host(const struct ranking *x)
{
    for (size_t i = 1; i < x->n_views; i++)
        if (!same_host(&x->views[0], &x->views[i]))
            return false;
    return true;
}

static bool knows_host(const struct ranking *there, const struct rank_view *v)
{
    for (size_t i = 0; i < there->n_views; i++)
        if (same_host(&there->views[i], v))
            return true;
    return false;
}

/* The series of that machine and scope, NULL when there is none. */
static const struct rank_view *find_series(const struct ranking *there,
                                           const struct rank_view *v, bool any_host)
{
    for (size_t i = 0; i < there->n_views; i++)
        if ((any_host || same_host(&there->views[i], v)) &&
            strcmp(there->views[i].scope, v->scope) == 0)
            return &there->views[i];
    return NULL;
}

static int refuse_hosts(const struct comparison *x, const struct rank_view *v,
                        struct err *e)
{
    const struct rank_view *other = &x->there.views[0];
    int r = err_set(e, ERR_USAGE,
                    "the baseline is of several machines, %s among them, but not of %s",
                    other->host != NULL ? other->host : "one without a name",
                    v->host != NULL ? v->host : "the one without a name");
    err_place(e, x->operand, 0);
    err_hint(e, "a baseline of one machine serves any; --host-from dir or name names "
                "machines on both sides");
    return r;
}

static bool wants(const void *ctx, struct pool_tag tag, uint8_t pool)
{
    return options_select(ctx, tag, (enum pool_kind)pool);
}

static int compare_view(struct comparison *x, struct rank_view *v, bool any_host,
                        struct err *e)
{
    if (!any_host && !knows_host(&x->there, v))
        return refuse_hosts(x, v, e);
    const struct rank_view *there = find_series(&x->there, v, any_host);
    struct baseline *b = &x->v[x->n];
    struct baseline_view *to = &x->views[x->n++];
    *to = (struct baseline_view){.b = b, .source = x->name, .there = there};
    TRY(baseline_compare(b, v->r, there != NULL ? there->r : NULL, wants, &x->o, e));
    v->baseline = to;
    return 0;
}

/* Standard input can be read once. */
static int refuse_twice(const struct context *c, struct err *e)
{
    bool is_input = c->n_operands == 0;
    for (int i = 0; i < c->n_operands; i++)
        is_input = is_input || strcmp(c->operands[i], "-") == 0;
    if (!is_input || strcmp(c->o.baseline, "-") != 0)
        return 0;
    err_hint(e, "save one of the two to a file");
    return err_set(e, ERR_USAGE,
                   "standard input cannot be the series and its baseline, too");
}

int comparison_make(struct comparison *x, struct ranking *now, struct err *e)
{
    *x = (struct comparison){.o = options_there(&now->c->o)};
    if (x->o.baseline == NULL)
        return 0;
    TRY(refuse_twice(now->c, e));
    x->operand = strdup(x->o.baseline);
    if (x->operand == NULL)
        return err_nomem(e);
    TRY(ranking_load_from(&x->there, now->c, &x->o, &x->operand, e));
    TRY(ranking_judge(&x->there, e));
    TRY(redact_path(x->o.names, x->operand, &x->name, e));
    x->v = calloc(now->n_views + 1, sizeof *x->v);
    x->views = calloc(now->n_views + 1, sizeof *x->views);
    if (x->v == NULL || x->views == NULL)
        return err_nomem(e);
    bool any_host = one_host(&x->there);
    for (size_t i = 0; i < now->n_views; i++)
        TRY(compare_view(x, &now->views[i], any_host, e));
    return 0;
}

void comparison_free(struct comparison *x)
{
    for (size_t i = 0; i < x->n; i++)
        baseline_free(&x->v[i]);
    free(x->v);
    free(x->views);
    ranking_free(&x->there);
    free(x->operand);
    *x = (struct comparison){.operand = NULL};
}
