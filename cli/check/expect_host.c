/* SPDX-License-Identifier: MIT */
/* Hosts, their tags and patterns of tags: what a case expects of them. */
#include <string.h>

#include "cli/check/expect.h"
#include "cli/check/machine.h"
#include "cli/render/words/words_case.h"

#define TAGS_NAMED 4

/* ---- rows of tags ---- */

static bool row_is(const struct rank_tag *t, struct pool_tag tag, const struct node *pool)
{
    return tag_equal(t->tag, tag) &&
           (pool == NULL || pool->kind != YAML_KIND_SCALAR ||
            strcmp(pool->text, pool_kind_name((enum pool_kind)t->pool)) == 0);
}

/* How many rows it chooses; *index is the first in the order of rank. */
static size_t find_rows(const struct rank_view *v, const struct node *want,
                        uint32_t *index)
{
    struct pool_tag tag;
    size_t n = 0;
    const struct node *text = node_in(want, "tag");
    if (!tag_parse(text->text, &tag))
        return 0; /* the keys were checked: it can be parsed */
    for (size_t i = 0; i < v->n_order; i++) {
        if (!row_is(&v->r->tags[v->order[i]], tag, node_in(want, "pool")))
            continue;
        if (n++ == 0)
            *index = v->order[i];
    }
    return n;
}

static int row_values(struct expecting *x, const struct rank_view *v, uint32_t index,
                      const struct key_level *l, const struct node *want, struct err *e)
{
    struct machine m = {.tree = {.root = NULL}};
    const size_t mark = expect_mark(x);
    int r = machine_tag(&m, v, index, e);
    say(&x->where, "tag ");
    words_case_row(&x->where, &v->r->tags[index]);
    say(&x->where, ": ");
    for (const struct node *n = want->first; n != NULL && r == 0; n = n->next) {
        struct key_found f = {.shape = KEY_SCALAR};
        if (strcmp(n->key, "tag") == 0 || strcmp(n->key, "pool") == 0)
            continue;
        (void)key_find(l, n->key, &f);
        r = expect_key(x, &f.level, n, node_in(m.tree.root, n->key), e);
    }
    expect_back(x, mark);
    machine_free(&m);
    return r;
}

static int check_row(struct expecting *x, const struct rank_view *v,
                     const struct key_level *l, const struct node *want, struct err *e)
{
    uint32_t index = 0;
    struct phrase chosen;
    const size_t n = find_rows(v, want, &index);
    const size_t others = want->n - 1 - (node_in(want, "pool") != NULL);
    phrase_start(&chosen, false);
    words_case_chosen(&chosen, want);
    if (n != 1)
        return expect_result(
            x, want, false, "tag", chosen.s,
            n == 0 ? "no such row" : "it in several pools: say which by `pool`", e);
    if (others == 0)
        return expect_result(x, want, true, "tag", chosen.s, "its row", e);
    return row_values(x, v, index, l, want, e);
}

/* ---- patterns ---- */

static bool leaks(const struct rank_tag *t)
{
    return words_is_suspect(t);
}

static bool stands(const struct rank_tag *t)
{
    (void)t;
    return true;
}

/* No tag that the pattern matches is accused; `some`: at least one matches. */
static int check_pattern(struct expecting *x, const struct rank_view *v,
                         const struct node *want, const char *word, bool some,
                         bool (*accused)(const struct rank_tag *t), struct err *e)
{
    struct phrase found, wanted;
    size_t matched = 0, bad = 0;
    phrase_start(&found, false);
    phrase_start(&wanted, false);
    words_case_want(&wanted, want);
    for (size_t i = 0; i < v->n_order; i++) {
        const struct rank_tag *t = &v->r->tags[v->order[i]];
        if (!tag_match(want->text, t->tag))
            continue;
        matched++;
        if (!accused(t) || bad++ >= TAGS_NAMED)
            continue;
        say(&found, "%s", bad > 1 ? ", " : "");
        words_case_row(&found, t);
        say(&found, " %s", verdict_name(t->verdict));
    }
    if (bad > TAGS_NAMED)
        say(&found, " and %zu more", bad - TAGS_NAMED);
    if (matched == 0)
        say(&found, some ? "no tag that it matches" : "none");
    else if (bad == 0)
        say_count(&found, matched, "tag that does not leak", "tags that do not leak");
    return expect_result(x, want, bad == 0 && (matched > 0 || !some), word, wanted.s,
                         found.s, e);
}

