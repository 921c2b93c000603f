/* SPDX-License-Identifier: MIT */
/* Elements are found by their hash, those of one hash one after the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/lookup.h"

static void test_nothing_is_in_an_empty_one(void **state)
{
    (void)state;
    struct lookup l = {.n = 0};
    size_t step = 0, element = 7;
    assert_false(lookup_next(&l, 1, &step, &element));
    lookup_free(&l);
}

static void test_elements_of_one_hash_come_in_order(void **state)
{
    (void)state;
    struct lookup l = {.n = 0};
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(lookup_add(&l, i % 3, i, NULL), 0);
    for (uint64_t hash = 0; hash < 3; hash++) {
        size_t step = 0, element, expected = (size_t)hash;
        while (lookup_next(&l, hash, &step, &element)) {
            assert_int_equal(element, expected);
            expected += 3;
        }
        assert_true(expected >= 100);
    }
    lookup_free(&l);
}

static void test_texts_and_numbers_make_hashes(void **state)
{
    (void)state;
    const uint64_t web = lookup_text(LOOKUP_SEED, "web01");
    assert_true(web == lookup_text(LOOKUP_SEED, "web01"));
    assert_true(web != lookup_text(LOOKUP_SEED, "web02"));
    assert_true(web != lookup_text(web, "web01"));
    assert_true(lookup_number(web, 1) != lookup_number(web, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_in_an_empty_one),
        cmocka_unit_test(test_elements_of_one_hash_come_in_order),
        cmocka_unit_test(test_texts_and_numbers_make_hashes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
