/* SPDX-License-Identifier: MIT */
/* Lines that a caller passes over by himself: whichever of them he takes so, all others
 * are those that text_next alone gives, and the same is told about them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "formats/io/text.h"
#include "tests/tools/chance.h"
#include "tests/unit/packed.h"

enum { LINES_MAX = 20000 };

/* ---- texts ---- */

static void add_wide(struct buf *b, const char *text, bool big)
{
    for (; *text != '\0'; text++) {
        const char two[2] = {big ? 0 : *text, big ? *text : 0};
        add(b, two, 2);
    }
}

/* A line of figures, most often one of few lengths. */
static void add_figures(struct buf *b, struct rng *c)
{
    static const char blanks[] = "                                            ";
    char line[128];
    const int letter =
        'a' + (int)rng_below(c, 26); /* one after the other on any machine */
    const unsigned figure = (unsigned)rng_below(c, 1000);
    const int gap = (int)rng_below(c, 40);
    int n = snprintf(line, sizeof line, " Tag%c Nonp %u %.*s%u", letter, figure, gap,
                     blanks, (unsigned)rng_below(c, 1u << 20));
    add(b, line, (size_t)n);
    add(b, "\r\n", 2);
}

static void add_oddity(struct buf *b, struct rng *c)
{
    static const struct {
        const char *p;
        size_t n;
    } odd[] = {
        {"\r\n", 2},
        {"\n", 1},
        {"a\0b\r\n", 5},
        {"\0\0\0\0", 4},
        {"\xe4\xf6 one\r\n", 8},
        {"\xc3\xa4 two\r\n", 8},
        {"\xef\xbb\xbf", 3},
        {"a\rb\r\n", 5},
        {"CR CR LF\r\r\n", 11},
        {"odd\r\r\r\r\n", 8},
        {"\x1a\r\n", 3},
        {"no end yet ", 11},
        {"\xe2\x82\r\n", 4},
        {"\x80", 1},
    };
    const size_t which = rng_below(c, sizeof odd / sizeof *odd + 4);
    if (which < sizeof odd / sizeof *odd) {
        add(b, odd[which].p, odd[which].n);
        return;
    }
    switch (which % 4) {
    case 0:
        for (uint64_t i = 50 + rng_below(c, 4000); i > 0; i--)
            add(b, "long line ", 10);
        add(b, "\n", 1);
        break;
    case 1:
        add(b, "\xff\xfe", 2);
        add_wide(b, "wide\r\n Tagw Nonp 1 2\r\n", false);
        break;
    case 2:
        add(b, "\xfe\xff", 2);
        add_wide(b, "wide the other way\r\n\r\n", true);
        break;
    default:
        add_wide(b, "wide without mark\r\n", false);
        break;
    }
}

/* `odd`: one line in so many is an odd one. */
static struct buf some_text(struct rng *c, size_t n, uint32_t odd)
{
    struct buf b = {0};
    while (b.n < n) {
        if (rng_below(c, odd) == 0)
            add_oddity(&b, c);
        else
            add_figures(&b, c);
    }
    if (rng_below(c, 3) == 0)
        add(&b, "the end", rng_below(c, 8));
    if (rng_below(c, 8) == 0)
        add(&b, "\x1a\x1a", 2);
    return b;
}

/* ---- two ways through one ---- */

/* What was told when a line had been given. */
struct told {
    uint64_t hash;
    bool one_byte, exact;
};

struct walk {
    struct told v[LINES_MAX];
    size_t n;
    size_t passed; /* lines not given */
    struct told end;
    bool control_z, nuls;
};

static uint64_t hash_line(const char *p, size_t n, uint8_t eol)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325) ^ eol;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (uint8_t)p[i]) * UINT64_C(0x100000001b3);
    return h;
}

