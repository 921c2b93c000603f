/* SPDX-License-Identifier: MIT */
/* What the property tests share: whole inputs read into memory, the fixtures as a list,
 * captures of the made-up series, seeded chance.  Who declares a struct shots frees it
 * with shots_free; every struct buf is freed with buf_free. */
#ifndef TESTS_UNIT_PROP_H
#define TESTS_UNIT_PROP_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/io/input.h"
#include "formats/pool.h"
#include "formats/psz/psz.h"
#include "formats/reader.h"
#include "tests/tools/series_text.h"

/* Everything that came out of one input. */
struct shots {
    struct pool_snapshot *v;
    size_t n, cap;
    int code; /* 0, or the enum err_code that ended it */
    struct err err;
    uint64_t seen[NOTE_CODES]; /* notes about the input as a whole */
};

static inline void shots_free(struct shots *x)
{
    for (size_t i = 0; i < x->n; i++)
        pool_snapshot_free(&x->v[i]);
    free(x->v);
    *x = (struct shots){0};
}

static inline void shots_add(struct shots *x, const struct pool_snapshot *s)
{
    void *v = x->v;
    assert_int_equal(grow(&v, &x->cap, x->n + 1, sizeof *x->v, NULL), 0);
    x->v = v;
    x->v[x->n] = (struct pool_snapshot){0};
    assert_int_equal(pool_snapshot_copy(&x->v[x->n], s, NULL), 0);
    x->n++;
}

/* Reads an input to its end and closes it; every snapshot must keep its invariants. */
static inline struct shots shots_of_input(struct input *in, const struct reader_opts *o)
{
    struct shots x = {0};
    struct reader *r = NULL;
    struct pool_snapshot s = {.uptime_s = -1};
    x.code = reader_open(&r, in, o, &x.err);
    while (x.code >= 0 && (x.code = reader_next(r, &s, &x.err)) == 1) {
        const char *broken = pool_snapshot_valid(&s);
        if (broken != NULL)
            fail_msg("%s: a snapshot is not valid: %s", input_name(in), broken);
        shots_add(&x, &s);
    }
    assert_int_equal(x.code, x.err.code);
    if (r != NULL && reader_notes(r) != NULL)
        memcpy(x.seen, reader_notes(r)->seen, sizeof x.seen);
    pool_snapshot_free(&s);
    reader_close(r);
    input_close(in);
    return x;
}

static inline struct shots shots_of_raw(struct input_raw raw, const char *name)
{
    struct reader_opts o = {.limits = LIMITS_DEFAULT};
    struct input *in = NULL;
    struct shots x = {0};
    x.code = input_open(&in, name, raw, &o.limits, &x.err);
    return x.code < 0 ? x : shots_of_input(in, &o);
}

/* From memory, at most `block` bytes a read (0: all at once). */
static inline struct shots shots_of(const char *name, const void *p, size_t n,
                                    size_t block)
{
    struct input_raw raw;
    assert_int_equal(input_raw_memory(&raw, p, n, block, NULL), 0);
    return shots_of_raw(raw, name);
}

/* ---- comparing ---- */

/* Nothing that a person could see differs; `notes` asks for the same remarks, too. */
static inline void assert_same_shot(const char *name, const struct pool_snapshot *a,
                                    const struct pool_snapshot *b, bool notes)
{
    if (!pool_snapshot_same_figures(a, b))
        fail_msg("%s: the figures differ", name);
    assert_int_equal(a->ordinal, b->ordinal);
    assert_int_equal(a->line, b->line);
    assert_int_equal(a->time.source, b->time.source);
    assert_int_equal(a->time.ms, b->time.ms);
    assert_int_equal(a->time.ambiguous, b->time.ambiguous);
    assert_int_equal(a->completeness, b->completeness);
    assert_int_equal(a->uptime_s, b->uptime_s);
    assert_string_equal(pool_snapshot_str(a, a->host), pool_snapshot_str(b, b->host));
    for (size_t i = 0; i < a->n_rows; i++) {
        const struct pool_row *x = &a->rows[i], *y = &b->rows[i];
        assert_int_equal(x->line, y->line);
        assert_string_equal(pool_snapshot_str(a, x->driver),
                            pool_snapshot_str(b, y->driver));
        assert_string_equal(pool_snapshot_str(a, x->owner),
                            pool_snapshot_str(b, y->owner));
    }
    for (int c = 0; notes && c < NOTE_CODES; c++)
        if (a->notes.seen[c] != b->notes.seen[c])
            fail_msg("%s: %s noted %llu times, then %llu times", name,
                     note_name((enum note_code)c), (unsigned long long)a->notes.seen[c],
                     (unsigned long long)b->notes.seen[c]);
}

