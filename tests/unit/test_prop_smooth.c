/* SPDX-License-Identifier: MIT */
/* Archives of series as machines write them, in which bytes are others and the check sums
 * right all the same, read in every way: from front to back, as chains, by index, one row
 * alone.  Each way ends in words or in captures that keep every promise, and what is read
 * from front to back every other way finds, too. */
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
#include "tests/unit/psz_smooth.h"
#include "tests/unit/psz_stored.h"
#include "tests/unit/scratch.h"

enum { N = 6, HEAD = 24, LOW = 8, RUN = 12 };

struct world {
    char path[256];
    struct pool_snapshot *v;
    struct buf archive;
};

/* What one way of reading gave. */
struct seen {
    int r;
    unsigned n;
    struct pool_snapshot s[N];
};

static void seen_free(struct seen *x)
{
    for (unsigned i = 0; i < N; i++)
        pool_snapshot_free(&x->s[i]);
}

static void assert_told(int r, const struct err *e)
{
    assert_true(r == 0 || r == ERR_FORMAT || r == ERR_LIMIT || r == ERR_UNSUPPORTED);
    assert_true(r == 0 || (e->code == r && e->text[0] != '\0'));
}

static void assert_same(const struct pool_snapshot *a, const struct pool_snapshot *b)
{
    assert_int_equal(a->n_rows, b->n_rows);
    assert_int_equal(a->time.ms, b->time.ms);
    assert_memory_equal(&a->totals, &b->totals, sizeof a->totals);
    assert_true(pool_snapshot_digest(a) == pool_snapshot_digest(b));
}

/* ---- the ways ---- */

/* From front to back; as chains, whose rows may stand in any order, held against `like`.
 */
static void read_through(const struct buf *b, bool chained, bool salvage,
                         const struct seen *like, struct seen *x)
{
    struct reader_memory memory = {.chains = 0};
    const struct reader_opts o = {.memory = &memory,
                                  .follow = chained,
                                  .any_order = chained,
                                  .salvage = salvage,
                                  .limits = limits};
    struct input_raw raw;
    struct input *in;
    void *ctx = NULL;
    struct pool_snapshot s = {0};
    struct err e = {0};
    unsigned n = 0;
    assert_int_equal(input_raw_memory(&raw, b->p, b->n, 0, NULL), 0);
    assert_int_equal(input_open(&in, "x.psz", raw, &limits, NULL), 0);
    int r = psz_binary_format.open(&ctx, in, &o, &e);
    for (; r >= 0 && (r = psz_binary_format.next(ctx, &s, &e)) > 0; n++) {
        assert_true(n < N);
        assert_null(pool_snapshot_valid(&s));
        if (like != NULL && n < like->n)
            assert_same(&like->s[n], &s);
        if (x != NULL)
            assert_int_equal(pool_snapshot_copy(&x->s[n], &s, NULL), 0);
    }
    assert_told(r, &e);
    if (like != NULL) {
        assert_int_equal(r, like->r);
        assert_int_equal(n, like->n);
    }
    if (x != NULL) {
        x->r = r;
        x->n = n;
    }
    psz_binary_format.close(ctx);
    input_close(in);
    pool_snapshot_free(&s);
    reader_memory_free(&memory);
}

struct row_course {
    const struct seen *like;
    struct psz_want want;
    unsigned next;
};

/* NULL also where the capture lists it twice: then it is not said which one is meant. */
static const struct pool_row *listed(const struct pool_snapshot *s,
                                     const struct psz_want *want, bool *twice)
{
    const struct pool_row *found = NULL;
    *twice = false;
    for (size_t i = 0; i < s->n_rows; i++)
        if (s->rows[i].pool == want->pool && tag_equal(s->rows[i].tag, want->tag)) {
            *twice = found != NULL;
            found = &s->rows[i];
        }
    return found;
}

static int compare_point(void *ctx, const struct psz_point *p, struct err *e)
{
    struct row_course *x = ctx;
    bool twice;
    (void)e;
    if (x->next == x->like->n)
        return 0;
    const struct pool_snapshot *s = &x->like->s[x->next++];
    const struct pool_row *row = listed(s, &x->want, &twice);
    assert_int_equal(p->s->time.ms, s->time.ms);
    if (twice)
        return 0;
    assert_int_equal(p->row != NULL, row != NULL);
    if (row == NULL)
        return 0;
    assert_true(p->row->bytes == row->bytes && p->row->live == row->live);
    assert_true(!x->want.counters || p->row->allocs == row->allocs);
    return 0;
}

static void one_row(const struct pool_row *row, struct psz_file *f, bool counters,
                    const struct seen *like)
{
    struct row_course x = {.like = like,
                           .want = {row->tag, (enum pool_kind)row->pool, counters}};
    struct err e = {0};
    const int r = psz_history(f, &x.want, compare_point, &x, &e);
    assert_told(r < 0 ? r : 0, &e);
    if (like->r == 0) {
        assert_int_equal(r, 0);
        assert_int_equal(x.next, like->n);
    }
}

