/* SPDX-License-Identifier: MIT */
/* The short ways through blocks as machines write them, with nothing rare in them: one
 * row's history, and heads alone; with memory that runs out at each allocation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <unistd.h>

#include "formats/psz/file.h"
#include "tests/unit/memory.h"
#include "tests/unit/psz_smooth.h"
#include "tests/unit/scratch.h"

enum { N = 40, USUAL = 200 };

struct world {
    char path[256];
    struct pool_snapshot *v;
    struct buf archive;
};

static int point(void *ctx, const struct psz_point *p, struct err *e)
{
    uint64_t *sum = ctx;
    (void)e;
    *sum = pool_digest_mix(*sum, p->row != NULL ? p->row->bytes : 1);
    return 0;
}

static int follow(void *ctx, uint64_t *sum, struct err *e)
{
    const struct world *w = ctx;
    struct psz_want want = {.tag = w->v[0].rows[0].tag,
                            .pool = (enum pool_kind)w->v[0].rows[0].pool};
    struct psz_file *f;
    int r = 0;
    TRY(psz_file_open(&f, w->path, &limits, e));
    assert_non_null(f);
    for (int k = 0; k < 2 && r >= 0; k++) {
        want.counters = k == 1;
        r = psz_history(f, &want, point, sum, e);
    }
    psz_file_close(f);
    return r < 0 ? r : 0;
}

static bool never(const void *ctx, const struct pool_time *t)
{
    (void)ctx;
    (void)t;
    return false;
}

static int read_all(const struct world *w, const struct reader_opts *o, uint64_t *sum,
                    struct err *e)
{
    struct pool_snapshot s = {0};
    struct input_raw raw;
    struct input *in;
    void *reader = NULL;
    TRY(input_raw_memory(&raw, w->archive.p, w->archive.n, 0, e));
    TRY(input_open(&in, "x.psz", raw, &limits, e));
    int r = psz_binary_format.open(&reader, in, o, e);
    while (r >= 0 && (r = psz_binary_format.next(reader, &s, e)) == 1)
        *sum = pool_digest_mix(pool_digest_mix(*sum, (uint64_t)s.time.ms),
                               pool_snapshot_digest(&s));
    pool_snapshot_free(&s);
    psz_binary_format.close(reader);
    input_close(in);
    return r;
}

static int pass(void *ctx, uint64_t *sum, struct err *e)
{
    const struct reader_opts o = {.wanted = never, .limits = limits};
    return read_all(ctx, &o, sum, e);
}

/* ---- captures that the short ways leave ---- */

/* The rows of some stand on lines that are not one behind the other: whoever meets such a
 * capture goes back, and puts together all captures before it. */
static int any_capture(void *ctx, uint64_t *sum, struct err *e)
{
    const struct world *w = ctx;
    struct pool_snapshot s = {0};
    struct psz_file *f;
    TRY(psz_file_open(&f, w->path, &limits, e));
    assert_non_null(f);
    const int r = psz_file_at(f, N - 1, &s, e);
    *sum = r == 0 ? pool_snapshot_digest(&s) : 0;
    pool_snapshot_free(&s);
    psz_file_close(f);
    return r;
}

static int chained(void *ctx, uint64_t *sum, struct err *e)
{
    struct reader_memory memory = {.chains = 0};
    const struct reader_opts o = {
        .memory = &memory, .follow = true, .any_order = true, .limits = limits};
    const int r = read_all(ctx, &o, sum, e);
    reader_memory_free(&memory);
    return r;
}

static void write_world(struct world *w)
{
    w->archive = (struct buf){.n = 0};
    write_archive(w->v, N, &w->archive);
    scratch_write(w->path, w->archive.p, w->archive.n);
}

static void lines_that_skip_some(void **state)
{
    struct world w;
    (void)state;
    scratch_path(w.path, sizeof w.path, "stairs", ".psz");
    w.v = smooth_series(51, &kinds[0], N);
    w.v[N / 2].rows[5].line += 100;
    write_world(&w);
    assert_true(memory_try("any capture", any_capture, &w, USUAL) > 10);
    assert_true(memory_try("chained", chained, &w, USUAL) > 10);
    assert_int_equal(unlink(w.path), 0);
    free_series(w.v, N);
    free(w.v);
    buf_free(&w.archive);
}

/* ---- all of them ---- */

static void every_kind(void **state)
{
    struct world w;
    (void)state;
    scratch_path(w.path, sizeof w.path, "smooth", ".psz");
    for (int k = 0; k < KINDS; k++) {
        w.v = smooth_series((uint64_t)k + 1, &kinds[k], N);
        write_world(&w);
        assert_true(memory_try("history", follow, &w, USUAL) > 10);
        assert_true(memory_try("heads", pass, &w, USUAL) > 10);
        assert_int_equal(unlink(w.path), 0);
        free_series(w.v, N);
        free(w.v);
        buf_free(&w.archive);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind),
        cmocka_unit_test(lines_that_skip_some),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
