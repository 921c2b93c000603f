/* SPDX-License-Identifier: MIT */
/* The boots of all slots, added up: slot by slot, so that a boot is folded once for all
 * that asks for it. */
#include "cli/analyze/judge.h"

#include <stdlib.h>

/* Owned by pooled_make: one entry a boot. */
struct folding {
    const struct tally *t;
    struct axis **axis; /* of boots with bins; NULL: it has its sums already */
    size_t *taken;      /* of those sums: so many belong to slots before */
    double (*scale)[CURVES];
    struct axis_sums *from; /* struct boots_of */
    struct sums *own;       /* of the slot at hand, where they are made here */
    const struct sums **of;
};

static void folding_free(struct folding *f)
{
    for (size_t i = 0; f->axis != NULL && i < f->t->n_boots; i++)
        axis_free(f->axis[i]);
    free(f->axis);
    free(f->taken);
    free(f->scale);
    free(f->from);
    free(f->own);
    free(f->of);
}

static int make_axes(struct folding *f, struct pooled *p, struct err *e)
{
    const struct tally *t = f->t;
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

static int folding_open(struct folding *f, struct pooled *p, struct err *e)
{
    size_t n = f->t->n_boots;
    f->axis = calloc(n, sizeof *f->axis);
    f->taken = calloc(n, sizeof *f->taken);
    f->scale = calloc(n, sizeof *f->scale);
    f->from = calloc(n, sizeof *f->from);
    f->own = calloc(n, sizeof *f->own);
    f->of = calloc(n, sizeof *f->of);
    if (f->axis == NULL || f->taken == NULL || f->scale == NULL || f->from == NULL ||
        f->own == NULL || f->of == NULL)
        return err_nomem(e);
    return make_axes(f, p, e);
}

/* Slots come in their order, as they do in the sums of a folded boot. */
static const struct sums *sums_in(struct folding *f, size_t i, uint32_t slot)
{
    const struct boot *b = &f->t->boots[i];
    if (!b->folded) {
        (void)axis_fold(f->axis[i], f->t, slot, &f->own[i]);
        return &f->own[i];
    }
    size_t at = f->taken[i];
    if (at == b->n_sums || b->sums[at].slot != slot)
        return NULL;
    f->taken[i]++;
    return &b->sums[at];
}

static void add_slot(struct folding *f, struct pooled *p, uint32_t slot)
{
    struct boots_of b = {.n = f->t->n_boots,
                         .of = f->of,
                         .scale = (const double(*)[CURVES])f->scale,
                         .from = f->from,
                         .all = &p->sums[slot],
                         .all_axis = &p->axis};
    p->sums[slot] = (struct sums){.slot = slot};
    for (size_t i = 0; i < b.n; i++) {
        f->of[i] = sums_in(f, i, slot);
        if (f->of[i] != NULL)
            sums_add(&p->sums[slot], f->of[i], f->scale[i]);
    }
    if (p->since != NULL)
        p->since[slot] = since_of(&b);
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

static int add_slots(struct folding *f, struct pooled *p, struct err *e)
{
    TRY(folding_open(f, p, e));
    if (p->axis.boots > 1) {
        p->since = calloc(f->t->n_slots + 1, sizeof *p->since);
        if (p->since == NULL)
            return err_nomem(e);
    }
    for (uint32_t slot = 0; slot < f->t->n_slots; slot++)
        add_slot(f, p, slot);
    return 0;
}

int pooled_make(struct pooled *p, const struct tally *t, struct err *e)
{
    *p = (struct pooled){0};
    p->age_h = calloc(t->n_boots + 1, sizeof *p->age_h);
    p->sums = malloc((t->n_slots + 1) * sizeof *p->sums);
    if (p->age_h == NULL || p->sums == NULL)
        return err_nomem(e);
    TRY(boot_ages(t, p->age_h, &p->age_assumed, e));
    struct folding f = {.t = t};
    int r = add_slots(&f, p, e);
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
