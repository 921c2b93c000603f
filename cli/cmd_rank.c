/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "cli/ranking.h"

static bool any_leak(const struct rank_view *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].r->outcome == OUTCOME_LEAK)
            return true;
    return false;
}

static void hint_patterns(struct context *c, const struct rank_result *r)
{
    struct pool_tag *tags = malloc((r->n_tags > 0 ? r->n_tags : 1) * sizeof *tags);
    if (tags == NULL)
        return; /* a hint is not worth an error */
    for (size_t i = 0; i < r->n_tags; i++)
        tags[i] = r->tags[i].tag;
    command_hint_patterns(c, tags, r->n_tags);
    free(tags);
}

static int print(struct context *c, const struct ranking *x, struct err *e)
{
    struct render render;
    struct render_opts ro;
    TRY(command_render(c, &render, &ro, e));
    int r = c->o.renderer->rank(&render, x->views, x->n_views, !c->term.failed);
    TRY(command_render_end(&render, r, e));
    if (x->n_views == 1 && x->views[0].n_order == 0)
        hint_patterns(c, x->views[0].r);
    return 0;
}

int cmd_rank(struct context *c, struct err *e)
{
    struct ranking x;
    int r = ranking_load(&x, c, e);
    if (r == 0)
        r = ranking_judge(&x, e);
    if (r == 0)
        r = print(c, &x, e);
    bool leak = r == 0 && any_leak(x.views, x.n_views);
    ranking_free(&x);
    return r < 0 ? r : c->o.exit_code && leak ? EXIT_FOUND : EXIT_FINE;
}
