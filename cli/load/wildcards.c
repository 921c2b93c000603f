/* SPDX-License-Identifier: MIT */
#include "cli/load/wildcards.h"

#include <errno.h>
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

/* Whether the path, or a folder of that path, is there as far as can be seen: of what
 * cannot be asked, whoever opens it is told why. */
static bool may_exist(const char *path, bool as_folder)
{
    struct stat st;
    if (stat(path, &st) == 0)
        return !as_folder || S_ISDIR(st.st_mode);
    return !leads_nowhere(errno);
}

/* ---- expanding ---- */

struct expansion {
    struct folder *f;
    const struct limits *l;
    struct err fault; /* the first folder that could not be read */
};

/* Adds what matches `pattern` below the path in b; only existing things are named. */
static int expand(struct expansion *x, struct buf *b, const char *pattern, struct err *e);

static int expand_names(struct expansion *x, struct buf *b, const char *pattern, size_t n,
                        struct err *e)
{
    struct folder names = {0};
    struct err one = {0};
    const size_t before = b->n;
    b->p[b->n] = '\0';
    const char *path = b->n > 0 ? (const char *)b->p : ".";
    if (!may_exist(path, true))
        return 0;
    int r = folder_names(&names, path, &one) == ERR_NOMEM ? err_nomem(e) : 0;
    if (x->fault.code == 0)
        x->fault = one;
    for (size_t i = 0; i < names.n && r == 0; i++) {
        if (!matches(pattern, n, names.v[i]))
            continue;
        b->n = before;
        r = buf_append(b, names.v[i], strlen(names.v[i]), e);
        if (r == 0)
            r = expand(x, b, pattern + n, e);
    }
    folder_free(&names);
    return r;
}

static int expand(struct expansion *x, struct buf *b, const char *pattern, struct err *e)
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
        return expand_names(x, b, pattern, n, e);
    b->p[b->n] = '\0';
    if (!may_exist((const char *)b->p, false))
        return 0;
    if (x->f->n >= x->l->inputs) {
        err_hint(e, "name fewer of them; rank --merge puts rankings together");
        return err_set(e, ERR_LIMIT, "more than %zu inputs", x->l->inputs);
    }
    return folder_add(x->f, (const char *)b->p, e);
}

static int expand_operand(struct expansion *x, const char *operand, struct err *e)
{
    struct buf path = {0};
    const size_t before = x->f->n;
    int r = 0;
    if (is_wild(operand, strlen(operand)) && !exists(operand))
        r = expand(x, &path, operand, e);
    buf_free(&path);
    TRY(r);
    return x->f->n > before ? 0 : folder_add(x->f, operand, e);
}

int wildcards_expand(struct folder *f, char *const *operands, int n,
                     const struct limits *limits, struct err *e)
{
    struct expansion x = {.f = f, .l = limits};
    bool any = false;
    for (int i = 0; i < n; i++)
        any |= is_wild(operands[i], strlen(operands[i])) && !exists(operands[i]);
    for (int i = 0; i < n && any; i++)
        TRY(expand_operand(&x, operands[i], e));
    if (x.fault.code != 0 && e != NULL)
        *e = x.fault;
    return x.fault.code;
}
