/* SPDX-License-Identifier: MIT */
/* Reader of volatility 2's pooltracker: a row of the format table; nobody owns it. */
#ifndef FORMATS_VOLATILITY_H
#define FORMATS_VOLATILITY_H

#include "formats/text/segment.h"

extern const struct text_format volatility_text_format;

#endif
