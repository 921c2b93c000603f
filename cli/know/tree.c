/* SPDX-License-Identifier: MIT */
#include "cli/know/tree.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAP_MOST = 4096, DEPTH_MOST = 32 };

/* A node at the end of its parent; the first of all is the root.  Key and text are
 * copied. */
static struct node *node_add(struct tree *t, struct node *parent, const struct node *like,
                             const char *key, const char *text, struct err *e)
{
    struct node *n = malloc(sizeof *n);
    if (n == NULL) {
        (void)err_nomem(e);
        return NULL;
    }
    *n = *like;
    n->older = t->newest;
    t->newest = n;
    n->key = key != NULL ? strdup(key) : NULL;
    n->text = text != NULL ? strdup(text) : NULL;
    if ((key != NULL && n->key == NULL) || (text != NULL && n->text == NULL)) {
        (void)err_nomem(e);
        return NULL;
    }
    if (parent == NULL) {
        t->root = n;
        return n;
    }
    if (parent->last != NULL)
        parent->last->next = n;
    else
        parent->first = n;
    parent->last = n;
    parent->n++;
    return n;
}

void tree_free(struct tree *t)
{
    while (t->newest != NULL) {
        struct node *n = t->newest;
        t->newest = n->older;
        free(n->key);
        free(n->text);
        free(n);
    }
    *t = (struct tree){.root = NULL};
}

/* The key that comes next in the map: a copy for the caller to free, NULL at its end. */
static int read_key(struct yaml *y, const struct node *map, char **key,
                    struct yaml_at *at, struct err *e)
{
    struct yaml_item item;
    *key = NULL;
    const int more = yaml_key(y, &item, e);
    if (more <= 0)
        return more;
    if (node_in(map, item.text) != NULL)
        return yaml_fail(y, item.at, e, "the key '%.60s' stands here twice", item.text);
    if (map->n == MAP_MOST)
        return yaml_fail(y, item.at, e, "expected at most %d keys in a map, found more",
                         MAP_MOST);
    *at = item.at;
    *key = strdup(item.text);
    return *key != NULL ? 1 : err_nomem(e);
}

/* One value, or the end of the list or map that is open.  Returns 1 for a value. */
static int read_value(struct tree *t, struct yaml *y, struct node *parent,
                      struct node **made, struct err *e)
{
    char *key = NULL;
    struct node like = {.kind = YAML_KIND_SCALAR};
    struct yaml_item item;
    if (parent != NULL) {
        int more = parent->kind == YAML_KIND_MAP
                       ? read_key(y, parent, &key, &like.key_at, e)
                       : yaml_more(y, e);
        if (more <= 0)
            return more;
    }
    int r = yaml_next(y, &item, e);
    if (r == 0 && item.kind != YAML_KIND_SCALAR && item.kind != YAML_KIND_MAP &&
        item.kind != YAML_KIND_LIST)
        r = yaml_fail(y, item.at, e, "expected a value, found the end");
    if (r == 0) {
        like.kind = item.kind;
        like.quoted = item.quoted;
        like.at = item.at;
        *made = node_add(t, parent, &like, key,
                         item.kind == YAML_KIND_SCALAR ? item.text : NULL, e);
        r = *made == NULL ? ERR_NOMEM : 1;
    }
    free(key);
    return r;
}

int tree_read(struct tree *t, struct yaml *y, struct err *e)
{
    struct node *open[DEPTH_MOST];
    size_t depth = 0;
    do {
        struct node *n = NULL;
        const int r = read_value(t, y, depth > 0 ? open[depth - 1] : NULL, &n, e);
        TRY(r);
        if (r == 0) {
            depth--;
        } else if (n->kind != YAML_KIND_SCALAR) {
            if (depth == DEPTH_MOST)
                return err_set(e, ERR_LIMIT, "more than %d levels", DEPTH_MOST);
            open[depth++] = n;
        }
    } while (depth > 0);
    return 0;
}

const struct node *node_in(const struct node *map, const char *key)
{
    if (map == NULL || map->kind != YAML_KIND_MAP)
        return NULL;
    for (const struct node *n = map->first; n != NULL; n = n->next)
        if (strcmp(n->key, key) == 0)
            return n;
    return NULL;
}

bool node_is_null(const struct node *n)
{
    return n->kind == YAML_KIND_SCALAR && !n->quoted &&
           (*n->text == '\0' || strcmp(n->text, "null") == 0 ||
            strcmp(n->text, "~") == 0);
}

int node_bool(const struct node *n)
{
    static const char *const words[] = {"no", "false", "yes", "true"};
    if (n->kind != YAML_KIND_SCALAR || n->quoted)
        return -1;
    for (int i = 0; i < 4; i++)
        if (strcmp(n->text, words[i]) == 0)
            return i / 2;
    return -1;
}

bool node_number(const struct node *n, double *value)
{
    return n->kind == YAML_KIND_SCALAR && !n->quoted && yaml_is_number(n->text, value);
}

int node_fail(const char *name, struct yaml_at at, struct err *e, const char *fmt, ...)
{
    char place[320], text[384];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    (void)snprintf(place, sizeof place, "%s:%zu:%zu", name, at.line, at.column);
    const int r = err_set(e, ERR_FORMAT, "%s", text);
    err_place(e, place, 0);
    return r;
}
