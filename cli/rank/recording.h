/* SPDX-License-Identifier: MIT */
/* A judged ranking read once more, for what a report shows beside it: the course of the
 * pools and of the suspects, the inputs with their digests, and all notes.  The caller
 * owns the struct recording and frees it with recording_free; after recording_make the
 * views of the ranking point into it. */
#ifndef CLI_RECORDING_H
#define CLI_RECORDING_H

#include "cli/rank/ranking.h"
#include "cli/render/report.h"

#define RECORDING_NOTES 400 /* kept; the others are counted */

struct recording {
    struct ranking *x;
    struct recorded {
        struct history history;
        struct series_clock clock;
    } * v;                      /* one a view */
    struct recorded **of_group; /* NULL: events, totals */
    struct report_input *inputs;
    size_t n_inputs;
    struct report_note *notes;
    size_t n_notes;
    uint64_t more_notes;
    struct buf text; /* of the notes; pointers are set at the end */
};

int recording_make(struct recording *d, struct ranking *x, struct err *e) ERR_WARN_UNUSED;
void recording_free(struct recording *d);

#endif
