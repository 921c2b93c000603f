/* SPDX-License-Identifier: MIT */
/* Bytes behind a capture file's magic: what is damaged costs its record and no more, what
 * comes in pieces is the same.  Once as they are, once with lengths and check sums
 * mended, so that the items and replies inside are reached. */

#include "formats/capture/container.h"
#include "tests/fuzz/fuzz.h"

enum { LEAST = FRAME_HEAD + FRAME_TAIL, BLOCK = 127, CAPTURES = 200 };

static void read_both_ways(const uint8_t *p, size_t n)
{
    const struct reader_opts o = {.from = "pscap"};
    struct fuzz_reading x[2];
    struct err e[2] = {{0}, {0}};
    const bool open = fuzz_begin(&x[0], p, n, 0, o, &e[0]);
    assert(fuzz_begin(&x[1], p, n, BLOCK, o, &e[1]) == open);
    int more = open;
    for (int k = 0; more == 1 && k < CAPTURES; k++) {
        more = reader_next(x[0].r, &x[0].s, &e[0]);
        assert(reader_next(x[1].r, &x[1].s, &e[1]) == more);
        if (more != 1)
            break;
        fuzz_valid(&x[0].s);
        assert(pool_snapshot_same_figures(&x[0].s, &x[1].s));
    }
    assert(more >= 0 || !open || (e[0].code == more && e[0].text[0] != '\0'));
    assert(strcmp(e[0].text, e[1].text) == 0);
    fuzz_end(&x[0]);
    fuzz_end(&x[1]);
}

/* From one sync mark to the next is a record; what stands before the first is the head.
 */
static void mend(const uint8_t *p, size_t n, struct buf *out)
{
    static const uint8_t magic[FRAME_MAGIC] = PSCAP_MAGIC;
    struct buf frame = {0};
    uint32_t number = 0;
    assert(frame_put_file_head(out, magic, PSCAP_MAJOR, PSCAP_MINOR, NULL) == 0);
    for (size_t at = fuzz_next_frame(p, n, 0); at < n;) {
        const size_t end = fuzz_next_frame(p, n, at + 1);
        if (end - at >= LEAST) {
            assert(frame_begin(&frame, NULL) == 0);
            assert(buf_append(&frame, p + at + FRAME_HEAD, end - at - LEAST, NULL) == 0);
            assert(frame_finish(&frame, p[at + 4], number++, NULL) == 0);
            assert(buf_append(out, frame.p, frame.n, NULL) == 0);
            frame.n = 0;
        }
        at = end;
    }
    buf_free(&frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf mended = {0};
    read_both_ways(data, size);
    mend(data, size, &mended);
    read_both_ways(mended.p, mended.n);
    buf_free(&mended);
    return 0;
}
