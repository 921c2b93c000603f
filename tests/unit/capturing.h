/* SPDX-License-Identifier: MIT */
/* Test helper: a made-up machine behind poolcap.  struct world owns the file it writes
 * (buf_free); captures read back are the caller's (captures_free). */
#ifndef TESTS_UNIT_CAPTURING_H
#define TESTS_UNIT_CAPTURING_H

#include "formats/capture/run.h"
#include "tests/capture/fake.h"
#include "tests/unit/captures.h"

/* A machine, its clock and its disk. */
struct world {
    struct fake fake;
    uint64_t elapsed;
    uint64_t step;     /* ms that one question takes */
    uint64_t stop_at;  /* when somebody presses Ctrl+C, 0 = never */
    uint64_t sleep_at; /* when the machine is put to sleep for an hour, 0 = never */
    size_t disk;       /* bytes that fit, 0 = all */
    uint32_t said;
    struct buf file;
};

static inline uint32_t w_query(void *ctx, uint32_t info_class, uint8_t *p, uint32_t n,
                               uint32_t *returned)
{
    struct world *w = ctx;
    w->elapsed += w->step;
    w->fake.filetime = FAKE_BEGIN + w->elapsed * 10000;
    return fake_query(&w->fake, info_class, p, n, returned);
}

static inline uint64_t w_clock(void *ctx)
{
    return FAKE_BEGIN + ((struct world *)ctx)->elapsed * 10000;
}

static inline uint64_t w_elapsed(void *ctx)
{
    return ((struct world *)ctx)->elapsed;
}

/* Returns early now and then, as a real wait does. */
static inline bool w_wait(void *ctx, uint64_t most)
{
    struct world *w = ctx;
    w->elapsed += most < 60000 ? most : 60000;
    if (w->sleep_at != 0 && w->elapsed >= w->sleep_at) {
        w->sleep_at = 0;
        w->elapsed += 3600 * 1000;
    }
    return w->stop_at == 0 || w->elapsed < w->stop_at;
}

static inline int w_write(void *ctx, const uint8_t *p, size_t n, struct err *e)
{
    struct world *w = ctx;
    if (w->disk != 0 && w->file.n + n > w->disk)
        return err_set(e, ERR_IO, "the disk is full");
    return buf_append(&w->file, p, n, e);
}

static inline void w_say(void *ctx, const char *words)
{
    (void)words;
    ((struct world *)ctx)->said++;
}

static inline int w_read_at(void *ctx, uint64_t at, uint8_t *p, uint32_t n, struct err *e)
{
    const struct world *w = ctx;
    if (at > w->file.n || n > w->file.n - at)
        return err_set(e, ERR_IO, "read beyond the end");
    memcpy(p, w->file.p + at, n);
    return 0;
}

static inline struct capture_system system_of(struct world *w)
{
    return (struct capture_system){.ctx = w,
                                   .query = w_query,
                                   .clock = w_clock,
                                   .elapsed_ms = w_elapsed,
                                   .wait_ms = w_wait,
                                   .write = w_write,
                                   .say = w_say};
}

static inline struct capture_machine machine_of(const struct world *w)
{
    return (struct capture_machine){.process = w->fake.wide ? NT_AMD64 : NT_I386,
                                    .native = NT_AMD64,
                                    .major = 10,
                                    .build = 19045,
                                    .revision = 3803,
                                    .processors = 8,
                                    .host = "WEB01",
                                    .program = "poolcap test"};
}

static inline int run(struct world *w, uint64_t every_ms, uint64_t for_ms,
                      struct capture_done *done, struct err *e)
{
    struct capture_system sys = system_of(w);
    struct capture_machine m = machine_of(w);
    struct capture_plan plan = {
        .every_ms = every_ms, .for_ms = for_ms, .most_bytes = (uint64_t)1 << 30};
    struct capture_file f = {.ctx = w, .size = w->file.n, .read_at = w_read_at};
    struct capture_end end;
    TRY(capture_find_end(&end, &f, e));
    w->file.n = (size_t)end.at;
    return capture_run(&sys, &m, &plan, &end, done, e);
}

static inline struct captures read_back(const struct world *w)
{
    return captures_read(w->file.p, w->file.n, 0, NULL);
}

static inline const struct pool_row *row(const struct pool_snapshot *s, const char *tag)
{
    for (size_t i = 0; i < s->n_rows; i++)
        if (memcmp(s->rows[i].tag.b, tag, 4) == 0)
            return &s->rows[i];
    fail_msg("no row %s", tag);
    return NULL;
}

static inline void has_fact(const struct pool_snapshot *s, const char *line)
{
    if (strstr(pool_snapshot_str(s, s->facts), line) == NULL)
        fail_msg("no fact %s in:\n%s", line, pool_snapshot_str(s, s->facts));
}

#endif
