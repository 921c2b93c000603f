/* SPDX-License-Identifier: MIT */
/* Blocks whose turns are read row by row, many captures at a time, hand on what they do
 * capture by capture: rows that come and go, figures that are not given, captures in
 * between that are not for the short way, and blocks that contradict themselves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "formats/psz/decoder.h"
#include "formats/psz/index.h"
#include "formats/reader.h"
#include "formats/worker.h"
#include "psz_samples.h"
#include "tests/unit/chains.h"

enum { MOST = PSZ_BLOCK_SNAPSHOTS };

static const struct limits limits = LIMITS_DEFAULT;

/* ---- series as machines write them ---- */

static const struct kind {
    uint16_t fields;
    uint8_t width;
    bool huge;
} kinds[] = {{ROW_PLAIN, 32, false},
             {ROW_PLAIN, 64, true},
             {ROW_PLAIN & ~ROW_PER_ALLOC, 32, false},
             {ROW_ALLOCS | ROW_FREES | ROW_BYTES, 64, false},
             {ROW_BYTES, 32, true},
             {ROW_LIVE | ROW_BYTES, 32, false}};
enum { KINDS = sizeof kinds / sizeof *kinds };

static int by_bytes(const void *x, const void *y)
{
    const struct pool_row *a = x, *b = y;
    if (a->bytes != b->bytes)
        return a->bytes > b->bytes ? -1 : 1;
    return tag_key(a->tag) < tag_key(b->tag) ? -1 : 1;
}

static void settle(struct pool_snapshot *s)
{
    for (size_t i = 0; i < s->n_rows; i++)
        sample_derive(&s->rows[i]);
    qsort(s->rows, s->n_rows, sizeof *s->rows, by_bytes);
    for (size_t i = 0; i < s->n_rows; i++)
        s->rows[i].line = 6 + i;
    assert_null(pool_snapshot_valid(s));
}

static void new_row(struct dice *d, struct pool_snapshot *s, const struct kind *k,
                    uint32_t number)
{
    struct pool_row *r = pool_snapshot_add(s, NULL);
    assert_non_null(r);
    put_le32(r->tag.b, 0x41414141u + number);
    r->pool = (uint8_t)(number % 2);
    r->fields = k->fields;
    r->width = k->width;
    r->frees = roll_bits(d, k->width - 1u);
    r->live = roll_bits(d, 20);
    r->allocs = r->frees + r->live;
    r->bytes = r->live * (16 + roll_bits(d, 10)) + roll_bits(d, k->huge ? 62 : 6);
}

/* Rows that changed, went, or came; `number` of tags so far. */
static void smooth_next(struct dice *d, const struct pool_snapshot *before,
                        struct pool_snapshot *s, const struct kind *k, uint32_t *number)
{
    pool_snapshot_clear(s);
    for (size_t i = 0; i < before->n_rows; i++) {
        if (roll(d, 150) == 0)
            continue;
        struct pool_row *r = pool_snapshot_add(s, NULL);
        *r = before->rows[i];
        if (roll(d, 4) != 0)
            continue;
        const uint64_t more = roll_bits(d, 12), fewer = roll_bits(d, 12);
        r->live =
            r->fields & ROW_LIVE ? r->live : row_live(r->allocs, r->frees, r->width);
        r->allocs += more;
        r->frees += fewer;
        if (r->width == 32) {
            r->allocs &= UINT32_MAX;
            r->frees &= UINT32_MAX;
        }
        r->live = row_live(r->allocs, r->frees, r->width);
        r->bytes += roll(d, 3) == 0 ? roll_bits(d, 9) : more * 16;
    }
    while (s->n_rows < 60 || roll(d, 3) == 0) /* some have been there before */
        new_row(d, s, k,
                roll(d, 2) ? (*number)++ : *number + 1000000 + (uint32_t)s->n_rows);
    for (size_t i = 0; i < s->n_rows; i++) /* no key twice */
        for (size_t m = s->n_rows - 1; m > i; m--)
            if (tag_equal(s->rows[i].tag, s->rows[m].tag))
                s->rows[m] = s->rows[--s->n_rows];
    settle(s);
}

