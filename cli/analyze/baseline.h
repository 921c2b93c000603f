/* SPDX-License-Identifier: MIT */
/* Two ranked series of the same tags, the newer one held against a baseline.  The struct
 * baseline owns its lists; baseline_free releases them.  Its indices are those of the
 * results it was made from. */
#ifndef CLI_ANALYZE_BASELINE_H
#define CLI_ANALYZE_BASELINE_H

#include "cli/analyze/analyze.h"

enum change {
    CHANGE_NOT_COMPARABLE,
    CHANGE_NEW_LEAK, /* grows now, did not there */
    CHANGE_FASTER,
    CHANGE_SAME,
    CHANGE_SLOWER,
    CHANGE_GONE, /* grew there, does not now */
    CHANGES
};

/* Why two series, or two tags, cannot be compared. */
enum change_reason {
    REASON_NONE,
    REASON_NO_TIMES,       /* one of the series has none */
    REASON_FEW_SNAPSHOTS,  /* of this series */
    REASON_FEW_THERE,      /* of the baseline */
    REASON_SHORT_SPAN,     /* the last boot is too short for a rate with an interval */
    REASON_SHORT_BASELINE, /* the same of the baseline */
    REASON_NOT_LISTED,     /* the baseline's captures are partial and lack the tag */
    REASON_LOAD,           /* per hour and per allocation the answers differ */
    REASON_UNPROVEN,       /* the rates differ, but growth is proven in neither */
    REASON_NO_SERIES,      /* the baseline has nothing of this scope */
    REASONS
};

const char *change_name(enum change c);               /* machine word: "new leak" */
const char *change_reason_name(enum change_reason r); /* "short-span"; NULL for none */

static inline bool change_is_worse(enum change c)
{
    return c == CHANGE_NEW_LEAK || c == CHANGE_FASTER;
}

#define NO_TAG UINT32_MAX

struct tag_change {
    enum change change;
    enum change_reason reason; /* of not comparable */
    uint32_t there;            /* the tag in the baseline, NO_TAG: not seen there */
    struct tempo now, then;    /* NAN: unknown */
    double added;              /* now minus then, bytes per hour, or NAN */
};

struct baseline {
    enum change_reason reason; /* of the whole: not comparable at all */
    double load;               /* allocations per hour: this series / baseline, or NAN */
    size_t n_of[CHANGES];      /* tags of each kind, of those asked for */
    struct tag_change *tags;   /* one a tag of the newer result */
    size_t tags_cap;
    uint32_t *changed; /* of those asked for: not the same, most added first */
    size_t n_changed, changed_cap;
    uint32_t *gone; /* tags of the baseline that grew there and are not seen now */
    size_t n_gone, gone_cap;
};

/* Which tags the person asked for; NULL: all. */
typedef bool baseline_wants(const void *ctx, struct pool_tag tag, uint8_t pool);

/* *b starts zeroed, or as an earlier call left it.  Without `then` (NULL: the baseline
 * has no such series) nothing is comparable. */
int baseline_compare(struct baseline *b, const struct rank_result *now,
                     const struct rank_result *then, baseline_wants *wants,
                     const void *ctx, struct err *e) ERR_WARN_UNUSED;
void baseline_free(struct baseline *b);

#endif
