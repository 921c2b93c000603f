/* SPDX-License-Identifier: MIT */
/* Blocks and links with sound check sums that hold less than they promise, or promise
 * more than a reader takes: each is refused in words, whichever of their streams it is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "formats/psz/link.h"
#include "psz_smooth.h"

enum { N = 5, NUMBERS = 5 }; /* in front of a block's directory */

/* ---- blocks ---- */

/* A block taken apart; the streams are those of `b`, which must stay. */
struct parts {
    uint64_t head[NUMBERS]; /* snapshots, rows listed, rows, fields, form */
    const uint8_t *p[PSZ_STREAMS];
    size_t n[PSZ_STREAMS];
};

static struct parts parts_of(const struct buf *b)
{
    struct parts x = {{0}, {NULL}, {0}};
    struct psz_stream_in in = {.p = b->p, .end = b->p + b->n};
    for (int i = 0; i < NUMBERS; i++)
        x.head[i] = psz_get(&in);
    assert_int_equal(psz_get(&in), PSZ_STREAMS);
    for (int i = 0; i < PSZ_STREAMS; i++) {
        x.n[i] = (size_t)psz_get(&in);
        assert_int_equal(psz_get(&in), x.n[i]); /* they are stored */
    }
    for (int i = 0; i < PSZ_STREAMS; i++)
        x.p[i] = psz_get_bytes(&in, x.n[i]);
    assert_true(psz_at_end(&in));
    return x;
}

static struct buf joined(const struct parts *x)
{
    struct buf b = {0};
    for (int i = 0; i < NUMBERS; i++)
        assert_int_equal(buf_varint(&b, x->head[i], NULL), 0);
    assert_int_equal(buf_varint(&b, PSZ_STREAMS, NULL), 0);
    for (int i = 0; i < PSZ_STREAMS; i++)
        for (int k = 0; k < 2; k++)
            assert_int_equal(buf_varint(&b, x->n[i], NULL), 0);
    for (int i = 0; i < PSZ_STREAMS; i++)
        assert_int_equal(buf_append(&b, x->p[i], x->n[i], NULL), 0);
    return b;
}

/* Reads a block to its end: how that ended, and how many captures came before. */
static int read_block(const struct buf *b, unsigned *captures, struct err *e)
{
    struct psz_decoder *dec;
    struct pool_snapshot s = {0};
    *captures = 0;
    assert_int_equal(psz_decoder_new(&dec, &limits, NULL), 0);
    int r = psz_decode_open(dec, b->p, b->n, e);
    while (r == 0 && (r = psz_decode_next(dec, &s, e)) == 1) {
        ++*captures;
        r = 0;
        if (*captures > N)
            break;
    }
    psz_decoder_free(dec);
    pool_snapshot_free(&s);
    return r;
}

static struct buf stored_block(const struct pool_snapshot *v, unsigned n)
{
    size_t at[PSZ_STREAMS];
    struct buf small = packed(v, n), b = stored(&small, at);
    buf_free(&small);
    return b;
}

/* Nothing stands in a block that could be missing, but what few rows have. */
static void every_stream_is_needed(void **state)
{
    (void)state;
    struct pool_snapshot v[N] = {0};
    struct dice d = {9};
    unsigned captures, tried = 0;
    sample_series(&d, v, N, 40);
    struct buf b = stored_block(v, N);
    const struct parts whole = parts_of(&b);
    for (int i = 0; i < PSZ_STREAMS; i++)
        for (size_t n = i == PSZ_RARE; n < whole.n[i]; n++, tried++) {
            struct parts x = whole;
            struct err e = {0};
            x.n[i] = n;
            struct buf less = joined(&x);
            if (read_block(&less, &captures, &e) != ERR_FORMAT || e.code != ERR_FORMAT)
                fail_msg("stream %d of %zu bytes: %d %s", i, n, e.code, e.text);
            buf_free(&less);
        }
    assert_true(tried > 1000);
    buf_free(&b);
    free_series(v, N);
}

