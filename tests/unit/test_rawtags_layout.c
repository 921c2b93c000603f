/* SPDX-License-Identifier: MIT */
/* What makes bytes an entry of pool tags, and how many of them a reply: each rule at its
 * border. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "formats/bytes.h"
#include "formats/raw/rawtags_layout.h"

/* A reply of one entry: head, tag, then allocs, frees and bytes of paged and nonpaged. */
struct one {
    const char *tag; /* four bytes */
    uint64_t v[6];
    bool good;
};

static uint64_t good_ones(enum tag_layout k, const struct one *x)
{
    const bool wide = k == TAGS_255_X64;
    uint8_t b[64] = {0};
    size_t at = wide ? 8 : 4;
    put_le32(b, 1);
    memcpy(b + at, x->tag, 4);
    at += wide ? 8 : 4;
    for (size_t i = 0; i < 6; i++, at += wide ? 8 : 4) {
        put_le32(b + at, (uint32_t)x->v[i]);
        if (wide)
            put_le32(b + at + 4, (uint32_t)(x->v[i] >> 32));
    }
    const struct tag_vote v = tag_layout_vote(k, b, at);
    assert_int_equal(v.entries, 1);
    assert_true(v.exact);
    return v.good;
}

static void entries(void **state)
{
    (void)state;
    const uint64_t most = UINT64_C(1) << 44, counter = UINT64_C(1) << 48;
    const struct one narrow[] = {
        {"Proc", {5, 3, 64, 0, 0, 0}, true},
        {"Proc", {0, 0, 0, 5, 3, 64}, true},
        {"Proc", {5, 5, 0, 0, 0, 0}, true},   /* all given back */
        {"Proc", {0, 0, 0, 0, 0, 0}, false},  /* nobody ever allocated */
        {"Proc", {5, 5, 64, 0, 0, 0}, false}, /* bytes of nothing */
        {"Proc", {5, 3, 16, 0, 0, 0}, true},  /* two of the smallest blocks */
        {"Proc", {5, 3, 15, 0, 0, 0}, false},
        {"Proc", {0, 0, 0, 5, 3, 15}, false},
        {"Proc", {3, UINT32_MAX, 64, 0, 0, 0}, true}, /* it wrapped */
        {"Io\0\0", {5, 3, 64, 0, 0, 0}, true},
        {"I\0o\0", {5, 3, 64, 0, 0, 0}, false},
        {"\0\0\0\0", {5, 3, 64, 0, 0, 0}, false},
        {"Pro\xe3", {5, 3, 64, 0, 0, 0}, true}, /* protected */
        {"Pr\xef"
         "c",
         {5, 3, 64, 0, 0, 0},
         false},
        {"Pr\x1f"
         "c",
         {5, 3, 64, 0, 0, 0},
         false},
        {"    ", {5, 3, 64, 0, 0, 0}, true},
        {"~~~~", {5, 3, 64, 0, 0, 0}, true},
        {"Pro\x7f", {5, 3, 64, 0, 0, 0}, false},
    };
    const struct one wide[] = {
        {"Proc", {5, 3, most - 1, 0, 0, 0}, true},
        {"Proc", {5, 3, most, 0, 0, 0}, false},
        {"Proc", {counter - 1, 3, most - 1, 0, 0, 0}, false}, /* too many for the bytes */
        {"Proc", {counter - 1, counter - 3, 64, 0, 0, 0}, true},
        {"Proc", {counter, counter - 2, 64, 0, 0, 0}, false},
        {"Proc", {3, 5, 64, 0, 0, 0}, false}, /* 64 bits do not wrap */
    };
    for (size_t i = 0; i < sizeof narrow / sizeof narrow[0]; i++)
        if (good_ones(TAGS_22_X86, &narrow[i]) != narrow[i].good)
            fail_msg("narrow entry %zu", i);
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
        if (good_ones(TAGS_255_X64, &wide[i]) != wide[i].good)
            fail_msg("wide entry %zu", i);
}

static void votes(void **state)
{
    (void)state;
    static const struct {
        struct tag_vote v;
        bool passes;
    } t[] = {
        {{.entries = 1, .good = 1, .blocks = 1, .exact = true}, true},
        {{.entries = 1, .good = 1, .blocks = 2}, true},
        {{.entries = 1, .good = 0, .blocks = 2, .exact = true}, false},
        {{.entries = 3, .good = 3, .blocks = 1}, false}, /* fewer prove nothing */
        {{.entries = 4, .good = 4, .blocks = 1}, true},
        {{.entries = 8, .good = 6, .blocks = 1}, true}, /* a quarter may be odd ... */
        {{.entries = 7, .good = 5, .blocks = 1}, false},
        {{.entries = 20, .good = 16, .blocks = 1}, true}, /* ... two and a tenth of all */
        {{.entries = 19, .good = 15, .blocks = 1}, false},
        {{.entries = 8, .good = 8, .blocks = 1, .front = 2}, true},
        {{.entries = 8, .good = 8, .blocks = 1, .front = 3}, false},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
        if (tag_vote_passes(&t[i].v) != t[i].passes)
            fail_msg("vote %zu", i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries),
        cmocka_unit_test(votes),
    };
    return cmocka_run_group_tests_name("layouts of pool tags", tests, NULL, NULL);
}
