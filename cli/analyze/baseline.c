/* SPDX-License-Identifier: MIT */
#include "cli/analyze/baseline.h"

#include <stdlib.h>

#include "cli/analyze/order.h"
#include "cli/analyze/row.h"

#define PROVEN     2      /* grade from which growth is called so: probable */
#define STRONG     3      /* and beyond doubt */
#define LEAST_ADD  1024.0 /* bytes per hour: below, nobody runs out of pool */
#define LOAD_APART 2.0    /* so much busier or quieter is another load */
#define LOAD_TAGS  5      /* the median of fewer is chance */

/* A thousand tags are compared at once, so touching intervals are not enough for those
 * that are less than certain: theirs must lie apart by more. */
#define MARGIN_STRONG 1.0
#define MARGIN        1.25
#define MARGIN_UNSEEN 1.5 /* nothing is known of how the tag lives where it is well */

const char *change_name(enum change c)
{
    static const char *const names[CHANGES] = {"not comparable", "new leak", "faster",
                                               "same",           "slower",   "gone"};
    return names[c];
}

const char *change_reason_name(enum change_reason r)
{
    static const char *const names[REASONS] = {
        [REASON_NONE] = NULL,
        [REASON_NO_TIMES] = "no-times",
        [REASON_FEW_SNAPSHOTS] = "few-snapshots",
        [REASON_FEW_THERE] = "few-snapshots-in-baseline",
        [REASON_SHORT_SPAN] = "short-span",
        [REASON_SHORT_BASELINE] = "short-span-of-baseline",
        [REASON_NOT_LISTED] = "not-listed-in-baseline",
        [REASON_LOAD] = "load",
        [REASON_UNPROVEN] = "unproven",
        [REASON_NO_SERIES] = "no-series",
    };
    return names[r];
}

void baseline_free(struct baseline *b)
{
    free(b->tags);
    free(b->changed);
    free(b->gone);
    *b = (struct baseline){0};
}

/* ---- which tag is which ---- */

static int compare_keys(const void *context, uint32_t i, uint32_t j)
{
    const struct rank_tag *tags = context;
    uint64_t a = row_key(tags[i].tag, tags[i].pool);
    uint64_t b = row_key(tags[j].tag, tags[j].pool);
    return (a > b) - (a < b);
}

/* Indices of the tags of r by (tag, pool); the caller frees them. */
static int by_key(uint32_t **out, const struct rank_result *r, struct err *e)
{
    uint32_t *v = malloc((r->n_tags > 0 ? r->n_tags : 1) * sizeof *v);
    if (v == NULL)
        return err_nomem(e);
    for (size_t i = 0; i < r->n_tags; i++)
        v[i] = (uint32_t)i;
    order_sort(v, r->n_tags, compare_keys, r->tags);
    *out = v;
    return 0;
}

static bool is_partial(const struct rank_result *r)
{
    return r->top_n || r->censored;
}

struct pairing {
    const struct rank_result *now, *then;
    uint32_t *in_now, *in_then; /* their tags by key */
    baseline_wants *wants;
    const void *ctx;
};

static bool is_wanted(const struct pairing *p, const struct rank_tag *t)
{
    return p->wants == NULL || p->wants(p->ctx, t->tag, t->pool);
}

/* Both lists are walked side by side: every tag finds its like, and what grew in the
 * baseline alone is gone. */
static int pair_tags(struct baseline *b, const struct pairing *p, struct err *e)
{
    const struct rank_result *now = p->now, *then = p->then;
    const uint32_t *in_now = p->in_now, *in_then = p->in_then;
    size_t k = 0;
    for (size_t i = 0; i <= now->n_tags; i++) {
        uint64_t key = UINT64_MAX;
        if (i < now->n_tags) {
            const struct rank_tag *t = &now->tags[in_now[i]];
            key = row_key(t->tag, t->pool);
        }
        for (; k < then->n_tags; k++) {
            const struct rank_tag *t = &then->tags[in_then[k]];
            if (row_key(t->tag, t->pool) >= key)
                break;
            if (t->grade < PROVEN || is_partial(now) || !is_wanted(p, t))
                continue;
            void *gone = b->gone;
            TRY(grow(&gone, &b->gone_cap, b->n_gone + 1, sizeof *b->gone, e));
            b->gone = gone;
            b->gone[b->n_gone++] = in_then[k];
        }
        if (i == now->n_tags)
            break;
        bool there = k < then->n_tags && row_key(then->tags[in_then[k]].tag,
                                                 then->tags[in_then[k]].pool) == key;
        b->tags[in_now[i]] =
            (struct tag_change){.there = there ? in_then[k] : NO_TAG, .added = NAN};
        k += there;
    }
    return 0;
}

