/* SPDX-License-Identifier: MIT */
/* What unit tests call beyond the program itself, as formats/windows/posix.h has it for
 * that: before every other header (-include).  A test of what Windows has not is a skip.
 * Nothing is owned. */
#ifndef TESTS_MACHINES_WINDOWS_POSIX_H
#define TESTS_MACHINES_WINDOWS_POSIX_H

#include <sys/resource.h>

#include "formats/windows/posix.h"

static inline char *windows_mkdtemp(char *name)
{
    return _mktemp(name) != NULL && mkdir(name, 0700) == 0 ? name : NULL;
}

static inline int windows_mkstemp(char *name)
{
    return _mktemp(name) != NULL ? open(name, O_RDWR | O_CREAT | O_EXCL, 0600) : -1;
}

static inline int windows_remove(const char *path)
{
    return unlink(path) == 0 ? 0 : _rmdir(path);
}

#define mkdtemp windows_mkdtemp
#define mkstemp windows_mkstemp
#define remove  windows_remove
#define pipe(p) _pipe(p, 1 << 16, _O_BINARY | _O_NOINHERIT)

#define fork()               (skip(), -1)
#define mkfifo(path, mode)   (skip(), -1)
#define symlink(to, path)    (skip(), -1)
#define waitpid(id, how, by) (skip(), -1)
#define WIFEXITED(how)       ((how) == 0)
#define WEXITSTATUS(how)     (how)
#define alarm(seconds)       ((void)0)

/* Rights of files are no modes, and nobody has them by being user 0. */
#define chmod(path, mode) (skip(), -1)
#define geteuid()         0

#define F_SETFL 4
#undef fcntl
#define fcntl(fd, what, ...) (skip(), -1)

#define RLIMIT_FSIZE        1
#define rlim_t              unsigned long long
#define SIGXFSZ             25
#define getrlimit(what, to) (*(to) = (struct rlimit){0, 0}, skip(), -1)
#define setrlimit(what, to) ((void)(to), skip(), -1)

#endif
