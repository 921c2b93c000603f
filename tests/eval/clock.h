/* SPDX-License-Identifier: MIT */
/* When captures are taken, when the machine boots, and the five-minute steps of one boot;
 * all of it stands in the caller's struct world. */
#ifndef TESTS_EVAL_CLOCK_H
#define TESTS_EVAL_CLOCK_H

#include "tests/eval/draw.h"
#include "tests/eval/world.h"

static inline int hours_ascend(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static inline void times_even(struct world *w, struct rng *r)
{
    unsigned n = w->c->snapshots;
    double step = w->c->span / (n - 1);
    for (unsigned j = 0; j < n; j++)
        w->t[j] = step * (j + draw_in(r, -.2, .2));
    if (n >= 24) { /* the collector stood still once */
        unsigned from = n / 4 + (unsigned)rng_below(r, n / 2);
        double gap = step * draw_in(r, 2, 8);
        for (unsigned j = from; j < n; j++)
            w->t[j] += gap;
    }
    if (n == 2) {
        w->t[0] = 0;
        w->t[1] = w->c->span * draw_in(r, .4, 1.6);
    }
}

/* Spread over `days` working spells of ten hours, each beginning `apart` hours after the
 * one before; t = 0 is then a Monday, 08:00. */
static inline void times_spells(struct world *w, struct rng *r, unsigned days,
                                double apart)
{
    unsigned n = w->c->snapshots, each = n / days;
    for (unsigned j = 0; j < n; j++) {
        unsigned day = j / each < days ? j / each : days - 1;
        double step = 9.6 / (each + (day + 1 == days ? n % days : 0));
        w->t[j] = apart * day + .2 + step * (j - day * each + draw_in(r, 0, .6));
    }
}

static inline void boot_at(struct world *w, double start)
{
    if (w->n_boots < BOOTS)
        w->boots[w->n_boots++] = (struct world_boot){start, 1, 0};
}

static inline void plan_boots(struct world *w, struct rng *r)
{
    const struct config *c = w->c;
    double end = w->t[w->n_snapshots - 1];
    if (c->clock == CLOCK_OFFICE) {
        for (unsigned day = 0; day < 5; day++)
            boot_at(w, 24 * day - .1 + draw_in(r, 0, .08));
        return;
    }
    boot_at(w, c->clock == CLOCK_FAST ? -24. * (double)(1 + rng_below(r, 3))
               : c->boot_lo > 0       ? -draw_scale(r, .3, c->boot_lo)
                                      : -draw_scale(r, .3, 96));
    if (c->clock == CLOCK_FAST) /* a restart, at noon of the fourth day */
        boot_at(w, 3 * 24 + 4);
    if (c->clock == CLOCK_BURSTS && draw(r) < .5)
        boot_at(w, 88 + draw_in(r, 20, 60));
    double x =
        c->boot_lo > 0 ? draw_in(r, .3, 1) * c->boot_hi : draw_in(r, .12, .35) * end;
    while ((c->reboots || c->boot_lo > 0) && x < end * .97) {
        boot_at(w, x);
        x += c->boot_lo > 0 ? draw_in(r, c->boot_lo, c->boot_hi)
                            : draw_in(r, .18, .4) * end;
    }
}

static inline void plan_clock(struct world *w, struct rng *r)
{
    w->n_snapshots = w->c->snapshots;
    w->phase = draw_in(r, 0, 168);
    switch (w->c->clock) {
    case CLOCK_EVEN:
        times_even(w, r);
        break;
    case CLOCK_OFFICE:
    case CLOCK_DAY:
        times_spells(w, r, 5, 24);
        break;
    case CLOCK_FAST:
        times_spells(w, r, 8, 24);
        break;
    case CLOCK_BURSTS:
        times_spells(w, r, 4, 88);
        break;
    }
    if (w->c->clock != CLOCK_EVEN)
        w->phase = 8;
    qsort(w->t, w->n_snapshots, sizeof w->t[0], hours_ascend);
    for (unsigned j = w->n_snapshots; j-- > 0 && w->c->clock == CLOCK_EVEN;)
        w->t[j] -= w->t[0];
    plan_boots(w, r);
    for (unsigned j = 0, b = 0; j < w->n_snapshots; j++) {
        while (b + 1 < w->n_boots && w->boots[b + 1].start <= w->t[j])
            b++;
        w->boot[j] = b;
        if (w->boots[b].first > w->boots[b].last)
            w->boots[b].first = j;
        w->boots[b].last = j;
    }
}

/* Nothing at night, a wave from 7 to 20, a quarter of it at week-ends. */
static inline double load_at(double hours)
{
    double day = floor(hours / 24), h = hours - 24 * day;
    double wave = h > 7 && h < 20 ? half_wave((h - 7) / 13) : 0;
    double week = day - 7 * floor(day / 7);
    return week >= 5 ? wave / 4 : wave;
}

static inline bool machine_on(const struct world *w, double t)
{
    double h = t + w->phase;
    h -= 24 * floor(h / 24);
    return w->c->clock != CLOCK_FAST || (h >= 8 && h < 18);
}

/* Lays out boot b's steps; false when no capture was taken in it. */
static inline bool boot_steps(struct world *w, unsigned b)
{
    const struct world_boot *boot = &w->boots[b];
    if (boot->first > boot->last)
        return false;
    double end = w->t[boot->last];
    w->dt = end - boot->start < 400 ? 1. / 12 : 1. / 4;
    w->n_steps = 0;
    struct rng r = rng_for(w->seed, 3, b);
    unsigned j = boot->first;
    for (unsigned i = 0; j <= boot->last; i++) {
        double t = boot->start + i * w->dt;
        if (machine_on(w, t) && w->n_steps < STEPS) {
            unsigned k = w->n_steps++;
            w->th[k] = t;
            w->up[k] = k * w->dt;
            w->load[k] = load_at(t + w->phase) * (1 + .05 * draw_bell(&r));
        }
        while (j <= boot->last && w->t[j] <= t + w->dt / 2)
            w->pos[j++] = w->n_steps > 0 ? w->n_steps - 1 : 0;
    }
    return w->n_steps > 0;
}

#endif
