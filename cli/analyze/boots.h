/* SPDX-License-Identifier: MIT */
/* Did the machine restart between two snapshots?  Counters since boot only rise, so a
 * restart shows as counters that fell on many rows at once; one counter that falls has
 * wrapped.  Pure; a struct boot_vote holds no memory. */
#ifndef CLI_ANALYZE_BOOTS_H
#define CLI_ANALYZE_BOOTS_H

#include <stdbool.h>
#include <stdint.h>

/* Counts over the rows that both snapshots list, made by boot_vote_row. */
struct boot_vote {
    uint64_t common;  /* rows in both */
    uint64_t moved;   /* whose allocs differ */
    uint64_t wrapped; /* fell as a counter does that passed 2^32 */
    uint64_t fell;    /* fell in no such way */
};

/* What the captures themselves say about time. */
struct boot_clock {
    double gap_h;                       /* between the two, NAN = unknown */
    int64_t old_uptime_s, new_uptime_s; /* -1 = unknown */
};

/* True when a counter that fell has passed 2^32 rather than begun again: it stood in
 * the upper half and ran less than half round. */
static inline bool counter_wrapped(uint64_t old, uint64_t now, unsigned width)
{
    return width == 32 && now < old && old >= UINT32_C(1) << 31 &&
           (uint32_t)(now - old) < UINT32_C(1) << 31;
}

/* Adds a row's allocs in the older and the newer snapshot. */
static inline void boot_vote_row(struct boot_vote *v, uint64_t old, uint64_t now,
                                 unsigned width)
{
    v->common++;
    if (now == old)
        return;
    v->moved++;
    if (now > old)
        return;
    bool wrap = counter_wrapped(old, now, width);
    v->wrapped += wrap;
    v->fell += !wrap;
}

/* True when the newer snapshot is of a later boot. */
bool boot_decide(const struct boot_vote *v, const struct boot_clock *c);

#endif
