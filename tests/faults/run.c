/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* memfd_create */
#include "tests/faults/run.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECONDS_MOST 30

#define TRACE "../trace" /* seen from the program's folder */

static int page_fd, out_fd, err_fd;

/* ---- the list of calls ---- */

bool call_parse(struct call_line *c, const char *line)
{
    size_t n = 1;
    *c = (struct call_line){.line = strdup(line), .room = strdup(line)};
    char *to = c->room;
    for (const char *p = line; *p != '\0' && *p != '#' && n < WORDS_MOST;) {
        char *word = to;
        bool quoted = false;
        for (; *p != '\0' && (quoted || *p != ' '); p++) {
            if (*p == '\'')
                quoted = !quoted;
            else
                *to++ = *p;
        }
        for (; *p == ' '; p++)
            continue;
        *to++ = '\0';
        if (*word == '<')
            c->input = word + 1;
        else
            c->words[n++] = word;
    }
    bool append = false;
    for (size_t i = 1; i < n; i++) {
        append = append || strcmp(c->words[i], "--append") == 0;
        if (append && i > 1 && strcmp(c->words[i - 1], "-o") == 0)
            c->append = c->words[i];
    }
    if (n == 1)
        call_free(c);
    return n > 1;
}

void call_free(struct call_line *c)
{
    free(c->line);
    free(c->room);
}

/* ---- one call ---- */

void runner_open(struct runner *r)
{
    page_fd = memfd_create("page", MFD_CLOEXEC);
    out_fd = memfd_create("out", MFD_CLOEXEC);
    err_fd = memfd_create("err", MFD_CLOEXEC);
    if (page_fd < 0 || out_fd < 0 || err_fd < 0 ||
        ftruncate(page_fd, sizeof *r->fault) != 0)
        die("cannot make a file", "memory");
    r->fault =
        mmap(NULL, sizeof *r->fault, PROT_READ | PROT_WRITE, MAP_SHARED, page_fd, 0);
    if (r->fault == MAP_FAILED)
        die("cannot map", "memory");
    files_read(&r->before, r->folder);
}

/* strace is told which call to look at by the word before the first colon. */
static void trace(const struct runner *r, char *const *words)
{
    static char strace[] = "strace", all[] = "-f", quiet[] = "-qq", to[] = "-o",
                file[] = TRACE, with[] = "-e", on[] = "--seccomp-bpf";
    char only[64], inject[128],
        *argv[WORDS_MOST + 16] = {strace, all,  on,   quiet, to,
                                  file,   with, only, with,  inject};
    (void)snprintf(only, sizeof only, "trace=%.*s", (int)strcspn(r->inject, ":"),
                   r->inject);
    (void)snprintf(inject, sizeof inject, "inject=%s", r->inject);
    for (size_t i = 0; i < WORDS_MOST && words[i] != NULL; i++)
        argv[10 + i] = words[i];
    (void)execvp(strace, argv);
}

static _Noreturn void become(const struct runner *r, char *const *words,
                             const char *input)
{
    const struct rlimit no_core = {0, 0};
    const bool closed = input != NULL && strcmp(input, "&-") == 0;
    int in = open("/dev/null", O_RDONLY);
    if (chdir(r->folder) == 0 && input != NULL && !closed)
        in = open(input, O_RDONLY);
    bool ready = in >= 0 && dup2(page_fd, FAULT_FD) >= 0 && dup2(in, 0) >= 0 &&
                 dup2(out_fd, 1) >= 0 && dup2(err_fd, 2) >= 0;
    (void)close(in);
    if (closed)
        (void)close(STDIN_FILENO);
    (void)setrlimit(RLIMIT_CORE, &no_core);
    (void)alarm(SECONDS_MOST);
    if (ready && r->inject != NULL)
        trace(r, words);
    else if (ready && (r->stand_in == NULL || setenv("LD_PRELOAD", r->stand_in, 1) == 0))
        (void)execv(r->program, words);
    _exit(127);
}

/* Whether strace's record says so: an injected error, or a signal that killed. */
static bool was_injected(struct runner *r)
{
    char path[4096];
    size_t n;
    r->kept_silent = false;
    (void)snprintf(path, sizeof path, "%s/" TRACE, r->folder);
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return false;
    char *record = (char *)whole_file(fd, &n);
    (void)close(fd);
    const char *error = strstr(record, "INJECTED");
    bool found = error != NULL || strstr(record, "SIGKILL") != NULL;
    if (error != NULL) {
        const char *line = error;
        while (line > record && line[-1] != '\n')
            line--;
        const char *message = strstr(line, "write(2, ");
        r->kept_silent = message != NULL && message < error;
    }
    free(record);
    return found;
}

void runner_call(struct runner *r, char *const *words, const char *input, bool go_on,
                 struct outcome *o)
{
    char *argv[WORDS_MOST + 1] = {r->program};
    for (size_t i = 1; i < WORDS_MOST && words[i] != NULL; i++)
        argv[i] = words[i];
    if (!go_on)
        files_restore(&r->before, r->folder);
    atomic_store(&r->fault->allocations, 0);
    atomic_store(&r->fault->calls, 0);
    atomic_store(&r->fault->hits, 0);
    atomic_store(&r->fault->live, 0);
    for (int i = 0; i < 2; i++) {
        int fd = i == 0 ? out_fd : err_fd;
        if (ftruncate(fd, 0) != 0 || lseek(fd, 0, SEEK_SET) != 0)
            die("cannot empty", "memory");
    }
    pid_t child = fork();
    if (child < 0)
        die("cannot start", r->program);
    if (child == 0)
        become(r, argv, input);
    if (waitpid(child, &o->status, 0) != child)
        die("cannot wait", r->program);
    r->injected = r->inject != NULL && was_injected(r);
    o->out = whole_file(out_fd, &o->out_n);
    o->err = whole_file(err_fd, &o->err_n);
    files_read(&o->files, r->folder);
}

void outcome_free(struct outcome *o)
{
    free(o->out);
    free(o->err);
    files_free(&o->files);
}
