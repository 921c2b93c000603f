/* SPDX-License-Identifier: MIT */
/* Writes the series of one story, or the names of all:
 *
 *     mkstory                 the names, a line each
 *     mkstory NAME >text      its captures as poolmon -n, a line with the time before
 * each
 *
 * The same name gives the same bytes everywhere. */
#include <inttypes.h>
#include <stdio.h>

#include "formats/when.h"
#include "tests/eval/figures.h"
#include "tests/eval/listing.h"
#include "tests/eval/plan.h"
#include "tests/eval/stories.h"

enum { STORY_TAGS = 100 };

static const int64_t monday = INT64_C(1780272000000); /* 2026-06-01T00:00:00 */

/* Evenly, but for a script's jitter; the machine was started just before the first. */
static void story_clock(struct world *w, const struct story *s, struct rng *r)
{
    double step = s->hours / (s->captures - 1);
    w->n_snapshots = s->captures;
    w->phase = 8;
    for (unsigned j = 0; j < s->captures; j++)
        w->t[j] = step * j + (j > 0 ? draw_in(r, -.05, .05) * step : 0);
    w->boots[w->n_boots++] = (struct world_boot){-step / 4, 1, 0};
    for (size_t i = 0; i < 3 && s->restarts[i] > 0; i++)
        w->boots[w->n_boots++] = (struct world_boot){s->restarts[i], 1, 0};
    for (unsigned j = 0, b = 0; j < s->captures; j++) {
        while (b + 1 < w->n_boots && w->boots[b + 1].start <= w->t[j])
            b++;
        w->boot[j] = b;
        if (w->boots[b].first > w->boots[b].last)
            w->boots[b].first = j;
        w->boots[b].last = j;
    }
}

static void story_course(struct world *w, const struct course *c, struct rng *r)
{
    struct eval_tag *t = plan_innocent(w, r, (enum kind)c->kind);
    memcpy(t->name, c->tag, sizeof t->name);
    t->pool = c->pool;
    t->level = c->objects;
    t->size = c->bytes / c->objects;
    t->churn = c->objects / 4;
    t->at = c->at;
    t->at2 = c->at2;
    t->jump = c->jump;
    t->slow = c->slow;
}

/* The other rows are nearly all still: what lively ones do to the ranking is measured by
 * tests/eval/run, and here they would only fill the archives. */
static void story_background(struct world *w, struct rng *r)
{
    while (w->n_tags < STORY_TAGS) {
        static const enum kind lively[] = {NOISE, DAILY, WALK};
        uint64_t n = rng_below(r, 48);
        struct eval_tag *t = plan_innocent(w, r, n < 3 ? lively[n] : STATIC);
        if (n >= 6)
            t->churn = 0;
    }
}

static bool story_live(struct world *w, const struct story *s)
{
    struct rng r = rng_for(w->seed, 4, 0);
    story_clock(w, s, &r);
    if (s->record >= 0)
        plan_record(w, &r, s->record, s->from > 0 ? s->from : -1e9,
                    s->to > 0 ? s->to : 1e9);
    for (unsigned i = 0; i < w->n_tags && s->kept; i++)
        w->tags[i].churn = 0;
    if (s->course.tag[0] != '\0')
        story_course(w, &s->course, &r);
    plan_machine(w, &r, s->machine);
    story_background(w, &r);
    plan_names(w, &r);
    if (!world_reserve(w))
        return false;
    simulate(w, 0, w->n_tags);
    return true;
}

static void story_write(const struct world *w)
{
    for (unsigned j = 0; j < w->n_snapshots; j++) {
        struct civil c;
        civil_from_ms(monday + (int64_t)floor((w->t[j] + w->phase) * 3600 + .5) * 1000,
                      &c);
        printf("# poolsift time=%04d-%02d-%02dT%02d:%02d:%02d host=HOST1\r\n", c.year,
               c.month, c.day, c.hour, c.minute, c.second);
        listing_write(stdout, w, j);
        printf("\r\n");
    }
}

int main(int argc, char **argv)
{
    const struct config whole = {.name = "story"};
    for (size_t i = 0; argc == 1 && i < STORIES; i++)
        puts(stories[i].name);
    if (argc == 1)
        return 0;
    size_t at = 0;
    while (at < STORIES && strcmp(stories[at].name, argv[1]) != 0)
        at++;
    if (argc > 2 || at == STORIES) {
        fputs("mkstory: NAME; without one it lists them\n", stderr);
        return 2;
    }
    struct world *w = calloc(1, sizeof *w);
    bool fine = w != NULL;
    if (fine) {
        w->c = &whole;
        w->seed = at + 1;
        fine = story_live(w, &stories[at]);
    }
    if (fine)
        story_write(w);
    world_free(w);
    return fine && fflush(stdout) == 0 && ferror(stdout) == 0 ? 0 : 2;
}
