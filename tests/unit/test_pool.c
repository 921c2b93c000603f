/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "formats/bytes.h"
#include "formats/pool.h"

static void arithmetic_does_not_overflow(void **state)
{
    uint64_t v = 7;
    (void)state;
    assert_false(add_u64(UINT64_MAX, 1, &v));
    assert_false(mul_u64(UINT64_MAX / 2, 3, &v));
    assert_int_equal(v, 7);
    assert_true(add_u64(UINT64_MAX - 1, 1, &v));
    assert_true(v == UINT64_MAX);
    assert_true(mul_u64(0, UINT64_MAX, &v));
    assert_int_equal(v, 0);
    assert_true(sub_u64_clamped(0, UINT64_MAX) == INT64_MIN);
    assert_true(sub_u64_clamped(UINT64_MAX, 0) == INT64_MAX);
    assert_true(sub_u64_clamped(5, 8) == -3);
    assert_int_equal(row_live(5, 10, 32), 4294967291u);
    assert_true(row_live(5, 10, 64) == UINT64_MAX - 4);
}

static void zigzag_and_varints(void **state)
{
    static const int64_t values[] = {0, -1, 1, 63, -64, INT64_MAX, INT64_MIN, 1 << 20};
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        assert_true(unzigzag(zigzag(values[i])) == values[i]);
    assert_int_equal(zigzag(-1), 1);
    assert_int_equal(zigzag(1), 2);
    struct buf b = {0};
    assert_int_equal(buf_varint(&b, 300, NULL), 0);
    assert_int_equal(b.n, 2);
    assert_int_equal(b.p[0], 0xac);
    assert_int_equal(b.p[1], 0x02);
    assert_int_equal(buf_varint(&b, UINT64_MAX, NULL), 0);
    assert_int_equal(b.n, 12);
    buf_free(&b);
    buf_free(&b);
}

static void little_endian(void **state)
{
    uint8_t p[8];
    (void)state;
    put_le64(p, UINT64_C(0x0123456789abcdef));
    assert_int_equal(p[0], 0xef);
    assert_int_equal(p[7], 0x01);
    assert_true(le64(p) == UINT64_C(0x0123456789abcdef));
    assert_true(le32(p) == UINT32_C(0x89abcdef));
    assert_int_equal(le16(p), 0xcdef);
}

static void the_first_fault_wins(void **state)
{
    struct err e = {0};
    (void)state;
    assert_int_equal(err_set(&e, ERR_FORMAT, "expected %d", 6), ERR_FORMAT);
    assert_int_equal(err_set(&e, ERR_IO, "later"), ERR_FORMAT);
    assert_string_equal(e.text, "expected 6");
    err_place(&e, "a.txt", 17);
    err_place(&e, "b.txt", 18);
    assert_string_equal(e.place, "a.txt:17");
    err_hint(&e, "do this");
    err_hint(&e, "do that");
    assert_string_equal(e.hint, "do this");
    assert_int_equal(err_set(NULL, ERR_IO, "nobody listens"), ERR_IO);
}

static struct pool_snapshot sample(void)
{
    struct pool_snapshot s = {.uptime_s = -1};
    for (int i = 0; i < 3; i++) {
        struct pool_row *r = pool_snapshot_add(&s, NULL);
        assert_non_null(r);
        r->tag = tag_from("Tag0", 4);
        r->tag.b[3] = (uint8_t)('0' + i);
        r->pool = i == 2 ? POOL_PAGED : POOL_NONPAGED;
        r->fields = ROW_ALLOCS | ROW_FREES | ROW_LIVE | ROW_BYTES | ROW_PER_ALLOC;
        r->allocs = 10;
        r->frees = 7;
        r->live = 3;
        r->bytes = 100;
        r->per_alloc = 33;
    }
    return s;
}

static void invariants(void **state)
{
    (void)state;
    struct pool_snapshot s = sample();
    assert_null(pool_snapshot_valid(&s));
    s.rows[1].live = 4;
    assert_string_equal(pool_snapshot_valid(&s), "live is not allocs minus frees");
    s.rows[1].live = 3;
    s.rows[0].per_alloc = 34;
    assert_string_equal(pool_snapshot_valid(&s), "per_alloc is not bytes / live");
    s.rows[0].per_alloc = 33;
    s.rows[2].fields &= (uint16_t)~ROW_BYTES;
    assert_string_equal(pool_snapshot_valid(&s), "a figure that was not given is not 0");
    s.rows[2].bytes = 0;
    assert_null(pool_snapshot_valid(&s));
    s.totals.v[TOTAL_LIMIT_KIB] = 5;
    assert_string_equal(pool_snapshot_valid(&s), "a total that was not given is not 0");
    s.totals.v[TOTAL_LIMIT_KIB] = 0;
    s.host = 99;
    assert_string_equal(pool_snapshot_valid(&s), "a text lies outside the strings");
    s.host = 0;
    s.time.ms = 1;
    assert_string_equal(pool_snapshot_valid(&s), "a time without a source");
    s.time.ms = 0;
    s.uptime_s = -2;
    assert_string_equal(pool_snapshot_valid(&s), "a negative uptime");
    s.uptime_s = -1;
    s.rows[0].pool = POOL_KINDS;
    assert_string_equal(pool_snapshot_valid(&s), "a row's pool is none of the three");
    s.rows[0].pool = POOL_PAGED;
    s.rows[0].width = 16;
    assert_string_equal(pool_snapshot_valid(&s),
                        "a row's counters are neither 32 nor 64 bits wide");
    s.rows[0].width = 32;
    s.rows[0].owner = 99;
    assert_string_equal(pool_snapshot_valid(&s), "a row's text lies outside the strings");
    s.rows[0].owner = 0;
    assert_null(pool_snapshot_valid(&s));
    pool_snapshot_free(&s);
    pool_snapshot_free(&s);
}

