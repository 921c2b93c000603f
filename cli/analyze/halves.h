/* SPDX-License-Identifier: MIT */
/* Work that each slot is done with by itself, done by two where there is a worker:
 * results do not depend on who did it.  The caller owns everything. */
#ifndef CLI_ANALYZE_HALVES_H
#define CLI_ANALYZE_HALVES_H

#include <stdint.h>

#include "formats/worker.h"

/* Does slots first, first + step ... */
typedef void half_work(void *ctx, uint32_t first, uint32_t step);

/* `other` is for the worker, if any, and may be `ctx`. */
void in_halves(struct worker *w, half_work *work, void *ctx, void *other);

#endif
