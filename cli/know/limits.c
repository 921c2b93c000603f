/* SPDX-License-Identifier: MIT */
#include "cli/know/limits.h"

#include <string.h>
#include <strings.h>

#include "cli/analyze/row.h"
#include "formats/bytes.h"

/* KB 820729. */
const struct pool_threshold know_thresholds[] = {
    {POOL_NONPAGED, "HTTP.SYS refuses connections", 20480 * 1024}};
const size_t know_thresholds_n = sizeof know_thresholds / sizeof *know_thresholds;

const struct limit_row *limits_find(const char *os)
{
    for (const struct limit_row *row = limit_table; row->title != NULL; row++)
        for (const char *const *name = row->os; *name != NULL; name++)
            if (strcasecmp(*name, os) == 0)
                return row;
    return NULL;
}

/* 0: the capture does not say what the share is taken of, or nothing was published. */
static uint64_t rule_bytes(const struct limit_rule *r, const struct limit_facts *f)
{
    uint64_t of_kib = r->of == LIMIT_OF_MEMORY ? f->memory_kib : f->commit_kib;
    uint64_t bytes;
    if (r->of == LIMIT_OF_NOTHING)
        return r->bytes;
    if (of_kib == 0 || !mul_u64(of_kib, 1024, &bytes))
        return 0;
    uint64_t share = bytes / 100 * r->percent + bytes % 100 * r->percent / 100;
    return r->bytes > 0 && r->bytes < share ? r->bytes : share;
}

void limit_facts_add(struct limit_facts *f, const struct pool_snapshot *s)
{
    const struct pool_totals *t = &s->totals;
    uint32_t bits = capture_bits_next(&f->seen, s);
    if (t->given & 1u << TOTAL_MEMORY_KIB)
        f->memory_kib = t->v[TOTAL_MEMORY_KIB];
    if (t->given & 1u << TOTAL_LIMIT_KIB)
        f->commit_kib = t->v[TOTAL_LIMIT_KIB];
    if (bits != 0)
        f->bits = bits;
    for (int k = 0; k < POOL_KINDS; k++) {
        uint64_t bytes = capture_limit(s, (enum pool_kind)k);
        if (bytes > 0)
            f->captured[k] = bytes;
        if (capture_header_total(s, (enum pool_kind)k, &bytes))
            f->pool_bytes[k] = bytes;
        else if (s->record == RECORD_CAPTURE)
            f->pool_bytes[k] = pool_snapshot_bytes(s, (enum pool_kind)k);
    }
}

static void add_candidate(struct pool_limit *l, uint64_t bytes, const char *source)
{
    size_t at = 0;
    while (at < l->n_candidates && l->candidates[at].bytes < bytes)
        at++;
    bool known = at < l->n_candidates && l->candidates[at].bytes == bytes;
    if (known || l->n_candidates == LIMIT_CANDIDATES)
        return;
    memmove(&l->candidates[at + 1], &l->candidates[at],
            (l->n_candidates - at) * sizeof *l->candidates);
    l->candidates[at] = (struct limit_candidate){bytes, source};
    l->n_candidates++;
}

#define FOUR_GIB_KIB ((uint64_t)4 << 20)

/* Where the blocks do not tell the width, more than 4 GiB of memory is taken for 64 bits,
 * less for 32. */
static bool could_be(const struct limit_row *row, const struct limit_facts *f)
{
    if (!row->assume)
        return false;
    if (f->bits != 0)
        return row->bits == f->bits;
    return f->memory_kib > 0 && (row->bits == 64) == (f->memory_kib > FOUR_GIB_KIB);
}

void limits_of(struct pool_limit *l, enum pool_kind k, const struct limit_facts *f)
{
    *l = (struct pool_limit){.basis = LIMIT_UNKNOWN};
    if (f->stated[k] > 0) {
        l->basis = LIMIT_BY_OPTION;
        l->bytes = f->stated[k];
    } else if (f->captured[k] > 0) {
        l->basis = LIMIT_BY_CAPTURE;
        l->bytes = f->captured[k];
    }
    if (l->bytes > 0 || k == POOL_UNKNOWN)
        return;
    if (f->os != NULL) {
        l->bytes = rule_bytes(&f->os->pools[k], f);
        l->basis = l->bytes > 0 ? LIMIT_BY_OS : LIMIT_UNKNOWN;
        l->source = l->bytes > 0 ? f->os->title : NULL;
        return;
    }
    for (const struct limit_row *row = limit_table; row->title != NULL; row++) {
        uint64_t bytes = could_be(row, f) ? rule_bytes(&row->pools[k], f) : 0;
        if (bytes > f->pool_bytes[k]) /* else the pool is not under it */
            add_candidate(l, bytes, row->title);
    }
}
