/* SPDX-License-Identifier: MIT */
/* Lines of tidy tables as other programs leave them: what is taken of their cells, and
 * which cell is named when none of it can be right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "formats/tidy/tidy.h"

enum { LINE = 7 }; /* where each of them stands */

static void read_line(struct tidy_line *l, const char *json)
{
    uint64_t given;
    if (tidy_json(json, strlen(json), l, &given, NULL) != 1)
        fail_msg("no line: %s", json);
}

static void compare(const char *json, const char *told, const char *want)
{
    if (strcmp(told, want) != 0)
        fail_msg("%s: '%s'", json, told);
}

/* ---- rows ---- */

#define PROC "{\"tag_hex\":\"50726f63\",\"pool\":\"paged\""

/* The row in words, or the name of the broken cell behind a `!`. */
static void row_told(const struct tidy_line *l, char out[256])
{
    struct pool_snapshot s = {.uptime_s = -1};
    const char *broken;
    assert_int_equal(tidy_take_row(&s, l, LINE, &broken, NULL), 0);
    assert_int_equal(s.n_rows, broken == NULL);
    if (broken != NULL) {
        (void)snprintf(out, 256, "!%s", broken);
        pool_snapshot_free(&s);
        return;
    }
    const struct pool_row *r = &s.rows[0];
    const struct {
        unsigned field;
        const char *name;
        uint64_t v;
        int64_t i;
    } figures[] = {{ROW_ALLOCS, "allocs", r->allocs, 0},
                   {ROW_FREES, "frees", r->frees, 0},
                   {ROW_LIVE, "live", r->live, 0},
                   {ROW_BYTES, "bytes", r->bytes, 0},
                   {ROW_PER_ALLOC, "each", r->per_alloc, 0},
                   {ROW_ALLOCS_DELTA, "allocs+", 0, r->allocs_delta},
                   {ROW_FREES_DELTA, "frees+", 0, r->frees_delta},
                   {ROW_BYTES_DELTA, "bytes+", 0, r->bytes_delta}};
    int n = snprintf(out, 256, "%.4s %s", (const char *)r->tag.b,
                     pool_kind_name((enum pool_kind)r->pool));
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        if ((r->fields & figures[i].field) != 0)
            n += snprintf(out + n, 256 - (size_t)n, " %s %lld", figures[i].name,
                          i < 5 ? (long long)figures[i].v : (long long)figures[i].i);
        else
            assert_true(figures[i].v == 0 && figures[i].i == 0);
    if (r->width != 32)
        n += snprintf(out + n, 256 - (size_t)n, " %u bits", r->width);
    if (r->line != LINE)
        n +=
            snprintf(out + n, 256 - (size_t)n, " line %llu", (unsigned long long)r->line);
    (void)snprintf(out + n, 256 - (size_t)n, "%s%s%s%s", r->driver != 0 ? " by " : "",
                   pool_snapshot_str(&s, r->driver), r->owner != 0 ? " of " : "",
                   pool_snapshot_str(&s, r->owner));
    pool_snapshot_free(&s);
}

