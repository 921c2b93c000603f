/* SPDX-License-Identifier: MIT */
/* Archives whose check sums are right and whose claims would make a reader work, or hold,
 * more than their bytes are worth; and that no writer makes what no reader takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <unistd.h>

#include "formats/psz/columns.h"
#include "formats/psz/format.h"
#include "formats/psz/head.h"
#include "formats/psz/index.h"
#include "formats/psz/link.h"
#include "formats/psz/notes.h"
#include "psz_samples.h"
#include "tests/unit/scratch.h"

static const struct limits limits = LIMITS_DEFAULT;

/* ---- the index ---- */

static int read_again(const struct psz_index *ix)
{
    struct psz_index got = {0};
    struct buf b = {0};
    struct err e = {0};
    assert_int_equal(psz_index_write(ix, &b, NULL), 0);
    int r = psz_index_read(&got, b.p, b.n, 1000000, &e);
    psz_index_free(&got);
    buf_free(&b);
    return r;
}

/* Each is looked for among the others of its block. */
static void more_hosts_than_lanes(void **state)
{
    (void)state;
    const struct psz_block_facts facts = {.snapshots = 1, .untimed = true};
    struct psz_index ix = {0};
    char host[16];
    assert_int_equal(psz_index_add(&ix, 16, &facts, NULL), 0);
    for (unsigned i = 0; i < PSZ_LANES_MAX; i++) {
        (void)snprintf(host, sizeof host, "web%u", i);
        assert_int_equal(psz_index_add_host(&ix, host, NULL), 0);
    }
    assert_int_equal(read_again(&ix), 0);
    for (unsigned i = 0; i < 2; i++) {
        (void)snprintf(host, sizeof host, "db%u", i);
        assert_int_equal(psz_index_add_host(&ix, host, NULL), 0);
    }
    assert_int_equal(read_again(&ix), ERR_FORMAT);
    psz_index_free(&ix);
}

/* One block listed a million times would be read as often. */
static void one_block_listed_twice(void **state)
{
    (void)state;
    const struct psz_block_facts facts = {.snapshots = 1, .untimed = true};
    struct psz_index ix = {0};
    assert_int_equal(psz_index_add(&ix, 16, &facts, NULL), 0);
    assert_int_equal(psz_index_add(&ix, 500, &facts, NULL), 0);
    assert_int_equal(read_again(&ix), 0);
    assert_int_equal(psz_index_add(&ix, 500, &facts, NULL), 0);
    assert_int_equal(read_again(&ix), ERR_FORMAT);
    psz_index_free(&ix);
}

/* ---- end marks ---- */

/* An end mark behind an archive of one block, which says that the one before it stands at
 * that byte. */
static void append_behind(uint64_t before, int want, const char *words)
{
    struct pool_snapshot v[1] = {0};
    struct dice d = {9};
    struct psz_index ix = {.snapshots = 1, .before = before};
    struct buf b = {0}, frame = {0};
    struct psz_appender *a;
    struct psz_append_facts facts;
    struct err e = {0};
    char path[256];
    scratch_path(path, sizeof path, "hostile", ".psz");
    sample_series(&d, v, 1, 0);
    write_archive(v, 1, &b);
    assert_int_equal(psz_frame_end(&ix, 2, &frame, NULL), 0);
    assert_int_equal(buf_append(&b, frame.p, frame.n, NULL), 0);
    scratch_write(path, b.p, b.n);
    assert_int_equal(psz_append_open(&a, path, &facts, &e), want);
    if (want == 0)
        psz_append_abort(a);
    else
        assert_non_null(strstr(e.text, words));
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    assert_int_equal(fseek(f, 0, SEEK_END), 0);
    assert_int_equal(ftell(f), b.n); /* nobody wrote to it */
    assert_int_equal(fclose(f), 0);
    assert_int_equal(unlink(path), 0);
    pool_snapshot_free(&v[0]);
    psz_index_free(&ix);
    buf_free(&b);
    buf_free(&frame);
}

static void end_marks_that_point_nowhere(void **state)
{
    (void)state;
    append_behind(FRAME_FILE_HEAD, ERR_FORMAT, "expected an end mark at byte 16");
    append_behind(FRAME_FILE_HEAD + 5, ERR_FORMAT, "damaged at byte 21");
    append_behind(INT64_MAX, ERR_FORMAT, "");
    append_behind(UINT64_MAX, ERR_FORMAT, "");
}

/* ---- rows that were not promised ---- */

