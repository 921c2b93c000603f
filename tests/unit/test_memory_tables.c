/* SPDX-License-Identifier: MIT */
/* Tables that strangers fill with what meets in them, with memory that runs out whenever
 * they grow or are spread anew: what they held they hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/lookup.h"
#include "formats/spread.h"
#include "formats/text/keys.h"
#include "tests/unit/memory.h"

enum { MANY = 700, HOME = 8, SLOTS = 1 << 19, USUAL = 1000 };

/* The next number whose search begins where that of the others does. */
static uint32_t next_near(uint32_t at, unsigned shift)
{
    while (spread_over(0, (uint64_t)at << shift, SLOTS) >= HOME)
        at++;
    return at;
}

static struct pool_tag tag_of(uint32_t n)
{
    return (struct pool_tag){
        {(uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n}};
}

static int fill_keys(void *ctx, uint64_t *sum, struct err *e)
{
    const uint32_t *near = ctx;
    struct key_set k = {.n = 0};
    size_t held = 0;
    int r = 0;
    for (; held < MANY && r >= 0; held += r >= 0)
        r = key_set_add(&k, tag_of(near[held]), 0, e);
    assert_int_equal(k.n, held);
    for (size_t i = 0; i < MANY; i++)
        assert_int_equal(key_set_has(&k, tag_of(near[i]), 0), i < held);
    *sum = held;
    key_set_free(&k);
    return r < 0 ? r : 0;
}

static void keys(void **state)
{
    static uint32_t near[MANY];
    (void)state;
    for (size_t i = 0; i < MANY; i++)
        near[i] = next_near(i > 0 ? near[i - 1] + 1 : 0, 2);
    assert_true(memory_try("keys", fill_keys, near, USUAL) > 2);
}

static int fill_lookup(void *ctx, uint64_t *sum, struct err *e)
{
    const uint32_t *near = ctx;
    struct lookup l = {.n = 0};
    size_t asked = 0, found;
    int r = 0;
    for (; asked < MANY && r >= 0; asked += r >= 0)
        r = lookup_add(&l, near[asked], asked, e);
    for (size_t i = 0; i < asked; i++) {
        size_t step = 0;
        assert_true(lookup_next(&l, near[i], &step, &found));
        assert_int_equal(found, i);
    }
    *sum = asked;
    lookup_free(&l);
    return r;
}

static void lookups(void **state)
{
    static uint32_t near[MANY];
    (void)state;
    for (size_t i = 0; i < MANY; i++)
        near[i] = next_near(i > 0 ? near[i - 1] + 1 : 0, 0);
    assert_true(memory_try("lookup", fill_lookup, near, USUAL) > 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys),
        cmocka_unit_test(lookups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
