/* SPDX-License-Identifier: MIT */
#include "formats/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int grow(void **ptr, size_t *cap, size_t need, size_t elem, struct err *e)
{
    if (need <= *cap)
        return 0;
    size_t want = *cap < 8 ? 8 : *cap;
    while (want < need) {
        if (want > SIZE_MAX / 2)
            return err_nomem(e);
        want *= 2;
    }
    if (elem != 0 && want > SIZE_MAX / elem)
        return err_nomem(e);
    void *p = realloc(*ptr, want * elem);
    if (p == NULL)
        return err_nomem(e);
    *ptr = p;
    *cap = want;
    return 0;
}

int buf_reserve(struct buf *b, size_t more, struct err *e)
{
    if (more > SIZE_MAX - b->n)
        return err_nomem(e);
    void *p = b->p;
    int r = grow(&p, &b->cap, b->n + more, 1, e);
    b->p = p;
    return r;
}

int buf_append(struct buf *b, const void *p, size_t n, struct err *e)
{
    if (n == 0)
        return 0;
    TRY(buf_reserve(b, n, e));
    memcpy(b->p + b->n, p, n);
    b->n += n;
    return 0;
}

int buf_byte(struct buf *b, uint8_t v, struct err *e)
{
    return buf_append(b, &v, 1, e);
}

int buf_varint(struct buf *b, uint64_t v, struct err *e)
{
    TRY(buf_reserve(b, 10, e));
    while (v >= 0x80) {
        b->p[b->n++] = (uint8_t)(v | 0x80);
        v >>= 7;
    }
    b->p[b->n++] = (uint8_t)v;
    return 0;
}

int buf_printf(struct buf *b, struct err *e, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    int r = n < 0 ? err_set(e, ERR_BUG, "a format string failed") : 0;
    if (r == 0)
        r = buf_reserve(b, (size_t)n + 1, e);
    if (r == 0) {
        (void)vsnprintf((char *)b->p + b->n, (size_t)n + 1, fmt, again);
        b->n += (size_t)n;
    }
    va_end(again);
    return r;
}

void buf_free(struct buf *b)
{
    free(b->p);
    *b = (struct buf){0};
}
