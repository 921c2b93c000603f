/* SPDX-License-Identifier: MIT */
/* The process: arguments and environment in UTF-8, streams as they are, a console that
 * shows what is printed. */
#include <stdbool.h>
#include <sys/ioctl.h>
#include <windows.h>

#include "formats/windows/names.h"

#define VARIABLES 8 /* that anybody asks for */

/* What main gets and getenv gave: theirs until the process ends. */
static struct {
    char **arguments;
    struct variable {
        char *name, *value;
    } v[VARIABLES];
    size_t n;
    UINT code_page; /* of the console before, 0: not changed */
    bool colors;    /* the console knows escape sequences, or there is none */
} process = {.colors = true};

/* ---- the environment ---- */

static char *kept(const char *text)
{
    char *p = windows_take(strlen(text) + 1);
    return p == NULL ? NULL : strcpy(p, text);
}

static char *remember(const char *name, char *value)
{
    struct variable *v = &process.v[process.n];
    v->name = kept(name);
    v->value = value;
    if (value == NULL || v->name == NULL || process.n + 1 == VARIABLES) {
        windows_give(v->name);
        windows_give(value);
        return NULL;
    }
    process.n++;
    return v->value;
}

/* Where Windows has a word of its own for what is asked. */
static const char *stands_for(const char *name)
{
    return strcmp(name, "HOME") == 0 ? "USERPROFILE" : NULL;
}

char *windows_getenv(const char *name)
{
    for (size_t i = 0; i < process.n; i++)
        if (strcmp(process.v[i].name, name) == 0)
            return process.v[i].value;
    if (strcmp(name, "TERM") == 0 && !process.colors)
        return remember(name, kept("dumb"));
    wchar_t *w = windows_wide(name);
    const wchar_t *value = w == NULL ? NULL : _wgetenv(w);
    windows_give(w);
    if (value != NULL)
        return remember(name, windows_narrow(value));
    if (strcmp(name, "LANG") == 0 && process.code_page != 0)
        return remember(name, kept("C.UTF-8"));
    const char *other = stands_for(name);
    char *found = other != NULL ? windows_getenv(other) : NULL;
    for (char *s = found; s != NULL && *s != '\0'; s++)
        if (*s == '\\')
            *s = '/';
    return found;
}

/* ---- the console ---- */

static bool is_console(DWORD which, HANDLE *h, DWORD *mode)
{
    *h = GetStdHandle(which);
    return GetConsoleMode(*h, mode) != 0;
}

int windows_isatty(int fd)
{
    DWORD mode;
    return GetConsoleMode((HANDLE)_get_osfhandle(fd), &mode) != 0;
}

int windows_ioctl(int fd, int what, struct winsize *size)
{
    CONSOLE_SCREEN_BUFFER_INFO i;
    (void)what;
    if (!GetConsoleScreenBufferInfo((HANDLE)_get_osfhandle(fd), &i))
        return windows_error();
    size->ws_col = (unsigned short)(i.srWindow.Right - i.srWindow.Left + 1);
    size->ws_row = (unsigned short)(i.srWindow.Bottom - i.srWindow.Top + 1);
    return 0;
}

static void restore(void)
{
    (void)SetConsoleOutputCP(process.code_page);
}

static void prepare_console(void)
{
    static const DWORD both[] = {STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};
    bool any = false;
    for (size_t i = 0; i < 2; i++) {
        HANDLE h;
        DWORD mode;
        if (!is_console(both[i], &h, &mode))
            continue;
        any = true;
        if (!SetConsoleMode(h, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING))
            process.colors = false;
    }
    const UINT before = any ? GetConsoleOutputCP() : 0;
    if (any && SetConsoleOutputCP(CP_UTF8)) {
        process.code_page = before;
        (void)atexit(restore);
    }
}

/* ---- beginning ---- */

static void free_arguments(void)
{
    for (char **a = process.arguments; *a != NULL; a++)
        windows_give(*a);
    windows_give(process.arguments);
    for (size_t i = 0; i < process.n; i++) {
        windows_give(process.v[i].name);
        windows_give(process.v[i].value);
    }
}

/* The runtime would put files in the place of patterns, tags' patterns, too. */
extern int _dowildcard;
int _dowildcard = 0;

int main(int argc, char **argv);
int wmain(int argc, wchar_t **argv);

int wmain(int argc, wchar_t **argv)
{
    for (int fd = 0; fd < 3; fd++)
        (void)_setmode(fd, _O_BINARY);
    prepare_console();
    process.arguments = windows_take(((size_t)argc + 1) * sizeof *process.arguments);
    for (int i = 0; i < argc && process.arguments != NULL; i++) {
        process.arguments[i] = windows_narrow(argv[i]);
        if (process.arguments[i] == NULL)
            return 2;
    }
    if (process.arguments == NULL)
        return 2;
    (void)atexit(free_arguments);
    return main(argc, process.arguments);
}

/* ---- what else is missing ---- */

long windows_sysconf(int what)
{
    SYSTEM_INFO i;
    (void)what;
    GetSystemInfo(&i);
    return (long)i.dwNumberOfProcessors;
}

char *windows_strndup(const char *s, size_t most)
{
    const size_t n = strnlen(s, most);
    char *out = malloc(n + 1);
    if (out != NULL) {
        memcpy(out, s, n);
        out[n] = '\0';
    }
    return out;
}
