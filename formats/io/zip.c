/* SPDX-License-Identifier: MIT */
/* The directory of a zip archive; its entries' bytes: formats/io/unzip.c. */
#include "formats/io/zip.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "formats/when.h"

#define EOCD_BYTES    22 /* the end record without its comment */
#define COMMENT_MOST  65535
#define LOCATOR_BYTES 20
#define EOCD64_BYTES  56
#define CENTRAL_BYTES 46
#define EXTRA_ZIP64   0x0001

bool zip_magic(const uint8_t *p, size_t n)
{
    return n >= 4 && (memcmp(p, "PK\3\4", 4) == 0 || memcmp(p, "PK\5\6", 4) == 0);
}

bool zip_file(const char *path)
{
    uint8_t p[4];
    size_t have = 0;
    ssize_t n = 1;
    int fd;
    do
        fd = open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    while (fd < 0 && errno == EINTR);
    while (fd >= 0 && have < sizeof p && n != 0) {
        n = read(fd, p + have, sizeof p - have);
        if (n < 0 && errno != EINTR)
            break;
        have += n > 0 ? (size_t)n : 0;
    }
    if (fd >= 0)
        (void)close(fd);
    return zip_magic(p, have);
}

/* ---- bytes of the archive ---- */

static int open_file(const char *path, uint64_t *size, int *fd, struct err *e)
{
    struct stat st;
    int f;
    do /* without waiting, should it have become a pipe */
        f = open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    while (f < 0 && errno == EINTR);
    int r = 0;
    if (f < 0 || fstat(f, &st) != 0)
        r = err_io(e, errno, "cannot open");
    else if (!S_ISREG(st.st_mode))
        r = err_set(e, ERR_IO,
                    "is no regular file, so its zip directory cannot be found");
    if (r < 0) {
        if (f >= 0)
            (void)close(f);
        return r;
    }
    *size = (uint64_t)st.st_size;
    *fd = f;
    return 0;
}

int zip_hold(struct zip *z, struct err *e)
{
    if (z->path != NULL && z->holders == 0) {
        uint64_t size;
        TRY(open_file(z->path, &size, &z->fd, e));
        if (z->size == 0)
            z->size = size; /* the size that its directory was read from stays */
    }
    z->holders++;
    return 0;
}

void zip_release(struct zip *z)
{
    if (--z->holders == 0 && z->path != NULL)
        (void)close(z->fd);
}

int zip_read_at(const struct zip *z, uint64_t at, uint8_t *p, size_t n, struct err *e)
{
    if (at > z->size || n > z->size - at)
        return err_set(e, ERR_FORMAT,
                       "the zip ends early: %zu bytes expected at byte %llu", n,
                       (unsigned long long)at);
    if (z->path == NULL) {
        memcpy(p, z->memory + at, n);
        return 0;
    }
    while (n > 0) {
        ssize_t r = pread(z->fd, p, n, (off_t)at);
        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0)
            return err_io(e, errno, "cannot read");
        if (r == 0)
            return err_set(e, ERR_FORMAT, "the zip became shorter while it was read");
        p += r;
        n -= (size_t)r;
        at += (uint64_t)r;
    }
    return 0;
}

static int bad(struct err *e, const char *what)
{
    (void)err_set(e, ERR_FORMAT, "the zip is damaged: %s", what);
    err_hint(e, "copy the zip again, in binary mode, or unpack it and name the files");
    return ERR_FORMAT;
}

/* ---- the end records ---- */

struct directory {
    uint64_t count, size, offset; /* as claimed */
    uint64_t end;                 /* where the end record begins, in fact */
};

/* The last end record in the archive's tail whose comment fits, or NULL. */
static const uint8_t *last_end(const uint8_t *tail, size_t n)
{
    for (size_t i = n < EOCD_BYTES ? 0 : n - EOCD_BYTES + 1; i-- > 0;)
        if (memcmp(tail + i, "PK\5\6", 4) == 0 &&
            le16(tail + i + 20) <= n - i - EOCD_BYTES)
            return tail + i;
    return NULL;
}

