/* SPDX-License-Identifier: MIT */
/* SHA-256 (FIPS 180-4), to tell inputs apart; nobody owns anything here. */
#ifndef FORMATS_SHA256_H
#define FORMATS_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_HEX 65 /* 64 lower-case digits and NUL */

struct sha256 {
    uint32_t h[8];
    uint8_t block[64]; /* what does not fill one yet */
    uint64_t bytes;
};

void sha256_start(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *p, size_t n);
/* Ends it: nothing may be added any more. */
void sha256_hex(struct sha256 *s, char out[SHA256_HEX]);

#endif
