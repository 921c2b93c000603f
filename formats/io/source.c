/* SPDX-License-Identifier: MIT */
/* The raw sources below a struct input: files, descriptors, memory. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "formats/io/input.h"

#define READ_MOST ((size_t)1 << 30)

struct fd_source {
    int fd;
    bool own;
    bool placed; /* a file: read from `at`, for it may have several readers */
    uint64_t at;
};

static ssize_t read_once(struct fd_source *s, uint8_t *p, size_t n)
{
    if (!s->placed)
        return read(s->fd, p, n);
    ssize_t r = pread(s->fd, p, n, (off_t)s->at);
    if (r > 0)
        s->at += (uint64_t)r;
    return r;
}

static ptrdiff_t fd_read(void *ctx, uint8_t *p, size_t n, struct err *e)
{
    struct fd_source *s = ctx;
    for (;;) {
        ssize_t r = read_once(s, p, n < READ_MOST ? n : READ_MOST);
        if (r >= 0)
            return r;
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            struct pollfd wait = {.fd = s->fd, .events = POLLIN};
            (void)poll(&wait, 1, -1);
        } else if (errno != EINTR) {
            return err_io(e, errno, "cannot read");
        }
    }
}

static void fd_close(void *ctx)
{
    struct fd_source *s = ctx;
    if (s->own)
        (void)close(s->fd);
    free(s);
}

static void fd_seek(void *ctx, uint64_t at)
{
    struct fd_source *s = ctx;
    s->at = at;
}

static int fd_source(struct input_raw *raw, struct fd_source like, struct err *e)
{
    struct stat st;
    struct fd_source *s = malloc(sizeof *s);
    if (s == NULL)
        return err_nomem(e);
    *s = like;
    *raw = (struct input_raw){.ctx = s,
                              .read = fd_read,
                              .close = fd_close,
                              .prompt = fstat(s->fd, &st) == 0 && S_ISREG(st.st_mode)};
    return 0;
}

static int fd_twin(void *ctx, struct input_raw *raw, struct err *e)
{
    const struct fd_source *s = ctx;
    TRY(fd_source(raw, (struct fd_source){.fd = s->fd, .placed = true}, e));
    raw->seek = fd_seek;
    return 0;
}

int input_raw_fd(struct input_raw *raw, int fd, struct err *e)
{
    return fd_source(raw, (struct fd_source){.fd = fd}, e);
}

int input_raw_file(struct input_raw *raw, const char *path, struct err *e)
{
    int fd;
    do
        fd = open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);
    while (fd < 0 && errno == EINTR);
    struct stat st;
    int r;
    if (fd < 0 || fstat(fd, &st) != 0)
        r = err_io(e, errno, "cannot open");
    else if (S_ISDIR(st.st_mode))
        r = err_set(e, ERR_IO, "is a directory, not a file");
    else
        r = fd_source(
            raw, (struct fd_source){.fd = fd, .own = true, .placed = S_ISREG(st.st_mode)},
            e);
    if (r < 0) {
        err_place(e, path, 0);
        if (fd >= 0)
            (void)close(fd);
    } else if (raw->prompt) {
        raw->seek = fd_seek;
        raw->twin = fd_twin;
        raw->size = st.st_size > 0 ? (uint64_t)st.st_size : 0;
    }
    return r;
}

struct memory_source {
    const uint8_t *p;
    size_t n;
    size_t block;
};

static ptrdiff_t memory_read(void *ctx, uint8_t *p, size_t n, struct err *e)
{
    (void)e;
    struct memory_source *s = ctx;
    if (n > s->n)
        n = s->n;
    if (s->block > 0 && n > s->block)
        n = s->block;
    if (n == 0)
        return 0;
    memcpy(p, s->p, n);
    s->p += n;
    s->n -= n;
    return (ptrdiff_t)n;
}

int input_raw_memory(struct input_raw *raw, const uint8_t *p, size_t n, size_t block,
                     struct err *e)
{
    struct memory_source *s = malloc(sizeof *s);
    if (s == NULL)
        return err_nomem(e);
    *s = (struct memory_source){.p = p, .n = n, .block = block};
    *raw =
        (struct input_raw){.ctx = s, .read = memory_read, .close = free, .prompt = true};
    return 0;
}
