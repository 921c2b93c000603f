/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "formats/frame.h"
#include "formats/psz/columns.h"
#include "formats/psz/decoder.h"
#include "psz_samples.h"

static struct pool_snapshot *series(uint64_t seed, unsigned n, unsigned odd)
{
    struct dice d = {seed};
    struct pool_snapshot *v = calloc(n, sizeof *v);
    assert_non_null(v);
    sample_series(&d, v, n, odd);
    return v;
}

/* Every field of every snapshot comes back, whatever it is. */
static void round_trips(void **state)
{
    (void)state;
    static const struct {
        uint64_t seed;
        unsigned n, odd;
    } cases[] = {{1, 1, 0},    {2, 30, 0},  {3, 30, 10},
                 {4, 30, 100}, {5, 600, 2}, {6, 300, 60}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pool_snapshot *v = series(cases[i].seed, cases[i].n, cases[i].odd);
        struct buf b = {0}, again = {0};
        uint64_t seen[NOTE_CODES];
        unsigned got;
        struct err e = {0};
        write_archive(v, cases[i].n, &b);
        write_archive(v, cases[i].n, &again);
        assert_int_equal(b.n, again.n);
        assert_memory_equal(b.p, again.p, b.n);
        for (size_t block = 0; block < 2; block++) {
            assert_int_equal(
                read_archive(b.p, b.n, block, false, v, cases[i].n, &got, seen, &e), 0);
            assert_int_equal(got, cases[i].n);
        }
        buf_free(&b);
        buf_free(&again);
        free_series(v, cases[i].n);
        free(v);
    }
}

static void nothing_at_all(void **state)
{
    (void)state;
    struct buf b = {0};
    uint64_t seen[NOTE_CODES];
    unsigned got;
    struct err e = {0};
    write_archive(NULL, 0, &b);
    assert_true(b.n < 64);
    assert_int_equal(read_archive(b.p, b.n, 0, false, NULL, 0, &got, seen, &e), 0);
    assert_int_equal(got, 0);
    buf_free(&b);
}

/* A quiet series costs next to nothing a snapshot: names, times and heads are predicted.
 */
static void regular_series_is_small(void **state)
{
    (void)state;
    struct pool_snapshot *v = series(7, 1, 0);
    struct pool_snapshot s = {0};
    struct buf one = {0}, many = {0};
    struct sink *sink;
    void *ctx;
    write_archive(v, 1, &one);
    assert_int_equal(sink_memory(&sink, &many, NULL), 0);
    assert_int_equal(psz_writer.begin(&ctx, sink, &(struct writer_opts){0}, NULL), 0);
    for (unsigned i = 0; i < 250; i++) {
        struct dice d = {9};
        assert_int_equal(pool_snapshot_copy(&s, &v[0], NULL), 0);
        sample_head(&d, &s, i % 24, 0);
        s.time.ms = v[0].time.ms + (int64_t)i * 3600000;
        char name[64];
        (void)snprintf(name, sizeof name, "pool_200611%02u_%02u0500.txt", 2 + i / 24,
                       i % 24);
        s.source = sample_text(&s, name);
        assert_int_equal(psz_writer.snapshot(ctx, &s, NULL), 0);
    }
    assert_int_equal(psz_writer.end(ctx, NULL), 0);
    psz_writer.close(ctx);
    assert_int_equal(sink_close(sink, NULL), 0);
    assert_in_range(many.n, one.n, one.n + 200);
    pool_snapshot_free(&s);
    free_series(v, 1);
    free(v);
    buf_free(&one);
    buf_free(&many);
}

/* Cutting varints in eights is cutting them one by one. */
static size_t one_by_one(const uint8_t *p, size_t size, size_t n, bool residuals,
                         bool *bad)
{
    size_t at = 0;
    for (; n > 0 && at < size; n--) {
        bool raw = residuals && p[at] == 1;
        for (int k = 0; k <= raw; k++) {
            while (at < size && p[at] >= 0x80)
                at++;
            at += at < size;
        }
    }
    *bad = n > 0;
    return at;
}

static void varints_in_eights(void **state)
{
    (void)state;
    struct dice d = {61};
    for (unsigned i = 0; i < 60000; i++) {
        uint8_t p[96];
        size_t size = roll(&d, sizeof p), n = roll(&d, 60);
        unsigned kind = (unsigned)roll(&d, 4);
        for (size_t k = 0; k < size; k++)
            p[k] = (uint8_t)(kind == 0   ? roll(&d, 256)
                             : kind == 1 ? roll(&d, 3)
                             : kind == 2 ? 2 + roll(&d, 100)
                                         : 0x7f + roll(&d, 3));
        for (int residuals = 0; residuals < 2; residuals++) {
            struct psz_stream_in in = {.p = p, .end = p + size}, front;
            bool bad;
            size_t want = one_by_one(p, size, n, residuals, &bad);
            front = psz_cut_varints(&in, n, residuals);
            assert_ptr_equal(in.p, p + want);
            assert_int_equal(in.bad, bad);
            assert_true(front.p == p && front.end == in.p);
        }
    }
}

