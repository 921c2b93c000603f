/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/analyze/analyze.h"
#include "tests/unit/series.h"

static const struct diff_row *row_of(const struct diff_result *d, const char *tag,
                                     enum pool_kind pool)
{
    for (size_t i = 0; i < d->n_rows; i++)
        if (tag_equal(d->rows[i].tag, tag_from(tag, 4)) && d->rows[i].pool == pool)
            return &d->rows[i];
    fail_msg("no row %s", tag);
    return NULL;
}

static void take(struct diff_result *d, const struct pool_snapshot *a,
                 const struct pool_snapshot *b)
{
    struct err e = {0};
    assert_int_equal(diff_snapshots(d, a, b, &e), 0);
}

static void figures_by_hand(void **state)
{
    (void)state;
    struct pool_snapshot a = {.uptime_s = -1}, b = {.uptime_s = -1};
    struct diff_result d = {0};
    put_time(&a, 0);
    put_time(&b, 2);
    put_row(&a, "Drsd", POOL_PAGED, 1000, 10, 17472);
    put_row(&b, "Drsd", POOL_PAGED, 1100, 30, 22464);
    put_row(&a, "Same", POOL_PAGED, 5, 5, 800);
    put_row(&b, "Same", POOL_PAGED, 5, 5, 800);
    put_row(&a, "Gone", POOL_NONPAGED, 9, 1, 64);
    put_row(&b, "New ", POOL_NONPAGED, 7, 2, 96);
    take(&d, &a, &b);
    assert_true(d.same_boot && d.boot_decided);
    assert_true(d.hours == 2);
    assert_int_equal(d.n_rows, 4);
    const struct diff_row *r = &d.rows[0];
    assert_true(tag_equal(r->tag, tag_from("Drsd", 4)));
    assert_int_equal(r->state, DIFF_BOTH);
    assert_int_equal(r->bytes_change, 4992);
    assert_int_equal(r->live_change, 20);
    assert_int_equal(r->allocs_change, 100);
    assert_int_equal(r->frees_change, 80);
    assert_true(r->freed == 0.8);
    assert_true(r->bytes_per_hour == 2496);
    assert_true(r->bytes_per_new_alloc == 249.6);
    r = row_of(&d, "Gone", POOL_NONPAGED);
    assert_int_equal(r->state, DIFF_GONE);
    assert_int_equal(r->bytes_change, -64);
    assert_int_equal(r->allocs_change, -9);
    assert_true(isnan(r->bytes_per_new_alloc));
    r = row_of(&d, "New ", POOL_NONPAGED);
    assert_int_equal(r->state, DIFF_NEW);
    assert_true(r->old_known && r->old_bytes == 0);
    assert_int_equal(r->live_change, 2);
    r = row_of(&d, "Same", POOL_PAGED);
    assert_int_equal(r->bytes_change, 0);
    assert_true(isnan(r->freed));
    assert_int_equal(d.totals[POOL_PAGED].basis, TOTAL_FROM_ROWS);
    assert_int_equal(d.totals[POOL_PAGED].change_bytes, 4992);
    assert_int_equal(d.totals[POOL_UNKNOWN].basis, TOTAL_FROM_NOTHING);
    diff_free(&d);
    diff_free(&d);
    assert_null(d.rows);
    pool_snapshot_free(&a);
    pool_snapshot_free(&b);
}

/* Frees that fell from 960 to 22 did not run round; others did, or went on. */
static void a_counter_that_fell(void **state)
{
    (void)state;
    struct pool_snapshot a = {.uptime_s = -1}, b = {.uptime_s = -1};
    struct diff_result d = {0};
    put_time(&a, 0);
    put_time(&b, 2);
    put_row(&a, "Fell", POOL_NONPAGED, 1000, 40, 1920);
    put_row(&b, "Fell", POOL_NONPAGED, 1840, 1818, 87264);
    put_row(&a, "Wrap", POOL_NONPAGED, UINT32_MAX, 100, 4800);
    put_row(&b, "Wrap", POOL_NONPAGED, 99, 101, 4848);
    put_row(&a, "Goes", POOL_NONPAGED, 1000, 40, 1920);
    put_row(&b, "Goes", POOL_NONPAGED, 1010, 40, 1920);
    take(&d, &a, &b);
    assert_true(d.same_boot);
    const struct diff_row *r = row_of(&d, "Fell", POOL_NONPAGED);
    assert_true(r->has_allocs && r->allocs_change == 840);
    assert_true(!r->has_frees && isnan(r->freed));
    assert_int_equal(r->live_change, 1778);
    r = row_of(&d, "Wrap", POOL_NONPAGED);
    assert_true(r->has_allocs && r->allocs_change == 100);
    assert_true(r->has_frees && r->frees_change == 99 && r->freed == .99);
    diff_free(&d);
    pool_snapshot_free(&a);
    pool_snapshot_free(&b);
}