/* `nth` of the damaged archives: each looks for another row. */
static void read_by_index(const struct world *w, const struct buf *b, unsigned nth,
                          const struct seen *like)
{
    const struct pool_row *row = &w->v[0].rows[nth % w->v[0].n_rows];
    struct pool_snapshot s = {0};
    struct psz_file *f = NULL;
    struct err e = {0};
    uint64_t number;
    scratch_write(w->path, b->p, b->n);
    assert_int_equal(psz_file_open(&f, w->path, &limits, &e), 0);
    const uint64_t count = f != NULL ? psz_file_count(f) : 0;
    for (uint64_t i = 1; i <= count && i <= N; i++) {
        struct err one = {0};
        const int r = psz_file_at(f, i, &s, &one);
        assert_told(r, &one);
        if (r < 0 && like->r == 0)
            fail_msg("capture %llu: %s", (unsigned long long)i, one.text);
        if (r == 0)
            assert_null(pool_snapshot_valid(&s));
        if (r == 0 && like->r == 0)
            assert_same(&like->s[i - 1], &s);
    }
    if (f != NULL) {
        const int r = psz_file_latest(f, w->v[N / 2].time.ms, &number, &e);
        assert_told(r < 0 ? r : 0, &e);
        one_row(row, f, true, like);
        one_row(row, f, false, like);
    }
    psz_file_close(f);
    pool_snapshot_free(&s);
}

static unsigned read_all_ways(const struct world *w, const struct buf *b, unsigned nth)
{
    struct seen plain = {0};
    read_through(b, false, false, NULL, &plain);
    read_through(b, true, false, &plain, NULL);
    read_through(b, nth % 2 == 0, true, NULL, NULL);
    read_by_index(w, b, nth, &plain);
    seen_free(&plain);
    return plain.r < 0;
}

/* ---- series ---- */

enum what {
    SMOOTH,
    SWAPPED,
    STAIRS,
    WHATS
}; /* rows out of order; lines that skip some */

static void make(struct world *w, enum what what, const struct kind *k)
{
    scratch_path(w->path, sizeof w->path, "prop-smooth", ".psz");
    w->v = smooth_series(31 + (uint64_t)what, k, N);
    for (unsigned i = N / 2; i < N; i += 2) {
        struct pool_row *r = w->v[i].rows, was = r[4];
        if (what == STAIRS)
            r[5].line += 100;
        if (what != SWAPPED)
            continue;
        r[4] = r[20];
        r[4].line = was.line;
        was.line = r[20].line;
        r[20] = was;
    }
    w->archive = (struct buf){.n = 0};
    write_archive(w->v, N, &w->archive);
    assert_int_equal(read_all_ways(w, &w->archive, 0), 0);
}

static void unmake(struct world *w)
{
    (void)unlink(w->path);
    free_series(w->v, MOST);
    free(w->v);
    buf_free(&w->archive);
}

/* ---- damage ---- */

/* What a byte becomes: in the head any small number, too; and some runs of bytes become
 * numbers that go on for ever. */
static size_t other_bytes(struct rng *rng, int k, uint8_t was, uint8_t to[RUN])
{
    memset(to, 0xff, RUN);
    if (k == 0)
        return rng_below(rng, 4) == 0 ? RUN : 1;
    to[0] = k == 1 ? was ^ 0x80 : (uint8_t)(was ^ (1 + rng_below(rng, 255)));
    if (k > 2)
        to[0] = (uint8_t)(k - 3);
    return 1;
}

static void any_bytes(enum what what, const struct kind *kind)
{
    struct world w;
    struct buf b = {0};
    struct rng rng = {what + 40};
    unsigned tried = 0, refused = 0;
    make(&w, what, kind);
    for (size_t at = FRAME_FILE_HEAD; at < w.archive.n;) {
        const struct frame f = stored_frame(&w.archive, at);
        for (size_t i = 0; i < f.n; i++)
            for (int k = 0; k < 3 + (i < HEAD ? LOW : 1); k++, tried++) {
                uint8_t to[RUN];
                const size_t n = other_bytes(&rng, k, f.p[i], to);
                stored_change(&b, &w.archive, at, &f, i, to, n);
                refused += read_all_ways(&w, &b, tried);
            }
        at += FRAME_HEAD + f.n + FRAME_TAIL;
    }
    assert_true(tried > 3000);
    assert_true(refused > tried / 10);
    buf_free(&b);
    unmake(&w);
}

static void smooth_rows(void **state)
{
    (void)state;
    any_bytes(SMOOTH, &kinds[0]);
}

static void rows_out_of_order(void **state)
{
    (void)state;
    any_bytes(SWAPPED, &kinds[1]);
}

static void lines_that_skip_some(void **state)
{
    (void)state;
    any_bytes(STAIRS, &kinds[3]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(smooth_rows),
        cmocka_unit_test(rows_out_of_order),
        cmocka_unit_test(lines_that_skip_some),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
