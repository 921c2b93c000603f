/* SPDX-License-Identifier: MIT */
/* A struct series as `poolmon -n` prints it (32-bit columns, memory lines, CR LF); the
 * caller owns the struct buf that text is appended to. */
#ifndef TESTS_TOOLS_SERIES_TEXT_H
#define TESTS_TOOLS_SERIES_TEXT_H

#include <stdio.h>

#include "formats/bytes.h"
#include "formats/err.h"
#include "formats/when.h"
#include "tests/tools/series.h"

#define SERIES_MONDAY INT64_C(1793577600000) /* 2026-11-02T00:00:00 */

static inline void series_civil(int64_t minute, struct civil *c)
{
    civil_from_ms(SERIES_MONDAY + minute * 60000, c);
}

/* "web01-20261102-0903": 19 characters while years have four digits. */
static inline void series_file_name(int64_t minute, char *out, size_t cap)
{
    struct civil c;
    series_civil(minute, &c);
    snprintf(out, cap, "web01-%04d%02d%02d-%02d%02d", c.year, c.month, c.day, c.hour,
             c.minute);
}

/* What a pool holds, in KiB: its rows and the rest of their pages. */
static inline uint64_t series_pool_kib(const struct series *s, uint8_t pool)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < s->o.tags; i++)
        if (s->tags[i].present && s->tags[i].pool == pool)
            bytes += s->tags[i].bytes;
    return (bytes + bytes / 40 + 4095) / 4096 * 4;
}

static inline int series_head(struct series *s, struct buf *out, struct err *e)
{
    unsigned long long np = series_pool_kib(s, POOL_NONPAGED);
    unsigned long long paged = series_pool_kib(s, POOL_PAGED);
    unsigned long long busy_kib = (unsigned long long)(s->load * 1200000 / ONE);
    unsigned long long commit = 4100436 + busy_kib + np + paged;
    if (commit > s->peak_kib)
        s->peak_kib = commit;
    TRY(buf_printf(out, e,
                   " Memory:%8uK Avail:%8lluK  PageFlts:%6llu   InRam Krnl:%5uK "
                   "P:%5lluK\r\n",
                   16776704u, 12072536 - busy_kib - np - paged,
                   (unsigned long long)(s->faults & UINT32_MAX), 56708u,
                   paged * 15 / 16));
    return buf_printf(out, e,
                      " Commit:%7lluK Limit:%7uK Peak:%7lluK            Pool N:%5lluK "
                      "P:%5lluK\r\n\r\n",
                      commit, 19791360u, (unsigned long long)s->peak_kib, np, paged);
}

/* Appends the capture of this minute, in tag order.  Counters are 32 bits wide. */
static inline int series_capture(struct series *s, struct buf *out, struct err *e)
{
    static const char columns[] =
        " Tag  Type     Allocs         Frees    Diff   Bytes    Per Alloc\r\n\r\n";
    TRY(series_head(s, out, e));
    TRY(buf_append(out, columns, sizeof columns - 1, e));
    for (size_t i = 0; i < s->o.tags; i++) {
        const struct series_tag *t = &s->tags[i];
        if (!t->present)
            continue;
        uint32_t allocs = (uint32_t)t->allocs;
        uint32_t frees = (uint32_t)(t->allocs - t->live);
        TRY(buf_printf(out, e, " %.4s %-5s %9lu %9lu %9llu %8llu %10llu\r\n",
                       (const char *)t->tag.b, pool_kind_short((enum pool_kind)t->pool),
                       (unsigned long)allocs, (unsigned long)frees,
                       (unsigned long long)t->live, (unsigned long long)t->bytes,
                       (unsigned long long)(t->live > 0 ? t->bytes / t->live : 0)));
    }
    return 0;
}

#endif