/* A series of one boot; `off` is added to every counter, so that some wrap. */
static void make(struct pool_snapshot *s, int step, uint64_t off)
{
    char tag[5] = "T00 ";
    s->uptime_s = -1;
    put_time(s, step * 3.5);
    put_row(s, "tiny", POOL_PAGED, 1, 1, 32); /* a full listing has small rows */
    for (int i = 0; i < 40; i++) {
        uint64_t seed = (uint64_t)i + 1;
        uint64_t pace = noise(&seed) % 1000, keep = pace % 7;
        tag[1] = (char)('0' + i / 10);
        tag[2] = (char)('0' + i % 10);
        if (i % 13 == step)
            continue; /* not listed this time */
        put_row(s, tag, i % 2 ? POOL_PAGED : POOL_NONPAGED,
                off + 5000 + pace * (uint64_t)step, 100 + keep * (uint64_t)step,
                (uint64_t)(6400 + step * (i - 20) * 16));
    }
}

static void algebra(void **state)
{
    (void)state;
    struct pool_snapshot s[3] = {{0}};
    struct diff_result same = {0}, forth = {0}, back = {0}, late = {0}, all = {0};
    for (int i = 0; i < 3; i++)
        make(&s[i], i, 0);
    take(&same, &s[1], &s[1]);
    assert_int_equal(same.n_rows, s[1].n_rows);
    assert_true(same.n_rows > 30);
    for (size_t i = 0; i < same.n_rows; i++) {
        const struct diff_row *r = &same.rows[i];
        assert_true(r->bytes_change == 0 && r->allocs_change == 0);
        assert_true(r->live_change == 0 && r->frees_change == 0);
    }
    take(&forth, &s[0], &s[1]);
    take(&back, &s[1], &s[0]);
    take(&late, &s[1], &s[2]);
    take(&all, &s[0], &s[2]);
    assert_true(forth.same_boot && back.same_boot);
    assert_true(back.hours == -forth.hours);
    assert_int_equal(forth.n_rows, back.n_rows);
    for (size_t i = 0; i < forth.n_rows; i++) {
        const struct diff_row *r = &forth.rows[i];
        const struct diff_row *b = row_of(&back, (const char *)r->tag.b, r->pool);
        assert_int_equal(b->bytes_change, -r->bytes_change);
        assert_int_equal(b->live_change, -r->live_change);
        assert_int_equal(b->allocs_change, -r->allocs_change);
        assert_int_equal(b->frees_change, -r->frees_change);
        assert_true(b->bytes_per_hour == r->bytes_per_hour);
    }
    for (size_t i = 0; i < all.n_rows; i++) {
        const struct diff_row *r = &all.rows[i];
        const struct diff_row *x = row_of(&forth, (const char *)r->tag.b, r->pool);
        const struct diff_row *y = row_of(&late, (const char *)r->tag.b, r->pool);
        assert_int_equal(x->bytes_change + y->bytes_change, r->bytes_change);
        assert_int_equal(x->live_change + y->live_change, r->live_change);
        assert_int_equal(x->allocs_change + y->allocs_change, r->allocs_change);
    }
    diff_free(&same);
    diff_free(&forth);
    diff_free(&back);
    diff_free(&late);
    diff_free(&all);
    for (int i = 0; i < 3; i++)
        pool_snapshot_free(&s[i]);
}

static uint64_t size_of_change(const struct diff_row *r)
{
    return r->bytes_change < 0 ? 0 - (uint64_t)r->bytes_change
                               : (uint64_t)r->bytes_change;
}