static void invariants_of_events(void **state)
{
    (void)state;
    struct pool_snapshot s = {.uptime_s = -1, .record = RECORD_EVENTS};
    uint32_t code;
    assert_int_equal(pool_snapshot_intern(&s, "event-2019", 10, &code, NULL), 0);
    struct pool_event *v = pool_snapshot_add_event(&s, NULL);
    assert_non_null(v);
    *v = (struct pool_event){.ms = INT64_MIN, .count = 1, .code = code};
    assert_null(pool_snapshot_valid(&s));
    v->count = 0;
    assert_string_equal(pool_snapshot_valid(&s), "an event without a code or a count");
    v->count = 1;
    v->code = 0;
    assert_string_equal(pool_snapshot_valid(&s), "an event without a code or a count");
    v->code = code;
    s.record = RECORD_CAPTURE;
    assert_string_equal(pool_snapshot_valid(&s),
                        "rows outside a capture, or events outside a record of events");
    pool_snapshot_free(&s);
}

static void strings_and_copies(void **state)
{
    (void)state;
    struct pool_snapshot s = sample(), t = {.uptime_s = -1};
    uint32_t none = 9;
    assert_int_equal(pool_snapshot_intern(&s, "", 0, &none, NULL), 0);
    assert_int_equal(none, 0);
    assert_int_equal(pool_snapshot_intern(&s, "web01\0junk", 10, &s.host, NULL), 0);
    /* As much as a capture may hold: nothing is asked for. */
    const size_t held = s.strings.n;
    s.strings.n = ((size_t)256 << 20) - 4;
    assert_int_equal(pool_snapshot_intern(&s, "web01", 5, &none, NULL), ERR_LIMIT);
    s.strings.n = held;
    assert_string_equal(pool_snapshot_str(&s, s.host), "web01");
    assert_string_equal(pool_snapshot_str(&s, 0), "");
    assert_int_equal(note_add(&s.notes, NULL, NOTE_CUT, 17, "after %d rows", 3), 0);
    assert_int_equal(pool_snapshot_copy(&t, &s, NULL), 0);
    pool_snapshot_clear(&s);
    assert_int_equal(s.n_rows, 0);
    assert_int_equal(s.uptime_s, -1);
    assert_int_equal(t.n_rows, 3);
    assert_string_equal(pool_snapshot_str(&t, t.host), "web01");
    assert_int_equal(t.notes.n, 1);
    assert_string_equal(note_text(&t.notes, &t.notes.v[0]), "after 3 rows");
    assert_int_equal(pool_snapshot_bytes(&t, POOL_NONPAGED), 200);
    assert_int_equal(pool_snapshot_bytes(&t, POOL_PAGED), 100);
    pool_snapshot_free(&s);
    pool_snapshot_free(&t);
}

static void equal_figures(void **state)
{
    (void)state;
    struct pool_snapshot a = sample(), b = sample();
    assert_true(pool_snapshot_same_figures(&a, &b));
    b.rows[2].allocs_delta = 1;
    assert_false(pool_snapshot_same_figures(&a, &b));
    b.rows[2].allocs_delta = 0;
    b.totals.given = 1;
    assert_false(pool_snapshot_same_figures(&a, &b));
    b.totals.given = 0;
    b.scope = SCOPE_SESSION;
    assert_false(pool_snapshot_same_figures(&a, &b));
    pool_snapshot_free(&a);
    pool_snapshot_free(&b);
}

/* Every figure of a row, by its place: the same needs all of them, and one that the
 * source did not give is 0. */
