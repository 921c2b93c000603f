/* SPDX-License-Identifier: MIT */
#include "formats/text/scout.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "formats/worker.h"

#define LINE_MOST ((size_t)64 * 1024) /* searched for a line's end */

struct scout {
    struct input *in; /* a twin */
    struct input_raw raw;
    const struct format *forced;
    struct reader_opts opts;
    struct reader_memory memory;
    struct pool_snapshot s;
    struct worker *worker;

    uint64_t from;     /* above 0 */
    struct seam begin; /* its lists are the scout's own */
    uint64_t chain;    /* of the parcels */

    pthread_mutex_t lock; /* over all below while the worker is at work */
    pthread_cond_t changed;
    bool back;             /* it is called back */
    bool ended;            /* its walk has */
    struct parcel *oldest; /* that is not gone, or NULL */
    struct parcel *taken;  /* the oldest, or NULL: none was */
    struct parcel *newest;
    size_t tail; /* of the ring: behind the newest, where there is an oldest */
    uint8_t *ring;
};

static bool called_back(struct scout *s)
{
    (void)pthread_mutex_lock(&s->lock);
    const bool back = s->back;
    (void)pthread_mutex_unlock(&s->lock);
    return back;
}

/* ---- its source ---- */

/* Ends when it is called back: a block may be as long as the file. */
static ptrdiff_t scout_read(void *ctx, uint8_t *p, size_t n, struct err *e)
{
    struct scout *s = ctx;
    return called_back(s) ? 0 : s->raw.read(s->raw.ctx, p, n, e);
}

static void scout_seek(void *ctx, uint64_t at)
{
    struct scout *s = ctx;
    s->raw.seek(s->raw.ctx, at);
}

static void scout_close(void *ctx)
{
    struct scout *s = ctx;
    s->raw.close(s->raw.ctx);
}

static int open_twin(struct scout *s, const struct input *in, struct err *e)
{
    TRY(input_twin(in, &s->raw, e));
    const struct input_raw raw = {
        .ctx = s, .read = scout_read, .close = scout_close, .seek = scout_seek};
    return input_open(&s->in, input_name(in), raw, &s->opts.limits, e);
}

/* ---- the ring ---- */

/* Where that many bytes have room, or SIZE_MAX. */
static size_t room_for(const struct scout *s, size_t n)
{
    if (s->oldest == NULL)
        return n <= SCOUT_BYTES ? 0 : SIZE_MAX;
    const size_t head = (size_t)((uint8_t *)s->oldest - s->ring);
    if (s->tail <= head)
        return n < head - s->tail ? s->tail : SIZE_MAX;
    if (n <= SCOUT_BYTES - s->tail)
        return s->tail;
    return n < head ? 0 : SIZE_MAX;
}

/* Waits for that much room; NULL: called back, or there is never so much. */
static struct parcel *wait_for_room(struct scout *s, size_t n)
{
    size_t at = SIZE_MAX;
    (void)pthread_mutex_lock(&s->lock);
    while (n > 0 && n <= SCOUT_BYTES && !s->back && (at = room_for(s, n)) == SIZE_MAX)
        (void)pthread_cond_wait(&s->changed, &s->lock);
    (void)pthread_mutex_unlock(&s->lock);
    return at == SIZE_MAX ? NULL : (struct parcel *)(void *)(s->ring + at);
}

static void hand_out(struct scout *s, struct parcel *p)
{
    (void)pthread_mutex_lock(&s->lock);
    if (s->oldest == NULL)
        s->oldest = p;
    else
        s->newest->next = p;
    s->newest = p;
    s->tail = (size_t)((uint8_t *)p - s->ring) + p->bytes;
    (void)pthread_cond_signal(&s->changed);
    (void)pthread_mutex_unlock(&s->lock);
}

/* ---- a walk ---- */

/* To the first line that begins at s->from or behind it. */
static bool find_line(struct scout *s)
{
    const uint8_t *p;
    input_seek(s->in, s->from - 1);
    const ptrdiff_t n = input_peek(s->in, LINE_MOST, &p, NULL);
    const uint8_t *end = n > 0 ? memchr(p, '\n', (size_t)n) : NULL;
    if (end != NULL)
        input_consume(s->in, (size_t)(end - p) + 1);
    return end != NULL;
}

static int keep_bytes(struct buf *own, const struct buf *b, struct err *e)
{
    own->n = 0;
    return buf_append(own, b->p, b->n, e);
}

static int keep_begin(struct scout *s, const struct seam *here, struct err *e)
{
    struct seam own = *here;
    own.caption = s->begin.caption;
    own.lead = s->begin.lead;
    own.above = s->begin.above;
    int r = keep_bytes(&own.caption, &here->caption, e);
    if (r == 0)
        r = keep_bytes(&own.lead, &here->lead, e);
    if (r == 0)
        r = keep_bytes(&own.above, &here->above, e);
    s->begin = own;
    return r;
}

