/* SPDX-License-Identifier: MIT */
#include "formats/psz/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "formats/psz/history.h"
#include "formats/psz/tail.h"
#include "formats/when.h"

struct psz_file {
    int fd;
    struct limits limits;
    struct psz_tail tail;
    struct buf frame;
    struct psz_decoder *dec;
    struct psz_tip tip;
    size_t tip_at; /* block of links that the tip is behind, + 1; 0 = none */
};

void psz_file_close(struct psz_file *f)
{
    if (f == NULL)
        return;
    if (f->fd >= 0)
        (void)close(f->fd);
    psz_tail_free(&f->tail);
    buf_free(&f->frame);
    psz_decoder_free(f->dec);
    psz_tip_free(&f->tip);
    free(f);
}

int psz_file_open(struct psz_file **out, const char *path, const struct limits *l,
                  struct err *e)
{
    struct err own = {0};
    *out = NULL;
    struct psz_file *f = calloc(1, sizeof *f);
    if (f == NULL)
        return err_nomem(e);
    f->limits = *l;
    do /* without waiting, should it have become a pipe */
        f->fd = open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    while (f->fd < 0 && errno == EINTR);
    int r = f->fd < 0 ? ERR_IO : psz_tail_quick(&f->tail, f->fd, &own);
    if (r == 0)
        r = psz_decoder_new(&f->dec, l, &own);
    uint64_t sum = 0;
    for (size_t i = 0; i < f->tail.all.n; i++)
        sum += f->tail.all.blocks[i].facts.snapshots;
    if (r == 0 && sum == f->tail.snapshots) {
        *out = f;
        return 0;
    }
    psz_file_close(f);
    return r == ERR_NOMEM ? err_nomem(e) : 0;
}

uint64_t psz_file_count(const struct psz_file *f)
{
    return f->tail.snapshots;
}

/* ---- blocks ---- */

static int read_block(struct psz_file *f, size_t i, struct frame *frame, struct err *e)
{
    const struct psz_index *all = &f->tail.all;
    const struct psz_index_block *b = &all->blocks[i];
    const uint64_t next = i + 1 < all->n ? all->blocks[i + 1].offset : f->tail.last_end;
    TRY(psz_tail_frame(f->fd, b->offset, &f->frame, frame, e));
    uint8_t type = b->facts.links ? PSZ_FRAME_LINKS : PSZ_FRAME_BLOCK;
    struct psz_stream_in in = {.p = frame->p, .end = frame->p + frame->n};
    if (frame->type != type || f->frame.n > next - b->offset ||
        psz_get(&in) != b->facts.snapshots)
        return psz_broken(e, "index");
    return 0;
}

/* Brings the tip to what stands before the links of block i. */
static int go_to_links(struct psz_file *f, size_t i, struct err *e)
{
    const struct psz_index_block *blocks = f->tail.all.blocks;
    const struct pool_snapshot *s;
    struct frame frame;
    size_t at = i;
    while (at > 0 && at != f->tip_at && blocks[at - 1].facts.links)
        at--;
    if (at != f->tip_at || at == 0) {
        f->tip_at = 0;
        psz_tip_clear(&f->tip);
        if (at > 0) {
            TRY(read_block(f, at - 1, &frame, e));
            TRY(psz_tip_begin(&f->tip, frame.p, frame.n, &f->limits, e));
        }
    }
    for (; at < i; at++) {
        struct psz_stream_in in;
        TRY(read_block(f, at, &frame, e));
        in = (struct psz_stream_in){.p = frame.p, .end = frame.p + frame.n};
        uint64_t n = psz_get(&in);
        (void)psz_get(&in);
        while (n-- > 0)
            TRY(psz_tip_next(&f->tip, &in, &f->limits, &s, e));
    }
    f->tip_at = 0;
    return 0;
}

/* Calls `on` for the captures of links in block i. */
static int each_link(struct psz_file *f, size_t i,
                     int (*on)(void *ctx, const struct pool_snapshot *s, struct err *e),
                     void *ctx, struct err *e)
{
    const struct pool_snapshot *s;
    struct frame frame;
    TRY(go_to_links(f, i, e));
    TRY(read_block(f, i, &frame, e));
    struct psz_stream_in in = {.p = frame.p, .end = frame.p + frame.n};
    uint64_t n = psz_get(&in);
    (void)psz_get(&in);
    for (; n > 0; n--) {
        TRY(psz_tip_next(&f->tip, &in, &f->limits, &s, e));
        TRY(on(ctx, s, e));
    }
    f->tip_at = i + 1;
    return psz_at_end(&in) ? 0 : psz_broken(e, "links");
}

/* ---- one capture ---- */

struct pick {
    uint64_t left; /* captures before it */
    struct pool_snapshot *s;
};

static int take(void *ctx, const struct pool_snapshot *s, struct err *e)
{
    struct pick *p = ctx;
    return p->left-- == 0 ? pool_snapshot_copy(p->s, s, e) : 0;
}

