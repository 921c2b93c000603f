/* SPDX-License-Identifier: MIT */
#include "tests/faults/judge.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static bool kills(const struct way *c)
{
    return c->how >= HOW_KILL_BEFORE;
}

/* What a killed program may leave beside its output. */
static bool is_temporary(const char *name)
{
    const char *slash = strrchr(name, '/');
    const char *base = slash == NULL ? name : slash + 1;
    return *base == '.' && strstr(base, ".poolsift-") != NULL;
}

static bool ended(const struct outcome *o, int code)
{
    return WIFEXITED(o->status) && WEXITSTATUS(o->status) == code;
}

/* Lines of a table in an order that does not depend on that of the captures, whose number
 * is in front. */
static int by_line(const void *va, const void *vb)
{
    const char *const *a = va, *const *b = vb;
    return strcmp(*a, *b);
}

static char *sorted_lines(const struct file *f)
{
    size_t n = 0, at = 0, length = f == NULL ? 0 : f->n;
    char *copy = calloc(length + 1, 1), *sorted = calloc(length + 2, 1);
    char **lines = calloc(length + 1, sizeof *lines);
    if (copy == NULL || sorted == NULL || lines == NULL)
        die("no memory", "a table");
    if (length > 0)
        memcpy(copy, f->p, length);
    for (char *p = strtok(copy, "\n"); p != NULL; p = strtok(NULL, "\n"))
        lines[n++] = strchr(p, ',') != NULL ? strchr(p, ',') : p;
    if (n > 1)
        qsort(lines, n, sizeof *lines, by_line);
    for (size_t i = 0; i < n; i++)
        at += (size_t)sprintf(sorted + at, "%s\n", lines[i]);
    free(lines);
    free(copy);
    return sorted;
}

static bool same_rows(const struct file *a, const struct file *b)
{
    char *x = sorted_lines(a), *y = sorted_lines(b);
    bool same = a != NULL && b != NULL && strcmp(x, y) == 0;
    free(x);
    free(y);
    return same;
}

/* What `poolsift convert` makes of an archive in the folder. */
static bool rows_of(struct runner *r, char *archive, struct outcome *o)
{
    static char convert[] = "convert", quiet[] = "-q", out[] = "-o", csv[] = "seen.csv";
    char *const words[] = {NULL, convert, quiet, archive, out, csv, NULL};
    *o = (struct outcome){.status = 0};
    runner_call(r, words, NULL, true, o);
    return ended(o, 0);
}

static void write_clean(struct runner *r, const struct file *clean)
{
    static char all[] = "clean.psz";
    struct files only = {.v = &(struct file){all, clean->p, clean->n}, .n = 1};
    files_restore(&only, r->folder);
}

/* The archive can be read, holds nothing but what it held or should, and the next append
 * makes it what it should be.  `fresh`: there was none before, so it may be empty. */
static const char *append_sound(struct runner *r, const struct call_line *line,
                                const struct file *clean, bool fresh)
{
    static char csv[] = "seen.csv", all[] = "clean.psz";
    struct outcome seen, again = {0}, read, wanted;
    const char *wrong = NULL;
    if (!rows_of(r, line->append, &seen) && !fresh)
        wrong = "the archive cannot be read";
    runner_call(r, line->words, line->input, true, &again);
    if (!rows_of(r, line->append, &read) && wrong == NULL)
        wrong = "what is appended next cannot be read";
    write_clean(r, clean);
    (void)rows_of(r, all, &wanted);
    if (wrong == NULL && !ended(&again, 0))
        wrong = "the archive cannot be appended to";
    if (wrong == NULL &&
        !same_rows(files_find(&read.files, csv), files_find(&wanted.files, csv)))
        wrong = "the next append does not make it whole";
    outcome_free(&seen);
    outcome_free(&again);
    outcome_free(&wanted);
    outcome_free(&read);
    return wrong;
}

/* What could be read of the inputs is written as a whole: it reads, or at least ends; and
 * what was converted before is not replaced by less. */
