/* SPDX-License-Identifier: MIT */
/* One line of our JSON, as other programs write it: what stands in its columns, and which
 * lines are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/tidy/tidy.h"

#define CASE(line, cells)                                                                \
    {                                                                                    \
        line, sizeof line - 1, cells                                                     \
    }

static const struct {
    const char *line;
    size_t n;
    const char *cells; /* NULL: it is none */
} t[] = {
    CASE("{\"tag\":\"Proc\",\"bytes\":12}", "tag=Proc;bytes=12;"),
    CASE("{\"bytes\":12,\"tag\":\"Proc\"}", "tag=Proc;bytes=12;"),
    CASE(" {\t\"tag\" :\t\"Proc\" , \"bytes\": 12 }\t ", "tag=Proc;bytes=12;"),
    CASE("{\"bytes\":-1.5e+3}", "bytes=-1.5e+3;"),
    CASE("{\"bytes\":1E9}", "bytes=1E9;"),
    CASE("{\"tag\":\"\",\"bytes\":null}", "tag=;bytes=;"),
    CASE("{\"bytes\":true,\"live\":false}", "live=;bytes=;"),
    /* the keys of others */
    CASE("{\"x\":\"a\\\"b\\u0041\",\"tag\":\"Proc\"}", "tag=Proc;"),
    CASE("{\"x\":1,\"x\":null,\"\":\"\",\"tag\":\"Proc\"}", "tag=Proc;"),
    CASE("{\"x\":[1],\"tag\":\"Proc\"}", NULL),
    CASE("{\"x\":{},\"tag\":\"Proc\"}", NULL),
    CASE("{\"x\":,\"tag\":\"Proc\"}", NULL),
    CASE("{\"x\":\"\\q\",\"tag\":\"Proc\"}", NULL),
    /* strings */
    CASE("{\"tag\":\"\\\"\\\\\\/\"}", "tag=\"\\/;"),
    CASE("{\"tag\":\"\\b\\f\\n\\r\\t\"}", "tag=\b\f\n\r\t;"),
    CASE("{\"tag\":\"\\a\"}", NULL),
    CASE("{\"tag\":\"\\\0\"}", NULL),
    CASE("{\"tag\":\"a\tb\"}", NULL),
    CASE("{\"tag\":\"\x1f\"}", NULL),
    CASE("{\"tag\":\" \x7f\xc3\xa9\"}", "tag= \x7f\xc3\xa9;"),
    CASE("{\"tag\":\"Proc", NULL),
    CASE("{\"tag\":\"Proc\\", NULL),
    CASE("{\"tag\":\"Proc\\\"}", NULL),
    /* characters by their number */
    CASE("{\"tag\":\"\\u0041\\u007f\"}", "tag=A\x7f;"),
    CASE("{\"tag\":\"\\u0080\\u07ff\"}", "tag=\xc2\x80\xdf\xbf;"),
    CASE("{\"tag\":\"\\u0800\\uFFff\"}", "tag=\xe0\xa0\x80\xef\xbf\xbf;"),
    CASE("{\"tag\":\"\\ud7ff\\ue000\"}", "tag=\xed\x9f\xbf\xee\x80\x80;"),
    CASE("{\"tag\":\"\\ud800\\udc00\"}", "tag=\xf0\x90\x80\x80;"),
    CASE("{\"tag\":\"\\udbff\\udfff\"}", "tag=\xf4\x8f\xbf\xbf;"),
    CASE("{\"tag\":\"\\u0000\"}", NULL),
    CASE("{\"tag\":\"\\ud800\"}", NULL),
    CASE("{\"tag\":\"\\ud800 \"}", NULL),
    CASE("{\"tag\":\"\\ud800\\udbff\"}", NULL),
    CASE("{\"tag\":\"\\ud800\\ue000\"}", NULL),
    CASE("{\"tag\":\"\\ud800\\n0000\"}", NULL),
    CASE("{\"tag\":\"\\ud800/udc00\"}", NULL),
    CASE("{\"tag\":\"\\ud800\\udc0x\"}", NULL),
    CASE("{\"tag\":\"\\ud800\\udc0", NULL),
    CASE("{\"tag\":\"\\udc00\\ud800\"}", NULL),
    CASE("{\"tag\":\"\\udfff\"}", NULL),
    CASE("{\"tag\":\"\\u00g1\"}", NULL),
    CASE("{\"tag\":\"\\u004\"}", NULL),
    CASE("{\"tag\":\"\\u004", NULL),
    CASE("{\"tag\":\"\\U0041\"}", NULL),
    /* members */
    CASE("{\"tag\":\"a\",\"tag\":\"a\"}", NULL),
    CASE("{\"bytes\":null,\"bytes\":1}", NULL),
    CASE("{\"tag\":nul}", NULL),
    CASE("{\"tag\":nul", NULL),
    CASE("{\"tag\":Null}", NULL),
    CASE("{\"tag\":x}", NULL),
    CASE("{\"tag\":}", NULL),
    CASE("{\"tag\"}", NULL),
    CASE("{\"tag\" \"a\"}", NULL),
    CASE("{\"tag:1}", NULL),
    CASE("{tag:1}", NULL),
    CASE("{\"t\\u0061g\":\"a\"}", NULL),
    CASE("{\"tag\":\"a\" \"bytes\":1}", NULL),
    CASE("{\"tag\":\"a\",}", NULL),
    CASE("{,\"tag\":\"a\"}", NULL),
    CASE("{\"bytes\":1 2}", NULL),
    /* the line */
    CASE("", NULL),
    CASE("{", NULL),
    CASE("{}", NULL),
    CASE("[\"tag\",\"a\"]", NULL),
    CASE("\"tag\":\"a\"}", NULL),
    CASE("\"tag\":\"a\"", NULL),
    CASE("{\"tag\":\"a\"", NULL),
    CASE("{\"tag\":\"a\"}}", NULL),
    CASE("{\"tag\":\"a\"},", NULL),
    CASE("{\"tag\":\"a\"}{}", NULL),
};

