/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "formats/psz/link.h"
#include "psz_samples.h"

enum { N = 24 };

static const struct limits limits = LIMITS_DEFAULT;

/* Also from nothing, and from any capture to any other of its lane. */
static void changes_are_kept(void **state)
{
    (void)state;
    for (unsigned odd = 0; odd <= 40; odd += 10) {
        struct pool_snapshot v[N] = {0}, got = {0};
        struct psz_link one = {0}, other = {0};
        struct buf b = {0};
        struct dice d = {odd + 1};
        sample_series(&d, v, N, odd);
        for (unsigned i = 0; i < N; i++)
            for (unsigned k = 0; k <= N; k++) {
                const struct pool_snapshot *from = k == N ? NULL : &v[k];
                if (from != NULL &&
                    (from->record != v[i].record || from->scope != v[i].scope ||
                     from->session != v[i].session ||
                     strcmp(pool_snapshot_str(from, from->host),
                            pool_snapshot_str(&v[i], v[i].host)) != 0))
                    continue;
                struct err e = {0};
                b.n = 0;
                assert_int_equal(psz_link_write(&one, from, &v[i], &b, &e), 0);
                if (psz_link_read(&other, from, b.p, b.n, &limits, &got, &e) != 0)
                    fail_msg("%u from %u: %s", i, k, e.text);
                same_snapshot(&v[i], &got);
            }
        psz_link_free(&one);
        psz_link_free(&other);
        buf_free(&b);
        pool_snapshot_free(&got);
        free_series(v, N);
    }
}

/* What did not change costs nothing. */
static void the_same_again_is_small(void **state)
{
    (void)state;
    struct pool_snapshot v[1] = {0};
    struct psz_link l = {0};
    struct buf b = {0};
    struct dice d = {3};
    sample_series(&d, v, 1, 0);
    assert_int_equal(psz_link_write(&l, &v[0], &v[0], &b, NULL), 0);
    assert_in_range(b.n, 1, 48);
    psz_link_free(&l);
    buf_free(&b);
    free_series(v, 1);
}

/* A capture of one key, 100,000 times, then backwards, then without every third: in no
 * time, and every row is found again. */
/* Of a row that did not change nothing is told: whatever it holds, the bytes are the
 * same. */
static void rows_that_stand_still_are_not_told(void **state)
{
    (void)state;
    struct buf first = {0};
    for (unsigned k = 0; k < 4; k++) {
        struct pool_snapshot v[2] = {0};
        struct psz_link l = {0};
        struct buf b = {0};
        for (unsigned i = 0; i < 2; i++) {
            sample_small(&v[i], 1);
            if (k > 0) { /* one of its three rows */
                struct pool_row *r = &v[i].rows[k - 1];
                r->allocs += 77777;
                r->frees += 77777;
                r->bytes += 1234567 * r->live;
                sample_derive(r);
            }
        }
        assert_int_equal(v[0].n_rows, 3);
        assert_int_equal(psz_link_write(&l, &v[0], &v[1], &b, NULL), 0);
        if (k == 0)
            assert_int_equal(buf_append(&first, b.p, b.n, NULL), 0);
        assert_int_equal(b.n, first.n);
        assert_memory_equal(b.p, first.p, b.n);
        psz_link_free(&l);
        free_series(v, 2);
        buf_free(&b);
    }
    buf_free(&first);
}

static void one_key_many_times(void **state)
{
    (void)state;
    enum { ROWS = 100000 };
    struct pool_snapshot v[3] = {0};
    for (unsigned i = 0; i < 3; i++) {
        v[i].time = (struct pool_time){.source = TIME_CAPTURE, .ms = i};
        for (uint32_t k = 0; k < ROWS; k++) {
            if (i == 2 && k % 3 == 0)
                continue;
            struct pool_row *r = pool_snapshot_add(&v[i], NULL);
            assert_non_null(r);
            r->fields = ROW_BYTES;
            r->bytes = i == 1 ? ROWS - k : k;
            r->line = k;
        }
    }
    struct psz_link one = {0}, other = {0};
    struct pool_snapshot got = {0};
    struct buf b = {0}, archive = {0};
    for (unsigned i = 0; i < 3; i++) {
        b.n = 0;
        assert_int_equal(psz_link_write(&one, i > 0 ? &v[i - 1] : NULL, &v[i], &b, NULL),
                         0);
        assert_int_equal(psz_link_read(&other, i > 0 ? &v[i - 1] : NULL, b.p, b.n,
                                       &limits, &got, NULL),
                         0);
        same_snapshot(&v[i], &got);
    }
    write_archive(v, 3, &archive);
    assert_in_range(archive.n, 1, 2000000);
    psz_link_free(&one);
    psz_link_free(&other);
    pool_snapshot_free(&got);
    buf_free(&b);
    buf_free(&archive);
    free_series(v, 3);
}

/* Whatever a link claims, the answer is an error or a capture that keeps its promises. */
static void hostile_links(void **state)
{
    (void)state;
    struct pool_snapshot v[2] = {0}, got = {0};
    struct psz_link l = {0};
    struct dice d = {5};
    struct buf b = {0}, plain = {0};
    unsigned refused = 0;
    do
        sample_series(&d, v, 2, 15);
    while (v[0].host != 0 || v[1].host != 0 || v[0].scope != v[1].scope ||
           v[0].session != v[1].session || v[0].record != v[1].record);
    assert_int_equal(psz_link_write(&l, &v[0], &v[1], &b, NULL), 0);
    /* The same streams stored, so that changed bytes reach what lies behind inflate. */
    assert_int_equal(buf_varint(&plain, l.body.n, NULL), 0);
    assert_int_equal(buf_append(&plain, l.body.p, l.body.n, NULL), 0);
    assert_int_equal(psz_link_read(&l, &v[0], plain.p, plain.n, &limits, &got, NULL), 0);
    same_snapshot(&v[1], &got);
    for (unsigned i = 0; i < 20000; i++) {
        struct buf *x = i % 8 == 0 ? &b : &plain;
        size_t at = i % 3 == 0 ? roll(&d, 40) : roll(&d, x->n);
        uint8_t was = x->p[at];
        x->p[at] = (uint8_t)roll(&d, 256);
        size_t n = i % 5 == 0 ? roll(&d, x->n) : x->n;
        struct err e = {0};
        int r = psz_link_read(&l, i % 7 == 0 ? NULL : &v[0], x->p, n, &limits, &got, &e);
        if (r == 0)
            assert_null(pool_snapshot_valid(&got));
        else
            assert_true(r == ERR_FORMAT || r == ERR_LIMIT);
        refused += r < 0;
        x->p[at] = was;
    }
    assert_true(refused > 10000);
    psz_link_free(&l);
    buf_free(&b);
    buf_free(&plain);
    pool_snapshot_free(&got);
    free_series(v, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_are_kept),
        cmocka_unit_test(the_same_again_is_small),
        cmocka_unit_test(rows_that_stand_still_are_not_told),
        cmocka_unit_test(one_key_many_times),
        cmocka_unit_test(hostile_links),
    };
    return cmocka_run_group_tests_name("psz links", tests, NULL, NULL);
}
