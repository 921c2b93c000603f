/* SPDX-License-Identifier: MIT */
/* The lines above the rows of a poolmon capture, told apart and read by key; pure, the
 * caller owns the line, and offsets point into it. */
#ifndef FORMATS_POOLMON_HEAD_H
#define FORMATS_POOLMON_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/pool.h"

/* In the order in which a capture has them. */
enum head_kind {
    HEAD_NONE = 0,
    HEAD_MEMORY = 1 << 0, /* Memory: Avail: PageFlts: InRam Krnl: P: */
    HEAD_COMMIT = 1 << 1, /* Commit: Limit: Peak: Pool N: P: */
    HEAD_TITLE = 1 << 2,  /* System pool information */
    HEAD_COLUMNS = 1 << 3 /* Tag  Type     Allocs ... */
};

struct head_figure {
    uint8_t field;        /* enum total_field */
    uint32_t after_colon; /* where its blanks begin */
    uint32_t begin, end;  /* its digits */
    uint64_t v;
    bool unknown; /* written as `-` */
};

struct head_text {
    enum head_kind kind;
    uint32_t at;     /* where the first key or word stands */
    uint8_t n;       /* figures read */
    uint8_t missing; /* keys of this line that are absent or without a figure */
    struct head_figure fig[5];
    enum pool_scope scope; /* of a title */
    uint32_t session;
};

enum head_kind head_parse(const char *p, size_t n, struct head_text *h);

#endif
