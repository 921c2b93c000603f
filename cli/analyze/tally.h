/* SPDX-License-Identifier: MIT */
/* Inside the tally: what a series leaves behind.  struct tally owns all of it.
 *
 * Every (tag, pool) has a slot.  Time runs along one axis of bins that all slots share:
 * a bin begins as one snapshot, and when BINS are used up either the oldest boot is
 * folded into sums or, when there is only one boot, neighbours merge pairwise.  A slot
 * keeps cells only for the bins in which it changed; between them its value stands.
 * A row that never changes has no cells at all.
 *
 *     bins      0   1   2   3   4   5   6        a slot:  base 10
 *     value    10  10  14  14  12  12  12                 cells {2: 14} {4: 12}
 */
#ifndef CLI_ANALYZE_TALLY_H
#define CLI_ANALYZE_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/analyze/analyze.h"

#define BINS       128
#define BOOTS_KEPT 32 /* judged one by one; older ones are one */
#define CURVES     8  /* warm-up curves: 1, 2, 4 ... 128 h */
#define NO_SLOT    UINT32_MAX

/* Values of a cell that are no figures. */
#define ABSENT  (-1.0) /* not listed: zero, or below the end of a top-N list */
#define UNKNOWN (-2.0) /* a partial capture does not say */

struct cell {
    uint32_t bin;
    double min_x, min_c;   /* bytes, live objects: least in the bin */
    double last_x, last_c; /* at its end */
};

static inline double figure_or_0(double v)
{
    return v > 0 ? v : 0;
}

/* The figures of a row in one snapshot. */
struct figure {
    uint64_t allocs, frees, bytes, live;
    uint16_t fields; /* enum row_field */
    uint8_t width;
};

/* Structs that begin where a line of the processor's cache does. */
#define CACHE_LINE 64

/* Which row it is, and which one stood behind it in the last snapshot that was walked. */
struct slot_key {
    uint64_t key;
    uint32_t next; /* slot */
};

/* What passes by with every row: one line of the cache. */
struct slot {
    _Alignas(CACHE_LINE) struct figure now; /* at its last sight */
    double x, c;                            /* standing value, or ABSENT, UNKNOWN */
    uint32_t listed; /* number of the last snapshot that was seen to list it, from 1 */
    bool here;       /* the last settled snapshot listed it */
};

/* A row of the snapshot at hand that says something else than it did. */
struct sight {
    uint32_t slot;
    struct figure was;
};

/* One boot as one slot saw it. */
struct edge {
    double high_x;
    uint64_t da;             /* allocated from its first snapshot to the last sight */
    double first_x, first_c; /* at the boot's first snapshot */
    double last_x, last_c;
    uint64_t a0; /* allocs at the boot's first snapshot */
    bool at_first, at_last;
};

/* What passes by only when something changed, the first line of it each time. */
struct past {
    _Alignas(CACHE_LINE) struct cell *cells;
    uint32_t n_cells;
    uint32_t boot_seen; /* number of the last boot that listed it, from 1 */
    uint64_t allocated, freed;
    double least_x;        /* the smallest figure it ever showed, UNKNOWN = none */
    bool counted, wrapped; /* its objects were ever known; a counter of it wrapped */
    struct edge edge;      /* of the current boot */
    size_t cap;
    double base_x, base_c;       /* before the first cell */
    uint64_t age_allocs;         /* allocated inside closed boots, seen at both ends */
    double changed_x, changed_c; /* last minus first over closed boots */
    double pace_num, pace_den;   /* of boots that were merged into one */
    double even_gain;            /* the same */
    int seen_boots;              /* the same: boots that listed it */
    bool has_delta, has_live_delta;
    int64_t bytes_delta, live_delta; /* since the screen's last refresh */
};

struct bin {
    double first_t, last_t, sum_t; /* hours on the axis */
    uint32_t n;                    /* snapshots */
    double act, act_h;             /* mean activity over so many hours */
    double least;                  /* smallest listed bytes */
    double total[POOL_KINDS];      /* the pool's bytes at its end, NAN = unknown */
};

/* Sums over one boot that belong to the axis, not to a slot. */
struct axis_sums {
    int boots;    /* with two snapshots and more: others have no inside */
    double hours; /* their windows */
    double snapshots;
    double n;  /* bins */
    int steps; /* floor steps */
    double step_h, late_h;
    double aa, kk[CURVES];
    double ww, aw, kw[CURVES]; /* busyness: by itself, with age, with the curves */
    double gg;                 /* the clock of work */
    double work, late_work;    /* of the floor steps */
    double quiet_h;
    double act, quiet_act, act_h; /* activity times hours: all, quiet; and all hours */
    size_t intervals;             /* quiet or not */
};

