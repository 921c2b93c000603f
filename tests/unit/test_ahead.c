/* SPDX-License-Identifier: MIT */
/* What a thread reads ahead is what would have been read without it: bytes, limits and
 * faults, each in its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <pthread.h>

#include "tests/tools/chance.h"
#include "tests/unit/packed.h"
#include "tests/unit/prop.h"

enum { ROUNDS = 150 };

/* ---- a source that may be slow, short or broken ---- */

struct source {
    const struct buf *bytes;
    size_t at;
    size_t most;     /* bytes a read */
    size_t fault_at; /* SIZE_MAX: sound */
    pthread_t reader;
    bool closed;
};

static ptrdiff_t source_read(void *ctx, uint8_t *p, size_t n, struct err *e)
{
    struct source *s = ctx;
    size_t left = s->bytes->n - s->at;
    assert_false(s->closed);
    s->reader = pthread_self();
    if (s->at >= s->fault_at)
        return err_io(e, EIO, "cannot read");
    if (left > s->fault_at - s->at)
        left = s->fault_at - s->at;
    n = n < left ? n : left;
    n = n < s->most ? n : s->most;
    if (n > 0)
        memcpy(p, s->bytes->p + s->at, n);
    s->at += n;
    return (ptrdiff_t)n;
}

static void source_close(void *ctx)
{
    struct source *s = ctx;
    s->closed = true;
}

static struct input *open_source(struct source *s, bool prompt, const struct limits *l)
{
    const struct input_raw raw = {
        .ctx = s, .read = source_read, .close = source_close, .prompt = prompt};
    struct input *in = NULL;
    struct err e = {0};
    assert_int_equal(input_open(&in, "source", raw, l, &e), 0);
    return in;
}

/* ---- the same bytes and faults ---- */

/* Everything that a walk of random peeks saw, as one number, and what ended it. */
struct walk {
    uint64_t hash, offset, raw_bytes;
    struct err err;
};

static void mix(struct walk *w, const uint8_t *p, size_t n)
{
    uint64_t h = w->hash;
    for (size_t i = 0; i < n; i += 1 + n / 64)
        h = (h ^ p[i]) * UINT64_C(0x100000001b3);
    w->hash = (h ^ n) * UINT64_C(0x100000001b3);
}

static struct walk walk_input(struct input *in, uint64_t seed, size_t stop)
{
    struct rng c = {.s = seed};
    struct walk w = {.hash = seed};
    while (input_offset(in) < stop) {
        const uint8_t *p;
        const size_t need =
            rng_below(&c, 20) == 0 ? rng_below(&c, 700000) : 1 + rng_below(&c, 3000);
        ptrdiff_t n = input_peek(in, need, &p, &w.err);
        if (n < 0) {
            n = input_peek(in, 0, &p, NULL);
            mix(&w, p, (size_t)n);
            break;
        }
        if ((size_t)n > need)
            n = (ptrdiff_t)need; /* more may be there */
        mix(&w, p, (size_t)n);
        if (n == 0 && need > 0)
            break;
        input_consume(in, rng_below(&c, (uint32_t)n + 1));
    }
    w.offset = input_offset(in);
    w.raw_bytes = input_raw_bytes(in);
    return w;
}

static void assert_same_walk(const struct walk *a, const struct walk *b)
{
    assert_int_equal(a->offset, b->offset);
    assert_int_equal(a->hash, b->hash);
    assert_int_equal(a->err.code, b->err.code);
    assert_string_equal(a->err.text, b->err.text);
    assert_string_equal(a->err.place, b->err.place);
}

/* Text that deflates a little, with a stretch of blanks that deflates much. */
static struct buf some_bytes(struct rng *c, size_t n)
{
    struct buf b = {0};
    const size_t blank = rng_below(c, (uint32_t)n), blanks = rng_below(c, (uint32_t)n);
    assert_int_equal(buf_reserve(&b, n + 8, NULL), 0);
    for (size_t i = 0; i < n; i += 8) {
        const uint64_t v = i - blank < blanks ? 0x20 : rng_next(c) & 0x0f0f0f0f0f0f0f0f;
        memcpy(b.p + i, &v, 8);
    }
    b.n = n;
    return b;
}

static void every_walk_is_the_same(void **state)
{
    (void)state;
    struct rng c = {.s = 5};
    unsigned faults = 0, limits = 0;
    for (unsigned i = 0; i < ROUNDS; i++) {
        struct buf plain = some_bytes(&c, 1000 + rng_below(&c, 3000000));
        struct buf packed = {0};
        struct limits l = LIMITS_DEFAULT;
        if (i % 3 == 1)
            packed = gzipped(plain.p, plain.n);
        if (i % 12 == 4)
            l.inflated_bytes = rng_below(&c, (uint32_t)plain.n);
        const struct buf *bytes = packed.n > 0 ? &packed : &plain;
        if (i % 12 == 7)
            packed.n -= packed.n / 3;
        const size_t most = rng_below(&c, 2) == 0 ? SIZE_MAX : 1 + rng_below(&c, 100000);
        const size_t fault_at =
            rng_below(&c, 4) == 0 ? rng_below(&c, (uint32_t)bytes->n) : SIZE_MAX;
        const size_t stop = rng_below(&c, 4) == 0 ? plain.n / 2 : SIZE_MAX;
        const uint64_t from = rng_below(&c, 3) * 200000;
        struct walk w[2];
        for (int k = 0; k < 2; k++) {
            struct source s = {.bytes = bytes, .most = most, .fault_at = fault_at};
            struct input *in = open_source(&s, true, &l);
            if (k == 1)
                input_read_ahead(in, from);
            w[k] = walk_input(in, i, stop);
            input_close(in);
            assert_true(s.closed);
        }
        assert_same_walk(&w[0], &w[1]);
        if (w[0].err.code == 0 && stop == SIZE_MAX)
            assert_int_equal(w[0].raw_bytes, w[1].raw_bytes);
        faults += w[0].err.code == ERR_IO || w[0].err.code == ERR_FORMAT;
        limits += w[0].err.code == ERR_LIMIT;
        buf_free(&plain);
        buf_free(&packed);
    }
    assert_true(faults > ROUNDS / 10);
    assert_true(limits > ROUNDS / 30);
}

