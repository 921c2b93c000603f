/* SPDX-License-Identifier: MIT */
#include "formats/psz/tail.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "formats/limits.h"
#include "formats/psz/format.h"
#include "formats/psz/stream.h"
#include "formats/psz/walk.h"

static const uint8_t magic[FRAME_MAGIC] = PSZ_MAGIC;

void psz_tail_free(struct psz_tail *t)
{
    psz_index_free(&t->all);
}

int psz_tail_read(int fd, uint64_t offset, uint8_t *p, size_t *n, struct err *e)
{
    const size_t most = *n;
    if (offset > (uint64_t)INT64_MAX - most)
        return err_set(e, ERR_FORMAT, "an offset lies outside the archive");
    for (*n = 0; *n < most;) {
        ssize_t some = pread(fd, p + *n, most - *n, (off_t)(offset + *n));
        if (some < 0 && errno == EINTR)
            continue;
        if (some < 0)
            return err_io(e, errno, "cannot read the archive");
        if (some == 0)
            break;
        *n += (size_t)some;
    }
    return 0;
}

/* Reads n bytes; fewer at the end of the file are ERR_FORMAT. */
static int read_at(int fd, uint64_t offset, uint8_t *p, size_t n, struct err *e)
{
    size_t got = n;
    TRY(psz_tail_read(fd, offset, p, &got, e));
    return got == n ? 0 : err_set(e, ERR_FORMAT, "the archive ends inside a block");
}

int psz_tail_frame(int fd, uint64_t offset, struct buf *b, struct frame *f, struct err *e)
{
    b->n = 0;
    TRY(buf_reserve(b, FRAME_HEAD, e));
    TRY(read_at(fd, offset, b->p, FRAME_HEAD, e));
    struct stat st;
    if (fstat(fd, &st) != 0)
        return err_io(e, errno, "cannot look at the archive");
    bool sound = frame_head(b->p, f) && f->n <= (uint64_t)st.st_size;
    size_t whole = sound ? FRAME_HEAD + f->n + FRAME_TAIL : FRAME_HEAD;
    TRY(buf_reserve(b, whole, e));
    if (sound)
        TRY(read_at(fd, offset + FRAME_HEAD, b->p + FRAME_HEAD, whole - FRAME_HEAD, e));
    b->n = whole;
    if (!sound || !frame_whole(b->p, whole, f)) {
        err_hint(e, "poolsift convert --salvage makes a new archive of what is whole");
        return err_set(e, ERR_FORMAT, "the archive is damaged at byte %llu",
                       (unsigned long long)offset);
    }
    f->offset = offset;
    return 0;
}

/* End marks, and what may stand behind one, say their own length in their last bytes, so
 * they can be found from behind: the frame that ends at `end`, 0 when there is none. */
static int frame_before(int fd, uint64_t end, struct buf *b, struct frame *f,
                        uint64_t *offset, struct err *e)
{
    uint8_t last[4 + FRAME_TAIL];
    *offset = 0;
    if (end < FRAME_FILE_HEAD + FRAME_HEAD + sizeof last)
        return 0;
    TRY(read_at(fd, end - sizeof last, last, sizeof last, e));
    uint64_t whole = (uint64_t)FRAME_HEAD + le32(last) + FRAME_TAIL;
    if (whole > end - FRAME_FILE_HEAD || le32(last) > FRAME_PAYLOAD_MAX)
        return 0;
    b->n = 0;
    TRY(buf_reserve(b, (size_t)whole, e));
    TRY(read_at(fd, end - whole, b->p, (size_t)whole, e));
    if (frame_whole(b->p, (size_t)whole, f))
        *offset = end - whole;
    return 0;
}

static int end_mark_at_end(struct psz_tail *t, int fd, struct buf *b, bool *found,
                           struct err *e)
{
    uint8_t head[FRAME_FILE_HEAD];
    uint16_t major;
    uint64_t at, end = t->size;
    struct frame f;
    *found = false;
    if (t->size < FRAME_FILE_HEAD)
        return 0;
    TRY(read_at(fd, 0, head, sizeof head, e));
    if (!frame_file_head(head, magic, &major, &t->minor) || major != PSZ_MAJOR)
        return 0;
    TRY(frame_before(fd, end, b, &f, &at, e));
    if (at != 0 && f.type == PSZ_FRAME_LAST) {
        t->last = end = at;
        TRY(frame_before(fd, end, b, &f, &at, e));
    }
    if (at == 0 || f.type != PSZ_FRAME_END)
        return 0;
    t->last_end = at;
    t->behind_end = end;
    t->end = t->size;
    *found = true;
    return 0;
}

