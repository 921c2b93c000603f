/* SPDX-License-Identifier: MIT */
/* A file of some bytes for as long as a test runs, which scratch_remove ends. */
#ifndef TESTS_UNIT_SCRATCH_H
#define TESTS_UNIT_SCRATCH_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "formats/bytes.h"

struct scratch {
    char path[256];
};

static inline void scratch_make(struct scratch *f, const struct buf *b)
{
    const char *base = getenv("TMPDIR");
    (void)snprintf(f->path, sizeof f->path, "%s/scratch.XXXXXX",
                   base != NULL ? base : "build");
    const int fd = mkstemp(f->path);
    assert_true(fd >= 0);
    for (size_t done = 0; done < b->n;) {
        const ssize_t n = write(fd, b->p + done, b->n - done);
        assert_true(n > 0);
        done += (size_t)n;
    }
    assert_int_equal(close(fd), 0);
}

static inline void scratch_remove(const struct scratch *f)
{
    assert_int_equal(unlink(f->path), 0);
}

#endif