/* What was read, by column. */
static void cells_of(const struct tidy_line *l, uint64_t given, char out[256])
{
    size_t n = 0;
    for (int c = 0; c < TIDY_COLUMNS; c++) {
        if ((given >> c & 1) == 0) {
            assert_int_equal(l->v[c].n, 0);
            continue;
        }
        n +=
            (size_t)snprintf(out + n, 256 - n, "%s=%.*s;", tidy_name((enum tidy_column)c),
                             (int)l->v[c].n, l->v[c].n > 0 ? l->v[c].p : "");
    }
    out[n] = '\0';
}

static void test_lines(void **state)
{
    (void)state;
    struct tidy_line l = {.given = 0};
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        uint64_t given;
        char cells[256] = "";
        char *line = malloc(t[i].n + 1); /* so that SAN=asan knows its end */
        assert_non_null(line);
        memcpy(line + 1, t[i].line, t[i].n);
        const int r = tidy_json(line + 1, t[i].n, &l, &given, NULL);
        free(line);
        if (r != (t[i].cells != NULL))
            fail_msg("%s: %d", t[i].line, r);
        if (r == 0)
            continue;
        assert_int_equal(l.given, given);
        cells_of(&l, given, cells);
        if (strcmp(cells, t[i].cells) != 0)
            fail_msg("%s: %s", t[i].line, cells);
    }
    tidy_line_free(&l);
}

/* Without a place for the cells: which columns there are, of the same lines. */
static void test_columns_alone(void **state)
{
    (void)state;
    struct tidy_line l = {.given = 0};
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        uint64_t given, alone;
        if (tidy_json(t[i].line, t[i].n, &l, &given, NULL) <= 0)
            continue;
        assert_int_equal(tidy_json(t[i].line, t[i].n, NULL, &alone, NULL), 1);
        assert_true(alone == given);
    }
    uint64_t none;
    assert_int_equal(tidy_json("{\"x\":1}", 7, NULL, &none, NULL), 1);
    assert_true(none == 0);
    assert_int_equal(tidy_json("{\"tag\":1", 8, NULL, &none, NULL), 0);
    tidy_line_free(&l);
}

/* The cells of the line before are gone. */
static void test_another_line(void **state)
{
    (void)state;
    struct tidy_line l = {.given = 0};
    uint64_t given;
    char cells[256];
    assert_int_equal(tidy_json("{\"tag\":\"Proc\"}", 14, &l, &given, NULL), 1);
    assert_int_equal(tidy_json("{\"bytes\":7}", 11, &l, &given, NULL), 1);
    cells_of(&l, given, cells);
    assert_string_equal(cells, "bytes=7;");
    tidy_line_free(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_columns_alone),
        cmocka_unit_test(test_another_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
