/* SPDX-License-Identifier: MIT */
/* What a case may expect: the keys of rank --json, from the tables that write them.
 * Nothing here owns anything. */
#ifndef CLI_EXPECT_KEYS_H
#define CLI_EXPECT_KEYS_H

#include <stdbool.h>

#include "cli/know/case.h"
#include "cli/render/machine/fields.h"

enum key_shape {
    KEY_SCALAR,
    KEY_OBJECT,
    KEY_LIST, /* of objects where the level has keys, else of scalars */
    KEY_MADE, /* a scalar or a list of scalars: the output tells */
    KEY_FREE, /* an object with keys of its own */
    KEY_ROWS, /* of tags: a row each, chosen by its keys */
    KEY_PATTERNS
};

struct key_extra;

/* The keys of one kind of object. */
struct key_level {
    const char *what;              /* "a tag" */
    const struct field *fields[2]; /* or NULL */
    const struct key_extra
        *extra; /* keys without a table, ended by a NULL key; or NULL */
    bool (*also)(const char *key); /* or NULL */
    const char *chosen_by; /* in a list: the key that an item's short form stands for */
};

struct key_extra {
    const char *key;
    enum key_shape shape;
    const struct key_level *level; /* of what is inside, or NULL */
};

struct key_found {
    enum key_shape shape;
    struct key_level level; /* of what is inside */
};

extern const struct key_level host_level;

/* False: the level has no such key. */
bool key_find(const struct key_level *l, const char *key, struct key_found *f);

/* {min: 3} and {near: 3, within: 1} count and measure. */
bool is_range(const struct node *n);

/* The whole `expect` of a case: keys, and forms of values.  ERR_FORMAT with the place and
 * what is allowed there. */
int expect_check_keys(const struct case_file *c, struct err *e) ERR_WARN_UNUSED;
/* The views that it asks about: its `hosts`, or itself as the only one. */
const struct node *expect_hosts(const struct case_file *c);

#endif
