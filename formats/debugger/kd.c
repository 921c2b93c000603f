/* SPDX-License-Identifier: MIT */
#include "formats/debugger/kd.h"

#include <string.h>

#include "formats/ascii.h"
#include "formats/when.h"

enum { PROMPT_MAX = 32, CHATTER_MAX = 200 };

bool kd_number(const char *p, size_t n, size_t *at, uint64_t *v)
{
    size_t i = *at;
    uint64_t value = 0;
    while (i < n && ascii_digit(p[i])) {
        if (!mul_u64(value, 10, &value) ||
            !add_u64(value, (uint64_t)(p[i] - '0'), &value))
            return false;
        i++;
    }
    if (i == *at)
        return false;
    *at = i;
    *v = value;
    return true;
}

bool kd_words(const char *p, size_t n, const char *const *words)
{
    size_t at = skip_blanks(p, n, 0);
    for (; *words != NULL; words++) {
        size_t len = strlen(*words);
        if (!stands_at(p, n, at, *words) || (at + len < n && p[at + len] != ' '))
            return false;
        at = skip_blanks(p, n, at + len);
    }
    return at == n;
}

/* ---- prompts and commands ---- */

size_t kd_prompt(const char *p, size_t n)
{
    for (size_t i = 0; i < n && i < PROMPT_MAX; i++) {
        if (p[i] != '>')
            continue;
        bool kd = i >= 2 && p[i - 1] == 'd' && p[i - 2] == 'k' &&
                  (i == 2 || p[i - 3] == ' ' || p[i - 3] == 'l' || p[i - 3] == '>');
        /* `0:002>`, of a program's debugger */
        size_t k = i;
        while (k > 0 && ascii_digit(p[k - 1]))
            k--;
        bool thread = k < i && k >= 2 && p[k - 1] == ':' && ascii_digit(p[k - 2]);
        if (kd || thread)
            return i + 1;
    }
    return 0;
}

bool kd_command(const char *p, size_t n, const char *name, size_t *args)
{
    size_t at = skip_blanks(p, n, kd_prompt(p, n));
    size_t len = strlen(name);
    if (n - at <= len || p[at] != '!' || !ascii_same(p + at + 1, name, len))
        return false;
    at += 1 + len;
    *args = at;
    return at == n || p[at] == ' ';
}

/* ---- chatter ---- */

/* A line of dots shows how far the debugger is. */
static bool dots(const char *p, size_t n)
{
    size_t seen = 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i] != '.' && p[i] != ' ')
            return false;
        seen += p[i] == '.';
    }
    return seen > 0;
}

bool kd_chatter(const char *p, size_t n)
{
    static const char *const openings[] = {"Using a machine size of ",
                                           "*** CacheSize too low",
                                           "Max cache size is ",
                                           "Total memory in cache ",
                                           "Number of regions cached",
                                           "counts: ",
                                           "bytes : ",
                                           "** Transition PTEs are",
                                           "** Prototype PTEs are",
                                           "Loading Kernel Symbols",
                                           "Loading User Symbols",
                                           "Loading unloaded module list",
                                           "Debug session time: ",
                                           "System Uptime: ",
                                           "Implicit thread is now",
                                           "Implicit process is now"};
    if (n > CHATTER_MAX)
        return false;
    if (kd_prompt(p, n) > 0 || dots(p, n))
        return true;
    size_t at = skip_blanks(p, n, 0);
    for (size_t i = 0; i < sizeof openings / sizeof openings[0]; i++)
        if (stands_at(p, n, at, openings[i]))
            return true;
    return text_holds(p, n, " full reads broken into ");
}

/* ---- lists of blocks ---- */

/*     ffffda0ff9791000 : tag amda, size    0x18f0, Nonpaged pool
 *     82b6d000 size:  270 previous size:    0  (Allocated)  Ntff (Protected)
 *     Scanning large pool allocation table for tag 0x61646d61 (amda) */
