/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>

#include "cli/know/gen/emit.h"
#include "cli/know/rules.h"

static void texts(const char *name, size_t i, const char *const *v)
{
    if (v == NULL)
        return;
    (void)printf("static const char *const %s_%zu[] = {", name, i);
    for (; *v != NULL; v++)
        emit_strings_next(*v);
    (void)printf("NULL};\n");
}

static void texts_name(const char *name, size_t i, const char *const *v)
{
    if (v != NULL)
        (void)printf("     .%s = %s_%zu,\n", name, name, i);
}

/* Figures are few; hexadecimal ones are exact. */
static void figures(const struct rule *r)
{
    for (size_t k = 0; k < RULE_KEYS; k++) {
        if (r->words[k] != 0)
            (void)printf("     .words[%zu] = %" PRIu32 ",\n", k, r->words[k]);
        if (r->figures[k] > 0)
            (void)printf("     .figures[%zu] = %a,\n", k, r->figures[k]);
    }
}

static void rule(const struct rule *r, size_t i)
{
    (void)printf("    {.id = ");
    emit_strings_next(r->id);
    (void)printf(".severity = %d, .given = %" PRIu32 ",\n     .text = ", (int)r->severity,
                 r->given);
    emit_strings_next(r->text);
    (void)printf("\n     .next = ");
    emit_strings_next(r->next);
    (void)printf(".source = ");
    emit_strings_next(r->source);
    (void)printf(".suspects = ");
    emit_strings_next(r->suspects);
    (void)printf("\n");
    figures(r);
    texts_name("tags", i, r->tags);
    texts_name("events", i, r->events);
    texts_name("os", i, r->os);
    texts_name("formats", i, r->formats);
    (void)printf("    },\n");
}

int emit_rules(const char *path, struct err *e)
{
    struct yaml *y = NULL;
    struct rule_list l = {.own = NULL};
    TRY(yaml_open_file(&y, path, NULL, e));
    const int r = rules_read(&l, y, e);
    yaml_close(y);
    if (r == 0) {
        (void)printf("#include \"cli/know/rules.h\"\n\n");
        for (size_t i = 0; i < l.rules.n; i++) {
            texts("tags", i, l.rules.v[i].tags);
            texts("events", i, l.rules.v[i].events);
            texts("os", i, l.rules.v[i].os);
            texts("formats", i, l.rules.v[i].formats);
        }
        (void)printf("static const struct rule table[] = {\n");
        for (size_t i = 0; i < l.rules.n; i++)
            rule(&l.rules.v[i], i);
        (void)printf("};\n\nconst struct rules rules_builtin = {table, %zu};\n",
                     l.rules.n);
    }
    rules_free(&l);
    return r;
}
