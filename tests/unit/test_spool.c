/* SPDX-License-Identifier: MIT */
/* Bytes read at any place: from memory, from a file, and from a stream that is held or
 * put aside. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "formats/io/spool.h"
#include "formats/psz/file.h"
#include "tests/tools/chance.h"

#define HELD ((size_t)4 << 20) /* what stays in memory */

static const struct limits limits = LIMITS_DEFAULT;

static uint8_t *noise(size_t n)
{
    struct rng r = {n};
    uint8_t *p = malloc(n > 0 ? n : 1);
    assert_non_null(p);
    for (size_t i = 0; i < n; i++)
        p[i] = (uint8_t)rng_next(&r);
    return p;
}

static int open_stream(struct spool **s, const uint8_t *p, size_t n, uint64_t most,
                       struct err *e)
{
    struct input_raw raw;
    struct input *in;
    assert_int_equal(input_raw_memory(&raw, p, n, 4099, e), 0);
    assert_int_equal(input_open(&in, "stream", raw, &limits, e), 0);
    int r = spool_open(s, in, most, e);
    input_close(in);
    return r;
}

static void assert_same(const struct spool *s, const uint8_t *p, size_t n)
{
    uint8_t got[300];
    struct rng r = {7};
    struct err e = {0};
    assert_int_equal(spool_size(s), n);
    for (int i = 0; i < 500; i++) {
        size_t at = (size_t)rng_below(&r, (uint32_t)n + 10);
        size_t want = (size_t)rng_below(&r, sizeof got);
        size_t there = at >= n ? 0 : n - at < want ? n - at : want;
        assert_int_equal(spool_read(s, at, got, want, &e), there);
        assert_int_equal(memcmp(got, p + (at < n ? at : 0), there), 0);
    }
    assert_int_equal(spool_read(s, UINT64_MAX - 3, got, 8, &e), 0);
}

static void streams_are_kept_whole(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 5000, HELD - 1, HELD, HELD + 1, 3 * HELD + 17};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct err e = {0};
        struct spool *s = NULL;
        uint8_t *p = noise(sizes[i]);
        assert_int_equal(open_stream(&s, p, sizes[i], sizes[i], &e), 0);
        assert_same(s, p, sizes[i]);
        spool_close(s);
        assert_int_equal(spool_open_memory(&s, p, sizes[i], &e), 0);
        assert_same(s, p, sizes[i]);
        spool_close(s);
        free(p);
    }
}

static void a_stream_has_its_limit(void **state)
{
    (void)state;
    struct err e = {0};
    struct spool *s = NULL;
    uint8_t *p = noise(2 * HELD);
    assert_int_equal(open_stream(&s, p, 2 * HELD, 2 * HELD - 1, &e), ERR_LIMIT);
    assert_null(s);
    assert_string_equal(e.place, "stream");
    assert_non_null(strstr(e.text, "8388607 bytes"));
    free(p);
}

/* A disk that is full, and no file more to be had: what is larger than memory is refused
 * in words. */
static void without_room_aside(void **state)
{
    static const struct {
        int what;
        const char *words;
    } lacks[] = {{RLIMIT_FSIZE, "cannot write a temporary file"},
                 {RLIMIT_NOFILE, "cannot make a temporary file"}};
    (void)state;
    uint8_t *p = noise(3 * HELD);
    (void)signal(SIGXFSZ, SIG_IGN);
    for (size_t i = 0; i < sizeof lacks / sizeof *lacks; i++)
        for (rlim_t most = 0; most <= HELD + 4099 && (i == 0 || most == 0);
             most += HELD) {
            struct err e = {0};
            struct spool *s = NULL;
            struct rlimit usual;
            assert_int_equal(getrlimit(lacks[i].what, &usual), 0);
            struct rlimit less = usual;
            less.rlim_cur = most;
            assert_int_equal(setrlimit(lacks[i].what, &less), 0);
            const int r = open_stream(&s, p, 3 * HELD, 3 * HELD, &e);
            assert_int_equal(setrlimit(lacks[i].what, &usual), 0);
            assert_int_equal(r, ERR_IO);
            assert_null(s);
            assert_non_null(strstr(e.text, lacks[i].words));
        }
    free(p);
}

static void files_are_read_where_they_lie(void **state)
{
    (void)state;
    char path[] = "build/spool-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    uint8_t *p = noise(100000), got[16];
    struct err e = {0};
    struct spool *s = NULL;
    assert_int_equal(write(fd, p, 100000), 100000);
    assert_int_equal(spool_open_file(&s, path, &e), 0);
    assert_same(s, p, 100000);
    /* It shrinks while it is read. */
    assert_int_equal(ftruncate(fd, 50004), 0);
    assert_int_equal(spool_read(s, 50000, got, 16, &e), 4);
    assert_int_equal(spool_read(s, 60000, got, 16, &e), 0);
    spool_close(s);
    assert_int_equal(close(fd), 0);
    assert_int_equal(remove(path), 0);
    free(p);
}

static void what_is_no_file_is_said(void **state)
{
    (void)state;
    struct err e = {0};
    struct spool *s = NULL;
    assert_int_equal(spool_open_file(&s, "build/no-such-file", &e), ERR_IO);
    assert_string_equal(e.place, "build/no-such-file");
    err_clear(&e);
    assert_int_equal(spool_open_file(&s, "build", &e), ERR_IO);
    assert_string_equal(e.text, "is no regular file");
    spool_close(NULL);
}

/* A file can become a pipe between two looks at it: nobody waits for its other end. */
static void nobody_waits_for_a_pipe(void **state)
{
    (void)state;
    struct err e = {0}, none = {0};
    struct spool *s = NULL;
    struct psz_file *f = NULL;
    struct zip *z = NULL;
    char path[] = "/tmp/poolsift-spool-XXXXXX", pipe_path[64];
    assert_non_null(mkdtemp(path));
    (void)snprintf(pipe_path, sizeof pipe_path, "%s/pipe", path);
    assert_int_equal(mkfifo(pipe_path, 0600), 0);
    (void)alarm(20);
    assert_int_equal(spool_open_file(&s, pipe_path, &e), ERR_IO);
    assert_string_equal(e.text, "is no regular file");
    assert_int_equal(psz_file_open(&f, pipe_path, &limits, &none), 0);
    assert_null(f);
    assert_int_equal(zip_open_file(&z, pipe_path, &limits, &none), ERR_IO);
    assert_false(zip_file(pipe_path));
    (void)alarm(0);
    assert_int_equal(unlink(pipe_path), 0);
    assert_int_equal(rmdir(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_are_kept_whole),
        cmocka_unit_test(a_stream_has_its_limit),
        cmocka_unit_test(without_room_aside),
        cmocka_unit_test(files_are_read_where_they_lie),
        cmocka_unit_test(what_is_no_file_is_said),
        cmocka_unit_test(nobody_waits_for_a_pipe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
