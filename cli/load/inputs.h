/* SPDX-License-Identifier: MIT */
/* Arguments to a flat list of inputs: files, directories (by name, digit runs as
 * numbers), zips (each entry an input), stdin.  The struct inputs owns names, zips and
 * what stdin held; inputs_free releases all. */
#ifndef CLI_INPUTS_H
#define CLI_INPUTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/bytes.h"
#include "formats/err.h"
#include "formats/io/input.h"
#include "formats/limits.h"

enum input_kind { INPUT_FILE, INPUT_STDIN, INPUT_ZIP_ENTRY };

struct input_item {
    char *name;       /* for people and JSON: "day1/a.txt", "mail.zip:a.txt", "-" */
    char *real;       /* what times and hosts are read from: name, unless redacted */
    const char *path; /* INPUT_FILE: what to open (inside real) */
    enum input_kind kind;
    size_t zip, entry; /* INPUT_ZIP_ENTRY */
    size_t argument;   /* which operand it came from */
    size_t root_len; /* bytes of real that the operand and its slash take; 0: the operand
                        is the input itself */
    bool found;      /* found in a directory or zip: skipped quietly when foreign */
    const char *document; /* a zip that is one: its name, and ... */
    const char *advice;   /* ... what to do instead of reading it */
    int64_t pick;         /* FILE@N: 1.., negative from the end, 0 = all */
};

struct inputs {
    struct input_item *v;
    size_t n, cap;
    struct zip **zips;
    size_t n_zips, zips_cap;
    struct input_room room; /* of the inputs that are open one by one */
    struct buf stdin_bytes;
    bool stdin_read;
    bool read_ahead; /* a thread may read what is large */
};

/* Adds what one operand stands for.  A missing file, an unreadable directory, an empty
 * directory: negative, e says what; what was added before stays. */
int inputs_add(struct inputs *in, const char *operand, size_t argument,
               const struct limits *l, struct err *e) ERR_WARN_UNUSED;
/* Opens item i from its beginning. */
int inputs_open(struct inputs *in, size_t i, const struct limits *l, struct input **out,
                struct err *e) ERR_WARN_UNUSED;
/* 1: the file's own time, civil UTC for files, civil for zip entries; 0: there is none.
 * *zone_known tells which. */
int inputs_mtime(const struct inputs *in, size_t i, int64_t *ms, bool *zone_known,
                 struct err *e) ERR_WARN_UNUSED;
/* Bytes as they lie on disk; 0 when the file is gone. */
int inputs_size(const struct inputs *in, size_t i, uint64_t *bytes,
                struct err *e) ERR_WARN_UNUSED;
/* The same; 0 when unknown. */
uint64_t inputs_bytes(const struct inputs *in, size_t i);
void inputs_free(struct inputs *in);

#endif
