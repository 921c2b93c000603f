/* SPDX-License-Identifier: MIT */
/* PoolMon captures, intact and damaged: rows, totals, completeness and notes of each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/poolmon/poolmon_part.h"
#include "tests/unit/captures.h"

/* What a fixture must give.  `note` is a code that must have been noted that often. */
struct expected {
    const char *name;
    size_t snapshots, rows; /* rows of the last snapshot */
    enum completeness completeness;
    int note; /* enum note_code, or -1 */
    unsigned times;
};

static const struct expected intact[] = {
    {"poolmon/nt4-screen.txt", 1, 4, COMPLETE_SCREEN, -1, 0},
    {"poolmon/xp-screen.txt", 1, 10, COMPLETE_SCREEN, -1, 0},
    {"poolmon/xp-screen-narrow-g.txt", 1, 4, COMPLETE_FILTERED, NOTE_FILTERED, 1},
    {"poolmon/x64-screen-g.txt", 1, 5, COMPLETE_SCREEN, -1, 0},
    {"poolmon/n32.txt", 1, 8, COMPLETE_WHOLE, -1, 0},
    {"poolmon/n32-utf16.txt", 1, 8, COMPLETE_WHOLE, -1, 0},
    {"poolmon/n64-g.txt", 1, 5, COMPLETE_WHOLE, -1, 0},
    {"poolmon/n64-headerless.txt", 1, 8, COMPLETE_WHOLE, -1, 0},
    {"poolmon/totals-e.txt", 1, 5, COMPLETE_WHOLE, -1, 0},
    {"poolmon/session-all.txt", 1, 4, COMPLETE_SCREEN, -1, 0},
    {"poolmon/session-3.txt", 1, 4, COMPLETE_SCREEN, -1, 0},
    {"poolmon/session-empty.txt", 1, 0, COMPLETE_WHOLE, NOTE_EMPTY_CAPTURE, 1},
    {"poolmon/two-snapshots.txt", 2, 8, COMPLETE_WHOLE, -1, 0},
    {"poolmon/dated-series.txt", 3, 8, COMPLETE_WHOLE, NOTE_TIME_FROM_LINE, 1},
    {"poolmon/get-date-then-n32.txt", 1, 8, COMPLETE_WHOLE, NOTE_TIME_FROM_LINE, 1},
    {"stories/connections-refused/poolmon-b.txt", 1, 20, COMPLETE_SCREEN, -1, 0},
    {"stories/drsd-printer/1.txt", 1, 1, COMPLETE_FILTERED, NOTE_FILTERED, 1},
    {"stories/drsd-printer/2.txt", 1, 1, COMPLETE_FILTERED, NOTE_FILTERED, 1},
    {"stories/session-pool/1.txt", 1, 6, COMPLETE_SCREEN, -1, 0},
    {"stories/session-pool/2.txt", 1, 6, COMPLETE_SCREEN, -1, 0},
    {"stories/session-pool/3.txt", 1, 6, COMPLETE_SCREEN, -1, 0},
};

