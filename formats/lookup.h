/* SPDX-License-Identifier: MIT */
/* Finds the elements of somebody else's array by their names: what is kept is a hash and
 * the element's number.  The caller owns the struct lookup ({0} is an empty one) and
 * frees it with lookup_free. */
#ifndef FORMATS_LOOKUP_H
#define FORMATS_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/err.h"

struct lookup {
    struct lookup_slot *slots;
    size_t n, n_slots; /* a power of two, or 0 */
    unsigned way;      /* of those to spread hashes, spread.h */
};

#define LOOKUP_SEED UINT64_C(0xcbf29ce484222325)

/* The hash of what was hashed into h before (LOOKUP_SEED: nothing), and this. */
uint64_t lookup_bytes(uint64_t h, const void *p, size_t n);
uint64_t lookup_text(uint64_t h, const char *text);
uint64_t lookup_number(uint64_t h, uint64_t v);

/* Gives the elements of this hash in the order in which they were added; *step begins as
 * 0.  The caller compares: two names may have one hash. */
bool lookup_next(const struct lookup *l, uint64_t hash, size_t *step, size_t *element);
int lookup_add(struct lookup *l, uint64_t hash, size_t element,
               struct err *e) ERR_WARN_UNUSED;
void lookup_clear(struct lookup *l); /* empties, keeps storage */
void lookup_free(struct lookup *l);

#endif
