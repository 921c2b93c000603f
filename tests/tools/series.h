/* SPDX-License-Identifier: MIT */
/* An invented server, WEB01, whose pool tags behave in known ways minute by minute; the
 * caller owns the struct series, which is plain memory with nothing to free.
 *
 * Only integers are used (fractions are 16.16), and every tag draws from a generator of
 * its own, so one seed gives the same figures on every machine. */
#ifndef TESTS_TOOLS_SERIES_H
#define TESTS_TOOLS_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "formats/pool.h"
#include "formats/tag.h"
#include "tests/tools/chance.h"

enum {
    SERIES_TAGS = 1500,
    SERIES_BOOTS = 32,
    SERIES_DOWN = 6 /* minutes that a restart takes */
};

enum behaviour {
    STATIC,
    CHURN,
    DAILY,
    WARM_UP,
    SAW_TOOTH,
    STEP,
    HIGH_WATER,
    LATE_DRIVER,
    WRAPPING, /* churn so fast that a 32-bit counter wraps */
    STEADY_LEAK,
    COMPANION_LEAK, /* keeps an object for each that STEADY_LEAK keeps */
    DAILY_LEAK,
    NOISY_LEAK,
    BEHAVIOURS
};

static const char *const behaviour_names[BEHAVIOURS] = {
    "static",         "churn",      "daily",       "warm-up",  "saw-tooth",
    "step",           "high-water", "late-driver", "wrapping", "steady-leak",
    "companion-leak", "daily-leak", "noisy-leak"};

struct series_opts {
    uint64_t seed;
    unsigned days, step; /* step: minutes between two captures */
    unsigned tags, reboots;
    unsigned idle; /* of a hundred tags that are no leaks, so many never move */
    bool leak_free;
};

struct series_tag {
    /* the plan */
    struct pool_tag tag;
    uint8_t pool, behaviour;
    bool loose;         /* objects of several sizes */
    uint32_t size;      /* bytes of an object */
    uint64_t level;     /* objects, by and large */
    uint64_t churn;     /* objects an hour that come and go */
    uint64_t leak;      /* objects an hour that stay */
    int64_t swing;      /* of the level, 16.16 */
    int64_t kick;       /* a minute's share of the level's noise, 16.16 */
    int64_t tau;        /* minutes: of the noise, of a cache that fills */
    int64_t period, at; /* minutes */
    /* since boot */
    struct rng rng;
    bool present;
    uint64_t allocs, live, bytes, leaked, high;
    int64_t noise, size_noise, fill;
    /* over all boots, between their first and last captures */
    uint64_t leaked_first, leaked_seen;
};

struct series_boot {
    int64_t first, last; /* minutes of its first and last capture */
    unsigned captures;
};

struct series {
    struct series_opts o;
    struct series_tag tags[SERIES_TAGS]; /* in tag order, o.tags of them */
    size_t steady;                       /* the one that a companion follows */
    int64_t minute, uptime, end;         /* minute 0: the series begins */
    int64_t reboot[SERIES_BOOTS];
    struct series_boot boots[SERIES_BOOTS];
    unsigned n_boots;
    int64_t due;        /* minute of the next capture */
    unsigned scheduled; /* captures that were due so far */
    int64_t out_from, out_to;
    struct rng clock;
    int64_t load; /* how busy the machine is, 16.16 */
    int64_t load_noise;
    uint64_t faults, peak_kib;
};

/* ---- the plan ---- */

