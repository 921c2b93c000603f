/* SPDX-License-Identifier: MIT */
/* Rows that need not be read again: the caller owns a struct fast_memory and frees it
 * with fast_free.
 *
 * Captures of one machine repeat each other line by line.  The memory keeps the rows of
 * the captures before as they were printed, with what the careful reader made of them,
 * and is handed the lines of the next one: the same line says the same, and one with
 * other figures in the same columns is believed when these prove each other.  Whatever
 * differs in any other way is left to the careful reader, so nothing that it checks,
 * notes or learns is lost.  The memory outlives captures and files and is bounded.
 *
 * The rows listed wait in the memory until fast_flush or fast_follow puts them into a
 * snapshot: as plain rows, or as the next capture of a chain (struct pool_chain). */
#ifndef FORMATS_POOLMON_FAST_H
#define FORMATS_POOLMON_FAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/err.h"
#include "formats/io/text.h"
#include "formats/pool.h"
#include "formats/poolmon/poolmon_row.h"

/* 0 builds the careful reader alone; 1, this one in portable C; 2, with what the
 * machine offers on top.  Results are the same. */
#ifndef POOLSIFT_FAST
#define POOLSIFT_FAST 2
#endif

enum {
    FAST_LINE = 128, /* bytes of a line with its end; longer ones are not kept */
    FAST_SHAPES = 256
};

/* How figures stand in a line, up to what the dress of a capture learns from it: lines
 * of one shape teach the same. */
struct fast_shape {
    char line[FAST_LINE]; /* the first line of this shape, and how it was read */
    struct row_text row;
    uint8_t n;        /* bytes with the line end */
    uint8_t eol;      /* enum text_eol */
    uint8_t end[5];   /* column behind each figure */
    uint8_t spare[5]; /* blanks before each, 2 = two or more */
    /* Columns of the first 64, a bit each; of `own` and `blanks` the last one stands for
     * all that follow, too. */
    uint64_t fixed;    /* what no other figures change; all, unless they can be read by
                          their places */
    uint64_t own[5];   /* of each figure, with the blanks before it */
    uint64_t blanks;   /* that tell `spare` */
    bool known_layout; /* of formats/poolmon/poolmon_layout.h */
};

struct fast_memory;

/* How this build reads such rows, in words for people who ask how it was built. */
const char *fast_way(void);

int fast_new(struct fast_memory **m, struct err *e) ERR_WARN_UNUSED;
void fast_free(struct fast_memory *m); /* NULL is fine */

/* A capture begins: no row of it has been seen, none waits. */
void fast_start(struct fast_memory *m);

/* Lists the rows at the front of the n bytes at p that the memory answers for, at most
 * `most` lines; `line` is the number of the first.  Returns how many, *bytes is their
 * length.  No key is listed twice. */
size_t fast_rows(struct fast_memory *m, const char *p, size_t n, size_t most,
                 uint64_t line, size_t *bytes);
/* The shapes of rows listed in this capture, each once; NULL behind the last so far. */
const struct fast_shape *fast_next_shape(struct fast_memory *m);
/* How many of them stood in the columns of a known layout. */
size_t fast_in_columns(const struct fast_memory *m);

/* Did this capture list the key, or bar it? */
bool fast_listed(const struct fast_memory *m, struct pool_tag tag, uint8_t pool);
/* The careful reader took line l, the first of its key in this capture, for that row,
 * with no doubt and no note, and its figures stand in columns that a dress can tell.
 * `known_layout`: they are those of a known one.  False when it cannot be kept, else it
 * is listed. */
bool fast_learn(struct fast_memory *m, const struct text_line *l,
                const struct row_text *r, const struct pool_row *row, bool known_layout);
/* A row of that key stands in the snapshot already. */
void fast_bar(struct fast_memory *m, struct pool_tag tag, uint8_t pool);

/* How many rows wait. */
size_t fast_waiting(const struct fast_memory *m);
/* True when a row on that line would stand right below those that wait. */
bool fast_adjoins(const struct fast_memory *m, uint64_t line);
/* Puts the rows that wait into *s, whose n_rows counts them already, as plain rows. */
int fast_flush(struct fast_memory *m, struct pool_snapshot *s,
               struct err *e) ERR_WARN_UNUSED;
/* The same as the next capture of a chain, in place of plain rows; `chains` counts the
 * chains of the call. */
int fast_follow(struct fast_memory *m, struct pool_snapshot *s, uint64_t *chains,
                struct err *e) ERR_WARN_UNUSED;

#endif
