/* SPDX-License-Identifier: MIT */
/* The bulk rule: whatever its shape, a tag with half of its pool's growth stands among
 * the first three, one with a tenth among the first ten; one with four fifths
 * of what all pools grew by is the first.  The caller owns the tags. */
#ifndef CLI_ANALYZE_BULK_H
#define CLI_ANALYZE_BULK_H

#include "cli/analyze/analyze.h"

/* order[n]: indices of tags, best first, their share_of_growth known.  Moves up what the
 * rule wants higher, as little as it can; the others keep their order.  Where more tags
 * have such a share than there are places (ten in each of two pools), the larger shares
 * have them.  Then scores and evidence are made to agree: a tag that was moved has the
 * score of the best one that it was put before. */
void bulk_order(struct rank_tag *tags, uint32_t *order, size_t n);

#endif
