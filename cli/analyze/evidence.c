/* SPDX-License-Identifier: MIT */
/* The reasons for a verdict, most telling first. */
#include "cli/analyze/judge.h"

static void say(struct rank_tag *tag, enum evidence_code code, double a, double b,
                double c)
{
    if (tag->n_evidence < RANK_EVIDENCE_MAX)
        tag->evidence[tag->n_evidence++] =
            (struct evidence){.code = code, .v = {a, b, c}};
}

/* What speaks for a leak. */
static void say_for(struct rank_tag *tag, const struct score *s,
                    const struct score_input *in)
{
    say(tag, EVIDENCE_STEPS, tag->steps_rising, tag->steps, 0);
    if (tag->judged_on_quiet)
        say(tag, EVIDENCE_QUIET, 1 - s->quiet_direct, s->quiet_spread, 1);
    else if (in->axis->n - in->axis->boots >= 2)
        say(tag, EVIDENCE_STRAIGHT, s->straight, in->axis->boots, 0);
    if (in->axis->n - in->axis->boots >= 3)
        say(tag, EVIDENCE_LINE, s->line, 0, 0);
    say(tag, EVIDENCE_DIRECT, 1 - s->direct, 0, 0);
    say(tag, EVIDENCE_SPREAD, s->spread, 0, 0);
    say(tag, EVIDENCE_RECENT, s->recent, 0, 0);
    say(tag, EVIDENCE_BOOTS, tag->boots_growing, tag->boots_seen, 0);
    say(tag, EVIDENCE_PACE, s->pace, 0, 0);
}

struct doubt {
    enum evidence_code code;
    double factor, v[3];
};

/* What speaks against one: the factors that hold the quality down, the worst first. */
static void say_against(struct rank_tag *tag, const struct score *s,
                        const struct score_input *in)
{
    struct doubt d[] = {
        {EVIDENCE_DIRECT, s->direct, {1 - s->direct}},
        {EVIDENCE_STRAIGHT, s->straight, {s->straight, in->axis->boots}},
        {EVIDENCE_LINE, s->line, {s->line}},
        {EVIDENCE_SPREAD, s->spread, {s->spread}},
        {EVIDENCE_RECENT, s->recent, {s->recent}},
        {EVIDENCE_PACE, s->pace, {s->pace}},
    };
    size_t n = sizeof d / sizeof *d;
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0 && d[j].factor < d[j - 1].factor; j--) {
            struct doubt swapped = d[j];
            d[j] = d[j - 1];
            d[j - 1] = swapped;
        }
    for (size_t i = 0; i < n; i++)
        if (d[i].factor < .5)
            say(tag, d[i].code, d[i].v[0], d[i].v[1], d[i].v[2]);
    if (s->room < 1 && s->quiet_direct > 0)
        say(tag, EVIDENCE_ROOM, s->room, 0, 0);
    say(tag, EVIDENCE_STEPS, tag->steps_rising, tag->steps, 0);
}

void evidence_of(struct rank_tag *tag, const struct score *s,
                 const struct score_input *in)
{
    if (in->snapshots < 3 || in->axis->boots == 0 || s->rises == 0)
        return;
    if (s->rises < 1.35 && in->axis->steps >= 5)
        say(tag, EVIDENCE_ONCE, s->rises, 0, 0);
    if (s->grade > 0)
        say_for(tag, s, in);
    else
        say_against(tag, s, in);
    if (s->cap < 3 && s->grade == s->cap)
        say(tag, EVIDENCE_CAPPED, s->cap, in->axis->snapshots, in->axis->hours);
    if (in->objects > 0 && tag->live_known)
        say(tag, EVIDENCE_SIZE, in->objects, tag->bytes_per_new_alloc, 0);
}
