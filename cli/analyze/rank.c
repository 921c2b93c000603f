/* SPDX-License-Identifier: MIT */
/* The tally judged: order, shares, pools, outcome, notes. */
#include "cli/analyze/analyze.h"

#include <stdlib.h>
#include <string.h>

#include "cli/analyze/bulk.h"
#include "cli/analyze/cohort.h"
#include "cli/analyze/halves.h"
#include "cli/analyze/judge.h"
#include "cli/analyze/order.h"
#include "cli/analyze/row.h"
#include "cli/analyze/suspect.h"

void rank_free(struct rank_result *r)
{
    free(r->boots);
    free(r->tags);
    free(r->cohorts);
    free(r->suspects);
    note_list_free(&r->notes);
    *r = (struct rank_result){0};
}

static int copy_boots(struct rank_result *r, const struct tally *t,
                      const struct pooled *p, struct err *e)
{
    void *boots = r->boots;
    TRY(grow(&boots, &r->boots_cap, t->n_history, sizeof *r->boots, e));
    r->boots = boots;
    r->n_boots = t->n_history;
    if (t->n_history > 0)
        memcpy(r->boots, t->history, t->n_history * sizeof *r->boots);
    size_t kept = t->n_boots - t->oldest_is_many;
    for (size_t i = 0; i < kept; i++)
        r->boots[r->n_boots - 1 - i].age_h = p->age_h[t->n_boots - 1 - i];
    return 0;
}

static void fill_pools(struct rank_result *r, const struct tally *t,
                       const struct pooled *p, const struct rank_opts *o)
{
    for (int k = 0; k < POOL_KINDS; k++) {
        struct rank_pool *pool = &r->pools[k];
        *pool = (struct rank_pool){.known = t->totals[k].known,
                                   .bytes = t->totals[k].bytes,
                                   .from_header = t->totals[k].from_header,
                                   .most_bytes = t->most_bytes[k],
                                   .growth_bytes = p->grown[k],
                                   .limit = o->limits[k]};
        forecast_pool(pool, t, (enum pool_kind)k, o);
    }
}

/* The listed rows serve where nothing gives the pool's total. */
static void fill_shares(struct rank_result *r)
{
    double listed[POOL_KINDS] = {0};
    for (size_t i = 0; i < r->n_tags; i++)
        listed[r->tags[i].pool] += (double)r->tags[i].bytes;
    for (size_t i = 0; i < r->n_tags; i++) {
        struct rank_tag *tag = &r->tags[i];
        const struct rank_pool *pool = &r->pools[tag->pool];
        double total = pool->known ? (double)pool->bytes : listed[tag->pool];
        tag->share_of_header = pool->known && pool->from_header;
        tag->share_of_pool =
            tag->bytes_known && total > 0 ? (double)tag->bytes / total : NAN;
    }
}

/* What the order goes by; a whole tag is far larger. */
struct standing {
    double score, growth;
    uint64_t bytes, key;
};

static int compare_standings(const void *context, uint32_t i, uint32_t j)
{
    const struct standing *all = context, *a = &all[i], *b = &all[j];
    int c = order_down(a->score, b->score);
    if (c == 0)
        c = order_down(a->growth, b->growth);
    if (c == 0)
        c = (a->bytes < b->bytes) - (a->bytes > b->bytes);
    return c != 0 ? c : (a->key > b->key) - (a->key < b->key);
}

/* Tag order[i] goes to place i, along each ring of tags that change places. */
static void put_in_order(struct rank_tag *tags, uint32_t *order, size_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (order[i] == i)
            continue;
        struct rank_tag first = tags[i];
        uint32_t to = i;
        for (uint32_t from = order[i]; from != i; from = order[to]) {
            tags[to] = tags[from];
            order[to] = to;
            to = from;
        }
        tags[to] = first;
        order[to] = to;
    }
}

static int sort_tags(struct rank_result *r, struct err *e)
{
    size_t n = r->n_tags;
    struct standing *standing = malloc((n + 1) * sizeof *standing);
    uint32_t *order = malloc((n + 1) * sizeof *order);
    int result = standing == NULL || order == NULL ? err_nomem(e) : 0;
    for (uint32_t i = 0; result == 0 && i < n; i++) {
        const struct rank_tag *tag = &r->tags[i];
        order[i] = i;
        standing[i] = (struct standing){.score = tag->score,
                                        .growth = tag->growth_bytes,
                                        .bytes = tag->bytes,
                                        .key = row_key(tag->tag, tag->pool)};
    }
    if (result == 0) {
        order_sort(order, n, compare_standings, standing);
        bulk_order(r->tags, order, n);
        put_in_order(r->tags, order, n);
    }
    free(order);
    free(standing);
    return result;
}

static enum outcome outcome_of(const struct rank_result *r)
{
    int best = 0;
    for (size_t i = 0; i < r->n_tags; i++)
        best = r->tags[i].grade > best ? r->tags[i].grade : best;
    if (!rank_is_series(r))
        return OUTCOME_TOO_FEW;
    if (best > 0)
        return best == 3 ? OUTCOME_LEAK : OUTCOME_SUSPECT;
    bool enough =
        r->snapshots >= GRADED_SNAPSHOTS && r->has_times && r->span_h >= LEAK_HOURS;
    return enough ? OUTCOME_NONE : OUTCOME_TOO_FEW;
}

