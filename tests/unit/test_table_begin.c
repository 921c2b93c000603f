/* SPDX-License-Identifier: MIT */
/* Where a table of pool tags begins, of what shape it is, and why some are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "formats/table/table_begin.h"

/* Cuts the text into lines, each of which begins where it stands. */
static size_t cut(const char *text, struct text_line lines[32])
{
    size_t n = 0;
    while (*text != '\0') {
        const char *end = strchr(text, '\n');
        assert_non_null(end);
        assert_true(n < 32);
        lines[n] = (struct text_line){
            .p = text, .n = (size_t)(end - text), .number = n + 1, .eol = EOL_LF};
        n++;
        text = end + 1;
    }
    return n;
}

static struct buf prose(const char *text)
{
    struct buf b = {0};
    assert_int_equal(buf_append(&b, text, strlen(text), NULL), 0);
    return b;
}

static const char *recognised(const char *above, const char *text)
{
    static const char *const shapes[SHAPES] = {
        [SHAPE_PIPES] = "pipes",   [SHAPE_TABS] = "tabs",
        [SHAPE_COMMAS] = "commas", [SHAPE_SEMICOLONS] = "semicolons",
        [SHAPE_WIDE] = "wide",     [SHAPE_NARROW] = "narrow",
        [SHAPE_MARKUP] = "markup", [SHAPE_INLINE] = "inline"};
    struct text_line lines[32];
    struct table_layout l;
    struct text_remark r;
    struct buf b = prose(above);
    const size_t n = cut(text, lines);
    const int claim = table_recognise(&b, lines, n, false, &l, &r);
    buf_free(&b);
    if (claim == CLAIM_NONE && r.what != NULL) {
        assert_non_null(r.hint);
        return r.what;
    }
    assert_true(claim == CLAIM_NONE || claim == CLAIM_WEAK);
    return claim == CLAIM_WEAK ? shapes[l.shape] : "none";
}

struct begin_case {
    const char *above, *text, *what;
};

static void check(const struct begin_case *t, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *what = recognised(t[i].above, t[i].text);
        if (strncmp(what, t[i].what, strlen(t[i].what)) != 0)
            fail_msg("%s/%s: %s", t[i].above, t[i].text, what);
    }
}

#define PIPES "|---|---|\n"

static void test_shapes(void **state)
{
    (void)state;
    static const struct begin_case t[] = {
        {"", "| Tag | Pool | Bytes |\n|---|---|---|\n| QzFC | Nonp | 12 |\n", "pipes"},
        {"", "Tag | Pool | Bytes\n---|---|---\nQzFC | Nonp | 12\n", "pipes"},
        {"", "| Tag | Pool | Bytes |\n| QzFC | Nonp | 12 |\n", "none"},
        {"", "| Tag | Pool | Bytes |\n\n|---|---|---|\n| QzFC | Nonp | 12 |\n", "none"},
        {"", "| Tag | Pool | Bytes |\n|---|---|---|\n\n| QzFC | Nonp | 12 |\n", "none"},
        {"", "Tag\tPool\tBytes\nQzFC\tNonp\t12\n", "tabs"},
        {"", "Tag,Pool,Bytes\nQzFC,Nonp,12\n", "commas"},
        {"", "Tag;Pool;Bytes\nQzFC;Nonp;12\n", "semicolons"},
        {"", "Tag,Pool,Bytes\n\nQzFC,Nonp,12\n", "commas"},
        {"", "Tag,Pool,Bytes\n---\nQzFC,Nonp,12\n", "commas"},
        {"", "Tag   Pool  Bytes\nQzFC  Nonp  12\nMmSt  Nonp  9\n", "wide"},
        {"", "Tag   Pool  Bytes\nQzFC  Nonp  12\n", "none"},
        {"", "Tag Pool Bytes\nQzFC Nonp 12\nMmSt Nonp 9\n", "narrow"},
        {"", "Tag Pool Bytes\nQzFC Nonp 12\nand that was all\n", "none"},
        {"", "Tag Pool Bytes\nQzFC Nonp 12\n\nMmSt Nonp 9\n", "none"},
        {"",
         "<tr><th>Tag</th><th>Pool</th><th>Bytes</th></tr>\n"
         "<tr><td>QzFC</td><td>Nonp</td><td>12</td></tr>\n",
         "markup"},
        {"", "> | Tag | Pool | Bytes |\n> |---|---|---|\n> | QzFC | Nonp | 12 |\n",
         "pipes"},
        {"", "QzFC 900 alloc / 0 free / 900 live\n", "inline"},
        {"", "Tag QzFC 900 alloc / 0 free / 900 live\n", "none"},
        {"", "tag: 900 alloc / 0 free / 900 live\n", "inline"},
        {"", "QzFC 900 alloc / 900 live\n", "none"},
        {"", "QzFC 900 alloc / 1 free / 900 live\n", "none"},
        {"", "Tag,Pool,Bytes\n", "none"},
        {"", "Tag,Pool,Bytes\nQzFC,Nonp,12%\n", "none"},
        {"", "Name,Pool,Bytes\nQzFC,Nonp,12\n", "none"},
        {"", "Tag,Pool\nQzFC,Nonp\n", "none"},
    };
    check(t, sizeof t / sizeof *t);
}

