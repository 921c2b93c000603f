/* SPDX-License-Identifier: MIT */
#include "formats/io/input.h"

#include <stdlib.h>
#include <string.h>

#include "formats/aligned.h"
#include "formats/io/ahead.h"
#include "formats/io/gunzip.h"

#define BLOCK       AHEAD_BLOCK
#define HEAD        AHEAD_HEAD
#define MAGIC_BYTES 4
#define GZIP_LAYERS 2
#define RATIO_FROM  ((uint64_t)16 << 20) /* small inputs may well be all blanks */

/* The source as it was given, counted. */
struct bottom {
    struct input_raw raw;
    uint64_t bytes;
};

struct input {
    char *name;
    const char *outer; /* "zip" or NULL */
    bool gzip;
    bool ended;
    struct bottom bottom;
    struct input_raw top; /* the gzip layers, or the bottom itself */
    uint64_t most_ratio;
    uint8_t *window;   /* own, or a block that was read ahead */
    size_t start, end; /* visible in it: start..end */
    uint64_t offset;   /* of window[start] */
    uint8_t *own;
    size_t own_cap;
    struct input_room *room; /* gets it back, or NULL */
    uint64_t ahead_from;     /* bytes read before a thread is started */
    struct ahead *ahead;     /* reads from `top`, or NULL */
    uint64_t taken;          /* raw bytes, as of the last block of that */
    struct err failed;       /* sticky */
};

static ptrdiff_t bottom_read(void *ctx, uint8_t *p, size_t n, struct err *e)
{
    struct bottom *b = ctx;
    ptrdiff_t r = b->raw.read(b->raw.ctx, p, n, e);
    if (r > 0)
        b->bytes += (uint64_t)r;
    return r;
}

static void bottom_close(void *ctx)
{
    struct bottom *b = ctx;
    b->raw.close(b->raw.ctx);
}

static uint64_t bottom_bytes(const struct bottom *b)
{
    return b->raw.packed != NULL ? b->raw.packed(b->raw.ctx) : b->bytes;
}

uint64_t input_raw_bytes(const struct input *in)
{
    return in->ahead != NULL ? in->taken : bottom_bytes(&in->bottom);
}

/* ---- the window ----
 *
 * What is read comes in blocks whose bounds depend on nothing else, so that a thread that
 * reads ahead meets every limit and fault where this one would.  A block lies behind
 * HEAD bytes for what is left of the one before: little is ever moved, and one who wants
 * to see more at once has it appended in a window that grows. */

/* Bytes read so far. */
static uint64_t made(const struct input *in)
{
    return in->offset + (in->end - in->start);
}

/* Between two blocks. */
static int check_ratio(const struct input *in, struct err *e)
{
    if (!in->gzip && in->bottom.raw.packed == NULL)
        return 0;
    uint64_t taken = input_raw_bytes(in);
    if (made(in) < RATIO_FROM || made(in) % BLOCK != 0 ||
        made(in) / (taken > 0 ? taken : 1) <= in->most_ratio)
        return 0;
    err_hint(e, "if you trust it, unpack it yourself and name what comes out");
    return err_set(e, ERR_LIMIT,
                   "the compressed data inflates to more than %llu times its size, the "
                   "limit",
                   (unsigned long long)in->most_ratio);
}

/* Makes room in the own window for a block behind what is left.  A window that is too
 * small doubles: memory follows what has really come, never what a hostile length asks
 * for.  Bytes move to the front only when at least as many were consumed before them, so
 * moving costs no more than reading. */
static int make_room(struct input *in, struct err *e)
{
    const size_t have = in->end - in->start;
    const bool lent = in->window != in->own;
    size_t to = in->start;
    if (have <= HEAD)
        to = HEAD - have;
    else if (lent || have <= in->start)
        to = 0;
    if (in->own_cap - to < have + BLOCK) {
        void *p = in->own;
        TRY(grow(&p, &in->own_cap, to + have + BLOCK, 1, e));
        in->own = p;
    }
    const uint8_t *from = lent ? in->window : in->own;
    if (lent || to != in->start)
        memmove(in->own + to, from + in->start, have);
    in->window = in->own;
    in->start = to;
    in->end = to + have;
    return 0;
}

