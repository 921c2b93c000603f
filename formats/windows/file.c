/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdbool.h>
#include <sys/file.h>
#include <windows.h>

#include "formats/windows/names.h"

#define ONE_CALL   ((size_t)1 << 30)
#define MOVE_TRIES 45 /* about a second */
#define SHARED     (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)
/* 100 ns from 1601 to 1970. */
#define EPOCH INT64_C(116444736000000000)

/* A free byte that no archive reaches: locks of Windows would keep others from reading.
 */
#define LOCK_AT_HIGH 0x40000000

/* Where the next read of a file opened here begins, for pread moves the system's own. */
#define DESCRIPTORS 2048               /* as many as the runtime has */
static int64_t next_read[DESCRIPTORS]; /* + 1; 0: no such file */

static HANDLE handle_of(int fd)
{
    return (HANDLE)_get_osfhandle(fd);
}

/* ---- opening ---- */

static HANDLE create(const char *path, DWORD access_, DWORD how, DWORD flags)
{
    wchar_t *w = windows_path(path);
    if (w == NULL)
        return INVALID_HANDLE_VALUE;
    HANDLE h =
        CreateFileW(w, access_, SHARED, NULL, how,
                    FILE_ATTRIBUTE_NORMAL | FILE_FLAG_BACKUP_SEMANTICS | flags, NULL);
    if (h == INVALID_HANDLE_VALUE)
        (void)windows_error();
    windows_give(w);
    return h;
}

int windows_open(const char *path, int flags, ...)
{
    const int mode = flags & (O_RDONLY | O_WRONLY | O_RDWR);
    const DWORD access_ = mode == O_RDONLY   ? GENERIC_READ
                          : mode == O_WRONLY ? GENERIC_WRITE
                                             : GENERIC_READ | GENERIC_WRITE;
    const bool create_it = (flags & O_CREAT) != 0;
    const DWORD how = create_it && (flags & O_EXCL) != 0 ? CREATE_NEW
                      : create_it                        ? OPEN_ALWAYS
                                                         : OPEN_EXISTING;
    if ((flags & O_DIRECTORY) != 0) {
        errno = EINVAL;
        return -1;
    }
    HANDLE h = create(path, access_, how, 0);
    if (h == INVALID_HANDLE_VALUE)
        return -1;
    const int fd = _open_osfhandle((intptr_t)h, _O_BINARY | _O_NOINHERIT |
                                                    (mode == O_RDONLY ? _O_RDONLY : 0));
    if (fd < 0)
        (void)CloseHandle(h);
    else if (fd < DESCRIPTORS)
        next_read[fd] = GetFileType(h) == FILE_TYPE_DISK;
    return fd;
}

int windows_fcntl(int fd, int what)
{
    (void)what;
    return _get_osfhandle(fd) < 0 ? -1 : 0; /* -2: a stream that was never open */
}

FILE *windows_fopen(const char *path, const char *mode)
{
    wchar_t *w = windows_path(path), *how = windows_wide(mode);
    FILE *f = w != NULL && how != NULL ? _wfopen(w, how) : NULL;
    windows_give(w);
    windows_give(how);
    return f;
}

FILE *windows_tmpfile(void)
{
    wchar_t folder[MAX_PATH + 1], name[MAX_PATH + 1];
    if (GetTempPathW(MAX_PATH, folder) == 0 ||
        GetTempFileNameW(folder, L"psf", 0, name) == 0) {
        (void)windows_error();
        return NULL;
    }
    HANDLE h =
        CreateFileW(name, GENERIC_READ | GENERIC_WRITE, SHARED, NULL, OPEN_EXISTING,
                    FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE, NULL);
    if (h == INVALID_HANDLE_VALUE) {
        (void)windows_error();
        return NULL;
    }
    const int fd = _open_osfhandle((intptr_t)h, _O_BINARY | _O_NOINHERIT);
    FILE *f = fd < 0 ? NULL : _fdopen(fd, "w+b");
    if (fd < 0)
        (void)CloseHandle(h);
    else if (f == NULL)
        (void)_close(fd);
    return f;
}

/* ---- looking ---- */

