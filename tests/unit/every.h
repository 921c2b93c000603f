/* SPDX-License-Identifier: MIT */
/* Every fixture there is, found by walking the folder; who declares a struct every frees
 * it with every_free.  What is documentation or data for other tests is left out. */
#ifndef TESTS_UNIT_EVERY_H
#define TESTS_UNIT_EVERY_H

#include <sys/stat.h>

#include "tests/unit/prop.h"

struct every {
    char *path[FIXTURES];
    size_t n;
};

/* series/ is a zip of hundreds, tags/ a list for --tags, TABLE.tsv what the others give.
 */
static inline bool every_skips(const char *name)
{
    static const char *const names[] = {"series", "tags", "README.md", "TABLE.tsv"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    const char *suffix = strrchr(name, '.');
    return name[0] == '.' || (suffix != NULL && strcmp(suffix, ".yaml") == 0);
}

static inline void every_add(struct every *f, const char *path)
{
    assert_true(f->n < FIXTURES);
    f->path[f->n] = strdup(path);
    assert_non_null(f->path[f->n]);
    f->n++;
}

/* The regular files below top, in order of their names. */
static inline void every_find(struct every *f, const char *top)
{
    char *todo[64];
    size_t n = 1;
    f->n = 0;
    todo[0] = strdup(top);
    while (n > 0) {
        char *folder = todo[--n];
        DIR *d = opendir(folder);
        if (d == NULL)
            fail_msg("%s is missing: run from the root of the tree", folder);
        for (const struct dirent *x; (x = readdir(d)) != NULL;) {
            char path[512];
            struct stat st;
            (void)snprintf(path, sizeof path, "%s/%s", folder, x->d_name);
            if (every_skips(x->d_name) || stat(path, &st) != 0)
                continue;
            if (S_ISDIR(st.st_mode)) {
                assert_true(n < sizeof todo / sizeof todo[0]);
                todo[n++] = strdup(path);
            } else {
                every_add(f, path);
            }
        }
        (void)closedir(d);
        free(folder);
    }
    assert_true(f->n > 0);
    qsort(f->path, f->n, sizeof f->path[0], compare_paths);
}

static inline void every_free(struct every *f)
{
    while (f->n > 0)
        free(f->path[--f->n]);
}

static inline struct shots every_read(const char *path)
{
    struct buf b = load_file(path);
    struct shots x = shots_of(path, b.p, b.n, 0);
    buf_free(&b);
    return x;
}

/* n snapshots in one output. */
static inline struct buf written_by(const struct format_writer *w,
                                    const struct pool_snapshot *v, size_t n)
{
    struct buf b = {0};
    struct sink *out;
    struct writer_opts o = {.many = n > 1, .verbatim = true};
    void *ctx = NULL;
    assert_int_equal(sink_memory(&out, &b, NULL), 0);
    assert_int_equal(w->begin(&ctx, out, &o, NULL), 0);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(w->snapshot(ctx, &v[i], NULL), 0);
    assert_int_equal(w->end(ctx, NULL), 0);
    w->close(ctx);
    assert_int_equal(sink_close(out, NULL), 0);
    return b;
}

#endif
