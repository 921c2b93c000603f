/* SPDX-License-Identifier: MIT */
#include "formats/text/cells.h"

#include <string.h>

#include "formats/ascii.h"
#include "formats/bytes.h"

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Reads a quoted cell whose text begins at *at; leaves *at at the separator behind it or
 * at n. */
static enum cells_result take_quoted(const char *p, size_t n, char separator, size_t *at,
                                     struct cell *c)
{
    size_t i = *at;
    *c = (struct cell){.p = p + i, .quoted = true};
    for (;;) {
        const char *quote = i < n ? memchr(p + i, '"', n - i) : NULL;
        if (quote == NULL) {
            c->n = n - *at;
            *at = n;
            return CELLS_OPEN;
        }
        i = (size_t)(quote - p);
        if (i + 1 == n || p[i + 1] != '"')
            break;
        c->doubled = true;
        i += 2;
    }
    c->n = i - *at;
    i++;
    while (i < n && p[i] != separator && blank(p[i]))
        i++;
    *at = i;
    return i == n || p[i] == separator ? CELLS_WHOLE : CELLS_WRONG;
}

enum cells_result cells_split(const char *p, size_t n, char separator, struct cells *out)
{
    size_t at = 0;
    out->n = 0;
    for (;;) {
        if (out->n == CELLS_MAX)
            return CELLS_WRONG;
        struct cell *c = &out->v[out->n++];
        size_t begin = at;
        while (begin < n && p[begin] != separator && blank(p[begin]))
            begin++;
        if (begin < n && p[begin] == '"') {
            at = begin + 1;
            enum cells_result r = take_quoted(p, n, separator, &at, c);
            if (r != CELLS_WHOLE)
                return r;
        } else {
            const char *end = at < n ? memchr(p + at, separator, n - at) : NULL;
            *c = (struct cell){.p = p + at};
            c->n = end != NULL ? (size_t)(end - c->p) : n - at;
            at += c->n;
        }
        if (at == n)
            return CELLS_WHOLE;
        at++; /* the separator */
    }
}

struct cell cell_trim(struct cell c)
{
    while (c.n > 0 && blank(c.p[0])) {
        c.p++;
        c.n--;
    }
    while (c.n > 0 && blank(c.p[c.n - 1]))
        c.n--;
    return c;
}

bool cell_empty(const struct cell *c)
{
    return cell_trim(*c).n == 0;
}

bool cell_is(const struct cell *c, const char *word)
{
    const struct cell t = cell_trim(*c);
    return strlen(word) == t.n && ascii_same(t.p, word, t.n);
}

size_t cell_copy(const struct cell *c, char *out, size_t cap)
{
    size_t need = 0;
    for (size_t i = 0; i < c->n; i++) {
        if (need < cap)
            out[need] = c->p[i];
        need++;
        if (c->doubled && c->p[i] == '"')
            i++; /* the second of the two */
    }
    return need;
}

bool cell_u64(const struct cell *c, uint64_t *v)
{
    const struct cell t = cell_trim(*c);
    uint64_t sum = 0;
    for (size_t i = 0; i < t.n; i++)
        if (t.p[i] < '0' || t.p[i] > '9' || !mul_u64(sum, 10, &sum) ||
            !add_u64(sum, (uint64_t)(t.p[i] - '0'), &sum))
            return false;
    *v = sum;
    return t.n > 0;
}

bool cell_i64(const struct cell *c, int64_t *v)
{
    struct cell t = cell_trim(*c);
    const bool minus = t.n > 0 && t.p[0] == '-';
    uint64_t size;
    if (t.n > 0 && (minus || t.p[0] == '+')) {
        t.p++;
        t.n--;
    }
    if (t.n == 0 || blank(t.p[0]) || !cell_u64(&t, &size) || size > (uint64_t)INT64_MAX)
        return false;
    *v = minus ? -(int64_t)size : (int64_t)size;
    return true;
}
