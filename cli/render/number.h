/* SPDX-License-Identifier: MIT */
/* Numbers for people: all rounding of the program happens here.  Every function is pure
 * and gives its text by value.
 *
 * K is KiB, rounded to the nearest, half away from zero; percent and rates as product
 * rules say (one decimal; rates none from 100 on); unknown (NAN) is "-".  No locale. */
#ifndef CLI_RENDER_NUMBER_H
#define CLI_RENDER_NUMBER_H

#include <stdint.h>

#include "cli/render/render.h"
#include "formats/pool.h"

struct num {
    char s[48];
    enum num_kind { NUM_WORDS, NUM_UINT, NUM_INT, NUM_REAL } kind; /* of what it rounds */
    union {
        uint64_t u;
        int64_t i;
        double real;
    } of;
};

#define NUM_EXACT 40
/* What was rounded, as JSON has it; "" where that is no number. */
void num_exact(const struct num *n, char out[NUM_EXACT]);

/* For columns whose header names the unit: "35819", "36678632"; human: "35.0M". */
struct num num_size(uint64_t bytes, enum units u);
struct num num_change(int64_t bytes, enum units u);       /* signed: "+28", "-1776" */
struct num num_rate(double bytes_per_hour, enum units u); /* signed: "+12.5", "+419" */
/* For sentences: "35819K", "36678632 bytes", "35.0M"; "+28K"; "+419K/h". */
struct num num_size_unit(uint64_t bytes, enum units u);
/* What is at most so much is rounded up. */
struct num num_at_most_unit(uint64_t bytes, enum units u);
struct num num_change_unit(int64_t bytes, enum units u);
struct num num_rate_unit(double bytes_per_hour, enum units u);

struct num num_count(uint64_t n);
struct num num_signed(int64_t n);                           /* "+5", "-2", "0" */
struct num num_percent(double fraction);                    /* .387 is "38.7%" */
struct num num_percent_change(int64_t change, uint64_t of); /* "+250.3%"; of 0: "-" */
struct num num_hours(double hours); /* "42.0 h"; "3.0 days" beyond 48 */
struct num num_ratio(double v);     /* one decimal below 100, none above */
struct num num_factor(double v);    /* two decimals: ".93", "1.00" */
struct num num_score(double v);     /* three significant places or more */
/* "2006-03-12 09:00", seconds and zone where there are any; "" without a time. */
struct num num_time(const struct pool_time *t);
/* The time `hours` after the series' hour 0, on the clock of `like`. */
struct num num_series_time(const struct pool_time *like, int64_t origin_ms, double hours);

/* ---- of axes ---- */

/* "0", "64M", "1.5G": a unit always, a decimal only where there is one. */
struct num num_tick_size(double bytes);
struct num num_tick_count(double n); /* "500", "500k" */
/* The clock of a mark: "09:00", or "03-12" where the day begins or steps are days. */
struct num num_tick_time(int64_t ms, int64_t step_ms);

#endif
