/* SPDX-License-Identifier: MIT */
/* Words of titles and headings, and units, one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "formats/table/table_words.h"

static void test_units(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        int power;         /* -1: none */
        const char *means; /* s(ure), l(etter) */
    } t[] = {
        {"B", 0, "s"},       {"b", 0, "s"},      {"byte", 0, "s"},      {"Bytes", 0, "s"},
        {"K", 1, "l"},       {"k", 1, "l"},      {"M", 2, "l"},         {"g", 3, "l"},
        {"T", 4, "l"},       {"P", -1, ""},      {"E", -1, ""},         {"KB", 1, ""},
        {"kb", 1, ""},       {"mB", 2, ""},      {"PB", 5, ""},         {"EB", 6, ""},
        {"KiB", 1, "s"},     {"EiB", 6, "s"},    {"kbytes", 1, ""},     {"mbyte", 2, ""},
        {"Mibytes", -1, ""}, {"kibyte", -1, ""}, {"Kib", 1, "s"},       {"Ki", -1, ""},
        {"KBs", -1, ""},     {"BB", -1, ""},     {"bi", -1, ""},        {"x", -1, ""},
        {"xb", -1, ""},      {"bytesb", -1, ""}, {"megabytes", -1, ""}, {"", -1, ""},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct table_unit u = {.power = 9};
        const bool unit = table_unit_word(t[i].word, strlen(t[i].word), &u);
        char means[4] = "";
        if (unit)
            (void)snprintf(means, sizeof means, "%s%s", u.sure ? "s" : "",
                           u.letter ? "l" : "");
        if (unit != (t[i].power >= 0) || (unit && u.power != t[i].power) ||
            strcmp(means, t[i].means) != 0)
            fail_msg("%s: %d, %d, %s", t[i].word, unit, u.power, means);
    }
}

/* The words' meanings in the order of enum table_word. */
static void told(const struct table_words *w, char out[256])
{
    static const char *const names[] = {
        "tag",   "np",    "p",     "pool",  "type",  "allocs", "frees", "live",   "count",
        "diff",  "bytes", "size",  "total", "per",   "span",   "net",   "change", "since",
        "share", "mean",  "bound", "time",  "owner", "rank",   "other", "scaled"};
    size_t n = 0;
    out[0] = '\0';
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if ((w->all >> i & 1) != 0)
            n += (size_t)snprintf(out + n, 256 - n, "%s%s", n > 0 ? " " : "", names[i]);
    if (w->per_span)
        n += (size_t)snprintf(out + n, 256 - n, "!");
    if ((w->all & WORD_BYTES) != 0)
        n += (size_t)snprintf(out + n, 256 - n, " ^%u", w->unit.power);
    (void)snprintf(out + n, 256 - n, " %u", w->n);
}

static void test_titles(void **state)
{
    (void)state;
    static const struct {
        const char *title, *told; /* meanings, ! for a rate, ^power, how many words */
    } t[] = {
        {"", " 0"},
        {"Tag", "tag 1"},
        {"PoolTag", "tag pool 2"},
        {"pooltags", "tag pool 1"},
        {"Pool tag", "tag pool 2"},
        {"TAG", "tag 1"},
        {"tAG", "other 2"},
        {"x", "other 1"},
        {"NpBytes", "np bytes ^0 2"},
        {"NP_MB", "np bytes ^2 2"},
        {"NpMiB", "np bytes ^2 2"},
        {"NonPagedMB", "np bytes other ^2 3"},
        {"nonPaged", "np other 2"},
        {"non-paged", "np other 2"},
        {"Non x Paged", "p other 3"},
        {"paged non", "p other 2"},
        {"Nonp. pool", "np pool 2"},
        {"Paged", "p 1"},
        {"allocsB", "other 1"},
        {"allocsMB", "allocs bytes ^2 2"},
        {"a1B2", "other 2"},
        {"Kind/Type", "type per 2"},
        {"B / Alloc", "allocs bytes per ^0 2"},
        {"KB/s", "bytes per span! ^1 2"},
        {"per hour", "per span! 2"},
        {"per alloc hour", "allocs per span 3"},
        {"hour per", "per span 2"},
        {"/", "per 0"},
        {"%", "share 0"},
        {"% of pool", "pool share other 2"},
        {"#", "rank 0"},
        {"\xce\x94", "change 0"},
        {"\xce\xb4 live", "live change 1"},
        {"\xce\x95", " 0"},
        {"\xce", " 0"},
        {"\xe2\x88\x86", "change 0"},
        {"\xe2\x88\x91", " 0"},
        {"\xe2\x88", " 0"},
        {"\xe2\x89\x86", " 0"},
        {"\xc2\xb1", "change 0"},
        {"\xc2\xb2", " 0"},
        {"k", "scaled 1"},
        {"K", "bytes ^1 1"},
        {"m", "other 1"},
        {"M", "bytes ^2 1"},
        {"b", "bytes ^0 1"},
        {"p", "other 1"},
        {"kb", "bytes ^1 1"},
        {"x1000", "scaled 1"},
        {"(000s)", "scaled 1"},
        {"d", "span 1"},
        {"MB KB", "bytes ^1 2"},
        {"Diff since boot", "diff since other 3"},
        {"deallocations", "frees 1"},
        {"nonpageableallocs", "other 1"},
        {"Total used", "size total 2"},
        {"No.", "rank 1"},
        {"Peak", "bound 1"},
        {"Time", "time 1"},
        {"Source Description", "owner 2"},
        {"net change", "net change 2"},
        {"avg", "mean 1"},
        {"objects", "count 1"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct table_words w;
        char out[256], exact[32];
        const size_t n = strlen(t[i].title);
        memset(exact, 'z', sizeof exact); /* what stands behind it is not looked at */
        memcpy(exact, t[i].title, n);
        table_words(exact, n, &w);
        told(&w, out);
        if (strcmp(out, t[i].told) != 0)
            fail_msg("%s: '%s'", t[i].title, out);
    }
}

/* Words of no more letters than any of ours, and of one more. */
static void test_long_words(void **state)
{
    (void)state;
    static const char word[] = "abcdefghijklmnopq";
    struct table_words w;
    for (size_t n = sizeof word - 3; n < sizeof word; n++) {
        table_words(word, n, &w);
        assert_int_equal(w.all, WORD_OTHER);
        assert_int_equal(w.n, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_units),
        cmocka_unit_test(test_titles),
        cmocka_unit_test(test_long_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
