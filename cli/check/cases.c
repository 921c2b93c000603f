/* SPDX-License-Identifier: MIT */
#include "cli/check/cases.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/check/case_run.h"
#include "cli/load/folder.h"
#include "cli/redact/redact.h"
#include "cli/render/phrase.h"

#define BEGINNING 4096

/* Whether the file begins as a case does; one that cannot be read does not. */
static bool is_case(const char *path)
{
    char text[BEGINNING];
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return false;
    const size_t n = fread(text, 1, sizeof text, f);
    (void)fclose(f);
    return case_begins(text, n);
}

static bool is_yaml(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot != NULL && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

/* ---- one case ---- */

/* What is wrong with a case is a result, too: reports shall show that it did not run. */
static int add_broken(struct check_list *l, const char *path, const struct err *why,
                      struct err *e)
{
    struct phrase name, message;
    phrase_start(&name, false);
    say_name(&name, path);
    phrase_start(&message, false);
    if (why->place[0] != '\0') {
        say_name(&message, why->place);
        say(&message, ": ");
    }
    say_name(&message, why->text);
    TRY(check_add(l, CHECK_BROKEN, name.s, message.s, e));
    return check_text(l, "case", name.s, e);
}

/* Hosts that are expected, wherever they stand. */
static int learn_hosts(struct redact *names, const struct node *n, struct err *e)
{
    const char *name;
    for (; n != NULL; n = n->next) {
        if (n->key != NULL && strcmp(n->key, "host") == 0 &&
            n->kind == YAML_KIND_SCALAR && !node_is_null(n))
            TRY(redact_name(names, REDACT_HOST, n->text, &name, e));
        TRY(learn_hosts(names, n->first, e)); /* a tree is bounded in depth */
    }
    return 0;
}

/* A case is run with the names that it expects; what is told of it gets others. */
static int learn_names(struct redact *names, const struct case_run *x, const char *path,
                       struct err *e)
{
    const struct inputs *in = &x->ranking.load.inputs;
    const struct options *o = &x->call.o;
    const char *const paths[] = {o->tags, o->rules, o->baseline};
    const char *name;
    if (names == NULL)
        return 0;
    TRY(redact_stem(names, path, e));
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (paths[i] != NULL)
            TRY(redact_path(names, paths[i], &name, e));
    for (int i = 0; i < x->call.n_operands; i++)
        TRY(redact_path(names, x->call.operands[i], &name, e));
    for (size_t i = 0; i < in->n; i++)
        TRY(redact_name(names, REDACT_FILE, in->v[i].real, &name, e));
    for (size_t i = 0; i < x->ranking.n_views; i++)
        if (x->ranking.views[i].host != NULL)
            TRY(redact_name(names, REDACT_HOST, x->ranking.views[i].host, &name, e));
    if (o->host != NULL)
        TRY(redact_name(names, REDACT_HOST, o->host, &name, e));
    return learn_hosts(names, x->file.expect, e);
}

static int one_case(struct check_list *l, struct context *c, const char *path,
                    struct err *e)
{
    struct case_run x;
    struct err mine = {0};
    const size_t before = check_count(l, CHECK_NOT_OK);
    int r = case_run_open(&x, path, &mine);
    if (r == 0)
        r = case_run_check(&x, l, &c->term, c->o.verbose, &mine);
    const enum case_figures figures = x.file.figures;
    const int learned = learn_names(c->o.names, &x, path, e);
    case_run_free(&x);
    TRY(learned);
    if (r == 0) {
        struct check_cases *count = &l->cases[figures];
        *(check_count(l, CHECK_NOT_OK) == before ? &count->held : &count->failed) += 1;
        return 0;
    }
    if (mine.code == ERR_NOMEM || mine.code == ERR_BUG) {
        *e = mine;
        return mine.code;
    }
    l->broken++;
    err_place(&mine, path, 0);
    term_error(&c->term, &mine);
    return add_broken(l, path, &mine, e);
}

/* ---- all of them ---- */

static int in_folder(struct check_list *l, struct context *c, const char *path,
                     struct err *e)
{
    struct folder files = {.n = 0};
    const struct limits limits = LIMITS_DEFAULT;
    int r = folder_walk(&files, path, &limits, e);
    for (size_t i = 0; i < files.n && r == 0; i++) {
        if (!is_yaml(files.v[i]))
            continue;
        if (is_case(files.v[i]))
            r = one_case(l, c, files.v[i], e);
        else
            l->skipped++;
    }
    folder_free(&files);
    return r;
}

static int none(const struct context *c, struct err *e)
{
    int r = c->n_operands == 0
                ? err_set(e, ERR_USAGE, "no threshold was given, and no case")
                : err_set(e, ERR_USAGE,
                          "no threshold was given, and there is no case in '%s'%s",
                          c->operands[0], c->n_operands > 1 ? " or the others" : "");
    err_hint(e, "captures: --no-leak, --max-nonpaged 80%%, --max-rate 100K/h, --min-free "
                "20M or --baseline INPUT; a case begins with `case: 1` (poolsift help "
                "cases)");
    return r;
}

int cases_check(struct check_list *l, struct context *c, struct err *e)
{
    for (int i = 0; i < c->n_operands; i++) {
        struct stat st;
        const char *path = c->operands[i];
        const bool there = stat(path, &st) == 0;
        if (!there) {
            struct err mine = {0};
            (void)err_io(&mine, errno, "cannot open");
            err_place(&mine, path, 0);
            term_error(&c->term, &mine);
        } else if (S_ISDIR(st.st_mode)) {
            TRY(in_folder(l, c, path, e));
        } else if (is_yaml(path) || is_case(path)) {
            TRY(one_case(l, c, path, e));
        }
    }
    return l->n == 0 && !c->term.failed ? none(c, e) : 0;
}
