/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "formats/psz/file.h"
#include "formats/when.h"
#include "psz_samples.h"
#include "tests/unit/scratch.h"

enum { N = 340 };

static const struct limits limits = LIMITS_DEFAULT;

struct world {
    char path[256];
    struct pool_snapshot v[N];
    unsigned n;
    struct psz_file *f;
};

static void open_file(struct world *w)
{
    struct err e = {0};
    psz_file_close(w->f);
    assert_int_equal(psz_file_open(&w->f, w->path, &limits, &e), 0);
    assert_non_null(w->f);
    assert_int_equal(psz_file_count(w->f), w->n);
}

/* `most` in the writer's blocks, `all` as a block behind them, the others `each` at a
 * time. */
static struct world *make(uint64_t seed, unsigned odd, unsigned most, unsigned all,
                          unsigned each, unsigned n)
{
    struct world *w = calloc(1, sizeof *w);
    struct dice d = {seed};
    struct buf b = {0};
    assert_non_null(w);
    scratch_path(w->path, sizeof w->path, "psz-file", ".psz");
    w->n = n;
    sample_series(&d, w->v, n, odd);
    write_archive(w->v, most, &b);
    FILE *out = fopen(w->path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(b.p, 1, b.n, out), b.n);
    assert_int_equal(fclose(out), 0);
    buf_free(&b);
    for (unsigned i = most; i < n;) {
        struct psz_appender *a;
        struct psz_append_facts facts;
        unsigned end = i == most ? most + all : i + each < n ? i + each : n;
        assert_int_equal(psz_append_open(&a, w->path, &facts, NULL), 0);
        for (; i < end || i == most; i++)
            assert_int_equal(psz_append_snapshot(a, &w->v[i], NULL), 0);
        assert_int_equal(psz_append_end(a, NULL), 0);
    }
    open_file(w);
    return w;
}

static void unmake(struct world *w)
{
    psz_file_close(w->f);
    (void)unlink(w->path);
    free_series(w->v, w->n);
    free(w);
}

/* ---- what is compared ---- */

static void any_capture(struct world *w)
{
    struct pool_snapshot s = {0};
    struct dice d = {77};
    for (unsigned i = 0; i < w->n; i += 1 + (unsigned)roll(&d, 3)) {
        struct err e = {0};
        if (psz_file_at(w->f, i + 1, &s, &e) != 0)
            fail_msg("%u: %s", i, e.text);
        same_snapshot(&w->v[i], &s);
        if (i % 16 == 0) {
            unsigned back = (unsigned)roll(&d, w->n);
            assert_int_equal(psz_file_at(w->f, back + 1, &s, &e), 0);
            same_snapshot(&w->v[back], &s);
        }
    }
    pool_snapshot_free(&s);
}

struct expected {
    struct world *w;
    struct psz_want want;
    unsigned next;
};

/* Of a key that stands there twice the copies are not told apart. */
static const struct pool_row *only_row(const struct pool_snapshot *s,
                                       const struct psz_want *want, bool *twice)
{
    const struct pool_row *found = NULL;
    for (size_t i = 0; i < s->n_rows; i++) {
        const struct pool_row *r = &s->rows[i];
        if (r->pool != want->pool || tag_key(r->tag) != tag_key(want->tag))
            continue;
        *twice |= found != NULL;
        found = r;
    }
    return found;
}

