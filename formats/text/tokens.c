/* SPDX-License-Identifier: MIT */
#include "formats/text/tokens.h"

#include <string.h>

#include "formats/ascii.h"
#include "formats/bytes.h"
#include "formats/when.h"

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

size_t tokens_split(const char *p, size_t n, struct token *v, size_t most)
{
    size_t k = 0;
    for (size_t i = 0; i < n;) {
        while (i < n && blank(p[i]))
            i++;
        size_t first = i;
        while (i < n && !blank(p[i]))
            i++;
        if (i == first)
            break;
        if (k < most)
            v[k] = (struct token){p + first, i - first};
        k++;
    }
    return k;
}

bool token_is(const struct token *t, const char *word)
{
    return t->n == strlen(word) && ascii_same(t->p, word, t->n);
}

bool token_begins(const struct token *t, const char *word)
{
    size_t n = strlen(word);
    return t->n >= n && ascii_same(t->p, word, n);
}

bool token_ends(const struct token *t, const char *word)
{
    size_t n = strlen(word);
    return t->n >= n && ascii_same(t->p + t->n - n, word, n);
}

const char *token_find(const struct token *t, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= t->n; i++)
        if (ascii_same(t->p + i, word, n))
            return t->p + i;
    return NULL;
}

bool token_u64(const struct token *t, uint64_t *v)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < t->n; i++) {
        if (t->p[i] < '0' || t->p[i] > '9' || !mul_u64(sum, 10, &sum) ||
            !add_u64(sum, (uint64_t)(t->p[i] - '0'), &sum))
            return false;
    }
    *v = sum;
    return t->n > 0;
}

struct token token_trim(const char *p, size_t n)
{
    while (n > 0 && blank(p[0])) {
        p++;
        n--;
    }
    while (n > 0 && blank(p[n - 1]))
        n--;
    return (struct token){p, n};
}

/* Reads exactly n digits, and the mark behind them where there is one. */
static bool fixed(const char **p, const char *end, int n, char mark, int *v)
{
    *v = 0;
    for (int i = 0; i < n; i++, ++*p) {
        if (*p == end || **p < '0' || **p > '9')
            return false;
        *v = *v * 10 + (**p - '0');
    }
    if (mark == '\0')
        return true;
    return *p < end && *(*p)++ == mark;
}

bool tokens_iso_time(const struct token *date, const struct token *time, int64_t *ms)
{
    struct civil c = {0};
    const char *p = date->p, *end = date->p + date->n;
    if (!fixed(&p, end, 4, '-', &c.year) || !fixed(&p, end, 2, '-', &c.month) ||
        !fixed(&p, end, 2, '\0', &c.day) || p != end)
        return false;
    p = time->p;
    end = time->p + time->n;
    if (!fixed(&p, end, 2, ':', &c.hour) || !fixed(&p, end, 2, ':', &c.minute) ||
        !fixed(&p, end, 2, '\0', &c.second))
        return false;
    if (p < end && *p++ != '.')
        return false;
    for (int unit = 100; p < end; p++, unit /= 10) {
        if (*p < '0' || *p > '9')
            return false;
        c.ms += (*p - '0') * unit;
    }
    return civil_to_ms(&c, ms);
}
