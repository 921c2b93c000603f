/* SPDX-License-Identifier: MIT */
/* PoolMon captures that were pasted, cut or torn: the right figures, or words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/poolmon/poolmon.h"
#include "tests/unit/captures.h"

/* The figures are those of the capture that the damage was done to. */
static void test_same_figures(void **state)
{
    (void)state;
    static const char *const names[] = {"broken/separators.txt", "broken/syslog.txt",
                                        "broken/logged.txt"};
    struct captures whole = captures_fixture("poolmon/xp-screen.txt");
    const struct pool_snapshot *w = &whole.v[0];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct captures c = captures_fixture(names[i]);
        for (size_t k = 0; k < w->n_rows; k++) {
            const struct pool_row *a = &w->rows[k];
            const struct pool_row *b =
                row_of(&c.v[0], (const char *)a->tag.b, (enum pool_kind)a->pool);
            assert_int_equal(b->fields, a->fields);
            assert_int_equal(b->allocs, a->allocs);
            assert_int_equal(b->frees, a->frees);
            assert_int_equal(b->bytes, a->bytes);
            assert_int_equal(b->bytes_delta, a->bytes_delta);
        }
        captures_free(&c);
    }
    captures_free(&whole);
}

/* Damage that loses nothing must give the very figures of the intact screen. */
static void test_undone(void **state)
{
    (void)state;
    static const char *const names[] = {"quoted",
                                        "numbered",
                                        "indented",
                                        "no-lead-blank",
                                        "no-blank-after-paren",
                                        "collapsed",
                                        "respaced",
                                        "tabs",
                                        "nbsp",
                                        "entities",
                                        "pre-br",
                                        "markdown-heading",
                                        "fenced-in-prose",
                                        "prose-inside",
                                        "padded-120",
                                        "control-z"};
    struct captures want = captures_fixture("poolmon/xp-screen.txt");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char name[64];
        (void)snprintf(name, sizeof name, "broken/%s.txt", names[i]);
        struct captures c = captures_fixture(name);
        if (c.n != 1 || !pool_snapshot_same_figures(&c.v[0], &want.v[0]))
            fail_msg("%s: other figures", name);
        captures_free(&c);
    }
    captures_free(&want);
    want = captures_fixture("poolmon/x64-screen-g.txt");
    struct captures c = captures_fixture("broken/wrapped-80.txt");
    assert_true(pool_snapshot_same_figures(&c.v[0], &want.v[0]));
    captures_free(&c);
    captures_free(&want);
}

static void test_lost_figures(void **state)
{
    (void)state;
    struct captures c = captures_fixture("broken/diff-wrong.txt");
    const struct pool_row *r = row_of(&c.v[0], "Gcac", POOL_PAGED);
    assert_false(r->fields & ROW_LIVE);
    assert_int_equal(r->live, 0);
    assert_int_equal(r->bytes, 283632);
    captures_free(&c);

    c = captures_fixture("broken/bytes-wrapped.txt");
    r = row_of(&c.v[0], "Big1", POOL_NONPAGED);
    assert_false(r->fields & ROW_BYTES);
    assert_int_equal(r->per_alloc, 4295967);
    captures_free(&c);

    c = captures_fixture("broken/glued.txt");
    r = row_of(&c.v[0], "File", POOL_NONPAGED);
    assert_int_equal(r->allocs, 25376177);
    assert_int_equal(r->frees, 25200767);
    r = row_of(&c.v[0], "MmSt", POOL_PAGED);
    assert_int_equal(r->live, 174001);
    assert_int_equal(r->bytes, 156097152);
    captures_free(&c);

    c = captures_fixture("broken/header-damaged.txt");
    assert_int_equal(c.v[0].totals.given & 1u << TOTAL_AVAIL_KIB, 0);
    assert_int_equal(c.v[0].totals.v[TOTAL_MEMORY_KIB], 523572);
    captures_free(&c);

    c = captures_fixture("broken/protected-tag-one-byte.txt");
    assert_int_equal(row_of(&c.v[0], "Pro\xe3", POOL_NONPAGED)->bytes, 8192);
    captures_free(&c);
    c = captures_fixture("broken/protected-tag-utf8.txt");
    assert_int_equal(row_of(&c.v[0], "Pro\xe3", POOL_NONPAGED)->bytes, 8192);
    captures_free(&c);
}

static void test_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *hint;
    } t[] = {{"broken/chatter.txt", "only what poolmon says before it", "poolmon -n"},
             {"broken/tagging-off.txt", "pool tagging is off", "gflags"},
             {"broken/tag-names.txt", "list of tag names", "--tags"},
             {"broken/no-capture.txt", "found text without", "poolmon -n"}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct captures c = captures_fixture(t[i].name);
        assert_int_equal(c.n, 0);
        assert_int_equal(c.e.code, ERR_EMPTY);
        if (strstr(c.e.text, t[i].text) == NULL || strstr(c.e.hint, t[i].hint) == NULL)
            fail_msg("%s: %s / %s", t[i].name, c.e.text, c.e.hint);
        captures_free(&c);
    }
}

/* Of a text that is one row whose last figure may go on nothing is kept, which is told.
 */
