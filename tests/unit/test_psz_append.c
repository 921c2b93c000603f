/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* memfd_create */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef F_ADD_SEALS
#include <sys/mman.h>
#endif

#include "formats/psz/appender.h"
#include "psz_samples.h"
#include "tests/unit/scratch.h"

enum { N = 40 };

struct fixture {
    char path[256];
    struct pool_snapshot v[N];
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct dice d = {31};
    assert_non_null(f);
    scratch_path(f->path, sizeof f->path, "psz-append", ".psz");
    (void)unlink(f->path);
    sample_series(&d, f->v, N, 5);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    (void)unlink(f->path);
    free_series(f->v, N);
    free(f);
    return 0;
}

/* Appends v[from] to v[to - 1] in one call; returns what was there before. */
static struct psz_append_facts append(struct fixture *f, unsigned from, unsigned to)
{
    struct psz_appender *a;
    struct psz_append_facts facts;
    struct err e = {0};
    assert_int_equal(psz_append_open(&a, f->path, &facts, &e), 0);
    for (unsigned i = from; i < to; i++)
        assert_int_equal(psz_append_snapshot(a, &f->v[i], &e), 0);
    assert_int_equal(psz_append_end(a, &e), 0);
    return facts;
}

static unsigned count(struct fixture *f, const struct buf *b, bool salvage, int want,
                      uint64_t seen[NOTE_CODES])
{
    unsigned got;
    struct err e = {0};
    assert_int_equal(read_archive(b->p, b->n, 0, salvage, f->v, N, &got, seen, &e), want);
    return got;
}

/* One by one, in two goes, or behind what the writer wrote: the same snapshots. */
static void appended_is_as_written(void **state)
{
    struct fixture *f = *state;
    struct buf b = {0};
    uint64_t seen[NOTE_CODES];
    for (unsigned i = 0; i < N; i++)
        assert_int_equal(append(f, i, i + 1).snapshots_before, i);
    scratch_read(f->path, &b);
    assert_int_equal(count(f, &b, false, 0, seen), N);
    assert_int_equal(seen[NOTE_TAIL_IGNORED], 0);

    assert_int_equal(unlink(f->path), 0);
    assert_int_equal(append(f, 0, 15).snapshots_before, 0);
    assert_int_equal(append(f, 15, N).snapshots_before, 15);
    scratch_read(f->path, &b);
    assert_int_equal(count(f, &b, false, 0, seen), N);

    b.n = 0;
    write_archive(f->v, 30, &b);
    scratch_write(f->path, b.p, b.n);
    assert_int_equal(append(f, 30, N).snapshots_before, 30);
    size_t before = b.n;
    uint8_t *old = malloc(before);
    memcpy(old, b.p, before);
    scratch_read(f->path, &b);
    assert_memory_equal(b.p, old, before); /* nothing old is ever touched */
    assert_int_equal(count(f, &b, false, 0, seen), N);
    free(old);
    buf_free(&b);
}

/* Killed anywhere: what was there reads as before, the tail is named, and the next append
 * cuts it off. */
static void killed_anywhere(void **state)
{
    struct fixture *f = *state;
    struct buf b = {0};
    uint64_t seen[NOTE_CODES];
    write_archive(f->v, 10, &b);
    size_t before = b.n;
    scratch_write(f->path, b.p, b.n);
    (void)append(f, 10, 14);
    scratch_read(f->path, &b);
    size_t after = b.n;
    for (size_t n = before; n <= after; n++) {
        b.n = n;
        bool tail = n != before && n != after;
        assert_int_equal(count(f, &b, false, 0, seen), n == after ? 14 : 10);
        assert_int_equal(seen[NOTE_TAIL_IGNORED], tail);
        unsigned salvaged = count(f, &b, true, 0, seen);
        assert_true(salvaged == 10 || salvaged == 14);
        if (n % 97 != 0 && tail)
            continue;
        scratch_write(f->path, b.p, n);
        struct psz_append_facts facts = append(f, 14, 20);
        assert_int_equal(facts.tail_cut_bytes, tail ? n - before : 0);
        assert_int_equal(facts.snapshots_before, n == after ? 14 : 10);
        struct buf again = {0};
        scratch_read(f->path, &again);
        struct pool_snapshot want[N];
        memcpy(want, f->v, sizeof want);
        unsigned first = n == after ? 14 : 10;
        memcpy(want + first, f->v + 14, 6 * sizeof *want);
        unsigned got;
        struct err e = {0};
        assert_int_equal(
            read_archive(again.p, again.n, 0, false, want, first + 6, &got, seen, &e), 0);
        assert_int_equal(got, first + 6);
        buf_free(&again);
    }
    buf_free(&b);
}

