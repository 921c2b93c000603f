/* SPDX-License-Identifier: MIT */
/* The boots of all slots, added up: slot by slot, so that a boot is folded once for all
 * that asks for it. */
#include "cli/analyze/judge.h"

#include <stdlib.h>

#include "cli/analyze/halves.h"

/* Owned by pooled_make: one entry a boot. */
struct folding {
    const struct tally *t;
    struct pooled *p;
    struct axis **axis; /* of boots with bins; NULL: it has its sums already */
    double (*scale)[CURVES];
    struct axis_sums *from; /* struct boots_of */
    struct hand {           /* what one of two needs for himself */
        const struct folding *f;
        size_t *taken;    /* of sums that are there: so many belong to slots before */
        struct sums *own; /* of the slot at hand, where they are made here */
        const struct sums **of;
    } hands[2];
};

static void folding_free(struct folding *f)
{
    for (size_t i = 0; f->axis != NULL && i < f->t->n_boots; i++)
        axis_free(f->axis[i]);
    free(f->axis);
    free(f->scale);
    free(f->from);
    for (size_t i = 0; i < 2; i++) {
        free(f->hands[i].taken);
        free(f->hands[i].own);
        free(f->hands[i].of);
    }
}

static int make_axes(struct folding *f, struct err *e)
{
    const struct tally *t = f->t;
    struct pooled *p = f->p;
    double quiet = 0;
    TRY(quiet_threshold(t, &quiet, e));
    for (size_t i = 0; i < t->n_boots; i++) {
        const struct boot *b = &t->boots[i];
        curve_scale(p->age_h[i], f->scale[i]);
        if (!b->folded) {
            TRY(axis_new(&f->axis[i], e));
            axis_prepare(f->axis[i], t, b, quiet);
        }
        f->from[i] = b->folded ? b->axis : *axis_shared(f->axis[i]);
        axis_add_sums(&p->axis, &f->from[i], f->scale[i]);
    }
    /* Added up from the last one backwards. */
    struct axis_sums sum = {0};
    for (size_t i = t->n_boots; i-- > 0;) {
        axis_add_sums(&sum, &f->from[i], f->scale[i]);
        f->from[i] = sum;
    }
    return 0;
}

static int folding_open(struct folding *f, struct err *e)
{
    size_t n = f->t->n_boots;
    f->axis = calloc(n, sizeof *f->axis);
    f->scale = calloc(n, sizeof *f->scale);
    f->from = calloc(n, sizeof *f->from);
    if (f->axis == NULL || f->scale == NULL || f->from == NULL)
        return err_nomem(e);
    for (size_t i = 0; i < 2; i++) {
        struct hand *h = &f->hands[i];
        h->f = f;
        h->taken = calloc(n, sizeof *h->taken);
        h->own = calloc(n, sizeof *h->own);
        h->of = calloc(n, sizeof *h->of);
        if (h->taken == NULL || h->own == NULL || h->of == NULL)
            return err_nomem(e);
    }
    return make_axes(f, e);
}

/* Slots come in their order, as they do in the sums of a folded boot. */
static const struct sums *sums_in(struct hand *h, size_t i, uint32_t slot)
{
    const struct boot *b = &h->f->t->boots[i];
    if (!b->folded) {
        (void)axis_fold(h->f->axis[i], h->f->t, slot, &h->own[i]);
        return &h->own[i];
    }
    size_t *at = &h->taken[i];
    while (*at < b->n_sums && b->sums[*at].slot < slot)
        (*at)++;
    return *at < b->n_sums && b->sums[*at].slot == slot ? &b->sums[*at] : NULL;
}

static void add_slot(struct hand *h, uint32_t slot)
{
    const struct folding *f = h->f;
    struct pooled *p = f->p;
    struct boots_of b = {.n = f->t->n_boots,
                         .of = h->of,
                         .scale = (const double(*)[CURVES])f->scale,
                         .from = f->from,
                         .all = &p->sums[slot],
                         .all_axis = &p->axis};
    p->sums[slot] = (struct sums){.slot = slot};
    for (size_t i = 0; i < b.n; i++) {
        h->of[i] = sums_in(h, i, slot);
        if (h->of[i] != NULL)
            sums_add(&p->sums[slot], h->of[i], f->scale[i]);
    }
    if (p->since != NULL)
        p->since[slot] = since_of(&b);
}

static void add_some(void *ctx, uint32_t first, uint32_t step)
{
    struct hand *h = ctx;
    for (size_t slot = first; slot < h->f->t->n_slots; slot += step)
        add_slot(h, (uint32_t)slot);
}

/* Whole numbers: their sum does not depend on the order of the rows. */
static void add_growth(struct pooled *p, const struct tally *t)
{
    uint64_t grown[POOL_KINDS] = {0};
    for (uint32_t slot = 0; slot < t->n_slots; slot++) {
        uint64_t *sum = &grown[t->keys[slot].key & 0xff];
        double net = p->sums[slot].net;
        uint64_t more = net > 0 ? (uint64_t)fmin(net, WHOLE_MAX) : 0;
        if (!add_u64(*sum, more, sum))
            *sum = UINT64_MAX;
    }
    for (int k = 0; k < POOL_KINDS; k++)
        p->grown[k] = (double)grown[k];
}

static int add_slots(struct folding *f, struct worker *w, struct err *e)
{
    struct pooled *p = f->p;
    TRY(folding_open(f, e));
    if (p->axis.boots > 1) {
        p->since = calloc(f->t->n_slots + 1, sizeof *p->since);
        if (p->since == NULL)
            return err_nomem(e);
    }
    in_halves(w, add_some, &f->hands[0], &f->hands[1]);
    return 0;
}

int pooled_make(struct pooled *p, const struct tally *t, struct worker *w, struct err *e)
{
    *p = (struct pooled){0};
    p->age_h = calloc(t->n_boots + 1, sizeof *p->age_h);
    p->sums = malloc((t->n_slots + 1) * sizeof *p->sums);
    if (p->age_h == NULL || p->sums == NULL)
        return err_nomem(e);
    TRY(boot_ages(t, p->age_h, &p->age_assumed, e));
    struct folding f = {.t = t, .p = p};
    int r = add_slots(&f, w, e);
    folding_free(&f);
    TRY(r);
    add_growth(p, t);
    return 0;
}

void pooled_free(struct pooled *p)
{
    free(p->age_h);
    free(p->sums);
    free(p->since);
    *p = (struct pooled){0};
}
