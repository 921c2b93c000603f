/* SPDX-License-Identifier: MIT */
/* Tables that strangers fill: keys that were chosen to meet are parted, and everything is
 * found as before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/tags/owners.h"
#include "formats/lookup.h"
#include "formats/psz/encoder.h"
#include "formats/spread.h"

enum { KEYS = 1000, SLOTS = 4096, PLACES = 4 };

/* KEYS keys, shifted, that stand at the first places of a table as it begins. */
static void choose(uint64_t keys[KEYS], unsigned shift)
{
    size_t n = 0;
    for (uint64_t i = 1; n < KEYS; i++)
        if (spread_over(0, i << shift, SLOTS) < PLACES)
            keys[n++] = i;
}

static void tags_that_end_alike_stand_apart(void **state)
{
    (void)state;
    bool taken[SLOTS] = {false};
    size_t places = 0;
    for (uint64_t i = 0; i < SLOTS; i++) {
        size_t at = spread_over(0, (i << 16 | 0x6162) << 34, SLOTS);
        places += !taken[at];
        taken[at] = true;
    }
    assert_true(places > SLOTS / 2);
}

static void hashes_that_meet_are_parted(void **state)
{
    (void)state;
    struct lookup l = {.n = 0};
    uint64_t keys[KEYS];
    choose(keys, 0);
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < KEYS; i++)
            assert_int_equal(lookup_add(&l, keys[i], k * KEYS + i, NULL), 0);
    assert_true(l.way > 0);
    for (size_t i = 0; i < KEYS; i++) {
        size_t step = 0, element;
        assert_true(lookup_next(&l, keys[i], &step, &element));
        assert_int_equal(element, i);
        assert_true(lookup_next(&l, keys[i], &step, &element));
        assert_int_equal(element, KEYS + i);
        assert_true(step <= 2 * SPREAD_STEPS);
        assert_false(lookup_next(&l, keys[i], &step, &element));
    }
    lookup_clear(&l);
    size_t step = 0, element;
    assert_false(lookup_next(&l, keys[0], &step, &element));
    lookup_free(&l);
}

static void chosen_rows(struct pool_snapshot *s, const uint64_t keys[KEYS])
{
    for (size_t i = 0; i < KEYS; i++) {
        struct pool_row *r = pool_snapshot_add(s, NULL);
        assert_non_null(r);
        put_le32(r->tag.b, (uint32_t)(keys[i] << 24 | (keys[i] & 0xff00) << 8 |
                                      (keys[i] >> 8 & 0xff00) | keys[i] >> 24));
        assert_int_equal(tag_key(r->tag), keys[i]);
        r->fields = ROW_BYTES;
        r->bytes = i;
    }
}

static void an_archive_of_them(void **state)
{
    (void)state;
    struct pool_snapshot s = {.uptime_s = -1};
    struct psz_encoder *enc;
    uint64_t keys[KEYS];
    choose(keys, 32);
    chosen_rows(&s, keys);
    assert_int_equal(psz_encoder_new(&enc, NULL), 0);
    assert_int_equal(psz_encode(enc, &s, NULL), 0);
    assert_true(enc->way > 0);
    assert_int_equal(psz_encode(enc, &s, NULL), 0);
    assert_int_equal(enc->n_slots, KEYS); /* each was found again */
    psz_encoder_free(enc);
    pool_snapshot_free(&s);
}

static void owners_of_them(void **state)
{
    (void)state;
    struct pool_snapshot s = {.uptime_s = -1};
    struct owners o = {.n = 0};
    uint64_t keys[KEYS];
    char text[16];
    choose(keys, 0);
    chosen_rows(&s, keys);
    for (size_t i = 0; i < KEYS; i++) {
        (void)snprintf(text, sizeof text, "d%zu.sys", i);
        assert_int_equal(
            pool_snapshot_intern(&s, text, strlen(text), &s.rows[i].driver, NULL), 0);
    }
    assert_int_equal(pool_snapshot_intern(&s, "[", 1, &s.rows[0].driver, NULL), 0);
    assert_int_equal(owners_learn(&o, &s, NULL), 0);
    assert_true(o.way > 0);
    for (size_t i = 1; i < KEYS; i++) {
        (void)snprintf(text, sizeof text, "d%zu.sys", i);
        assert_string_equal(owners_find(&o, s.rows[i].tag).text, text);
    }
    owners_forget(&o);
    pool_snapshot_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_that_end_alike_stand_apart),
        cmocka_unit_test(hashes_that_meet_are_parted),
        cmocka_unit_test(an_archive_of_them),
        cmocka_unit_test(owners_of_them),
    };
    return cmocka_run_group_tests_name("spread", tests, NULL, NULL);
}
