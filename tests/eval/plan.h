/* SPDX-License-Identifier: MIT */
/* Which tags a series has and how each will behave; all of it stands in the caller's
 * struct world. */
#ifndef TESTS_EVAL_PLAN_H
#define TESTS_EVAL_PLAN_H

#include <string.h>

#include "tests/eval/draw.h"
#include "tests/eval/replay.h"
#include "tests/eval/world.h"

static inline double world_end(const struct world *w)
{
    return w->t[w->n_snapshots - 1];
}

static inline bool name_taken(const struct world *w, const char *name, uint8_t pool)
{
    for (unsigned i = 0; i < w->n_tags; i++)
        if (strcmp(w->tags[i].name, name) == 0 && w->tags[i].pool == pool)
            return true;
    return false;
}

/* What leaks and innocents have in common.  One tag in eight is large, three in five
 * hardly churn, and one in a hundred wraps a 32-bit counter within days. */
static inline struct eval_tag *plan_tag(struct world *w, struct rng *r, enum kind kind)
{
    struct eval_tag *t = &w->tags[w->n_tags++];
    *t = (struct eval_tag){.kind = (uint8_t)kind, .group = -1, .ratio = 1};
    t->size = floor(draw_scale(r, 32, 8192) / 16) * 16 + 16;
    t->level = draw(r) < .88 ? draw_scale(r, 300, 3e5) : draw_scale(r, 3e5, 2e7);
    t->level /= t->size;
    if (t->level < 1)
        t->level = 1;
    t->churn = draw(r) < .6 ? draw_scale(r, .05, 50) : draw_scale(r, 50, 3e5);
    if (draw(r) < .008)
        t->churn = draw_scale(r, 1e7, 3e8);
    t->pool = draw(r) < .55 ? POOL_NONPAGED : POOL_PAGED;
    t->from = -1e9;
    t->to = 1e9;
    return t;
}

static inline struct eval_tag *plan_leak(struct world *w, struct rng *r, enum kind kind,
                                         int group)
{
    double end = world_end(w);
    struct eval_tag *t = plan_tag(w, r, kind);
    t->leak = true;
    t->group = group;
    t->rate = draw_scale(r, 4e3, 2e7);
    if (kind == MIDWAY)
        t->from = draw_in(r, .3, .75) * end;
    if (kind == TENTH)
        t->from = draw_in(r, .9, .96) * end;
    if (kind == STOPPED || kind == TRIGGERED)
        t->to = draw_in(r, .3, .6) * end;
    if (w->c->resumes)
        t->lag = draw_in(r, .5, 6);
    t->late = kind == LATE_LEAK ? draw_in(r, .08, .4) * end : -1e9;
    t->period = draw_scale(r, 2, 14);
    t->ev = draw_scale(r, .15, 3);
    t->amp = draw_in(r, 2, 8);
    t->tau = draw_scale(r, .5, 20);
    t->sd = draw_in(r, .05, .3);
    double churn = draw_scale(r, .2, 30) * t->rate / t->size;
    t->churn = churn > t->churn ? churn : t->churn;
    return t;
}

/* A second tag of the driver at t: the same counts, another size. */
static inline struct eval_tag *plan_second(struct world *w, struct rng *r,
                                           const struct eval_tag *t, enum kind kind)
{
    struct eval_tag *s = plan_leak(w, r, kind, t->group);
    s->second = true;
    s->rate = t->rate * s->size / t->size;
    s->churn = t->churn * draw_scale(r, .5, 2);
    s->from = t->from;
    s->to = t->to;
    s->lag = t->lag;
    return s;
}

static inline void plan_mixed(struct world *w, struct rng *r)
{
    unsigned off = w->c->leaks < 10 ? (unsigned)rng_below(r, 10) : 0;
    for (int group = 0; w->n_tags < w->c->leaks; group++) {
        enum kind kind = (enum kind)(STEADY + (w->n_tags + off) % 10);
        struct eval_tag *t = plan_leak(w, r, kind, group);
        if (kind == COMPANION && w->n_tags < w->c->leaks)
            plan_second(w, r, t, kind);
    }
}

static inline void plan_ended(struct world *w, struct rng *r)
{
    for (unsigned i = 0; i < w->c->leaks; i++) {
        enum kind kind = TENTH;
        if (w->c->cast == CAST_STOPPED)
            kind = draw(r) < .5 ? STOPPED : TRIGGERED;
        struct eval_tag *t = plan_leak(w, r, kind, (int)i);
        t->share = w->c->share ? draw_scale(r, .06, .7) : 0;
    }
}

static inline void plan_unequal(struct world *w, struct rng *r)
{
    struct eval_tag *large = plan_leak(w, r, STEADY, 0);
    large->rate = draw_scale(r, 5e6, 2e7);
    struct eval_tag *small = plan_leak(w, r, draw(r) < .5 ? NOISY : STEADY, 1);
    small->rate = draw_scale(r, 2e4, 8e4);
    small->churn = draw_scale(r, .2, 30) * small->rate / small->size;
}

