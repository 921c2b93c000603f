/* SPDX-License-Identifier: MIT */
/* How far some work is, and the line that says so; pure, the caller owns everything. */
#ifndef CLI_RENDER_WORDS_PROGRESS_H
#define CLI_RENDER_WORDS_PROGRESS_H

#include <stdint.h>

#include "cli/render/phrase.h"

struct progress {
    const char *what;         /* "Reading" */
    uint64_t bytes, of_bytes; /* 0: not counted, not known */
    uint64_t done, of;        /* of: 0 while nobody knows */
    const char *unit;         /* of these: "snapshot"; NULL: they are not told */
};

/* "Reading  [=====>    ]  57%  131.2M of 229.9M  847 snapshots", within so many columns:
 * the bar gives way first, then the figures.  100% is only said of what is done. */
void words_progress(struct phrase *p, const struct progress *v, unsigned columns);

#endif
