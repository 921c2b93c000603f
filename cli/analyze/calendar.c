/* SPDX-License-Identifier: MIT */
/* What all slots share, once: when the bins end, how the last boot falls into blocks, and
 * what is found of a slot that stood still. */
#include "cli/analyze/judge.h"

#include <string.h>

/* All bins of a short boot, else the last one of each of so many equal spans. */
static void choose_spark(struct calendar *cal, const double *t, uint32_t n)
{
    cal->n_spark = 0;
    if (n <= RANK_SPARK) {
        for (uint32_t i = 0; i < n; i++)
            cal->spark[cal->n_spark++] = i;
        return;
    }
    double width = (t[n - 1] - t[0]) / RANK_SPARK;
    uint32_t i = 0;
    for (int span = 1; span <= RANK_SPARK; span++) {
        while (i + 1 < n && (span == RANK_SPARK || t[i + 1] <= t[0] + width * span))
            i++;
        cal->spark[cal->n_spark++] = i;
    }
}

static void judge_still(struct calendar *cal, const struct tally *t)
{
    struct course v = {.n = tally_boot(t)->n_bins};
    struct blocks f;
    blocks_of(&f, &cal->cuts, v.lx);
    cal->still = pace_of(&f, cal->span_h);
    cal->still_tempo = tempo_of((struct tempo){NAN, NAN, NAN}, t, cal, NO_SLOT, &v, &f);
}

void calendar_make(struct calendar *cal, const struct tally *t)
{
    const struct boot *b = tally_boot(t);
    const double *last = cal->t + b->bin0;
    for (uint32_t i = 0; i < t->n_bins; i++)
        cal->t[i] = t->bins[i].last_t;
    cal->span_h = t->has_times ? b->last_t - b->first_t : NAN;
    choose_spark(cal, last, b->n_bins);
    cuts_make(&cal->cuts, last, t->has_times ? b->n_bins : 0);
    judge_still(cal, t);
}

bool calendar_still(const struct tally *t, uint32_t slot, double *bytes)
{
    double objects;
    for (size_t i = 0; i < t->n_boots; i++)
        if (!t->boots[i].folded && !course_stood(t, &t->boots[i], slot, bytes, &objects))
            return false;
    return true;
}
