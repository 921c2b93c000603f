/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/unit/render_output.h"
#include "tests/unit/render_samples.h"

static void test_show_json(void **state)
{
    (void)state;
    struct sample x;
    struct output out;
    sample_screen(&x);
    x.s.rows[0].fields = ROW_BYTES;
    assert_true(note_add(&x.s.notes, NULL, NOTE_CUT, 27, "%s", "cut \"here\"") >= 0);
    struct show_view v = sample_show(&x);
    start(&out, "json");
    out.o.top = 1;
    show(&out, &v);
    assert_string_equal(
        finish(&out),
        "{\"schema\": \"poolsift.show/1\", \"snapshots\": [\n"
        "{\"source\": \"web01.txt\", \"line\": 3, \"ordinal\": 1, "
        "\"record\": \"capture\", \"format\": \"poolmon\", "
        "\"host\": null, \"time\": null, \"time_source\": \"none\", \"time_zone\": null, "
        "\"uptime_s\": null, \"scope\": \"system\", \"completeness\": \"screen\", "
        "\"totals\": {\"memory_kib\": 1048016, \"avail_kib\": 438396, "
        "\"page_faults\": null, \"inram_kernel_kib\": null, \"inram_paged_kib\": null, "
        "\"commit_kib\": 538908, \"limit_kib\": 11245092, \"peak_kib\": null, "
        "\"nonpaged_kib\": 109056, \"paged_kib\": 43740, "
        "\"nonpaged_limit_kib\": null, \"paged_limit_kib\": null}, \"limits\": {"
        "\"nonpaged\": {\"limit_bytes\": null, \"limit_source\": null, \"limit_system\": "
        "null, \"limit_candidates\": []}, "
        "\"paged\": {\"limit_bytes\": null, \"limit_source\": null, \"limit_system\": "
        "null, \"limit_candidates\": []}}, "
        "\"facts\": {}, "
        "\"rows_total\": 6, \"rows\": [\n"
        "{\"tag\": \"ISil\", \"tag_hex\": \"4953696c\", \"pool\": \"nonpaged\", "
        "\"session\": null, \"allocs\": null, \"frees\": null, \"live\": null, "
        "\"bytes\": 36678632, \"per_alloc\": null, \"allocs_delta\": null, "
        "\"frees_delta\": null, \"bytes_delta\": null, \"mapped_driver\": null, "
        "\"owner\": null, \"owner_source\": null, \"owner_verified\": null, \"role\": "
        "\"unknown\", \"container\": null, \"line\": 8}\n"
        "], \"cohorts\": [], \"events\": [], \"notes\": [\n"
        "{\"code\": \"cut\", \"severity\": \"loss\", \"line\": 27, "
        "\"text\": \"cut \\\"here\\\"\"}\n"
        "]}\n"
        "]}\n");
    buf_free(&out.b);
    sample_free(&x);
}

static void test_show_json_times_and_sessions(void **state)
{
    (void)state;
    struct sample x;
    struct output out;
    sample_screen(&x);
    x.s.time = (struct pool_time){
        .source = TIME_LINE, .ms = MARCH_9, .zone_known = true, .zone_min = -210};
    x.s.scope = SCOPE_SESSION;
    x.s.session = 3;
    x.s.uptime_s = 60;
    struct show_view v = sample_show(&x);
    start(&out, "json");
    show(&out, &v);
    const char *s = finish(&out);
    assert_non_null(strstr(s, "\"time\": \"2006-03-09T09:00:00-03:30\", "
                              "\"time_source\": \"line\", \"time_zone\": \"-03:30\", "
                              "\"uptime_s\": 60, \"scope\": \"session:3\""));
    assert_non_null(strstr(s, "\"session\": 3, "));
    buf_free(&out.b);
    sample_free(&x);
}

