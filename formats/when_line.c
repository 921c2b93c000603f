/* SPDX-License-Identifier: MIT */
/* A time in a line of its own. */
#include <string.h>

#include "formats/ascii.h"

#include "formats/when.h"

/* A year of two digits, as Windows windows it. */
static int full_year(int y, unsigned digits)
{
    if (digits > 2)
        return y;
    return y < 70 ? 2000 + y : 1900 + y;
}

struct line_scan {
    const char *p;
    size_t n, i;
    int year, month, day; /* 0 = not found; month only from a name */
    int a, b;             /* numbers whose order is open, a first */
    bool open, dated, clocked, pm, am;
    bool zone_known;
    int zone_min;
    int loose[2]; /* numbers alone, beside a month name */
    unsigned loose_digits[2];
    int n_loose;
    struct civil clock;
};

/* Digits at s->i: their value and how many, at most 9. */
static int take_number(struct line_scan *s, unsigned *count)
{
    int v = 0;
    *count = 0;
    while (s->i < s->n && ascii_digit(s->p[s->i]) && *count < 9) {
        v = v * 10 + (s->p[s->i++] - '0');
        (*count)++;
    }
    return v;
}

static bool at(const struct line_scan *s, char c)
{
    return s->i < s->n && s->p[s->i] == c;
}

static bool digit_at(const struct line_scan *s, size_t i)
{
    return i < s->n && ascii_digit(s->p[i]);
}

/* Behind `h` and a colon: minutes, seconds and a fraction. */
static bool take_clock(struct line_scan *s, int hour)
{
    unsigned k;
    if (s->clocked)
        return false;
    s->clocked = true;
    s->clock.hour = hour;
    s->i++;
    s->clock.minute = take_number(s, &k);
    if (k != 2)
        return false;
    if (at(s, ':') && digit_at(s, s->i + 1)) {
        s->i++;
        s->clock.second = take_number(s, &k);
        if (k != 2)
            return false;
        if ((at(s, '.') || at(s, ',')) && digit_at(s, s->i + 1)) {
            s->i++;
            int scale = 100;
            for (; s->i < s->n && ascii_digit(s->p[s->i]); s->i++, scale /= 10)
                s->clock.ms += (s->p[s->i] - '0') * scale;
        }
    }
    if ((at(s, '+') || at(s, '-')) && digit_at(s, s->i + 1)) {
        int sign = at(s, '-') ? -1 : 1;
        s->i++;
        int h = take_number(s, &k), m = 0;
        if (k == 4) {
            m = h % 100;
            h /= 100;
        } else if (k != 2) {
            return false;
        }
        if (at(s, ':')) {
            s->i++;
            m = take_number(s, &k);
        }
        s->zone_known = h <= 15 && m <= 59;
        s->zone_min = sign * (h * 60 + m);
        return s->zone_known;
    }
    return true;
}

/* Behind the first number and a separator: the rest of a numeric date. */
static bool take_date(struct line_scan *s, int first, unsigned first_digits)
{
    const char sep = s->p[s->i++];
    unsigned k2, k3;
    int second = take_number(s, &k2);
    if (s->dated || k2 == 0 || k2 > 2 || !at(s, sep))
        return false;
    s->i++;
    int third = take_number(s, &k3);
    s->dated = true;
    if (first_digits == 4 && k3 >= 1 && k3 <= 2) {
        s->year = first;
        s->month = second;
        s->day = third;
        return true;
    }
    if (first_digits > 2 || (k3 != 4 && k3 != 2))
        return false;
    s->year = full_year(third, k3);
    if (sep == '.') { /* dots: the day always comes first */
        s->day = first;
        s->month = second;
        return true;
    }
    s->open = true;
    s->a = first;
    s->b = second;
    return true;
}

static bool take_digits(struct line_scan *s)
{
    unsigned k;
    int v = take_number(s, &k);
    if (at(s, ':') && k <= 2)
        return take_clock(s, v);
    if ((at(s, '-') || at(s, '/') || at(s, '.')) && digit_at(s, s->i + 1))
        return take_date(s, v, k);
    if (at(s, '.'))
        s->i++; /* `19. Mai` */
    if (s->n_loose == 2 || (k != 4 && k > 2))
        return false;
    s->loose[s->n_loose] = v;
    s->loose_digits[s->n_loose++] = k;
    return true;
}

static bool one_of(const char *w, size_t n, const char *const *list)
{
    for (; *list != NULL; list++)
        if (text_is(w, n, *list))
            return true;
    return false;
}

