/* SPDX-License-Identifier: MIT */
#include "formats/worker.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct worker {
    bool threaded;
    pthread_t thread;
    pthread_mutex_t lock; /* over all below; e is the job's until it is done */
    pthread_cond_t changed;
    worker_job *job; /* to be done, or being done; NULL: none */
    void *ctx;
    bool done, stop;
    int result;
    struct err e;
};

static void *work(void *p)
{
    struct worker *w = p;
    (void)pthread_mutex_lock(&w->lock);
    for (;;) {
        while (!w->stop && (w->job == NULL || w->done))
            (void)pthread_cond_wait(&w->changed, &w->lock);
        if (w->job == NULL || w->done)
            break;
        (void)pthread_mutex_unlock(&w->lock);
        int r = w->job(w->ctx, &w->e);
        (void)pthread_mutex_lock(&w->lock);
        w->result = r;
        w->done = true;
        (void)pthread_cond_signal(&w->changed);
    }
    (void)pthread_mutex_unlock(&w->lock);
    return NULL;
}

/* Signals are for the thread that was there before. */
static bool start(struct worker *w)
{
    sigset_t all, before;
    (void)sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
        return false;
    int r = pthread_create(&w->thread, NULL, work, w);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return r == 0;
}

int worker_new(struct worker **out, bool thread, struct err *e)
{
    struct worker *w = calloc(1, sizeof *w);
    if (w == NULL)
        return err_nomem(e);
    if (pthread_mutex_init(&w->lock, NULL) != 0 ||
        pthread_cond_init(&w->changed, NULL) != 0) {
        free(w);
        return err_nomem(e);
    }
    w->threaded = thread && start(w);
    *out = w;
    return 0;
}

bool worker_is_thread(const struct worker *w)
{
    return w->threaded;
}

void worker_free(struct worker *w)
{
    if (w == NULL)
        return;
    if (w->threaded) {
        (void)pthread_mutex_lock(&w->lock);
        w->stop = true;
        (void)pthread_cond_signal(&w->changed);
        (void)pthread_mutex_unlock(&w->lock);
        (void)pthread_join(w->thread, NULL);
    }
    (void)pthread_cond_destroy(&w->changed);
    (void)pthread_mutex_destroy(&w->lock);
    free(w);
}

void worker_do(struct worker *w, worker_job *job, void *ctx)
{
    err_clear(&w->e);
    if (!w->threaded) {
        w->job = job;
        w->result = job(ctx, &w->e);
        return;
    }
    (void)pthread_mutex_lock(&w->lock);
    w->job = job;
    w->ctx = ctx;
    w->done = false;
    (void)pthread_cond_signal(&w->changed);
    (void)pthread_mutex_unlock(&w->lock);
}

int worker_wait(struct worker *w, struct err *e)
{
    int r = 0;
    (void)pthread_mutex_lock(&w->lock);
    while (w->threaded && w->job != NULL && !w->done)
        (void)pthread_cond_wait(&w->changed, &w->lock);
    if (w->job != NULL)
        r = w->result;
    w->job = NULL;
    (void)pthread_mutex_unlock(&w->lock);
    if (r < 0 && e != NULL && e->code == 0)
        *e = w->e;
    return r;
}