/* An archive of one link, which says how many rows it tells. */
static struct buf linked(const struct pool_snapshot *s, uint64_t rows)
{
    static const uint8_t magic[FRAME_MAGIC] = PSZ_MAGIC;
    struct psz_block_facts facts = {
        .snapshots = 1, .rows = rows, .links = true, .untimed = true};
    struct psz_index ix = {.snapshots = 1};
    struct psz_link l = {0};
    struct buf all = {0}, link = {0}, frame = {0};
    assert_int_equal(frame_put_file_head(&all, magic, PSZ_MAJOR, PSZ_MINOR, NULL), 0);
    assert_int_equal(psz_index_add(&ix, all.n, &facts, NULL), 0);
    assert_int_equal(psz_index_add_host(&ix, "", NULL), 0);
    assert_int_equal(psz_link_write(&l, NULL, s, &link, NULL), 0);
    assert_int_equal(frame_begin(&frame, NULL), 0);
    assert_int_equal(buf_varint(&frame, 1, NULL), 0);
    assert_int_equal(buf_varint(&frame, rows, NULL), 0);
    assert_int_equal(buf_varint(&frame, 0, NULL), 0); /* lane */
    assert_int_equal(buf_varint(&frame, link.n, NULL), 0);
    assert_int_equal(buf_append(&frame, link.p, link.n, NULL), 0);
    assert_int_equal(frame_finish(&frame, PSZ_FRAME_LINKS, 0, NULL), 0);
    assert_int_equal(buf_append(&all, frame.p, frame.n, NULL), 0);
    assert_int_equal(psz_frame_end(&ix, 1, &frame, NULL), 0);
    assert_int_equal(buf_append(&all, frame.p, frame.n, NULL), 0);
    psz_index_free(&ix);
    psz_link_free(&l);
    buf_free(&link);
    buf_free(&frame);
    return all;
}

/* What the last call of reader_next returned, and how many captures came before. */
static int read_through(const struct buf *b, unsigned *captures)
{
    struct reader_opts o = {.from = "psz", .limits = LIMITS_DEFAULT};
    struct input_raw raw;
    struct input *in = NULL;
    struct reader *r = NULL;
    struct pool_snapshot s = {0};
    assert_int_equal(input_raw_memory(&raw, b->p, b->n, 0, NULL), 0);
    assert_int_equal(input_open(&in, "archive", raw, &o.limits, NULL), 0);
    int last = reader_open(&r, in, &o, NULL);
    for (*captures = 0; last >= 0 && (last = reader_next(r, &s, NULL)) == 1;)
        ++*captures;
    reader_close(r);
    input_close(in);
    pool_snapshot_free(&s);
    return last;
}

static void links_tell_what_they_promise(void **state)
{
    (void)state;
    struct pool_snapshot v[1] = {0};
    struct dice d = {9};
    unsigned captures;
    sample_series(&d, v, 1, 0);
    v[0].time = (struct pool_time){.source = TIME_NONE};
    struct buf b = linked(&v[0], v[0].n_rows);
    assert_int_equal(read_through(&b, &captures), 0);
    assert_int_equal(captures, 1);
    buf_free(&b);
    b = linked(&v[0], v[0].n_rows - 1);
    assert_int_equal(read_through(&b, &captures), ERR_FORMAT);
    assert_int_equal(captures, 0);
    buf_free(&b);
    b = linked(&v[0], v[0].n_rows + 1);
    assert_int_equal(read_through(&b, &captures), ERR_FORMAT);
    buf_free(&b);
    free_series(v, 1);
}

/* Also behind an end mark, where blocks are kept until the next one. */
static void blocks_of_no_bytes(void **state)
{
    (void)state;
    static const uint8_t magic[FRAME_MAGIC] = PSZ_MAGIC;
    for (int behind = 0; behind < 2; behind++) {
        struct psz_index ix = {0};
        struct buf all = {0}, frame = {0};
        uint32_t number = 0;
        unsigned captures;
        assert_int_equal(frame_put_file_head(&all, magic, PSZ_MAJOR, PSZ_MINOR, NULL), 0);
        if (behind > 0) {
            assert_int_equal(psz_frame_end(&ix, number++, &frame, NULL), 0);
            ix.before = all.n;
            assert_int_equal(buf_append(&all, frame.p, frame.n, NULL), 0);
        }
        assert_int_equal(psz_index_add(&ix, all.n, &(struct psz_block_facts){0}, NULL),
                         0);
        assert_int_equal(frame_begin(&frame, NULL), 0);
        assert_int_equal(frame_finish(&frame, PSZ_FRAME_BLOCK, number++, NULL), 0);
        assert_int_equal(buf_append(&all, frame.p, frame.n, NULL), 0);
        assert_int_equal(psz_frame_end(&ix, number++, &frame, NULL), 0);
        assert_int_equal(buf_append(&all, frame.p, frame.n, NULL), 0);
        assert_int_equal(read_through(&all, &captures), ERR_FORMAT);
        assert_int_equal(captures, 0);
        psz_index_free(&ix);
        buf_free(&all);
        buf_free(&frame);
    }
}

