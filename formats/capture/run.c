/* SPDX-License-Identifier: MIT */
#include "formats/capture/run.h"

#include <stdio.h>
#include <string.h>

#include "formats/capture/container.h"
#include "formats/frame.h"
#include "formats/when.h"

/* The processors stand still while the table is copied: not to be done all the time. */
#define EVERY_LEAST_MS ((int64_t)10 * 1000)
#define FOR_DEFAULT_MS ((int64_t)24 * 3600 * 1000)
#define FOR_MOST_MS    ((int64_t)92 * 24 * 3600 * 1000)
#define MB             ((uint64_t)1 << 20)
#define MB_DEFAULT     1024

static const uint8_t magic[FRAME_MAGIC] = PSCAP_MAGIC;

const char capture_help[] =
    "poolcap [-o FILE] [--every SPAN [--for SPAN]] [--max-mb N] [--no-host]\n"
    "\n"
    "Saves this computer's pool tag figures, once or again and again.\n"
    "\n"
    "  -o FILE       add to this file (poolcap.pscap)\n"
    "  --every SPAN  again and again: 30s, 5m, 1h; at least 10s\n"
    "  --for SPAN    how long: 12h, 7d; 1d unless given, at most 92d\n"
    "  --max-mb N    stop before the file is larger (1024)\n"
    "  --no-host     leave the computer's name out\n"
    "\n"
    "Stop it at any time with Ctrl+C; what was saved stays good.\n";

/* ---- arguments ---- */

static int span(const char *name, const char *text, int64_t least, int64_t most,
                uint64_t *ms, struct err *e)
{
    int64_t v;
    if (!when_span(text, &v) || v < least || v > most) {
        err_hint(e, "write 30s, 5m, 12h or 7d");
        return err_set(e, ERR_USAGE,
                       "expected a span of %lld s to %lld h after %s, found "
                       "'%s'",
                       (long long)(least / 1000), (long long)(most / 3600000), name,
                       text);
    }
    *ms = (uint64_t)v;
    return 0;
}

static int megabytes(const char *text, uint64_t *bytes, struct err *e)
{
    uint64_t v = 0;
    const char *p = text;
    for (; *p >= '0' && *p <= '9' && v < 1000000; p++)
        v = v * 10 + (uint64_t)(*p - '0');
    if (p == text || *p != '\0' || v == 0 || v >= 1000000)
        return err_set(e, ERR_USAGE, "expected megabytes after --max-mb, found '%s'",
                       text);
    *bytes = v * MB;
    return 0;
}

static int value_option(struct capture_plan *plan, const char *name, const char *value,
                        struct err *e)
{
    if (strcmp(name, "-o") == 0) {
        plan->file = value;
        return value[0] == '\0' ? err_set(e, ERR_USAGE, "expected a file after -o") : 0;
    }
    if (strcmp(name, "--every") == 0)
        return span(name, value, EVERY_LEAST_MS, FOR_MOST_MS, &plan->every_ms, e);
    if (strcmp(name, "--for") == 0)
        return span(name, value, EVERY_LEAST_MS, FOR_MOST_MS, &plan->for_ms, e);
    return megabytes(value, &plan->most_bytes, e);
}

