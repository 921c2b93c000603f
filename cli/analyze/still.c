/* SPDX-License-Identifier: MIT */
/* What a difference found to have grown, looked at once more in a third capture. */
#include "cli/analyze/analyze.h"

#include <stdlib.h>

#include "cli/analyze/order.h"
#include "cli/analyze/row.h"

#define KEPT .9 /* a finished leak's tag still has its ordinary traffic */

static uint64_t key_of(const struct diff_row *r)
{
    return row_key(r->tag, r->pool);
}

static int compare_keys(const void *context, uint32_t i, uint32_t j)
{
    const struct diff_row *rows = context;
    uint64_t a = key_of(&rows[i]), b = key_of(&rows[j]);
    return (a > b) - (a < b);
}

static int by_key(uint32_t **out, const struct diff_result *d, struct err *e)
{
    uint32_t *v = malloc((d->n_rows > 0 ? d->n_rows : 1) * sizeof *v);
    if (v == NULL)
        return err_nomem(e);
    for (size_t i = 0; i < d->n_rows; i++)
        v[i] = (uint32_t)i;
    order_sort(v, d->n_rows, compare_keys, d->rows);
    *out = v;
    return 0;
}

/* Both in doubles: sizes near 2^64 are not worth an overflow. */
static double kept_of(const struct diff_row *r)
{
    double gained = (double)r->new_bytes - (double)r->old_bytes;
    double held = (double)r->newer_bytes - (double)r->old_bytes;
    return fmax(0, fmin(1, held / gained));
}

static void fill_row(struct diff_row *r, const struct diff_row *later, bool one_boot)
{
    r->newer_known = later->new_known;
    r->newer_bytes = later->new_known ? later->new_bytes : 0;
    if (one_boot && r->newer_known && r->old_known && r->new_known && r->bytes_change > 0)
        r->kept = kept_of(r);
}

int diff_still(struct diff_result *d, const struct diff_result *later, struct err *e)
{
    uint32_t *mine = NULL, *theirs = NULL;
    bool one_boot = d->same_boot && later->same_boot;
    int r = by_key(&mine, d, e);
    if (r == 0)
        r = by_key(&theirs, later, e);
    for (size_t i = 0, k = 0; r == 0 && i < d->n_rows; i++) {
        struct diff_row *row = &d->rows[mine[i]];
        row->newer_known = false;
        row->newer_bytes = 0;
        row->kept = NAN;
        uint64_t key = key_of(row);
        while (k < later->n_rows && key_of(&later->rows[theirs[k]]) < key)
            k++;
        if (k < later->n_rows && key_of(&later->rows[theirs[k]]) == key)
            fill_row(row, &later->rows[theirs[k]], one_boot);
    }
    free(theirs);
    free(mine);
    return r;
}

bool diff_row_kept(const struct diff_row *r)
{
    return r->kept >= KEPT;
}
