/* SPDX-License-Identifier: MIT */
/* Whether the frames of an archive belong together: numbers without a gap, end marks
 * that list the very blocks before them; the caller owns a struct psz_check and frees it
 * with psz_check_free.
 *
 * A fold takes the place of links: it is a block whose number is that of the first of
 * them.  From then on counts stand as if the links had never been. */
#ifndef FORMATS_PSZ_CHECK_H
#define FORMATS_PSZ_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "formats/frame.h"
#include "formats/psz/index.h"

struct psz_counts {
    uint64_t frames, blocks;
    uint64_t snapshots; /* as the blocks promise */
    uint64_t last_end;  /* offset of the last end mark, 0 = none yet */
};

struct psz_check {
    struct psz_counts now, fold; /* fold: where a fold would go on from */
    bool may_fold, linked;       /* fold counts; the block before is one of links */
    uint64_t last_block;         /* offset */
    uint64_t end_at, behind_end; /* offsets of the last end mark and of what follows: also
                                    when a fold has begun, with which `now` goes back */
    bool open;                   /* frames stand behind it */
    struct psz_index seen, told;
};

/* True for the frame of a block that takes the place of what came since `fold`. */
bool psz_check_is_fold(const struct psz_check *c, const struct frame *f);

/* Takes the next whole frame into account.  *wrong is NULL, or words for what does not
 * fit; a frame type that must be understood and is not is ERR_UNSUPPORTED. */
int psz_check_frame(struct psz_check *c, const struct frame *f, const char **wrong,
                    struct err *e) ERR_WARN_UNUSED;
void psz_check_free(struct psz_check *c);

#endif
