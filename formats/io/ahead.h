/* SPDX-License-Identifier: MIT */
/* Blocks of a source, read by a thread while those before are looked at; the struct
 * ahead, which the struct input owns, owns the thread and the blocks, and ahead_stop
 * ends both.
 *
 * A block is what reading on one thread would give: AHEAD_BLOCK bytes, fewer only before
 * the end or a fault, which is a block of no bytes by itself. */
#ifndef FORMATS_AHEAD_H
#define FORMATS_AHEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/err.h"

#define AHEAD_BLOCK ((size_t)256 * 1024)
#define AHEAD_HEAD  ((size_t)64 * 1024) /* for what is left of the block before */

/* What the thread alone uses between ahead_start and ahead_stop.  read must not wait for
 * anybody else, for ahead_stop waits for it. */
struct ahead_source {
    void *ctx;
    ptrdiff_t (*read)(void *ctx, uint8_t *p, size_t n, struct err *e);
    uint64_t (*taken)(void *ctx); /* bytes from below so far */
};

struct ahead_block {
    uint8_t *p; /* n bytes behind AHEAD_HEAD bytes for the taker */
    size_t n;   /* 0: the end, or a fault */
    uint64_t taken;
    struct err failed;
};

struct ahead;

/* The first block has `first` bytes.  Negative, and nothing happened, when there is no
 * memory or no thread to be had. */
int ahead_start(struct ahead **a, struct ahead_source source,
                size_t first) ERR_WARN_UNUSED;
/* Waits for the next block; none must be asked for behind one of 0 bytes.  It and those
 * before stay until they are given back, and at most one may be kept while the next is
 * asked for. */
const struct ahead_block *ahead_next(struct ahead *a);
/* The oldest block that was not given back yet is. */
void ahead_give_back(struct ahead *a);
void ahead_stop(struct ahead *a); /* NULL is fine */

#endif
