/* SPDX-License-Identifier: MIT */
/* The mark by which an appender knows a capture again: everything that makes it another
 * one changes its mark, and where it was found does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "formats/psz/known.h"
#include "formats/psz/row.h"
#include "psz_samples.h"

enum { ROWS = 2, EVENTS = 2 };

static void put_events(struct pool_snapshot *s)
{
    for (uint64_t i = 0; i < EVENTS; i++) {
        const uint32_t code = sample_text(s, "event-2019");
        const uint32_t text = sample_text(s, "The pool is empty");
        struct pool_event *v = pool_snapshot_add_event(s, NULL);
        assert_non_null(v);
        *v = (struct pool_event){
            .ms = 1000 * (int64_t)i, .count = 1 + i, .code = code, .text = text};
    }
}

static void put_rows(struct pool_snapshot *s)
{
    for (uint64_t i = 0; i < ROWS; i++) {
        struct pool_row *r = pool_snapshot_add(s, NULL);
        assert_non_null(r);
        *r = (struct pool_row){.pool = POOL_NONPAGED, .fields = ROW_PLAIN, .width = 32};
        put_le32(r->tag.b, 0x41424344u + (uint32_t)i);
        r->allocs = 100;
        r->frees = 40;
        r->live = 60;
        r->bytes = 6000;
        r->per_alloc = 100;
    }
}

static struct pool_snapshot a_capture(void)
{
    struct pool_snapshot s = {.uptime_s = -1, .line = 7, .ordinal = 1};
    s.host = sample_text(&s, "web01");
    s.source = sample_text(&s, "monday.txt");
    s.time = (struct pool_time){.source = TIME_LINE, .ms = 1162425900000};
    s.totals.given = 3;
    s.totals.v[0] = 5;
    s.totals.v[TOTALS - 1] = 6;
    put_rows(&s);
    put_events(&s);
    return s;
}

static void add_another(struct psz_known *known, const struct pool_snapshot *s,
                        const char *what, size_t at)
{
    const struct psz_mark m = psz_mark_of(s);
    if (psz_known_has(known, m))
        fail_msg("%s at %zu: the mark of another", what, at);
    assert_int_equal(psz_known_add(known, m, NULL), 0);
    assert_true(psz_known_has(known, m));
}

/* The capture with one bit of `base` changed, which lies in it; then as it was. */
static void flip(struct psz_known *known, struct pool_snapshot *s, void *base,
                 const char *what, size_t at)
{
    unsigned char *p = base;
    p[at] ^= 1;
    add_another(known, s, what, at);
    p[at] ^= 1;
}

static void every_figure_counts(void **state)
{
    (void)state;
    static const size_t of_capture[] = {
        offsetof(struct pool_snapshot, scope), offsetof(struct pool_snapshot, session),
        offsetof(struct pool_snapshot, time.ms), offsetof(struct pool_snapshot, record),
        offsetof(struct pool_snapshot, totals.given)};
    static const size_t of_event[] = {offsetof(struct pool_event, ms),
                                      offsetof(struct pool_event, count)};
    static const size_t of_row[] = {
        offsetof(struct pool_row, tag),          offsetof(struct pool_row, pool),
        offsetof(struct pool_row, fields),       offsetof(struct pool_row, allocs),
        offsetof(struct pool_row, frees),        offsetof(struct pool_row, live),
        offsetof(struct pool_row, bytes),        offsetof(struct pool_row, per_alloc),
        offsetof(struct pool_row, allocs_delta), offsetof(struct pool_row, frees_delta),
        offsetof(struct pool_row, bytes_delta)};
    struct psz_known known = {0};
    struct pool_snapshot s = a_capture();
    add_another(&known, &s, "as it is", 0);
    for (size_t i = 0; i < sizeof of_capture / sizeof of_capture[0]; i++)
        flip(&known, &s, &s, "capture", of_capture[i]);
    for (size_t i = 0; i < TOTALS; i++)
        flip(&known, &s, &s.totals.v[i], "total", 0);
    for (size_t k = 0; k < EVENTS; k++)
        for (size_t i = 0; i < sizeof of_event / sizeof of_event[0]; i++)
            flip(&known, &s, &s.events[k], "event", of_event[i]);
    for (size_t k = 0; k < ROWS; k++)
        for (size_t i = 0; i < sizeof of_row / sizeof of_row[0]; i++)
            flip(&known, &s, &s.rows[k], "row", of_row[i]);
    pool_snapshot_free(&s);
    psz_known_free(&known);
}

static void texts_and_what_is_not_there_count(void **state)
{
    (void)state;
    struct psz_known known = {0};
    struct pool_snapshot s = a_capture();
    add_another(&known, &s, "as it is", 0);
    s.host = sample_text(&s, "web02");
    add_another(&known, &s, "host", 0);
    for (size_t i = 0; i < EVENTS; i++) {
        s.events[i].code = sample_text(&s, "event-2020");
        add_another(&known, &s, "code", i);
        s.events[i].text = 0;
        add_another(&known, &s, "text", i);
    }
    s.n_events--;
    add_another(&known, &s, "fewer events", 0);
    s.n_rows--;
    add_another(&known, &s, "fewer rows", 0);
    s.time = (struct pool_time){.source = TIME_NONE};
    add_another(&known, &s, "no time", 0);
    assert_int_equal(known.n, 9);
    pool_snapshot_free(&s);
    psz_known_free(&known);
}

static void where_it_was_found_does_not_count(void **state)
{
    (void)state;
    struct pool_snapshot s = a_capture(), found = a_capture();
    found.source = sample_text(&found, "all of it.zip");
    found.line = 900;
    found.ordinal = 12;
    found.completeness = COMPLETE_CUT;
    found.facts = sample_text(&found, "build=2600"); /* which a container may add */
    assert_int_equal(note_add(&found.notes, NULL, NOTE_CUT, 3, "%s", ""), 0);
    for (size_t i = 0; i < ROWS; i++)
        found.rows[i].line = 910 + i;
    for (size_t i = 0; i < EVENTS; i++)
        found.events[i].line = 990 + i;
    const struct psz_mark a = psz_mark_of(&s), b = psz_mark_of(&found);
    assert_true(a.a == b.a && a.b == b.b);
    pool_snapshot_free(&s);
    pool_snapshot_free(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_figure_counts),
        cmocka_unit_test(texts_and_what_is_not_there_count),
        cmocka_unit_test(where_it_was_found_does_not_count),
    };
    return cmocka_run_group_tests_name("psz marks", tests, NULL, NULL);
}