/* Tags as Windows has them; blanks at the end and inside are part of the name. */
static const char series_names[][5] = {
    "Io  ", "CM  ", "Dh 1", "Mm  ", "Se  ", "Ob  ", "Cc  ", "Irp ", "Mdl ", "Key ",
    "Even", "Sema", "Thre", "Proc", "Toke", "File", "MmSt", "MmCa", "MmSm", "MmRe",
    "MmLd", "Vad ", "VadS", "VadF", "VadL", "Ntfx", "NtfF", "NtfD", "NtFs", "Ntfr",
    "Ntf0", "NtxF", "NtFA", "NtFB", "NtFC", "NtFI", "NtFL", "NtFU", "NtFd", "FMfn",
    "FMsl", "FMic", "FMfl", "FMos", "FMcr", "FIcs", "FIOc", "FSim", "FSrt", "FSun",
    "Fat ", "ObNm", "ObDi", "ObSq", "ObSc", "ObCI", "SeTd", "SeSd", "SeAc", "SeTl",
    "SeLs", "CM25", "CM31", "CM35", "CM16", "CMpb", "CMVa", "CMkb", "CMNb", "CMVI",
    "AfdE", "AfdC", "AfdX", "AfdB", "TcpE", "TcpL", "TcpB", "UdpA", "UdpN", "InNP",
    "InPa", "IPsr", "IPmo", "NDpb", "NDpp", "NDnd", "NDdl", "NDoa", "NDmb", "NbL0",
    "NbtC", "Nbi1", "LSwn", "LSwi", "LSwr", "LSac", "LS2c", "RxMx", "RxCr", "MRXx",
    "MupI", "DfsC", "HidC", "UsbD", "Usbu", "UHUB", "U802", "PciE", "AcpI", "AcpS",
    "PnpI", "Pnp1", "Devi", "Driv", "IoDn", "IoFs", "IoNm", "IoSD", "IoSe", "IoUs",
    "IoEr", "Wmip", "WmiR", "WmiG", "EtwB", "EtwG", "EtwR", "EtwU", "EtwS", "Ppdd",
    "Ppen", "PsTp", "PsJb", "PsTh", "PsAp", "SmMs", "StVl", "RaDA", "RaXr", "ScsI",
    "ScDp", "VoSx", "VoS2", "VolM", "PmRp", "Hal ", "Csrn", "Gh04", "Gh05", "Usac",
    "Usqu", "Uswd", "Vi12", "Wfpn", "WfpC", "WfpL", "WfpF", "WfpS", "UlHT", "UlCO",
    "UlRB", "Gla:"};

/* A leak of a driver that nobody makes. */
struct planted {
    char tag[5];
    uint8_t pool, behaviour;
    uint32_t size;
    uint64_t level, churn, leak;
    int64_t swing, unrest;
};

static const struct planted series_leaks[] = {
    {"SgRq", POOL_NONPAGED, STEADY_LEAK, 416, 900, 160000, 9200, 0, ONE / 100},
    {"SgCx", POOL_NONPAGED, COMPANION_LEAK, 96, 900, 240000, 0, 0, ONE / 100},
    {"AuEv", POOL_NONPAGED, DAILY_LEAK, 1184, 700, 30000, 420, 8 * ONE, ONE / 50},
    {"PdIx", POOL_PAGED, NOISY_LEAK, 2080, 1500, 42000, 610, 0, ONE / 8}};

enum { SERIES_LEAKS = sizeof series_leaks / sizeof series_leaks[0] };

static inline int series_compare(const void *a, const void *b)
{
    const struct series_tag *x = a, *y = b;
    int c = tag_compare(x->tag, y->tag);
    return c != 0 ? c : x->pool - y->pool;
}

/* The first plans take the leaks, the next the names above, the others names made up. */
static inline struct pool_tag series_name(size_t i, struct rng *r)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    size_t known = sizeof series_names / sizeof series_names[0];
    if (i < known)
        return tag_from(series_names[i], 4);
    char name[4];
    for (size_t k = 0; k < 4; k++)
        name[k] = letters[rng_below(r, k == 0 ? 52 : 62)];
    return tag_from(name, 4);
}

static inline void series_plan_leak(struct series_tag *t, const struct planted *p,
                                    bool leak_free)
{
    t->tag = tag_from(p->tag, 4);
    t->pool = p->pool;
    t->behaviour = p->behaviour;
    t->size = p->size;
    t->level = p->level;
    t->churn = p->churn;
    t->leak = p->leak;
    t->swing = p->swing;
    t->tau = 90;
    t->kick = kick_of(p->unrest, t->tau);
    if (leak_free) {
        t->behaviour = p->behaviour == DAILY_LEAK ? DAILY : CHURN;
        t->leak = 0;
    }
}

static inline void series_plan_tag(struct series_tag *t, struct rng *r, int64_t end)
{
    /* The last of a run of equal entries: out of a hundred tags. */
    static const uint8_t mix[] = {44, 64, 75, 83, 88, 92, 96, 100};
    uint64_t draw = rng_below(r, 100);
    while (draw >= mix[t->behaviour])
        t->behaviour++;
    bool lively = t->behaviour != STATIC;
    t->size = 16 * (uint32_t)rng_scale(r, 2, 256);
    uint64_t most = rng_below(r, 8) != 0 ? 300000 : lively ? 90000000 : 9000000;
    t->level = rng_scale(r, 300, most) / t->size + 1;
    t->churn = rng_below(r, 5) < 3 ? rng_below(r, 30) : rng_scale(r, 60, 300000);
    if (lively)
        t->churn += t->level;
    t->loose = rng_below(r, 4) == 0;
    t->swing = (int64_t)rng_scale(r, ONE / 10, 2 * ONE);
    t->tau = (int64_t)rng_scale(r, 15, 700);
    t->kick = kick_of((int64_t)rng_scale(r, ONE / 200, ONE / 6), t->tau);
    t->period = (int64_t)rng_scale(r, 60, 1000);
    t->at = end / 8 + (int64_t)rng_below(r, (uint32_t)(end - end / 4));
}