static const char *rest_sound(struct runner *r, const struct call_line *line,
                              const struct file *f, bool there)
{
    static char info[] = "info", strict[] = "--strict";
    char name[64];
    (void)snprintf(name, sizeof name, "%s", f->name);
    char *const words[] = {NULL, info, strict, name, NULL};
    struct outcome o = {0};
    bool whole = f->n > 0 && f->p[f->n - 1] == '\n';
    if (strcmp(line->words[1], "convert") == 0) {
        if (there)
            return "an old file is replaced by what could be read";
        runner_call(r, words, NULL, true, &o);
        whole = ended(&o, 0);
        outcome_free(&o);
    }
    return whole ? NULL : "what is written of the rest is not whole";
}

static const char *file_wrong(struct runner *r, const struct call_line *line,
                              const struct way *c, enum call call,
                              const struct outcome *clean, const struct file *f, int code)
{
    const struct file *old = files_find(&r->before, f->name);
    const struct file *new = files_find(&clean->files, f->name);
    if (file_same(f, old) || file_same(f, new))
        return NULL;
    if (is_temporary(f->name)) {
        bool may =
            kills(c) || call == CALL_unlink || (c->from_on && c->what == FAULT_CALL);
        return may ? NULL : "a temporary file is left";
    }
    if (line->append != NULL && strcmp(f->name, line->append) == 0) {
        if (old == NULL && !kills(c) && !(c->from_on && c->what == FAULT_CALL) &&
            call != CALL_unlink && (c->calls & READS) == 0)
            return "an archive without captures is left";
        return append_sound(r, line, new, old == NULL);
    }
    if ((c->calls & READS) != 0 && code == 2)
        return rest_sound(r, line, f, old != NULL);
    return "a file is half old and half new";
}

static const char *files_wrong(struct runner *r, const struct call_line *line,
                               const struct way *c, enum call call,
                               const struct outcome *clean, const struct outcome *now)
{
    for (size_t i = 0; i < r->before.n; i++)
        if (files_find(&now->files, r->before.v[i].name) == NULL)
            return "a file is gone";
    r->fault->what = FAULT_NONE;
    for (size_t i = 0; i < now->files.n; i++) {
        const char *wrong =
            file_wrong(r, line, c, call, clean, &now->files.v[i],
                       WIFEXITED(now->status) ? WEXITSTATUS(now->status) : -1);
        if (wrong != NULL)
            return wrong;
    }
    return NULL;
}

static bool same_result(const struct outcome *a, const struct outcome *b)
{
    return a->status == b->status && a->out_n == b->out_n && a->err_n == b->err_n &&
           memcmp(a->out, b->out, a->out_n) == 0 &&
           memcmp(a->err, b->err, a->err_n) == 0 && files_same(&a->files, &b->files);
}

static const char *wrong_end(const struct way *c, const struct outcome *clean,
                             const struct outcome *now, bool leaks)
{
    if (kills(c) && WIFSIGNALED(now->status) && WTERMSIG(now->status) == SIGKILL)
        return NULL;
    if (WIFSIGNALED(now->status))
        return WTERMSIG(now->status) == SIGALRM ? "it does not end" : "a signal ended it";
    if (leaks)
        return "memory is not given back";
    if (same_result(clean, now))
        return NULL;
    if (c->survives)
        return "the result is another";
    if (WEXITSTATUS(now->status) != 2)
        return "the result is another, and the exit is not 2";
    return strstr((const char *)now->err, "poolsift: ") == NULL
               ? "it ended without a word"
               : NULL;
}

const char *judge(struct runner *r, const struct call_line *line, const struct way *c,
                  enum call call, const struct outcome *clean, const struct outcome *now,
                  int64_t live, int64_t clean_live)
{
    const char *wrong = wrong_end(c, clean, now, live > clean_live);
    return wrong != NULL ? wrong : files_wrong(r, line, c, call, clean, now);
}
