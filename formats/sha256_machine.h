/* SPDX-License-Identifier: MIT */
/* SHA-256 by the instructions that some processors have for it; nobody owns anything. */
#ifndef FORMATS_SHA256_MACHINE_H
#define FORMATS_SHA256_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether this machine has them, and this build uses them. */
bool sha256_machine(void);
/* Takes n blocks of 64 bytes into the state h; k are the constants of the rounds.  Only
 * where sha256_machine() is true. */
void sha256_machine_blocks(uint32_t h[8], const uint32_t k[64], const uint8_t *p,
                           size_t n);

#endif
