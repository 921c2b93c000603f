/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "formats/frame.h"

static const uint8_t magic[FRAME_MAGIC] = {'T', 'E', 'S', 'T', 1, 2, 3, 4};

/* Three frames of 0, 5 and 300 bytes behind a file head. */
static void make(struct buf *out)
{
    static const size_t sizes[] = {0, 5, 300};
    struct buf f = {0};
    assert_int_equal(frame_put_file_head(out, magic, 3, 7, NULL), 0);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(frame_begin(&f, NULL), 0);
        for (size_t k = 0; k < sizes[i]; k++)
            assert_int_equal(buf_byte(&f, (uint8_t)(k * 7 + i), NULL), 0);
        assert_int_equal(frame_finish(&f, (uint8_t)(10 + i), i, NULL), 0);
        assert_int_equal(f.n, FRAME_HEAD + sizes[i] + FRAME_TAIL);
        assert_int_equal(buf_append(out, f.p, f.n, NULL), 0);
    }
    buf_free(&f);
}

struct walk {
    struct input *in;
    struct frame_reader r;
};

static void open_at(struct walk *w, const uint8_t *p, size_t n, size_t block)
{
    const struct limits limits = LIMITS_DEFAULT;
    struct input_raw raw;
    assert_int_equal(input_raw_memory(&raw, p, n, block, NULL), 0);
    assert_int_equal(input_open(&w->in, "t", raw, &limits, NULL), 0);
    w->r = (struct frame_reader){.in = w->in};
    const uint8_t *head;
    if (input_peek(w->in, FRAME_FILE_HEAD, &head, NULL) >= FRAME_FILE_HEAD)
        input_consume(w->in, FRAME_FILE_HEAD);
}

static void file_head(void **state)
{
    (void)state;
    struct buf b = {0};
    uint16_t major = 0, minor = 0;
    make(&b);
    assert_true(frame_file_head(b.p, magic, &major, &minor));
    assert_int_equal(major, 3);
    assert_int_equal(minor, 7);
    for (size_t i = 0; i < FRAME_FILE_HEAD; i++) {
        b.p[i] ^= 0x10;
        assert_false(frame_file_head(b.p, magic, &major, &minor));
        b.p[i] ^= 0x10;
    }
    buf_free(&b);
}

static void frames_in_blocks(void **state)
{
    (void)state;
    struct buf b = {0};
    make(&b);
    static const size_t blocks[] = {0, 1, 7};
    for (size_t k = 0; k < 3; k++) {
        struct walk w;
        struct frame f;
        open_at(&w, b.p, b.n, blocks[k]);
        assert_int_equal(frame_next(&w.r, &f, NULL), FRAME_WHOLE);
        assert_int_equal(f.type, 10);
        assert_int_equal(f.n, 0);
        assert_int_equal(f.offset, FRAME_FILE_HEAD);
        assert_int_equal(frame_next(&w.r, &f, NULL), FRAME_WHOLE);
        assert_int_equal(f.number, 1);
        assert_int_equal(f.n, 5);
        assert_int_equal(f.p[4], 29);
        assert_int_equal(frame_next(&w.r, &f, NULL), FRAME_WHOLE);
        assert_int_equal(f.n, 300);
        assert_int_equal(f.p[299], (uint8_t)(299 * 7 + 2));
        assert_int_equal(frame_next(&w.r, &f, NULL), FRAME_NONE);
        assert_int_equal(f.offset, b.n);
        input_close(w.in);
    }
    buf_free(&b);
}

/* Wherever the source is cut: whole frames, then NONE at a border and CUT inside. */
static void cut_everywhere(void **state)
{
    (void)state;
    struct buf b = {0};
    make(&b);
    const size_t borders[] = {16, 37, 63, 384};
    assert_int_equal(b.n, 384);
    for (size_t n = FRAME_FILE_HEAD; n <= b.n; n++) {
        struct walk w;
        struct frame f;
        size_t whole = 0;
        int s;
        open_at(&w, b.p, n, 0);
        while ((s = frame_next(&w.r, &f, NULL)) == FRAME_WHOLE)
            whole++;
        size_t want = n >= borders[3] ? 3 : n >= borders[2] ? 2 : n >= borders[1];
        assert_int_equal(whole, want);
        assert_int_equal(s, n == borders[want] ? FRAME_NONE : FRAME_CUT);
        assert_int_equal(f.offset, borders[want]);
        input_close(w.in);
    }
    buf_free(&b);
}

