/* SPDX-License-Identifier: MIT */
#include "cli/option_values.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/nearest.h"
#include "formats/path.h"

_Static_assert(OPTIONS <= 64, "options.given has a bit for each");

const struct option_row option_table[] = {
#define OPT(id, letter, name, arg, commands, help) {letter, name, arg, help, commands},
#include "cli/options.def"
#undef OPT
    {0, NULL, NULL, NULL, 0},
};

#define LONG_BASE 256 /* above every letter */

/* With --merge nothing is read but rankings that others made: what says how to read and
 * judge captures would be ignored. */
static int check_merge(const struct options *o, struct err *e)
{
    static const uint8_t judging[] = {
        OPT_SINCE,     OPT_UNTIL,    OPT_FROM,    OPT_LAYOUT,    OPT_HOST,
        OPT_HOST_FROM, OPT_TIME,     OPT_START,   OPT_TIME_FROM, OPT_EVERY,
        OPT_TZ,        OPT_LIMIT,    OPT_TAGS,    OPT_OS,        OPT_DATE_ORDER,
        OPT_SALVAGE,   OPT_BASELINE, OPT_SUSPECT, OPT_RULES};
    for (size_t i = 0; o->merge && i < sizeof judging; i++) {
        if (!(o->given & UINT64_C(1) << judging[i]))
            continue;
        int r = err_set(e, ERR_USAGE,
                        "--merge reads rankings, not captures: --%s "
                        "belongs to the calls that made them",
                        option_table[judging[i]].name);
        err_hint(e, "poolsift rank --json -n 0 --%s ... INPUT... > HOST.json",
                 option_table[judging[i]].name);
        return r;
    }
    return 0;
}

/* What must hold the names themselves cannot be without them. */
static int check_redact(const struct options *o, struct err *e)
{
    int r = 0;
    if (o->append) {
        r = err_set(e, ERR_USAGE,
                    "--append cannot --redact: the archive has names already");
        err_hint(e, "poolsift convert --redact OLD.psz NEW... -o ALL.psz");
    } else if (o->record) {
        r = err_set(e, ERR_USAGE, "--record cannot --redact: a case names its inputs");
        err_hint(e, "poolsift convert --redact INPUT... -o x.psz, and record x.psz");
    }
    return r < 0 ? r : check_merge(o, e);
}

/* A history has all snapshots, in their order; the tags come in the order of rank. */
static int check_history(const struct options *o, struct err *e)
{
    static const uint8_t choosing[] = {OPT_AT, OPT_ALL, OPT_SORT};
    for (size_t i = 0; o->history.n > 0 && i < sizeof choosing; i++) {
        if (!(o->given & UINT64_C(1) << choosing[i]))
            continue;
        int r = err_set(e, ERR_USAGE,
                        "--history shows all snapshots in order, so --%s "
                        "has no meaning beside it",
                        option_table[choosing[i]].name);
        err_hint(e, "--since and --until choose the snapshots");
        return r;
    }
    return 0;
}

static int twice(struct err *e, const char *one, const char *other)
{
    int r = err_set(e, ERR_USAGE, "%s and %s say the same thing twice", one, other);
    err_hint(e, "leave one of them out");
    return r;
}

static int check_together(const struct options *o, struct err *e)
{
    if ((o->start.source != TIME_NONE) != (o->every_ms != 0)) {
        int r = err_set(e, ERR_USAGE, "--start and --every belong together");
        err_hint(e, "for example --start 2006-03-12T09:00 --every 1h");
        return r;
    }
    if (o->start.source != TIME_NONE && o->time.source != TIME_NONE)
        return twice(e, "--time", "--start");
    if (o->host != NULL && o->host_from != HOST_FROM_NOTHING)
        return twice(e, "--host", "--host-from");
    TRY(check_history(o, e));
    return o->redact ? check_redact(o, e) : check_merge(o, e);
}