static const struct expected broken[] = {
    {"broken/quoted.txt", 1, 10, COMPLETE_SCREEN, NOTE_PREFIX, 1},
    {"broken/numbered.txt", 1, 10, COMPLETE_SCREEN, NOTE_PREFIX, 1},
    {"broken/indented.txt", 1, 10, COMPLETE_SCREEN, -1, 0},
    {"broken/no-lead-blank.txt", 1, 10, COMPLETE_SCREEN, -1, 0},
    {"broken/no-blank-after-paren.txt", 1, 10, COMPLETE_SCREEN, -1, 0},
    {"broken/collapsed.txt", 1, 10, COMPLETE_SCREEN, NOTE_TAG_PADDED, 3},
    {"broken/respaced.txt", 1, 10, COMPLETE_SCREEN, NOTE_BLANKS, 1},
    {"broken/tabs.txt", 1, 10, COMPLETE_SCREEN, NOTE_BLANKS, 1},
    {"broken/nbsp.txt", 1, 10, COMPLETE_SCREEN, NOTE_BLANKS, 1},
    {"broken/entities.txt", 1, 10, COMPLETE_SCREEN, NOTE_ENTITIES, 1},
    {"broken/syslog.txt", 1, 10, COMPLETE_SCREEN, NOTE_PREFIX, 1},
    {"broken/logged.txt", 1, 10, COMPLETE_SCREEN, NOTE_PREFIX, 1},
    {"broken/separators.txt", 1, 10, COMPLETE_SCREEN, NOTE_SEPARATORS, 1},
    {"broken/pre-br.txt", 1, 10, COMPLETE_SCREEN, NOTE_MARKUP, 1},
    {"broken/markdown-heading.txt", 1, 10, COMPLETE_SCREEN, NOTE_MARKUP, 1},
    {"broken/fenced-in-prose.txt", 1, 10, COMPLETE_SCREEN, -1, 0},
    {"broken/prose-inside.txt", 1, 10, COMPLETE_SCREEN, -1, 0},
    {"broken/markdown-table.txt", 1, 6, COMPLETE_WHOLE, NOTE_MARKUP, 1},
    {"broken/wrapped-80.txt", 1, 5, COMPLETE_SCREEN, NOTE_JOINED_LINES, 8},
    {"broken/padded-120.txt", 1, 10, COMPLETE_SCREEN, -1, 0},
    {"broken/control-z.txt", 1, 10, COMPLETE_SCREEN, -1, 0},
    {"broken/elided.txt", 1, 7, COMPLETE_CUT, NOTE_CUT, 1},
    {"broken/snipped-middle.txt", 1, 8, COMPLETE_CUT, NOTE_CUT, 1},
    {"broken/cut-in-row.txt", 1, 9, COMPLETE_CUT, NOTE_ROW_DROPPED, 1},
    {"broken/cut-in-head.txt", 1, 0, COMPLETE_CUT, NOTE_HEADER_DAMAGED, 1},
    {"broken/header-only.txt", 1, 0, COMPLETE_CUT, NOTE_EMPTY_CAPTURE, 1},
    {"broken/header-damaged.txt", 1, 10, COMPLETE_SCREEN, NOTE_HEADER_DAMAGED, 1},
    {"broken/diff-wrong.txt", 1, 10, COMPLETE_SCREEN, NOTE_ROW_IDENTITY, 1},
    {"broken/allocs-wrong.txt", 1, 9, COMPLETE_SCREEN, NOTE_ROW_DROPPED, 1},
    {"broken/tag-torn.txt", 1, 9, COMPLETE_SCREEN, NOTE_ROW_DROPPED, 1},
    {"broken/bytes-wrapped.txt", 1, 3, COMPLETE_WHOLE, NOTE_ROW_IDENTITY, 1},
    {"broken/glued.txt", 1, 4, COMPLETE_WHOLE, NOTE_BLANKS, 2},
    {"broken/repeated-key.txt", 1, 11, COMPLETE_SCREEN, NOTE_REPEATED_KEY, 1},
    {"broken/two-headerless.txt", 2, 7, COMPLETE_WHOLE, -1, 0},
    {"broken/protected-tag-one-byte.txt", 1, 4, COMPLETE_WHOLE, -1, 0},
    {"broken/protected-tag-utf8.txt", 1, 4, COMPLETE_WHOLE, -1, 0},
};

static unsigned notes_above_info(const struct pool_snapshot *s)
{
    unsigned n = 0;
    for (size_t i = 0; i < s->notes.n; i++)
        n += note_severity(s->notes.v[i].code) != NOTE_INFO;
    return n;
}

static void check(const struct expected *x, bool clean)
{
    struct captures c = captures_fixture(x->name);
    if (c.n != x->snapshots || c.e.code != 0)
        fail_msg("%s: %zu snapshots, %s", x->name, c.n, c.e.text);
    const struct pool_snapshot *s = &c.v[c.n - 1];
    if (s->n_rows != x->rows || s->completeness != x->completeness)
        fail_msg("%s: %zu rows, %s", x->name, s->n_rows,
                 completeness_name(s->completeness));
    for (size_t i = 0; i < c.n; i++) {
        const char *words = pool_snapshot_valid(&c.v[i]);
        if (words != NULL)
            fail_msg("%s: %s", x->name, words);
    }
    if (x->note >= 0 && s->notes.seen[x->note] != x->times)
        fail_msg("%s: %llu notes", x->name, (unsigned long long)s->notes.seen[x->note]);
    if (clean && notes_above_info(s) != 0)
        fail_msg("%s: %s", x->name, note_text(&s->notes, &s->notes.v[0]));
    captures_free(&c);
}

static void test_intact(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof intact / sizeof intact[0]; i++)
        check(&intact[i], true);
}

