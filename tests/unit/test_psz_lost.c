/* SPDX-License-Identifier: MIT */
/* Archives that lack a part of what was appended, or whose bytes are not to be had: what
 * stands before is read, and the fault is told as what it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "formats/frame.h"
#include "formats/psz/columns.h"
#include "formats/psz/file.h"
#include "formats/psz/index.h"
#include "formats/psz/tail.h"
#include "psz_samples.h"
#include "tests/unit/appending.h"
#include "tests/unit/scratch.h"

enum { FIRST = 2, N = FIRST + 3, ZEROS = 200 };

static const struct limits limits = LIMITS_DEFAULT;

struct fixture {
    char path[256];
    struct pool_snapshot v[N];
    struct buf grown[N + 1]; /* the archive of so many captures, from FIRST on */
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    scratch_path(f->path, sizeof f->path, "psz-lost", ".psz");
    for (unsigned i = 0; i < N; i++)
        sample_small(&f->v[i], i);
    write_archive(f->v, FIRST, &f->grown[FIRST]);
    scratch_write(f->path, f->grown[FIRST].p, f->grown[FIRST].n);
    for (unsigned i = FIRST; i < N; i++) {
        assert_int_equal(append_one(f->path, &f->v[i], NULL), 0);
        scratch_read(f->path, &f->grown[i + 1]);
    }
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    (void)unlink(f->path);
    free_series(f->v, N);
    for (unsigned i = 0; i <= N; i++)
        buf_free(&f->grown[i]);
    free(f);
    return 0;
}

/* ---- what stands between appends ---- */

/* All of the archive but what brought capture FIRST + 1. */
static struct buf without_one(const struct fixture *f)
{
    const struct buf *all = &f->grown[N];
    const size_t from = f->grown[FIRST + 1].n, to = f->grown[FIRST + 2].n;
    struct buf b = {0};
    assert_int_equal(buf_append(&b, all->p, from, NULL), 0);
    assert_int_equal(buf_append(&b, all->p + to, all->n - to, NULL), 0);
    return b;
}

static void an_append_is_missing(void **state)
{
    struct fixture *f = *state;
    struct buf b = without_one(f);
    uint64_t seen[NOTE_CODES];
    struct err e = {0};
    unsigned got;
    assert_int_equal(read_archive(b.p, b.n, 0, false, f->v, N, &got, seen, &e),
                     ERR_FORMAT);
    assert_int_equal(got, FIRST + 1);
    assert_non_null(strstr(e.text, "blocks before it are missing; the last whole block"));
    assert_non_null(strstr(e.hint, "--salvage"));
    err_clear(&e);
    assert_int_equal(read_archive(b.p, b.n, 0, true, f->v, N, &got, seen, &e), 0);
    assert_int_equal(got, FIRST + 1); /* the next one tells changes in what is missing */
    assert_true(seen[NOTE_BLOCK_LOST] > 0);
    buf_free(&b);
}

/* Behind captures FIRST and FIRST + 1, which are links, a block that stands for them and
 * holds only the next one: no capture may go without a word, and all can be had. */
static void a_fold_lacks_captures(void **state)
{
    struct fixture *f = *state;
    const struct buf *links = &f->grown[FIRST + 2];
    struct psz_index ix = {.snapshots = FIRST};
    struct psz_encoder *enc;
    struct psz_tail t;
    struct buf b = {0}, block = {0}, end = {0};
    struct frame first;
    uint64_t seen[NOTE_CODES];
    struct err e = {0};
    unsigned got;
    assert_true(frame_head(links->p + f->grown[FIRST].n, &first));
    scratch_write(f->path, f->grown[FIRST].p, f->grown[FIRST].n);
    const int fd = open(f->path, O_RDONLY);
    assert_true(fd >= 0);
    assert_int_equal(psz_tail_find(&t, fd, f->path, NULL), 0);
    assert_int_equal(close(fd), 0);
    ix.before = t.last_end;
    psz_tail_free(&t);
    assert_int_equal(psz_encoder_new(&enc, NULL), 0);
    assert_int_equal(psz_encode(enc, &f->v[FIRST + 2], NULL), 0);
    assert_int_equal(psz_frame_block(enc, &ix, links->n, first.number, &block, NULL), 0);
    assert_int_equal(psz_frame_end(&ix, first.number + 1, &end, NULL), 0);
    assert_int_equal(buf_append(&b, links->p, links->n, NULL), 0);
    assert_int_equal(buf_append(&b, block.p, block.n, NULL), 0);
    assert_int_equal(buf_append(&b, end.p, end.n, NULL), 0);
    assert_int_equal(read_archive(b.p, b.n, 0, false, f->v, N, &got, seen, &e),
                     ERR_FORMAT);
    assert_int_equal(got, FIRST + 2);
    assert_non_null(strstr(e.text, "it lacks captures that it takes the place of"));
    err_clear(&e);
    assert_int_equal(read_archive(b.p, b.n, 0, true, f->v, N, &got, seen, &e), 0);
    assert_int_equal(got, FIRST + 3);
    assert_int_equal(seen[NOTE_BLOCK_LOST], 1);
    psz_encoder_free(enc);
    psz_index_free(&ix);
    buf_free(&b);
    buf_free(&block);
    buf_free(&end);
}

/* ---- sources that fail ---- */

