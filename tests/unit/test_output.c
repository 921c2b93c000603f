/* SPDX-License-Identifier: MIT */
/* Sinks: what is written arrives whole, and a file is the old one or the new one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "formats/io/output.h"
#include "tests/unit/scratch.h"

static char folder[256];

static const char *in_folder(char out[512], const char *name)
{
    (void)snprintf(out, 512, "%s/%s", folder, name);
    return out;
}

static int count_files(void)
{
    DIR *d = opendir(folder);
    assert_non_null(d);
    int n = 0;
    for (struct dirent *f = readdir(d); f != NULL; f = readdir(d))
        n += strcmp(f->d_name, ".") != 0 && strcmp(f->d_name, "..") != 0;
    (void)closedir(d);
    return n;
}

static int make_folder(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof folder, "%s/sink.XXXXXX", scratch_folder());
    (void)umask(022);
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    DIR *d = opendir(folder);
    if (d == NULL)
        return 1;
    for (struct dirent *f = readdir(d); f != NULL; f = readdir(d)) {
        char path[1024];
        (void)snprintf(path, sizeof path, "%s/%s", folder, f->d_name);
        (void)unlink(path);
    }
    (void)closedir(d);
    return rmdir(folder);
}

static void put_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static void assert_file(const char *path, const char *text)
{
    char got[256] = "";
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    got[fread(got, 1, sizeof got - 1, f)] = '\0';
    (void)fclose(f);
    assert_string_equal(got, text);
}

/* ---- memory and descriptors ---- */

static void memory_takes_all(void **state)
{
    (void)state;
    struct buf b = {0};
    struct sink *s;
    struct err e = {0};
    assert_int_equal(sink_memory(&s, &b, &e), 0);
    sink_write(s, "ab", 2);
    sink_write(s, "", 0);
    sink_puts(s, "cd");
    sink_printf(s, "-%d-%s", 17, "x");
    assert_int_equal(sink_bytes(s), 9);
    sink_printf(s, "%700d", 5);
    assert_int_equal(sink_bytes(s), 709);
    assert_int_equal(sink_close(s, &e), 0);
    assert_int_equal(b.n, 709);
    assert_memory_equal(b.p, "abcd-17-x  ", 11);
    assert_int_equal(b.p[708], '5');
    buf_free(&b);
}

static void fill_pattern(uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        p[i] = (uint8_t)(i * 31 + (i >> 8));
}

/* Pieces around the buffer's size arrive in order. */
static void pieces_arrive_in_order(void **state)
{
    (void)state;
    static const size_t pieces[] = {1, 65535, 1, 65536, 3, 200000, 65537, 7};
    static uint8_t all[500000], back[500000];
    char path[512];
    fill_pattern(all, sizeof all);
    int fd = open(in_folder(path, "pieces"), O_RDWR | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    struct sink *s;
    struct err e = {0};
    assert_int_equal(sink_fd(&s, fd, "pieces", &e), 0);
    size_t at = 0;
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        sink_write(s, all + at, pieces[i]);
        at += pieces[i];
    }
    assert_int_equal(sink_bytes(s), at);
    assert_int_equal(sink_close(s, &e), 0);
    assert_int_equal(pread(fd, back, sizeof back, 0), at);
    assert_memory_equal(back, all, at);
    assert_int_equal(close(fd), 0);
    assert_int_equal(unlink(path), 0);
}

/* More than a pipe and every buffer holds. */
static void what_is_held_comes_whole_or_not_at_all(void **state)
{
    (void)state;
    static uint8_t all[300000], back[300001];
    char path[512];
    fill_pattern(all, sizeof all);
    for (int whole = 0; whole < 2; whole++) {
        int fd = open(in_folder(path, "held"), O_RDWR | O_CREAT | O_TRUNC, 0600);
        assert_true(fd >= 0);
        struct sink *s;
        struct err e = {0};
        assert_int_equal(sink_held(&s, fd, "held", &e), 0);
        sink_write(s, all, sizeof all);
        sink_flush(s);
        assert_int_equal(pread(fd, back, sizeof back, 0), 0);
        if (whole)
            assert_int_equal(sink_close(s, &e), 0);
        else
            sink_abort(s);
        assert_int_equal(pread(fd, back, sizeof back, 0), whole ? sizeof all : 0);
        if (whole)
            assert_memory_equal(back, all, sizeof all);
        assert_int_equal(close(fd), 0);
        assert_int_equal(unlink(path), 0);
    }
}

static void closed_pipe_is_silent(void **state)
{
    (void)state;
    int p[2];
    assert_int_equal(pipe(p), 0);
    assert_int_equal(close(p[0]), 0);
    struct sink *s;
    struct err e = {0};
    assert_int_equal(sink_fd(&s, p[1], "standard output", &e), 0);
    sink_puts(s, "nobody reads this");
    assert_false(sink_closed(s));
    sink_flush(s);
    assert_true(sink_closed(s));
    assert_false(sink_failed(s));
    uint64_t before = sink_bytes(s);
    sink_puts(s, "nor this");
    assert_int_equal(sink_bytes(s), before);
    assert_int_equal(sink_close(s, &e), 0);
    assert_int_equal(e.code, 0);
    assert_int_equal(close(p[1]), 0);
}

