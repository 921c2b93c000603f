/* SPDX-License-Identifier: MIT */
/* Pure arithmetic on the model: no I/O, no clock, no locale.  The caller owns every
 * struct; x_free leaves it empty and may be called twice; results hold no pointers into
 * snapshots.
 *
 * A series is consumed as a stream, in time order, into a struct tally: per (tag, pool)
 * and boot the first and last counters and a bounded number of time bins.  All verdicts
 * are functions of the tally, so memory is O(tags), never O(tags x snapshots).  Sums run
 * in a fixed order: two runs give the same bits. */
#ifndef CLI_ANALYZE_ANALYZE_H
#define CLI_ANALYZE_ANALYZE_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/bytes.h"
#include "formats/err.h"
#include "formats/note.h"
#include "formats/pool.h"
#include "formats/tag.h"

/* ---- verdicts: one table, product words ---- */

enum verdict {
    VERDICT_LEAK,      /* "leak" */
    VERDICT_GROWING,   /* "growing" */
    VERDICT_PLATEAU,   /* grew, then levelled off */
    VERDICT_CYCLIC,    /* rises and falls */
    VERDICT_STEP,      /* stepped up once */
    VERDICT_SHRINKING, /* "shrinking" */
    VERDICT_FINISHED,  /* large, not growing: finished leak? */
    VERDICT_STEADY,    /* "steady" */
    VERDICT_TOO_FEW,   /* fewer than 3 snapshots in the series */
    VERDICTS
};

enum confidence {
    CONFIDENCE_NONE, /* null in JSON */
    CONFIDENCE_STRONG,
    CONFIDENCE_PROBABLE,
    CONFIDENCE_POSSIBLE,
    CONFIDENCE_UNPROVEN
};

enum outcome { OUTCOME_LEAK, OUTCOME_SUSPECT, OUTCOME_NONE, OUTCOME_TOO_FEW };

const char *verdict_name(enum verdict v);                     /* machine word */
const char *verdict_words(enum verdict v, enum confidence c); /* printed words */
const char *confidence_name(enum confidence c);               /* NULL for none */
const char *outcome_name(enum outcome o);

/* ---- two snapshots ---- */

enum diff_state { DIFF_BOTH, DIFF_NEW, DIFF_GONE };

struct diff_row {
    struct pool_tag tag;
    uint8_t pool;              /* enum pool_kind */
    uint8_t state;             /* enum diff_state */
    bool old_known, new_known; /* bytes known at that end: a row missing from a cut,
                                  filtered or screen capture is unknown, not zero */
    bool has_live, has_allocs, has_frees; /* the change below is known */
    uint64_t old_bytes, new_bytes;
    int64_t bytes_change, live_change;
    int64_t allocs_change, frees_change; /* modulo 2^32 where the counters are 32 bit;
                                            unknown across a boot */
    double bytes_per_hour;               /* NAN: no times, clock back, or another boot */
    double freed;               /* frees / allocs inside the window, NAN: no allocs */
    double bytes_per_new_alloc; /* NAN when the live change is <= 0 */
};

enum total_basis { TOTAL_FROM_NOTHING, TOTAL_FROM_HEADER, TOTAL_FROM_ROWS };

struct diff_total {
    enum total_basis basis;
    uint64_t old_bytes, new_bytes;
    int64_t change_bytes;
};

struct diff_result {
    bool same_boot;    /* counters continue from old to new */
    bool boot_decided; /* enough common rows to tell */
    double hours;      /* from old to new, NAN without times */
    struct diff_total totals[POOL_KINDS];
    struct diff_row *rows; /* sorted: |bytes_change| descending, then tag, pool */
    size_t n_rows, rows_cap;
};

/* ERR_USAGE when the two are of different scopes. */
int diff_snapshots(struct diff_result *d, const struct pool_snapshot *old,
                   const struct pool_snapshot *new_, struct err *e) ERR_WARN_UNUSED;
void diff_free(struct diff_result *d);
/* Whether the machine was restarted between the two, as their counters and uptimes tell;
 * false when they share too few rows to tell. */
int diff_new_boot(const struct pool_snapshot *old, const struct pool_snapshot *new_,
                  bool *new_boot, struct err *e) ERR_WARN_UNUSED;

/* ---- a series of one host and scope ---- */

struct tally;

int tally_new(struct tally **t, struct err *e) ERR_WARN_UNUSED;
/* Snapshots in series order: time order, or input order when they carry no times.
 * `hours` is the time since the series' first snapshot; NAN for all when there are no
 * times (then steps count as one unit each and every rate is null).  `clock_back` marks
 * an interval without a rate: time fell, counters did not.  After an error the tally can
 * only be freed. */
int tally_add(struct tally *t, const struct pool_snapshot *s, double hours,
              bool clock_back, struct err *e) ERR_WARN_UNUSED;
void tally_free(struct tally *t);

struct rank_boot {
    double start_h, end_h; /* hours of its first and last snapshot */
    uint64_t first, last;  /* indices of its snapshots in the series */
    bool seen_to_begin;    /* there were snapshots before it */
    double age_h;          /* uptime at its first snapshot, estimated */
};

/* One line of evidence: a closed code and up to four numbers; words are made in
 * cli/render/words.c. */
enum evidence_code {
#define EVIDENCE(id, name) EVIDENCE_##id,
#include "cli/analyze/evidence.def"
#undef EVIDENCE
    EVIDENCE_CODES
};
const char *evidence_name(enum evidence_code c);

