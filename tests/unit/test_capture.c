/* SPDX-License-Identifier: MIT */
/* poolcap from its arguments to its file, with a made-up system behind it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "captures.h"
#include "formats/capture/run.h"
#include "formats/frame.h"
#include "formats/when.h"
#include "tests/capture/fake.h"

/* A machine, its clock and its disk. */
struct world {
    struct fake fake;
    uint64_t elapsed;
    uint64_t step;     /* ms that one question takes */
    uint64_t stop_at;  /* when somebody presses Ctrl+C, 0 = never */
    uint64_t sleep_at; /* when the machine is put to sleep for an hour, 0 = never */
    size_t disk;       /* bytes that fit, 0 = all */
    uint32_t said;
    struct buf file;
};

static uint32_t w_query(void *ctx, uint32_t info_class, uint8_t *p, uint32_t n,
                        uint32_t *returned)
{
    struct world *w = ctx;
    w->elapsed += w->step;
    w->fake.filetime = FAKE_BEGIN + w->elapsed * 10000;
    return fake_query(&w->fake, info_class, p, n, returned);
}

static uint64_t w_clock(void *ctx)
{
    return FAKE_BEGIN + ((struct world *)ctx)->elapsed * 10000;
}

static uint64_t w_elapsed(void *ctx)
{
    return ((struct world *)ctx)->elapsed;
}

/* Returns early now and then, as a real wait does. */
static bool w_wait(void *ctx, uint64_t most)
{
    struct world *w = ctx;
    w->elapsed += most < 60000 ? most : 60000;
    if (w->sleep_at != 0 && w->elapsed >= w->sleep_at) {
        w->sleep_at = 0;
        w->elapsed += 3600 * 1000;
    }
    return w->stop_at == 0 || w->elapsed < w->stop_at;
}

static int w_write(void *ctx, const uint8_t *p, size_t n, struct err *e)
{
    struct world *w = ctx;
    if (w->disk != 0 && w->file.n + n > w->disk)
        return err_set(e, ERR_IO, "the disk is full");
    return buf_append(&w->file, p, n, e);
}

static void w_say(void *ctx, const char *words)
{
    (void)words;
    ((struct world *)ctx)->said++;
}

static int w_read_at(void *ctx, uint64_t at, uint8_t *p, uint32_t n, struct err *e)
{
    const struct world *w = ctx;
    if (at > w->file.n || n > w->file.n - at)
        return err_set(e, ERR_IO, "read beyond the end");
    memcpy(p, w->file.p + at, n);
    return 0;
}

static struct capture_system system_of(struct world *w)
{
    return (struct capture_system){.ctx = w,
                                   .query = w_query,
                                   .clock = w_clock,
                                   .elapsed_ms = w_elapsed,
                                   .wait_ms = w_wait,
                                   .write = w_write,
                                   .say = w_say};
}

static struct capture_machine machine_of(const struct world *w)
{
    return (struct capture_machine){.process = w->fake.wide ? NT_AMD64 : NT_I386,
                                    .native = NT_AMD64,
                                    .major = 10,
                                    .build = 19045,
                                    .revision = 3803,
                                    .processors = 8,
                                    .host = "WEB01",
                                    .program = "poolcap test"};
}

static int run(struct world *w, uint64_t every_ms, uint64_t for_ms,
               struct capture_done *done, struct err *e)
{
    struct capture_system sys = system_of(w);
    struct capture_machine m = machine_of(w);
    struct capture_plan plan = {
        .every_ms = every_ms, .for_ms = for_ms, .most_bytes = (uint64_t)1 << 30};
    struct capture_file f = {.ctx = w, .size = w->file.n, .read_at = w_read_at};
    struct capture_end end;
    TRY(capture_find_end(&end, &f, e));
    w->file.n = (size_t)end.at;
    return capture_run(&sys, &m, &plan, &end, done, e);
}

static struct captures read_back(const struct world *w)
{
    return captures_read(w->file.p, w->file.n, 0, NULL);
}

static const struct pool_row *row(const struct pool_snapshot *s, const char *tag)
{
    for (size_t i = 0; i < s->n_rows; i++)
        if (memcmp(s->rows[i].tag.b, tag, 4) == 0)
            return &s->rows[i];
    fail_msg("no row %s", tag);
    return NULL;
}

