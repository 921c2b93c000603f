/* SPDX-License-Identifier: MIT */
/* Archives in which any one byte is another and whose check sums are right all the same:
 * an error in words, or captures that keep every promise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <unistd.h>

#include "formats/frame.h"
#include "formats/psz/file.h"
#include "tests/tools/chance.h"
#include "tests/unit/psz_samples.h"
#include "tests/unit/psz_stored.h"
#include "tests/unit/scratch.h"

enum { N = 6, APPENDED = 3, ODD = 60, EACH_BY_INDEX = 5, HEAD = 40, EACH_OF_HEAD = 12 };

static const struct limits limits = LIMITS_DEFAULT;

struct world {
    char path[256];
    struct pool_snapshot v[N];
    struct buf archive;
};

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    struct dice d = {12};
    assert_non_null(w);
    scratch_path(w->path, sizeof w->path, "stored", ".psz");
    sample_series(&d, w->v, N, ODD);
    write_archive(w->v, N - APPENDED, &w->archive);
    scratch_write(w->path, w->archive.p, w->archive.n);
    for (int i = N - APPENDED; i < N; i++) {
        struct psz_appender *a;
        struct psz_append_facts facts;
        assert_int_equal(psz_append_open(&a, w->path, &facts, NULL), 0);
        assert_int_equal(psz_append_snapshot(a, &w->v[i], NULL), 0);
        assert_int_equal(psz_append_end(a, NULL), 0);
    }
    FILE *f = fopen(w->path, "rb");
    assert_non_null(f);
    assert_int_equal(buf_reserve(&w->archive, 1 << 20, NULL), 0);
    w->archive.n = fread(w->archive.p, 1, w->archive.cap, f);
    (void)fclose(f);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    (void)unlink(w->path);
    free_series(w->v, N);
    buf_free(&w->archive);
    free(w);
    return 0;
}

static void assert_told(int r, const struct err *e)
{
    if (r == 0)
        return;
    assert_true(r == ERR_FORMAT || r == ERR_LIMIT || r == ERR_UNSUPPORTED);
    assert_int_equal(r, e->code);
    assert_true(e->text[0] != '\0');
}

static void read_through(const struct buf *b, bool follow, bool salvage)
{
    struct reader_memory memory = {.chains = 0};
    struct reader_opts o = {.salvage = salvage, .follow = follow, .limits = limits};
    struct input_raw raw;
    struct input *in;
    void *ctx = NULL;
    struct pool_snapshot s = {0};
    struct err e = {0};
    o.memory = follow ? &memory : NULL;
    assert_int_equal(input_raw_memory(&raw, b->p, b->n, 0, NULL), 0);
    assert_int_equal(input_open(&in, "x.psz", raw, &limits, NULL), 0);
    int r = psz_binary_format.open(&ctx, in, &o, &e);
    while (r >= 0 && (r = psz_binary_format.next(ctx, &s, &e)) > 0) {
        const char *broken = pool_snapshot_valid(&s);
        if (broken != NULL)
            fail_msg("a snapshot is not valid: %s", broken);
    }
    assert_told(r, &e);
    psz_binary_format.close(ctx);
    input_close(in);
    pool_snapshot_free(&s);
    reader_memory_free(&memory);
}

static int pass(void *ctx, const struct psz_point *p, struct err *e)
{
    (void)ctx;
    (void)p;
    (void)e;
    return 0;
}

static void follow_row(struct psz_file *f, const struct world *w, bool counters)
{
    const struct psz_want want = {w->v[0].rows[0].tag,
                                  (enum pool_kind)w->v[0].rows[0].pool, counters};
    struct err e = {0};
    const int told = psz_history(f, &want, pass, NULL, &e);
    assert_told(told > 0 ? 0 : told, &e);
}

/* From the first capture to the last, or backwards. */
static void read_by_index(const struct world *w, const struct buf *b, bool backwards)
{
    struct pool_snapshot s = {0};
    struct psz_file *f = NULL;
    uint64_t number;
    struct err e = {0};
    scratch_write(w->path, b->p, b->n);
    int r = psz_file_open(&f, w->path, &limits, &e);
    const uint64_t count = f != NULL ? psz_file_count(f) : 0;
    for (uint64_t i = 1; i <= N && i <= count; i++) {
        struct err one = {0};
        int got = psz_file_at(f, backwards ? count + 1 - i : i, &s, &one);
        assert_told(got > 0 ? 0 : got, &one);
        if (got >= 0)
            assert_null(pool_snapshot_valid(&s));
    }
    if (f != NULL) {
        r = psz_file_latest(f, w->v[2].time.ms, &number, &e);
        follow_row(f, w, true);
        follow_row(f, w, false);
    }
    assert_told(r > 0 ? 0 : r, &e);
    psz_file_close(f);
    pool_snapshot_free(&s);
}

static void any_byte(void **state)
{
    const struct world *w = *state;
    struct buf b = {0};
    struct rng rng = {7};
    unsigned tried = 0;
    for (size_t at = FRAME_FILE_HEAD; at < w->archive.n;) {
        const struct frame f = stored_frame(&w->archive, at);
        for (size_t i = 0; i < f.n; i++)
            for (int k = i < HEAD ? EACH_OF_HEAD : 1; k > 0; k--, tried++) {
                const uint8_t to = f.p[i] ^ (uint8_t)(1 + rng_below(&rng, 255));
                stored_change(&b, &w->archive, at, &f, i, &to, 1);
                read_through(&b, false, false);
                read_through(&b, true, false);
                read_through(&b, false, true);
                if (i < HEAD || tried % EACH_BY_INDEX == 0)
                    read_by_index(w, &b, tried % 2 == 1);
            }
        at += FRAME_HEAD + f.n + FRAME_TAIL;
    }
    buf_free(&b);
    assert_true(tried > 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_byte),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
