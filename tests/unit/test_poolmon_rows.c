/* SPDX-License-Identifier: MIT */
/* Rows of poolmon captures in sight of what stands around them: heads between them, the
 * totals above them, what cannot be printed again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/poolmon/poolmon_fast.h"
#include "tests/unit/captures.h"
#include "tests/unit/readings.h"

#define TITLES " Tag  Type     Allocs     Frees      Diff   Bytes  Per Alloc\r\n\r\n"

/* A head of any kind behind a row begins another capture, behind its own lines none. */
static void heads_between_rows(void **state)
{
    (void)state;
#define MEMORY                                                                           \
    " Memory:  524288K Avail:  262144K  PageFlts:     0   InRam Krnl: 1000K P: "         \
    "1000K\r\n"
#define COMMIT                                                                           \
    " Commit: 100000K Limit: 1000000K Peak: 200000K            Pool N: 1000K P: "        \
    "500K\r\n"
#define ROW " Wait Nonp         10         4         6      60         10\r\n"
    static const struct {
        const char *text;
        size_t captures, rows; /* of the first */
    } t[] = {
        {MEMORY COMMIT TITLES ROW, 1, 1},
        {MEMORY ROW MEMORY ROW, 2, 1},
        {COMMIT ROW COMMIT ROW, 2, 1},
        {TITLES ROW TITLES ROW, 2, 1},
        {MEMORY COMMIT ROW COMMIT ROW, 2, 1},
        {MEMORY ROW COMMIT ROW, 2, 1},
        {ROW TITLES ROW, 2, 1},
        {MEMORY COMMIT MEMORY COMMIT ROW, 2, 0},
        {COMMIT MEMORY ROW, 2, 0},
        {MEMORY MEMORY ROW, 2, 0},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct captures c = captures_text(t[i].text);
        if (c.n != t[i].captures || c.v[0].n_rows != t[i].rows)
            fail_msg("%s: %zu, %zu rows", t[i].text, c.n, c.v[0].n_rows);
        captures_free(&c);
    }
}

/* Figures that poolmon never prints are read, but no template gives them again. */
static void figures_that_are_not_printed_so(void **state)
{
    (void)state;
    static const struct {
        const char *delta;
        bool verbatim;
    } t[] = {{"   -5", true},  {"    5", true},  {"    0", true}, {"   -0", false},
             {"  -05", false}, {"   05", false}, {"   00", false}};
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        char text[512];
        (void)snprintf(
            text, sizeof text,
            " Tag  Type     Allocs            Frees            Diff   Bytes       Per "
            "Alloc\n\n"
            " Wait Nonp    3971107 (%s)   3971077 (    0)       30    8456 (     0)    "
            "281\n"
            " Proc Nonp      71107 (    0)     71077 (    0)       30    8456 (     0)   "
            " "
            "281\n",
            t[i].delta);
        struct captures c = captures_text(text);
        assert_int_equal(c.n, 1);
        assert_int_equal(c.v[0].n_rows, 2);
        if (c.v[0].dress.verbatim != t[i].verbatim)
            fail_msg("(%s): %d", t[i].delta, c.v[0].dress.verbatim);
        captures_free(&c);
    }
}

/* A `-` is no figure: nothing is made of it, and no line is kept that has one. */
static void figures_that_are_unknown(void **state)
{
    (void)state;
    static const struct {
        const char *row;
        uint16_t lost;
    } t[] = {
        {" Proc Nonp      16972      1136     15836  38322236          -", ROW_PER_ALLOC},
        {" Proc Nonp      16972      1136     15836         -       2419", ROW_BYTES},
        {" Proc Nonp      16972      1136         -  38322236       2419", ROW_LIVE},
        {" Proc Nonp      16972         -     15836  38322236       2419", ROW_FREES},
        {" Proc Nonp          -      1136     15836  38322236       2419", ROW_ALLOCS},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        char text[512];
        (void)snprintf(text, sizeof text,
                       " Tag  Type     Allocs     Frees      Diff     Bytes  Per Alloc\n"
                       " Wait Nonp         40        10        30      8456        281\n"
                       "%s\n",
                       t[i].row);
        struct captures c = captures_text(text);
        assert_int_equal(c.n, 1);
        assert_int_equal(c.v[0].n_rows, 2);
        if ((c.v[0].rows[0].fields & ~c.v[0].rows[1].fields) != t[i].lost)
            fail_msg("%s: %x", t[i].row, (unsigned)c.v[0].rows[1].fields);
        captures_free(&c);
    }
}

/* ---- the totals above ---- */

enum { ROWS = 40, CAPTURES = 3 };

/* Captures of rows of that size, and one of them a row of the paged pool. */
static struct buf some_captures(unsigned bytes, bool paged)
{
    struct buf b = {0};
    for (unsigned capture = 0; capture < CAPTURES; capture++) {
        put(&b, MEMORY, sizeof MEMORY - 1);
        put(&b, COMMIT, sizeof COMMIT - 1);
        put(&b, TITLES, sizeof TITLES - 1);
        for (unsigned i = 0; i < ROWS; i++) {
            const unsigned frees = capture * i;
            assert_int_equal(buf_printf(&b, NULL, " T%03u %s%10u %9u %9u %9u %9u\r\n", i,
                                        paged && i == 7 ? "Paged" : "Nonp ", frees + 2,
                                        frees, 2, bytes, bytes / 2),
                             0);
        }
    }
    return b;
}

/* What is less than half of the pools that it lists is a part of them: read carefully,
 * again by the short way, and as a capture that follows another. */
