/* SPDX-License-Identifier: MIT */
/* Inputs: the same bytes whatever lies below, gzip undone, limits kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "formats/io/foreign.h"
#include "formats/io/input.h"
#include "tests/unit/packed.h"

static const size_t blocks[] = {0, 1, 2, 3, 7, 4096};
#define BLOCKS (sizeof blocks / sizeof *blocks)

/* Text that deflates a little, n bytes of it. */
static struct buf sample(size_t n)
{
    struct buf b = {0};
    uint32_t x = 1;
    while (b.n < n) {
        char line[64];
        x = x * 1664525 + 1013904223;
        int len = snprintf(line, sizeof line, " Tag%c Paged %9u %9u\r\n",
                           'a' + (int)(x >> 28), x % 100000, x >> 9);
        add(&b, line, (size_t)len);
    }
    b.n = n;
    return b;
}

static int read_all(const struct buf *from, size_t block, const struct limits *l,
                    struct buf *out, struct err *e)
{
    struct input *in = open_bytes(from->p, from->n, block, l);
    int r = input_read_all(in, out, SIZE_MAX, e);
    input_close(in);
    return r;
}

/* ---- peek and consume ---- */

static void peek_shows_what_is_needed(void **state)
{
    (void)state;
    for (size_t i = 0; i < BLOCKS; i++) {
        struct input *in = open_bytes("abcdefghij", 10, blocks[i], &default_limits);
        const uint8_t *p;
        struct err e = {0};
        assert_string_equal(input_name(in), "bytes");
        assert_null(input_compression(in));
        assert_true(input_peek(in, 4, &p, &e) >= 4);
        assert_memory_equal(p, "abcd", 4);
        input_consume(in, 3);
        assert_int_equal(input_offset(in), 3);
        assert_int_equal(input_peek(in, 100, &p, &e), 7);
        assert_memory_equal(p, "defghij", 7);
        input_consume(in, 7);
        assert_int_equal(input_peek(in, 1, &p, &e), 0);
        assert_int_equal(input_offset(in), 10);
        assert_int_equal(input_raw_bytes(in), 10);
        input_consume(in, 5); /* a broken promise, kept harmless */
        assert_int_equal(input_offset(in), 10);
        input_close(in);
    }
}

/* Windows larger than the first one, and every mixture of needs. */
static void long_needs_are_met(void **state)
{
    (void)state;
    struct buf b = sample(1500000);
    for (size_t i = 0; i < BLOCKS; i++) {
        if (blocks[i] != 0 && blocks[i] < 4096)
            continue;
        struct input *in = open_bytes(b.p, b.n, blocks[i], &default_limits);
        size_t at = 0, need = 1;
        struct err e = {0};
        for (;;) {
            const uint8_t *p;
            ptrdiff_t n = input_peek(in, need, &p, &e);
            size_t left = b.n - at;
            assert_true(n >= (ptrdiff_t)(left < need ? left : need));
            assert_memory_equal(p, b.p + at, (size_t)n);
            if (n == 0)
                break;
            size_t eat = (size_t)n < need ? (size_t)n : need / 2 + 1;
            input_consume(in, eat);
            at += eat;
            need = need * 3 % 700001;
        }
        assert_int_equal(at, b.n);
        input_close(in);
    }
    buf_free(&b);
}

struct failing {
    size_t good;
};

static ptrdiff_t failing_read(void *ctx, uint8_t *p, size_t n, struct err *e)
{
    struct failing *f = ctx;
    if (f->good == 0)
        return err_io(e, EIO, "cannot read");
    n = n < f->good ? n : f->good;
    memset(p, 'x', n);
    f->good -= n;
    return (ptrdiff_t)n;
}

static void failing_close(void *ctx)
{
    (void)ctx;
}

static void bytes_before_a_fault_are_kept(void **state)
{
    (void)state;
    struct failing f = {.good = 10};
    struct input_raw raw = {.ctx = &f, .read = failing_read, .close = failing_close};
    struct input *in;
    const uint8_t *p;
    struct err e = {0};
    assert_int_equal(input_open(&in, "disk", raw, &default_limits, &e), 0);
    for (int i = 0; i < 2; i++) {
        err_clear(&e);
        assert_int_equal(input_peek(in, 11, &p, &e), ERR_IO);
        assert_string_equal(e.place, "disk");
        assert_non_null(strstr(e.text, strerror(EIO)));
    }
    assert_int_equal(input_peek(in, 0, &p, NULL), 10);
    assert_int_equal(input_peek(in, 10, &p, NULL), 10);
    input_consume(in, 10);
    assert_int_equal(input_peek(in, 1, &p, NULL), ERR_IO);
    input_close(in);
}

static void read_all_has_a_limit(void **state)
{
    (void)state;
    struct buf b = sample(1000), out = {0};
    struct err e = {0};
    struct input *in = open_bytes(b.p, b.n, 100, &default_limits);
    assert_int_equal(input_read_all(in, &out, 1000, &e), 0);
    assert_int_equal(out.n, 1000);
    input_close(in);
    in = open_bytes(b.p, b.n, 100, &default_limits);
    assert_int_equal(input_read_all(in, &out, 999, &e), ERR_LIMIT);
    assert_string_equal(e.place, "bytes");
    input_close(in);
    buf_free(&b);
    buf_free(&out);
}

