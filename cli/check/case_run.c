/* SPDX-License-Identifier: MIT */
#include "cli/check/case_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/check/expect.h"
#include "cli/rank/digests.h"

/* Takes over `text`, also when it fails; NULL is ERR_NOMEM. */
static int keep(struct case_run *x, char *text, struct err *e)
{
    void *v = x->texts;
    int r = text == NULL ? err_nomem(e)
                         : grow(&v, &x->texts_cap, x->n_texts + 1, sizeof *x->texts, e);
    if (r < 0) {
        free(text);
        return r;
    }
    x->texts = v;
    x->texts[x->n_texts++] = text;
    return 0;
}

static int keep_beside(struct case_run *x, const char *path, const char **out,
                       struct err *e)
{
    TRY(keep(x, case_beside(&x->file, path, e), e));
    *out = x->texts[x->n_texts - 1];
    return 0;
}

/* ---- options ---- */

/* The option of the command line that a key stands for: `host_from` is --host-from. */
static const struct option_row *option_of(const char *key)
{
    for (const struct option_row *o = option_table; o->name != NULL; o++) {
        const char *a = o->name, *b = key;
        while (*a != '\0' && (*a == *b || (*a == '-' && *b == '_'))) {
            a++;
            b++;
        }
        if (*a == '\0' && *b == '\0' && o->commands & C_CASE)
            return o;
    }
    return NULL;
}

static int unknown_option(const struct case_run *x, const struct node *n, struct err *e)
{
    struct buf names = {0};
    int r = 0;
    for (const struct option_row *o = option_table; o->name != NULL && r == 0; o++)
        if (o->commands & C_CASE)
            r = buf_printf(&names, e, " %s", o->name);
    if (r == 0) {
        r = node_fail(x->file.path, n->key_at, e, "there is no option '%.60s' of a case",
                      n->key);
        err_hint(e, "the options are those of rank:%s", names.p);
    }
    buf_free(&names);
    return r;
}

/* One value of an option; an error gets the place in the case. */
static int set(struct case_run *x, const struct option_row *row, const struct node *at,
               const char *value, struct err *e)
{
    struct err mine = {0};
    if (value != NULL && option_names_path(row))
        TRY(keep_beside(x, value, &value, e));
    if (options_set(&x->call.o, C_CASE, row->name, value, &mine) == 0)
        return 0;
    if (mine.code == ERR_NOMEM || mine.code == ERR_BUG) {
        *e = mine;
        return mine.code;
    }
    (void)node_fail(x->file.path, at->at, e, "%s", mine.text);
    err_hint(e, "%s", mine.hint);
    return ERR_FORMAT;
}

/* limit: {nonpaged: 128M} is --limit nonpaged=128M. */
static int set_pairs(struct case_run *x, const struct option_row *row,
                     const struct node *map, struct err *e)
{
    for (const struct node *n = map->first; n != NULL; n = n->next) {
        struct buf pair = {0};
        if (n->kind != YAML_KIND_SCALAR)
            return node_fail(x->file.path, n->at, e, "expected a value");
        int r = buf_printf(&pair, e, "%s=%s", n->key, n->text);
        if (r < 0) {
            buf_free(&pair);
            return r;
        }
        TRY(keep(x, (char *)pair.p, e));
        TRY(set(x, row, n, x->texts[x->n_texts - 1], e));
    }
    return 0;
}

static int set_option(struct case_run *x, const struct node *n, struct err *e)
{
    const struct option_row *row = option_of(n->key);
    if (row == NULL)
        return unknown_option(x, n, e);
    if (row->arg == NULL) {
        const int yes = node_bool(n);
        if (yes < 0)
            return node_fail(x->file.path, n->at, e, "%s takes yes or no", row->name);
        return yes ? set(x, row, n, NULL, e) : 0;
    }
    if (n->kind == YAML_KIND_SCALAR)
        return set(x, row, n, n->text, e);
    if (n->kind == YAML_KIND_MAP)
        return set_pairs(x, row, n, e);
    for (const struct node *v = n->first; v != NULL; v = v->next) {
        if (v->kind != YAML_KIND_SCALAR)
            return node_fail(x->file.path, v->at, e, "expected a value");
        TRY(set(x, row, v, v->text, e));
    }
    return 0;
}