static void test_one_row_that_was_cut(void **state)
{
    (void)state;
    struct captures c = captures_text(" Wait Nonp 10 46 60 10");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].n_rows, 0);
    assert_int_equal(c.v[0].completeness, COMPLETE_CUT);
    assert_int_equal(c.v[0].notes.seen[NOTE_EMPTY_CAPTURE], 1);
    assert_int_equal(c.notes.seen[NOTE_PROSE], 1);
    captures_free(&c);
}

/* Titles without the last column, as a narrow window leaves them, however small the
 * figures are, are poolmon's: it is said what is wrong with the rows. */
static void test_small_figures_cut_off(void **state)
{
    (void)state;
    struct captures c =
        captures_text(" Tag  Type     Allocs     Frees      Diff   Bytes\n"
                      " Irp  Nonp 9 4 5 60\n"
                      " Wait Nonp 8 4 4 7\n");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].n_rows, 0);
    assert_int_equal(c.v[0].completeness, COMPLETE_CUT);
    assert_int_equal(c.v[0].notes.seen[NOTE_ROW_DROPPED], 2);
    captures_free(&c);
}

/* Cut anywhere: a prefix of the rows, marked unless a row had just ended. */
static void cut_everywhere(const char *name)
{
    size_t n = 0;
    uint8_t *p = fixture(name, &n);
    assert_non_null(p);
    struct captures whole = captures_read(p, n, 0, NULL);
    for (size_t cut = 0; cut < n; cut++) {
        struct captures c = captures_read(p, cut, 0, NULL);
        size_t rows = c.n > 0 ? c.v[0].n_rows : 0;
        if (c.n > 1 || rows > whole.v[0].n_rows)
            fail_msg("%s: %zu snapshots at %zu", name, c.n, cut);
        for (size_t i = 0; i < rows; i++) {
            const struct pool_row *a = &c.v[0].rows[i], *b = &whole.v[0].rows[i];
            if (!tag_equal(a->tag, b->tag) || a->allocs != b->allocs ||
                a->bytes != b->bytes || a->per_alloc != b->per_alloc)
                fail_msg("%s: an invented row at %zu", name, cut);
        }
        size_t line = cut;
        while (line > 0 && p[line - 1] == ' ')
            line--;
        const bool at_row =
            p[cut] == '\r' || p[cut] == '\n' || p[line - (line > 0)] == '\n';
        if (c.n == 1 && !at_row && c.v[0].completeness != COMPLETE_CUT)
            fail_msg("%s: not marked as cut at %zu", name, cut);
        captures_free(&c);
    }
    captures_free(&whole);
    free(p);
}

static void test_cut_everywhere(void **state)
{
    (void)state;
    cut_everywhere("poolmon/xp-screen.txt");
    cut_everywhere("poolmon/n32.txt");
}

/* A mark before every line is taken off, whichever it is; a letter is not one. */
static void test_marks_before_every_line(void **state)
{
    (void)state;
    static const char *const marks[] = {">", "|", "#", "*", "-", "+", ";", ":", "//"};
    for (size_t i = 0; i <= sizeof marks / sizeof marks[0]; i++) {
        const bool mark = i < sizeof marks / sizeof marks[0];
        const char *m = mark ? marks[i] : "x";
        char text[1024];
        (void)snprintf(
            text, sizeof text,
            "%s  Tag  Type     Allocs         Frees    Diff   Bytes  Per Alloc\n"
            "%s  Wait Nonp        100         40        60      6000        100\n"
            "%s  Io   Nonp         12          2        10       640         64\n"
            "%s  File Paged         9          1         8        80         10\n",
            m, m, m, m);
        struct captures c = captures_text(text);
        if (mark &&
            (c.n != 1 || c.v[0].n_rows != 3 || c.v[0].notes.seen[NOTE_PREFIX] != 1))
            fail_msg("%s: %zu captures", m, c.n);
        if (!mark && c.n > 0)
            assert_int_equal(c.v[0].notes.seen[NOTE_PREFIX], 0);
        captures_free(&c);
    }
}

/* A row whose type somebody lost or changed is said to be lost. */
static void test_no_type(void **state)
{
    (void)state;
    static const char *const rows[] = {" File        10     4     6    600    100\n",
                                       " File N      10     4     6    600    100\n",
                                       " File;Nopn;  10     4     6    600    100\n"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[256];
        (void)snprintf(text, sizeof text,
                       " Tag  Type  Allocs Frees  Diff  Bytes  Per Alloc\n"
                       " AfdX Nonp      20    10    10   1280    128\n%s"
                       " Total           30    14    16   1880    117\n",
                       rows[i]);
        struct captures c = captures_text(text);
        assert_int_equal(c.n, 1);
        assert_int_equal(c.v[0].n_rows, 1);
        assert_int_equal(c.v[0].notes.seen[NOTE_ROW_DROPPED], 1);
        captures_free(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_figures),
        cmocka_unit_test(test_undone),
        cmocka_unit_test(test_lost_figures),
        cmocka_unit_test(test_refused),

        cmocka_unit_test(test_one_row_that_was_cut),
        cmocka_unit_test(test_small_figures_cut_off),
        cmocka_unit_test(test_cut_everywhere),
        cmocka_unit_test(test_marks_before_every_line),
        cmocka_unit_test(test_no_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
