/* SPDX-License-Identifier: MIT */
/* What readers of other tools' tables share: marks before a line, words, titles, tags
 * below them, figures that can stand together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "formats/text/gather.h"

static struct text_line line_of(const char *p)
{
    return (struct text_line){.p = p, .n = strlen(p), .number = 1};
}

static void marks_before_a_line(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        size_t behind;
    } t[] = {
        {"abc", 0},   {"> abc", 2},  {"> > abc", 4}, {">> abc", 3}, {"  > abc", 4},
        {">abc", 0},  {"> >abc", 2}, {">  abc", 2},  {"> ", 2},     {">", 0},
        {"a > b", 0}, {"", 0},       {"  abc", 0},   {"| abc", 0},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct gather g = {.marked_row = 0};
        const struct text_line l = line_of(t[i].line), bare = gather_bare(&g, &l);
        if (bare.p != l.p + t[i].behind || bare.n != l.n - t[i].behind ||
            g.marked != (t[i].behind > 0))
            fail_msg("'%s': %zu", t[i].line, (size_t)(bare.p - l.p));
        assert_int_equal(bare.number, 1);
        assert_int_equal(gather_bare(NULL, &l).n, bare.n);
    }
}

static void words_of_a_line(void **state)
{
    (void)state;
    const struct text_line l = line_of("  a bc\td  e");
    static const char *const words[] = {"a", "bc\td", "e"};
    size_t at = 0;
    struct cell c;
    for (size_t i = 0; i < 3; i++) {
        assert_true(gather_word(&l, &at, &c));
        assert_int_equal(c.n, strlen(words[i]));
        assert_memory_equal(c.p, words[i], c.n);
    }
    assert_int_equal(at, l.n);
    assert_false(gather_word(&l, &at, &c));
}

static void titles_of_a_line(void **state)
{
    (void)state;
    static const char *const titles[] = {"Tag", "NP", "Bytes"};
    static const struct {
        const char *line;
        bool are;
        size_t first, end;
    } t[] = {
        {"Tag NP Bytes", true, 0, 12},   {"  Tag   NP  Bytes  x", true, 2, 17},
        {"Tag NP", false, 0, 0},         {"Tag NP bytes", false, 0, 0},
        {"Tag NPx Bytes", false, 0, 0},  {"Tag N Bytes", false, 0, 0},
        {"x Tag NP Bytes", false, 0, 0}, {"", false, 0, 0},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        const struct text_line l = line_of(t[i].line);
        size_t first, end;
        const bool are = gather_titles(&l, titles, 3, &first, &end);
        if (are != t[i].are || (are && (first != t[i].first || end != t[i].end)))
            fail_msg("'%s'", t[i].line);
    }
}

static void tags_below_a_title(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        size_t title;
        const char *tag; /* NULL: none stands there */
    } t[] = {
        {"Irp  1", 0, "Irp "},   {"a b  1", 0, "a b "}, {"  Irp  1", 2, "Irp "},
        {"  Irp  1", 1, " Irp"}, {"Irpx1", 0, NULL},    {"Irpx", 0, NULL},
        {"Irpx ", 0, "Irpx"},    {"    1 2", 0, NULL},  {"Irp", 0, NULL},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        const struct text_line l = line_of(t[i].line);
        struct pool_tag tag;
        size_t end;
        const bool is = gather_tag_below(&l, t[i].title, false, &tag, &end);
        if (is != (t[i].tag != NULL) || (is && memcmp(tag.b, t[i].tag, 4) != 0))
            fail_msg("'%s': %.4s", t[i].line, is ? (const char *)tag.b : "none");
        assert_int_equal(end, t[i].title + 4);
    }
    struct pool_tag tag;
    size_t end;
    const struct text_line word = line_of("  Io 1"), none = line_of("  ");
    assert_true(gather_tag_word(&word, false, &tag, &end));
    assert_memory_equal(tag.b, "Io  ", 4);
    assert_int_equal(end, 4);
    assert_false(gather_tag_word(&none, false, &tag, &end));
}

static void figures_together(void **state)
{
    (void)state;
    assert_true(gather_bytes_fit(0, 0));
    assert_true(gather_bytes_fit(5, 5));
    assert_false(gather_bytes_fit(5, 4));
    assert_false(gather_bytes_fit(5, 0));
    assert_false(gather_bytes_fit(0, 5));
    const unsigned all = ROW_ALLOCS | ROW_FREES | ROW_LIVE | ROW_BYTES;
    static const struct {
        uint64_t allocs, frees, live, bytes;
        bool given, proved;
    } t[] = {
        {9, 4, 5, 50, true, true},
        {9, 4, 6, 50, true, false},
        {9, 4, 5, 4, true, false},
        {9, 9, 0, 0, true, true},
        {0, 0, 0, 0, true, false},
        {9, 4, 5, 50, false, false},
        {4, 9, 4294967291, UINT64_MAX, true, true},
        {4294967296, 0, 4294967296, 4294967296, true, true},
        {0, 4294967296, 0, 0, true, false},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        for (unsigned k = 0; k < POOL_KINDS; k++) {
            struct gather_pair p = {.line = 1};
            p.pool[k] = (struct pool_row){.allocs = t[i].allocs,
                                          .frees = t[i].frees,
                                          .live = t[i].live,
                                          .bytes = t[i].bytes,
                                          .fields = t[i].given ? (uint16_t)all : 0};
            if (gather_pair_proved(&p) != t[i].proved)
                fail_msg("%zu of pool %u", i, k);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_before_a_line), cmocka_unit_test(words_of_a_line),
        cmocka_unit_test(titles_of_a_line),    cmocka_unit_test(tags_below_a_title),
        cmocka_unit_test(figures_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