/* Zeros that the system put behind the end are a tail like any other. */
static void zeros_behind(void **state)
{
    struct fixture *f = *state;
    struct buf b = {0};
    uint64_t seen[NOTE_CODES];
    (void)append(f, 0, 3);
    scratch_read(f->path, &b);
    assert_int_equal(buf_reserve(&b, 5000, NULL), 0);
    memset(b.p + b.n, 0, 5000);
    b.n += 5000;
    assert_int_equal(count(f, &b, false, 0, seen), 3);
    assert_int_equal(seen[NOTE_TAIL_IGNORED], 1);
    scratch_write(f->path, b.p, b.n);
    assert_int_equal(append(f, 3, 4).tail_cut_bytes, 5000);
    scratch_read(f->path, &b);
    assert_int_equal(count(f, &b, false, 0, seen), 4);
    buf_free(&b);
}

/* The system made the file longer and went down before what was appended stood there,
 * from some byte on: that alone is gone.  Half an end mark may be damage, too. */
static void zeros_instead(void **state)
{
    struct fixture *f = *state;
    struct buf b = {0};
    (void)append(f, 0, 3);
    scratch_read(f->path, &b);
    const size_t before = b.n;
    (void)append(f, 3, 4);
    scratch_read(f->path, &b);
    const uint8_t *last = b.p + b.n - FRAME_TAIL - 4; /* how long its payload is */
    const size_t mark = b.n - FRAME_TAIL - FRAME_HEAD - (last[0] | (size_t)last[1] << 8);
    assert_in_range(mark, before + FRAME_HEAD, b.n);
    memset(b.p + mark + 1, 0, b.n - mark - 1);
    for (size_t i = mark + 1; i-- > before;) {
        uint64_t seen[NOTE_CODES];
        b.p[i] = 0;
        assert_int_equal(count(f, &b, false, 0, seen), 3);
        assert_int_equal(seen[NOTE_TAIL_IGNORED], 1);
    }
    buf_free(&b);
}

/* Where the tail of an append that was stopped cannot be cut off nothing is written. */
static void a_tail_that_stays(void **state)
{
#ifdef F_ADD_SEALS
    struct fixture *f = *state;
    struct buf b = {0}, now = {0};
    char path[64];
    struct psz_appender *a;
    struct psz_append_facts facts;
    struct err e = {0};
    const int fd = memfd_create("sealed", MFD_ALLOW_SEALING);
    if (fd < 0)
        skip();
    write_archive(f->v, 3, &b);
    assert_int_equal(buf_append(&b, (const uint8_t *)"tail", 4, NULL), 0);
    assert_int_equal(write(fd, b.p, b.n), b.n);
    assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK), 0);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    assert_int_equal(psz_append_open(&a, path, &facts, &e), ERR_IO);
    assert_non_null(strstr(e.text, "cannot shorten"));
    scratch_read_fd(fd, &now);
    assert_int_equal(now.n, b.n);
    assert_memory_equal(now.p, b.p, b.n);
    assert_int_equal(close(fd), 0);
    buf_free(&b);
    buf_free(&now);
#else
    (void)state;
    skip();
#endif
}

