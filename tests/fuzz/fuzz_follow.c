/* SPDX-License-Identifier: MIT */
/* Text as chains of captures says what careful reading says, to the byte of the archive
 * that is made of it; and so does that archive, read as chains or not. */
#include "formats/io/output.h"
#include "formats/psz/psz.h"
#include "tests/fuzz/fuzz.h"

enum { CAPTURES = 64, BLOCK = 251 };

/* What comes in small pieces must be the same. */
static bool open_reading(struct fuzz_reading *x, const uint8_t *p, size_t n, size_t block,
                         bool follow, bool any_order)
{
    struct err e = {0};
    struct reader_opts o = {.careful = !follow,
                            .follow = follow,
                            .any_order = any_order,
                            .limits = LIMITS_DEFAULT};
    o.limits.snapshot_rows = 2000;
    o.limits.inflated_bytes = 4 << 20;
    return fuzz_begin(x, p, n, block, o, &e);
}

struct archive {
    struct sink *out;
    void *writer;
    struct buf b;
};

static void begin_archive(struct archive *a)
{
    struct writer_opts o = {.many = true, .verbatim = true};
    struct err e = {0};
    *a = (struct archive){0};
    assert(sink_memory(&a->out, &a->b, &e) == 0);
    assert(psz_writer.begin(&a->writer, a->out, &o, &e) == 0);
}

static void end_archive(struct archive *a)
{
    struct err e = {0};
    assert(psz_writer.end(a->writer, &e) == 0);
    psz_writer.close(a->writer);
    assert(sink_close(a->out, &e) == 0);
}

static void assert_same(const struct pool_snapshot *a, const struct pool_snapshot *b,
                        bool order)
{
    fuzz_valid(b);
    assert(!order || pool_snapshot_same_figures(a, b));
    assert(a->n_rows == b->n_rows && a->completeness == b->completeness);
    assert(pool_snapshot_digest(a) == pool_snapshot_digest(b));
    for (int k = 0; k < POOL_KINDS; k++)
        assert(pool_snapshot_bytes(a, (enum pool_kind)k) ==
               pool_snapshot_bytes(b, (enum pool_kind)k));
    for (size_t i = 0; i < a->n_rows && order; i++)
        assert(pool_row_line(a, i) == pool_row_line(b, i));
}

/* False when a capture lists a key twice: then an archive may take one copy for the other
 * from there on, and be of other bytes. */
static bool both_ways(const uint8_t *data, size_t size, struct archive *of)
{
    bool distinct = true;
    struct fuzz_reading x[2];
    struct err e = {0};
    bool open[2];
    open[0] = open_reading(&x[0], data, size, 0, false, false);
    open[1] = open_reading(&x[1], data, size, BLOCK, true, false);
    assert(open[0] == open[1]);
    for (int n = 0; n < CAPTURES && open[0]; n++) {
        struct err ea = {0}, eb = {0};
        int a = reader_next(x[0].r, &x[0].s, &ea), b = reader_next(x[1].r, &x[1].s, &eb);
        assert(a == b && strcmp(ea.text, eb.text) == 0);
        if (a <= 0)
            break;
        assert_same(&x[0].s, &x[1].s, true);
        distinct = distinct && x[0].s.notes.seen[NOTE_REPEATED_KEY] == 0;
        for (int i = 0; i < 2; i++)
            assert(psz_writer.snapshot(of[i].writer, &x[i].s, &e) == 0);
    }
    fuzz_end(&x[0]);
    fuzz_end(&x[1]);
    return distinct;
}

static void archive_both_ways(const struct buf *archive, bool any_order)
{
    struct fuzz_reading x[2];
    assert(open_reading(&x[0], archive->p, archive->n, 0, false, false));
    assert(open_reading(&x[1], archive->p, archive->n, BLOCK, true, any_order));
    int a = 1;
    while (a > 0) {
        struct err e = {0};
        a = reader_next(x[0].r, &x[0].s, &e);
        int b = reader_next(x[1].r, &x[1].s, &e);
        assert(a >= 0 && a == b);
        if (a > 0)
            assert_same(&x[0].s, &x[1].s, !any_order);
    }
    fuzz_end(&x[0]);
    fuzz_end(&x[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct archive a[2];
    begin_archive(&a[0]);
    begin_archive(&a[1]);
    const bool distinct = both_ways(data, size, a);
    end_archive(&a[0]);
    end_archive(&a[1]);
    assert(!distinct ||
           (a[0].b.n == a[1].b.n && memcmp(a[0].b.p, a[1].b.p, a[0].b.n) == 0));
    for (int i = 0; i < 2; i++) {
        archive_both_ways(&a[i].b, false);
        archive_both_ways(&a[i].b, true);
    }
    buf_free(&a[0].b);
    buf_free(&a[1].b);
    return 0;
}
