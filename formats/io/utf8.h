/* SPDX-License-Identifier: MIT */
/* One character of UTF-8; pure, the caller owns the bytes. */
#ifndef FORMATS_UTF8_H
#define FORMATS_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Length of the UTF-8 sequence at p (n bytes left) and its code point; 0 when there is
 * none that is valid (overlong forms and surrogates are not). */
size_t utf8_decode(const char *p, size_t n, uint32_t *code);

/* Controls of direction, joiners and other marks that are unseen, so that a text reads
 * other than it is; line separators are among them. */
bool utf8_misleads(uint32_t code);

#endif
