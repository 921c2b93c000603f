/* SPDX-License-Identifier: MIT */
/* One slot's tally into one line of the ranking. */
#include "cli/analyze/judge.h"

#define RATE_SPAN_H 24.0 /* below, the last boot's blocks show the hour of the day */

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
static void walk_edges(struct rank_tag *tag, const struct tally *t,
                       const struct pooled *p, uint32_t slot, struct score_input *base)
{
    const struct past *past = &t->pasts[slot];
    base->pace_num = past->pace_num;
    base->pace_den = past->pace_den;
    tag->boots_seen = past->seen_boots;
    for (size_t i = t->oldest_is_many; i < t->n_boots; i++) {
        struct edge edge = boot_edge(t, &t->boots[i], slot);
        pace_add(t, &t->boots[i], &edge, &base->pace_num, &base->pace_den);
        few_add(&base->few, &t->boots[i], &edge, p->age_h[i]);
        tag->boots_seen += edge.high_x > 0;
    }
    struct edge now = boot_edge(t, tally_boot(t), slot);
    bool sized = now.first_x != UNKNOWN && now.last_x != UNKNOWN;
    bool counted = now.first_c != UNKNOWN && now.last_c != UNKNOWN;
    double x = sized ? figure_or_0(now.last_x) - figure_or_0(now.first_x) : 0;
    double c = counted ? figure_or_0(now.last_c) - figure_or_0(now.first_c) : 0;
    tag->bytes_change = whole_number(x);
    tag->live_change = whole_number(c);
    x += past->changed_x;
    c += past->changed_c;
    base->objects = c;
    tag->bytes_per_new_alloc = c > 0 && (sized || x > 0) ? x / c : NAN;
}

static double all_even_gain(const struct tally *t, const struct pooled *p, uint32_t slot)
{
    double sum = t->pasts[slot].even_gain;
    for (size_t i = t->oldest_is_many; i < t->n_boots; i++) {
        struct edge edge = boot_edge(t, &t->boots[i], slot);
        sum += even_gain(&t->boots[i], &edge, p->age_h[i]);
    }
    return sum;
}

static void last_figures(struct rank_tag *tag, const struct tally *t, uint32_t slot)
{
    const struct slot *s = &t->slots[slot];
    const struct past *past = &t->pasts[slot];
    tag->bytes_known = s->x >= 0 || (s->x == ABSENT && !tally_top_n(t));
    bool counts = (s->now.fields & ROW_LIVE) != 0; /* else the count is an older one */
    tag->live_known =
        past->counted && (s->c == ABSENT ? !tally_top_n(t) : s->c >= 0 && counts);
    tag->bytes = exact(s->x, s->now.bytes);
    tag->live = past->counted ? exact(s->c, s->now.live) : 0;
    tag->wrapped = past->wrapped;
    tag->has_bytes_delta = past->has_delta && s->here;
    tag->bytes_delta = tag->has_bytes_delta ? past->bytes_delta : 0;
    tag->freed =
        past->allocated > 0 ? (double)past->freed / (double)past->allocated : NAN;
}

/* The pace of the last boot, where it is long enough for blocks. */
static void take_pace(struct rank_tag *tag, const struct tally *t,
                      const struct pace *pace)
{
    if (isnan(pace->mean))
        return;
    if (!isnan(pace->onset_t)) {
        tag->bytes_per_hour = pace->mean;
        /* The axis and the caller's hours differ by what a clock was set back. */
        tag->started_h = pace->onset_t + (t->now_h - t->now_t);
    }
    tag->bytes_per_hour_low = fmin(pace->low, tag->bytes_per_hour);
    tag->bytes_per_hour_high = fmax(pace->high, tag->bytes_per_hour);
}

static struct tempo tempo_by_blocks(const struct rank_tag *tag)
{
    return (struct tempo){tag->bytes_per_hour, tag->bytes_per_hour_low,
                          tag->bytes_per_hour_high};
}

static void judge_still(struct rank_tag *tag, const struct tally *t,
                        const struct calendar *cal, double bytes)
{
    tag->n_spark = cal->n_spark;
    for (int i = 0; i < cal->n_spark; i++)
        tag->spark[i] = bytes;
    if (cal->span_h >= RATE_SPAN_H)
        take_pace(tag, t, &cal->still);
    tag->tempo = tempo_by_blocks(tag);
    tempo_narrow(&tag->tempo, &cal->still_tempo);
}

static void judge_moving(struct rank_tag *tag, const struct tally *t,
                         const struct calendar *cal, uint32_t slot)
{
    struct course v;
    struct blocks f;
    bool shown = course_of(t, tally_boot(t), slot, &v);
    if (shown) {
        tag->n_spark = cal->n_spark;
        for (int i = 0; i < cal->n_spark; i++)
            tag->spark[i] = v.lx[cal->spark[i]];
    }
    if (shown && cal->span_h >= RATE_SPAN_H) {
        blocks_of(&f, &cal->cuts, v.lx);
        struct pace pace = pace_of(&f, cal->span_h);
        take_pace(tag, t, &pace);
    }
    tag->tempo = tempo_of(tempo_by_blocks(tag), t, cal, slot, shown ? &v : NULL, &f);
}

/* `rate` is the mean pace over all boots.  Where the last boot is long enough for
 * blocks, they give the interval, and the pace too when it began only inside that boot.
 */
static void last_boot(struct rank_tag *tag, const struct tally *t,
                      const struct calendar *cal, uint32_t slot, double rate)
{
    double bytes;
    tag->started_h = tag->bytes_per_hour_low = tag->bytes_per_hour_high = NAN;
    tag->bytes_per_hour = t->has_times ? rate : NAN;
    if (calendar_still(t, slot, &bytes))
        judge_still(tag, t, cal, bytes);
    else
        judge_moving(tag, t, cal, slot);
}

