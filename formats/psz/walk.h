/* SPDX-License-Identifier: MIT */
/* From bytes to the blocks of an archive that count; the caller owns the struct psz_walk,
 * which borrows its input, and frees it with psz_walk_close.
 *
 * Here is decided what is damage and what is the tail of an interrupted append: behind
 * the first end mark a block counts only when its own end mark follows, so a file that
 * was cut anywhere behind an end mark reads as it did before. */
#ifndef FORMATS_PSZ_WALK_H
#define FORMATS_PSZ_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "formats/frame.h"
#include "formats/psz/check.h"

struct psz_block {
    const uint8_t *p; /* payload; valid until the next call */
    size_t n;
    uint64_t at;     /* offset of its frame */
    uint64_t number; /* from 1 */
    uint64_t passed; /* captures at its beginning that were given already */
    bool links;      /* each tells what it changes in the capture before */
    bool torn;       /* the block before it is missing */
};

struct psz_walk {
    struct input *in; /* borrowed */
    bool salvage;     /* pass over damage, with notes */
    struct frame_reader frames;
    struct psz_check check;
    struct buf held;       /* payload of a block whose end mark must follow */
    bool holding, torn;    /* torn: something is missing before the next block */
    struct psz_block next; /* the held block */
    uint64_t given, given_before_fold; /* captures, as the blocks promise */
    bool gap;                          /* something has been missing since the latter */
    uint64_t last_mark; /* the last block's length and check sum, when salvaging */
    bool ended;
    uint64_t tail_at; /* offset of a tail that does not count, 0 = none */
    struct note_list notes;
};

/* True when these first bytes begin an archive, perhaps with one byte damaged. */
bool psz_magic(const uint8_t *p, size_t n);
/* Reads the file's head.  *w must be zeroed; close it also after an error. */
int psz_walk_open(struct psz_walk *w, struct input *in, bool salvage,
                  struct err *e) ERR_WARN_UNUSED;
/* Sets *b to the next block and returns 1, 0 at the end. */
int psz_walk_next(struct psz_walk *w, struct psz_block *b, struct err *e) ERR_WARN_UNUSED;
void psz_walk_close(struct psz_walk *w);
/* Puts block and offset into the place of an error, and the hint to salvage. */
void psz_walk_place(const struct psz_walk *w, uint64_t block, uint64_t at, struct err *e);

#endif