struct evidence {
    enum evidence_code code;
    double v[4]; /* meaning: evidence.def */
};

#define RANK_EVIDENCE_MAX 10
#define RANK_SPARK        24

struct rank_tag {
    struct pool_tag tag;
    uint8_t pool;
    enum verdict verdict;
    enum confidence confidence;
    int grade;            /* 0..3, ranking2.md */
    double score;         /* the order value */
    uint64_t bytes, live; /* at the last snapshot that tells; 0 when it is known absent */
    bool bytes_known, live_known;
    double growth_bytes;  /* G: what the floor gained over all boots, >= 0 */
    double growth_signed; /* sum of floor steps, may be negative */
    /* The mean pace over all boots: the slope where the line is straight, else what the
     * floor gained; since the onset only, where one is found (started_h).  The bounds
     * hold 90 % of what a span as long as the last boot will bring, from its half-day
     * blocks. NAN = null. */
    double bytes_per_hour, bytes_per_hour_low, bytes_per_hour_high;
    double share_of_growth, share_of_pool; /* 0..1 or NAN */
    bool share_of_header; /* share_of_pool is against the header's total, not the rows' */
    double quality, straightness, line_fit, spread, directness, recency, quiet, room,
        pace;
    bool judged_on_quiet; /* the quiet-hours term won */
    double rising;        /* steps_rising / steps or NAN */
    int steps, steps_rising;
    double freed;               /* inside the window, NAN when no allocs */
    double bytes_per_new_alloc; /* NAN when live change <= 0 */
    int boots_growing, boots_seen;
    double started_h; /* onset in series hours, NAN = unknown or before the series */
    bool wrapped;     /* a counter of this row wrapped */
    int64_t bytes_change, live_change; /* last minus first of the last boot */
    int64_t bytes_delta; /* the screen's own change since its last refresh */
    bool has_bytes_delta;
    int n_evidence;
    struct evidence evidence[RANK_EVIDENCE_MAX];
    int n_spark; /* bytes over the last boot, up to RANK_SPARK equal spans */
    double spark[RANK_SPARK];
};

struct rank_pool {
    bool known;     /* bytes below is known */
    uint64_t bytes; /* at the last snapshot: header's total, else sum of rows */
    bool from_header;
    double growth_bytes;   /* sum of positive G over its tags */
    double bytes_per_hour; /* of the pool's total over the last boot, NAN = unknown */
    uint64_t limit_bytes;  /* 0 = unknown; only what the caller stated */
    bool limit_of_capture; /* and had from the captures, not from the person */
    double exhausted_in_h, exhausted_in_h_low, exhausted_in_h_high; /* NAN = null */
    const char *forecast_refused; /* closed list of analyze.h, or NULL */
};

/* The closed list of forecast_refused. */
#define REFUSED_NOT_GROWING "not-growing"
#define REFUSED_FEW_RATES   "few-rates"
#define REFUSED_SHORT_SPAN  "short-span"
#define REFUSED_UNCERTAIN   "uncertain"
#define REFUSED_FAR_AWAY    "far-away"
#define REFUSED_NO_LIMIT    "unknown-limit"
#define REFUSED_NO_TIMES    "no-times"
#define REFUSED_CUT_SERIES  "no-total"

struct rank_opts {
    uint64_t limit_bytes[POOL_KINDS]; /* stated by the person or a capture, 0 = not */
    bool limit_of_capture[POOL_KINDS];
};

struct rank_result {
    size_t snapshots;
    bool has_times;
    double hours;  /* observed: sum of the boots' windows */
    double span_h; /* last minus first */
    struct rank_boot *boots;
    size_t n_boots, boots_cap;
    bool top_n;    /* the captures list only the largest rows */
    bool censored; /* some captures were cut, filtered or screens */
    enum outcome outcome;
    struct rank_pool pools[POOL_KINDS];
    struct rank_tag *tags; /* every (tag, pool) seen, in rank order */
    size_t n_tags, tags_cap;
    struct note_list notes;
};

/* Judges the tally; it can be added to and judged again. */
int rank_tally(struct rank_result *r, const struct tally *t, const struct rank_opts *o,
               struct err *e) ERR_WARN_UNUSED;
void rank_free(struct rank_result *r);

/* ---- order of rows for show ---- */

enum sort_key {
    SORT_BYTES,
    SORT_LIVE,
    SORT_ALLOCS,
    SORT_FREES,
    SORT_PER_ALLOC,
    SORT_DELTA,
    SORT_TAG,
    SORT_POOL,
    SORT_SOURCE,
    SORT_KEYS
};
/* "bytes", "live", "allocs", "frees", "per-alloc", "delta", "tag", "pool", "source". */
const char *sort_key_name(enum sort_key k);
/* Fills order[n_rows] with row indices: by the keys in turn (figures descending, names
 * ascending), then bytes, tag bytes, nonpaged first, source order. */
void sort_rows(const struct pool_snapshot *s, const enum sort_key *keys, size_t n_keys,
               uint32_t *order);
/* Sorts n indices of d->rows by the keys in turn, each read as the change of that figure
 * (bytes: its size, delta: with its sign); then as diff_snapshots left them. */
void sort_diff(const struct diff_result *d, const enum sort_key *keys, size_t n_keys,
               uint32_t *order, size_t n);

#endif