/* Streams that each could be, and together are more than anybody wrote. */
static void streams_too_large_together(void **state)
{
    (void)state;
    const uint64_t small = PSZ_RAW_MAX / 1032 + 1;
    uint8_t *zeros = calloc(2, (size_t)small);
    struct buf b = {0};
    struct err e = {0};
    unsigned captures;
    assert_non_null(zeros);
    for (int i = 0; i < NUMBERS; i++)
        assert_int_equal(buf_varint(&b, i == 0, NULL), 0);
    assert_int_equal(buf_varint(&b, PSZ_STREAMS, NULL), 0);
    for (int i = 0; i < PSZ_STREAMS; i++) {
        assert_int_equal(buf_varint(&b, i < 2 ? PSZ_RAW_MAX : 0, NULL), 0);
        assert_int_equal(buf_varint(&b, i < 2 ? small : 0, NULL), 0);
    }
    assert_int_equal(buf_append(&b, zeros, 2 * (size_t)small, NULL), 0);
    assert_int_equal(read_block(&b, &captures, &e), ERR_LIMIT);
    assert_string_equal(e.text, "a block of 268435456 bytes unpacked");
    buf_free(&b);
    free(zeros);
}

/* More rows than limits allow, whoever unpacks the block that goes beyond. */
static void rows_of_a_whole_archive(void **state)
{
    (void)state;
    enum { ROWS = 3, MORE = MOST + 1, TEXT_OF_A_ROW = 64 };
    struct pool_snapshot *v = calloc(MORE, sizeof *v);
    struct buf b = {0};
    assert_non_null(v);
    for (unsigned i = 0; i < MORE; i++)
        sample_small(&v[i], i);
    write_archive(v, MORE, &b);
    for (size_t threads = 1; threads < 3; threads++)
        for (unsigned rows = MORE * ROWS - 1; rows <= MORE * ROWS; rows++) {
            struct reader_opts o = {.threads = threads, .limits = limits};
            struct pool_snapshot s = {0};
            struct input_raw raw;
            struct input *in;
            void *ctx = NULL;
            struct err e = {0};
            unsigned captures = 0;
            o.limits.inflated_bytes = (uint64_t)rows * TEXT_OF_A_ROW;
            assert_int_equal(input_raw_memory(&raw, b.p, b.n, 0, NULL), 0);
            assert_int_equal(input_open(&in, "x.psz", raw, &limits, NULL), 0);
            assert_int_equal(psz_binary_format.open(&ctx, in, &o, &e), 0);
            int r;
            while ((r = psz_binary_format.next(ctx, &s, &e)) == 1)
                captures++;
            const bool enough = rows == MORE * ROWS;
            assert_int_equal(r, enough ? 0 : ERR_LIMIT);
            assert_int_equal(captures, enough ? MORE : MOST);
            assert_string_equal(e.text,
                                enough ? "" : "more than 770 rows in one archive");
            psz_binary_format.close(ctx);
            input_close(in);
            pool_snapshot_free(&s);
        }
    buf_free(&b);
    free_series(v, MORE);
    free(v);
}

/* ---- links ---- */

/* What stands in front of a link's streams. */
enum { ROWS, FRESH, FIELDS, FORM, CLAIMS };

struct link_parts {
    uint64_t claims[CLAIMS];
    const uint8_t *p[PSZ_STREAMS];
    size_t n[PSZ_STREAMS];
};

/* Of the body that psz_link_write has just packed. */
static struct link_parts link_parts_of(const struct buf *body)
{
    struct link_parts x = {{0}, {NULL}, {0}};
    struct psz_stream_in in = {.p = body->p, .end = body->p + body->n};
    for (int i = 0; i < CLAIMS; i++)
        x.claims[i] = psz_get(&in);
    for (int i = 0; i < PSZ_STREAMS; i++)
        x.n[i] = (size_t)psz_get(&in);
    for (int i = 0; i < PSZ_STREAMS; i++)
        x.p[i] = psz_get_bytes(&in, x.n[i]);
    assert_true(psz_at_end(&in));
    return x;
}

