/* SPDX-License-Identifier: MIT */
/* pooltag.txt and localtag.txt: who owns a tag, as the debugger's list says it.
 * pooltag_read gives the caller a struct pooltag_table that pooltag_free frees; entries
 * point into it.  It is never an input and nothing of it is ever written: the list is
 * the person's own. */
#ifndef FORMATS_POOLTAG_H
#define FORMATS_POOLTAG_H

#include <stddef.h>
#include <stdint.h>

#include "formats/err.h"
#include "formats/io/input.h"
#include "formats/limits.h"
#include "formats/tag.h"

struct pooltag_table;

struct pooltag_entry {
    struct pool_tag pattern; /* as listed, blanks behind a shorter one */
    const char *binary;      /* "afd.sys"; "" when the list does not say */
    const char *description; /* "" when there is none */
    const char *owner;       /* both: "afd.sys - Afd endpoint" */
    uint64_t line;           /* in the list, from 1 */
};

/* Reads all of `in`.  ERR_EMPTY when not one line is an entry. */
int pooltag_read(struct pooltag_table **t, struct input *in, const struct limits *l,
                 struct err *e) ERR_WARN_UNUSED;
void pooltag_free(struct pooltag_table *t); /* NULL is fine */
size_t pooltag_count(const struct pooltag_table *t);
/* Entries for one tag each, by their bytes: the first ones of pooltag_at. */
size_t pooltag_exact(const struct pooltag_table *t);
const struct pooltag_entry *pooltag_at(const struct pooltag_table *t, size_t i);
/* Lines that are neither entry, comment nor blank; *first is the line of the first. */
size_t pooltag_stray(const struct pooltag_table *t, uint64_t *first);

/* The entry for a tag: exact beats pattern, the longer pattern beats the shorter, the
 * first of equals wins.  NULs behind a tag count as blanks, and the mark of a protected
 * tag (bit 31) is passed over where the list has it not.  NULL when nothing is listed. */
const struct pooltag_entry *pooltag_find(const struct pooltag_table *t,
                                         struct pool_tag tag);

#endif