static void test_broken(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
        check(&broken[i], false);
}

/* The first user's screen, as published. */
static void test_first_screen(void **state)
{
    (void)state;
    static const uint64_t totals[TOTALS] = {1048016, 438396,   219,    3604,   42372,
                                            538908,  11245092, 609576, 109056, 43740};
    struct captures c = captures_fixture("stories/connections-refused/poolmon-b.txt");
    assert_int_equal(c.n, 1);
    const struct pool_snapshot *s = &c.v[0];
    assert_int_equal(s->totals.given, 0x3ff); /* all but the limits */
    assert_memory_equal(s->totals.v, totals, sizeof totals);
    assert_int_equal(s->scope, SCOPE_SYSTEM);
    assert_int_equal(s->line, 1);
    const struct pool_row *r = &s->rows[0];
    assert_memory_equal(r->tag.b, "ISil", 4);
    assert_int_equal(r->allocs, 1408366);
    assert_int_equal(r->allocs_delta, 56);
    assert_int_equal(r->frees, 1327427);
    assert_int_equal(r->frees_delta, 58);
    assert_int_equal(r->live, 80939);
    assert_int_equal(r->bytes, 36678632);
    assert_int_equal(r->bytes_delta, -872);
    assert_int_equal(r->per_alloc, 453);
    assert_int_equal(r->fields, 0xff);
    assert_int_equal(r->line, 6);
    assert_memory_equal(s->rows[4].tag.b, "IAM ", 4);
    assert_memory_equal(s->rows[18].tag.b, "Mm  ", 4);
    assert_int_equal(pool_snapshot_bytes(s, POOL_NONPAGED), 101313064);
    captures_free(&c);
}

/* Traps: a tag that is a type word, blanks and signs in tags, wide and wrapped figures.
 */
static void test_rows(void **state)
{
    (void)state;
    struct captures c = captures_fixture("poolmon/xp-screen.txt");
    const struct pool_snapshot *s = &c.v[0];
    assert_int_equal(row_of(s, "Nonp", POOL_NONPAGED)->live, 40);
    assert_int_equal(row_of(s, "Dh 1", POOL_PAGED)->allocs, 344);
    assert_int_equal(row_of(s, "->x ", POOL_PAGED)->bytes, 320);
    assert_int_equal(row_of(s, "File", POOL_NONPAGED)->frees, 126675442);
    assert_int_equal(row_of(s, "File", POOL_NONPAGED)->bytes_delta, -608);
    captures_free(&c);

    c = captures_fixture("poolmon/n32.txt");
    const struct pool_row *r = row_of(&c.v[0], "Wrap", POOL_NONPAGED);
    assert_int_equal(r->live, 2496); /* 1200 - 4294966000, modulo 2^32 */
    assert_int_equal(r->width, 32);
    assert_int_equal(r->fields,
                     ROW_ALLOCS | ROW_FREES | ROW_LIVE | ROW_BYTES | ROW_PER_ALLOC);
    captures_free(&c);

    c = captures_fixture("poolmon/n64-g.txt");
    s = &c.v[0];
    r = row_of(s, "Irp ", POOL_NONPAGED);
    assert_int_equal(r->allocs, 98871231223);
    assert_int_equal(r->width, 64);
    assert_string_equal(pool_snapshot_str(s, r->driver), "[<unknown> - Io, IRP packets]");
    assert_int_equal(row_of(s, "Vi12", POOL_NONPAGED)->driver, 0);
    captures_free(&c);

    c = captures_fixture("poolmon/xp-screen-narrow-g.txt");
    s = &c.v[0];
    r = row_of(s, "Zq01", POOL_NONPAGED);
    assert_string_equal(pool_snapshot_str(s, r->driver), "Unknown Driver");
    captures_free(&c);
}

static void test_scopes(void **state)
{
    (void)state;
    struct captures c = captures_fixture("poolmon/session-all.txt");
    assert_int_equal(c.v[0].scope, SCOPE_ALL_SESSIONS);
    captures_free(&c);
    c = captures_fixture("poolmon/session-3.txt");
    assert_int_equal(c.v[0].scope, SCOPE_SESSION);
    assert_int_equal(c.v[0].session, 3);
    captures_free(&c);
}

