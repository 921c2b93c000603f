/* SPDX-License-Identifier: MIT */
/* Files of a test in $TMPDIR, else in build: where they may lie, and their bytes. Whoever
 * makes one removes it; a struct scratch is a file of some bytes until scratch_remove. */
#ifndef TESTS_UNIT_SCRATCH_H
#define TESTS_UNIT_SCRATCH_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "formats/bytes.h"

static inline const char *scratch_folder(void)
{
    const char *folder = getenv("TMPDIR");
    return folder != NULL ? folder : "build";
}

/* A path that no other program of the tests has; nothing is made. */
static inline void scratch_path(char *path, size_t room, const char *name,
                                const char *suffix)
{
    const int n = snprintf(path, room, "%s/%s-%ld%s", scratch_folder(), name,
                           (long)getpid(), suffix);
    assert_in_range(n, 1, room - 1);
}

static inline void scratch_write(const char *path, const uint8_t *p, size_t n)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(p, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

/* What b held is gone. */
static inline void scratch_read(const char *path, struct buf *b)
{
    FILE *f = fopen(path, "rb");
    size_t n;
    assert_non_null(f);
    b->n = 0;
    do {
        assert_int_equal(buf_reserve(b, 1 << 16, NULL), 0);
        n = fread(b->p + b->n, 1, b->cap - b->n, f);
        b->n += n;
    } while (n > 0);
    assert_int_equal(fclose(f), 0);
}

/* The same of a file that is open, wherever that stands. */
static inline void scratch_read_fd(int fd, struct buf *b)
{
    struct stat st;
    b->n = 0;
    assert_int_equal(fstat(fd, &st), 0);
    assert_int_equal(buf_reserve(b, (size_t)st.st_size + 1, NULL), 0);
    assert_int_equal(pread(fd, b->p, (size_t)st.st_size, 0), st.st_size);
    b->n = (size_t)st.st_size;
}

struct scratch {
    char path[256];
};

static inline void scratch_make(struct scratch *f, const struct buf *b)
{
    (void)snprintf(f->path, sizeof f->path, "%s/scratch.XXXXXX", scratch_folder());
    const int fd = mkstemp(f->path);
    assert_true(fd >= 0);
    assert_int_equal(close(fd), 0);
    scratch_write(f->path, b->p, b->n);
}

static inline void scratch_remove(const struct scratch *f)
{
    assert_int_equal(unlink(f->path), 0);
}

#endif
