/* SPDX-License-Identifier: MIT */
/* A capture of a chain in one piece: what can be handed over, whole and to whom. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "formats/text/parcel.h"

static const struct seam nowhere = {.at = 0};

/* ---- what has a size ---- */

static void only_captures_of_a_chain_are_handed_over(void **state)
{
    (void)state;
    struct pool_snapshot s = {.record = RECORD_CAPTURE};
    s.chain.id = 1;
    assert_true(parcel_size(&s, true, &nowhere) > 0);
    assert_true(parcel_size(&s, false, &nowhere) > 0);
    s.chain.id = 0;
    assert_int_equal(parcel_size(&s, true, &nowhere), 0);
    s.chain.id = 1;
    s.n_events = 1;
    assert_int_equal(parcel_size(&s, true, &nowhere), 0);
    s.n_events = 0;
    s.record = RECORD_TOTALS;
    assert_int_equal(parcel_size(&s, true, &nowhere), 0);
}

/* ---- there and back ---- */

static struct parcel *packed(const struct pool_snapshot *s, bool first, bool fits)
{
    const size_t n = parcel_size(s, first, &nowhere);
    assert_true(n > 0);
    struct parcel *p = malloc(n);
    assert_non_null(p);
    *p = (struct parcel){.bytes = n};
    assert_int_equal(parcel_pack(p, s, first, &nowhere), fits);
    return p;
}

/* Three tags, listed as the third, the first and the second; step 8 changes the second
 * and does not list the first any more. */
struct chained {
    struct pool_row rows[3];
    uint32_t order[3], changed[1], gone[1];
    struct pool_snapshot s;
};

static void begin(struct chained *c)
{
    *c = (struct chained){.order = {2, 0, 1}};
    for (size_t i = 0; i < 3; i++)
        c->rows[i] = (struct pool_row){.tag = {{'Q', 'z', 'A' + (uint8_t)i, ' '}},
                                       .pool = POOL_PAGED,
                                       .width = 32,
                                       .fields = ROW_LIVE | ROW_BYTES,
                                       .live = 5 + i,
                                       .bytes = 640 * (i + 1)};
    c->s = (struct pool_snapshot){.line = 40, .rows = c->rows, .n_rows = 3};
    c->s.chain = (struct pool_chain){.id = 3,
                                     .step = 7,
                                     .order = c->order,
                                     .changed = c->changed,
                                     .gone = c->gone,
                                     .first_line = 42};
}

static void go_on(struct chained *c)
{
    c->rows[1].bytes = 99;
    c->order[1] = 1;
    c->changed[0] = 1;
    c->gone[0] = 0;
    c->s.n_rows = 2;
    c->s.line = 50;
    c->s.chain.step = 8;
    c->s.chain.first_line = 52;
    c->s.chain.n_changed = c->s.chain.n_gone = 1;
}

static void assert_rows(const struct pool_snapshot *s, const struct chained *c)
{
    assert_int_equal(s->n_rows, c->s.n_rows);
    for (size_t i = 0; i < s->n_rows; i++) {
        const struct pool_row *r = pool_row_at(s, i), *want = &c->rows[c->order[i]];
        assert_memory_equal(r->tag.b, want->tag.b, 4);
        assert_int_equal(r->live, want->live);
        assert_int_equal(r->bytes, want->bytes);
    }
}

/* Under the other's number of the chain, and so many lines further on. */
static void what_is_packed_comes_back(void **state)
{
    (void)state;
    struct chained c;
    struct pool_snapshot back = {.uptime_s = -1};
    begin(&c);
    struct parcel *p = packed(&c.s, true, true);
    assert_int_equal(parcel_unpack(p, &back, 9, 100, NULL), 0);
    free(p);
    assert_rows(&back, &c);
    assert_int_equal(back.chain.id, 9);
    assert_int_equal(back.chain.n_changed, 3);
    assert_int_equal(back.chain.n_fresh, 3);
    assert_int_equal(back.line, 140);
    go_on(&c);
    p = packed(&c.s, false, true);
    assert_int_equal(parcel_unpack(p, &back, 9, 100, NULL), 0);
    free(p);
    assert_rows(&back, &c);
    assert_int_equal(back.chain.n_changed, 1);
    assert_int_equal(back.chain.changed[0], 1);
    assert_int_equal(back.chain.n_gone, 1);
    assert_int_equal(back.chain.gone[0], 0);
    assert_int_equal(back.chain.first_line, 152);
    pool_snapshot_free(&back);
}

/* What a capture changes can be put into the one before only, of the same chain. */
static void a_parcel_fits_behind_the_one_before(void **state)
{
    (void)state;
    struct chained c;
    struct pool_snapshot held = {.uptime_s = -1};
    begin(&c);
    struct parcel *first = packed(&c.s, true, true);
    go_on(&c);
    struct parcel *next = packed(&c.s, false, true);
    assert_true(parcel_fits(first, &held, 9));
    assert_false(parcel_fits(next, &held, 9));
    assert_int_equal(parcel_unpack(first, &held, 9, 0, NULL), 0);
    assert_true(parcel_fits(next, &held, 9));
    assert_false(parcel_fits(next, &held, 8));
    assert_int_equal(parcel_unpack(next, &held, 9, 0, NULL), 0);
    assert_false(parcel_fits(next, &held, 9));
    next->s.chain.step = 10; /* one is missing between them */
    assert_false(parcel_fits(next, &held, 9));
    pool_snapshot_free(&held);
    free(next);
    free(first);
}

/* The last place that two bytes can name, and the one behind it. */
static void far_places_are_not_packed(void **state)
{
    (void)state;
    struct chained c;
    begin(&c);
    go_on(&c);
    c.gone[0] = UINT16_MAX;
    free(packed(&c.s, false, true));
    c.gone[0] = UINT16_MAX + 1;
    free(packed(&c.s, false, false));
    c.gone[0] = 0;
    c.order[0] = UINT16_MAX + 1;
    free(packed(&c.s, false, false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_captures_of_a_chain_are_handed_over),
        cmocka_unit_test(what_is_packed_comes_back),
        cmocka_unit_test(a_parcel_fits_behind_the_one_before),
        cmocka_unit_test(far_places_are_not_packed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
