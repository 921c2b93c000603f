/* SPDX-License-Identifier: MIT */
/* How long had the machine been up?  Allocs at a boot's first snapshot, divided by the
 * pace of allocation inside the boots, is an uptime; the median over tags is taken. */
#include "cli/analyze/order.h"
#include "cli/analyze/tally.h"

#include <stdlib.h>

#define LEAST_ALLOCS 50 /* fewer in the series say nothing about a pace */
#define LEAST_TAGS   5  /* fewer agree by chance */
#define USUAL_AGE_H  24.0
#define WRAP_H       200.0 /* a pace that wraps the counter within this is left out */

struct paces {
    double *allocs; /* by slot, inside boots, where seen at both ends */
    double *ratio;
    double hours;
};

static double median_age(const struct tally *t, const struct boot *b, struct paces *p)
{
    size_t n = 0;
    for (uint32_t slot = 0; slot < t->n_slots; slot++) {
        struct edge edge = boot_edge(t, b, slot);
        double rate = p->allocs[slot] / p->hours;
        if (edge.at_first && edge.a0 > 0 && p->allocs[slot] >= LEAST_ALLOCS &&
            rate * WRAP_H < 4294967296.0)
            p->ratio[n++] = (double)edge.a0 / rate;
    }
    return n < LEAST_TAGS ? (double)NAN : order_median(p->ratio, n);
}

static void measure_paces(const struct tally *t, struct paces *p)
{
    const struct boot *now = tally_boot(t);
    p->hours = t->closed_h + (now->last_t - now->first_t);
    if (!(p->hours > 1e-9))
        p->hours = 1e-9;
    for (uint32_t slot = 0; slot < t->n_slots; slot++) {
        p->allocs[slot] = (double)t->pasts[slot].age_allocs;
        struct edge edge = boot_edge(t, now, slot);
        if (edge.at_first && edge.at_last && now->last > now->first)
            p->allocs[slot] += (double)edge.da;
    }
}

int boot_ages(const struct tally *t, double *age_h, bool *assumed, struct err *e)
{
    struct paces p = {0};
    void *allocs = NULL, *ratio = NULL;
    size_t allocs_cap = 0, ratio_cap = 0;
    int r = grow(&allocs, &allocs_cap, t->n_slots, sizeof *p.allocs, e);
    if (r < 0)
        goto out;
    r = grow(&ratio, &ratio_cap, t->n_slots, sizeof *p.ratio, e);
    if (r < 0)
        goto out;
    p.allocs = allocs;
    p.ratio = ratio;
    measure_paces(t, &p);
    *assumed = false;
    for (size_t i = 0; i < t->n_boots; i++) {
        const struct boot *b = &t->boots[i];
        if (!isnan(b->age_h)) {
            age_h[i] = b->age_h;
        } else if (!isnan(b->uptime_h)) {
            age_h[i] = b->uptime_h;
        } else {
            age_h[i] = median_age(t, b, &p);
            if (isnan(age_h[i])) {
                *assumed = true;
                age_h[i] = USUAL_AGE_H;
            }
            if (b->gap_h < age_h[i])
                age_h[i] = b->gap_h;
        }
    }
out:
    free(ratio);
    free(allocs);
    return r < 0 ? r : 0;
}
