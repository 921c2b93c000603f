/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/tags/drivers.h"
#include "cli/tags/tag_list.h"
#include "cli/tags/tag_query.h"

struct asking {
    struct tag_list list;
    struct tags_entry *v;
    size_t n, cap;
    struct drivers drivers;
};

static int add(struct asking *x, const struct tags_entry *entry, struct err *e)
{
    void *v = x->v;
    TRY(grow(&v, &x->cap, x->n + 1, sizeof *x->v, e));
    x->v = v;
    x->v[x->n++] = *entry;
    return 0;
}

/* ---- one tag ---- */

static void add_near(struct tags_entry *t, struct pool_tag other)
{
    bool seen = t->n_near == TAGS_NEAR || tag_equal(other, t->tag);
    for (size_t i = 0; i < t->n_near; i++)
        seen = seen || tag_equal(other, t->near[i]);
    if (!seen)
        t->near[t->n_near++] = other;
}

/* Tags that differ in case, padding or direction only. */
static void find_near(const struct asking *x, struct tags_entry *t)
{
    const struct know_tags *tables[] = {&x->list.yaml.tags, &know_tags_builtin};
    const struct pooltag_table *listed = x->list.pooltag;
    char text[TAG_TEXT_MAX];
    (void)tag_text(t->tag, text);
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < tables[k]->n_exact; i++)
            if (tag_match_nearly(text, tables[k]->v[i].tag))
                add_near(t, tables[k]->v[i].tag);
    for (size_t i = 0; listed != NULL && i < pooltag_exact(listed); i++)
        if (tag_match_nearly(text, pooltag_at(listed, i)->pattern))
            add_near(t, pooltag_at(listed, i)->pattern);
}

static struct tags_entry look_up(const struct asking *x, const char *query,
                                 enum tag_reading how, struct pool_tag tag)
{
    const struct tag_facts f = tag_list_find(&x->list, tag);
    return (struct tags_entry){
        .query = query, .reading = how, .tag = tag, .owner = f.owner, .known = f.known};
}

/* More than its first letters speak for it. */
static bool well_known(const struct asking *x, const struct tags_entry *t)
{
    if (t->known == NULL)
        return t->owner.text != NULL;
    return t->known->exact || t->known->verified || t->owner.source == x->list.name;
}

/* The readings of which something is known; of which nothing is, the likeliest one, or
 * both of hexadecimal digits, which are equally likely. */
static int ask_tag(struct asking *x, const struct tag_query *q, struct err *e)
{
    struct tags_entry t[TAG_READINGS_MOST];
    bool good[TAG_READINGS_MOST] = {false}, any = false;
    for (size_t i = 0; i < q->n; i++) {
        t[i] = look_up(x, q->text, q->readings[i].how, q->readings[i].tag);
        find_near(x, &t[i]);
        const bool backwards = t[i].reading == READ_BACKWARDS;
        good[i] = well_known(x, &t[i]) && !(backwards && good[0]);
        any = any || good[i];
    }
    for (size_t i = 0; i < q->n; i++)
        if (any ? good[i] : i == 0 || t[i].reading == READ_AS_NUMBER)
            TRY(add(x, &t[i], e));
    return 0;
}

/* ---- several tags ---- */

/* What is known of it comes later: several lists may have it. */
static int add_match(struct asking *x, const char *query, struct pool_tag tag,
                     struct err *e)
{
    const struct tags_entry t = {.tag = tag};
    return tag_match(query, tag) ? add(x, &t, e) : 0;
}

/* Entries that stand for several tags themselves: "Nb??" for "Nb*". */
static int add_patterns(struct asking *x, const char *query,
                        const struct know_tags *table, const char *source, struct err *e)
{
    for (size_t i = table->n_exact; i < table->n; i++) {
        const struct know_tag *k = &table->v[i];
        const struct tags_entry t = {.query = query,
                                     .reading = READ_AS_PATTERN,
                                     .pattern = k->pattern,
                                     .owner = {.text = k->label,
                                               .source = source,
                                               .role = k->role,
                                               .unverified = !k->verified},
                                     .known = k};
        if (tag_match(query, tag_from(k->pattern, strlen(k->pattern))))
            TRY(add(x, &t, e));
    }
    return 0;
}

static int by_tag(const void *a, const void *b)
{
    const struct tags_entry *x = a, *y = b;
    return tag_compare(x->tag, y->tag);
}

/* The tags from `from` on in their order, each once.  Those that are nearly the same
 * stand beside them. */
static void look_up_matches(struct asking *x, const char *query, size_t from)
{
    size_t n = from;
    if (x->n > from)
        qsort(x->v + from, x->n - from, sizeof *x->v, by_tag);
    for (size_t i = from; i < x->n; i++)
        if (n == from || !tag_equal(x->v[n - 1].tag, x->v[i].tag))
            x->v[n++] = look_up(x, query, READ_AS_PATTERN, x->v[i].tag);
    x->n = n;
}

