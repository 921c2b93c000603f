/* SPDX-License-Identifier: MIT */
/* Files of poolcap that were cut, continued, damaged, or never its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/frame.h"
#include "tests/unit/capturing.h"

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

/* A check sum of the head that does not hold costs no record, and is said. */
static void damaged_head_is_said(void **state)
{
    (void)state;
    struct world w = {.fake = {.wide = true, .tags = 3}};
    struct capture_done done;
    assert_int_equal(run(&w, 60000, 120000, &done, NULL), 0);
    for (size_t at = 0; at < FRAME_FILE_HEAD; at++) {
        w.file.p[at] ^= 0x41;
        struct captures c = read_back(&w);
        assert_int_equal(c.e.code, 0);
        assert_int_equal(c.n, 3);
        assert_int_equal(c.notes.seen[NOTE_BLOCK_LOST], 1);
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
        cmocka_unit_test(cut_anywhere),     cmocka_unit_test(cut_and_continued),
        cmocka_unit_test(damaged_anywhere), cmocka_unit_test(damaged_head_is_said),
        cmocka_unit_test(not_ours),         cmocka_unit_test(newer_versions_are_refused),
        cmocka_unit_test(hostile_items),    cmocka_unit_test(hostile_figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