static void has_fact(const struct pool_snapshot *s, const char *line)
{
    if (strstr(pool_snapshot_str(s, s->facts), line) == NULL)
        fail_msg("no fact %s in:\n%s", line, pool_snapshot_str(s, s->facts));
}

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

/* ---- killed at any write ---- */

/* Where each record of the file ends. */
static size_t ends_of(const struct world *w, size_t ends[8])
{
    size_t n = 0, at = FRAME_FILE_HEAD;
    struct frame f;
    while (at + FRAME_HEAD <= w->file.n && frame_head(w->file.p + at, &f)) {
        at += FRAME_HEAD + f.n + FRAME_TAIL;
        ends[n++] = at;
    }
    assert_int_equal(at, w->file.n);
    return n;
}

static void cut_anywhere(void **state)
{
    (void)state;
    struct world w = {.fake = {.wide = true, .tags = 3}};
    struct capture_done done;
    size_t ends[8];
    assert_int_equal(run(&w, 60000, 120000, &done, NULL), 0);
    assert_int_equal(ends_of(&w, ends), 3);
    for (size_t cut = FRAME_MAGIC; cut < w.file.n; cut++) {
        size_t whole = 0;
        while (whole < 3 && ends[whole] <= cut)
            whole++;
        struct captures c = captures_read(w.file.p, cut, 0, NULL);
        bool between = cut == FRAME_FILE_HEAD || (whole > 0 && ends[whole - 1] == cut);
        assert_int_equal(c.n, whole);
        assert_int_equal(c.e.code, whole > 0 ? 0 : ERR_EMPTY);
        if (whole > 0)
            assert_int_equal(c.notes.seen[NOTE_TAIL_IGNORED], !between);
        captures_free(&c);
    }
    buf_free(&w.file);
}

/* Killed, then started again: the torn record costs itself alone. */
static void cut_and_continued(void **state)
{
    (void)state;
    struct world first = {.fake = {.wide = true, .tags = 3}};
    struct capture_done done;
    size_t ends[8];
    assert_int_equal(run(&first, 60000, 60000, &done, NULL), 0);
    assert_int_equal(ends_of(&first, ends), 2);
    for (size_t cut = 0; cut <= first.file.n; cut++) {
        struct world w = {.fake = {.wide = true, .tags = 2}};
        assert_int_equal(buf_append(&w.file, first.file.p, cut, NULL), 0);
        assert_int_equal(run(&w, 60000, 60000, &done, NULL), 0);
        struct captures c = read_back(&w);
        size_t whole = (size_t)(ends[0] <= cut) + (size_t)(ends[1] <= cut);
        bool torn = cut > FRAME_FILE_HEAD && cut != ends[0] && cut != ends[1];
        assert_int_equal(c.e.code, 0);
        assert_int_equal(c.n, whole + 2);
        assert_int_equal(c.v[whole].n_rows, 2);
        assert_int_equal(c.notes.seen[NOTE_BLOCK_LOST], torn);
        captures_free(&c);
        buf_free(&w.file);
    }
    buf_free(&first.file);
}

static void damaged_anywhere(void **state)
{
    (void)state;
    struct world w = {.fake = {.wide = true, .tags = 3}};
    struct capture_done done;
    assert_int_equal(run(&w, 60000, 120000, &done, NULL), 0);
    for (size_t at = 0; at < w.file.n; at++) {
        w.file.p[at] ^= 0x41;
        struct captures c = read_back(&w);
        bool version = at >= 8 && at < 12;
        assert_true(c.n >= 2 || version);
        assert_true(c.e.code == 0 || version);
        assert_true(c.n == 3 ||
                    c.notes.seen[NOTE_BLOCK_LOST] + c.notes.seen[NOTE_TAIL_IGNORED] > 0);
        captures_free(&c);
        w.file.p[at] ^= 0x41;
    }
    buf_free(&w.file);
}

static void not_ours(void **state)
{
    (void)state;
    static const char *const texts[] = {"x", "Memory: 1K", "a longer text than a head is",
                                        "\x93pcap\x1a\n\rthen nothing of the kind"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct world w = {.fake = {.wide = true, .tags = 3}};
        struct capture_done done;
        struct err e = {0};
        assert_int_equal(buf_append(&w.file, texts[i], strlen(texts[i]), NULL), 0);
        assert_int_equal(run(&w, 0, 0, &done, &e), ERR_UNSUPPORTED);
        assert_int_equal(w.file.n, strlen(texts[i]));
        buf_free(&w.file);
    }
}