/* Reads once, up to the end of the block at most. */
static void read_some(struct input *in, size_t most)
{
    struct err *e = &in->failed;
    if (made(in) % BLOCK == 0 && make_room(in, e) < 0)
        return;
    const size_t room = BLOCK - (size_t)(made(in) % BLOCK);
    ptrdiff_t r =
        in->top.read(in->top.ctx, in->window + in->end, room < most ? room : most, e);
    if (r < 0)
        return;
    in->ended = r == 0;
    in->end += (size_t)r;
    (void)check_ratio(in, e);
}

/* The next block that the thread read: what is left goes before it, or both into the own
 * window. */
static void take_block(struct input *in)
{
    struct err *e = &in->failed;
    const size_t have = in->end - in->start;
    const bool lent = in->window != in->own;
    const struct ahead_block *b = ahead_next(in->ahead);
    in->taken = b->taken;
    if (b->n == 0) {
        *e = b->failed;
        in->ended = e->code == 0;
        return;
    }
    if (have <= HEAD) {
        memcpy(b->p - have, in->window + in->start, have);
        in->window = b->p - HEAD;
        in->start = HEAD - have;
        in->end = HEAD + b->n;
    } else {
        if (make_room(in, e) < 0)
            return;
        memcpy(in->window + in->end, b->p, b->n);
        in->end += b->n;
        ahead_give_back(in->ahead);
    }
    if (lent)
        ahead_give_back(in->ahead);
    (void)check_ratio(in, e);
}

/* ---- from anywhere ---- */

bool input_is_seekable(const struct input *in, uint64_t *size)
{
    *size = in->bottom.raw.size;
    return in->bottom.raw.seek != NULL && !in->gzip && in->ahead == NULL &&
           in->failed.code == 0;
}

void input_seek(struct input *in, uint64_t at)
{
    in->window = in->own;
    in->start = in->end = HEAD + (size_t)(at % BLOCK);
    in->offset = in->bottom.bytes = at;
    in->ended = false;
    in->bottom.raw.seek(in->bottom.raw.ctx, at);
}

int input_twin(const struct input *in, struct input_raw *twin, struct err *e)
{
    return in->bottom.raw.twin(in->bottom.raw.ctx, twin, e);
}

/* ---- what the thread is given ---- */

static ptrdiff_t ahead_read(void *ctx, uint8_t *p, size_t n, struct err *e)
{
    const struct input *in = ctx;
    return in->top.read(in->top.ctx, p, n, e);
}

static uint64_t ahead_taken(void *ctx)
{
    const struct input *in = ctx;
    return bottom_bytes(&in->bottom);
}

void input_read_ahead(struct input *in, uint64_t from)
{
    in->ahead_from = in->bottom.raw.prompt ? from : UINT64_MAX;
}

/* Where there is no thread to be had, it goes on as it began. */
static void begin_ahead(struct input *in)
{
    const struct ahead_source source = {
        .ctx = in, .read = ahead_read, .taken = ahead_taken};
    const uint64_t taken = input_raw_bytes(in);
    in->ahead_from = UINT64_MAX;
    if (ahead_start(&in->ahead, source, BLOCK - (size_t)(made(in) % BLOCK)) == 0)
        in->taken = taken;
    else
        in->ahead = NULL;
}

/* Sets in->ended or in->failed where due. */
static void fill(struct input *in, size_t most)
{
    if (made(in) >= in->ahead_from)
        begin_ahead(in);
    if (in->ahead != NULL)
        take_block(in);
    else
        read_some(in, most);
    if (in->failed.code != 0)
        err_place(&in->failed, in->name, 0);
}

ptrdiff_t input_peek(struct input *in, size_t need, const uint8_t **p, struct err *e)
{
    while (in->end - in->start < need && !in->ended) {
        if (in->failed.code == 0)
            fill(in, SIZE_MAX);
        if (in->failed.code != 0) {
            if (e != NULL && e->code == 0)
                *e = in->failed;
            return in->failed.code;
        }
    }
    *p = in->window + in->start;
    return (ptrdiff_t)(in->end - in->start);
}

