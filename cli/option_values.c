/* SPDX-License-Identifier: MIT */
/* What each option takes, into struct options. */
#include "cli/option_values.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/know/limits.h"
#include "cli/nearest.h"
#include "formats/raw/rawtags_layout.h"
#include "formats/size.h"
#include "formats/when.h"

static int bad_value(enum option_id id, const char *value, struct err *e)
{
    const struct option_row *row = &option_table[id];
    int r = err_set(e, ERR_USAGE, "--%s takes %s, not '%s'", row->name, row->arg, value);
    err_hint(e, "--%s %s: %s", row->name, row->arg, row->help);
    return r;
}

/* One of a closed list: with the word that was probably meant. */
static int bad_word(enum option_id id, const char *value, const struct nearest *near,
                    struct err *e)
{
    const struct option_row *row = &option_table[id];
    if (near->best == NULL)
        return bad_value(id, value, e);
    int r = err_set(e, ERR_USAGE, "--%s takes %s, not '%s'", row->name, row->arg, value);
    err_hint(e, "did you mean '%s'? --%s %s: %s", near->best, row->name, row->arg,
             row->help);
    return r;
}

static int one_of(enum option_id id, const char *value, const char *const *words,
                  struct err *e)
{
    struct nearest near;
    nearest_start(&near, value, SIZE_MAX);
    for (int i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], value) == 0)
            return i;
        nearest_try(&near, words[i]);
    }
    return bad_word(id, value, &near, e);
}

static int parse_count(enum option_id id, const char *value, size_t *out, struct err *e)
{
    char *end;
    errno = 0;
    unsigned long long v = strtoull(value, &end, 10);
    if (end == value || *end != '\0' || errno != 0 || value[0] == '-' || v > SIZE_MAX)
        return bad_value(id, value, e);
    *out = (size_t)v;
    return 0;
}

static int parse_pool(struct options *o, const char *value, struct err *e)
{
    int k = one_of(OPT_POOL, value, option_words(OPT_POOL), e);
    if (k < 0)
        return k;
    for (int i = 0; i < POOL_KINDS; i++)
        o->pools[i] = k == 2 || i == k;
    o->pool_given = k != 2;
    return 0;
}

static int bad_sort(const char *value, const char *key, size_t n, struct err *e)
{
    struct nearest near;
    nearest_start(&near, key, n);
    for (int k = 0; k < SORT_KEYS; k++)
        nearest_try(&near, sort_key_name((enum sort_key)k));
    return bad_word(OPT_SORT, value, &near, e);
}

static int parse_sort(struct options *o, const char *value, struct err *e)
{
    o->n_sort = 0;
    for (const char *p = value;; p++) {
        size_t n = strcspn(p, ",");
        int k = 0;
        while (k < SORT_KEYS && (strlen(sort_key_name((enum sort_key)k)) != n ||
                                 strncmp(sort_key_name((enum sort_key)k), p, n) != 0))
            k++;
        if (k == SORT_KEYS)
            return bad_sort(value, p, n, e);
        if (o->n_sort == SORT_KEYS)
            return bad_value(OPT_SORT, value, e);
        o->sort[o->n_sort++] = (enum sort_key)k;
        p += n;
        if (*p == '\0')
            return 0;
    }
}

static int parse_limit(struct options *o, const char *value, struct err *e)
{
    for (int k = POOL_NONPAGED; k <= POOL_PAGED; k++) {
        const char *name = pool_kind_name((enum pool_kind)k);
        size_t n = strlen(name);
        if (strncmp(value, name, n) == 0 && value[n] == '=') {
            if (!size_parse(value + n + 1, &o->limit_bytes[k]))
                return bad_value(OPT_LIMIT, value, e);
            return 0;
        }
    }
    return bad_value(OPT_LIMIT, value, e);
}

static int parse_os(struct options *o, const char *value, struct err *e)
{
    o->os = limits_find(value);
    if (o->os != NULL)
        return 0;
    struct buf names = {0};
    int r = 0;
    for (const struct limit_row *row = limit_table; row->title != NULL && r == 0; row++)
        for (const char *const *name = row->os; *name != NULL && r == 0; name++)
            r = buf_printf(&names, e, "%s%s", names.n == 0 ? "" : " ", *name);
    if (r == 0) {
        r = err_set(e, ERR_USAGE, "--os knows no '%s'", value);
        err_hint(e, "it knows: %s", names.p);
    }
    buf_free(&names);
    return r;
}

