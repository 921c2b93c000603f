/* SPDX-License-Identifier: MIT */
/* Where things stand on a chart; pure, nobody owns anything. */
#ifndef CLI_RENDER_HTML_SCALE_H
#define CLI_RENDER_HTML_SCALE_H

#include <stddef.h>
#include <stdint.h>

/* From a value to a place between 0 and `size`; a scale of no width puts all at 0. */
struct scale {
    double from, to, size;
};
double scale_at(const struct scale *s, double v);
/* A figure that travelled as a double, held inside its type. */
uint64_t scale_whole(double v);

/* Marks at step, 2 step ... n step above zero; the last is the first at or above what
 * was asked for. */
struct ticks {
    double step;
    unsigned n;
};
/* At most `most` (2 and more) marks, of steps 1, 2, 5 times a power of ten; counts have
 * no step below 1. */
struct ticks ticks_of_count(double top, unsigned most);
/* The same of bytes: 1, 2, 5, 10 ... of a unit (bytes, K, M, G ...), or a half or quarter
 * of it. */
struct ticks ticks_of_bytes(double top, unsigned most);

#define MS_PER_HOUR INT64_C(3600000)
#define MS_PER_DAY  (24 * MS_PER_HOUR)
/* The step in milliseconds between the marks of a time axis so that there are at most
 * `most`: minutes, hours, days that people count in. */
int64_t ticks_of_time(int64_t span_ms, unsigned most);
/* The first multiple of step at or after ms. */
int64_t tick_after(int64_t ms, int64_t step);

#endif