/* ---- one host ---- */

static int check_key(struct expecting *x, const struct rank_view *v,
                     const struct node *is, const struct node *want, struct err *e)
{
    struct key_found f;
    const bool absent = strcmp(want->key, "absent") == 0;
    if (!key_find(&host_level, want->key, &f))
        return err_set(e, ERR_BUG, "a key that was not checked");
    if (f.shape != KEY_ROWS && f.shape != KEY_PATTERNS)
        return expect_key(x, &f.level, want, node_in(is, want->key), e);
    for (const struct node *n = want->first; n != NULL; n = n->next)
        if (f.shape == KEY_ROWS)
            TRY(check_row(x, v, &f.level, n, e));
        else
            TRY(check_pattern(x, v, n, want->key, !absent, absent ? stands : leaks, e));
    return 0;
}

static int check_host(struct expecting *x, const struct rank_view *v,
                      const struct node *want, bool named, struct err *e)
{
    struct machine m = {.tree = {.root = NULL}};
    int r = machine_host(&m, v, e);
    if (named) {
        words_host(&x->where, v->host, v->scope);
        say(&x->where, ": ");
    }
    for (const struct node *n = want->first; n != NULL && r == 0; n = n->next)
        r = check_key(x, v, m.tree.root, n, e);
    expect_back(x, 0);
    machine_free(&m);
    return r;
}

/* `host` and `scope` of the item are those of the view, as far as they are given. */
static bool is_view(const struct node *want, const struct rank_view *v)
{
    const struct node *host = node_in(want, "host"), *scope = node_in(want, "scope");
    if (host != NULL &&
        (node_is_null(host) ? v->host != NULL
                            : v->host == NULL || host->kind != YAML_KIND_SCALAR ||
                                  strcmp(host->text, v->host) != 0))
        return false;
    return scope == NULL ||
           (scope->kind == YAML_KIND_SCALAR && strcmp(scope->text, v->scope) == 0);
}

static int check_one_of(struct expecting *x, const struct node *want,
                        const struct rank_view *views, size_t n, struct err *e)
{
    const struct rank_view *chosen = NULL;
    size_t fits = 0;
    for (size_t i = 0; i < n; i++)
        if (is_view(want, &views[i]) && fits++ == 0)
            chosen = &views[i];
    if (fits == 1)
        return check_host(x, chosen, want, true, e);
    return expect_result(x, want, false, "host", "by its keys `host` and `scope`",
                         fits == 0 ? "no such host" : "several: give host and scope", e);
}

static int refuse_several(struct expecting *x, const struct rank_view *views, size_t n,
                          struct err *e)
{
    struct phrase p;
    phrase_start(&p, false);
    for (size_t i = 0; i < n && i < TAGS_NAMED; i++) {
        say(&p, i == 0 ? "" : ", ");
        words_host(&p, views[i].host, views[i].scope);
    }
    (void)node_fail(x->c->path, x->c->expect->at, e,
                    "the inputs are of %zu hosts or scopes (%s)", n, p.s);
    err_hint(e, "expect: {hosts: [{host: NAME, scope: system, outcome: ...}]}");
    return ERR_FORMAT;
}

int expect_all(struct expecting *x, const struct rank_view *views, size_t n,
               struct err *e)
{
    const struct node *hosts = expect_hosts(x->c);
    phrase_start(&x->where, false);
    if (hosts == NULL)
        return n == 1 ? check_host(x, &views[0], x->c->expect, false, e)
                      : refuse_several(x, views, n, e);
    for (const struct node *want = hosts->first; want != NULL; want = want->next)
        TRY(check_one_of(x, want, views, n, e));
    return 0;
}
