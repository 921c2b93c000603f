/* SPDX-License-Identifier: MIT */
/* Results to bytes: renderers only render.  They look nothing up, decide nothing, and
 * own nothing that they are handed; every number for people is rounded in number.c and
 * every sentence is made in words/.
 *
 * Each output is one row of render_table: the same calls in the same order give text,
 * JSON, CSV or Markdown.  Errors of the sink are sticky (formats/io/output.h), so calls
 * return nothing but ERR_NOMEM and friends. */
#ifndef CLI_RENDER_RENDER_H
#define CLI_RENDER_RENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/analyze/analyze.h"
#include "cli/analyze/baseline.h"
#include "cli/analyze/diagnose.h"
#include "cli/analyze/events.h"
#include "cli/analyze/fleet.h"
#include "cli/analyze/history.h"
#include "cli/analyze/track.h"
#include "formats/io/output.h"
#include "formats/pool.h"
#include "formats/reader.h"

enum units { UNITS_K, UNITS_BYTES, UNITS_HUMAN };

struct render_opts {
    enum units units;
    bool color;
    bool ascii;                       /* text: nothing beyond ASCII */
    bool verbose;                     /* -v: every factor, value and source */
    unsigned width;                   /* columns, 80 when not a terminal */
    size_t top;                       /* rows shown, 0 = all */
    const struct report_about *about; /* of a report (report.h), else NULL */
};

/* Who owns a tag, and who says so: "capture", the name of a list of tags, or "built-in";
 * both NULL when nobody does.  "ntfs.sys - files": the binary stands in front. */
struct owner {
    const char *text, *source;
    enum role role;
    bool unverified; /* what is built in, but without a source */
};

/* One snapshot to show.  `order` holds the indices of the rows that passed the filters,
 * sorted; the renderer cuts at opts.top and says how much it left out. */
struct show_view {
    const struct pool_snapshot *s;
    const struct event_sums *events; /* of s, when it is a record of events */
    const uint32_t *order;
    size_t n_order;
    const struct owner *owners; /* one a row of s, or NULL */
    bool filtered_by_user;      /* -i, -x or -p left rows out */
    size_t index, of;           /* "3 of 37 snapshots of this call", from 1; of is 0
                   while the number is not known yet */
    struct pool_limit limits[POOL_KINDS];
    const struct rank_cohort *cohorts; /* hints among the rows of `order` */
    size_t n_cohorts;
};

struct info_input {
    const char *source;
    const char *format; /* or NULL */
    const char *format_title;
    const char *compressed; /* or NULL */
    uint64_t snapshots, rows;
    uint64_t records[RECORD_EVENTS + 1]; /* of the snapshots, by kind */
    const struct event_sums *events;
    const char *const *hosts; /* names; an empty one is "no name" (null) */
    size_t n_hosts;
    struct pool_time first_time, last_time;
    uint64_t boots;
    enum completeness completeness;
    uint64_t bytes; /* size of the input as it lies on disk */
    const struct note_list *notes;
    const char *error; /* why it could not be read, or NULL */
};

/* What both ends of a diff were called. */
struct diff_end {
    const char *source;
    uint32_t ordinal, of; /* which snapshot of how many of that source */
    struct pool_time time;
    enum completeness completeness;
};

/* --still: the third, newer capture. */
struct still_view {
    struct diff_end newer_end;
    bool one_boot; /* from OLD to NEWER; else nothing can be said */
    double hours;  /* from NEW to NEWER, NAN without times */
};

struct diff_view {
    const struct still_view *still; /* or NULL; then order holds only what was kept */
    const struct diff_result *d;
    struct diff_end old_end, new_end;
    const uint32_t *order; /* rows that passed the filters, sorted */
    size_t n_order;
    const struct owner *owners; /* one a row of d, or NULL */
};

/* What happened beside a series. */
struct rank_event {
    const struct event_sum *sum;
    bool joined;     /* its times and the captures' are of one clock */
    bool pool_known; /* then the pool that ran short held, before the first: */
    enum pool_kind pool;
    uint64_t bytes;
    struct pool_time pool_time;
};

/* The series that --baseline gave, and what differs. */
struct baseline_view {
    const struct baseline *b;
    const char *source;            /* the operand */
    const struct rank_view *there; /* NULL: the baseline has nothing of this scope */
};

