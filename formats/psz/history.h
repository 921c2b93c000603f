/* SPDX-License-Identifier: MIT */
/* One row's history out of one block, and the heads of its captures; nothing here is
 * owned beyond the decoder that the caller passes. */
#ifndef FORMATS_PSZ_HISTORY_H
#define FORMATS_PSZ_HISTORY_H

#include "formats/psz/file.h"
#include "formats/psz/tip.h"

typedef int psz_on_point(void *ctx, const struct psz_point *p, struct err *e);

/* The first row of that key with what is wanted of it; false when there is none. */
bool psz_history_row(const struct pool_snapshot *s, const struct psz_want *want,
                     struct pool_row *row);
/* Calls `on` for every capture of a block that stands alone; points have no number. */
int psz_block_history(struct psz_decoder *dec, const uint8_t *p, size_t n,
                      const struct psz_want *want, psz_on_point *on, void *ctx,
                      struct err *e) ERR_WARN_UNUSED;
/* The same without any row; 1, or 0 when heads alone cannot be read. */
int psz_block_heads(struct psz_decoder *dec, const uint8_t *p, size_t n, psz_on_point *on,
                    void *ctx, struct err *e) ERR_WARN_UNUSED;

#endif
