/* SPDX-License-Identifier: MIT */
/* The names of configurations; nobody owns anything here.
 *
 *     [one|free]N[r][top][hard]   N snapshots; a single leak, or none; reboots; the 200
 *                                 largest rows only; more and larger innocents
 *
 * and the words of the table below. */
#ifndef TESTS_EVAL_CONFIG_H
#define TESTS_EVAL_CONFIG_H

#include <string.h>

#include "tests/eval/world.h"

static const struct config configs[] = {
    {"resume", 96, 24, 168, .boot_lo = 24, .boot_hi = 60, .resumes = true},
    {"short", 96, 24, 96, .boot_lo = 8, .boot_hi = 30},
    {"short24", 24, 24, 72, .boot_lo = 8, .boot_hi = 30},
    {"fast", 80, 24, 178, .clock = CLOCK_FAST},
    {"gaps", 48, 24, 264, .clock = CLOCK_BURSTS},
    {"office", 40, 24, 106, .clock = CLOCK_OFFICE},
    {"daytime", 50, 24, 106, .clock = CLOCK_DAY},
    {"nonpaged", 96, 24, 96, .nonpaged_only = true},
    {"letters", 96, 24, 96, .letters = "ACFMNSTabdmnst"},
    {"unequal", 96, 2, 96, .cast = CAST_UNEQUAL},
    {"stopped", 96, 24, 96, .cast = CAST_STOPPED},
    {"stopped1", 96, 1, 96, .cast = CAST_STOPPED, .share = true},
    {"stopped1r", 96, 1, 96, .cast = CAST_STOPPED, .share = true, .reboots = true},
    {"tenth", 96, 24, 96, .cast = CAST_TENTH},
    {"tenth1", 96, 1, 96, .cast = CAST_TENTH, .share = true},
    {"tenth1-24", 24, 1, 72, .cast = CAST_TENTH, .share = true},
    {"container", 96, 16, 96, .cast = CAST_CONTAINER},
    {"slow", 96, 1, 168, .cast = CAST_SLOW},
    {"replay", 96, 1, 96, .cast = CAST_REPLAY},
    {"replay24", 24, 1, 72, .cast = CAST_REPLAY},
    {"replay5", 5, 1, 108, .cast = CAST_REPLAY},
    {"healthy", 168, 0, 168, .cast = CAST_HEALTHY},
    {"healthy24", 24, 0, 72, .cast = CAST_HEALTHY},
    {"healthy-r", 96, 0, 168, .cast = CAST_HEALTHY, .reboots = true},
    {"baseline", 96, 24, 96, .plan = "baseline"},
    {"baseline+leak", 96, 24, 96, .plan = "baseline", .added = true},
    {"baseline24", 24, 24, 72, .plan = "baseline24"},
    {"baseline24+leak", 24, 24, 72, .plan = "baseline24", .added = true},
    {"baseline-r", 96, 24, 96, .plan = "baseline-r", .reboots = true},
    {"baseline-r+leak", 96, 24, 96, .plan = "baseline-r", .reboots = true,
     .added = true}};

static inline bool config_eats(const char **p, const char *word)
{
    bool eats = strncmp(*p, word, strlen(word)) == 0;
    *p += eats ? strlen(word) : 0;
    return eats;
}

static inline double config_span(unsigned snapshots)
{
    static const struct {
        unsigned snapshots;
        double hours;
    } spans[] = {{2, 48}, {3, 60}, {5, 108}, {24, 72}, {96, 96}, {672, 168}};
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++)
        if (spans[i].snapshots == snapshots)
            return spans[i].hours;
    return snapshots > 192 ? snapshots / 4. : 48;
}

/* False when that is no configuration; borrows the name. */
static inline bool config_find(struct config *c, const char *name)
{
    for (size_t i = 0; i < sizeof configs / sizeof configs[0]; i++)
        if (strcmp(configs[i].name, name) == 0)
            return *c = configs[i], true;
    const char *p = name;
    *c = (struct config){.name = name, .leaks = 24};
    if (config_eats(&p, "one"))
        c->leaks = 1;
    else if (config_eats(&p, "free"))
        c->leaks = 0;
    char *end;
    unsigned long n = *p >= '0' && *p <= '9' ? strtoul(p, &end, 10) : 0;
    if (n < 2 || n > SNAPSHOTS)
        return false;
    p = end;
    c->snapshots = (unsigned)n;
    c->span = config_span(c->snapshots);
    c->reboots = config_eats(&p, "r");
    c->top = config_eats(&p, "top") ? 200 : 0;
    c->hard = config_eats(&p, "hard");
    return *p == '\0';
}

#endif
