/* SPDX-License-Identifier: MIT */
/* The shared axis of time: bins, and boots as stretches of them. */
#include "cli/analyze/tally.h"

#include <stdlib.h>
#include <string.h>

void boot_free(struct boot *b)
{
    free(b->edges);
    free(b->acts);
    free(b->sums);
    *b = (struct boot){0};
}

struct edge boot_edge(const struct tally *t, const struct boot *b, uint32_t slot)
{
    if (b == tally_boot(t)) {
        const struct slot *s = &t->slots[slot];
        struct edge edge = t->pasts[slot].edge;
        edge.last_x = s->x;
        edge.last_c = s->c;
        edge.at_last = s->here;
        return edge;
    }
    if (slot < b->n_edges)
        return b->edges[slot];
    return (struct edge){.first_x = ABSENT,
                         .first_c = ABSENT,
                         .last_x = ABSENT,
                         .last_c = ABSENT,
                         .high_x = ABSENT};
}

static struct boot *oldest_unfolded(const struct tally *t)
{
    struct boot *b = t->boots;
    while (b->folded)
        b++;
    return b;
}

static int fold_sums(struct tally *t, struct boot *b, struct axis *a, struct err *e)
{
    for (uint32_t slot = 0; slot < t->n_slots; slot++) {
        void *p = b->sums;
        int r = grow(&p, &b->sums_cap, b->n_sums + 1, sizeof *b->sums, e);
        b->sums = p;
        if (r < 0)
            return r;
        if (axis_fold(a, t, slot, &b->sums[b->n_sums]))
            b->n_sums++;
    }
    return 0;
}

/* Turns the oldest boot's bins into sums.  How quiet an interval is must be decided
 * now, against all that was seen so far. */
static int fold_oldest(struct tally *t, struct err *e)
{
    struct boot *b = oldest_unfolded(t);
    double quiet = 0, acts[BINS];
    TRY(quiet_threshold(t, &quiet, e));
    size_t n_acts = boot_acts(t, b, acts);
    void *p = b->acts;
    TRY(grow(&p, &b->acts_cap, n_acts, sizeof *b->acts, e));
    b->acts = p;
    if (n_acts > 0)
        memcpy(b->acts, acts, n_acts * sizeof *acts);
    b->n_acts = n_acts;
    struct axis *a = NULL;
    TRY(axis_new(&a, e));
    axis_prepare(a, t, b, quiet);
    int r = fold_sums(t, b, a, e);
    b->axis = *axis_shared(a);
    axis_free(a);
    TRY(r);
    uint32_t n = b->n_bins;
    for (size_t i = 0; i < t->n_slots; i++)
        cells_drop(&t->pasts[i], n);
    memmove(t->bins, t->bins + n, (t->n_bins - n) * sizeof *t->bins);
    t->n_bins -= n;
    for (struct boot *later = b + 1; later < t->boots + t->n_boots; later++)
        later->bin0 -= n;
    b->folded = true;
    return 0;
}

static void merge_bin(struct bin *to, const struct bin *from)
{
    to->last_t = from->last_t;
    to->sum_t += from->sum_t;
    to->n += from->n;
    double h = to->act_h + from->act_h;
    if (h > 0)
        to->act = (to->act * to->act_h + from->act * from->act_h) / h;
    to->act_h = h;
    if (from->least < to->least)
        to->least = from->least;
    memcpy(to->total, from->total, sizeof to->total);
}

/* BINS is even and the boot holds all bins, so every bin finds its neighbour. */
static void merge_pairs(struct tally *t)
{
    for (uint32_t i = 0; i < BINS / 2; i++) {
        t->bins[i] = t->bins[2 * i];
        merge_bin(&t->bins[i], &t->bins[2 * i + 1]);
    }
    for (size_t i = 0; i < t->n_slots; i++)
        cells_merge(&t->pasts[i]);
    t->n_bins = BINS / 2;
    tally_boot(t)->n_bins = BINS / 2;
    tally_boot(t)->per_bin *= 2;
}

int axis_add(struct tally *t, double at, struct err *e)
{
    struct boot *b = tally_boot(t);
    struct bin *last = b->n_bins > 0 ? &t->bins[t->n_bins - 1] : NULL;
    if (last == NULL || last->n == b->per_bin) {
        if (t->n_bins == BINS) {
            if (oldest_unfolded(t) != b)
                TRY(fold_oldest(t, e));
            else
                merge_pairs(t);
        }
        last = &t->bins[t->n_bins++];
        b->n_bins++;
        *last = (struct bin){.first_t = at, .least = INFINITY};
    }
    last->last_t = at;
    last->sum_t += at;
    last->n++;
    for (int k = 0; k < POOL_KINDS; k++)
        last->total[k] = t->totals[k].known ? (double)t->totals[k].bytes : NAN;
    return 0;
}

/* Settles what the boot that ends leaves with each slot. */
static int boot_close(struct tally *t, struct err *e)
{
    struct boot *b = tally_boot(t);
    void *p = b->edges;
    TRY(grow(&p, &b->edges_cap, t->n_slots, sizeof *b->edges, e));
    b->edges = p;
    for (uint32_t slot = 0; slot < t->n_slots; slot++) {
        struct past *past = &t->pasts[slot];
        struct edge edge = boot_edge(t, b, slot);
        b->edges[slot] = edge;
        if (edge.at_first && edge.at_last && b->last > b->first)
            past->age_allocs += edge.da;
        if (edge.first_x != UNKNOWN && edge.last_x != UNKNOWN) {
            past->changed_x += figure_or_0(edge.last_x) - figure_or_0(edge.first_x);
            past->changed_c += figure_or_0(edge.last_c) - figure_or_0(edge.first_c);
        }
        past->edge =
            (struct edge){.first_x = UNKNOWN, .first_c = UNKNOWN, .high_x = UNKNOWN};
    }
    b->n_edges = t->n_slots;
    t->closed_h += b->last_t - b->first_t;
    return 0;
}

int boot_begin(struct tally *t, double hours, double at, double gap_h, struct err *e)
{
    if (t->n_boots > 0)
        TRY(boot_close(t, e));
    if (t->n_boots == BOOTS_KEPT + 1) {
        if (!t->boots[1].folded)
            TRY(fold_oldest(t, e));
        if (!t->boots[1].folded)
            TRY(fold_oldest(t, e));
        TRY(boots_merge(t, e));
    }
    void *p = t->boots;
    TRY(grow(&p, &t->boots_cap, t->n_boots + 1, sizeof *t->boots, e));
    t->boots = p;
    uint64_t number = t->snapshots - 1;
    t->boots[t->n_boots++] = (struct boot){.first = number,
                                           .last = number,
                                           .start_h = hours,
                                           .end_h = hours,
                                           .first_t = at,
                                           .last_t = at,
                                           .gap_h = gap_h,
                                           .uptime_h = NAN,
                                           .age_h = NAN,
                                           .bin0 = t->n_bins,
                                           .per_bin = 1};
    return 0;
}