static void largest_changes_come_first(void **state)
{
    (void)state;
    struct pool_snapshot s[2] = {{0}};
    struct diff_result d = {0};
    unsigned ties = 0, falls = 0;
    for (int i = 0; i < 2; i++)
        make(&s[i], i + 1, 0);
    take(&d, &s[0], &s[1]);
    assert_true(d.n_rows > 30);
    for (size_t i = 1; i < d.n_rows; i++) {
        const struct diff_row *a = &d.rows[i - 1], *b = &d.rows[i];
        assert_true(size_of_change(a) >= size_of_change(b));
        falls += b->bytes_change < 0;
        if (size_of_change(a) != size_of_change(b))
            continue;
        ties++;
        assert_true(memcmp(a->tag.b, b->tag.b, 4) < 0);
    }
    assert_true(ties > 5 && falls > 5);
    diff_free(&d);
    for (int i = 0; i < 2; i++)
        pool_snapshot_free(&s[i]);
}

static void wrapped_counters_change_nothing(void **state)
{
    (void)state;
    struct pool_snapshot a = {0}, b = {0}, c = {0}, f = {0};
    struct diff_result plain = {0}, wrapped = {0};
    make(&a, 3, 0);
    make(&b, 4, 0);
    make(&c, 3, UINT32_MAX - 9000u);
    make(&f, 4, UINT32_MAX - 9000u);
    take(&plain, &a, &b);
    take(&wrapped, &c, &f);
    assert_true(wrapped.same_boot);
    size_t in_both = 0;
    for (size_t i = 0; i < plain.n_rows; i++) {
        const struct diff_row *x = &plain.rows[i], *y = &wrapped.rows[i];
        assert_true(tag_equal(x->tag, y->tag));
        assert_int_equal(x->bytes_change, y->bytes_change);
        assert_int_equal(x->live_change, y->live_change);
        if (x->state != DIFF_BOTH)
            continue;
        in_both++;
        assert_int_equal(x->allocs_change, y->allocs_change);
        assert_int_equal(x->frees_change, y->frees_change);
    }
    assert_true(in_both > 30);
    diff_free(&plain);
    diff_free(&wrapped);
    pool_snapshot_free(&a);
    pool_snapshot_free(&b);
    pool_snapshot_free(&c);
    pool_snapshot_free(&f);
}

static void another_boot_has_no_rates(void **state)
{
    (void)state;
    struct pool_snapshot a = {.uptime_s = -1}, b = {.uptime_s = -1};
    struct diff_result d = {0};
    put_time(&a, 0);
    put_time(&b, 5);
    put_row(&a, "Aaaa", POOL_PAGED, 9000, 10, 1000);
    put_row(&a, "Bbbb", POOL_PAGED, 8000, 10, 1000);
    put_row(&b, "Aaaa", POOL_PAGED, 100, 12, 1200);
    put_row(&b, "Bbbb", POOL_PAGED, 50, 11, 1100);
    take(&d, &a, &b);
    assert_false(d.same_boot);
    assert_int_equal(d.n_rows, 2);
    for (size_t i = 0; i < d.n_rows; i++) {
        assert_true(isnan(d.rows[i].bytes_per_hour));
        assert_false(d.rows[i].has_allocs);
        assert_true(d.rows[i].has_live);
    }
    assert_int_equal(d.rows[0].bytes_change, 200);
    /* the captures' own uptime overrules the counters */
    a.uptime_s = 3600;
    b.uptime_s = 3600 + 5 * 3600 + 600;
    take(&d, &a, &b);
    assert_true(d.same_boot);
    diff_free(&d);
    pool_snapshot_free(&a);
    pool_snapshot_free(&b);
}

static void clock_set_back_has_no_rates(void **state)
{
    (void)state;
    struct pool_snapshot a = {0}, b = {0};
    struct diff_result d = {0};
    make(&a, 3, 0);
    make(&b, 4, 0);
    put_time(&b, 1);
    take(&d, &a, &b);
    assert_true(d.same_boot && d.hours < 0);
    for (size_t i = 0; i < d.n_rows; i++)
        assert_true(isnan(d.rows[i].bytes_per_hour));
    assert_true(row_of(&d, "T05 ", POOL_PAGED)->allocs_change > 0);
    a.time = b.time = (struct pool_time){0};
    take(&d, &a, &b);
    assert_true(isnan(d.hours));
    assert_true(isnan(d.rows[0].bytes_per_hour));
    diff_free(&d);
    pool_snapshot_free(&a);
    pool_snapshot_free(&b);
}

