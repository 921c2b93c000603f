/* SPDX-License-Identifier: MIT */
/* A planned world lived through: the figures of each tag at each capture, written into
 * the matrices of the caller's struct world. */
#ifndef TESTS_EVAL_FIGURES_H
#define TESTS_EVAL_FIGURES_H

#include "tests/eval/behave.h"

static inline void record_boot(struct world *w, struct eval_tag *t, size_t i, unsigned b,
                               struct rng *r)
{
    const struct world_boot *boot = &w->boots[b];
    double allocs = 0, before = 0;
    unsigned k = 0;
    for (unsigned j = boot->first; j <= boot->last; j++) {
        for (; k <= w->pos[j]; k++) {
            double rise = w->count[k] - before;
            before = w->count[k];
            double pace = t->churn * w->dt * (.5 + w->load[k]);
            allocs += (rise > 0 ? rise : 0) + (w->there[k] ? draw_events(r, pace) : 0);
        }
        size_t at = i * w->n_snapshots + j;
        unsigned p = w->pos[j];
        w->allocs[at] = (uint64_t)allocs;
        w->live[at] = (uint64_t)w->count[p];
        w->bytes[at] = (uint64_t)floor(w->count[p] * t->size * w->grain[p] + .5);
        w->here[at] = w->there[p] && allocs > 0;
    }
    unsigned from = w->pos[boot->first], to = w->pos[boot->last];
    t->leaked += (w->kept[to] - w->kept[from]) * t->size;
    size_t row = i * w->n_snapshots;
    t->growth += (double)w->bytes[row + boot->last] - (double)w->bytes[row + boot->first];
}

/* Tags from..to-1, boot by boot. */
static inline void simulate(struct world *w, unsigned from, unsigned to)
{
    for (unsigned b = 0; b < w->n_boots; b++) {
        if (!boot_steps(w, b))
            continue;
        for (unsigned i = from; i < to; i++) {
            struct rng r = rng_for(w->seed, 200000 + i, b);
            behave(w, &w->tags[i], i, b);
            record_boot(w, &w->tags[i], i, b, &r);
        }
    }
}

#endif
