/* SPDX-License-Identifier: MIT */
/* Strangers' strings made harmless for terminals; every function is pure and the caller
 * owns the buffers.
 *
 * Names, drivers and owners come from files: control bytes, terminal escapes, marks that
 * turn the writing direction and bytes that are no UTF-8 are shown as \xhh. */
#ifndef CLI_RENDER_INERT_H
#define CLI_RENDER_INERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/io/utf8.h"

/* Columns that a terminal gives a string of inert text, wide characters counted as two.
 */
unsigned text_columns(const char *s, size_t n);
/* Bytes of s that fit into `columns`, whole characters only. */
size_t text_fit(const char *s, size_t n, unsigned columns);

#define INERT_MAX 16 /* bytes that one step may write */
/* Writes the next character of s, inert, to out and returns how many bytes of s it
 * stood for (at least 1); *written tells the bytes in out. */
size_t inert_step(const char *s, size_t n, char out[INERT_MAX], size_t *written);

#endif