static int compare_point(void *ctx, const struct psz_point *p, struct err *e)
{
    struct expected *x = ctx;
    (void)e;
    assert_in_range(x->next, 0, x->w->n - 1);
    const struct pool_snapshot *s = &x->w->v[x->next++];
    assert_int_equal(p->number, x->next);
    assert_int_equal(p->s->time.ms, s->time.ms);
    assert_string_equal(pool_snapshot_str(p->s, p->s->host),
                        pool_snapshot_str(s, s->host));
    bool twice = false;
    const struct pool_row *row = only_row(s, &x->want, &twice);
    if (twice)
        return 0;
    if ((row != NULL) != (p->row != NULL))
        fail_msg("capture %u: %s", x->next, row != NULL ? "missing" : "made up");
    if (row == NULL)
        return 0;
    unsigned given = row->fields;
    if (!x->want.counters)
        given &= ~(unsigned)(ROW_ALLOCS | ROW_FREES);
    assert_int_equal(p->row->fields, given);
    assert_true(p->row->live == row->live && p->row->bytes == row->bytes);
    assert_int_equal(p->row->per_alloc, row->per_alloc);
    assert_true(p->row->allocs == (x->want.counters ? row->allocs : 0));
    assert_true(p->row->frees == (x->want.counters ? row->frees : 0));
    return 0;
}

static void any_history(struct world *w)
{
    struct dice d = {78};
    for (unsigned i = 0; i < 24; i++) {
        const struct pool_snapshot *s = &w->v[roll(&d, w->n)];
        struct expected x = {.w = w, .want = {.counters = i % 2 == 0}};
        struct err e = {0};
        if (s->n_rows > 0) {
            const struct pool_row *r = &s->rows[roll(&d, s->n_rows)];
            x.want.tag = r->tag;
            x.want.pool = (enum pool_kind)r->pool;
        }
        if (psz_history(w->f, &x.want, compare_point, &x, &e) != 0)
            fail_msg("history: %s", e.text);
        assert_int_equal(x.next, w->n);
    }
}

static void latest(struct world *w)
{
    struct dice d = {79};
    for (unsigned i = 0; i < 60; i++) {
        int64_t ms = w->v[roll(&d, w->n)].time.ms + (int64_t)roll(&d, 3) - 1;
        uint64_t number, want = 0;
        struct err e = {0};
        ms = i == 0 ? INT64_MAX : i == 1 ? INT64_MIN : ms;
        assert_int_equal(psz_file_latest(w->f, ms, &number, &e), 0);
        for (unsigned k = 0; k < w->n; k++)
            if (w->v[k].time.ms <= ms &&
                (want == 0 || w->v[k].time.ms >= w->v[want - 1].time.ms))
                want = k + 1;
        assert_int_equal(number, want);
    }
}

/* ---- archives of every make ---- */

static void plain_archive(void **state)
{
    (void)state;
    struct world *w = make(91, 0, N, 0, 1, N);
    any_capture(w);
    any_history(w);
    latest(w);
    unmake(w);
}

static void grown_archive(void **state)
{
    (void)state;
    struct world *w = make(92, 0, 20, 30, 1, N); /* 290 links: a fold among them */
    any_capture(w);
    any_history(w);
    latest(w);
    unmake(w);
}

static void archive_grown_by_some(void **state)
{
    (void)state;
    struct world *w = make(95, 0, 20, 3, 7, 90);
    any_capture(w);
    any_history(w);
    latest(w);
    unmake(w);
}

static void odd_archive(void **state)
{
    (void)state;
    struct world *w = make(93, 6, 60, 20, 1, 120);
    uint64_t number;
    any_capture(w);
    any_history(w);
    assert_int_equal(psz_file_latest(w->f, INT64_MAX, &number, NULL), 0);
    assert_int_equal(number, 0); /* the index cannot tell */
    unmake(w);
}

static void no_archive(void **state)
{
    (void)state;
    struct world *w = make(94, 0, 3, 0, 1, 3);
    struct psz_file *f;
    assert_int_equal(truncate(w->path, 200), 0);
    assert_int_equal(psz_file_open(&f, w->path, &limits, NULL), 0);
    assert_null(f);
    assert_int_equal(psz_file_open(&f, "build/no such file", &limits, NULL), 0);
    assert_null(f);
    unmake(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_archive),
        cmocka_unit_test(grown_archive),
        cmocka_unit_test(archive_grown_by_some),
        cmocka_unit_test(odd_archive),
        cmocka_unit_test(no_archive),
    };
    return cmocka_run_group_tests_name("psz by index", tests, NULL, NULL);
}
