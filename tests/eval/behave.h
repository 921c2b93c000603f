/* SPDX-License-Identifier: MIT */
/* What one tag does in one boot: objects outstanding (count), leaked ones among them
 * (kept), relative object size (grain) and whether the tag is there at all, step by step
 * in the caller's struct world. */
#ifndef TESTS_EVAL_BEHAVE_H
#define TESTS_EVAL_BEHAVE_H

#include "tests/eval/clock.h"

/* `each` objects an event, by and large. */
static inline double burst(struct rng *r, double events, double each)
{
    double n = draw_events(r, events); /* in this order on every compiler */
    double size = exponential(draw_bell(r) - .5);
    return floor(n * each * size + .5);
}

/* Leaked objects of each step, added up.  Tags of one group keep the same objects. */
static inline void keep_objects(struct world *w, const struct eval_tag *t, struct rng *r)
{
    double lam = t->rate / t->size / t->ratio, sum = 0;
    unsigned every = (unsigned)(t->period / w->dt);
    every = every > 0 ? every : 1;
    unsigned phase = (unsigned)rng_below(r, every);
    for (unsigned k = 0; k < w->n_steps; k++) {
        double th = w->th[k], dt = w->dt, add = 0;
        bool runs = th >= t->from && th < t->to && w->up[k] >= t->lag && th >= t->late;
        double mean = runs ? lam * dt : 0;
        if (t->kind == BIZ_HOURS)
            add = draw_events(r, mean * 3.2 * w->load[k]);
        else if (t->kind == STAIR)
            add = k % every == phase
                      ? floor(lam * t->period * draw_in(r, .7, 1.3) * runs + .5)
                      : 0;
        else if (t->kind == BURST || t->kind == TRIGGERED)
            add = burst(r, t->ev * dt * runs, lam / t->ev);
        else if (t->kind == COMPANION || t->kind == PRIVATE || t->kind == CONTAINER)
            add = draw_events(r, mean * (.3 + w->load[k]));
        else
            add = draw_events(r, mean);
        sum += add;
        w->kept[k] = sum;
    }
}

/* A follower misses one in five hundred, or keeps several for each. */
static inline void follow(struct world *w, const struct eval_tag *t, struct rng *r)
{
    double missed = 0, before = 0;
    for (unsigned k = 0; k < w->n_steps; k++) {
        if (t->kind == COMPANION && t->second)
            missed += draw_events(r, .002 * (w->kept[k] - before));
        before = w->kept[k];
        w->kept[k] = (before > missed ? before - missed : 0) * t->ratio;
    }
}

/* What the leaking tag holds besides. */
static inline void hold_besides(struct world *w, const struct eval_tag *t, struct rng *r)
{
    double lam = t->rate / t->size, n = t->level;
    struct unrest u = unrest_of(t->tau, t->sd, w->dt), v = unrest_of(1, 1, w->dt);
    double x = t->sd * draw_bell(r), y = draw_bell(r);
    double few = 3 + (double)rng_below(r, 57);
    for (unsigned k = 0; k < w->n_steps; k++) {
        double base;
        if (t->kind == SLOW_DAILY)
            base = n + t->amp * lam * 24 * w->load[k] * (1 + .1 * draw_bell(r));
        else if (t->kind == NOISY)
            base = n * exponential(x) + lam * 6 * fabs(y);
        else if (t->kind == SAW_LEAK)
            base = n + lam * 3 * fmod(w->up[k], t->period);
        else if (t->kind == CONTAINER)
            base = n * exponential(x) * (1 + .05 * w->load[k]);
        else if (t->kind == COMPANION || t->kind == PRIVATE)
            base = few;
        else
            base = n * (1 + .01 * draw_bell(r));
        x = unrest_step(r, &u, x);
        y = unrest_step(r, &v, y);
        w->there[k] = w->th[k] >= t->late;
        w->count[k] = (w->there[k] ? base : 0) + w->kept[k];
    }
}

