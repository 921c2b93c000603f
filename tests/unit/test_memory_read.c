/* SPDX-License-Identifier: MIT */
/* Every reader, with memory that runs out at each of its allocations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/every.h"
#include "tests/unit/memory.h"

struct source {
    const char *name;
    const struct buf *b;
    struct reader_opts o;
};

static void add_up(uint64_t *sum, const struct pool_snapshot *s)
{
    *sum = *sum * 31 + pool_snapshot_digest(s);
    for (size_t i = 0; i < s->notes.n; i++)
        *sum = *sum * 31 + (uint64_t)s->notes.v[i].code + s->notes.v[i].line;
}

static int read_all(struct reader *r, uint64_t *sum, struct err *e)
{
    struct pool_snapshot s = {.uptime_s = -1};
    int code;
    while ((code = reader_next(r, &s, e)) == 1)
        add_up(sum, &s);
    pool_snapshot_free(&s);
    return code;
}

static int read_source(void *ctx, uint64_t *sum, struct err *e)
{
    const struct source *from = ctx;
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
        code = read_all(r, sum, e);
    reader_close(r);
    input_close(in);
    reader_memory_free(&memory);
    return code;
}

static uint64_t try_all(const struct reader_opts *o)
{
    struct every f;
    uint64_t tried = 0;
    every_find(&f, "fixtures");
    for (size_t i = 0; i < f.n; i++) {
        struct buf b = load_file(f.path[i]);
        struct source from = {f.path[i], &b, *o};
        tried += memory_try(f.path[i], read_source, &from, 400);
        buf_free(&b);
    }
    every_free(&f);
    return tried;
}

static void readers(void **state)
{
    (void)state;
    const struct reader_opts o = {.limits = LIMITS_DEFAULT};
    assert_true(try_all(&o) > 15000);
}

static void readers_that_remember(void **state)
{
    (void)state;
    const struct reader_opts o = {.follow = true, .limits = LIMITS_DEFAULT};
    assert_true(try_all(&o) > 15000);
}

static void readers_of_damaged_archives(void **state)
{
    (void)state;
    const struct reader_opts o = {.salvage = true, .limits = LIMITS_DEFAULT};
    assert_true(try_all(&o) > 15000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readers),
        cmocka_unit_test(readers_that_remember),
        cmocka_unit_test(readers_of_damaged_archives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
