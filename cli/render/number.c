/* SPDX-License-Identifier: MIT */
#include "cli/render/number.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "formats/io/real.h"
#include "formats/when.h"

#define KIB 1024u
/* Beyond this a double has no decimals left to show. */
#define WHOLE_FROM 9e15

static struct num text(const char *s)
{
    struct num n = {.kind = NUM_WORDS};
    (void)snprintf(n.s, sizeof n.s, "%s", s);
    return n;
}

static struct num unknown(void)
{
    return text("-");
}

static struct num of_uint(struct num n, uint64_t exact)
{
    n.kind = NUM_UINT;
    n.of.u = exact;
    return n;
}

static struct num of_int(struct num n, int64_t exact)
{
    n.kind = NUM_INT;
    n.of.i = exact;
    return n;
}

static struct num of_real(struct num n, double exact)
{
    n.kind = isfinite(exact) ? NUM_REAL : NUM_WORDS;
    n.of.real = exact;
    return n;
}

void num_exact(const struct num *n, char out[NUM_EXACT])
{
    *out = '\0';
    if (n->kind == NUM_UINT)
        (void)snprintf(out, NUM_EXACT, "%" PRIu64, n->of.u);
    if (n->kind == NUM_INT)
        (void)snprintf(out, NUM_EXACT, "%" PRId64, n->of.i);
    if (n->kind == NUM_REAL)
        real_text(out, n->of.real);
}

/* v with one decimal, half away from zero. */
static struct num one_decimal(double v, bool sign, const char *unit)
{
    struct num n = {.kind = NUM_WORDS};
    if (fabs(v) >= WHOLE_FROM) {
        (void)snprintf(n.s, sizeof n.s, sign ? "%+.3e%s" : "%.3e%s", v, unit);
        return n;
    }
    int64_t tenths = (int64_t)round(v * 10);
    uint64_t size = tenths < 0 ? (uint64_t)-tenths : (uint64_t)tenths;
    const char *mark = tenths < 0 ? "-" : sign && tenths > 0 ? "+" : "";
    (void)snprintf(n.s, sizeof n.s, "%s%" PRIu64 ".%u%s", mark, size / 10,
                   (unsigned)(size % 10), unit);
    return n;
}

/* One decimal below 100, none from there on. */
static struct num about_three(double v, bool sign, const char *unit)
{
    if (!isfinite(v))
        return unknown();
    if (round(fabs(v) * 10) < 1000 || fabs(v) >= WHOLE_FROM)
        return one_decimal(v, sign, unit);
    struct num n = {.kind = NUM_WORDS};
    int64_t whole = (int64_t)round(v);
    (void)snprintf(n.s, sizeof n.s, sign ? "%+" PRId64 "%s" : "%" PRId64 "%s", whole,
                   unit);
    return n;
}

static uint64_t to_kib(uint64_t bytes)
{
    return bytes / KIB + (bytes % KIB >= KIB / 2);
}

/* The largest unit that leaves at least 1, and what v is in it. */
static double human(double v, const char **unit)
{
    static const char *const units[] = {"", "K", "M", "G", "T", "P", "E"};
    size_t i = 0;
    while (round(fabs(v) * 10) >= 10 * KIB && i + 1 < sizeof units / sizeof *units) {
        v /= KIB;
        i++;
    }
    *unit = units[i];
    return v;
}

static struct num size_text(uint64_t bytes, const char *sign, enum units u, bool unit)
{
    struct num n = {.kind = NUM_WORDS};
    if (u == UNITS_K) {
        uint64_t k = to_kib(bytes);
        (void)snprintf(n.s, sizeof n.s, "%s%" PRIu64 "%s", k > 0 ? sign : "", k,
                       unit ? "K" : "");
        return n;
    }
    if (u == UNITS_BYTES || bytes < KIB) {
        (void)snprintf(n.s, sizeof n.s, "%s%" PRIu64 "%s", bytes > 0 ? sign : "", bytes,
                       !unit        ? ""
                       : bytes == 1 ? " byte"
                                    : " bytes");
        return n;
    }
    const char *suffix;
    double v = human((double)bytes, &suffix);
    struct num amount = one_decimal(v, false, suffix);
    (void)snprintf(n.s, sizeof n.s, "%s%.40s", sign, amount.s);
    return n;
}