/* Kinds whose count is a function of the moment alone, as a multiple of the level. */
static inline double shape(const struct world *w, const struct eval_tag *t, struct rng *r,
                           unsigned k)
{
    double th = w->th[k], up = w->up[k];
    switch ((enum kind)t->kind) {
    case NOISE:
        return 1 + t->sd * draw_bell(r);
    case DAILY:
        return 1 + t->amp * w->load[k] * (1 + .1 * draw_bell(r));
    case WARMUP:
        return (1 - decay(up / t->wtau)) * (1 + .01 * draw_bell(r));
    case SAWTOOTH:
        return 1 + t->jump * fmod(up, t->period) / t->period;
    case STEP:
        return 1 + t->jump * (th >= t->at);
    case UPDOWN:
        return 1 + t->jump * ((th >= t->at) != (th >= t->at2));
    case LATE:
        return th >= t->at ? 1 - decay((th - t->at) / .5) : 0;
    case DECLINE:
        return .3 + .7 * decay(up / t->dec);
    case FILL:
        return 1 - decay(up / (.8 * t->slow));
    case MULTISTEP:
        return 1 + t->jump *
                       ((th >= t->at) + (th >= t->at2) + (th >= (t->at + t->at2) / 2)) /
                       3;
    case WEEKLY: {
        double week = th + 24 * t->day + 168 * 64;
        return 1 + t->jump * fmod(week, 168) / 168;
    }
    default:
        return 1;
    }
}

/* Kinds that remember. */
static inline void live_on(struct world *w, const struct eval_tag *t, struct rng *r)
{
    bool slow = t->kind == DRIFT || t->kind == RESIZE;
    double tau = slow ? t->slow : t->tau, sd = t->sdrift;
    if (t->kind == HIGHWATER)
        tau = 2, sd = .15;
    struct unrest u = unrest_of(tau, sd, w->dt);
    double x = sd * draw_bell(r), most = 0, fade = decay(w->dt / 2), pulse = 0,
           n = t->level;
    if (t->kind == STATIC && draw(r) < .5)
        n *= 1 + .02 * draw_bell(r);
    for (unsigned k = 0; k < w->n_steps; k++) {
        double wave = exponential(x);
        x = unrest_step(r, &u, x);
        if (t->kind == STATIC) {
            if (draw(r) < .01 * w->dt)
                n += (double)rng_below(r, 3) - 1;
            w->count[k] = n;
        } else if (t->kind == HIGHWATER) {
            wave *= n * (1 + .5 * t->amp * w->load[k]);
            w->count[k] = most = wave > most ? wave : most;
        } else if (t->kind == PULSE) {
            pulse = pulse * fade + (draw(r) < t->ev * w->dt ? draw_wait(r) : 0);
            w->count[k] = n * (1 + t->jump * pulse);
        } else if (t->kind == RESIZE) {
            w->count[k] = n;
            w->grain[k] = wave;
        } else {
            w->count[k] = n * wave;
        }
    }
}

static inline void behave(struct world *w, const struct eval_tag *t, size_t i, unsigned b)
{
    struct rng r = rng_for(w->seed, 100 + i, b);
    for (unsigned k = 0; k < w->n_steps; k++) {
        w->kept[k] = 0;
        w->grain[k] = 1;
        w->there[k] = true;
    }
    if (t->leak) {
        struct rng shared = rng_for(w->seed, 100000 + (uint64_t)t->group, b);
        keep_objects(w, t, &shared); /* the same ones for the whole group */
        follow(w, t, &r);
        hold_besides(w, t, &r);
    } else if (t->kind == STATIC || t->kind == WALK || t->kind == DRIFT ||
               t->kind == HIGHWATER || t->kind == PULSE || t->kind == RESIZE) {
        live_on(w, t, &r);
    } else {
        for (unsigned k = 0; k < w->n_steps; k++) {
            w->there[k] = w->th[k] >= t->late;
            w->count[k] = t->level * shape(w, t, &r, k);
        }
    }
    for (unsigned k = 0; k < w->n_steps; k++) {
        w->count[k] = w->count[k] > 0 ? floor(w->count[k] + .5) : 0;
        if (!w->there[k])
            w->count[k] = 0;
    }
}

#endif
