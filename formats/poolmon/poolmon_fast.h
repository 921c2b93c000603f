/* SPDX-License-Identifier: MIT */
/* Rows that need not be read again: the caller owns a struct fast_memory and frees it
 * with fast_free.
 *
 * Captures of one machine repeat each other line by line.  The memory keeps the rows of
 * the captures before as they were printed, with what the careful reader made of them,
 * and is handed the lines of the next one: the same line says the same, and one with
 * other figures in the same columns is believed when these prove each other.  Whatever
 * differs in any other way is left to the careful reader, so nothing that it checks,
 * notes or learns is lost.  The memory outlives captures and files and is bounded. */
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

enum fast_answer {
    FAST_NOT_ME, /* for the careful reader */
    FAST_SAME,   /* the line stood there before */
    FAST_NUMBERS /* the row stood there before, with other figures */
};

/* How figures stand in a line, up to what the dress of a capture learns from it: lines
 * of one shape teach the same. */
struct fast_shape {
    char line[FAST_LINE]; /* the first line of this shape, and how it was read */
    struct row_text row;
    uint8_t n;         /* bytes with the line end */
    uint8_t eol;       /* enum text_eol */
    uint8_t end[5];    /* column behind each figure */
    uint8_t spare[5];  /* blanks before each, 2 = two or more */
    bool columns;      /* figures can be read by their places */
    bool known_layout; /* of formats/poolmon/poolmon_layout.h */
};

struct fast_memory;

int fast_new(struct fast_memory **m, struct err *e) ERR_WARN_UNUSED;
void fast_free(struct fast_memory *m); /* NULL is fine */

/* A capture begins: no row of it has been seen. */
void fast_start(struct fast_memory *m);

/* Reads the line at p, of which n bytes are there.  Unless it is FAST_NOT_ME, sets
 * *bytes to its length with the line end, *shape to the number of its shape, and all of
 * *row but `line`; the row is then one that this capture had not listed. */
enum fast_answer fast_line(struct fast_memory *m, const char *p, size_t n,
                           struct pool_row *row, size_t *bytes, size_t *shape);

/* The shape of a number that fast_line gave. */
const struct fast_shape *fast_shape_at(const struct fast_memory *m, size_t shape);

/* Did this capture list the key in a line that the memory knows?  Sets *listed; false
 * when the memory does not know the key. */
bool fast_knows(const struct fast_memory *m, struct pool_tag tag, uint8_t pool,
                bool *listed);

/* The careful reader took this line for that row, with no doubt and no note, and its
 * figures stand in columns that a dress can tell.  `known_layout`: they are those of a
 * known one.  What cannot be kept is not. */
void fast_learn(struct fast_memory *m, const struct text_line *l,
                const struct row_text *r, const struct pool_row *row, bool known_layout);
/* The careful reader listed this key, however its line looked. */
void fast_list(struct fast_memory *m, struct pool_tag tag, uint8_t pool);

#endif
