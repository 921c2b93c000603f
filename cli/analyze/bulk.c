/* SPDX-License-Identifier: MIT */
#include "cli/analyze/bulk.h"

static const struct {
    double share;
    size_t places;
} rules[] = {{.1, 10}, {.5, 3}}; /* the first must not undo the second */

#define NEARLY_ALL .8 /* of what all pools grew by: nobody else can be the cause */

enum { RULES = sizeof rules / sizeof rules[0], PLACES = 10 };

static bool has_share(const struct rank_tag *tag, double share)
{
    return tag->share_of_growth >= share;
}

static void move_up(uint32_t *order, size_t from, size_t to)
{
    uint32_t moved = order[from];
    for (; from > to; from--)
        order[from] = order[from - 1];
    order[to] = moved;
}

/* The place below which there is nobody of less share to give way; `places` = none. */
static size_t give_way(const struct rank_tag *tags, const uint32_t *order, size_t places,
                       double share, double than)
{
    size_t least = places;
    for (size_t i = places; i-- > 0;) {
        double its = tags[order[i]].share_of_growth;
        if (!(its >= share))
            return i;
        if (its < than && (least == places || its < tags[order[least]].share_of_growth))
            least = i;
    }
    return least;
}

/* Those that must come up take the last of the places, in their own order; those that
 * stood there without a right to it go down by as many. */
static void apply(const struct rank_tag *tags, uint32_t *order, size_t n, double share,
                  size_t places)
{
    for (size_t i = places; i < n; i++) {
        if (!has_share(&tags[order[i]], share))
            continue;
        size_t out = give_way(tags, order, places, share, tags[order[i]].share_of_growth);
        if (out == places)
            continue;
        /* the one that gives way first goes to the end of the places */
        uint32_t gone = order[out];
        for (size_t k = out; k + 1 < places; k++)
            order[k] = order[k + 1];
        order[places - 1] = gone;
        move_up(order, i, places - 1);
    }
}

/* In the place of the share alone, which stands last. */
static void say_why(struct rank_tag *tag)
{
    bool told = tag->n_evidence > 0 &&
                (tag->evidence[tag->n_evidence - 1].code == EVIDENCE_SHARE ||
                 tag->n_evidence == RANK_EVIDENCE_MAX);
    tag->n_evidence += !told;
    tag->evidence[tag->n_evidence - 1] =
        (struct evidence){.code = EVIDENCE_BULK, .v = {tag->share_of_growth}};
}

static void agree(struct rank_tag *tags, const uint32_t *order, size_t n)
{
    double best = n > 0 ? tags[order[n - 1]].score : 0;
    for (size_t i = n; i-- > 0;) {
        struct rank_tag *tag = &tags[order[i]];
        if (tag->score < best) {
            tag->score = best;
            say_why(tag);
        }
        best = tag->score;
    }
}

/* What nearly all of the growth is comes first.  The pools together are asked: in one
 * that hardly grows, a trifle is nearly all. */
static void put_first(const struct rank_tag *tags, uint32_t *order, size_t n)
{
    double all = 0;
    for (size_t i = 0; i < n; i++)
        all += tags[order[i]].growth_bytes > 0 ? tags[order[i]].growth_bytes : 0;
    for (size_t i = 1; i < n && all > 0; i++)
        if (tags[order[i]].growth_bytes >= NEARLY_ALL * all) {
            move_up(order, i, 0);
            return;
        }
}

void bulk_order(struct rank_tag *tags, uint32_t *order, size_t n)
{
    for (size_t r = 0; r < RULES; r++)
        if (n > rules[r].places)
            apply(tags, order, n, rules[r].share, rules[r].places);
    put_first(tags, order, n);
    agree(tags, order, n);
}
