/* SPDX-License-Identifier: MIT */
#include "cli/check/check_thresholds.h"

#include <math.h>

#include "cli/render/words/words_check.h"

/* One view of many, and where its results go. */
struct asking {
    struct check_list *l;
    const struct options *o;
    const struct rank_view *v;
    bool many;
};

static int add(struct asking *q, enum check_state state, const struct phrase *name,
               const struct phrase *message, struct err *e)
{
    TRY(check_add(q->l, state, name->s, message->s, e));
    TRY(check_text(q->l, "host", q->v->host, e));
    return check_text(q->l, "scope", q->v->scope, e);
}

/* The tags of a kind, one a line, and the fastest of them. */
typedef bool accused(const struct asking *q, const struct rank_tag *t, uint32_t index);

static size_t find(const struct asking *q, accused *is, struct phrase *lines,
                   const struct rank_tag **fastest)
{
    size_t n = 0;
    phrase_start(lines, false);
    *fastest = NULL;
    for (size_t i = 0; i < q->v->n_order; i++) {
        const struct rank_tag *t = &q->v->r->tags[q->v->order[i]];
        if (!is(q, t, q->v->order[i]))
            continue;
        if (*fastest == NULL || t->bytes_per_hour > (*fastest)->bytes_per_hour)
            *fastest = t;
        if (++n <= CHECK_TAGS_NAMED)
            words_check_item(lines, t);
    }
    return n;
}

static int add_tags(struct asking *q, size_t n, const struct phrase *lines, struct err *e)
{
    check_whole(q->l, "tags_found", n);
    return check_items(q->l, "tags", lines->s, e);
}

/* ---- --no-leak ---- */

static bool leaks(const struct asking *q, const struct rank_tag *t, uint32_t index)
{
    (void)q;
    (void)index;
    return t->verdict == VERDICT_LEAK;
}

/* Grows as leaks do, and no more can be said of it because so little was seen. */
static bool may_leak(const struct asking *q, const struct rank_tag *t, uint32_t index)
{
    (void)q;
    (void)index;
    bool capped = false;
    for (int i = 0; i < t->n_evidence; i++)
        capped |= t->evidence[i].code == EVIDENCE_CAPPED;
    return capped && t->verdict == VERDICT_GROWING &&
           t->confidence == CONFIDENCE_PROBABLE;
}

static int check_no_leak(struct asking *q, struct err *e)
{
    const struct rank_result *r = q->v->r;
    struct phrase name, message, lines;
    const struct rank_tag *fastest;
    size_t n = find(q, leaks, &lines, &fastest), open = 0;
    bool could =
        r->snapshots >= GRADED_SNAPSHOTS && r->has_times && r->span_h >= GRADED_HOURS;
    if (n == 0 && could)
        open = find(q, may_leak, &lines, &fastest);
    phrase_start(&name, false);
    phrase_start(&message, false);
    words_check_host(&name, q->v, q->many);
    words_check_no_leak(&name);
    words_check_leaks(&message, q->v, n, open, &lines, could);
    TRY(add(q,
            n > 0                ? CHECK_NOT_OK
            : could && open == 0 ? CHECK_OK
                                 : CHECK_UNDECIDED,
            &name, &message, e));
    return add_tags(q, n + open, &lines, e);
}

/* ---- --max-nonpaged, --max-paged, --min-free ---- */

static int check_max(struct asking *q, enum pool_kind k, struct err *e)
{
    const struct threshold_max *max = &q->o->check.max[k];
    const struct rank_pool *pool = &q->v->r->pools[k];
    struct phrase name, message;
    if (max->bytes == 0 && !(max->share > 0))
        return 0;
    bool known = pool->known && (max->bytes > 0 || pool->limit.bytes > 0);
    double most =
        max->bytes > 0 ? (double)max->bytes : max->share * (double)pool->limit.bytes;
    phrase_start(&name, false);
    phrase_start(&message, false);
    words_check_host(&name, q->v, q->many);
    words_check_max(&name, k, max->bytes, max->share, q->o->units);
    words_check_pool(&message, pool, k, max->share > 0, q->o->units);
    TRY(add(q,
            !known                        ? CHECK_UNDECIDED
            : (double)pool->bytes <= most ? CHECK_OK
                                          : CHECK_NOT_OK,
            &name, &message, e));
    TRY(check_text(q->l, "pool", pool_kind_name(k), e));
    if (pool->known)
        check_whole(q->l, "bytes", pool->bytes);
    if (pool->limit.bytes > 0)
        check_whole(q->l, "limit_bytes", pool->limit.bytes);
    if (known)
        check_whole(q->l, "max_bytes", (uint64_t)most);
    return 0;
}

