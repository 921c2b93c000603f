/* SPDX-License-Identifier: MIT */
/* What poolcap does with its arguments and with the time it is given; strings of a struct
 * capture_plan point into the arguments, nothing else is kept. */
#ifndef FORMATS_CAPTURE_RUN_H
#define FORMATS_CAPTURE_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "formats/capture/record.h"

struct capture_plan {
    const char *file;    /* -o */
    uint64_t every_ms;   /* 0: once */
    uint64_t for_ms;     /* how long, when every_ms is not 0 */
    uint64_t most_bytes; /* of the file */
    bool no_host;        /* do not store the machine's name */
    bool help;           /* print capture_help and do nothing else */
};

extern const char capture_help[];

/* Reads argv[1] to argv[argc - 1].  ERR_USAGE with words for what makes no sense; a plan
 * that repeats is always bounded in time and size. */
int capture_plan_parse(struct capture_plan *plan, int argc, char *const *argv,
                       struct err *e) ERR_WARN_UNUSED;

/* A file that is already there, for capture_find_end. */
struct capture_file {
    void *ctx;
    uint64_t size;
    /* Reads n bytes at that place or fails. */
    int (*read_at)(void *ctx, uint64_t at, uint8_t *p, uint32_t n, struct err *e);
};

struct capture_end {
    uint64_t at;     /* where to go on writing: its end, or 0 when the head was cut */
    uint32_t number; /* of the next frame */
    bool head;       /* the file's head is there */
};

/* Where a capture file is continued.  A record that was cut short stays where it is:
 * readers pass over it.  ERR_UNSUPPORTED when the file is something else. */
int capture_find_end(struct capture_end *end, const struct capture_file *f,
                     struct err *e) ERR_WARN_UNUSED;

struct capture_done {
    uint32_t records, failed;
    bool full;    /* most_bytes was reached */
    bool stopped; /* somebody wanted it to stop */
};

/* Writes records as planned.  A first question that is refused is an error and writes
 * nothing at all; a later one is said and counted. */
int capture_run(const struct capture_system *sys, const struct capture_machine *m,
                const struct capture_plan *plan, const struct capture_end *end,
                struct capture_done *done, struct err *e) ERR_WARN_UNUSED;

#endif
