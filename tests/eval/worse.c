/* SPDX-License-Identifier: MIT */
/* Scores a comparison with a baseline:
 *
 *     worse LABELS LABELS_OF_BASELINE RANKING
 *
 * prints how many tags that leak in neither or both were called worse, how many of the
 * leaks that the baseline has not were found, of how many, and how many tags could not
 * be compared.  RANKING is the JSON of `poolsift rank --json -n 0 --baseline`. */
#include <stdlib.h>

#include "tests/eval/ranking.h"

int main(int argc, char **argv)
{
    struct labels *now = malloc(sizeof *now), *then = malloc(sizeof *then);
    struct ranking *r = malloc(sizeof *r);
    const char *bad = argc != 4 || now == NULL || then == NULL || r == NULL
                          ? "worse LABELS LABELS_OF_BASELINE RANKING"
                      : !labels_read(now, argv[1])     ? argv[1]
                      : !labels_read(then, argv[2])    ? argv[2]
                      : !ranking_read(r, now, argv[3]) ? argv[3]
                                                       : NULL;
    unsigned worse = 0, added = 0, found = 0, open = 0;
    for (unsigned i = 0; bad == NULL && i < r->n_tags; i++) {
        unsigned k = r->tag[i].label;
        if (k == TAGS)
            continue;
        unsigned j = labels_find(then, now->tag[k].hex, now->tag[k].pool);
        bool is_new = now->tag[k].leak && (j == TAGS || !then->tag[j].leak);
        added += is_new;
        found += is_new && r->tag[i].worse;
        worse += !is_new && r->tag[i].worse;
        open += !r->tag[i].compared;
    }
    if (bad == NULL)
        printf("worse %u added %u found %u open %u\n", worse, added, found, open);
    else
        fprintf(stderr, "worse: cannot use %s\n", bad);
    free(now);
    free(then);
    free(r);
    return bad == NULL ? 0 : 2;
}