/* As poolmon sorts its rows. */
static int larger_first(const void *va, const void *vb)
{
    const struct pool_row *a = va, *b = vb;
    if (a->bytes != b->bytes)
        return a->bytes > b->bytes ? -1 : 1;
    int c = tag_compare(a->tag, b->tag);
    return c != 0 ? c : a->pool - b->pool;
}

/* From the middle of a block on: the same as after all that stands before. */
static void middle_of_a_block(void **state)
{
    (void)state;
    static const unsigned counts[] = {1, 2, 9, 70};
    for (unsigned kind = 0; kind < 4; kind++)
        for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
            const unsigned n = counts[c], odd = kind < 3 ? 5 * kind : 0;
            struct pool_snapshot *v = series(41 + odd, n, odd), s = {0};
            struct psz_encoder *enc;
            struct psz_decoder *dec;
            struct buf b = {0};
            const struct limits limits = LIMITS_DEFAULT;
            for (unsigned i = 0; i < n && odd == 0; i++) {
                qsort(v[i].rows, v[i].n_rows, sizeof *v[i].rows, larger_first);
                for (size_t k = 0; k < v[i].n_rows; k++)
                    v[i].rows[k].line = 6 + k;
                if (kind == 3) /* two hosts by turns */
                    v[i].host = sample_text(&v[i], i % 3 == 0 ? "web01" : "db-2");
            }
            assert_int_equal(psz_encoder_new(&enc, NULL), 0);
            assert_int_equal(psz_decoder_new(&dec, &limits, NULL), 0);
            for (unsigned i = 0; i < n; i++)
                assert_int_equal(psz_encode(enc, &v[i], NULL), 0);
            assert_int_equal(psz_encode_finish(enc, &b, NULL), 0);
            for (unsigned at = 0; at <= n; at++) {
                struct err e = {0};
                assert_int_equal(psz_decode_at(dec, b.p, b.n, at, &e), 0);
                for (unsigned i = at; i < n; i++) {
                    assert_int_equal(psz_decode_next(dec, &s, &e), 1);
                    same_snapshot(&v[i], &s);
                }
                assert_int_equal(psz_decode_next(dec, &s, &e), 0);
            }
            psz_encoder_free(enc);
            psz_decoder_free(dec);
            buf_free(&b);
            pool_snapshot_free(&s);
            free_series(v, n);
            free(v);
        }
}

/* Rows sorted as poolmon sorts them need no permutation. */
static void sorted_orders_are_free(void **state)
{
    (void)state;
    enum { N = 40 };
    struct pool_snapshot *v = series(11, N, 0);
    struct buf sorted = {0}, shuffled = {0};
    struct dice d = {12};
    uint64_t seen[NOTE_CODES];
    unsigned got;
    struct err e = {0};
    for (unsigned i = 0; i < N; i++)
        for (size_t k = v[i].n_rows; k > 1; k--) {
            size_t j = roll(&d, k);
            struct pool_row swap = v[i].rows[j];
            v[i].rows[j] = v[i].rows[k - 1];
            v[i].rows[k - 1] = swap;
        }
    for (unsigned i = 0; i < N; i++)
        for (size_t k = 0; k < v[i].n_rows; k++)
            v[i].rows[k].line = 6 + k;
    write_archive(v, N, &shuffled);
    assert_int_equal(read_archive(shuffled.p, shuffled.n, 0, false, v, N, &got, seen, &e),
                     0);
    size_t rows = 0;
    for (unsigned i = 0; i < N; i++) {
        rows += v[i].n_rows;
        qsort(v[i].rows, v[i].n_rows, sizeof *v[i].rows, larger_first);
        for (size_t k = 0; k < v[i].n_rows; k++)
            v[i].rows[k].line = 6 + k;
    }
    write_archive(v, N, &sorted);
    assert_int_equal(read_archive(sorted.p, sorted.n, 0, false, v, N, &got, seen, &e), 0);
    assert_int_equal(got, N);
    assert_true(sorted.n + rows / 2 < shuffled.n);
    free_series(v, N);
    free(v);
    buf_free(&sorted);
    buf_free(&shuffled);
}

/* ---- damage ---- */

struct archive {
    struct pool_snapshot *v;
    unsigned n;
    struct buf b;
};

/* 300 snapshots make two blocks; small ones, so that every byte can be tried. */
static void small_archive(struct archive *a, unsigned n)
{
    a->n = n;
    a->v = calloc(n, sizeof *a->v);
    a->b = (struct buf){0};
    assert_non_null(a->v);
    for (unsigned i = 0; i < n; i++)
        sample_small(&a->v[i], i);
    write_archive(a->v, n, &a->b);
}

