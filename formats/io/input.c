/* SPDX-License-Identifier: MIT */
#include "formats/io/input.h"

#include <stdlib.h>
#include <string.h>

#include "formats/io/gunzip.h"

#define WINDOW_BYTES ((size_t)256 * 1024)
#define MAGIC_BYTES  4
#define GZIP_LAYERS  2
#define RATIO_FROM   ((uint64_t)16 << 20) /* small inputs may well be all blanks */

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
    uint8_t *window;
    size_t cap, start, end; /* visible: start..end */
    uint64_t offset;        /* of window[start] */
    struct err failed;      /* sticky */
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

uint64_t input_raw_bytes(const struct input *in)
{
    const struct bottom *b = &in->bottom;
    return b->raw.packed != NULL ? b->raw.packed(b->raw.ctx) : b->bytes;
}

/* ---- the window ---- */

static int check_ratio(const struct input *in, struct err *e)
{
    if (!in->gzip && in->bottom.raw.packed == NULL)
        return 0;
    uint64_t made = in->offset + (in->end - in->start);
    uint64_t taken = input_raw_bytes(in);
    if (made < RATIO_FROM || made / (taken > 0 ? taken : 1) <= in->most_ratio)
        return 0;
    return err_set(e, ERR_LIMIT,
                   "the compressed data inflates to more than %llu times its size, the "
                   "limit",
                   (unsigned long long)in->most_ratio);
}

/* A window that is full doubles: memory follows what has really come, never what a
 * hostile length asks for.  Bytes move to the front only when at least as many were
 * consumed before them, so moving costs no more than reading. */
static int make_room(struct input *in, struct err *e)
{
    size_t have = in->end - in->start;
    if (in->start > 0 && have <= in->start) {
        memmove(in->window, in->window + in->start, have);
        in->start = 0;
        in->end = have;
    }
    if (in->end < in->cap)
        return 0;
    void *p = in->window;
    int r = grow(&p, &in->cap, in->cap + 1, 1, e);
    in->window = p;
    return r;
}

/* Reads once, at most `most` bytes; sets in->ended or in->failed where due. */
static void fill(struct input *in, size_t most)
{
    struct err *e = &in->failed;
    if (make_room(in, e) < 0)
        return;
    size_t room = in->cap - in->end;
    ptrdiff_t r =
        in->top.read(in->top.ctx, in->window + in->end, room < most ? room : most, e);
    if (r < 0) {
        err_place(e, in->name, 0);
        return;
    }
    in->ended = r == 0;
    in->end += (size_t)r;
    if (check_ratio(in, e) < 0)
        err_place(e, in->name, 0);
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
        const uint8_t *p;
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
        while (in->end < MAGIC_BYTES && !in->ended && in->failed.code == 0)
            fill(in, GUNZIP_ROOM - MAGIC_BYTES);
        if (!gunzip_magic(in->window, in->end))
            return 0;
        struct input_raw top;
        TRY(gunzip_raw(&top, in->top, in->window, in->end, l, e));
        in->top = top;
        in->gzip = true;
        in->ended = false;
        in->end = 0;
    }
    return 0;
}

int input_open(struct input **out, const char *name, struct input_raw raw,
               const struct limits *l, struct err *e)
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
    in->window = malloc(WINDOW_BYTES);
    in->cap = WINDOW_BYTES;
    int r = in->name == NULL || in->window == NULL ? err_nomem(e) : peel(in, l, e);
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
    in->top.close(in->top.ctx);
    free(in->name);
    free(in->window);
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
