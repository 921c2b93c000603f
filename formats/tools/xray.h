/* SPDX-License-Identifier: MIT */
/* Reader of the pool data that xray keeps: a row of the format table; nobody owns it. */
#ifndef FORMATS_XRAY_H
#define FORMATS_XRAY_H

#include "formats/text/segment.h"

extern const struct text_format xray_text_format;

#endif
