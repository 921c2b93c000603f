/* SPDX-License-Identifier: MIT */
/* Lines: what is too long or cut is told where it stands; looking ahead moves nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "formats/io/text.h"
#include "tests/unit/packed.h"

static const size_t blocks[] = {0, 1, 2, 3, 5, 64, 1000};
#define BLOCKS (sizeof blocks / sizeof *blocks)

/* ---- limits and faults ---- */

/* Also where no line end follows. */
static void a_long_last_line_is_refused(void **state)
{
    (void)state;
    struct limits l = LIMITS_DEFAULT;
    l.line_bytes = 10;
    for (size_t i = 0; i < BLOCKS; i++) {
        struct input *in = open_bytes("one\n0123456789x", 15, blocks[i], &l);
        struct text *t;
        struct text_line line;
        struct err e = {0};
        assert_int_equal(text_open(&t, in, &l, &e), 0);
        assert_int_equal(text_next(t, &line, &e), 1);
        assert_int_equal(text_next(t, &line, &e), ERR_LIMIT);
        assert_string_equal(e.place, "bytes:2");
        text_close(t);
        input_close(in);
    }
}

static void long_lines_are_refused(void **state)
{
    (void)state;
    struct limits l = LIMITS_DEFAULT;
    l.line_bytes = 10;
    for (size_t i = 0; i < BLOCKS; i++) {
        struct input *in =
            open_bytes("one\n0123456789\r\n0123456789x\nfour\n", 34, blocks[i], &l);
        struct text *t;
        struct text_line line;
        struct err e = {0};
        assert_int_equal(text_open(&t, in, &l, &e), 0);
        assert_int_equal(text_next(t, &line, &e), 1);
        assert_int_equal(text_next(t, &line, &e), 1);
        assert_int_equal(line.n, 10);
        assert_int_equal(text_next(t, &line, &e), ERR_LIMIT);
        assert_string_equal(e.place, "bytes:3");
        assert_non_null(strstr(e.text, "longer than 10 bytes"));
        assert_int_equal(text_next(t, &line, NULL), ERR_LIMIT);
        text_close(t);
        input_close(in);
    }
}

static void lines_of_old_macintoshes_have_the_limit_too(void **state)
{
    (void)state;
    struct limits l = LIMITS_DEFAULT;
    l.line_bytes = 10;
    for (size_t i = 0; i < BLOCKS; i++) {
        struct input *in =
            open_bytes("one\r0123456789\r0123456789x\rfour", 31, blocks[i], &l);
        struct text *t;
        struct text_line line;
        struct err e = {0};
        assert_int_equal(text_open(&t, in, &l, &e), 0);
        assert_int_equal(text_next(t, &line, &e), 1);
        assert_int_equal(line.n, 3);
        assert_int_equal(text_next(t, &line, &e), 1);
        assert_int_equal(line.n, 10);
        assert_int_equal(text_next(t, &line, &e), ERR_LIMIT);
        assert_string_equal(e.place, "bytes:3");
        text_close(t);
        input_close(in);
    }
}

/* Whole lines come out of a cut gzip, half of one does not. */
static void whole_lines_before_a_fault(void **state)
{
    (void)state;
    struct buf plain = {0};
    for (int i = 0; i < 400; i++) {
        char line[32];
        add(&plain, line,
            (size_t)snprintf(line, sizeof line, "%d %d\n", i, i * 7919 % 997));
    }
    struct buf b = gzipped(plain.p, plain.n);
    size_t before = 0;
    for (size_t cut = 20; cut < b.n; cut += 3) {
        struct input *in = open_bytes(b.p, cut, 0, &default_limits);
        struct text *t;
        struct text_line line;
        struct err e = {0};
        size_t at = 0;
        int r;
        assert_int_equal(text_open(&t, in, &default_limits, &e), 0);
        while ((r = text_next(t, &line, &e)) > 0) {
            assert_int_equal(line.eol, EOL_LF);
            assert_memory_equal(line.p, plain.p + at, line.n);
            at += line.n + 1;
        }
        assert_int_equal(r, ERR_FORMAT);
        assert_non_null(strstr(e.text, "ends early"));
        assert_in_range(at, before, plain.n);
        assert_true(at == 0 || plain.p[at - 1] == '\n');
        before = at;
        text_close(t);
        input_close(in);
    }
    assert_true(before > plain.n / 2);
    buf_free(&plain);
    buf_free(&b);
}

/* ---- looking ahead ---- */

/* Lines of many lengths, n bytes of them; every length tells its line. */
static struct buf many_lines(size_t n)
{
    struct buf b = {0};
    uint32_t x = 7;
    while (b.n < n) {
        x = x * 1664525 + 1013904223;
        size_t len = (x >> 28) == 0 ? (x >> 12) % 60000 : (x >> 16) % 120;
        struct err e = {0};
        assert_int_equal(buf_reserve(&b, len + 2, &e), 0);
        memset(b.p + b.n, 'a' + (int)((x >> 8) % 26), len);
        b.n += len;
        add(&b, "\r\n", (x & 64) != 0 ? 2 : 0);
        if ((x & 64) == 0)
            add(&b, "\n", 1);
    }
    return b;
}

