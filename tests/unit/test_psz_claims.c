/* SPDX-License-Identifier: MIT */
/* What blocks and events claim in front of their bytes, each claim that cannot be alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "formats/psz/decoder.h"
#include "formats/psz/events.h"
#include "formats/psz/format.h"
#include "formats/psz/head.h"
#include "formats/psz/keys.h"
#include "psz_samples.h"

static const struct limits limits = LIMITS_DEFAULT;

/* ---- events ---- */

/* What psz_events_read says of a stream that begins with these numbers. */
static int events_of(const uint64_t *v, size_t n, size_t most, struct pool_snapshot *s)
{
    struct psz_texts texts = {0};
    struct psz_text_map map = {0};
    struct limits few = LIMITS_DEFAULT;
    struct buf b = {0};
    struct err e = {0};
    uint32_t code;
    few.snapshot_rows = most;
    assert_int_equal(psz_texts_put(&texts, "a-code", &code, NULL), 0);
    assert_int_equal(code, 1);
    assert_int_equal(psz_text_map_init(&map, &texts, NULL), 0);
    map.now = 1;
    for (size_t i = 0; i < n; i++)
        assert_int_equal(buf_varint(&b, v[i], NULL), 0);
    struct psz_stream_in in = {.p = b.p, .end = b.p + b.n};
    pool_snapshot_clear(s);
    s->record = RECORD_EVENTS;
    int r = psz_events_read(&in, &map, &few, s, &e);
    assert_int_equal(r, e.code);
    psz_text_map_free(&map);
    psz_texts_free(&texts);
    buf_free(&b);
    return r;
}

static void events_that_cannot_be(void **state)
{
    (void)state;
    struct pool_snapshot s = {0};
    /* how many; then of each: time, line, count - 1, code, text */
    const uint64_t two[] = {2, 20, 0, 4, 1, 0, 3, 0, 0, 1, 1};
    assert_int_equal(events_of(two, 11, 10, &s), 0);
    assert_int_equal(s.n_events, 2);
    assert_int_equal(s.events[0].ms, 10);
    assert_int_equal(s.events[1].ms, 8);
    assert_int_equal(s.events[1].line, s.events[0].line + 1);
    assert_int_equal(s.events[0].count, 5);
    assert_string_equal(pool_snapshot_str(&s, s.events[0].code), "a-code");
    assert_string_equal(pool_snapshot_str(&s, s.events[0].text), "");
    assert_string_equal(pool_snapshot_str(&s, s.events[1].text), "a-code");
    assert_int_equal(events_of(two, 11, 2, &s), 0);
    assert_int_equal(events_of(two, 11, 1, &s), ERR_LIMIT);
    assert_int_equal(events_of(two, 10, 10, &s), ERR_FORMAT); /* the end is missing */
    assert_int_equal(events_of(two, 6, 10, &s), ERR_FORMAT);
    const uint64_t nameless[] = {1, 0, 0, 0, 0, 0};
    assert_int_equal(events_of(nameless, 6, 10, &s), ERR_FORMAT);
    const uint64_t unknown[] = {1, 0, 0, 0, 2, 0};
    assert_int_equal(events_of(unknown, 6, 10, &s), ERR_FORMAT);
    const uint64_t countless[] = {1, 0, 0, UINT64_MAX, 1, 0};
    assert_int_equal(events_of(countless, 6, 10, &s), ERR_FORMAT);
    const uint64_t timeless[] = {1, UINT64_MAX - 1, 0, 0, 1, 0};
    assert_int_equal(events_of(timeless, 6, 10, &s), ERR_FORMAT);
    /* More than its bytes can tell is not even begun. */
    const uint64_t endless[] = {1000, 0, 0, 0, 1, 0};
    assert_int_equal(events_of(endless, 6, 10, &s), ERR_FORMAT);
    pool_snapshot_free(&s);
}

/* ---- head and directory of a block ---- */

/* A block's numbers as they stand in front of its streams. */
struct front {
    uint64_t head[5]; /* snapshots, rows listed, rows, fields, form */
    uint64_t streams, size[PSZ_STREAMS][2];
    const uint8_t *rest;
    size_t rest_n;
};

static struct front front_of(const struct buf *b)
{
    struct front f = {0};
    struct psz_stream_in in = {.p = b->p, .end = b->p + b->n};
    for (int i = 0; i < 5; i++)
        f.head[i] = psz_get(&in);
    f.streams = psz_get(&in);
    assert_int_equal(f.streams, PSZ_STREAMS);
    for (int i = 0; i < PSZ_STREAMS; i++)
        for (int k = 0; k < 2; k++)
            f.size[i][k] = psz_get(&in);
    f.rest = in.p;
    f.rest_n = (size_t)(in.end - in.p);
    return f;
}

static void expect_block(const struct front *f, int code, const char *words)
{
    struct psz_decoder *dec;
    struct buf b = {0};
    struct err e = {0};
    for (int i = 0; i < 5; i++)
        assert_int_equal(buf_varint(&b, f->head[i], NULL), 0);
    assert_int_equal(buf_varint(&b, f->streams, NULL), 0);
    for (uint64_t i = 0; i < f->streams; i++)
        for (int k = 0; k < 2; k++)
            assert_int_equal(buf_varint(&b, i < PSZ_STREAMS ? f->size[i][k] : 0, NULL),
                             0);
    assert_int_equal(buf_append(&b, f->rest, f->rest_n, NULL), 0);
    assert_int_equal(psz_decoder_new(&dec, &limits, NULL), 0);
    assert_int_equal(psz_decode_open(dec, b.p, b.n, &e), code);
    if (code != 0)
        assert_non_null(strstr(e.text, words));
    psz_decoder_free(dec);
    buf_free(&b);
}