/* Packs the capture that was read; false: the walk ends before it. */
static bool pack(struct scout *s, const struct segmenter *g)
{
    struct seam here;
    const bool first = s->chain == 0;
    if (s->s.chain.id == 0 || (!first && s->s.chain.id != s->chain) ||
        !seam_here(g, &here))
        return false;
    const size_t n = parcel_size(&s->s, first, &here);
    struct parcel *p = wait_for_room(s, n);
    if (p == NULL)
        return false;
    *p = (struct parcel){.bytes = n, .adjoins = g->adjoins, .strays = g->strays};
    if (!parcel_pack(p, &s->s, first, &here))
        return false;
    s->chain = s->s.chain.id;
    hand_out(s, p);
    return true;
}

static int walk_lines(struct scout *s, struct segmenter *g, struct err *e)
{
    struct seam here;
    TRY(segmenter_next(g, &s->s, e)); /* half a block, of which nobody knows the rest */
    if (!seam_here(g, &here))
        return 0;
    TRY(keep_begin(s, &here, e));
    do {
        g->strays = (struct strays){0};
        TRY(segmenter_next(g, &s->s, e));
    } while (pack(s, g));
    return 0;
}

static int walk(void *ctx, struct err *e)
{
    struct scout *s = ctx;
    struct segmenter *g = NULL;
    int r = find_line(s) ? segmenter_open(&g, s->in, s->forced, &s->opts, e) : 0;
    if (g != NULL)
        r = walk_lines(s, g, e);
    segmenter_close(g);
    (void)pthread_mutex_lock(&s->lock);
    s->ended = true;
    (void)pthread_cond_signal(&s->changed);
    (void)pthread_mutex_unlock(&s->lock);
    return r;
}

/* ---- for the other thread ---- */

int scout_new(struct scout **out, const struct input *in, const struct format *forced,
              const struct limits *l, struct err *e)
{
    struct scout *s = calloc(1, sizeof *s);
    if (s == NULL)
        return err_nomem(e);
    if (pthread_mutex_init(&s->lock, NULL) != 0 ||
        pthread_cond_init(&s->changed, NULL) != 0) {
        free(s);
        return err_nomem(e);
    }
    s->forced = forced;
    s->opts = (struct reader_opts){.memory = &s->memory, .follow = true, .limits = *l};
    s->s.uptime_s = -1;
    s->ended = true;
    s->ring = malloc(SCOUT_BYTES);
    int r = s->ring == NULL ? err_nomem(e) : open_twin(s, in, e);
    if (r == 0)
        r = worker_new(&s->worker, true, e);
    if (r == 0 && !worker_is_thread(s->worker))
        r = err_set(e, ERR_UNSUPPORTED, "there is no thread to be had");
    if (r < 0) {
        scout_free(s);
        return r;
    }
    *out = s;
    return 0;
}

static void call_back(struct scout *s)
{
    (void)pthread_mutex_lock(&s->lock);
    s->back = true;
    (void)pthread_cond_signal(&s->changed);
    (void)pthread_mutex_unlock(&s->lock);
    if (s->worker != NULL && worker_wait(s->worker, NULL) < 0)
        s->ended = true; /* why will be met again where it stands */
}

void scout_free(struct scout *s)
{
    if (s == NULL)
        return;
    call_back(s);
    worker_free(s->worker);
    input_close(s->in);
    reader_memory_free(&s->memory);
    pool_snapshot_free(&s->s);
    buf_free(&s->begin.caption);
    buf_free(&s->begin.lead);
    buf_free(&s->begin.above);
    free(s->ring);
    (void)pthread_cond_destroy(&s->changed);
    (void)pthread_mutex_destroy(&s->lock);
    free(s);
}

void scout_send(struct scout *s, uint64_t from)
{
    call_back(s);
    s->from = from;
    s->chain = 0;
    s->back = s->ended = false;
    s->oldest = s->newest = s->taken = NULL;
    worker_do(s->worker, walk, s);
}

static enum scout_state state(const struct scout *s)
{
    return s->oldest != NULL ? SCOUT_FOUND : s->ended ? SCOUT_LOST : SCOUT_WALKS;
}

enum scout_state scout_look(struct scout *s, const struct seam **begin)
{
    (void)pthread_mutex_lock(&s->lock);
    const enum scout_state now = state(s);
    (void)pthread_mutex_unlock(&s->lock);
    *begin = &s->begin;
    return now;
}

void scout_await(struct scout *s)
{
    (void)pthread_mutex_lock(&s->lock);
    while (state(s) == SCOUT_WALKS)
        (void)pthread_cond_wait(&s->changed, &s->lock);
    (void)pthread_mutex_unlock(&s->lock);
}

static struct parcel *next_of(const struct scout *s)
{
    return s->taken == NULL ? s->oldest : s->taken->next;
}

const struct parcel *scout_next(struct scout *s)
{
    (void)pthread_mutex_lock(&s->lock);
    const struct parcel *next = next_of(s);
    (void)pthread_mutex_unlock(&s->lock);
    return next;
}

void scout_take(struct scout *s)
{
    (void)pthread_mutex_lock(&s->lock);
    s->oldest = s->taken = next_of(s);
    (void)pthread_cond_signal(&s->changed);
    (void)pthread_mutex_unlock(&s->lock);
}
