/* SPDX-License-Identifier: MIT */
/* Counter logs of the performance monitor as a row of the format table; nobody owns
 * anything here. */
#ifndef FORMATS_PERFMON_H
#define FORMATS_PERFMON_H

#include "formats/text/segment.h"

extern const struct text_format perfmon_text_format;

#endif
