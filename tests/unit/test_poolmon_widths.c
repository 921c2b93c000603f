/* SPDX-License-Identifier: MIT */
/* Lines of every length and columns of every width, again and again with other figures:
 * the short way, which looks at the first 64 columns at once, gives what the careful one
 * gives, and takes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/poolmon/poolmon_fast.h"
#include "tests/unit/chains.h"
#include "tests/unit/prop.h"

enum { LAYOUTS = 250, ROWS = 24, CAPTURES = 6, FIGURES_OF_A_ROW = 5 };

struct table {
    unsigned width[FIGURES_OF_A_ROW];
    const char *eol;
    unsigned digits; /* of frees and of live, at most */
    uint64_t frees[ROWS], live[ROWS], size[ROWS];
    unsigned order[ROWS];
};

static uint64_t some_number(struct rng *rng, unsigned digits)
{
    uint64_t most = 10;
    for (unsigned i = 1 + (unsigned)rng_below(rng, digits); i > 1; i--)
        most *= 10;
    return rng_next(rng) % most;
}

static void change(struct table *t, struct rng *rng, unsigned row)
{
    if (rng_below(rng, 2) == 0)
        t->frees[row] += 1 + rng_below(rng, 200);
    else
        t->frees[row] = some_number(rng, t->digits);
    if (rng_below(rng, 3) == 0)
        t->live[row] = some_number(rng, t->digits);
    t->size[row] = some_number(rng, 3);
}

static struct table some_table(struct rng *rng)
{
    struct table t = {.eol = rng_below(rng, 2) == 0 ? "\n" : "\r\n",
                      .digits = 2 + (unsigned)rng_below(rng, 8)};
    const unsigned wide = 1 + (unsigned)rng_below(rng, 16);
    for (size_t i = 0; i < FIGURES_OF_A_ROW; i++)
        t.width[i] = 8 + (unsigned)rng_below(rng, wide);
    for (unsigned i = 0; i < ROWS; i++) {
        change(&t, rng, i);
        t.order[i] = i;
    }
    return t;
}

static void put_capture(struct buf *b, const struct table *t)
{
    static const char head[] =
        " Tag  Type     Allocs     Frees      Diff   Bytes  Per Alloc";
    assert_int_equal(buf_printf(b, NULL, "%s%s%s", head, t->eol, t->eol), 0);
    for (unsigned i = 0; i < ROWS; i++) {
        const unsigned r = t->order[i];
        const uint64_t v[FIGURES_OF_A_ROW] = {
            t->frees[r] + t->live[r], t->frees[r], t->live[r],
            t->live[r] * t->size[r] + (t->live[r] > 1 ? 1 : 0),
            t->live[r] == 0 ? 0 : t->size[r]};
        assert_int_equal(
            buf_printf(b, NULL, " T%02u  %s", r, r % 3 == 0 ? "Nonp " : "Paged"), 0);
        for (size_t k = 0; k < FIGURES_OF_A_ROW; k++)
            assert_int_equal(
                buf_printf(b, NULL, "%*llu", (int)t->width[k], (unsigned long long)v[k]),
                0);
        assert_int_equal(buf_printf(b, NULL, "%s", t->eol), 0);
    }
}

static struct buf some_text(struct rng *rng)
{
    struct table t = some_table(rng);
    struct buf b = {0};
    for (int capture = 0; capture < CAPTURES; capture++) {
        put_capture(&b, &t);
        for (unsigned n = (unsigned)rng_below(rng, ROWS); n > 0; n--)
            change(&t, rng, (unsigned)rng_below(rng, ROWS));
        for (unsigned n = (unsigned)rng_below(rng, 4); n > 0; n--) {
            const unsigned i = (unsigned)rng_below(rng, ROWS - 1), r = t.order[i];
            t.order[i] = t.order[i + 1];
            t.order[i + 1] = r;
        }
    }
    return b;
}

static struct input *text(const struct buf *b, const struct reader_opts *o)
{
    struct input_raw raw;
    struct input *in = NULL;
    assert_int_equal(input_raw_memory(&raw, b->p, b->n, 0, NULL), 0);
    assert_int_equal(input_open(&in, "text", raw, &o->limits, NULL), 0);
    return in;
}

