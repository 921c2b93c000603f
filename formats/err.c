/* SPDX-License-Identifier: MIT */
#include "formats/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

ERR_PRINTF(3, 0)
static int set_va(struct err *e, int code, const char *fmt, va_list ap)
{
    if (e == NULL)
        return code;
    if (e->code != 0)
        return e->code;
    e->code = code;
    (void)vsnprintf(e->text, sizeof e->text, fmt, ap);
    return code;
}

int err_set(struct err *e, int code, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int r = set_va(e, code, fmt, ap);
    va_end(ap);
    return r;
}

int err_nomem(struct err *e)
{
    return err_set(e, ERR_NOMEM, "out of memory");
}

int err_io(struct err *e, int errno_value, const char *fmt, ...)
{
    if (e != NULL && e->code != 0)
        return e->code;
    va_list ap;
    va_start(ap, fmt);
    int r = set_va(e, errno_value == ENOMEM ? ERR_NOMEM : ERR_IO, fmt, ap);
    va_end(ap);
    if (e != NULL) {
        size_t n = strlen(e->text);
        (void)snprintf(e->text + n, sizeof e->text - n, ": %s", strerror(errno_value));
    }
    return r;
}

void err_place(struct err *e, const char *source, uint64_t line)
{
    if (e == NULL || e->place[0] != '\0')
        return;
    if (line > 0)
        (void)snprintf(e->place, sizeof e->place, "%s:%llu", source,
                       (unsigned long long)line);
    else
        (void)snprintf(e->place, sizeof e->place, "%s", source);
}

void err_hint(struct err *e, const char *fmt, ...)
{
    if (e == NULL || e->hint[0] != '\0')
        return;
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(e->hint, sizeof e->hint, fmt, ap);
    va_end(ap);
}

void err_clear(struct err *e)
{
    if (e != NULL)
        memset(e, 0, sizeof *e);
}