static void walk_with_peeks(const struct buf *b, size_t block)
{
    struct input *in = open_bytes(b->p, b->n, block, &default_limits);
    struct text *t;
    struct text_line line;
    struct err e = {0};
    const uint8_t *p = b->p, *end = b->p + b->n;
    uint32_t x = 3;
    uint64_t number = 0;
    assert_int_equal(text_open(&t, in, &default_limits, &e), 0);
    for (;;) {
        int r = text_next(t, &line, &e);
        if (r == 0)
            break;
        assert_int_equal(r, 1);
        x = x * 1664525 + 1013904223;
        const struct text_line *ahead = NULL;
        int n = 0, again = 0;
        size_t want = (x >> 24) % 4 == 0 ? 1 + (x >> 20) % TEXT_LOOKAHEAD : 0;
        if (want > 0) {
            n = text_peek(t, &ahead, want, &e);
            assert_in_range(n, 0, want);
            const char *first = n > 0 ? ahead[0].p : NULL;
            again = text_peek(t, &ahead, TEXT_LOOKAHEAD, &e);
            assert_true(again >= n);
            if (n > 0)
                assert_ptr_equal(ahead[0].p, first);
        }
        /* The held line is checked behind the peeks, then those ahead of it. */
        const uint8_t *q = p;
        for (int i = -1; i < again; i++) {
            const struct text_line *l = i < 0 ? &line : &ahead[i];
            assert_int_equal(l->number, number + 2 + (uint64_t)i);
            assert_true(l->n <= (size_t)(end - q));
            assert_memory_equal(l->p, q, l->n);
            q += l->n + l->eol;
            assert_int_equal(q[-1], '\n');
        }
        p += line.n + line.eol;
        number++;
    }
    assert_ptr_equal(p, end);
    const struct text_line *ahead;
    assert_int_equal(text_peek(t, &ahead, 8, &e), 0);
    text_close(t);
    input_close(in);
}

static void peeks_move_nothing(void **state)
{
    (void)state;
    struct buf b = many_lines(4000000);
    walk_with_peeks(&b, 0);
    walk_with_peeks(&b, 997);
    b.n = 300000; /* bytes behind a line end are cut off, to end in one */
    while (b.p[b.n - 1] != '\n')
        b.n--;
    walk_with_peeks(&b, 1);
    buf_free(&b);
}

static void peek_before_next_and_at_the_end(void **state)
{
    (void)state;
    struct input *in = open_bytes("a\nb\nc", 5, 1, &default_limits);
    struct text *t;
    struct text_line line;
    const struct text_line *ahead;
    struct err e = {0};
    assert_int_equal(text_open(&t, in, &default_limits, &e), 0);
    assert_int_equal(text_peek(t, &ahead, 2, &e), 2);
    assert_memory_equal(ahead[1].p, "b", 1);
    assert_int_equal(text_peek(t, &ahead, 8, &e), 3);
    assert_int_equal(ahead[2].eol, EOL_NONE);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(text_next(t, &line, &e), 1);
        assert_int_equal(line.p[0], 'a' + i);
        assert_int_equal(text_peek(t, &ahead, 8, &e), 2 - i);
    }
    assert_int_equal(text_next(t, &line, &e), 0);
    text_close(t);
    input_close(in);
}

/* A fault further ahead does not hide the lines before it. */
static void peek_stops_before_a_fault(void **state)
{
    (void)state;
    struct limits l = LIMITS_DEFAULT;
    l.line_bytes = 4;
    struct input *in = open_bytes("a\nb\n0123456789\n", 15, 0, &l);
    struct text *t;
    struct text_line line;
    const struct text_line *ahead;
    struct err e = {0};
    assert_int_equal(text_open(&t, in, &l, &e), 0);
    assert_int_equal(text_peek(t, &ahead, 8, &e), 2);
    assert_int_equal(e.code, 0);
    assert_int_equal(text_next(t, &line, &e), 1);
    assert_int_equal(text_next(t, &line, &e), 1);
    assert_memory_equal(line.p, "b", 1);
    assert_int_equal(text_peek(t, &ahead, 8, &e), ERR_LIMIT);
    err_clear(&e);
    assert_int_equal(text_next(t, &line, &e), ERR_LIMIT);
    assert_string_equal(e.place, "bytes:3");
    text_close(t);
    input_close(in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_lines_are_refused),
        cmocka_unit_test(a_long_last_line_is_refused),
        cmocka_unit_test(lines_of_old_macintoshes_have_the_limit_too),
        cmocka_unit_test(whole_lines_before_a_fault),
        cmocka_unit_test(peeks_move_nothing),
        cmocka_unit_test(peek_before_next_and_at_the_end),
        cmocka_unit_test(peek_stops_before_a_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