/* A slot's boot, folded. */
struct sums {
    uint32_t slot;
    int rising, grew;
    double up, down, up_sq, up_sq_per_h, late; /* floor steps of bytes */
    double c_up, c_down;                       /* and of objects */
    double xx, xa, xk[CURVES], cc, ca, ck[CURVES];
    double xw, xg, cw, cg; /* with busyness and with work */
    double top_x, top_c;
    double range; /* greatest minus least bytes; over several boots the sum */
    double swing; /* over several boots the greatest range */
    double q_up, q_down, q_sq_per_h, qc_up, qc_down;
    double net; /* last minus first bytes */
    /* A straight stretch (ramp.h): what was grown, the same times its proof, and the
     * stretch of the boot in which that is most. */
    double ramp_grown, ramp_proven, ramp_most, ramp_from_t, ramp_to_t;
};

struct boot {
    uint64_t first, last; /* snapshots of the series, from 0 */
    double start_h, end_h;
    double first_t, last_t; /* on the axis */
    double gap_h;           /* before it, NAN for the first */
    double uptime_h;        /* at its first snapshot, by the capture; NAN = not given */
    double age_h;           /* of a boot whose figures are scaled already, else NAN */
    bool folded;
    uint32_t bin0, n_bins; /* on the axis, unless folded */
    uint32_t per_bin;
    struct edge *edges; /* by slot, once closed */
    size_t n_edges, edges_cap;
    struct axis_sums axis;
    double *acts; /* of its intervals, once folded */
    size_t n_acts, acts_cap;
    struct sums *sums; /* once folded: slots that moved, by slot */
    size_t n_sums, sums_cap;
};

struct tally {
    struct slot *slots;
    struct past *pasts;
    struct slot_key *keys;
    size_t n_slots, slots_cap, pasts_cap, keys_cap;
    uint32_t *table;  /* open addressing, slot + 1 */
    size_t table_n;   /* a power of two */
    uint32_t head;    /* the slot of the first row of the last snapshot */
    uint32_t *listed; /* slots of the snapshot at hand; where it follows, only how many */
    size_t n_listed, listed_cap;
    uint32_t *shown; /* slots of the one before, unless that one followed */
    size_t n_shown, shown_cap;
    struct sight
        *touched; /* whose figures changed, or that the one before did not list */
    size_t n_touched, touched_cap;
    uint32_t *gone; /* that only the one before listed */
    size_t n_gone, gone_cap;
    size_t n_present;          /* slots that stand with a figure */
    size_t n_here, n_counting; /* rows of the last snapshot, and those with allocs */
    uint64_t smallest;         /* its least bytes, and how many rows have them */
    size_t n_smallest;
    uint64_t chain_id, chain_step; /* of the last snapshot, 0 = none */
    uint32_t *chain;               /* slot by place in the chain's rows */
    size_t n_chain, chain_cap;
    bool followed, learned; /* the last snapshot did; its rows are all in the chain */

    uint32_t snapshots; /* begun */
    uint32_t settled;   /* and finished: differs only inside tally_add */
    bool has_times;
    double now_t, now_h, step_h;
    double closed_h; /* windows of closed boots with two snapshots and more */
    int64_t uptime_s;
    uint64_t top_n_snapshots, whole_snapshots, partial_snapshots;
    double unlisted; /* value of a row that was never listed */
    bool was_whole;
    uint64_t wraps;
    struct pool_total {
        uint64_t bytes;
        bool known, from_header;
    } totals[POOL_KINDS];            /* at the last snapshot */
    uint64_t most_bytes[POOL_KINDS]; /* of the pool, at any */

    struct bin bins[BINS];
    uint32_t n_bins;
    struct boot *
        boots; /* the first may be several old ones in one; the last is the current one */
    size_t n_boots, boots_cap;
    bool oldest_is_many; /* its age is 0: its sums are scaled already */
    struct rank_boot *history;
    size_t n_history, history_cap;
};