static void missing_from_a_partial_capture_is_unknown(void **state)
{
    (void)state;
    struct pool_snapshot a = {.uptime_s = -1}, b = {.uptime_s = -1};
    struct diff_result d = {0};
    put_row(&a, "Aaaa", POOL_PAGED, 10, 1, 100);
    put_row(&b, "Aaaa", POOL_PAGED, 10, 1, 100);
    put_row(&b, "Bbbb", POOL_PAGED, 10, 1, 300);
    a.completeness = COMPLETE_SCREEN;
    take(&d, &a, &b);
    const struct diff_row *r = row_of(&d, "Bbbb", POOL_PAGED);
    assert_int_equal(r->state, DIFF_NEW);
    assert_false(r->old_known);
    assert_true(r->new_known && r->new_bytes == 300);
    assert_false(r->has_live || r->has_allocs);
    assert_int_equal(r->bytes_change, 0);
    diff_free(&d);
    pool_snapshot_free(&a);
    pool_snapshot_free(&b);
}

static void totals_come_from_the_header_of_the_system(void **state)
{
    (void)state;
    struct pool_snapshot a = {.uptime_s = -1}, b = {.uptime_s = -1};
    struct diff_result d = {0};
    put_row(&a, "Aaaa", POOL_PAGED, 10, 1, 100);
    put_row(&b, "Aaaa", POOL_PAGED, 10, 1, 160);
    a.totals.given = b.totals.given = 1u << TOTAL_PAGED_KIB;
    a.totals.v[TOTAL_PAGED_KIB] = 40;
    b.totals.v[TOTAL_PAGED_KIB] = 30;
    take(&d, &a, &b);
    assert_int_equal(d.totals[POOL_PAGED].basis, TOTAL_FROM_HEADER);
    assert_int_equal(d.totals[POOL_PAGED].change_bytes, -10240);
    a.scope = b.scope = SCOPE_ALL_SESSIONS; /* the header speaks of another pool */
    take(&d, &a, &b);
    assert_int_equal(d.totals[POOL_PAGED].basis, TOTAL_FROM_ROWS);
    assert_int_equal(d.totals[POOL_PAGED].change_bytes, 60);
    b.scope = SCOPE_SESSION;
    struct err e = {0};
    assert_int_equal(diff_snapshots(&d, &a, &b, &e), ERR_USAGE);
    assert_non_null(strstr(e.text, "all-sessions and session:0"));
    diff_free(&d);
    pool_snapshot_free(&a);
    pool_snapshot_free(&b);
}

static void repeated_keys_are_added_up(void **state)
{
    (void)state;
    struct pool_snapshot a = {.uptime_s = -1}, b = {.uptime_s = -1};
    struct diff_result d = {0};
    put_row(&a, "Aaaa", POOL_PAGED, 10, 4, 100);
    put_row(&a, "Bbbb", POOL_PAGED, 1, 1, 16);
    put_row(&a, "Aaaa", POOL_PAGED, 20, 5, 200);
    put_row(&b, "Aaaa", POOL_PAGED, 35, 10, 340);
    put_row(&b, "Bbbb", POOL_PAGED, 1, 1, 16);
    take(&d, &a, &b);
    assert_int_equal(d.n_rows, 2);
    assert_int_equal(d.rows[0].bytes_change, 40);
    assert_int_equal(d.rows[0].allocs_change, 5);
    assert_int_equal(d.rows[0].live_change, 1);
    diff_free(&d);
    pool_snapshot_free(&a);
    pool_snapshot_free(&b);
}

static void empty_ends(void **state)
{
    (void)state;
    struct pool_snapshot a = {.uptime_s = -1}, b = {.uptime_s = -1};
    struct diff_result d = {0};
    take(&d, &a, &b);
    assert_int_equal(d.n_rows, 0);
    assert_false(d.boot_decided);
    diff_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_by_hand),
        cmocka_unit_test(a_counter_that_fell),
        cmocka_unit_test(algebra),
        cmocka_unit_test(largest_changes_come_first),
        cmocka_unit_test(wrapped_counters_change_nothing),
        cmocka_unit_test(another_boot_has_no_rates),
        cmocka_unit_test(clock_set_back_has_no_rates),
        cmocka_unit_test(missing_from_a_partial_capture_is_unknown),
        cmocka_unit_test(totals_come_from_the_header_of_the_system),
        cmocka_unit_test(repeated_keys_are_added_up),
        cmocka_unit_test(empty_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