/* Counts the captures that follow, each of which must be as the careful reader has it. */
static unsigned follow(const struct buf *b, struct reader_memory *memory)
{
    const struct reader_opts plain = {.careful = true, .limits = LIMITS_DEFAULT};
    const struct reader_opts chained = {
        .memory = memory, .follow = true, .limits = LIMITS_DEFAULT};
    struct shots want = shots_of_input(text(b, &plain), &plain);
    struct pool_snapshot s = {.uptime_s = -1};
    struct reader *r = NULL;
    struct input *in = text(b, &chained);
    unsigned followed = 0;
    uint64_t id = 0, step = 0;
    assert_int_equal(reader_open(&r, in, &chained, NULL), 0);
    for (size_t i = 0; reader_next(r, &s, NULL) == 1; i++) {
        assert_true(i < want.n);
        assert_null(pool_snapshot_valid(&s));
        assert_true(pool_snapshot_same_figures(&s, &want.v[i]));
        assert_int_equal(pool_snapshot_digest(&s), pool_snapshot_digest(&want.v[i]));
        if (pool_follows(&s, id, step)) {
            assert_news("widths", &want.v[i - 1], &s);
            followed++;
        }
        for (size_t k = 0; k < s.n_rows; k++)
            assert_int_equal(pool_row_line(&s, k), pool_row_line(&want.v[i], k));
        id = s.chain.id;
        step = s.chain.step;
    }
    assert_int_equal(want.n, CAPTURES);
    reader_close(r);
    input_close(in);
    pool_snapshot_free(&s);
    shots_free(&want);
    return followed;
}

static void lines_of_all_lengths(void **state)
{
    (void)state;
    struct rng rng = {20263};
    struct reader_memory memory = {0};
    unsigned followed = 0;
    for (int i = 0; i < LAYOUTS; i++) {
        struct buf b = some_text(&rng);
        followed += follow(&b, &memory);
        buf_free(&b);
    }
    assert_true(POOLSIFT_FAST == 0 || followed > LAYOUTS);
    reader_memory_free(&memory);
}

static void learn(struct fast_memory *m, const char *line, size_t n)
{
    const struct text_line l = {.p = line, .n = n - 1, .number = 1, .eol = EOL_LF};
    struct row_text r;
    struct pool_row row = {.line = 1};
    const char *lost;
    assert_int_equal(row_parse(l.p, l.n, false, &r), ROW_PROVED);
    assert_true(row_figures(&r, &row, &lost));
    assert_true(fast_learn(m, &l, &r, &row, true));
}

/* Each byte of a line of any length counts: with any of them changed it is not the same,
 * and other figures are taken wherever they stand. */
static void each_byte_of_a_line_counts(void **state)
{
    (void)state;
    for (unsigned width = 8; width <= 22; width++) {
        char line[FAST_LINE * 2] = "", other[FAST_LINE * 2] = "";
        const int w = (int)width;
        const size_t n =
            (size_t)snprintf(line, sizeof line, " Proc Nonp %*d%*d%*d%*d%*d\n", w, 30, w,
                             10, w, 20, w, 640, w, 32);
        (void)snprintf(other, sizeof other, " Proc Nonp %*d%*d%*d%*d%*d\n", w, 31, w, 10,
                       w, 21, w, 694, w, 33);
        for (size_t i = 0; i <= n; i++) {
            struct fast_memory *m = NULL;
            size_t bytes;
            assert_int_equal(fast_new(&m, NULL), 0);
            fast_start(m);
            learn(m, line, n);
            fast_start(m);
            char changed[sizeof line];
            memcpy(changed, line, sizeof line);
            if (i < n)
                changed[i] ^= 0x40;
            const size_t got = fast_rows(m, changed, n, 1, 1, &bytes);
            if (got != (i == n))
                fail_msg("width %u, byte %zu of: %s", width, i, changed);
            if (i == n) {
                fast_start(m);
                assert_int_equal(fast_rows(m, other, n, 1, 1, &bytes), 1);
                assert_int_equal(bytes, n);
            }
            fast_free(m);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_of_all_lengths),
        cmocka_unit_test(each_byte_of_a_line_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
