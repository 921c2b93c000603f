/* SPDX-License-Identifier: MIT */
#include "formats/when.h"

#include <stdio.h>
#include <string.h>

#include "formats/ascii.h"

static const int64_t ms_per_day = 86400000;

static bool leap(int y)
{
    return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

static int month_days(int y, int m)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return m == 2 && leap(y) ? 29 : days[m - 1];
}

/* Days from 0001-01-01 to the first of that year. */
static int64_t days_to_year(int y)
{
    int64_t n = y - 1;
    return n * 365 + n / 4 - n / 100 + n / 400;
}

enum { EPOCH_DAY = 719162, FIRST_YEAR = 1601, LAST_YEAR = 9999 };

bool civil_to_ms(const struct civil *c, int64_t *ms)
{
    if (c->year < FIRST_YEAR || c->year > LAST_YEAR || c->month < 1 || c->month > 12 ||
        c->day < 1 || c->day > month_days(c->year, c->month) || c->hour < 0 ||
        c->hour > 23 || c->minute < 0 || c->minute > 59 || c->second < 0 ||
        c->second > 59 || c->ms < 0 || c->ms > 999)
        return false;
    int64_t days = days_to_year(c->year) - EPOCH_DAY;
    for (int m = 1; m < c->month; m++)
        days += month_days(c->year, m);
    days += c->day - 1;
    int64_t seconds = (int64_t)c->hour * 3600 + c->minute * 60 + c->second;
    *ms = days * ms_per_day + seconds * 1000 + c->ms;
    return true;
}

void civil_from_ms(int64_t ms, struct civil *c)
{
    int64_t days = ms / ms_per_day, rest = ms % ms_per_day;
    if (rest < 0) {
        rest += ms_per_day;
        days--;
    }
    days += EPOCH_DAY;
    /* 400 years have 146097 days; the guess is never too late. */
    int y = 1;
    if (days > 0) {
        int64_t guess = days * 400 / 146097;
        y = (int)(guess > LAST_YEAR ? LAST_YEAR : guess);
        y = y < 1 ? 1 : y;
    }
    while (y <= LAST_YEAR && days_to_year(y + 1) <= days)
        y++;
    days -= days_to_year(y);
    *c = (struct civil){.year = y, .month = 1};
    while (c->month < 12 && days >= month_days(y, c->month))
        days -= month_days(y, c->month++);
    c->day = (int)days + 1;
    c->hour = (int)(rest / 3600000);
    c->minute = (int)(rest / 60000 % 60);
    c->second = (int)(rest / 1000 % 60);
    c->ms = (int)(rest % 1000);
}

const char *when_text(const struct pool_time *t, char out[WHEN_TEXT_MAX])
{
    out[0] = '\0';
    if (t->source == TIME_NONE)
        return out;
    struct civil c;
    civil_from_ms(t->ms, &c);
    size_t n = (size_t)snprintf(out, WHEN_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02d",
                                c.year, c.month, c.day, c.hour, c.minute, c.second);
    if (c.ms != 0 && n < WHEN_TEXT_MAX)
        n += (size_t)snprintf(out + n, WHEN_TEXT_MAX - n, ".%03d", c.ms);
    if (!t->zone_known || n >= WHEN_TEXT_MAX)
        return out;
    int z = t->zone_min;
    if (z == 0)
        (void)snprintf(out + n, WHEN_TEXT_MAX - n, "Z");
    else
        (void)snprintf(out + n, WHEN_TEXT_MAX - n, "%c%02d:%02d", z < 0 ? '-' : '+',
                       (z < 0 ? -z : z) / 60, (z < 0 ? -z : z) % 60);
    return out;
}

int64_t when_order_ms(const struct pool_time *t)
{
    const int64_t off = (int64_t)t->zone_min * 60000;
    if (!t->zone_known || (off > 0 ? t->ms < INT64_MIN + off : t->ms > INT64_MAX + off))
        return t->ms;
    return t->ms - off;
}

