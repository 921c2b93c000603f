/* SPDX-License-Identifier: MIT */
/* What stands before every line of a block: marks of quotation, numbers, times, the leads
 * of logs. */
#include <string.h>

#include "formats/ascii.h"
#include "formats/text/repair.h"
#include "formats/text/repair_log.h"
#include "formats/when.h"

static bool quote_mark(char c)
{
    return c == '>' || c == '|' || c == '#' || c == '*' || c == '-' || c == '+' ||
           c == ';' || c == ':';
}

/* Length of the comment or bullet sign at i, or 0. */
static size_t mark_at(const char *p, size_t n, size_t i)
{
    static const char bullet[] = "\xe2\x80\xa2";
    if (quote_mark(p[i]))
        return 1;
    if (n - i >= 2 && p[i] == '/' && p[i + 1] == '/')
        return 2;
    if (n - i >= 3 && memcmp(p + i, bullet, 3) == 0)
        return 3;
    return 0;
}

size_t repair_prefix_length(const char *p, size_t n, bool *numbered)
{
    size_t end = 0, i = 0;
    *numbered = false;
    while (i < n) {
        size_t len = p[i] == ' ' ? 1 : mark_at(p, n, i);
        if (len == 0)
            break;
        if (p[i] != ' ')
            end = i + len;
        i += len;
    }
    if (end > 0)
        return end;
    size_t digits = i;
    while (digits < n && digits - i < 6 && ascii_digit(p[digits]))
        digits++;
    if (digits == i || digits == n)
        return 0;
    end = digits;
    if (p[end] == ':' || p[end] == '.' || p[end] == ')' || p[end] == '|')
        end++;
    if (end < n && p[end] != ' ' && p[end] != '\t')
        return 0;
    *numbered = true;
    return end;
}

/* A time, or a clock alone, and nothing else. */
static bool is_time(const char *p, size_t n)
{
    static const char day[] = "2000-01-01 ";
    char both[sizeof day + REPAIR_STAMP_MAX];
    struct pool_time t;
    if (n < 4 || n > REPAIR_STAMP_MAX || memchr(p, ':', n) == NULL)
        return false;
    memcpy(both, day, sizeof day - 1);
    memcpy(both + sizeof day - 1, p, n);
    return when_line(p, n, &t) || when_line(both, sizeof day - 1 + n, &t);
}

size_t repair_stamp_length(const char *p, size_t n)
{
    size_t from = skip_blanks(p, n, 0);
    if (from == n || (!ascii_digit(p[from]) && p[from] != '['))
        return 0;
    for (size_t end = from + 1; end < n && end <= REPAIR_STAMP_MAX; end++) {
        if (p[end] != ' ' || !is_time(p + from, end - from))
            continue;
        const bool half_day = end + 3 < n && (p[end + 1] == 'A' || p[end + 1] == 'P') &&
                              p[end + 2] == 'M' && p[end + 3] == ' ';
        return half_day && end + 3 <= REPAIR_STAMP_MAX ? end + 3 : end;
    }
    return 0;
}

/* Length of the prefix, the blank behind it excluded: its marks, a time or a lead of its
 * form; 0 = not there. */
static size_t prefix_here(const struct repair_style *s, const char *p, size_t n)
{
    if (s->logged)
        return log_lead_here(s->prefix, s->n, p, n);
    if (n < s->n)
        return 0;
    for (size_t i = 0; i < s->n; i++)
        if (p[i] != s->prefix[i] &&
            !(s->stamped && ascii_digit(p[i]) && ascii_digit(s->prefix[i])))
            return 0;
    return s->n;
}

/* True when a line behind the first has this prefix, too, before one that has not. */
static bool shared(const struct text_line *lines, size_t n,
                   const struct repair_style *style)
{
    for (size_t i = 1; i < n; i++) {
        bool also = false;
        if (style->numbered)
            (void)repair_prefix_length(lines[i].p, lines[i].n, &also);
        else
            also = prefix_here(style, lines[i].p, lines[i].n) > 0;
        if (also)
            return true;
        if (!repair_blank(lines[i].p, lines[i].n))
            break;
    }
    return false;
}

/* The longest lead that is shared: `Memory:` closes a lead as well as `poolmon:`. */
static bool learn_log(const struct text_line *lines, size_t n, struct repair_style *style)
{
    struct log_lead lead;
    if (!log_lead(lines[0].p, lines[0].n, &lead))
        return false;
    const bool stamp = repair_stamp_length(lines[0].p, lines[0].n) > 0;
    for (size_t k = lead.n; k-- > (stamp ? 1u : 0u);) {
        struct repair_style found = {.n = lead.ends[k],
                                     .logged = true,
                                     .time_at = lead.time_at,
                                     .time_n = lead.time_n};
        memcpy(found.prefix, lines[0].p, found.n);
        if (!shared(lines, n, &found))
            continue;
        *style = found;
        return true;
    }
    return false;
}

void repair_learn(const struct text_line *lines, size_t n, struct repair_style *style)
{
    *style = (struct repair_style){0};
    if (learn_log(lines, n, style))
        return;
    bool numbered = false;
    const size_t stamp = repair_stamp_length(lines[0].p, lines[0].n);
    const size_t len =
        stamp > 0 ? stamp : repair_prefix_length(lines[0].p, lines[0].n, &numbered);
    if (len == 0 || (!numbered && len > REPAIR_PREFIX_MAX))
        return;
    struct repair_style found = {
        .numbered = numbered, .stamped = stamp > 0, .time_n = (uint8_t)stamp};
    if (!numbered) {
        found.n = (uint8_t)len;
        memcpy(found.prefix, lines[0].p, len);
    }
    if (shared(lines, n, &found))
        *style = found;
}

size_t repair_prefix(const struct repair_style *s, const char *p, size_t n)
{
    size_t at = 0;
    bool numbered;
    if (s->numbered) {
        at = repair_prefix_length(p, n, &numbered);
        if (!numbered)
            return 0;
    } else if (s->n == 0 || (at = prefix_here(s, p, n)) == 0) {
        return 0;
    }
    return at < n && (p[at] == ' ' || p[at] == '\t') ? at + 1 : at;
}
