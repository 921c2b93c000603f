/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "formats/psz/appender.h"

static const struct limits limits = LIMITS_DEFAULT;

/* ---- the file ---- */

int psz_append_write(struct psz_appender *a, const uint8_t *p, size_t n, uint64_t at,
                     struct err *e)
{
    while (n > 0) {
        ssize_t some = pwrite(a->fd, p, n, (off_t)at);
        if (some < 0 && errno == EINTR)
            continue;
        if (some <= 0)
            return err_io(e, some < 0 ? errno : EIO, "cannot write %s", a->path);
        p += some;
        n -= (size_t)some;
        at += (uint64_t)some;
        a->tail.size = at > a->tail.size ? at : a->tail.size;
    }
    return 0;
}

int psz_append_sync(struct psz_appender *a, struct err *e)
{
    int r;
    do
        r = fsync(a->fd);
    while (r != 0 && errno == EINTR);
    return r == 0 ? 0 : err_io(e, errno, "cannot write %s", a->path);
}

int psz_append_cut(struct psz_appender *a, uint64_t size, struct err *e)
{
    int r;
    do
        r = ftruncate(a->fd, (off_t)size);
    while (r != 0 && errno == EINTR);
    if (r != 0)
        return err_io(e, errno, "cannot shorten %s", a->path);
    a->tail.size = size;
    return 0;
}

/* ---- the open links ---- */

size_t psz_first_link(const struct psz_appender *a)
{
    const struct psz_index *all = &a->tail.all;
    size_t i = all->n;
    while (i > 0 && all->blocks[i - 1].facts.links)
        i--;
    return i;
}

static uint64_t linked_captures(const struct psz_appender *a)
{
    const struct psz_index *all = &a->tail.all;
    uint64_t n = 0;
    for (size_t i = psz_first_link(a); i < all->n; i++)
        n += all->blocks[i].facts.snapshots;
    return n;
}

static int replay_links(struct psz_appender *a, struct psz_stream_in in, uint64_t n,
                        psz_on_link *on, struct err *e)
{
    const struct pool_snapshot *s;
    for (; n > 0; n--) {
        TRY(psz_tip_next(&a->tip, &in, &limits, &s, e));
        if (on != NULL)
            TRY(on(a, s, e));
    }
    return psz_at_end(&in) ? 0 : psz_broken(e, "links");
}

int psz_replay(struct psz_appender *a, psz_on_link *on, struct err *e)
{
    const struct psz_index *all = &a->tail.all;
    size_t first = psz_first_link(a);
    struct frame f;
    psz_tip_clear(&a->tip);
    if (first > 0) {
        TRY(psz_tail_frame(a->fd, all->blocks[first - 1].offset, &a->block, &f, e));
        TRY(psz_tip_begin(&a->tip, f.p, f.n, &limits, e));
    }
    for (size_t i = first; i < all->n; i++) {
        TRY(psz_tail_frame(a->fd, all->blocks[i].offset, &a->block, &f, e));
        struct psz_stream_in in = {.p = f.p, .end = f.p + f.n};
        uint64_t n = psz_get(&in);
        (void)psz_get(&in);
        TRY(replay_links(a, in, n, on, e));
    }
    return 0;
}

/* The archive's last captures: from the copy at its end, else the long way. */
static int load_tip(struct psz_appender *a, struct err *e)
{
    struct frame f;
    struct err own = {0};
    int r = ERR_FORMAT;
    if (a->tail.last != 0)
        r = psz_tail_frame(a->fd, a->tail.last, &a->block, &f, &own);
    if (r == 0)
        r = psz_tip_load(&a->tip, f.p, f.n, &limits, &own);
    if (r == ERR_NOMEM)
        return err_nomem(e);
    if (r < 0)
        TRY(psz_replay(a, NULL, e));
    a->linking = true;
    return 0;
}

/* ---- what is appended ---- */

