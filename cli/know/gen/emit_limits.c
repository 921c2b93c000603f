/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>

#include "cli/know/gen/emit.h"
#include "cli/know/limits.h"

static void rule(const struct limit_rule *r)
{
    static const char *const of[] = {"LIMIT_OF_NOTHING", "LIMIT_OF_MEMORY",
                                     "LIMIT_OF_COMMIT"};
    (void)printf("{UINT64_C(%" PRIu64 "), %" PRIu32 ", %s}", r->bytes, r->percent,
                 of[r->of]);
}

static void row(const struct limit_row *r)
{
    (void)printf("    {{");
    for (size_t i = 0; r->os[i] != NULL; i++)
        emit_strings_next(r->os[i]);
    (void)printf("NULL}, ");
    emit_strings_next(r->title);
    emit_strings_next(r->source);
    (void)printf("%" PRIu32 ", %s,\n     {", r->bits, r->assume ? "true" : "false");
    rule(&r->pools[POOL_NONPAGED]);
    (void)printf(", ");
    rule(&r->pools[POOL_PAGED]);
    (void)printf("}},\n");
}

int emit_limits(const char *path, struct err *e)
{
    struct yaml *y = NULL;
    struct limit_rows rows;
    TRY(yaml_open_file(&y, path, NULL, e));
    const int r = limits_read(&rows, y, e);
    yaml_close(y);
    if (r == 0) {
        (void)printf("#include \"cli/know/limits.h\"\n\n"
                     "const struct limit_row limit_table[] = {\n");
        for (size_t i = 0; i < rows.n; i++)
            row(&rows.v[i]);
        (void)printf("    {.title = NULL},\n};\n");
    }
    limits_free(&rows);
    return r;
}
