/* SPDX-License-Identifier: MIT */
#include "formats/table/table_units.h"

#include <string.h>

#include "formats/ascii.h"
#include "formats/bytes.h"
#include "formats/text/cells.h"

/* Steps over emphasis and code marks, and blanks. */
static size_t skip_marks(const char *p, size_t n, size_t i)
{
    while (i < n && (p[i] == ' ' || p[i] == '*' || p[i] == '`'))
        i++;
    return i;
}

/* What stands before a figure. */
static size_t skip_signs(const char *p, size_t n, size_t i, struct table_figure *f)
{
    static const char *const about[] = {"~", "\xe2\x89\x88", "\xe2\x89\xa5", ">",
                                        "<", "ca. ",         "about "};
    for (bool again = true; again;) {
        again = false;
        i = skip_marks(p, n, i);
        for (size_t k = 0; k < sizeof about / sizeof about[0]; k++)
            if (stands_at(p, n, i, about[k])) {
                f->about = again = true;
                i += strlen(about[k]);
            }
        if (stands_at(p, n, i, "+")) {
            f->plus = again = true;
            i++;
        } else if (stands_at(p, n, i, "-") || stands_at(p, n, i, "\xe2\x88\x92")) {
            f->minus = again = true;
            i += p[i] == '-' ? 1 : 3;
        }
    }
    return i;
}

/* ---- digits in groups ---- */

enum { GROUPS_MAX = 8 };

struct groups {
    size_t n;
    size_t at[GROUPS_MAX], len[GROUPS_MAX];
    char mark[GROUPS_MAX]; /* before that group */
};

static size_t take_groups(const char *p, size_t n, size_t i, bool blanks,
                          struct groups *g)
{
    g->n = 0;
    while (i < n && ascii_digit(p[i]) && g->n < GROUPS_MAX) {
        g->at[g->n] = i;
        while (i < n && ascii_digit(p[i]))
            i++;
        g->len[g->n] = i - g->at[g->n];
        g->n++;
        if (i + 1 >= n || !ascii_digit(p[i + 1]) || g->n == GROUPS_MAX)
            break;
        char c = p[i];
        if (c != ',' && c != '.' && c != '\'' && c != '_' && !(blanks && c == ' '))
            break;
        g->mark[g->n] = c;
        i++;
    }
    return i;
}

/* True when the groups 1 .. last are thousands behind one kind of mark. */
static bool thousands(const struct groups *g, size_t last)
{
    if (g->len[0] > 3)
        return false;
    for (size_t k = 1; k <= last; k++)
        if (g->len[k] != 3 || g->mark[k] != g->mark[1])
            return false;
    return true;
}

/* Which group is the fraction: g->n for none, 0 when the groups make no number. */
static size_t fraction(const struct groups *g, bool fractions)
{
    if (g->n <= 1)
        return g->n;
    size_t last = g->n - 1;
    bool point = g->mark[last] == '.' || g->mark[last] == ',';
    bool lone_point = last == 1 && g->mark[1] == '.';
    if (thousands(g, last) && !(lone_point && fractions))
        return g->n;
    bool other_mark = last == 1 || g->mark[last] != g->mark[1];
    return point && other_mark && (last == 1 || thousands(g, last - 1)) ? last : 0;
}

static bool take_digits(const char *p, const struct groups *g, size_t from_fraction,
                        struct table_figure *f)
{
    for (size_t k = 0; k < g->n; k++)
        for (size_t i = 0; i < g->len[k]; i++) {
            uint64_t v;
            if (!mul_u64(f->digits, 10, &v) ||
                !add_u64(v, (uint64_t)(p[g->at[k] + i] - '0'), &f->digits))
                return false;
        }
    if (from_fraction < g->n) {
        if (g->len[from_fraction] > 9)
            return false;
        f->decimals = (uint8_t)g->len[from_fraction];
    }
    return true;
}

/* ---- what stands behind the digits ---- */

/* Words that multiply a count; 0 for none. */
static uint64_t multiple(const char *p, size_t n)
{
    static const struct {
        const char *word;
        uint64_t v;
    } t[] = {{"thousand", 1000},
             {"million", 1000 * 1000},
             {"mio", 1000 * 1000},
             {"billion", 1000 * 1000 * 1000}};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
        if (text_is(p, n, t[i].word))
            return t[i].v;
    return 0;
}

static void take_suffix(const char *p, size_t n, struct table_figure *f)
{
    size_t i = f->end;
    if (i < n && p[i] == ' ')
        i++;
    if (i < n && p[i] == '%') {
        f->percent = true;
        f->end = i + 1;
        return;
    }
    size_t from = i;
    while (i < n && ascii_letter(p[i]))
        i++;
    uint64_t times = multiple(p + from, i - from);
    if (i - from > 0 && table_unit_word(p + from, i - from, &f->unit)) {
        f->has_unit = true;
        f->end = i;
    } else if (times > 1 && mul_u64(f->digits, times, &f->digits)) {
        f->about = true;
        f->end = i;
    }
    i = f->end;
    f->rate = stands_at(p, n, i, "/") && i + 1 < n && strchr("hsmd", p[i + 1]) != NULL;
    if (stands_at(p, n, i, " per ")) {
        struct table_words w;
        table_words(p + i, n - i, &w);
        f->rate = w.per_span;
    }
}

