/* SPDX-License-Identifier: MIT */
/* Which intervals are quiet: the third of all with the least activity of the host. */
#include "cli/analyze/order.h"
#include "cli/analyze/tally.h"

#include <stdlib.h>
#include <string.h>

size_t boot_acts(const struct tally *t, const struct boot *b, double acts[BINS])
{
    const struct bin *bins = t->bins + b->bin0;
    size_t n = 0;
    for (uint32_t i = 0; i < b->n_bins; i++)
        if (i > 0 || (b->per_bin > 1 && bins[0].last_t > b->first_t))
            acts[n++] = bins[i].act;
    return n;
}

int quiet_threshold(const struct tally *t, double *act, struct err *e)
{
    size_t n = BINS, cap = 0;
    for (size_t i = 0; i < t->n_boots; i++)
        n += t->boots[i].n_acts;
    void *p = NULL;
    TRY(grow(&p, &cap, n, sizeof(double), e));
    double *all = p;
    n = 0;
    for (size_t i = 0; i < t->n_boots; i++) {
        const struct boot *b = &t->boots[i];
        if (!b->folded)
            n += boot_acts(t, b, all + n);
        else if (b->n_acts > 0)
            memcpy(all + n, b->acts, b->n_acts * sizeof *all);
        n += b->folded ? b->n_acts : 0;
    }
    qsort(all, n, sizeof *all, order_doubles);
    *act = 0;
    if (n > 0) {
        double at = (double)(n - 1) / 3;
        size_t low = (size_t)at;
        size_t high = low + 1 < n ? low + 1 : low;
        *act = all[low] + (at - (double)low) * (all[high] - all[low]);
    }
    free(all);
    return 0;
}