static void test_rows(void **state)
{
    (void)state;
    static const struct {
        const char *json, *told;
    } t[] = {
        {PROC "}", "Proc paged"},
        {PROC ",\"bytes\":0}", "Proc paged bytes 0"},
        {PROC ",\"allocs\":9,\"frees\":4,\"live\":5,\"bytes\":59,\"per_alloc\":11}",
         "Proc paged allocs 9 frees 4 live 5 bytes 59 each 11"},
        {PROC ",\"allocs_delta\":-1,\"frees_delta\":0,\"bytes_delta\":\"8\"}",
         "Proc paged allocs+ -1 frees+ 0 bytes+ 8"},
        {PROC ",\"mapped_driver\":\"[a.sys]\",\"owner\":\"b\\\\\\\\c\"}",
         "Proc paged by [a.sys] of b\\c"},
        /* the key */
        {"{\"pool\":\"paged\",\"bytes\":1}", "!tag_hex"},
        {"{\"tag_hex\":\"50726f6\",\"pool\":\"paged\"}", "!tag_hex"},
        {"{\"tag_hex\":\"50726f630\",\"pool\":\"paged\"}", "!tag_hex"},
        {"{\"tag_hex\":\"g0726f63\",\"pool\":\"paged\"}", "!tag_hex"},
        {"{\"tag_hex\":\"50726f6g\",\"pool\":\"paged\"}", "!tag_hex"},
        {"{\"tag_hex\":\"50726F63\",\"pool\":\"paged\"}", "!tag_hex"},
        {"{\"tag_hex\":\"50726f63\",\"pool\":\"nonpaged\"}", "Proc nonpaged"},
        {"{\"tag_hex\":\"50726f63\",\"pool\":\"unknown\"}", "Proc unknown"},
        {"{\"tag_hex\":\"50726f63\",\"pool\":\"Paged\"}", "!pool"},
        {"{\"tag_hex\":\"50726f63\",\"pool\":\"\"}", "!pool"},
        {"{\"tag_hex\":\"50726f63\"}", "!pool"},
        /* figures */
        {PROC ",\"allocs\":18446744073709551615}", "Proc paged allocs -1 64 bits"},
        {PROC ",\"allocs\":18446744073709551616}", "!allocs"},
        {PROC ",\"frees\":\"1 \"}", "!frees"},
        {PROC ",\"live\":1.5}", "!live"},
        {PROC ",\"bytes\":-1}", "!bytes"},
        {PROC ",\"bytes\":\"/\"}", "!bytes"},
        {PROC ",\"bytes\":\":\"}", "!bytes"},
        {PROC ",\"per_alloc\":\"x\"}", "!per_alloc"},
        {PROC ",\"allocs_delta\":\"-\"}", "!allocs_delta"},
        {PROC ",\"frees_delta\":9223372036854775808}", "!frees_delta"},
        {PROC ",\"bytes_delta\":-9223372036854775808}",
         "Proc paged bytes+ -9223372036854775808"},
        {PROC ",\"bytes_delta\":-9223372036854775809}", "!bytes_delta"},
        /* the width of counters */
        {PROC ",\"allocs\":4294967295,\"frees\":4294967295,\"live\":0}",
         "Proc paged allocs 4294967295 frees 4294967295 live 0"},
        {PROC ",\"allocs\":4294967296}", "Proc paged allocs 4294967296 64 bits"},
        {PROC ",\"frees\":4294967296}", "Proc paged frees 4294967296 64 bits"},
        {PROC ",\"live\":4294967296}", "Proc paged live 4294967296 64 bits"},
        {PROC ",\"bytes\":4294967296}", "Proc paged bytes 4294967296"},
        {PROC ",\"width\":64}", "Proc paged 64 bits"},
        {PROC ",\"width\":32}", "Proc paged"},
        {PROC ",\"width\":33}", "!width"},
        {PROC ",\"width\":\"x\"}", "!width"},
        {PROC ",\"allocs\":4,\"frees\":9,\"live\":4294967291}",
         "Proc paged allocs 4 frees 9 live 4294967291"},
        {PROC ",\"allocs\":4,\"frees\":9,\"live\":4294967291,\"width\":64}", "!live"},
        /* contradictions */
        {PROC ",\"allocs\":9,\"frees\":4,\"live\":6}", "!live"},
        {PROC ",\"allocs\":9,\"live\":6}", "Proc paged allocs 9 live 6"},
        {PROC ",\"live\":5,\"bytes\":50,\"per_alloc\":9}", "!per_alloc"},
        {PROC ",\"live\":0,\"bytes\":50,\"per_alloc\":0}",
         "Proc paged live 0 bytes 50 each 0"},
        {PROC ",\"live\":0,\"bytes\":50,\"per_alloc\":1}", "!per_alloc"},
        {PROC ",\"bytes\":50,\"per_alloc\":9}", "Proc paged bytes 50 each 9"},
        /* the line */
        {PROC ",\"line\":12}", "Proc paged line 12"},
        {PROC ",\"line\":null}", "Proc paged line 0"},
        {PROC ",\"line\":\"x\"}", "!line"},
    };
    struct tidy_line l = {.given = 0};
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        char told[256];
        read_line(&l, t[i].json);
        row_told(&l, told);
        compare(t[i].json, told, t[i].told);
    }
    tidy_line_free(&l);
}

/* ---- snapshots ---- */