static void test_times(void **state)
{
    (void)state;
    struct captures c = captures_fixture("poolmon/dated-series.txt");
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(c.v[i].time.source, TIME_LINE);
        assert_int_equal(c.v[i].time.ms, 1794182400000 + (int64_t)i * 3600000);
        assert_int_equal(c.v[i].ordinal, i + 1);
        assert_int_equal(c.v[i].line, 2 + 14 * i);
    }
    captures_free(&c);
}

/* A log tells when each line was written: the first one's time is the capture's. */
static void test_time_of_a_log(void **state)
{
    (void)state;
    struct captures c = captures_text(
        "2026-11-09T00:05:00Z  Tag  Type     Allocs     Frees      Diff   Bytes  Per "
        "Alloc\n"
        "2026-11-09T00:05:01Z  Wait Nonp         10          4         6      60      "
        "10\n"
        "2026-11-09T00:05:02Z  Irp  Nonp         10          4         6      60     "
        " 10\n");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].n_rows, 2);
    assert_int_equal(c.v[0].time.source, TIME_LINE);
    assert_int_equal(c.v[0].time.ms, 1794182700000);
    assert_int_equal(c.v[0].notes.seen[NOTE_TIME_FROM_LINE], 1);
    captures_free(&c);
}

static void test_blocks_of_one_byte(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof intact / sizeof intact[0]; i++) {
        size_t n = 0;
        uint8_t *p = fixture(intact[i].name, &n);
        struct captures a = captures_read(p, n, 0, NULL),
                        b = captures_read(p, n, 1, NULL);
        assert_int_equal(a.n, b.n);
        for (size_t k = 0; k < a.n; k++)
            assert_true(pool_snapshot_same_figures(&a.v[k], &b.v[k]));
        captures_free(&a);
        captures_free(&b);
        free(p);
    }
}

/* A capture whose rows hold less than half of what its head says is a part. */
static void test_part_of_a_pool(void **state)
{
    (void)state;
    struct pool_snapshot s = {.scope = SCOPE_SYSTEM, .uptime_s = -1};
    for (int i = 0; i < 2; i++) {
        struct pool_row *r = pool_snapshot_add(&s, NULL);
        r->pool = POOL_PAGED;
        r->fields = ROW_BYTES;
        r->bytes = 100 * 1024;
    }
    assert_false(poolmon_is_part(&s, false)); /* the head does not say */
    s.totals.given = 1u << TOTAL_PAGED_KIB;
    s.totals.v[TOTAL_PAGED_KIB] = 400;
    assert_false(poolmon_is_part(&s, false));
    s.totals.v[TOTAL_PAGED_KIB] = 402;
    assert_true(poolmon_is_part(&s, false));
    assert_true(poolmon_is_part(&s, true));
    s.scope = SCOPE_SESSION;
    assert_false(poolmon_is_part(&s, false));
    s.scope = SCOPE_SYSTEM;
    /* Both pools count, where both are listed. */
    s.rows[1].pool = POOL_NONPAGED;
    assert_false(poolmon_is_part(&s, false));
    s.totals.given |= 1u << TOTAL_NONPAGED_KIB;
    s.totals.v[TOTAL_NONPAGED_KIB] = 0;
    assert_true(poolmon_is_part(&s, false));
    s.totals.v[TOTAL_PAGED_KIB] = 300;
    assert_false(poolmon_is_part(&s, false));
    /* Sums that do not fit are the largest that does. */
    s.rows[1].pool = POOL_PAGED;
    s.rows[0].bytes = s.rows[1].bytes = (uint64_t)1 << 63;
    s.totals.v[TOTAL_PAGED_KIB] = 402;
    assert_false(poolmon_is_part(&s, false));
    s.rows[0].bytes = s.rows[1].bytes = 0;
    for (int i = 2; i <= 16; i++) {
        struct pool_row *r = pool_snapshot_add(&s, NULL);
        r->pool = POOL_PAGED;
        assert_int_equal(poolmon_is_part(&s, true), i < 16); /* a screen is short */
        assert_true(poolmon_is_part(&s, false));
    }
    s.n_rows = 0;
    assert_false(poolmon_is_part(&s, false));
    pool_snapshot_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_intact),         cmocka_unit_test(test_broken),
        cmocka_unit_test(test_first_screen),   cmocka_unit_test(test_rows),
        cmocka_unit_test(test_scopes),         cmocka_unit_test(test_times),
        cmocka_unit_test(test_time_of_a_log),  cmocka_unit_test(test_blocks_of_one_byte),
        cmocka_unit_test(test_part_of_a_pool),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
