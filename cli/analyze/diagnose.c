/* SPDX-License-Identifier: MIT */
#include "cli/analyze/diagnose.h"

#include <stdlib.h>
#include <string.h>

#define OBJECT_LEAST 8 /* bytes: no pool hands out less */

const char *severity_name(enum severity s)
{
    static const char *const names[] = {"info", "warning", "error"};
    return names[s];
}

static bool has(const struct rule *r, enum rule_key k)
{
    return (r->given & 1u << k) != 0;
}

/* A key with a closed list of words holds when it is not there, or names this one. */
static bool allows(const struct rule *r, enum rule_key k, unsigned word)
{
    return !has(r, k) || (r->words[k] & 1u << word) != 0;
}

static bool above(const struct rule *r, enum rule_key k, double v)
{
    return !has(r, k) || v > r->figures[k]; /* false for NAN */
}

static bool below(const struct rule *r, enum rule_key k, double v)
{
    return !has(r, k) || v < r->figures[k];
}

static bool among(const char *const *wanted, const char *const *found)
{
    for (; wanted != NULL && *wanted != NULL; wanted++)
        for (size_t i = 0; found != NULL && found[i] != NULL; i++)
            if (strcmp(*wanted, found[i]) == 0)
                return true;
    return wanted == NULL;
}

/* ---- what is asked of the series as a whole ---- */

static bool series_holds(const struct rule *r, const struct diagnose_facts *f)
{
    const struct rank_result *d = f->r;
    double snapshots = (double)d->snapshots;
    return allows(r, RULE_KEY_SCOPE, f->scope) &&
           allows(r, RULE_KEY_COMPLETENESS, f->completeness) &&
           below(r, RULE_KEY_SNAPSHOTS_BELOW, snapshots) &&
           above(r, RULE_KEY_SNAPSHOTS_ABOVE, snapshots) &&
           below(r, RULE_KEY_SPAN_BELOW, d->span_h) &&
           (!has(r, RULE_KEY_HOURS_VARY) || f->hours_vary) &&
           (!has(r, RULE_KEY_OS) || among(r->os, f->os)) &&
           (!has(r, RULE_KEY_FORMAT) || among(r->formats, f->formats));
}

/* True without such a key; else *event is the first that the rule names. */
static bool event_holds(const struct rule *r, const struct diagnose_facts *f,
                        const struct event_sum **event)
{
    *event = NULL;
    if (!has(r, RULE_KEY_EVENT))
        return true;
    for (size_t i = 0; i < f->n_events && *event == NULL; i++) {
        const char *const found[] = {f->events[i]->code, NULL};
        double count = (double)f->events[i]->count;
        if (among(r->events, found) && above(r, RULE_KEY_EVENT_COUNT_ABOVE, count))
            *event = f->events[i];
    }
    return *event != NULL;
}

static bool suspect_holds(const struct rule *r, const struct diagnose_facts *f,
                          const struct rank_suspect **suspect)
{
    *suspect = NULL;
    for (size_t i = 0; r->suspects != NULL && i < f->r->all_suspects; i++)
        if (strcmp(f->r->suspects[i].pattern, r->suspects) == 0)
            *suspect = &f->r->suspects[i];
    return !has(r, RULE_KEY_SUSPECT) ||
           (*suspect != NULL && allows(r, RULE_KEY_SUSPECT, (*suspect)->verdict));
}

/* ---- of a pool ---- */

/* The known limit, or the least that is assumed. */
static void choose_limit(struct diagnosis *d, const struct pool_limit *l)
{
    d->limit_bytes = l->bytes;
    d->limit_source = l->source;
    d->limit_assumed = l->bytes == 0 && l->n_candidates > 0;
    if (d->limit_assumed) {
        d->limit_bytes = l->candidates[0].bytes;
        d->limit_source = l->candidates[0].source;
    }
}

/* The words of limit_source. */
static unsigned limit_word(const struct pool_limit *l)
{
    enum { UNKNOWN, OPTION, CAPTURE, OS, ASSUMED };
    static const unsigned words[] = {[LIMIT_UNKNOWN] = UNKNOWN,
                                     [LIMIT_BY_OPTION] = OPTION,
                                     [LIMIT_BY_CAPTURE] = CAPTURE,
                                     [LIMIT_BY_OS] = OS};
    return l->bytes == 0 && l->n_candidates > 0 ? ASSUMED : words[l->basis];
}

