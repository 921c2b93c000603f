/* SPDX-License-Identifier: MIT */
#include "cli/rank/digests.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE ((size_t)64 * 1024)

/* The first n bytes of `name` are the input's. */
static int add(struct digests *d, const char *name, size_t n, const struct buf *memory,
               struct err *e)
{
    struct input_digest *last = d->n > 0 ? &d->v[d->n - 1] : NULL;
    struct stat st;
    if (last != NULL && strlen(last->source) == n && memcmp(last->source, name, n) == 0)
        return 0; /* another entry of the same zip */
    void *v = d->v;
    TRY(grow(&v, &d->cap, d->n + 1, sizeof *d->v, e));
    d->v = v;
    char *source = strndup(name, n);
    if (source == NULL)
        return err_nomem(e);
    struct input_digest one = {.source = source, .memory = memory};
    if (memory != NULL) {
        one.known = true;
        one.bytes = memory->n;
    } else if (stat(source, &st) == 0) {
        one.known = S_ISREG(st.st_mode) && st.st_size >= 0;
        one.bytes = one.known ? (uint64_t)st.st_size : 0;
    } else if (errno != ENOENT) {
        const int r = err_io(e, errno, "cannot look at it again");
        err_place(e, source, 0);
        free(source);
        return r;
    }
    d->bytes += one.bytes;
    d->v[d->n++] = one;
    return 0;
}

int digests_add(struct digests *d, const struct inputs *in, struct err *e)
{
    for (size_t i = 0; i < in->n; i++) {
        const struct input_item *item = &in->v[i];
        const char *name = item->kind == INPUT_FILE ? item->path : item->real;
        size_t n = strlen(name);
        if (item->kind == INPUT_ZIP_ENTRY)
            n = n - strlen(zip_entry_at(in->zips[item->zip], item->entry).name) - 1;
        const bool piped = n == 1 && *name == '-';
        TRY(add(d, name, n, piped ? &in->stdin_bytes : NULL, e));
    }
    return 0;
}

int digests_file(struct digests *d, const char *path, struct err *e)
{
    return path == NULL ? 0 : add(d, path, strlen(path), NULL, e);
}

/* 1: it is what it was; 0: it is gone, or another meanwhile. */
static int hash_file(const char *path, struct sha256 *s, uint64_t bytes, struct err *e)
{
    uint8_t piece[PIECE];
    ssize_t n;
    int fd, why;
    do
        fd = open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    while (fd < 0 && errno == EINTR);
    why = errno;
    while (fd >= 0 &&
           ((n = read(fd, piece, sizeof piece)) > 0 || (n < 0 && errno == EINTR)))
        if (n > 0)
            sha256_add(s, piece, (size_t)n);
    if (fd >= 0) {
        why = n < 0 ? errno : 0;
        (void)close(fd);
    }
    if (why == 0 || why == ENOENT)
        return why == 0 && s->bytes == bytes;
    int r = err_io(e, why, "cannot be read again for its digest");
    err_place(e, path, 0);
    return r;
}

int digests_make(struct digests *d, uint64_t most, struct err *e)
{
    int r = 0;
    if (d->bytes > most)
        return 0;
    for (size_t i = 0; i < d->n; i++) {
        struct input_digest *one = &d->v[i];
        struct sha256 s;
        sha256_start(&s);
        if (!one->known)
            continue;
        if (one->memory != NULL)
            sha256_add(&s, one->memory->p, one->memory->n);
        else {
            int same = hash_file(one->source, &s, one->bytes, e);
            r = r < 0 ? r : same;
            if (same <= 0)
                continue;
        }
        sha256_hex(&s, one->sha256);
        one->hashed = true;
    }
    return r < 0 ? r : 0;
}

void digests_free(struct digests *d)
{
    for (size_t i = 0; i < d->n; i++)
        free(d->v[i].source);
    free(d->v);
    *d = (struct digests){.n = 0};
}