/* Private tags that allocate through the system's: where the system's own use is small
 * enough both show, as IoWI with amda. */
static inline void plan_containers(struct world *w, struct rng *r)
{
    static const char names[][5] = {"IoWI", "Mdl ", "Irp ", "File",
                                    "Toke", "Even", "MmCa", "Key "};
    static const uint8_t pools[] = {POOL_NONPAGED, POOL_NONPAGED, POOL_NONPAGED,
                                    POOL_NONPAGED, POOL_PAGED,    POOL_NONPAGED,
                                    POOL_NONPAGED, POOL_PAGED};
    for (unsigned i = 0; i < w->c->leaks / 2 && i < sizeof pools; i++) {
        struct eval_tag *t = plan_leak(w, r, PRIVATE, (int)i);
        t->rate = draw_scale(r, 5e4, 2e7);
        t->level = draw_in(r, 3, 60);
        struct eval_tag *s = plan_second(w, r, t, CONTAINER);
        memcpy(s->name, names[i], sizeof s->name);
        s->pool = pools[i];
        s->size = 16 * (double)(6 + rng_below(r, 60));
        s->rate = t->rate * s->size / t->size;
        s->level = t->rate / t->size * draw_scale(r, .5, 20);
        s->sd = draw_scale(r, .002, .05);
        s->churn = s->level * draw_scale(r, 5, 200);
    }
}

/* A recorded leak, which goes on from `from` to `to` in hours of the series. */
static inline void plan_record(struct world *w, struct rng *r, int record, double from,
                               double to)
{
    for (unsigned i = 0; i < RECORDED_ROWS; i++) {
        const struct recorded *c = &recorded_leaks[i];
        if (c->record != record)
            continue;
        struct eval_tag *t = plan_leak(w, r, RECORDED, record);
        memcpy(t->name, c->tag, sizeof t->name);
        t->pool = c->pool;
        t->size = c->size;
        t->level = c->base;
        t->rate = c->objects_per_hour * c->size * c->ratio;
        t->ratio = c->ratio;
        t->churn = c->base * draw_scale(r, 1, 30);
        t->from = from;
        t->to = to;
    }
}

static inline void plan_replay(struct world *w, struct rng *r)
{
    int record = (int)(w->seed % RECORDS);
    bool stopped = false, fast = false;
    for (unsigned i = 0; i < RECORDED_ROWS; i++) {
        const struct recorded *c = &recorded_leaks[i];
        stopped |= c->record == record && c->stopped;
        fast |= c->record == record && c->objects_per_hour * c->size * c->ratio > 5e8;
    }
    double to = stopped ? draw_in(r, .3, .6) * world_end(w) : 1e9;
    /* what fills 14 GB in minutes did so for two hours */
    double from = !fast ? -1e9 : (stopped ? to : world_end(w)) - 2;
    plan_record(w, r, record, from, to);
}

/* How often each innocent kind occurs, of 1,000; the last three in hard series only. */
static const struct {
    enum kind kind;
    unsigned share;
    bool lively, hard_only;
} innocent_mix[] = {
    {STATIC, 560, false, false},  {NOISE, 130, true, false},   {DAILY, 60, true, false},
    {WALK, 50, true, false},      {WARMUP, 45, true, false},   {DRIFT, 25, true, false},
    {HIGHWATER, 20, true, false}, {SAWTOOTH, 20, true, false}, {STEP, 20, true, false},
    {UPDOWN, 15, false, false},   {PULSE, 15, false, false},   {LATE, 20, false, false},
    {DECLINE, 10, false, false},  {RESIZE, 10, false, false},  {FILL, 20, false, true},
    {MULTISTEP, 20, false, true}, {WEEKLY, 20, false, true}};

enum { MIX = sizeof innocent_mix / sizeof innocent_mix[0] };

static inline unsigned draw_innocent(struct rng *r, bool hard)
{
    unsigned weight[MIX], sum = 0;
    for (unsigned i = 0; i < MIX; i++) {
        bool more = hard && innocent_mix[i].lively && innocent_mix[i].kind != NOISE;
        weight[i] = innocent_mix[i].share * (more ? 3 : 1);
        if (innocent_mix[i].hard_only && !hard)
            weight[i] = 0;
        sum += weight[i];
    }
    unsigned at = (unsigned)rng_below(r, sum), i = 0;
    while (at >= weight[i])
        at -= weight[i++];
    return i;
}

static inline struct eval_tag *plan_innocent(struct world *w, struct rng *r,
                                             enum kind kind)
{
    double end = world_end(w);
    struct eval_tag *t = plan_tag(w, r, kind);
    t->sd = draw_scale(r, .005, .2);
    t->amp = draw_scale(r, .1, 2);
    t->tau = draw_scale(r, .5, 24);
    t->slow = draw_scale(r, 36, 240);
    t->sdrift = draw_in(r, .05, .3);
    t->wtau = draw_scale(r, .2, 24);
    t->period = draw_scale(r, 1, 24);
    t->at = draw_in(r, .05, .95) * end;
    t->at2 = draw_in(r, .05, .95) * end;
    t->jump = draw_scale(r, .1, 3);
    t->dec = draw_scale(r, 24, 400);
    t->ev = draw_scale(r, .05, 1);
    t->day = (int)rng_below(r, 7);
    t->late = kind == LATE ? t->at : -1e9;
    return t;
}