static bool says_none(const char *p, size_t n)
{
    static const char *const words[] = {
        "",    "-",   "--", "\xe2\x80\x93", "\xe2\x80\x94", "?",
        "n/a", "N/A", "na", "null",         "\xe2\x80\xa6", "..."};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (text_is(p, n, words[i]))
            return true;
    return false;
}

enum figure_kind table_figure(const char *p, size_t n, bool fractions, bool blanks,
                              struct table_figure *f)
{
    struct groups g;
    *f = (struct table_figure){0};
    while (n > 0 && (p[n - 1] == ' ' || p[n - 1] == '*' || p[n - 1] == '`'))
        n--;
    size_t i = skip_marks(p, n, 0);
    if (says_none(p + i, n - i))
        return FIGURE_UNKNOWN;
    if (stands_at(p, n, i, "~~")) /* struck out */
        return FIGURE_NONE;
    i = skip_signs(p, n, i, f);
    f->end = take_groups(p, n, i, blanks, &g);
    if (g.n == 0)
        return FIGURE_NONE;
    /* `0x12`, `3.2.1`, `12abc` are no figures. */
    size_t part = fraction(&g, fractions);
    if (part == 0 || !take_digits(p, &g, part, f))
        return FIGURE_NONE;
    size_t bare = f->end;
    take_suffix(p, n, f);
    /* `1.500 GB`: who counts in GB writes no thousands of them with a point. */
    part = fraction(&g, fractions || (f->has_unit && f->unit.power > 0));
    f->decimals = part < g.n ? (uint8_t)g.len[part] : 0;
    if (f->end == bare && bare < n &&
        (ascii_letter(p[bare]) || ascii_digit(p[bare]) || p[bare] == '.' ||
         p[bare] == ':' || p[bare] == '-'))
        return FIGURE_NONE;
    while (f->end < n && (p[f->end] == '*' || p[f->end] == '`'))
        f->end++;
    return FIGURE_READ;
}

/* ---- what the cell says behind all that ---- */

/* True when a figure follows a sign or word that joins it with the one before. */
static bool joins_figure(const char *p, size_t n, size_t i)
{
    static const char *const joints[] = {"*",   "^",   "/",           "+",
                                         "-",   "=",   "x",           "X",
                                         "to ", "of ", "\xc3\x97",    "\xe2\x80\x93",
                                         "->",  "=>",  "\xe2\x86\x92"};
    for (size_t k = 0; k < sizeof joints / sizeof joints[0]; k++) {
        if (!stands_at(p, n, i, joints[k]))
            continue;
        const size_t at = skip_blanks(p, n, i + strlen(joints[k]));
        if (at < n && (ascii_digit(p[at]) || p[at] == '~'))
            return true;
    }
    /* a quarter, a half, three quarters */
    return n - i > 1 && (uint8_t)p[i] == 0xc2 && (uint8_t)p[i + 1] >= 0xbc &&
           (uint8_t)p[i + 1] <= 0xbe;
}

/* Words that multiply in ways that are not read: pages, bits, units of other languages.
 */
static bool foreign_unit(const char *p, size_t n, size_t i)
{
    static const char *const words[] = {"page", "pages", "ko",   "mo",   "go",
                                        "kbit", "mbit",  "gbit", "mbps", "bn",
                                        "mrd",  "mia",   "lakh", "crore"};
    size_t end = i;
    while (end < n && ascii_letter(p[end]))
        end++;
    const struct cell c = {.p = p + i, .n = end - i};
    for (size_t k = 0; k < sizeof words / sizeof words[0]; k++)
        if (cell_is(&c, words[k]))
            return true;
    return false;
}

enum rest_kind table_rest(const char *p, size_t n, struct table_figure *f)
{
    size_t i = f->end;
    if (i + 1 == n && p[i] == '+') {
        f->about = true;
        return REST_NONE;
    }
    while (n > i && (p[n - 1] == ' ' || p[n - 1] == '*' || p[n - 1] == '`'))
        n--;
    i = skip_blanks(p, n, i);
    if (i == n)
        return REST_NONE;
    if (stands_at(p, n, i, "\xe2\x80\xa6") || stands_at(p, n, i, ".."))
        return REST_FIGURE;               /* digits were cut off */
    if (i == f->end && ascii_digit(p[i])) /* `1100*128`: the mark was no emphasis */
        return REST_FIGURE;
    if (joins_figure(p, n, i) || (!f->has_unit && foreign_unit(p, n, i)))
        return REST_FIGURE;
    struct table_words w;
    table_words(p + i, n - i, &w);
    if (stands_at(p, n, i, "hourly") || stands_at(p, n, i, "daily") ||
        ((w.all & WORD_SPAN) && (stands_at(p, n, i, "a ") || stands_at(p, n, i, "an ") ||
                                 stands_at(p, n, i, "each "))))
        return REST_RATE;
    return REST_WORDS;
}

bool table_value(const struct table_figure *f, uint64_t scale, uint64_t *v, bool *rounded)
{
    uint64_t tens = 1;
    for (unsigned i = 0; i < f->decimals; i++)
        tens *= 10;
    *rounded = f->about || scale > 1 || f->digits % tens != 0;
    if (!mul_u64(f->digits, scale, v) || !add_u64(*v, tens / 2, v))
        return false;
    *v /= tens;
    return true;
}