static inline void assert_same_shots(const char *name, const struct shots *a,
                                     const struct shots *b, bool notes)
{
    if (a->code != b->code)
        fail_msg("%s: ended with %d (%s), then with %d (%s)", name, a->code, a->err.text,
                 b->code, b->err.text);
    if (a->n != b->n)
        fail_msg("%s: %zu snapshots, then %zu", name, a->n, b->n);
    for (size_t i = 0; i < a->n; i++)
        assert_same_shot(name, &a->v[i], &b->v[i], notes);
    if (notes)
        assert_memory_equal(a->seen, b->seen, sizeof a->seen);
}

/* ---- fixtures ---- */

static inline struct buf load_file(const char *path)
{
    struct buf b = {0};
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        fail_msg("%s cannot be opened", path);
    uint8_t block[8192];
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;)
        assert_int_equal(buf_append(&b, block, n, NULL), 0);
    assert_int_equal(ferror(f), 0);
    (void)fclose(f);
    return b;
}

enum { FIXTURES = 512 };

struct fixtures {
    char *path[FIXTURES];
    size_t n;
};

static inline int compare_paths(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

/* The files of the folders below, in order of their names. */
static inline void fixtures_find(struct fixtures *f)
{
    static const char *const folders[] = {
        "fixtures/poolmon", "fixtures/broken", "fixtures/stories/connections-refused",
        "fixtures/stories/drsd-printer", "fixtures/stories/session-pool"};
    f->n = 0;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        DIR *d = opendir(folders[i]);
        if (d == NULL)
            fail_msg("%s is missing: run from the root of the tree", folders[i]);
        for (const struct dirent *x; (x = readdir(d)) != NULL && f->n < FIXTURES;) {
            char path[512];
            if (x->d_name[0] == '.' || strstr(x->d_name, ".md") != NULL)
                continue;
            (void)snprintf(path, sizeof path, "%s/%s", folders[i], x->d_name);
            f->path[f->n] = strdup(path);
            assert_non_null(f->path[f->n++]);
        }
        (void)closedir(d);
    }
    qsort(f->path, f->n, sizeof f->path[0], compare_paths);
    assert_true(f->n >= 10);
}

static inline void fixtures_free(struct fixtures *f)
{
    while (f->n > 0)
        free(f->path[--f->n]);
}

/* ---- the made-up series ---- */

static inline struct series *series_new(uint64_t seed, unsigned tags, unsigned reboots,
                                        bool leak_free)
{
    struct series *s = malloc(sizeof *s);
    struct series_opts o = {.seed = seed,
                            .days = 4,
                            .step = 60,
                            .tags = tags,
                            .reboots = reboots,
                            .leak_free = leak_free};
    assert_non_null(s);
    assert_true(series_begin(s, &o));
    return s;
}

/* The next capture as text; the minute is s->minute. */
static inline bool next_capture(struct series *s, struct buf *text)
{
    text->n = 0;
    if (!series_next(s))
        return false;
    assert_int_equal(series_capture(s, text, NULL), 0);
    return true;
}

/* One capture of that many rows, two days into a boot. */
static inline struct buf some_capture(uint64_t seed, unsigned tags)
{
    struct buf text = {0};
    struct series *s = series_new(seed, tags, 0, false);
    for (int i = 0; i < 48; i++)
        assert_true(next_capture(s, &text));
    free(s);
    return text;
}

#endif
