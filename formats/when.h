/* SPDX-License-Identifier: MIT */
/* Civil times without a zone data base, pure functions; the caller owns every buffer.
 * The same answer on every machine: no locale, no TZ, no clock.
 *
 * Numeric forms that leave day and month open set `order` (which came first); when both
 * readings exist, `ambiguous` is set, ms reads the month first and other_ms the day. */
#ifndef FORMATS_WHEN_H
#define FORMATS_WHEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/pool.h"

struct civil {
    int year, month, day, hour, minute, second, ms;
};

/* Milliseconds from 1970-01-01T00:00:00; false when no such time exists (31 February,
 * hour 24) or the year is outside 1601..9999. */
bool civil_to_ms(const struct civil *c, int64_t *ms);
void civil_from_ms(int64_t ms, struct civil *c);

#define WHEN_TEXT_MAX 40
/* RFC 3339: with `Z` or an offset where the zone is known, else without; fractions only
 * when there are any.  "" when t->source is TIME_NONE.  Returns out. */
const char *when_text(const struct pool_time *t, char out[WHEN_TEXT_MAX]);
/* Milliseconds since the epoch in UTC where the zone is known, else t->ms. */
int64_t when_order_ms(const struct pool_time *t);

/* Sets ms, order, ambiguous and other_ms of *t from the clock and year in *c and two
 * numbers, a first, that may be month and day either way round; false when no reading
 * exists. */
bool when_set_open(struct pool_time *t, struct civil *c, int a, int b);

/* What people type: 2006-03-12, 2006-03-12T09:00, 2006-03-12 09:00:30[.5], each with an
 * optional Z or +HH:MM.  Sets source TIME_OPTION. */
bool when_option(const char *text, struct pool_time *t);
/* A zone as --tz takes it: UTC, Z, +HH:MM, -HH:MM. */
bool when_zone(const char *text, int16_t *zone_min);
/* A step or span: 30s, 5m, 1h, 7d, or several in a row (1h30m). */
bool when_span(const char *text, int64_t *ms);

/* A whole line that says nothing but a time (weekday, #, rem, "Date:" aside): ISO, the
 * Get-Date forms, %DATE% %TIME% forms.  Sets source TIME_LINE; both readings when day
 * and month could be exchanged. */
bool when_line(const char *p, size_t n, struct pool_time *t);
/* What `date /t` and `time /t` print, each on its line: a day, then a clock, or the other
 * way round, few lines apart.  {0} before the first line. */
struct when_half {
    char text[40];
    size_t n;
    uint64_t line; /* of the source */
};
/* True, and *t as of when_line, when this line completes the half before it; a line that
 * is a half itself is kept in *h. */
bool when_halves(struct when_half *h, const char *p, size_t n, uint64_t line,
                 struct pool_time *t);
/* A time inside a file's base name: YYYYMMDD-HHMMSS and relatives with any separators,
 * `poolmon.YYYY-DD-MM-HH-MM-SS.log` (both readings), a trailing 10-digit epoch (zone
 * known, UTC). Sets source TIME_NAME.  Two times in one name, or a date alone: the date
 * alone counts as midnight only where the name has no other digits behind it. */
bool when_name(const char *name, struct pool_time *t);

#endif
