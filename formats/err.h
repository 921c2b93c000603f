/* SPDX-License-Identifier: MIT */
/* The caller owns every struct err; functions fill it once, where the fault was
 * first seen, and upper layers only put context in front.
 *
 * Functions that can fail return int: >= 0 is fine, < 0 is an enum err_code that
 * equals e->code.  On success the struct is untouched.  All storage is inline, so
 * that "out of memory" needs no memory. */
#ifndef FORMATS_ERR_H
#define FORMATS_ERR_H

#include <stddef.h>
#include <stdint.h>

enum err_code {
    ERR_NOMEM = -1,       /* an allocation failed */
    ERR_IO = -2,          /* the system refused to read or write */
    ERR_FORMAT = -3,      /* the bytes are not what they should be */
    ERR_LIMIT = -4,       /* a bound of struct limits was reached */
    ERR_UNSUPPORTED = -5, /* understood, but poolsift does not read this */
    ERR_USAGE = -6,       /* the person asked for something contradictory */
    ERR_BUG = -7,         /* a broken promise of our own */
    ERR_EMPTY = -8        /* readable, but no pool figures inside */
};

struct err {
    int code;        /* enum err_code, 0 = nothing happened */
    char place[320]; /* "web01.txt:17", "x.psz: block 3 at byte 812", or "" */
    char text[384];  /* expected what, found what; lower case, no full stop */
    char hint[384];  /* what to do about it, or "" */
};

#define ERR_WARN_UNUSED __attribute__((warn_unused_result))
#ifdef __MINGW32__ /* poolcap.exe is built with the printf of C, not with Windows' own   \
                    */
#define ERR_PRINTF(f, a) __attribute__((format(gnu_printf, f, a)))
#else
#define ERR_PRINTF(f, a) __attribute__((format(printf, f, a)))
#endif

/* Returns a negative value upward; only where nothing needs cleaning. */
#define TRY(expr)                                                                        \
    do {                                                                                 \
        int try_result_ = (expr);                                                        \
        if (try_result_ < 0)                                                             \
            return try_result_;                                                          \
    } while (0)

/* Each fills *e unless it is already filled (the first fault wins) and returns
 * the code that *e then holds.  `e` may be NULL: then only the code is returned. */
int err_set(struct err *e, int code, const char *fmt, ...) ERR_PRINTF(3, 4);
int err_nomem(struct err *e);
/* ERR_IO, or ERR_NOMEM, with strerror(errno_value) behind the words. */
int err_io(struct err *e, int errno_value, const char *fmt, ...) ERR_PRINTF(3, 4);

/* Sets the place if none is set yet: "source", "source:line" (line > 0). */
void err_place(struct err *e, const char *source, uint64_t line);
/* Sets the hint if none is set yet. */
void err_hint(struct err *e, const char *fmt, ...) ERR_PRINTF(2, 3);
void err_clear(struct err *e);

#endif
