/* SPDX-License-Identifier: MIT */
/* poolcap.exe: saves pool tag figures into a capture file.  Windows only: built by make
 * poolcap.  What it does is in record.c and run.c; here is what Windows gives to it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "formats/capture/container.h"
#include "formats/capture/ntquery.h"
#include "formats/capture/run.h"

#define FACT_BYTES 256 /* a machine's name, in UTF-8 */

struct console {
    void *query; /* for nt_query */
    HANDLE stop; /* set when somebody wants it to stop */
    HANDLE file; /* opened when there is something to write */
    wchar_t *path;
    uint64_t end; /* of the file */
};

/* ---- texts ---- */

/* UTF-8 of a wide text and back; the caller frees it; NULL when there is no memory. */
static char *narrow(const wchar_t *text)
{
    int n = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
    char *out = n > 0 ? malloc((size_t)n) : NULL;
    if (out != NULL)
        (void)WideCharToMultiByte(CP_UTF8, 0, text, -1, out, n, NULL, NULL);
    return out;
}

static wchar_t *widen(const char *text)
{
    int n = MultiByteToWideChar(CP_UTF8, 0, text, -1, NULL, 0);
    wchar_t *out = n > 0 ? malloc((size_t)n * sizeof *out) : NULL;
    if (out != NULL)
        (void)MultiByteToWideChar(CP_UTF8, 0, text, -1, out, n);
    return out;
}

static int refused(struct err *e, const char *what)
{
    return err_set(e, ERR_IO, "cannot %s: Windows error %lu", what,
                   (unsigned long)GetLastError());
}

/* ---- the machine ---- */

/* A function that only newer systems have, or NULL. */
static FARPROC system_function(const wchar_t *module, const char *name)
{
    HMODULE m = GetModuleHandleW(module);
    return m != NULL ? GetProcAddress(m, name) : NULL;
}

static void find_machines(struct capture_machine *m)
{
    BOOL(WINAPI * of_process)(HANDLE, USHORT *, USHORT *);
    FARPROC found = system_function(L"kernel32.dll", "IsWow64Process2");
    USHORT process = 0, native = 0;
    BOOL under_64 = FALSE;
    m->process = sizeof(void *) == 4 ? NT_I386 : NT_AMD64;
    m->native = m->process;
    memcpy(&of_process, &found, sizeof found);
    if (found != NULL && of_process(GetCurrentProcess(), &process, &native))
        m->native = native;
    else if (sizeof(void *) == 4 && IsWow64Process(GetCurrentProcess(), &under_64) &&
             under_64)
        m->native = NT_AMD64;
}

/* The numbers of the system itself: GetVersionEx tells old programs old numbers. */
static void find_version(struct capture_machine *m)
{
    static const wchar_t key[] = L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion";
    LONG(NTAPI * get_version)(OSVERSIONINFOW *);
    FARPROC found = system_function(L"ntdll.dll", "RtlGetVersion");
    OSVERSIONINFOW v = {.dwOSVersionInfoSize = sizeof v};
    DWORD revision = 0, size = sizeof revision;
    SYSTEM_INFO info;
    memcpy(&get_version, &found, sizeof found);
    if (found != NULL && get_version(&v) == 0) {
        m->major = v.dwMajorVersion;
        m->minor = v.dwMinorVersion;
        m->build = v.dwBuildNumber;
    }
    HKEY h;
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, key, 0, KEY_READ | KEY_WOW64_64KEY, &h) == 0) {
        if (RegQueryValueExW(h, L"UBR", NULL, NULL, (BYTE *)&revision, &size) == 0 &&
            size == sizeof revision)
            m->revision = revision;
        (void)RegCloseKey(h);
    }
    GetNativeSystemInfo(&info);
    m->processors = info.dwNumberOfProcessors;
}

static void find_host(char out[FACT_BYTES])
{
    wchar_t name[64];
    DWORD n = sizeof name / sizeof *name;
    if (!GetComputerNameExW(ComputerNamePhysicalDnsHostname, name, &n) ||
        WideCharToMultiByte(CP_UTF8, 0, name, -1, out, FACT_BYTES, NULL, NULL) <= 0)
        out[0] = '\0';
}

/* ---- questions and times ---- */

static uint32_t console_query(void *ctx, uint32_t info_class, uint8_t *p, uint32_t n,
                              uint32_t *returned)
{
    const struct console *c = ctx;
    return nt_query(c->query, info_class, p, n, returned);
}

static uint64_t console_clock(void *ctx)
{
    (void)ctx;
    FILETIME t;
    GetSystemTimeAsFileTime(&t);
    return (uint64_t)t.dwHighDateTime << 32 | t.dwLowDateTime;
}

static uint64_t console_elapsed(void *ctx)
{
    (void)ctx;
    return GetTickCount64();
}

static bool console_wait(void *ctx, uint64_t most)
{
    const struct console *c = ctx;
    DWORD ms = most < 60000 ? (DWORD)most : 60000;
    return WaitForSingleObject(c->stop, ms) == WAIT_TIMEOUT;
}

/* ---- the file ---- */

static int open_file(struct console *c, DWORD how, struct err *e)
{
    c->file = CreateFileW(c->path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ, NULL,
                          how, FILE_ATTRIBUTE_NORMAL, NULL);
    return c->file == INVALID_HANDLE_VALUE ? refused(e, "open the file") : 0;
}

