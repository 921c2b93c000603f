/* SPDX-License-Identifier: MIT */
/* A number as the shortest text of 15 to 17 digits that reads back as the same bits: what
 * printf's %g writes.  Nothing is owned. */
#ifndef FORMATS_IO_REAL_H
#define FORMATS_IO_REAL_H

#define REAL_TEXT 40

/* v is finite; a zero of either sign is "0". */
void real_text(char out[REAL_TEXT], double v);

#endif