static struct pool_snapshot *smooth_series(uint64_t seed, const struct kind *k,
                                           unsigned n)
{
    struct pool_snapshot *v = calloc(MOST, sizeof *v), none = {0};
    struct dice d = {seed * 7919 + 3};
    uint32_t number = 0;
    assert_non_null(v);
    for (unsigned i = 0; i < n; i++) {
        smooth_next(&d, i == 0 ? &none : &v[i - 1], &v[i], k, &number);
        v[i].uptime_s = -1;
        sample_head(&d, &v[i], i, 0);
    }
    return v;
}

static struct buf packed(const struct pool_snapshot *v, unsigned n)
{
    struct psz_encoder *enc;
    struct buf b = {0};
    assert_int_equal(psz_encoder_new(&enc, NULL), 0);
    for (unsigned i = 0; i < n; i++)
        assert_int_equal(psz_encode(enc, &v[i], NULL), 0);
    assert_int_equal(psz_encode_finish(enc, &b, NULL), 0);
    psz_encoder_free(enc);
    return b;
}

/* ---- both ways ---- */

struct ways {
    struct psz_decoder *plain, *chained;
    struct psz_follows follows;
    struct worker *worker;
    uint64_t chains;
    struct pool_snapshot a, s[2], before;
    unsigned at;    /* which of s is lent */
    unsigned turns; /* 1 out of so many times it is the other one; 0 = never */
    struct dice d;
    unsigned in_stretches, followed;
};

/* By turns with somebody who reads ahead, and without. */
static void begin(struct ways *w, unsigned turns, bool thread)
{
    *w = (struct ways){.turns = turns, .d = {99}};
    if (thread)
        assert_int_equal(worker_new(&w->worker, true, NULL), 0);
    assert_int_equal(psz_decoder_new(&w->plain, &limits, NULL), 0);
    assert_int_equal(psz_decoder_new(&w->chained, &limits, NULL), 0);
    w->follows = (struct psz_follows){.chains = &w->chains, .any_order = true};
    psz_decoder_follow(w->chained, &w->follows, w->worker);
}

static void end(struct ways *w)
{
    psz_decoder_free(w->plain);
    psz_decoder_free(w->chained);
    psz_follows_free(&w->follows);
    worker_free(w->worker);
    pool_snapshot_free(&w->a);
    pool_snapshot_free(&w->s[0]);
    pool_snapshot_free(&w->s[1]);
    pool_snapshot_free(&w->before);
}

/* One block, as far as it goes; returns what ended it. */
static int assert_same_block(struct ways *w, const struct buf *b)
{
    struct err first = {0}, second = {0};
    uint64_t id = 0, step = 0;
    int r = psz_decode_open(w->plain, b->p, b->n, &first);
    assert_int_equal(psz_decode_open(w->chained, b->p, b->n, &second), r);
    assert_string_equal(first.text, second.text);
    while (r >= 0) {
        if (w->turns > 0 && roll(&w->d, w->turns) == 0)
            w->at = !w->at;
        struct pool_snapshot *s = &w->s[w->at];
        const uint32_t done = w->chained->done;
        r = psz_decode_next(w->plain, &w->a, &first);
        assert_int_equal(psz_decode_next(w->chained, s, &second), r);
        assert_string_equal(first.text, second.text);
        if (r != 1)
            return r;
        w->in_stretches +=
            !w->chained->plain && done < w->chained->stretch[w->chained->at_hand].to;
        assert_same_rows(&w->a, s, true);
        if (pool_follows(s, id, step)) {
            assert_news("block", &w->before, s);
            w->followed++;
        }
        id = s->chain.id;
        step = s->chain.step;
        assert_int_equal(pool_snapshot_copy(&w->before, &w->a, NULL), 0);
    }
    return r;
}

static void smooth_blocks(void **state)
{
    (void)state;
    for (unsigned i = 0; i < KINDS; i++) {
        struct ways w;
        begin(&w, 0, i % 2 == 1);
        for (unsigned k = 0; k < 2; k++) { /* and from one block into the next */
            struct pool_snapshot *v = smooth_series(i * 2 + k, &kinds[i], MOST);
            struct buf b = packed(v, MOST);
            assert_int_equal(assert_same_block(&w, &b), 0);
            free_series(v, MOST);
            free(v);
            buf_free(&b);
        }
        assert_in_range(w.in_stretches, 2 * MOST - 5, 2 * MOST - 2);
        assert_in_range(w.followed, 2 * MOST - 2, 2 * MOST);
        end(&w);
    }
}

