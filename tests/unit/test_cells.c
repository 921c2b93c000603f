/* SPDX-License-Identifier: MIT */
/* Cells of separated values, and numbers as windows print them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "formats/text/amount.h"
#include "formats/text/cells.h"
#include "formats/text/gather.h"
#include "formats/text/tokens.h"

/* The cells of a line, undoubled, behind one another in brackets. */
static enum cells_result join(const char *line, char separator, char out[256])
{
    struct cells c;
    enum cells_result r = cells_split(line, strlen(line), separator, &c);
    size_t n = 0;
    for (size_t i = 0; i < c.n; i++) {
        out[n++] = '[';
        n += cell_copy(&c.v[i], out + n, 64);
        out[n++] = ']';
    }
    out[n] = '\0';
    return r;
}

static void test_split(void **state)
{
    static const struct {
        const char *line, *cells;
        char separator;
        enum cells_result result;
    } t[] = {
        {"", "[]", ',', CELLS_WHOLE},
        {"a,b", "[a][b]", ',', CELLS_WHOLE},
        {"a,,b,", "[a][][b][]", ',', CELLS_WHOLE},
        {"\"a,b\",\"c\"\"d\"", "[a,b][c\"d]", ',', CELLS_WHOLE},
        {" \"a\" ,b", "[a][b]", ',', CELLS_WHOLE},
        {"a\"b,c", "[a\"b][c]", ',', CELLS_WHOLE},
        {"\"\",\"\"\"\"", "[][\"]", ',', CELLS_WHOLE},
        {"a;b,c", "[a][b,c]", ';', CELLS_WHOLE},
        {"a\tb", "[a][b]", '\t', CELLS_WHOLE},
        {"a,\"b", "[a][b]", ',', CELLS_OPEN},
        {"\"a\"b,c", "[a]", ',', CELLS_WRONG},
    };
    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        char out[256];
        assert_int_equal(join(t[i].line, t[i].separator, out), t[i].result);
        assert_string_equal(out, t[i].cells);
    }
}

static void test_too_many_cells(void **state)
{
    char line[CELLS_MAX + 1];
    struct cells c;
    (void)state;
    memset(line, ',', sizeof line);
    assert_int_equal(cells_split(line, CELLS_MAX - 1, ',', &c), CELLS_WHOLE);
    assert_int_equal(c.n, CELLS_MAX);
    assert_int_equal(cells_split(line, CELLS_MAX, ',', &c), CELLS_WRONG);
    assert_int_equal(c.n, CELLS_MAX);
}

static void test_cell_numbers(void **state)
{
    static const struct cell good = {.p = " 18446744073709551615 ", .n = 22},
                             over = {.p = "18446744073709551616", .n = 20},
                             minus = {.p = "-4294967285", .n = 11},
                             word = {.p = "12a", .n = 3}, none = {.p = " ", .n = 1};
    uint64_t v = 0;
    int64_t i = 0;
    bool wrapped = false;
    (void)state;
    assert_true(cell_u64(&good, &v));
    assert_int_equal(v, UINT64_MAX);
    assert_false(cell_u64(&over, &v));
    assert_false(cell_u64(&word, &v));
    assert_false(cell_u64(&none, &v));
    assert_true(cell_i64(&minus, &i));
    assert_int_equal(i, -4294967285);
    assert_true(gather_count(&minus, &v, &wrapped));
    assert_true(wrapped);
    assert_int_equal(v, 11); /* modulo 2^32 */
    assert_true(cell_empty(&none));
}

