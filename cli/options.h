/* SPDX-License-Identifier: MIT */
/* What the person asked for: options_parse fills a struct options whose strings point
 * into argv; options_free releases the lists in it. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/analyze/analyze.h"
#include "cli/check/thresholds.h"
#include "cli/render/render.h"
#include "formats/err.h"
#include "formats/pool.h"

/* Which commands take an option: bits for options.def and struct command. */
enum command_bit {
    C_SHOW = 1 << 0,
    C_DIFF = 1 << 1,
    C_RANK = 1 << 2,
    C_CONVERT = 1 << 3,
    C_INFO = 1 << 4,
    C_FORMATS = 1 << 5,
    C_HELP = 1 << 6,
    C_VERSION = 1 << 7,
    C_TAGS = 1 << 8,
    C_REPORT = 1 << 9,
    C_CHECK = 1 << 10,
    C_CASE = 1 << 11, /* no command: `options` of a case file */
    C_ROWS = C_SHOW | C_DIFF | C_RANK,
    C_SELECTS = C_ROWS | C_REPORT | C_CHECK | C_CASE,
    C_LOADS = C_SELECTS | C_CONVERT | C_INFO,
    C_PRINTS = C_ROWS | C_CHECK | C_INFO | C_FORMATS | C_TAGS,
    C_ANY = 0xffff
};

struct limit_row; /* cli/know/limits.h */
struct redact;    /* cli/redact/redact.h */

enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };
enum host_from { HOST_FROM_NOTHING, HOST_FROM_DIR, HOST_FROM_NAME };
enum date_order { DATE_ORDER_UNKNOWN, DATE_ORDER_DMY, DATE_ORDER_MDY };

struct pattern_list {
    const char **v;
    size_t n, cap;
};

struct typed_option {
    int row; /* of option_table */
    const char *value;
};

struct options {
    struct pattern_list include, exclude;
    struct pattern_list suspects; /* to accuse or acquit */
    struct pattern_list history;  /* to follow over all snapshots */
    bool pools[POOL_KINDS];
    bool pool_given;
    size_t top;
    bool top_given;
    enum sort_key sort[SORT_KEYS];
    size_t n_sort;
    struct pool_time at, since, until, time, start; /* source TIME_NONE: not given */
    int64_t every_ms;                               /* 0: not given */
    bool all;
    const char *from;
    const char *tags;
    const char *rules;
    struct pattern_list drivers; /* where to look for a tag */
    const char *layout;
    const char *host;
    enum host_from host_from;
    bool time_from_mtime;
    enum date_order date_order;
    bool tz_given;
    int16_t tz_min;
    uint64_t limit_bytes[POOL_KINDS];
    const struct limit_row *os; /* --os, or NULL */
    bool alone; /* a case: the person's own lists are not asked, so that it means the
                   same everywhere */
    bool exit_code;
    bool merge;
    uint64_t given;             /* bit 1 << row of option_table */
    struct typed_option *typed; /* the same in order, as they were typed */
    size_t n_typed, typed_cap;
    const char *still, *baseline; /* inputs, or NULL */
    struct thresholds check;
    const char *junit; /* or NULL */
    bool record;
    const char *to;
    bool append, verify, salvage, strict;
    enum units units;
    const struct renderer *renderer;
    const char *output;
    enum when color, progress;
    size_t threads; /* 0: as many as there are cores */
    bool ascii;
    bool quiet, verbose, help;
    bool redact;
    struct redact *names; /* of --redact, borrowed; or NULL */
};

/* Parses argv[1..] of a command (argv[0] is its name) and moves the operands to the
 * front of *operands (pointers into argv).  ERR_USAGE names the option and what it
 * takes. */
int options_parse(struct options *o, enum command_bit command, int argc, char **argv,
                  char ***operands, int *n_operands, struct err *e) ERR_WARN_UNUSED;
/* The same one by one, for options that stand in a file: o begins as options_default,
 * each is set by its long name (value NULL where it takes none), options_end looks at
 * them together.  Strings are borrowed. */
struct options options_default(void);
int options_set(struct options *o, enum command_bit command, const char *name,
                const char *value, struct err *e) ERR_WARN_UNUSED;
int options_end(const struct options *o, struct err *e) ERR_WARN_UNUSED;
void options_free(struct options *o);

/* True when -i, -x and -p let this row pass. */
bool options_select(const struct options *o, struct pool_tag tag, enum pool_kind pool);
/* True when the tag matches one of the patterns. */
bool options_any_match(const struct pattern_list *l, struct pool_tag tag);
/* True when the person narrowed the rows at all. */
bool options_filter_rows(const struct options *o);
/* Rows to print: what -n says, else the renderer's default. */
size_t options_top(const struct options *o);
/* Threads that may work: what --threads says, else one for each core. */
size_t options_threads(const struct options *o);

struct option_row {
    char letter; /* 0 = none */
    const char *name, *arg, *help;
    unsigned commands;
};
/* The rows of options.def, ended by a NULL name. */
extern const struct option_row option_table[];
/* Whether its argument is a path, by the word that help has for it. */
bool option_names_path(const struct option_row *row);

#endif
