/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "cli/know/gen/emit.h"
#include "cli/know/tags.h"

static const char *role_constant(enum role r)
{
    switch (r) {
    case ROLE_PRIVATE:
        return "ROLE_PRIVATE";
    case ROLE_CONTAINER:
        return "ROLE_CONTAINER";
    case ROLE_SYSTEM:
        return "ROLE_SYSTEM";
    case ROLE_UNKNOWN:
        break;
    }
    return "ROLE_UNKNOWN";
}

/* The lists that an entry points to. */
static void parts(const struct know_tag *t, size_t i)
{
    if (t->n_leaks > 0)
        (void)printf("static const struct know_leak leaks_%zu[] = {\n", i);
    for (size_t k = 0; k < t->n_leaks; k++) {
        (void)printf("    {");
        emit_strings_next(t->leaks[k].what);
        emit_strings_next(t->leaks[k].fixed);
        emit_string(t->leaks[k].source);
        (void)printf("},\n");
    }
    if (t->n_leaks > 0)
        (void)printf("};\n");
    if (t->n_sources > 0)
        (void)printf("static const char *const sources_%zu[] = {", i);
    for (size_t k = 0; k < t->n_sources; k++)
        emit_strings_next(t->sources[k]);
    if (t->n_sources > 0)
        (void)printf("};\n");
}

static void list_name(const char *name, size_t n, size_t i)
{
    if (n == 0)
        (void)printf("NULL, 0");
    else
        (void)printf("%s_%zu, %zu", name, i, n);
}

static void entry(const struct know_tag *t, size_t i)
{
    (void)printf("    {");
    emit_strings_next(t->pattern);
    (void)printf("{{%d, %d, %d, %d}}, %s, %s, %s,\n     ", t->tag.b[0], t->tag.b[1],
                 t->tag.b[2], t->tag.b[3], t->exact ? "true" : "false",
                 t->verified ? "true" : "false", role_constant(t->role));
    emit_strings_next(t->owner);
    emit_strings_next(t->label);
    emit_strings_next(t->component);
    emit_strings_next(t->vendor);
    (void)printf("\n     ");
    emit_strings_next(t->holds);
    emit_strings_next(t->pins);
    emit_strings_next(t->usual);
    (void)printf("\n     ");
    list_name("leaks", t->n_leaks, i);
    (void)printf(", ");
    list_name("sources", t->n_sources, i);
    (void)printf("},\n");
}

int emit_tags(const char *path, struct err *e)
{
    struct yaml *y = NULL;
    struct know_list l;
    TRY(yaml_open_file(&y, path, NULL, e));
    const int r = know_tags_read(&l, y, KNOW_BUILTIN, e);
    yaml_close(y);
    if (r < 0)
        return r;
    const struct know_tags *t = &l.tags;
    (void)printf("#include \"cli/know/tags.h\"\n\n");
    for (size_t i = 0; i < t->n; i++)
        parts(&t->v[i], i);
    (void)printf("\nstatic const struct know_tag table[] = {\n");
    for (size_t i = 0; i < t->n; i++)
        entry(&t->v[i], i);
    (void)printf("};\n\nconst struct know_tags know_tags_builtin = {table, %zu, %zu};\n",
                 t->n, t->n_exact);
    know_list_free(&l);
    return 0;
}
