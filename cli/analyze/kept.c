/* SPDX-License-Identifier: MIT */
/* What was gained under our eyes and kept. */
#include "cli/analyze/score.h"

#include "cli/analyze/bounds.h"
#include "cli/analyze/portable.h"

#define RAMP_WEIGHT .6 /* a stretch of a boot proves less than all of it */
#define WHOLE_SHARE 4. /* a quarter of the pool's growth is as good as all of it */

/* A leak's tag holds little but what leaked; a cache or the host's daily business moves
 * about a level that was there before.  What a boot gained before it was watched is not
 * held against it: even_gain is what one pace since the boot began would have brought. */
double gained_of(const struct score_input *b, double growth)
{
    double gained = b->s->net > growth ? b->s->net : growth;
    return b->even_gain > 0 ? between_0_and_1(gained / b->even_gain) : gained > 0;
}

/* Among a thousand tags some go straight for some hours by chance, but hardly those that
 * grew most. */
double ramp_quality(const struct score_input *b, const struct score *r)
{
    const struct sums *s = b->s;
    if (!(s->ramp_proven > 0))
        return 0;
    return RAMP_WEIGHT * (s->ramp_proven / s->ramp_grown) * r->gained *
           cube_root(.1 + .9 * r->pace) * sqrt(between_0_and_1(WHOLE_SHARE * b->share)) /
           sqrt(b->axis->boots);
}