static void test_rank_json(void **state)
{
    (void)state;
    static const char *const keys[] = {
        "rank",
        "tag",
        "tag_hex",
        "pool",
        "session",
        "verdict",
        "confidence",
        "score",
        "bytes",
        "live",
        "growth_bytes",
        "bytes_per_hour",
        "bytes_per_hour_low",
        "bytes_per_hour_high",
        "share_of_growth",
        "share_of_pool",
        "share_basis",
        "quality",
        "straightness",
        "line_fit",
        "spread",
        "directness",
        "recency",
        "quiet",
        "pace",
        "rising",
        "steps",
        "steps_rising",
        "freed",
        "bytes_per_new_alloc",
        "boots_growing",
        "boots_seen",
        "started",
        "cohort",
        "role",
        "owner",
        "owner_source",
        "container",
        "evidence",
        "complete",
        "hosts",
        "host",
        "scope",
        "snapshots",
        "boots",
        "from",
        "to",
        "time_zone",
        "time_source",
        "pools",
        "limit_bytes",
        "limit_source",
        "limit_candidates",
        "exhausted_in_h",
        "exhausted_in_h_low",
        "exhausted_in_h_high",
        "forecast_refused",
        "outcome",
        "tags_total",
        "tags",
        "cohorts",
        "suspects",
        "diagnoses",
        "notes",
    };
    struct sample x;
    struct output out;
    sample_series(&x);
    struct rank_view v = sample_rank(&x);
    start(&out, "json");
    out.o.top = 2;
    ranks(&out, &v, 1, true);
    const char *s = finish(&out);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        char quoted[64];
        (void)snprintf(quoted, sizeof quoted, "\"%s\": ", keys[i]);
        if (strstr(s, quoted) == NULL)
            fail_msg("no key %s", keys[i]);
    }
    assert_memory_equal(s, "{\"schema\": \"poolsift.rank/1\", ", 30);
    assert_non_null(strstr(s, "{\"start\": \"2006-03-09T09:00:00\", "
                              "\"end\": \"2006-03-12T09:00:00\", \"snapshots\": 37, "));
    assert_non_null(strstr(s, "\"started\": \"2006-03-09T11:00:00\""));
    assert_non_null(
        strstr(s, "\"limit_bytes\": 134217728, \"limit_source\": \"option\""));
    assert_non_null(strstr(s, "{\"code\": \"gave-back\", \"text\": \"gave back 18.3%\", "
                              "\"given_back\": 0.183}"));
    assert_null(strstr(s, "nan"));
    assert_null(strstr(s, "SavE"));
    buf_free(&out.b);
    sample_free(&x);
}

static void test_diff_json(void **state)
{
    (void)state;
    struct sample x;
    struct output out;
    sample_diff(&x);
    struct diff_view v = sample_diff_view(&x);
    start(&out, "json");
    out.o.top = 0;
    assert_int_equal(out.r.how->diff(&out.r, &v), 0);
    const char *s = finish(&out);
    assert_non_null(strstr(s,
                           "\"same_boot\": true, \"hours\": 72, \"totals\": "
                           "{\"nonpaged\": {\"old_bytes\": 72912896, "
                           "\"new_bytes\": 111673344, \"change_bytes\": 38760448, "
                           "\"source\": \"header\"}, \"paged\": {\"old_bytes\": null"));
    assert_non_null(strstr(s,
                           "\"state\": \"gone\", \"old_bytes\": 8192, \"new_bytes\": 0, "
                           "\"bytes_change\": -8192, \"live_change\": null"));
    assert_non_null(strstr(s, "\"old_bytes\": 2048, \"new_bytes\": null, "
                              "\"bytes_change\": null"));
    buf_free(&out.b);

    x.diff.boot_decided = false;
    start(&out, "json");
    assert_int_equal(out.r.how->diff(&out.r, &v), 0);
    assert_non_null(strstr(finish(&out), "\"same_boot\": null"));
    buf_free(&out.b);
    sample_free(&x);
}