static bool may_link(const struct psz_appender *a)
{
    return a->tail.all.n > 0 && a->pending.snapshots < PSZ_LINKS_AT_ONCE &&
           linked_captures(a) + a->pending.snapshots + 1 < PSZ_LINKS_MAX &&
           a->tip.n < PSZ_LANES_MAX;
}

static int add_link(struct psz_appender *a, const struct pool_snapshot *s, struct err *e)
{
    uint32_t number;
    if (!a->linking)
        TRY(load_tip(a, e));
    TRY(psz_tip_add(&a->tip, s, &a->links, e));
    psz_facts_add(&a->pending, s);
    a->pending.links = true;
    return psz_texts_put(&a->hosts, pool_snapshot_str(s, s->host), &number, e);
}

/* One of the open links, which count in one block or not at all. */
static int encode_link(struct psz_appender *a, const struct pool_snapshot *s,
                       struct err *e)
{
    if (psz_encoder_full(a->enc))
        return err_set(e, ERR_LIMIT, "the open links are too many for one block");
    return psz_encode(a->enc, s, e);
}

/* One that is new: it begins the next block where this one is full. */
static int encode_new(struct psz_appender *a, const struct pool_snapshot *s,
                      struct err *e)
{
    if (psz_encoder_full(a->enc))
        TRY(psz_append_commit(a, e));
    return psz_encode(a->enc, s, e);
}

static int restart_encoder(struct psz_appender *a, struct err *e)
{
    psz_encoder_free(a->enc);
    a->enc = NULL;
    return psz_encoder_new(&a->enc, e);
}

/* From now on blocks, of which the first takes up the open links: it comes to count in
 * their place at once, so links too many for a block stay. */
static int begin_blocks(struct psz_appender *a, struct err *e)
{
    struct err own = {0};
    int r = psz_replay(a, encode_link, &own);
    if (r == ERR_LIMIT) {
        TRY(restart_encoder(a, e));
        r = psz_replay(a, NULL, e);
    } else if (r < 0 && e != NULL) {
        *e = own;
    }
    if (r < 0)
        return r;
    a->fold = !psz_encoder_empty(a->enc);
    a->blocks = true;
    if (a->pending.snapshots > 0) { /* else there may be no bytes at all */
        struct psz_stream_in in = {.p = a->links.p, .end = a->links.p + a->links.n};
        TRY(replay_links(a, in, a->pending.snapshots, encode_new, e));
    }
    a->links.n = 0;
    a->pending = (struct psz_block_facts){0};
    return 0;
}

int psz_append_one(struct psz_appender *a, const struct pool_snapshot *s, struct err *e)
{
    if (!a->blocks && may_link(a))
        return add_link(a, s, e);
    if (!a->blocks)
        TRY(begin_blocks(a, e));
    return encode_new(a, s, e);
}

/* ---- frames ---- */

static int make_links(struct psz_appender *a, uint32_t number, struct err *e)
{
    struct psz_index *ix = &a->fresh;
    TRY(psz_index_add(ix, a->tail.size, &a->pending, e));
    for (size_t i = 0; i == 0 || i < a->hosts.n; i++)
        TRY(psz_index_add_host(ix, psz_text(&a->hosts, (uint32_t)i), e));
    TRY(frame_begin(&a->block, e));
    TRY(buf_varint(&a->block, a->pending.snapshots, e));
    TRY(buf_varint(&a->block, a->pending.rows, e));
    TRY(buf_append(&a->block, a->links.p, a->links.n, e));
    TRY(frame_finish(&a->block, PSZ_FRAME_LINKS, number, e));
    ix->snapshots += a->pending.snapshots;
    a->links.n = 0;
    a->pending = (struct psz_block_facts){0};
    return 0;
}

/* The number of the first link's frame, which the fold takes over. */
static int fold_number(struct psz_appender *a, uint32_t *number, struct err *e)
{
    struct frame f;
    uint64_t at = a->tail.all.blocks[psz_first_link(a)].offset;
    TRY(psz_tail_frame(a->fd, at, &a->block, &f, e));
    *number = f.number;
    return 0;
}

