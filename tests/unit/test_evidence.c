/* SPDX-License-Identifier: MIT */
/* Which reasons are given for a verdict, and in which order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/analyze/grades.h"
#include "cli/analyze/judge.h"

/* A series of one boot and a row that leaks in it. */
struct told {
    struct axis_sums axis;
    struct since since;
    struct score_input in;
    struct score s;
    struct rank_tag tag;
};

static struct told a_leak(void)
{
    struct told t = {
        .axis = {.boots = 1, .n = 30, .steps = 20, .snapshots = 24, .hours = 48},
        .since = {.boots = 2, .pace_before = .1},
        .in = {.snapshots = 24},
        .s = {.direct = 1,
              .spread = 1,
              .recent = 1,
              .straight = 1,
              .line = 2,
              .room = 1,
              .pace = 1,
              .since_boot = 1,
              .gained = 1,
              .judged = JUDGED_LINE,
              .rises = 5,
              .grade = 3,
              .cap = 3}};
    return t;
}

/* The codes end in EVIDENCE_CODES. */
static void tells(const char *what, struct told t, const enum evidence_code *codes)
{
    t.in.axis = &t.axis;
    t.in.since = &t.since;
    evidence_of(&t.tag, &t.s, &t.in);
    int n = 0;
    for (; codes[n] != EVIDENCE_CODES; n++)
        if (n >= t.tag.n_evidence || t.tag.evidence[n].code != codes[n])
            fail_msg("%s: not %s at %d", what, evidence_name(codes[n]), n);
    if (t.tag.n_evidence != n)
        fail_msg("%s: %s as well", what, evidence_name(t.tag.evidence[n].code));
}

