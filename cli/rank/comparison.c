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

static uint64_t hash_of_host(const struct rank_view *v)
{
    return v->host != NULL ? lookup_text(LOOKUP_SEED, v->host) : LOOKUP_SEED;
}

/* Where one machine serves all, its name is nobody's. */
static uint64_t hash_of_series(const struct comparison *x, const struct rank_view *v)
{
    return lookup_text(x->any_host ? LOOKUP_SEED : hash_of_host(v), v->scope);
}

static bool knows_host(const struct comparison *x, const struct rank_view *v)
{
    size_t step = 0;
    for (size_t i; lookup_next(&x->by_host, hash_of_host(v), &step, &i);)
        if (same_host(&x->there.views[i], v))
            return true;
    return false;
}

/* The series of that machine and scope, NULL when there is none. */
static const struct rank_view *find_series(const struct comparison *x,
                                           const struct rank_view *v)
{
    size_t step = 0;
    for (size_t i; lookup_next(&x->by_series, hash_of_series(x, v), &step, &i);) {
        const struct rank_view *there = &x->there.views[i];
        if ((x->any_host || same_host(there, v)) && strcmp(there->scope, v->scope) == 0)
            return there;
    }
    return NULL;
}

/* There may be as many series on either side as there are captures. */
static int learn_series(struct comparison *x, struct err *e)
{
    x->any_host = one_host(&x->there);
    for (size_t i = 0; i < x->there.n_views; i++) {
        const struct rank_view *v = &x->there.views[i];
        if (!knows_host(x, v))
            TRY(lookup_add(&x->by_host, hash_of_host(v), i, e));
        if (find_series(x, v) == NULL)
            TRY(lookup_add(&x->by_series, hash_of_series(x, v), i, e));
    }
    return 0;
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

static int compare_view(struct comparison *x, struct rank_view *v, struct err *e)
{
    if (!x->any_host && !knows_host(x, v))
        return refuse_hosts(x, v, e);
    const struct rank_view *there = find_series(x, v);
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
    TRY(learn_series(x, e));
    for (size_t i = 0; i < now->n_views; i++)
        TRY(compare_view(x, &now->views[i], e));
    return 0;
}

void comparison_free(struct comparison *x)
{
    for (size_t i = 0; i < x->n; i++)
        baseline_free(&x->v[i]);
    free(x->v);
    free(x->views);
    lookup_free(&x->by_host);
    lookup_free(&x->by_series);
    ranking_free(&x->there);
    free(x->operand);
    *x = (struct comparison){.operand = NULL};
}
