/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "cli/rank/comparison.h"
#include "cli/rank/hosts.h"
#include "cli/rank/merge.h"
#include "cli/rank/ranking.h"
#include "cli/rank/reproducing.h"

static bool any_leak(const struct fleet *f)
{
    for (size_t i = 0; i < f->n_series; i++)
        if (f->series[i].outcome == OUTCOME_LEAK)
            return true;
    return false;
}

static void hint_patterns(struct context *c, const struct fleet *f)
{
    struct pool_tag *tags = malloc((f->n_tags > 0 ? f->n_tags : 1) * sizeof *tags);
    if (tags == NULL)
        return; /* a hint is not worth an error */
    for (size_t i = 0; i < f->n_tags; i++)
        tags[i] = f->tags[i].tag;
    command_hint_patterns(c, &c->o.include, tags, f->n_tags);
    free(tags);
}

/* Prints what the source gives; *leak: some host has one.  The call is told where it can
 * be made again. */
static int print(struct context *c, const struct hosts_source *from,
                 const struct reproduce_view *again, bool *leak, struct err *e)
{
    struct render render;
    struct render_opts ro;
    struct hosts hosts = {.o = NULL};
    TRY(command_render(c, &render, &ro, e));
    render.reproduce = again;
    int r = hosts_render(&hosts, from, &c->o, !c->term.failed, &render, e);
    r = command_render_end(&render, r, e);
    if (r == 0 && hosts.lent.fleet.n_order == 0)
        hint_patterns(c, &hosts.fleet);
    *leak = any_leak(&hosts.fleet);
    hosts_free(&hosts);
    return r;
}

static int rank_inputs(struct context *c, bool *leak, struct err *e)
{
    struct ranking x;
    struct comparison compared = {.operand = NULL};
    struct reproducing again = {.worker = NULL};
    int r = ranking_load(&x, c, e);
    if (r == 0 && c->o.baseline == NULL) /* else not all inputs are known yet */
        r = reproducing_begin(&again, c, &x.load.inputs, NULL, e);
    if (r == 0)
        r = ranking_judge(&x, e);
    if (r == 0)
        r = comparison_make(&compared, &x, e);
    if (r == 0)
        r = reproducing_make(&again, c, "rank", &x.load.inputs,
                             c->o.baseline != NULL ? &compared.there.load.inputs : NULL,
                             e);
    if (r == 0) {
        struct hosts_array views = {.v = x.views, .n = x.n_views};
        const struct hosts_source from = hosts_of_array(&views);
        r = print(c, &from, &again.view, leak, e);
    }
    reproducing_free(&again);
    comparison_free(&compared);
    ranking_free(&x);
    return r;
}

static int rank_merged(struct context *c, bool *leak, struct err *e)
{
    struct merge m;
    int r = merge_open(&m, c, e);
    if (r == 0) {
        const struct hosts_source from = merge_source(&m);
        r = print(c, &from, NULL, leak, e);
    }
    merge_free(&m);
    return r;
}

int cmd_rank(struct context *c, struct err *e)
{
    bool leak = false;
    int r = c->o.merge ? rank_merged(c, &leak, e) : rank_inputs(c, &leak, e);
    return r < 0 ? r : c->o.exit_code && leak ? EXIT_FOUND : EXIT_FINE;
}