static void full_device_is_told(void **state)
{
    (void)state;
    int fd = open("/dev/full", O_WRONLY);
    if (fd < 0)
        skip();
    struct sink *s;
    struct err e = {0};
    assert_int_equal(sink_fd(&s, fd, "standard output", &e), 0);
    sink_puts(s, "x");
    assert_false(sink_failed(s));
    sink_flush(s);
    assert_true(sink_failed(s));
    sink_puts(s, "y");
    assert_int_equal(sink_bytes(s), 1);
    assert_int_equal(sink_close(s, &e), ERR_IO);
    assert_string_equal(e.place, "standard output");
    assert_non_null(strstr(e.text, strerror(ENOSPC)));
    assert_int_equal(close(fd), 0);
}

/* A pipe that cannot take more at the moment is waited for. */
static void slow_reader_gets_all(void **state)
{
    (void)state;
    static uint8_t all[400000];
    fill_pattern(all, sizeof all);
    int p[2];
    assert_int_equal(pipe(p), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        size_t at = 0;
        uint8_t part[7001];
        (void)close(p[1]);
        for (ssize_t n; (n = read(p[0], part, sizeof part)) > 0; at += (size_t)n)
            if (at + (size_t)n > sizeof all || memcmp(part, all + at, (size_t)n) != 0)
                _exit(1);
        _exit(at == sizeof all ? 0 : 2);
    }
    assert_int_equal(close(p[0]), 0);
    assert_int_equal(fcntl(p[1], F_SETFL, O_NONBLOCK), 0);
    struct sink *s;
    struct err e = {0};
    assert_int_equal(sink_fd(&s, p[1], "pipe", &e), 0);
    sink_write(s, all, sizeof all);
    assert_int_equal(sink_close(s, &e), 0);
    assert_int_equal(close(p[1]), 0);
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

/* ---- files ---- */

static void new_file_like_any_other(void **state)
{
    (void)state;
    char path[512];
    struct sink *s;
    struct err e = {0};
    struct stat st;
    assert_int_equal(sink_file(&s, in_folder(path, "new.txt"), &e), 0);
    sink_puts(s, "new\n");
    assert_int_equal(stat(path, &st), -1);
    assert_int_equal(sink_close(s, &e), 0);
    assert_file(path, "new\n");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0644);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(count_files(), 0);
}

static void old_file_keeps_its_mode(void **state)
{
    (void)state;
    char path[512];
    struct sink *s;
    struct err e = {0};
    struct stat st;
    put_file(in_folder(path, "old.txt"), "old\n");
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(sink_file(&s, path, &e), 0);
    sink_puts(s, "new\n");
    sink_flush(s);
    assert_file(path, "old\n");
    assert_int_equal(sink_close(s, &e), 0);
    assert_file(path, "new\n");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
    assert_int_equal(unlink(path), 0);
}

static void abort_keeps_the_old_file(void **state)
{
    (void)state;
    char path[512];
    struct sink *s;
    struct err e = {0};
    put_file(in_folder(path, "old.txt"), "old\n");
    assert_int_equal(sink_file(&s, path, &e), 0);
    sink_puts(s, "new\n");
    sink_flush(s);
    assert_int_equal(count_files(), 2);
    sink_abort(s);
    assert_file(path, "old\n");
    assert_int_equal(count_files(), 1);
    assert_int_equal(unlink(path), 0);
    sink_abort(NULL);
}

static void fault_keeps_the_old_file(void **state)
{
    (void)state;
    char path[512];
    struct sink *s;
    struct err e = {0};
    struct rlimit was, small;
    put_file(in_folder(path, "old.txt"), "old\n");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
    small = was;
    small.rlim_cur = 4096;
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(sink_file(&s, path, &e), 0);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    for (int i = 0; i < 1000; i++)
        sink_puts(s, "0123456789\n");
    int r = sink_close(s, &e);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
    assert_int_equal(r, ERR_IO);
    assert_string_equal(e.place, path);
    assert_non_null(strstr(e.text, strerror(EFBIG)));
    assert_string_equal(e.hint, "the old file was left as it was");
    assert_file(path, "old\n");
    assert_int_equal(count_files(), 1);
    assert_int_equal(unlink(path), 0);
}

