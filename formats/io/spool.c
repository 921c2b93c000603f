/* SPDX-License-Identifier: MIT */
#include "formats/io/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HELD_MOST ((size_t)4 << 20) /* more goes to a temporary file */

struct spool {
    uint64_t size;
    const uint8_t *memory; /* NULL: fd */
    int fd;
    bool own_fd;
    FILE *scratch;   /* whose fd it is, or NULL */
    struct buf held; /* what `memory` points into, or empty */
};

static int new_spool(struct spool **out, struct err *e)
{
    struct spool *s = calloc(1, sizeof *s);
    if (s == NULL)
        return err_nomem(e);
    s->fd = -1;
    *out = s;
    return 0;
}

void spool_close(struct spool *s)
{
    if (s == NULL)
        return;
    if (s->scratch != NULL)
        (void)fclose(s->scratch);
    else if (s->own_fd)
        (void)close(s->fd);
    buf_free(&s->held);
    free(s);
}

int spool_open_memory(struct spool **out, const uint8_t *p, size_t n, struct err *e)
{
    static const uint8_t none[1];
    TRY(new_spool(out, e));
    (*out)->memory = n > 0 ? p : none;
    (*out)->size = n;
    return 0;
}

int spool_open_file(struct spool **out, const char *path, struct err *e)
{
    struct spool *s = NULL;
    struct stat st;
    TRY(new_spool(&s, e));
    do /* without waiting, should it have become a pipe */
        s->fd = open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    while (s->fd < 0 && errno == EINTR);
    s->own_fd = s->fd >= 0;
    int r = 0;
    if (s->fd < 0 || fstat(s->fd, &st) != 0)
        r = err_io(e, errno, "cannot open");
    else if (!S_ISREG(st.st_mode))
        r = err_set(e, ERR_IO, "is no regular file");
    if (r < 0) {
        err_place(e, path, 0);
        spool_close(s);
        return r;
    }
    s->size = st.st_size > 0 ? (uint64_t)st.st_size : 0;
    *out = s;
    return 0;
}

static int write_all(int fd, const uint8_t *p, size_t n, struct err *e)
{
    while (n > 0) {
        ssize_t w = write(fd, p, n);
        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0)
            return err_io(e, w < 0 ? errno : EIO, "cannot write a temporary file");
        p += w;
        n -= (size_t)w;
    }
    return 0;
}

/* From memory to a file without a name. */
static int to_scratch(struct spool *s, struct err *e)
{
    s->scratch = tmpfile();
    if (s->scratch == NULL)
        return err_io(e, errno, "cannot make a temporary file");
    s->fd = fileno(s->scratch);
    TRY(write_all(s->fd, s->held.p, s->held.n, e));
    buf_free(&s->held);
    return 0;
}

static int add(struct spool *s, const uint8_t *p, size_t n, uint64_t most, struct err *e)
{
    if (n > most - s->size)
        return err_set(e, ERR_LIMIT, "larger than %llu bytes, the limit",
                       (unsigned long long)most);
    if (s->scratch == NULL && s->held.n + n > HELD_MOST)
        TRY(to_scratch(s, e));
    if (s->scratch == NULL)
        TRY(buf_append(&s->held, p, n, e));
    else
        TRY(write_all(s->fd, p, n, e));
    s->size += n;
    return 0;
}

int spool_open(struct spool **out, struct input *in, uint64_t most, struct err *e)
{
    static const uint8_t none[1];
    struct spool *s = NULL;
    TRY(new_spool(&s, e));
    for (;;) {
        const uint8_t *p;
        ptrdiff_t n = input_peek(in, 1, &p, e);
        int r = n <= 0 ? (int)n : add(s, p, (size_t)n, most, e);
        if (r < 0) {
            err_place(e, input_name(in), 0);
            spool_close(s);
            return r;
        }
        if (n == 0)
            break;
        input_consume(in, (size_t)n);
    }
    if (s->scratch == NULL)
        s->memory = s->held.n > 0 ? s->held.p : none;
    *out = s;
    return 0;
}

uint64_t spool_size(const struct spool *s)
{
    return s->size;
}

ptrdiff_t spool_read(const struct spool *s, uint64_t at, uint8_t *p, size_t n,
                     struct err *e)
{
    if (at >= s->size)
        return 0;
    if (n > s->size - at)
        n = (size_t)(s->size - at);
    if (s->memory != NULL) {
        memcpy(p, s->memory + at, n);
        return (ptrdiff_t)n;
    }
    size_t got = 0;
    while (got < n) {
        ssize_t r = pread(s->fd, p + got, n - got, (off_t)(at + got));
        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0)
            return err_io(e, errno, "cannot read");
        if (r == 0)
            break; /* it shrank */
        got += (size_t)r;
    }
    return (ptrdiff_t)got;
}
