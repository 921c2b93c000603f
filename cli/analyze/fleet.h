/* SPDX-License-Identifier: MIT */
/* What many hosts say together about each tag.  The caller owns the struct fleet ({0} is
 * an empty one) and frees it with fleet_free; nothing of what is folded in is kept, so
 * its memory grows with the hosts and with the tags, not with hosts times tags.
 *
 * Pure: the same results folded in the same order give the same bits. */
#ifndef CLI_ANALYZE_FLEET_H
#define CLI_ANALYZE_FLEET_H

#include "cli/analyze/analyze.h"
#include "formats/lookup.h"

#define FLEET_NAMED  64 /* hosts that a tag remembers by name */
#define FLEET_FACTS  8  /* kinds of versions that are compared */
#define FLEET_VALUES 16 /* values of each; with more it splits nothing */

/* One host and scope, as it is folded in; all is borrowed for the call. */
struct fleet_host {
    const char *host;  /* or NULL */
    const char *scope; /* "system", "all-sessions", "session:3" */
    const char *facts; /* lines "name=value", or NULL */
    const struct rank_result *r;
};

/* What is kept of it. */
struct fleet_series {
    char *host, *scope; /* host may be NULL */
    enum outcome outcome;
    uint64_t snapshots, boots;
    bool has_times;
    double span_h;
    uint32_t suspects;     /* tags that are possible leaks or more */
    struct rank_tag first; /* the first of them in rank order, when there is one */
};

struct fleet_tag {
    struct pool_tag tag;
    uint8_t pool;
    uint32_t scope;                    /* index into fleet.scopes */
    uint32_t hosts;                    /* series of that scope that have it at all */
    uint32_t leak, probable, possible; /* of these, where it was found to be that */
    enum verdict verdict;              /* the gravest of all hosts */
    enum confidence confidence;
    double score_sum;
    double growth_bytes;   /* on all hosts together */
    double bytes_per_hour; /* the same, NAN: known on none */
    uint32_t n_who;
    uint32_t *who; /* series where it is a possible leak or more: the first of them */
    uint32_t *suspects; /* how many of these there are, by fact and value; or NULL */
};

struct fleet_scope {
    char *name;
    uint32_t series;    /* how many are of it */
    uint32_t *by_value; /* of these, by fact and value */
};

struct fleet_fact {
    char *name;
    uint32_t n; /* values; FLEET_VALUES + 1: too many */
    char *values[FLEET_VALUES];
};

struct fleet {
    struct fleet_series *series;
    size_t n_series, series_cap;
    struct lookup by_host, by_scope; /* the first series of each host, and each scope */
    size_t hosts;                    /* different names among them */
    size_t graded;                   /* series of GRADED_SNAPSHOTS and more */
    struct fleet_scope *scopes;
    size_t n_scopes, scopes_cap;
    struct fleet_tag *tags; /* in order of arrival */
    size_t n_tags, tags_cap;
    uint32_t *slots; /* index + 1 into tags by tag, pool and scope */
    size_t n_slots;
    unsigned way; /* of those to spread keys over them, formats/spread.h */
    struct fleet_fact facts[FLEET_FACTS];
    size_t n_facts;
};

/* Folds in one host; index[i] (unless NULL) becomes the place in tags of r->tags[i].
 * After an error the fleet can only be freed. */
int fleet_add(struct fleet *f, const struct fleet_host *h, uint32_t *index,
              struct err *e) ERR_WARN_UNUSED;
void fleet_free(struct fleet *f);

/* order[n_tags]: with GRADED_SNAPSHOTS and more on most hosts by the count of hosts where
 * it is a probable leak or more, then by the mean score; with fewer by the mean score;
 * then by hosts, growth, scope, tag, nonpaged first.  A total order. */
void fleet_order(const struct fleet *f, uint32_t *order);
bool fleet_counts(const struct fleet *f); /* whether the count of hosts comes first */

double fleet_score(const struct fleet_tag *t);      /* mean over the hosts that have it */
int64_t fleet_growth(const struct fleet_tag *t);    /* whole bytes, on all hosts */
uint32_t fleet_suspects(const struct fleet_tag *t); /* hosts: possible leak or more */
/* It is on most hosts and grows on one of three or more: load or configuration. */
bool fleet_alone(const struct fleet *f, const struct fleet_tag *t);

/* A version that separates the hosts with growth from those without. */
struct fleet_split {
    const struct fleet_fact *fact;
    uint32_t with, of_with; /* hosts with growth, and all hosts of their versions */
    uint32_t without;       /* hosts of versions without any growth */
    bool grows[FLEET_VALUES], seen[FLEET_VALUES];
};

/* False when no version does. */
bool fleet_split(const struct fleet *f, const struct fleet_tag *t, struct fleet_split *s);

#endif