/* A bomb is told at the same byte. */
static void bombs_are_the_same(void **state)
{
    (void)state;
    struct buf blanks = {0};
    struct limits l = LIMITS_DEFAULT;
    l.inflate_ratio = 500;
    assert_int_equal(buf_reserve(&blanks, 24000000, NULL), 0);
    memset(blanks.p, ' ', blanks.n = 24000000);
    struct buf bomb = gzipped(blanks.p, blanks.n);
    uint64_t end[2];
    for (int k = 0; k < 2; k++) {
        struct source s = {.bytes = &bomb, .most = 1000, .fault_at = SIZE_MAX};
        struct input *in = open_source(&s, true, &l);
        struct err e = {0};
        const uint8_t *p;
        ptrdiff_t n;
        if (k == 1)
            input_read_ahead(in, 0);
        while ((n = input_peek(in, 1, &p, &e)) > 0)
            input_consume(in, (size_t)n);
        assert_int_equal(n, ERR_LIMIT);
        assert_non_null(strstr(e.text, "500 times"));
        end[k] = input_offset(in);
        input_close(in);
    }
    assert_int_equal(end[0], end[1]);
    buf_free(&blanks);
    buf_free(&bomb);
}

/* ---- who reads ---- */

static bool another_reads(bool prompt, uint64_t from)
{
    struct buf b = {0};
    assert_int_equal(buf_reserve(&b, 1000000, NULL), 0);
    memset(b.p, 'x', b.n = 1000000);
    struct source s = {.bytes = &b, .most = SIZE_MAX, .fault_at = SIZE_MAX};
    struct input *in = open_source(&s, prompt, &default_limits);
    struct buf all = {0};
    input_read_ahead(in, from);
    assert_int_equal(input_read_all(in, &all, SIZE_MAX, NULL), 0);
    assert_int_equal(all.n, b.n);
    input_close(in);
    buf_free(&all);
    buf_free(&b);
    return !pthread_equal(s.reader, pthread_self());
}

static void a_thread_reads_what_is_large_and_prompt(void **state)
{
    (void)state;
    assert_true(another_reads(true, 0));
    assert_true(another_reads(true, 600000));
    assert_false(another_reads(true, INPUT_LARGE));
    assert_false(another_reads(false, 0)); /* it might wait for ever */
}

/* The reader may have had enough at any time. */
static void closing_early_waits_for_nobody(void **state)
{
    (void)state;
    struct rng c = {.s = 9};
    struct buf b = some_bytes(&c, 5000000);
    for (size_t want = 0; want < 4000000; want = want * 2 + 1) {
        struct source s = {.bytes = &b, .most = SIZE_MAX, .fault_at = SIZE_MAX};
        struct input *in = open_source(&s, true, &default_limits);
        const uint8_t *p;
        input_read_ahead(in, 0);
        assert_true(input_peek(in, want, &p, NULL) >= (ptrdiff_t)want);
        input_close(in);
        assert_true(s.closed);
    }
    buf_free(&b);
}

/* ---- captures ---- */

static struct shots read_text(const struct buf *b, bool ahead)
{
    struct reader_opts o = {.limits = LIMITS_DEFAULT};
    struct input *in = open_bytes(b->p, b->n, 0, &o.limits);
    if (ahead)
        input_read_ahead(in, 0);
    return shots_of_input(in, &o);
}

static void assert_read_the_same(const char *name, const struct buf *b)
{
    struct shots one = read_text(b, false), two = read_text(b, true);
    assert_same_shots(name, &one, &two, true);
    assert_string_equal(one.err.text, two.err.text);
    assert_string_equal(one.err.place, two.err.place);
    assert_memory_equal(one.seen, two.seen, sizeof one.seen);
    shots_free(&one);
    shots_free(&two);
}

static void every_fixture_is_read_the_same(void **state)
{
    (void)state;
    struct fixtures f;
    fixtures_find(&f);
    for (size_t i = 0; i < f.n; i++) {
        struct buf one = load_file(f.path[i]), many = {0};
        for (size_t n = 0; n < 500 && many.n < 150000; n++)
            add(&many, one.p, one.n);
        struct buf packed = gzipped(many.p, many.n);
        assert_read_the_same(f.path[i], &one);
        assert_read_the_same(f.path[i], &many);
        assert_read_the_same(f.path[i], &packed);
        packed.n -= packed.n / 4;
        assert_read_the_same(f.path[i], &packed);
        buf_free(&one);
        buf_free(&many);
        buf_free(&packed);
    }
    fixtures_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_walk_is_the_same),
        cmocka_unit_test(bombs_are_the_same),
        cmocka_unit_test(a_thread_reads_what_is_large_and_prompt),
        cmocka_unit_test(closing_early_waits_for_nobody),
        cmocka_unit_test(every_fixture_is_read_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