/* A changed byte in what was appended is damage, not a tail. */
static void one_byte_changed(void **state)
{
    struct fixture *f = *state;
    struct buf b = {0};
    (void)append(f, 0, 2);
    scratch_read(f->path, &b);
    size_t alone = b.n; /* what follows are links, which tell changes only */
    (void)append(f, 2, 3);
    (void)append(f, 3, 4);
    scratch_read(f->path, &b);
    for (size_t i = 0; i < b.n; i++) {
        uint64_t seen[NOTE_CODES];
        unsigned got;
        struct err e = {0};
        b.p[i] ^= (uint8_t)(1 + i % 255);
        int r = read_archive(b.p, b.n, 0, false, f->v, N, &got, seen, &e);
        assert_true(r == ERR_FORMAT || (r == ERR_UNSUPPORTED && i >= 8 && i < 10));
        struct err none = {0};
        assert_int_equal(read_archive(b.p, b.n, 0, true, f->v, N, &got, seen, &none), 0);
        assert_true(got >= (i < alone ? 0 : 2));
        assert_true(seen[NOTE_BLOCK_LOST] + seen[NOTE_NO_END_MARK] > 0);
        b.p[i] ^= (uint8_t)(1 + i % 255);
    }
    buf_free(&b);
}

static void only_one_writer(void **state)
{
    struct fixture *f = *state;
    struct psz_appender *a, *b;
    struct psz_append_facts facts;
    struct err e = {0};
    assert_int_equal(psz_append_open(&a, f->path, &facts, &e), 0);
    assert_int_equal(psz_append_open(&b, f->path, &facts, &e), ERR_IO);
    assert_non_null(strstr(e.text, "is being written by another process"));
    assert_int_equal(psz_append_snapshot(a, &f->v[0], NULL), 0);
    psz_append_abort(a);
    assert_int_equal(append(f, 0, 1).snapshots_before, 0);
    assert_int_equal(append(f, 1, 2).snapshots_before, 1);
}

/* Whoever closed standard input gets its number for the archive. */
static void descriptor_0_is_one_as_any_other(void **state)
{
    struct fixture *f = *state;
    const int kept = dup(STDIN_FILENO);
    assert_int_equal(close(STDIN_FILENO), kept >= 0 ? 0 : -1);
    for (unsigned i = 0; i < 3; i++) /* the lock is given up each time */
        assert_int_equal(append(f, i, i + 1).snapshots_before, i);
    assert_int_equal(lseek(STDIN_FILENO, 0, SEEK_CUR), -1);
    if (kept >= 0) {
        assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
        assert_int_equal(close(kept), 0);
    }
}

static void knows_duplicates(void **state)
{
    struct fixture *f = *state;
    struct psz_appender *a;
    struct psz_append_facts facts;
    bool has;
    (void)append(f, 0, 10);
    (void)append(f, 10, 20);
    assert_int_equal(psz_append_open(&a, f->path, &facts, NULL), 0);
    for (unsigned i = 0; i < N; i++) {
        assert_int_equal(psz_append_has(a, &f->v[i], &has, NULL), 0);
        assert_int_equal(has, i < 20);
    }
    assert_int_equal(psz_append_snapshot(a, &f->v[30], NULL), 0);
    assert_int_equal(psz_append_has(a, &f->v[30], &has, NULL), 0);
    assert_true(has);
    f->v[5].rows[0].line++; /* where it stood does not matter, what it says does */
    assert_int_equal(psz_append_has(a, &f->v[5], &has, NULL), 0);
    assert_true(has);
    f->v[5].rows[0].tag.b[0] ^= 1;
    assert_int_equal(psz_append_has(a, &f->v[5], &has, NULL), 0);
    assert_false(has);
    psz_append_abort(a);
}

static void refuses_what_is_no_archive(void **state)
{
    struct fixture *f = *state;
    struct buf b = {0};
    struct psz_appender *a;
    struct psz_append_facts facts;
    struct err e = {0}, cut = {0}, damaged = {0};
    scratch_write(f->path, (const uint8_t *)"Memory: 1K Avail\n", 17);
    assert_int_equal(psz_append_open(&a, f->path, &facts, &e), ERR_FORMAT);
    assert_non_null(strstr(e.text, "no archive"));
    scratch_read(f->path, &b);
    assert_int_equal(b.n, 17); /* and it is left as it was */
    b.n = 0;
    write_archive(f->v, 10, &b);
    scratch_write(f->path, b.p, b.n - 9);
    assert_int_equal(psz_append_open(&a, f->path, &facts, &cut), ERR_FORMAT);
    b.p[b.n / 2] ^= 1;
    b.p[b.n - 1] ^= 1;
    scratch_write(f->path, b.p, b.n);
    assert_int_equal(psz_append_open(&a, f->path, &facts, &damaged), ERR_FORMAT);
    buf_free(&b);
}

