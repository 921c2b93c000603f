/* SPDX-License-Identifier: MIT */
/* Sentences about what grew between two captures and was kept in a third. */
#include "cli/render/words/words.h"

#include <math.h>

#include "cli/render/number.h"

static const struct diff_row *most_grown(const struct diff_view *v)
{
    const struct diff_row *best = NULL;
    for (size_t i = 0; i < v->n_order; i++) {
        const struct diff_row *w = &v->d->rows[v->order[i]];
        if (best == NULL || w->bytes_change > best->bytes_change)
            best = w;
    }
    return best;
}

void words_still_answer(struct phrase *p, const struct diff_view *v, enum units u)
{
    const struct diff_row *best = most_grown(v);
    if (!v->still->one_boot) {
        say(p, "Nothing can be said: the machine was restarted in between, and a restart "
               "gives everything back.");
        return;
    }
    if (best == NULL) {
        say(p, "No tag grew that did not give it back.");
        return;
    }
    say_count(p, v->n_order, "tag", "tags");
    say(p, " grew and gave back less than a tenth");
    if (isfinite(v->still->hours) && v->still->hours > 0)
        say(p, " within %s", num_hours(v->still->hours).s);
    say(p, "; most: ");
    say_tag_pool(p, best->tag, best->pool);
    say(p, ", %s, and holds %s now.", num_change_unit(best->bytes_change, u).s,
        num_size_unit(best->newer_bytes, u).s);
}

void words_still_next(struct phrase *p, const struct diff_view *v)
{
    if (!v->still->one_boot) {
        say(p, "Next: take three captures of one boot.");
        return;
    }
    say(p, "Kept is not yet leaked: a cache keeps, too. Next: ");
    say_command(p, "poolsift rank");
    say(p, " on captures of a whole day, one an hour, tells the two apart.");
}
