/* SPDX-License-Identifier: MIT */
/* Size and SHA-256 of what a call read, so that another can tell whether it reads the
 * same.  The caller owns the struct digests ({0} is an empty one) and frees it with
 * digests_free.
 *
 * A file is one input whatever is in it (a zip, too); a pipe has no digest: its bytes are
 * gone. */
#ifndef CLI_DIGESTS_H
#define CLI_DIGESTS_H

#include "cli/load/inputs.h"
#include "cli/render/reproduce.h"

/* Above this many bytes together, hashing would be most of the work of the call. */
#define DIGESTS_MOST ((uint64_t)16 << 20)

struct digests {
    struct input_digest *v; /* in the order of the call; `source` is owned */
    size_t n, cap;
    uint64_t bytes; /* of all that are known */
};

/* Adds the inputs, which must live until digests_make. */
int digests_add(struct digests *d, const struct inputs *in,
                struct err *e) ERR_WARN_UNUSED;
/* Adds one more file of the call, such as a list of tags; NULL adds nothing. */
int digests_file(struct digests *d, const char *path, struct err *e) ERR_WARN_UNUSED;
/* Hashes them all, unless they are more than `most` bytes together.  What is gone or
 * another meanwhile stays without a digest; so does what cannot be read again, of which
 * the first is returned at the end. */
int digests_make(struct digests *d, uint64_t most, struct err *e) ERR_WARN_UNUSED;
void digests_free(struct digests *d);

#endif
