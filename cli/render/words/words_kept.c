/* SPDX-License-Identifier: MIT */
/* Sentences about growth that has ended. */
#include <math.h>

#include "cli/render/number.h"
#include "cli/render/words/words.h"

bool words_has_ended(const struct rank_tag *t)
{
    return t->verdict == VERDICT_FINISHED && t->judged == JUDGED_RAMP;
}

const struct rank_tag *words_first_ended(const struct rank_view *v, size_t within)
{
    for (size_t i = 0; i < v->n_order && i < within; i++)
        if (words_has_ended(&v->r->tags[v->order[i]]))
            return &v->r->tags[v->order[i]];
    return NULL;
}

void words_ended(struct phrase *p, const struct rank_view *v, const struct rank_tag *t,
                 enum units u)
{
    say_tag_pool(p, t->tag, t->pool);
    say(p, " grew %s", FIGURE(p, num_change_unit((int64_t)round(t->growth_bytes), u)));
    struct num until = num_series_time(&v->from, v->origin_ms, t->ramp_to_h);
    if (until.s[0] != '\0')
        say(p, " until %s", until.s);
    say(p, " and kept that: a leak that has ended?");
}
