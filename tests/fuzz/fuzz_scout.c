/* SPDX-License-Identifier: MIT */
/* A text file that two threads read gives what one gives: the first byte says how long
 * the stretches are that one reads alone.  Captures, notes, errors and the bytes of an
 * archive are the same. */
#include "formats/io/output.h"
#include "formats/psz/psz.h"
#include "tests/fuzz/fuzz.h"
#include "tests/tools/place.h"

enum { CAPTURES = 200, LONGER = 8 };

struct made {
    int captures, code;
    struct err e;
    struct buf archive;
    uint64_t notes[NOTE_CODES]; /* of the input */
};

static void read_text(struct made *m, const struct placed *text, size_t stretch)
{
    const struct reader_opts o = {.from = "poolmon",
                                  .follow = true,
                                  .threads = stretch > 0 ? 2 : 1,
                                  .stretch = stretch,
                                  .limits = fuzz_limits};
    const struct writer_opts to = {.many = true, .verbatim = true};
    struct fuzz_reading x = {.s = {.uptime_s = -1}};
    struct reader_opts with = o;
    struct sink *out = NULL;
    void *w = NULL;
    *m = (struct made){.code = 1};
    with.memory = &x.memory;
    assert(sink_memory(&out, &m->archive, NULL) == 0);
    assert(psz_writer.begin(&w, out, &to, NULL) == 0);
    const bool open =
        input_open(&x.in, "fuzz", place_raw(text), &with.limits, &m->e) == 0 &&
        reader_open(&x.r, x.in, &with, &m->e) == 0;
    while (open && m->code == 1 && m->captures < CAPTURES) {
        m->code = reader_next(x.r, &x.s, &m->e);
        if (m->code != 1)
            break;
        fuzz_valid(&x.s);
        assert(psz_writer.snapshot(w, &x.s, NULL) == 0);
        m->captures++;
    }
    if (x.r != NULL)
        memcpy(m->notes, reader_notes(x.r)->seen, sizeof m->notes);
    fuzz_end(&x);
    assert(psz_writer.end(w, NULL) == 0);
    psz_writer.close(w);
    assert(sink_close(out, NULL) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct made one, two;
    if (size == 0)
        return 0;
    const struct placed text = {data + 1, size - 1, SIZE_MAX};
    read_text(&one, &text, 0);
    read_text(&two, &text, 1 + (size_t)data[0] * LONGER);
    assert(one.captures == two.captures && one.code == two.code);
    assert(strcmp(one.e.text, two.e.text) == 0);
    assert(strcmp(one.e.place, two.e.place) == 0);
    assert(memcmp(one.notes, two.notes, sizeof one.notes) == 0);
    assert(one.archive.n == two.archive.n);
    assert(memcmp(one.archive.p, two.archive.p, one.archive.n) == 0);
    buf_free(&one.archive);
    buf_free(&two.archive);
    return 0;
}
