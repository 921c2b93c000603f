/* SPDX-License-Identifier: MIT */
/* The host's work as a clock.  What leaks while people work grows along it in a straight
 * line, whatever the hour; what only follows the work can be taken out by it. */
#include "cli/analyze/portable.h"
#include "cli/analyze/tally.h"

#define LN_2 0x1.62e42fefa39efp-1

/* Allocations per hour of a typical row: activity is the mean of their logarithms. */
static double pace_at(double act)
{
    return 1 / decay(act * LN_2);
}

/* An interval's pace is known over it, a bin's figures at its end: the mean of the
 * intervals on both sides is how busy the host is then. */
void boot_clock_of(const struct bin *bins, uint32_t n, const double *hours,
                   double quiet_act, double *busy, double *work)
{
    double quiet = pace_at(quiet_act), done = 0;
    for (uint32_t i = 0; i < n; i++) {
        double before = hours[i] > 0 ? pace_at(bins[i].act) : 0;
        double after = i + 1 < n ? pace_at(bins[i + 1].act) : before;
        busy[i] = hours[i] > 0 ? (before + after) / 2 : after;
        if (i > 0 && before > quiet)
            done += (before - quiet) * hours[i];
        work[i] = done;
    }
}
