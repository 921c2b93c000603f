/* SPDX-License-Identifier: MIT */
/* When will a pool reach a level?
 *
 * The total follows a trend, whose pace is known within an interval (blocks.c), and
 * swings about it by the day.  It first reaches the level on top of a swing: at the
 * earliest by the highest pace on top of the highest swing seen, at the latest by the
 * lowest pace, when the trend itself gets there. */
#include "cli/analyze/judge.h"
#include "cli/analyze/order.h"

#define RATES_NEEDED  4
#define DAY_H         24.0
#define LEAST_SPAN_H  24.0
#define FAR_AWAY_SPAN 10 /* times the span seen: beyond, nothing is known */
#define WORTHLESS     .1 /* of its margin: a pace below says no more than chance */
#define PEAK_DAYS     64

/* A pool's total over the last boot, where it is known. */
struct course_of_pool {
    double t[BINS], v[BINS];
    struct track track;
    struct cuts cuts;
    struct blocks blocks;
};

static void total_of(struct course_of_pool *c, const struct tally *t, enum pool_kind k)
{
    const struct boot *b = tally_boot(t);
    c->track = (struct track){.n = 0, .t = c->t, .v = c->v};
    for (uint32_t i = 0; i < b->n_bins; i++) {
        const struct bin *bin = &t->bins[b->bin0 + i];
        if (isnan(bin->total[k]))
            continue;
        c->t[c->track.n] = bin->last_t;
        c->v[c->track.n++] = bin->total[k];
    }
    cuts_make(&c->cuts, c->t, c->track.n);
    blocks_of(&c->blocks, &c->cuts, c->v);
}

/* When it gets there. */
struct outlook {
    double in_h, low_h, high_h; /* NAN: no telling; of high_h alone: perhaps never */
    const char *refused;
};

/* The total now, as its trend has it, and how far it swings above. */
struct swing {
    double level;
    double usual, highest; /* of the days' peaks above the trend, >= 0 */
};

static struct swing swing_of(const struct track *k, const struct pace *pace)
{
    double v[BINS], peaks[PEAK_DAYS], end = k->t[k->n - 1];
    uint32_t i, recent = 0;
    size_t n = 0, days = 0;
    while (recent < k->n && k->t[k->n - 1 - recent] > end - DAY_H)
        recent++;
    for (i = k->n - recent; i < k->n; i++)
        v[n++] = k->v[i] - pace->mean * (k->t[i] - end);
    struct swing s = {.level = order_median(v, n)};
    for (i = k->n; i > 0 && k->t[i - 1] >= pace->from_t;) {
        double from = k->t[i - 1] - DAY_H, peak = 0;
        for (; i > 0 && k->t[i - 1] > from; i--)
            peak = fmax(peak, k->v[i - 1] - pace->mean * (k->t[i - 1] - end) - s.level);
        s.highest = fmax(s.highest, peak);
        if (days < PEAK_DAYS)
            peaks[days++] = peak;
    }
    if (days > 0)
        s.usual = order_median(peaks, days);
    return s;
}

static const char *refusal(const struct rank_pool *pool, const struct pace *pace,
                           const struct tally *t, double span_h)
{
    if (pool->limit.bytes == 0)
        return REFUSED_NO_LIMIT;
    if (!t->has_times)
        return REFUSED_NO_TIMES;
    if (!pool->known)
        return REFUSED_CUT_SERIES;
    if (span_h < LEAST_SPAN_H)
        return REFUSED_SHORT_SPAN;
    if (pace->n < RATES_NEEDED)
        return REFUSED_FEW_RATES;
    if (pace->mean <= 0)
        return REFUSED_NOT_GROWING;
    return NULL;
}

/* When the track reaches `level`, which lies above its last value. */
static struct outlook foresee(const struct course_of_pool *c, const struct pace *now,
                              double level)
{
    struct outlook o = {NAN, NAN, NAN, NULL};
    const struct track *k = &c->track;
    double span_h = k->t[k->n - 1] - k->t[0];
    struct swing s = swing_of(k, now);
    double in_h = fmax(level - s.level - s.usual, 0) / now->mean;
    struct pace pace = pace_of(&c->blocks, in_h);
    if (in_h > FAR_AWAY_SPAN * span_h) {
        o.refused = REFUSED_FAR_AWAY;
    } else if (pace.mean < WORTHLESS * (pace.mean - pace.low)) {
        o.refused = REFUSED_UNCERTAIN;
    } else {
        o.in_h = in_h;
        o.low_h = fmax(level - s.level - s.highest, 0) / pace.high;
        if (level <= s.level) /* at the next peak */
            o.high_h = DAY_H;
        else if (pace.low > 0)
            o.high_h = (level - s.level) / pace.low;
    }
    return o;
}

/* What refuses a forecast for the pool refuses it for each of its levels. */
static struct outlook outlook_of(const struct rank_pool *pool,
                                 const struct course_of_pool *c, const struct pace *pace,
                                 const char *refused, uint64_t level)
{
    if (pool->limit.bytes > 0 && pool->known && pool->bytes >= level)
        return (struct outlook){0, 0, 0, NULL}; /* it stands there already */
    if (refused != NULL)
        return (struct outlook){NAN, NAN, NAN, refused};
    return foresee(c, pace, (double)level);
}

static void forecast_thresholds(struct rank_pool *pool, const struct course_of_pool *c,
                                const struct pace *pace, const char *refused,
                                enum pool_kind k, const struct rank_opts *opts)
{
    for (size_t i = 0; i < opts->n_thresholds; i++) {
        const struct pool_threshold *given = &opts->thresholds[i];
        uint64_t limit = pool->limit.bytes, free = given->free_bytes;
        if (given->pool != k || pool->n_thresholds == POOL_THRESHOLDS)
            continue;
        struct outlook o =
            outlook_of(pool, c, pace, refused, limit > free ? limit - free : 0);
        pool->thresholds[pool->n_thresholds++] =
            (struct rank_threshold){.name = given->name,
                                    .free_bytes = free,
                                    .reached_in_h = o.in_h,
                                    .reached_in_h_low = o.low_h,
                                    .reached_in_h_high = o.high_h,
                                    .refused = o.refused};
    }
}

void forecast_pool(struct rank_pool *pool, const struct tally *t, enum pool_kind k,
                   const struct rank_opts *opts)
{
    struct course_of_pool c;
    total_of(&c, t, k);
    const struct track *track = &c.track;
    double span_h = track->n > 0 ? track->t[track->n - 1] - track->t[0] : 0;
    struct pace pace = pace_of(&c.blocks, span_h);
    pool->bytes_per_hour = NAN;
    if (t->has_times && pace.n >= RATES_NEEDED)
        pool->bytes_per_hour = pace.mean;
    else if (t->has_times && span_h > 0)
        pool->bytes_per_hour = (track->v[track->n - 1] - track->v[0]) / span_h;
    const char *refused = refusal(pool, &pace, t, span_h);
    struct outlook o = outlook_of(pool, &c, &pace, refused, pool->limit.bytes);
    pool->exhausted_in_h = o.in_h;
    pool->exhausted_in_h_low = o.low_h;
    pool->exhausted_in_h_high = o.high_h;
    pool->forecast_refused = o.refused;
    forecast_thresholds(pool, &c, &pace, refused, k, opts);
}
