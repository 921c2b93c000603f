/* SPDX-License-Identifier: MIT */
/* One line of a `!poolused` table: the titles, a row, the sum.  Pure; the caller owns the
 * line, and texts are places in it.
 *
 *     layout                  right edges of the figures              text
 *     2000/XP short           14 23 33 42                             at 42, glued
 *     64-bit short            15 28 39 52                             behind one TAB
 *     64-bit verbose          17 29 39 52 65 77 87 100                behind one TAB
 *
 * A figure too wide for its field pushes the rest of its line to the right, so figures
 * are read as words; only where the text is glued to the last of them do columns count:
 *
 *      ohci        1      136         0        01394 OHCI host controller driver
 *                                               ^ 42
 */
#ifndef FORMATS_POOLUSED_ROW_H
#define FORMATS_POOLUSED_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/tag.h"

enum used_kind {
    USED_NONE,
    USED_SORT,    /* ` Sorting by Tag` */
    USED_HEADING, /* `  Pool Used:`, of the old layout alone */
    USED_POOLS,   /* `  NonPaged   Paged` */
    USED_COLUMNS, /* ` Tag  Allocs  Used  Allocs  Used` */
    USED_ROW,
    USED_TORN, /* a tag and some figures */
    USED_TOTAL
};

enum used_sort { SORTED_NOT, SORTED_TAG, SORTED_NONPAGED, SORTED_PAGED };

/* What the titles say about the rows. */
struct used_layout {
    bool verbose;
    bool glued;      /* the old layout: no separator before the text */
    bool one_byte;   /* bytes >= 0x80 stand for themselves */
    uint32_t tag_at; /* column of the word `Tag` */
};

enum { USED_FIGURES = 8, USED_SHORT_FIGURES = 4 };

struct used_text {
    enum used_kind kind;
    enum used_sort sort; /* of USED_SORT */
    bool verbose;        /* of USED_COLUMNS */
    uint32_t tag_at;
    struct pool_tag tag;
    bool padded;    /* the tag had lost its trailing blanks */
    bool uncertain; /* a dot in the tag may stand for any unprintable byte */
    uint64_t fig[USED_FIGURES];
    uint32_t text_at, text_n; /* the description, without blanks around it */
};

/* Sets *t; false, and USED_NONE, when the line is none of these. */
bool used_parse(const char *p, size_t n, const struct used_layout *layout,
                struct used_text *t);

static inline unsigned used_figures(const struct used_layout *layout)
{
    return layout->verbose ? USED_FIGURES : USED_SHORT_FIGURES;
}

/* Titles that no debugger prints, as in tables made up for tutorials: `Tag Type Paged
 * NonPaged #Allocs`, or sizes in hexadecimal behind a tag. */
bool used_invented(const char *p, size_t n);

#endif
