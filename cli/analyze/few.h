/* SPDX-License-Identifier: MIT */
/* Series of two to FEW snapshots: too few for a shape.  What tells there is how the
 * growth compares with what was held before it, given how long the machine had run by
 * then.  Pure arithmetic, owns nothing. */
#ifndef CLI_ANALYZE_FEW_H
#define CLI_ANALYZE_FEW_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/analyze/tally.h"

#define FEW 9 /* up to here every snapshot is its own floor */

/* What the edges of the boots say, added up. */
struct few {
    double gained;   /* objects, inside the boots, >= 0 */
    double expected; /* had what was held at their beginnings come at one pace since the
                        machine was started, and gone on so; 0: nothing is known of it */
};

/* Adds one boot; age_h is the uptime at its first snapshot. */
void few_add(struct few *f, const struct boot *b, const struct edge *edge, double age_h);

/* 0..1: 1 says that all that was held can be this growth, going on since the machine was
 * started; near 0, that the growth is a breath of something that came otherwise.
 * `pace` serves where the machine's uptime is not known. */
double few_since_boot(const struct few *f, bool age_known, double pace);

/* It was there before: the share above is one. */
bool few_has_past(const struct few *f);

/* The term of the quality, 0..1, where a shape is seen at two to nine points: steadiness
 * counts, straightness and recency less than they would with more of them. */
double few_term(double spread, double straight, double recent);

/* The least quality of grades 1 to 3 (cuts[1]..cuts[3]); snapshots in boots of two and
 * more. */
void few_cuts(double snapshots, double cuts[4]);

#endif