static int look(HANDLE h, struct windows_stat *st)
{
    BY_HANDLE_FILE_INFORMATION i;
    *st = (struct windows_stat){0};
    const DWORD type = GetFileType(h);
    if (type != FILE_TYPE_DISK) {
        st->st_mode = type == FILE_TYPE_PIPE ? S_IFIFO : S_IFCHR;
        return 0;
    }
    if (!GetFileInformationByHandle(h, &i))
        return windows_error();
    const int64_t changed = (int64_t)((uint64_t)i.ftLastWriteTime.dwHighDateTime << 32 |
                                      i.ftLastWriteTime.dwLowDateTime);
    st->st_dev = i.dwVolumeSerialNumber;
    st->st_ino = (uint64_t)i.nFileIndexHigh << 32 | i.nFileIndexLow;
    st->st_size = (int64_t)((uint64_t)i.nFileSizeHigh << 32 | i.nFileSizeLow);
    st->st_mtime = (changed - EPOCH) / 10000000 - ((changed - EPOCH) % 10000000 < 0);
    st->st_mode =
        (i.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0 ? S_IFDIR : S_IFREG;
    st->st_mode |= (i.dwFileAttributes & FILE_ATTRIBUTE_READONLY) != 0 ? 0444 : 0644;
    return 0;
}

static int look_at(const char *path, DWORD flags, struct windows_stat *st)
{
    HANDLE h = create(path, FILE_READ_ATTRIBUTES, OPEN_EXISTING, flags);
    if (h == INVALID_HANDLE_VALUE)
        return -1;
    const int r = look(h, st);
    (void)CloseHandle(h);
    return r;
}

int windows_stat(const char *path, struct windows_stat *st)
{
    return look_at(path, 0, st);
}

/* A link to a folder may be a junction as well. */
int windows_lstat(const char *path, struct windows_stat *st)
{
    wchar_t *w = windows_path(path);
    const DWORD a = w == NULL ? INVALID_FILE_ATTRIBUTES : GetFileAttributesW(w);
    windows_give(w);
    if (look_at(path, FILE_FLAG_OPEN_REPARSE_POINT, st) != 0)
        return -1;
    if (a != INVALID_FILE_ATTRIBUTES && (a & FILE_ATTRIBUTE_REPARSE_POINT) != 0)
        st->st_mode = S_IFLNK | (st->st_mode & 0777);
    return 0;
}

int windows_fstat(int fd, struct windows_stat *st)
{
    HANDLE h = handle_of(fd);
    if (h == INVALID_HANDLE_VALUE)
        return -1;
    return look(h, st);
}

int windows_access(const char *path, int how)
{
    wchar_t *w = windows_path(path);
    if (w == NULL)
        return -1;
    const DWORD a = GetFileAttributesW(w);
    const int r = a == INVALID_FILE_ATTRIBUTES ? windows_error() : 0;
    windows_give(w);
    if (r == 0 && (how & W_OK) != 0 && (a & FILE_ATTRIBUTE_READONLY) != 0) {
        errno = EACCES;
        return -1;
    }
    return r;
}

/* ---- bytes ---- */

ssize_t windows_read(int fd, void *p, size_t n)
{
    if (fd < 0 || fd >= DESCRIPTORS || next_read[fd] == 0)
        return _read(fd, p, (unsigned)(n < ONE_CALL ? n : ONE_CALL));
    const ssize_t got = windows_pread(fd, p, n, next_read[fd] - 1);
    next_read[fd] += got > 0 ? got : 0;
    return got;
}

int64_t windows_lseek(int fd, int64_t to, int from)
{
    const int64_t at = _lseeki64(fd, to, from);
    if (at >= 0 && fd < DESCRIPTORS && next_read[fd] != 0)
        next_read[fd] = at + 1;
    return at;
}

int windows_close(int fd)
{
    if (fd >= 0 && fd < DESCRIPTORS)
        next_read[fd] = 0;
    return _close(fd);
}

ssize_t windows_write(int fd, const void *p, size_t n)
{
    const ssize_t w = _write(fd, p, (unsigned)(n < ONE_CALL ? n : ONE_CALL));
    if (w < 0 && GetLastError() == ERROR_NO_DATA)
        errno = EPIPE;
    return w;
}

static OVERLAPPED place(int64_t at)
{
    return (OVERLAPPED){.Offset = (DWORD)((uint64_t)at & UINT32_MAX),
                        .OffsetHigh = (DWORD)((uint64_t)at >> 32)};
}

ssize_t windows_pread(int fd, void *p, size_t n, int64_t at)
{
    OVERLAPPED o = place(at);
    DWORD got = 0;
    if (!ReadFile(handle_of(fd), p, (DWORD)(n < ONE_CALL ? n : ONE_CALL), &got, &o) &&
        GetLastError() != ERROR_HANDLE_EOF)
        return windows_error();
    return (ssize_t)got;
}

ssize_t windows_pwrite(int fd, const void *p, size_t n, int64_t at)
{
    OVERLAPPED o = place(at);
    DWORD put = 0;
    if (!WriteFile(handle_of(fd), p, (DWORD)(n < ONE_CALL ? n : ONE_CALL), &put, &o))
        return windows_error();
    return (ssize_t)put;
}

int windows_ftruncate(int fd, int64_t size)
{
    const errno_t r = _chsize_s(fd, size);
    if (r != 0)
        errno = r;
    return r == 0 ? 0 : -1;
}

int windows_fsync(int fd)
{
    return _commit(fd);
}

int windows_flock(int fd, int how)
{
    OVERLAPPED o = {.OffsetHigh = LOCK_AT_HIGH};
    (void)how;
    if (LockFileEx(handle_of(fd), LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0,
                   1, 0, &o))
        return 0;
    (void)windows_error();
    if (errno == EAGAIN)
        errno = EWOULDBLOCK;
    return -1;
}

/* ---- names ---- */

/* A file that was just written is often looked at by others, such as scanners, and then
 * neither moved nor replaced: for a moment. */
static int move(const wchar_t *from, const wchar_t *to)
{
    for (DWORD tries = 0;; tries++) {
        if (MoveFileExW(from, to, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH))
            return 0;
        const DWORD e = GetLastError();
        if ((e != ERROR_ACCESS_DENIED && e != ERROR_SHARING_VIOLATION) ||
            tries == MOVE_TRIES)
            return windows_error();
        Sleep(tries);
    }
}

int windows_rename(const char *from, const char *to)
{
    wchar_t *a = windows_path(from), *b = windows_path(to);
    const int r = a != NULL && b != NULL ? move(a, b) : -1;
    windows_give(a);
    windows_give(b);
    return r;
}

int windows_unlink(const char *path)
{
    wchar_t *w = windows_path(path);
    const int r = w == NULL ? -1 : DeleteFileW(w) ? 0 : windows_error();
    windows_give(w);
    return r;
}

int windows_mkdir(const char *path, unsigned mode)
{
    wchar_t *w = windows_path(path);
    (void)mode;
    const int r = w == NULL ? -1 : CreateDirectoryW(w, NULL) ? 0 : windows_error();
    windows_give(w);
    return r;
}

char *windows_getcwd(char *out, size_t room)
{
    const DWORD most = GetCurrentDirectoryW(0, NULL);
    wchar_t *w = windows_take((most + 1) * sizeof *w);
    const DWORD length = w == NULL ? 0 : GetCurrentDirectoryW(most, w);
    char *p = length == 0 || length > most ? NULL : windows_narrow(w);
    windows_give(w);
    if (p == NULL)
        return NULL;
    const size_t n = strlen(p) + 1;
    if (n <= room)
        memcpy(out, p, n);
    windows_give(p);
    if (n > room) {
        errno = ERANGE;
        return NULL;
    }
    for (char *s = out; *s != '\0'; s++)
        if (*s == '\\')
            *s = '/';
    return out;
}

/* What is written goes to the place of a link, not through it. */
ssize_t windows_readlink(const char *path, char *out, size_t room)
{
    (void)path;
    (void)out;
    (void)room;
    errno = EINVAL;
    return -1;
}

/* A new file has the rights of its folder. */
int windows_fchmod(int fd, unsigned mode)
{
    (void)fd;
    (void)mode;
    return 0;
}

int windows_fchown(int fd, unsigned user, unsigned group)
{
    (void)fd;
    (void)user;
    (void)group;
    return 0;
}