/* Most tags of a server that does its daily work stand still from capture to capture. */
static inline void series_plan_idle(struct series_tag *t, unsigned idle)
{
    uint64_t h = (tag_key(t->tag) * UINT64_C(4) + t->pool) * UINT64_C(0x9e3779b97f4a7c15);
    if ((h >> 32) % 100 >= idle)
        return;
    t->behaviour = STATIC;
    t->churn = 0;
    t->kick = 0;
    t->loose = false;
}

static inline bool series_has(const struct series *s, size_t n, struct pool_tag tag)
{
    for (size_t i = 0; i < n; i++)
        if (tag_equal(s->tags[i].tag, tag))
            return true;
    return false;
}

static inline void series_plan(struct series *s)
{
    size_t n = 0, name = 0;
    struct rng r = {s->o.seed};
    for (size_t i = 0; i < SERIES_LEAKS && n < s->o.tags; i++)
        series_plan_leak(&s->tags[n++], &series_leaks[i], s->o.leak_free);
    while (n < s->o.tags) {
        struct pool_tag tag = series_name(name++, &r);
        if (series_has(s, n, tag))
            continue;
        bool both = rng_below(&r, 8) == 0;
        bool paged = rng_below(&r, 20) < 9;
        for (int k = 0; k <= both && n < s->o.tags; k++, n++) {
            s->tags[n].tag = tag;
            s->tags[n].pool = (both ? k == 1 : paged) ? POOL_PAGED : POOL_NONPAGED;
            series_plan_tag(&s->tags[n], &r, s->end);
            series_plan_idle(&s->tags[n], s->o.idle);
        }
        if (tag_equal(tag, tag_from("NDnd", 4))) {
            s->tags[n - 1].behaviour = WRAPPING;
            s->tags[n - 1].churn = 175000000;
        }
    }
    qsort(s->tags, n, sizeof s->tags[0], series_compare);
    for (size_t i = 0; i < n; i++)
        if (s->tags[i].behaviour == STEADY_LEAK)
            s->steady = i;
}

/* ---- one minute ---- */

/* Business hours as a parabola, a backup at two, quiet week-ends; minute 0 is a Monday.
 */
static inline int64_t busy(int64_t minute)
{
    int64_t day = (minute + 28 * 1440) / 1440 % 7, m = (minute + 28 * 1440) % 1440;
    int64_t load = 0;
    if (m > 420 && m < 1200) {
        int64_t x = (m - 420) * ONE / 780;
        load = 4 * x * (ONE - x) / ONE;
    } else if (m >= 120 && m < 160) {
        load = ONE / 4;
    }
    return day >= 5 ? load / 4 : load;
}

static inline uint64_t wanted(const struct series *s, struct series_tag *t)
{
    switch ((enum behaviour)t->behaviour) {
    case DAILY:
    case DAILY_LEAK:
        return times(t->level, ONE + t->noise + t->swing * s->load / ONE) + t->leaked;
    case WARM_UP:
        t->fill += (ONE * (int64_t)ONE - t->fill) / t->tau;
        return times(t->level, t->fill / ONE + t->noise / 16);
    case SAW_TOOTH:
        return times(t->level, ONE + t->swing * (s->uptime % t->period) / t->period);
    case STEP:
        return times(t->level, ONE + t->noise / 16 + (s->minute >= t->at ? t->swing : 0));
    case HIGH_WATER: {
        uint64_t v = times(t->level, ONE + t->noise + t->swing / 2 * s->load / ONE);
        t->high = v > t->high ? v : t->high;
        return t->high;
    }
    case LATE_DRIVER:
        t->fill += (ONE * (int64_t)ONE - t->fill) / 30;
        return times(t->level, t->fill / ONE + t->noise / 16) + 1;
    case STATIC:
        return t->level + (t->allocs > 0 && rng_below(&t->rng, 9000) == 0);
    case CHURN:
    case WRAPPING:
    case STEADY_LEAK:
    case COMPANION_LEAK:
    case NOISY_LEAK:
    case BEHAVIOURS:
        break;
    }
    return times(t->level, ONE + t->noise) + t->leaked;
}

