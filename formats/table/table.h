/* SPDX-License-Identifier: MIT */
/* Generic tables of pool tags, made by hand or by tools that nobody knows; asked last,
 * and only where no other format claims a line.  It owns nothing. */
#ifndef FORMATS_TABLE_H
#define FORMATS_TABLE_H

#include "formats/text/segment.h"

extern const struct text_format table_text_format;

#endif
