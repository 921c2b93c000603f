/* SPDX-License-Identifier: MIT */
/* A capture of a world as `poolmon -n` lists it; nobody owns anything here. */
#ifndef TESTS_EVAL_LISTING_H
#define TESTS_EVAL_LISTING_H

#include <stdio.h>
#include <string.h>

#include "tests/eval/world.h"

struct line {
    const struct eval_tag *tag;
    uint64_t allocs, live, bytes;
};

static inline int by_name(const void *a, const void *b)
{
    const struct line *x = a, *y = b;
    int c = strcmp(x->tag->name, y->tag->name);
    return c != 0 ? c : x->tag->pool - y->tag->pool;
}

static inline int by_bytes(const void *a, const void *b)
{
    const struct line *x = a, *y = b;
    if (x->bytes != y->bytes)
        return x->bytes > y->bytes ? -1 : 1;
    return by_name(a, b);
}

static inline unsigned lines_of(const struct world *w, unsigned j, struct line *lines)
{
    unsigned n = 0;
    for (size_t i = 0; i < w->n_tags; i++) {
        size_t at = i * w->n_snapshots + j;
        if (w->here[at])
            lines[n++] =
                (struct line){&w->tags[i], w->allocs[at], w->live[at], w->bytes[at]};
    }
    qsort(lines, n, sizeof *lines, w->c->top > 0 ? by_bytes : by_name);
    return n;
}

/* The head counts what the filters hide, too, as Windows does. */
static inline void listing_head(FILE *f, const struct world *w, unsigned j)
{
    unsigned long long kib[POOL_KINDS] = {0, 0, 0};
    for (size_t i = 0; i < w->n_tags; i++)
        kib[w->tags[i].pool] += w->bytes[i * w->n_snapshots + j];
    unsigned long long n = kib[POOL_NONPAGED] / 1024, p = kib[POOL_PAGED] / 1024;
    fprintf(
        f,
        " Memory:33553904K Avail:21000000K  PageFlts:%u   InRam Krnl:9000K P:%lluK\r\n"
        " Commit:8245456K Limit:38534640K Peak:9210608K            Pool N:%lluK P:%lluK"
        "\r\n System pool information\r\n"
        " Tag  Type     Allocs     Frees      Diff   Bytes  Per Alloc\r\n\r\n",
        1000 + j, p, n, p);
}

/* The whole capture; counters are 32 bits wide, lines end in CR LF. */
static inline void listing_write(FILE *f, const struct world *w, unsigned j)
{
    struct line lines[TAGS];
    unsigned n = lines_of(w, j, lines);
    listing_head(f, w, j);
    for (unsigned i = 0; i < n; i++) {
        const struct line *l = &lines[i];
        uint32_t allocs = (uint32_t)l->allocs, frees = (uint32_t)(l->allocs - l->live);
        unsigned long long live = (uint32_t)(allocs - frees), bytes = l->bytes;
        fprintf(f, " %s %-5s %10lu %10lu %9llu %9llu %7llu\r\n", l->tag->name,
                pool_kind_short((enum pool_kind)l->tag->pool), (unsigned long)allocs,
                (unsigned long)frees, live, bytes, live > 0 ? bytes / live : 0);
    }
}

#endif
