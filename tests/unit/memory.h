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
#ifdef __GLIBC__ /* else the calls that fail are chosen by their number alone */
#include <execinfo.h>
#include <pthread.h>
#endif

static atomic_uint_least64_t memory_calls, memory_fails_at; /* from 1; 0: none fails */
static atomic_int_least64_t memory_live;                    /* blocks not given back */

/* ---- the ways that lead to a call ---- */

enum { MEMORY_DEPTH = 64, MEMORY_KEYS = 1 << 17 };

/* One call, and the places in the program from which it was made, innermost first. */
struct memory_way {
    uint64_t at;
    int n;
    void *from[MEMORY_DEPTH];
};

static struct memory_way *memory_ways; /* those of the run that is being noted */
static size_t memory_n_ways, memory_ways_cap;
static atomic_bool memory_notes;

#ifdef __GLIBC__
static pthread_mutex_t memory_lock = PTHREAD_MUTEX_INITIALIZER;

/* Of this whole program: places through which a failure has gone up already, and sums of
 * ways that were tried.  Nothing is new any more when the table is full. */
static bool memory_is_new(uint64_t key, bool learn)
{
    static uint64_t keys[MEMORY_KEYS];
    static size_t n;
    size_t i = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 40) % MEMORY_KEYS;
    while (keys[i] != key && keys[i] != 0)
        i = (i + 1) % MEMORY_KEYS;
    if (keys[i] == key || n > MEMORY_KEYS / 2)
        return false;
    if (learn) {
        keys[i] = key;
        n++;
    }
    return true;
}

static bool memory_way_is_new(const struct memory_way *w)
{
    for (int i = 0; i < w->n; i++)
        if (memory_is_new((uintptr_t)w->from[i], false))
            return true;
    return false;
}

static void memory_way_failed(const struct memory_way *w)
{
    for (int i = 0; i < w->n; i++)
        (void)memory_is_new((uintptr_t)w->from[i], true);
}

void *__real_realloc(void *p, size_t n);

static void memory_note(uint64_t at)
{
    struct memory_way w = {.at = at};
    uint64_t sum = 1;
    w.n = backtrace(w.from, MEMORY_DEPTH);
    for (int i = 0; i < w.n; i++)
        sum = (sum ^ (uintptr_t)w.from[i]) * UINT64_C(0x100000001b3);
    (void)pthread_mutex_lock(&memory_lock);
    if (memory_way_is_new(&w) && memory_is_new(sum, true)) {
        if (memory_n_ways == memory_ways_cap) {
            memory_ways_cap = 2 * memory_ways_cap + 64;
            memory_ways =
                __real_realloc(memory_ways, memory_ways_cap * sizeof *memory_ways);
            assert_non_null(memory_ways);
        }
        memory_ways[memory_n_ways++] = w;
    }
    (void)pthread_mutex_unlock(&memory_lock);
}
#else
static bool memory_way_is_new(const struct memory_way *w)
{
    (void)w;
    return false;
}

static void memory_way_failed(const struct memory_way *w)
{
    (void)w;
}

static void memory_note(uint64_t at)
{
    (void)at;
}
#endif

static inline bool memory_fails(void)
{
    const uint64_t at = atomic_fetch_add(&memory_calls, 1) + 1;
    if (atomic_load(&memory_notes))
        memory_note(at);
    return at == atomic_load(&memory_fails_at);
}

/* ---- what the linker puts in the place of libc's and ours ---- */

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

/* What rank_read puts on a shelf: blocks of it are seldom asked for. */
struct shelf;
void *__real_shelf_take(struct shelf *s, size_t n, struct err *e);
void *__wrap_shelf_take(struct shelf *s, size_t n, struct err *e);
void *__wrap_shelf_take(struct shelf *s, size_t n, struct err *e)
{
    if (!memory_fails())
        return __real_shelf_take(s, n, e);
    (void)err_nomem(e);
    return NULL;
}

/* ---- trying ---- */

/* Something that needs memory and gives all of it back: its result, and in *sum what it
 * found, as a number. */
typedef int memory_trial(void *ctx, uint64_t *sum, struct err *e);

/* How it ends when nothing fails. */
struct memory_clean {
    const char *name;
    memory_trial *trial;
    void *ctx;
    int result;
    uint64_t sum;
    struct err e;
};

/* The trial without its call number `at`: whether it ended for lack of memory. */
static inline bool memory_without(const struct memory_clean *c, uint64_t at)
{
    struct err e = {0};
    uint64_t sum = 0;
    const int64_t live = atomic_load(&memory_live);
    atomic_store(&memory_calls, 0);
    atomic_store(&memory_fails_at, at);
    const int r = c->trial(c->ctx, &sum, &e);
    atomic_store(&memory_fails_at, 0);
    const int64_t left = atomic_load(&memory_live) - live;
    if (left != 0)
        fail_msg("%s: call %llu failed: %lld blocks are left", c->name,
                 (unsigned long long)at, (long long)left);
    if (r == c->result && sum == c->sum && strcmp(e.text, c->e.text) == 0)
        return false;
    if (r != ERR_NOMEM || e.code != ERR_NOMEM || e.text[0] == '\0')
        fail_msg("%s: call %llu failed: %d instead of %d, %s", c->name,
                 (unsigned long long)at, r, c->result, e.text);
    return true;
}

/* Calls of one trial that fail by their number: MEMORY_MOST of them, where that is set;
 * half of them the first ones, then some of the others, evenly. */
static inline uint64_t memory_most(uint64_t usual)
{
    const char *most = getenv("MEMORY_MOST");
    return most != NULL && usual > 0 ? strtoull(most, NULL, 10) : usual;
}

/* The trial ends for lack of memory, and says so, or as if there were enough; nothing is
 * left behind either way.  Tried are calls that were reached through a place from which
 * none has failed in this program, then some by their number.  Returns how many calls
 * there are. */
static inline uint64_t memory_try(const char *name, memory_trial *trial, void *ctx,
                                  uint64_t usual)
{
    struct memory_clean c = {.name = name, .trial = trial, .ctx = ctx};
    atomic_store(&memory_fails_at, 0);
    atomic_store(&memory_calls, 0);
    memory_n_ways = 0;
    atomic_store(&memory_notes, true);
    c.result = trial(ctx, &c.sum, &c.e);
    atomic_store(&memory_notes, false);
    const uint64_t n = atomic_load(&memory_calls);
    for (size_t i = 0; i < memory_n_ways; i++)
        if (memory_way_is_new(&memory_ways[i]) && memory_without(&c, memory_ways[i].at))
            memory_way_failed(&memory_ways[i]);
    const uint64_t most = memory_most(usual), half = most / 2 + 1;
    const uint64_t step = n <= half ? 1 : 1 + (n - half) / half;
    for (uint64_t at = 1; at <= n && most > 0; at += at < half ? 1 : step)
        (void)memory_without(&c, at);
    return n;
}

#endif
