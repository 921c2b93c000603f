/* SPDX-License-Identifier: MIT */
#include "cli/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/know/limits.h"
#include "formats/raw/rawtags_layout.h"
#include "formats/size.h"
#include "formats/when.h"

enum option_id {
#define OPT(id, letter, name, arg, commands, help) OPT_##id,
#include "cli/options.def"
#undef OPT
    OPTIONS
};

_Static_assert(OPTIONS <= 64, "options.given has a bit for each");

const struct option_row option_table[] = {
#define OPT(id, letter, name, arg, commands, help) {letter, name, arg, help, commands},
#include "cli/options.def"
#undef OPT
    {0, NULL, NULL, NULL, 0},
};

#define LONG_BASE 256 /* above every letter */

static int bad_value(enum option_id id, const char *value, struct err *e)
{
    const struct option_row *row = &option_table[id];
    int r = err_set(e, ERR_USAGE, "--%s takes %s, not '%s'", row->name, row->arg, value);
    err_hint(e, "--%s %s: %s", row->name, row->arg, row->help);
    return r;
}

static int one_of(enum option_id id, const char *value, const char *const *words,
                  struct err *e)
{
    for (int i = 0; words[i] != NULL; i++)
        if (strcmp(words[i], value) == 0)
            return i;
    return bad_value(id, value, e);
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
    static const char *const words[] = {"nonpaged", "paged", "both", NULL};
    int k = one_of(OPT_POOL, value, words, e);
    if (k < 0)
        return k;
    for (int i = 0; i < POOL_KINDS; i++)
        o->pools[i] = k == 2 || i == k;
    o->pool_given = k != 2;
    return 0;
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
        if (k == SORT_KEYS || o->n_sort == SORT_KEYS)
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
    if (r == NULL)
        return bad_value(OPT_FORMAT, name, e);
    o->renderer = r;
    return 0;
}

static int set_when(enum when *w, enum option_id id, const char *value, struct err *e)
{
    static const char *const words[] = {"auto", "always", "never", NULL};
    int k = one_of(id, value, words, e);
    if (k >= 0)
        *w = (enum when)k;
    return k < 0 ? k : 0;
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
    static const char *const from[] = {"dir", "name", NULL};
    static const char *const order[] = {"dmy", "mdy", NULL};
    static const char *const mtime[] = {"mtime", NULL};
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
        k = one_of(id, v, from, e);
        o->host_from = k == 0 ? HOST_FROM_DIR : HOST_FROM_NAME;
        return k < 0 ? k : 0;
    case OPT_TIME_FROM:
        k = one_of(id, v, mtime, e);
        o->time_from_mtime = k == 0;
        return k < 0 ? k : 0;
    case OPT_DATE_ORDER:
        k = one_of(id, v, order, e);
        o->date_order = k == 0 ? DATE_ORDER_DMY : DATE_ORDER_MDY;
        return k < 0 ? k : 0;
    case OPT_TZ:
        o->tz_given = when_zone(v, &o->tz_min);
        return o->tz_given ? 0 : bad_value(id, v, e);
    case OPT_FROM:
        if (format_find(v) == NULL) {
            k = err_set(e, ERR_USAGE, "--from: no format is called '%s'", v);
            err_hint(e, "poolsift formats lists them");
            return k;
        }
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
    case OPT_JUNIT:
        o->junit = v;
        good = *v != '\0';
        break;
    default:
        return set_load_option(o, id, v, e);
    }
    return good ? 0 : bad_value(id, v, e);
}

