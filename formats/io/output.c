/* SPDX-License-Identifier: MIT */
#include "formats/io/output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define ROOM_BYTES   ((size_t)64 * 1024)
#define WRITE_MOST   ((size_t)1 << 30)
#define LINKS_MOST   40
#define LINK_BYTES   4096
#define SUFFIX_TRIES 100
#define NAME_PART    200 /* of the file's name inside the temporary's */

struct sink {
    int fd;             /* -1: a memory sink */
    bool own_fd;        /* opened here, so closed here */
    bool closed;        /* nobody reads any more */
    bool old_file;      /* target stood there before */
    struct buf *memory; /* borrowed */
    uint8_t *room;      /* ROOM_BYTES, not yet handed to the system */
    size_t used;
    uint64_t total;
    char *name;   /* for messages */
    char *target; /* what temp becomes; NULL: fd is written directly */
    char *temp;   /* exists on disk while not NULL */
    FILE *held;   /* what fd is until all is written, then to go to held_for */
    int held_for;
    struct err sticky;
};

/* ---- handing bytes to the system ---- */

static void fail(struct sink *s, int errno_value, const char *what)
{
    if (errno_value == EPIPE) {
        s->closed = true;
        return;
    }
    (void)err_io(&s->sticky, errno_value, "%s", what);
    err_place(&s->sticky, s->name, 0);
    if (s->target != NULL && s->old_file)
        err_hint(&s->sticky, "the old file was left as it was");
}

static bool dead(const struct sink *s)
{
    return s->closed || s->sticky.code != 0;
}

static void write_all(struct sink *s, const uint8_t *p, size_t n)
{
    while (n > 0 && !dead(s)) {
        ssize_t w = write(s->fd, p, n < WRITE_MOST ? n : WRITE_MOST);
        if (w > 0) {
            p += w;
            n -= (size_t)w;
        } else if (w < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            struct pollfd wait = {.fd = s->fd, .events = POLLOUT};
            if (poll(&wait, 1, -1) < 0 && errno != EINTR)
                fail(s, errno, "cannot write");
        } else if (w == 0 || errno != EINTR) {
            fail(s, w == 0 ? EIO : errno, "cannot write");
        }
    }
}

void sink_flush(struct sink *s)
{
    write_all(s, s->room, s->used);
    s->used = 0;
}

static void write_memory(struct sink *s, const void *p, size_t n)
{
    if (buf_append(s->memory, p, n, &s->sticky) >= 0)
        s->total += n;
}

void sink_write(struct sink *s, const void *p, size_t n)
{
    if (n == 0 || dead(s))
        return;
    if (s->memory != NULL) {
        write_memory(s, p, n);
        return;
    }
    s->total += n;
    if (n > ROOM_BYTES - s->used)
        sink_flush(s);
    if (n >= ROOM_BYTES) {
        write_all(s, p, n);
        return;
    }
    memcpy(s->room + s->used, p, n);
    s->used += n;
}

void sink_puts(struct sink *s, const char *text)
{
    sink_write(s, text, strlen(text));
}

void sink_printf(struct sink *s, const char *fmt, ...)
{
    char small[512];
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(small, sizeof small, fmt, ap);
    va_end(ap);
    if (n < 0) {
        (void)err_set(&s->sticky, ERR_BUG, "a format string failed");
    } else if ((size_t)n < sizeof small) {
        sink_write(s, small, (size_t)n);
    } else {
        char *large = malloc((size_t)n + 1);
        if (large == NULL) {
            (void)err_nomem(&s->sticky);
        } else {
            (void)vsnprintf(large, (size_t)n + 1, fmt, again);
            sink_write(s, large, (size_t)n);
            free(large);
        }
    }
    va_end(again);
}

bool sink_failed(const struct sink *s)
{
    return s->sticky.code != 0;
}

bool sink_closed(const struct sink *s)
{
    return s->closed;
}

uint64_t sink_bytes(const struct sink *s)
{
    return s->total;
}

bool sink_replaces(const struct sink *s)
{
    return s->old_file;
}

/* ---- opening ---- */

