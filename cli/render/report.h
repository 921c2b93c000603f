/* SPDX-License-Identifier: MIT */
/* What a report tells beside its ranking, and which tags it draws.  Nothing here owns
 * anything: whoever made a struct report_about keeps what it points to. */
#ifndef CLI_RENDER_REPORT_H
#define CLI_RENDER_REPORT_H

#include "cli/render/render.h"
#include "formats/sha256.h"

#define REPORT_SUSPECTS 10 /* tags of a host that get a chart */

struct report_input {
    const char *name;
    uint64_t snapshots;           /* that were used */
    struct pool_time first, last; /* of these; without a source when they have none */
    uint64_t bytes;               /* of its content, unpacked; as it stands when not
                                     hashed, 0 = unknown */
    bool hashed;                  /* it was small enough, with the others */
    char sha256[SHA256_HEX];      /* "" = it could not be read to its end */
};

struct report_note {
    const char *source; /* "" = the call as a whole */
    uint64_t line;      /* 0 = none */
    enum note_code code;
    const char *text;
};

struct report_about {
    const char *version;
    const char *command; /* to type into a shell */
    const struct report_input *inputs;
    size_t n_inputs;
    const struct report_note *notes;
    size_t n_notes;
    uint64_t more_notes; /* that were not kept */
};

/* The tags of that view that are drawn and explained one by one: indices of r->tags in
 * rank order; none below three snapshots. */
size_t report_suspects(const struct rank_view *v, uint32_t out[REPORT_SUSPECTS]);

/* The renderer of reports: rank alone.  No option names it. */
extern const struct renderer render_html;

#endif
