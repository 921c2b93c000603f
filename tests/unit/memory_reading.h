/* SPDX-License-Identifier: MIT */
/* Reading some bytes to their end, as a memory_trial.  Nobody owns anything. */
#ifndef TESTS_UNIT_MEMORY_READING_H
#define TESTS_UNIT_MEMORY_READING_H

#include "tests/unit/memory.h"
#include "tests/unit/prop.h"

struct memory_source {
    const char *name;
    const struct buf *b;
    struct reader_opts o;
};

static inline void memory_add_up(uint64_t *sum, const struct pool_snapshot *s)
{
    *sum = *sum * 31 + pool_snapshot_digest(s);
    for (size_t i = 0; i < s->notes.n; i++)
        *sum = *sum * 31 + (uint64_t)s->notes.v[i].code + s->notes.v[i].line;
}

static inline int memory_read_all(struct reader *r, uint64_t *sum, struct err *e)
{
    struct pool_snapshot s = {.uptime_s = -1};
    int code;
    while ((code = reader_next(r, &s, e)) == 1)
        memory_add_up(sum, &s);
    pool_snapshot_free(&s);
    return code;
}

static inline int memory_read_source(void *ctx, uint64_t *sum, struct err *e)
{
    const struct memory_source *from = ctx;
    struct reader_opts o = from->o;
    struct reader_memory memory = {.chains = 0};
    struct input_raw raw;
    struct input *in = NULL;
    struct reader *r = NULL;
    o.memory = o.follow ? &memory : NULL;
    TRY(input_raw_memory(&raw, from->b->p, from->b->n, 0, e));
    TRY(input_open(&in, from->name, raw, &o.limits, e));
    int code = reader_open(&r, in, &o, e);
    if (code >= 0)
        code = memory_read_all(r, sum, e);
    reader_close(r);
    input_close(in);
    reader_memory_free(&memory);
    return code;
}

#endif