/* Every change of one byte is seen, and the frames behind it are found again. */
static void one_byte_changed(void **state)
{
    (void)state;
    struct buf b = {0};
    make(&b);
    for (size_t i = FRAME_FILE_HEAD; i < b.n; i++)
        for (unsigned x = 1; x < 256; x += 37) {
            struct walk w;
            struct frame f;
            unsigned whole = 0;
            int s;
            b.p[i] ^= (uint8_t)x;
            open_at(&w, b.p, b.n, 0);
            while ((s = frame_next(&w.r, &f, NULL)) != FRAME_NONE) {
                if (s == FRAME_WHOLE) {
                    whole++;
                    continue;
                }
                uint64_t skipped = 0;
                int found = frame_resync(&w.r, &skipped, NULL);
                assert_true(skipped > 0);
                if (!found)
                    break;
            }
            assert_int_equal(whole, 2);
            input_close(w.in);
            b.p[i] ^= (uint8_t)x;
        }
    buf_free(&b);
}

/* Bytes between frames, false marks among them, are passed over and counted. */
static void resync_over_rubbish(void **state)
{
    (void)state;
    struct buf b = {0}, dirty = {0};
    make(&b);
    static const uint8_t rubbish[] = {0xf1, 0x0e, 'f', 'r', 0xf1,
                                      0xf1, 0x0e, 'f', 'r', 9};
    assert_int_equal(buf_append(&dirty, b.p, 16, NULL), 0);
    for (int i = 0; i < 500; i++)
        assert_int_equal(buf_append(&dirty, rubbish, sizeof rubbish, NULL), 0);
    assert_int_equal(buf_append(&dirty, b.p + 16, b.n - 16, NULL), 0);
    for (size_t block = 0; block < 4; block++) {
        struct walk w;
        struct frame f;
        uint64_t skipped;
        open_at(&w, dirty.p, dirty.n, block);
        assert_int_equal(frame_next(&w.r, &f, NULL), FRAME_DAMAGED);
        assert_int_equal(frame_resync(&w.r, &skipped, NULL), 1);
        assert_int_equal(skipped, 5000);
        assert_int_equal(frame_next(&w.r, &f, NULL), FRAME_WHOLE);
        assert_int_equal(f.type, 10);
        input_close(w.in);
    }
    buf_free(&b);
    buf_free(&dirty);
}

/* A sound head that promises 64 MiB costs no more than what is there. */
static void false_length(void **state)
{
    (void)state;
    struct buf b = {0}, f = {0};
    assert_int_equal(frame_put_file_head(&b, magic, 1, 0, NULL), 0);
    assert_int_equal(frame_begin(&f, NULL), 0);
    assert_int_equal(buf_reserve(&f, FRAME_PAYLOAD_MAX + 8, NULL), 0);
    memset(f.p + f.n, 0, FRAME_PAYLOAD_MAX + 1);
    f.n += FRAME_PAYLOAD_MAX + 1;
    struct err e = {0};
    assert_int_equal(frame_finish(&f, 1, 0, &e), ERR_LIMIT);
    f.n--;
    assert_int_equal(frame_finish(&f, 1, 0, NULL), 0);
    assert_int_equal(buf_append(&b, f.p, 100, NULL), 0);
    struct walk w;
    struct frame got;
    open_at(&w, b.p, b.n, 0);
    assert_int_equal(frame_next(&w.r, &got, NULL), FRAME_CUT);
    input_close(w.in);
    buf_free(&b);
    buf_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(file_head),           cmocka_unit_test(frames_in_blocks),
        cmocka_unit_test(cut_everywhere),      cmocka_unit_test(one_byte_changed),
        cmocka_unit_test(resync_over_rubbish), cmocka_unit_test(false_length),
    };
    return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
