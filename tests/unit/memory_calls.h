/* SPDX-License-Identifier: MIT */
/* Whole calls as trials of memory.h: the words of a line, run as main runs them, its two
 * outputs kept.  The folder is made by calls_begin and removed, with all in it, by
 * calls_end. */
#ifndef TESTS_UNIT_MEMORY_CALLS_H
#define TESTS_UNIT_MEMORY_CALLS_H

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/redact/redact_call.h"
#include "tests/unit/memory.h"
#include "tests/unit/scratch.h"

enum { WORDS = 24 };

static int out_fd, err_fd;
static char folder[256];

static inline void empty(int fd)
{
    assert_int_equal(ftruncate(fd, 0), 0);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
}

static inline uint64_t sum_of_file(int fd)
{
    uint8_t part[4096];
    uint64_t sum = 0;
    ptrdiff_t n;
    for (off_t at = 0; (n = pread(fd, part, sizeof part, at)) > 0; at += n)
        for (ptrdiff_t i = 0; i < n; i++)
            sum = sum * 31 + part[i];
    return sum;
}

/* As main does it. */
static inline int call(int n, char **words, struct err *e)
{
    struct context c = {.n_operands = 0};
    struct redact names = {.n = 0};
    const struct command *command = command_find(words[0]);
    assert_non_null(command);
    term_init(&c.term);
    int r = options_parse(&c.o, command->bit, n, words, &c.operands, &c.n_operands, e);
    if (r == 0) {
        c.arguments = words + 1;
        c.n_arguments = n - 1;
        term_configure(&c.term, &c.o);
        c.term.names = c.o.names = c.o.redact ? &names : NULL;
        r = command->run(&c, e);
    }
    term_finish(&c.term);
    const bool told = c.term.failed;
    redact_free(&names);
    options_free(&c.o);
    struct stat said;
    assert_int_equal(fstat(err_fd, &said), 0);
    if (told && r >= 0) /* and the words stand on standard error */
        r = said.st_size > 0 ? err_nomem(e) : ERR_BUG;
    return r;
}

/* Cut at blanks; a word that begins with @ is a file in the folder of this test. */
static inline int try_call(void *ctx, uint64_t *sum, struct err *e)
{
    char line[1024], paths[WORDS][512], *words[WORDS + 1];
    int n = 0;
    (void)snprintf(line, sizeof line, "%s", (const char *)ctx);
    for (char *at = line; n < WORDS && *at != '\0'; n++) {
        words[n] = at;
        at += strcspn(at, " ");
        if (*at != '\0')
            *at++ = '\0';
        if (words[n][0] == '@') {
            (void)snprintf(paths[n], sizeof paths[n], "%s/%s", folder, words[n] + 1);
            words[n] = paths[n];
        }
    }
    words[n] = NULL;
    empty(out_fd);
    empty(err_fd);
    (void)fflush(stdout);
    const int out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO);
    assert_true(dup2(out_fd, STDOUT_FILENO) >= 0 && dup2(err_fd, STDERR_FILENO) >= 0);
    int r = call(n, words, e);
    assert_true(dup2(out, STDOUT_FILENO) >= 0 && dup2(err, STDERR_FILENO) >= 0);
    (void)close(out);
    (void)close(err);
    *sum = r < 0 ? 0 : sum_of_file(out_fd);
    return r;
}

/* Every line of a list that ends with NULL; so many calls fail by their number.  Returns
 * how many there are in all. */
static inline uint64_t try_calls(const char *const *calls, uint64_t usual)
{
    uint64_t n = 0;
    for (; *calls != NULL; calls++) {
        char line[1024];
        (void)snprintf(line, sizeof line, "%s", *calls);
        n += memory_try(line, try_call, line, usual);
    }
    return n;
}

static inline void remove_all(const char *path)
{
    DIR *d = opendir(path);
    for (const struct dirent *x; d != NULL && (x = readdir(d)) != NULL;) {
        char below[1024];
        const int n = snprintf(below, sizeof below, "%s/%s", path, x->d_name);
        assert_true(n > 0 && (size_t)n < sizeof below);
        if (strcmp(x->d_name, ".") != 0 && strcmp(x->d_name, "..") != 0 &&
            unlink(below) != 0)
            remove_all(below);
    }
    if (d != NULL)
        (void)closedir(d);
    assert_int_equal(rmdir(path), 0);
}

static inline int open_unnamed(void)
{
    FILE *f = tmpfile();
    assert_non_null(f);
    return fileno(f);
}

static inline void calls_begin(void)
{
    const int in = open("/dev/null", O_RDONLY);
    assert_true(in >= 0 && dup2(in, STDIN_FILENO) >= 0);
    (void)close(in);
    out_fd = open_unnamed();
    err_fd = open_unnamed();
    scratch_path(folder, sizeof folder, "memory", "");
    assert_int_equal(mkdir(folder, 0700), 0);
}

/* What a call prepares for others. */
static inline void calls_prepare(const char *words)
{
    char line[1024];
    uint64_t sum = 0;
    struct err e = {0};
    (void)snprintf(line, sizeof line, "%s", words);
    if (try_call(line, &sum, &e) < 0)
        fail_msg("%s: %s", line, e.text);
}

static inline void calls_end(void)
{
    remove_all(folder);
}

#endif
