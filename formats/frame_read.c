/* SPDX-License-Identifier: MIT */
/* Frames out of a source.  Apart from frame.c, because a program that only writes frames
 * needs no input behind it. */
#include <string.h>

#include "formats/frame.h"

static const uint8_t sync_mark[4] = FRAME_SYNC;

/* Damage that hides many believable heads must not cost more than a few passes. */
#define FAILED_MAX ((uint64_t)256 << 20)

/* Shows `need` bytes, asking for twice as many at a time, so that a false length costs
 * no more memory than the source really has. */
static ptrdiff_t peek_slowly(struct input *in, size_t need, const uint8_t **p,
                             struct err *e)
{
    size_t ask = need < 65536 ? need : 65536;
    for (;;) {
        ptrdiff_t n = input_peek(in, ask, p, e);
        if (n < 0 || (size_t)n < ask || ask == need)
            return n;
        ask = ask > need / 2 ? need : ask * 2;
    }
}

int frame_next(struct frame_reader *r, struct frame *f, struct err *e)
{
    input_consume(r->in, r->pending);
    r->pending = 0;
    f->offset = input_offset(r->in);
    const uint8_t *p;
    ptrdiff_t n = input_peek(r->in, FRAME_HEAD, &p, e);
    if (n < 0)
        return (int)n;
    if (n == 0)
        return FRAME_NONE;
    if ((size_t)n < FRAME_HEAD) {
        size_t some = (size_t)n < sizeof sync_mark ? (size_t)n : sizeof sync_mark;
        return memcmp(p, sync_mark, some) == 0 ? FRAME_CUT : FRAME_DAMAGED;
    }
    if (!frame_head(p, f))
        return FRAME_DAMAGED;
    size_t whole = FRAME_HEAD + f->n + FRAME_TAIL;
    n = peek_slowly(r->in, whole, &p, e);
    if (n < 0)
        return (int)n;
    if ((size_t)n < whole)
        return FRAME_CUT;
    if (!frame_whole(p, whole, f)) {
        r->failed += whole;
        return FRAME_DAMAGED;
    }
    r->pending = whole;
    return FRAME_WHOLE;
}

int frame_resync(struct frame_reader *r, uint64_t *skipped, struct err *e)
{
    uint64_t start = input_offset(r->in);
    input_consume(r->in, r->pending);
    r->pending = 0;
    if (r->failed > FAILED_MAX)
        return err_set(e, ERR_LIMIT, "too many damaged frames to look behind them all");
    for (size_t at = 1;; at = 0) { /* where we stand is what did not work */
        const uint8_t *p;
        ptrdiff_t n = input_peek(r->in, at + FRAME_HEAD, &p, e);
        if (n < 0)
            return (int)n;
        bool ended = (size_t)n < at + FRAME_HEAD;
        size_t behind_last = ended ? 0 : (size_t)n - FRAME_HEAD + 1;
        bool found = false;
        while (!found && at < behind_last) {
            const uint8_t *hit = memchr(p + at, sync_mark[0], behind_last - at);
            struct frame f;
            found = hit != NULL && frame_head(hit, &f);
            at = hit == NULL ? behind_last : (size_t)(hit - p) + !found;
        }
        input_consume(r->in, ended ? (size_t)n : at);
        if (ended || found) {
            *skipped = input_offset(r->in) - start;
            return found;
        }
    }
}