/* A file that was begun and cut within the first bytes is begun again. */
static void begins_again(void **state)
{
    struct fixture *f = *state;
    struct buf b = {0};
    uint64_t seen[NOTE_CODES];
    struct psz_appender *a;
    struct psz_append_facts facts;
    assert_int_equal(psz_append_open(&a, f->path, &facts, NULL), 0);
    assert_int_equal(psz_append_end(a, NULL), 0);
    scratch_read(f->path, &b);
    size_t whole = b.n;
    assert_int_equal(count(f, &b, false, 0, seen), 0);
    for (size_t n = 0; n <= whole; n++) {
        scratch_write(f->path, b.p, n);
        assert_int_equal(append(f, 0, 1).snapshots_before, 0);
        struct buf again = {0};
        scratch_read(f->path, &again);
        assert_int_equal(count(f, &again, false, 0, seen), 1);
        buf_free(&again);
    }
    buf_free(&b);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* A file that ends in its end mark is known by that alone; with anything behind it, it is
 * walked through, to the same. */
static void the_end_is_found_either_way(void **state)
{
    struct fixture *f = *state;
    struct buf b = {0};
    for (unsigned n = 5; n <= 15; n += 5) {
        struct psz_tail quick, found;
        struct err e = {0};
        append(f, n - 5, n);
        for (size_t more = 0; more < 2; more++) {
            scratch_read(f->path, &b);
            const size_t whole = b.n;
            if (more > 0)
                assert_int_equal(buf_byte(&b, 'x', NULL), 0);
            scratch_write(f->path, b.p, b.n);
            int fd = open(f->path, O_RDONLY);
            assert_true(fd >= 0);
            assert_int_equal(psz_tail_quick(&quick, fd, &e), more > 0 ? ERR_FORMAT : 0);
            assert_int_equal(psz_tail_find(&found, fd, f->path, NULL), 0);
            assert_int_equal(found.snapshots, n);
            assert_int_equal(found.size, b.n);
            assert_int_equal(found.behind_end, whole);
            if (more == 0) {
                assert_int_equal(quick.snapshots, n);
                assert_int_equal(quick.end, found.end);
                assert_int_equal(quick.last_end, found.last_end);
                assert_int_equal(quick.behind_end, found.behind_end);
                assert_int_equal(quick.last, found.last);
                assert_int_equal(quick.frames, found.frames);
                assert_int_equal(quick.all.n, found.all.n);
            }
            psz_tail_free(&quick);
            psz_tail_free(&found);
            assert_int_equal(close(fd), 0);
            scratch_write(f->path, b.p, whole);
        }
    }
    buf_free(&b);
}

/* Where a file takes nothing, that is said, with its name. */
static void what_cannot_be_written_is_told(void **state)
{
    struct fixture *f = *state;
    struct err e = {0};
    scratch_write(f->path, (const uint8_t *)"abc", 3);
    struct psz_appender a = {.path = f->path, .fd = open(f->path, O_RDONLY)};
    assert_true(a.fd >= 0);
    assert_int_equal(psz_append_write(&a, (const uint8_t *)"d", 1, 0, &e), ERR_IO);
    assert_non_null(strstr(e.text, f->path));
    assert_int_equal(a.tail.size, 0);
    assert_int_equal(close(a.fd), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(appended_is_as_written),
        CASE(killed_anywhere),
        CASE(zeros_behind),
        CASE(zeros_instead),
        CASE(a_tail_that_stays),
        CASE(one_byte_changed),
        CASE(only_one_writer),
        CASE(descriptor_0_is_one_as_any_other),
        CASE(knows_duplicates),
        CASE(refuses_what_is_no_archive),
        CASE(begins_again),
        CASE(the_end_is_found_either_way),
        CASE(what_cannot_be_written_is_told),
    };
    return cmocka_run_group_tests_name("psz append", tests, NULL, NULL);
}
