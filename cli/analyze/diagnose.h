/* SPDX-License-Identifier: MIT */
/* Numbers and facts into diagnoses, by rules.  The caller owns what it passes; a
 * struct diagnosis_list is freed with diagnoses_free, and points into the rules, the
 * result and the facts that it was made of. */
#ifndef CLI_ANALYZE_DIAGNOSE_H
#define CLI_ANALYZE_DIAGNOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/analyze/analyze.h"
#include "cli/analyze/events.h"

enum rule_value { /* how a key's value is written */
                  RULE_WORDS,
                  RULE_SIZE,
                  RULE_PERCENT,
                  RULE_PATTERNS,
                  RULE_TEXTS,
                  RULE_COUNT,
                  RULE_HOURS,
                  RULE_YES
};

enum rule_key {
#define RULE_KEY(id, name, kind, words) RULE_KEY_##id,
#include "cli/analyze/rule_keys.def"
#undef RULE_KEY
    RULE_KEYS
};

enum severity { SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_ERROR };

const char *severity_name(enum severity s);

struct rule {
    const char *id, *text;
    const char *next;   /* what to do, or NULL */
    const char *source; /* who says so, or NULL */
    enum severity severity;
    const char *suspects; /* a pattern that is judged with the rule, or NULL */
    uint32_t given;       /* bit 1u << enum rule_key */
    /* By key: a set of bits for closed lists of words, else the figure (bytes, hours,
     * counts, shares 0..1). */
    uint32_t words[RULE_KEYS];
    double figures[RULE_KEYS];
    const char *const *tags; /* patterns; NULL-ended, as the next three */
    const char *const *events;
    const char *const *os;
    const char *const *formats;
};

struct rules {
    const struct rule *v;
    size_t n;
};

/* What a rule can ask besides the result. */
struct diagnose_facts {
    const struct rank_result *r;
    const struct event_sum *const *events; /* one a code */
    size_t n_events;
    const char *const *os; /* the words of --os for that system, NULL-ended; or NULL */
    const char *const *formats; /* of the captures, NULL-ended */
    enum pool_scope scope;
    enum completeness completeness;
    double listed_bytes[POOL_KINDS]; /* sum of the last capture's rows, NAN = partial */
    bool hours_vary;
};

#define DIAGNOSIS_TAGS 8

struct diagnosis {
    const struct rule *rule;
    enum pool_kind pool; /* POOL_KINDS: of none */
    /* The limit that the rule was asked with: assumed where it was a candidate. */
    uint64_t limit_bytes; /* 0 = none */
    bool limit_assumed;
    const char *limit_source;      /* title of a system, or NULL */
    double gap;                    /* share of the total in no row, NAN */
    uint32_t tags[DIAGNOSIS_TAGS]; /* indices into the result's tags, in rank order */
    size_t n_tags, tags_in_all;
    const struct event_sum *event;      /* or NULL */
    const struct rank_suspect *suspect; /* or NULL */
};

struct diagnosis_list {
    struct diagnosis *v;
    size_t n, cap;
};

/* In the order of the rules; the most severe first. */
int diagnose(struct diagnosis_list *out, const struct rules *rules,
             const struct diagnose_facts *f, struct err *e) ERR_WARN_UNUSED;
void diagnoses_free(struct diagnosis_list *l);

#endif
