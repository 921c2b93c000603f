/* SPDX-License-Identifier: MIT */
/* Memory that runs out, for programs named test_memory_*: the linker (--wrap, in the
 * Makefile) brings every allocation of the program here, and every call that may need
 * one: these may fail although there is room, so that what follows such a failure is
 * tried wherever it could happen.  Nobody owns anything. */
#ifndef TESTS_UNIT_MEMORY_H
#define TESTS_UNIT_MEMORY_H

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/bytes.h"
#include "formats/err.h"

static atomic_uint_least64_t memory_calls, memory_fails_at; /* from 1; 0: none fails */
static atomic_int_least64_t memory_live;                    /* blocks not given back */

static inline bool memory_fails(void)
{
    return atomic_fetch_add(&memory_calls, 1) + 1 == atomic_load(&memory_fails_at);
}

static inline void *memory_given(void *p)
{
    if (p != NULL)
        atomic_fetch_add(&memory_live, 1);
    return p;
}

/* One allocating function of libc. */
#define MEMORY_ALLOCATES(name, takes, gives)                                             \
    void *__real_##name takes;                                                           \
    void *__wrap_##name takes;                                                           \
    void *__wrap_##name takes                                                            \
    {                                                                                    \
        return memory_fails() ? NULL : memory_given(__real_##name gives);                \
    }

MEMORY_ALLOCATES(malloc, (size_t n), (n))
MEMORY_ALLOCATES(calloc, (size_t n, size_t size), (n, size))
#ifndef _WIN32
MEMORY_ALLOCATES(aligned_alloc, (size_t alignment, size_t n), (alignment, n))
#endif

/* Those of libc may ask malloc, which would count twice. */
char *__wrap_strndup(const char *s, size_t most);
char *__wrap_strndup(const char *s, size_t most)
{
    const size_t n = strnlen(s, most);
    char *p = memory_fails() ? NULL : memory_given(__real_malloc(n + 1));
    if (p != NULL) {
        memcpy(p, s, n);
        p[n] = '\0';
    }
    return p;
}

char *__wrap_strdup(const char *s);
char *__wrap_strdup(const char *s)
{
    return __wrap_strndup(s, SIZE_MAX);
}

void *__real_realloc(void *p, size_t n);
void *__wrap_realloc(void *p, size_t n);
void *__wrap_realloc(void *p, size_t n)
{
    if (memory_fails())
        return NULL;
    void *q = __real_realloc(p, n);
    return p == NULL ? memory_given(q) : q;
}

void __real_free(void *p);
void __wrap_free(void *p);
void __wrap_free(void *p)
{
    if (p != NULL)
        atomic_fetch_sub(&memory_live, 1);
    __real_free(p);
}

/* One function of bytes.h. */
#define MEMORY_GROWS(name, takes, gives)                                                 \
    int __real_##name takes;                                                             \
    int __wrap_##name takes;                                                             \
    int __wrap_##name takes                                                              \
    {                                                                                    \
        return memory_fails() ? err_nomem(e) : __real_##name gives;                      \
    }

MEMORY_GROWS(grow, (void **p, size_t *cap, size_t need, size_t elem, struct err *e),
             (p, cap, need, elem, e))
MEMORY_GROWS(buf_reserve, (struct buf * b, size_t more, struct err *e), (b, more, e))
MEMORY_GROWS(buf_append, (struct buf * b, const void *p, size_t n, struct err *e),
             (b, p, n, e))
MEMORY_GROWS(buf_byte, (struct buf * b, uint8_t v, struct err *e), (b, v, e))
MEMORY_GROWS(buf_varint, (struct buf * b, uint64_t v, struct err *e), (b, v, e))

int __wrap_buf_printf(struct buf *b, struct err *e, const char *fmt, ...)
    ERR_PRINTF(3, 4);
int __wrap_buf_printf(struct buf *b, struct err *e, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    va_list again;
    va_copy(again, ap);
    const int n = vsnprintf(NULL, 0, fmt, ap);
    int r = memory_fails() ? err_nomem(e) : __real_buf_reserve(b, (size_t)n + 1, e);
    if (r == 0) {
        (void)vsnprintf((char *)b->p + b->n, (size_t)n + 1, fmt, again);
        b->n += (size_t)n;
    }
    va_end(again);
    va_end(ap);
    return r;
}

/* ---- trying ---- */

/* Something that needs memory and gives all of it back: its result, and in *sum what it
 * found, as a number. */
typedef int memory_trial(void *ctx, uint64_t *sum, struct err *e);

/* Calls of one trial that fail: MEMORY_MOST of them, where that is set; half of them the
 * first ones, then some of the others, evenly. */
static inline uint64_t memory_most(uint64_t usual)
{
    const char *most = getenv("MEMORY_MOST");
    return most != NULL ? strtoull(most, NULL, 10) : usual;
}

/* The trial ends for lack of memory, and says so, or as if there were enough; nothing is
 * left behind either way.  Returns how many calls there are. */
static inline uint64_t memory_try(const char *name, memory_trial *trial, void *ctx,
                                  uint64_t usual)
{
    struct err clean = {0};
    uint64_t right = 0;
    atomic_store(&memory_fails_at, 0);
    atomic_store(&memory_calls, 0);
    const int result = trial(ctx, &right, &clean);
    const uint64_t n = atomic_load(&memory_calls);
    const uint64_t half = memory_most(usual) / 2 + 1;
    const uint64_t step = n <= half ? 1 : 1 + (n - half) / half;
    for (uint64_t at = 1; at <= n; at += at < half ? 1 : step) {
        struct err e = {0};
        uint64_t sum = 0;
        const int64_t live = atomic_load(&memory_live);
        atomic_store(&memory_calls, 0);
        atomic_store(&memory_fails_at, at);
        const int r = trial(ctx, &sum, &e);
        atomic_store(&memory_fails_at, 0);
        const int64_t left = atomic_load(&memory_live) - live;
        if (left != 0)
            fail_msg("%s: call %llu failed: %lld blocks are left", name,
                     (unsigned long long)at, (long long)left);
        if (r == result && sum == right && strcmp(e.text, clean.text) == 0)
            continue;
        if (r != ERR_NOMEM || e.code != ERR_NOMEM || e.text[0] == '\0')
            fail_msg("%s: call %llu failed: %d instead of %d, %s", name,
                     (unsigned long long)at, r, result, e.text);
    }
    return n;
}

#endif
