/* SPDX-License-Identifier: MIT */
/* Files that are read from any place on, where any one of the reads fails, gives a part,
 * or finds that the file has become shorter: the linker (--wrap, in the Makefile) brings
 * these calls here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <unistd.h>

#include "tests/unit/pe_made.h"
#include "tests/unit/scratch.h"
#define open_bytes open_input /* that name is taken */
#include "tests/unit/zips.h"

/* ---- what stands in the place of the system's ---- */

enum how { HOW_FAILS, HOW_PART, HOW_INTERRUPTED, HOW_END };

static unsigned reads, fails_at; /* from 1; 0: none fails */
static enum how how;

static ssize_t read_from(int fd, void *p, size_t n, off_t at)
{
    if (++reads == fails_at) {
        if (how == HOW_END)
            return 0;
        errno = how == HOW_FAILS ? EIO : EINTR;
        if (how != HOW_PART)
            return -1;
        n = n > 1 ? n / 2 : n;
    }
    return lseek(fd, at, SEEK_SET) == at ? read(fd, p, n) : -1;
}

/* One function, which systems call by different names. */
#define STANDS_FOR(name, off)                                                            \
    ssize_t __wrap_##name(int fd, void *p, size_t n, off at);                            \
    ssize_t __wrap_##name(int fd, void *p, size_t n, off at)                             \
    {                                                                                    \
        return read_from(fd, p, n, (off_t)at);                                           \
    }

STANDS_FOR(pread64, off_t)
#ifdef _WIN32
STANDS_FOR(windows_pread, int64_t)
#else
STANDS_FOR(pread, off_t)
#endif

ssize_t __wrap___pread64_chk(int fd, void *p, size_t n, off_t at, size_t room);
ssize_t __wrap___pread64_chk(int fd, void *p, size_t n, off_t at, size_t room)
{
    assert_true(n <= room);
    return read_from(fd, p, n, at);
}

/* ---- trying ---- */

/* Reads a file in some way: its result, and in *sum what it found. */
typedef int trial(const char *path, uint64_t *sum, struct err *e);

static void add_up(uint64_t *sum, const void *p, size_t n)
{
    const uint8_t *byte = p;
    for (size_t i = 0; i < n; i++)
        *sum = *sum * 31 + byte[i];
}

static int run_once(trial *t, const char *path, unsigned at, enum how way, uint64_t *sum,
                    struct err *e)
{
    reads = 0;
    fails_at = at;
    how = way;
    *sum = 0;
    const int r = t(path, sum, e);
    fails_at = 0;
    return r;
}

/* Every read in turn: what fails ends in the system's words, a part or an interruption is
 * made good, and an early end is no crash. */
static unsigned try_reads(trial *t, const struct buf *b)
{
    struct scratch f;
    uint64_t whole, sum;
    struct err e = {0};
    scratch_make(&f, b);
    assert_int_equal(run_once(t, f.path, 0, HOW_FAILS, &whole, &e), 0);
    const unsigned n = reads;
    for (unsigned at = 1; at <= n; at++) {
        err_clear(&e);
        assert_int_equal(run_once(t, f.path, at, HOW_FAILS, &sum, &e), ERR_IO);
        assert_non_null(strstr(e.text, "cannot read"));
        assert_non_null(strstr(e.text, strerror(EIO)));
        for (enum how way = HOW_PART; way <= HOW_INTERRUPTED; way++) {
            assert_int_equal(run_once(t, f.path, at, way, &sum, &e), 0);
            assert_true(sum == whole);
        }
        err_clear(&e);
        const int r = run_once(t, f.path, at, HOW_END, &sum, &e);
        if (r != 0 && (r != ERR_FORMAT || e.text[0] == '\0'))
            fail_msg("read %u found the end: %d %s", at, r, e.text);
    }
    scratch_remove(&f);
    return n;
}

/* ---- zips ---- */

static int read_zip(const char *path, uint64_t *sum, struct err *e)
{
    struct zip *z = NULL;
    struct buf out = {0};
    TRY(zip_open_file(&z, path, &default_limits, e));
    int r = 0;
    for (size_t i = 0; i < zip_count(z) && r == 0; i++) {
        r = read_entry(z, i, &default_limits, &out, e);
        add_up(sum, out.p, out.n);
    }
    zip_close(z);
    buf_free(&out);
    return r;
}

/* Also with large directories, and with bytes put before the zip, as those that unpack
 * themselves have. */
static void zips(void **state)
{
    (void)state;
    for (int wide = 0; wide < 2; wide++) {
        struct buf b = make_zip(good, GOOD, wide == 1, "a comment"), moved = {0};
        assert_true(try_reads(read_zip, &b) > GOOD);
        add(&moved, "MZ and a program", 16);
        add(&moved, b.p, b.n);
        assert_true(try_reads(read_zip, &moved) > GOOD);
        buf_free(&b);
        buf_free(&moved);
    }
}

/* It was there when it was looked into. */
static void a_zip_that_is_gone(void **state)
{
    struct scratch f;
    struct zip *z = NULL;
    struct err e = {0};
    struct buf b = make_zip(good, GOOD, false, ""), out = {0};
    (void)state;
    scratch_make(&f, &b);
    assert_int_equal(zip_open_file(&z, f.path, &default_limits, &e), 0);
    scratch_remove(&f);
    assert_int_equal(read_entry(z, 1, &default_limits, &out, &e), ERR_IO);
    assert_non_null(strstr(e.text, strerror(ENOENT)));
    zip_close(z);
    buf_free(&b);
    buf_free(&out);
}

/* ---- drivers ---- */

static int read_driver(const char *path, uint64_t *sum, struct err *e)
{
    const struct pool_tag tag = tag_from("Kd1x", 4);
    struct spool *bytes = NULL;
    struct pe_file *f = NULL;
    struct pe_hits hits = {.immediate = 0};
    struct pe_version version = {.company = ""};
    TRY(spool_open_file(&bytes, path, e));
    int r = pe_open(&f, bytes, e);
    if (r >= 0)
        r = pe_scan(f, &tag, 1, &hits, e);
    if (r >= 0)
        r = pe_version(f, &version, e);
    *sum = total(&hits);
    add_up(sum, version.company, strlen(version.company));
    pe_close(f);
    spool_close(bytes);
    return r < 0 ? r : 0;
}

static void drivers(void **state)
{
    struct buf b = {0};
    const struct made_pe m = {.machine = MADE_X64,
                              .tag = "Kd1x",
                              .put = PUT_CALL | PUT_OVERLAY,
                              .imports = pool,
                              .company = "Example"};
    (void)state;
    assert_int_equal(made_pe(&b, &m), 0);
    assert_true(try_reads(read_driver, &b) > 10);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zips),
        cmocka_unit_test(a_zip_that_is_gone),
        cmocka_unit_test(drivers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
