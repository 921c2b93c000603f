/* SPDX-License-Identifier: MIT */
/* limits.yaml into rows; every fault is told with its place. */
#include <stdlib.h>
#include <string.h>

#include "cli/know/limits.h"
#include "formats/bytes.h"
#include "formats/size.h"

#define BIT(key) (UINT64_C(1) << (key)) /* of what yaml_key_in saw */

static int read_size(struct yaml *y, uint64_t *bytes, struct err *e)
{
    struct yaml_item item;
    TRY(yaml_scalar(y, "a size as 128M", &item, e));
    if (!size_parse(item.text, bytes))
        return yaml_fail(y, item.at, e, "expected a size as 128M, found '%s'", item.text);
    return 0;
}

static int read_percent(struct yaml *y, uint32_t *percent, struct err *e)
{
    struct yaml_item item;
    TRY(yaml_scalar(y, "percent as 75%", &item, e));
    char *end;
    unsigned long v = strtoul(item.text, &end, 10);
    if (end == item.text || strcmp(end, "%") != 0 || v < 1 || v > 100)
        return yaml_fail(y, item.at, e, "expected 1%% to 100%%, found '%s'", item.text);
    *percent = (uint32_t)v;
    return 0;
}

static int read_rule(struct yaml *y, struct limit_rule *r, struct err *e)
{
    enum { BYTES, MEMORY, COMMIT, AT_MOST, PARTS };
    static const char *const keys[PARTS] = {"bytes", "memory", "commit", "at_most"};
    uint64_t seen = 0;
    size_t k;
    int more;
    struct yaml_item begin;
    TRY(yaml_peek(y, &begin, e));
    TRY(yaml_map(y, "a map with bytes, memory or commit", e));
    while ((more = yaml_key_in(y, keys, PARTS, &seen, &k, e)) > 0) {
        if (k == BYTES || k == AT_MOST) {
            TRY(read_size(y, &r->bytes, e));
        } else {
            TRY(read_percent(y, &r->percent, e));
            r->of = k == MEMORY ? LIMIT_OF_MEMORY : LIMIT_OF_COMMIT;
        }
    }
    TRY(more);
    const uint64_t what = seen & ~BIT(AT_MOST);
    const bool share = what == BIT(MEMORY) || what == BIT(COMMIT);
    return seen == BIT(BYTES) || share
               ? 0
               : yaml_fail(y, begin.at, e,
                           "expected bytes alone, or memory or commit with at_most");
}

static int read_names(struct yaml *y, struct limit_row *row, struct err *e)
{
    int more;
    size_t n = 0;
    TRY(yaml_list(y, "a list of --os words", e));
    while ((more = yaml_more(y, e)) > 0) {
        char *name;
        TRY(yaml_text(y, "a word that --os takes", &name, e));
        if (n == LIMIT_NAMES - 1) {
            free(name);
            return yaml_fail(y, yaml_here(y), e, "expected at most %d words",
                             LIMIT_NAMES - 1);
        }
        row->os[n++] = name;
    }
    return more;
}

enum key { OS, TITLE, SOURCE, BITS, ASSUME, NONPAGED, PAGED, KEYS };

static int read_value(struct yaml *y, struct limit_row *row, enum key key, struct err *e)
{
    char *text;
    uint64_t bits;
    switch (key) {
    case OS:
        return read_names(y, row, e);
    case TITLE:
    case SOURCE:
        TRY(yaml_text(y, "words", &text, e));
        *(key == TITLE ? &row->title : &row->source) = text;
        return 0;
    case BITS:
        TRY(yaml_u64(y, "32 or 64", &bits, e));
        if (bits != 32 && bits != 64)
            return yaml_fail(y, yaml_here(y), e, "expected 32 or 64");
        row->bits = (uint32_t)bits;
        return 0;
    case ASSUME:
        return yaml_bool(y, "yes or no", &row->assume, e);
    default:
        return read_rule(y, &row->pools[key == NONPAGED ? POOL_NONPAGED : POOL_PAGED], e);
    }
}

static int read_row(struct yaml *y, struct limit_row *row, struct err *e)
{
    static const char *const keys[KEYS] = {"os",     "title",    "source", "bits",
                                           "assume", "nonpaged", "paged"};
    static const uint64_t needed = BIT(OS) | BIT(TITLE) | BIT(SOURCE) | BIT(BITS);
    uint64_t seen = 0;
    size_t k;
    int more;
    struct yaml_item begin;
    TRY(yaml_peek(y, &begin, e));
    TRY(yaml_map(y, "a map of one system", e));
    while ((more = yaml_key_in(y, keys, KEYS, &seen, &k, e)) > 0)
        TRY(read_value(y, row, (enum key)k, e));
    TRY(more);
    if ((seen & needed) != needed)
        return yaml_fail(y, begin.at, e, "expected os, title, bits and source");
    return 0;
}

int limits_read(struct limit_rows *rows, struct yaml *y, struct err *e)
{
    int more;
    *rows = (struct limit_rows){0};
    TRY(yaml_list(y, "a list of systems", e));
    while ((more = yaml_more(y, e)) > 0) {
        void *v = rows->v;
        TRY(grow(&v, &rows->cap, rows->n + 1, sizeof *rows->v, e));
        rows->v = v;
        rows->v[rows->n++] = (struct limit_row){.title = NULL};
        TRY(read_row(y, &rows->v[rows->n - 1], e));
    }
    TRY(more);
    return yaml_end(y, e);
}

/* The strings of rows that were read are the caller's own, const only for the table. */
static void free_text(const char *text)
{
    union {
        const char *in;
        void *out;
    } u = {.in = text};
    free(u.out);
}

void limits_free(struct limit_rows *rows)
{
    for (size_t i = 0; i < rows->n; i++) {
        for (size_t k = 0; k < LIMIT_NAMES; k++)
            free_text(rows->v[i].os[k]);
        free_text(rows->v[i].title);
        free_text(rows->v[i].source);
    }
    free(rows->v);
    *rows = (struct limit_rows){0};
}