/* ---- gzip ---- */

static void assert_inflates(const struct buf *packed, const struct buf *plain)
{
    for (size_t i = 0; i < BLOCKS; i++) {
        struct buf out = {0};
        struct err e = {0};
        struct input *in = open_bytes(packed->p, packed->n, blocks[i], &default_limits);
        assert_string_equal(input_compression(in), "gzip");
        input_set_compression(in, "zip");
        assert_string_equal(input_compression(in), "zip+gzip");
        assert_int_equal(input_read_all(in, &out, SIZE_MAX, &e), 0);
        assert_int_equal(input_raw_bytes(in), packed->n);
        assert_int_equal(input_offset(in), plain->n);
        assert_int_equal(out.n, plain->n);
        assert_memory_equal(out.p, plain->p, plain->n);
        input_close(in);
        buf_free(&out);
    }
}

static void gzip_is_peeled(void **state)
{
    (void)state;
    struct buf plain = sample(20000);
    struct buf once = gzipped(plain.p, plain.n);
    assert_inflates(&once, &plain);
    struct buf twice = gzipped(once.p, once.n);
    assert_inflates(&twice, &plain);
    struct buf members = gzipped(plain.p, 7000);
    add_deflated(&members, "", 0, 31);
    add_deflated(&members, plain.p + 7000, plain.n - 7000, 31);
    assert_inflates(&members, &plain);
    static const uint8_t zeros[70000];
    add(&once, zeros, sizeof zeros);
    assert_inflates(&once, &plain);
    buf_free(&plain);
    buf_free(&once);
    buf_free(&twice);
    buf_free(&members);
}

static void third_layer_is_foreign(void **state)
{
    (void)state;
    struct buf b = gzipped("x", 1);
    for (int i = 0; i < 2; i++) {
        struct buf outer = gzipped(b.p, b.n);
        buf_free(&b);
        b = outer;
    }
    struct input *in = open_bytes(b.p, b.n, 0, &default_limits);
    const uint8_t *p;
    struct foreign f;
    struct err e = {0};
    ptrdiff_t n = input_peek(in, 64, &p, &e);
    assert_true(n > 4);
    assert_true(foreign_bytes(p, (size_t)n, &f));
    assert_string_equal(f.name, "gzip data inside gzip data inside gzip data");
    input_close(in);
    buf_free(&b);
}

static void empty_gzip_is_empty(void **state)
{
    (void)state;
    struct buf b = gzipped("", 0), plain = {0};
    add(&plain, "", 0);
    struct buf out = {0};
    struct err e = {0};
    assert_int_equal(read_all(&b, 0, &default_limits, &out, &e), 0);
    assert_int_equal(out.n, 0);
    buf_free(&b);
    buf_free(&out);
}

static void bytes_behind_gzip_are_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < BLOCKS; i++) {
        struct buf b = gzipped("hello", 5), out = {0};
        struct err e = {0};
        char place[32];
        (void)snprintf(place, sizeof place, "at byte %zu,", b.n);
        add(&b, "tail", 4);
        assert_int_equal(read_all(&b, blocks[i], &default_limits, &out, &e), ERR_FORMAT);
        assert_int_equal(out.n, 5);
        assert_memory_equal(out.p, "hello", 5);
        assert_non_null(strstr(e.text, place));
        assert_string_equal(e.place, "bytes");
        buf_free(&b);
        buf_free(&out);
    }
}

/* Cut at every byte: the good bytes first, then a message. */
static void cut_gzip_gives_good_bytes(void **state)
{
    (void)state;
    struct buf plain = sample(3000);
    struct buf b = gzipped(plain.p, plain.n);
    size_t before = 0;
    for (size_t n = 2; n < b.n; n++) {
        for (size_t i = 0; i < 2; i++) {
            struct buf cut = {.p = b.p, .n = n}, out = {0};
            struct err e = {0};
            assert_int_equal(read_all(&cut, blocks[i], &default_limits, &out, &e),
                             ERR_FORMAT);
            assert_non_null(strstr(e.text, "the gzip data ends early, at byte"));
            assert_string_equal(e.place, "bytes");
            assert_true(e.hint[0] != '\0');
            assert_in_range(out.n, before, plain.n);
            if (out.n > 0)
                assert_memory_equal(out.p, plain.p, out.n);
            before = out.n;
            buf_free(&out);
        }
    }
    assert_int_equal(before, plain.n);
    buf_free(&plain);
    buf_free(&b);
}

/* One bit changed anywhere behind the header never gives wrong bytes in silence. */
static void damaged_gzip_is_told(void **state)
{
    (void)state;
    struct buf plain = sample(2000);
    struct buf b = gzipped(plain.p, plain.n);
    for (size_t i = 10; i < b.n; i++) {
        struct buf out = {0};
        struct err e = {0};
        b.p[i] ^= (uint8_t)(1u << i % 8);
        assert_int_equal(read_all(&b, 0, &default_limits, &out, &e), ERR_FORMAT);
        assert_non_null(strstr(e.text, "gzip data"));
        b.p[i] ^= (uint8_t)(1u << i % 8);
        buf_free(&out);
    }
    buf_free(&plain);
    buf_free(&b);
}

