/* SPDX-License-Identifier: MIT */
/* Test helper: all snapshots of a text in memory.  struct captures owns what it holds;
 * captures_free it. */
#ifndef TESTS_UNIT_CAPTURES_H
#define TESTS_UNIT_CAPTURES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/reader.h"

enum { CAPTURES_MAX = 16 };

struct captures {
    struct pool_snapshot v[CAPTURES_MAX];
    size_t n;
    struct note_list notes; /* of the input; only `seen` is kept */
    struct err e;           /* why it ended, if not at the end */
};

static inline struct captures captures_read(const void *p, size_t n, size_t block,
                                            const char *from)
{
    struct captures c = {0};
    struct input *in = NULL;
    struct reader *r = NULL;
    struct input_raw raw;
    struct reader_opts o = {.from = from, .limits = LIMITS_DEFAULT};
    struct pool_snapshot s = {.uptime_s = -1};
    if (input_raw_memory(&raw, p, n, block, &c.e) < 0 ||
        input_open(&in, "t.txt", raw, &o.limits, &c.e) < 0 ||
        reader_open(&r, in, &o, &c.e) < 0)
        goto out;
    while (c.n < CAPTURES_MAX && reader_next(r, &s, &c.e) == 1)
        if (pool_snapshot_copy(&c.v[c.n++], &s, &c.e) < 0)
            break;
    memcpy(c.notes.seen, reader_notes(r)->seen, sizeof c.notes.seen);
out:
    pool_snapshot_free(&s);
    reader_close(r);
    input_close(in);
    return c;
}

static inline struct captures captures_text(const char *text)
{
    return captures_read(text, strlen(text), 0, NULL);
}

static inline void captures_free(struct captures *c)
{
    for (size_t i = 0; i < c->n; i++)
        pool_snapshot_free(&c->v[i]);
}

/* A fixture's bytes (path below fixtures/); the caller frees them. */
static inline uint8_t *fixture(const char *name, size_t *n)
{
    char path[512];
    const char *top = getenv("TOP");
    (void)snprintf(path, sizeof path, "%s/fixtures/%s", top != NULL ? top : ".", name);
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        fail_msg("%s is missing", path);
    uint8_t *p = malloc(1 << 20);
    assert_non_null(p);
    *n = fread(p, 1, 1 << 20, f);
    (void)fclose(f);
    return p;
}

static inline struct captures captures_fixture(const char *name)
{
    size_t n = 0;
    uint8_t *p = fixture(name, &n);
    struct captures c = captures_read(p, n, 0, NULL);
    free(p);
    return c;
}

/* The row of that tag (four bytes) and pool; the test fails where there is none. */
static inline const struct pool_row *row_of(const struct pool_snapshot *s,
                                            const char *tag, enum pool_kind pool)
{
    for (size_t i = 0; i < s->n_rows; i++)
        if (memcmp(s->rows[i].tag.b, tag, 4) == 0 && s->rows[i].pool == pool)
            return &s->rows[i];
    fail_msg("no row '%s'", tag);
    return NULL;
}

#endif
