/* SPDX-License-Identifier: MIT */
/* A leak that runs since the machine was started has brought, by the first snapshot,
 * its pace times the uptime.  A cache, a service that was started once, a busy hour: they
 * hold far more than their own growth inside the window can explain.
 *
 * 60 objects held after 30 h stand for 96 more in the next 48 h.  90 came: the growth
 * explains 94 % of what was there.  Had 6000 been there, it would explain 1 %. */
#include "cli/analyze/few.h"

#include <math.h>

#include "cli/analyze/portable.h"

#define LEAST_AGE_H  (1.0 / 60) /* a younger machine says no more than this one */
#define LEAST_SHARE  .001       /* nothing is ruled out altogether */
#define UNKNOWN_PAST .2         /* not there before: young, or a driver loaded late */
#define LEAST_SHAPE  .05        /* two steps of chance do not acquit */

void few_add(struct few *f, const struct boot *b, const struct edge *edge, double age_h)
{
    double hours = b->last_t - b->first_t;
    if (!(hours > 0) || !edge->at_first || edge->first_c < 0 || edge->last_c == UNKNOWN)
        return;
    double age = age_h > LEAST_AGE_H ? age_h : LEAST_AGE_H;
    double held = edge->first_c > 1 ? edge->first_c : 1;
    double gained = figure_or_0(edge->last_c) - edge->first_c;
    f->gained += gained > 0 ? gained : 0;
    f->expected += held * hours / age;
}

bool few_has_past(const struct few *f)
{
    return f->expected > 0;
}

double few_since_boot(const struct few *f, bool age_known, double pace)
{
    if (!few_has_past(f))
        return UNKNOWN_PAST;
    double share = age_known ? f->gained / f->expected : pace;
    return share > 1 ? 1 : share > LEAST_SHARE ? share : LEAST_SHARE;
}

static double lifted(double v)
{
    return LEAST_SHAPE + (1 - LEAST_SHAPE) * v;
}

double few_term(double spread, double straight, double recent)
{
    return spread * cube_root(lifted(straight) * sqrt(lifted(recent)));
}

void few_cuts(double snapshots, double cuts[4])
{
    cuts[1] = snapshots < 3 ? .60 : snapshots < 5 ? .40 : snapshots < 6 ? .20 : .12;
    cuts[2] = cuts[1] > .20 ? cuts[1] : .20;
    cuts[3] = cuts[2] > .30 ? cuts[2] : .30;
}
