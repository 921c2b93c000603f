/* SPDX-License-Identifier: MIT */
/* Bytes behind an archive's magic: damaged archives end in an error or in snapshots that
 * keep every invariant, with and without salvage, read plainly, as chains and by index.
 * Once as they are, once with lengths, check sums and end marks mended, so that what the
 * frames hold is reached; and what is whole then can be appended to. */
#include "formats/psz/file.h"
#include "formats/psz/format.h"
#include "formats/psz/index.h"
#include "formats/psz/psz.h"
#include "tests/fuzz/fuzz.h"

enum { CAPTURES = 1000, HOSTS = 2, LEAST = FRAME_HEAD + FRAME_TAIL };

static const struct limits limits = {.line_bytes = 16 * 1024,
                                     .snapshot_rows = 20000,
                                     .inflated_bytes = 16 << 20,
                                     .inflate_ratio = 2000,
                                     .memory_input_bytes = 4 << 20};

/* ---- mending ---- */

static void list_block(struct psz_index *ix, const uint8_t *p, size_t n, uint64_t at,
                       bool links)
{
    static const char *const hosts[HOSTS] = {"", "web01"};
    struct psz_stream_in in = {.p = p, .end = p + n};
    struct psz_block_facts facts = {.links = links,
                                    .timed = true,
                                    .untimed = true,
                                    .first_time = INT64_MIN,
                                    .last_time = INT64_MAX};
    facts.snapshots = psz_get(&in);
    facts.rows = psz_get(&in);
    ix->snapshots += facts.snapshots;
    assert(psz_index_add(ix, at, &facts, NULL) == 0);
    for (int i = 0; i < HOSTS; i++)
        assert(psz_index_add_host(ix, hosts[i], NULL) == 0);
}

/* From one sync mark to the next is a frame of that type; numbers count. */
static void mend(const uint8_t *p, size_t n, struct buf *out)
{
    static const uint8_t magic[FRAME_MAGIC] = PSZ_MAGIC;
    struct psz_index ix = {0};
    struct buf frame = {0};
    uint32_t number = 0;
    out->n = 0;
    assert(frame_put_file_head(out, magic, PSZ_MAJOR, PSZ_MINOR, NULL) == 0);
    for (size_t at = fuzz_next_frame(p, n, 0); at < n;) {
        const size_t end = fuzz_next_frame(p, n, at + 1);
        const uint8_t type = end - at < LEAST ? (uint8_t)PSZ_FRAME_END : p[at + 4];
        if (type == PSZ_FRAME_END) {
            const uint64_t all = ix.snapshots;
            assert(psz_frame_end(&ix, number++, &frame, NULL) == 0);
            psz_index_clear(&ix);
            ix.snapshots = all;
            ix.before = out->n;
        } else {
            const uint8_t *payload = p + at + FRAME_HEAD;
            const size_t bytes = end - at - LEAST;
            assert(frame_begin(&frame, NULL) == 0);
            assert(buf_append(&frame, payload, bytes, NULL) == 0);
            assert(frame_finish(&frame, type, number++, NULL) == 0);
            if (type == PSZ_FRAME_BLOCK || type == PSZ_FRAME_LINKS)
                list_block(&ix, payload, bytes, out->n, type == PSZ_FRAME_LINKS);
        }
        assert(buf_append(out, frame.p, frame.n, NULL) == 0);
        at = end;
    }
    psz_index_free(&ix);
    buf_free(&frame);
}

/* ---- reading ---- */

static bool begin(struct fuzz_reading *x, const uint8_t *p, size_t n, bool salvage,
                  bool follow, size_t threads)
{
    struct err e = {0};
    const struct reader_opts o = {.from = "psz",
                                  .salvage = salvage,
                                  .follow = follow,
                                  .threads = threads,
                                  .limits = limits};
    return fuzz_begin(x, p, n, 0, o, &e);
}

/* Plainly, as chains, and as chains that threads read ahead: how many captures there are,
 * or -1: it fails, or they are many. */
enum { WAYS = 3 };

static int read_all(const uint8_t *p, size_t n, bool salvage)
{
    struct fuzz_reading x[WAYS];
    const bool open = begin(&x[0], p, n, salvage, false, 1);
    for (int i = 1; i < WAYS; i++)
        assert(begin(&x[i], p, n, salvage, true, (size_t)i) == open);
    int captures = 0, last = open ? 1 : -1;
    while (last == 1 && captures < CAPTURES) {
        struct err e[WAYS] = {{0}, {0}, {0}};
        last = reader_next(x[0].r, &x[0].s, &e[0]);
        for (int i = 1; i < WAYS; i++) {
            const int chained = reader_next(x[i].r, &x[i].s, &e[i]);
            assert(chained == last && strcmp(e[0].text, e[i].text) == 0);
        }
        if (last != 1)
            break;
        for (int i = 0; i < WAYS; i++) {
            fuzz_valid(&x[i].s);
            assert(pool_snapshot_same_figures(&x[0].s, &x[i].s));
            assert(pool_snapshot_digest(&x[0].s) == pool_snapshot_digest(&x[i].s));
        }
        captures++;
    }
    for (int i = 0; i < WAYS; i++)
        fuzz_end(&x[i]);
    return last == 0 ? captures : -1;
}

