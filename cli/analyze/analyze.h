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

#include "cli/analyze/grades.h"
#include "cli/analyze/limit.h"
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

/* Whose a tag is, as far as tags are known: one driver's own, one through which Windows
 * allocates for whoever asks (File, Irp, Mdl), or one of Windows' own. */
enum role { ROLE_UNKNOWN, ROLE_PRIVATE, ROLE_CONTAINER, ROLE_SYSTEM };

const char *role_name(enum role r); /* "unknown", "private", "container", "system" */

/* ---- two snapshots ---- */

enum diff_state { DIFF_BOTH, DIFF_NEW, DIFF_GONE };
const char *diff_state_name(enum diff_state s); /* "both", "new", "gone" */

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
    /* diff_still: what a third, newer capture says of it. */
    bool newer_known;
    uint64_t newer_bytes;
    double kept; /* 0..1 of what it gained; NAN: it gained nothing, or it is unknown */
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
/* `later` begins where d ends: fills newer_bytes and kept of every row of d.  Across a
 * restart nothing is kept nor given back, and kept is NAN. */
int diff_still(struct diff_result *d, const struct diff_result *later,
               struct err *e) ERR_WARN_UNUSED;
/* It grew, and did not give back to speak of. */
bool diff_row_kept(const struct diff_row *r);
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
 * words_evidence.c. */
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

#define RANK_EVIDENCE_MAX 14
#define RANK_SPARK        24

/* What a row was judged on: the greatest term of its quality. */
enum judged_by {
    JUDGED_LINE,  /* its growth along uptime */
    JUDGED_QUIET, /* what it does while the host does least */
    JUDGED_WORK,  /* its growth along the host's work */
    JUDGED_WAVE,  /* its growth under what follows the host's busyness */
    JUDGED_SINCE, /* the last boots alone */
    JUDGED_RAMP,  /* a straight stretch inside one boot */
    JUDGED_WAYS
};
const char *judged_name(enum judged_by j);

/* Bytes per hour, and what holds 90 % of what as long a span will bring; NAN = unknown. */
struct tempo {
    double mean, low, high;
};

struct rank_tag {
    struct pool_tag tag;
    uint8_t pool;
    enum verdict verdict;
    enum confidence confidence;
    int grade;            /* 0 none, 1 possible, 2 probable, 3 a leak */
    /* The order value, descending down the list: q^3 sqrt(G), where G is the growth that
     * the quality found.  A tag that the bulk rule moved up (evidence `bulk`) has the
     * score of the best one that it was put before. */
    double score;
    uint64_t bytes, live; /* at the last snapshot that tells; 0 when it is known absent */
    bool bytes_known, live_known;
    double growth_bytes;  /* last minus first inside the boots, >= 0 */
    double growth_signed; /* sum of floor steps, may be negative */
    /* The mean pace over all boots: the slope where the line is straight, else what the
     * floor gained; since the onset only, where one is found (started_h).  The bounds
     * hold 90 % of what a span as long as the last boot will bring, from its half-day
     * blocks. NAN = null. */
    double bytes_per_hour, bytes_per_hour_low, bytes_per_hour_high;
    struct tempo tempo;     /* the same for comparing two series: tempo.c */
    double allocs_per_hour; /* NAN = no times */
    double share_of_growth, share_of_pool; /* 0..1 or NAN */
    bool share_of_header; /* share_of_pool is against the header's total, not the rows' */
    double quality, straightness, line_fit, spread, directness, recency, quiet, room,
        pace;
    enum judged_by judged;
    double since_boot;    /* series of up to nine snapshots: the share of what was held
                             that this growth, since boot, explains; else NAN */
    bool judged_on_quiet; /* the quiet-hours term won */
    double gained;        /* 0..1: of what it holds, as far as one pace would bring it */
    double ramp;          /* 0..1: how well a straight stretch of one boot is proven */
    double ramp_from_h, ramp_to_h; /* it, in series hours; NAN = not judged on it */
    double work, wave;    /* share of the movement that a line along the host's work
                             explains, and one under its daily wave; NAN = no work seen */
    int boots_judged;     /* the last so many; all of them unless judged on those alone */
    double rising;        /* steps_rising / steps or NAN */
    int steps, steps_rising;
    double freed;               /* inside the window, NAN when no allocs */
    double bytes_per_new_alloc; /* NAN when live change <= 0 */
    int boots_growing, boots_seen;
    double started_h; /* onset in series hours, NAN = unknown or before the series */
    bool wrapped;     /* a counter of this row wrapped */
    enum role role;
    uint32_t cohort; /* rank_cohort.id, 0 = in none */
    int64_t bytes_change, live_change; /* last minus first of the last boot */
    int64_t bytes_delta; /* the screen's own change since its last refresh */
    bool has_bytes_delta;
    int n_evidence;
    struct evidence evidence[RANK_EVIDENCE_MAX];
    int n_spark; /* bytes over the last boot, up to RANK_SPARK equal spans */
    double spark[RANK_SPARK];
};

/* Tags that move by the same number of objects. */
enum cohort_basis {
    COHORT_GROWTH, /* they grew alike, interval by interval */
    COHORT_STATIC  /* they hold alike in one capture: a hint, no more */
};
const char *cohort_basis_name(enum cohort_basis b); /* "growth", "static" */