static int add_notes(struct rank_result *r, const struct tally *t, struct err *e)
{
    for (size_t i = 1; i < r->n_boots; i++)
        TRY(note_add(&r->notes, e, NOTE_BOOT_FOUND, 0,
                     "the machine was restarted between snapshots %llu and %llu",
                     (unsigned long long)r->boots[i].first,
                     (unsigned long long)r->boots[i].first + 1));
    if (r->snapshots >= 4 && 5 * (r->n_boots - 1) >= 4 * (r->snapshots - 1))
        TRY(note_add(&r->notes, e, NOTE_MANY_BOOTS, 0, "%llu boots in %llu snapshots",
                     (unsigned long long)r->n_boots, (unsigned long long)r->snapshots));
    if (t->wraps > 0)
        TRY(note_add(&r->notes, e, NOTE_WRAP, 0, "32-bit counters of %llu %s wrapped",
                     (unsigned long long)t->wraps, t->wraps == 1 ? "row" : "rows"));
    if (r->top_n)
        TRY(note_add(&r->notes, e, NOTE_TOP_N, 0, "%s", ""));
    if (r->censored)
        TRY(note_add(&r->notes, e, NOTE_CENSORED, 0, "%s", ""));
    return 0;
}

/* One capture shows size, two show a difference; neither shows a leak.  A difference is
 * ordered as a leak would be, and what shrank stands last. */
static void order_without_series(struct rank_result *r)
{
    for (size_t i = 0; !rank_is_series(r) && i < r->n_tags; i++) {
        struct rank_tag *tag = &r->tags[i];
        tag->grade = 0;
        if (r->snapshots == 1)
            tag->score = (double)tag->bytes;
        else if (tag->bytes_change < 0)
            tag->score = (double)tag->bytes_change;
    }
}

static void fill_roles(struct rank_result *r, const struct rank_opts *o)
{
    for (size_t i = 0; o->role != NULL && i < r->n_tags; i++)
        r->tags[i].role = o->role(o->role_ctx, r->tags[i].tag, r->tags[i].pool);
}

struct judging {
    struct rank_tag *tags;
    const struct tally *t;
    const struct pooled *p;
    struct calendar cal;
};

static void judge_some(void *ctx, uint32_t first, uint32_t step)
{
    struct judging *j = ctx;
    for (size_t slot = first; slot < j->t->n_slots; slot += step)
        judge_slot(&j->tags[slot], j->t, j->p, &j->cal, (uint32_t)slot);
}

static int fill_result(struct rank_result *r, const struct tally *t,
                       const struct rank_opts *o, const struct pooled *p, struct err *e)
{
    void *tags = r->tags;
    TRY(grow(&tags, &r->tags_cap, t->n_slots, sizeof *r->tags, e));
    r->tags = tags;
    r->n_tags = t->n_slots;
    struct judging j = {.tags = r->tags, .t = t, .p = p};
    calendar_make(&j.cal, t);
    in_halves(o->worker, judge_some, &j, &j);
    fill_pools(r, t, p, o);
    fill_shares(r);
    for (uint32_t slot = 0; slot < t->n_slots; slot++)
        judge_class(&r->tags[slot], t, p, slot);
    r->snapshots = t->settled;
    order_without_series(r);
    TRY(copy_boots(r, t, p, e));
    r->has_times = t->has_times;
    r->hours = t->has_times ? p->axis.hours : NAN;
    r->span_h = t->has_times && t->n_history > 0 ? t->now_h - t->history[0].start_h : NAN;
    r->top_n = t->settled > 0 && tally_top_n(t);
    r->censored = t->partial_snapshots > 0;
    r->outcome = outcome_of(r);
    TRY(add_notes(r, t, e));
    TRY(sort_tags(r, e));
    fill_roles(r, o);
    TRY(suspects_judge(r, t, o, e));
    return t->settled > 1 ? cohorts_of_growth(r, t, p, e) : cohorts_of_capture(r, t, e);
}

int rank_tally(struct rank_result *r, const struct tally *t, const struct rank_opts *o,
               struct err *e)
{
    struct rank_result kept = {.boots = r->boots,
                               .boots_cap = r->boots_cap,
                               .tags = r->tags,
                               .tags_cap = r->tags_cap,
                               .cohorts = r->cohorts,
                               .cohorts_cap = r->cohorts_cap,
                               .suspects = r->suspects,
                               .suspects_cap = r->suspects_cap,
                               .notes = r->notes};
    note_list_clear(&kept.notes);
    *r = kept;
    if (t->settled == 0) {
        r->outcome = OUTCOME_TOO_FEW;
        return 0;
    }
    struct pooled p = {0};
    int result = pooled_make(&p, t, o->worker, e);
    if (result == 0)
        result = fill_result(r, t, o, &p, e);
    pooled_free(&p);
    return result;
}
