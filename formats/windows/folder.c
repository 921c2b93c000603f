/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <stdbool.h>
#include <windows.h>

#include "formats/windows/names.h"

struct windows_folder {
    HANDLE h;
    WIN32_FIND_DATAW found;
    bool first; /* `found` was not handed on yet */
    struct dirent entry;
};

static wchar_t *everything_in(const char *path)
{
    const size_t n = strlen(path);
    char *pattern = windows_take(n + 3);
    if (pattern == NULL)
        return NULL;
    memcpy(pattern, path, n);
    memcpy(pattern + n, n > 0 && path[n - 1] == '/' ? "*" : "/*",
           n > 0 && path[n - 1] == '/' ? 2 : 3);
    wchar_t *w = windows_path(pattern);
    windows_give(pattern);
    return w;
}

DIR *windows_opendir(const char *path)
{
    DIR *d = windows_take(sizeof *d);
    wchar_t *w = d == NULL ? NULL : everything_in(path);
    if (w == NULL) {
        windows_give(d);
        return NULL;
    }
    d->first = true;
    d->h = FindFirstFileW(w, &d->found);
    windows_give(w);
    if (d->h == INVALID_HANDLE_VALUE) {
        (void)windows_error();
        windows_give(d);
        return NULL;
    }
    return d;
}

struct dirent *windows_readdir(DIR *d)
{
    if (!d->first && !FindNextFileW(d->h, &d->found)) {
        if (GetLastError() != ERROR_NO_MORE_FILES)
            (void)windows_error();
        return NULL;
    }
    d->first = false;
    char *name = windows_narrow(d->found.cFileName);
    if (name == NULL)
        return NULL;
    (void)snprintf(d->entry.d_name, sizeof d->entry.d_name, "%s", name);
    windows_give(name);
    return &d->entry;
}

int windows_closedir(DIR *d)
{
    (void)FindClose(d->h);
    windows_give(d);
    return 0;
}