static int parse_time(enum option_id id, const char *value, struct pool_time *t,
                      struct err *e)
{
    if (when_option(value, t))
        return 0;
    int r = err_set(e, ERR_USAGE, "--%s takes a time, not '%s'", option_table[id].name,
                    value);
    err_hint(e, "write 2006-03-12, 2006-03-12T09:00 or 2006-03-12T09:00:30Z");
    return r;
}

static int add_pattern(struct pattern_list *l, const char *value, struct err *e)
{
    void *v = l->v;
    TRY(grow(&v, &l->cap, l->n + 1, sizeof *l->v, e));
    l->v = v;
    l->v[l->n++] = value;
    return 0;
}

static int set_renderer(struct options *o, const char *name, struct err *e)
{
    const struct renderer *r = renderer_find(name);
    if (r == NULL) {
        struct nearest near;
        nearest_start(&near, name, SIZE_MAX);
        for (const struct renderer *const *k = render_table; *k != NULL; k++)
            nearest_try(&near, (*k)->name);
        return bad_word(OPT_FORMAT, name, &near, e);
    }
    o->renderer = r;
    return 0;
}

static int set_when(enum when *w, enum option_id id, const char *value, struct err *e)
{
    int k = one_of(id, value, option_words(id), e);
    if (k >= 0)
        *w = (enum when)k;
    return k < 0 ? k : 0;
}

static int no_format(const char *name, struct err *e)
{
    struct nearest near;
    int r = err_set(e, ERR_USAGE, "--from: no format is called '%s'", name);
    nearest_start(&near, name, SIZE_MAX);
    for (const struct format *f = format_table; f->name != NULL; f++)
        nearest_try(&near, f->name);
    if (near.best != NULL)
        err_hint(e, "did you mean '%s'? poolsift formats lists them", near.best);
    else
        err_hint(e, "poolsift formats lists them");
    return r;
}

static int set_layout(struct options *o, const char *value, struct err *e)
{
    o->layout = value;
    if (tag_layout_find(value) >= 0)
        return 0;
    char names[TAG_LAYOUT_NAMES];
    tag_layout_names(names);
    err_hint(e, "the layouts are %s", names);
    return bad_value(OPT_LAYOUT, value, e);
}

/* Options about which snapshots there are and when they were taken. */
static int set_load_option(struct options *o, enum option_id id, const char *v,
                           struct err *e)
{
    int k;
    switch (id) {
    case OPT_AT:
        return parse_time(id, v, &o->at, e);
    case OPT_SINCE:
        return parse_time(id, v, &o->since, e);
    case OPT_UNTIL:
        return parse_time(id, v, &o->until, e);
    case OPT_TIME:
        return parse_time(id, v, &o->time, e);
    case OPT_START:
        return parse_time(id, v, &o->start, e);
    case OPT_EVERY:
        return when_span(v, &o->every_ms) && o->every_ms > 0 ? 0 : bad_value(id, v, e);
    case OPT_HOST:
        o->host = v;
        return *v != '\0' ? 0 : bad_value(id, v, e);
    case OPT_HOST_FROM:
        k = one_of(id, v, option_words(id), e);
        o->host_from = k == 0 ? HOST_FROM_DIR : HOST_FROM_NAME;
        return k < 0 ? k : 0;
    case OPT_TIME_FROM:
        k = one_of(id, v, option_words(id), e);
        o->time_from_mtime = k == 0;
        return k < 0 ? k : 0;
    case OPT_DATE_ORDER:
        k = one_of(id, v, option_words(id), e);
        o->date_order = k == 0 ? DATE_ORDER_DMY : DATE_ORDER_MDY;
        return k < 0 ? k : 0;
    case OPT_TZ:
        o->tz_given = when_zone(v, &o->tz_min);
        return o->tz_given ? 0 : bad_value(id, v, e);
    case OPT_FROM:
        if (format_find(v) == NULL)
            return no_format(v, e);
        o->from = v;
        return 0;
    case OPT_LAYOUT:
        return set_layout(o, v, e);
    default:
        return err_set(e, ERR_BUG, "option --%s is not wired", option_table[id].name);
    }
}

