/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "formats/tag.h"

static struct pool_tag tag(const char *four)
{
    struct pool_tag t;
    memcpy(t.b, four, 4);
    return t;
}

static void text_and_hex(void **state)
{
    static const struct {
        const char *bytes, *text, *hex;
    } cases[] = {
        {"Proc", "Proc", "50726f63"},
        {"Mm  ", "Mm  ", "4d6d2020"},
        {"Io\0\0", "Io\\x00\\x00", "496f0000"},
        {"a\\b\xff", "a\\\\b\\xff", "615c62ff"},
        {"\x01\x7f\x80~", "\\x01\\x7f\\x80~", "017f807e"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[TAG_TEXT_MAX], hex[TAG_HEX_MAX];
        assert_int_equal(tag_text(tag(cases[i].bytes), text), strlen(cases[i].text));
        assert_string_equal(text, cases[i].text);
        tag_hex(tag(cases[i].bytes), hex);
        assert_string_equal(hex, cases[i].hex);
    }
    char longest[TAG_TEXT_MAX];
    assert_int_equal(tag_text(tag("\xff\xfe\xfd\xfc"), longest), TAG_TEXT_MAX - 1);
}

static void order_is_that_of_bytes(void **state)
{
    (void)state;
    assert_true(tag_compare(tag("AAAA"), tag("AAAB")) < 0);
    assert_true(tag_compare(tag("a   "), tag("Z   ")) > 0);
    assert_true(tag_compare(tag("\xff   "), tag("z   ")) > 0);
    assert_int_equal(tag_compare(tag("Proc"), tag("Proc")), 0);
    assert_true(tag_equal(tag_from("Mm", 2), tag("Mm  ")));
    assert_false(tag_equal(tag("Io  "), tag("Io\0\0")));
}

static void patterns(void **state)
{
    static const struct {
        const char *pattern, *tag;
        int matches;
    } cases[] = {
        {"Proc", "Proc", 1},    {"proc", "Proc", 0},   {"U*", "ULHP", 1},
        {"U[Ll]*", "UlHP", 1},  {"U[Ll]*", "UXHP", 0}, {"*", "\1\2\3\4", 1},
        {"*HP", "ULHP", 1},     {"*HP", "HPUL", 0},    {"U*P", "ULHP", 1},
        {"????", "ab c", 1},    {"???", "abcd", 0},    {"???", "abc ", 1},
        {"IAM", "IAM ", 1},     {"Io", "Io\0\0", 1},   {"Io", "Io  ", 1},
        {"Io", "Io x", 0},      {"Io ", "Io  ", 1},    {"Io*", "Io x", 1},
        {"[a-c]*", "bxyz", 1},  {"[a-c]*", "dxyz", 0}, {"[!a-c]*", "dxyz", 1},
        {"[!a-c]*", "axyz", 0}, {"\\*abc", "*abc", 1}, {"\\*abc", "xabc", 0},
        {"[]x]abc", "]abc", 1}, {"[abc", "[abc", 1},   {"", "    ", 0},
        {"**a**", "xxax", 1},   {"abcde", "abcd", 0},  {"NtF?", "NtFC", 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (tag_match(cases[i].pattern, tag(cases[i].tag)) != (cases[i].matches != 0))
            fail_msg("'%s' against '%s'", cases[i].pattern, cases[i].tag);
}

static void near_misses(void **state)
{
    (void)state;
    assert_true(tag_match_nearly("isil", tag("ISil")));
    assert_true(tag_match_nearly("1234", tag("4321")));
    assert_true(tag_match_nearly("iam", tag("IAM ")));
    assert_true(tag_match_nearly("Proc", tag("Pro\xe3"))); /* the protected bit */
    assert_false(tag_match_nearly("isil", tag("ISix")));
}

static void test_parse_is_the_reverse_of_text(void **state)
{
    (void)state;
    static const char *const refused[] = {"",     "Abcde", "\\x4",   "\\xg0",
                                          "Ab\\", "\xe4",  "\\y000", "abc\\x41\\x42"};
    struct pool_tag t = {{0}};
    for (unsigned i = 0; i < 65536; i++) {
        const struct pool_tag want = {
            {(uint8_t)i, (uint8_t)(i >> 8), (uint8_t)(i >> 4), (uint8_t)~i}};
        char text[TAG_TEXT_MAX];
        (void)tag_text(want, text);
        assert_true(tag_parse(text, &t));
        assert_true(tag_equal(t, want));
    }
    assert_true(tag_parse("Mm", &t));
    assert_true(tag_equal(t, tag_from("Mm  ", 4)));
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        assert_false(tag_parse(refused[i], &t));
    assert_true(tag_equal(t, tag_from("Mm  ", 4)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse_is_the_reverse_of_text),
        cmocka_unit_test(text_and_hex),
        cmocka_unit_test(order_is_that_of_bytes),
        cmocka_unit_test(patterns),
        cmocka_unit_test(near_misses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
