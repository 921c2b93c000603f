/* SPDX-License-Identifier: MIT */
/* Inert text to ASCII, for terminals that know nothing else; the sink is borrowed.
 *
 * Pictures are drawn with blocks and lines everywhere: here alone they become signs that
 * stand for them, column by column.  Other characters become one "?" a column. */
#ifndef CLI_RENDER_ASCII_H
#define CLI_RENDER_ASCII_H

#include <stddef.h>

#include "formats/io/output.h"

void ascii_write(struct sink *out, const char *s, size_t n);

#endif