/* Thresholds of check. */
static int set_check_option(struct options *o, enum option_id id, const char *v,
                            struct err *e)
{
    struct thresholds *t = &o->check;
    bool good = true;
    switch (id) {
    case OPT_NO_LEAK:
        t->no_leak = true;
        break;
    case OPT_MAX_NONPAGED:
        good = threshold_max(&t->max[POOL_NONPAGED], v);
        break;
    case OPT_MAX_PAGED:
        good = threshold_max(&t->max[POOL_PAGED], v);
        break;
    case OPT_MAX_RATE:
        good = threshold_rate(t, v);
        break;
    case OPT_MIN_FREE:
        good = threshold_free(t, v);
        break;
    case OPT_RECORD:
        o->record = true;
        break;
    default:
        return set_load_option(o, id, v, e);
    }
    return good ? 0 : bad_value(id, v, e);
}

/* ---- options that only set something ---- */

static const struct {
    enum option_id id;
    size_t at; /* of a bool in struct options */
} flags[] = {
    {OPT_ALL, offsetof(struct options, all)},
    {OPT_MERGE, offsetof(struct options, merge)},
    {OPT_EXIT_CODE, offsetof(struct options, exit_code)},
    {OPT_APPEND, offsetof(struct options, append)},
    {OPT_VERIFY, offsetof(struct options, verify)},
    {OPT_SALVAGE, offsetof(struct options, salvage)},
    {OPT_STRICT, offsetof(struct options, strict)},
    {OPT_REDACT, offsetof(struct options, redact)},
    {OPT_ASCII, offsetof(struct options, ascii)},
    {OPT_QUIET, offsetof(struct options, quiet)},
    {OPT_VERBOSE, offsetof(struct options, verbose)},
    {OPT_HELP, offsetof(struct options, help)},
};

static const struct {
    enum option_id id;
    size_t at; /* of a const char * there */
    bool may_be_empty;
} texts[] = {
    {OPT_JUNIT, offsetof(struct options, junit), false},
    {OPT_TAGS, offsetof(struct options, tags), false},
    {OPT_RULES, offsetof(struct options, rules), false},
    {OPT_STILL, offsetof(struct options, still), false},
    {OPT_BASELINE, offsetof(struct options, baseline), false},
    {OPT_OUTPUT, offsetof(struct options, output), false},
    {OPT_TO, offsetof(struct options, to), true},
};

static int set_plain(struct options *o, enum option_id id, const char *v, bool *done,
                     struct err *e)
{
    char *base = (char *)o;
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (flags[i].id == id)
            *done = *(bool *)(void *)(base + flags[i].at) = true;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (texts[i].id != id)
            continue;
        *(const char **)(void *)(base + texts[i].at) = v;
        *done = true;
        return *v != '\0' || texts[i].may_be_empty ? 0 : bad_value(id, v, e);
    }
    return 0;
}

/* ---- and all others ---- */

static int set_value(struct options *o, enum option_id id, const char *v, struct err *e)
{
    int k;
    switch (id) {
    case OPT_INCLUDE:
        return add_pattern(&o->include, v, e);
    case OPT_EXCLUDE:
        return add_pattern(&o->exclude, v, e);
    case OPT_SUSPECT:
        return *v != '\0' ? add_pattern(&o->suspects, v, e) : bad_value(id, v, e);
    case OPT_HISTORY:
        return *v != '\0' ? add_pattern(&o->history, v, e) : bad_value(id, v, e);
    case OPT_POOL:
        return parse_pool(o, v, e);
    case OPT_TOP:
        o->top_given = true;
        return parse_count(id, v, &o->top, e);
    case OPT_SORT:
        return parse_sort(o, v, e);
    case OPT_LIMIT:
        return parse_limit(o, v, e);
    case OPT_OS:
        return parse_os(o, v, e);
    case OPT_DRIVERS:
        return add_pattern(&o->drivers, v, e);
    case OPT_UNITS:
        k = one_of(id, v, option_words(id), e);
        o->units = (enum units)(k < 0 ? 0 : k);
        return k < 0 ? k : 0;
    case OPT_FORMAT:
        return set_renderer(o, v, e);
    case OPT_JSON:
    case OPT_CSV:
    case OPT_MARKDOWN:
        return set_renderer(o, option_table[id].name, e);
    case OPT_COLOR:
        return set_when(&o->color, id, v, e);
    case OPT_PROGRESS:
        return set_when(&o->progress, id, v, e);
    case OPT_THREADS:
        return parse_count(id, v, &o->threads, e);
    default:
        return set_check_option(o, id, v, e);
    }
}

int option_set(struct options *o, enum option_id id, const char *v, struct err *e)
{
    bool done = false;
    TRY(set_plain(o, id, v, &done, e));
    return done ? 0 : set_value(o, id, v, e);
}