static void test_csv(void **state)
{
    (void)state;
    struct sample x;
    struct output out;
    sample_diff(&x);
    struct diff_view v = sample_diff_view(&x);
    start(&out, "csv");
    out.o.top = 0;
    assert_int_equal(out.r.how->diff(&out.r, &v), 0);
    assert_string_equal(
        finish(&out),
        "tag,tag_hex,pool,state,old_bytes,new_bytes,bytes_change,live_change,"
        "allocs_change,frees_change,bytes_per_hour,freed,bytes_per_new_alloc,owner,"
        "owner_source\r\n"
        "ISil,4953696c,nonpaged,both,12333056,43200512,30867456,120576,137018,16442,"
        "428714.7,0.12,256,,\r\n"
        "Abcd,41626364,nonpaged,new,0,65536,65536,,,,910.2,0,8192,,\r\n"
        "'-=|`,2d3d7c60,paged,both,2048,,,,,,,,,,\r\n"
        "Gone,476f6e65,nonpaged,gone,8192,0,-8192,,,,-113.8,,,,\r\n");
    buf_free(&out.b);
    sample_free(&x);
}

/* Quotes, commas, line ends, formulas and escapes in a name from outside. */
static void test_csv_is_inert(void **state)
{
    (void)state;
    static const struct {
        const char *source, *cell;
    } t[] = {
        {"a.txt", "a.txt"},      {"a,b", "\"a,b\""},
        {"a\"b", "\"a\"\"b\""},  {"=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"},
        {"@x", "'@x"},           {"+1", "'+1"},
        {"\tx", "'\\x09x"},      {"a\nb", "\"a\\x0ab\""},
        {"\033[2J", "\\x1b[2J"}, {" a", "\" a\""},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct sample x;
        struct output out;
        sample_screen(&x);
        x.s.source = sample_text(&x, t[i].source);
        struct show_view v = sample_show(&x);
        start(&out, "csv");
        out.o.top = 1;
        show(&out, &v);
        const char *line = strstr(finish(&out), "\r\n");
        assert_non_null(line);
        assert_ptr_equal(strstr(line + 2, t[i].cell), line + 2);
        assert_int_equal(line[2 + strlen(t[i].cell)], ',');
        buf_free(&out.b);
        sample_free(&x);
    }
}

static void test_every_row_of_a_csv_has_the_header_s_columns(void **state)
{
    (void)state;
    struct sample x;
    struct output out;
    sample_series(&x);
    struct rank_view v = sample_rank(&x);
    start(&out, "csv");
    ranks(&out, &v, 1, true);
    const char *s = finish(&out);
    size_t want = 0, lines = 0;
    while (*s != '\0') {
        size_t n = strcspn(s, "\r"), commas = 0;
        for (size_t i = 0; i < n; i++)
            commas += s[i] == ',';
        if (lines++ == 0)
            want = commas;
        assert_int_equal(commas, want);
        s += n + 2;
    }
    assert_int_equal(lines, 6);
    assert_int_equal(want, 36);
    buf_free(&out.b);
    sample_free(&x);
}

