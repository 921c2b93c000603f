/* SPDX-License-Identifier: MIT */
#include "cli/redact/redact.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void redact_free(struct redact *r)
{
    for (size_t i = 0; i < r->n; i++) {
        free(r->v[i].original);
        free(r->v[i].name);
    }
    for (size_t i = 0; i < r->n_kept; i++)
        free(r->kept[i]);
    free(r->kept);
    free(r->arguments);
    free(r->v);
    lookup_free(&r->by_original);
    lookup_free(&r->by_name);
    lookup_free(&r->by_letters);
    free(r->aliases);
    *r = (struct redact){.n = 0};
}

int redact_keep(struct redact *r, char *text, const char **out, struct err *e)
{
    void *v = r->kept;
    const int code = text == NULL
                         ? err_nomem(e)
                         : grow(&v, &r->kept_cap, r->n_kept + 1, sizeof *r->kept, e);
    if (code < 0) {
        free(text);
        return code;
    }
    r->kept = v;
    r->kept[r->n_kept++] = text;
    *out = text;
    return 0;
}

/* ---- finding ---- */

static uint64_t hash_of(enum redact_kind kind, const char *s)
{
    return lookup_text(LOOKUP_SEED + (uint64_t)kind, s);
}

const struct redact_entry *redact_find(const struct redact *r, enum redact_kind kind,
                                       const char *s)
{
    size_t step = 0;
    for (size_t i; lookup_next(&r->by_original, hash_of(kind, s), &step, &i);)
        if (r->v[i].kind == kind && strcmp(r->v[i].original, s) == 0)
            return &r->v[i];
    return NULL;
}

/* ---- names ---- */

static int add(struct redact *r, enum redact_kind kind, const char *original,
               struct err *e)
{
    static const struct {
        const char *word;
        int digits;
    } forms[REDACT_KINDS] = {[REDACT_FILE] = {"file", 3},
                             [REDACT_FOLDER] = {"folder", 1},
                             [REDACT_HOST] = {"host", 1}};
    struct buf name = {0};
    void *v = r->v;
    TRY(grow(&v, &r->cap, r->n + 1, sizeof *r->v, e));
    r->v = v;
    char *copy = strdup(original);
    int code = copy == NULL ? err_nomem(e) : 0;
    if (code == 0)
        code = buf_printf(&name, e, "%s-%0*u", forms[kind].word, forms[kind].digits,
                          r->given[kind] + 1);
    if (code < 0) {
        free(copy);
        buf_free(&name);
        return code;
    }
    r->given[kind]++;
    r->v[r->n++] =
        (struct redact_entry){.kind = kind, .original = copy, .name = (char *)name.p};
    TRY(lookup_add(&r->by_original, hash_of(kind, original), r->n - 1, e));
    TRY(lookup_add(&r->by_name, lookup_text(LOOKUP_SEED, (const char *)name.p), r->n - 1,
                   e));
    return redact_alias_last(r, e);
}

int redact_name(struct redact *r, enum redact_kind kind, const char *original,
                const char **name, struct err *e)
{
    *name = original;
    if (r == NULL || *original == '\0' || strcmp(original, "-") == 0)
        return 0;
    const struct redact_entry *known = redact_find(r, kind, original);
    if (known == NULL) {
        TRY(add(r, kind, original, e));
        known = &r->v[r->n - 1];
    }
    *name = known->name;
    return 0;
}

/* FILE@N, where nothing is called so: the bytes of FILE. */
static size_t picked(const char *path)
{
    const char *at = strrchr(path, '@');
    return at == NULL || at == path || at[1] == '\0' ||
                   at[1 + strspn(at + 1, "-0123456789")] != '\0'
               ? 0
               : (size_t)(at - path);
}

static int redact_picked(struct redact *r, const char *path, size_t n, const char **name,
                         struct err *e)
{
    struct buf words = {0};
    char *file = strndup(path, n);
    int code = file == NULL ? err_nomem(e) : redact_name(r, REDACT_FILE, file, name, e);
    if (code == 0)
        code = buf_printf(&words, e, "%s%s", *name, path + n);
    free(file);
    if (code < 0) {
        buf_free(&words);
        return code;
    }
    return redact_keep(r, (char *)words.p, name, e);
}

/* Of a path that cannot be asked any more: did files below it have names? */
static bool holds_some(const struct redact *r, const char *path)
{
    const size_t n = strlen(path);
    for (size_t i = 0; i < r->n; i++)
        if (strncmp(r->v[i].original, path, n) == 0 && r->v[i].original[n] == '/')
            return true;
    return false;
}

int redact_path(struct redact *r, const char *path, const char **name, struct err *e)
{
    struct stat st;
    const bool there = stat(path, &st) == 0;
    const size_t n = there ? 0 : picked(path);
    if (r == NULL || n == 0) {
        const bool folder =
            there ? S_ISDIR(st.st_mode) : r != NULL && holds_some(r, path);
        return redact_name(r, folder ? REDACT_FOLDER : REDACT_FILE, path, name, e);
    }
    return redact_picked(r, path, n, name, e);
}
