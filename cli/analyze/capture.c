/* SPDX-License-Identifier: MIT */
#include "cli/analyze/row.h"

bool capture_lists_all(const struct pool_snapshot *s)
{
    if (s->completeness != COMPLETE_WHOLE)
        return false;
    uint64_t smallest = UINT64_MAX;
    for (size_t i = 0; i < s->n_rows; i++)
        if ((pool_row_at(s, i)->fields & ROW_BYTES) != 0 &&
            pool_row_at(s, i)->bytes < smallest)
            smallest = pool_row_at(s, i)->bytes;
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

uint64_t capture_limit(const struct pool_snapshot *s, enum pool_kind k)
{
    static const enum total_field fields[] = {
        [POOL_NONPAGED] = TOTAL_NONPAGED_LIMIT_KIB, [POOL_PAGED] = TOTAL_PAGED_LIMIT_KIB};
    const struct pool_totals *t = &s->totals;
    uint64_t most = ((uint64_t)1 << 34) - 1, bytes; /* 16 TiB: the range of 64 bits */
    if (k == POOL_UNKNOWN || s->scope != SCOPE_SYSTEM || !(t->given & 1u << fields[k]))
        return 0;
    if (t->given & 1u << TOTAL_LIMIT_KIB)
        most = t->v[TOTAL_LIMIT_KIB];
    else if (t->given & 1u << TOTAL_MEMORY_KIB)
        most = t->v[TOTAL_MEMORY_KIB];
    return t->v[fields[k]] <= most && mul_u64(t->v[fields[k]], 1024, &bytes) ? bytes : 0;
}

/* Older systems than XP had units of 32 bytes: then nothing is known. */
uint32_t capture_pool_bits(const struct pool_snapshot *s)
{
    size_t held = 0, odd_8 = 0, odd_16 = 0;
    for (size_t i = 0; i < s->n_rows; i++) {
        const struct pool_row *r = pool_row_at(s, i);
        if ((r->fields & ROW_BYTES) == 0 || r->bytes == 0)
            continue;
        if (r->bytes % 8 != 0)
            return 0; /* rounded, or counted otherwise */
        held++;
        odd_8 += r->bytes % 16 != 0;
        odd_16 += r->bytes % 32 == 16;
    }
    if (odd_8 >= 2)
        return 32;
    return held >= 16 && odd_8 == 0 && odd_16 > 0 ? 64 : 0;
}

/* Every row held a multiple of 16 bytes, and those that changed do. */
static bool still_64(const struct capture_bits *last, const struct pool_snapshot *s)
{
    if (last->bits != 64 || !pool_follows(s, last->chain, last->step))
        return false;
    for (size_t i = 0; i < s->chain.n_changed; i++)
        if (s->rows[s->chain.changed[i]].bytes % 16 != 0)
            return false;
    return true;
}

uint32_t capture_bits_next(struct capture_bits *last, const struct pool_snapshot *s)
{
    uint32_t bits = still_64(last, s) ? 64 : capture_pool_bits(s);
    *last = (struct capture_bits){bits, s->chain.id, s->chain.step};
    return bits;
}