/* The length of the line at p with its end, or 0: it is not one to be passed over. */
static size_t known_line(const char *p, size_t n)
{
    if (n == 0)
        return 0;
    const char *lf = memchr(p, '\n', n < TEXT_REST_LINE ? n : TEXT_REST_LINE);
    if (lf == NULL)
        return 0;
    const size_t all = (size_t)(lf - p) + 1;
    const size_t text = all > 1 && lf[-1] == '\r' ? all - 2 : all - 1;
    for (size_t i = 0; i < text; i++)
        if (p[i] < 0x20 || p[i] > 0x7e)
            return 0;
    return all;
}

/* Passes over some of the lines behind the one that was given. */
static void pass_over(struct text *t, struct walk *w, struct rng *c)
{
    for (uint64_t rounds = rng_below(c, 4); rounds > 0; rounds--) {
        const struct text_rest rest = text_rest(t);
        uint64_t most = rng_below(c, 400);
        size_t at = 0, lines = 0;
        while (lines < most) {
            const size_t n = known_line(rest.p + at, rest.n - at);
            if (n == 0)
                break;
            const bool cr = n > 1 && rest.p[at + n - 2] == '\r';
            assert_true(w->n < LINES_MAX);
            assert_int_equal(rest.number + lines, w->n + 1);
            w->v[w->n++].hash =
                hash_line(rest.p + at, n - (cr ? 2 : 1), cr ? EOL_CRLF : EOL_LF);
            at += n;
            lines++;
        }
        text_skip(t, at, lines);
        w->passed += lines;
    }
}

static void walk(const struct buf *b, size_t block, struct rng *c, struct walk *w)
{
    struct input *in = open_bytes(b->p, b->n, block, &default_limits);
    struct text *t;
    struct text_line line;
    const struct text_line *ahead;
    struct err e = {0};
    int r;
    w->n = w->passed = 0;
    assert_int_equal(text_open(&t, in, &default_limits, &e), 0);
    while ((r = text_next(t, &line, &e)) > 0) {
        assert_true(w->n < LINES_MAX);
        assert_int_equal(line.number, w->n + 1);
        struct told *told = &w->v[w->n++];
        told->one_byte = text_is_one_byte(t);
        told->exact = text_is_exact(t);
        if (c != NULL && rng_below(c, 20) == 0)
            assert_true(text_peek(t, &ahead, 1 + rng_below(c, TEXT_LOOKAHEAD), &e) >= 0);
        if (c != NULL && rng_below(c, 2) == 0)
            pass_over(t, w, c);
        told->hash = hash_line(line.p, line.n, line.eol);
    }
    assert_int_equal(r, 0);
    w->end.one_byte = text_is_one_byte(t);
    w->end.exact = text_is_exact(t);
    w->control_z = text_had_control_z(t);
    w->nuls = text_had_nul_padding(t);
    text_close(t);
    input_close(in);
}

static void assert_same_walk(const struct buf *b, size_t block, struct rng *c,
                             struct walk *plain, struct walk *w)
{
    for (size_t i = 0; i < LINES_MAX; i++)
        w->v[i] = plain->v[i]; /* nothing is told of a line that is passed over */
    walk(b, block, c, w);
    assert_int_equal(w->n, plain->n);
    for (size_t i = 0; i < w->n; i++)
        if (w->v[i].hash != plain->v[i].hash ||
            w->v[i].one_byte != plain->v[i].one_byte ||
            /* a look behind the last line may have found the 1A there */
            (w->v[i].exact != plain->v[i].exact && i + 1 < w->n))
            fail_msg("line %zu is not the same", i + 1);
    assert_int_equal(w->end.one_byte, plain->end.one_byte);
    assert_int_equal(w->end.exact, plain->end.exact);
    assert_int_equal(w->control_z, plain->control_z);
    assert_int_equal(w->nuls, plain->nuls);
}