bool kd_block_list(const char *p, size_t n)
{
    if (n > CHATTER_MAX)
        return false;
    if (stands_at(p, n, skip_blanks(p, n, 0), "Scanning large pool allocation table"))
        return true;
    if (text_holds(p, n, " previous size: "))
        return true;
    return text_holds(p, n, " : tag ") && text_holds(p, n, ", size ") &&
           text_holds(p, n, "aged pool");
}

/* ---- the clock ---- */

bool kd_line(const struct buf *text, size_t *at, const char **p, size_t *n)
{
    if (*at >= text->n)
        return false;
    *p = (const char *)text->p + *at;
    const char *end = memchr(*p, '\n', text->n - *at);
    *n = end != NULL ? (size_t)(end - *p) : text->n - *at;
    *at += *n + 1;
    while (*n > 0 && (*p)[*n - 1] == '\r')
        (*n)--;
    return true;
}

/* `(UTC + 1:00)` */
static bool take_zone(const char *p, size_t n, int16_t *zone_min)
{
    size_t at = 4;
    uint64_t hours, minutes;
    if (!stands_at(p, n, 0, "(UTC"))
        return false;
    at = skip_blanks(p, n, at);
    if (at == n || (p[at] != '+' && p[at] != '-'))
        return false;
    const int sign = p[at] == '-' ? -1 : 1;
    at = skip_blanks(p, n, at + 1);
    if (!kd_number(p, n, &at, &hours) || at == n || p[at++] != ':' ||
        !kd_number(p, n, &at, &minutes) || at == n || p[at] != ')' || hours > 14 ||
        minutes > 59)
        return false;
    *zone_min = (int16_t)(sign * (int)(hours * 60 + minutes));
    return true;
}

static bool take_time(const char *p, size_t n, struct pool_time *t)
{
    const char *zone = memchr(p, '(', n);
    if (!when_line(p, zone != NULL ? (size_t)(zone - p) : n, t))
        return false;
    t->zone_known = zone != NULL && take_zone(zone, n - (size_t)(zone - p), &t->zone_min);
    return true;
}

/* `3 days 4:05:06.789` */
static bool take_uptime(const char *p, size_t n, int64_t *seconds)
{
    static const uint64_t most[] = {100000, 23, 59, 59};
    uint64_t v[4];
    size_t at = skip_blanks(p, n, 0);
    for (int i = 0; i < 4; i++) {
        if (!kd_number(p, n, &at, &v[i]) || v[i] > most[i])
            return false;
        if (i == 0) {
            if (!stands_at(p, n, at, " day"))
                return false;
            at += 4;
            at = skip_blanks(p, n, at + (at < n && p[at] == 's'));
        } else if (i < 3 && (at == n || p[at++] != ':')) {
            return false;
        }
    }
    *seconds = (int64_t)(((v[0] * 24 + v[1]) * 60 + v[2]) * 60 + v[3]);
    return true;
}

int kd_clock(const struct buf *lead, struct pool_snapshot *s, struct err *e)
{
    static const char session[] = "Debug session time: ", uptime[] = "System Uptime: ";
    const char *p;
    size_t n;
    struct pool_time t, found = {.source = TIME_NONE};
    for (size_t at = 0; kd_line(lead, &at, &p, &n);) {
        size_t i = skip_blanks(p, n, 0);
        if (stands_at(p, n, i, session)) {
            i += sizeof session - 1;
            if (take_time(p + i, n - i, &t))
                found = t;
        } else if (stands_at(p, n, i, uptime) && s->uptime_s < 0) {
            i += sizeof uptime - 1;
            (void)take_uptime(p + i, n - i, &s->uptime_s);
        }
    }
    if (found.source == TIME_NONE || s->time.source != TIME_NONE)
        return 0;
    s->time = found;
    return note_add(&s->notes, e, NOTE_TIME_FROM_LINE, s->line,
                    "the time is that of the debugger's session");
}
