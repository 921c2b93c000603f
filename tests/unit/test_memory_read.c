/* SPDX-License-Identifier: MIT */
/* Every reader, with memory that runs out at each of its allocations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/every.h"
#include "tests/unit/memory_reading.h"

static uint64_t try_all(const struct reader_opts *o)
{
    struct every f;
    uint64_t tried = 0;
    every_find(&f, "fixtures");
    for (size_t i = 0; i < f.n; i++) {
        struct buf b = load_file(f.path[i]);
        struct memory_source from = {f.path[i], &b, *o};
        tried += memory_try(f.path[i], memory_read_source, &from, 400);
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
