/* SPDX-License-Identifier: MIT */
#include "cli/render/html/html_scale.h"

#include <math.h>

double scale_at(const struct scale *s, double v)
{
    if (s->to == s->from)
        return 0;
    return (v - s->from) / (s->to - s->from) * s->size + 0; /* no -0 */
}

uint64_t scale_whole(double v)
{
    return v >= 18446744073709549568.0 ? UINT64_MAX : v > 0 ? (uint64_t)v : 0;
}

/* The smallest of 1, 2, 5, 10 ... that is at least v >= 1. */
static double nice(double v)
{
    double power = 1;
    while (10 * power <= v)
        power *= 10;
    return v <= power       ? power
           : v <= 2 * power ? 2 * power
           : v <= 5 * power ? 5 * power
                            : 10 * power;
}

static struct ticks ticks_by(double step, double top)
{
    struct ticks t = {step, (unsigned)ceil(top / step)};
    t.n += t.n == 0;
    return t;
}

struct ticks ticks_of_count(double top, unsigned most)
{
    return ticks_by(nice(fmax(top / most, 1)), top);
}

struct ticks ticks_of_bytes(double top, unsigned most)
{
    double unit = 1, least = fmax(top / most, 1);
    while (top >= 1024 * unit)
        unit *= 1024;
    if (least >= unit)
        return ticks_by(fmin(nice(least / unit), 512) * unit, top);
    /* parts of a unit are halved, so that 2.5G does not stand above 2000M */
    double step = unit;
    while (step / 2 >= least)
        step /= 2;
    return ticks_by(step, top);
}

int64_t ticks_of_time(int64_t span_ms, unsigned most)
{
    static const int minutes[] = {1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720};
    int64_t least = span_ms / most, days = 1;
    for (unsigned i = 0; i < sizeof minutes / sizeof *minutes; i++)
        if (minutes[i] * INT64_C(60000) >= least)
            return minutes[i] * INT64_C(60000);
    while (days * MS_PER_DAY < least)
        days = days == 1 ? 2 : days == 2 ? 7 : 2 * days;
    return days * MS_PER_DAY;
}

int64_t tick_after(int64_t ms, int64_t step)
{
    int64_t rest = ms % step;
    return rest == 0 ? ms : ms - rest + (rest > 0 ? step : 0);
}