static int sink_new(struct sink **out, const char *name, struct err *e)
{
    struct sink *s = calloc(1, sizeof *s);
    if (s == NULL)
        return err_nomem(e);
    s->fd = -1;
    s->name = strdup(name);
    s->room = malloc(ROOM_BYTES);
    if (s->name == NULL || s->room == NULL) {
        sink_abort(s);
        return err_nomem(e);
    }
    *out = s;
    return 0;
}

int sink_fd(struct sink **s, int fd, const char *name, struct err *e)
{
    TRY(sink_new(s, name, e));
    (*s)->fd = fd;
    return 0;
}

int sink_held(struct sink **out, int fd, const char *name, struct err *e)
{
    TRY(sink_fd(out, fd, name, e));
    struct sink *s = *out;
    s->held = tmpfile();
    if (s->held != NULL) { /* else it is written as it comes */
        s->held_for = fd;
        s->fd = fileno(s->held);
    }
    return 0;
}

int sink_memory(struct sink **s, struct buf *b, struct err *e)
{
    TRY(sink_new(s, "memory", e));
    (*s)->memory = b;
    return 0;
}

/* The bytes of a path up to and with its last slash. */
static size_t directory_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

/* These links stand for open files; what they seem to name must not be replaced. */
static bool names_open_file(const char *path)
{
    return strncmp(path, "/proc/", 6) == 0 || strncmp(path, "/dev/fd/", 8) == 0;
}

/* Sets *target (malloc) to the file that writing to `path` would create or change,
 * also when it does not exist yet. */
static int follow_links(const char *path, char **target, struct err *e)
{
    char *now = strdup(path);
    if (now == NULL)
        return err_nomem(e);
    for (int i = 0; i < LINKS_MOST; i++) {
        char to[LINK_BYTES];
        ssize_t n = names_open_file(now) ? -1 : readlink(now, to, sizeof to - 1);
        if (n < 0) {
            *target = now;
            return 0;
        }
        to[n] = '\0';
        size_t dir = to[0] == '/' ? 0 : directory_part(now);
        char *next = malloc(dir + (size_t)n + 1);
        if (next == NULL) {
            free(now);
            return err_nomem(e);
        }
        memcpy(next, now, dir);
        memcpy(next + dir, to, (size_t)n + 1);
        free(now);
        now = next;
    }
    free(now);
    return err_io(e, ELOOP, "cannot write");
}

static void random_suffix(char out[7], unsigned attempt)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_REALTIME, &t);
    uint64_t x =
        (uint64_t)t.tv_nsec ^ (uint64_t)t.tv_sec << 20 ^ (uint64_t)getpid() << 40;
    x = (x + attempt) * UINT64_C(0x9e3779b97f4a7c15);
    for (int i = 0; i < 6; i++, x /= 36)
        out[i] = letters[(x >> 8) % 36];
    out[6] = '\0';
}

/* Creates ".NAME.poolsift-XXXXXX" beside s->target.  open() itself applies the umask,
 * which mkstemp would not. */
static int open_temporary(struct sink *s, struct err *e)
{
    size_t dir = directory_part(s->target);
    size_t size = dir + NAME_PART + sizeof "..poolsift-XXXXXX";
    char *temp = malloc(size);
    if (temp == NULL)
        return err_nomem(e);
    for (unsigned i = 0; i < SUFFIX_TRIES && s->fd < 0; i++) {
        char suffix[7];
        random_suffix(suffix, i);
        (void)snprintf(temp, size, "%.*s.%.*s.poolsift-%s", (int)dir, s->target,
                       NAME_PART, s->target + dir, suffix);
        s->fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (s->fd < 0 && errno != EEXIST && errno != EINTR)
            break;
    }
    if (s->fd < 0) {
        int why = errno;
        free(temp);
        return err_io(e, why, "cannot create a file beside it");
    }
    s->temp = temp;
    return 0;
}

static int open_direct(struct sink *s, const char *path, struct err *e)
{
    do
        s->fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    while (s->fd < 0 && errno == EINTR);
    return s->fd < 0 ? err_io(e, errno, "cannot open for writing") : 0;
}

