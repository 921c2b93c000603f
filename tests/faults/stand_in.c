/* SPDX-License-Identifier: MIT */
/* Stands between the program and libc (LD_PRELOAD, or --wrap where a sanitizer has malloc
 * for itself): counts allocations and calls to the system, and lets the one fail that
 * the runner wants.  Without the runner's page everything is as without it. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/faults/fault.h"

#define FD_MOST 256

static struct fault *fault;
static _Thread_local bool starting_thread;

__attribute__((constructor)) static void map_fault(void)
{
    void *p = mmap(NULL, sizeof *fault, PROT_READ | PROT_WRITE, MAP_SHARED, FAULT_FD, 0);
    if (p != MAP_FAILED)
        fault = p;
}

#ifndef FAULT_WRAP
static int (*program_main)(int argc, char **argv, char **environment);

/* What follows main (counts of coverage are written there) is as without a runner. */
static int main_alone(int argc, char **argv, char **environment)
{
    int r = program_main(argc, argv, environment);
    fault = NULL;
    return r;
}

typedef int start_main(int (*main)(int, char **, char **), int argc, char **argv,
                       void (*init)(void), void (*fini)(void), void (*unload)(void),
                       void *stack);
start_main __libc_start_main;

int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv,
                      void (*init)(void), void (*fini)(void), void (*unload)(void),
                      void *stack)
{
    start_main *next;
    *(void **)&next = dlsym(RTLD_NEXT, "__libc_start_main");
    program_main = main;
    return next(main_alone, argc, argv, init, fini, unload, stack);
}
#endif

/* ---- allocations ---- */

#ifdef FAULT_WRAP
void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__real_aligned_alloc(size_t alignment, size_t n);
char *__real_strdup(const char *s);
char *__real_strndup(const char *s, size_t n);
void __real_free(void *p);
#define MINE(name) __wrap_##name
#define REAL(name) __real_##name
#else
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t alignment, size_t n);
void __libc_free(void *p);
#define MINE(name)           name
#define REAL(name)           __libc_##name
#define __libc_aligned_alloc __libc_memalign
#endif

static bool wanted(uint64_t nth)
{
    return nth == fault->at || (fault->from_on && nth > fault->at);
}

/* Whether this allocation must fail. */
static bool no_memory(void)
{
    if (fault == NULL || starting_thread)
        return false;
    uint64_t nth = atomic_fetch_add(&fault->allocations, 1) + 1;
    if (fault->what != FAULT_MEMORY || !wanted(nth))
        return false;
    atomic_fetch_add(&fault->hits, 1);
    errno = ENOMEM;
    return true;
}

static void *count(void *p)
{
    if (fault != NULL && p != NULL && !starting_thread)
        atomic_fetch_add(&fault->live, 1);
    return p;
}

void *MINE(malloc)(size_t n);
void *MINE(malloc)(size_t n)
{
    return no_memory() ? NULL : count(REAL(malloc)(n));
}

void *MINE(calloc)(size_t n, size_t size);
void *MINE(calloc)(size_t n, size_t size)
{
    return no_memory() ? NULL : count(REAL(calloc)(n, size));
}

void *MINE(realloc)(void *p, size_t n);
void *MINE(realloc)(void *p, size_t n)
{
    if (no_memory())
        return NULL;
    void *q = REAL(realloc)(p, n);
    return p == NULL ? count(q) : q;
}

void *MINE(aligned_alloc)(size_t alignment, size_t n);
void *MINE(aligned_alloc)(size_t alignment, size_t n)
{
    return no_memory() ? NULL : count(REAL(aligned_alloc)(alignment, n));
}

void MINE(free)(void *p);
void MINE(free)(void *p)
{
    if (fault != NULL && p != NULL && !starting_thread)
        atomic_fetch_sub(&fault->live, 1);
    REAL(free)(p);
}

#ifdef FAULT_WRAP /* else they ask the malloc above */
char *MINE(strdup)(const char *s);
char *MINE(strdup)(const char *s)
{
    return no_memory() ? NULL : count(REAL(strdup)(s));
}