static inline void plan_innocents(struct world *w, struct rng *r)
{
    while (w->n_tags < TAGS) {
        unsigned i = draw_innocent(r, w->c->hard);
        struct eval_tag *t = plan_innocent(w, r, innocent_mix[i].kind);
        if (innocent_mix[i].lively && draw(r) < (w->c->hard ? .4 : .2))
            t->level = draw_scale(r, 1e6, 2e8) / t->size; /* large, lively, innocent */
    }
}

/* Published rows of one machine with the behaviours that such tags have. */
static inline void plan_machine(struct world *w, struct rng *r, int machine)
{
    static const enum kind lives[] = {STATIC, NOISE, DAILY,     DAILY,
                                      WALK,   WALK,  HIGHWATER, WARMUP};
    for (unsigned i = 0; i < HEALTHY_ROWS; i++) {
        const struct healthy *h = &healthy_rows[i];
        if (h->machine != machine || name_taken(w, h->tag, h->pool))
            continue;
        struct eval_tag *t = plan_innocent(w, r, lives[rng_below(r, 8)]);
        memcpy(t->name, h->tag, sizeof t->name);
        t->pool = h->pool;
        t->level = h->objects;
        t->size = h->bytes / h->objects;
        t->churn = h->objects * draw_scale(r, .5, 60);
    }
}

static inline void plan_healthy(struct world *w, struct rng *r)
{
    bool alone = w->c->cast == CAST_HEALTHY;
    plan_machine(w, r, (int)((alone ? w->seed : w->seed / RECORDS) % MACHINES));
}

static inline void plan_caches(struct world *w, struct rng *r)
{
    static const enum kind lives[] = {DAILY, WALK, DRIFT, HIGHWATER, NOISE, WALK, DAILY};
    struct eval_tag *leak = plan_leak(w, r, (enum kind)(STEADY + rng_below(r, 3)), 0);
    leak->rate = draw_scale(r, 2e3, 9e3);
    leak->level = draw_in(r, 5, 300);
    leak->churn = draw_scale(r, .2, 30) * leak->rate / leak->size;
    for (unsigned i = 0; i < sizeof lives / sizeof lives[0]; i++) {
        struct eval_tag *t = plan_innocent(w, r, lives[i]);
        t->level = draw_scale(r, 8e7, 4e8) / t->size;
        t->churn = t->level * draw_scale(r, .5, 60);
    }
}

static inline void plan_names(struct world *w, struct rng *r)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    for (unsigned i = 0; i < w->n_tags; i++) {
        char name[5] = "";
        while (w->tags[i].name[0] == '\0') {
            for (int k = 0; k < 4; k++)
                name[k] = letters[rng_below(r, k == 0 ? 52 : 62)];
            if (!name_taken(w, name, POOL_NONPAGED) && !name_taken(w, name, POOL_PAGED))
                memcpy(w->tags[i].name, name, sizeof name);
        }
    }
}

/* The ten kinds of leak, each in the place of a still tag of the same name and size. */
static inline void plan_added(struct world *w, struct rng *r)
{
    unsigned n = 0;
    for (unsigned i = 0; i < w->n_tags && n < 10; i++) {
        struct eval_tag *t = &w->tags[i], was = *t;
        if (t->kind != STATIC)
            continue;
        unsigned end = w->n_tags; /* plan_leak writes behind the last one */
        w->n_tags = i;
        t = plan_leak(w, r, (enum kind)(STEADY + n), 1000 + (int)n);
        w->n_tags = end;
        memcpy(t->name, was.name, sizeof t->name);
        t->pool = was.pool;
        t->size = was.size;
        t->level = was.level;
        t->rate = 65536;
        t->churn = draw_scale(r, .2, 30) * t->rate / t->size;
        n++;
    }
}

static inline void plan_tags(struct world *w, struct rng *r)
{
    switch (w->c->cast) {
    case CAST_MIXED:
        plan_mixed(w, r);
        break;
    case CAST_STOPPED:
    case CAST_TENTH:
        plan_ended(w, r);
        break;
    case CAST_UNEQUAL:
        plan_unequal(w, r);
        break;
    case CAST_CONTAINER:
        plan_containers(w, r);
        break;
    case CAST_SLOW:
        plan_caches(w, r);
        break;
    case CAST_REPLAY:
        plan_replay(w, r);
        plan_healthy(w, r);
        break;
    case CAST_HEALTHY:
        plan_healthy(w, r);
        break;
    }
    plan_innocents(w, r);
    plan_names(w, r);
}

#endif