bool option_names_path(const struct option_row *row)
{
    static const char *const words[] = {"FILE", "DIR", "INPUT", "NEWER"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (row->arg != NULL && strcmp(row->arg, words[i]) == 0)
            return true;
    return false;
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

/* An option that others take, or a name that is nearly one's own. */
static void hint_option(const char *command, unsigned bit, const char *name, size_t n,
                        struct err *e)
{
    struct nearest near;
    nearest_start(&near, name, n);
    for (const struct option_row *row = option_table; row->name != NULL; row++) {
        if (row->commands & bit)
            nearest_try(&near, row->name);
        if (row->commands & bit || strlen(row->name) != n ||
            strncmp(row->name, name, n) != 0)
            continue;
        for (const struct command *c = command_table; c->name != NULL; c++)
            if (row->commands & (unsigned)c->bit)
                err_hint(e, "poolsift %s takes it: %s", c->name, row->help);
    }
    if (near.best != NULL)
        err_hint(e, "did you mean --%s?", near.best);
    err_hint(e, "poolsift help %s lists its options", command);
}

static int reject(int c, enum command_bit command, char **argv, struct err *e)
{
    const char *word = argv[optind - 1];
    int r;
    if (c == ':')
        r = err_set(e, ERR_USAGE, "%s wants an argument", word);
    else if (optopt > 0 && optopt < LONG_BASE)
        r = err_set(e, ERR_USAGE, "%s has no option -%c", argv[0], optopt);
    else
        r = err_set(e, ERR_USAGE, "%s has no option %s", argv[0], word);
    if (c == '?' && strncmp(word, "--", 2) == 0)
        hint_option(argv[0], command, word + 2, strcspn(word + 2, "="), e);
    err_hint(e, "poolsift help %s lists its options", argv[0]);
    return r;
}

static int keep_typed(struct options *o, int row, const char *value, struct err *e)
{
    void *v = o->typed;
    TRY(grow(&v, &o->typed_cap, o->n_typed + 1, sizeof *o->typed, e));
    o->typed = v;
    o->typed[o->n_typed++] = (struct typed_option){row, value};
    return 0;
}

int options_parse(struct options *o, enum command_bit command, int argc, char **argv,
                  char ***operands, int *n_operands, struct err *e)
{
    *o = options_default();
    struct option longs[OPTIONS + 1];
    char shorts[2 * OPTIONS + 3];
    getopt_arrays(command, longs, shorts);
    opterr = 0;
    optind = 0; /* nothing is left of a parse that broke off inside a word */
    for (;;) {
        int c = getopt_long(argc, argv, shorts, longs, NULL);
        if (c == -1)
            break;
        if (c == '?' || c == ':')
            return reject(c, command, argv, e);
        int id = c >= LONG_BASE ? c - LONG_BASE : option_of_letter(c);
        if (id < 0)
            return err_set(e, ERR_BUG, "option -%c is not in the table", c);
        o->given |= UINT64_C(1) << id;
        if (option_names_path(&option_table[id]))
            path_as_typed(optarg);
        TRY(option_set(o, (enum option_id)id, optarg, e));
        TRY(keep_typed(o, id, optarg, e));
    }
    *operands = argv + optind;
    *n_operands = argc - optind;
    for (int i = optind; i < argc && (command & C_LOADS) != 0; i++)
        path_as_typed(argv[i]);
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
        return option_set(o, (enum option_id)i, value, e);
    }
    struct nearest near;
    int r = err_set(e, ERR_USAGE, "there is no option '%s' here", name);
    nearest_start(&near, name, SIZE_MAX);
    for (const struct option_row *row = option_table; row->name != NULL; row++)
        if (row->commands & (unsigned)command)
            nearest_try(&near, row->name);
    if (near.best != NULL)
        err_hint(e, "did you mean '%s'?", near.best);
    return r;
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
    free(o->history.v);
    free(o->typed);
    o->typed = NULL;
    o->include = o->exclude = o->drivers = o->suspects = o->history =
        (struct pattern_list){0};
}

bool options_any_match(const struct pattern_list *l, struct pool_tag tag)
{
    for (size_t i = 0; i < l->n; i++)
        if (tag_match(l->v[i], tag))
            return true;
    return false;
}

bool options_select(const struct options *o, struct pool_tag tag, enum pool_kind pool)
{
    return o->pools[pool] && (o->include.n == 0 || options_any_match(&o->include, tag)) &&
           !options_any_match(&o->exclude, tag);
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

size_t options_threads(const struct options *o)
{
    if (o->threads > 0)
        return o->threads;
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores > 1 ? (size_t)cores : 1;
}
