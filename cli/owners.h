/* SPDX-License-Identifier: MIT */
/* Who owns a tag: what travelled with the captures (Mapped_Driver, descriptions) before
 * what the list of --tags or $POOLSIFT_TAGS says.  The caller owns the struct owners and
 * frees it with owners_free; answers point into it and stay good until the next
 * owners_learn. */
#ifndef CLI_OWNERS_H
#define CLI_OWNERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/options.h"
#include "cli/render/render.h"
#include "formats/bytes.h"
#include "formats/err.h"
#include "formats/pool.h"
#include "formats/pooltag.h"

struct owners {
    struct pooltag_table *list; /* or NULL */
    const char *list_name;      /* its base name */
    struct owners_seen {
        uint32_t key;
        size_t at; /* offset in `text` + 1; 0 = a free slot */
    } * seen;      /* what captures said, by tag; open addressing */
    size_t n, slots;
    struct buf text; /* what captures said */
};

/* Reads the list, if one was named. */
int owners_open(struct owners *o, const struct options *options,
                struct err *e) ERR_WARN_UNUSED;
void owners_free(struct owners *o);

/* Remembers what the rows of a capture say; the first word on a tag stays. */
int owners_learn(struct owners *o, const struct pool_snapshot *s,
                 struct err *e) ERR_WARN_UNUSED;

/* The owners of n tags, in an array that the caller frees. */
int owners_of(const struct owners *o, const struct pool_tag *tags, size_t n,
              struct owner **out, struct err *e) ERR_WARN_UNUSED;

#endif
