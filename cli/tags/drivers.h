/* SPDX-License-Identifier: MIT */
/* Which driver allocates under a tag: the files that a customer sent, searched for its
 * four bytes.  The caller owns the struct drivers and frees it with drivers_free. */
#ifndef CLI_DRIVERS_H
#define CLI_DRIVERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/term.h"
#include "formats/err.h"
#include "formats/pe/pe.h"
#include "formats/tag.h"

#define DRIVER_TAGS 16 /* looked for in one call */

/* How likely the file is to be the one, best first; driver_score_name has the words of
 * the machine output. */
enum driver_score {
    DRIVER_VERY_LIKELY, /* takes from the pool, and its code loads the tag as a number */
    DRIVER_LIKELY,      /* takes from the pool, and the four bytes occur in its code */
    DRIVER_POSSIBLE,    /* ... in its data; or what it takes cannot be known */
    DRIVER_UNLIKELY,    /* everything else */
    DRIVER_SCORES
};

/* One file in which one of the tags occurs. */
struct driver {
    char *file; /* for people, as struct input_item has it */
    struct pool_tag tag;
    size_t which; /* of struct drivers' tags */
    enum driver_score score;
    struct pe_hits hits;     /* the four bytes as they stand in memory, and in poolmon */
    struct pe_hits reversed; /* read backwards, as C source spells them */
    bool sections_known;     /* false: all hits count as overlay */
    enum pe_machine machine;
    const char *machine_name;
    char damage[96]; /* or "" */
    struct pe_imports imports;
    struct pe_version version;
    size_t order; /* of its input */
};

struct drivers {
    struct pool_tag tags[DRIVER_TAGS];
    size_t n_tags;
    bool redact; /* leave out the name that a file had when it was built */
    struct driver *v; /* by tag, the likeliest first */
    size_t n, cap;
    uint64_t files;    /* programs searched */
    uint64_t others;   /* files found that are no programs */
    uint64_t failed;   /* could not be read; told through the struct term */
    uint64_t left_out; /* hits beyond what is kept */
};

/* Searches every program (.sys, .dll, .exe: told by content, not by name) in the
 * operands: files, folders, zips, "-".  What is wrong with one file is told and counted,
 * the others are searched all the same; negative when there was no file to search at all.
 * n_tags is 1 to DRIVER_TAGS. */
int drivers_scan(struct drivers *d, const struct pool_tag *tags, size_t n_tags,
                 const char *const *operands, size_t n_operands, struct term *t,
                 struct err *e) ERR_WARN_UNUSED;
void drivers_free(struct drivers *d);

const char *driver_score_name(enum driver_score s); /* "very-likely" ... */

/* True when the file can take memory from a pool, as far as its imports tell. */
bool driver_allocates(const struct driver *d);
/* True when only the reversed tag is in its code: it was typed as C source spells it. */
bool driver_is_reversed(const struct driver *d);
uint64_t driver_total(const struct pe_hits *h);

#endif