static void judge_ways(struct rank_tag *tag, const struct score *r,
                       const struct score_input *in)
{
    const struct axis_sums *a = in->axis;
    tag->judged = r->judged;
    tag->judged_on_quiet = r->judged == JUDGED_QUIET;
    tag->work = axis_has_quiet(a) ? r->work_straight : NAN;
    tag->wave = axis_has_quiet(a) ? r->wave_straight : NAN;
    tag->boots_judged = r->judged == JUDGED_SINCE ? in->since->boots : a->boots;
}

/* Ends of a stretch lie between captures; more digits would only look exact. */
static double to_minute(double hours)
{
    return round(hours * 60) / 60;
}

void judge_slot(struct rank_tag *tag, const struct tally *t, const struct pooled *p,
                const struct calendar *cal, uint32_t slot)
{
    uint64_t key = t->keys[slot].key;
    const struct sums *s = &p->sums[slot];
    *tag = (struct rank_tag){.pool = (uint8_t)(key & 0xff)};
    for (int i = 0; i < 4; i++)
        tag->tag.b[i] = (uint8_t)(key >> (32 - 8 * i));
    struct score_input base = {.s = s,
                               .axis = &p->axis,
                               .since = p->since != NULL ? &p->since[slot] : NULL,
                               .has_times = t->has_times,
                               .snapshots = t->settled};
    base.age_known = !p->age_assumed;
    walk_edges(tag, t, p, slot, &base);
    double pool_grown = p->grown[tag->pool];
    base.even_gain = all_even_gain(t, p, slot);
    base.share = pool_grown > 0 ? figure_or_0(s->net) / pool_grown : 0;
    struct score r = score_of(&base);
    tag->grade = r.grade;
    tag->score = r.value;
    tag->growth_bytes = figure_or_0(s->net);
    tag->share_of_growth = pool_grown > 0 ? tag->growth_bytes / pool_grown : NAN;
    tag->growth_signed = r.growth_signed;
    tag->quality = r.quality;
    tag->straightness = r.straight;
    tag->line_fit = r.line;
    tag->spread = r.spread;
    tag->directness = r.direct;
    tag->recency = r.recent;
    bool has_quiet = axis_has_quiet(&p->axis);
    tag->quiet = has_quiet ? r.quiet_direct * r.quiet_spread : NAN;
    tag->room = has_quiet ? r.room : NAN;
    tag->pace = r.pace;
    tag->since_boot = t->settled <= FEW ? r.since_boot : NAN;
    judge_ways(tag, &r, &base);
    tag->gained = r.gained;
    tag->ramp = s->ramp_grown > 0 ? s->ramp_proven / s->ramp_grown : 0;
    bool stretch = r.judged == JUDGED_RAMP;
    double set_back = t->now_h - t->now_t; /* by which clocks were */
    tag->ramp_from_h = stretch ? to_minute(s->ramp_from_t + set_back) : NAN;
    tag->ramp_to_h = stretch ? to_minute(s->ramp_to_t + set_back) : NAN;
    tag->steps = p->axis.steps;
    tag->steps_rising = s->rising;
    tag->rising = tag->steps > 0 ? (double)s->rising / tag->steps : NAN;
    tag->boots_growing = s->grew;
    last_figures(tag, t, slot);
    last_boot(tag, t, cal, slot, r.rate);
    if (r.judged == JUDGED_SINCE && isnan(tag->started_h) && t->has_times)
        tag->started_h = t->boots[base.since->boot].start_h;
    tag->allocs_per_hour = t->has_times && p->axis.hours > 0
                               ? (double)t->pasts[slot].allocated / p->axis.hours
                               : NAN;
    evidence_of(tag, &r, &base);
}

static void set_verdict(struct rank_tag *tag, enum verdict v, enum confidence c)
{
    tag->verdict = v;
    tag->confidence = c;
}

/* The stretch that proves it lies behind: nothing came since, nor in a later boot. */
static bool has_ended(const struct rank_tag *tag, const struct tally *t,
                      const struct sums *s)
{
    double stretch = s->ramp_to_t - s->ramp_from_t;
    bool in_last_boot = s->ramp_from_t >= tally_boot(t)->first_t;
    return tag->judged == JUDGED_RAMP && t->now_t - s->ramp_to_t > .25 * stretch &&
           (in_last_boot || (double)tag->bytes_change <= .1 * s->ramp_grown);
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
    /* What grows no more is not graded, whatever it proves of the past. */
    bool ended = has_ended(tag, t, s);
    int proven = tag->grade;
    tag->grade = ended ? 0 : proven;
    if (t->settled < SERIES_SNAPSHOTS)
        set_verdict(tag, VERDICT_TOO_FEW, CONFIDENCE_NONE);
    else if (proven >= 2 && ended)
        set_verdict(tag, VERDICT_FINISHED, CONFIDENCE_NONE);
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
    else if (rises < ONE_RISE && tag->steps >= LEAK_STEPS)
        set_verdict(tag, VERDICT_STEP, CONFIDENCE_NONE);
    else if (tag->recency < .35)
        set_verdict(tag, VERDICT_PLATEAU, CONFIDENCE_NONE);
    else
        set_verdict(tag, VERDICT_GROWING, CONFIDENCE_UNPROVEN);
    if (tag->verdict != VERDICT_GROWING && tag->verdict != VERDICT_LEAK)
        tag->started_h = NAN;
}
