/* SPDX-License-Identifier: MIT */
/* Evidence in words.  What the values of each code mean: cli/analyze/evidence.def. */
#include <math.h>
#include <stddef.h>
#include <stdio.h>

#include "cli/render/number.h"
#include "cli/render/words/words.h"

static int64_t whole_signed(double v)
{
    return isfinite(v) && fabs(v) < 9e18 ? (int64_t)round(v) : 0;
}

/* A count that travelled as a double. */
static struct num whole(double v)
{
    int64_t whole = whole_signed(v);
    struct num n = num_count(whole > 0 ? (uint64_t)whole : 0);
    n.kind = isfinite(v) ? NUM_REAL : NUM_WORDS;
    n.of.real = v;
    return n;
}

/* Beyond a thousand the figure says nothing about the world any more. */
static struct num times(double ratio)
{
    struct num n = num_ratio(ratio);
    if (!(ratio <= 1000))
        (void)snprintf(n.s, sizeof n.s, "over 1000");
    return n;
}

static void straight(struct phrase *p, const double *v)
{
    if (v[1] > 1)
        say(p, "one straight line through %s boots explains %s of the movement",
            FIGURE(p, whole(v[1])), FIGURE(p, num_percent(v[0])));
    else
        say(p, "a straight line explains %s of the movement",
            FIGURE(p, num_percent(v[0])));
}

static void line(struct phrase *p, const double *v)
{
    if (v[0] >= 1.05)
        say(p, "a straight line fits %s times better than a warm-up curve",
            FIGURE(p, times(v[0])));
    else if (v[0] >= 0 && v[0] <= .95)
        say(p, "a warm-up curve fits %s times better than a straight line",
            FIGURE(p, times(v[0] > 0 ? 1 / v[0] : INFINITY)));
    else
        say(p, "a straight line and a warm-up curve fit it alike");
}

static void spread(struct phrase *p, const double *v)
{
    say(p, "growth spread over %s of the observed time", FIGURE(p, num_percent(v[0])));
}

static void recent(struct phrase *p, const double *v)
{
    if (v[0] <= 0)
        say(p, "no growth in the last third");
    else
        say(p, "pace in the last third %s of its average", FIGURE(p, num_percent(v[0])));
}

static void direct(struct phrase *p, const double *v)
{
    if (v[0] <= 0)
        say(p, "gave nothing back");
    else
        say(p, "gave back %s", FIGURE(p, num_percent(v[0])));
}

static void steps(struct phrase *p, const double *v)
{
    say(p, "rose in %s of %s %s", FIGURE(p, whole(v[0])), FIGURE(p, whole(v[1])),
        v[1] == 1 ? "step" : "steps");
}

static void quiet(struct phrase *p, const double *v)
{
    if (v[2] != 0)
        say(p,
            "judged on the quiet hours only: gave back %s there, growth spread over %s "
            "of them",
            FIGURE(p, num_percent(v[0])), FIGURE(p, num_percent(v[1])));
    else
        say(p, "grew in the quiet hours too: gave back %s there",
            FIGURE(p, num_percent(v[0])));
}

static void work(struct phrase *p, const double *v)
{
    say(p, "grew with the machine's work: a straight line along it explains %s",
        FIGURE(p, num_percent(v[0])));
    if (v[1] >= 1.05)
        say(p, ", %s times better than a warm-up curve", FIGURE(p, times(v[1])));
}

static void wave(struct phrase *p, const double *v)
{
    say(p,
        "%s of its movement follows the machine's busy hours; of the rest a straight "
        "line explains %s",
        FIGURE(p, num_percent(v[0])), FIGURE(p, num_percent(v[1])));
}

static void since(struct phrase *p, const double *v)
{
    if (v[0] > 1)
        say(p, "judged on the last %s boots alone", FIGURE(p, whole(v[0])));
    else
        say(p, "judged on the last boot alone");
    if (v[1] > 0)
        say(p, ": before, it grew at %s of that pace", FIGURE(p, num_percent(v[1])));
    else
        say(p, ": before, it did not grow");
}

static void ramp(struct phrase *p, const double *v)
{
    say(p,
        "grew in a straight line for %s, from %s to %s after the first capture, and "
        "kept what it grew",
        FIGURE(p, num_hours(v[1] - v[0])), FIGURE(p, num_hours(v[0])),
        FIGURE(p, num_hours(v[1])));
}

static void filling(struct phrase *p, const double *v)
{
    say(p,
        "still filling or leaking: in %s a cache that fills for days looks the same; "
        "it would level off in a longer series, or fill anew after a restart",
        FIGURE(p, num_hours(v[1])));
}

static void gained(struct phrase *p, const double *v)
{
    if (v[0] >= .995)
        say(p, "all that it holds can have come at this pace");
    else
        say(p, "gained %s of what one pace since boot would have brought",
            FIGURE(p, num_percent(v[0])));
}

static void room(struct phrase *p, const double *v)
{
    say(p, "its level moved only %s of what the quiet pace would need",
        FIGURE(p, num_percent(v[0])));
}