static int set_options(struct case_run *x, struct err *e)
{
    const struct node *map = x->file.options;
    struct err mine = {0};
    x->call.o = options_default();
    x->call.o.alone = true;
    for (const struct node *n = map != NULL ? map->first : NULL; n != NULL; n = n->next)
        TRY(set_option(x, n, e));
    if (options_end(&x->call.o, &mine) == 0)
        return 0;
    (void)node_fail(x->file.path, map->at, e, "%s", mine.text);
    err_hint(e, "%s", mine.hint);
    return ERR_FORMAT;
}

/* ---- inputs ---- */

static int set_inputs(struct case_run *x, struct err *e)
{
    const struct node *list = x->file.inputs;
    x->call.operands = calloc(list->n, sizeof *x->call.operands);
    if (x->call.operands == NULL)
        return err_nomem(e);
    for (const struct node *n = list->first; n != NULL; n = n->next) {
        TRY(keep(x, case_beside(&x->file, n->text, e), e));
        x->call.operands[x->call.n_operands++] = x->texts[x->n_texts - 1];
    }
    return 0;
}

int case_run_open(struct case_run *x, const char *path, struct err *e)
{
    *x = (struct case_run){.call = {.n_operands = 0}};
    TRY(case_open(&x->file, path, e));
    TRY(expect_check_keys(&x->file, e));
    TRY(set_options(x, e));
    return set_inputs(x, e);
}

void case_run_free(struct case_run *x)
{
    comparison_free(&x->compared);
    ranking_free(&x->ranking);
    options_free(&x->call.o);
    free(x->call.operands);
    for (size_t i = 0; i < x->n_texts; i++)
        free(x->texts[i]);
    free(x->texts);
    case_free(&x->file);
}

/* ---- the run ---- */

static int rank_inputs(struct case_run *x, struct err *e)
{
    TRY(ranking_load(&x->ranking, &x->call, e));
    TRY(ranking_judge(&x->ranking, e));
    TRY(comparison_make(&x->compared, &x->ranking, e));
    if (x->call.term.failed)
        return err_set(e, ERR_FORMAT, "an input could not be read");
    if (x->call.o.strict && x->call.term.severe > 0)
        return err_set(e, ERR_FORMAT, "things were repaired or lost, and `strict`");
    return 0;
}

/* An input that is another one than the case is about explains all that follows. */
static int check_digests(struct case_run *x, struct expecting *q, struct err *e)
{
    struct digests d = {.n = 0};
    const struct node *map = x->file.digests;
    int r = map == NULL ? 0 : digests_add(&d, &x->ranking.load.inputs, e);
    if (r == 0)
        r = digests_make(&d, UINT64_MAX, e);
    for (const struct node *n = map != NULL ? map->first : NULL; n != NULL && r == 0;
         n = n->next) {
        const char *path, *found = "no such input";
        struct phrase word;
        r = keep_beside(x, n->key, &path, e);
        for (size_t i = 0; i < d.n && r == 0; i++)
            if (strcmp(d.v[i].source, path) == 0)
                found = d.v[i].sha256;
        phrase_start(&word, false);
        say(&word, "SHA-256 of ");
        say_name(&word, n->key);
        if (r == 0)
            r = expect_result(q, n, strcmp(found, n->text) == 0, word.s, n->text, found,
                              e);
    }
    digests_free(&d);
    return r;
}

int case_run_check(struct case_run *x, struct check_list *l, struct term *t, bool notes,
                   struct err *e)
{
    const struct term before = *t;
    x->call.term = before;
    x->call.term.quiet = t->quiet || !notes;
    x->call.term.failed = false;
    x->call.term.severe = 0;
    int r = rank_inputs(x, e);
    *t = x->call.term;
    t->quiet = before.quiet;
    t->failed = before.failed;
    t->severe = before.severe;
    if (!notes)
        memcpy(t->notes, before.notes, sizeof t->notes);
    if (r < 0)
        return r;
    struct expecting expecting = {.list = l, .c = &x->file};
    phrase_start(&expecting.where, false);
    TRY(check_digests(x, &expecting, e));
    return expect_all(&expecting, x->ranking.views, x->ranking.n_views, e);
}
