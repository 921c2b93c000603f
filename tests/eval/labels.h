/* SPDX-License-Identifier: MIT */
/* What mkeval says is true of a series, one line a capture and one a tag:
 *
 *     capture  FILE  HOURS  BOOT
 *     tag  HEX  POOL  BEHAVIOUR  LEAK  GROUP  LEAKED_BYTES  GROWTH_BYTES  LISTED
 *
 * LEAKED_BYTES is what leaked between the first and last captures of each boot,
 * GROWTH_BYTES the change of all the tag's bytes there (0 where lists of the largest rows
 * show it once at most), LISTED in how many captures it stands.  labels_read fills the caller's struct labels, which holds no other memory. */
#ifndef TESTS_EVAL_LABELS_H
#define TESTS_EVAL_LABELS_H

#include <stdio.h>
#include <string.h>

#include "tests/eval/world.h"

struct label {
    char hex[9];
    uint8_t pool;
    bool leak; /* a positive: something leaked, and the captures could show it */
    int group;
    double leaked, growth, share; /* share: of its pool's growth */
};

struct labels {
    char file[SNAPSHOTS][64];
    double hours[SNAPSHOTS];
    unsigned boot[SNAPSHOTS], n_captures;
    struct label tag[TAGS];
    unsigned n_tags, leaks;
};

static inline uint8_t pool_of(const char *word)
{
    return strcmp(word, "paged") == 0 ? POOL_PAGED : POOL_NONPAGED;
}

static inline bool labels_line(struct labels *l, const char *line)
{
    char pool[16];
    int leak;
    unsigned listed, n = l->n_captures;
    if (n < SNAPSHOTS &&
        sscanf(line, "capture %63s %lf %u", l->file[n], &l->hours[n], &l->boot[n]) == 3) {
        l->n_captures++;
        return true;
    }
    struct label *t = &l->tag[l->n_tags];
    if (l->n_tags == TAGS ||
        sscanf(line, "tag %8s %15s %*s %d %d %lf %lf %u", t->hex, pool, &leak, &t->group,
               &t->leaked, &t->growth, &listed) != 7)
        return false;
    t->pool = pool_of(pool);
    t->leak = leak != 0 && t->leaked > 0 && listed >= 2;
    l->leaks += t->leak;
    l->n_tags++;
    return true;
}

static inline bool labels_read(struct labels *l, const char *path)
{
    char line[512];
    bool fine = true;
    double grown[POOL_KINDS] = {0, 0, 0};
    FILE *f = fopen(path, "r");
    memset(l, 0, sizeof *l);
    while (f != NULL && fine && fgets(line, sizeof line, f) != NULL)
        fine = labels_line(l, line);
    fine = f != NULL && fine && l->n_captures >= 2 && l->n_tags > 0;
    if (f != NULL)
        fclose(f);
    for (unsigned i = 0; i < l->n_tags; i++)
        grown[l->tag[i].pool] += l->tag[i].growth > 0 ? l->tag[i].growth : 0;
    for (unsigned i = 0; i < l->n_tags; i++)
        if (l->tag[i].growth > 0)
            l->tag[i].share = l->tag[i].growth / grown[l->tag[i].pool];
    return fine;
}

/* TAGS when there is no such tag. */
static inline unsigned labels_find(const struct labels *l, const char *hex, uint8_t pool)
{
    unsigned i = 0;
    while (i < l->n_tags && (strcmp(l->tag[i].hex, hex) != 0 || l->tag[i].pool != pool))
        i++;
    return i < l->n_tags ? i : TAGS;
}

#endif
