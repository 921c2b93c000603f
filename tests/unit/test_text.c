/* SPDX-License-Identifier: MIT */
/* Lines: every encoding, line end and block size gives the same ones. */
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

/* Joins the lines as "text|eol " for comparison: n = none, l = LF, c = CR LF, C. */
static int lines_of(const void *p, size_t n, size_t block, struct buf *out,
                    struct text **keep)
{
    struct input *in = open_bytes(p, n, block, &default_limits);
    struct text *t;
    struct err e = {0};
    assert_int_equal(text_open(&t, in, &default_limits, &e), 0);
    struct text_line line;
    int r;
    for (uint64_t number = 1; (r = text_next(t, &line, &e)) > 0; number++) {
        assert_int_equal(line.number, number);
        assert_null(memchr(line.p, '\n', line.n));
        add(out, line.p, line.n);
        add(out, "|", 1);
        add(out, &"nlcC"[line.eol], 1);
        add(out, " ", 1);
    }
    assert_int_equal(text_next(t, &line, &e), r);
    *keep = t;
    input_close(in);
    return r;
}

struct facts {
    enum pool_encoding encoding;
    bool one_byte, control_z, nuls, exact;
};

static void assert_lines(const void *p, size_t n, const char *want, struct facts f)
{
    for (size_t i = 0; i < BLOCKS; i++) {
        struct buf got = {0};
        struct text *t;
        assert_int_equal(lines_of(p, n, blocks[i], &got, &t), 0);
        add(&got, "", 1);
        assert_string_equal((const char *)got.p, want);
        assert_int_equal(text_encoding(t), f.encoding);
        assert_int_equal(text_is_one_byte(t), f.one_byte);
        assert_int_equal(text_had_control_z(t), f.control_z);
        assert_int_equal(text_had_nul_padding(t), f.nuls);
        assert_int_equal(text_is_exact(t), f.exact);
        text_close(t);
        buf_free(&got);
    }
}

/* ---- encodings ---- */

/* Appends UTF-8 text in that encoding, without its mark. */
static void add_encoded(struct buf *b, const char *text, enum pool_encoding enc)
{
    bool wide = enc != ENC_PLAIN && enc != ENC_UTF8_MARK;
    bool big = enc == ENC_UTF16BE || enc == ENC_UTF16BE_MARK;
    const uint8_t *p = (const uint8_t *)text;
    if (!wide) {
        add(b, text, strlen(text));
        return;
    }
    while (*p != 0) {
        int more = *p < 0x80 ? 0 : *p < 0xe0 ? 1 : *p < 0xf0 ? 2 : 3;
        uint32_t c = more == 0 ? *p : *p & (0x3fu >> more);
        for (p++; more > 0; more--)
            c = c << 6 | (*p++ & 0x3f);
        uint32_t units[2] = {c, 0};
        if (c >= 0x10000) {
            units[0] = 0xd800 + ((c - 0x10000) >> 10);
            units[1] = 0xdc00 + ((c - 0x10000) & 0x3ff);
        }
        for (int i = 0; i < (c >= 0x10000 ? 2 : 1); i++) {
            uint8_t high = (uint8_t)(units[i] >> 8), low = (uint8_t)units[i];
            uint8_t two[2] = {big ? high : low, big ? low : high};
            add(b, two, 2);
        }
    }
}

static const char *const marks[] = {"", "\xef\xbb\xbf", "", "\xff\xfe", "", "\xfe\xff"};

static void every_encoding_gives_the_same(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"", ""},
        {"Tag\n", "Tag|l "},
        {"Tag", "Tag|n "},
        {" Tag  Type\nNtfF\n\nlast", " Tag  Type|l NtfF|l |l last|n "},
        {" Tag  Type\r\nNtfF\r\n\r\nlast", " Tag  Type|c NtfF|c |c last|n "},
        {" Tag  Type\r\r\nNtfF\r\r\n", " Tag  Type|C NtfF|C "},
        {"Speicher: \xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80\r\n\xc3\xbc\n",
         "Speicher: \xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80|c \xc3\xbc|l "},
        {"mixed\nends\r\na\rb\n", "mixed|l ends|c a\rb|l "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (enum pool_encoding enc = ENC_PLAIN; enc <= ENC_UTF16BE_MARK; enc++) {
            struct buf b = {0};
            if (marks[enc][0] == '\0' && enc != ENC_PLAIN && cases[i].text[0] == '\0')
                continue; /* nothing would tell */
            add(&b, marks[enc], strlen(marks[enc]));
            add_encoded(&b, cases[i].text, enc);
            assert_lines(b.p, b.n, cases[i].want,
                         (struct facts){.encoding = enc, .exact = true});
            buf_free(&b);
        }
    }
}