static struct num change_text(int64_t bytes, enum units u, bool unit)
{
    uint64_t size = bytes < 0 ? ~(uint64_t)bytes + 1 : (uint64_t)bytes;
    return size_text(size, bytes < 0 ? "-" : "+", u, unit);
}

static struct num rate_text(double rate, enum units u, bool unit)
{
    if (!isfinite(rate))
        return unknown();
    if (u == UNITS_K)
        return about_three(rate / KIB, true, unit ? "K/h" : "");
    if (u == UNITS_BYTES)
        return about_three(rate, true, unit ? " bytes/h" : "");
    const char *suffix;
    double v = human(rate, &suffix);
    struct num n = about_three(v, true, suffix);
    size_t used = strlen(n.s);
    if (unit)
        (void)snprintf(n.s + used, sizeof n.s - used, "%s/h",
                       *suffix == '\0' ? " bytes" : "");
    return n;
}

struct num num_size(uint64_t bytes, enum units u)
{
    return of_uint(size_text(bytes, "", u, false), bytes);
}

struct num num_size_unit(uint64_t bytes, enum units u)
{
    return of_uint(size_text(bytes, "", u, true), bytes);
}

struct num num_at_most_unit(uint64_t bytes, enum units u)
{
    uint64_t part = bytes % 1024;
    bool up = u == UNITS_K && part > 0 && bytes <= UINT64_MAX - 1024;
    return of_uint(num_size_unit(up ? bytes + 1024 - part : bytes, u), bytes);
}

struct num num_change(int64_t bytes, enum units u)
{
    return of_int(change_text(bytes, u, false), bytes);
}

struct num num_change_unit(int64_t bytes, enum units u)
{
    return of_int(change_text(bytes, u, true), bytes);
}

struct num num_rate(double bytes_per_hour, enum units u)
{
    return of_real(rate_text(bytes_per_hour, u, false), bytes_per_hour);
}

struct num num_rate_unit(double bytes_per_hour, enum units u)
{
    return of_real(rate_text(bytes_per_hour, u, true), bytes_per_hour);
}

struct num num_count(uint64_t v)
{
    struct num n = {.kind = NUM_WORDS};
    (void)snprintf(n.s, sizeof n.s, "%" PRIu64, v);
    return of_uint(n, v);
}

struct num num_signed(int64_t v)
{
    struct num n = {.kind = NUM_WORDS};
    (void)snprintf(n.s, sizeof n.s, v > 0 ? "+%" PRId64 : "%" PRId64, v);
    return of_int(n, v);
}

struct num num_percent(double fraction)
{
    if (!isfinite(fraction))
        return unknown();
    return of_real(one_decimal(fraction * 100, false, "%"), fraction);
}

struct num num_percent_change(int64_t change, uint64_t of)
{
    if (of == 0)
        return unknown();
    double part = (double)change / (double)of;
    return of_real(one_decimal(part * 100, true, "%"), part);
}

struct num num_hours(double hours)
{
    if (!isfinite(hours))
        return unknown();
    if (round(fabs(hours) * 10) > 480)
        return of_real(one_decimal(hours / 24, false, " days"), hours);
    if (hours != 0 && round(fabs(hours) * 10) < 1) {
        struct num n = {.kind = NUM_WORDS};
        (void)snprintf(n.s, sizeof n.s, "%d s", (int)round(hours * 3600));
        return of_real(n, hours);
    }
    return of_real(one_decimal(hours, false, " h"), hours);
}

