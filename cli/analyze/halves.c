/* SPDX-License-Identifier: MIT */
#include "cli/analyze/halves.h"

#include <stddef.h>

struct half {
    half_work *work;
    void *ctx;
};

static int odd_slots(void *ctx, struct err *e)
{
    const struct half *h = ctx;
    (void)e;
    h->work(h->ctx, 1, 2);
    return 0;
}

void in_halves(struct worker *w, half_work *work, void *ctx, void *other)
{
    struct half h = {.work = work, .ctx = other};
    if (w == NULL) {
        work(ctx, 0, 1);
        return;
    }
    worker_do(w, odd_slots, &h);
    work(ctx, 0, 2);
    const int r = worker_wait(w, NULL);
    (void)r; /* the work itself cannot fail */
}
