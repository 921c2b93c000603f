/* SPDX-License-Identifier: MIT */
/* Ways to spread keys over a table, for tables that strangers fill: keys may be chosen so
 * that they meet, and no keys meet in all of these.  Pure; nobody owns anything here. */
#ifndef FORMATS_SPREAD_H
#define FORMATS_SPREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SPREADS 6
/* So many steps from where a key should stand, and the table is spread anew. */
#define SPREAD_STEPS 256

/* Where the search begins; a table has 2^n slots, n <= 32, and `way` is below SPREADS. */
static inline size_t spread_over(unsigned way, uint64_t key, size_t slots)
{
    static const uint64_t odd[SPREADS] = {0x9e3779b97f4a7c15u, 0xc2b2ae3d27d4eb4fu,
                                          0xd6e8feb86659fd93u, 0xff51afd7ed558ccdu,
                                          0xa0761d6478bd642fu, 0xe7037ed1a0b428dbu};
    key = (key ^ key >> 32) * odd[way]; /* else keys that end alike would meet */
    return (size_t)(key >> 32) & (slots - 1);
}

/* True when a key of that table, which stands at `at`, shows that keys meet and another
 * way is left. */
static inline bool spread_meets(unsigned way, uint64_t key, size_t at, size_t slots)
{
    return way + 1 < SPREADS &&
           ((at - spread_over(way, key, slots)) & (slots - 1)) > SPREAD_STEPS;
}

#endif
