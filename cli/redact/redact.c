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
    free(r->slots);
    lookup_free(&r->by_name);
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

static size_t hash(enum redact_kind kind, const char *s)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325) + (uint64_t)kind;
    for (; *s != '\0'; s++)
        h = (h ^ (unsigned char)*s) * UINT64_C(0x100000001b3);
    return (size_t)(h ^ h >> 32);
}

/* The slot of that original: 0 there means that it is free. */
static uint32_t *slot_of(const struct redact *r, enum redact_kind kind, const char *s)
{
    size_t i = hash(kind, s) & (r->n_slots - 1);
    while (r->slots[i] != 0) {
        const struct redact_entry *have = &r->v[r->slots[i] - 1];
        if (have->kind == kind && strcmp(have->original, s) == 0)
            break;
        i = (i + 1) & (r->n_slots - 1);
    }
    return &r->slots[i];
}

static int make_room(struct redact *r, struct err *e)
{
    void *v = r->v;
    TRY(grow(&v, &r->cap, r->n + 1, sizeof *r->v, e));
    r->v = v;
    if (2 * (r->n + 1) <= r->n_slots)
        return 0;
    const size_t n = r->n_slots == 0 ? 64 : 2 * r->n_slots;
    uint32_t *slots = calloc(n, sizeof *slots);
    if (slots == NULL)
        return err_nomem(e);
    free(r->slots);
    r->slots = slots;
    r->n_slots = n;
    for (size_t i = 0; i < r->n; i++)
        *slot_of(r, r->v[i].kind, r->v[i].original) = (uint32_t)i + 1;
    return 0;
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
    TRY(lookup_add(&r->by_name, lookup_text(LOOKUP_SEED, (const char *)name.p), r->n - 1,
                   e));
    return redact_alias_all(r, (uint32_t)r->n, e);
}

int redact_name(struct redact *r, enum redact_kind kind, const char *original,
                const char **name, struct err *e)
{
    *name = original;
    if (r == NULL || *original == '\0' || strcmp(original, "-") == 0)
        return 0;
    TRY(make_room(r, e));
    uint32_t *slot = slot_of(r, kind, original);
    if (*slot == 0) {
        const uint32_t next = (uint32_t)r->n + 1; /* inputs are bounded far below that */
        const int code = add(r, kind, original, e);
        if (r->n == next) /* it may have failed behind that */
            *slot = next;
        TRY(code);
    }
    *name = r->v[*slot - 1].name;
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

int redact_path(struct redact *r, const char *path, const char **name, struct err *e)
{
    struct stat st;
    const bool there = stat(path, &st) == 0;
    const size_t n = there ? 0 : picked(path);
    if (r == NULL || n == 0)
        return redact_name(r, there && S_ISDIR(st.st_mode) ? REDACT_FOLDER : REDACT_FILE,
                           path, name, e);
    return redact_picked(r, path, n, name, e);
}