static int set_option(struct options *o, enum option_id id, const char *v, struct err *e)
{
    static const char *const units[] = {"K", "bytes", "human", NULL};
    int k;
    switch (id) {
    case OPT_INCLUDE:
        return add_pattern(&o->include, v, e);
    case OPT_EXCLUDE:
        return add_pattern(&o->exclude, v, e);
    case OPT_SUSPECT:
        return *v != '\0' ? add_pattern(&o->suspects, v, e) : bad_value(id, v, e);
    case OPT_POOL:
        return parse_pool(o, v, e);
    case OPT_TOP:
        o->top_given = true;
        return parse_count(id, v, &o->top, e);
    case OPT_SORT:
        return parse_sort(o, v, e);
    case OPT_ALL:
        o->all = true;
        return 0;
    case OPT_LIMIT:
        return parse_limit(o, v, e);
    case OPT_OS:
        return parse_os(o, v, e);
    case OPT_TAGS:
        o->tags = v;
        return *v != '\0' ? 0 : bad_value(id, v, e);
    case OPT_DRIVERS:
        return add_pattern(&o->drivers, v, e);
    case OPT_RULES:
        o->rules = v;
        return *v != '\0' ? 0 : bad_value(id, v, e);
    case OPT_MERGE:
        o->merge = true;
        return 0;
    case OPT_EXIT_CODE:
        o->exit_code = true;
        return 0;
    case OPT_STILL:
        o->still = v;
        return *v != '\0' ? 0 : bad_value(id, v, e);
    case OPT_BASELINE:
        o->baseline = v;
        return *v != '\0' ? 0 : bad_value(id, v, e);
    case OPT_TO:
        o->to = v;
        return 0;
    case OPT_APPEND:
        o->append = true;
        return 0;
    case OPT_VERIFY:
        o->verify = true;
        return 0;
    case OPT_SALVAGE:
        o->salvage = true;
        return 0;
    case OPT_STRICT:
        o->strict = true;
        return 0;
    case OPT_UNITS:
        k = one_of(id, v, units, e);
        o->units = (enum units)(k < 0 ? 0 : k);
        return k < 0 ? k : 0;
    case OPT_FORMAT:
        return set_renderer(o, v, e);
    case OPT_JSON:
    case OPT_CSV:
    case OPT_MARKDOWN:
        return set_renderer(o, option_table[id].name, e);
    case OPT_OUTPUT:
        o->output = v;
        return *v != '\0' ? 0 : bad_value(id, v, e);
    case OPT_COLOR:
        return set_when(&o->color, id, v, e);
    case OPT_PROGRESS:
        return set_when(&o->progress, id, v, e);
    case OPT_QUIET:
        o->quiet = true;
        return 0;
    case OPT_VERBOSE:
        o->verbose = true;
        return 0;
    case OPT_HELP:
        o->help = true;
        return 0;
    default:
        return set_check_option(o, id, v, e);
    }
}

/* With --merge nothing is read but rankings that others made: what says how to read and
 * judge captures would be ignored. */
static int check_merge(const struct options *o, struct err *e)
{
    static const uint8_t judging[] = {
        OPT_SINCE, OPT_UNTIL, OPT_FROM,       OPT_LAYOUT, OPT_HOST, OPT_HOST_FROM,
        OPT_TIME,  OPT_START, OPT_TIME_FROM,  OPT_EVERY,  OPT_TZ,   OPT_LIMIT,
        OPT_TAGS,  OPT_OS,    OPT_DATE_ORDER, OPT_SALVAGE, OPT_BASELINE, OPT_SUSPECT, OPT_RULES};
    for (size_t i = 0; o->merge && i < sizeof judging; i++) {
        if (!(o->given & UINT64_C(1) << judging[i]))
            continue;
        int r = err_set(e, ERR_USAGE, "--merge reads rankings, not captures: --%s "
                                      "belongs to the calls that made them",
                        option_table[judging[i]].name);
        err_hint(e, "poolsift rank --json -n 0 --%s ... INPUT... > HOST.json",
                 option_table[judging[i]].name);
        return r;
    }
    return 0;
}

static int check_together(const struct options *o, struct err *e)
{
    if ((o->start.source != TIME_NONE) != (o->every_ms != 0)) {
        int r = err_set(e, ERR_USAGE, "--start and --every belong together");
        err_hint(e, "for example --start 2006-03-12T09:00 --every 1h");
        return r;
    }
    if (o->start.source != TIME_NONE && o->time.source != TIME_NONE)
        return err_set(e, ERR_USAGE, "--time and --start say the same thing twice");
    if (o->host != NULL && o->host_from != HOST_FROM_NOTHING)
        return err_set(e, ERR_USAGE, "--host and --host-from say the same thing twice");
    return check_merge(o, e);
}

