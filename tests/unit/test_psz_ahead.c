/* SPDX-License-Identifier: MIT */
/* Archives read ahead by threads say what one thread reads from them, damaged ones and
 * contradicting ones too; blocks outside of what is wanted are not looked into. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>

#include "formats/psz/index.h"
#include "formats/reader.h"
#include "psz_smooth.h"
#include "tests/unit/chains.h"

struct side {
    struct input *in;
    struct reader *r;
    struct reader_memory memory;
    struct pool_snapshot s;
};

struct window {
    int64_t from, to;
};

static bool inside(const void *ctx, const struct pool_time *t)
{
    const struct window *w = ctx;
    return t->ms >= w->from && t->ms <= w->to;
}

static bool open_side(struct side *x, const struct buf *b, bool chained, bool salvage,
                      size_t threads, const struct window *w)
{
    const struct reader_opts o = {.memory = &x->memory,
                                  .follow = chained,
                                  .any_order = chained,
                                  .threads = threads,
                                  .salvage = salvage,
                                  .wanted = w != NULL ? inside : NULL,
                                  .wanted_ctx = w,
                                  .limits = LIMITS_DEFAULT};
    struct input_raw raw;
    assert_int_equal(input_raw_memory(&raw, b->p, b->n, 0, NULL), 0);
    assert_int_equal(input_open(&x->in, "archive", raw, &o.limits, NULL), 0);
    return reader_open(&x->r, x->in, &o, NULL) == 0;
}

static void close_side(struct side *x)
{
    reader_close(x->r);
    input_close(x->in);
    reader_memory_free(&x->memory);
    pool_snapshot_free(&x->s);
}

/* Captures, messages and notes; returns how many captures came. */
static unsigned assert_same_archive(const struct buf *b, bool salvage, size_t threads)
{
    struct side x = {0}, y = {0};
    unsigned got = 0;
    const bool readable = open_side(&x, b, false, salvage, 1, NULL);
    assert_int_equal(open_side(&y, b, true, salvage, threads, NULL), readable);
    while (readable) {
        struct err first = {0}, second = {0};
        const int r = reader_next(x.r, &x.s, &first);
        assert_int_equal(reader_next(y.r, &y.s, &second), r);
        assert_string_equal(first.text, second.text);
        assert_string_equal(first.place, second.place);
        if (r != 1)
            break;
        assert_same_rows(&x.s, &y.s, true);
        got++;
    }
    if (readable)
        same_notes(reader_notes(x.r), reader_notes(y.r));
    close_side(&x);
    close_side(&y);
    return got;
}

enum { BLOCKS = 3 };

static const int64_t begin_ms = 1162425900000, step_ms = 300000;

static struct buf some_blocks(uint64_t seed)
{
    struct pool_snapshot *v = smooth_series(seed, &kinds[0], MOST);
    struct pool_snapshot *all = calloc(BLOCKS * MOST, sizeof *all);
    struct buf b = {0};
    assert_non_null(all);
    for (unsigned i = 0; i < BLOCKS * MOST; i++) {
        assert_int_equal(pool_snapshot_copy(&all[i], &v[i % MOST], NULL), 0);
        all[i].time.ms = begin_ms + (int64_t)i * step_ms;
    }
    write_archive(all, BLOCKS * MOST, &b);
    free_series(all, BLOCKS * MOST);
    free_series(v, MOST);
    free(all);
    free(v);
    return b;
}

/* Of several blocks, with one thread and with more; whole, cut, damaged, and with
 * something behind. */
static void archives_by_threads(void **state)
{
    (void)state;
    struct buf b = some_blocks(300), more = {0};
    struct dice d = {17};
    for (size_t threads = 1; threads < 4; threads++)
        assert_int_equal(assert_same_archive(&b, false, threads), BLOCKS * MOST);
    assert_int_equal(buf_append(&more, b.p, b.n, NULL), 0);
    assert_int_equal(buf_append(&more, "behind", 6, NULL), 0);
    assert_int_equal(assert_same_archive(&more, false, 2), BLOCKS * MOST);
    for (unsigned i = 0; i < 24; i++) {
        uint8_t *p = &b.p[16 + roll(&d, b.n - 16)], was = *p;
        const struct buf cut = {.p = b.p, .n = i % 4 == 0 ? roll(&d, b.n) : b.n};
        *p ^= (uint8_t)(1 + roll(&d, 255));
        (void)assert_same_archive(&cut, i % 3 == 0, 2);
        *p = was;
    }
    buf_free(&b);
    buf_free(&more);
}

