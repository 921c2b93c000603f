/* SPDX-License-Identifier: MIT */
/* Blocks and links whose streams go on behind what was asked of them: nothing is left;
 * and heads of blocks that say what cannot be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/psz/link.h"
#include "tests/unit/psz_smooth.h"

enum { N = 6 };

static void put(struct buf *b, uint64_t v)
{
    assert_int_equal(buf_varint(b, v, NULL), 0);
}

/* ---- blocks ---- */

/* The block with its streams stored, and a byte behind stream `longer`. */
static struct buf longer_block(const struct buf *b, int longer)
{
    struct psz_decoder *dec;
    struct psz_stream_in in = {.p = b->p, .end = b->p + b->n};
    struct buf out = {0};
    assert_int_equal(psz_decoder_new(&dec, &limits, NULL), 0);
    assert_int_equal(psz_unpack(dec, b->p, b->n, UINT32_MAX, NULL), 0);
    for (int i = 0; i < 5; i++)
        put(&out, psz_get(&in));
    put(&out, PSZ_STREAMS);
    for (int i = 0; i < PSZ_STREAMS; i++)
        for (int k = 0; k < 2; k++)
            put(&out, dec->stream_n[i] + (size_t)(i == longer));
    for (int i = 0; i < PSZ_STREAMS; i++) {
        assert_int_equal(buf_append(&out, dec->stream[i], dec->stream_n[i], NULL), 0);
        if (i == longer)
            put(&out, 0);
    }
    psz_decoder_free(dec);
    return out;
}

static int read_block(const struct buf *b)
{
    struct psz_decoder *dec;
    struct pool_snapshot s = {.uptime_s = -1};
    assert_int_equal(psz_decoder_new(&dec, &limits, NULL), 0);
    int r = psz_decode_open(dec, b->p, b->n, NULL);
    while (r >= 0 && (r = psz_decode_next(dec, &s, NULL)) == 1)
        ;
    pool_snapshot_free(&s);
    psz_decoder_free(dec);
    return r;
}

static void blocks(void **state)
{
    (void)state;
    struct pool_snapshot v[N] = {0};
    struct dice d = {7};
    sample_series(&d, v, N, 10);
    struct buf b = packed(v, N);
    for (int i = -1; i < PSZ_STREAMS; i++) {
        struct buf longer = longer_block(&b, i);
        const int r = read_block(&longer);
        if (r != (i < 0 ? 0 : ERR_FORMAT))
            fail_msg("stream %d: %d", i, r);
        buf_free(&longer);
    }
    buf_free(&b);
    free_series(v, N);
}

/* Whatever a head says, rows are handed on in an order that there is. */
static void orders_that_no_rule_gives(void **state)
{
    (void)state;
    struct pool_snapshot *v = smooth_series(5, &kinds[0], MOST), s = {.uptime_s = -1};
    unsigned refused = 0;
    struct buf b = packed(v, 1);
    size_t at[PSZ_STREAMS];
    struct buf plain = stored(&b, at);
    for (size_t i = at[PSZ_HEADS]; i < at[PSZ_HEADS + 1]; i++)
        for (unsigned to = 0; to < 256; to++) {
            const uint8_t was = plain.p[i];
            struct psz_decoder *dec;
            struct err e = {0};
            plain.p[i] = (uint8_t)to;
            assert_int_equal(psz_decoder_new(&dec, &limits, NULL), 0);
            if (psz_decode_open(dec, plain.p, plain.n, &e) == 0 &&
                psz_decode_next(dec, &s, &e) == 1) {
                const uint64_t order = dec->lanes[0].v[VALUE_ORDER];
                assert_true(order < 2 * PSZ_DEPARTS && order % PSZ_DEPARTS < PSZ_RULES);
            }
            refused += strstr(e.text, "row orders") != NULL;
            psz_decoder_free(dec);
            plain.p[i] = was;
        }
    assert_true(refused > 0);
    pool_snapshot_free(&s);
    buf_free(&plain);
    buf_free(&b);
    free_series(v, MOST);
    free(v);
}

/* ---- links ---- */

/* The link with its streams stored, and a byte behind stream `longer`. */
static struct buf longer_link(const struct buf *body, int longer)
{
    struct psz_stream_in in = {.p = body->p, .end = body->p + body->n};
    struct buf all = {0}, out = {0};
    uint64_t length[PSZ_STREAMS];
    for (int i = 0; i < 4; i++)
        put(&all, psz_get(&in));
    for (int i = 0; i < PSZ_STREAMS; i++) {
        length[i] = psz_get(&in);
        put(&all, length[i] + (uint64_t)(i == longer));
    }
    for (int i = 0; i < PSZ_STREAMS; i++) {
        const uint8_t *p = psz_get_bytes(&in, length[i]);
        assert_non_null(p);
        assert_int_equal(buf_append(&all, p, length[i], NULL), 0);
        if (i == longer)
            put(&all, 0);
    }
    put(&out, all.n);
    assert_int_equal(buf_append(&out, all.p, all.n, NULL), 0);
    buf_free(&all);
    return out;
}

static void links(void **state)
{
    (void)state;
    struct pool_snapshot v[2] = {0}, got = {.uptime_s = -1};
    struct psz_link l = {0};
    struct buf b = {0}, body = {0};
    for (unsigned i = 0; i < 2; i++)
        sample_small(&v[i], i + 1);
    assert_int_equal(psz_link_write(&l, &v[0], &v[1], &b, NULL), 0);
    assert_int_equal(buf_append(&body, l.body.p, l.body.n, NULL), 0);
    for (int i = -1; i < PSZ_STREAMS; i++) {
        struct buf longer = longer_link(&body, i);
        const int r = psz_link_read(&l, &v[0], longer.p, longer.n, &limits, &got, NULL);
        if (r != (i < 0 ? 0 : ERR_FORMAT))
            fail_msg("stream %d: %d", i, r);
        buf_free(&longer);
    }
    buf_free(&b);
    buf_free(&body);
    psz_link_free(&l);
    pool_snapshot_free(&got);
    free_series(v, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks),
        cmocka_unit_test(orders_that_no_rule_gives),
        cmocka_unit_test(links),
    };
    return cmocka_run_group_tests_name("streams that go on", tests, NULL, NULL);
}