/* ---- load ---- */

/* The median over the tags that allocate in both. */
static int find_load(struct baseline *b, const struct rank_result *now,
                     const struct rank_result *then, struct err *e)
{
    b->load = NAN;
    double *ratio = malloc((now->n_tags > 0 ? now->n_tags : 1) * sizeof *ratio);
    if (ratio == NULL)
        return err_nomem(e);
    size_t n = 0;
    for (size_t i = 0; i < now->n_tags; i++) {
        if (b->tags[i].there == NO_TAG)
            continue;
        double x = now->tags[i].allocs_per_hour;
        double y = then->tags[b->tags[i].there].allocs_per_hour;
        if (x > 0 && y > 0)
            ratio[n++] = x / y;
    }
    if (n >= LOAD_TAGS)
        b->load = order_median(ratio, n);
    free(ratio);
    return 0;
}

/* ---- decision ---- */

/* A tag in one of the two series. */
struct side {
    struct tempo tempo;
    int grade;
    double whole; /* the mean over all hours, also those before the onset */
    bool unseen;  /* it is not in this series at all */
};

static double high_end(const struct tempo *p, double margin)
{
    return p->mean + margin * (p->high - p->mean);
}

/* Whether a lies above b, both intervals stretched by `margin`. */
static bool lies_above(const struct tempo *a, const struct tempo *b, double margin)
{
    return a->mean - margin * (a->mean - a->low) > high_end(b, margin) &&
           a->mean - b->mean >= LEAST_ADD;
}

/* Of two leaks one may only have begun later inside its series: then its pace since the
 * onset is higher, its mean is not. */
static bool outruns(const struct side *a, const struct side *b)
{
    return lies_above(&a->tempo, &b->tempo, MARGIN) &&
           a->whole > high_end(&b->tempo, MARGIN);
}

/* For s, which grows in one series, against the other, where it does not. */
static double margin_of(const struct side *s, const struct side *other)
{
    return s->grade == STRONG ? MARGIN_STRONG : other->unseen ? MARGIN_UNSEEN : MARGIN;
}

static enum change decide(const struct side *now, const struct side *then)
{
    bool grows = now->grade >= PROVEN, grew = then->grade >= PROVEN;
    if (grows && grew)
        return outruns(now, then)   ? CHANGE_FASTER
               : outruns(then, now) ? CHANGE_SLOWER
                                    : CHANGE_SAME;
    if (grows)
        return lies_above(&now->tempo, &then->tempo, margin_of(now, then))
                   ? CHANGE_NEW_LEAK
                   : CHANGE_SAME;
    if (grew)
        return lies_above(&then->tempo, &now->tempo, margin_of(then, now)) ? CHANGE_GONE
                                                                           : CHANGE_SAME;
    return lies_above(&now->tempo, &then->tempo, MARGIN) ||
                   lies_above(&then->tempo, &now->tempo, MARGIN)
               ? CHANGE_NOT_COMPARABLE
               : CHANGE_SAME;
}

static struct side side_of(const struct rank_tag *t, const struct rank_result *r)
{
    return (struct side){
        .tempo = t->tempo, .grade = t->grade, .whole = t->growth_bytes / r->hours};
}

/* The same machine under another load. */
static struct side scaled(const struct side *s, double load)
{
    struct side to = *s;
    to.tempo =
        (struct tempo){s->tempo.mean * load, s->tempo.low * load, s->tempo.high * load};
    to.whole *= load;
    return to;
}

