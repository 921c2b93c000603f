/* SPDX-License-Identifier: MIT */
#include "cli/nearest.h"

#include <string.h>
#include <strings.h>

#define LETTERS_MOST 24 /* longer words are far from everything */
#define FAR          3

/* Insertions, deletions, replacements and exchanged neighbours that make b of a. */
static unsigned distance(const char *a, size_t n, const char *b, size_t m)
{
    unsigned rows[3][LETTERS_MOST + 1];
    unsigned *before = rows[0], *last = rows[1], *row = rows[2];
    for (size_t j = 0; j <= m; j++)
        last[j] = (unsigned)j;
    for (size_t i = 1; i <= n; i++) {
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= m; j++) {
            unsigned best = last[j - 1] + (a[i - 1] != b[j - 1]);
            best = last[j] + 1 < best ? last[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            row[j] = best;
        }
        unsigned *oldest = before;
        before = last;
        last = row;
        row = oldest;
    }
    return last[m];
}

void nearest_start(struct nearest *s, const char *word, size_t n)
{
    size_t all = strlen(word);
    *s = (struct nearest){.word = word, .n = n < all ? n : all, .least = FAR};
    /* Of a short word hardly anything is left when two letters change. */
    if (s->n < 4)
        s->least = FAR - 1;
}

void nearest_try(struct nearest *s, const char *candidate)
{
    size_t m = strlen(candidate);
    unsigned d;
    if (s->n < 2 || s->n > LETTERS_MOST || m > LETTERS_MOST)
        return;
    if (m == s->n && strncasecmp(s->word, candidate, m) == 0)
        d = 0;
    else if (s->n > 2 && m > s->n && strncmp(s->word, candidate, s->n) == 0)
        d = 1; /* it begins like that */
    else
        d = distance(s->word, s->n, candidate, m);
    if (d < s->least) {
        s->least = d;
        s->best = candidate;
    }
}
