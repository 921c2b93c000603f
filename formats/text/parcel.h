/* SPDX-License-Identifier: MIT */
/* A capture of a chain in one piece of memory, as what it changes in the one before, for
 * another thread; whoever gives the memory owns it. */
#ifndef FORMATS_PARCEL_H
#define FORMATS_PARCEL_H

#include "formats/text/seam.h"

struct parcel_row; /* of a chain: figures without texts and changes */

struct parcel {
    struct parcel *next;    /* for the owner */
    size_t bytes;           /* with all that lies behind it */
    bool first;             /* all rows are in it: nothing need be known before */
    struct pool_snapshot s; /* its lists lie behind the parcel; `rows` are the changed */
    struct parcel_row *rows;
    uint16_t *order, *gone;
    bool adjoins;         /* the block, to the one before it */
    struct strays strays; /* between the seam before and ... */
    struct seam seam;     /* ... the one behind it */
};

/* The memory that it takes; 0: it cannot be packed. */
size_t parcel_size(const struct pool_snapshot *s, bool first, const struct seam *seam);
/* Packs it; p->bytes is that size, and the memory as aligned as malloc's.  False: a chain
 * of so many rows cannot be. */
bool parcel_pack(struct parcel *p, const struct pool_snapshot *s, bool first,
                 const struct seam *seam) ERR_WARN_UNUSED;
/* Does *s hold the capture before, of that chain, so that the parcel can be put in? */
bool parcel_fits(const struct parcel *p, const struct pool_snapshot *s, uint64_t chain);
/* Refills *s; its lines are `lines` further on. */
int parcel_unpack(const struct parcel *p, struct pool_snapshot *s, uint64_t chain,
                  uint64_t lines, struct err *e) ERR_WARN_UNUSED;

#endif