/* Sets *at to the end record and copies its fixed part. */
static int find_end(const struct zip *z, uint64_t *at, uint8_t eocd[EOCD_BYTES],
                    struct err *e)
{
    size_t n = EOCD_BYTES + COMMENT_MOST;
    if (z->size < n)
        n = (size_t)z->size;
    uint8_t *tail = malloc(n + 1);
    if (tail == NULL)
        return err_nomem(e);
    int r = zip_read_at(z, z->size - n, tail, n, e);
    const uint8_t *found = r < 0 ? NULL : last_end(tail, n);
    if (found != NULL) {
        *at = z->size - n + (uint64_t)(found - tail);
        memcpy(eocd, found, EOCD_BYTES);
    } else if (r >= 0) {
        r = err_set(e, ERR_FORMAT, "the zip has no directory at its end: it was cut");
        err_hint(e, "copy the zip again");
    }
    free(tail);
    return r;
}

static int split(struct err *e)
{
    (void)err_set(e, ERR_UNSUPPORTED, "the zip is split over several files");
    err_hint(e, "unpack it and name the files");
    return ERR_UNSUPPORTED;
}

/* Replaces what the end record at `eocd_at` says where a zip64 record stands before it.
 */
static int read_end64(const struct zip *z, uint64_t eocd_at, struct directory *d,
                      struct err *e)
{
    uint8_t loc[LOCATOR_BYTES], rec[EOCD64_BYTES];
    if (eocd_at < LOCATOR_BYTES + EOCD64_BYTES)
        return 0;
    TRY(zip_read_at(z, eocd_at - LOCATOR_BYTES, loc, sizeof loc, e));
    if (memcmp(loc, "PK\6\7", 4) != 0)
        return 0;
    uint64_t last = eocd_at - LOCATOR_BYTES - EOCD64_BYTES;
    uint64_t at = le64(loc + 8);
    if (at > last)
        return bad(e, "its zip64 record lies outside");
    TRY(zip_read_at(z, at, rec, sizeof rec, e));
    if (memcmp(rec, "PK\6\6", 4) != 0) {
        at = last; /* bytes were put before the archive */
        TRY(zip_read_at(z, at, rec, sizeof rec, e));
    }
    if (memcmp(rec, "PK\6\6", 4) != 0)
        return bad(e, "its zip64 record is missing");
    if (le32(rec + 16) != 0 || le32(rec + 20) != 0 || le64(rec + 24) != le64(rec + 32))
        return split(e);
    *d = (struct directory){.count = le64(rec + 32),
                            .size = le64(rec + 40),
                            .offset = le64(rec + 48),
                            .end = at};
    return 0;
}

/* The directory ends where the end record begins, which tells how many bytes were put
 * before the archive; unless there is something between the two. */
static int find_directory(struct zip *z, const struct directory *d, struct err *e)
{
    uint8_t p[4] = {0};
    z->directory = d->end - d->size;
    z->shift = z->directory - d->offset;
    if (z->shift == 0 || d->count == 0)
        return 0;
    TRY(zip_read_at(z, z->directory, p, sizeof p, e));
    if (memcmp(p, "PK\1\2", 4) != 0) {
        z->directory = d->offset;
        z->shift = 0;
    }
    return 0;
}

static int read_end(struct zip *z, struct directory *d, struct err *e)
{
    uint8_t r[EOCD_BYTES] = {0};
    uint64_t at = 0;
    TRY(find_end(z, &at, r, e));
    *d = (struct directory){
        .count = le16(r + 10), .size = le32(r + 12), .offset = le32(r + 16), .end = at};
    TRY(read_end64(z, at, d, e));
    if (d->end == at && (le16(r + 4) != 0 || le16(r + 6) != 0 || le16(r + 8) != d->count))
        return split(e);
    if (d->size > d->end || d->offset > d->end - d->size)
        return bad(e, "its directory lies outside");
    if (d->count > d->size / CENTRAL_BYTES)
        return bad(e, "its directory is too short for its entries");
    return find_directory(z, d, e);
}

