/* SPDX-License-Identifier: MIT */
#include "formats/text/repair_log.h"

#include <string.h>

#include "formats/ascii.h"
#include "formats/text/repair.h"

/* `0` stands for a digit, `a` for a letter; returns where it ends, or 0. */
static size_t form(const char *p, size_t n, size_t i, const char *like)
{
    for (; *like != '\0'; like++, i++) {
        if (i >= n)
            return 0;
        const char c = ascii_lower(p[i]);
        const bool fits = *like == '0'   ? ascii_digit(c)
                          : *like == 'a' ? c >= 'a' && c <= 'z'
                                         : p[i] == *like;
        if (!fits)
            return 0;
    }
    return i;
}

static size_t skip_digits(const char *p, size_t n, size_t i)
{
    while (i < n && ascii_digit(p[i]))
        i++;
    return i;
}

/* Behind the seconds: a fraction, a zone. */
static size_t clock_rest(const char *p, size_t n, size_t i)
{
    if (i + 1 < n && (p[i] == '.' || p[i] == ',') && ascii_digit(p[i + 1]))
        i = skip_digits(p, n, i + 1);
    if (i < n && p[i] == 'Z')
        return i + 1;
    if (i < n && (p[i] == '+' || p[i] == '-')) {
        const size_t wide = form(p, n, i + 1, "00:00");
        const size_t end = wide > 0 ? wide : form(p, n, i + 1, "0000");
        return end > 0 ? end : i;
    }
    return i;
}

/* Where the time at i ends, or 0; *seconds: where its fraction begins, 0 = no full date.
 */
static size_t time_end(const char *p, size_t n, size_t i, size_t *seconds)
{
    static const char *const dated[] = {"0000-00-00 00:00:00", "0000-00-00T00:00:00"};
    static const char *const others[] = {"aaa 00 00:00:00", "aaa  0 00:00:00",
                                         "00:00:00"};
    *seconds = 0;
    for (size_t k = 0; k < sizeof dated / sizeof *dated; k++)
        if ((*seconds = form(p, n, i, dated[k])) > 0)
            return clock_rest(p, n, *seconds);
    for (size_t k = 0; k < sizeof others / sizeof *others; k++) {
        const size_t end = form(p, n, i, others[k]);
        if (end > 0)
            return clock_rest(p, n, end);
    }
    return 0;
}

/* A tag before its pool closes no lead, whatever it is called. */
static bool is_tag(const char *p, size_t n, size_t end)
{
    const size_t next = skip_blanks(p, n, end);
    return stands_in_any_case(p, n, next, "nonp") ||
           stands_in_any_case(p, n, next, "paged");
}

/* A word that may close a lead: `poolmon[12]:`, `[INFO]`, `WARN`, `|`, `stdout F`. */
static bool closes(const char *p, size_t n)
{
    static const char *const words[] = {"trace", "debug", "info",     "notice", "warn",
                                        "error", "fatal", "critical", "warning"};
    if (p[n - 1] == ':' || p[n - 1] == ']' || p[n - 1] == '|')
        return true;
    if (n == 1)
        return p[0] == '-' || p[0] == 'F' || p[0] == 'P';
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (strlen(words[k]) == n && stands_in_any_case(p, n, 0, words[k]))
            return true;
    return false;
}

bool log_lead(const char *p, size_t n, struct log_lead *out)
{
    *out = (struct log_lead){0};
    if (n > REPAIR_PREFIX_MAX)
        n = REPAIR_PREFIX_MAX; /* what begins behind this is no lead */
    size_t at = skip_blanks(p, n, 0), seconds;
    const bool bracket = at < n && p[at] == '[';
    at += bracket;
    size_t end = time_end(p, n, at, &seconds);
    if (end == 0)
        return false;
    if (seconds > 0) {
        out->time_at = (uint8_t)at;
        out->time_n = (uint8_t)(end - at);
    }
    if (bracket && (end == n || p[end++] != ']'))
        return false;
    if (end < n && p[end] == ':')
        end++;
    if (end >= n || p[end] != ' ')
        return false;
    out->ends[out->n++] = (uint8_t)end;
    for (unsigned k = 0; k < LOG_WORDS; k++) {
        const size_t word = skip_blanks(p, n, end);
        for (end = word; end < n && p[end] != ' ';)
            end++;
        if (end == word || end == n)
            break;
        if (closes(p + word, end - word) && !is_tag(p, n, end))
            out->ends[out->n++] = (uint8_t)end;
    }
    return true;
}

size_t log_lead_here(const char *lead, size_t lead_n, const char *p, size_t n)
{
    size_t i = 0, at = 0;
    while (i < lead_n) {
        if (at == n)
            return 0;
        if (ascii_digit(lead[i]) && ascii_digit(p[at])) {
            i = skip_digits(lead, lead_n, i);
            at = skip_digits(p, n, at);
        } else if (lead[i] == ' ' && p[at] == ' ') {
            i = skip_blanks(lead, lead_n, i);
            at = skip_blanks(p, n, at);
        } else if (lead[i++] != p[at++]) {
            return 0;
        }
    }
    return at;
}