/* Captures in between that are cut, stand in no order, on odd lines or as the one before;
 * and snapshots that do not hold what was handed on last. */
static void rough_blocks(void **state)
{
    (void)state;
    unsigned in_stretches = 0;
    for (unsigned i = 0; i < 12; i++) {
        struct pool_snapshot *v = smooth_series(100 + i, &kinds[i % KINDS], MOST);
        struct dice d = {i + 1};
        struct ways w;
        for (unsigned k = 1 + (unsigned)roll(&d, 90); k < MOST && i % 4 != 0;
             k += 1 + (unsigned)roll(&d, 90)) {
            struct pool_snapshot *s = &v[k];
            const struct pool_row last = s->rows[s->n_rows - 1];
            if (i % 4 == 1) {
                s->completeness = COMPLETE_CUT;
            } else if (i % 4 == 2) {
                s->rows[s->n_rows - 1].line += 2;
            } else {
                s->rows[s->n_rows - 1] = s->rows[0];
                s->rows[0] = last;
                s->rows[0].line = 6;
                s->rows[s->n_rows - 1].line = 5 + s->n_rows;
            }
        }
        struct buf b = packed(v, MOST);
        begin(&w, i % 3 == 0 ? 1 + (unsigned)roll(&d, 60) : 0, i % 2 == 1);
        for (int k = 0; k < 3; k++)
            assert_int_equal(assert_same_block(&w, &b), 0);
        in_stretches += w.in_stretches;
        end(&w);
        free_series(v, MOST);
        free(v);
        buf_free(&b);
    }
    assert_true(in_stretches > 500);
}

/* ---- blocks that contradict themselves ---- */

/* The same block with its streams stored as they are. */
static struct buf stored(const struct buf *b, size_t at[PSZ_STREAMS])
{
    struct psz_decoder *dec;
    struct psz_stream_in in = {.p = b->p, .end = b->p + b->n};
    struct buf out = {0};
    assert_int_equal(psz_decoder_new(&dec, &limits, NULL), 0);
    assert_int_equal(psz_unpack(dec, b->p, b->n, UINT32_MAX, NULL), 0);
    for (int i = 0; i < 5; i++)
        assert_int_equal(buf_varint(&out, psz_get(&in), NULL), 0);
    assert_int_equal(buf_varint(&out, PSZ_STREAMS, NULL), 0);
    for (int i = 0; i < PSZ_STREAMS; i++) {
        assert_int_equal(buf_varint(&out, dec->stream_n[i], NULL), 0);
        assert_int_equal(buf_varint(&out, dec->stream_n[i], NULL), 0);
    }
    for (int i = 0; i < PSZ_STREAMS; i++) {
        at[i] = out.n;
        assert_int_equal(buf_append(&out, dec->stream[i], dec->stream_n[i], NULL), 0);
    }
    psz_decoder_free(dec);
    return out;
}

static void broken_blocks(void **state)
{
    (void)state;
    struct dice d = {31};
    unsigned refused = 0, late = 0, in_stretches = 0;
    for (unsigned i = 0; i < KINDS; i++) {
        struct pool_snapshot *v = smooth_series(200 + i, &kinds[i], MOST);
        struct buf b = packed(v, MOST);
        size_t at[PSZ_STREAMS];
        struct buf plain = stored(&b, at);
        for (unsigned k = 0; k < 20; k++) {
            struct buf c = {0};
            struct ways w;
            const size_t from = k % 3 == 0 ? 0 : at[k % 3 == 1 ? PSZ_FLAGS : PSZ_HEADS];
            assert_int_equal(buf_append(&c, plain.p, plain.n, NULL), 0);
            for (uint64_t n = 1 + roll(&d, 3); n > 0; n--)
                c.p[from + roll(&d, c.n - from)] ^= (uint8_t)(1 + roll(&d, 255));
            begin(&w, 0, k % 2 == 1);
            const int r = assert_same_block(&w, &c);
            assert_true(r == 0 || r == ERR_FORMAT || r == ERR_LIMIT);
            refused += r < 0;
            late += r < 0 && w.chained->done > 3;
            in_stretches += w.in_stretches;
            end(&w);
            buf_free(&c);
        }
        free_series(v, MOST);
        free(v);
        buf_free(&b);
        buf_free(&plain);
    }
    assert_true(refused > 20);
    assert_true(late > 2);
    assert_true(in_stretches > 2000);
}

