/* SPDX-License-Identifier: MIT */
/* Makes one of the two oldest boots, so that memory does not grow with their number. */
#include "cli/analyze/tally.h"

#include <stdlib.h>
#include <string.h>

double even_gain(const struct boot *b, const struct edge *edge, double age_h)
{
    double h = b->last_t - b->first_t;
    return h > 0 ? figure_or_0(edge->last_x) * h / (h + figure_or_0(age_h)) : 0;
}

void pace_add(const struct tally *t, const struct boot *b, const struct edge *edge,
              double *num, double *den)
{
    if (b->last == b->first || edge->first_c == UNKNOWN || edge->last_c == UNKNOWN)
        return;
    /* Below the end of a top-N list nothing is known about the time before. */
    if (!edge->at_first && tally_top_n(t))
        return;
    double first = edge->first_c > 0 ? edge->first_c : 0;
    double last = edge->last_c > 0 ? edge->last_c : 0;
    double allocs = edge->at_first && edge->at_last ? (double)edge->da : last;
    double before = (double)edge->a0;
    double kept = last > first ? last - first : 0;
    *num += kept * (before > 1 ? before : 1);
    *den += (first > 1 ? first : 1) * (allocs > 1 ? allocs : 1);
}

static void scale_sums(struct boot *b, double age_h)
{
    double scale[CURVES];
    curve_scale(age_h, scale);
    struct axis_sums scaled = {0};
    axis_add_sums(&scaled, &b->axis, scale);
    b->axis = scaled;
    for (size_t i = 0; i < b->n_sums; i++)
        for (int k = 0; k < CURVES; k++) {
            b->sums[i].xk[k] *= scale[k];
            b->sums[i].ck[k] *= scale[k];
        }
    b->age_h = 0;
}

static const double as_they_are[CURVES] = {1, 1, 1, 1, 1, 1};

/* Both lists are by slot. */
static int join_sums(const struct boot *a, const struct boot *b, struct boot *to,
                     struct err *e)
{
    void *p = NULL;
    size_t cap = 0;
    TRY(grow(&p, &cap, a->n_sums + b->n_sums, sizeof *to->sums, e));
    to->sums = p;
    to->sums_cap = cap;
    size_t i = 0, j = 0;
    while (i < a->n_sums || j < b->n_sums) {
        bool from_a =
            j == b->n_sums || (i < a->n_sums && a->sums[i].slot <= b->sums[j].slot);
        bool both = from_a && j < b->n_sums && a->sums[i].slot == b->sums[j].slot;
        struct sums *s = &to->sums[to->n_sums++];
        *s = from_a ? a->sums[i] : b->sums[j];
        if (both)
            sums_add(s, &b->sums[j], as_they_are);
        i += from_a;
        j += !from_a || both;
    }
    return 0;
}

static void keep_pace(struct tally *t, const struct boot *b, double age_h)
{
    for (uint32_t slot = 0; slot < b->n_edges; slot++) {
        struct past *p = &t->pasts[slot];
        pace_add(t, b, &b->edges[slot], &p->pace_num, &p->pace_den);
        p->even_gain += even_gain(b, &b->edges[slot], age_h);
        p->seen_boots += b->edges[slot].high_x > 0;
    }
}

static int merge_first_two(struct tally *t, const double *age_h, struct err *e)
{
    struct boot *a = &t->boots[0], *b = &t->boots[1];
    struct boot joined = {.first = a->first,
                          .last = b->last,
                          .start_h = a->start_h,
                          .end_h = b->end_h,
                          .first_t = a->first_t,
                          .last_t = b->last_t,
                          .gap_h = a->gap_h,
                          .uptime_h = NAN,
                          .folded = true,
                          .per_bin = 1};
    scale_sums(a, age_h[0]);
    scale_sums(b, age_h[1]);
    TRY(join_sums(a, b, &joined, e));
    joined.axis = a->axis;
    axis_add_sums(&joined.axis, &b->axis, as_they_are);
    size_t newer = t->n_history - t->n_boots + 1;
    if (!t->oldest_is_many) {
        t->history[newer - 1].age_h = age_h[0];
        keep_pace(t, a, age_h[0]);
    }
    t->history[newer].age_h = age_h[1];
    keep_pace(t, b, age_h[1]);
    t->oldest_is_many = true;
    boot_free(a);
    boot_free(b);
    *a = joined;
    memmove(b, b + 1, (t->n_boots - 2) * sizeof *b);
    t->n_boots--;
    return 0;
}

int boots_merge(struct tally *t, struct err *e)
{
    void *p = NULL;
    size_t cap = 0;
    bool assumed;
    TRY(grow(&p, &cap, t->n_boots, sizeof(double), e));
    int r = boot_ages(t, p, &assumed, e);
    if (r == 0)
        r = merge_first_two(t, p, e);
    free(p);
    return r;
}
