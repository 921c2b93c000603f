/* SPDX-License-Identifier: MIT */
/* Is it one of these tags?  Their sum is judged, not one by one: a family of small tags
 * may leak together, and may be cleared together. */
#include "cli/analyze/suspect.h"

#include "cli/analyze/row.h"

#define SMALL_SHARE .05  /* of the pool's growth: so little does not exhaust it */
#define SPAN_H      24.0 /* a shorter boot's blocks show the hour of the day */

static bool is_member(const struct rank_suspect *s, const struct rank_tag *tag)
{
    return tag_match(s->pattern, tag->tag);
}

static struct suspect_tag one_of(const struct rank_tag *tag)
{
    return (struct suspect_tag){.tag = tag->tag, .pool = tag->pool, .bytes = tag->bytes};
}

/* Who they are and what they hold. */
static void find_members(struct rank_suspect *s, const struct rank_result *r,
                         bool pools[POOL_KINDS])
{
    uint64_t held[POOL_KINDS] = {0};
    for (size_t i = 0; i < r->n_tags; i++) {
        const struct rank_tag *tag = &r->tags[i];
        if (!is_member(s, tag)) {
            if (s->n_near < SUSPECT_NEAR && tag_match_nearly(s->pattern, tag->tag))
                s->near[s->n_near++] = one_of(tag);
            continue;
        }
        if (s->size++ == 0) {
            s->worst = tag->verdict;
            s->worst_confidence = tag->confidence;
        }
        if (s->n_tags < SUSPECT_TAGS)
            s->tags[s->n_tags++] = one_of(tag);
        pools[tag->pool] = true;
        if (!add_u64(held[tag->pool], tag->bytes, &held[tag->pool]))
            held[tag->pool] = UINT64_MAX;
    }
    if (s->size > 0)
        s->n_near = 0;
    int seen = 0;
    for (int k = 0; k < POOL_KINDS; k++) {
        seen += pools[k];
        if (pools[k] && (!pools[s->pool] || held[k] > held[s->pool]))
            s->pool = (enum pool_kind)k;
        if (!add_u64(s->bytes, held[k], &s->bytes))
            s->bytes = UINT64_MAX;
    }
    s->both_pools = seen > 1;
}

/* What else is in their pools: rows that are not theirs, and what is in no row. */
static void find_others(struct rank_suspect *s, const struct rank_result *r,
                        const bool pools[POOL_KINDS])
{
    double listed[POOL_KINDS] = {0}, total = 0, unseen = 0;
    for (size_t i = 0; i < r->n_tags; i++) {
        const struct rank_tag *tag = &r->tags[i];
        listed[tag->pool] += (double)tag->bytes;
        if (!pools[tag->pool] || is_member(s, tag) || tag->bytes <= s->rival[0].bytes)
            continue;
        s->rival[0] = one_of(tag);
        s->n_rivals = 1;
    }
    s->lists_all = !r->top_n && !r->censored;
    s->unseen_known = true;
    for (int k = 0; k < POOL_KINDS; k++) {
        const struct rank_pool *pool = &r->pools[k];
        if (!pools[k])
            continue;
        total += pool->known ? (double)pool->bytes : listed[k];
        s->unseen_known = s->unseen_known && (s->lists_all || pool->from_header);
        if (!s->lists_all && pool->from_header && (double)pool->bytes > listed[k])
            unseen += (double)pool->bytes - listed[k];
    }
    s->unseen_bytes = s->unseen_known ? (uint64_t)unseen : 0;
    s->share_of_pool = total > 0 ? (double)s->bytes / total : NAN;
}

/* ---- three snapshots and more ---- */

/* Members added up over one boot, bin by bin. */
struct sum_course {
    uint32_t n;
    double t[BINS], last[BINS], least[BINS];
};

/* False when the boot has no two snapshots. */
static bool sum_courses(struct sum_course *sum, const struct rank_suspect *s,
                        const struct rank_result *r, const struct tally *t,
                        const struct boot *b)
{
    *sum = (struct sum_course){.n = b->n_bins};
    if (b->folded || b->n_bins < 2)
        return false;
    for (uint32_t i = 0; i < b->n_bins; i++)
        sum->t[i] = t->bins[b->bin0 + i].last_t;
    for (size_t i = 0; i < r->n_tags; i++) {
        struct course v;
        uint32_t slot = is_member(s, &r->tags[i])
                            ? slot_known(t, row_key(r->tags[i].tag, r->tags[i].pool))
                            : NO_SLOT;
        if (slot == NO_SLOT || !course_of(t, b, slot, &v))
            continue;
        for (uint32_t j = 0; j < b->n_bins; j++) {
            sum->last[j] += figure_or_0(v.lx[j]);
            sum->least[j] += figure_or_0(v.x[j]);
        }
    }
    return true;
}

