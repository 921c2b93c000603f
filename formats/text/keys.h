/* SPDX-License-Identifier: MIT */
/* The (tag, pool) keys of one capture; the caller owns a struct key_set and frees it with
 * key_set_free. */
#ifndef FORMATS_KEYS_H
#define FORMATS_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/err.h"
#include "formats/tag.h"

struct key_set {
    uint64_t *slots; /* round << 34 | key, so that emptying costs nothing */
    size_t mask;     /* slots - 1, or 0 */
    size_t n;
    uint64_t round;
    unsigned spread; /* of the ways to spread keys, which is taken */
};

void key_set_clear(struct key_set *k);
void key_set_free(struct key_set *k);
bool key_set_has(const struct key_set *k, struct pool_tag tag, uint8_t pool);
/* Adds the key; 1 when it was new, 0 when it was there. */
int key_set_add(struct key_set *k, struct pool_tag tag, uint8_t pool,
                struct err *e) ERR_WARN_UNUSED;

#endif
