/* SPDX-License-Identifier: MIT */
/* Tags and pools of rows, as a stream lists them in the order of their tags: how many
 * bytes each shares with the one before, then the others.  Owns nothing; borrows the
 * stream's bytes. */
#ifndef FORMATS_PSZ_KEYS_H
#define FORMATS_PSZ_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/err.h"
#include "formats/pool.h"
#include "formats/psz/stream.h"

struct psz_keys_in {
    const uint8_t *head; /* bytes shared, pool: one for each row */
    const uint8_t *diverging;
    struct psz_stream_in rest;
    uint8_t tag[4];
};

/* n rows stand at the front of `in`. */
int psz_keys_begin(struct psz_keys_in *k, struct psz_stream_in in, size_t n,
                   struct err *e) ERR_WARN_UNUSED;
/* Called n times. */
int psz_keys_next(struct psz_keys_in *k, struct pool_tag *tag, uint8_t *pool,
                  struct err *e) ERR_WARN_UNUSED;
/* Then nothing may be left. */
int psz_keys_end(struct psz_keys_in *k, struct err *e) ERR_WARN_UNUSED;

#endif
