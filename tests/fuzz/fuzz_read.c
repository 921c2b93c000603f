/* SPDX-License-Identifier: MIT */
/* Anything to snapshots; what comes out is archived, read back, compared and ranked. */
#include "cli/analyze/analyze.h"
#include "formats/io/output.h"
#include "formats/psz/psz.h"
#include "tests/fuzz/fuzz.h"

static int open_bytes(struct input **in, struct reader **r, const uint8_t *p, size_t n,
                      struct err *e)
{
    struct input_raw raw;
    struct reader_opts o = {.limits = fuzz_limits};
    *in = NULL;
    *r = NULL;
    if (input_raw_memory(&raw, p, n, 0, e) < 0 ||
        input_open(in, "fuzz", raw, &fuzz_limits, e) < 0)
        return -1;
    return reader_open(r, *in, &o, e);
}

/* Every snapshot of the bytes into an archive and a tally; how many there were. */
static size_t first_reading(const uint8_t *data, size_t size, struct sink *out,
                            struct tally *t)
{
    struct err e = {0};
    struct input *in;
    struct reader *r;
    struct pool_snapshot s = {.uptime_s = -1};
    struct writer_opts o = {.many = true, .verbatim = true};
    void *w = NULL;
    size_t n = 0;
    assert(psz_writer.begin(&w, out, &o, &e) == 0);
    if (open_bytes(&in, &r, data, size, &e) == 0) {
        while (n < 200 && reader_next(r, &s, &e) == 1) {
            fuzz_valid(&s);
            assert(psz_writer.snapshot(w, &s, &e) == 0);
            assert(tally_add(t, &s, (double)n, false, &e) == 0);
            n++;
        }
    }
    err_clear(&e);
    assert(psz_writer.end(w, &e) == 0);
    psz_writer.close(w);
    reader_close(r);
    input_close(in);
    pool_snapshot_free(&s);
    return n;
}

static void second_reading(const struct buf *archive, const uint8_t *data, size_t size,
                           size_t n)
{
    struct err e = {0};
    struct input *in[2];
    struct reader *r[2];
    struct pool_snapshot a = {.uptime_s = -1}, b = {.uptime_s = -1};
    assert(open_bytes(&in[0], &r[0], archive->p, archive->n, &e) == 0);
    assert(open_bytes(&in[1], &r[1], data, size, &e) == 0);
    for (size_t i = 0; i < n; i++) {
        assert(reader_next(r[0], &a, &e) == 1);
        assert(reader_next(r[1], &b, &e) == 1);
        assert(pool_snapshot_same_figures(&a, &b));
        assert(a.time.ms == b.time.ms && a.completeness == b.completeness);
    }
    assert(reader_next(r[0], &a, &e) == 0);
    for (int i = 0; i < 2; i++) {
        reader_close(r[i]);
        input_close(in[i]);
    }
    pool_snapshot_free(&a);
    pool_snapshot_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err e = {0};
    struct buf archive = {0};
    struct sink *out;
    struct tally *t;
    struct rank_result result = {0};
    struct rank_opts o = {.role = NULL};
    assert(sink_memory(&out, &archive, &e) == 0 && tally_new(&t, &e) == 0);
    size_t n = first_reading(data, size, out, t);
    assert(sink_close(out, &e) == 0);
    if (n > 0) {
        second_reading(&archive, data, size, n);
        assert(rank_tally(&result, t, &o, &e) == 0);
    }
    rank_free(&result);
    tally_free(t);
    buf_free(&archive);
    return 0;
}
