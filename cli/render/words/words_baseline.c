/* SPDX-License-Identifier: MIT */
/* Sentences about a series held against a baseline. */
#include "cli/render/words/words.h"

#include <math.h>

#include "cli/render/number.h"

const char *words_there_title(enum units u)
{
    return u == UNITS_K ? "There K/h" : u == UNITS_BYTES ? "There B/h" : "There /h";
}

const char *words_here_title(enum units u)
{
    return u == UNITS_K ? "Now K/h" : u == UNITS_BYTES ? "Now B/h" : "Now /h";
}

const char *words_added_title(enum units u)
{
    return u == UNITS_K ? "Added K/h" : u == UNITS_BYTES ? "Added B/h" : "Added /h";
}

const char *words_change_reason(enum change_reason r)
{
    static const char *const words[REASONS] = {
        [REASON_NONE] = "",
        [REASON_NO_TIMES] = "there are no rates without times",
        [REASON_FEW_SNAPSHOTS] = "fewer than 6 snapshots are no series",
        [REASON_FEW_THERE] = "the baseline has fewer than 6 snapshots",
        [REASON_SHORT_SPAN] = "its last boot is too short for a rate with an interval",
        [REASON_SHORT_BASELINE] =
            "the baseline's last boot is too short for a rate with an interval",
        [REASON_NOT_LISTED] = "the baseline's partial captures do not list it",
        [REASON_LOAD] = "the load differs, per hour and per allocation say two things",
        [REASON_UNPROVEN] = "its sizes move otherwise, but no growth is proven",
        [REASON_NO_SERIES] = "the baseline has no captures of this scope",
    };
    return words[r];
}

static void say_kinds(struct phrase *p, const struct baseline *b)
{
    static const struct {
        enum change change;
        const char *one, *many;
    } kinds[] = {{CHANGE_FASTER, "grows faster", "grow faster"},
                 {CHANGE_SLOWER, "grows slower", "grow slower"},
                 {CHANGE_GONE, "no longer grows", "no longer grow"},
                 {CHANGE_SAME, "is as it was", "are as they were"},
                 {CHANGE_NOT_COMPARABLE, "cannot be compared", "cannot be compared"}};
    const char *separator = "; ";
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t n = b->n_of[kinds[i].change];
        if (n == 0)
            continue;
        say(p, "%s%s %s", separator, FIGURE(p, num_count(n)),
            n == 1 ? kinds[i].one : kinds[i].many);
        separator = ", ";
    }
}

void words_baseline_answer(struct phrase *p, const struct rank_view *v, enum units u)
{
    const struct baseline *b = v->baseline->b;
    if (b->reason != REASON_NONE) {
        say(p, "Not comparable: %s", words_change_reason(b->reason));
        return;
    }
    const struct tag_change *worst = b->n_changed > 0 ? &b->tags[b->changed[0]] : NULL;
    size_t n = b->n_of[CHANGE_NEW_LEAK];
    if (n == 0)
        say(p, b->n_of[CHANGE_FASTER] > 0 ? "No tag leaks that did not leak there"
                                          : "Nothing is worse than there");
    else {
        say_count(p, n, "tag leaks", "tags leak");
        say(p, " that did not leak there");
    }
    if (worst != NULL && change_is_worse(worst->change)) {
        const struct rank_tag *t = &v->r->tags[b->changed[0]];
        say(p, "; most was added by ");
        say_tag_pool(p, t->tag, t->pool);
        say(p, ", %s", FIGURE(p, num_rate_unit(worst->added, u)));
    }
    say_kinds(p, b);
}

void words_baseline_read(struct phrase *p, const struct rank_view *v)
{
    const struct baseline_view *b = v->baseline;
    say(p, "Baseline: ");
    say_name(p, b->source);
    if (b->there == NULL) {
        say(p, ".");
        return;
    }
    say(p, ", ");
    say_count(p, b->there->r->snapshots, "snapshot", "snapshots");
    if (b->there->from.source != TIME_NONE)
        say(p, ", %s to %s (%s)", num_time(&b->there->from).s, num_time(&b->there->to).s,
            FIGURE(p, num_hours(b->there->r->span_h)));
    if (isfinite(b->b->load))
        say(p, "; the load now is %s of the load there",
            FIGURE(p, num_percent(b->b->load)));
    say(p, ".");
}
