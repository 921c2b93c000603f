/* SPDX-License-Identifier: MIT */
/* The main of a fuzz target where no fuzzer is: runs the target on every file that is
 * named, or on the entries of it where it is a corpus (NAME.zip), and says on standard
 * error how many inputs that were.
 *
 *     replay-TARGET FILE... */
#include <stdio.h>

#include "tests/fuzz/fuzz.h"

enum { MOST = 1 << 20 };

static const struct limits limits = LIMITS_DEFAULT;

/* Targets that need no preparation have none. */
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    return 0;
}

/* All bytes of a source, not inflated: an input that is gzip stays that. */
static int take(struct input_raw raw, struct buf *b, struct err *e)
{
    ptrdiff_t n = 1;
    b->n = 0;
    while (n > 0) {
        n = b->n > MOST ? ERR_LIMIT : buf_reserve(b, 4096, e);
        n = n < 0 ? n : raw.read(raw.ctx, b->p + b->n, 4096, e);
        b->n += n > 0 ? (size_t)n : 0;
    }
    raw.close(raw.ctx);
    return (int)n;
}

/* In storage that ends where the bytes end. */
static int run(const struct buf *b)
{
    uint8_t *p = malloc(b->n > 0 ? b->n : 1);
    assert(p != NULL);
    if (b->n > 0)
        memcpy(p, b->p, b->n);
    (void)LLVMFuzzerTestOneInput(p, b->n);
    free(p);
    return 1;
}

static int run_corpus(const char *path, struct buf *b, struct err *e)
{
    struct zip *z = NULL;
    struct input_raw raw;
    int done = 0;
    int r = zip_open_file(&z, path, &limits, e);
    for (size_t i = 0; r == 0 && i < zip_count(z); i++) {
        r = zip_entry_raw(&raw, z, i, &limits, e);
        r = r < 0 ? r : take(raw, b, e);
        done += r < 0 ? 0 : run(b);
    }
    zip_close(z);
    return r < 0 ? r : done;
}

static int run_file(const char *path, struct buf *b, struct err *e)
{
    const size_t n = strlen(path);
    struct input_raw raw;
    if (n > 4 && strcmp(path + n - 4, ".zip") == 0)
        return run_corpus(path, b, e);
    TRY(input_raw_file(&raw, path, e));
    TRY(take(raw, b, e));
    return run(b);
}

int main(int argc, char **argv)
{
    struct buf b = {0};
    struct err e = {0};
    int done = 0, r = 0;
    (void)LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1; i < argc && r >= 0; i++) {
        r = run_file(argv[i], &b, &e);
        done += r < 0 ? 0 : r;
        if (r < 0)
            (void)fprintf(stderr, "%s: %s\n", argv[i], e.text);
    }
    buf_free(&b);
    (void)fprintf(stderr, "%d inputs\n", done);
    return r < 0 ? 1 : 0;
}