bool when_set_open(struct pool_time *t, struct civil *c, int a, int b)
{
    int64_t month_first = 0, day_first = 0;
    c->month = a;
    c->day = b;
    bool m = civil_to_ms(c, &month_first);
    c->month = b;
    c->day = a;
    bool d = civil_to_ms(c, &day_first);
    if (!m && !d)
        return false;
    t->ms = m ? month_first : day_first;
    if (m && d && a != b) {
        t->ambiguous = true;
        t->other_ms = day_first;
    } else if (a != b) {
        t->order = m ? ORDER_MONTH_FIRST : ORDER_DAY_FIRST;
    }
    return true;
}

/* ---- what people type ---- */

/* Exactly n digits at *p. */
static bool digits(const char **p, int n, int *v)
{
    *v = 0;
    for (int i = 0; i < n; i++) {
        if (!ascii_digit((*p)[i]))
            return false;
        *v = *v * 10 + ((*p)[i] - '0');
    }
    *p += n;
    return true;
}

static bool accept(const char **p, char c)
{
    if (**p != c)
        return false;
    (*p)++;
    return true;
}

bool when_zone(const char *text, int16_t *zone_min)
{
    if (strcmp(text, "UTC") == 0 || strcmp(text, "Z") == 0) {
        *zone_min = 0;
        return true;
    }
    const char *p = text;
    int sign = *p == '-' ? -1 : 1, h, m;
    if (*p != '+' && *p != '-')
        return false;
    p++;
    if (!digits(&p, 2, &h) || !accept(&p, ':') || !digits(&p, 2, &m) || *p != '\0' ||
        h > 15 || m > 59)
        return false;
    *zone_min = (int16_t)(sign * (h * 60 + m));
    return true;
}

static bool option_clock(const char **p, struct civil *c)
{
    if (!digits(p, 2, &c->hour) || !accept(p, ':') || !digits(p, 2, &c->minute))
        return false;
    if (!accept(p, ':'))
        return true;
    if (!digits(p, 2, &c->second))
        return false;
    if (!accept(p, '.'))
        return true;
    int scale = 100;
    if (!ascii_digit(**p))
        return false;
    for (; ascii_digit(**p); (*p)++, scale /= 10)
        c->ms += (**p - '0') * scale;
    return true;
}

bool when_option(const char *text, struct pool_time *t)
{
    struct civil c = {0};
    const char *p = text;
    *t = (struct pool_time){0};
    if (!digits(&p, 4, &c.year) || !accept(&p, '-') || !digits(&p, 2, &c.month) ||
        !accept(&p, '-') || !digits(&p, 2, &c.day))
        return false;
    bool clock = accept(&p, 'T') || accept(&p, ' ');
    if (clock && !option_clock(&p, &c))
        return false;
    if (*p != '\0') {
        if (!clock || !when_zone(p, &t->zone_min))
            return false;
        t->zone_known = true;
    }
    if (!civil_to_ms(&c, &t->ms))
        return false;
    t->source = TIME_OPTION;
    return true;
}

bool when_span(const char *text, int64_t *ms)
{
    static const struct {
        char letter;
        int64_t ms;
    } units[] = {{'s', 1000}, {'m', 60000}, {'h', 3600000}, {'d', 86400000}};
    int64_t total = 0;
    const char *p = text;
    if (*p == '\0')
        return false;
    while (*p != '\0') {
        int64_t v = 0;
        if (!ascii_digit(*p))
            return false;
        for (; ascii_digit(*p); p++) {
            v = v * 10 + (*p - '0');
            if (v > 1000000000)
                return false;
        }
        size_t u = 0;
        while (u < 4 && units[u].letter != *p)
            u++;
        if (u == 4)
            return false;
        p++;
        total += v * units[u].ms;
        if (total > (int64_t)36525 * ms_per_day)
            return false; /* a century: surely a slip */
    }
    *ms = total;
    return total > 0;
}