/* Every row of a block is listed once at least: one that promises fewer is not unpacked,
 * for what it promises is what it is counted as. */
static void blocks_promise_all_their_rows(void **state)
{
    (void)state;
    struct pool_snapshot v[1] = {0};
    struct psz_encoder *enc;
    struct psz_decoder *dec;
    struct buf b = {0};
    struct dice d = {9};
    sample_series(&d, v, 1, 0);
    assert_int_equal(psz_encoder_new(&enc, NULL), 0);
    assert_int_equal(psz_decoder_new(&dec, &limits, NULL), 0);
    assert_int_equal(psz_encode(enc, &v[0], NULL), 0);
    assert_int_equal(psz_encode_finish(enc, &b, NULL), 0);
    assert_int_equal(b.p[1], v[0].n_rows);
    assert_int_equal(psz_decode_open(dec, b.p, b.n, NULL), 0);
    b.p[1]--;
    assert_int_equal(psz_decode_open(dec, b.p, b.n, NULL), ERR_FORMAT);
    psz_encoder_free(enc);
    psz_decoder_free(dec);
    buf_free(&b);
    free_series(v, 1);
}

/* ---- writers ---- */

static void add_rows(struct pool_snapshot *s, uint32_t first, uint32_t n)
{
    for (uint32_t i = first; i < first + n; i++) {
        struct pool_row *r = pool_snapshot_add(s, NULL);
        assert_non_null(r);
        put_le32(r->tag.b, i);
        r->fields = ROW_BYTES;
        r->bytes = 16;
        r->line = i;
    }
}

/* The next capture may have as many rows as a capture can, none of them known. */
static void a_block_of_many_rows_is_closed(void **state)
{
    (void)state;
    struct pool_snapshot s = {0};
    struct psz_encoder *enc;
    assert_int_equal(psz_encoder_new(&enc, NULL), 0);
    add_rows(&s, 0, PSZ_MORE_ROWS);
    assert_int_equal(psz_encode(enc, &s, NULL), 0);
    assert_false(psz_encoder_full(enc));
    add_rows(&s, PSZ_MORE_ROWS, 1);
    assert_int_equal(psz_encode(enc, &s, NULL), 0);
    assert_true(psz_encoder_full(enc));
    psz_encoder_free(enc);
    pool_snapshot_free(&s);
}

/* Texts of one capture that unpack to more than a reader takes. */
static void a_capture_too_large_is_refused(void **state)
{
    (void)state;
    enum { TEXT = 1 << 20 };
    struct pool_snapshot s = {0};
    struct psz_encoder *enc;
    struct psz_link l = {0};
    struct buf b = {0};
    struct err e = {0};
    char *text = malloc(TEXT);
    assert_non_null(text);
    memset(text, 'x', TEXT);
    add_rows(&s, 0, 129);
    for (size_t i = 0; i < s.n_rows; i++) {
        put_le32((uint8_t *)text, 0x41414141u + (uint32_t)i);
        assert_int_equal(pool_snapshot_intern(&s, text, TEXT, &s.rows[i].driver, NULL),
                         0);
    }
    assert_int_equal(psz_encoder_new(&enc, NULL), 0);
    assert_int_equal(psz_encode(enc, &s, NULL), 0);
    assert_int_equal(psz_encode_finish(enc, &b, &e), ERR_LIMIT);
    err_clear(&e);
    assert_int_equal(psz_link_write(&l, NULL, &s, &b, &e), ERR_LIMIT);
    psz_encoder_free(enc);
    psz_link_free(&l);
    pool_snapshot_free(&s);
    buf_free(&b);
    free(text);
}

/* ---- heads ---- */

/* What reading the notes gives that these calls write. */
static int notes_again(const struct note_list *l)
{
    struct psz_texts texts = {0};
    struct psz_text_map map = {0};
    struct note_list got = {0};
    struct buf b = {0};
    assert_int_equal(psz_notes_write(&b, &texts, l, NULL), 0);
    assert_int_equal(psz_text_map_init(&map, &texts, NULL), 0);
    struct psz_stream_in in = {.p = b.p, .end = b.p + b.n};
    int r = psz_notes_read(&in, &map, &got, NULL);
    psz_text_map_free(&map);
    psz_texts_free(&texts);
    note_list_free(&got);
    buf_free(&b);
    return r;
}

