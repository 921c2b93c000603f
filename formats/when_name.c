/* SPDX-License-Identifier: MIT */
/* A time in a file's name. */
#include <string.h>

#include "formats/ascii.h"

#include "formats/when.h"

enum { RUNS_MAX = 24 };

/* A run of digits and the separator in front of it. */
struct run {
    const char *p;
    unsigned n;
    char sep; /* the one character between it and the run before; 0 = more, or none */
};

static size_t find_runs(const char *p, size_t n, struct run *out)
{
    size_t count = 0, last = 0;
    for (size_t i = 0; i < n;) {
        if (!ascii_digit(p[i])) {
            i++;
            continue;
        }
        size_t end = i;
        while (end < n && ascii_digit(p[end]))
            end++;
        if (count == RUNS_MAX)
            return 0;
        char sep = count > 0 && i == last + 1 ? p[last] : '\0';
        out[count++] = (struct run){p + i, (unsigned)(end - i), sep};
        last = i = end;
    }
    return count;
}

static int part(const struct run *r, unsigned from, unsigned n)
{
    int v = 0;
    for (unsigned i = from; i < from + n; i++)
        v = v * 10 + (r->p[i] - '0');
    return v;
}

static bool joined(const struct run *r)
{
    return r->sep != '\0' && strchr("-_. T@+,", r->sep) != NULL;
}

/* The clock in the runs from r on; 0, or how many runs it takes. */
static size_t name_clock(const struct run *r, size_t n, struct civil *c)
{
    if (n == 0 || !joined(&r[0]))
        return 0;
    if (r[0].n == 6 || r[0].n == 4) {
        c->hour = part(&r[0], 0, 2);
        c->minute = part(&r[0], 2, 2);
        c->second = r[0].n == 6 ? part(&r[0], 4, 2) : 0;
        return 1;
    }
    if (r[0].n != 2 || n < 2 || r[1].n != 2 || r[1].sep == '\0')
        return 0;
    c->hour = part(&r[0], 0, 2);
    c->minute = part(&r[1], 0, 2);
    if (n < 3 || r[2].n != 2 || r[2].sep != r[1].sep)
        return 2;
    c->second = part(&r[2], 0, 2);
    return 3;
}

struct name_time {
    struct pool_time t;
    size_t runs; /* digit runs that it takes */
    bool has_clock;
};

/* `poolmon.2026-09-11-09-00-00.log`: the one script that puts the day before the month
 * behind a year names its files so. */
static bool of_script(const char *name)
{
    static const char begin[] = "poolmon.", end[] = ".log";
    const size_t n = strlen(name), k = sizeof begin - 1, m = sizeof end - 1;
    return n >= k + m && memcmp(name, begin, k) == 0 && memcmp(name + n - m, end, m) == 0;
}

/* 4-2-2 and 2-2-4 dates with separators; the first number is at r. */
static bool split_date(const struct run *r, size_t n, bool script, struct name_time *out)
{
    struct civil c = {0};
    if (n < 3 || !joined(&r[1]) || r[2].sep != r[1].sep)
        return false;
    bool year_first = r[0].n == 4 && r[1].n == 2 && r[2].n == 2;
    bool year_last = r[0].n == 2 && r[1].n == 2 && r[2].n == 4;
    if (!year_first && !year_last)
        return false;
    size_t k = name_clock(r + 3, n - 3, &c);
    out->runs = 3 + k;
    out->has_clock = k > 0;
    c.year = part(&r[year_first ? 0 : 2], 0, 4);
    int a = part(&r[year_first ? 1 : 0], 0, 2), b = part(&r[year_first ? 2 : 1], 0, 2);
    if (year_last)
        return when_set_open(&out->t, &c, a, b);
    /* YYYY-DD-MM-HH-MM-SS, dashes throughout. */
    bool dashes =
        script && k == 3 && r[1].sep == '-' && r[3].sep == '-' && r[4].sep == '-';
    c.month = a;
    c.day = b;
    if (!dashes && civil_to_ms(&c, &out->t.ms))
        return true;
    return when_set_open(&out->t, &c, a, b);
}

static bool name_time_at(const struct run *r, size_t n, bool script,
                         struct name_time *out)
{
    struct civil c = {0};
    *out = (struct name_time){0};
    if (split_date(r, n, script, out))
        return true;
    *out = (struct name_time){0};
    if (r[0].n != 8 && r[0].n != 10 && r[0].n != 12 && r[0].n != 14)
        return false;
    c.year = part(&r[0], 0, 4);
    c.month = part(&r[0], 4, 2);
    c.day = part(&r[0], 6, 2);
    out->runs = 1;
    if (r[0].n > 8) {
        c.hour = part(&r[0], 8, 2);
        c.minute = r[0].n >= 12 ? part(&r[0], 10, 2) : 0;
        c.second = r[0].n == 14 ? part(&r[0], 12, 2) : 0;
        out->has_clock = true;
    } else {
        size_t k = name_clock(r + 1, n - 1, &c);
        out->runs += k;
        out->has_clock = k > 0;
    }
    return c.year >= 1980 && c.year < 2200 && civil_to_ms(&c, &out->t.ms);
}

/* Ten digits at the end, a moment from 2001 on; from 2033 on such digits rather are
 * YYYYMMDDHH. */
static bool epoch_run(const struct run *r, struct pool_time *t)
{
    int64_t v = 0;
    if (r->n != 10)
        return false;
    for (unsigned i = 0; i < 10; i++)
        v = v * 10 + (r->p[i] - '0');
    *t = (struct pool_time){.source = TIME_NAME, .ms = v * 1000, .zone_known = true};
    return v >= 1000000000 && v < 1990000000;
}

bool when_name(const char *name, struct pool_time *t)
{
    const char *base = name;
    for (const char *p = name; *p != '\0'; p++)
        if (*p == '/' || *p == '\\' || (*p == ':' && !ascii_digit(p[1])))
            base = p + 1;
    struct run runs[RUNS_MAX];
    size_t n = find_runs(base, strlen(base), runs);
    *t = (struct pool_time){0};
    if (n == 0)
        return false;
    if (epoch_run(&runs[n - 1], t))
        return true;
    *t = (struct pool_time){0};
    const bool script = of_script(base);
    struct name_time found = {0};
    size_t behind = 0;
    for (size_t i = 0; i < n;) {
        struct name_time here;
        if (!name_time_at(runs + i, n - i, script, &here)) {
            i++;
            continue;
        }
        if (behind != 0)
            return false; /* two times: which one is it? */
        found = here;
        i += here.runs;
        behind = i;
    }
    if (behind == 0 || (!found.has_clock && behind < n))
        return false;
    *t = found.t;
    t->source = TIME_NAME;
    return true;
}