static bool takes_value(const char *name)
{
    static const char *const names[] = {"-o", "--every", "--for", "--max-mb"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

int capture_plan_parse(struct capture_plan *plan, int argc, char *const *argv,
                       struct err *e)
{
    *plan = (struct capture_plan){.file = "poolcap.pscap", .most_bytes = MB_DEFAULT * MB};
    for (int i = 1; i < argc; i++) {
        const char *name = argv[i];
        if (strcmp(name, "--no-host") == 0) {
            plan->no_host = true;
        } else if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 ||
                   strcmp(name, "/?") == 0) {
            plan->help = true;
        } else if (!takes_value(name)) {
            err_hint(e, "poolcap --help");
            return err_set(e, ERR_USAGE, "expected an option, found '%s'", name);
        } else if (i + 1 == argc) {
            return err_set(e, ERR_USAGE, "expected a value after %s", name);
        } else {
            TRY(value_option(plan, name, argv[++i], e));
        }
    }
    if (plan->for_ms != 0 && plan->every_ms == 0)
        return err_set(e, ERR_USAGE, "--for needs --every");
    if (plan->every_ms != 0 && plan->for_ms == 0)
        plan->for_ms = FOR_DEFAULT_MS;
    return 0;
}

/* ---- going on with a file ---- */

static int no_capture(struct err *e)
{
    err_hint(e, "name another file with -o");
    return err_set(e, ERR_UNSUPPORTED,
                   "expected a capture file to add to, found something else");
}

/* Steps from head to head, so that weeks of records cost little. */
static int find_last(struct capture_end *end, const struct capture_file *f, struct err *e)
{
    uint64_t at = FRAME_FILE_HEAD;
    while (f->size - at >= FRAME_HEAD) {
        uint8_t p[FRAME_HEAD];
        struct frame frame;
        TRY(f->read_at(f->ctx, at, p, sizeof p, e));
        if (!frame_head(p, &frame))
            return 0;
        end->number = frame.number + 1;
        uint64_t whole = FRAME_HEAD + frame.n + FRAME_TAIL;
        if (whole > f->size - at)
            return 0;
        at += whole;
    }
    return 0;
}

int capture_find_end(struct capture_end *end, const struct capture_file *f, struct err *e)
{
    uint8_t p[FRAME_FILE_HEAD] = {0};
    uint32_t n = f->size < sizeof p ? (uint32_t)f->size : (uint32_t)sizeof p;
    *end = (struct capture_end){0};
    if (n > 0)
        TRY(f->read_at(f->ctx, 0, p, n, e));
    if (n < sizeof p) /* killed while it wrote the head */
        return memcmp(p, magic, n < FRAME_MAGIC ? n : FRAME_MAGIC) == 0 ? 0
                                                                        : no_capture(e);
    uint16_t major, minor;
    if (!frame_file_head(p, magic, &major, &minor) || major != PSCAP_MAJOR)
        return no_capture(e);
    end->head = true;
    end->at = f->size;
    return find_last(end, f, e);
}

/* ---- the run ---- */

struct run {
    const struct capture_system *sys;
    const struct capture_machine *machine;
    const struct capture_plan *plan;
    struct capture_done *done;
    struct capture_end end;
    struct buf frame;
};

static void tell(const struct run *r, const char *words)
{
    if (r->sys->say != NULL)
        r->sys->say(r->sys->ctx, words);
}

static void tell_record(const struct run *r, size_t pool_bytes)
{
    char words[120];
    (void)snprintf(words, sizeof words, "record %lu: %lu bytes of pool tags",
                   (unsigned long)r->done->records, (unsigned long)pool_bytes);
    tell(r, words);
}

static int write_head(struct run *r, struct err *e)
{
    struct buf head = {0};
    int result = frame_put_file_head(&head, magic, PSCAP_MAJOR, PSCAP_MINOR, e);
    if (result == 0)
        result = r->sys->write(r->sys->ctx, head.p, head.n, e);
    buf_free(&head);
    if (result == 0) {
        r->end.head = true;
        r->end.at += FRAME_FILE_HEAD;
    }
    return result;
}

/* Asks and writes once. */
static int step(struct run *r, struct err *e)
{
    size_t pool_bytes;
    struct err refusal = {0};
    int result = capture_record(&r->frame, r->sys, r->machine, r->end.number, &pool_bytes,
                                &refusal);
    if (result == ERR_UNSUPPORTED && r->done->records > 0) {
        r->done->failed++;
        tell(r, refusal.text);
        return 0;
    }
    if (result < 0)
        return err_set(e, result, "%s", refusal.text);
    if (r->end.at + FRAME_FILE_HEAD + r->frame.n > r->plan->most_bytes) {
        r->done->full = true;
        return 0;
    }
    if (!r->end.head)
        TRY(write_head(r, e));
    TRY(r->sys->write(r->sys->ctx, r->frame.p, r->frame.n, e));
    r->end.at += r->frame.n;
    r->end.number++;
    r->done->records++;
    tell_record(r, pool_bytes);
    return 0;
}

/* Waits for the next whole step since the start; false when that was the last one.  A
 * machine that slept goes on at once and makes up for nothing. */
static bool wait_for_next(struct run *r, uint64_t start)
{
    const struct capture_plan *plan = r->plan;
    if (plan->every_ms == 0 || r->done->full)
        return false;
    uint64_t gone = r->sys->elapsed_ms(r->sys->ctx) - start;
    uint64_t next = (gone / plan->every_ms + 1) * plan->every_ms;
    if (next > plan->for_ms)
        return false;
    while (gone < next) {
        if (!r->sys->wait_ms(r->sys->ctx, next - gone)) {
            r->done->stopped = true;
            return false;
        }
        gone = r->sys->elapsed_ms(r->sys->ctx) - start;
    }
    return true;
}

int capture_run(const struct capture_system *sys, const struct capture_machine *m,
                const struct capture_plan *plan, const struct capture_end *end,
                struct capture_done *done, struct err *e)
{
    struct run r = {.sys = sys, .machine = m, .plan = plan, .done = done, .end = *end};
    *done = (struct capture_done){0};
    uint64_t start = sys->elapsed_ms(sys->ctx);
    int result;
    do
        result = step(&r, e);
    while (result == 0 && wait_for_next(&r, start));
    buf_free(&r.frame);
    return result;
}