static void compare_tag(const struct baseline *b, struct tag_change *c,
                        const struct rank_tag *tag, const struct rank_result *result,
                        const struct rank_result *there)
{
    static const struct tempo unknown = {NAN, NAN, NAN};
    struct side now = side_of(tag, result), then = {.unseen = true};
    bool hidden =
        c->there == NO_TAG && (is_partial(there) || b->reason == REASON_NO_SERIES);
    if (hidden)
        then.tempo = unknown;
    else if (c->there != NO_TAG)
        then = side_of(&there->tags[c->there], there);
    c->now = now.tempo;
    c->then = then.tempo;
    c->added = c->now.mean - c->then.mean;
    if (isnan(c->now.low))
        c->reason = REASON_SHORT_SPAN;
    else if (isnan(c->then.low))
        c->reason = hidden ? REASON_NOT_LISTED : REASON_SHORT_BASELINE;
    if (c->reason != REASON_NONE)
        return;
    c->change = decide(&now, &then);
    if (c->change == CHANGE_NOT_COMPARABLE)
        c->reason = REASON_UNPROVEN;
    if (!(b->load > LOAD_APART || b->load < 1 / LOAD_APART))
        return;
    then = scaled(&then, b->load);
    if (decide(&now, &then) == c->change)
        return;
    c->change = CHANGE_NOT_COMPARABLE;
    c->reason = REASON_LOAD;
}

static int compare_added(const void *context, uint32_t i, uint32_t j)
{
    const struct tag_change *tags = context;
    int c = order_down(tags[i].added, tags[j].added);
    return c != 0 ? c : (i > j) - (i < j);
}

static bool any_tempo(const struct rank_result *r)
{
    for (size_t i = 0; i < r->n_tags; i++)
        if (!isnan(r->tags[i].tempo.low))
            return true;
    return false;
}

static enum change_reason whole_reason(const struct rank_result *now,
                                       const struct rank_result *then)
{
    if (now->snapshots < GRADED_SNAPSHOTS)
        return REASON_FEW_SNAPSHOTS;
    if (then->snapshots < GRADED_SNAPSHOTS)
        return REASON_FEW_THERE;
    if (!now->has_times || !then->has_times)
        return REASON_NO_TIMES;
    if (!any_tempo(now))
        return REASON_SHORT_SPAN;
    return any_tempo(then) ? REASON_NONE : REASON_SHORT_BASELINE;
}

static int fill(struct baseline *b, const struct pairing *p, struct err *e)
{
    const struct rank_result *now = p->now, *then = p->then;
    TRY(find_load(b, now, then, e));
    for (size_t i = 0; i < now->n_tags; i++) {
        struct tag_change *c = &b->tags[i];
        compare_tag(b, c, &now->tags[i], now, then);
        if (b->reason != REASON_NONE) {
            c->change = CHANGE_NOT_COMPARABLE;
            c->reason = b->reason;
        }
        if (!is_wanted(p, &now->tags[i]))
            continue;
        b->n_of[c->change]++;
        if (c->change != CHANGE_SAME && c->change != CHANGE_NOT_COMPARABLE)
            b->changed[b->n_changed++] = (uint32_t)i;
    }
    if (b->reason != REASON_NONE)
        b->n_gone = 0;
    b->n_of[CHANGE_GONE] += b->n_gone;
    order_sort(b->changed, b->n_changed, compare_added, b->tags);
    return 0;
}

int baseline_compare(struct baseline *b, const struct rank_result *now,
                     const struct rank_result *then, baseline_wants *wants,
                     const void *ctx, struct err *e)
{
    static const struct rank_result nothing = {.snapshots = 0};
    struct pairing p = {
        .now = now, .then = then != NULL ? then : &nothing, .wants = wants, .ctx = ctx};
    void *tags = b->tags, *changed = b->changed;
    int r = grow(&tags, &b->tags_cap, now->n_tags, sizeof *b->tags, e);
    if (r < 0)
        return r;
    b->tags = tags;
    r = grow(&changed, &b->changed_cap, now->n_tags, sizeof *b->changed, e);
    if (r < 0)
        return r;
    b->changed = changed;
    b->n_changed = b->n_gone = 0;
    b->reason = then == NULL ? REASON_NO_SERIES : whole_reason(now, then);
    for (int c = 0; c < CHANGES; c++)
        b->n_of[c] = 0;
    r = by_key(&p.in_now, now, e);
    if (r == 0)
        r = by_key(&p.in_then, p.then, e);
    if (r == 0)
        r = pair_tags(b, &p, e);
    if (r == 0)
        r = fill(b, &p, e);
    free(p.in_then);
    free(p.in_now);
    return r;
}
