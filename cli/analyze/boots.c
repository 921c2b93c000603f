/* SPDX-License-Identifier: MIT */
#include "cli/analyze/boots.h"

#include <math.h>

/* Uptime is read a little before or after the figures are. */
#define SLACK_S 120.0

/* Below this many common rows 2 % of them is less than a row. */
#define FEW_ROWS 16

/* 1 = a later boot, 0 = the same one, -1 = the captures do not say. */
static int uptime_says(const struct boot_clock *c)
{
    if (c->new_uptime_s < 0)
        return -1;
    double up = (double)c->new_uptime_s;
    if (c->old_uptime_s >= 0 && up + SLACK_S < (double)c->old_uptime_s)
        return 1;
    if (isnan(c->gap_h) || c->gap_h < 0)
        return -1;
    double gap = c->gap_h * 3600;
    if (up + SLACK_S < gap)
        return 1;
    return up > gap + SLACK_S ? 0 : -1;
}

/* Two rules.  At least three rows and 2 % of all fell: a bar that a boot passes even
 * when it has lasted longer than the one before, and that counters which run through
 * more than 2^31 between two snapshots do not.  A filtered capture has too few rows
 * for that: there most of what moved must have fallen. */
bool boot_decide(const struct boot_vote *v, const struct boot_clock *c)
{
    int said = uptime_says(c);
    if (said >= 0)
        return said == 1;
    if (v->fell >= 3 && v->fell * 50 >= v->common)
        return true;
    return v->common < FEW_ROWS && 2 * v->fell > v->moved;
}