#define TELLS(t, ...)                                                                    \
    tells(#__VA_ARGS__, t, (const enum evidence_code[]){__VA_ARGS__, EVIDENCE_CODES})
#define SILENT(t) tells("nothing", t, (const enum evidence_code[]){EVIDENCE_CODES})
#define REST                                                                             \
    EVIDENCE_DIRECT, EVIDENCE_GAINED, EVIDENCE_SPREAD, EVIDENCE_RECENT, EVIDENCE_BOOTS,  \
        EVIDENCE_PACE

static void what_speaks_for_a_leak(void **state)
{
    (void)state;
    struct told t = a_leak();
    TELLS(t, EVIDENCE_STEPS, EVIDENCE_STRAIGHT, EVIDENCE_LINE, REST);
    t.s.line = 1.5;
    TELLS(t, EVIDENCE_STEPS, EVIDENCE_STRAIGHT, EVIDENCE_LINE, REST);
    t.s.line = 1.4; /* as good a curve */
    TELLS(t, EVIDENCE_STEPS, EVIDENCE_STRAIGHT, EVIDENCE_LINE, EVIDENCE_FILLING, REST);
    t.axis.n = 4; /* points less boots: enough for a line */
    TELLS(t, EVIDENCE_STEPS, EVIDENCE_STRAIGHT, EVIDENCE_LINE, EVIDENCE_FILLING, REST);
    t.axis.n = 3;
    TELLS(t, EVIDENCE_STEPS, EVIDENCE_STRAIGHT, REST);
    t.axis.n = 2;
    TELLS(t, EVIDENCE_STEPS, REST);
}

static void each_way_to_judge_says_so(void **state)
{
    (void)state;
    struct told t = a_leak();
    t.s.line = 1; /* said of the line along uptime alone */
    t.s.judged = JUDGED_QUIET;
    TELLS(t, EVIDENCE_STEPS, EVIDENCE_QUIET, EVIDENCE_LINE, REST);
    t.s.judged = JUDGED_WORK;
    TELLS(t, EVIDENCE_STEPS, EVIDENCE_WORK, REST);
    t.s.judged = JUDGED_WAVE;
    TELLS(t, EVIDENCE_STEPS, EVIDENCE_WAVE, REST);
    t.s.judged = JUDGED_SINCE;
    TELLS(t, EVIDENCE_STEPS, EVIDENCE_SINCE, REST);
    t.s.judged = JUDGED_RAMP;
    TELLS(t, EVIDENCE_STEPS, EVIDENCE_RAMP, REST);
}

static void short_series_have_words_of_their_own(void **state)
{
    (void)state;
    struct told t = a_leak();
    t.in.snapshots = FEW;
    TELLS(t, EVIDENCE_STEPS, EVIDENCE_STRAIGHT, EVIDENCE_LINE, EVIDENCE_DIRECT,
          EVIDENCE_GAINED, EVIDENCE_SPREAD, EVIDENCE_RECENT, EVIDENCE_BOOTS,
          EVIDENCE_SINCE_BOOT);
    t.in.snapshots = FEW + 1;
    TELLS(t, EVIDENCE_STEPS, EVIDENCE_STRAIGHT, EVIDENCE_LINE, REST);
    t.in.snapshots = SERIES_SNAPSHOTS - 1;
    TELLS(t, EVIDENCE_SINCE_BOOT, EVIDENCE_GAINED);
    t.s.rises = 0; /* it never rose */
    SILENT(t);
    t.s.rises = 5;
    t.axis.boots = 0;
    SILENT(t);
}

static void what_speaks_against_one(void **state)
{
    (void)state;
    struct told t = a_leak();
    t.s.grade = 0;
    TELLS(t, EVIDENCE_STEPS);
    t.s.recent = .3; /* the worst first, none that is half as good as it can be */
    t.s.direct = .1;
    t.s.spread = .2;
    t.s.straight = .5;
    t.s.line = .4;
    TELLS(t, EVIDENCE_DIRECT, EVIDENCE_SPREAD, EVIDENCE_RECENT, EVIDENCE_LINE,
          EVIDENCE_STEPS);
    t = a_leak();
    t.s.grade = 0;
    t.s.pace = .2;
    t.s.gained = .1;
    t.s.since_boot = .3;
    TELLS(t, EVIDENCE_GAINED, EVIDENCE_PACE, EVIDENCE_STEPS);
    t.in.snapshots = FEW;
    TELLS(t, EVIDENCE_GAINED, EVIDENCE_SINCE_BOOT, EVIDENCE_STEPS);
    t = a_leak();
    t.s.grade = 0;
    t.s.room = .9;
    TELLS(t, EVIDENCE_STEPS); /* nothing rose in quiet hours */
    t.s.quiet_direct = .2;
    TELLS(t, EVIDENCE_ROOM, EVIDENCE_STEPS);
    t.s.room = 1;
    TELLS(t, EVIDENCE_STEPS);
}

static void what_is_said_beside(void **state)
{
    (void)state;
    struct told t = a_leak();
    t.s.grade = 0;
    t.s.rises = ONE_RISE / 2; /* one rise */
    TELLS(t, EVIDENCE_ONCE, EVIDENCE_STEPS);
    t.axis.steps = LEAK_STEPS;
    TELLS(t, EVIDENCE_ONCE, EVIDENCE_STEPS);
    t.axis.steps = LEAK_STEPS - 1; /* too few to tell */
    TELLS(t, EVIDENCE_STEPS);
    t = a_leak();
    t.s.grade = 0;
    t.s.rises = ONE_RISE;
    TELLS(t, EVIDENCE_STEPS);
    t.in.objects = 5; /* that nobody counted */
    TELLS(t, EVIDENCE_STEPS);
    t.tag.live_known = true;
    t.tag.share_of_growth = .5;
    TELLS(t, EVIDENCE_STEPS, EVIDENCE_SIZE, EVIDENCE_SHARE);
    t.in.objects = 0;
    TELLS(t, EVIDENCE_STEPS, EVIDENCE_SHARE);
    t = a_leak();
    t.s.grade = t.s.cap = 2; /* the series is too short for more */
    TELLS(t, EVIDENCE_STEPS, EVIDENCE_STRAIGHT, EVIDENCE_LINE, REST, EVIDENCE_CAPPED);
    t.s.grade = 1;
    TELLS(t, EVIDENCE_STEPS, EVIDENCE_STRAIGHT, EVIDENCE_LINE, REST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_speaks_for_a_leak),
        cmocka_unit_test(each_way_to_judge_says_so),
        cmocka_unit_test(short_series_have_words_of_their_own),
        cmocka_unit_test(what_speaks_against_one),
        cmocka_unit_test(what_is_said_beside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
