/* SPDX-License-Identifier: MIT */
#include "formats/psz/walk.h"

#include <stdio.h>
#include <string.h>

#include "formats/psz/format.h"
#include "formats/psz/stream.h"

static const uint8_t magic[FRAME_MAGIC] = PSZ_MAGIC;

bool psz_magic(const uint8_t *p, size_t n)
{
    unsigned same = 0;
    for (size_t i = 0; i < FRAME_MAGIC && i < n; i++)
        same += p[i] == magic[i];
    return same >= FRAME_MAGIC - 1; /* one damaged byte should still be called damage */
}

/* ---- saying what is wrong ---- */

void psz_walk_place(const struct psz_walk *w, uint64_t block, uint64_t at, struct err *e)
{
    char words[256];
    if (block == 0)
        (void)snprintf(words, sizeof words, "%.200s: byte %llu", input_name(w->in),
                       (unsigned long long)at);
    else
        (void)snprintf(words, sizeof words, "%.200s: block %llu at byte %llu",
                       input_name(w->in), (unsigned long long)block,
                       (unsigned long long)at);
    err_place(e, words, 0);
    err_hint(e, "--salvage reads every whole block and says what is lost");
}

static void last_whole(const struct psz_walk *w, char words[80])
{
    if (w->check.now.blocks == 0)
        (void)snprintf(words, 80, "no block before it is whole");
    else
        (void)snprintf(words, 80, "the last whole block is %llu at byte %llu",
                       (unsigned long long)w->check.now.blocks,
                       (unsigned long long)w->check.last_block);
}

static int damaged(struct psz_walk *w, uint64_t at, const char *what, struct err *e)
{
    char whole[80];
    last_whole(w, whole);
    psz_walk_place(w, w->check.now.blocks + 1, at, e);
    return err_set(e, ERR_FORMAT, "the archive is damaged here: %s; %s", what, whole);
}

static int cut(struct psz_walk *w, uint64_t at, struct err *e)
{
    char whole[80];
    last_whole(w, whole);
    psz_walk_place(w, 0, at, e);
    return err_set(e, ERR_FORMAT,
                   "the archive is cut: expected an end mark, found the end; %s", whole);
}

static int lost(struct psz_walk *w, uint64_t at, uint64_t bytes, struct err *e)
{
    return note_add(&w->notes, e, NOTE_BLOCK_LOST, 0,
                    "%llu damaged bytes at byte %llu were passed over, behind block %llu",
                    (unsigned long long)bytes, (unsigned long long)at,
                    (unsigned long long)w->check.now.blocks);
}

static int tail(struct psz_walk *w, uint64_t at, struct err *e)
{
    w->ended = true;
    w->tail_at = at;
    return note_add(&w->notes, e, NOTE_TAIL_IGNORED, 0,
                    "an append was interrupted: the bytes from %llu on do not count, and "
                    "the next append cuts them off",
                    (unsigned long long)at);
}

/* ---- blocks ---- */

static struct psz_block block_of(struct psz_walk *w, const struct frame *f)
{
    struct psz_block b = {.p = f->p,
                          .n = f->n,
                          .at = f->offset,
                          .number = w->check.now.blocks,
                          .links = f->type == PSZ_FRAME_LINKS,
                          .torn = w->torn};
    w->torn = false;
    return b;
}

/* How many it promises. */
static uint64_t captures_of(const uint8_t *p, size_t n)
{
    struct psz_stream_in in = {.p = p, .end = p + n};
    return psz_get(&in);
}

static void give(struct psz_walk *w, const struct psz_block *b)
{
    uint64_t n = captures_of(b->p, b->n);
    w->given += n > b->passed ? n - b->passed : 0;
}

/* Behind an end mark a block counts only when its own end mark follows. */
static int hold(struct psz_walk *w, const struct frame *f, struct psz_block b,
                struct err *e)
{
    if (w->holding)
        return damaged(w, f->offset, "an end mark is missing", e);
    w->held.n = 0;
    w->holding = true;
    TRY(buf_reserve(&w->held, f->n + 1, e));
    TRY(buf_append(&w->held, f->p, f->n, e));
    b.p = w->held.p;
    w->next = b;
    return 0;
}

/* ---- frames ---- */

static int find_fold(struct psz_walk *w, struct frame *f, struct err *e);
static int take_frame(struct psz_walk *w, const struct frame *f, struct psz_block *b,
                      struct err *e);

