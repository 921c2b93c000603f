/* SPDX-License-Identifier: MIT */
/* Every writer, and the archive in all its ways, with memory that runs out at each of
 * their allocations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <unistd.h>

#include "formats/psz/file.h"
#include "formats/reader.h"
#include "tests/unit/appending.h"
#include "tests/unit/memory.h"
#include "tests/unit/psz_samples.h"
#include "tests/unit/scratch.h"

enum { N = 7, APPENDED = 3, USUAL = 300 };

struct world {
    char path[256];
    struct pool_snapshot v[N]; /* with everything that a snapshot can hold */
    struct buf archive;        /* all of them, the last ones appended one by one */
    struct buf before;         /* the first ones, converted */
};

static uint64_t sum_of(const void *p, size_t n)
{
    uint64_t sum = n;
    for (size_t i = 0; i < n; i++)
        sum = pool_digest_mix(sum, ((const uint8_t *)p)[i]);
    return sum;
}

static size_t read_file(const char *path, uint8_t *p, size_t room)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t n = fread(p, 1, room, f);
    assert_int_equal(fclose(f), 0);
    return n;
}

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    struct dice d = {12};
    assert_non_null(w);
    scratch_path(w->path, sizeof w->path, "memory", ".psz");
    sample_series(&d, w->v, N, 50);
    write_archive(w->v, N - APPENDED, &w->before);
    scratch_write(w->path, w->before.p, w->before.n);
    for (int i = N - APPENDED; i < N; i++)
        assert_int_equal(append_one(w->path, &w->v[i], NULL), 0);
    assert_int_equal(buf_reserve(&w->archive, 1 << 20, NULL), 0);
    w->archive.n = read_file(w->path, w->archive.p, w->archive.cap);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    (void)unlink(w->path);
    free_series(w->v, N);
    buf_free(&w->archive);
    buf_free(&w->before);
    free(w);
    return 0;
}

/* ---- writers ---- */

struct writing {
    const struct format_writer *to;
    const struct world *w;
    struct writer_opts o;
};

static int write_into(struct sink *out, const struct writing *x, struct err *e)
{
    void *ctx = NULL;
    int r = x->to->begin(&ctx, out, &x->o, e);
    for (int i = 0; i < N && r >= 0; i++)
        if (x->to->keeps_all || x->w->v[i].record == RECORD_CAPTURE)
            r = x->to->snapshot(ctx, &x->w->v[i], e);
    if (r >= 0)
        r = x->to->end(ctx, e);
    if (ctx != NULL)
        x->to->close(ctx);
    return r;
}

static int write_all(void *ctx, uint64_t *sum, struct err *e)
{
    struct buf b = {0};
    struct sink *out;
    TRY(sink_memory(&out, &b, e));
    int r = write_into(out, ctx, e);
    if (r < 0)
        sink_abort(out);
    else
        r = sink_close(out, e);
    *sum = r < 0 ? 0 : sum_of(b.p, b.n);
    buf_free(&b);
    return r;
}

static void writers(void **state)
{
    for (const struct format *f = format_table; f->name != NULL; f++)
        for (int verbatim = 0; verbatim < 2 && f->writer != NULL; verbatim++) {
            struct writing x = {f->writer, *state, {.many = true, .verbatim = verbatim}};
            assert_true(memory_try(f->name, write_all, &x, USUAL) > 3);
        }
}

/* ---- reading ---- */

struct reading {
    const struct world *w;
    struct reader_opts o;
};

static int take_all(void *reader, uint64_t *sum, struct err *e)
{
    struct pool_snapshot s = {0};
    int r;
    while ((r = psz_binary_format.next(reader, &s, e)) == 1)
        *sum = pool_digest_mix(*sum, pool_snapshot_digest(&s));
    pool_snapshot_free(&s);
    return r;
}

static int read_all(void *ctx, uint64_t *sum, struct err *e)
{
    const struct reading *x = ctx;
    struct input_raw raw;
    struct input *in;
    void *reader = NULL;
    TRY(input_raw_memory(&raw, x->w->archive.p, x->w->archive.n, 0, e));
    TRY(input_open(&in, "x.psz", raw, &x->o.limits, e));
    int r = psz_binary_format.open(&reader, in, &x->o, e);
    if (r >= 0)
        r = take_all(reader, sum, e);
    psz_binary_format.close(reader);
    input_close(in);
    return r;
}

static void archives_are_read(void **state)
{
    for (int i = 0; i < 8; i++) {
        struct reader_memory memory = {.chains = 0};
        struct reading x = {*state,
                            {.follow = (i & 1) != 0,
                             .memory = (i & 1) != 0 ? &memory : NULL,
                             .salvage = (i & 2) != 0,
                             .threads = (i & 4) != 0 ? 2 : 1,
                             .limits = LIMITS_DEFAULT}};
        assert_true(memory_try("reading", read_all, &x, USUAL) > 500);
        reader_memory_free(&memory);
    }
}

