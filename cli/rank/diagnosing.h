/* SPDX-License-Identifier: MIT */
/* Rules applied to a judged series: what rules can ask beside the ranking is watched
 * while captures stream in, and the texts are made once, for every renderer.  The caller
 * owns each struct and frees it with the function of its name. */
#ifndef CLI_DIAGNOSING_H
#define CLI_DIAGNOSING_H

#include <stddef.h>

#include "cli/know/limits.h"
#include "cli/know/rules.h"
#include "cli/options.h"
#include "cli/render/render.h"

/* ---- the rules of a call ---- */

struct rule_book {
    struct rule_list own; /* of --rules, or the person's own folder */
    struct rules rules;   /* built in and own */
    struct rule *joined;
};

/* Reads --rules FILE, else rules.yaml of the person's folder when there is one.  A rule
 * of theirs replaces the built-in one of the same id. */
int rule_book_open(struct rule_book *b, const struct options *o,
                   struct err *e) ERR_WARN_UNUSED;
/* The patterns of --suspect and, behind them, those that rules ask about; an array that
 * the caller frees. */
int rule_book_suspects(const struct rule_book *b, const struct pattern_list *asked,
                       const char ***out, size_t *n, struct err *e) ERR_WARN_UNUSED;
void rule_book_free(struct rule_book *b);

/* ---- what rules ask of a series ---- */

enum { WATCH_FORMATS = 8, WATCH_FORMAT_MAX = 32 };

struct watch {
    char formats[WATCH_FORMATS][WATCH_FORMAT_MAX];
    size_t n_formats;
    uint64_t partial[COMPLETE_CUT + 1]; /* captures by completeness */
    enum pool_scope scope;
    double listed[POOL_KINDS];
    uint32_t hours_of_day; /* bit 1u << hour, of captures with a time */
    uint64_t snapshots;
};

void watch_add(struct watch *w, const struct pool_snapshot *s);

/* ---- and the answers ---- */

struct told {
    struct told_diagnosis *v;
    size_t n;
};

/* The diagnoses of v, which must be complete but for them; sets v->diagnoses. */
int told_make(struct told *t, struct rank_view *v, const struct rule_book *b,
              const struct watch *w, const struct limit_row *os,
              struct err *e) ERR_WARN_UNUSED;
void told_free(struct told *t);

#endif