static int check_free(struct asking *q, enum pool_kind k, uint64_t least, struct err *e)
{
    const struct rank_pool *pool = &q->v->r->pools[k];
    uint64_t limit = pool->limit.bytes;
    bool known = pool->known && limit > 0;
    uint64_t left = known && pool->bytes < limit ? limit - pool->bytes : 0;
    struct phrase name, message;
    phrase_start(&name, false);
    phrase_start(&message, false);
    words_check_host(&name, q->v, q->many);
    words_check_min(&name, k, least, q->o->units);
    words_check_pool(&message, pool, k, true, q->o->units);
    TRY(add(q,
            !known          ? CHECK_UNDECIDED
            : left >= least ? CHECK_OK
                            : CHECK_NOT_OK,
            &name, &message, e));
    TRY(check_text(q->l, "pool", pool_kind_name(k), e));
    if (known) {
        check_whole(q->l, "free_bytes", left);
        check_whole(q->l, "limit_bytes", limit);
    }
    check_whole(q->l, "min_free_bytes", least);
    return 0;
}

/* A size without a pool asks every pool whose limit is known, and one at least. */
static int check_all_free(struct asking *q, struct err *e)
{
    const struct thresholds *t = &q->o->check;
    bool asked = false;
    for (int k = POOL_NONPAGED; k <= POOL_PAGED; k++) {
        uint64_t least = t->min_free[k];
        if (least == 0 && q->v->r->pools[k].limit.bytes > 0)
            least = t->min_free_any;
        if (least == 0)
            continue;
        asked = true;
        TRY(check_free(q, (enum pool_kind)k, least, e));
    }
    if (asked || t->min_free_any == 0)
        return 0;
    return check_free(q, POOL_NONPAGED, t->min_free_any, e);
}

/* ---- --max-rate ---- */

static bool too_fast(const struct asking *q, const struct rank_tag *t, uint32_t index)
{
    (void)index;
    return words_is_suspect(t) && t->bytes_per_hour > (double)q->o->check.max_rate;
}

static int check_rate(struct asking *q, struct err *e)
{
    const struct rank_result *r = q->v->r;
    struct phrase name, message, lines;
    const struct rank_tag *fastest;
    size_t n = find(q, too_fast, &lines, &fastest);
    bool could = rank_is_series(r) && r->has_times;
    phrase_start(&name, false);
    phrase_start(&message, false);
    words_check_host(&name, q->v, q->many);
    words_check_rate(&name, q->o->check.max_rate, q->o->units);
    words_check_fast(&message, q->v, n, fastest, could, q->o->units);
    TRY(add(q,
            n > 0   ? CHECK_NOT_OK
            : could ? CHECK_OK
                    : CHECK_UNDECIDED,
            &name, &message, e));
    check_whole(q->l, "max_bytes_per_hour", q->o->check.max_rate);
    if (fastest != NULL)
        check_real(q->l, "bytes_per_hour", fastest->bytes_per_hour);
    return add_tags(q, n, &lines, e);
}

/* ---- --baseline ---- */

static bool is_worse(const struct asking *q, const struct rank_tag *t, uint32_t index)
{
    (void)t;
    return change_is_worse(q->v->baseline->b->tags[index].change);
}

static int check_baseline(struct asking *q, struct err *e)
{
    const struct baseline *b = q->v->baseline->b;
    struct phrase name, message, lines;
    const struct rank_tag *fastest;
    size_t n = find(q, is_worse, &lines, &fastest);
    phrase_start(&name, false);
    phrase_start(&message, false);
    words_check_host(&name, q->v, q->many);
    words_check_same(&name);
    words_baseline_answer(&message, q->v, q->o->units);
    TRY(add(q,
            n > 0                      ? CHECK_NOT_OK
            : b->reason == REASON_NONE ? CHECK_OK
                                       : CHECK_UNDECIDED,
            &name, &message, e));
    TRY(check_text(q->l, "baseline", q->v->baseline->source, e));
    TRY(check_text(q->l, "reason", change_reason_name(b->reason), e));
    check_whole(q->l, "not_comparable", b->n_of[CHANGE_NOT_COMPARABLE]);
    return add_tags(q, n, &lines, e);
}

static int check_view(struct asking *q, struct err *e)
{
    const struct thresholds *t = &q->o->check;
    if (t->no_leak)
        TRY(check_no_leak(q, e));
    TRY(check_max(q, POOL_NONPAGED, e));
    TRY(check_max(q, POOL_PAGED, e));
    if (t->max_rate > 0)
        TRY(check_rate(q, e));
    TRY(check_all_free(q, e));
    return q->v->baseline != NULL ? check_baseline(q, e) : 0;
}

int check_thresholds(struct check_list *l, const struct ranking *x, struct err *e)
{
    for (size_t i = 0; i < x->n_views; i++) {
        struct asking q = {
            .l = l, .o = &x->c->o, .v = &x->views[i], .many = x->n_views > 1};
        TRY(check_view(&q, e));
    }
    return 0;
}
