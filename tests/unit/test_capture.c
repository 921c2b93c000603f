/* SPDX-License-Identifier: MIT */
/* poolcap from its arguments to its file, with a made-up system behind it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/when.h"
#include "tests/unit/capturing.h"

/* ---- one record ---- */

static void check_rows(const struct pool_snapshot *s)
{
    const struct pool_row *leak = row(s, "Leak"), *other = row(s, "T002");
    assert_int_equal(s->n_rows, 3);
    assert_int_equal(leak->pool, POOL_NONPAGED);
    assert_int_equal(leak->width, 32);
    assert_int_equal(leak->allocs, 1000);
    assert_int_equal(leak->live, 1000);
    assert_int_equal(leak->bytes, 256000);
    assert_int_equal(leak->per_alloc, 256);
    assert_int_equal(other->pool, POOL_PAGED);
    assert_int_equal(other->allocs, 102);
    assert_int_equal(other->frees, 40);
    assert_int_equal(other->bytes, 62 * 64);
}

static void check_totals(const struct pool_totals *t)
{
    static const struct {
        enum total_field field;
        uint64_t kib;
    } want[] = {{TOTAL_MEMORY_KIB, 8388608},  {TOTAL_AVAIL_KIB, 2000000},
                {TOTAL_COMMIT_KIB, 3600000},  {TOTAL_LIMIT_KIB, 8000000},
                {TOTAL_PEAK_KIB, 3800000},    {TOTAL_PAGED_KIB, 240000},
                {TOTAL_NONPAGED_KIB, 120000}, {TOTAL_INRAM_PAGED_KIB, 200000}};
    uint32_t given = 0;
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        assert_int_equal(t->v[want[i].field], want[i].kib);
        given |= 1u << want[i].field;
    }
    assert_int_equal(t->given, given);
}

static void one_record(bool wide)
{
    struct world w = {.fake = {.wide = wide, .tags = 3}, .step = 2};
    struct capture_done done;
    char when[WHEN_TEXT_MAX];
    assert_int_equal(run(&w, 0, 0, &done, NULL), 0);
    assert_int_equal(done.records, 1);
    struct captures c = read_back(&w);
    assert_int_equal(c.e.code, 0);
    assert_int_equal(c.n, 1);
    const struct pool_snapshot *s = &c.v[0];
    assert_null(pool_snapshot_valid(s));
    assert_int_equal(s->record, RECORD_CAPTURE);
    assert_string_equal(pool_snapshot_str(s, s->format), "pscap");
    assert_string_equal(pool_snapshot_str(s, s->host), "WEB01");
    assert_string_equal(when_text(&s->time, when), "2026-11-02T15:04:05Z");
    assert_string_equal(time_source_name(s->time.source), "capture");
    assert_int_equal(s->uptime_s, 43200);
    assert_int_equal(s->completeness, COMPLETE_WHOLE);
    check_totals(&s->totals);
    has_fact(s, "build=10.0.19045.3803\n");
    has_fact(s, "architecture=x64\n");
    has_fact(s, "processors=8\n");
    has_fact(s, "page_size=4096\n");
    has_fact(s, "boot_time=2026-11-02T03:04:05Z\n");
    has_fact(s, "program=poolcap test\n");
    has_fact(s, "capture_ms=12\n");
    assert_int_equal(s->notes.seen[NOTE_NARROW_BYTES], wide ? 0 : 1);
    captures_free(&c);
    buf_free(&w.file);
}

static void a_record(void **state)
{
    (void)state;
    one_record(true);
    one_record(false);
}

/* Names that the machine was given may hold anything; facts are lines. */
static void names_are_one_line(void **state)
{
    (void)state;
    struct world w = {.fake = {.wide = true, .tags = 3}};
    struct capture_system sys = system_of(&w);
    struct capture_machine m = machine_of(&w);
    struct capture_plan plan = {.most_bytes = (uint64_t)1 << 30};
    struct capture_file f = {.ctx = &w, .read_at = w_read_at};
    struct capture_end end;
    struct capture_done done;
    m.program = "pool\ncap\x1f \x7f~";
    m.processors = 0;
    m.build = 0;
    assert_int_equal(capture_find_end(&end, &f, NULL), 0);
    assert_int_equal(capture_run(&sys, &m, &plan, &end, &done, NULL), 0);
    struct captures c = read_back(&w);
    assert_int_equal(c.n, 1);
    const struct pool_snapshot *s = &c.v[0];
    has_fact(s, "program=poolcap ~\n");
    const char *facts = pool_snapshot_str(s, s->facts);
    assert_null(strstr(facts, "processors=")); /* not known is not 0 */
    assert_null(strstr(facts, "build="));
    assert_null(strstr(facts, "captured_by=")); /* it is the machine's own program */
    assert_null(strstr(facts, "capture_ms="));  /* the clock did not move */
    captures_free(&c);
    buf_free(&w.file);
}