/* Tags are words of many trades: what makes these ones of pools. */
static void test_proofs(void **state)
{
    (void)state;
    static const struct begin_case t[] = {
        /* separated values: titles, or words above */
        {"", "Tag,Bytes\nQzFC,12\n", "none"},
        {"Nonpaged pool:\n", "Tag,Bytes\nQzFC,12\n", "commas"},
        {"from poolmon\n\n\n", "Tag,Bytes\nQzFC,12\n", "commas"},
        {"of the swimming club\n", "Tag,Bytes\nQzFC,12\n", "none"},
        {"", "Tag,Live,Bytes\nQzFC,1,12\n", "commas"},
        {"", "Tag,Allocs,Frees\nQzFC,3,1\n", "commas"},
        {"", "Tag,Allocs\nQzFC,3\n", "none"},
        {"", "Tag,Frees,Bytes\nQzFC,3,9\n", "none"},
        {"", "Tag,Paged Bytes\nQzFC,3\n", "commas"},
        {"", "Tag,Type,Bytes\nQzFC,Nonp,3\n", "commas"},
        {"", "Tag,Type,Bytes\nQzFC,red,3\n", "none"},
        /* how far above */
        {"pool\n1\n2\n3\n4\n5\n6\n7\n", "Tag,Bytes\nQzFC,12\n", "commas"},
        {"pool\n1\n2\n3\n4\n5\n6\n7\n8\n", "Tag,Bytes\nQzFC,12\n", "none"},
        {"pool\n1\n2\n3\n4\n5\n6\n7\n\n---\n", "Tag,Bytes\nQzFC,12\n", "commas"},
        {"pool", "Tag,Bytes\nQzFC,12\n", "commas"},
        /* aligned: tags that are hardly words, and units */
        {"", "Tag   MB\nQzFC  12\nMmSt  9\n", "wide"},
        {"", "Tag   Bytes  Count\nQzFC  12     3\nMmSt  9      3\n", "wide"},
        {"", "Tag   Count\nQzFC  12\nMmSt  9\n", "none"},
        {"", "Tag   MB\nQzFC  12\nleak  9\n", "none"},
        {"", "Tag   MB\nQzFC  12\nIo    9\n", "wide"},
        {"", "Tag   MB\nQzFC  12\nIo    9\nMm    8\n", "none"},
        {"pools\n", "Tag   MB\nleak  12\nfast  9\n", "wide"},
        {"", "| Tag | MB |\n" PIPES "| QzFC | 12 |\n", "pipes"},
        {"", "| Tag | MB |\n" PIPES "| leak | 12 |\n", "none"},
        {"", "| Tag | Bytes |\n" PIPES "| QzFC | 12 |\n", "pipes"},
        {"", "| Tag | Bytes |\n" PIPES "| QZFC | 12 |\n", "none"},
        {"", "| Tag | Size |\n" PIPES "| QzFC | 12 |\n", "none"},
        {"pool\n", "| Tag | Size |\n" PIPES "| QzFC | 12 |\n", "pipes"},
        /* a web page has words of all kinds above */
        {"pool\n", "<tr><th>Tag</th><th>MB</th></tr>\n<tr><td>QzFC</td><td>1</td></tr>\n",
         "markup"},
        {"pool\n", "<tr><th>Tag</th><th>MB</th></tr>\n<tr><td>leak</td><td>1</td></tr>\n",
         "none"},
        {"", "<tr><th>Tag</th><th>MB</th></tr>\n<tr><td>QzFC</td><td>1</td></tr>\n",
         "none"},
        /* rows that prove something, and torn ones */
        {"", "Tag,Live,Bytes,Per Alloc\nQzFC,5,50,11\n", "none"},
        {"", "Tag,Live,Bytes,Per Alloc\nQzFC,5,50,11\nMmSt,5,50,10\n", "commas"},
        {"", "Tag,Live,Bytes\nQzFC,x,y\nMmSt,5,50\n", "commas"},
        {"", "Tag,Live,Bytes\nQzFC,x,y\nQzFD,x,y\nMmSt,5,50\n", "none"},
        {"", "Tag,Live,Bytes\nQzFC,x,y\nQzFD,x,y\nMmSt,5,50\nIrp,1,2\n", "commas"},
        {"", "Tag,Live,Bytes\nTotal,5,50\n", "none"},
        {"", "Tag,Live,Bytes\nTotal,5,50\nQzFC,1,2\n", "commas"},
        {"", "Tag   Live  MB\nQzFC  1  2\nTotal  5  50\nMmSt  1  2\n", "wide"},
    };
    check(t, sizeof t / sizeof *t);
}