static void test_info(void **state)
{
    (void)state;
    struct note_list notes = {0};
    assert_true(note_add(&notes, NULL, NOTE_CUT, 9, "%s", "") >= 0);
    const char *hosts[] = {"WEB01", ""};
    struct info_input v[2] = {
        {.source = "week.psz",
         .format = "psz",
         .format_title = "poolsift archive",
         .snapshots = 37,
         .records = {[RECORD_CAPTURE] = 37},
         .rows = 15000,
         .hosts = hosts,
         .n_hosts = 2,
         .first_time = {.source = TIME_NAME, .ms = MARCH_9},
         .last_time = {.source = TIME_NAME, .ms = MARCH_9 + 72 * HOUR_MS},
         .boots = 2,
         .completeness = COMPLETE_CUT,
         .bytes = 1234,
         .notes = &notes},
        {.source = "bad\033.bin", .bytes = 7, .error = "not a capture"},
    };
    struct output out;
    start(&out, "text");
    assert_int_equal(out.r.how->info(&out.r, v, 2), 0);
    assert_string_equal(
        finish(&out),
        "2 inputs, 37 snapshots, 15000 rows; 2006-03-09 09:00 to 2006-03-12 09:00; 1 "
        "not\n"
        "whole; 1 could not be read to the end.\n"
        "\n"
        "week.psz\n"
        "  poolsift archive; 1234 bytes; 37 snapshots, 15000 rows; cut (the rest is\n"
        "    missing)\n"
        "  2006-03-09 09:00 to 2006-03-12 09:00 (from the file name); 2 boots; host\n"
        "    WEB01, without a name; 1 note\n"
        "bad\\x1b.bin\n"
        "  not read to the end: not a capture\n");
    buf_free(&out.b);

    start(&out, "json");
    assert_int_equal(out.r.how->info(&out.r, v, 2), 0);
    assert_string_equal(
        finish(&out),
        "{\"schema\": \"poolsift.info/1\", \"inputs\": [\n"
        "{\"source\": \"week.psz\", \"format\": \"psz\", \"compressed\": null, "
        "\"snapshots\": 37, \"rows\": 15000, \"records\": {\"capture\": 37, "
        "\"totals\": 0, \"events\": 0}, \"events\": [], \"hosts\": [\"WEB01\", null], "
        "\"first_time\": \"2006-03-09T09:00:00\", \"last_time\": "
        "\"2006-03-12T09:00:00\", "
        "\"time_source\": \"name\", \"time_zone\": null, \"boots\": 2, "
        "\"completeness\": \"cut\", \"bytes\": 1234, \"error\": null, \"notes\": [\n"
        "{\"code\": \"cut\", \"severity\": \"loss\", \"line\": 9, "
        "\"text\": \"the capture ends in mid-table\"}\n"
        "]},\n"
        "{\"source\": \"bad\\u001b.bin\", \"format\": null, \"compressed\": null, "
        "\"snapshots\": 0, \"rows\": 0, \"records\": {\"capture\": 0, "
        "\"totals\": 0, \"events\": 0}, \"events\": [], \"hosts\": [], "
        "\"first_time\": null, "
        "\"last_time\": null, \"time_source\": \"none\", \"time_zone\": null, "
        "\"boots\": null, \"completeness\": null, \"bytes\": 7, "
        "\"error\": \"not a capture\", \"notes\": []}\n"
        "]}\n");
    buf_free(&out.b);

    start(&out, "csv");
    assert_int_equal(out.r.how->info(&out.r, v, 2), 0);
    assert_non_null(strstr(finish(&out), "\r\nbad\\x1b.bin,,,0,0,0,,,none,,,7,0,not a "
                                         "capture,0,0,0\r\n"));
    buf_free(&out.b);
    note_list_free(&notes);
}

static void test_formats(void **state)
{
    (void)state;
    const struct format_writer *writer = NULL;
    const struct format table[] = {
        {.name = "poolmon",
         .title = "PoolMon text",
         .suffixes = ".txt",
         .writer = writer},
        {.name = NULL},
    };
    static const struct {
        const char *renderer, *text;
    } t[] = {
        {"text", "Format   Reads  Writes  Suffixes  What it is\n"
                 "poolmon  -      -       .txt      PoolMon text\n"},
        {"json", "{\"schema\": \"poolsift.formats/1\", \"formats\": [\n"
                 "{\"name\": \"poolmon\", \"title\": \"PoolMon text\", "
                 "\"suffixes\": \".txt\", \"read\": false, \"write\": false}\n]}\n"},
        {"csv", "name,title,suffixes,read,write\r\n"
                "poolmon,PoolMon text,.txt,false,false\r\n"},
        {"markdown", "| Format | Reads | Writes | Suffixes | What it is |\n"
                     "|---|---|---|---|---|\n"
                     "| poolmon | - | - | .txt | PoolMon text |\n\n"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct output out;
        start(&out, t[i].renderer);
        assert_int_equal(out.r.how->formats(&out.r, table), 0);
        assert_string_equal(finish(&out), t[i].text);
        buf_free(&out.b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_show_json),
        cmocka_unit_test(test_show_json_times_and_sessions),
        cmocka_unit_test(test_rank_json),
        cmocka_unit_test(test_diff_json),
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_csv_is_inert),
        cmocka_unit_test(test_every_row_of_a_csv_has_the_header_s_columns),
        cmocka_unit_test(test_info),
        cmocka_unit_test(test_formats),
    };
    return cmocka_run_group_tests_name("render_machine", tests, NULL, NULL);
}
