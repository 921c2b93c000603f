/* SPDX-License-Identifier: MIT */
/* Captures that follow each other: rows of so many bytes that their sum passes 2^64, and
 * snapshots that hold another capture than the one before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "formats/poolmon/poolmon_fast.h"
#include "formats/reader.h"

#define HALF ((uint64_t)1 << 63)

enum { ROWS = 4, GONE = 1 };

/* What each row holds, GONE where it is not listed, and the sum. */
static const struct {
    uint64_t bytes[ROWS], sum;
} captures[] = {
    {{100, 200, 300, 400}, 1000},
    {{100, 200, 300, 400}, 1000},
    {{HALF, 200, 300, 400}, HALF + 900},
    {{HALF, HALF, 300, 400}, UINT64_MAX},
    {{HALF, HALF, 300, GONE}, UINT64_MAX},
    {{HALF, 200, GONE, 400}, HALF + 600},
    {{HALF, GONE, GONE, 400}, HALF + 400},
    {{HALF, GONE, HALF - 401, 400}, UINT64_MAX},
    {{HALF, GONE, HALF - 400, 400}, UINT64_MAX},
    {{100, 200, 300, 400}, 1000},
    {{100, 200, 300, 500}, 1100},
};

static struct buf some_text(void)
{
    struct buf b = {0};
    for (size_t i = 0; i < sizeof captures / sizeof *captures; i++) {
        assert_int_equal(
            buf_printf(&b, NULL, "%s",
                       " Tag  Type     Allocs     Frees      Diff               Bytes"
                       "           Per Alloc\n"),
            0);
        for (int k = 0; k < ROWS; k++) {
            const unsigned long long v = captures[i].bytes[k];
            if (v != GONE)
                assert_int_equal(buf_printf(&b, NULL,
                                            " T%03d Nonp %10d %9d %9d %20llu %20llu\n", k,
                                            7, 6, 1, v, v),
                                 0);
        }
    }
    return b;
}

/* Line by line, and by what is remembered of the captures before. */
static void sums_stop_at_the_end(void **state)
{
    (void)state;
    struct buf b = some_text();
    unsigned followed = 0;
    for (int way = 0; way < 2; way++) {
        struct reader_memory memory = {0};
        const struct reader_opts o = {.careful = way == 0,
                                      .memory = way == 0 ? NULL : &memory,
                                      .follow = way != 0,
                                      .limits = LIMITS_DEFAULT};
        struct pool_snapshot s = {.uptime_s = -1};
        struct input_raw raw;
        struct input *in = NULL;
        struct reader *r = NULL;
        uint64_t id = 0, step = 0;
        assert_int_equal(input_raw_memory(&raw, b.p, b.n, 0, NULL), 0);
        assert_int_equal(input_open(&in, "text", raw, &o.limits, NULL), 0);
        assert_int_equal(reader_open(&r, in, &o, NULL), 0);
        for (size_t i = 0; i < sizeof captures / sizeof *captures; i++) {
            assert_int_equal(reader_next(r, &s, NULL), 1);
            if (pool_snapshot_bytes(&s, POOL_NONPAGED) != captures[i].sum)
                fail_msg("way %d, capture %zu: %llu", way, i,
                         (unsigned long long)pool_snapshot_bytes(&s, POOL_NONPAGED));
            followed += pool_follows(&s, id, step);
            id = s.chain.id;
            step = s.chain.step;
        }
        assert_int_equal(reader_next(r, &s, NULL), 0);
        reader_close(r);
        input_close(in);
        pool_snapshot_free(&s);
        reader_memory_free(&memory);
    }
    assert_true(POOLSIFT_FAST == 0 || followed > 8);
    buf_free(&b);
}

static void same_rows(const struct pool_snapshot *s, size_t capture)
{
    size_t i = 0;
    for (unsigned k = 0; k < ROWS; k++) {
        const char tag[] = {'T', '0', '0', (char)('0' + k)};
        if (captures[capture].bytes[k] == GONE)
            continue;
        assert_true(i < s->n_rows);
        assert_memory_equal(pool_row_at(s, i)->tag.b, tag, sizeof tag);
        if (pool_row_at(s, i++)->bytes != captures[capture].bytes[k])
            fail_msg("capture %zu, row %u: %llu", capture, k,
                     (unsigned long long)pool_row_at(s, i - 1)->bytes);
    }
    assert_int_equal(i, s->n_rows);
}

/* What changed is put into what a snapshot holds only where that is the capture before.
 */
static void snapshots_by_turns(void **state)
{
    (void)state;
    static const char *const turns[] = {"0", "01", "001", "0001", "011", "0101100"};
    struct buf b = some_text();
    for (size_t t = 0; t < sizeof turns / sizeof *turns; t++) {
        struct reader_memory memory = {0};
        const struct reader_opts o = {
            .memory = &memory, .follow = true, .limits = LIMITS_DEFAULT};
        struct pool_snapshot s[] = {{.uptime_s = -1}, {.uptime_s = -1}};
        struct input_raw raw;
        struct input *in = NULL;
        struct reader *r = NULL;
        assert_int_equal(input_raw_memory(&raw, b.p, b.n, 0, NULL), 0);
        assert_int_equal(input_open(&in, "text", raw, &o.limits, NULL), 0);
        assert_int_equal(reader_open(&r, in, &o, NULL), 0);
        for (size_t i = 0; i < sizeof captures / sizeof *captures; i++) {
            struct pool_snapshot *here = &s[turns[t][i % strlen(turns[t])] - '0'];
            assert_int_equal(reader_next(r, here, NULL), 1);
            same_rows(here, i);
        }
        reader_close(r);
        input_close(in);
        pool_snapshot_free(&s[0]);
        pool_snapshot_free(&s[1]);
        reader_memory_free(&memory);
    }
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_stop_at_the_end),
        cmocka_unit_test(snapshots_by_turns),
    };
    return cmocka_run_group_tests_name("rows of many bytes", tests, NULL, NULL);
}