#define CASE(bytes, want, ...)                                                           \
    {                                                                                    \
        (bytes), sizeof(bytes) - 1, (want),                                              \
        {                                                                                \
            .encoding = __VA_ARGS__                                                      \
        }                                                                                \
    }
struct odd_case {
    const char *bytes;
    size_t n;
    const char *want;
    struct facts facts;
};

static void run_cases(const struct odd_case *c, size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_lines(c[i].bytes, c[i].n, c[i].want, c[i].facts);
}

static void one_byte_text_is_told(void **state)
{
    (void)state;
    static const struct odd_case cases[] = {
        CASE("\xe4\xf6\n", "\xe4\xf6|l ", ENC_PLAIN, .one_byte = true, .exact = true),
        CASE("a\x80z\n", "a\x80z|l ", ENC_PLAIN, .one_byte = true, .exact = true),
        CASE("\xc3", "\xc3|n ", ENC_PLAIN, .one_byte = true, .exact = true),
        CASE("\xe2\x82\n", "\xe2\x82|l ", ENC_PLAIN, .one_byte = true, .exact = true),
        CASE("\xc0\x80\n", "\xc0\x80|l ", ENC_PLAIN, .one_byte = true, .exact = true),
        CASE("\xe0\x80\x80\n", "\xe0\x80\x80|l ", ENC_PLAIN, .one_byte = true,
             .exact = true),
        CASE("\xed\xa0\x80\n", "\xed\xa0\x80|l ", ENC_PLAIN, .one_byte = true,
             .exact = true),
        CASE("\xf4\x90\x80\x80\n", "\xf4\x90\x80\x80|l ", ENC_PLAIN, .one_byte = true,
             .exact = true),
        CASE("\xf4\x8f\xbf\xbf\n", "\xf4\x8f\xbf\xbf|l ", ENC_PLAIN, .exact = true),
        CASE("\xed\x9f\xbf\xe0\xa0\x80\n", "\xed\x9f\xbf\xe0\xa0\x80|l ", ENC_PLAIN,
             .exact = true),
    };
    run_cases(cases, sizeof cases / sizeof *cases);
}

static void odd_utf16_is_tolerated(void **state)
{
    (void)state;
    static const struct odd_case cases[] = {
        CASE("\xff\xfe", "", ENC_UTF16LE_MARK, .exact = true),
        CASE("\xff\xfe\x61\0\x0a\0\x62", "a|l b|n ", ENC_UTF16LE_MARK),
        CASE("\xff\xfe\x61\0\x62\0\x0a", "ab|n ", ENC_UTF16LE_MARK),
        CASE("\xff\xfe\x61\0\0\xd8\x62\0",
             "a\xef\xbf\xbd"
             "b|n ",
             ENC_UTF16LE_MARK),
        CASE("\xff\xfe\x61\0\0\xdc\x62\0",
             "a\xef\xbf\xbd"
             "b|n ",
             ENC_UTF16LE_MARK),
        CASE("\xff\xfe\x61\0\0\xd8\0\xd8\0\xdc", "a\xef\xbf\xbd\xf0\x90\x80\x80|n ",
             ENC_UTF16LE_MARK),
        CASE("\xff\xfe\x61\0\0\xd8", "a\xef\xbf\xbd|n ", ENC_UTF16LE_MARK),
        CASE("\xfe\xff\0\x61\0\x0d\0\x0a\0\x1a", "a|c ", ENC_UTF16BE_MARK,
             .control_z = true),
        CASE("\xff\xfe\x61\0\x0a\0\0\0\0\0", "a|l ", ENC_UTF16LE_MARK, .nuls = true),
        CASE("\xff\xfe\x61\0\x0a\0\xff\xfe\x62\0\x0a\0", "a|l b|l ", ENC_UTF16LE_MARK),
        CASE("\xff\xfe\x61\0\x0a\0\xfe\xff\0\x62\0\x0a", "a|l b|l ", ENC_UTF16LE_MARK),
        CASE("\xff\xfe\x61\0\xff\xfe\x0a\0", "a\xef\xbb\xbf|l ", ENC_UTF16LE_MARK,
             .exact = true),
    };
    run_cases(cases, sizeof cases / sizeof *cases);
}