static void free_archive(struct archive *a)
{
    free_series(a->v, a->n);
    free(a->v);
    buf_free(&a->b);
}

static void cut_everywhere(void **state)
{
    (void)state;
    struct archive a;
    small_archive(&a, 300);
    unsigned most = 0;
    for (size_t n = 0; n < a.b.n; n++) {
        struct err e = {0};
        uint64_t seen[NOTE_CODES];
        unsigned got;
        assert_int_equal(read_archive(a.b.p, n, 0, false, a.v, a.n, &got, seen, &e),
                         ERR_FORMAT);
        assert_true(got == 0 || got == 256 || got == 300);
        assert_non_null(strstr(e.place, "x.psz: "));
        assert_true(e.hint[0] != '\0');
        if (n % 5 != 0 && n + 5 < a.b.n)
            continue;
        struct err none = {0};
        assert_int_equal(read_archive(a.b.p, n, 0, true, a.v, a.n, &got, seen, &none), 0);
        assert_true(got == 0 || got == 256 || got == 300);
        assert_true(got >= most);
        assert_true(seen[NOTE_NO_END_MARK] == 1);
        most = got;
    }
    assert_int_equal(most, 300);
    free_archive(&a);
}

static void one_byte_changed(void **state)
{
    (void)state;
    struct archive a;
    small_archive(&a, 300);
    unsigned least = 300;
    for (size_t i = 0; i < a.b.n; i++)
        for (unsigned x = 1 + (unsigned)i % 3; x < 256; x += 126) {
            struct err e = {0};
            uint64_t seen[NOTE_CODES];
            unsigned got;
            a.b.p[i] ^= (uint8_t)x;
            assert_int_equal(
                read_archive(a.b.p, a.b.n, 0, false, a.v, a.n, &got, seen, &e),
                i >= 8 && i < 10 && e.code == ERR_UNSUPPORTED ? ERR_UNSUPPORTED
                                                              : ERR_FORMAT);
            a.b.p[i] ^= (uint8_t)x;
        }
    for (size_t i = 0; i < a.b.n; i++) {
        struct err e = {0};
        uint64_t seen[NOTE_CODES];
        unsigned got;
        a.b.p[i] ^= 0x41;
        assert_int_equal(read_archive(a.b.p, a.b.n, 0, true, a.v, a.n, &got, seen, &e),
                         0);
        assert_true(got == 44 || got == 256 || got == 300);
        assert_true(seen[NOTE_BLOCK_LOST] + seen[NOTE_NO_END_MARK] > 0);
        least = got < least ? got : least;
        a.b.p[i] ^= 0x41;
    }
    assert_int_equal(least, 44);
    free_archive(&a);
}

/* Bytes that follow the end mark are no reason to refuse what stands before it. */
static void rubbish_behind(void **state)
{
    (void)state;
    struct archive a;
    small_archive(&a, 20);
    assert_int_equal(buf_append(&a.b, "\r\n-- \r\nsent from a mailbox\0\0", 28, NULL), 0);
    struct err e = {0};
    uint64_t seen[NOTE_CODES];
    unsigned got;
    assert_int_equal(read_archive(a.b.p, a.b.n, 0, false, a.v, a.n, &got, seen, &e), 0);
    assert_int_equal(got, 20);
    assert_int_equal(seen[NOTE_TAIL_IGNORED], 1);
    free_archive(&a);
}

/* Whatever a payload claims, the decoder ends with an answer and never with a row that
 * breaks an invariant: its check sums are right, so only its own checks stand. */
static void hostile_payloads(void **state)
{
    (void)state;
    struct pool_snapshot *v = series(21, 12, 20);
    struct psz_encoder *enc;
    struct psz_decoder *dec;
    struct buf b = {0};
    struct dice d = {22};
    const struct limits limits = LIMITS_DEFAULT;
    struct pool_snapshot s = {0};
    unsigned refused = 0;
    assert_int_equal(psz_encoder_new(&enc, NULL), 0);
    assert_int_equal(psz_decoder_new(&dec, &limits, NULL), 0);
    for (unsigned i = 0; i < 12; i++)
        assert_int_equal(psz_encode(enc, &v[i], NULL), 0);
    assert_int_equal(psz_encode_finish(enc, &b, NULL), 0);
    for (unsigned i = 0; i < 6000; i++) {
        size_t at = i < 2000 ? roll(&d, 60) : roll(&d, b.n);
        uint8_t was = b.p[at];
        b.p[at] = (uint8_t)roll(&d, 256);
        size_t n = i % 5 == 0 ? roll(&d, b.n) : b.n;
        struct err e = {0};
        int r = psz_decode_open(dec, b.p, n, &e);
        while (r >= 0 && (r = psz_decode_next(dec, &s, &e)) > 0)
            assert_null(pool_snapshot_valid(&s));
        if (r < 0) {
            assert_true(r == ERR_FORMAT || r == ERR_LIMIT);
            refused++;
        }
        b.p[at] = was;
    }
    assert_true(refused > 5000);
    psz_encoder_free(enc);
    psz_decoder_free(dec);
    buf_free(&b);
    pool_snapshot_free(&s);
    free_series(v, 12);
    free(v);
}