/* ---- the file ---- */

static char path[FUZZ_PATH];

static void forget(void)
{
    (void)unlink(path);
    (void)rmdir(fuzz_folder);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    fuzz_folder_make();
    (void)snprintf(path, sizeof path, "%s", fuzz_path("x.psz"));
    (void)atexit(forget);
    return 0;
}

static void put_file(const struct buf *b)
{
    FILE *f = fopen(path, "wb");
    assert(f != NULL && fwrite(b->p, 1, b->n, f) == b->n && fclose(f) == 0);
}

static int any_point(void *ctx, const struct psz_point *p, struct err *e)
{
    (void)e;
    ++*(uint64_t *)ctx;
    return p->row != NULL && p->row->pool >= POOL_KINDS ? ERR_BUG : 0;
}

/* Any capture by its number is what it is in its turn, where the whole can be read. */
static void by_index(const struct buf *b, int captures)
{
    struct psz_file *f = NULL;
    struct fuzz_reading x;
    struct pool_snapshot s = {.uptime_s = -1};
    struct err e = {0};
    assert(psz_file_open(&f, path, &limits, &e) == 0);
    if (f == NULL)
        return;
    const uint64_t count = psz_file_count(f);
    assert(captures < 0 || count == (uint64_t)captures);
    const bool open = begin(&x, b->p, b->n, false, false, 1);
    for (uint64_t i = 1; i <= count && i <= CAPTURES / 10; i++) {
        err_clear(&e);
        int r = psz_file_at(f, i, &s, &e);
        assert(captures < 0 || r == 0);
        assert(captures < 0 || (open && reader_next(x.r, &x.s, &e) == 1));
        assert(captures < 0 || pool_snapshot_same_figures(&s, &x.s));
    }
    err_clear(&e);
    uint64_t points = 0, number;
    struct psz_want want = {.tag = {{'M', 'm', ' ', ' '}}, .pool = POOL_PAGED};
    for (int counters = 0; counters < 2; counters++) {
        want.counters = counters == 1;
        points = 0;
        int r = psz_history(f, &want, any_point, &points, &e);
        assert(captures < 0 || (r == 0 && points == (uint64_t)captures));
    }
    err_clear(&e);
    int r = psz_file_latest(f, 0, &number, &e);
    assert(captures < 0 || r == 0);
    fuzz_end(&x);
    pool_snapshot_free(&s);
    psz_file_close(f);
}

/* What was there is still there, and what was added is behind it. */
static void append(int captures)
{
    struct psz_appender *a;
    struct psz_append_facts facts;
    struct pool_snapshot s = {.uptime_s = -1};
    struct err e = {0};
    bool has;
    if (psz_append_open(&a, path, &facts, &e) < 0) {
        assert(captures < 0);
        return;
    }
    s.time = (struct pool_time){.source = TIME_CAPTURE, .ms = 1};
    for (int i = 0; i < 20; i++) {
        struct pool_row *r = pool_snapshot_add(&s, &e);
        assert(r != NULL);
        r->tag.b[0] = (uint8_t)('A' + i);
        s.time.ms += 3600000;
        int got = psz_append_has(a, &s, &has, &e);
        assert(captures < 0 || got == 0);
        got = got < 0 ? got : psz_append_snapshot(a, &s, &e);
        assert(captures < 0 || got == 0);
        if (got < 0)
            break;
    }
    pool_snapshot_free(&s);
    if (e.code != 0) {
        psz_append_abort(a);
        return;
    }
    int r = psz_append_end(a, &e);
    assert(captures < 0 || r == 0);
    struct buf b = {0};
    struct input_raw raw;
    struct input *in = NULL;
    assert(input_raw_file(&raw, path, &e) == 0 &&
           input_open(&in, "fuzz", raw, &limits, &e) == 0);
    if (r == 0 && captures >= 0 && captures < CAPTURES - 20 &&
        input_read_all(in, &b, 64 << 20, &e) == 0)
        assert(read_all(b.p, b.n, false) == captures + 20);
    input_close(in);
    buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf mended = {0};
    (void)read_all(data, size, false);
    (void)read_all(data, size, true);
    mend(data, size, &mended);
    int captures = read_all(mended.p, mended.n, false);
    (void)read_all(mended.p, mended.n, true);
    put_file(&mended);
    by_index(&mended, captures);
    append(captures);
    buf_free(&mended);
    return 0;
}
