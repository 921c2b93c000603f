/* SPDX-License-Identifier: MIT */
/* One slot's tally into one line of the ranking. */
#include "cli/analyze/judge.h"

#include <stdlib.h>

#define RATE_SPAN_H 24.0 /* below, the last boot's blocks show the hour of the day */

static void add_boot(struct pooled *p, const struct tally *t, size_t i, struct axis *a,
                     double quiet, double *scale)
{
    const struct boot *b = &t->boots[i];
    curve_scale(p->age_h[i], scale);
    if (b->folded) {
        axis_add_sums(&p->axis, &b->axis, scale);
        for (size_t j = 0; j < b->n_sums; j++)
            sums_add(&p->sums[b->sums[j].slot], &b->sums[j], scale);
        return;
    }
    axis_prepare(a, t, b, quiet);
    axis_add_sums(&p->axis, axis_shared(a), scale);
    for (uint32_t slot = 0; slot < t->n_slots; slot++) {
        struct sums s;
        (void)axis_fold(a, t, slot, &s);
        sums_add(&p->sums[slot], &s, scale);
    }
}

int pooled_make(struct pooled *p, const struct tally *t, struct err *e)
{
    double quiet = 0, scale[CURVES];
    struct axis *a = NULL;
    *p = (struct pooled){0};
    p->age_h = calloc(t->n_boots + 1, sizeof *p->age_h);
    p->sums = calloc(t->n_slots + 1, sizeof *p->sums);
    if (p->age_h == NULL || p->sums == NULL)
        return err_nomem(e);
    TRY(boot_ages(t, p->age_h, e));
    TRY(quiet_threshold(t, &quiet, e));
    TRY(axis_new(&a, e));
    for (size_t i = 0; i < t->n_boots; i++)
        add_boot(p, t, i, a, quiet, scale);
    axis_free(a);
    return 0;
}

void pooled_free(struct pooled *p)
{
    free(p->age_h);
    free(p->sums);
    *p = (struct pooled){0};
}

#define WHOLE_MAX 9e18 /* below INT64_MAX */

static int64_t whole_number(double v)
{
    return (int64_t)(v > WHOLE_MAX ? WHOLE_MAX : v < -WHOLE_MAX ? -WHOLE_MAX : v);
}

/* A standing value is a double; the row's own figure has all its digits. */
static uint64_t exact(double standing, uint64_t figure)
{
    if (standing == (double)figure)
        return figure;
    return standing > 0 ? (uint64_t)whole_number(standing) : 0;
}

/* Over the boots one by one: what the edges say. */
static void walk_edges(struct rank_tag *tag, const struct tally *t, uint32_t slot,
                       struct score_input *base)
{
    const struct past *past = &t->pasts[slot];
    base->pace_num = past->pace_num;
    base->pace_den = past->pace_den;
    tag->boots_seen = past->seen_boots;
    for (size_t i = t->oldest_is_many; i < t->n_boots; i++) {
        struct edge edge = boot_edge(t, &t->boots[i], slot);
        pace_add(t, &t->boots[i], &edge, &base->pace_num, &base->pace_den);
        tag->boots_seen += edge.high_x > 0;
    }
    struct edge now = boot_edge(t, tally_boot(t), slot);
    double x = 0, c = 0;
    if (now.first_x != UNKNOWN && now.last_x != UNKNOWN) {
        x = figure_or_0(now.last_x) - figure_or_0(now.first_x);
        c = figure_or_0(now.last_c) - figure_or_0(now.first_c);
    }
    tag->bytes_change = whole_number(x);
    tag->live_change = whole_number(c);
    x += past->changed_x;
    c += past->changed_c;
    base->objects = c;
    tag->bytes_per_new_alloc = c > 0 ? x / c : NAN;
}

static void last_figures(struct rank_tag *tag, const struct tally *t, uint32_t slot)
{
    const struct slot *s = &t->slots[slot];
    const struct past *past = &t->pasts[slot];
    tag->bytes_known = s->x >= 0 || (s->x == ABSENT && !tally_top_n(t));
    tag->live_known = tag->bytes_known && past->counted;
    tag->bytes = exact(s->x, s->now.bytes);
    tag->live = past->counted ? exact(s->c, s->now.live) : 0;
    tag->wrapped = past->wrapped;
    tag->has_bytes_delta = past->has_delta && s->listed == t->settled;
    tag->bytes_delta = tag->has_bytes_delta ? past->bytes_delta : 0;
    tag->freed =
        past->allocated > 0 ? (double)past->freed / (double)past->allocated : NAN;
}

static void draw_spark(struct rank_tag *tag, const struct track *k)
{
    tag->n_spark = 0;
    if (k->n <= RANK_SPARK) {
        for (uint32_t i = 0; i < k->n; i++)
            tag->spark[tag->n_spark++] = k->v[i];
        return;
    }
    double width = (k->t[k->n - 1] - k->t[0]) / RANK_SPARK;
    uint32_t i = 0;
    for (int span = 1; span <= RANK_SPARK; span++) {
        while (i + 1 < k->n &&
               (span == RANK_SPARK || k->t[i + 1] <= k->t[0] + width * span))
            i++;
        tag->spark[tag->n_spark++] = k->v[i];
    }
}

/* `rate` is the mean pace over all boots.  Where the last boot is long enough for
 * blocks, they give the interval, and the pace too when it began only inside that boot.
 */
