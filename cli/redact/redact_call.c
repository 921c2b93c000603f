/* SPDX-License-Identifier: MIT */
#include "cli/redact/redact_call.h"

#include <stdlib.h>
#include <string.h>

static bool is_host(const struct option_row *o)
{
    return strcmp(o->name, "host") == 0;
}

/* The name at the end of this argument and the option that takes it, or NULL. */
static const char *name_in(const struct options *o, const char *argument,
                           const struct option_row **row)
{
    for (const char *p = argument;; p++) {
        for (size_t i = 0; i < o->n_typed; i++) {
            *row = &option_table[o->typed[i].row];
            if (o->typed[i].value == p && (option_names_path(*row) || is_host(*row)))
                return p;
        }
        if (*p == '\0')
            return NULL;
    }
}

static int one(const struct context *c, const char *argument, const char **out,
               struct err *e)
{
    struct redact *r = c->o.names;
    const struct option_row *row;
    struct buf words = {0};
    const char *name = name_in(&c->o, argument, &row), *new_;
    *out = argument;
    if (name == NULL)
        return 0;
    TRY(is_host(row) ? redact_name(r, REDACT_HOST, name, &new_, e)
                     : redact_path(r, name, &new_, e));
    *out = new_;
    if (name == argument)
        return 0;
    const int code =
        buf_printf(&words, e, "%.*s%s", (int)(name - argument), argument, new_);
    if (code < 0) {
        buf_free(&words);
        return code;
    }
    return redact_keep(r, (char *)words.p, out, e);
}

int redact_arguments(const struct context *c, char *const **out, struct err *e)
{
    struct redact *r = c->o.names;
    const int n = c->n_arguments, options = n - context_typed(c);
    *out = r != NULL && r->arguments != NULL ? r->arguments : c->arguments;
    if (r == NULL || n <= 0 || r->arguments != NULL)
        return 0;
    char **v = calloc((size_t)n, sizeof *v);
    if (v == NULL)
        return err_nomem(e);
    int code = 0;
    /* The operands first: they are mentioned most. */
    for (int k = 0; k < n && code == 0; k++) {
        const int i = (k + options) % n;
        const char *to = NULL;
        code = i >= options ? redact_path(r, c->arguments[i], &to, e)
                            : one(c, c->arguments[i], &to, e);
        char *copy = code == 0 ? strdup(to) : NULL;
        if (code == 0)
            code = redact_keep(r, copy, &to, e);
        if (code == 0)
            v[i] = copy;
    }
    if (code < 0) {
        free(v);
        return code;
    }
    *out = r->arguments = v;
    return 0;
}
