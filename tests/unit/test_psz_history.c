/* SPDX-License-Identifier: MIT */
/* One row's history out of a block in which nothing is rare: only that row's changes are
 * cut out of the streams, of one machine or of two by turns, whether rows go or stay. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "formats/psz/history.h"
#include "psz_smooth.h"

enum { N = 48 };

struct expected {
    const struct pool_snapshot *v;
    struct psz_want want;
    unsigned next, found;
};

static const struct pool_row *row_of(const struct pool_snapshot *s,
                                     const struct psz_want *want)
{
    for (size_t i = 0; i < s->n_rows; i++)
        if (s->rows[i].pool == want->pool && tag_equal(s->rows[i].tag, want->tag))
            return &s->rows[i];
    return NULL;
}

static int compare(void *ctx, const struct psz_point *p, struct err *e)
{
    struct expected *x = ctx;
    (void)e;
    assert_in_range(x->next, 0, N - 1);
    const struct pool_snapshot *s = &x->v[x->next++];
    const struct pool_row *row = row_of(s, &x->want);
    assert_int_equal(p->s->time.ms, s->time.ms);
    if ((row != NULL) != (p->row != NULL))
        fail_msg("capture %u: %s", x->next, row != NULL ? "missing" : "made up");
    if (row == NULL)
        return 0;
    const bool counters = x->want.counters;
    const unsigned hidden = counters ? 0 : ROW_ALLOCS | ROW_FREES;
    x->found++;
    assert_int_equal(p->row->fields, row->fields & ~hidden);
    assert_true(p->row->bytes == row->bytes);
    assert_true(p->row->live == row->live);
    assert_int_equal(p->row->per_alloc, row->per_alloc);
    assert_true(p->row->allocs == (counters ? row->allocs : 0));
    assert_true(p->row->frees == (counters ? row->frees : 0));
    return 0;
}

/* Every row of the first capture and of the last, and one that nobody has. */
static void every_history(const struct pool_snapshot *v)
{
    struct psz_decoder *dec;
    struct buf b = packed(v, N);
    assert_int_equal(psz_decoder_new(&dec, &limits, NULL), 0);
    for (unsigned i = 0; i < 4; i++) {
        const struct pool_snapshot *s = &v[i < 2 ? 0 : N - 1];
        for (size_t k = 0; k <= s->n_rows; k++) {
            struct expected x = {.v = v, .want = {.counters = i % 2 == 0}};
            struct err e = {0};
            if (k < s->n_rows) {
                x.want.tag = s->rows[k].tag;
                x.want.pool = (enum pool_kind)s->rows[k].pool;
            }
            if (psz_block_history(dec, b.p, b.n, &x.want, compare, &x, &e) != 0)
                fail_msg("%s", e.text);
            assert_int_equal(x.next, N);
            assert_int_equal(x.found > 0, k < s->n_rows);
        }
    }
    psz_decoder_free(dec);
    buf_free(&b);
}

/* As smooth_next, but no row goes and none comes. */
static void same_rows(struct dice *d, const struct pool_snapshot *before,
                      struct pool_snapshot *s)
{
    pool_snapshot_clear(s);
    for (size_t i = 0; i < before->n_rows; i++) {
        struct pool_row *r = pool_snapshot_add(s, NULL);
        assert_non_null(r);
        *r = before->rows[i];
        if (roll(d, 5) > (uint64_t)r->tag.b[0] % 5) /* some are busier than others */
            continue;
        const uint64_t more = roll_bits(d, 12);
        r->allocs = (r->allocs + more) & (r->width == 32 ? UINT32_MAX : UINT64_MAX);
        r->live = row_live(r->allocs, r->frees, r->width);
        r->bytes += 1 + roll_bits(d, 9);
    }
    settle(s);
}

static void put_head(struct dice *d, struct pool_snapshot *s, unsigned i,
                     const char *host)
{
    s->uptime_s = -1;
    sample_head(d, s, i, 0);
    s->host = host == NULL ? 0 : sample_text(s, host);
}

static void rows_that_come_and_go(void **state)
{
    (void)state;
    for (unsigned k = 0; k < KINDS; k++) {
        struct pool_snapshot *v = smooth_series(k + 1, &kinds[k], N);
        every_history(v);
        free_series(v, MOST);
        free(v);
    }
}

static void rows_that_stay(void **state)
{
    (void)state;
    for (unsigned k = 0; k < 2; k++) {
        struct pool_snapshot *v = smooth_series(k + 11, &kinds[k], 1);
        struct dice d = {k + 5};
        for (unsigned i = 1; i < N; i++) {
            same_rows(&d, &v[i - 1], &v[i]);
            put_head(&d, &v[i], i, NULL);
        }
        every_history(v);
        free_series(v, MOST);
        free(v);
    }
}

/* Each has most of the tags, at other places. */
static void two_machines(void **state)
{
    static const char *const hosts[] = {"web01", "web02"};
    struct pool_snapshot *v = smooth_series(21, &kinds[0], 2), *of[2] = {&v[0], &v[1]};
    struct dice d = {8};
    (void)state;
    for (unsigned i = 0; i < N; i++) {
        if (i >= 2)
            same_rows(&d, of[i % 2], &v[i]);
        of[i % 2] = &v[i];
        put_head(&d, &v[i], i, hosts[i % 2]);
    }
    every_history(v);
    free_series(v, MOST);
    free(v);
}

static bool not_one(const void *ctx, const struct pool_time *t)
{
    (void)ctx;
    (void)t;
    return false;
}

/* Where nobody wants the rows: every time, and then the end. */
static void heads_to_the_end(void **state)
{
    (void)state;
    struct pool_snapshot *v = smooth_series(31, &kinds[0], N), s = {0};
    struct psz_decoder *dec;
    struct buf b = packed(v, N);
    assert_int_equal(psz_decoder_new(&dec, &limits, NULL), 0);
    for (int again = 0; again < 2; again++) {
        assert_int_equal(psz_heads_open(dec, b.p, b.n, not_one, NULL, NULL), 1);
        for (unsigned i = 0; i < N; i++) {
            assert_int_equal(psz_heads_next(dec, &s, NULL), 1);
            assert_int_equal(s.time.ms, v[i].time.ms);
            assert_int_equal(s.n_rows, 0);
        }
        assert_int_equal(psz_heads_next(dec, &s, NULL), 0);
        assert_int_equal(psz_heads_next(dec, &s, NULL), 0);
    }
    psz_decoder_free(dec);
    pool_snapshot_free(&s);
    free_series(v, MOST);
    free(v);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_that_come_and_go),
        cmocka_unit_test(rows_that_stay),
        cmocka_unit_test(two_machines),
        cmocka_unit_test(heads_to_the_end),
    };
    return cmocka_run_group_tests_name("psz histories", tests, NULL, NULL);
}
