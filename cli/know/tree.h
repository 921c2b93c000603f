/* SPDX-License-Identifier: MIT */
/* A YAML value held in memory, for documents that are looked at more than once; the
 * caller owns the struct tree ({0} is an empty one) and frees it with tree_free.  Every
 * node knows where it stood, so that whoever does not like it can say where. */
#ifndef CLI_KNOW_TREE_H
#define CLI_KNOW_TREE_H

#include "cli/know/yaml.h"

struct node {
    enum yaml_kind kind; /* a map, a list or a scalar */
    bool quoted;
    char *key;         /* of a value in a map, else NULL */
    char *text;        /* of a scalar, else NULL */
    struct yaml_at at; /* of the value */
    struct yaml_at key_at;
    size_t n; /* values in a map or list */
    struct node *first, *last, *next;
    struct node *older; /* tree_free walks along these */
};

struct tree {
    struct node *root; /* NULL: nothing was read */
    struct node *newest;
};

/* Reads the value that comes next.  A key that stands in its map twice is ERR_FORMAT, a
 * map of more than 4096 keys ERR_LIMIT. */
int tree_read(struct tree *t, struct yaml *y, struct err *e) ERR_WARN_UNUSED;
void tree_free(struct tree *t);

/* The value of a key in a map, or NULL. */
const struct node *node_in(const struct node *map, const char *key);
/* An unquoted `null`, `~` or nothing. */
bool node_is_null(const struct node *n);
/* An unquoted `yes` or `true` (1), `no` or `false` (0); else -1. */
int node_bool(const struct node *n);
/* An unquoted number as JSON writes it. */
bool node_number(const struct node *n, double *value);

/* An error about a place of the document `name`: always ERR_FORMAT. */
int node_fail(const char *name, struct yaml_at at, struct err *e, const char *fmt, ...)
    ERR_PRINTF(4, 5);

#endif
