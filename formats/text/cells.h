/* SPDX-License-Identifier: MIT */
/* A line of separated values cut into cells as RFC 4180 has them (quotes around a cell,
 * quotes inside doubled); pure.  The caller owns the line and the struct cells, which
 * points into it: nothing is copied and nothing is allocated.
 *
 * A quote counts only at the beginning of a cell (blanks before it aside), so that
 * writers who never quote may have it inside a tag.  Cells over several lines are not
 * put together here: cells_split says that the line ends inside one. */
#ifndef FORMATS_CELLS_H
#define FORMATS_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CELLS_MAX = 64 };

struct cell {
    const char *p; /* inside the quotes, where there are any */
    size_t n;
    bool quoted;
    bool doubled; /* holds doubled quotes: cell_copy undoes them */
};

struct cells {
    struct cell v[CELLS_MAX];
    size_t n;
};

enum cells_result {
    CELLS_OPEN = -2,  /* the line ends inside quotes */
    CELLS_WRONG = -1, /* more than CELLS_MAX cells, or text behind a closing quote */
    CELLS_WHOLE = 0
};

/* Always gives at least one cell; a separator at the very end gives an empty last one.
 * With a result other than CELLS_WHOLE the cells before the fault are there. */
enum cells_result cells_split(const char *p, size_t n, char separator, struct cells *out);

/* The cell without the blanks and tabs around it. */
struct cell cell_trim(struct cell c);
bool cell_empty(const struct cell *c); /* nothing but blanks */
/* True when the trimmed cell is this word, ASCII case aside. */
bool cell_is(const struct cell *c, const char *word);
/* Copies at most cap bytes with doubled quotes undone, no NUL; returns how many bytes
 * the whole needs. */
size_t cell_copy(const struct cell *c, char *out, size_t cap);
/* A trimmed cell of decimal digits alone; false when it is none or does not fit. */
bool cell_u64(const struct cell *c, uint64_t *v);
/* The same with an optional sign. */
bool cell_i64(const struct cell *c, int64_t *v);

#endif
