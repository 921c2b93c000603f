/* SPDX-License-Identifier: MIT */
#include "cli/analyze/row.h"

bool capture_lists_all(const struct pool_snapshot *s)
{
    if (s->completeness != COMPLETE_WHOLE)
        return false;
    uint64_t smallest = UINT64_MAX;
    for (size_t i = 0; i < s->n_rows; i++)
        if ((s->rows[i].fields & ROW_BYTES) != 0 && s->rows[i].bytes < smallest)
            smallest = s->rows[i].bytes;
    return !looks_top_n(s->n_rows, smallest);
}

bool capture_header_total(const struct pool_snapshot *s, enum pool_kind k,
                          uint64_t *bytes)
{
    static const enum total_field fields[] = {
        [POOL_NONPAGED] = TOTAL_NONPAGED_KIB, [POOL_PAGED] = TOTAL_PAGED_KIB};
    if (k == POOL_UNKNOWN || s->scope != SCOPE_SYSTEM)
        return false;
    if ((s->totals.given & 1u << fields[k]) == 0)
        return false;
    return mul_u64(s->totals.v[fields[k]], 1024, bytes);
}