struct num num_ratio(double v)
{
    return of_real(about_three(v, false, ""), v);
}

struct num num_factor(double v)
{
    if (!isfinite(v))
        return unknown();
    struct num n = {.kind = NUM_WORDS};
    int hundredths = (int)round(fmin(fmax(v, 0), 9.99) * 100);
    if (hundredths < 100)
        (void)snprintf(n.s, sizeof n.s, ".%02d", hundredths);
    else
        (void)snprintf(n.s, sizeof n.s, "%d.%02d", hundredths / 100, hundredths % 100);
    return of_real(n, v);
}

struct num num_score(double v)
{
    if (isfinite(v) && v > 0 && v < 1)
        return num_factor(v);
    return of_real(about_three(v, false, ""), v);
}

struct num num_time(const struct pool_time *t)
{
    char iso[WHEN_TEXT_MAX];
    struct num n = text(when_text(t, iso));
    char *mark = strchr(n.s, 'T');
    if (mark == NULL)
        return n;
    *mark = ' ';
    /* A time on the full minute is written without its seconds. */
    char *rest = mark + 6;
    if (strncmp(rest, ":00", 3) == 0 && rest[3] != '.')
        memmove(rest, rest + 3, strlen(rest + 3) + 1);
    size_t len = strlen(n.s);
    if (len > 0 && n.s[len - 1] == 'Z')
        (void)snprintf(n.s + len - 1, sizeof n.s - len + 1, " UTC");
    return n;
}

struct num num_series_time(const struct pool_time *like, int64_t origin_ms, double hours)
{
    if (like->source == TIME_NONE || !isfinite(hours))
        return text("");
    struct pool_time t = *like;
    double ms = (double)origin_ms + round(hours * 3600e3);
    if (!(ms >= (double)TIME_MS_FIRST && ms <= (double)TIME_MS_LAST))
        return text("");
    t.ambiguous = false;
    t.ms = (int64_t)ms;
    return num_time(&t);
}

/* ---- axes ---- */

struct num num_tick_size(double bytes)
{
    const char *unit;
    /* the mark above the largest figure there is */
    double v = human(fmin(fmax(bytes, 0), 2 * (double)UINT64_MAX), &unit);
    struct num n = {.kind = NUM_WORDS};
    /* steps are quarters of a unit at the least */
    (void)snprintf(n.s, sizeof n.s, "%.2f", v);
    size_t len = strlen(n.s);
    while (len > 1 && n.s[len - 1] == '0')
        n.s[--len] = '\0';
    if (n.s[len - 1] == '.')
        n.s[--len] = '\0';
    if (v > 0)
        (void)snprintf(n.s + len, sizeof n.s - len, "%s", *unit != '\0' ? unit : "B");
    return n;
}

struct num num_tick_count(double n)
{
    struct num t = {.kind = NUM_WORDS};
    bool thousands = n >= 10000;
    if (n >= 1e10) /* as wide as an axis, whatever a file claims */
        (void)snprintf(t.s, sizeof t.s, "%.0e", n);
    else
        (void)snprintf(t.s, sizeof t.s, "%.0f%s", thousands ? n / 1000 : n,
                       thousands ? "k" : "");
    return t;
}

struct num num_tick_time(int64_t ms, int64_t step_ms)
{
    struct civil c;
    struct num n = {.kind = NUM_WORDS};
    civil_from_ms(ms, &c);
    if (step_ms >= 182 * INT64_C(86400000)) /* a day of which year? */
        (void)snprintf(n.s, sizeof n.s, "%04d-%02d", c.year, c.month);
    else if (step_ms >= INT64_C(86400000) || (c.hour == 0 && c.minute == 0))
        (void)snprintf(n.s, sizeof n.s, "%02d-%02d", c.month, c.day);
    else
        (void)snprintf(n.s, sizeof n.s, "%02d:%02d", c.hour, c.minute);
    return n;
}
