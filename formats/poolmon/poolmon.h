/* SPDX-License-Identifier: MIT */
/* PoolMon text, screens and `poolmon -n` files: the reader's and the writer's rows of the
 * format table.  Nobody owns anything here. */
#ifndef FORMATS_POOLMON_H
#define FORMATS_POOLMON_H

#include "formats/reader.h"
#include "formats/text/segment.h"

extern const struct text_format poolmon_text_format;
extern const struct format_writer poolmon_writer;

#endif