void input_consume(struct input *in, size_t n)
{
    size_t have = in->end - in->start;
    if (n > have)
        n = have;
    in->start += n;
    in->offset += n;
}

uint64_t input_offset(const struct input *in)
{
    return in->offset;
}

int input_read_all(struct input *in, struct buf *out, size_t most, struct err *e)
{
    size_t had = out->n;
    for (;;) {
        const uint8_t *p = NULL;
        ptrdiff_t n = input_peek(in, 1, &p, e);
        if (n <= 0)
            return (int)n;
        if ((size_t)n > most - (out->n - had)) {
            (void)err_set(e, ERR_LIMIT,
                          "larger than %zu bytes, the limit for input that "
                          "must be held in memory",
                          most);
            err_place(e, in->name, 0);
            return ERR_LIMIT;
        }
        TRY(buf_append(out, p, (size_t)n, e));
        input_consume(in, (size_t)n);
    }
}

/* ---- opening and closing ---- */

/* Puts gzip layers on top while the first bytes ask for them.  A fault below stays in
 * in->failed, for the first peek to tell. */
static int peel(struct input *in, const struct limits *l, struct err *e)
{
    for (int layer = 0; layer < GZIP_LAYERS; layer++) {
        while (in->end - in->start < MAGIC_BYTES && !in->ended && in->failed.code == 0)
            fill(in, GUNZIP_ROOM - MAGIC_BYTES);
        if (!gunzip_magic(in->window + in->start, in->end - in->start))
            return 0;
        struct input_raw top;
        TRY(gunzip_raw(&top, in->top, in->window + in->start, in->end - in->start, l, e));
        in->top = top;
        in->gzip = true;
        in->ended = false;
        in->end = in->start;
    }
    return 0;
}

/* A window to read into, and whom it belongs to. */
static void take_room(struct input *in, struct input_room *room)
{
    in->own_cap = HEAD + BLOCK;
    if (room != NULL && !room->lent) {
        in->room = room;
        room->lent = true;
        in->own = room->p;
        in->own_cap = room->p != NULL ? room->cap : in->own_cap;
    }
    if (in->own == NULL)
        in->own = pages_take(in->own_cap);
    in->window = in->own;
}

static void return_room(struct input *in)
{
    if (in->room == NULL) {
        free(in->own);
        return;
    }
    in->room->p = in->own;
    in->room->cap = in->own_cap;
    in->room->lent = false;
}

void input_room_free(struct input_room *room)
{
    free(room->p);
    *room = (struct input_room){.p = NULL};
}

int input_open(struct input **out, const char *name, struct input_raw raw,
               const struct limits *l, struct err *e)
{
    return input_open_in(NULL, out, name, raw, l, e);
}

int input_open_in(struct input_room *room, struct input **out, const char *name,
                  struct input_raw raw, const struct limits *l, struct err *e)
{
    struct input *in = calloc(1, sizeof *in);
    if (in == NULL) {
        raw.close(raw.ctx);
        return err_nomem(e);
    }
    in->bottom.raw = raw;
    in->top = (struct input_raw){
        .ctx = &in->bottom, .read = bottom_read, .close = bottom_close};
    in->most_ratio = l->inflate_ratio;
    in->name = strdup(name);
    in->ahead_from = UINT64_MAX;
    take_room(in, room);
    in->start = in->end = HEAD;
    int r = in->name == NULL || in->own == NULL ? err_nomem(e) : peel(in, l, e);
    if (r < 0) {
        input_close(in);
        return r;
    }
    *out = in;
    return 0;
}

void input_close(struct input *in)
{
    if (in == NULL)
        return;
    ahead_stop(in->ahead);
    in->top.close(in->top.ctx);
    free(in->name);
    return_room(in);
    free(in);
}

const char *input_name(const struct input *in)
{
    return in->name;
}

const char *input_compression(const struct input *in)
{
    if (in->outer == NULL)
        return in->gzip ? "gzip" : NULL;
    return in->gzip ? "zip+gzip" : in->outer;
}

void input_set_compression(struct input *in, const char *outer)
{
    in->outer = outer;
}
