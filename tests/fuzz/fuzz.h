/* SPDX-License-Identifier: MIT */
/* What fuzz targets share: readings of bytes in memory, frames, a folder.  Targets own
 * what they open; the folder's owner removes it. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "formats/bytes.h"
#include "formats/frame.h"
#include "formats/io/input.h"
#include "formats/reader.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Small enough that an input costs little, large enough to reach everything. */
static const struct limits fuzz_limits = {.line_bytes = 16 * 1024,
                                          .snapshot_rows = 2000,
                                          .inflated_bytes = 4 << 20,
                                          .inflate_ratio = 2000,
                                          .zip_entries = 64,
                                          .memory_input_bytes = 4 << 20,
                                          .directory_depth = 4,
                                          .inputs = 64};

struct fuzz_reading {
    struct reader_memory memory;
    struct input *in;
    struct reader *r;
    struct pool_snapshot s;
};

/* Bytes handed out `block` at a time (0: at once); limits and memory are set here.  False
 * when nothing reads them; then e says why. */
static inline bool fuzz_begin(struct fuzz_reading *x, const uint8_t *p, size_t n,
                              size_t block, struct reader_opts o, struct err *e)
{
    struct input_raw raw;
    *x = (struct fuzz_reading){.s = {.uptime_s = -1}};
    o.memory = &x->memory;
    if (o.limits.line_bytes == 0)
        o.limits = fuzz_limits;
    return input_raw_memory(&raw, p, n, block, e) == 0 &&
           input_open(&x->in, "fuzz", raw, &o.limits, e) == 0 &&
           reader_open(&x->r, x->in, &o, e) == 0;
}

static inline void fuzz_end(struct fuzz_reading *x)
{
    reader_close(x->r);
    input_close(x->in);
    pool_snapshot_free(&x->s);
    reader_memory_free(&x->memory);
}

/* Says which promise a snapshot breaks, and ends there. */
static inline void fuzz_valid(const struct pool_snapshot *s)
{
    const char *broken = pool_snapshot_valid(s);
    if (broken != NULL)
        (void)fprintf(stderr, "broken promise: %s\n", broken);
    assert(broken == NULL);
}

/* Where the next sync mark of a container stands, from `at` on; n: nowhere. */
static inline size_t fuzz_next_frame(const uint8_t *p, size_t n, size_t at)
{
    static const uint8_t sync_mark[] = FRAME_SYNC;
    while (at + sizeof sync_mark <= n && memcmp(p + at, sync_mark, sizeof sync_mark) != 0)
        at++;
    return at + sizeof sync_mark <= n ? at : n;
}

/* ---- a folder for what must be a file ---- */

enum { FUZZ_PATH = 256 };

static char fuzz_folder[FUZZ_PATH - 32];

static inline void fuzz_folder_make(void)
{
    const char *below = getenv("TMPDIR");
    (void)snprintf(fuzz_folder, sizeof fuzz_folder, "%s/poolsift-fuzz.XXXXXX",
                   below != NULL ? below : "/tmp");
    const char *made = mkdtemp(fuzz_folder);
    assert(made != NULL);
}

/* The path of that name in the folder, until the next call. */
static inline const char *fuzz_path(const char *name)
{
    static char path[FUZZ_PATH];
    (void)snprintf(path, sizeof path, "%s/%.30s", fuzz_folder, name);
    return path;
}

#endif