static void snapshot_told(const struct tidy_line *l, char out[256])
{
    struct pool_snapshot s = {.uptime_s = 5};
    const char *broken;
    char time[WHEN_TEXT_MAX];
    assert_int_equal(tidy_take_snapshot(&s, l, &broken, NULL), 0);
    int n = snprintf(out, 256, "%s %s", pool_record_name(s.record),
                     completeness_name(s.completeness));
    if (s.scope != SCOPE_SYSTEM)
        n += snprintf(out + n, 256 - (size_t)n, " scope %d:%u", (int)s.scope,
                      (unsigned)s.session);
    if (s.time.source != TIME_NONE)
        n += snprintf(out + n, 256 - (size_t)n, " %s by %s", when_text(&s.time, time),
                      time_source_name(s.time.source));
    if (s.time.order != ORDER_PLAIN)
        n += snprintf(out + n, 256 - (size_t)n, " %s",
                      s.time.order == ORDER_DAY_FIRST ? "day" : "month");
    if (s.time.ambiguous)
        n += snprintf(out + n, 256 - (size_t)n, " or %+d days",
                      (int)((s.time.other_ms - s.time.ms) / 86400000));
    if (s.uptime_s >= 0)
        n += snprintf(out + n, 256 - (size_t)n, " up %lld", (long long)s.uptime_s);
    if (s.line != 0 || s.ordinal != 0)
        n += snprintf(out + n, 256 - (size_t)n, " line %llu nth %u",
                      (unsigned long long)s.line, (unsigned)s.ordinal);
    for (unsigned i = 0; i < TOTALS; i++)
        if ((s.totals.given >> i & 1) != 0)
            n += snprintf(out + n, 256 - (size_t)n, " %s=%llu",
                          tidy_name((enum tidy_column)(TIDY_MEMORY + (int)i)),
                          (unsigned long long)s.totals.v[i]);
    const uint32_t texts[] = {s.source, s.format, s.host, s.facts};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i] != 0)
            n += snprintf(out + n, 256 - (size_t)n, " '%s'",
                          pool_snapshot_str(&s, texts[i]));
    if (broken != NULL)
        (void)snprintf(out + n, 256 - (size_t)n, " !%s", broken);
    pool_snapshot_free(&s);
}

#define T "\"2026-11-09T10:00:00\""

static void test_snapshots(void **state)
{
    (void)state;
    static const struct {
        const char *json, *told;
    } t[] = {
        {"{\"tag\":\"\"}", "capture whole"},
        {"{\"record\":\"totals\",\"completeness\":\"screen\"}", "totals screen"},
        {"{\"record\":\"events\",\"completeness\":\"cut\"}", "events cut"},
        {"{\"record\":\"capture\",\"completeness\":\"filtered\"}", "capture filtered"},
        {"{\"record\":\"Events\",\"completeness\":\"all\"}", "capture whole"},
        {"{\"source\":\"a\",\"format\":\"b\",\"host\":\"c\",\"facts\":\"d=1\\\\n\"}",
         "capture whole 'a' 'b' 'c' 'd=1\n'"},
        {"{\"memory_kib\":1,\"paged_limit_kib\":0}",
         "capture whole memory_kib=1 paged_limit_kib=0"},
        {"{\"memory_kib\":\"x\",\"paged_kib\":2}",
         "capture whole paged_kib=2 !memory_kib"},
        {"{\"paged_limit_kib\":-1}", "capture whole !paged_limit_kib"},
        {"{\"capture_line\":3,\"ordinal\":2}", "capture whole line 3 nth 2"},
        {"{\"capture_line\":\"x\",\"ordinal\":4294967295}",
         "capture whole line 0 nth 4294967295 !capture_line"},
        {"{\"ordinal\":4294967296}", "capture whole !ordinal"},
        {"{\"ordinal\":\"x\"}", "capture whole !ordinal"},
        {"{\"uptime_s\":0}", "capture whole up 0"},
        {"{\"uptime_s\":9223372036854775807}", "capture whole up 9223372036854775807"},
        {"{\"uptime_s\":-1}", "capture whole !uptime_s"},
        {"{\"uptime_s\":\"x\"}", "capture whole !uptime_s"},
        /* scopes */
        {"{\"scope\":\"system\"}", "capture whole"},
        {"{\"scope\":\"all-sessions\"}", "capture whole scope 1:0"},
        {"{\"scope\":\"session:0\"}", "capture whole scope 2:0"},
        {"{\"scope\":\"session:4294967295\"}", "capture whole scope 2:4294967295"},
        {"{\"scope\":\"session:4294967296\"}", "capture whole !scope"},
        {"{\"scope\":\"session:x\"}", "capture whole !scope"},
        {"{\"scope\":\"session:\"}", "capture whole !scope"},
        {"{\"scope\":\"session\"}", "capture whole !scope"},
        /* times */
        {"{\"time\":" T "}", "capture whole 2026-11-09T10:00:00 by capture"},
        {"{\"time\":\"2026-11-09T10:00:00+01:00\",\"time_source\":\"name\"}",
         "capture whole 2026-11-09T10:00:00+01:00 by name"},
        {"{\"time\":" T ",\"time_source\":\"mtime\"}",
         "capture whole 2026-11-09T10:00:00 by mtime"},
        {"{\"time\":" T ",\"time_source\":\"none\"}",
         "capture whole 2026-11-09T10:00:00 by capture"},
        {"{\"time\":" T ",\"time_order\":\"dmy\"}",
         "capture whole 2026-11-09T10:00:00 by capture day"},
        {"{\"time\":" T ",\"time_order\":\"mdy\"}",
         "capture whole 2026-11-09T10:00:00 by capture month"},
        {"{\"time\":" T ",\"time_order\":\"ymd\"}",
         "capture whole 2026-11-09T10:00:00 by capture"},
        {"{\"time\":" T ",\"time_other\":\"2026-11-12T10:00:00\"}",
         "capture whole 2026-11-09T10:00:00 by capture or +3 days"},
        {"{\"time\":" T ",\"time_other\":\"later\"}",
         "capture whole 2026-11-09T10:00:00 by capture !time"},
        {"{\"time\":\"later\",\"time_order\":\"dmy\"}", "capture whole !time"},
        {"{\"time_source\":\"name\",\"time_order\":\"dmy\",\"time_other\":" T "}",
         "capture whole"},
    };
    struct tidy_line l = {.given = 0};
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        char told[256];
        read_line(&l, t[i].json);
        snapshot_told(&l, told);
        compare(t[i].json, told, t[i].told);
    }
    tidy_line_free(&l);
}