static struct tempo pace_by_blocks(const struct sum_course *sum, double span_h)
{
    struct cuts cuts;
    struct blocks f;
    struct track least = {.n = sum->n, .t = sum->t, .v = sum->least};
    cuts_make(&cuts, sum->t, sum->n);
    blocks_of(&f, &cuts, sum->last);
    struct pace p = pace_of(&f, span_h);
    return tempo_of_tracks((struct tempo){p.mean, p.low, p.high}, &f, &least);
}

/* Too few or too close for blocks: the paces between snapshots are the bounds. */
static struct tempo pace_between(const struct sum_course *k)
{
    struct tempo p = {NAN, NAN, NAN};
    int n = 0;
    for (uint32_t i = 1; i < k->n; i++) {
        double h = k->t[i] - k->t[i - 1];
        if (!(h > 0))
            continue;
        n++;
        p.low = fmin(p.low, (k->last[i] - k->last[i - 1]) / h);
        p.high = fmax(p.high, (k->last[i] - k->last[i - 1]) / h);
    }
    return n < 2 ? (struct tempo){NAN, NAN, NAN} : p;
}

/* The paces of the members, added up.  For the bounds their sum is looked at over the
 * last boot; where that has just begun, over the last one that was seen for longer. */
static void find_pace(struct rank_suspect *s, const struct rank_result *r,
                      const struct tally *t)
{
    s->bytes_per_hour = 0;
    for (size_t i = 0; i < r->n_tags; i++)
        if (is_member(s, &r->tags[i]) && isfinite(r->tags[i].bytes_per_hour))
            s->bytes_per_hour += r->tags[i].bytes_per_hour;
    for (size_t i = t->n_boots; i-- > 0 && isnan(s->bytes_per_hour_high);) {
        struct sum_course sum;
        struct tempo best = {NAN, NAN, NAN};
        if (!sum_courses(&sum, s, r, t, &t->boots[i]))
            continue;
        double span = sum.t[sum.n - 1] - sum.t[0];
        if (span >= SPAN_H)
            best = pace_by_blocks(&sum, span);
        if (isnan(best.high))
            best = pace_between(&sum);
        if (isnan(best.high))
            continue;
        s->bytes_per_hour_low = fmin(best.low, s->bytes_per_hour);
        s->bytes_per_hour_high = fmax(best.high, s->bytes_per_hour);
    }
}

static bool is_accused(const struct rank_suspect *s, const struct rank_result *r)
{
    for (size_t i = 0; i < r->n_tags; i++)
        if (r->tags[i].grade >= 2 && is_member(s, &r->tags[i]))
            return true;
    return false;
}

static void judge_rate(struct rank_suspect *s, const struct rank_result *r,
                       const struct tally *t, const bool pools[POOL_KINDS])
{
    double growth = 0;
    for (int k = 0; k < POOL_KINDS; k++)
        growth += pools[k] ? r->pools[k].growth_bytes : 0;
    s->basis = SUSPECT_BY_RATE;
    if (r->has_times && r->hours > 0) {
        find_pace(s, r, t);
        s->pool_bytes_per_hour = growth / r->hours;
    }
    double most = s->bytes_per_hour_high, share = SMALL_SHARE * s->pool_bytes_per_hour;
    if (is_accused(s, r))
        s->verdict = SUSPECT_ACCUSED;
    else if (most <= 0 || most < share)
        s->verdict = SUSPECT_ACQUITTED;
}

/* ---- fewer ---- */

static void judge_size(struct rank_suspect *s)
{
    double most = (double)s->bytes + (double)s->unseen_bytes;
    s->basis = SUSPECT_BY_SIZE;
    if (s->unseen_known && s->n_rivals > 0 && most < (double)s->rival[0].bytes)
        s->verdict = SUSPECT_ACQUITTED;
}

static void judge_suspect(struct rank_suspect *s, const struct rank_result *r,
                          const struct tally *t)
{
    bool pools[POOL_KINDS] = {false};
    find_members(s, r, pools);
    find_others(s, r, pools);
    if (rank_is_series(r))
        judge_rate(s, r, t, pools);
    else
        judge_size(s);
    if (s->size == 0) /* a name that no capture shows: cleared where all is shown */
        s->verdict = s->lists_all ? SUSPECT_ACQUITTED : SUSPECT_UNCLEAR;
}

int suspects_judge(struct rank_result *r, const struct tally *t,
                   const struct rank_opts *o, struct err *e)
{
    void *v = r->suspects;
    TRY(grow(&v, &r->suspects_cap, o->n_suspects, sizeof *r->suspects, e));
    r->suspects = v;
    r->all_suspects = o->n_suspects;
    r->n_suspects = o->n_suspects - o->of_rules;
    for (size_t i = 0; i < o->n_suspects; i++) {
        struct rank_suspect *s = &r->suspects[i];
        *s = (struct rank_suspect){.pattern = o->suspects[i],
                                   .worst = VERDICT_TOO_FEW,
                                   .share_of_pool = NAN,
                                   .bytes_per_hour = NAN,
                                   .bytes_per_hour_low = NAN,
                                   .bytes_per_hour_high = NAN,
                                   .pool_bytes_per_hour = NAN};
        judge_suspect(s, r, t);
    }
    return 0;
}
