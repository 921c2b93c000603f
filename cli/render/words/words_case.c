/* SPDX-License-Identifier: MIT */
#include "cli/render/words/words_case.h"

#include <string.h>

#define ITEMS_NAMED 12

static void say_scalar(struct phrase *p, const struct node *n)
{
    if (node_is_null(n))
        say(p, "null");
    else if (*n->text == '\0')
        say(p, "''");
    else
        say_name(p, n->text);
}

static void say_member(struct phrase *p, const struct node *n, const char *key,
                       const char *words)
{
    const struct node *m = node_in(n, key);
    if (m == NULL)
        return;
    say(p, "%s", words);
    say_scalar(p, m);
}

static void say_test(struct phrase *p, const struct node *n)
{
    bool both = node_in(n, "min") != NULL && node_in(n, "max") != NULL;
    say_member(p, n, "min", both ? "" : "at least ");
    say_member(p, n, "max", both ? " to " : "at most ");
    say_member(p, n, "near", "");
    say_member(p, n, "within", " within ");
    say_member(p, n, "contains", "a text with ");
    say_member(p, n, "not", "anything but ");
}

/* A map of a case that is no test: its values, each with its key. */
static void say_map(struct phrase *p, const struct node *n)
{
    for (const struct node *m = n->first; m != NULL; m = m->next) {
        say(p, m == n->first ? "" : ", ");
        say_name(p, m->key);
        say(p, " ");
        if (m->kind == YAML_KIND_SCALAR)
            say_scalar(p, m);
        else if (m->kind == YAML_KIND_MAP)
            say_test(p, m);
        else
            say(p, "(%zu)", m->n);
    }
}

static void say_item(struct phrase *p, const struct node *n)
{
    if (n->kind == YAML_KIND_SCALAR)
        say_scalar(p, n);
    else if (n->kind == YAML_KIND_MAP)
        say_map(p, n);
    else
        words_case_found(p, n);
}

void words_case_want(struct phrase *p, const struct node *want)
{
    if (want->kind == YAML_KIND_SCALAR) {
        say_scalar(p, want);
    } else if (want->kind == YAML_KIND_MAP) {
        if (node_in(want, "min") != NULL || node_in(want, "max") != NULL ||
            node_in(want, "near") != NULL || node_in(want, "contains") != NULL ||
            node_in(want, "not") != NULL)
            say_test(p, want);
        else
            say_map(p, want);
    } else if (want->n == 0) {
        say(p, "no item");
    } else {
        /* An item that is a list itself wants all of it. */
        const char *last = want->key != NULL ? " or " : " and ";
        for (const struct node *n = want->first; n != NULL; n = n->next) {
            say(p, "%s", n == want->first ? "" : n->next == NULL ? last : ", ");
            say_item(p, n);
        }
    }
}

/* An object of the output by the key that names it. */
static void say_object(struct phrase *p, const struct node *n)
{
    static const char *const names[] = {"rule", "code", "pattern", "tag", "name"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct node *m = node_in(n, names[i]);
        if (m != NULL && m->kind == YAML_KIND_SCALAR) {
            say_scalar(p, m);
            return;
        }
    }
    const struct node *tags = node_in(n, "tags");
    if (tags != NULL && tags->kind == YAML_KIND_LIST)
        for (const struct node *t = tags->first; t != NULL; t = t->next) {
            say(p, t == tags->first ? "" : "+");
            say_item(p, t);
        }
    else
        say(p, "an object");
}

void words_case_found(struct phrase *p, const struct node *is)
{
    size_t told = 0;
    if (is == NULL) {
        say(p, "nothing");
    } else if (is->kind == YAML_KIND_SCALAR) {
        say_scalar(p, is);
    } else if (is->kind == YAML_KIND_MAP) {
        say_object(p, is);
    } else if (is->n == 0) {
        say(p, "none");
    } else {
        for (const struct node *n = is->first; n != NULL && told < ITEMS_NAMED;
             n = n->next, told++) {
            say(p, told == 0 ? "" : ", ");
            if (n->kind == YAML_KIND_MAP)
                say_object(p, n);
            else if (n->kind == YAML_KIND_SCALAR)
                say_scalar(p, n);
            else
                say(p, "a list");
        }
        if (is->n > told)
            say(p, " and %zu more", is->n - told);
    }
}

void words_case_row(struct phrase *p, const struct rank_tag *t)
{
    say_tag_pool(p, t->tag, t->pool);
}

void words_case_chosen(struct phrase *p, const struct node *row)
{
    const struct node *tag = node_in(row, "tag"), *pool = node_in(row, "pool");
    if (tag != NULL)
        say_item(p, tag);
    if (pool != NULL) {
        say(p, " (");
        say_item(p, pool);
        say(p, ")");
    }
}