/* ---- events ---- */

static void event_told(const struct tidy_line *l, char out[256])
{
    struct pool_snapshot s = {.uptime_s = -1, .record = RECORD_EVENTS};
    const char *broken;
    assert_int_equal(tidy_take_event(&s, l, LINE, &broken, NULL), 0);
    assert_int_equal(s.n_events, broken == NULL);
    if (broken != NULL) {
        (void)snprintf(out, 256, "!%s", broken);
    } else {
        const struct pool_event *v = &s.events[0];
        int n = snprintf(out, 256, "%llu %s '%s'", (unsigned long long)v->count,
                         pool_snapshot_str(&s, v->code), pool_snapshot_str(&s, v->text));
        if (v->ms != INT64_MIN)
            n += snprintf(out + n, 256 - (size_t)n, " at %lld", (long long)v->ms);
        if (v->line != LINE)
            (void)snprintf(out + n, 256 - (size_t)n, " line %llu",
                           (unsigned long long)v->line);
    }
    pool_snapshot_free(&s);
}

static void test_events(void **state)
{
    (void)state;
    static const struct {
        const char *json, *told;
    } t[] = {
        {"{\"event\":\"event-2019\",\"event_count\":1}", "1 event-2019 ''"},
        {"{\"event\":\"a\",\"event_count\":3,\"event_text\":\"b c\"}", "3 a 'b c'"},
        {"{\"event\":\"a\",\"event_count\":1,\"event_time\":\"1970-01-01T00:00:01Z\"}",
         "1 a '' at 1000"},
        {"{\"event\":\"a\",\"event_count\":1,\"line\":12}", "1 a '' line 12"},
        {"{\"event\":\"a\",\"event_count\":1,\"line\":\"\"}", "1 a '' line 0"},
        {"{\"event\":\"a\"}", "!event_count"},
        {"{\"event\":\"a\",\"event_count\":0}", "!event_count"},
        {"{\"event\":\"a\",\"event_count\":\"x\"}", "!event_count"},
        {"{\"event\":\"a\",\"event_count\":1,\"line\":\"x\"}", "!line"},
        {"{\"event\":\"a\",\"event_count\":1,\"event_time\":\"later\"}", "!event_time"},
    };
    struct tidy_line l = {.given = 0};
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        char told[256];
        read_line(&l, t[i].json);
        event_told(&l, told);
        compare(t[i].json, told, t[i].told);
    }
    tidy_line_free(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_snapshots),
        cmocka_unit_test(test_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