/* The reply itself tells its layout where nobody knows the machine. */
static void machines_yet_to_come(void **state)
{
    (void)state;
    for (int wide = 0; wide < 2; wide++) {
        struct world w = {.fake = {.wide = wide != 0, .tags = 3}};
        struct capture_system sys = system_of(&w);
        struct capture_machine m = machine_of(&w);
        struct capture_plan plan = {.most_bytes = (uint64_t)1 << 30};
        struct capture_file f = {.ctx = &w, .read_at = w_read_at};
        struct capture_end end;
        struct capture_done done;
        m.process = m.native = wide != 0 ? 0x5064 : 0x5032;
        assert_int_equal(capture_find_end(&end, &f, NULL), 0);
        assert_int_equal(capture_run(&sys, &m, &plan, &end, &done, NULL), 0);
        struct captures c = read_back(&w);
        assert_int_equal(c.n, 1);
        check_rows(&c.v[0]);
        captures_free(&c);
        buf_free(&w.file);
    }
}

static void rows_of_every_width(void **state)
{
    (void)state;
    struct capture_done done;
    for (int wide = 0; wide < 2; wide++) {
        struct world w = {.fake = {.wide = wide != 0, .tags = 3}};
        assert_int_equal(run(&w, 0, 0, &done, NULL), 0);
        struct captures c = read_back(&w);
        assert_int_equal(c.n, 1);
        check_rows(&c.v[0]);
        captures_free(&c);
        buf_free(&w.file);
    }
    /* Class 22 was asked before: the same tag has leaked a little more. */
    struct world w = {.fake = {.wide = true, .knows_255 = true, .tags = 5}};
    assert_int_equal(run(&w, 0, 0, &done, NULL), 0);
    struct captures c = read_back(&w);
    assert_int_equal(c.n, 1);
    assert_int_equal(row(&c.v[0], "Leak")->width, 64);
    assert_int_equal(row(&c.v[0], "Leak")->allocs, 2000);
    assert_int_equal(row(&c.v[0], "T004")->bytes, 64 * 64);
    captures_free(&c);
    buf_free(&w.file);
}

/* More tags than the first buffer holds, and a system that does not say how many bytes.
 */
static void many_tags(void **state)
{
    (void)state;
    for (int no_length = 0; no_length < 2; no_length++) {
        struct world w = {
            .fake = {.wide = true, .tags = 100000, .no_length = no_length != 0}};
        struct capture_done done;
        assert_int_equal(run(&w, 0, 0, &done, NULL), 0);
        struct captures c = read_back(&w);
        assert_int_equal(c.n, 1);
        assert_int_equal(c.v[0].n_rows, 100000);
        assert_int_equal(c.v[0].completeness, COMPLETE_WHOLE);
        captures_free(&c);
        buf_free(&w.file);
    }
}

static void refused_at_first(void **state)
{
    (void)state;
    struct world w = {.fake = {.wide = true, .tags = 3, .refusal = 0xc0000022}};
    struct capture_done done;
    struct err e = {0};
    assert_int_equal(run(&w, 10000, 60000, &done, &e), ERR_UNSUPPORTED);
    assert_non_null(strstr(e.text, "0xc0000022"));
    assert_int_equal(w.file.n, 0);
}

/* ---- a series ---- */

static void a_series(void **state)
{
    (void)state;
    struct world w = {.fake = {.wide = true, .tags = 3}, .step = 5};
    struct capture_done done;
    assert_int_equal(run(&w, 300000, 3600000, &done, NULL), 0);
    assert_int_equal(done.records, 13);
    assert_false(done.stopped);
    struct captures c = read_back(&w);
    assert_int_equal(c.n, 13);
    for (size_t i = 0; i < c.n; i++) {
        assert_int_equal(c.v[i].ordinal, i + 1);
        assert_int_equal(c.v[i].time.ms - c.v[0].time.ms, (int64_t)i * 300000);
        assert_int_equal(row(&c.v[i], "Leak")->allocs, 1000 * (i + 1));
    }
    captures_free(&c);
    buf_free(&w.file);
}

