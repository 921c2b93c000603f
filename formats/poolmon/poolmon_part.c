/* SPDX-License-Identifier: MIT */
#include "formats/poolmon/poolmon_part.h"

bool poolmon_is_part(const struct pool_snapshot *s, bool screen)
{
    enum { CONSOLE_ROWS = 16 };
    static const uint8_t field[] = {
        [POOL_NONPAGED] = TOTAL_NONPAGED_KIB, [POOL_PAGED] = TOTAL_PAGED_KIB};
    if (s->scope != SCOPE_SYSTEM || s->n_rows == 0 ||
        (screen && s->n_rows > CONSOLE_ROWS))
        return false;
    uint64_t bytes[POOL_KINDS] = {0}, listed = 0, total = 0;
    bool present[POOL_KINDS] = {false};
    for (int k = 0; k < POOL_KINDS && s->chain.id != 0; k++) {
        present[k] = s->chain.listed[k] > 0;
        bytes[k] = s->chain.bytes[k];
    }
    for (size_t i = 0; i < s->n_rows && s->chain.id == 0; i++) {
        const struct pool_row *r = &s->rows[i];
        present[r->pool] = true;
        if (!add_u64(bytes[r->pool], r->bytes, &bytes[r->pool]))
            bytes[r->pool] = UINT64_MAX;
    }
    for (int k = POOL_NONPAGED; k <= POOL_PAGED; k++) {
        if (!present[k])
            continue;
        if (!(s->totals.given & 1u << field[k]))
            return false;
        listed += bytes[k] / 1024;
        total += s->totals.v[field[k]];
    }
    return listed < total / 2;
}
