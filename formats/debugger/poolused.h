/* SPDX-License-Identifier: MIT */
/* Tables of the kernel debugger's `!poolused`: the reader's row of the format table.
 * Nobody owns anything here. */
#ifndef FORMATS_POOLUSED_H
#define FORMATS_POOLUSED_H

#include "formats/text/segment.h"

extern const struct text_format poolused_text_format;

#endif