/* ---- the central directory ---- */

static int64_t dos_time(uint16_t date, uint16_t time)
{
    struct civil c = {.year = 1980 + (date >> 9),
                      .month = date >> 5 & 15,
                      .day = date & 31,
                      .hour = time >> 11,
                      .minute = time >> 5 & 63,
                      .second = 2 * (time & 31)};
    int64_t ms;
    return civil_to_ms(&c, &ms) ? ms : INT64_MIN;
}

/* Takes the 64-bit values for those of v that are all ones, in the order of v. */
static int read_extra(const uint8_t *p, size_t n, uint64_t *const v[3], struct err *e)
{
    bool any = false;
    for (int i = 0; i < 3; i++)
        any |= *v[i] == UINT32_MAX;
    while (any && n >= 4) {
        size_t len = le16(p + 2);
        if (len > n - 4)
            return bad(e, "an extra field is too long");
        if (le16(p) == EXTRA_ZIP64) {
            const uint8_t *q = p + 4;
            for (int i = 0; i < 3; i++) {
                if (*v[i] != UINT32_MAX)
                    continue;
                if (len < 8)
                    return bad(e, "a zip64 field is too short");
                *v[i] = le64(q);
                q += 8;
                len -= 8;
            }
            return 0;
        }
        p += 4 + len;
        n -= 4 + len;
    }
    return 0;
}

static int add_name(struct zip *z, const uint8_t *p, size_t n, struct err *e)
{
    TRY(buf_append(&z->names, p, n, e));
    for (size_t i = z->names.n - n; i < z->names.n; i++)
        if (z->names.p[i] == '\0')
            z->names.p[i] = '?';
    return buf_byte(&z->names, '\0', e);
}

/* Reads the entry at p and sets *used to its bytes. */
static int read_entry(struct zip *z, struct zip_member *m, const uint8_t *p, size_t n,
                      size_t *used, struct err *e)
{
    if (n < CENTRAL_BYTES || memcmp(p, "PK\1\2", 4) != 0)
        return bad(e, "an entry of its directory is missing");
    size_t name = le16(p + 28), extra = le16(p + 30), comment = le16(p + 32);
    *used = CENTRAL_BYTES + name + extra + comment;
    if (*used > n)
        return bad(e, "an entry of its directory is cut");
    *m = (struct zip_member){.flags = le16(p + 8),
                             .method = le16(p + 10),
                             .mtime_ms = dos_time(le16(p + 14), le16(p + 12)),
                             .crc = le32(p + 16),
                             .packed = le32(p + 20),
                             .size = le32(p + 24),
                             .at = le32(p + 42),
                             .name = z->names.n,
                             .name_bytes = (uint16_t)name};
    uint64_t *const v[3] = {&m->size, &m->packed, &m->at};
    TRY(read_extra(p + CENTRAL_BYTES + name, extra, v, e));
    m->outside = !add_u64(m->at, z->shift, &m->at) || m->at > z->directory ||
                 m->packed > z->directory - m->at ||
                 ZIP_LOCAL_BYTES + (uint64_t)name > z->directory - m->at - m->packed;
    return add_name(z, p + CENTRAL_BYTES, name, e);
}

static int by_place(const void *a, const void *b)
{
    const struct zip_member *const *x = a, *const *y = b;
    if ((*x)->at != (*y)->at)
        return (*x)->at < (*y)->at ? -1 : 1;
    return *x < *y ? -1 : *x > *y;
}

