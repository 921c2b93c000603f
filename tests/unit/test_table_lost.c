/* SPDX-License-Identifier: MIT */
/* What tables made by hand lose, and that they say so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/captures.h"

/* A row that cannot be read is dropped wherever it stands: also the first. */
static void test_first_row_is_torn(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "| Tag | Nonpaged Outstanding | Nonpaged MB |\n|---|---|---|\n"
        "| QzFC | lots | 12-16 |\n| MmSt | 10 | 10 |\n",
        "Tag,Allocs,Frees,Diff,Bytes\nQzFC,1,#N/A!,x,12\nMmSt,15,5,10,10485760\n",
        "Tag   Nonpaged_MB  share\nQzFC  ???  96.9%\nMmSt  10  0.3%\nQzlD  9  0.3%\n",
        "<tr><th>Tag</th><th>Nonpaged MB</th></tr>\n<tr><td>QzFC</td><td>many</td></tr>\n"
        "<tr><td>MmSt</td><td>10</td></tr>\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct captures c = captures_text(texts[i]);
        if (c.n != 1)
            fail_msg("%zu captures: %s", c.n, texts[i]);
        assert_true(c.v[0].n_rows >= 1);
        assert_memory_equal(c.v[0].rows[0].tag.b, "MmSt", 4);
        assert_int_equal(c.v[0].rows[0].bytes, 10485760);
        assert_int_equal(c.v[0].notes.seen[NOTE_ROW_DROPPED], 1);
        captures_free(&c);
    }
}

/* More of them than of rows below prove nothing. */
static void test_mostly_torn(void **state)
{
    (void)state;
    struct captures c =
        captures_text("| Tag | Nonpaged MB |\n|---|---|\n| QzFC | lots |\n"
                      "| QzlD | more |\n| MmSt | 10 |\n\nthat is all\n");
    assert_int_equal(c.n, 0);
    captures_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_row_is_torn),
        cmocka_unit_test(test_mostly_torn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
