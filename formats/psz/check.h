/* SPDX-License-Identifier: MIT */
/* Whether the frames of an archive belong together: numbers without a gap, end marks
 * that list the very blocks before them; the caller owns a struct psz_check and frees it
 * with psz_check_free. */
#ifndef FORMATS_PSZ_CHECK_H
#define FORMATS_PSZ_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "formats/frame.h"
#include "formats/psz/index.h"

struct psz_check {
    uint64_t frames, blocks;
    uint64_t snapshots;  /* as the blocks promise */
    uint64_t last_block; /* offset */
    uint64_t last_end;   /* offset of the last end mark, 0 = none yet */
    uint64_t behind_end; /* offset of the first byte behind it */
    bool open;           /* frames stand behind it */
    struct psz_index seen, told;
};

/* Takes the next whole frame into account.  *wrong is NULL, or words for what does not
 * fit; a frame type that must be understood and is not is ERR_UNSUPPORTED. */
int psz_check_frame(struct psz_check *c, const struct frame *f, const char **wrong,
                    struct err *e) ERR_WARN_UNUSED;
void psz_check_free(struct psz_check *c);

#endif
