/* SPDX-License-Identifier: MIT */
/* Reader of rows copied from System Informer's pool table: a row of the format table;
 * nobody owns it. */
#ifndef FORMATS_SYSTEMINFORMER_H
#define FORMATS_SYSTEMINFORMER_H

#include "formats/text/segment.h"

extern const struct text_format systeminformer_text_format;

#endif