struct cohort_member {
    struct pool_tag tag;
    uint8_t pool;
    uint32_t rank;   /* from 1 */
    double ratio;    /* objects for each one of the first member */
    int64_t objects; /* gained over the series; held, when static */
    int64_t bytes;   /* the same in bytes */
};

#define COHORT_MEMBERS 16

struct rank_cohort {
    uint32_t id; /* from 1, in the order of the first members' ranks */
    enum cohort_basis basis;
    struct cohort_member members[COHORT_MEMBERS]; /* in rank order: the first of them */
    size_t n_members;
    uint32_t size;      /* all members */
    uint32_t root_rank; /* whose driver to ask first; 0: Windows' own tags only */
    enum role root_role;
    int64_t bytes; /* of all members together */
};

/* Tags under suspicion: those that match a pattern, judged together. */
enum suspect_verdict { SUSPECT_UNCLEAR, SUSPECT_ACQUITTED, SUSPECT_ACCUSED };
enum suspect_basis {
    SUSPECT_BY_RATE, /* three snapshots and more: against the growth of the pool */
    SUSPECT_BY_SIZE  /* fewer: with all that is unseen, against the largest other tag */
};
const char *suspect_verdict_name(enum suspect_verdict v); /* "acquitted" ... */
const char *suspect_basis_name(enum suspect_basis b);     /* "rate", "size" */

#define SUSPECT_TAGS 16
#define SUSPECT_NEAR 3

struct suspect_tag {
    struct pool_tag tag;
    uint8_t pool;
    uint64_t bytes;
};

struct rank_suspect {
    const char *pattern;
    enum suspect_verdict verdict;
    enum suspect_basis basis;
    struct suspect_tag tags[SUSPECT_TAGS]; /* in rank order: the first of them */
    size_t n_tags;
    uint32_t size;        /* all rows that match */
    enum pool_kind pool;  /* where they hold most */
    bool both_pools;      /* and some in another one, too */
    uint64_t bytes;       /* at the last snapshot */
    double share_of_pool; /* of the pools in which they are, NAN = unknown */
    /* Of the sum of the members, NAN = unknown; the bounds as those of a tag. */
    double bytes_per_hour, bytes_per_hour_low, bytes_per_hour_high;
    double pool_bytes_per_hour;     /* what all tags of these pools gained, NAN */
    enum verdict worst;             /* of the member that ranks first */
    enum confidence worst_confidence;
    bool lists_all;                 /* what no capture lists holds nothing */
    bool unseen_known;
    uint64_t unseen_bytes;          /* in the pools, in no row */
    struct suspect_tag rival[1];    /* the largest other tag of the pools */
    struct suspect_tag near[SUSPECT_NEAR]; /* nothing matches, but these nearly do */
    size_t n_rivals, n_near;
};

/* So little free of a pool, and something named stops working. */
struct pool_threshold {
    enum pool_kind pool;
    const char *name; /* what stops, for a person: "HTTP.SYS refuses connections" */
    uint64_t free_bytes;
};

#define POOL_THRESHOLDS 4

/* Hours until then: 0 = it is reached, NAN = null; without a latest hour it may never be. */
struct rank_threshold {
    const char *name;
    uint64_t free_bytes;
    double reached_in_h, reached_in_h_low, reached_in_h_high;
    const char *refused; /* as forecast_refused */
};

struct rank_pool {
    bool known;     /* bytes below is known */
    uint64_t bytes; /* at the last snapshot: header's total, else sum of rows */
    bool from_header;
    uint64_t most_bytes;   /* at any snapshot */
    double growth_bytes;   /* sum over its tags that grew */
    double bytes_per_hour; /* of the pool's total over the last boot, NAN = unknown */
    struct pool_limit limit; /* as the caller gave it */
    /* NAN = null; where only the latest is, the pool may never be full. */
    double exhausted_in_h, exhausted_in_h_low, exhausted_in_h_high;
    const char *forecast_refused; /* closed list of analyze.h, or NULL */
    struct rank_threshold thresholds[POOL_THRESHOLDS];
    size_t n_thresholds;
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
    struct pool_limit limits[POOL_KINDS];
    const struct pool_threshold *thresholds;
    size_t n_thresholds;
    /* What is known of a tag; NULL: nothing of any. */
    enum role (*role)(const void *ctx, struct pool_tag tag, uint8_t pool);
    const void *role_ctx;
    const char *const *suspects; /* patterns of tag_match */
    size_t n_suspects;
    size_t of_rules; /* so many of them, the last ones, are asked by rules alone */
    struct worker *worker; /* borrowed: to judge half of the rows; NULL = nobody */
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
    struct rank_cohort *cohorts;
    size_t n_cohorts, cohorts_cap;
    struct rank_suspect *suspects; /* one a pattern, which they point to */
    size_t n_suspects; /* those that were asked for; those of rules stand behind them */
    size_t all_suspects, suspects_cap;
    struct note_list notes;
};

/* Judges the tally; it can be added to and judged again. */
int rank_tally(struct rank_result *r, const struct tally *t, const struct rank_opts *o,
               struct err *e) ERR_WARN_UNUSED;
void rank_free(struct rank_result *r);
/* Fewer snapshots show a size or a difference, and nothing is said of growth. */
static inline bool rank_is_series(const struct rank_result *r)
{
    return r->snapshots >= SERIES_SNAPSHOTS;
}

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
