/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "formats/psz/appender.h"
#include "formats/psz/psz.h"
#include "formats/when.h"

/* Whether the path still names the open file. */
static bool is_named(const struct psz_appender *a)
{
    struct stat mine, there;
    return fstat(a->fd, &mine) == 0 && stat(a->path, &there) == 0 &&
           mine.st_ino == there.st_ino && mine.st_dev == there.st_dev;
}

static void appender_free(struct psz_appender *a)
{
    if (a == NULL)
        return;
    if (a->made && a->tail.snapshots == 0 && is_named(a))
        (void)unlink(a->path); /* nothing came of it */
    if (a->fd >= 0)
        (void)close(a->fd); /* which also gives up the lock */
    psz_tail_free(&a->tail);
    psz_encoder_free(a->enc);
    psz_index_free(&a->fresh);
    buf_free(&a->frame);
    buf_free(&a->block);
    buf_free(&a->links);
    psz_texts_free(&a->hosts);
    psz_tip_free(&a->tip);
    psz_known_free(&a->known);
    free(a->loaded);
    free(a->path);
    free(a);
}

/* ---- opening ---- */

static int open_retried(const char *path, int how)
{
    int fd;
    do
        fd = open(path, how | O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);
    while (fd < 0 && errno == EINTR);
    return fd;
}

/* A link that leads nowhere is there and is not. */
static int open_or_make(struct psz_appender *a, bool *made, struct err *e)
{
    a->fd = open_retried(a->path, 0);
    if (a->fd < 0 && errno == ENOENT) {
        a->fd = open_retried(a->path, O_CREAT | O_EXCL);
        *made = a->fd >= 0;
        if (a->fd < 0 && errno == EEXIST)
            a->fd = open_retried(a->path, O_CREAT);
    }
    return a->fd < 0 ? err_io(e, errno, "cannot open %s for appending", a->path) : 0;
}

/* Takes the lock on the file that the path names now, not on one that was replaced. */
static int lock_file(struct psz_appender *a, struct err *e)
{
    struct stat mine;
    bool made = false;
    int r;
    TRY(open_or_make(a, &made, e));
    do
        r = flock(a->fd, LOCK_EX | LOCK_NB);
    while (r != 0 && errno == EINTR);
    if (r != 0) {
        if (errno != EWOULDBLOCK)
            return err_io(e, errno, "cannot lock %s", a->path);
        err_hint(e, "wait until it has ended, then append again");
        return err_set(e, ERR_IO, "%s is being written by another process", a->path);
    }
    if (fstat(a->fd, &mine) != 0)
        return err_io(e, errno, "cannot look at %s", a->path);
    if (!S_ISREG(mine.st_mode))
        return err_set(e, ERR_IO, "%s is no ordinary file", a->path);
    if (!is_named(a))
        return err_set(e, ERR_IO, "%s was replaced meanwhile; append again", a->path);
    /* Between its making and this lock another may have written to it. */
    a->made = made && mine.st_size == 0;
    return 0;
}

/* What an empty archive consists of: head and end mark. */
static int empty_archive(struct buf *out, struct err *e)
{
    static const uint8_t magic[FRAME_MAGIC] = PSZ_MAGIC;
    struct psz_index none = {0};
    struct buf end = {0};
    int r = frame_put_file_head(out, magic, PSZ_MAJOR, PSZ_MINOR, e);
    if (r == 0)
        r = psz_frame_end(&none, 0, &end, e);
    if (r == 0)
        r = buf_append(out, end.p, end.n, e);
    buf_free(&end);
    return r;
}

/* A new file, or one whose very first bytes were cut short, becomes an empty archive. */
static int begin_file(struct psz_appender *a, struct err *e)
{
    struct stat st;
    if (fstat(a->fd, &st) != 0)
        return err_io(e, errno, "cannot look at %s", a->path);
    uint64_t size = (uint64_t)st.st_size;
    uint8_t there[128];
    struct buf fresh = {0};
    int r = empty_archive(&fresh, e);
    if (r == 0 && size < fresh.n && fresh.n <= sizeof there) {
        size_t n = (size_t)size;
        r = psz_tail_read(a->fd, 0, there, &n, e);
        if (r == 0 && n == size && memcmp(there, fresh.p, n) == 0) {
            a->tail.size = 0;
            r = psz_append_write(a, fresh.p, fresh.n, 0, e);
            if (r == 0)
                r = psz_append_sync(a, e);
        }
    }
    buf_free(&fresh);
    return r;
}

/* A fold that was stopped before it was in its place. */
static int finish_fold(struct psz_appender *a, struct err *e)
{
    const struct psz_index *all = &a->tail.all;
    if (all->n == 0 || all->blocks[all->n - 1].facts.links ||
        all->blocks[all->n - 1].behind == 0)
        return 0;
    const struct psz_index_block *b = &all->blocks[all->n - 1];
    a->fresh.before = b->behind;
    a->fresh.snapshots = a->tail.snapshots;
    TRY(psz_index_add(&a->fresh, b->offset, &b->facts, e));
    for (size_t i = 0; i < b->n_hosts; i++)
        TRY(psz_index_add_host(
            &a->fresh, psz_text(&all->hosts, all->host_of[b->first_host + i]), e));
    TRY(psz_append_reclaim(a, e));
    all->blocks[all->n - 1].offset = a->fresh.blocks[0].offset;
    return 0;
}

