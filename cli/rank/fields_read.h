/* SPDX-License-Identifier: MIT */
/* Objects that fields_write wrote, read back.  Strings and lists are put into a struct
 * shelf, which the caller owns and frees with shelf_free; structs hold pointers into it.
 */
#ifndef CLI_FIELDS_READ_H
#define CLI_FIELDS_READ_H

#include "cli/know/yaml.h"
#include "cli/render/machine/fields.h"

struct shelf {
    struct shelf_block *last;
    size_t used, size; /* bytes of the last block */
};

/* n bytes for anything, all zero; NULL on ERR_NOMEM. */
void *shelf_take(struct shelf *s, size_t n, struct err *e);
void shelf_free(struct shelf *s);

struct fields_in {
    struct yaml *y;
    struct shelf *shelf;
    const struct pool_time *from; /* hour 0 of the series, whose key comes early */
};

/* One struct of those whose members share an object. */
struct field_part {
    const struct field *table;
    void *base;
};

/* What no table lists: 1 when it was that key and its value is read, 0 when it is not. */
typedef int field_other(void *ctx, const char *key, struct err *e);

/* The object that comes next in the document: every key of every part once, in any order
 * but for times, which need the clock.  A key that is missing or unknown is an error:
 * then another version wrote it. */
int fields_read(struct fields_in *in, const char *what, const struct field_part *parts,
                size_t n, field_other *other, void *ctx, struct err *e) ERR_WARN_UNUSED;

#endif
