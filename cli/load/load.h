/* SPDX-License-Identifier: MIT */
/* Operands to snapshots with their time and machine decided.  The struct load owns inputs
 * and bookkeeping; load_free releases them.  Snapshots are lent to the visitor for the
 * length of one call.
 *
 * What readers find (a time in the text) and what names, options and file times say is
 * weighed here, and only here: product decisions on time, order, hosts and duplicates. */
#ifndef CLI_LOAD_H
#define CLI_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/load/inputs.h"
#include "cli/options.h"
#include "cli/term.h"
#include "formats/lookup.h"
#include "formats/pool.h"
#include "formats/reader.h"

/* One host, kind of record and scope: a series of its own. */
struct load_group {
    char *host; /* "" = none */
    enum pool_record record;
    enum pool_scope scope;
    uint32_t session;
    size_t machine;        /* the first group of this host, and ... */
    size_t next, last;     /* ... the one behind this, SIZE_MAX = none; of the first: the
                              last of all */
    size_t captures;       /* of the first: the host's first group of captures, or
                              SIZE_MAX */
    bool timed, decided;   /* its first snapshot had a time; there was one */
    uint64_t seen;         /* snapshots that arrived, for --start --every */
    uint64_t given;        /* to the visitor */
    uint64_t without_time; /* left out because the others carry times */
    int64_t last_key_ms;
    uint64_t last_digest;
    size_t last_input;
    bool any;
    uint64_t files; /* inputs that gave something */
    struct note_list notes;
};

struct loaded {
    const struct pool_snapshot *s;
    size_t input;     /* index into load.inputs.v */
    size_t group;     /* index into load.groups */
    uint64_t ordinal; /* position in its input, from 1 */
    bool clock_back;  /* the time fell inside one input: no rate over this interval */
    uint64_t passed_before, passed_behind; /* load.latest: captures that were not read */
};

struct load_entry; /* cli/load/load_series.c */

struct load {
    const struct options *o;
    struct term *term;
    struct limits limits;
    struct reader_memory memory; /* of all inputs: they are read one after the other */
    struct inputs inputs;
    struct pool_snapshot spare[2]; /* storage for the walk that is open alone */
    bool spare_lent;
    struct load_group *groups;
    size_t n_groups, groups_cap;
    struct lookup by_host;      /* the first group of each host */
    struct lookup by_group;     /* every group */
    size_t capturing;           /* hosts that have captures */
    enum date_order date_order; /* decided for doubtful dates, or unknown */
    uint64_t snapshots;         /* given to the visitor */
    uint64_t skipped;           /* found files without pool figures; */
    size_t first_skipped;       /* the first of them, as an input */
    struct err refused;         /* the first that is known for what it is */
    uint64_t bytes_passed;      /* for the progress: of the inputs that are through, */
    uint64_t bytes_of_all;      /* and of all, as inputs_bytes has them */
    uint64_t read;              /* snapshots that came so far */
    bool fatal;                 /* the visitor failed: the call is over */
    bool keep_doubtful;         /* load_series: doubtful dates are settled later */
    bool latest;                /* the visitor wants the latest alone (at --at) */
    bool follow;                /* the visitor takes captures as chains (reader_opts) */
    bool any_order;             /* and their rows in any order */
    struct load_entry *entries;
    size_t n_entries, entries_cap;
    struct note_list notes; /* about the call as a whole */
};

/* Facts about one input, complete when its walk ends. */
struct load_input_facts {
    const struct format *format;
    const char *compressed;
    const struct note_list *notes;
    uint64_t snapshots;
    int code; /* 0, or the enum err_code that ended it */
    const struct err *err;
};

struct load_visitor {
    void *ctx;
    int (*snapshot)(void *ctx, const struct loaded *l, struct err *e);
    /* Forget everything: the same snapshots come again, in another order.  Only
     * load_series calls it; NULL elsewhere. */
    int (*restart)(void *ctx, struct err *e);
    /* An input ended; NULL when that is of no interest. */
    int (*input_end)(void *ctx, size_t input, const struct load_input_facts *f,
                     struct err *e);
    /* load_series: snapshots without a time are given too, behind the others. */
    bool keep_untimed;
};

/* Finds the inputs.  Operands that cannot be read are told on stderr and left out;
 * ERR_EMPTY when nothing is left. */
int load_open(struct load *l, const struct options *o, struct term *t, char **operands,
              int n, struct err *e) ERR_WARN_UNUSED;

/* Every snapshot in input order.  Faults of single inputs are told on stderr and do not
 * stop the rest; negative only for what must end the call. */
int load_each(struct load *l, const struct load_visitor *v,
              struct err *e) ERR_WARN_UNUSED;

/* Every group's snapshots in series order, duplicates left out.  Streams at once when
 * the inputs arrive in order; else looks first, calls restart, and reads again. */
int load_series(struct load *l, const struct load_visitor *v,
                struct err *e) ERR_WARN_UNUSED;

/* The snapshots that load_series gave, once more and in its order, with their times;
 * nothing is noted or told again.  Of the visitor only `snapshot` is called, without
 * clock_back. */
int load_again(struct load *l, const struct load_visitor *v,
               struct err *e) ERR_WARN_UNUSED;

/* ERR_EMPTY when not one snapshot came, with words unless its inputs were told; else 0.
 */
int load_check_any(const struct load *l, struct err *e) ERR_WARN_UNUSED;

void load_free(struct load *l);

/* ---- how far it is; without a progress line they cost nothing ---- */

/* Before a walk over all inputs, and behind each of them. */
void load_progress_start(struct load *l);
void load_progress_passed(struct load *l, size_t input);
/* So much of this input was read; `snapshots` is 0 when they are not told. */
void load_progress_bytes(struct load *l, const char *what, size_t input,
                         const struct input *in, uint64_t snapshots);
/* By the snapshots that come in series order. */
void load_progress_series(struct load *l, const char *what, size_t done);

#endif
