/* SPDX-License-Identifier: MIT */
/* Readers of what PoolMonX (zodiacon), its second and its third version save or copy:
 * rows of the format table; nobody owns them. */
#ifndef FORMATS_POOLMONX_H
#define FORMATS_POOLMONX_H

#include "formats/text/segment.h"

extern const struct text_format poolmonx_text_format, poolmonx2_text_format,
    poolmonx3_text_format;

#endif