static void ends_of_files(void **state)
{
    (void)state;
    static const struct odd_case cases[] = {
        CASE("a\n\x1a", "a|l ", ENC_PLAIN, .control_z = true),
        CASE("a\x1a", "a|n ", ENC_PLAIN, .control_z = true),
        CASE("a\r\n\x1a\x1a\x1a", "a|c ", ENC_PLAIN, .control_z = true),
        CASE("a\n\x1a\0\0\0", "a|l ", ENC_PLAIN, .control_z = true, .nuls = true),
        CASE("a\n\0\0\0\0\0\0\0\0\0\0\0\0", "a|l ", ENC_PLAIN, .nuls = true),
        CASE("a\n\x1a\nb\n", "a|l \x1a|l b|l ", ENC_PLAIN, .exact = true),
        CASE("\x1a", "", ENC_PLAIN, .control_z = true),
        CASE("ab\0\0cd\n", "abcd|l ", ENC_PLAIN, .nuls = true),
        CASE("\0\0\0\0\0\0\0\0\0", "", ENC_PLAIN, .nuls = true),
        CASE("a\nb\r", "a|l b|n ", ENC_PLAIN),
        CASE("a\n\r", "a|l ", ENC_PLAIN),
        CASE("a\r\r\r\n", "a|C ", ENC_PLAIN),
        CASE("a\rb\r\rc\r", "a|l b|l |l c|l ", ENC_PLAIN),
        CASE("a\rb", "a|l b|n ", ENC_PLAIN),
        CASE("\r", "|l ", ENC_PLAIN),
        CASE("\n", "|l ", ENC_PLAIN, .exact = true),
    };
    run_cases(cases, sizeof cases / sizeof *cases);
}

/* What `>>` of shells that disagree, and copy a+b, make of a file. */
static void encodings_change_behind_lines(void **state)
{
    (void)state;
    static const char first[] = " Memory: 8388148K Avail: 5123456K\r\n";
    static const char second[] = " Commit: 2412224K Limit:12345678K Peak:1\r\nNtfF\r\n";
    static const char want[] = " Memory: 8388148K Avail: 5123456K|c "
                               " Commit: 2412224K Limit:12345678K Peak:1|c NtfF|c ";
    for (enum pool_encoding a = ENC_PLAIN; a <= ENC_UTF16BE_MARK; a++) {
        for (enum pool_encoding b = ENC_PLAIN; b <= ENC_UTF16BE_MARK; b++) {
            bool wide = a != ENC_PLAIN && a != ENC_UTF8_MARK;
            bool then_wide = b != ENC_PLAIN && b != ENC_UTF8_MARK;
            bool unmarked = b == ENC_UTF16LE || b == ENC_UTF16BE;
            bool big = a == ENC_UTF16BE || a == ENC_UTF16BE_MARK;
            if (wide && unmarked && big != (b == ENC_UTF16BE))
                continue; /* nothing tells that the bytes were exchanged */
            if (wide && b == ENC_UTF8_MARK)
                continue;
            struct buf all = {0};
            add(&all, marks[a], strlen(marks[a]));
            add_encoded(&all, first, a);
            add(&all, marks[b], strlen(marks[b]));
            add_encoded(&all, second, b);
            bool exact = wide ? then_wide && unmarked : b == ENC_PLAIN;
            bool nuls = !wide && unmarked;
            assert_lines(all.p, all.n, want,
                         (struct facts){.encoding = a, .nuls = nuls, .exact = exact});
            buf_free(&all);
        }
    }
    struct buf cut = {0}; /* a short ASCII end behind UTF-16 */
    add(&cut, marks[ENC_UTF16LE_MARK], 2);
    add_encoded(&cut, "a\n", ENC_UTF16LE);
    add(&cut, "\r\nend", 5);
    assert_lines(cut.p, cut.n, "a|l |c end|n ",
                 (struct facts){.encoding = ENC_UTF16LE_MARK});
    buf_free(&cut);
}

/* Letters of which both bytes could be ASCII stay what they are. */
static void wide_letters_are_no_ascii(void **state)
{
    (void)state;
    static const char text[] =
        "\xe4\xb8\xad\xe5\x9b\xbd\xe6\xb1\x89\n\xe6\xb1\x89\xe5\xad\x97\n";
    struct buf b = {0};
    add(&b, "\xff\xfe", 2);
    add_encoded(&b, text, ENC_UTF16LE);
    assert_lines(b.p, b.n,
                 "\xe4\xb8\xad\xe5\x9b\xbd\xe6\xb1\x89|l \xe6\xb1\x89\xe5\xad\x97|l ",
                 (struct facts){.encoding = ENC_UTF16LE_MARK, .exact = true});
    buf_free(&b);
}

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
        cmocka_unit_test(every_encoding_gives_the_same),
        cmocka_unit_test(one_byte_text_is_told),
        cmocka_unit_test(odd_utf16_is_tolerated),
        cmocka_unit_test(ends_of_files),
        cmocka_unit_test(encodings_change_behind_lines),
        cmocka_unit_test(wide_letters_are_no_ascii),
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