static void each_figure_of_a_row(void **state)
{
    static const struct {
        size_t at, n;
        unsigned field;
    } t[] = {{offsetof(struct pool_row, tag), 4, 0},
             {offsetof(struct pool_row, pool), 1, 0},
             {offsetof(struct pool_row, fields), 2, 0},
             {offsetof(struct pool_row, allocs), 8, ROW_ALLOCS},
             {offsetof(struct pool_row, frees), 8, ROW_FREES},
             {offsetof(struct pool_row, live), 8, ROW_LIVE},
             {offsetof(struct pool_row, bytes), 8, ROW_BYTES},
             {offsetof(struct pool_row, per_alloc), 8, ROW_PER_ALLOC},
             {offsetof(struct pool_row, allocs_delta), 8, ROW_ALLOCS_DELTA},
             {offsetof(struct pool_row, frees_delta), 8, ROW_FREES_DELTA},
             {offsetof(struct pool_row, bytes_delta), 8, ROW_BYTES_DELTA}};
    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        for (size_t byte = 0; byte < t[i].n; byte++) {
            struct pool_snapshot a = sample(), b = sample();
            ((uint8_t *)&b.rows[1] + t[i].at)[byte] ^= 0x10;
            if (pool_snapshot_same_figures(&a, &b))
                fail_msg("figure %zu, byte %zu, makes no difference", i, byte);
            struct pool_row *r = &a.rows[1];
            *r = (struct pool_row){.tag = r->tag, .width = 64};
            assert_null(pool_snapshot_valid(&a));
            if (t[i].field != 0) {
                ((uint8_t *)r + t[i].at)[byte] = 1;
                assert_string_equal(pool_snapshot_valid(&a),
                                    "a figure that was not given is not 0");
                r->fields = (uint16_t)t[i].field;
                assert_null(pool_snapshot_valid(&a));
            }
            pool_snapshot_free(&a);
            pool_snapshot_free(&b);
        }
}

static struct pool_snapshot event_sample(const char *text)
{
    struct pool_snapshot s = {.uptime_s = -1, .record = RECORD_EVENTS};
    uint32_t code, words;
    assert_int_equal(pool_snapshot_intern(&s, "event-2019", 10, &code, NULL), 0);
    assert_int_equal(pool_snapshot_intern(&s, text, strlen(text), &words, NULL), 0);
    struct pool_event *v = pool_snapshot_add_event(&s, NULL);
    assert_non_null(v);
    *v = (struct pool_event){.ms = 7, .count = 2, .code = code, .text = words};
    return s;
}

static void equal_events(void **state)
{
    struct pool_snapshot a = event_sample("the pool is empty"),
                         b = event_sample("the pool is empty"),
                         other = event_sample("the pool is full");
    (void)state;
    assert_true(pool_snapshot_same_figures(&a, &b));
    assert_false(pool_snapshot_same_figures(&a, &other));
    b.events[0].ms++;
    assert_false(pool_snapshot_same_figures(&a, &b));
    b.events[0].ms--;
    b.events[0].count++;
    assert_false(pool_snapshot_same_figures(&a, &b));
    b.events[0].count--;
    b.events[0].code = b.events[0].text;
    assert_false(pool_snapshot_same_figures(&a, &b));
    b.events[0].code = a.events[0].code;
    b.n_events = 0;
    assert_false(pool_snapshot_same_figures(&a, &b));
    b.n_events = 1;
    b.record = RECORD_TOTALS;
    assert_false(pool_snapshot_same_figures(&a, &b));
    /* A text must end inside the strings. */
    a.strings.p[a.strings.n - 1] = 'y';
    assert_string_equal(pool_snapshot_valid(&a), "an event without a code or a count");
    pool_snapshot_free(&a);
    pool_snapshot_free(&b);
    pool_snapshot_free(&other);
}

static void notes_are_counted_beyond_the_bound(void **state)
{
    (void)state;
    struct note_list l = {0};
    for (int i = 0; i < 50; i++)
        assert_int_equal(note_add(&l, NULL, NOTE_ROW_DROPPED, (uint64_t)i, "%s", ""), 0);
    assert_int_equal(l.n, NOTES_PER_CODE);
    assert_int_equal(l.seen[NOTE_ROW_DROPPED], 50);
    assert_string_equal(note_text(&l, &l.v[0]), note_meaning(NOTE_ROW_DROPPED));
    assert_int_equal(note_find("row-dropped", 11), NOTE_ROW_DROPPED);
    assert_int_equal(note_find("row-drop", 8), -1);
    assert_int_equal(note_severity(NOTE_ROW_DROPPED), NOTE_LOSS);
    note_list_free(&l);
}

static void every_note_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int c = 0; c < NOTE_CODES; c++) {
        const char *name = note_name((enum note_code)c);
        assert_int_equal(note_find(name, strlen(name)), c);
        assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz-"), strlen(name));
        assert_true(strlen(note_meaning((enum note_code)c)) > 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arithmetic_does_not_overflow),
        cmocka_unit_test(zigzag_and_varints),
        cmocka_unit_test(little_endian),
        cmocka_unit_test(the_first_fault_wins),
        cmocka_unit_test(invariants),
        cmocka_unit_test(invariants_of_events),
        cmocka_unit_test(strings_and_copies),
        cmocka_unit_test(equal_figures),
        cmocka_unit_test(each_figure_of_a_row),
        cmocka_unit_test(equal_events),
        cmocka_unit_test(notes_are_counted_beyond_the_bound),
        cmocka_unit_test(every_note_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