static bool pool_holds(const struct rule *r, const struct diagnose_facts *f,
                       struct diagnosis *d)
{
    const struct rank_pool *pool = &f->r->pools[d->pool];
    double used = pool->known ? (double)pool->bytes : NAN;
    choose_limit(d, &pool->limit);
    double limit = d->limit_bytes > 0 ? (double)d->limit_bytes : NAN;
    double left = d->limit_assumed ? NAN : limit - used;
    d->gap = pool->from_header && used > 0 ? 1 - f->listed_bytes[d->pool] / used : NAN;
    return allows(r, RULE_KEY_POOL, d->pool) &&
           allows(r, RULE_KEY_LIMIT_SOURCE, limit_word(&pool->limit)) &&
           below(r, RULE_KEY_FREE_BELOW, left) && above(r, RULE_KEY_USED_ABOVE, used) &&
           above(r, RULE_KEY_USED_PERCENT_ABOVE, used / limit) &&
           below(r, RULE_KEY_USED_PERCENT_BELOW, used / limit) &&
           above(r, RULE_KEY_SUM_GAP_ABOVE, d->gap);
}

/* ---- of tags ---- */

static const uint32_t tag_keys =
    1u << RULE_KEY_TAG | 1u << RULE_KEY_VERDICT | 1u << RULE_KEY_CONFIDENCE |
    1u << RULE_KEY_ROLE | 1u << RULE_KEY_SHARE_ABOVE | 1u << RULE_KEY_BYTES_WRAPPED;

static bool tag_holds(const struct rule *r, const struct rank_tag *t)
{
    bool matches = !has(r, RULE_KEY_TAG);
    for (const char *const *p = r->tags; p != NULL && *p != NULL && !matches; p++)
        matches = tag_match(*p, t->tag);
    bool too_small = t->bytes_known && t->live_known && t->live > 0 &&
                     t->bytes / OBJECT_LEAST < t->live;
    return matches && allows(r, RULE_KEY_POOL, t->pool) &&
           allows(r, RULE_KEY_VERDICT, t->verdict) &&
           allows(r, RULE_KEY_CONFIDENCE, t->confidence) &&
           allows(r, RULE_KEY_ROLE, t->role) &&
           above(r, RULE_KEY_SHARE_ABOVE, t->share_of_pool) &&
           (!has(r, RULE_KEY_BYTES_WRAPPED) || too_small);
}

static bool tags_hold(const struct rule *r, const struct diagnose_facts *f,
                      struct diagnosis *d)
{
    if ((r->given & tag_keys) == 0)
        return true;
    for (size_t i = 0; i < f->r->n_tags; i++) {
        if (!tag_holds(r, &f->r->tags[i]))
            continue;
        if (d->n_tags < DIAGNOSIS_TAGS)
            d->tags[d->n_tags++] = (uint32_t)i;
        d->tags_in_all++;
    }
    return d->tags_in_all > 0;
}

/* ---- all rules ---- */

/* Keys that are asked of one pool at a time. */
static const uint32_t pool_keys =
    1u << RULE_KEY_FREE_BELOW | 1u << RULE_KEY_USED_ABOVE |
    1u << RULE_KEY_USED_PERCENT_ABOVE | 1u << RULE_KEY_USED_PERCENT_BELOW |
    1u << RULE_KEY_LIMIT_SOURCE | 1u << RULE_KEY_SUM_GAP_ABOVE;

static int add(struct diagnosis_list *out, const struct diagnosis *d, struct err *e)
{
    void *v = out->v;
    TRY(grow(&v, &out->cap, out->n + 1, sizeof *out->v, e));
    out->v = v;
    out->v[out->n++] = *d;
    return 0;
}

static int ask(struct diagnosis_list *out, const struct rule *r,
               const struct diagnose_facts *f, struct err *e)
{
    struct diagnosis d = {.rule = r, .pool = POOL_KINDS, .gap = NAN};
    if (!series_holds(r, f) || !event_holds(r, f, &d.event) ||
        !suspect_holds(r, f, &d.suspect) || !tags_hold(r, f, &d))
        return 0;
    if ((r->given & pool_keys) == 0)
        return add(out, &d, e);
    for (int k = POOL_NONPAGED; k <= POOL_PAGED; k++) {
        d.pool = (enum pool_kind)k;
        if (pool_holds(r, f, &d))
            TRY(add(out, &d, e));
    }
    return 0;
}

int diagnose(struct diagnosis_list *out, const struct rules *rules,
             const struct diagnose_facts *f, struct err *e)
{
    out->n = 0;
    for (int severity = SEVERITY_ERROR; severity >= SEVERITY_INFO; severity--)
        for (size_t i = 0; i < rules->n; i++)
            if (rules->v[i].severity == (enum severity)severity)
                TRY(ask(out, &rules->v[i], f, e));
    return 0;
}

void diagnoses_free(struct diagnosis_list *l)
{
    free(l->v);
    *l = (struct diagnosis_list){.v = NULL};
}
