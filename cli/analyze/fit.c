/* SPDX-License-Identifier: MIT */
#include "cli/analyze/fit.h"

#include "cli/analyze/bounds.h"

#define NO_SPREAD 1e-9 /* sums of squares up to here are rounding */
#define SAME      1e-6 /* of which so little is left, that is a multiple of the other */

/* Bytes or objects: their products with themselves, age, curves, busyness and work. */
struct column {
    double vv, va, vk[CURVES], vw, vg;
    double top;
};

static struct column bytes_of(const struct sums *s)
{
    struct column c = {
        .vv = s->xx, .va = s->xa, .vw = s->xw, .vg = s->xg, .top = s->top_x};
    for (int k = 0; k < CURVES; k++)
        c.vk[k] = s->xk[k];
    return c;
}

static struct column objects_of(const struct sums *s)
{
    struct column c = {
        .vv = s->cc, .va = s->ca, .vw = s->cw, .vg = s->cg, .top = s->top_c};
    for (int k = 0; k < CURVES; k++)
        c.vk[k] = s->ck[k];
    return c;
}

/* A movement of a ten-thousandth of the level, in one point of ten, is none. */
static double rounding(const struct axis_sums *a, const struct column *c)
{
    double least_step = at_least(1e-4 * c->top, 1);
    return least_step * least_step * at_least(a->n, 1) * .1;
}

static double off_curves(const struct axis_sums *a, const struct column *c)
{
    double least = INFINITY;
    for (int k = 0; k < CURVES; k++) {
        double off = c->vv - c->vk[k] * c->vk[k] / at_least(a->kk[k], 1e-12);
        least = off < least ? off : least;
    }
    return at_least(least, 0);
}

/* Against the line whose products are vz and zz. */
static struct fit fit_line(const struct axis_sums *a, const struct column *c, double vz,
                           double zz)
{
    double floor = rounding(a, c);
    zz = at_least(zz, 1e-12);
    double off_line = c->vv - vz * vz / zz;
    struct fit f = {.slope = vz / zz};
    if (f.slope > 0)
        f.straight = between_0_and_1(1 - (off_line + floor) / (c->vv + floor));
    f.line = (off_curves(a, c) + floor) / (at_least(off_line, 0) + floor);
    return f;
}

static struct fit worse_of(struct fit bytes, struct fit objects)
{
    if (objects.straight < bytes.straight)
        bytes.straight = objects.straight;
    if (objects.line < bytes.line)
        bytes.line = objects.line;
    return bytes;
}

struct fit fit_uptime(const struct sums *s, const struct axis_sums *a)
{
    struct column x = bytes_of(s), c = objects_of(s);
    return worse_of(fit_line(a, &x, x.va, a->aa), fit_line(a, &c, c.va, a->aa));
}

struct fit fit_work(const struct sums *s, const struct axis_sums *a)
{
    if (!(a->gg > NO_SPREAD))
        return (struct fit){0};
    struct column x = bytes_of(s), c = objects_of(s);
    return worse_of(fit_line(a, &x, x.vg, a->gg), fit_line(a, &c, c.vg, a->gg));
}

/* The axis without what goes along with busyness. */
static struct axis_sums calm_axis(const struct axis_sums *a)
{
    struct axis_sums calm = *a;
    calm.aa -= a->aw * a->aw / a->ww;
    for (int k = 0; k < CURVES; k++) {
        calm.kk[k] -= a->kw[k] * a->kw[k] / a->ww;
        if (!(calm.kk[k] > SAME * a->kk[k]))
            calm.kk[k] = 0;
    }
    return calm;
}

/* The same of a column; returns the share that went. */
static double take_wave_out(struct column *c, const struct axis_sums *a,
                            const struct axis_sums *calm)
{
    double floor = rounding(a, c), before = c->vv, along = c->vw / a->ww;
    c->vv = at_least(c->vv - c->vw * along, 0);
    c->va -= a->aw * along;
    for (int k = 0; k < CURVES; k++)
        c->vk[k] = calm->kk[k] > 0 ? c->vk[k] - a->kw[k] * along : 0;
    return along > 0 ? between_0_and_1(1 - (c->vv + floor) / (before + floor)) : 0;
}

struct fit fit_under_wave(const struct sums *s, const struct axis_sums *a, double *wave)
{
    *wave = 0;
    if (!(a->ww > NO_SPREAD))
        return (struct fit){0};
    struct axis_sums calm = calm_axis(a);
    if (!(calm.aa > SAME * a->aa))
        return (struct fit){0};
    struct column x = bytes_of(s), c = objects_of(s);
    double wave_x = take_wave_out(&x, a, &calm), wave_c = take_wave_out(&c, a, &calm);
    *wave = wave_x < wave_c ? wave_x : wave_c;
    return worse_of(fit_line(&calm, &x, x.va, calm.aa),
                    fit_line(&calm, &c, c.va, calm.aa));
}
