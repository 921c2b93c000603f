/* SPDX-License-Identifier: MIT */
/* Raw replies in the fixtures: their figures, and what is said about them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/raw/rawtags_layout.h"
#include "tests/unit/captures.h"
#include "tests/unit/reply.h"

static void fixtures_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *name, *layout;
        size_t rows;
        enum completeness completeness;
        uint64_t slack; /* notes of that code */
        uint64_t narrow;
    } v[] = {
        {"rawtags/class22-x86.bin", "layout=class22-x86\n", 12, COMPLETE_WHOLE, 0, 0},
        {"rawtags/class22-x64.bin", "layout=class22-x64\n", 12, COMPLETE_WHOLE, 0, 0},
        {"rawtags/class22-x64-slack.bin", "layout=class22-x64\n", 12, COMPLETE_WHOLE, 1,
         0},
        {"rawtags/class22-x64-cut.bin", "layout=class22-x64\n", 6, COMPLETE_CUT, 0, 0},
        {"rawtags/class255-x64.bin", "layout=class255-x64\n", 12, COMPLETE_WHOLE, 0, 0},
        {"rawtags/class22-x86-from-x64.bin", "layout=class22-x86\n", 89, COMPLETE_WHOLE,
         0, 1},
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        struct captures c = captures_fixture(v[i].name);
        if (c.n != 1)
            fail_msg("%s: %zu captures: %s", v[i].name, c.n, c.e.text);
        const struct pool_snapshot *s = &c.v[0];
        assert_string_equal(pool_snapshot_str(s, s->facts), v[i].layout);
        assert_string_equal(pool_snapshot_str(s, s->format), "rawtags");
        if (s->n_rows != v[i].rows)
            fail_msg("%s: %zu rows", v[i].name, s->n_rows);
        assert_int_equal(s->completeness, v[i].completeness);
        assert_int_equal(c.notes.seen[NOTE_SLACK], v[i].slack);
        assert_int_equal(s->notes.seen[NOTE_NARROW_BYTES], v[i].narrow);
        assert_int_equal(s->notes.seen[NOTE_CUT], v[i].completeness == COMPLETE_CUT);
        assert_int_equal(s->scope, SCOPE_SYSTEM);
        captures_free(&c);
    }
}

/* The same vote on the same bytes. */
static void small_reads_change_nothing(void **state)
{
    (void)state;
    static const size_t blocks[] = {1, 3, 100};
    size_t n = 0;
    uint8_t *p = fixture("rawtags/class22-x64.bin", &n);
    assert_non_null(p);
    struct captures a = captures_read(p, n, 0, NULL);
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        struct captures b = captures_read(p, n, blocks[i], NULL);
        assert_int_equal(b.n, 1);
        assert_true(pool_snapshot_same_figures(&a.v[0], &b.v[0]));
        captures_free(&b);
    }
    captures_free(&a);
    free(p);
}

/* One capture in all three widths; figures as fixtures/README.md lists them. */
static void figures_of_the_fixtures(void **state)
{
    (void)state;
    static const char *const names[] = {
        "rawtags/class22-x86.bin", "rawtags/class22-x64.bin", "rawtags/class255-x64.bin"};
    for (size_t i = 0; i < 3; i++) {
        struct captures c = captures_fixture(names[i]);
        assert_int_equal(c.n, 1);
        const struct pool_snapshot *s = &c.v[0];
        bool wide = i == 2;
        const struct pool_row *r = row_of(s, "Leak", POOL_NONPAGED);
        assert_int_equal(r->width, wide ? 64 : 32);
        assert_int_equal(r->allocs, 1234567);
        assert_int_equal(r->frees, 1000000);
        assert_int_equal(r->live, 234567);
        assert_int_equal(r->bytes, UINT64_C(234567) * 1040);
        assert_int_equal(r->per_alloc, 1040);
        r = row_of(s, "Wrap", POOL_PAGED); /* 2^32 + 100 allocations */
        assert_int_equal(r->allocs, wide ? UINT64_C(4294967396) : 100);
        assert_int_equal(r->frees, UINT64_C(4294967046));
        assert_int_equal(r->live, 350);
        assert_int_equal(r->bytes, 350 * 64);
        assert_int_equal(row_of(s, "Io  ", POOL_NONPAGED)->live, 30);
        assert_int_equal(row_of(s, "Io\0", POOL_NONPAGED)->live, 2);
        assert_int_equal(row_of(s, "Both", POOL_NONPAGED)->bytes, 640);
        assert_int_equal(row_of(s, "Both", POOL_PAGED)->bytes, 48);
        (void)row_of(s, "Pro\xe3", POOL_PAGED);
        assert_int_equal(s->notes.seen[NOTE_PROTECTED_TAG], 1);
        assert_int_equal(s->notes.seen[NOTE_TAG_OVERFLOW], 1);
        captures_free(&c);
    }
}