static int read_link(const struct link_parts *x, const struct pool_snapshot *before,
                     size_t rows_most, struct err *e)
{
    struct limits few = LIMITS_DEFAULT;
    struct psz_link l = {0};
    struct pool_snapshot s = {0};
    struct buf body = {0}, b = {0};
    few.snapshot_rows = rows_most;
    for (int i = 0; i < CLAIMS; i++)
        assert_int_equal(buf_varint(&body, x->claims[i], NULL), 0);
    for (int i = 0; i < PSZ_STREAMS; i++)
        assert_int_equal(buf_varint(&body, x->n[i], NULL), 0);
    for (int i = 0; i < PSZ_STREAMS; i++)
        if (x->n[i] > 0)
            assert_int_equal(buf_append(&body, x->p[i], x->n[i], NULL), 0);
    assert_int_equal(buf_varint(&b, body.n, NULL), 0);
    assert_int_equal(buf_append(&b, body.p, body.n, NULL), 0);
    const int r = psz_link_read(&l, before, b.p, b.n, &few, &s, e);
    psz_link_free(&l);
    pool_snapshot_free(&s);
    buf_free(&body);
    buf_free(&b);
    return r;
}

struct linked {
    struct pool_snapshot v[2];
    struct psz_link l;
    struct link_parts parts;
};

static void make_link(struct linked *x, const struct pool_snapshot *before,
                      const struct pool_snapshot *s)
{
    struct buf unused = {0};
    assert_int_equal(psz_link_write(&x->l, before, s, &unused, NULL), 0);
    x->parts = link_parts_of(&x->l.body);
    buf_free(&unused);
}

static void every_stream_of_a_link_is_needed(void **state)
{
    (void)state;
    for (int first = 0; first < 2; first++) {
        struct linked x = {.v = {{0}}};
        struct dice d = {5};
        unsigned tried = 0;
        do
            sample_series(&d, x.v, 2, 15);
        while (x.v[0].host != x.v[1].host || x.v[0].scope != x.v[1].scope ||
               x.v[0].session != x.v[1].session || x.v[0].record != x.v[1].record ||
               x.v[0].record != RECORD_CAPTURE);
        const struct pool_snapshot *before = first ? NULL : &x.v[0];
        make_link(&x, before, &x.v[1]);
        assert_int_equal(read_link(&x.parts, before, limits.snapshot_rows, NULL), 0);
        for (int i = 0; i < PSZ_STREAMS; i++)
            for (size_t n = 0; n < x.parts.n[i]; n++, tried++) {
                struct link_parts less = x.parts;
                struct err e = {0};
                less.n[i] = n;
                const int r = read_link(&less, before, limits.snapshot_rows, &e);
                if (r != ERR_FORMAT && (r != 0 || i != PSZ_RARE))
                    fail_msg("stream %d of %zu bytes: %d %s", i, n, e.code, e.text);
            }
        assert_true(tried > 100);
        psz_link_free(&x.l);
        free_series(x.v, 2);
    }
}

static void claims_of_a_link(void **state)
{
    (void)state;
    struct linked x = {.v = {{0}}};
    struct err e = {0};
    sample_small(&x.v[0], 1);
    x.v[0].rows[1].frees = 7;
    sample_derive(&x.v[0].rows[1]);
    make_link(&x, NULL, &x.v[0]);
    assert_int_equal(x.parts.claims[ROWS], 3);
    assert_int_equal(x.parts.claims[FRESH], 3);
    assert_int_equal(read_link(&x.parts, NULL, 3, &e), 0);
    assert_int_equal(read_link(&x.parts, NULL, 2, &e), ERR_LIMIT);
    assert_string_equal(e.text, "3 rows in one capture, more than the 2 allowed");

    struct link_parts other =
        x.parts; /* so many heads of tags, and nothing behind them */
    err_clear(&e);
    other.claims[FRESH] = other.n[PSZ_KEYS];
    assert_int_equal(read_link(&other, NULL, 100, &e), ERR_FORMAT);
    assert_non_null(strstr(e.text, "tags"));

    other = x.parts; /* counters beyond 32 bits that contradict one another */
    err_clear(&e);
    other.claims[FORM] = PSZ_FORM_LOOSE;
    assert_int_equal(read_link(&other, NULL, 3, &e), ERR_FORMAT);
    assert_non_null(strstr(e.text, "counters"));
    psz_link_free(&x.l);
    free_series(x.v, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_stream_is_needed),
        cmocka_unit_test(streams_too_large_together),
        cmocka_unit_test(rows_of_a_whole_archive),
        cmocka_unit_test(every_stream_of_a_link_is_needed),
        cmocka_unit_test(claims_of_a_link),
    };
    return cmocka_run_group_tests_name("psz promises", tests, NULL, NULL);
}