/* One text, named by notes of a few bytes each, is held as often. */
static void notes_that_nobody_kept(void **state)
{
    (void)state;
    struct note_list l = {0};
    struct note many[NOTES_PER_CODE + 1] = {{.code = NOTE_PROSE, .text = 0}};
    char words[NOTE_WORDS + 1];
    memset(words, 'x', sizeof words);
    words[NOTE_WORDS - 1] = '\0';
    for (size_t i = 1; i <= NOTES_PER_CODE; i++)
        many[i] = many[0];
    assert_int_equal(buf_append(&l.text, words, sizeof words, NULL), 0);
    l.v = many;
    l.seen[NOTE_PROSE] = NOTES_PER_CODE + 1;
    l.n = NOTES_PER_CODE;
    assert_int_equal(notes_again(&l), 0);
    l.n = NOTES_PER_CODE + 1;
    assert_int_equal(notes_again(&l), ERR_FORMAT);
    l.text.p[NOTE_WORDS - 1] = 'x';
    l.text.p[NOTE_WORDS] = '\0';
    l.n = 1;
    assert_int_equal(notes_again(&l), ERR_FORMAT);
    buf_free(&l.text);
}

/* One long text, named by each capture of a block, is copied as often. */
static void long_texts_that_many_name(void **state)
{
    (void)state;
    const size_t n = (size_t)PSZ_NAMED_MAX / 10;
    struct psz_texts texts = {0};
    struct psz_text_map map = {0};
    struct pool_snapshot s = {.uptime_s = -1};
    char *text = malloc(n + 1);
    uint32_t number, at;
    assert_non_null(text);
    memset(text, 'x', n);
    text[n] = '\0';
    assert_int_equal(psz_texts_put(&texts, text, &number, NULL), 0);
    assert_int_equal(psz_text_map_init(&map, &texts, NULL), 0);
    for (map.now = 1; map.now <= 10; map.now++) {
        pool_snapshot_clear(&s);
        assert_int_equal(psz_text_to(&map, &s, number, &at, NULL), 0);
        assert_int_equal(psz_text_to(&map, &s, number, &at, NULL), 0); /* is there */
    }
    assert_int_equal(psz_text_to(&map, &s, number, &at, NULL), ERR_FORMAT);
    psz_text_map_free(&map);
    psz_texts_free(&texts);
    pool_snapshot_free(&s);
    free(text);
}

/* Reads a capture of that time from an archive. */
static int timed(int64_t ms, int zone_min)
{
    struct psz_texts texts = {0};
    struct psz_text_map map = {0};
    struct psz_lane to = {0}, from = {0};
    struct psz_head_late late;
    struct pool_snapshot got = {.uptime_s = -1}, s = {.uptime_s = -1};
    struct buf b = {0};
    s.time = (struct pool_time){.source = TIME_CAPTURE,
                                .ms = ms,
                                .zone_known = true,
                                .zone_min = (int16_t)zone_min};
    assert_int_equal(pool_snapshot_valid(&s) == NULL, ms <= TIME_MS_LAST &&
                                                          ms >= TIME_MS_FIRST &&
                                                          zone_min <= TIME_ZONE_MOST);
    assert_int_equal(psz_head_write(&b, &texts, &to, &s, 0, NULL), 0);
    assert_int_equal(psz_text_map_init(&map, &texts, NULL), 0);
    struct psz_stream_in in = {.p = b.p, .end = b.p + b.n};
    int r = psz_head_read(&in, &map, &from, &got, &late, NULL);
    psz_text_map_free(&map);
    psz_texts_free(&texts);
    psz_lane_free(&to);
    psz_lane_free(&from);
    pool_snapshot_free(&got);
    buf_free(&b);
    return r;
}

/* The difference of two such times has no room. */
static void times_that_no_calendar_has(void **state)
{
    (void)state;
    assert_int_equal(timed(TIME_MS_FIRST, 0), 0);
    assert_int_equal(timed(TIME_MS_LAST, TIME_ZONE_MOST), 0);
    assert_int_equal(timed(TIME_MS_LAST + 1, 0), ERR_FORMAT);
    assert_int_equal(timed(INT64_MIN, 0), ERR_FORMAT);
    assert_int_equal(timed(INT64_MAX, 0), ERR_FORMAT);
    assert_int_equal(timed(0, TIME_ZONE_MOST + 1), ERR_FORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_hosts_than_lanes),
        cmocka_unit_test(one_block_listed_twice),
        cmocka_unit_test(end_marks_that_point_nowhere),
        cmocka_unit_test(links_tell_what_they_promise),
        cmocka_unit_test(blocks_of_no_bytes),
        cmocka_unit_test(blocks_promise_all_their_rows),
        cmocka_unit_test(a_block_of_many_rows_is_closed),
        cmocka_unit_test(a_capture_too_large_is_refused),
        cmocka_unit_test(notes_that_nobody_kept),
        cmocka_unit_test(long_texts_that_many_name),
        cmocka_unit_test(times_that_no_calendar_has),
    };
    return cmocka_run_group_tests_name("hostile archives", tests, NULL, NULL);
}