/* getopt_long wants its own arrays: made from the rows that this command takes. */
static void getopt_arrays(enum command_bit command, struct option longs[OPTIONS + 1],
                          char shorts[2 * OPTIONS + 3])
{
    size_t n = 0, m = 0;
    shorts[m++] = ':'; /* errors are reported by us */
    for (int i = 0; i < OPTIONS; i++) {
        const struct option_row *row = &option_table[i];
        if (!(row->commands & (unsigned)command))
            continue;
        int has_arg = row->arg != NULL ? required_argument : no_argument;
        longs[n++] = (struct option){
            .name = row->name, .has_arg = has_arg, .flag = NULL, .val = LONG_BASE + i};
        if (row->letter != 0) {
            shorts[m++] = row->letter;
            if (row->arg != NULL)
                shorts[m++] = ':';
        }
    }
    longs[n] = (struct option){0};
    shorts[m] = '\0';
}

static int option_of_letter(int c)
{
    for (int i = 0; i < OPTIONS; i++)
        if (option_table[i].letter != 0 && option_table[i].letter == c)
            return i;
    return -1;
}

static int reject(int c, char **argv, struct err *e)
{
    const char *word = argv[optind - 1];
    int r;
    if (c == ':')
        r = err_set(e, ERR_USAGE, "%s wants an argument", word);
    else if (optopt > 0 && optopt < LONG_BASE)
        r = err_set(e, ERR_USAGE, "%s has no option -%c", argv[0], optopt);
    else
        r = err_set(e, ERR_USAGE, "%s has no option %s", argv[0], word);
    err_hint(e, "poolsift help %s lists its options", argv[0]);
    return r;
}

int options_parse(struct options *o, enum command_bit command, int argc, char **argv,
                  char ***operands, int *n_operands, struct err *e)
{
    *o = options_default();
    struct option longs[OPTIONS + 1];
    char shorts[2 * OPTIONS + 3];
    getopt_arrays(command, longs, shorts);
    opterr = 0;
    optind = 1;
    for (;;) {
        int c = getopt_long(argc, argv, shorts, longs, NULL);
        if (c == -1)
            break;
        if (c == '?' || c == ':')
            return reject(c, argv, e);
        int id = c >= LONG_BASE ? c - LONG_BASE : option_of_letter(c);
        if (id < 0)
            return err_set(e, ERR_BUG, "option -%c is not in the table", c);
        o->given |= UINT64_C(1) << id;
        TRY(set_option(o, (enum option_id)id, optarg, e));
    }
    *operands = argv + optind;
    *n_operands = argc - optind;
    return check_together(o, e);
}

struct options options_default(void)
{
    return (struct options){
        .pools = {true, true, true}, .renderer = &render_text, .units = UNITS_K};
}

int options_set(struct options *o, enum command_bit command, const char *name,
                const char *value, struct err *e)
{
    for (int i = 0; i < OPTIONS; i++) {
        const struct option_row *row = &option_table[i];
        if (strcmp(row->name, name) != 0 || !(row->commands & (unsigned)command))
            continue;
        if ((row->arg == NULL) != (value == NULL))
            return err_set(e, ERR_USAGE, "%s takes %s", name,
                           row->arg == NULL ? "yes or no" : row->arg);
        o->given |= UINT64_C(1) << i;
        return set_option(o, (enum option_id)i, value, e);
    }
    return err_set(e, ERR_USAGE, "there is no option '%s' here", name);
}

int options_end(const struct options *o, struct err *e)
{
    return check_together(o, e);
}

void options_free(struct options *o)
{
    free(o->include.v);
    free(o->exclude.v);
    free(o->drivers.v);
    free(o->suspects.v);
    o->include = o->exclude = o->drivers = o->suspects = (struct pattern_list){0};
}

static bool any_match(const struct pattern_list *l, struct pool_tag tag)
{
    for (size_t i = 0; i < l->n; i++)
        if (tag_match(l->v[i], tag))
            return true;
    return false;
}

bool options_select(const struct options *o, struct pool_tag tag, enum pool_kind pool)
{
    return o->pools[pool] && (o->include.n == 0 || any_match(&o->include, tag)) &&
           !any_match(&o->exclude, tag);
}

bool options_filter_rows(const struct options *o)
{
    return o->include.n > 0 || o->exclude.n > 0 || o->pool_given;
}

size_t options_top(const struct options *o)
{
    if (o->top_given)
        return o->top;
    bool machine = o->renderer == &render_json || o->renderer == &render_csv;
    return machine ? 0 : 20;
}
