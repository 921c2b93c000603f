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
#include "formats/spread.h"
#include "formats/worker.h"
#include "psz_smooth.h"
#include "tests/unit/chains.h"

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

static void put_tag(struct pool_snapshot *s, uint8_t ends, uint32_t number)
{
    struct pool_row *r = pool_snapshot_add(s, NULL);
    assert_non_null(r);
    *r = (struct pool_row){.pool = POOL_NONPAGED, .fields = ROW_PLAIN, .width = 32};
    r->tag = (struct pool_tag){{ends, (uint8_t)(number >> 8), (uint8_t)number, ends}};
    r->allocs = 102;
    r->frees = 100;
    r->live = 2;
    r->bytes = 32 * (1 + s->n_rows);
}

/* Tags whose searches begin near each other come in a second block: the table spreads all
 * of them anew, and finds those of the first block where it placed them, whether they
 * stand before the others or behind. */
static void tags_that_were_chosen_to_meet(void **state)
{
    (void)state;
    enum { OLD = 250, MEETING = 340, AGAIN = 50, SLOTS = 2048 };
    struct pool_snapshot v[2] = {{.uptime_s = -1}, {.uptime_s = -1}};
    struct dice d = {3};
    struct ways w;
    for (uint32_t i = 0; i < OLD; i++) {
        put_tag(&v[0], 1, i);
        put_tag(&v[0], 0xfe, i);
    }
    for (uint32_t i = 0; i < AGAIN; i++) {
        put_tag(&v[1], 1, i);
        put_tag(&v[1], 0xfe, i);
    }
    for (uint32_t i = 0; v[1].n_rows < 2 * AGAIN + MEETING; i++) {
        const struct pool_tag tag = {{0x40, (uint8_t)(i >> 8), (uint8_t)i, 0x40}};
        assert_in_range(i, 0, UINT16_MAX);
        if (spread_over(0, (uint64_t)tag_key(tag) << 2, SLOTS) < 16)
            put_tag(&v[1], 0x40, i);
    }
    begin(&w, 0, false);
    for (unsigned i = 0; i < 2; i++) {
        settle(&v[i]);
        sample_head(&d, &v[i], i, 0);
        struct buf b = packed(&v[i], 1);
        assert_int_equal(assert_same_block(&w, &b), 0);
        buf_free(&b);
    }
    assert_int_equal(w.s[0].chain.n_held, 2 * OLD + MEETING);
    end(&w);
    free_series(v, 2);
}

/* ---- blocks that contradict themselves ---- */

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(smooth_blocks),
        cmocka_unit_test(rough_blocks),
        cmocka_unit_test(tags_that_were_chosen_to_meet),
        cmocka_unit_test(broken_blocks),
    };
    return cmocka_run_group_tests_name("stretches of a block", tests, NULL, NULL);
}