static void test_changes(void **state)
{
    (void)state;
    static const struct begin_case t[] = {
        {"", "Tag,Pool,Net bytes\nQzFC,Nonp,12\n",
         "a table of changes (a column says Net)"},
        {"", "Tag,Pool,Bytes,Net\nQzFC,Nonp,12,3\n",
         "a table of changes (a column says Net)"},
        {"", "Tag,Pool,Growth\nQzFC,Nonp,12\n", "a table of changes (its columns"},
        {"", "Tag,Pool,MB/h\nQzFC,Nonp,12\n", "a table of changes (its columns"},
        {"", "Tag,Pool,Growth,Allocs\nQzFC,Nonp,12,1\n",
         "a table of changes (its columns"},
        {"", "Tag,Pool,Growth,Bytes\nQzFC,Nonp,12,1\n", "commas"},
        {"", "Tag,Pool,Growth,Bytes\nQzFC,Nonp,12,x\n",
         "a table of changes (its figures"},
        {"", "Tag,Pool,Bytes\nQzFC,Nonp,+12\n", "a table of changes (its figures"},
        {"", "Tag,Pool,Bytes\nQzFC,Nonp,12\nMmSt,Nonp,+1\n",
         "a table of changes (its figures"},
        {"", "Tag,Pool,Bytes,Bytes\nQzFC,Nonp,12,13\n", "a table with two columns"},
        {"", "Tag,Bytes,Bytes\nQzFC,12,13\n", "none"},
        /* the line above */
        {"Growth over night\n", "Tag,Pool,Bytes\nQzFC,Nonp,12\n",
         "a table of changes (the line above"},
        {"Growth over night\nby tag\n", "Tag,Pool,Bytes\nQzFC,Nonp,12\n", "commas"},
        {"Growth over night\n\n---\n", "Tag,Pool,Bytes\nQzFC,Nonp,12\n",
         "a table of changes (the line above"},
        {"bytes per hour\n", "Tag,Pool,Bytes\nQzFC,Nonp,12\n",
         "a table of changes (the line above"},
        {"diff since noon\n", "Tag,Pool,Bytes\nQzFC,Nonp,12\n",
         "a table of changes (the line above"},
        {"diff\n", "Tag,Pool,Bytes\nQzFC,Nonp,12\n", "commas"},
        {"since noon\n", "Tag,Pool,Bytes\nQzFC,Nonp,12\n", "commas"},
        {"1 2 3 4 5 6 7 8 9 10 11 growth\n", "Tag,Pool,Bytes\nQzFC,Nonp,12\n",
         "a table of changes (the line above"},
        {"1 2 3 4 5 6 7 8 9 10 11 12 growth\n", "Tag,Pool,Bytes\nQzFC,Nonp,12\n",
         "commas"},
    };
    check(t, sizeof t / sizeof *t);
}

static void test_pools_above(void **state)
{
    (void)state;
    static const struct {
        const char *above;
        enum pool_kind pool;
    } t[] = {
        {"", POOL_UNKNOWN},
        {"Nonpaged pool\n", POOL_NONPAGED},
        {"the paged pool:", POOL_PAGED},
        {"paged and nonpaged\n", POOL_UNKNOWN},
        {"paged\npool\nof all\n", POOL_PAGED},
        {"paged\n1\n2\n3\n", POOL_UNKNOWN},
        {"# paged\n1\n2\n3\n4\n5\n6\n7\n", POOL_PAGED},
        {"**paged**\n1\n2\n3\n", POOL_PAGED},
        {"**\n1\n2\n3\n", POOL_UNKNOWN},
        {"*paged*\n1\n2\n3\n", POOL_UNKNOWN},
        {"# paged\n1\n2\n3\n4\n5\n6\n7\n8\n", POOL_UNKNOWN},
        {"# paged\n# nonpaged\n1\n2\n3\n", POOL_NONPAGED},
        {"paged\n\n\n---\n  \n", POOL_PAGED},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct buf b = prose(t[i].above);
        const enum pool_kind pool = table_pool_above(&b);
        buf_free(&b);
        if (pool != t[i].pool)
            fail_msg("%s: %d", t[i].above, (int)pool);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_proofs),
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_pools_above),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