static int ask_pattern(struct asking *x, const char *query, struct err *e)
{
    const struct know_tags *tables[] = {&x->list.yaml.tags, &know_tags_builtin};
    const struct pooltag_table *listed = x->list.pooltag;
    const size_t from = x->n;
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < tables[k]->n_exact; i++)
            TRY(add_match(x, query, tables[k]->v[i].tag, e));
    for (size_t i = 0; listed != NULL && i < pooltag_exact(listed); i++)
        TRY(add_match(x, query, pooltag_at(listed, i)->pattern, e));
    look_up_matches(x, query, from);
    TRY(add_patterns(x, query, tables[0], x->list.name, e));
    return add_patterns(x, query, tables[1], "built-in", e);
}

static int ask(struct asking *x, const char *text, struct err *e)
{
    struct tag_query q;
    TRY(tag_query_read(&q, text, e));
    return q.pattern ? ask_pattern(x, text, e) : ask_tag(x, &q, e);
}

/* ---- the call ---- */

/* The tags to look for in drivers, each once. */
static int search_drivers(struct asking *x, struct context *c, struct err *e)
{
    struct pool_tag tags[DRIVER_TAGS];
    size_t n = 0;
    for (size_t i = 0; i < x->n; i++) {
        size_t k = 0;
        while (k < n && !tag_equal(tags[k], x->v[i].tag))
            k++;
        if (k < n || x->v[i].pattern != NULL)
            continue;
        if (n == DRIVER_TAGS) {
            err_hint(e, "ask in several calls");
            return err_set(e, ERR_USAGE, "--drivers looks for at most %d tags, not more",
                           DRIVER_TAGS);
        }
        tags[n++] = x->v[i].tag;
    }
    if (n == 0) {
        err_hint(e, "for example: poolsift tags Abcd --drivers sys/");
        return err_set(e, ERR_USAGE, "--drivers wants a tag to look for");
    }
    return drivers_scan(&x->drivers, tags, n, c->o.drivers.v, c->o.drivers.n, &c->term,
                        e);
}

static int print(const struct asking *x, struct context *c, struct err *e)
{
    struct render r;
    struct render_opts ro;
    const struct tags_view v = {
        .v = x->v, .n = x->n, .drivers = c->o.drivers.n > 0 ? &x->drivers : NULL};
    TRY(command_render(c, &r, &ro, e));
    const int code = c->o.renderer->tags(&r, &v);
    return command_render_end(&r, code, e);
}

static bool found_any(const struct asking *x)
{
    for (size_t i = 0; i < x->n; i++)
        if (tags_entry_known(&x->v[i]))
            return true;
    return x->drivers.n > 0;
}

/* A pattern that matched nothing leaves no entry: then there is nothing to print. */
static int check_any(const struct asking *x, const struct context *c, struct err *e)
{
    if (x->n > 0)
        return 0;
    const int r =
        err_set(e, ERR_EMPTY, "no tag that is known matches '%s'", c->operands[0]);
    err_hint(e, "tags are case-sensitive; --tags FILE adds a list of your own");
    return r;
}

/* Who reads a list for one tag need not hear of it; who asks about tags does. */
static void tell_stray(const struct tag_list *l, struct context *c)
{
    uint64_t first;
    struct phrase words;
    const size_t n = l->pooltag != NULL ? pooltag_stray(l->pooltag, &first) : 0;
    if (n == 0)
        return;
    phrase_start(&words, false);
    say_count(&words, n, "line is no entry of the list",
              "lines from here on are no entries of the list");
    term_note(&c->term, l->name, first, NOTE_PROSE, words.s);
}

int cmd_tags(struct context *c, struct err *e)
{
    struct asking x = {.n = 0};
    if (c->n_operands == 0) {
        const int r = err_set(e, ERR_USAGE, "no tag was named");
        err_hint(e, "for example: poolsift tags Proc, or poolsift tags '*' for all");
        return r;
    }
    int r = tag_list_open(&x.list, c->o.tags, e);
    if (r == 0)
        r = tag_list_redact(&x.list, c->o.names, e);
    if (r == 0)
        tell_stray(&x.list, c);
    for (int i = 0; r == 0 && i < c->n_operands; i++)
        r = ask(&x, c->operands[i], e);
    if (r == 0)
        r = check_any(&x, c, e);
    if (r == 0 && c->o.drivers.n > 0)
        r = search_drivers(&x, c, e);
    if (r == 0)
        r = print(&x, c, e);
    if (r == 0 && !found_any(&x))
        r = EXIT_TROUBLE;
    drivers_free(&x.drivers);
    free(x.v);
    tag_list_free(&x.list);
    return r;
}
