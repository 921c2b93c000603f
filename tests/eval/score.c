/* SPDX-License-Identifier: MIT */
/* Compares a ranking with what is true:
 *
 *     score LABELS RANKING
 *
 * prints one line of NAME VALUE pairs.  Values are sums and counts of this one series, so
 * that `run` can take means over several; "-" where there is nothing to ask.
 *
 *   ap          average precision: over the leaks, the mean share of leaks down to each
 *   hit1 hit3   a leak is first; is among the first three
 *   all3        every leak, at most three of them, is among the first three
 *   p10         share of leaks among the first ten
 *   strong good called "leak"; leaks among them
 *   likely sure called "leak" or probable; leaks among them
 *   large found leaks of 64 KiB and more; called "leak" or probable
 *   boots hit extra   restarts between captures; found; made up
 *   bulk        tags against the bulk rule (half of the pool's growth: among the first
 *               three; a tenth: among the first ten), by the true growth
 *   bulk_said   the same by the share of growth that the ranking itself states
 *   pairs joined wrong   pairs of tags leaking together; of these those told as one;
 *               others told as one
 */
#include "tests/eval/ranking.h"

static void ratio(const char *name, bool known, double value)
{
    if (known)
        printf("%s %.6f ", name, value);
    else
        printf("%s - ", name);
}

static bool leaks(const struct labels *l, const struct ranking *r, unsigned i)
{
    unsigned k = r->tag[i].label;
    return k < TAGS && l->tag[k].leak;
}

static unsigned leaks_within(const struct labels *l, const struct ranking *r, unsigned n)
{
    unsigned hits = 0;
    for (unsigned i = 0; i < r->n_tags && i < n; i++)
        hits += leaks(l, r, i);
    return hits;
}

static void score_order(const struct labels *l, const struct ranking *r)
{
    double sum = 0;
    unsigned hits = 0;
    for (unsigned i = 0; i < r->n_tags; i++)
        if (leaks(l, r, i))
            sum += (double)++hits / (i + 1);
    bool any = l->leaks > 0;
    ratio("ap", any, sum / (any ? l->leaks : 1));
    ratio("hit1", any, leaks_within(l, r, 1) > 0);
    ratio("hit3", any, leaks_within(l, r, 3) > 0);
    ratio("all3", any && l->leaks <= 3, leaks_within(l, r, 3) == l->leaks);
    ratio("p10", l->leaks >= 10, leaks_within(l, r, 10) / 10.);
}

static void score_words(const struct labels *l, const struct ranking *r)
{
    unsigned strong = 0, good = 0, likely = 0, sure = 0, large = 0, found = 0;
    for (unsigned i = 0; i < r->n_tags; i++) {
        const struct ranked *t = &r->tag[i];
        strong += t->strong;
        good += t->strong && leaks(l, r, i);
        likely += t->probable;
        sure += t->probable && leaks(l, r, i);
        found += t->probable && leaks(l, r, i) && l->tag[t->label].leaked >= 65536;
    }
    for (unsigned i = 0; i < l->n_tags; i++)
        large += l->tag[i].leak && l->tag[i].leaked >= 65536;
    printf("strong %u good %u likely %u sure %u large %u found %u ", strong, good, likely,
           sure, large, found);
}

static void score_boots(const struct labels *l, const struct ranking *r)
{
    bool said[SNAPSHOTS + 1] = {false};
    unsigned at = 0, boots = 0, hit = 0, extra = 0;
    for (unsigned i = 0; i < r->n_boots && at < l->n_captures; i++) {
        at += r->boot_size[i];
        said[at < l->n_captures ? at : l->n_captures] = true;
    }
    for (unsigned j = 1; j < l->n_captures; j++) {
        bool truly = l->boot[j] != l->boot[j - 1];
        boots += truly;
        hit += truly && said[j];
        extra += !truly && said[j];
    }
    printf("boots %u hit %u extra %u ", boots, hit, extra);
}

static bool too_low(unsigned i, double share)
{
    return (share >= .5 && i >= 3) || (share >= .1 && i >= 10);
}

static void score_bulk(const struct labels *l, const struct ranking *r)
{
    unsigned truly = 0, said = 0;
    for (unsigned i = 0; i < r->n_tags; i++) {
        unsigned k = r->tag[i].label;
        truly += k < TAGS && too_low(i, l->tag[k].share);
        said += too_low(i, r->tag[i].share);
    }
    printf("bulk %u bulk_said %u ", truly, said);
}

static void score_pairs(const struct labels *l, const struct ranking *r)
{
    unsigned pairs = 0, joined = 0, wrong = 0;
    for (unsigned i = 0; i < r->n_tags; i++) {
        for (unsigned j = i + 1; j < r->n_tags; j++) {
            unsigned a = r->tag[i].label, b = r->tag[j].label;
            bool pair =
                leaks(l, r, i) && leaks(l, r, j) && l->tag[a].group == l->tag[b].group;
            bool same = r->tag[i].cohort[0] != '\0' &&
                        strcmp(r->tag[i].cohort, r->tag[j].cohort) == 0;
            pairs += pair;
            joined += pair && same;
            wrong += same && !pair;
        }
    }
    printf("pairs %u joined %u wrong %u\n", pairs, joined, wrong);
}

int main(int argc, char **argv)
{
    struct labels *l = malloc(sizeof *l);
    struct ranking *r = malloc(sizeof *r);
    const char *bad = argc != 3 || l == NULL || r == NULL ? "score LABELS RANKING"
                      : !labels_read(l, argv[1])          ? argv[1]
                      : !ranking_read(r, l, argv[2])      ? argv[2]
                                                          : NULL;
    if (bad == NULL) {
        score_order(l, r);
        score_words(l, r);
        score_boots(l, r);
        score_bulk(l, r);
        score_pairs(l, r);
    } else {
        fprintf(stderr, "score: cannot use %s\n", bad);
    }
    free(l);
    free(r);
    return bad == NULL ? 0 : 2;
}