static bool take_word(struct line_scan *s)
{
    static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                         "jul", "aug", "sep", "oct", "nov", "dec"};
    static const char *const names[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};
    static const char *const aside[] = {
        "mon",    "tue",     "wed",       "thu",      "fri",    "sat",      "sun",
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
        "tues",   "thur",    "thurs",     "rem",      "date",   "time",     "timestamp",
        "at",     "on",      "the",       "current",  "is",     "snapshot", NULL};
    char w[12];
    size_t n = 0;
    const size_t from = s->i;
    while (s->i < s->n && ascii_letter(s->p[s->i])) {
        if (n == sizeof w)
            return false;
        w[n++] = ascii_lower(s->p[s->i++]);
    }
    if (n == 1 && w[0] == 't' && s->dated && !s->clocked)
        return digit_at(s, s->i);
    if ((n == 3 && (memcmp(w, "utc", 3) == 0 || memcmp(w, "gmt", 3) == 0)) ||
        (n == 1 && w[0] == 'z')) {
        s->zone_known = s->clocked;
        return s->clocked;
    }
    if (n == 2 && (memcmp(w, "am", 2) == 0 || memcmp(w, "pm", 2) == 0)) {
        s->am = w[0] == 'a';
        s->pm = w[0] == 'p';
        return s->clocked;
    }
    for (int m = 0; m < 12; m++)
        if ((n == 3 && memcmp(w, months[m], 3) == 0) || (text_is(w, n, names[m]))) {
            bool fresh = s->month == 0;
            s->month = m + 1;
            return fresh;
        }
    if (one_of(w, n, aside))
        return true;
    /* The zone letters of date(1) say nothing that holds on every machine. */
    bool upper = n >= 3 && n <= 5 && s->clocked;
    for (size_t i = from; i < s->i; i++)
        upper = upper && s->p[i] >= 'A' && s->p[i] <= 'Z';
    return upper;
}

static bool scan_line(struct line_scan *s)
{
    while (s->i < s->n) {
        char c = s->p[s->i];
        bool ok = true;
        if (ascii_digit(c))
            ok = take_digits(s);
        else if (ascii_letter(c))
            ok = take_word(s);
        else if (c != '\0' && strchr(" \t,;:#>*=-/[]()\"'", c) != NULL)
            s->i++;
        else
            ok = false;
        if (!ok)
            return false;
    }
    return s->clocked;
}

/* `May 19, 2020` and `19 May 2020`: a name and two numbers. */
static bool named_date(struct line_scan *s)
{
    if (s->dated)
        return s->n_loose == 0;
    if (s->month == 0 || s->n_loose != 2)
        return false;
    int y = s->loose_digits[0] == 4 ? 0 : 1;
    s->year = full_year(s->loose[y], s->loose_digits[y]);
    s->day = s->loose[1 - y];
    return s->loose_digits[y] != 1 && s->loose_digits[1 - y] <= 2;
}

bool when_line(const char *p, size_t n, struct pool_time *t)
{
    struct line_scan s = {.p = p, .n = n};
    *t = (struct pool_time){0};
    if (n < 10 || n > 80 || !scan_line(&s) || !named_date(&s))
        return false;
    if (s.am || s.pm) {
        if (s.clock.hour < 1 || s.clock.hour > 12)
            return false;
        s.clock.hour = s.clock.hour % 12 + (s.pm ? 12 : 0);
    }
    s.clock.year = s.year;
    s.clock.month = s.month;
    s.clock.day = s.day;
    bool ok =
        s.open ? when_set_open(t, &s.clock, s.a, s.b) : civil_to_ms(&s.clock, &t->ms);
    if (!ok) {
        *t = (struct pool_time){0};
        return false;
    }
    t->source = TIME_LINE;
    t->zone_known = s.zone_known;
    t->zone_min = (int16_t)(s.zone_known ? s.zone_min : 0);
    return true;
}

/* ---- a day and a clock on lines of their own ---- */

enum { HALVES_APART = 3 };

static bool joined(const char *a, size_t a_n, const char *b, size_t b_n,
                   struct pool_time *t)
{
    char both[2 * sizeof((struct when_half *)0)->text];
    if (a_n + 1 + b_n > sizeof both)
        return false;
    memcpy(both, a, a_n);
    both[a_n] = ' ';
    memcpy(both + a_n + 1, b, b_n);
    return when_line(both, a_n + 1 + b_n, t);
}

bool when_halves(struct when_half *h, const char *p, size_t n, uint64_t line,
                 struct pool_time *t)
{
    static const char clock[] = "00:00:00", day[] = "2000-01-01";
    struct pool_time any;
    if (n == 0 || n >= sizeof h->text)
        return false;
    if (h->n > 0 && line - h->line <= HALVES_APART && joined(h->text, h->n, p, n, t)) {
        h->n = 0;
        return true;
    }
    if (joined(p, n, clock, sizeof clock - 1, &any) ||
        joined(day, sizeof day - 1, p, n, &any)) {
        memcpy(h->text, p, n);
        h->n = n;
        h->line = line;
    }
    return false;
}