static void bombs_are_stopped(void **state)
{
    (void)state;
    size_t n = (size_t)48 << 20;
    uint8_t *zeros = calloc(n, 1);
    assert_non_null(zeros);
    struct buf one = gzipped(zeros, n);
    free(zeros);
    assert_true(one.n < 64 * 1024);
    struct buf two = gzipped(one.p, one.n);
    assert_true(two.n < 1024);

    struct limits size = LIMITS_DEFAULT, ratio = LIMITS_DEFAULT, both = LIMITS_DEFAULT;
    size.inflated_bytes = 1 << 20;
    ratio.inflate_ratio = 500;
    const struct {
        const struct buf *b;
        const struct limits *l;
        const char *words;
        size_t most;
    } cases[] = {
        {&one, &size, "more than 1048576 bytes, the limit", 1 << 20},
        {&two, &size, "more than 1048576 bytes, the limit", 1 << 20},
        {&one, &ratio, "more than 500 times its size", 32 << 20},
        {&two, &both, "more than 2000 times its size", 20 << 20},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out = {0};
        struct err e = {0};
        assert_int_equal(read_all(cases[i].b, 0, cases[i].l, &out, &e), ERR_LIMIT);
        assert_non_null(strstr(e.text, cases[i].words));
        assert_string_equal(e.place, "bytes");
        assert_non_null(strstr(e.hint, "unpack it yourself"));
        assert_in_range(out.n, 0, cases[i].most);
        buf_free(&out);
    }
    struct buf out = {0};
    struct err e = {0};
    assert_int_equal(read_all(&one, 0, &default_limits, &out, &e), 0);
    assert_int_equal(out.n, n);
    buf_free(&out);
    buf_free(&one);
    buf_free(&two);
}

/* ---- files ---- */

static void files_that_cannot_be_read(void **state)
{
    (void)state;
    struct input_raw raw;
    struct err e = {0};
    assert_int_equal(input_raw_file(&raw, "formats", &e), ERR_IO);
    assert_string_equal(e.place, "formats");
    assert_non_null(strstr(e.text, "is a directory"));
    err_clear(&e);
    assert_int_equal(input_raw_file(&raw, "formats/none.txt", &e), ERR_IO);
    assert_string_equal(e.place, "formats/none.txt");
    assert_non_null(strstr(e.text, strerror(ENOENT)));
}

static void files_and_descriptors(void **state)
{
    (void)state;
    struct input_raw raw;
    struct input *in;
    struct buf a = {0}, b = {0};
    struct err e = {0};
    assert_int_equal(input_raw_file(&raw, "LICENSE", &e), 0);
    assert_int_equal(input_open(&in, "LICENSE", raw, &default_limits, &e), 0);
    assert_int_equal(input_read_all(in, &a, SIZE_MAX, &e), 0);
    input_close(in);
    struct stat st;
    assert_int_equal(stat("LICENSE", &st), 0);
    assert_int_equal(a.n, st.st_size);

    int p[2];
    assert_int_equal(pipe(p), 0);
    assert_int_equal(write(p[1], a.p, a.n), a.n);
    assert_int_equal(close(p[1]), 0);
    assert_int_equal(input_raw_fd(&raw, p[0], &e), 0);
    assert_int_equal(input_open(&in, "-", raw, &default_limits, &e), 0);
    assert_int_equal(input_read_all(in, &b, SIZE_MAX, &e), 0);
    input_close(in);
    assert_int_equal(b.n, a.n);
    assert_memory_equal(b.p, a.p, a.n);
    assert_int_equal(close(p[0]), 0); /* it was left open */

    assert_int_equal(input_raw_fd(&raw, p[0], &e), 0);
    assert_int_equal(input_open(&in, "-", raw, &default_limits, &e), 0);
    assert_int_equal(input_read_all(in, &b, SIZE_MAX, &e), ERR_IO);
    assert_non_null(strstr(e.text, strerror(EBADF)));
    input_close(in);
    buf_free(&a);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(peek_shows_what_is_needed),
        cmocka_unit_test(long_needs_are_met),
        cmocka_unit_test(bytes_before_a_fault_are_kept),
        cmocka_unit_test(read_all_has_a_limit),
        cmocka_unit_test(gzip_is_peeled),
        cmocka_unit_test(third_layer_is_foreign),
        cmocka_unit_test(empty_gzip_is_empty),
        cmocka_unit_test(bytes_behind_gzip_are_told),
        cmocka_unit_test(cut_gzip_gives_good_bytes),
        cmocka_unit_test(damaged_gzip_is_told),
        cmocka_unit_test(bombs_are_stopped),
        cmocka_unit_test(files_that_cannot_be_read),
        cmocka_unit_test(files_and_descriptors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