static void last_boot(struct rank_tag *tag, const struct tally *t, uint32_t slot,
                      double rate)
{
    const struct boot *b = tally_boot(t);
    struct course v;
    struct track k = {0};
    tag->started_h = tag->bytes_per_hour_low = tag->bytes_per_hour_high = NAN;
    tag->bytes_per_hour = t->has_times ? rate : NAN;
    if (!course_of(t, b, slot, &v))
        return;
    k.n = v.n;
    for (uint32_t i = 0; i < v.n; i++) {
        k.t[i] = t->bins[b->bin0 + i].last_t;
        k.v[i] = v.lx[i];
    }
    draw_spark(tag, &k);
    double span_h = b->last_t - b->first_t;
    if (!t->has_times || span_h < RATE_SPAN_H)
        return;
    struct pace pace = pace_of(&k, span_h);
    if (isnan(pace.mean))
        return;
    if (!isnan(pace.onset_t)) {
        tag->bytes_per_hour = pace.mean;
        /* The axis and the caller's hours differ by what a clock was set back. */
        tag->started_h = pace.onset_t + (t->now_h - t->now_t);
    }
    tag->bytes_per_hour_low = fmin(pace.low, tag->bytes_per_hour);
    tag->bytes_per_hour_high = fmax(pace.high, tag->bytes_per_hour);
}

void judge_slot(struct rank_tag *tag, const struct tally *t, const struct pooled *p,
                uint32_t slot)
{
    uint64_t key = t->slots[slot].key;
    const struct sums *s = &p->sums[slot];
    *tag = (struct rank_tag){.pool = (uint8_t)(key & 0xff)};
    for (int i = 0; i < 4; i++)
        tag->tag.b[i] = (uint8_t)(key >> (32 - 8 * i));
    struct score_input base = {
        .s = s, .axis = &p->axis, .has_times = t->has_times, .snapshots = t->settled};
    walk_edges(tag, t, slot, &base);
    struct score r = score_of(&base);
    tag->grade = r.grade;
    tag->score = r.value;
    tag->growth_bytes = r.growth;
    tag->growth_signed = r.growth_signed;
    tag->quality = r.quality;
    tag->straightness = r.straight;
    tag->line_fit = r.line;
    tag->spread = r.spread;
    tag->directness = r.direct;
    tag->recency = r.recent;
    bool has_quiet = p->axis.intervals >= 6 && p->axis.quiet_h > 0;
    tag->quiet = has_quiet ? r.quiet_direct * r.quiet_spread : NAN;
    tag->room = has_quiet ? r.room : NAN;
    tag->pace = r.pace;
    tag->judged_on_quiet = r.quiet > r.base;
    tag->steps = p->axis.steps;
    tag->steps_rising = s->rising;
    tag->rising = tag->steps > 0 ? (double)s->rising / tag->steps : NAN;
    tag->boots_growing = s->grew;
    last_figures(tag, t, slot);
    last_boot(tag, t, slot, r.rate);
    evidence_of(tag, &r, &base);
}

static void set_verdict(struct rank_tag *tag, enum verdict v, enum confidence c)
{
    tag->verdict = v;
    tag->confidence = c;
}

/* More than half of its pool, and it neither grew nor moved to speak of. */
static bool is_finished(const struct rank_tag *tag, double swing)
{
    double bytes = (double)tag->bytes;
    return tag->share_of_pool > .5 && bytes >= NOTABLE_BYTES && swing <= .05 * bytes &&
           fabs(tag->growth_signed) <= .01 * bytes;
}

void judge_class(struct rank_tag *tag, const struct tally *t, const struct pooled *p,
                 uint32_t slot)
{
    static const struct {
        enum verdict verdict;
        enum confidence confidence;
    } graded[] = {[1] = {VERDICT_GROWING, CONFIDENCE_POSSIBLE},
                  [2] = {VERDICT_GROWING, CONFIDENCE_PROBABLE},
                  [3] = {VERDICT_LEAK, CONFIDENCE_STRONG}};
    const struct sums *s = &p->sums[slot];
    double swing = s->swing, grown = tag->growth_signed;
    double rises = s->up_sq > 0 ? s->up * s->up / s->up_sq : 0;
    if (t->settled < 3)
        set_verdict(tag, VERDICT_TOO_FEW, CONFIDENCE_NONE);
    else if (tag->grade > 0)
        set_verdict(tag, graded[tag->grade].verdict, graded[tag->grade].confidence);
    else if (is_finished(tag, swing))
        set_verdict(tag, VERDICT_FINISHED, CONFIDENCE_NONE);
    else if (swing < NOTABLE_BYTES)
        set_verdict(tag, VERDICT_STEADY, CONFIDENCE_NONE);
    else if (fabs(grown) < .35 * swing)
        set_verdict(tag, VERDICT_CYCLIC, CONFIDENCE_NONE);
    else if (grown < 0)
        set_verdict(tag, VERDICT_SHRINKING, CONFIDENCE_NONE);
    else if (rises < 1.35 && tag->steps >= 5)
        set_verdict(tag, VERDICT_STEP, CONFIDENCE_NONE);
    else if (tag->recency < .35)
        set_verdict(tag, VERDICT_PLATEAU, CONFIDENCE_NONE);
    else
        set_verdict(tag, VERDICT_GROWING, CONFIDENCE_UNPROVEN);
    if (tag->verdict != VERDICT_GROWING && tag->verdict != VERDICT_LEAK)
        tag->started_h = NAN;
}