static int go_to(const struct console *c, uint64_t at, struct err *e)
{
    LARGE_INTEGER place = {.QuadPart = (LONGLONG)at};
    return SetFilePointerEx(c->file, place, NULL, FILE_BEGIN) ? 0 : refused(e, "seek");
}

static int console_read_at(void *ctx, uint64_t at, uint8_t *p, uint32_t n, struct err *e)
{
    DWORD got = 0;
    TRY(go_to(ctx, at, e));
    if (!ReadFile(((struct console *)ctx)->file, p, n, &got, NULL))
        return refused(e, "read the file");
    return got == n ? 0 : err_set(e, ERR_IO, "the file became shorter while it was read");
}

/* Takes back what could not be written whole: the file ends with a good record. */
static int console_write(void *ctx, const uint8_t *p, size_t n, struct err *e)
{
    struct console *c = ctx;
    DWORD put = 0;
    if (c->file == INVALID_HANDLE_VALUE)
        TRY(open_file(c, CREATE_NEW, e));
    TRY(go_to(c, c->end, e));
    if (WriteFile(c->file, p, (DWORD)n, &put, NULL) && put == n &&
        FlushFileBuffers(c->file)) {
        c->end += n;
        return 0;
    }
    (void)refused(e, "write the file");
    if (go_to(c, c->end, NULL) == 0)
        (void)SetEndOfFile(c->file);
    return ERR_IO;
}

/* What is there already decides where records go; nothing is created yet. */
static int look_at_file(struct console *c, struct capture_end *end, struct err *e)
{
    *end = (struct capture_end){0};
    if (GetFileAttributesW(c->path) == INVALID_FILE_ATTRIBUTES)
        return 0;
    LARGE_INTEGER size;
    TRY(open_file(c, OPEN_EXISTING, e));
    if (!GetFileSizeEx(c->file, &size))
        return refused(e, "look at the file");
    struct capture_file f = {
        .ctx = c, .size = (uint64_t)size.QuadPart, .read_at = console_read_at};
    TRY(capture_find_end(end, &f, e));
    c->end = end->at;
    return 0;
}

/* ---- the person ---- */

static void console_say(void *ctx, const char *words)
{
    (void)ctx;
    (void)fprintf(stderr, "poolcap: %s\n", words);
}

/* Windows passes nothing to a handler of its own. */
static HANDLE stop_event;

static BOOL WINAPI on_control(DWORD what)
{
    (void)what;
    (void)SetEvent(stop_event);
    return TRUE;
}

static int capture(struct console *c, const struct capture_plan *plan,
                   struct capture_done *done, struct err *e)
{
    static const struct capture_system windows = {.query = console_query,
                                                  .clock = console_clock,
                                                  .elapsed_ms = console_elapsed,
                                                  .wait_ms = console_wait,
                                                  .write = console_write,
                                                  .say = console_say};
    char host[FACT_BYTES] = "";
    struct capture_machine m = {.host = host, .program = "poolcap " POOLSIFT_VERSION};
    struct capture_system sys = windows;
    struct capture_end end;
    sys.ctx = c;
    if (!nt_query_find(&c->query))
        return err_set(e, ERR_UNSUPPORTED, "there is no NtQuerySystemInformation here");
    c->path = widen(plan->file);
    if (c->path == NULL)
        return err_nomem(e);
    find_machines(&m);
    find_version(&m);
    if (!plan->no_host)
        find_host(host);
    if (m.process != m.native)
        console_say(c, "this is a 64-bit system: poolcap64.exe saves larger figures");
    TRY(look_at_file(c, &end, e));
    return capture_run(&sys, &m, plan, &end, done, e);
}

static int run(int argc, char **argv)
{
    struct console c = {.file = INVALID_HANDLE_VALUE};
    struct capture_plan plan;
    struct capture_done done = {0};
    struct err e = {0};
    int result = capture_plan_parse(&plan, argc, argv, &e);
    if (result == 0 && plan.help)
        return fputs(capture_help, stdout) < 0;
    stop_event = c.stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    (void)SetConsoleCtrlHandler(on_control, TRUE);
    if (result == 0)
        result = capture(&c, &plan, &done, &e);
    if (c.file != INVALID_HANDLE_VALUE)
        (void)CloseHandle(c.file);
    if (done.full)
        console_say(&c, "the file has reached --max-mb");
    if (done.records > 0)
        (void)fprintf(stderr, "poolcap: %lu saved in %s, %lu failed\n",
                      (unsigned long)done.records, plan.file, (unsigned long)done.failed);
    if (result < 0)
        console_say(&c, e.text);
    if (result < 0 && e.hint[0] != '\0')
        console_say(&c, e.hint);
    free(c.path);
    return result < 0 ? 2 : done.records == 0 || done.failed > 0;
}

int wmain(int argc, wchar_t **wide); /* as -municode has it */

int wmain(int argc, wchar_t **wide)
{
    char **argv = calloc((size_t)argc + 1, sizeof *argv);
    int result = argv != NULL ? 0 : 2;
    for (int i = 0; i < argc && result == 0; i++) {
        argv[i] = narrow(wide[i]);
        result = argv[i] != NULL ? 0 : 2;
    }
    if (result == 0)
        result = run(argc, argv);
    else
        (void)fputs("poolcap: out of memory\n", stderr);
    for (int i = 0; argv != NULL && i < argc; i++)
        free(argv[i]);
    free(argv);
    return result;
}