/* ---- archives ---- */

struct side {
    struct input *in;
    struct reader *r;
    struct reader_memory memory;
    struct pool_snapshot s;
};

static bool open_side(struct side *x, const struct buf *b, bool chained, bool salvage,
                      size_t threads)
{
    const struct reader_opts o = {.memory = &x->memory,
                                  .follow = chained,
                                  .any_order = chained,
                                  .threads = threads,
                                  .salvage = salvage,
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
    const bool readable = open_side(&x, b, false, salvage, 1);
    assert_int_equal(open_side(&y, b, true, salvage, threads), readable);
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

/* Of several blocks, with one thread and with more; whole, cut, damaged, and with
 * something behind. */
static void archives_by_threads(void **state)
{
    (void)state;
    enum { BLOCKS = 3 };
    struct pool_snapshot *v = smooth_series(300, &kinds[0], MOST), *all;
    struct buf b = {0}, more = {0};
    struct dice d = {17};
    all = calloc(BLOCKS * MOST, sizeof *all);
    assert_non_null(all);
    for (unsigned i = 0; i < BLOCKS * MOST; i++) {
        assert_int_equal(pool_snapshot_copy(&all[i], &v[i % MOST], NULL), 0);
        all[i].time.ms = 1162425900000 + (int64_t)i * 300000;
    }
    write_archive(all, BLOCKS * MOST, &b);
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
    free_series(all, BLOCKS * MOST);
    free_series(v, MOST);
    free(all);
    free(v);
    buf_free(&b);
    buf_free(&more);
}

/* A block that is whole but breaks off in contradictions, while the one behind it, and
 * what follows the end mark, were looked at already. */
static void broken_blocks_by_threads(void **state)
{
    (void)state;
    static const uint8_t magic[FRAME_MAGIC] = PSZ_MAGIC;
    struct pool_snapshot *v = smooth_series(301, &kinds[0], MOST);
    struct buf b = packed(v, MOST);
    size_t at[PSZ_STREAMS];
    struct buf plain = stored(&b, at);
    struct dice d = {18};
    for (unsigned i = 0; i < 16; i++) {
        const struct psz_block_facts facts = {.snapshots = MOST, .timed = true};
        struct psz_index ix = {0};
        struct buf all = {0}, frame = {0};
        const unsigned bad = (unsigned)roll(&d, 4);
        assert_int_equal(frame_put_file_head(&all, magic, PSZ_MAJOR, PSZ_MINOR, NULL), 0);
        for (unsigned k = 0; k < 3; k++) {
            assert_int_equal(psz_index_add(&ix, all.n, &facts, NULL), 0);
            assert_int_equal(psz_index_add_host(&ix, "", NULL), 0);
            assert_int_equal(frame_begin(&frame, NULL), 0);
            assert_int_equal(buf_append(&frame, plain.p, plain.n, NULL), 0);
            for (int n = 0; k == bad && n < 40; n++) {
                const size_t from = FRAME_HEAD + at[PSZ_FLAGS];
                frame.p[from + roll(&d, frame.n - from)] ^= 1;
            }
            assert_int_equal(frame_finish(&frame, PSZ_FRAME_BLOCK, k, NULL), 0);
            assert_int_equal(buf_append(&all, frame.p, frame.n, NULL), 0);
            ix.snapshots += MOST;
        }
        assert_int_equal(psz_frame_end(&ix, 3, &frame, NULL), 0);
        assert_int_equal(buf_append(&all, frame.p, frame.n, NULL), 0);
        if (i % 2 == 0)
            assert_int_equal(buf_append(&all, "behind", 6, NULL), 0);
        (void)assert_same_archive(&all, i % 5 == 0, 2);
        psz_index_free(&ix);
        buf_free(&all);
        buf_free(&frame);
    }
    free_series(v, MOST);
    free(v);
    buf_free(&b);
    buf_free(&plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(smooth_blocks),
        cmocka_unit_test(rough_blocks),
        cmocka_unit_test(broken_blocks),
        cmocka_unit_test(archives_by_threads),
        cmocka_unit_test(broken_blocks_by_threads),
    };
    return cmocka_run_group_tests_name("stretches of a block", tests, NULL, NULL);
}
