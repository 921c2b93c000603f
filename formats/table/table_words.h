/* SPDX-License-Identifier: MIT */
/* The words of table heads and headings, and what people mean by them; pure, and the
 * caller owns every buffer. */
#ifndef FORMATS_TABLE_WORDS_H
#define FORMATS_TABLE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a word can mean. */
enum table_word {
    WORD_TAG = 1 << 0,
    WORD_NONPAGED = 1 << 1,
    WORD_PAGED = 1 << 2,
    WORD_POOL = 1 << 3,
    WORD_TYPE = 1 << 4,
    WORD_ALLOCS = 1 << 5,
    WORD_FREES = 1 << 6,
    WORD_LIVE = 1 << 7,   /* outstanding, live: surely allocs - frees */
    WORD_COUNT = 1 << 8,  /* a number of something */
    WORD_DIFF = 1 << 9,   /* poolmon's Diff, or a difference between two moments */
    WORD_BYTES = 1 << 10, /* a unit of size: bytes, MB */
    WORD_SIZE = 1 << 11,  /* a size whose unit is not said */
    WORD_TOTAL = 1 << 12,
    WORD_PER = 1 << 13,  /* `per`, `/` */
    WORD_SPAN = 1 << 14, /* hour, day, s */
    WORD_NET = 1 << 15,
    WORD_CHANGE = 1 << 16, /* delta, growth */
    WORD_SINCE = 1 << 17,  /* since, from, vs: makes a Diff a change */
    WORD_SHARE = 1 << 18,
    WORD_MEAN = 1 << 19,  /* average, each: of one allocation */
    WORD_BOUND = 1 << 20, /* peak, limit: not the figure of this moment */
    WORD_TIME = 1 << 21,
    WORD_OWNER = 1 << 22,
    WORD_RANK = 1 << 23,
    WORD_OTHER = 1 << 24,
    WORD_SCALED = 1 << 25 /* thousands, pages: not what its cells count */
};

/* A size's unit: 1024 or 1000 to the power. */
struct table_unit {
    uint8_t power; /* 0 bytes, 1 K, 2 M ... */
    bool sure;     /* bytes or KiB, MiB; false: KB, MB */
    bool letter;   /* K, M alone: of a count, a multiple of 1000 */
};

struct table_words {
    uint32_t all;           /* set of enum table_word */
    unsigned n;             /* words */
    struct table_unit unit; /* when all holds WORD_BYTES */
    bool per_span;          /* `per hour`, `/s` */
};

/* Splits at everything that is no letter or digit and where a capital follows a small
 * letter (`NpBytes`). */
void table_words(const char *p, size_t n, struct table_words *w);
/* The unit that [p, p + n) names, alone: B, bytes, KB, KiB, K ... */
bool table_unit_word(const char *p, size_t n, struct table_unit *u);

#endif