static void parts_of_the_pools(void **state)
{
    (void)state;
    static const struct {
        unsigned bytes;
        bool paged;
        enum completeness is;
    } t[] = {
        {2 * 6400, false, COMPLETE_WHOLE}, /* 500K of 1000K */
        {2 * 6398, false, COMPLETE_FILTERED},
        {2 * 6400, true, COMPLETE_FILTERED}, /* of 1500K */
        {2 * 9700, true, COMPLETE_WHOLE},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct buf b = some_captures(t[i].bytes, t[i].paged);
        struct reader_memory memory = {0};
        const struct reader_opts ways[] = {
            {.careful = true, .limits = LIMITS_DEFAULT},
            {.memory = &memory, .limits = LIMITS_DEFAULT},
            {.memory = &memory, .follow = true, .limits = LIMITS_DEFAULT}};
        for (size_t way = 0; way < sizeof ways / sizeof *ways; way++) {
            struct input_raw raw;
            struct input *in = NULL;
            assert_int_equal(input_raw_memory(&raw, b.p, b.n, 0, NULL), 0);
            assert_int_equal(input_open(&in, "text", raw, &ways[way].limits, NULL), 0);
            struct shots x = shots_of_input(in, &ways[way]);
            assert_int_equal(x.n, CAPTURES);
            for (size_t k = 0; k < x.n; k++)
                if (x.v[k].completeness != t[i].is)
                    fail_msg("%u, way %zu, %zu: %d", t[i].bytes, way, k,
                             (int)x.v[k].completeness);
            shots_free(&x);
        }
        reader_memory_free(&memory);
        buf_free(&b);
    }
}

/* ---- the memory of lines ---- */

static const char first[] =
    " Proc Nonp      16972      1136     15836  38322236       2419\r\n";

static struct fast_memory *learned(void)
{
    struct fast_memory *m = NULL;
    const struct text_line l = {
        .p = first, .n = sizeof first - 3, .number = 1, .eol = EOL_CRLF};
    struct row_text r;
    struct pool_row row = {.line = 1};
    const char *lost;
    assert_int_equal(fast_new(&m, NULL), 0);
    fast_start(m);
    assert_int_equal(row_parse(l.p, l.n, false, &r), ROW_PROVED);
    assert_true(row_figures(&r, &row, &lost));
    assert_true(fast_learn(m, &l, &r, &row, true));
    return m;
}

/* A line of which a stretch of 16 bytes moved to the left by one column is another. */
static void stretches_that_moved_to_the_left(void **state)
{
    (void)state;
    for (size_t at = 0; at + 17 < sizeof first - 1; at += 16) {
        struct fast_memory *m = learned();
        char line[128] = {0};
        size_t bytes;
        memcpy(line, first, sizeof first);
        memmove(line + at, first + at + 1, 16);
        fast_start(m);
        if (fast_rows(m, line, sizeof first - 1, 5, 1, &bytes) != 0)
            fail_msg("taken: %s", line);
        fast_free(m);
    }
}

/* Once they are put into a snapshot no rows wait any more, in either way. */
static void rows_wait_for_their_snapshot(void **state)
{
    (void)state;
    for (int way = 0; way < 2; way++) {
        struct fast_memory *m = learned();
        char line[128] = {0};
        struct pool_snapshot s = {.n_rows = 1, .uptime_s = -1};
        uint64_t chains = 0;
        size_t bytes;
        memcpy(line, first, sizeof first);
        fast_start(m);
        assert_int_equal(fast_rows(m, line, sizeof first - 1, 5, 1, &bytes), 1);
        assert_int_equal(fast_waiting(m), 1);
        assert_int_equal(
            way == 0 ? fast_flush(m, &s, NULL) : fast_follow(m, &s, &chains, NULL), 0);
        assert_int_equal(fast_waiting(m), 0);
        assert_int_equal(chains, way);
        pool_snapshot_free(&s);
        fast_free(m);
    }
}

/* Captures without header lines, one behind the other: the first tag that comes again
 * begins the next one, where the tag behind it comes again as well, or nothing does. */
static void test_rows_again(void **state)
{
    (void)state;
#define A " File Nonp       6394      4056      2338     163418         69\n"
#define B " MmSt Paged   2269405   2095404    174001     156097          0\n"
#define C " Proc Nonp         12         2        10       4960        496\n"
#define D " Thre Nonp        120        20       100     124800       1248\n"
    static const struct {
        const char *text;
        size_t captures, rows; /* rows of the last one */
    } t[] = {
        {A B C A B C, 2, 3}, {A B C A B D, 2, 3},     {A B C A B, 2, 2},
        {A B C A, 2, 1},     {A B C A D, 1, 5},       {A B C B D, 1, 5},
        {A B C B C D, 1, 6}, {A B C D B C D A, 2, 4},
    };
#undef A
#undef B
#undef C
#undef D
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct captures c = captures_text(t[i].text);
        if (c.n != t[i].captures || c.v[c.n - 1].n_rows != t[i].rows)
            fail_msg("text %zu: %zu captures, the last of %zu rows", i, c.n,
                     c.n > 0 ? c.v[c.n - 1].n_rows : 0);
        captures_free(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heads_between_rows),
        cmocka_unit_test(figures_that_are_not_printed_so),
        cmocka_unit_test(figures_that_are_unknown),
        cmocka_unit_test(parts_of_the_pools),
        cmocka_unit_test(stretches_that_moved_to_the_left),
        cmocka_unit_test(rows_wait_for_their_snapshot),
        cmocka_unit_test(test_rows_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