/* slots.c */
/* The slot of that key, or NO_SLOT. */
uint32_t slot_known(const struct tally *t, uint64_t key);
/* The slot of that key, made when it is new; NO_SLOT on ERR_NOMEM. */
uint32_t slot_find(struct tally *t, uint64_t key, struct err *e);
/* The slot's value becomes (x, c) in the last bin. */
int slot_touch(struct tally *t, uint32_t slot, double x, double c,
               struct err *e) ERR_WARN_UNUSED;
/* After bins merged pairwise, and after the first n bins went. */
void cells_merge(struct past *p);
void cells_drop(struct past *p, uint32_t n);

/* bins.c */
/* Opens or extends the last bin for a snapshot at axis time t; may fold or merge. */
int axis_add(struct tally *t, double at, struct err *e) ERR_WARN_UNUSED;
/* Closes the current boot, if any, and begins one at the snapshot at hand. */
int boot_begin(struct tally *t, double hours, double at, double gap_h,
               struct err *e) ERR_WARN_UNUSED;
void boot_free(struct boot *b);
/* Makes one boot of the two oldest, both folded (merge.c). */
int boots_merge(struct tally *t, struct err *e) ERR_WARN_UNUSED;
/* Adds what the boot says about the pace of keeping: kept per allocation inside it,
 * against kept per allocation since it began. */
void pace_add(const struct tally *t, const struct boot *b, const struct edge *edge,
              double *num, double *den);
/* What the slot would have gained inside the boot, had all that it holds at its end come
 * at one pace since the boot began. */
double even_gain(const struct boot *b, const struct edge *edge, double age_h);
struct edge boot_edge(const struct tally *t, const struct boot *b, uint32_t slot);

static inline bool tally_top_n(const struct tally *t)
{
    return 2 * t->top_n_snapshots > t->whole_snapshots;
}

static inline struct boot *tally_boot(const struct tally *t)
{
    return &t->boots[t->n_boots - 1];
}

/* age.c */
/* Fills age_h[n_boots]: uptime at each boot's first snapshot; `assumed`: too few rows
 * tell one of them. */
int boot_ages(const struct tally *t, double *age_h, bool *assumed,
              struct err *e) ERR_WARN_UNUSED;

/* sums.c */
struct axis;
int axis_new(struct axis **a, struct err *e) ERR_WARN_UNUSED;
void axis_free(struct axis *a);
/* Prepares the axis of an unfolded boot; intervals with act <= quiet_act are quiet. */
void axis_prepare(struct axis *a, const struct tally *t, const struct boot *b,
                  double quiet_act);
const struct axis_sums *axis_shared(const struct axis *a);
/* The slot's sums over that boot; false when all of them are zero but `top`. */
bool axis_fold(const struct axis *a, const struct tally *t, uint32_t slot, struct sums *s);
/* The activity of each interval of an unfolded boot; returns how many, <= BINS. */
size_t boot_acts(const struct tally *t, const struct boot *b, double acts[BINS]);
/* clock.c */
/* How busy the host is at each bin (allocations per hour of a typical row), and what it
 * has worked since the boot's first bin beyond what it does in quiet hours.  hours[i] is
 * the interval that ends with bin i, 0 = none. */
void boot_clock_of(const struct bin *bins, uint32_t n, const double *hours,
                   double quiet_act, double *busy, double *work);

/* quiet.c */
/* The third of all known intervals with the least activity ends here. */
int quiet_threshold(const struct tally *t, double *act, struct err *e) ERR_WARN_UNUSED;

/* The slot's bytes and objects over an unfolded boot; false when it never shows and
 * nothing is known of it either. */
struct course {
    uint32_t n;
    bool moved;
    double x[BINS], c[BINS];   /* least in each bin */
    double lx[BINS], lc[BINS]; /* at its end */
};
bool course_of(const struct tally *t, const struct boot *b, uint32_t slot,
               struct course *out);
/* True when all figures of that course are known and each is like the first: *x and *c.
 */
bool course_stood(const struct tally *t, const struct boot *b, uint32_t slot, double *x,
                  double *c);
/* Fills count[b->n_bins] with the objects at each bin's end as they were seen; NAN where
 * nothing says how many. */
void course_counts(const struct tally *t, const struct boot *b, uint32_t slot,
                   double *count);
void sums_add(struct sums *to, const struct sums *from, const double scale[CURVES]);
void curve_scale(double age_h, double scale[CURVES]);
/* kk is scaled by the squares. */
void axis_add_sums(struct axis_sums *to, const struct axis_sums *from,
                   const double scale[CURVES]);

#endif