/* Each claim that cannot be is named before anything is made of it. */
static void fronts_that_cannot_be(void **state)
{
    (void)state;
    struct pool_snapshot v[3] = {0};
    struct psz_encoder *enc;
    struct buf b = {0};
    struct dice d = {9};
    sample_series(&d, v, 3, 5);
    assert_int_equal(psz_encoder_new(&enc, NULL), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(psz_encode(enc, &v[i], NULL), 0);
    assert_int_equal(psz_encode_finish(enc, &b, NULL), 0);
    const struct front good = front_of(&b);
    expect_block(&good, 0, "");
    static const struct {
        int at;
        uint64_t v;
        int code;
        const char *words;
    } heads[] = {{0, 0, ERR_FORMAT, "head"},
                 {0, PSZ_BLOCK_SNAPSHOTS + 1, ERR_FORMAT, "head"},
                 {3, ROW_ALL + 1, ERR_FORMAT, "head"},
                 {4, PSZ_FORMS - 1, ERR_FORMAT, "head"},
                 {4, PSZ_FORMS, ERR_FORMAT, "head"}};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        struct front f = good;
        f.head[heads[i].at] = heads[i].v;
        expect_block(&f, heads[i].code, heads[i].words);
    }
    struct front f = good;
    f.head[2] = f.head[1] = limits.snapshot_rows + PSZ_MORE_ROWS + 1;
    expect_block(&f, ERR_LIMIT, "rows, more than the");
    static const uint64_t streams[] = {0, PSZ_STREAMS_EARLY - 1, 65};
    for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
        f = good;
        f.streams = streams[i];
        expect_block(&f, ERR_FORMAT, "directory");
    }
    f = good;
    f.streams = 64; /* those of a later version, all empty */
    expect_block(&f, 0, "");
    static const struct {
        uint64_t raw, packed;
    } sizes[] = {{PSZ_RAW_MAX + 1, PSZ_RAW_MAX + 1}, {9, 10}, {1000000, 1}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        f = good;
        f.size[0][0] = sizes[i].raw;
        f.size[0][1] = sizes[i].packed;
        expect_block(&f, ERR_FORMAT, "stream sizes");
    }
    f = good;
    f.rest_n--;
    expect_block(&f, ERR_FORMAT, "stream sizes");
    psz_encoder_free(enc);
    buf_free(&b);
    free_series(v, 3);
}

/* A block holds so many captures and no more: the reader refuses a longer one. */
static void a_full_block(void **state)
{
    (void)state;
    struct psz_encoder *enc;
    struct psz_decoder *dec;
    struct pool_snapshot s = {.uptime_s = -1}, got = {.uptime_s = -1};
    struct buf b = {0};
    struct err e = {0};
    assert_int_equal(psz_encoder_new(&enc, NULL), 0);
    assert_int_equal(psz_decoder_new(&dec, &limits, NULL), 0);
    for (unsigned i = 0; i < PSZ_BLOCK_SNAPSHOTS; i++)
        assert_int_equal(psz_encode(enc, &s, NULL), 0);
    assert_int_equal(psz_encode(enc, &s, &e), ERR_BUG);
    assert_int_equal(psz_encode_finish(enc, &b, NULL), 0);
    assert_int_equal(psz_decode_open(dec, b.p, b.n, NULL), 0);
    unsigned n = 0;
    while (psz_decode_next(dec, &got, NULL) == 1)
        n++;
    assert_int_equal(n, PSZ_BLOCK_SNAPSHOTS);
    psz_encoder_free(enc);
    psz_decoder_free(dec);
    pool_snapshot_free(&got);
    buf_free(&b);
}

/* A tag told by what it shares with the one before: no more than four bytes, a pool that
 * there is, and as many bytes as are left. */
static void tags_that_cannot_be(void **state)
{
    (void)state;
    static const struct {
        uint8_t head;
        size_t rest;
        int code;
    } t[] = {{POOL_PAGED << 3 | 4, 0, 0},          {POOL_PAGED << 3 | 5, 0, ERR_FORMAT},
             {POOL_KINDS << 3 | 4, 0, ERR_FORMAT}, {POOL_PAGED << 3 | 1, 2, 0},
             {POOL_PAGED << 3 | 1, 1, ERR_FORMAT}, {POOL_PAGED << 3 | 0, 2, ERR_FORMAT},
             {POOL_PAGED << 3 | 0, 3, 0}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        static const uint8_t diverging[] = {1}, rest[] = {'x', 'y', 'z'};
        struct psz_keys_in k = {.head = &t[i].head,
                                .diverging = diverging,
                                .rest = {.p = rest, .end = rest + t[i].rest},
                                .tag = {'a', 'b', 'c', 'd'}};
        struct pool_tag tag;
        uint8_t pool;
        assert_int_equal(psz_keys_next(&k, &tag, &pool, NULL), t[i].code);
        if (t[i].code != 0)
            continue;
        assert_int_equal(pool, POOL_PAGED);
        assert_int_equal(psz_keys_end(&k, NULL), 0);
        const unsigned same = t[i].head & 7;
        assert_memory_equal(tag.b, same == 4 ? "abcd" : same == 1 ? "acxy" : "bxyz", 4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_that_cannot_be),
        cmocka_unit_test(fronts_that_cannot_be),
        cmocka_unit_test(a_full_block),
        cmocka_unit_test(tags_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