char *MINE(strndup)(const char *s, size_t n);
char *MINE(strndup)(const char *s, size_t n)
{
    return no_memory() ? NULL : count(REAL(strndup)(s, n));
}
#endif

/* ---- calls to the system ---- */

#ifndef FAULT_WRAP

static bool written[FD_MOST]; /* descriptors that were opened for writing */

static _Noreturn void die(void)
{
    (void)kill(getpid(), SIGKILL);
    for (;;)
        (void)pause();
}

/* Whether this call shall fail: then *how it does, and errno is set. */
static bool fails(enum call call, enum fault_how *how)
{
    if (fault == NULL)
        return false;
    uint64_t nth = atomic_fetch_add(&fault->calls, 1) + 1;
    if (nth <= FAULT_CALLS)
        fault->call[nth - 1] = (uint8_t)call;
    if (fault->what != FAULT_CALL || !wanted(nth))
        return false;
    if ((fault->which >> call & 1) == 0) /* with threads the order may be another */
        return false;
    atomic_fetch_add(&fault->hits, 1);
    *how = fault->how;
    if (*how == HOW_KILL_BEFORE)
        die();
    errno = fault->error;
    return true;
}

/* The real one, found once. */
#define NEXT(name)                                                                       \
    static __typeof__(name) *next;                                                       \
    if (next == NULL)                                                                    \
    *(void **)&next = dlsym(RTLD_NEXT, #name)

/* A call that is done whole or not at all. */
#define DO(result, failed, call, done)                                                   \
    do {                                                                                 \
        enum fault_how how;                                                              \
        if (!fails(CALL_##call, &how))                                                   \
            return done;                                                                 \
        if (how == HOW_ERRNO || how == HOW_SHORT)                                        \
            return failed;                                                               \
        result unused = done;                                                            \
        (void)unused;                                                                    \
        die();                                                                           \
    } while (0)

int open64(const char *path, int flags, ...)
{
    NEXT(open64);
    va_list ap;
    va_start(ap, flags);
    mode_t mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
    va_end(ap);
    enum fault_how how;
    bool writes = (flags & O_ACCMODE) != O_RDONLY;
    bool bad = fails(writes ? CALL_open_write : CALL_open_read, &how);
    if (bad && (how == HOW_ERRNO || how == HOW_SHORT))
        return -1;
    int fd = next(path, flags, mode);
    if (bad)
        die();
    if (fd >= 0 && fd < FD_MOST)
        written[fd] = writes;
    return fd;
}

int close(int fd)
{
    NEXT(close);
    enum fault_how how;
    bool writes = fd >= 0 && fd < FD_MOST && written[fd];
    bool bad = fails(writes ? CALL_close_write : CALL_close_read, &how);
    int error = errno, r = next(fd); /* Linux gives the descriptor up in any case */
    if (bad && how != HOW_ERRNO && how != HOW_SHORT)
        die();
    if (!bad)
        return r;
    errno = error;
    return -1;
}

/* Of n bytes: all when the call does not fail, a part, or none. */
static bool some(enum call call, size_t *n, bool *dies)
{
    enum fault_how how;
    *dies = false;
    if (!fails(call, &how))
        return true;
    *dies = how != HOW_ERRNO && how != HOW_SHORT;
    if (how == HOW_SHORT || how == HOW_KILL_HALF)
        *n = *n > 1 ? *n / 2 : *n;
    return how != HOW_ERRNO;
}

#define TRANSFER(name, call)                                                             \
    bool dies;                                                                           \
    NEXT(name);                                                                          \
    if (!some(CALL_##call, &n, &dies))                                                   \
    return -1

ssize_t read(int fd, void *p, size_t n)
{
    TRANSFER(read, read);
    ssize_t r = next(fd, p, n);
    if (dies)
        die();
    return r;
}

ssize_t pread64(int fd, void *p, size_t n, off64_t at)
{
    TRANSFER(pread64, pread);
    ssize_t r = next(fd, p, n, at);
    if (dies)
        die();
    return r;
}

ssize_t __pread64_chk(int fd, void *p, size_t n, off64_t at, size_t room);
ssize_t __pread64_chk(int fd, void *p, size_t n, off64_t at, size_t room)
{
    if (n > room)
        abort();
    return pread64(fd, p, n, at);
}

ssize_t write(int fd, const void *p, size_t n)
{
    TRANSFER(write, write);
    ssize_t r = next(fd, p, n);
    if (dies)
        die();
    return r;
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
    TRANSFER(pwrite64, pwrite);
    ssize_t r = next(fd, p, n, at);
    if (dies)
        die();
    return r;
}

int fsync(int fd)
{
    NEXT(fsync);
    DO(int, -1, fsync, next(fd));
}

int rename(const char *from, const char *to)
{
    NEXT(rename);
    DO(int, -1, rename, next(from, to));
}

int ftruncate64(int fd, off64_t size)
{
    NEXT(ftruncate64);
    DO(int, -1, ftruncate, next(fd, size));
}

int unlink(const char *path)
{
    NEXT(unlink);
    DO(int, -1, unlink, next(path));
}

int mkdir(const char *path, mode_t mode)
{
    NEXT(mkdir);
    DO(int, -1, mkdir, next(path, mode));
}

int flock(int fd, int how_to)
{
    NEXT(flock);
    DO(int, -1, flock, next(fd, how_to));
}

int fchmod(int fd, mode_t mode)
{
    NEXT(fchmod);
    DO(int, -1, fchmod, next(fd, mode));
}

int fchown(int fd, uid_t uid, gid_t gid)
{
    NEXT(fchown);
    DO(int, -1, fchown, next(fd, uid, gid));
}

int stat64(const char *path, struct stat64 *st)
{
    NEXT(stat64);
    DO(int, -1, stat, next(path, st));
}

int fstat64(int fd, struct stat64 *st)
{
    NEXT(fstat64);
    DO(int, -1, fstat, next(fd, st));
}

int lstat64(const char *path, struct stat64 *st)
{
    NEXT(lstat64);
    DO(int, -1, lstat, next(path, st));
}

int access(const char *path, int mode)
{
    NEXT(access);
    DO(int, -1, access, next(path, mode));
}

ssize_t readlink(const char *path, char *to, size_t n)
{
    NEXT(readlink);
    DO(ssize_t, -1, readlink, next(path, to, n));
}

char *getcwd(char *p, size_t n)
{
    NEXT(getcwd);
    DO(char *, NULL, getcwd, next(p, n));
}

off64_t lseek64(int fd, off64_t to, int from)
{
    NEXT(lseek64);
    DO(off64_t, -1, lseek, next(fd, to, from));
}

DIR *opendir(const char *path)
{
    NEXT(opendir);
    DO(DIR *, NULL, opendir, next(path));
}

struct dirent64 *readdir64(DIR *d)
{
    NEXT(readdir64);
    DO(struct dirent64 *, NULL, readdir, next(d));
}

FILE *fopen64(const char *path, const char *mode)
{
    NEXT(fopen64);
    DO(FILE *, NULL, fopen, next(path, mode));
}

/* One processor, else the order of calls is another each time. */
long sysconf(int name)
{
    NEXT(sysconf);
    return name == _SC_NPROCESSORS_ONLN ? 1 : next(name);
}

FILE *tmpfile64(void)
{
    NEXT(tmpfile64);
    DO(FILE *, NULL, tmpfile, next());
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *),
                   void *ctx)
{
    NEXT(pthread_create);
    enum fault_how how;
    if (fails(CALL_pthread_create, &how))
        return EAGAIN;
    starting_thread = true; /* the stack's memory is kept for the next thread */
    int r = next(thread, attr, run, ctx);
    starting_thread = false;
    return r;
}

#endif