/* The careful way: through all frames, as a reader would go. */
static int walk_to_end(struct psz_tail *t, int fd, const char *name, struct err *e)
{
    const struct limits limits = LIMITS_DEFAULT;
    struct input_raw raw;
    struct input *in = NULL;
    struct psz_walk w = {0};
    struct psz_block b;
    uint8_t first[FRAME_MAGIC];
    size_t n = sizeof first;
    TRY(psz_tail_read(fd, 0, first, &n, e));
    if (!psz_magic(first, n)) {
        err_hint(e, "without --append, convert replaces the file");
        return err_set(e, ERR_FORMAT, "%s is no archive that could be appended to", name);
    }
    if (lseek(fd, 0, SEEK_SET) < 0)
        return err_io(e, errno, "cannot read %s", name);
    TRY(input_raw_fd(&raw, fd, e));
    TRY(input_open(&in, name, raw, &limits, e));
    int r = psz_walk_open(&w, in, false, e);
    if (r == 0)
        while ((r = psz_walk_next(&w, &b, e)) > 0)
            continue;
    t->last_end = w.check.end_at;
    t->behind_end = w.check.behind_end;
    t->end = w.tail_at != 0 ? w.tail_at : t->size;
    t->last = 0;
    psz_walk_close(&w);
    input_close(in);
    return r;
}

/* Adds what one end mark lists to the list of all. */
static int add_blocks(struct psz_index *all, const struct psz_index *told, struct err *e)
{
    for (size_t i = 0; i < told->n; i++) {
        const struct psz_index_block *b = &told->blocks[i];
        all->before = told->before;
        TRY(psz_index_add(all, b->offset, &b->facts, e));
        for (size_t h = 0; h < b->n_hosts; h++)
            TRY(psz_index_add_host(
                all, psz_text(&told->hosts, told->host_of[b->first_host + h]), e));
    }
    return 0;
}

static int by_offset(const void *va, const void *vb)
{
    const struct psz_index_block *a = va, *b = vb;
    return a->offset < b->offset ? -1 : a->offset > b->offset;
}

/* No two of the blocks share bytes, or few bytes would tell many captures. */
static bool stand_apart(const struct psz_index *all, uint64_t end)
{
    const uint64_t least = FRAME_HEAD + FRAME_TAIL;
    for (size_t i = all->n; i-- > 0; end = all->blocks[i].offset)
        if (all->blocks[i].offset >= end || end - all->blocks[i].offset < least)
            return false;
    return true;
}

/* From the last end mark to the first; each ends before the next begins. */
static int read_chain(struct psz_tail *t, int fd, struct psz_index *told, struct buf *b,
                      struct err *e)
{
    struct frame f;
    uint64_t next = t->behind_end;
    for (uint64_t at = t->last_end; at != 0; next = at, at = told->before) {
        TRY(psz_tail_frame(fd, at, b, &f, e));
        if (f.type != PSZ_FRAME_END || b->n > next - at)
            return err_set(e, ERR_FORMAT, "expected an end mark at byte %llu",
                           (unsigned long long)at);
        TRY(psz_index_read(told, f.p, f.n, at, e));
        TRY(add_blocks(&t->all, told, e));
        if (at == t->last_end) {
            t->frames = f.number + 1;
            t->snapshots = told->snapshots;
        }
    }
    if (t->all.n > 1)
        qsort(t->all.blocks, t->all.n, sizeof *t->all.blocks, by_offset);
    return stand_apart(&t->all, t->last_end) ? 0 : psz_broken(e, "index");
}

/* `name` is NULL when the long way shall not be gone. */
static int find(struct psz_tail *t, int fd, const char *name, struct err *e)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return err_io(e, errno, "cannot look at the archive");
    *t = (struct psz_tail){.size = (uint64_t)st.st_size};
    struct buf b = {0};
    struct psz_index told = {0};
    bool found;
    int r = end_mark_at_end(t, fd, &b, &found, e);
    if (r == 0 && !found)
        r = name != NULL
                ? walk_to_end(t, fd, name, e)
                : err_set(e, ERR_FORMAT, "the archive does not end in its index");
    if (r == 0)
        r = read_chain(t, fd, &told, &b, e);
    psz_index_free(&told);
    buf_free(&b);
    return r;
}

int psz_tail_find(struct psz_tail *t, int fd, const char *name, struct err *e)
{
    return find(t, fd, name, e);
}

int psz_tail_quick(struct psz_tail *t, int fd, struct err *e)
{
    return find(t, fd, NULL, e);
}