struct failing {
    const uint8_t *p;
    size_t n, at;
};

static ptrdiff_t failing_read(void *ctx, uint8_t *p, size_t n, struct err *e)
{
    struct failing *f = ctx;
    n = n < f->n - f->at ? n : f->n - f->at;
    if (n == 0)
        return err_set(e, ERR_IO, "the medium is gone");
    memcpy(p, f->p + f->at, n);
    f->at += n;
    return (ptrdiff_t)n;
}

static void failing_close(void *ctx)
{
    (void)ctx;
}

/* How reading ends when the source fails behind so many bytes. */
static int read_failing(const struct buf *b, size_t n, struct err *e)
{
    const struct reader_opts o = {.limits = limits};
    struct failing f = {.p = b->p, .n = n};
    struct input_raw raw = {.ctx = &f, .read = failing_read, .close = failing_close};
    struct pool_snapshot s = {0};
    struct input *in;
    void *ctx = NULL;
    TRY(input_open(&in, "x.psz", raw, &limits, e));
    int r = psz_binary_format.open(&ctx, in, &o, e);
    while (r >= 0 && (r = psz_binary_format.next(ctx, &s, e)) > 0)
        continue;
    psz_binary_format.close(ctx);
    input_close(in);
    pool_snapshot_free(&s);
    return r;
}

/* Whatever is looked for behind what is missing, or behind an append that was stopped. */
static void the_source_fails(void **state)
{
    struct fixture *f = *state;
    struct buf b[2] = {without_one(f), {0}};
    const size_t last = f->grown[N - 1].n;
    struct frame links;
    assert_true(frame_head(f->grown[N].p + last, &links));
    const size_t stopped = last + FRAME_HEAD + links.n + FRAME_TAIL;
    assert_in_range(stopped, last, f->grown[N].n - 1); /* its end mark is missing */
    assert_int_equal(buf_append(&b[1], f->grown[N].p, stopped, NULL), 0);
    for (int i = 0; i < ZEROS; i++)
        assert_int_equal(buf_byte(&b[1], 0, NULL), 0);
    for (int i = 0; i < 2; i++) {
        for (size_t n = 0; n <= b[i].n; n++) {
            struct err e = {0};
            assert_int_equal(read_failing(&b[i], n, &e), ERR_IO);
            assert_string_equal(e.text, "the medium is gone");
        }
        buf_free(&b[i]);
    }
}

/* ---- files that fail ---- */

/* By index, of a file that another makes shorter meanwhile: the right capture or none. */
static void cut_while_it_is_read(void **state)
{
    struct fixture *f = *state;
    struct pool_snapshot s = {0};
    unsigned refused = 0, found = 0;
    for (size_t n = 0; n <= f->grown[N].n; n++) {
        struct psz_file *file;
        scratch_write(f->path, f->grown[N].p, f->grown[N].n);
        assert_int_equal(psz_file_open(&file, f->path, &limits, NULL), 0);
        assert_non_null(file);
        assert_int_equal(truncate(f->path, (off_t)n), 0);
        for (unsigned i = 0; i < N; i++) {
            struct err e = {0};
            const int r = psz_file_at(file, i + 1, &s, &e);
            if (r == 0) {
                same_snapshot(&f->v[i], &s);
                found++;
                continue;
            }
            assert_int_equal(r, ERR_FORMAT);
            assert_true(strstr(e.text, "the archive ends inside a block") != NULL ||
                        strstr(e.text, "the archive is damaged at byte ") != NULL);
            refused++;
        }
        psz_file_close(file);
    }
    assert_true(refused > 100 && found > 100);
    pool_snapshot_free(&s);
}

/* A descriptor that is not for reading, of an archive and of a file too short for one. */
static void cannot_be_read(void **state)
{
    struct fixture *f = *state;
    struct psz_tail t;
    struct err e = {0};
    scratch_write(f->path, f->grown[N].p, f->grown[N].n);
    int fd = open(f->path, O_WRONLY);
    assert_true(fd >= 0);
    assert_int_equal(psz_tail_find(&t, fd, f->path, &e), ERR_IO);
    assert_non_null(strstr(e.text, "cannot read the archive: "));
    psz_tail_free(&t);
    err_clear(&e);
    assert_int_equal(ftruncate(fd, 5), 0);
    assert_int_equal(psz_tail_find(&t, fd, f->path, &e), ERR_IO);
    assert_non_null(strstr(e.text, "cannot read the archive: "));
    psz_tail_free(&t);
    assert_int_equal(close(fd), 0);
}

static void no_folder_for_it(void **state)
{
    struct psz_appender *a;
    struct psz_append_facts facts;
    struct err e = {0};
    (void)state;
    assert_int_equal(psz_append_open(&a, "build/no such folder/x.psz", &facts, &e),
                     ERR_IO);
    assert_non_null(
        strstr(e.text, "cannot open build/no such folder/x.psz for appending: "));
    assert_string_equal(e.place, "build/no such folder/x.psz");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(an_append_is_missing), CASE(a_fold_lacks_captures), CASE(the_source_fails),
        CASE(cut_while_it_is_read), CASE(cannot_be_read),        CASE(no_folder_for_it),
    };
    return cmocka_run_group_tests_name("psz, what is lost", tests, NULL, NULL);
}