int psz_append_open(struct psz_appender **out, const char *path,
                    struct psz_append_facts *facts, struct err *e)
{
    struct psz_appender *a = calloc(1, sizeof *a);
    if (a == NULL)
        return err_nomem(e);
    a->fd = -1;
    size_t n = strlen(path) + 1;
    a->path = malloc(n);
    int r = a->path == NULL ? err_nomem(e) : 0;
    if (r == 0) {
        memcpy(a->path, path, n);
        r = lock_file(a, e);
    }
    if (r == 0)
        r = begin_file(a, e);
    if (r == 0)
        r = psz_tail_find(&a->tail, a->fd, path, e);
    uint64_t cut = r == 0 ? a->tail.size - a->tail.end : 0;
    if (cut > 0)
        r = psz_append_cut(a, a->tail.end, e);
    if (r == 0)
        r = finish_fold(a, e);
    if (r == 0)
        r = psz_encoder_new(&a->enc, e);
    if (r == 0) {
        a->loaded = calloc(a->tail.all.n + 1, sizeof *a->loaded);
        r = a->loaded == NULL ? err_nomem(e) : 0;
    }
    if (r < 0) {
        err_place(e, path, 0);
        appender_free(a);
        return r;
    }
    facts->snapshots_before = a->tail.snapshots;
    facts->tail_cut_bytes = cut;
    *out = a;
    return 0;
}

/* ---- duplicates ---- */

static bool block_may_have(const struct psz_index *ix, const struct psz_index_block *b,
                           const struct pool_snapshot *s, int64_t time)
{
    bool when =
        s->time.source == TIME_NONE
            ? b->facts.untimed
            : b->facts.timed && b->facts.first_time <= time && time <= b->facts.last_time;
    const char *host = pool_snapshot_str(s, s->host);
    for (size_t i = 0; i < b->n_hosts && when; i++)
        if (strcmp(psz_text(&ix->hosts, ix->host_of[b->first_host + i]), host) == 0)
            return true;
    return false;
}

static int know(struct psz_appender *a, const struct pool_snapshot *s, struct err *e)
{
    return psz_known_add(&a->known, psz_mark_of(s), e);
}

/* All links at once: each needs those before it. */
static int load_links(struct psz_appender *a, struct err *e)
{
    for (size_t i = psz_first_link(a); i < a->tail.all.n; i++)
        a->loaded[i] = true;
    if (a->pending.snapshots == 0)
        return psz_replay(a, know, e);
    struct psz_tip now = a->tip; /* is ahead of the file */
    a->tip = (struct psz_tip){0};
    int r = psz_replay(a, know, e);
    psz_tip_free(&a->tip);
    a->tip = now;
    return r;
}

static int load_block(struct psz_appender *a, size_t i, struct err *e)
{
    const struct limits limits = LIMITS_DEFAULT;
    struct psz_decoder *dec = NULL;
    struct pool_snapshot s = {0};
    struct frame f;
    if (a->tail.all.blocks[i].facts.links)
        return load_links(a, e);
    TRY(psz_tail_frame(a->fd, a->tail.all.blocks[i].offset, &a->frame, &f, e));
    int r = psz_decoder_new(&dec, &limits, e);
    if (r == 0)
        r = psz_decode_open(dec, f.p, f.n, e);
    while (r == 0) {
        r = psz_decode_next(dec, &s, e);
        if (r <= 0)
            break;
        r = know(a, &s, e);
    }
    a->loaded[i] = r == 0;
    pool_snapshot_free(&s);
    psz_decoder_free(dec);
    return r;
}

int psz_append_has(struct psz_appender *a, const struct pool_snapshot *s, bool *has,
                   struct err *e)
{
    int64_t time = s->time.source == TIME_NONE ? 0 : when_order_ms(&s->time);
    const struct psz_index *all = &a->tail.all;
    for (size_t i = 0; i < all->n; i++)
        if (!a->loaded[i] && block_may_have(all, &all->blocks[i], s, time))
            TRY(load_block(a, i, e));
    *has = psz_known_has(&a->known, psz_mark_of(s));
    return 0;
}

/* ---- writing ---- */

int psz_append_snapshot(struct psz_appender *a, const struct pool_snapshot *s,
                        struct err *e)
{
    TRY(psz_append_one(a, s, e));
    return know(a, s, e);
}

int psz_append_end(struct psz_appender *a, struct err *e)
{
    int r = psz_append_commit(a, e);
    if (r == 0)
        r = psz_append_sync(a, e);
    if (r == 0)
        r = psz_append_last(a, e);
    a->made = a->made && r < 0;
    if (r < 0)
        err_place(e, a->path, 0);
    psz_append_abort(a);
    return r;
}

void psz_append_abort(struct psz_appender *a)
{
    if (a == NULL)
        return;
    /* If this fails readers pass over the tail. */
    int cut = a->tail.size > a->tail.end ? psz_append_cut(a, a->tail.end, NULL) : 0;
    (void)cut;
    appender_free(a);
}
