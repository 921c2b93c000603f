/* SPDX-License-Identifier: MIT */
/* Seeded chance in integers: the same on every machine.  Fractions are 16.16; nobody owns
 * anything here. */
#ifndef TESTS_TOOLS_CHANCE_H
#define TESTS_TOOLS_CHANCE_H

#include <stdbool.h>
#include <stdint.h>

enum { ONE = 1 << 16 };

struct rng {
    uint64_t s;
};

static inline uint64_t rng_next(struct rng *r)
{
    uint64_t z = r->s += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* 0 .. n-1 */
static inline uint64_t rng_below(struct rng *r, uint32_t n)
{
    return (rng_next(r) >> 32) * n >> 32;
}

/* Near enough to normal: the sum of twelve even draws; mean 0, deviation ONE. */
static inline int64_t rng_bell(struct rng *r)
{
    int64_t sum = 0;
    for (int i = 0; i < 3; i++)
        for (uint64_t z = rng_next(r), k = 0; k < 4; k++, z >>= 16)
            sum += (int64_t)(z & 0xffff);
    return sum - 6 * (int64_t)ONE;
}

/* As many small as large: evenly spread over the doublings from lo to hi. */
static inline uint64_t rng_scale(struct rng *r, uint64_t lo, uint64_t hi)
{
    uint32_t doublings = 0;
    while (lo << (doublings + 1) <= hi)
        doublings++;
    uint64_t v = lo << rng_below(r, doublings + 1);
    v += v * rng_below(r, ONE) >> 16;
    return v < hi ? v : hi;
}

static inline uint64_t root(uint64_t v)
{
    uint64_t r = 0;
    for (uint64_t bit = UINT64_C(1) << 62; bit != 0; bit >>= 2) {
        bool fits = v >= r + bit;
        if (fits)
            v -= r + bit;
        r = (r >> 1) + (fits ? bit : 0);
    }
    return r;
}

/* How many events come in a minute that brings `mean` (16.16) of them. */
static inline uint64_t rng_arrivals(struct rng *r, uint64_t mean)
{
    if (mean >= 16 * (uint64_t)ONE) {
        int64_t v = (int64_t)mean + ((int64_t)root(mean << 16) * rng_bell(r) >> 16);
        return v > 0 ? (uint64_t)v >> 16 : 0;
    }
    uint64_t z = rng_next(r), n = mean >> 16, most = n >= 9 ? 3 : n >= 4 ? 2 : n > 0;
    n += (z & 0xffff) < (mean & 0xffff);
    return n + (z >> 16) % (2 * most + 1) - most;
}

/* What each minute must add to noise that forgets within tau minutes. */
static inline int64_t kick_of(int64_t deviation, int64_t tau)
{
    return deviation * (int64_t)root((UINT64_C(2) << 32) / (uint64_t)tau) / ONE;
}

/* One minute of such noise. */
static inline int64_t wander(struct rng *r, int64_t x, int64_t kick, int64_t tau)
{
    return x - x / tau + kick * rng_bell(r) / ONE;
}

static inline uint64_t times(uint64_t v, int64_t factor)
{
    return factor > 0 ? v * (uint64_t)factor >> 16 : 0;
}

#endif
