/* SPDX-License-Identifier: MIT */
/* The one next step that closes every page. */
#include <ctype.h>
#include <stdio.h>

#include "cli/render/number.h"
#include "cli/render/words/words.h"

#define SEARCHABLE 3 /* letters: fewer stand in every file */

/* The letters of a tag without its padding, where a shell takes them as they are; else
 * none.  Returns how many. */
static size_t typed(struct pool_tag t, char out[5])
{
    size_t n = 4;
    while (n > 0 && (t.b[n - 1] == ' ' || t.b[n - 1] == '\0'))
        n--;
    for (size_t i = 0; i < n; i++) {
        if (!isalnum(t.b[i]) && t.b[i] != '_')
            return 0;
        out[i] = (char)t.b[i];
    }
    out[n] = '\0';
    return n;
}

static void next_driver(struct phrase *p, struct pool_tag t)
{
    char tag[5], command[96];
    if (typed(t, tag) >= SEARCHABLE) {
        (void)snprintf(command, sizeof command,
                       "findstr /m /l %s %%SystemRoot%%\\System32\\drivers\\*.sys", tag);
        say_command(p, command);
        say(p, " on that machine names the drivers that contain the tag.");
    } else {
        char hex[TAG_HEX_MAX];
        tag_hex(t, hex);
        say(p, "search that machine's drivers for the bytes %s.", hex);
    }
}

static void next_capture(struct phrase *p)
{
    say(p, "Next: run ");
    say_command(p, "poolmon -n FILE");
    say(p, " on that machine every hour for a day, each time into a new file, then ");
    say_command(p, "poolsift rank FILE...");
    say(p, " on all of them.");
}

/* To search drivers for such a tag finds its allocator at best, who is not the culprit.
 */
static void next_holder(struct phrase *p, const struct rank_tag *t)
{
    char tag[TAG_HEX_MAX], command[32];
    if (typed(t->tag, tag) == 0)
        tag_hex(t->tag, tag);
    (void)snprintf(command, sizeof command, "poolsift tags %s", tag);
    say_command(p, command);
    say(p, t->role == ROLE_CONTAINER
               ? " tells who usually keeps such memory; a private tag that grows by the "
                 "same count names the holder."
               : " tells what is known of this tag of Windows itself.");
}

void words_suspect_next(struct phrase *p, const struct rank_tag *t)
{
    say(p, "Next: ");
    if (t->verdict != VERDICT_LEAK)
        say(p, "go on capturing, a longer series decides; meanwhile ");
    if (t->role == ROLE_CONTAINER || t->role == ROLE_SYSTEM)
        next_holder(p, t);
    else
        next_driver(p, t->tag);
}

static void next_ended(struct phrase *p, const struct rank_view *v,
                       const struct rank_tag *t)
{
    struct num until = num_series_time(&v->from, v->origin_ms, t->ramp_to_h);
    say(p, "Next: find out what was stopped or changed on that machine");
    if (until.s[0] != '\0')
        say(p, " about %s", until.s);
    say(p, "; ");
    next_driver(p, t->tag);
}

void words_rank_next(struct phrase *p, const struct rank_view *v)
{
    const struct rank_result *r = v->r;
    if (rank_is_series(r) && !r->has_times) {
        say(p, "Next: say when the captures were taken, for example with ");
        say_command(p, "--start 2006-03-12T09:00 --every 1h");
        say(p, ": without times there are no rates and nothing can be proven.");
        return;
    }
    for (size_t i = 0; i < v->n_order && rank_is_series(r); i++)
        if (words_is_suspect(&r->tags[v->order[i]])) {
            words_suspect_next(p, &r->tags[v->order[i]]);
            return;
        }
    const struct rank_tag *ended = words_first_ended(v, v->n_order);
    if (ended != NULL && rank_is_series(r)) {
        next_ended(p, v, ended);
        return;
    }
    if (r->outcome == OUTCOME_NONE)
        say(p,
            "Next: if the pool is known to run out, capture up to that moment and rank "
            "again; a slow leak shows only over days.");
    else
        next_capture(p);
}

void words_show_next(struct phrase *p, size_t snapshots)
{
    if (snapshots > 1) {
        say(p, "Next: ");
        say_command(p, "poolsift rank");
        say(p, " on the same inputs tells which tag grows over these %zu snapshots.",
            snapshots);
        return;
    }
    say(p, "One capture shows size, not growth. ");
    next_capture(p);
}

void words_diff_next(struct phrase *p)
{
    say(p, "Two captures show a difference, not a trend. ");
    next_capture(p);
}