static void newer_versions_are_refused(void **state)
{
    (void)state;
    struct world w = {.fake = {.wide = true, .tags = 3}};
    struct capture_done done;
    assert_int_equal(run(&w, 0, 0, &done, NULL), 0);
    struct captures c = read_back(&w);
    assert_int_equal(c.n, 1);
    captures_free(&c);
    struct buf head = {0};
    static const uint8_t magic[FRAME_MAGIC] = PSCAP_MAGIC;
    assert_int_equal(frame_put_file_head(&head, magic, PSCAP_MAJOR + 1, 0, NULL), 0);
    memcpy(w.file.p, head.p, head.n);
    c = read_back(&w);
    assert_int_equal(c.n, 0);
    assert_int_equal(c.e.code, ERR_UNSUPPORTED);
    assert_non_null(strstr(c.e.text, "found version 2"));
    assert_non_null(strstr(c.e.hint, "newer poolsift"));
    captures_free(&c);
    buf_free(&head);
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

/* One record whose payload is n bytes at p. */
static void read_payload(const uint8_t *p, size_t n)
{
    static const uint8_t magic[FRAME_MAGIC] = PSCAP_MAGIC;
    struct buf file = {0}, frame = {0};
    assert_int_equal(frame_put_file_head(&file, magic, 1, 0, NULL), 0);
    assert_int_equal(frame_begin(&frame, NULL), 0);
    assert_int_equal(buf_append(&frame, p, n, NULL), 0);
    assert_int_equal(frame_finish(&frame, PSCAP_FRAME_RECORD, 0, NULL), 0);
    assert_int_equal(buf_append(&file, frame.p, frame.n, NULL), 0);
    struct captures c = captures_read(file.p, file.n, 0, NULL);
    for (size_t k = 0; k < c.n; k++)
        assert_null(pool_snapshot_valid(&c.v[k]));
    captures_free(&c);
    buf_free(&file);
    buf_free(&frame);
}

/* Whole frames with right check sums that contradict themselves. */
static void hostile_items(void **state)
{
    (void)state;
    static const uint32_t lengths[] = {0, 1, 15, 16, 4096, 0x7fffffff, 0xffffffff};
    for (uint32_t type = 0; type < 7; type++)
        for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
            for (size_t n = 0; n <= 32; n++) {
                uint8_t item[32] = {0};
                put_le32(item, type);
                put_le32(item + 4, lengths[i]);
                put_le32(item + 8, NT_CLASS_POOL_TAGS);
                read_payload(item, n);
            }
}

/* A record that was changed after its check sums were taken off. */
static void hostile_figures(void **state)
{
    (void)state;
    struct world w = {.fake = {.wide = true, .knows_255 = true, .tags = 2}};
    struct capture_done done;
    assert_int_equal(run(&w, 0, 0, &done, NULL), 0);
    uint8_t *p = w.file.p + FRAME_FILE_HEAD + FRAME_HEAD;
    size_t n = w.file.n - FRAME_FILE_HEAD - FRAME_HEAD - FRAME_TAIL;
    for (size_t at = 0; at < n; at++) {
        const uint8_t was = p[at];
        p[at] ^= 0xff;
        read_payload(p, n);
        p[at] = was;
        read_payload(p, at);
    }
    buf_free(&w.file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record),
        cmocka_unit_test(names_are_one_line),
        cmocka_unit_test(rows_of_every_width),
        cmocka_unit_test(many_tags),
        cmocka_unit_test(refused_at_first),
        cmocka_unit_test(a_series),
        cmocka_unit_test(stopped_and_asleep),
        cmocka_unit_test(bounded_by_size),
        cmocka_unit_test(disk_full),
        cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(cut_and_continued),
        cmocka_unit_test(damaged_anywhere),
        cmocka_unit_test(not_ours),
        cmocka_unit_test(newer_versions_are_refused),
        cmocka_unit_test(arguments),
        cmocka_unit_test(hostile_items),
        cmocka_unit_test(hostile_figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