static void links_are_written_through(void **state)
{
    (void)state;
    char path[512], link1[512], link2[512];
    struct sink *s;
    struct err e = {0};
    struct stat st;
    in_folder(path, "target.txt");
    assert_int_equal(symlink("target.txt", in_folder(link1, "link1")), 0);
    assert_int_equal(symlink("link1", in_folder(link2, "link2")), 0);
    for (int i = 0; i < 2; i++) { /* first it points nowhere, then to the old file */
        assert_int_equal(sink_file(&s, link2, &e), 0);
        sink_printf(s, "%d\n", i);
        assert_int_equal(sink_close(s, &e), 0);
        assert_file(path, i == 0 ? "0\n" : "1\n");
    }
    assert_int_equal(lstat(link2, &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_int_equal(count_files(), 3);
    assert_int_equal(unlink(path) | unlink(link1) | unlink(link2), 0);
    assert_int_equal(symlink("ring", in_folder(link1, "ring")), 0);
    assert_int_equal(sink_file(&s, link1, &e), ERR_IO);
    assert_non_null(strstr(e.text, strerror(ELOOP)));
    assert_int_equal(unlink(link1), 0);
}

static void devices_are_written_directly(void **state)
{
    (void)state;
    struct sink *s;
    struct err e = {0};
    struct stat st;
    assert_int_equal(sink_file(&s, "/dev/null", &e), 0);
    sink_puts(s, "x");
    assert_int_equal(sink_close(s, &e), 0);
    assert_int_equal(stat("/dev/null", &st), 0);
    assert_true(S_ISCHR(st.st_mode));
    if (stat("/dev/full", &st) != 0)
        skip();
    assert_int_equal(sink_file(&s, "/dev/full", &e), 0);
    sink_puts(s, "x");
    assert_int_equal(sink_close(s, &e), ERR_IO);
    assert_string_equal(e.place, "/dev/full");
    assert_string_equal(e.hint, "");
}

static void fifo_is_written_directly(void **state)
{
    (void)state;
    char path[512], got[8] = "";
    struct sink *s;
    struct err e = {0};
    assert_int_equal(mkfifo(in_folder(path, "fifo"), 0600), 0);
    int fd = open(path, O_RDONLY | O_NONBLOCK);
    assert_true(fd >= 0);
    assert_int_equal(sink_file(&s, path, &e), 0);
    sink_puts(s, "hello");
    assert_int_equal(sink_close(s, &e), 0);
    assert_int_equal(read(fd, got, sizeof got - 1), 5);
    assert_string_equal(got, "hello");
    assert_int_equal(close(fd), 0);
    assert_int_equal(unlink(path), 0);
}

/* A link to an open file must not become a file of that name. */
static void open_file_is_not_replaced(void **state)
{
    (void)state;
    char path[512], proc[64];
    struct sink *s;
    struct err e = {0};
    struct stat before, after;
    int fd = open(in_folder(path, "open.txt"), O_RDWR | O_CREAT, 0600);
    assert_true(fd >= 0);
    (void)snprintf(proc, sizeof proc, "/dev/fd/%d", fd);
    if (stat(path, &after) != 0 || stat(proc, &before) != 0 ||
        before.st_ino != after.st_ino) {
        (void)close(fd);
        skip();
    }
    assert_int_equal(sink_file(&s, proc, &e), 0);
    sink_puts(s, "here\n");
    assert_int_equal(sink_close(s, &e), 0);
    assert_int_equal(stat(path, &after), 0);
    assert_true(before.st_ino == after.st_ino);
    assert_file(path, "here\n");
    assert_int_equal(close(fd), 0);
    assert_int_equal(unlink(path), 0);
}

static void what_cannot_be_opened(void **state)
{
    (void)state;
    char path[512];
    struct sink *s;
    struct err e = {0};
    assert_int_equal(sink_file(&s, folder, &e), ERR_IO);
    assert_string_equal(e.place, folder);
    assert_non_null(strstr(e.text, strerror(EISDIR)));
    err_clear(&e);
    assert_int_equal(sink_file(&s, in_folder(path, "none/x.txt"), &e), ERR_IO);
    assert_string_equal(e.place, path);
    assert_non_null(strstr(e.text, strerror(ENOENT)));
    err_clear(&e);
    if (geteuid() == 0)
        return;
    put_file(in_folder(path, "locked.txt"), "old\n");
    assert_int_equal(chmod(path, 0444), 0);
    assert_int_equal(sink_file(&s, path, &e), ERR_IO);
    assert_non_null(strstr(e.text, strerror(EACCES)));
    assert_int_equal(unlink(path), 0);
}

static void long_names_fit(void **state)
{
    (void)state;
    char name[256], path[512];
    struct sink *s;
    struct err e = {0};
    memset(name, 'n', 255);
    name[255] = '\0';
    assert_int_equal(sink_file(&s, in_folder(path, name), &e), 0);
    sink_puts(s, "x");
    assert_int_equal(sink_close(s, &e), 0);
    assert_file(path, "x");
    assert_int_equal(unlink(path), 0);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_takes_all),
        cmocka_unit_test(pieces_arrive_in_order),
        cmocka_unit_test(what_is_held_comes_whole_or_not_at_all),
        cmocka_unit_test(closed_pipe_is_silent),
        cmocka_unit_test(full_device_is_told),
        cmocka_unit_test(slow_reader_gets_all),
        cmocka_unit_test(new_file_like_any_other),
        cmocka_unit_test(old_file_keeps_its_mode),
        cmocka_unit_test(abort_keeps_the_old_file),
        cmocka_unit_test(fault_keeps_the_old_file),
        cmocka_unit_test(links_are_written_through),
        cmocka_unit_test(devices_are_written_directly),
        cmocka_unit_test(fifo_is_written_directly),
        cmocka_unit_test(open_file_is_not_replaced),
        cmocka_unit_test(what_cannot_be_opened),
        cmocka_unit_test(long_names_fit),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
