/* SPDX-License-Identifier: MIT */
/* Chance in doubles for the benchmark's generator; nobody owns anything here.
 *
 * Only operations that IEEE 754 rounds exactly are used (exp, log and sin of a C library
 * differ in their last bits), so one seed gives the same files on every machine. */
#ifndef TESTS_EVAL_DRAW_H
#define TESTS_EVAL_DRAW_H

#include <math.h>
#include <stdint.h>

#include "cli/analyze/portable.h"
#include "tests/tools/chance.h"

static inline double exponential(double x)
{
    return x > 0 ? 1 / decay(x) : decay(-x);
}

/* x > 0 */
static inline double logarithm(double x)
{
    int e;
    double m = frexp(x, &e), sum = 0; /* m in [1/2, 1) */
    if (m < .70710678118654752) {
        m *= 2;
        e--;
    }
    double z = (m - 1) / (m + 1), term = z;
    for (int i = 1; i <= 21; i += 2) { /* |z| <= .172: the rest is below 1e-17 */
        sum += term / i;
        term *= z * z;
    }
    return 2 * sum + e * .69314718055994531;
}

/* sin(pi x), 0 <= x <= 1 */
static inline double half_wave(double x)
{
    double y = (x <= .5 ? x : 1 - x) * 3.14159265358979324, term = y, sum = y;
    for (int i = 2; i <= 18; i += 2) {
        term *= -y * y / (i * (i + 1));
        sum += term;
    }
    return sum;
}

/* [0, 1) */
static inline double draw(struct rng *r)
{
    return ldexp((double)(rng_next(r) >> 11), -53);
}

static inline double draw_in(struct rng *r, double lo, double hi)
{
    return lo + (hi - lo) * draw(r);
}

/* As many between 1 and 2 as between 1000 and 2000. */
static inline double draw_scale(struct rng *r, double lo, double hi)
{
    return lo * exponential(draw(r) * logarithm(hi / lo));
}

/* Normal, mean 0, deviation 1 (Marsaglia's polar method). */
static inline double draw_bell(struct rng *r)
{
    double u, s;
    do {
        u = 2 * draw(r) - 1;
        double v = 2 * draw(r) - 1;
        s = u * u + v * v;
    } while (s >= 1 || s == 0);
    return u * sqrt(-2 * logarithm(s) / s);
}

/* How many events come where `mean` are expected. */
static inline double draw_events(struct rng *r, double mean)
{
    if (!(mean > 0))
        return 0;
    if (mean > 30) {
        double v = floor(mean + sqrt(mean) * draw_bell(r) + .5);
        return v > 0 ? v : 0;
    }
    double p = decay(mean), below = p, u = draw(r), n = 0;
    while (u > below && n < 200) {
        n++;
        p *= mean / n;
        below += p;
    }
    return n;
}

static inline double draw_wait(struct rng *r)
{
    return -logarithm(1 - draw(r));
}

/* One step of noise that forgets within tau hours; begin with sd * draw_bell(). */
struct unrest {
    double keep, kick;
};

static inline struct unrest unrest_of(double tau, double sd, double dt)
{
    double keep = decay(dt / tau);
    return (struct unrest){keep, sd * sqrt(1 - keep * keep)};
}

static inline double unrest_step(struct rng *r, const struct unrest *u, double x)
{
    return u->keep * x + u->kick * draw_bell(r);
}

/* A generator of its own for each (seed, what, which). */
static inline struct rng rng_for(uint64_t seed, uint64_t what, uint64_t which)
{
    struct rng r = {seed};
    r.s = rng_next(&r) ^ what * UINT64_C(0xd1342543de82ef95);
    r.s = rng_next(&r) ^ which * UINT64_C(0xaf251af3b0f025b5);
    rng_next(&r);
    return r;
}

#endif
