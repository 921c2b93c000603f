/* SPDX-License-Identifier: MIT */
/* What can be said of an option's value beforehand: closed lists, and names that stand in
 * the tables of others. */
#include <stdio.h>

#include "cli/know/limits.h"
#include "cli/option_values.h"
#include "formats/raw/rawtags_layout.h"

const char *const *option_words(enum option_id id)
{
    static const char *const pools[] = {"nonpaged", "paged", "both", NULL};
    static const char *const whens[] = {"auto", "always", "never", NULL};
    static const char *const units[] = {"K", "bytes", "human", NULL};
    static const char *const host_from[] = {"dir", "name", NULL};
    static const char *const date_order[] = {"dmy", "mdy", NULL};
    static const char *const time_from[] = {"mtime", NULL};
    switch (id) {
    case OPT_POOL:
        return pools;
    case OPT_COLOR:
    case OPT_PROGRESS:
        return whens;
    case OPT_UNITS:
        return units;
    case OPT_HOST_FROM:
        return host_from;
    case OPT_DATE_ORDER:
        return date_order;
    case OPT_TIME_FROM:
        return time_from;
    default:
        return NULL;
    }
}

typedef void value_fn(void *to, const char *text);

static void each_format(enum option_id id, value_fn *value, void *to)
{
    for (const struct format *f = format_table; f->name != NULL; f++)
        if (id == OPT_TO ? f->writer != NULL : f->text != NULL || f->binary != NULL)
            value(to, f->name);
}

static void each_system(value_fn *value, void *to)
{
    for (const struct limit_row *row = limit_table; row->title != NULL; row++)
        for (const char *const *name = row->os; *name != NULL; name++)
            value(to, *name);
}

static void each_pool(value_fn *value, void *to)
{
    for (int k = POOL_NONPAGED; k <= POOL_PAGED; k++) {
        char text[32];
        (void)snprintf(text, sizeof text, "%s=", pool_kind_name((enum pool_kind)k));
        value(to, text);
    }
}

void option_each_value(int row, value_fn *value, void *to)
{
    const enum option_id id = (enum option_id)row;
    const char *const *words = option_words(id);
    for (; words != NULL && *words != NULL; words++)
        value(to, *words);
    switch (id) {
    case OPT_FROM:
    case OPT_TO:
        each_format(id, value, to);
        break;
    case OPT_FORMAT:
        for (size_t i = 0; render_table[i] != NULL; i++)
            value(to, render_table[i]->name);
        break;
    case OPT_SORT:
        for (int k = 0; k < SORT_KEYS; k++)
            value(to, sort_key_name((enum sort_key)k));
        break;
    case OPT_OS:
        each_system(value, to);
        break;
    case OPT_LAYOUT:
        for (int k = 0; k < TAG_LAYOUTS; k++)
            value(to, tag_layout_table[k].name);
        break;
    case OPT_LIMIT:
    case OPT_MIN_FREE:
        each_pool(value, to);
        break;
    default:
        break;
    }
}