/* How many threads there are, 0 where the system does not say. */
static unsigned threads_now(void)
{
    DIR *d = opendir("/proc/self/task");
    unsigned n = 0;
    while (d != NULL && readdir(d) != NULL)
        n++;
    if (d != NULL)
        (void)closedir(d);
    return n;
}

/* One to unpack and one to unroll, however many blocks there are. */
static void no_more_threads_than_asked_for(void **state)
{
    (void)state;
    struct buf b = some_blocks(301);
    struct side x = {0};
    const unsigned before = threads_now();
    unsigned got = 0;
    assert_true(open_side(&x, &b, true, false, 2, NULL));
    while (reader_next(x.r, &x.s, NULL) == 1)
        got++;
    assert_int_equal(got, BLOCKS * MOST);
    assert_in_range(threads_now(), before, before + 2);
    close_side(&x);
    buf_free(&b);
}

/* Three blocks, of which `bad` contradicts itself. */
static struct buf contradicting(struct dice *d, const struct buf *payload, size_t from,
                                unsigned bad, const char *behind)
{
    static const uint8_t magic[FRAME_MAGIC] = PSZ_MAGIC;
    const struct psz_block_facts facts = {.snapshots = MOST, .timed = true};
    struct psz_index ix = {0};
    struct buf all = {0}, frame = {0};
    assert_int_equal(frame_put_file_head(&all, magic, PSZ_MAJOR, PSZ_MINOR, NULL), 0);
    for (unsigned k = 0; k < BLOCKS; k++) {
        assert_int_equal(psz_index_add(&ix, all.n, &facts, NULL), 0);
        assert_int_equal(psz_index_add_host(&ix, "", NULL), 0);
        assert_int_equal(frame_begin(&frame, NULL), 0);
        assert_int_equal(buf_append(&frame, payload->p, payload->n, NULL), 0);
        for (int n = 0; k == bad && n < 40; n++)
            frame.p[FRAME_HEAD + from + roll(d, payload->n - from)] ^= 1;
        assert_int_equal(frame_finish(&frame, PSZ_FRAME_BLOCK, k, NULL), 0);
        assert_int_equal(buf_append(&all, frame.p, frame.n, NULL), 0);
        ix.snapshots += MOST;
    }
    assert_int_equal(psz_frame_end(&ix, BLOCKS, &frame, NULL), 0);
    assert_int_equal(buf_append(&all, frame.p, frame.n, NULL), 0);
    assert_int_equal(buf_append(&all, behind, strlen(behind), NULL), 0);
    psz_index_free(&ix);
    buf_free(&frame);
    return all;
}

/* A block that is whole but breaks off in contradictions, while the one behind it, and
 * what follows the end mark, were looked at already. */
static void broken_blocks_by_threads(void **state)
{
    (void)state;
    struct pool_snapshot *v = smooth_series(301, &kinds[0], MOST);
    struct buf b = packed(v, MOST);
    size_t at[PSZ_STREAMS];
    struct buf plain = stored(&b, at);
    struct dice d = {18};
    for (unsigned i = 0; i < 16; i++) {
        struct buf all = contradicting(&d, &plain, at[PSZ_FLAGS], (unsigned)roll(&d, 4),
                                       i % 2 == 0 ? "behind" : "");
        (void)assert_same_archive(&all, i % 5 == 0, 2);
        buf_free(&all);
    }
    free_series(v, MOST);
    free(v);
    buf_free(&b);
    buf_free(&plain);
}

/* ---- windows ---- */

/* All captures come in their order, those inside the window whole; returns how many came
 * without rows. */
static unsigned assert_window(const struct buf *b, const struct window *w, bool chained,
                              size_t threads)
{
    struct side x = {0}, y = {0};
    unsigned empty = 0;
    assert_true(open_side(&x, b, false, false, 1, NULL));
    assert_true(open_side(&y, b, chained, false, threads, w));
    for (;;) {
        const int r = reader_next(x.r, &x.s, NULL);
        assert_int_equal(reader_next(y.r, &y.s, NULL), r);
        if (r != 1)
            break;
        assert_int_equal(x.s.time.ms, y.s.time.ms);
        same_text(&x.s, x.s.source, &y.s, y.s.source);
        if (inside(w, &x.s.time) || y.s.n_rows > 0)
            assert_same_rows(&x.s, &y.s, true);
        else
            empty += x.s.n_rows > 0;
    }
    close_side(&x);
    close_side(&y);
    return empty;
}