static void stopped_and_asleep(void **state)
{
    (void)state;
    struct world w = {.fake = {.wide = true, .tags = 3}, .stop_at = 700000};
    struct capture_done done;
    assert_int_equal(run(&w, 300000, 3600000, &done, NULL), 0);
    assert_true(done.stopped);
    assert_int_equal(done.records, 3);
    buf_free(&w.file);

    /* One record on waking, none for the steps that were slept through. */
    w = (struct world){.fake = {.wide = true, .tags = 3}, .sleep_at = 310000};
    assert_int_equal(run(&w, 300000, 7200000, &done, NULL), 0);
    struct captures c = read_back(&w);
    assert_int_equal(c.n, 14);
    assert_int_equal(c.v[2].time.ms - c.v[1].time.ms, 3660000);
    captures_free(&c);
    buf_free(&w.file);
}

static void bounded_by_size(void **state)
{
    (void)state;
    struct world w = {.fake = {.wide = true, .tags = 3000}};
    struct capture_system sys = system_of(&w);
    struct capture_machine m = machine_of(&w);
    struct capture_plan plan = {
        .every_ms = 60000, .for_ms = 86400000, .most_bytes = (uint64_t)1 << 20};
    struct capture_end end = {0};
    struct capture_done done;
    assert_int_equal(capture_run(&sys, &m, &plan, &end, &done, NULL), 0);
    assert_true(done.full);
    assert_int_equal(done.records, 8);
    assert_true(w.file.n <= (size_t)1 << 20);
    buf_free(&w.file);
}

static void disk_full(void **state)
{
    (void)state;
    struct world w = {.fake = {.wide = true, .tags = 3}, .disk = 2500};
    struct capture_done done;
    struct err e = {0};
    assert_int_equal(run(&w, 60000, 3600000, &done, &e), ERR_IO);
    assert_string_equal(e.text, "the disk is full");
    struct captures c = read_back(&w);
    assert_int_equal(c.n, done.records);
    assert_true(c.n > 0);
    captures_free(&c);
    buf_free(&w.file);
}

/* ---- arguments ---- */

static int parse(struct capture_plan *plan, struct err *e, const char *words)
{
    static char copy[256];
    char *argv[16] = {NULL};
    int argc = 0;
    (void)snprintf(copy, sizeof copy, "poolcap %s", words);
    for (char *p = strtok(copy, " "); p != NULL && argc < 16; p = strtok(NULL, " "))
        argv[argc++] = p;
    return capture_plan_parse(plan, argc, argv, e);
}

static void arguments(void **state)
{
    (void)state;
    struct capture_plan p;
    assert_int_equal(parse(&p, NULL, ""), 0);
    assert_string_equal(p.file, "poolcap.pscap");
    assert_int_equal(p.every_ms, 0);
    assert_int_equal(p.most_bytes, (uint64_t)1 << 30);
    assert_int_equal(parse(&p, NULL, "--every 5m --for 7d -o a.pscap --max-mb 50"), 0);
    assert_string_equal(p.file, "a.pscap");
    assert_int_equal(p.every_ms, 300000);
    assert_int_equal(p.for_ms, 604800000);
    assert_int_equal(p.most_bytes, (uint64_t)50 << 20);
    assert_int_equal(parse(&p, NULL, "--every 1h --no-host"), 0);
    assert_int_equal(p.for_ms, 86400000);
    assert_true(p.no_host);
    assert_int_equal(parse(&p, NULL, "/?"), 0);
    assert_true(p.help);
    static const char *const wrong[] = {"--every",      "--every 1s",      "--every 5",
                                        "--every 200d", "--for 7d",        "file.pscap",
                                        "--max-mb 0",   "--max-mb 1x",     "--every -5m",
                                        "--often",      "--max-mb 9999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct err e = {0};
        assert_int_equal(parse(&p, &e, wrong[i]), ERR_USAGE);
        assert_true(e.text[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record),
        cmocka_unit_test(names_are_one_line),
        cmocka_unit_test(machines_yet_to_come),
        cmocka_unit_test(rows_of_every_width),
        cmocka_unit_test(many_tags),
        cmocka_unit_test(refused_at_first),
        cmocka_unit_test(a_series),
        cmocka_unit_test(stopped_and_asleep),
        cmocka_unit_test(bounded_by_size),
        cmocka_unit_test(disk_full),
        cmocka_unit_test(arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
