/* SPDX-License-Identifier: MIT */
/* The list of tags: every quirk of the lists in the world, and which entry wins. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/pooltag.h"
#include "tests/unit/captures.h"

static int read_text(struct pooltag_table **t, const void *p, size_t n, struct err *e)
{
    const struct limits limits = LIMITS_DEFAULT;
    struct input_raw raw;
    struct input *in = NULL;
    assert_int_equal(input_raw_memory(&raw, p, n, 0, e), 0);
    assert_int_equal(input_open(&in, "pooltag.txt", raw, &limits, e), 0);
    int r = pooltag_read(t, in, &limits, e);
    input_close(in);
    return r;
}

static struct pooltag_table *table_of(const char *text)
{
    struct pooltag_table *t = NULL;
    assert_int_equal(read_text(&t, text, strlen(text), NULL), 0);
    return t;
}

static void assert_owner(const struct pooltag_table *t, const char *tag, const char *want)
{
    const struct pooltag_entry *x = pooltag_find(t, tag_from(tag, 4));
    if (x == NULL && want != NULL)
        fail_msg("%s: nobody, expected %s", tag, want);
    if (x != NULL && want == NULL)
        fail_msg("%s: %s, expected nobody", tag, x->owner);
    if (x != NULL)
        assert_string_equal(x->owner, want);
}

static void test_quirks(void **state)
{
    (void)state;
    size_t n;
    uint64_t stray;
    uint8_t *p = fixture("tags/pooltag.txt", &n);
    struct pooltag_table *t = NULL;
    assert_non_null(p);
    assert_int_equal(read_text(&t, p, n, NULL), 0);
    assert_int_equal(pooltag_count(t), 23);
    assert_int_equal(pooltag_stray(t, &stray), 2);
    assert_int_equal(stray, 14);
    assert_owner(t, "ISil", "isil.sys - Session items of the sample driver");
    assert_owner(t, "I100", "isil.sys - one of the hundred");
    assert_owner(t, "PX1 ", "ndproxy.sys - three letters without the blank");
    assert_owner(t, "Mmpv", "nt!mm - one blank too many");
    assert_owner(t, "ATmp", "AppTag mount point");
    assert_owner(t, "EtwO", "nt!etw - Etw without a second dash");
    assert_owner(t, "CMAl", "nt!cm - internal registry allocation");
    assert_owner(t, "Stor", "nt!store or ready.sys - a binary with blanks");
    assert_owner(t, "Fatv", "fastfat.sys - one case");
    assert_owner(t, "FatV", "other.sys - the other");
    assert_owner(t, "Dh 1", "a blank inside");
    assert_owner(t, "Nob ", "no binary at all");
    assert_owner(t, "Only", "only.sys");
    assert_owner(t, "None", NULL);
    const struct pooltag_entry *x = pooltag_find(t, tag_from("NtFC", 4));
    assert_string_equal(x->binary, "ntfs.sys");
    assert_string_equal(x->description, "CREATE.C");
    assert_int_equal(x->line, 29);
    pooltag_free(t);
    free(p);
}

static void test_who_wins(void **state)
{
    (void)state;
    struct pooltag_table *t = table_of("Ab*  - short.sys - \n"
                                       "Ab?? - tie.sys -\n"
                                       "Abc? - long.sys -\n"
                                       "A*   - shortest.sys -\n"
                                       "Abcd - exact.sys -\n"
                                       "Abcd - again.sys -\n"
                                       "Gh?: - mark.sys -\n"
                                       "?x*y - literal.sys -\n");
    assert_owner(t, "Abcd", "exact.sys");
    assert_owner(t, "AbcX", "long.sys");
    assert_owner(t, "AbXX", "short.sys");
    assert_owner(t, "AXXX", "shortest.sys");
    assert_owner(t, "Gh?:", "mark.sys");
    assert_owner(t, "Gh1:", "mark.sys");
    assert_owner(t, "Gh1;", NULL);
    assert_owner(t, "ax*y", "literal.sys");
    assert_owner(t, "axzy", NULL);
    assert_owner(t, "Xbcd", NULL);
    pooltag_free(t);
}

static void test_padding_and_protected_tags(void **state)
{
    (void)state;
    struct pooltag_table *t = table_of("Io - nt!io - general\nProc - nt!ps -\n");
    assert_null(pooltag_find(t, (struct pool_tag){{'I', 'o', 'x', 0}}));
    pooltag_free(t);
    t = table_of("Io   - nt!io - general\nProc - nt!ps -\n");
    assert_owner(t, "Io  ", "nt!io - general");
    assert_non_null(pooltag_find(t, (struct pool_tag){{'I', 'o', 0, 0}}));
    assert_non_null(pooltag_find(t, (struct pool_tag){{'P', 'r', 'o', 'c' | 0x80}}));
    pooltag_free(t);
    t = table_of("Pro\xe3 - copied.sys -\nPro? - any.sys -\n");
    assert_owner(t, "Pro\xe3", "copied.sys");
    assert_owner(t, "Proc", "any.sys");
    pooltag_free(t);
}

static void test_what_is_no_list(void **state)
{
    (void)state;
    struct err e = {0};
    struct pooltag_table *t = NULL;
    static const char prose[] = "rem nothing\n\nDear all,\nplease find it attached.\n";
    assert_int_equal(read_text(&t, prose, sizeof prose - 1, &e), ERR_EMPTY);
    assert_null(t);
    assert_string_equal(e.place, "pooltag.txt");
    assert_non_null(strstr(e.text, "found none"));
    assert_true(e.hint[0] != '\0');
    pooltag_free(NULL);
}

/* UTF-16 as an editor saves it. */
static void test_a_list_without_end(void **state)
{
    enum { ENTRIES = 1 << 16, LINE = 17 };
    char *text = malloc((size_t)(ENTRIES + 1) * LINE + 1);
    struct pooltag_table *t = NULL;
    struct err e = {0};
    (void)state;
    assert_non_null(text);
    for (int i = 0; i <= ENTRIES; i++)
        (void)sprintf(text + (size_t)i * LINE, "%04x - a.sys - b\n", i & 0xffff);
    assert_int_equal(read_text(&t, text, (size_t)(ENTRIES + 1) * LINE, &e), ERR_LIMIT);
    assert_non_null(strstr(e.text, "a list of more than 65536 tags"));
    free(text);
}

static void test_utf16(void **state)
{
    (void)state;
    static const char text[] = "Proc - nt!ps - Process\r\n";
    uint8_t wide[2 * sizeof text] = {0xff, 0xfe};
    for (size_t i = 0; i + 1 < sizeof text; i++)
        wide[2 + 2 * i] = (uint8_t)text[i];
    struct pooltag_table *t = NULL;
    assert_int_equal(read_text(&t, wide, 2 * sizeof text, NULL), 0);
    assert_owner(t, "Proc", "nt!ps - Process");
    pooltag_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quirks),
        cmocka_unit_test(test_who_wins),
        cmocka_unit_test(test_padding_and_protected_tags),
        cmocka_unit_test(test_what_is_no_list),
        cmocka_unit_test(test_a_list_without_end),
        cmocka_unit_test(test_utf16),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