static void blocks_outside_a_window(void **state)
{
    (void)state;
    struct buf b = some_blocks(302);
    for (unsigned i = 0; i < 8; i++) {
        const bool chained = i % 2 == 0;
        const size_t threads = 1 + i / 2 % 2;
        const int64_t block = MOST * step_ms;
        struct window w = {begin_ms + block, begin_ms + 2 * block - 1};
        assert_int_equal(assert_window(&b, &w, chained, threads), 2 * MOST);
        w = (struct window){begin_ms + block - step_ms, begin_ms + block};
        assert_int_equal(assert_window(&b, &w, chained, threads), MOST);
        w = (struct window){begin_ms + block / 2, begin_ms + 2 * block + block / 2};
        assert_int_equal(assert_window(&b, &w, chained, threads), 0);
        w = (struct window){0, begin_ms - 1};
        assert_int_equal(assert_window(&b, &w, chained, threads), BLOCKS * MOST);
    }
    buf_free(&b);
}

/* Nobody looks into a block that is not wanted, so whatever its rows say is nobody's
 * matter; the next one is as it is. */
static void a_broken_block_outside_a_window(void **state)
{
    (void)state;
    struct pool_snapshot *v = smooth_series(303, &kinds[0], MOST);
    struct buf b = packed(v, MOST);
    size_t at[PSZ_STREAMS];
    struct buf plain = stored(&b, at);
    struct dice d = {19};
    struct buf all = contradicting(&d, &plain, at[PSZ_FLAGS], 1, "");
    const struct window none = {0, 0};
    for (size_t threads = 1; threads < 3; threads++) {
        struct side x = {0}, y = {0};
        unsigned n = 0;
        assert_true(open_side(&x, &all, true, false, threads, &none));
        while (reader_next(x.r, &x.s, NULL) == 1)
            n++;
        assert_int_equal(n, BLOCKS * MOST);
        assert_true(open_side(&y, &all, true, false, threads, NULL));
        for (n = 0; reader_next(y.r, &y.s, NULL) == 1;)
            n++;
        assert_in_range(n, MOST, 2 * MOST - 1);
        close_side(&x);
        close_side(&y);
    }
    free_series(v, MOST);
    free(v);
    buf_free(&b);
    buf_free(&plain);
    buf_free(&all);
}

/* All captures come, or what reading without a window gives and says. */
static void assert_all_or_the_same(const struct buf *b, size_t threads)
{
    const struct window none = {0, 0};
    struct side x = {0}, y = {0};
    struct err first = {0}, second = {0};
    unsigned n = 0, m = 0;
    int r, q;
    assert_true(open_side(&x, b, true, false, 1, NULL));
    assert_true(open_side(&y, b, true, false, threads, &none));
    while ((r = reader_next(x.r, &x.s, &first)) == 1)
        n++;
    while ((q = reader_next(y.r, &y.s, &second)) == 1)
        m++;
    if (q != 0 || m != BLOCKS * MOST) {
        assert_int_equal(r, q);
        assert_int_equal(n, m);
        assert_string_equal(first.text, second.text);
        assert_string_equal(first.place, second.place);
    }
    close_side(&x);
    close_side(&y);
}

/* Heads that do not end where they should, or say what they cannot, are no reason to
 * leave a block out. */
static void broken_heads_outside_a_window(void **state)
{
    (void)state;
    struct pool_snapshot *v = smooth_series(304, &kinds[0], MOST);
    struct buf b = packed(v, MOST);
    size_t at[PSZ_STREAMS];
    struct buf plain = stored(&b, at), heads = {.p = plain.p, .n = at[PSZ_TOTALS]};
    struct dice d = {20};
    for (unsigned i = 0; i < 30; i++) {
        struct buf c = {0};
        assert_int_equal(buf_append(&c, plain.p, plain.n, NULL), 0);
        for (uint64_t n = 1 + roll(&d, 2); n > 0; n--)
            c.p[at[PSZ_HEADS] + roll(&d, heads.n - at[PSZ_HEADS])] ^=
                (uint8_t)(1 + roll(&d, 255));
        struct buf all = contradicting(&d, &c, at[PSZ_HEADS], BLOCKS, "");
        assert_all_or_the_same(&all, 1 + i % 2);
        buf_free(&all);
        buf_free(&c);
    }
    free_series(v, MOST);
    free(v);
    buf_free(&b);
    buf_free(&plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(archives_by_threads),
        cmocka_unit_test(no_more_threads_than_asked_for),
        cmocka_unit_test(broken_blocks_by_threads),
        cmocka_unit_test(blocks_outside_a_window),
        cmocka_unit_test(a_broken_block_outside_a_window),
        cmocka_unit_test(broken_heads_outside_a_window),
    };
    return cmocka_run_group_tests_name("archives read ahead", tests, NULL, NULL);
}