static void sessions_are_snapshots(void **state)
{
    (void)state;
    static const char *const names[] = {"rawtags/class67-x86.bin",
                                        "rawtags/class67-x64.bin"};
    for (size_t i = 0; i < 2; i++) {
        struct captures c = captures_fixture(names[i]);
        assert_int_equal(c.n, 3);
        for (uint32_t k = 0; k < 3; k++) {
            assert_int_equal(c.v[k].scope, SCOPE_SESSION);
            assert_int_equal(c.v[k].session, k);
            assert_int_equal(c.v[k].ordinal, k + 1);
            assert_int_equal(c.v[k].completeness, COMPLETE_WHOLE);
            assert_true(c.v[k].n_rows >= 6);
        }
        captures_free(&c);
    }
}

static void ambiguity_is_refused(void **state)
{
    (void)state;
    size_t n = 0;
    uint8_t *p = fixture("rawtags/ambiguous.bin", &n);
    struct reader *r;
    struct input *in;
    struct err e = {0};
    assert_non_null(p);
    assert_int_equal(open_reply(&r, &in, p, n, NULL, &e), ERR_FORMAT);
    assert_non_null(strstr(e.text, "class22-x64"));
    assert_non_null(strstr(e.text, "class255-x64"));
    assert_non_null(strstr(e.hint, "--layout class22-x64"));
    input_close(in);
    for (int k = TAGS_22_X64; k <= TAGS_255_X64; k++) {
        struct pool_snapshot s = {.uptime_s = -1};
        err_clear(&e);
        const char *name = tag_layout_table[k].name;
        assert_int_equal(open_reply(&r, &in, p, n, name, &e), 0);
        assert_int_equal(reader_next(r, &s, &e), 1);
        assert_non_null(strstr(pool_snapshot_str(&s, s.facts), name));
        pool_snapshot_free(&s);
        reader_close(r);
        input_close(in);
    }
    free(p);
}

static void a_layout_may_be_forced(void **state)
{
    (void)state;
    size_t n = 0;
    uint8_t *p = fixture("rawtags/class22-x64.bin", &n);
    struct reader *r;
    struct input *in;
    struct err e = {0};
    assert_non_null(p);
    assert_int_equal(open_reply(&r, &in, p, n, "class22-x86", &e), 0);
    assert_int_equal(reader_notes(r)->seen[NOTE_LAYOUT_DOUBTFUL], 1);
    reader_close(r);
    input_close(in);
    assert_int_equal(open_reply(&r, &in, p, n, "class23", &e), ERR_USAGE);
    input_close(in);
    err_clear(&e);
    assert_int_equal(open_reply(&r, &in, p, 6, "class22-x64", &e), ERR_FORMAT);
    input_close(in);
    free(p);
    struct captures c = captures_read("nothing of the kind", 19, 0, "rawtags");
    assert_int_equal(c.e.code, ERR_FORMAT);
    captures_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixtures_are_read),
        cmocka_unit_test(small_reads_change_nothing),
        cmocka_unit_test(figures_of_the_fixtures),
        cmocka_unit_test(sessions_are_snapshots),
        cmocka_unit_test(ambiguity_is_refused),
        cmocka_unit_test(a_layout_may_be_forced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
