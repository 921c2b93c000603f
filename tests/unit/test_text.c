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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_encoding_gives_the_same),
        cmocka_unit_test(one_byte_text_is_told),
        cmocka_unit_test(odd_utf16_is_tolerated),
        cmocka_unit_test(ends_of_files),
        cmocka_unit_test(encodings_change_behind_lines),
        cmocka_unit_test(wide_letters_are_no_ascii),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