/* What is damaged may be what a fold was about to write over when it was stopped: then
 * the fold stands behind it. */
static int over_to_fold(struct psz_walk *w, uint64_t at, const char *what,
                        struct psz_block *b, struct err *e)
{
    struct frame f;
    int r = find_fold(w, &f, e);
    if (r == 0)
        return damaged(w, at, what, e);
    w->holding = false;
    return r < 0 ? r : take_frame(w, &f, b, e);
}

/* Whether this is the block before it once more, by length and check sum: a fold and its
 * copy, between which stands what is left of the links. */
static bool again(struct psz_walk *w, const struct frame *f)
{
    const uint64_t mark = (uint64_t)f->n << 32 | le32(f->p + f->n);
    const bool same = f->type == PSZ_FRAME_BLOCK && mark == w->last_mark;
    if (f->type == PSZ_FRAME_BLOCK)
        w->last_mark = mark;
    return same;
}

/* A whole frame.  Returns 1 when *b is a block that counts. */
static int take_frame(struct psz_walk *w, const struct frame *f, struct psz_block *b,
                      struct err *e)
{
    struct psz_check *c = &w->check;
    bool behind_end = c->now.last_end != 0, fold = psz_check_is_fold(c, f);
    bool missing = !fold && f->number != (uint32_t)c->now.frames;
    if (missing && behind_end && !w->salvage)
        return over_to_fold(w, f->offset, "blocks before it are missing", b, e);
    const char *wrong;
    TRY(psz_check_frame(c, f, &wrong, e));
    const uint64_t folded = fold ? w->given - w->given_before_fold : 0;
    const bool less = fold && !w->gap && captures_of(f->p, f->n) < folded;
    if (less)
        wrong = "it lacks captures that it takes the place of";
    if (wrong != NULL && !w->salvage)
        return damaged(w, f->offset, wrong, e);
    if (wrong != NULL)
        TRY(note_add(&w->notes, e, NOTE_BLOCK_LOST, 0, "at byte %llu: %s",
                     (unsigned long long)f->offset, wrong));
    w->torn |= missing;
    w->gap |= missing;
    if (f->type == PSZ_FRAME_BLOCK || f->type == PSZ_FRAME_LINKS) {
        struct psz_block now = block_of(w, f);
        if (fold)
            now.passed = less ? 0 : folded;
        else if (c->fold.frames == f->number) {
            w->given_before_fold = w->given;
            w->gap = false;
        }
        if (behind_end && !w->salvage)
            return hold(w, f, now, e);
        if (w->salvage && again(w, f))
            now.passed = captures_of(f->p, f->n);
        *b = now;
        give(w, b);
        return 1;
    }
    if (f->type == PSZ_FRAME_END && w->holding) {
        w->holding = false;
        *b = w->next;
        give(w, b);
        return 1;
    }
    return 0;
}

/* True when nothing but zeros follows: a file that the system had made longer.  Stops
 * at the first byte that is none. */
static int only_zeros(struct psz_walk *w, bool *zeros, struct err *e)
{
    for (*zeros = true; *zeros;) {
        const uint8_t *p;
        ptrdiff_t n = input_peek(w->in, 1, &p, e);
        if (n < 0)
            return (int)n;
        if (n == 0)
            return 0;
        ptrdiff_t i = 0;
        while (i < n && p[i] == 0)
            i++;
        *zeros = i == n;
        input_consume(w->in, (size_t)i);
    }
    return 0;
}

/* Sets *f to the next whole block that folds over what came before, or that goes on where
 * the frames ended; `any` tells whether there was any frame at all.  `state` is that of
 * what stands here. */
static int search(struct psz_walk *w, int state, struct frame *f, bool *any,
                  struct err *e)
{
    uint64_t skipped;
    *any = state == FRAME_WHOLE;
    while (state != FRAME_NONE) {
        if (state != FRAME_WHOLE) {
            int r = frame_resync(&w->frames, &skipped, e);
            if (r <= 0)
                return r;
            *any = true;
        }
        state = frame_next(&w->frames, f, e);
        if (state < 0)
            return state;
        bool expected = f->type == PSZ_FRAME_BLOCK && !w->holding &&
                        f->number == (uint32_t)w->check.now.frames;
        if (state == FRAME_WHOLE && (expected || psz_check_is_fold(&w->check, f)))
            return 1;
    }
    return 0;
}