/* The very last one stands behind the end mark once more, when its lane is alone. */
static int at_once(struct psz_file *f, struct pool_snapshot *s, struct err *e)
{
    struct frame frame;
    struct err own = {0};
    if (f->tail.last == 0)
        return 0;
    int r = psz_tail_frame(f->fd, f->tail.last, &f->frame, &frame, &own);
    f->tip_at = 0;
    if (r == 0)
        r = psz_tip_load(&f->tip, frame.p, frame.n, &f->limits, &own);
    if (r < 0 || f->tip.n != 1)
        return r == ERR_NOMEM ? err_nomem(e) : 0;
    TRY(pool_snapshot_copy(s, &f->tip.v[0], e));
    return 1;
}

int psz_file_at(struct psz_file *f, uint64_t number, struct pool_snapshot *s,
                struct err *e)
{
    const struct psz_index *all = &f->tail.all;
    struct pick p = {.left = number - 1, .s = s};
    struct frame frame;
    size_t i = 0;
    int r = number == f->tail.snapshots ? at_once(f, s, e) : 0;
    if (r != 0)
        return r < 0 ? r : 0;
    while (i < all->n && p.left >= all->blocks[i].facts.snapshots)
        p.left -= all->blocks[i++].facts.snapshots;
    if (i == all->n)
        return err_set(e, ERR_BUG, "a capture beyond the end was asked for");
    if (all->blocks[i].facts.links)
        return each_link(f, i, take, &p, e);
    TRY(read_block(f, i, &frame, e));
    TRY(psz_decode_at(f->dec, frame.p, frame.n, (uint32_t)p.left, e));
    r = psz_decode_next(f->dec, s, e);
    return r == 0 ? psz_broken(e, "index") : r < 0 ? r : 0;
}

/* ---- the latest at a time ---- */

/* No capture that is wanted is before this time. */
static int64_t least_time(const struct psz_index *all, int64_t ms)
{
    int64_t least = INT64_MIN;
    for (size_t i = 0; i < all->n; i++) {
        const struct psz_block_facts *b = &all->blocks[i].facts;
        int64_t has = b->last_time <= ms ? b->last_time : b->first_time;
        least = has <= ms && has > least ? has : least;
    }
    return least;
}

struct latest {
    int64_t ms, best;
    uint64_t number, found; /* of the capture at hand; of the best */
};

static int compare(void *ctx, const struct psz_point *p, struct err *e)
{
    struct latest *l = ctx;
    (void)e;
    l->number++;
    int64_t t = when_order_ms(&p->s->time);
    if (t <= l->ms && (l->found == 0 || t >= l->best)) {
        l->best = t;
        l->found = l->number;
    }
    return 0;
}

static int compare_link(void *ctx, const struct pool_snapshot *s, struct err *e)
{
    return compare(ctx, &(struct psz_point){.s = s}, e);
}

int psz_file_latest(struct psz_file *f, int64_t ms, uint64_t *number, struct err *e)
{
    const struct psz_index *all = &f->tail.all;
    struct latest l = {.ms = ms};
    uint64_t before = 0;
    *number = 0;
    for (size_t i = 0; i < all->n; i++)
        if (all->blocks[i].facts.untimed || all->blocks[i].facts.odd)
            return 0;
    if (f->tail.minor == 0) /* such archives do not say what is odd */
        return 0;
    int64_t least = least_time(all, ms);
    for (size_t i = 0; i < all->n; before += all->blocks[i++].facts.snapshots) {
        const struct psz_block_facts *b = &all->blocks[i].facts;
        struct frame frame;
        if (b->first_time > ms || b->last_time < least)
            continue;
        l.number = before;
        if (b->snapshots == 1 || b->first_time == b->last_time) {
            l.number = before + b->snapshots;
            l.best = b->last_time;
            l.found = l.number;
            continue;
        }
        if (b->links) {
            TRY(each_link(f, i, compare_link, &l, e));
            continue;
        }
        TRY(read_block(f, i, &frame, e));
        int r = psz_block_heads(f->dec, frame.p, frame.n, compare, &l, e);
        if (r <= 0)
            return r;
    }
    *number = l.found;
    return 0;
}

/* ---- history ---- */

struct following {
    const struct psz_want *want;
    int (*on)(void *ctx, const struct psz_point *p, struct err *e);
    void *ctx;
    uint64_t number;
};

static int number_point(void *ctx, const struct psz_point *p, struct err *e)
{
    struct following *x = ctx;
    struct psz_point numbered = *p;
    numbered.number = ++x->number;
    return x->on(x->ctx, &numbered, e);
}

static int follow_link(void *ctx, const struct pool_snapshot *s, struct err *e)
{
    struct following *x = ctx;
    struct pool_row row;
    const struct pool_row *found = psz_history_row(s, x->want, &row) ? &row : NULL;
    return number_point(x, &(struct psz_point){.s = s, .row = found}, e);
}

int psz_history(struct psz_file *f, const struct psz_want *want,
                int (*on)(void *ctx, const struct psz_point *p, struct err *e), void *ctx,
                struct err *e)
{
    const struct psz_index *all = &f->tail.all;
    struct following x = {.want = want, .on = on, .ctx = ctx};
    struct frame frame;
    for (size_t i = 0; i < all->n; i++) {
        if (all->blocks[i].facts.links) {
            TRY(each_link(f, i, follow_link, &x, e));
            continue;
        }
        TRY(read_block(f, i, &frame, e));
        TRY(psz_block_history(f->dec, frame.p, frame.n, want, number_point, &x, e));
    }
    return 0;
}