/* What the figures mean, by a rule, in words that are made already. */
struct told_diagnosis {
    const char *rule, *severity; /* "error", "warning", "info" */
    char *text;
    char *figures;      /* the text with what its figures round, or NULL */
    char *next;         /* what to do, or NULL */
    const char *source; /* who says so, or NULL */
    struct pool_tag tags[DIAGNOSIS_TAGS];
    size_t n_tags;
};

/* One host and scope of a ranked series. */
struct rank_view {
    const struct rank_result *r;
    const char *host;          /* or NULL */
    const char *scope;         /* "system", "all-sessions", "session:3" */
    struct pool_time from, to; /* of the first and last snapshot */
    int64_t origin_ms;         /* time of series hour 0, same clock as from.ms */
    uint64_t files;            /* inputs read for it */
    const uint32_t *order; /* indices of r->tags that passed the filters, in rank order */
    size_t n_order;
    const struct owner *owners;      /* one a tag of r, or NULL */
    const struct rank_event *events; /* one a code */
    size_t n_events;
    uint64_t left_out_without_time;
    const struct note_list *notes; /* of the series: order, times, duplicates */
    const char *facts;             /* of its machine, lines "name=value"; or NULL */
    const struct baseline_view *baseline;   /* or NULL */
    const struct told_diagnosis *diagnoses; /* the most severe first */
    size_t n_diagnoses;
    const struct history *history; /* for charts, or NULL */
};

/* show --history: the course of some tags of one host and scope. */
struct course_view {
    const struct rank_view *v;
    const struct tracks *tracks;
    size_t matched; /* rows that were asked for: the tracks are the first of them */
    const char *const *sources; /* names of inputs, by track_moment.input */
};

/* What all hosts of the call say together. */
struct fleet_view {
    const struct fleet *f;
    const uint32_t *order; /* indices of f->tags that passed the filters, in its order */
    size_t n_order;
    const struct owner *owners; /* one a tag of f */
};

/* The hosts and scopes of a call, one at a time: they may be more than memory holds. */
struct rank_hosts {
    void *ctx;
    /* 1: *v, good until the next call; 0: that was all; negative: an error. */
    int (*next)(void *ctx, const struct rank_view **v, struct err *e);
    struct fleet_view fleet; /* whole from the start where the renderer asks for it
                                (fleet_first), else once next gave 0 */
    bool complete;           /* every input could be read to its end */
    bool baseline;           /* every view has one */
};

static inline struct owner owner_at(const struct owner *owners, size_t i)
{
    return owners != NULL ? owners[i] : (struct owner){.text = NULL};
}

struct renderer;
struct check_list;     /* cli/check/check.h */
struct reproduce_view; /* reproduce.h */
struct tags_view;      /* tags_view.h */

struct render {
    const struct renderer *how; /* whose calls these are */
    struct sink *out;
    const struct render_opts *o;
    struct err *e;
    struct jsonw *json; /* the JSON renderer's own */
    size_t count;       /* snapshots rendered so far, for separators */
    size_t owed;        /* of these, whose closing advice waits for the end */
    const struct reproduce_view *reproduce; /* of rank and diff; NULL: not told */
};

struct renderer {
    const char *name; /* "text", "json", "csv", "markdown" */
    bool markdown;    /* of the two for people: the one for pasting */
    bool fleet_first; /* rank says what all hosts say together before it says more */
    int (*show_begin)(struct render *r);
    int (*show_one)(struct render *r, const struct show_view *v);
    int (*show_end)(struct render *r);
    int (*show_history)(struct render *r, const struct course_view *v, size_t n);
    int (*info)(struct render *r, const struct info_input *v, size_t n);
    int (*diff)(struct render *r, const struct diff_view *v);
    int (*rank)(struct render *r, struct rank_hosts *h);
    int (*formats)(struct render *r, const struct format *table);
    int (*check)(struct render *r, const struct check_list *l, bool complete);
    int (*tags)(struct render *r, const struct tags_view *v);
};

extern const struct renderer *const render_table[];     /* text first; ended by NULL */
const struct renderer *renderer_find(const char *name); /* or NULL */

/* Frees what a rendering that was broken off left; harmless after a whole one. */
void render_close(struct render *r);

extern const struct renderer render_text, render_json, render_csv, render_markdown;

#endif
