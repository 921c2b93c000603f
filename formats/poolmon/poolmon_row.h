/* SPDX-License-Identifier: MIT */
/* One line of text to one row of figures, pure; the caller owns the line, and a struct
 * row_text points into nothing: it holds offsets.
 *
 * Numbers are read as tokens, never by column, and the row is believed because of its
 * two identities: Diff = Allocs - Frees, Per Alloc = Bytes / Diff. */
#ifndef FORMATS_POOLMON_ROW_H
#define FORMATS_POOLMON_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/pool.h"

/* Places of the figures of a screen row; a row without changes uses the five others. */
enum figure {
    FIG_ALLOCS,
    FIG_ALLOCS_DELTA,
    FIG_FREES,
    FIG_FREES_DELTA,
    FIG_LIVE,
    FIG_BYTES,
    FIG_BYTES_DELTA,
    FIG_PER_ALLOC,
    FIGURES
};

struct figure_text {
    uint32_t begin, end; /* [begin, end) of its characters in the line, sign included */
    uint64_t v;
    bool negative, unknown; /* unknown: printed as `-` */
};

/* What had to be assumed to read a row. */
enum row_doubt {
    ROW_TAG_PADDED = 1 << 0, /* the tag had lost its padding */
    ROW_UNGLUED = 1 << 1,    /* two numbers without a blank between them were parted */
    ROW_NO_PARENS = 1 << 2,  /* the changes stood without their parentheses */
    ROW_REMARK = 1 << 3,     /* words behind the figures that are no driver */
    ROW_LEAD = 1 << 4,       /* something other than blanks stands before the tag */
    ROW_CASE = 1 << 5        /* a script wrote the pool in letters of another case */
};

struct row_text {
    struct pool_tag tag;
    uint8_t pool;    /* enum pool_kind */
    bool deltas;     /* eight figures, else five */
    uint8_t doubts;  /* set of enum row_doubt */
    uint32_t tag_at; /* where the tag's text begins */
    uint32_t type_at;
    struct figure_text fig[FIGURES];
    uint32_t driver_at, driver_n; /* Mapped_Driver, blanks trimmed; 0 bytes = none */
    uint32_t end;                 /* behind the last thing that was read */
};

/* How far a line is a row. */
enum row_shape {
    ROW_NONE,  /* no tag, type word and number on it */
    ROW_TORN,  /* begins as a row, but figures are missing or superfluous */
    ROW_READ,  /* all figures are there, an identity is broken */
    ROW_PROVED /* all figures are there and prove each other */
};

/* `one_byte`: bytes from 0x80 on stand for themselves, else the line is UTF-8. */
enum row_shape row_parse(const char *p, size_t n, bool one_byte, struct row_text *r);

/* True when the line begins, blanks aside, with `Total` and a type: a sum, not a tag. */
bool row_is_total(const char *p, size_t n);
/* True when figures that prove a row stand behind something that names no pool. */
bool row_untyped(const char *p, size_t n);

/* Sets the figures of *row from r.  When an identity is broken and exactly one figure
 * explains it by the others, that figure is left out and *lost names it ("Bytes").
 * False when the row cannot be saved; *lost is NULL when nothing had to be left out. */
bool row_figures(const struct row_text *r, struct pool_row *row, const char **lost);

#endif
