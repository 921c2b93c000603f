/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "formats/psz/columns.h"
#include "formats/psz/format.h"
#include "formats/psz/known.h"
#include "formats/psz/psz.h"
#include "formats/psz/tail.h"
#include "formats/when.h"

struct psz_appender {
    char *path;
    int fd;
    struct psz_tail tail; /* where the file stands */
    struct psz_encoder *enc;
    struct psz_index fresh; /* of the end mark to come */
    struct buf frame;
    bool *loaded; /* for each block of tail.all: its marks are known */
    struct psz_known known;
};

static void appender_free(struct psz_appender *a)
{
    if (a == NULL)
        return;
    if (a->fd >= 0)
        (void)close(a->fd); /* which also gives up the lock */
    psz_tail_free(&a->tail);
    psz_encoder_free(a->enc);
    psz_index_free(&a->fresh);
    buf_free(&a->frame);
    psz_known_free(&a->known);
    free(a->loaded);
    free(a->path);
    free(a);
}

/* ---- opening ---- */

/* Takes the lock on the file that the path names now, not on one that was replaced. */
static int lock_file(struct psz_appender *a, struct err *e)
{
    struct stat mine, there;
    a->fd = open(a->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (a->fd < 0)
        return err_io(e, errno, "cannot open %s for appending", a->path);
    if (flock(a->fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK)
            return err_io(e, errno, "cannot lock %s", a->path);
        err_hint(e, "wait until it has ended, then append again");
        return err_set(e, ERR_IO, "%s is being written by another process", a->path);
    }
    if (fstat(a->fd, &mine) != 0 || stat(a->path, &there) != 0)
        return err_io(e, errno, "cannot look at %s", a->path);
    if (!S_ISREG(mine.st_mode))
        return err_set(e, ERR_IO, "%s is no ordinary file", a->path);
    if (mine.st_ino != there.st_ino || mine.st_dev != there.st_dev)
        return err_set(e, ERR_IO, "%s was replaced meanwhile; append again", a->path);
    return 0;
}

static int write_all(struct psz_appender *a, const uint8_t *p, size_t n, struct err *e)
{
    while (n > 0) {
        ssize_t some = pwrite(a->fd, p, n, (off_t)a->tail.size);
        if (some < 0 && errno == EINTR)
            continue;
        if (some < 0)
            return err_io(e, errno, "cannot write %s", a->path);
        p += some;
        n -= (size_t)some;
        a->tail.size += (uint64_t)some;
    }
    return 0;
}

static int sync_file(struct psz_appender *a, struct err *e)
{
    return fsync(a->fd) == 0 ? 0 : err_io(e, errno, "cannot write %s", a->path);
}

static int cut_file(struct psz_appender *a, uint64_t size, struct err *e)
{
    if (ftruncate(a->fd, (off_t)size) != 0)
        return err_io(e, errno, "cannot shorten %s", a->path);
    a->tail.size = size;
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
        ssize_t n = pread(a->fd, there, (size_t)size, 0);
        if (n < 0)
            r = err_io(e, errno, "cannot read %s", a->path);
        else if ((uint64_t)n == size && memcmp(there, fresh.p, (size_t)n) == 0) {
            a->tail.size = 0;
            r = write_all(a, fresh.p, fresh.n, e);
            if (r == 0)
                r = sync_file(a, e);
        }
    }
    buf_free(&fresh);
    return r;
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
        r = cut_file(a, a->tail.end, e);
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

static int load_block(struct psz_appender *a, size_t i, struct err *e)
{
    const struct limits limits = LIMITS_DEFAULT;
    struct psz_decoder *dec = NULL;
    struct pool_snapshot s = {0};
    struct frame f;
    TRY(psz_tail_frame(a->fd, a->tail.all.blocks[i].offset, &a->frame, &f, e));
    int r = psz_decoder_new(&dec, &limits, e);
    if (r == 0)
        r = psz_decode_open(dec, f.p, f.n, e);
    while (r == 0) {
        r = psz_decode_next(dec, &s, e);
        if (r <= 0)
            break;
        r = psz_known_add(&a->known, psz_mark_of(&s), e);
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

/* Makes the block count: it is safe on disk before its end mark is written. */
static int commit(struct psz_appender *a, struct err *e)
{
    if (psz_encoder_empty(a->enc))
        return 0;
    psz_index_clear(&a->fresh);
    a->fresh.before = a->tail.last_end;
    a->fresh.snapshots = a->tail.snapshots;
    TRY(psz_frame_block(a->enc, &a->fresh, a->tail.size, a->tail.frames, &a->frame, e));
    TRY(write_all(a, a->frame.p, a->frame.n, e));
    TRY(sync_file(a, e));
    uint64_t end_at = a->tail.size;
    TRY(psz_frame_end(&a->fresh, a->tail.frames + 1, &a->frame, e));
    TRY(write_all(a, a->frame.p, a->frame.n, e));
    a->tail.frames += 2;
    a->tail.last_end = end_at;
    a->tail.end = a->tail.size;
    a->tail.snapshots = a->fresh.snapshots;
    return 0;
}

int psz_append_snapshot(struct psz_appender *a, const struct pool_snapshot *s,
                        struct err *e)
{
    if (psz_encoder_full(a->enc))
        TRY(commit(a, e));
    TRY(psz_encode(a->enc, s, e));
    return psz_known_add(&a->known, psz_mark_of(s), e);
}

int psz_append_end(struct psz_appender *a, struct err *e)
{
    int r = commit(a, e);
    if (r == 0)
        r = sync_file(a, e);
    if (r < 0)
        err_place(e, a->path, 0);
    psz_append_abort(a);
    return r;
}

void psz_append_abort(struct psz_appender *a)
{
    if (a == NULL)
        return;
    if (a->tail.size > a->tail.end)
        (void)cut_file(a, a->tail.end, NULL); /* readers pass over it if this fails */
    appender_free(a);
}
