/* SPDX-License-Identifier: MIT */
/* Shapes of lines that the short way through a capture knows: lines of one shape teach
 * the same of the columns, all others are of another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/poolmon/fast_memory.h"
#include "tests/unit/readings.h"

struct some_line {
    unsigned allocs, frees, size; /* of one */
    int wide;                     /* added to the width of Allocs */
    int moved;                    /* of Frees: Diff is as much narrower */
    uint8_t eol;                  /* enum text_eol */
    unsigned shape;
};

static size_t print(const struct some_line *l, char line[FAST_LINE])
{
    const unsigned live = l->allocs - l->frees;
    const int n = snprintf(line, FAST_LINE, " Proc Nonp %*u%*u%*u%*u%*u", 10 + l->wide,
                           l->allocs, 10 + l->moved, l->frees, 10 - l->moved, live, 10,
                           live * l->size, 2, live == 0 ? 0 : l->size);
    return (size_t)n;
}

static void lines_that_teach_the_same(void **state)
{
    (void)state;
    static const struct some_line t[] = {
        {12, 2, 6, 0, 0, EOL_CRLF, 0},
        {12345678, 0, 4, 0, 0, EOL_CRLF, 0},
        {3, 3, 0, 0, 0, EOL_CRLF, 0},
        {12, 2, 6, 0, 0, EOL_LF, 1},
        {12, 2, 6, 1, 0, EOL_CRLF, 2},
        {12, 2, 6, 0, 1, EOL_CRLF, 3},
        /* one blank before Allocs and Frees; before all but Frees; before all */
        {123456789, 120000000, 1, 0, 0, EOL_CRLF, 4},
        {123456789, 23456789, 1, 0, 0, EOL_CRLF, 5},
        {223456789, 10000000, 1, 0, 0, EOL_CRLF, 5},
        {223456789, 123456789, 2, 0, 0, EOL_CRLF, 6},
        /* none */
        {1234567890, 1234567889, 1, 0, 0, EOL_CRLF, 7},
        {12, 2, 6, 0, 0, EOL_CRLF, 0},
    };
    struct fast_memory *m = NULL;
    assert_int_equal(fast_new(&m, NULL), 0);
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        char line[FAST_LINE];
        const struct text_line l = {.p = line, .n = print(&t[i], line), .eol = t[i].eol};
        struct row_text r;
        uint8_t shape;
        assert_int_equal(row_parse(l.p, l.n, false, &r), ROW_PROVED);
        assert_true(fast_shape_of(m, &l, &r, true, &shape));
        if (shape != t[i].shape)
            fail_msg("%u: '%s'", shape, line);
    }
    fast_free(m);
}

/* Lines are held against each other to the last byte of their room. */
static void a_line_and_nothing_behind_it(void **state)
{
    (void)state;
    static const struct {
        uint8_t eol;
        const char *line;
    } t[] = {{EOL_CRLF, "abc\r\n"}, {EOL_LF, "abc\n"}};
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        const struct text_line l = {.p = "abcd", .n = 3, .eol = t[i].eol};
        char to[FAST_LINE], want[FAST_LINE] = "";
        memset(to, 'x', sizeof to);
        strcpy(want, t[i].line);
        fast_put_line(to, &l);
        assert_memory_equal(to, want, sizeof to);
    }
}

/* Figures as wide as their columns are followed by narrow ones: only these show how wide
 * the columns are, in every capture anew. */
static void wide_figures_first(void **state)
{
    (void)state;
    static const char head[] =
        " Tag  Type     Allocs     Frees      Diff   Bytes  Per Alloc\r\n\r\n";
    struct buf b = {0};
    for (int capture = 0; capture < 3; capture++) {
        put(&b, head, sizeof head - 1);
        for (int i = 0; i < 40; i++) {
            const struct some_line l = {.allocs = i < 20 ? 223456789 : 5,
                                        .frees = i < 20 ? 123456789 : 3,
                                        .size = 2};
            char line[FAST_LINE];
            const size_t n = print(&l, line);
            line[4] = (char)(0x40 + i);
            put(&b, line, n);
            put(&b, "\r\n", 2);
        }
    }
    struct reader_memory memory = {0};
    const struct reader_opts careful = {.careful = true, .limits = LIMITS_DEFAULT},
                             quick = {.memory = &memory, .limits = LIMITS_DEFAULT};
    struct shots x[2];
    for (int i = 0; i < 2; i++) {
        struct input_raw raw;
        struct input *in = NULL;
        assert_int_equal(input_raw_memory(&raw, b.p, b.n, 0, NULL), 0);
        assert_int_equal(input_open(&in, "text", raw, &quick.limits, NULL), 0);
        x[i] = shots_of_input(in, i == 0 ? &careful : &quick);
    }
    assert_int_equal(x[0].n, 3);
    assert_true(x[0].v[2].dress.verbatim);
    assert_same_reading("wide first", &x[0], &x[1]);
    shots_free(&x[0]);
    shots_free(&x[1]);
    reader_memory_free(&memory);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_that_teach_the_same),
        cmocka_unit_test(a_line_and_nothing_behind_it),
        cmocka_unit_test(wide_figures_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
