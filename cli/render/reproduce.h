/* SPDX-License-Identifier: MIT */
/* How a result can be had again: version, arguments, what was read.  The caller owns
 * everything. */
#ifndef CLI_RENDER_REPRODUCE_H
#define CLI_RENDER_REPRODUCE_H

#include "cli/render/people/page.h"
#include "formats/bytes.h"
#include "formats/io/jsonw.h"
#include "formats/sha256.h"

/* One input. */
struct input_digest {
    char *source;             /* as the person named it */
    const struct buf *memory; /* standard input's bytes, or NULL */
    uint64_t bytes;
    bool known; /* how many there are */
    bool hashed;
    char sha256[SHA256_HEX];
};

struct reproduce_view {
    const char *command;
    char *const *arguments; /* options, then operands, as typed */
    size_t n_options, n_operands;
    const struct input_digest *inputs;
    size_t n_inputs;
};

/* Adds an argument as a shell takes it, and a NUL. */
int reproduce_word(struct buf *b, const char *s, struct err *e) ERR_WARN_UNUSED;
/* The last lines of a page; NULL writes nothing. */
int people_reproduce(struct page *g, const struct reproduce_view *v,
                     struct err *e) ERR_WARN_UNUSED;
/* The key `reproduce` of the object at hand; NULL writes nothing. */
void json_reproduce(struct jsonw *j, const struct reproduce_view *v);

#endif