/* A newer archive is refused in words; frames that may be passed over are. */
static void other_versions(void **state)
{
    (void)state;
    static const uint8_t magic[FRAME_MAGIC] = {0x89, 'P',  'S',  'Z',
                                               '\r', '\n', 0x1a, '\n'};
    static const struct {
        uint16_t major;
        uint8_t type;
        int want;
    } cases[] = {
        {2, 0, ERR_UNSUPPORTED}, {1, 7, ERR_UNSUPPORTED}, {1, 128, 0}, {1, 255, 0}};
    struct archive a;
    small_archive(&a, 5);
    for (size_t i = 0; i < 4; i++) {
        struct buf b = {0}, f = {0};
        struct err e = {0};
        uint64_t seen[NOTE_CODES];
        unsigned got;
        assert_int_equal(frame_put_file_head(&b, magic, cases[i].major, 9, NULL), 0);
        assert_int_equal(buf_append(&b, a.b.p + 16, a.b.n - 16, NULL), 0);
        assert_int_equal(frame_begin(&f, NULL), 0);
        assert_int_equal(frame_finish(&f, cases[i].type, 2, NULL), 0);
        assert_int_equal(buf_append(&b, f.p, f.n, NULL), 0);
        assert_int_equal(read_archive(b.p, b.n, 0, false, a.v, a.n, &got, seen, &e),
                         cases[i].want);
        assert_int_equal(got, cases[i].major == 1 ? 5 : 0);
        buf_free(&b);
        buf_free(&f);
    }
    free_archive(&a);
}

static void invalid_snapshots_are_refused(void **state)
{
    (void)state;
    struct pool_snapshot s = {.uptime_s = -1};
    struct psz_encoder *enc;
    struct err e = {0};
    pool_snapshot_add(&s, NULL)->allocs = 3; /* a figure without its bit */
    assert_int_equal(psz_encoder_new(&enc, NULL), 0);
    assert_int_equal(psz_encode(enc, &s, &e), ERR_BUG);
    psz_encoder_free(enc);
    pool_snapshot_free(&s);
}

/* A block knows nothing of the one before it: its bytes are those that an encoder gives
 * that has packed nothing else. */
static void blocks_stand_alone(void **state)
{
    (void)state;
    for (unsigned odd = 0; odd <= 60; odd += 30) {
        struct pool_snapshot *a = series(51, 20, odd), *b = series(52, 9, odd);
        struct psz_encoder *used, *fresh;
        struct buf first = {0}, second = {0}, alone = {0};
        assert_int_equal(psz_encoder_new(&used, NULL), 0);
        assert_int_equal(psz_encoder_new(&fresh, NULL), 0);
        for (unsigned i = 0; i < 20; i++)
            assert_int_equal(psz_encode(used, &a[i], NULL), 0);
        assert_int_equal(psz_encode_finish(used, &first, NULL), 0);
        for (unsigned i = 0; i < 9; i++) {
            assert_int_equal(psz_encode(used, &b[i], NULL), 0);
            assert_int_equal(psz_encode(fresh, &b[i], NULL), 0);
        }
        assert_int_equal(psz_encode_finish(used, &second, NULL), 0);
        assert_int_equal(psz_encode_finish(fresh, &alone, NULL), 0);
        assert_int_equal(second.n, alone.n);
        assert_memory_equal(second.p, alone.p, alone.n);
        psz_encoder_free(used);
        psz_encoder_free(fresh);
        buf_free(&first);
        buf_free(&second);
        buf_free(&alone);
        free_series(a, 20);
        free_series(b, 9);
        free(a);
        free(b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trips),
        cmocka_unit_test(nothing_at_all),
        cmocka_unit_test(regular_series_is_small),
        cmocka_unit_test(sorted_orders_are_free),
        cmocka_unit_test(varints_in_eights),
        cmocka_unit_test(middle_of_a_block),
        cmocka_unit_test(cut_everywhere),
        cmocka_unit_test(one_byte_changed),
        cmocka_unit_test(rubbish_behind),
        cmocka_unit_test(hostile_payloads),
        cmocka_unit_test(other_versions),
        cmocka_unit_test(invalid_snapshots_are_refused),
        cmocka_unit_test(blocks_stand_alone),
    };
    return cmocka_run_group_tests_name("psz", tests, NULL, NULL);
}
