/* SPDX-License-Identifier: MIT */
#include "formats/io/ahead.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "formats/aligned.h"

#define BLOCKS 4

struct ahead {
    struct ahead_source source;
    size_t first;
    struct ahead_block block[BLOCKS];
    pthread_t thread;
    pthread_mutex_t lock; /* over all below; what is in a block is its holder's */
    pthread_cond_t filled, free;
    uint64_t n_filled, n_taken, n_given_back; /* blocks so far */
    bool stop;
};

/* ---- the thread ---- */

/* Fills a block with `room` bytes; what ended it before is *r <= 0, with *e. */
static void fill(struct ahead *a, struct ahead_block *b, size_t room, ptrdiff_t *r,
                 struct err *e)
{
    b->n = 0;
    while (b->n < room) {
        *r = a->source.read(a->source.ctx, b->p + b->n, room - b->n, e);
        if (*r <= 0)
            break;
        b->n += (size_t)*r;
    }
    b->taken = a->source.taken(a->source.ctx);
}

/* The block to fill next, or NULL: enough. */
static struct ahead_block *free_block(struct ahead *a)
{
    (void)pthread_mutex_lock(&a->lock);
    while (a->n_filled - a->n_given_back == BLOCKS && !a->stop)
        (void)pthread_cond_wait(&a->free, &a->lock);
    struct ahead_block *b = a->stop ? NULL : &a->block[a->n_filled % BLOCKS];
    (void)pthread_mutex_unlock(&a->lock);
    return b;
}

static void hand_out(struct ahead *a)
{
    (void)pthread_mutex_lock(&a->lock);
    a->n_filled++;
    (void)pthread_cond_signal(&a->filled);
    (void)pthread_mutex_unlock(&a->lock);
}

static void *read_on(void *ctx)
{
    struct ahead *a = ctx;
    struct ahead_block *b;
    struct err failed = {0};
    ptrdiff_t r = 1;
    for (size_t room = a->first; r > 0 && (b = free_block(a)) != NULL;
         room = AHEAD_BLOCK) {
        fill(a, b, room, &r, &failed);
        if (b->n > 0)
            hand_out(a);
    }
    if (r <= 0 && (b = free_block(a)) != NULL) {
        b->n = 0;
        b->failed = failed;
        b->taken = a->source.taken(a->source.ctx);
        hand_out(a);
    }
    return NULL;
}

/* Signals are for the thread that was there before. */
static int start_thread(struct ahead *a)
{
    sigset_t all, before;
    (void)sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
        return -1;
    int r = pthread_create(&a->thread, NULL, read_on, a);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return r == 0 ? 0 : -1;
}

/* ---- the other side ---- */

static void release(struct ahead *a)
{
    for (size_t i = 0; i < BLOCKS; i++)
        if (a->block[i].p != NULL)
            free(a->block[i].p - AHEAD_HEAD);
    (void)pthread_cond_destroy(&a->free);
    (void)pthread_cond_destroy(&a->filled);
    (void)pthread_mutex_destroy(&a->lock);
    free(a);
}

int ahead_start(struct ahead **out, struct ahead_source source, size_t first)
{
    struct ahead *a = calloc(1, sizeof *a);
    if (a == NULL)
        return ERR_NOMEM;
    a->source = source;
    a->first = first;
    if (pthread_mutex_init(&a->lock, NULL) != 0 ||
        pthread_cond_init(&a->filled, NULL) != 0 ||
        pthread_cond_init(&a->free, NULL) != 0) {
        free(a);
        return ERR_NOMEM;
    }
    bool room = true;
    for (size_t i = 0; i < BLOCKS && room; i++) {
        uint8_t *p = pages_take(AHEAD_HEAD + AHEAD_BLOCK);
        room = p != NULL;
        a->block[i].p = room ? p + AHEAD_HEAD : NULL;
    }
    if (!room || start_thread(a) < 0) {
        release(a);
        return ERR_NOMEM;
    }
    *out = a;
    return 0;
}

const struct ahead_block *ahead_next(struct ahead *a)
{
    (void)pthread_mutex_lock(&a->lock);
    while (a->n_filled == a->n_taken)
        (void)pthread_cond_wait(&a->filled, &a->lock);
    const struct ahead_block *b = &a->block[a->n_taken++ % BLOCKS];
    (void)pthread_mutex_unlock(&a->lock);
    return b;
}

void ahead_give_back(struct ahead *a)
{
    (void)pthread_mutex_lock(&a->lock);
    a->n_given_back++;
    (void)pthread_cond_signal(&a->free);
    (void)pthread_mutex_unlock(&a->lock);
}

void ahead_stop(struct ahead *a)
{
    if (a == NULL)
        return;
    (void)pthread_mutex_lock(&a->lock);
    a->stop = true;
    (void)pthread_cond_signal(&a->free);
    (void)pthread_mutex_unlock(&a->lock);
    (void)pthread_join(a->thread, NULL);
    release(a);
}