static inline void series_tag_minute(const struct series *s, struct series_tag *t)
{
    bool late = t->behaviour == LATE_DRIVER && s->minute < t->at;
    if (late)
        return;
    t->present = true;
    uint64_t pace = (uint64_t)(ONE / 2 + s->load);
    if (t->behaviour == COMPANION_LEAK)
        t->leaked = s->tags[s->steady].leaked;
    else if (t->leak > 0)
        t->leaked += rng_arrivals(&t->rng, t->leak * ONE / 60);
    t->noise = wander(&t->rng, t->noise, t->kick, t->tau);
    uint64_t live = wanted(s, t);
    if (t->behaviour == STATIC && live < t->live)
        live = t->live;
    uint64_t kept = live > t->live ? live - t->live : 0;
    t->allocs += kept + rng_arrivals(&t->rng, t->churn * pace / 60);
    if (t->allocs < live)
        t->allocs = live;
    t->live = live;
    t->bytes = live * t->size;
    if (t->loose) {
        t->size_noise = wander(&t->rng, t->size_noise, ONE / 700, 400);
        t->bytes = (times(t->bytes, ONE + t->size_noise) + 15) / 16 * 16;
    }
}

static inline void series_boot(struct series *s)
{
    for (size_t i = 0; i < s->o.tags; i++) {
        struct series_tag *t = &s->tags[i];
        t->rng.s = s->o.seed * 1000003 + tag_key(t->tag) * UINT64_C(4) + t->pool +
                   ((uint64_t)s->n_boots << 40);
        t->present = false;
        t->allocs = t->live = t->bytes = t->leaked = t->high = 0;
        t->noise = t->size_noise = t->fill = 0;
    }
    s->n_boots++;
    s->uptime = -SERIES_DOWN;
    s->faults = 300000;
    s->peak_kib = 0;
}

static inline void series_minute(struct series *s)
{
    s->minute++;
    s->uptime++;
    if (s->n_boots <= s->o.reboots && s->minute == s->reboot[s->n_boots - 1])
        series_boot(s);
    s->load_noise = wander(&s->clock, s->load_noise, ONE / 39, 30);
    s->load = busy(s->minute) * (ONE + s->load_noise) / ONE;
    if (s->load < 0)
        s->load = 0;
    if (s->uptime < 0)
        return;
    s->faults += rng_arrivals(&s->clock, 8000 * (uint64_t)(ONE / 3 + s->load));
    if (s->tags[s->steady].behaviour == STEADY_LEAK)
        series_tag_minute(s, &s->tags[s->steady]);
    for (size_t i = 0; i < s->o.tags; i++)
        if (s->tags[i].behaviour != STEADY_LEAK)
            series_tag_minute(s, &s->tags[i]);
}

/* ---- the series ---- */

static inline void series_schedule(struct series *s)
{
    int64_t due = (int64_t)s->scheduled++ * s->o.step;
    s->due = due + (int64_t)rng_below(&s->clock, s->o.step / 10 + 1);
}

/* False when the options ask for what cannot be. */
static inline bool series_begin(struct series *s, const struct series_opts *o)
{
    *s = (struct series){.o = *o};
    if (o->tags < 1 || o->tags > SERIES_TAGS || o->reboots >= SERIES_BOOTS ||
        o->step < 1 || o->days < 1 || o->days > 3650)
        return false;
    s->end = (int64_t)o->days * 1440;
    s->clock.s = ~o->seed;
    int64_t share = s->end / ((int64_t)o->reboots + 1);
    for (int64_t i = 0; i < o->reboots; i++)
        s->reboot[i] = (i + 1) * share - share / 8 +
                       (int64_t)rng_below(&s->clock, (uint32_t)(share / 4 + 1));
    s->out_from = s->end * 9 / 20;
    s->out_to = s->out_from + 6 * (int64_t)o->step;
    series_plan(s);
    series_boot(s);
    s->minute = -1500 - (int64_t)rng_below(&s->clock, 600);
    series_schedule(s);
    return true;
}

static inline void series_look(struct series *s)
{
    struct series_boot *b = &s->boots[s->n_boots - 1];
    if (b->captures++ == 0)
        b->first = s->minute;
    b->last = s->minute;
    for (size_t i = 0; i < s->o.tags; i++) {
        struct series_tag *t = &s->tags[i];
        if (b->captures == 1)
            t->leaked_first = t->leaked;
        else
            t->leaked_seen += t->leaked - t->leaked_first;
        t->leaked_first = t->leaked;
    }
}

/* Runs to the next capture; false when the series is over. */
static inline bool series_next(struct series *s)
{
    while (s->minute < s->end) {
        series_minute(s);
        if (s->minute < s->due)
            continue;
        bool out = s->minute >= s->out_from && s->minute < s->out_to;
        series_schedule(s);
        if (out || s->uptime < 0)
            continue;
        series_look(s);
        return true;
    }
    return false;
}

#endif