static int open_file(struct sink *s, const char *path, struct err *e)
{
    struct stat st;
    bool exists = stat(path, &st) == 0;
    s->own_fd = true;
    if (exists && S_ISDIR(st.st_mode))
        return err_io(e, EISDIR, "cannot write");
    if (exists && !S_ISREG(st.st_mode))
        return open_direct(s, path, e);
    TRY(follow_links(path, &s->target, e));
    if (names_open_file(s->target)) {
        free(s->target);
        s->target = NULL;
        return open_direct(s, path, e);
    }
    /* A rename would not ask: a write-protected file stays protected. */
    if (exists && access(path, W_OK) != 0)
        return err_io(e, errno, "cannot write");
    s->old_file = exists;
    TRY(open_temporary(s, e));
    if (exists) {
        bool same_owner = fchown(s->fd, st.st_uid, st.st_gid) == 0;
        mode_t mode = st.st_mode & (same_owner ? 0777 : 0755);
        if (fchmod(s->fd, mode) != 0)
            return err_io(e, errno, "cannot set its permissions");
    }
    return 0;
}

int sink_file(struct sink **out, const char *path, struct err *e)
{
    struct sink *s = NULL;
    TRY(sink_new(&s, path, e));
    int r = open_file(s, path, e);
    if (r < 0) {
        err_place(e, path, 0);
        sink_abort(s);
        return r;
    }
    *out = s;
    return 0;
}

/* ---- closing ---- */

/* Best effort: some file systems cannot sync a directory, and the file is in place. */
static void sync_directory(const char *path)
{
    size_t n = directory_part(path);
    char *dir = n == 0 ? strdup(".") : strndup(path, n);
    int fd = dir == NULL ? -1 : open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(dir);
    if (fd < 0)
        return;
    (void)fsync(fd);
    (void)close(fd);
}

static void close_fd(struct sink *s)
{
    if (!s->own_fd || s->fd < 0)
        return;
    int r = close(s->fd);
    s->fd = -1;
    if (r != 0 && errno != EINTR)
        fail(s, errno, "cannot finish writing");
}

/* A pipe has no name to keep, so `temp` is only ever a regular file here. */
static void keep_file(struct sink *s)
{
    int r = 0;
    if (!dead(s))
        do
            r = fsync(s->fd);
        while (r != 0 && errno == EINTR);
    if (r != 0 && errno != EINVAL && errno != EROFS)
        fail(s, errno, "cannot finish writing");
    close_fd(s);
    if (dead(s))
        return;
    if (rename(s->temp, s->target) != 0) {
        fail(s, errno, "cannot put the new file in place");
        return;
    }
    free(s->temp);
    s->temp = NULL;
    sync_directory(s->target);
}

/* All was written: now it goes where it was meant to. */
static void hand_on_held(struct sink *s)
{
    const int from = s->fd;
    off_t at = 0;
    while (!dead(s)) {
        ssize_t n = pread(from, s->room, ROOM_BYTES, at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            fail(s, errno, "cannot read what was put aside");
        if (n <= 0)
            break;
        s->fd = s->held_for;
        write_all(s, s->room, (size_t)n);
        s->fd = from;
        at += n;
    }
}

void sink_abort(struct sink *s)
{
    if (s == NULL)
        return;
    close_fd(s);
    if (s->held != NULL)
        (void)fclose(s->held);
    if (s->temp != NULL)
        (void)unlink(s->temp);
    free(s->temp);
    free(s->target);
    free(s->name);
    free(s->room);
    free(s);
}

int sink_close(struct sink *s, struct err *e)
{
    if (s == NULL)
        return 0;
    if (s->memory == NULL)
        sink_flush(s);
    if (s->held != NULL)
        hand_on_held(s);
    if (s->temp != NULL)
        keep_file(s);
    else
        close_fd(s);
    int r = s->sticky.code;
    if (r < 0 && e != NULL && e->code == 0)
        *e = s->sticky;
    sink_abort(s);
    return r;
}
