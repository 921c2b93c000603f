/* SPDX-License-Identifier: MIT */
/* A flat JSON object on one line (RFC 8259), strictly: strings, numbers and null; no
 * arrays, no objects inside, no key of ours twice.  Keys that are not ours are passed
 * over. */
#include <string.h>

#include "formats/ascii.h"
#include "formats/tidy/tidy.h"

struct cursor {
    const char *p;
    size_t n, i;
};

static void blanks(struct cursor *c)
{
    while (c->i < c->n && (c->p[c->i] == ' ' || c->p[c->i] == '\t'))
        c->i++;
}

/* The next byte that is no blank is this one: it is taken. */
static bool take(struct cursor *c, char byte)
{
    blanks(c);
    if (c->i >= c->n || c->p[c->i] != byte)
        return false;
    c->i++;
    return true;
}

/* ---- strings ---- */

static bool hex4(const struct cursor *c, size_t at, uint32_t *v)
{
    *v = 0;
    if (c->n < 4 || at > c->n - 4)
        return false;
    for (size_t i = at; i < at + 4; i++) {
        const int x = ascii_hex(c->p[i]);
        if (x < 0)
            return false;
        *v = *v << 4 | (uint32_t)x;
    }
    return true;
}

static int put_utf8(struct buf *out, uint32_t v, struct err *e)
{
    const size_t n = v < 0x80 ? 1 : v < 0x800 ? 2 : v < 0x10000 ? 3 : 4;
    static const uint8_t mark[] = {0, 0, 0xc0, 0xe0, 0xf0};
    TRY(buf_byte(out, (uint8_t)(mark[n] | v >> (6 * (n - 1))), e));
    for (size_t i = n - 1; i-- > 0;)
        TRY(buf_byte(out, (uint8_t)(0x80 | (v >> (6 * i) & 0x3f)), e));
    return 0;
}

/* Behind `\u`: one unit of UTF-16, or the two of a pair. */
static int unit(struct cursor *c, struct buf *out, struct err *e)
{
    uint32_t v, low;
    if (!hex4(c, c->i, &v))
        return 0;
    c->i += 4;
    if (v >= 0xd800 && v < 0xdc00 && hex4(c, c->i + 2, &low) && c->p[c->i] == '\\' &&
        c->p[c->i + 1] == 'u' && low >= 0xdc00 && low < 0xe000) {
        v = 0x10000 + ((v - 0xd800) << 10) + (low - 0xdc00);
        c->i += 6;
    }
    if (v == 0 || (v >= 0xd800 && v < 0xe000))
        return 0;
    TRY(out != NULL ? put_utf8(out, v, e) : 0);
    return 1;
}

/* Appends a string behind its first quote to *out (NULL: nowhere); 0 when it is none. */
static int string(struct cursor *c, struct buf *out, struct err *e)
{
    static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
    while (c->i < c->n) {
        char byte = c->p[c->i++];
        if (byte == '"')
            return 1;
        if ((uint8_t)byte < 0x20)
            return 0;
        if (byte == '\\' && c->i < c->n && c->p[c->i] == 'u') {
            c->i++;
            const int r = unit(c, out, e);
            if (r <= 0)
                return r;
            continue;
        }
        if (byte == '\\') {
            const char *at =
                c->i < c->n && c->p[c->i] != '\0' ? strchr(names, c->p[c->i]) : NULL;
            if (at == NULL)
                return 0;
            byte = bytes[at - names];
            c->i++;
        }
        if (out != NULL)
            TRY(buf_byte(out, (uint8_t)byte, e));
    }
    return 0;
}

/* ---- members ---- */

static bool number_byte(char c)
{
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' ||
           c == 'E';
}

/* Appends a value's text to *out; null, true and false are empty. */
static int value(struct cursor *c, struct buf *out, struct err *e)
{
    static const char *const words[] = {"null", "true", "false"};
    if (take(c, '"'))
        return string(c, out, e);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const size_t n = strlen(words[i]);
        if (c->n - c->i >= n && memcmp(c->p + c->i, words[i], n) == 0) {
            c->i += n;
            return 1;
        }
    }
    const size_t from = c->i;
    while (c->i < c->n && number_byte(c->p[c->i]))
        c->i++;
    if (c->i == from)
        return 0;
    TRY(out != NULL ? buf_append(out, c->p + from, c->i - from, e) : 0);
    return 1;
}

/* Sets *column to the key's, or -1 for one that is not ours. */
static bool key(struct cursor *c, int *column)
{
    if (!take(c, '"'))
        return false;
    const char *end = memchr(c->p + c->i, '"', c->n - c->i);
    if (end == NULL)
        return false;
    const size_t n = (size_t)(end - (c->p + c->i));
    if (memchr(c->p + c->i, '\\', n) != NULL)
        return false;
    *column = tidy_find(c->p + c->i, n);
    c->i += n + 1;
    return take(c, ':');
}

static int member(struct cursor *c, struct tidy_line *l, uint64_t *given, struct err *e)
{
    int column;
    if (!key(c, &column))
        return 0;
    if (column < 0 || l == NULL) {
        if (column >= 0)
            *given |= UINT64_C(1) << column;
        return value(c, NULL, e);
    }
    if (*given >> column & 1)
        return 0;
    *given |= UINT64_C(1) << column;
    const size_t at = l->text.n;
    const int r = value(c, &l->text, e);
    l->v[column] = (struct tidy_cell){(const char *)l->text.p + at, l->text.n - at};
    return r;
}

int tidy_json(const char *p, size_t n, struct tidy_line *l, uint64_t *given,
              struct err *e)
{
    struct cursor c = {.p = p, .n = n};
    *given = 0;
    if (l != NULL) {
        /* No decoded text is longer than its source, so nothing moves below. */
        memset(l->v, 0, sizeof l->v);
        l->text.n = 0;
        TRY(buf_reserve(&l->text, n + 1, e));
    }
    if (!take(&c, '{'))
        return 0;
    do {
        const int r = member(&c, l, given, e);
        if (r <= 0)
            return r;
    } while (take(&c, ','));
    if (!take(&c, '}'))
        return 0;
    blanks(&c);
    if (l != NULL)
        l->given = *given;
    return c.i == c.n;
}
