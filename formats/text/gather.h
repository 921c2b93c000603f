/* SPDX-License-Identifier: MIT */
/* Rows of other tools' tables put into a snapshot, with what all such readers have to
 * check and to note; the caller owns the struct gather and frees its storage with
 * gather_free.  The snapshot is borrowed between gather_start and gather_finish. */
#ifndef FORMATS_GATHER_H
#define FORMATS_GATHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/text/cells.h"
#include "formats/text/keys.h"
#include "formats/text/segment.h"

struct gather {
    const struct limits *limits;
    struct pool_snapshot *s;
    bool one_byte;
    bool torn;             /* the last row could not be read whole */
    uint64_t last_line;    /* of the capture so far */
    struct pool_tag first; /* key of the first row */
    uint8_t first_pool;
    struct key_set keys;
    uint64_t dropped;
    bool marked;         /* this line stood behind quotation marks */
    uint64_t marked_row; /* line of the first such row, 0 = none */
    uint64_t rounded; /* rows whose bytes were printed in a larger unit: set by readers */
};

void gather_start(struct gather *g, struct pool_snapshot *s, const struct block_start *b);
void gather_free(struct gather *g);

/* open, start, finish and close of a text_format that keeps nothing but a struct gather
 * (its context) and reads rows that a person selected: never the whole table. */
int gather_open(void **ctx, struct err *e);
int gather_start_selected(void *ctx, struct pool_snapshot *s, const struct block_start *b,
                          struct err *e);
int gather_finish_selected(void *ctx, const struct block_end *b, struct err *e);
/* For a format whose context begins with a struct gather and owns nothing else: `size`
 * zero bytes, and their end. */
int gather_open_as(void **ctx, size_t size, struct err *e) ERR_WARN_UNUSED;
void gather_close(void *ctx);

/* The line without the quotation marks of mail before it (`> `, `>> `); g, where given,
 * remembers that it had some. */
struct text_line gather_bare(struct gather *g, const struct text_line *l);

/* True when a table without times begins again with this key: it is the first row's, or
 * known and parted from the last row by other lines. */
bool gather_again(const struct gather *g, struct pool_tag tag, uint8_t pool,
                  uint64_t line);
/* Adds the row when its figures do not contradict each other; where exactly one of them
 * is wrong that one is left out, else the row is dropped.  All is noted.  FEED_MINE. */
int gather_row(struct gather *g, const struct pool_row *row, struct err *e);
/* What a line says that has both pools of a tag on it. */
struct gather_pair {
    struct pool_tag tag;
    uint64_t line;
    uint32_t owner;
    /* By enum pool_kind; `fields`, where 0 is no row, and the figures are set. */
    struct pool_row pool[POOL_KINDS];
};

/* True when the figures of both pools prove themselves, Diff being Allocs - Frees, and
 * not all of them are 0. */
bool gather_pair_proved(const struct gather_pair *p);
/* gather_again for the first of its rows. */
bool gather_pair_again(const struct gather *g, const struct gather_pair *p);
/* Adds a row for each pool that has anything; otherwise as gather_row. */
int gather_pair(struct gather *g, const struct gather_pair *p, struct err *e);

/* Notes that this line's row was left out, and why.  FEED_MINE. */
int gather_drop(struct gather *g, const struct text_line *line, const char *why,
                struct err *e);
/* Sets the completeness, which is at least `least`, and its notes. */
int gather_finish(struct gather *g, enum completeness least,
                  struct err *e) ERR_WARN_UNUSED;

/* Stores "binary - description", leaving out what is empty or `<unknown>`. */
int gather_owner(struct gather *g, const struct cell *binary, const struct cell *text,
                 uint32_t *owner, struct err *e) ERR_WARN_UNUSED;

/* At most four characters, each one byte of the tag: U+0080..U+00FF and the characters
 * that Windows' Western code page has at 80..9F are undone.  False for anything else
 * and for blanks alone.  Sets *n to the number of characters, unless NULL. */
bool gather_tag(const struct cell *c, bool one_byte, struct pool_tag *tag, size_t *n);

/* The next word at or behind *at, which is moved behind it; false where there is none. */
bool gather_word(const struct text_line *l, size_t *at, struct cell *word);
/* True when the line begins with these n words: *first is the column of the first one,
 * *end lies behind the last. */
bool gather_titles(const struct text_line *l, const char *const *words, size_t n,
                   size_t *first, size_t *end);
/* The tag in the four columns below its title, a blank behind them; or, where blanks were
 * lost, the first word of the line.  *end lies behind it. */
bool gather_tag_below(const struct text_line *l, size_t title, bool one_byte,
                      struct pool_tag *tag, size_t *end);
bool gather_tag_word(const struct text_line *l, bool one_byte, struct pool_tag *tag,
                     size_t *end);

/* Bytes stand where something is left, and only there. */
bool gather_bytes_fit(uint64_t live, uint64_t bytes);

/* A count, also as programs print it that took a wrapped one for a signed number: -1 is
 * 2^32 - 1, and *wrapped is set. */
bool gather_count(const struct cell *c, uint64_t *v, bool *wrapped);

#endif