static int write_end(struct psz_appender *a, uint32_t number, uint64_t at, struct err *e)
{
    TRY(psz_frame_end(&a->fresh, number, &a->frame, e));
    TRY(psz_append_write(a, a->frame.p, a->frame.n, at, e));
    a->tail.frames = number + 1;
    a->tail.last_end = at;
    a->tail.behind_end = a->tail.end = at + a->frame.n;
    a->tail.snapshots = a->fresh.snapshots;
    return 0;
}

int psz_append_commit(struct psz_appender *a, struct err *e)
{
    uint32_t number = a->tail.frames;
    if (psz_encoder_empty(a->enc) && a->pending.snapshots == 0)
        return 0;
    psz_index_clear(&a->fresh);
    a->fresh.before = a->tail.last_end;
    a->fresh.snapshots = a->tail.snapshots;
    if (a->fold) {
        TRY(fold_number(a, &number, e));
        a->fresh.before = a->tail.all.blocks[psz_first_link(a)].behind;
        a->fresh.snapshots -= linked_captures(a);
    }
    if (a->tail.size > a->tail.behind_end) { /* the last captures, which will be others */
        a->tail.end = a->tail.behind_end;
        TRY(psz_append_cut(a, a->tail.end, e));
    }
    if (a->blocks)
        TRY(psz_frame_block(a->enc, &a->fresh, a->tail.size, number, &a->block, e));
    else
        TRY(make_links(a, number, e));
    TRY(psz_append_write(a, a->block.p, a->block.n, a->tail.size, e));
    TRY(psz_append_sync(a, e));
    TRY(write_end(a, number + 1, a->tail.size, e));
    if (!a->fold)
        return 0;
    a->fold = false;
    return psz_append_reclaim(a, e);
}

/* ---- behind the end mark ---- */

int psz_append_last(struct psz_appender *a, struct err *e)
{
    if (!a->linking || a->blocks || a->tail.size != a->tail.behind_end)
        return 0;
    TRY(psz_tip_save(&a->tip, a->tail.size, a->tail.frames, &a->frame, e));
    TRY(psz_append_write(a, a->frame.p, a->frame.n, a->tail.size, e));
    a->tail.end = a->tail.size;
    return 0;
}

/* ---- the place of what was folded ---- */

/* Where the frame at that offset ends. */
static int behind_frame(struct psz_appender *a, uint64_t at, uint64_t *end, struct err *e)
{
    struct frame f;
    TRY(psz_tail_frame(a->fd, at, &a->frame, &f, e));
    *end = at + FRAME_HEAD + f.n + FRAME_TAIL;
    return 0;
}

/* a->fresh lists the fold alone.  It stays whole where it is until its copy is safe, and
 * readers find it there if the copy is torn. */
int psz_append_reclaim(struct psz_appender *a, struct err *e)
{
    struct psz_index_block *b = &a->fresh.blocks[0];
    uint64_t to, from = b->offset;
    struct frame f;
    TRY(behind_frame(a, a->fresh.before, &to, e));
    if (to == from)
        return 0;
    TRY(psz_tail_frame(a->fd, from, &a->block, &f, e));
    b->offset = to;
    TRY(psz_frame_end(&a->fresh, f.number + 1, &a->frame, e));
    if (from < to || a->block.n + a->frame.n > from - to) {
        b->offset = from;
        return 0;
    }
    TRY(psz_append_sync(a, e));
    uint64_t size = a->tail.size;
    TRY(psz_append_write(a, a->block.p, a->block.n, to, e));
    TRY(write_end(a, f.number + 1, to + a->block.n, e));
    a->tail.end = size; /* until the copy is safe */
    TRY(psz_append_sync(a, e));
    a->tail.end = a->tail.behind_end;
    return psz_append_cut(a, a->tail.end, e);
}
