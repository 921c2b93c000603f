/* SPDX-License-Identifier: MIT */
#include "cli/load/load_parts.h"
#include "formats/when.h"

void load_apply_zone(const struct load *l, struct pool_time *t)
{
    if (!t->zone_known && l->o->tz_given && t->source != TIME_NONE) {
        t->zone_known = true;
        t->zone_min = l->o->tz_min;
    }
}

/* On one clock where both zones are known, else as they were written. */
static bool time_before(const struct pool_time *a, const struct pool_time *b)
{
    return a->zone_known && b->zone_known ? when_order_ms(a) < when_order_ms(b)
                                          : a->ms < b->ms;
}

bool load_in_window(const struct load *l, const struct pool_time *t)
{
    const struct options *o = l->o;
    if (o->since.source == TIME_NONE && o->until.source == TIME_NONE)
        return true;
    if (t->source == TIME_NONE || t->ambiguous)
        return false;
    return (o->since.source == TIME_NONE || !time_before(t, &o->since)) &&
           (o->until.source == TIME_NONE || !time_before(&o->until, t));
}

bool load_may_give(const void *ctx, const struct pool_time *t)
{
    const struct load *l = ctx;
    struct pool_time resolved = *t;
    if (t->source == TIME_NONE || t->ambiguous)
        return true;
    load_apply_zone(l, &resolved);
    return load_in_window(l, &resolved);
}

bool load_window_alone(const struct load *l)
{
    const struct options *o = l->o;
    return (o->since.source != TIME_NONE || o->until.source != TIME_NONE) &&
           o->time.source == TIME_NONE && o->every_ms == 0;
}
