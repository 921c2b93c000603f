/* SPDX-License-Identifier: MIT */
/* Who owns a tag: what travelled with the captures (Mapped_Driver, descriptions) before
 * what the person's list says, and that before what is built in.  The caller owns the
 * struct owners and frees it with owners_free; answers point into it and stay good until
 * the next owners_learn. */
#ifndef CLI_OWNERS_H
#define CLI_OWNERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/options.h"
#include "cli/render/render.h"
#include "cli/tags/tag_list.h"
#include "formats/bytes.h"
#include "formats/err.h"
#include "formats/pool.h"

struct owners {
    struct tag_list list;
    struct owners_seen {
        uint32_t key;
        size_t at; /* offset in `text` + 1; 0 = a free slot */
    } * seen;      /* what captures said, by tag; open addressing */
    size_t n, slots;
    unsigned way;    /* of those to spread tags over them, formats/spread.h */
    struct buf text; /* what captures said */
};

/* Reads the list, if one was named. */
int owners_open(struct owners *o, const struct options *options,
                struct err *e) ERR_WARN_UNUSED;
void owners_free(struct owners *o);
/* Another that borrows the lists of *o and has heard no capture yet; owners_forget frees
 * what it heard since. */
struct owners owners_fresh(const struct owners *o);
void owners_forget(struct owners *o);

/* Remembers what the rows of a capture say; the first word on a tag stays. */
int owners_learn(struct owners *o, const struct pool_snapshot *s,
                 struct err *e) ERR_WARN_UNUSED;

struct owner owners_find(const struct owners *o, struct pool_tag tag);
/* The role alone: for rank_opts.role, with the struct owners as its ctx. */
enum role owners_role(const void *owners, struct pool_tag tag, uint8_t pool);

/* The owners of n tags, in an array that the caller frees. */
int owners_of(const struct owners *o, const struct pool_tag *tags, size_t n,
              struct owner **out, struct err *e) ERR_WARN_UNUSED;

#endif