static void test_counts(void **state)
{
    static const struct {
        const char *text;
        uint64_t v;
        bool good;
    } t[] = {
        {"0", 0, true},
        {"8665967", 8665967, true},
        {"8,665,967", 8665967, true},
        {"8.665.967", 8665967, true},
        {"8 665 967", 8665967, true},
        {"8'665'967", 8665967, true},
        {"8\xe2\x80\xaf"
         "665\xe2\x80\xaf"
         "967",
         8665967, true},
        {"8\xc2\xa0"
         "665",
         8665, true},
        {"12,34,567", 1234567, true},
        {"18,446,744,073,709,551,615", UINT64_MAX, true},
        {"18,446,744,073,709,551,616", 0, false},
        {"8,665.967", 0, false},
        {"8,66", 0, false},
        {"8665,967", 0, false},
        {"8,,665", 0, false},
        {"1.39 GB", 0, false},
        {"", 0, false},
        {"-5", 0, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        uint64_t v = 0;
        assert_int_equal(amount_count(t[i].text, strlen(t[i].text), &v), t[i].good);
        if (t[i].good)
            assert_int_equal(v, t[i].v);
    }
}

static void test_sizes(void **state)
{
    static const struct {
        const char *text;
        uint64_t bytes;
        bool good, unit, rounded;
    } t[] = {
        {"0 B", 0, true, true, false},
        {"704 B", 704, true, true, false},
        {"4095", 4095, true, false, false},
        {"1460039 KB", 1495079936, true, true, true},
        {"1.5 kB", 1536, true, true, true},
        {"1,5 kB", 1536, true, true, true},
        {"1,023.5 KiB", 1048064, true, true, true},
        {"1.023,5 KB", 1048064, true, true, true},
        {"1,39 GB", 1492501135, true, true, true},
        {"1.39\xc2\xa0GB", 1492501135, true, true, true},
        {"2T", 2199023255552, true, true, true},
        {"1.5 B", 0, false, false, false},
        {"1.5", 0, false, false, false},
        {"99999999999999999 GB", 0, false, false, false},
        {"4 apples", 0, false, false, false},
        {"4 MiB", 4194304, true, true, true},
        {"4 b", 4, true, true, false},
        {"4 P", 4503599627370496, true, true, true},
        {"1.12 K", 1147, true, true, true},
        {"1.1235 K", 0, false, false, false},
        {"4 BB", 0, false, false, false},
        {"4 BiB", 0, false, false, false},
        {"4 KX", 0, false, false, false},
        {"4 KiX", 0, false, false, false},
        {"4 KXB", 0, false, false, false},
        {"4 KiBs", 0, false, false, false},
        {"4 X", 0, false, false, false},
        {"16383 P", 18445618173802708992u, true, true, true},
        {"16384 P", 0, false, false, false},
        {"4.", 0, false, false, false},
        {"", 0, false, false, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct amount_size s;
        assert_int_equal(amount_size(t[i].text, strlen(t[i].text), &s), t[i].good);
        if (!t[i].good)
            continue;
        assert_int_equal(s.bytes, t[i].bytes);
        assert_int_equal(s.unit, t[i].unit);
        assert_int_equal(s.rounded, t[i].rounded);
    }
}

static void test_tags(void **state)
{
    static const struct {
        const char *text;
        bool one_byte, good;
        uint32_t key;
        size_t n;
    } t[] = {
        {"Irp ", false, true, 0x49727020, 4},
        {"Io", false, true, 0x496f2020, 2},
        {"Pro\xc3\xa3", false, true, 0x50726fe3, 4},
        {"Pro\xe3", true, true, 0x50726fe3, 4},
        {"Pro\xe2\x82\xac", false, true, 0x50726f80, 4}, /* the euro sign is 80 */
        {"\xd0\x96"
         "abc",
         false, false, 0, 0},
        {"abcde", false, false, 0, 0},
        {"    ", false, false, 0, 0},
        {"", false, false, 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        const struct cell c = {.p = t[i].text, .n = strlen(t[i].text)};
        struct pool_tag tag;
        size_t n;
        assert_int_equal(gather_tag(&c, t[i].one_byte, &tag, &n), t[i].good);
        if (!t[i].good)
            continue;
        assert_int_equal(tag_key(tag), t[i].key);
        assert_int_equal(n, t[i].n);
    }
}

/* More words than there is room for are counted, and not written. */
static void words_beyond_the_room(void **state)
{
    (void)state;
    static const char line[] = " a\tbc  d ";
    for (size_t most = 0; most <= 4; most++) {
        struct token v[4] = {{.n = 9}, {.n = 9}, {.n = 9}, {.n = 9}};
        assert_int_equal(tokens_split(line, sizeof line - 1, v, most), 3);
        for (size_t i = 0; i < 4; i++)
            assert_int_equal(v[i].n, i >= most || i == 3 ? 9 : i == 1 ? 2 : 1);
    }
    struct token none = {.n = 9};
    assert_int_equal(tokens_split(" \t", 2, &none, 1), 0);
    assert_int_equal(none.n, 9);
}

static void expect_trimmed(const char *text, const char *want)
{
    const struct token t = token_trim(text, strlen(text));
    assert_int_equal(t.n, strlen(want));
    assert_memory_equal(t.p, want, t.n);
}

static bool moment(const char *date, const char *time, int64_t *ms)
{
    const struct token d = {date, strlen(date)}, t = {time, strlen(time)};
    return tokens_iso_time(&d, &t, ms);
}

static void words_and_moments(void **state)
{
    (void)state;
    int64_t ms, whole;
    expect_trimmed(" \ta b\t ", "a b");
    expect_trimmed(" ", "");
    expect_trimmed(" x", "x");
    expect_trimmed("", "");
    assert_true(moment("2026-11-09", "00:05:07", &whole));
    assert_true(whole == 1794182707000);
    assert_true(moment("2026-11-09", "00:05:07.", &ms) && ms == whole);
    assert_true(moment("2026-11-09", "00:05:07.12", &ms) && ms == whole + 120);
    assert_true(moment("2026-11-09", "00:05:07.1239999", &ms) && ms == whole + 123);
    assert_false(moment("2026-11-09", "00:05:07,1", &ms));
    assert_false(moment("2026-11-09", "00:05:07.1x", &ms));
    assert_false(moment("2026-11-09", "00:05", &ms));
    assert_false(moment("2026-11-09", "00:05:7", &ms));
    assert_false(moment("2026-11-9", "00:05:07", &ms));
    assert_false(moment("2026-11-090", "00:05:07", &ms));
    assert_false(moment("2026/11/09", "00:05:07", &ms));
    assert_false(moment("2026-13-09", "00:05:07", &ms));
    /* what stands beside the digits in ASCII */
    assert_false(moment("2026-11-0:", "00:05:07", &ms));
    assert_false(moment("2026-11-1/", "00:05:07", &ms));
    assert_false(moment("2026-11-09", "00:05:0:", &ms));
    assert_false(moment("2026-11-09", "00:05:1/", &ms));
    assert_false(moment("2026-11-09", "00:05:07.:", &ms));
    assert_false(moment("2026-11-09", "00:05:07.1/", &ms));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_split),        cmocka_unit_test(test_too_many_cells),
        cmocka_unit_test(test_counts),       cmocka_unit_test(test_cell_numbers),
        cmocka_unit_test(test_sizes),        cmocka_unit_test(test_tags),
        cmocka_unit_test(words_and_moments), cmocka_unit_test(words_beyond_the_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