static int point(void *ctx, const struct psz_point *p, struct err *e)
{
    uint64_t *sum = ctx;
    (void)e;
    *sum = pool_digest_mix(*sum, p->row != NULL ? p->row->bytes : p->number);
    return 0;
}

static int look_up(struct psz_file *f, const struct world *w, uint64_t *sum,
                   struct err *e)
{
    const struct psz_want want = {w->v[0].rows[1].tag,
                                  (enum pool_kind)w->v[0].rows[1].pool, true};
    struct pool_snapshot s = {0};
    uint64_t number;
    int r = psz_file_latest(f, w->v[2].time.ms, &number, e);
    for (uint64_t i = 1; i <= psz_file_count(f) && r >= 0; i++) {
        r = psz_file_at(f, i, &s, e);
        *sum = pool_digest_mix(*sum, r >= 0 ? pool_snapshot_digest(&s) : 0);
    }
    if (r >= 0)
        r = psz_history(f, &want, point, sum, e);
    pool_snapshot_free(&s);
    return r;
}

static int read_by_index(void *ctx, uint64_t *sum, struct err *e)
{
    static const struct limits limits = LIMITS_DEFAULT;
    const struct world *w = ctx;
    struct psz_file *f;
    TRY(psz_file_open(&f, w->path, &limits, e));
    if (f == NULL)
        return ERR_BUG;
    int r = look_up(f, w, sum, e);
    psz_file_close(f);
    return r;
}

static void archives_are_read_by_index(void **state)
{
    struct world *w = *state;
    scratch_write(w->path, w->archive.p, w->archive.n);
    assert_true(memory_try("by index", read_by_index, w, USUAL) > 500);
}

/* ---- appending ---- */

/* What was there before is never touched, whatever comes of the rest. */
static int append_all(void *ctx, uint64_t *sum, struct err *e)
{
    static uint8_t now[1 << 20];
    const struct world *w = ctx;
    int r = 0;
    scratch_write(w->path, w->before.p, w->before.n);
    for (int i = N - APPENDED; i < N && r >= 0; i++)
        r = append_one(w->path, &w->v[i], e);
    const size_t n = read_file(w->path, now, sizeof now);
    assert_true(n >= w->before.n);
    assert_memory_equal(now, w->before.p, w->before.n);
    *sum = sum_of(now, n);
    return r;
}

static void appending(void **state)
{
    assert_true(memory_try("appending", append_all, *state, USUAL) > 500);
}

/* ---- folding ---- */

enum { OPEN_LINKS = 255, SERIES = OPEN_LINKS + 3 };

struct folding {
    const char *path;
    struct pool_snapshot v[SERIES];
    struct buf before; /* all but the last two: one more folds the open links */
};

static uint64_t captures_in(const char *path)
{
    static const struct limits limits = LIMITS_DEFAULT;
    struct psz_file *f;
    assert_int_equal(psz_file_open(&f, path, &limits, NULL), 0);
    assert_non_null(f);
    const uint64_t n = psz_file_count(f);
    psz_file_close(f);
    return n;
}

/* Whatever fails, all captures that were there still are. */
static int fold(void *ctx, uint64_t *sum, struct err *e)
{
    const struct folding *x = ctx;
    scratch_write(x->path, x->before.p, x->before.n);
    int r = append_one(x->path, &x->v[SERIES - 2], e);
    if (r >= 0)
        r = append_one(x->path, &x->v[SERIES - 1], e);
    const uint64_t at = atomic_exchange(&memory_fails_at, 0);
    const uint64_t n = captures_in(x->path);
    atomic_store(&memory_fails_at, at);
    assert_true(n == SERIES || (r < 0 && n >= SERIES - 2));
    *sum = n;
    return r;
}

static void folding(void **state)
{
    const struct world *w = *state;
    struct folding *x = calloc(1, sizeof *x);
    struct dice d = {5};
    struct psz_appender *a;
    struct psz_append_facts facts;
    assert_non_null(x);
    x->path = w->path;
    sample_series(&d, x->v, SERIES, 0);
    write_archive(x->v, 1, &x->before);
    scratch_write(x->path, x->before.p, x->before.n);
    for (int i = 1; i < SERIES - 2; i++) {
        assert_int_equal(psz_append_open(&a, x->path, &facts, NULL), 0);
        assert_int_equal(psz_append_snapshot(a, &x->v[i], NULL), 0);
        assert_int_equal(psz_append_end(a, NULL), 0);
    }
    assert_int_equal(buf_reserve(&x->before, 1 << 20, NULL), 0);
    x->before.n = read_file(x->path, x->before.p, x->before.cap);
    assert_true(memory_try("folding", fold, x, USUAL) > 500);
    buf_free(&x->before);
    free_series(x->v, SERIES);
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writers),
        cmocka_unit_test(archives_are_read),
        cmocka_unit_test(archives_are_read_by_index),
        cmocka_unit_test(appending),
        cmocka_unit_test(folding),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
