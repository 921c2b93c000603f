/* SPDX-License-Identifier: MIT */
/* The reasons for a verdict, most telling first. */
#include "cli/analyze/judge.h"

#define ALIKE 1.5 /* a line that is not better by this could be a curve */

static void say(struct rank_tag *tag, enum evidence_code code, double a, double b,
                double c)
{
    if (tag->n_evidence < RANK_EVIDENCE_MAX)
        tag->evidence[tag->n_evidence++] =
            (struct evidence){.code = code, .v = {a, b, c}};
}

/* What the row was judged on. */
static void say_way(struct rank_tag *tag, const struct score *s,
                    const struct score_input *in)
{
    double freedom = in->axis->n - in->axis->boots;
    switch (s->judged) {
    case JUDGED_WORK:
        say(tag, EVIDENCE_WORK, s->work_straight, s->work_line, 0);
        return;
    case JUDGED_WAVE:
        say(tag, EVIDENCE_WAVE, s->wave_share, s->wave_straight, 0);
        return;
    case JUDGED_SINCE:
        say(tag, EVIDENCE_SINCE, in->since->boots, in->since->pace_before, 0);
        return;
    case JUDGED_RAMP:
        say(tag, EVIDENCE_RAMP, tag->ramp_from_h, tag->ramp_to_h, 0);
        return;
    case JUDGED_QUIET:
        say(tag, EVIDENCE_QUIET, 1 - s->quiet_direct, s->quiet_spread, 1);
        break;
    default:
        if (freedom >= 2)
            say(tag, EVIDENCE_STRAIGHT, s->straight, in->axis->boots, 0);
    }
    if (freedom >= 3)
        say(tag, EVIDENCE_LINE, s->line, 0, 0);
    if (freedom >= 3 && s->line < ALIKE && s->judged == JUDGED_LINE)
        say(tag, EVIDENCE_FILLING, s->line, in->axis->hours, in->axis->boots);
}

/* What speaks for a leak. */
static void say_for(struct rank_tag *tag, const struct score *s,
                    const struct score_input *in)
{
    say(tag, EVIDENCE_STEPS, tag->steps_rising, tag->steps, 0);
    say_way(tag, s, in);
    say(tag, EVIDENCE_DIRECT, 1 - s->direct, 0, 0);
    say(tag, EVIDENCE_GAINED, s->gained, 0, 0);
    say(tag, EVIDENCE_SPREAD, s->spread, 0, 0);
    say(tag, EVIDENCE_RECENT, s->recent, 0, 0);
    say(tag, EVIDENCE_BOOTS, tag->boots_growing, tag->boots_seen, 0);
    if (in->snapshots <= FEW)
        say(tag, EVIDENCE_SINCE_BOOT, s->since_boot, few_has_past(&in->few), 0);
    else
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
    bool few = in->snapshots <= FEW;
    struct doubt d[] = {
        {EVIDENCE_DIRECT, s->direct, {1 - s->direct}},
        {EVIDENCE_STRAIGHT, s->straight, {s->straight, in->axis->boots}},
        {EVIDENCE_LINE, s->line, {s->line}},
        {EVIDENCE_SPREAD, s->spread, {s->spread}},
        {EVIDENCE_RECENT, s->recent, {s->recent}},
        {few ? EVIDENCE_SINCE_BOOT : EVIDENCE_PACE,
         few ? s->since_boot : s->pace,
         {few ? s->since_boot : s->pace, few_has_past(&in->few)}},
        {EVIDENCE_GAINED, s->gained, {s->gained}},
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

/* Two captures prove nothing: what their order rests on. */
static void say_difference(struct rank_tag *tag, const struct score *s,
                           const struct score_input *in)
{
    say(tag, EVIDENCE_SINCE_BOOT, s->since_boot, few_has_past(&in->few), 0);
    say(tag, EVIDENCE_GAINED, s->gained, 0, 0);
}

static void say_shape(struct rank_tag *tag, const struct score *s,
                      const struct score_input *in)
{
    if (s->rises < ONE_RISE && in->axis->steps >= LEAK_STEPS)
        say(tag, EVIDENCE_ONCE, s->rises, 0, 0);
    if (s->grade > 0)
        say_for(tag, s, in);
    else
        say_against(tag, s, in);
    if (s->cap < 3 && s->grade == s->cap)
        say(tag, EVIDENCE_CAPPED, s->cap, in->axis->snapshots, in->axis->hours);
}

void evidence_of(struct rank_tag *tag, const struct score *s,
                 const struct score_input *in)
{
    if (in->axis->boots == 0 || s->rises == 0)
        return;
    if (in->snapshots < SERIES_SNAPSHOTS)
        say_difference(tag, s, in);
    else
        say_shape(tag, s, in);
    if (in->objects > 0 && tag->live_known)
        say(tag, EVIDENCE_SIZE, in->objects, tag->bytes_per_new_alloc, 0);
    if (tag->share_of_growth > 0)
        say(tag, EVIDENCE_SHARE, tag->share_of_growth, 0, 0);
}