static int find_fold(struct psz_walk *w, struct frame *f, struct err *e)
{
    bool any;
    return search(w, FRAME_WHOLE, f, &any, e);
}

/* What stands here is no whole frame, and nobody asked to salvage.  Behind an end mark
 * it is the tail of an interrupted append, unless more frames follow. */
static int no_frame(struct psz_walk *w, enum frame_state state, uint64_t at,
                    struct psz_block *b, struct err *e)
{
    bool is_tail = state != FRAME_DAMAGED, any;
    if (w->check.now.last_end == 0)
        return is_tail ? cut(w, at, e) : damaged(w, at, "a check sum is wrong", e);
    if (!is_tail && w->holding)
        TRY(only_zeros(w, &is_tail, e));
    if (!is_tail) {
        struct frame f;
        int r = search(w, FRAME_DAMAGED, &f, &any, e);
        if (r < 0)
            return r;
        if (r == 1) {
            w->holding = false;
            return take_frame(w, &f, b, e);
        }
        is_tail = !any && !w->holding;
    }
    return is_tail ? tail(w, w->check.behind_end, e)
                   : damaged(w, at, "a check sum is wrong", e);
}

/* The same when salvaging: on to the next frame. */
static int pass_over(struct psz_walk *w, enum frame_state state, uint64_t at,
                     struct err *e)
{
    uint64_t skipped = 0;
    int r = state == FRAME_NONE ? 0 : frame_resync(&w->frames, &skipped, e);
    if (r < 0)
        return r;
    if (skipped > 0)
        TRY(lost(w, at, skipped, e));
    w->torn |= skipped > 0;
    w->gap |= skipped > 0;
    if (r == 1)
        return 0;
    w->ended = true;
    if (w->check.now.last_end != 0 && !w->check.open)
        return 0;
    return note_add(&w->notes, e, NOTE_NO_END_MARK, 0,
                    "the archive has no end mark behind block %llu: it was cut",
                    (unsigned long long)w->check.now.blocks);
}

int psz_walk_open(struct psz_walk *w, struct input *in, bool salvage, struct err *e)
{
    w->in = in;
    w->salvage = salvage;
    w->frames = (struct frame_reader){.in = in};
    const uint8_t *p;
    uint16_t major, minor;
    ptrdiff_t n = input_peek(w->in, FRAME_FILE_HEAD, &p, e);
    if (n < 0)
        return (int)n;
    if ((size_t)n < FRAME_FILE_HEAD && !w->salvage)
        return cut(w, (uint64_t)n, e);
    if ((size_t)n < FRAME_FILE_HEAD || !frame_file_head(p, magic, &major, &minor)) {
        if (!w->salvage)
            return damaged(w, 0, "the file's head is wrong", e);
        TRY(lost(w, 0, (size_t)n < FRAME_FILE_HEAD ? (uint64_t)n : FRAME_FILE_HEAD, e));
    } else if (major != PSZ_MAJOR) {
        err_hint(e, "read it with the newer poolsift that wrote it");
        return err_set(e, ERR_UNSUPPORTED,
                       "expected an archive of version %d, found version %u", PSZ_MAJOR,
                       (unsigned)major);
    }
    input_consume(w->in, (size_t)n < FRAME_FILE_HEAD ? (size_t)n : FRAME_FILE_HEAD);
    return 0;
}

static int advance(struct psz_walk *w, struct psz_block *b, struct err *e)
{
    struct frame f;
    int state = frame_next(&w->frames, &f, e);
    if (state < 0)
        return state;
    if (state == FRAME_WHOLE)
        return take_frame(w, &f, b, e);
    if (state == FRAME_NONE && w->check.now.last_end != 0 && !w->check.open) {
        w->ended = true;
        return 0;
    }
    if (w->salvage)
        return pass_over(w, (enum frame_state)state, f.offset, e);
    return no_frame(w, (enum frame_state)state, f.offset, b, e);
}

int psz_walk_next(struct psz_walk *w, struct psz_block *b, struct err *e)
{
    int r = 0;
    while (r == 0 && !w->ended)
        r = advance(w, b, e);
    return r;
}

void psz_walk_close(struct psz_walk *w)
{
    psz_check_free(&w->check);
    buf_free(&w->held);
    note_list_free(&w->notes);
}
