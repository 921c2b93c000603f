/* SPDX-License-Identifier: MIT */
#include "cli/load/wildcards.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "formats/bytes.h"
#include "formats/path.h"

/* `?` stands for one character, whatever its bytes. */
static bool matches(const char *pattern, size_t n, const char *name)
{
    const char *end = pattern + n, *star = NULL, *again = NULL;
    while (*name != '\0') {
        if (pattern < end && *pattern == '*') {
            star = ++pattern;
            again = name;
        } else if (pattern < end && *pattern == '?') {
            pattern++;
            do
                name++;
            while ((*name & 0xC0) == 0x80);
        } else if (pattern < end && path_same_byte(*pattern, *name)) {
            pattern++;
            name++;
        } else if (star != NULL) {
            pattern = star;
            name = ++again;
        } else {
            return false;
        }
    }
    while (pattern < end && *pattern == '*')
        pattern++;
    return pattern == end;
}

static bool is_wild(const char *p, size_t n)
{
    return memchr(p, '*', n) != NULL || memchr(p, '?', n) != NULL;
}

static bool exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

/* Adds what matches `pattern` below the path in b; only existing things are named. */
static int expand(struct folder *f, struct buf *b, const char *pattern,
                  const struct limits *l, struct err *e);

static int expand_names(struct folder *f, struct buf *b, const char *pattern, size_t n,
                        const struct limits *l, struct err *e)
{
    struct folder names = {0};
    struct err passed_over = {0};
    const size_t before = b->n;
    int r = 0;
    b->p[b->n] = '\0';
    if (folder_names(&names, b->n > 0 ? (const char *)b->p : ".", &passed_over) ==
        ERR_NOMEM)
        r = err_nomem(e);
    for (size_t i = 0; i < names.n && r == 0; i++) {
        if (!matches(pattern, n, names.v[i]))
            continue;
        b->n = before;
        r = buf_append(b, names.v[i], strlen(names.v[i]), e);
        if (r == 0)
            r = expand(f, b, pattern + n, l, e);
    }
    folder_free(&names);
    return r;
}

static int expand(struct folder *f, struct buf *b, const char *pattern,
                  const struct limits *l, struct err *e)
{
    size_t n = strcspn(pattern, "/");
    while (*pattern != '\0' && !is_wild(pattern, n)) {
        n += pattern[n] == '/';
        TRY(buf_append(b, pattern, n, e));
        pattern += n;
        n = strcspn(pattern, "/");
    }
    TRY(buf_reserve(b, 1, e));
    if (*pattern != '\0')
        return expand_names(f, b, pattern, n, l, e);
    b->p[b->n] = '\0';
    if (!exists((const char *)b->p))
        return 0;
    if (f->n >= l->inputs) {
        err_hint(e, "name fewer of them; rank --merge puts rankings together");
        return err_set(e, ERR_LIMIT, "more than %zu inputs", l->inputs);
    }
    return folder_add(f, (const char *)b->p, e);
}

static int expand_operand(struct folder *f, const char *operand, const struct limits *l,
                          struct err *e)
{
    struct buf path = {0};
    const size_t before = f->n;
    int r = 0;
    if (is_wild(operand, strlen(operand)) && !exists(operand))
        r = expand(f, &path, operand, l, e);
    buf_free(&path);
    TRY(r);
    return f->n > before ? 0 : folder_add(f, operand, e);
}

int wildcards_expand(struct folder *f, char *const *operands, int n,
                     const struct limits *limits, struct err *e)
{
    bool any = false;
    for (int i = 0; i < n; i++)
        any |= is_wild(operands[i], strlen(operands[i])) && !exists(operands[i]);
    for (int i = 0; i < n && any; i++)
        TRY(expand_operand(f, operands[i], limits, e));
    return 0;
}
