/* SPDX-License-Identifier: MIT */
#include "formats/windows/names.h"

#include <stdbool.h>
#include <windows.h>

#define SHORT_PATH 240 /* longer ones must say that they are, in full */

void *windows_take(size_t n)
{
    void *p = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, n);
    if (p == NULL)
        errno = ENOMEM;
    return p;
}

void windows_give(void *p)
{
    if (p != NULL)
        (void)HeapFree(GetProcessHeap(), 0, p);
}

static bool high(unsigned c)
{
    return c >= 0xD800 && c < 0xDC00;
}

static bool low(unsigned c)
{
    return c >= 0xDC00 && c < 0xE000;
}

static bool follows(unsigned char c)
{
    return (c & 0xC0) == 0x80;
}

/* One code point, surrogates included; 0 steps: it is none. */
static size_t take(const unsigned char *p, unsigned *c)
{
    if (p[0] < 0x80) {
        *c = p[0];
        return 1;
    }
    if (p[0] >= 0xC2 && p[0] < 0xE0 && follows(p[1])) {
        *c = (p[0] & 0x1FU) << 6 | (p[1] & 0x3FU);
        return 2;
    }
    if ((p[0] & 0xF0) == 0xE0 && follows(p[1]) && follows(p[2])) {
        *c = (p[0] & 0xFU) << 12 | (p[1] & 0x3FU) << 6 | (p[2] & 0x3FU);
        return *c >= 0x800 ? 3 : 0;
    }
    if (p[0] >= 0xF0 && p[0] < 0xF5 && follows(p[1]) && follows(p[2]) && follows(p[3])) {
        *c = (p[0] & 7U) << 18 | (p[1] & 0x3FU) << 12 | (p[2] & 0x3FU) << 6 |
             (p[3] & 0x3FU);
        return *c >= 0x10000 && *c < 0x110000 ? 4 : 0;
    }
    return 0;
}

wchar_t *windows_wide(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    wchar_t *out = windows_take((strlen(text) + 1) * sizeof *out), *w = out;
    while (out != NULL && *p != '\0') {
        unsigned c;
        const size_t step = take(p, &c);
        if (step == 0) {
            windows_give(out);
            errno = ENOENT; /* no file can have that name */
            return NULL;
        }
        p += step;
        if (c < 0x10000) {
            *w++ = (wchar_t)c;
        } else {
            *w++ = (wchar_t)(0xD800 + ((c - 0x10000) >> 10));
            *w++ = (wchar_t)(0xDC00 + (c & 0x3FF));
        }
    }
    if (out != NULL)
        *w = L'\0';
    return out;
}

char *windows_narrow(const wchar_t *text)
{
    char *out = windows_take(3 * wcslen(text) + 1), *p = out;
    for (; out != NULL && *text != L'\0'; text++) {
        unsigned c = *text;
        if (high(c) && low(text[1]))
            c = 0x10000 + ((c - 0xD800) << 10) + (*++text - 0xDC00U);
        if (c >= 0x10000)
            *p++ = (char)(0xF0 | c >> 18);
        else if (c >= 0x800)
            *p++ = (char)(0xE0 | c >> 12);
        else if (c >= 0x80)
            *p++ = (char)(0xC0 | c >> 6);
        else
            *p++ = (char)c;
        for (int shift = c >= 0x10000 ? 12
                         : c >= 0x800 ? 6
                                      : 0;
             c >= 0x80 && shift >= 0; shift -= 6)
            *p++ = (char)(0x80 | (c >> shift & 0x3F));
    }
    if (out != NULL)
        *p = '\0';
    return out;
}

/* In full, with the mark that lifts the limit of 260 units. */
static wchar_t *lengthened(const wchar_t *path)
{
    static const wchar_t mark[] = L"\\\\?\\", share[] = L"\\\\?\\UNC";
    const DWORD room = GetFullPathNameW(path, 0, NULL, NULL);
    wchar_t *out = room > 0 ? windows_take((room + wcslen(share)) * sizeof *out) : NULL;
    wchar_t *full = room > 0 ? windows_take(room * sizeof *full) : NULL;
    const DWORD n =
        out != NULL && full != NULL ? GetFullPathNameW(path, room, full, NULL) : 0;
    if (n == 0 || n >= room) {
        windows_give(out);
        out = NULL;
        errno = ENAMETOOLONG;
    } else if (wcsncmp(full, mark, 4) == 0 || wcsncmp(full, L"\\\\.\\", 4) == 0) {
        wcscpy(out, full);
    } else if (wcsncmp(full, L"\\\\", 2) == 0) {
        wcscpy(out, share);
        wcscat(out, full + 1);
    } else {
        wcscpy(out, mark);
        wcscat(out, full);
    }
    windows_give(full);
    return out;
}

wchar_t *windows_path(const char *path)
{
    if (*path == '\0') {
        errno = ENOENT;
        return NULL;
    }
    wchar_t *w = windows_wide(strcmp(path, "/dev/null") == 0 ? "NUL" : path);
    /* A name counts with the folder that it is taken from. */
    if (w == NULL || wcslen(w) + GetCurrentDirectoryW(0, NULL) < SHORT_PATH)
        return w;
    wchar_t *longer = lengthened(w);
    windows_give(w);
    return longer;
}

int windows_error(void)
{
    static const struct {
        DWORD system;
        int posix;
    } table[] = {
        {ERROR_FILE_NOT_FOUND, ENOENT},    {ERROR_PATH_NOT_FOUND, ENOENT},
        {ERROR_INVALID_NAME, ENOENT},      {ERROR_BAD_PATHNAME, ENOENT},
        {ERROR_BAD_NETPATH, ENOENT},       {ERROR_BAD_NET_NAME, ENOENT},
        {ERROR_ACCESS_DENIED, EACCES},     {ERROR_SHARING_VIOLATION, EACCES},
        {ERROR_LOCK_VIOLATION, EAGAIN},    {ERROR_FILE_EXISTS, EEXIST},
        {ERROR_ALREADY_EXISTS, EEXIST},    {ERROR_DISK_FULL, ENOSPC},
        {ERROR_HANDLE_DISK_FULL, ENOSPC},  {ERROR_TOO_MANY_OPEN_FILES, EMFILE},
        {ERROR_NOT_ENOUGH_MEMORY, ENOMEM}, {ERROR_OUTOFMEMORY, ENOMEM},
        {ERROR_BROKEN_PIPE, EPIPE},        {ERROR_NO_DATA, EPIPE},
        {ERROR_INVALID_HANDLE, EBADF},     {ERROR_WRITE_PROTECT, EROFS},
        {ERROR_DIRECTORY, ENOTDIR},        {ERROR_FILENAME_EXCED_RANGE, ENAMETOOLONG},
        {ERROR_INVALID_PARAMETER, EINVAL},
    };
    const DWORD e = GetLastError();
    errno = EIO;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].system == e)
            errno = table[i].posix;
    return -1;
}