/* Entries that share bytes are how a small zip inflates without end. */
static int mark_overlaps(struct zip *z, struct err *e)
{
    if (z->n == 0)
        return 0;
    struct zip_member **v = malloc(z->n * sizeof *v);
    if (v == NULL)
        return err_nomem(e);
    size_t n = 0;
    for (size_t i = 0; i < z->n; i++)
        if (!z->v[i].outside)
            v[n++] = &z->v[i];
    qsort(v, n, sizeof *v, by_place);
    struct zip_member *last = NULL; /* the one that ends last so far */
    uint64_t end = 0;
    for (size_t i = 0; i < n; i++) {
        if (last != NULL && v[i]->at < end) {
            v[i]->overlaps = true;
            last->overlaps = true;
        }
        uint64_t mine = v[i]->at + ZIP_LOCAL_BYTES + v[i]->name_bytes + v[i]->packed;
        if (last == NULL || mine > end) {
            end = mine;
            last = v[i];
        }
    }
    free(v);
    return 0;
}

static int read_directory(struct zip *z, const struct limits *l, struct err *e)
{
    struct directory d;
    TRY(read_end(z, &d, e));
    if (d.count > l->zip_entries || d.size > l->memory_input_bytes)
        err_hint(e, "unpack the zip and name the folders in it, one at a time");
    if (d.count > l->zip_entries)
        return err_set(e, ERR_LIMIT, "the zip has %llu entries, more than %zu, the limit",
                       (unsigned long long)d.count, l->zip_entries);
    if (d.size > l->memory_input_bytes)
        return err_set(e, ERR_LIMIT,
                       "the zip's directory is larger than %zu bytes, the "
                       "limit",
                       l->memory_input_bytes);
    size_t n = (size_t)d.size, count = (size_t)d.count, at = 0, cap = 0;
    uint8_t *p = malloc(n + 1);
    if (p == NULL)
        return err_nomem(e);
    int r = zip_read_at(z, z->directory, p, n, e);
    while (r >= 0 && z->n < count) {
        void *v = z->v;
        size_t used = 0;
        r = grow(&v, &cap, z->n + 1, sizeof *z->v, e);
        z->v = v;
        if (r >= 0)
            r = read_entry(z, &z->v[z->n], p + at, n - at, &used, e);
        if (r >= 0)
            z->n++;
        at += used;
    }
    free(p);
    return r < 0 ? r : mark_overlaps(z, e);
}

/* ---- opening, closing, telling ---- */

static int open_zip(struct zip **out, struct zip *z, const char *name,
                    const struct limits *l, struct err *e)
{
    int r = zip_hold(z, e);
    if (r >= 0) {
        r = read_directory(z, l, e);
        zip_release(z);
    }
    if (r < 0) {
        err_place(e, name, 0);
        zip_close(z);
        return r;
    }
    *out = z;
    return 0;
}

int zip_open_file(struct zip **out, const char *path, const struct limits *l,
                  struct err *e)
{
    struct zip *z = calloc(1, sizeof *z);
    if (z == NULL)
        return err_nomem(e);
    z->path = strdup(path);
    if (z->path == NULL) {
        free(z);
        return err_nomem(e);
    }
    return open_zip(out, z, path, l, e);
}

int zip_open_memory(struct zip **out, const char *name, const uint8_t *p, size_t n,
                    const struct limits *l, struct err *e)
{
    struct zip *z = calloc(1, sizeof *z);
    if (z == NULL)
        return err_nomem(e);
    z->memory = p;
    z->size = n;
    return open_zip(out, z, name, l, e);
}

void zip_close(struct zip *z)
{
    if (z == NULL)
        return;
    free(z->path);
    free(z->v);
    buf_free(&z->names);
    free(z);
}

size_t zip_count(const struct zip *z)
{
    return z->n;
}

struct zip_entry zip_entry_at(const struct zip *z, size_t i)
{
    const struct zip_member *m = &z->v[i];
    const char *name = (const char *)z->names.p + m->name;
    char last = m->name_bytes > 0 ? name[m->name_bytes - 1] : '\0';
    return (struct zip_entry){.name = name,
                              .size = m->size,
                              .mtime_ms = m->mtime_ms,
                              .is_directory =
                                  last == '/' || (last == '\\' && m->size == 0)};
}