static void pace(struct phrase *p, const double *v)
{
    if (v[0] >= .995)
        say(p, "keeps as many of its allocations as since boot");
    else
        say(p, "keeps only %s as many of its allocations as since boot",
            FIGURE(p, num_percent(v[0])));
}

static void since_boot(struct phrase *p, const double *v)
{
    if (v[1] == 0)
        say(p, "was not there at the first capture");
    else if (v[0] >= .995)
        say(p, "all that it held before can be this growth since boot");
    else
        say(p, "of what it held before, this growth since boot explains %s",
            FIGURE(p, num_percent(v[0])));
}

static void boots(struct phrase *p, const double *v)
{
    if (v[1] <= 1)
        say(p, v[0] >= 1 ? "grew in the only boot" : "did not grow in the only boot");
    else
        say(p, "grew in %s of %s boots", FIGURE(p, whole(v[0])), FIGURE(p, whole(v[1])));
}

static void share(struct phrase *p, const double *v)
{
    say(p, "%s of all growth in its pool", FIGURE(p, num_percent(v[0])));
}

static void bulk(struct phrase *p, const double *v)
{
    say(p, "holds %s of its pool's growth: listed for that",
        FIGURE(p, num_percent(v[0])));
}

static void capped(struct phrase *p, const double *v)
{
    say(p, "no more than \"%s\" because %s snapshots",
        v[0] <= 1 ? "possible leak" : "probable leak", FIGURE(p, whole(v[1])));
    if (isfinite(v[2]) && v[2] > 0)
        say(p, " over %s", FIGURE(p, num_hours(v[2])));
    say(p, " cannot prove more");
}

static void size(struct phrase *p, const double *v)
{
    const int64_t objects = whole_signed(v[0]);
    say(p, "%s %s", FIGURE(p, num_signed(objects)),
        objects == 1 || objects == -1 ? "object" : "objects");
    if (isfinite(v[1]) && v[1] > 0)
        say(p, " of about %s bytes", FIGURE(p, whole(v[1])));
}

static void once(struct phrase *p, const double *v)
{
    say(p, "nearly all of it in one rise (as good as %s rises)",
        FIGURE(p, num_ratio(v[0])));
}

static const struct {
    void (*say)(struct phrase *p, const double *v);
    const char *keys[EVIDENCE_VALUES];
    bool detail; /* left to -v */
} table[EVIDENCE_CODES] = {
    [EVIDENCE_STRAIGHT] = {straight, {"explained", "boots"}, false},
    [EVIDENCE_LINE] = {line, {"ratio"}, false},
    [EVIDENCE_SPREAD] = {spread, {"share_of_time"}, true},
    [EVIDENCE_RECENT] = {recent, {"pace_of_mean"}, true},
    [EVIDENCE_DIRECT] = {direct, {"given_back"}, false},
    [EVIDENCE_STEPS] = {steps, {"rising", "steps"}, false},
    [EVIDENCE_QUIET] = {quiet, {"given_back", "spread", "judged"}, false},
    [EVIDENCE_ROOM] = {room, {"level_of_need"}, true},
    [EVIDENCE_WORK] = {work, {"explained", "ratio"}, false},
    [EVIDENCE_WAVE] = {wave, {"of_movement", "explained"}, false},
    [EVIDENCE_SINCE] = {since, {"boots", "pace_before"}, false},
    [EVIDENCE_RAMP] = {ramp, {"from_h", "to_h"}, false},
    [EVIDENCE_FILLING] = {filling, {"ratio", "hours", "boots"}, false},
    [EVIDENCE_GAINED] = {gained, {"of_even_pace"}, true},
    [EVIDENCE_PACE] = {pace, {"of_kept_since_boot"}, true},
    [EVIDENCE_SINCE_BOOT] = {since_boot, {"of_held_before", "was_there"}, false},
    [EVIDENCE_BOOTS] = {boots, {"growing", "seen"}, false},
    [EVIDENCE_SHARE] = {share, {"share"}, true},
    [EVIDENCE_BULK] = {bulk, {"share"}, false},
    [EVIDENCE_CAPPED] = {capped, {"grade", "snapshots", "hours"}, false},
    [EVIDENCE_SIZE] = {size, {"objects_gained", "bytes_per_object"}, false},
    [EVIDENCE_ONCE] = {once, {"effective_rises"}, false},
};

void words_evidence(struct phrase *p, const struct evidence *v)
{
    if (table[v->code].say != NULL)
        table[v->code].say(p, v->v);
    else
        say(p, "%s", evidence_name(v->code));
}

bool evidence_is_detail(const struct evidence *v)
{
    return table[v->code].detail || (v->code == EVIDENCE_BOOTS && v->v[1] <= 1);
}

bool words_is_bulk(const struct rank_tag *t)
{
    for (int i = 0; i < t->n_evidence; i++)
        if (t->evidence[i].code == EVIDENCE_BULK)
            return true;
    return false;
}

const char *evidence_key(enum evidence_code c, int i)
{
    return table[c].keys[i];
}