static void texts_are_the_same(size_t n, uint32_t odd, unsigned rounds)
{
    static struct walk plain, other;
    static const size_t blocks[] = {0, 1, 97, 4096, 65536};
    struct rng c = {.s = n + odd};
    size_t passed = 0;
    for (unsigned i = 0; i < rounds; i++) {
        struct buf b = some_text(&c, n, odd);
        walk(&b, 0, NULL, &plain);
        for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) {
            assert_same_walk(&b, blocks[k], &c, &plain, &other);
            passed += other.passed;
        }
        buf_free(&b);
    }
    assert_true(passed > rounds * 5);
}

static void short_texts(void **state)
{
    (void)state;
    texts_are_the_same(3000, 4, 300);
    texts_are_the_same(20000, 40, 60);
}

static void long_texts(void **state)
{
    (void)state;
    texts_are_the_same(800000, 5000, 4);
    texts_are_the_same(700000, 300, 6);
}

/* ---- where nothing, or not everything, is shown ---- */

static void lines_that_wait_are_not_passed_over(void **state)
{
    (void)state;
    struct input *in = open_bytes("a\nb\nc\nd\n", 8, 0, &default_limits);
    struct text *t;
    struct text_line line;
    const struct text_line *ahead;
    struct err e = {0};
    assert_int_equal(text_open(&t, in, &default_limits, &e), 0);
    assert_int_equal(text_next(t, &line, &e), 1);
    assert_int_equal(text_peek(t, &ahead, 1, &e), 1);
    assert_int_equal(text_rest(t).n, 0);
    text_close(t);
    input_close(in);
}

/* Half a line at the end of what is there at once is shown whole. */
static void lines_across_reads_are_shown(void **state)
{
    (void)state;
    static const char row[] =
        " Abcd Nonp      12345     12345         0         0          0\r\n";
    const size_t n = sizeof row - 1;
    struct buf b = {0};
    for (int i = 0; i < 30000; i++)
        add(&b, row, n);
    for (size_t block = 100; block <= 100000; block *= 10) {
        struct input *in = open_bytes(b.p, b.n, block, &default_limits);
        struct text *t;
        struct text_line line;
        struct err e = {0};
        size_t given = 0, passed = 0;
        assert_int_equal(text_open(&t, in, &default_limits, &e), 0);
        for (; text_next(t, &line, &e) > 0; given++) {
            struct text_rest rest;
            while ((rest = text_rest(t)).n >= n) {
                text_skip(t, rest.n / n * n, rest.n / n);
                passed += rest.n / n;
            }
        }
        assert_int_equal(given, 1);
        assert_int_equal(passed, 29999);
        text_close(t);
        input_close(in);
    }
    buf_free(&b);
}

/* Bytes before a fault are shown; text_next tells of it, in its place. */
static void faults_are_told_behind_what_is_shown(void **state)
{
    (void)state;
    static const char row[] = " Abcd Nonp      12345     12345\r\n";
    const size_t n = sizeof row - 1;
    struct buf plain = {0};
    for (int i = 0; i < 20000; i++)
        add(&plain, row, n);
    struct buf b = gzipped(plain.p, plain.n);
    struct input *in = open_bytes(b.p, b.n - 20, 0, &default_limits);
    struct text *t;
    struct text_line line;
    struct text_rest rest;
    struct err e = {0};
    uint64_t lines = 1;
    assert_int_equal(text_open(&t, in, &default_limits, &e), 0);
    assert_int_equal(text_next(t, &line, &e), 1);
    while ((rest = text_rest(t)).n >= n) {
        assert_int_equal(rest.number, lines + 1);
        text_skip(t, n, 1);
        lines++;
    }
    assert_in_range(lines, 10000, 19999);
    assert_int_equal(text_next(t, &line, &e), ERR_FORMAT);
    assert_non_null(strstr(e.text, "ends early"));
    text_close(t);
    input_close(in);
    buf_free(&plain);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_texts),
        cmocka_unit_test(long_texts),
        cmocka_unit_test(lines_that_wait_are_not_passed_over),
        cmocka_unit_test(lines_across_reads_are_shown),
        cmocka_unit_test(faults_are_told_behind_what_is_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
