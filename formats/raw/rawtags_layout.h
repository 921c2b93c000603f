/* SPDX-License-Identifier: MIT */
/* The layouts of raw pool tag replies; pure functions over bytes that the caller owns.
 *
 * NtQuerySystemInformation gives an array of entries behind a Count.  Three classes do:
 *
 *   class 22, 255   Count u32 | (64-bit: 4 bytes of nothing) | entry ... entry
 *   class 67        Next SIZE_T | SessionId u32 | Count u32 | entry ... entry | next
 * block
 *
 *                Tag  paged: Allocs  Frees   Used  nonpaged: Allocs  Frees  Used  stride
 *   22, 32-bit    0              4      8     12                16     20    24      28
 *   22, 64-bit    0              4      8     16u64             24     28    32u64   40
 *   255, 64-bit   0              8u64  16u64  24u64             32u64  40u64 48u64   56
 *
 * Class 67 holds the entries of class 22; class 255 of a 32-bit process is the same as
 * class 22.  ARM64 is laid out as x64.  Whatever stands between the fields was never
 * written by the kernel and says nothing.  The width is that of the process which asked,
 * not of the machine.
 *
 * From phnt (ntexapi.h), Geoff Chappell's studies of the classes, and ReactOS
 * (expool.c) for what a buffer that is too small gets. */
#ifndef FORMATS_RAWTAGS_LAYOUT_H
#define FORMATS_RAWTAGS_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/pool.h"

enum tag_layout {
    TAGS_22_X86,
    TAGS_22_X64,
    TAGS_255_X64,
    TAGS_67_X86,
    TAGS_67_X64,
    TAG_LAYOUTS
};

struct tag_layout_row {
    const char *name; /* "class22-x64": what people type after --layout */
    uint8_t head;     /* bytes before the first entry of a block */
    uint8_t stride;   /* bytes of an entry */
    uint8_t size;     /* bytes of Used, and of Next */
    uint8_t counter;  /* bytes of Allocs and Frees */
    uint8_t count_at;
    bool sessions; /* a chain of blocks, one a session */
};

extern const struct tag_layout_row tag_layout_table[TAG_LAYOUTS];
/* The layout of that name, or -1. */
int tag_layout_find(const char *name);
/* "class22-x86, class22-x64 ...": for messages; out must hold TAG_LAYOUT_NAMES bytes. */
#define TAG_LAYOUT_NAMES 96
void tag_layout_names(char out[TAG_LAYOUT_NAMES]);

#define TAGS_MOST (1000 * 1000) /* a Count beyond is no Count */

struct tag_figures {
    uint64_t allocs, frees, used;
};

struct tag_entry {
    struct pool_tag tag;
    struct tag_figures pool[2]; /* POOL_NONPAGED, POOL_PAGED */
};

/* Decodes the entry whose `stride` bytes begin at p. */
struct tag_entry tag_entry_at(enum tag_layout k, const uint8_t *p);

/* One array of entries. */
struct tag_block {
    size_t first;     /* offset of the first entry */
    size_t end;       /* behind the last whole entry */
    uint32_t count;   /* entries that the reply promises ... */
    uint32_t entries; /* ... and whole ones that are there */
    uint32_t session;
    size_t next; /* offset of the next block, 0 = this is the last */
};

/* Reads the head of the block at `at`; false when it is not whole or contradicts itself
 * (a Count beyond TAGS_MOST, a next block inside this one). */
bool tag_block_at(enum tag_layout k, const uint8_t *p, size_t n, size_t at,
                  struct tag_block *b);

/* What speaks for a layout. */
struct tag_vote {
    uint64_t entries; /* all whole entries of all blocks ... */
    uint64_t good;    /* ... and those that could be one */
    uint64_t blocks;  /* heads that agree with one another */
    uint64_t front;   /* the first entry that could be one */
    bool exact;       /* the entries promised end where the bytes end */
};

struct tag_vote tag_layout_vote(enum tag_layout k, const uint8_t *p, size_t n);
/* True when so much speaks for it that these bytes are taken for a reply. */
bool tag_vote_passes(const struct tag_vote *v);

/* How many layouts (0, 1, 2: ambiguous) pass, and which. */
int tag_layout_choose(const uint8_t *p, size_t n, enum tag_layout best[2],
                      struct tag_vote votes[2]);

#endif
