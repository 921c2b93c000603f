/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/spread.h"
#include "formats/text/keys.h"

enum { KEYS = 200000, SLOTS = 1 << 19, HOME = 4000 };

/* Of the tags that would begin their search near each other, the next from *tag on. */
static struct pool_tag near_one(uint32_t *tag)
{
    struct pool_tag t;
    while (spread_over(0, (uint64_t)*tag << 2, SLOTS) >= HOME)
        ++*tag;
    for (int i = 0; i < 4; i++)
        t.b[i] = (uint8_t)(*tag >> (24 - 8 * i));
    ++*tag;
    return t;
}

/* All in one place they would take the square of their number. */
static void keys_that_were_chosen_to_meet(void **state)
{
    (void)state;
    struct key_set k = {0};
    uint32_t tag = 0;
    for (int i = 0; i < KEYS; i++) {
        struct pool_tag t = near_one(&tag);
        assert_false(key_set_has(&k, t, 0));
        assert_int_equal(key_set_add(&k, t, 0, NULL), 1);
    }
    assert_int_equal(k.n, KEYS);
    assert_true(k.spread > 0);
    tag = 0;
    for (int i = 0; i < KEYS; i++) {
        struct pool_tag t = near_one(&tag);
        assert_true(key_set_has(&k, t, 0));
        assert_false(key_set_has(&k, t, 1));
        assert_int_equal(key_set_add(&k, t, 0, NULL), 0);
    }
    key_set_clear(&k);
    tag = 0;
    assert_false(key_set_has(&k, near_one(&tag), 0));
    /* One of them again: the others do not come back with it. */
    assert_int_equal(key_set_add(&k, near_one(&tag), 0, NULL), 1);
    assert_int_equal(k.n, 1);
    for (int i = 2; i < KEYS; i++) {
        struct pool_tag t = near_one(&tag);
        assert_false(key_set_has(&k, t, 0));
        assert_int_equal(key_set_add(&k, t, 0, NULL), 1);
    }
    key_set_free(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_that_were_chosen_to_meet),
    };
    return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
