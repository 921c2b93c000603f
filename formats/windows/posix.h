/* SPDX-License-Identifier: MIT */
/* What Windows lacks of POSIX, under the names of POSIX: the compiler includes this file
 * before every other (-include), so nothing else in the tree asks which system it is for.
 * Nothing is owned.
 *
 * Names of files, arguments and the environment are UTF-8 here; a name that is no UTF-16
 * (NTFS takes any 16 bits) comes and goes as the three bytes of each lone surrogate.
 * Files are binary.  An open file can be renamed and removed, as elsewhere. */
#ifndef FORMATS_WINDOWS_POSIX_H
#define FORMATS_WINDOWS_POSIX_H

#include <direct.h>
#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <process.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

/* ---- files ---- */

#define O_CLOEXEC   _O_NOINHERIT
#define F_GETFD     1
#define O_NOCTTY    0
#define O_NONBLOCK  0
#define O_DIRECTORY 0x1000000 /* never opened */
#define O_NOFOLLOW  0

#define S_IFLNK 0xA000
#ifndef S_ISLNK
#define S_ISLNK(m) (((m)&0xF000) == S_IFLNK)
#endif

struct windows_stat {
    uint64_t st_dev, st_ino;
    mode_t st_mode;
    unsigned st_uid, st_gid;
    int64_t st_size;
    time_t st_mtime;
};

int windows_fcntl(int fd, int what); /* only F_GETFD */
int windows_open(const char *path, int flags, ...);
FILE *windows_fopen(const char *path, const char *mode);
FILE *windows_tmpfile(void);
int windows_stat(const char *path, struct windows_stat *st);
int windows_lstat(const char *path, struct windows_stat *st);
int windows_fstat(int fd, struct windows_stat *st);
ssize_t windows_read(int fd, void *p, size_t n);
ssize_t windows_write(int fd, const void *p, size_t n);
ssize_t windows_pread(int fd, void *p, size_t n, int64_t at);
ssize_t windows_pwrite(int fd, const void *p, size_t n, int64_t at);
int64_t windows_lseek(int fd, int64_t to, int from); /* for reading */
int windows_close(int fd);
int windows_ftruncate(int fd, int64_t size);
int windows_fsync(int fd);
int windows_access(const char *path, int how);
int windows_rename(const char *from, const char *to);
int windows_unlink(const char *path);
int windows_mkdir(const char *path, unsigned mode);
char *windows_getcwd(char *out, size_t room);
ssize_t windows_readlink(const char *path, char *out, size_t room);
int windows_fchmod(int fd, unsigned mode);
int windows_fchown(int fd, unsigned user, unsigned group);

#undef stat
#undef fstat
#undef lseek
#undef ftruncate
#define dev_t     uint64_t
#define ino_t     uint64_t
#define open      windows_open
#define fcntl     windows_fcntl
#define fopen     windows_fopen
#define tmpfile   windows_tmpfile
#define stat      windows_stat
#define lstat     windows_lstat
#define fstat     windows_fstat
#define read      windows_read
#define write     windows_write
#define pread     windows_pread
#define pwrite    windows_pwrite
#define lseek     windows_lseek
#define close     windows_close
#define ftruncate windows_ftruncate
#define fsync     windows_fsync
#define access    windows_access
#define rename    windows_rename
#define unlink    windows_unlink
#define mkdir     windows_mkdir
#define getcwd    windows_getcwd
#define readlink  windows_readlink
#define fchmod    windows_fchmod
#define fchown    windows_fchown

/* ---- the process ---- */

#define SIGPIPE  13
#define sigset_t _sigset_t

struct sigaction {
    void (*sa_handler)(int);
};

/* There are no such signals: a write into a closed pipe is an error at once. */
static inline int windows_sigaction(const struct sigaction *how)
{
    return how != NULL ? 0 : -1;
}

#define sigaction(signal, how, before) windows_sigaction(how)
#define sigfillset(set)                ((void)(*(set) = 0), 0)
#undef pthread_sigmask
#define pthread_sigmask(how, set, before) ((void)(set), (void)(before), 0)

#define _SC_NPROCESSORS_ONLN 84
long windows_sysconf(int what);
char *windows_getenv(const char *name);
int windows_isatty(int fd);

#define sysconf windows_sysconf
#define getenv  windows_getenv
#define isatty  windows_isatty

/* ---- words ---- */

/* Names that Windows' headers take from everybody. */
#define tell windows_tell

char *windows_strndup(const char *s, size_t most);
#define strndup windows_strndup

/* Windows' own rounds some decimals the wrong way. */
#define strtod __mingw_strtod

#endif
