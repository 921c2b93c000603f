/* SPDX-License-Identifier: MIT */
#include "cli/rank/following.h"

#include <stdlib.h>

/* The rows of one view that are asked for; *matched of them, of which `top` are kept. */
static int choose(struct following *f, const struct rank_view *v, struct tracks *t,
                  size_t top, size_t *matched, struct err *e)
{
    const struct pattern_list *wanted = &f->x->c->o.history;
    uint32_t *index = malloc((v->n_order + 1) * sizeof *index);
    size_t n = 0;
    if (index == NULL)
        return err_nomem(e);
    for (size_t i = 0; i < v->n_order; i++)
        if (options_any_match(wanted, v->r->tags[v->order[i]].tag))
            index[n++] = v->order[i];
    *matched = n;
    int r = tracks_start(t, v->r, index, top > 0 && top < n ? top : n, e);
    free(index);
    return r;
}

static int prepare(struct following *f, size_t top, struct err *e)
{
    struct ranking *x = f->x;
    f->v = calloc(x->n_views + 1, sizeof *f->v);
    f->views = calloc(x->n_views + 1, sizeof *f->views);
    f->of_group = calloc(x->load.n_groups + 1, sizeof *f->of_group);
    f->sources = calloc(x->load.inputs.n + 1, sizeof *f->sources);
    if (f->v == NULL || f->views == NULL || f->of_group == NULL || f->sources == NULL)
        return err_nomem(e);
    for (size_t i = 0; i < x->load.inputs.n; i++)
        f->sources[i] = x->load.inputs.v[i].name;
    for (size_t i = 0, view = 0; i < x->n_series; i++) {
        if (x->series[i].tally == NULL)
            continue;
        struct followed *to = &f->v[view];
        const struct rank_view *v = &x->views[view++];
        size_t matched = 0;
        TRY(choose(f, v, &to->tracks, top, &matched, e));
        if (matched == 0)
            continue;
        f->of_group[i] = to;
        f->views[f->n_views++] = (struct course_view){
            .v = v, .tracks = &to->tracks, .matched = matched, .sources = f->sources};
    }
    return 0;
}

static int on_snapshot(void *ctx, const struct loaded *l, struct err *e)
{
    struct following *f = ctx;
    struct followed *to = f->of_group[l->group];
    if (to == NULL)
        return 0;
    return tracks_add(&to->tracks, l->s, series_clock_at(&to->clock, &l->s->time),
                      l->input, l->ordinal, e);
}

int following_make(struct following *f, struct ranking *x, size_t top, struct err *e)
{
    const struct load_visitor visitor = {.ctx = f, .snapshot = on_snapshot};
    *f = (struct following){.x = x};
    TRY(prepare(f, top, e));
    return f->n_views > 0 ? load_again(&x->load, &visitor, e) : 0;
}

void following_free(struct following *f)
{
    for (size_t i = 0; f->v != NULL && i < f->x->n_views; i++)
        tracks_free(&f->v[i].tracks);
    free(f->v);
    free(f->views);
    free(f->of_group);
    free(f->sources);
    *f = (struct following){.x = NULL};
}
