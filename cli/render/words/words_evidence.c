/* SPDX-License-Identifier: MIT */
/* Evidence in words.  What the values of each code mean: cli/analyze/evidence.def. */
#include <math.h>
#include <stddef.h>

#include "cli/render/number.h"
#include "cli/render/words/words.h"

static int64_t whole_signed(double v)
{
    return isfinite(v) && fabs(v) < 9e18 ? (int64_t)round(v) : 0;
}

/* A count that travelled as a double. */
static struct num whole(double v)
{
    int64_t n = whole_signed(v);
    return num_count(n > 0 ? (uint64_t)n : 0);
}

/* Beyond a thousand the figure says nothing about the world any more. */
static struct num times(double ratio)
{
    struct num more = {"over 1000"};
    return ratio <= 1000 ? num_ratio(ratio) : more;
}

static void straight(struct phrase *p, const double *v)
{
    if (v[1] > 1)
        say(p, "one straight line through %s boots explains %s of the movement",
            whole(v[1]).s, num_percent(v[0]).s);
    else
        say(p, "a straight line explains %s of the movement", num_percent(v[0]).s);
}

static void line(struct phrase *p, const double *v)
{
    if (v[0] >= 1.05)
        say(p, "a straight line fits %s times better than a warm-up curve",
            times(v[0]).s);
    else if (v[0] >= 0 && v[0] <= .95)
        say(p, "a warm-up curve fits %s times better than a straight line",
            times(v[0] > 0 ? 1 / v[0] : INFINITY).s);
    else
        say(p, "a straight line and a warm-up curve fit it alike");
}

static void spread(struct phrase *p, const double *v)
{
    say(p, "growth spread over %s of the observed time", num_percent(v[0]).s);
}

static void recent(struct phrase *p, const double *v)
{
    if (v[0] <= 0)
        say(p, "no growth in the last third");
    else
        say(p, "pace in the last third %s of its average", num_percent(v[0]).s);
}

static void direct(struct phrase *p, const double *v)
{
    if (v[0] <= 0)
        say(p, "gave nothing back");
    else
        say(p, "gave back %s", num_percent(v[0]).s);
}

static void steps(struct phrase *p, const double *v)
{
    say(p, "rose in %s of %s steps", whole(v[0]).s, whole(v[1]).s);
}

static void quiet(struct phrase *p, const double *v)
{
    if (v[2] != 0)
        say(p,
            "judged on the quiet hours only: gave back %s there, growth spread over %s "
            "of them",
            num_percent(v[0]).s, num_percent(v[1]).s);
    else
        say(p, "grew in the quiet hours too: gave back %s there", num_percent(v[0]).s);
}

static void work(struct phrase *p, const double *v)
{
    say(p, "grew with the machine's work: a straight line along it explains %s",
        num_percent(v[0]).s);
    if (v[1] >= 1.05)
        say(p, ", %s times better than a warm-up curve", times(v[1]).s);
}

static void wave(struct phrase *p, const double *v)
{
    say(p,
        "%s of its movement follows the machine's busy hours; of the rest a straight "
        "line explains %s",
        num_percent(v[0]).s, num_percent(v[1]).s);
}

static void since(struct phrase *p, const double *v)
{
    if (v[0] > 1)
        say(p, "judged on the last %s boots alone", whole(v[0]).s);
    else
        say(p, "judged on the last boot alone");
    if (v[1] > 0)
        say(p, ": before, it grew at %s of that pace", num_percent(v[1]).s);
    else
        say(p, ": before, it did not grow");
}

static void ramp(struct phrase *p, const double *v)
{
    say(p,
        "grew in a straight line for %s, from %s to %s after the first capture, and "
        "kept what it grew",
        num_hours(v[1] - v[0]).s, num_hours(v[0]).s, num_hours(v[1]).s);
}

static void filling(struct phrase *p, const double *v)
{
    say(p,
        "still filling or leaking: in %s a cache that fills for days looks the same; "
        "it would level off in a longer series, or fill anew after a restart",
        num_hours(v[1]).s);
}

static void gained(struct phrase *p, const double *v)
{
    if (v[0] >= .995)
        say(p, "all that it holds can have come at this pace");
    else
        say(p, "gained %s of what one pace since boot would have brought",
            num_percent(v[0]).s);
}

static void room(struct phrase *p, const double *v)
{
    say(p, "its level moved only %s of what the quiet pace would need",
        num_percent(v[0]).s);
}

static void pace(struct phrase *p, const double *v)
{
    if (v[0] >= .995)
        say(p, "keeps as many of its allocations as since boot");
    else
        say(p, "keeps only %s as many of its allocations as since boot",
            num_percent(v[0]).s);
}

static void since_boot(struct phrase *p, const double *v)
{
    if (v[1] == 0)
        say(p, "was not there at the first capture");
    else if (v[0] >= .995)
        say(p, "all that it held before can be this growth since boot");
    else
        say(p, "of what it held before, this growth since boot explains %s",
            num_percent(v[0]).s);
}

static void boots(struct phrase *p, const double *v)
{
    if (v[1] <= 1)
        say(p, v[0] >= 1 ? "grew in the only boot" : "did not grow in the only boot");
    else
        say(p, "grew in %s of %s boots", whole(v[0]).s, whole(v[1]).s);
}

static void share(struct phrase *p, const double *v)
{
    say(p, "%s of all growth in its pool", num_percent(v[0]).s);
}

static void bulk(struct phrase *p, const double *v)
{
    say(p, "holds %s of its pool's growth: listed for that", num_percent(v[0]).s);
}

static void capped(struct phrase *p, const double *v)
{
    say(p, "no more than \"%s\" because %s snapshots",
        v[0] <= 1 ? "possible leak" : "probable leak", whole(v[1]).s);
    if (isfinite(v[2]) && v[2] > 0)
        say(p, " over %s", num_hours(v[2]).s);
    say(p, " cannot prove more");
}

static void size(struct phrase *p, const double *v)
{
    say(p, "%s objects", num_signed(whole_signed(v[0])).s);
    if (isfinite(v[1]) && v[1] > 0)
        say(p, " of about %s bytes", whole(v[1]).s);
}

static void once(struct phrase *p, const double *v)
{
    say(p, "nearly all of it in one rise (as good as %s rises)", num_ratio(v[0]).s);
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

const char *evidence_key(enum evidence_code c, int i)
{
    return table[c].keys[i];
}
