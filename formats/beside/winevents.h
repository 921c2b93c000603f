/* SPDX-License-Identifier: MIT */
/* Events of Windows' event log, copied as text, as a row of the format table; nobody
 * owns anything here. */
#ifndef FORMATS_WINEVENTS_H
#define FORMATS_WINEVENTS_H

#include "formats/text/segment.h"

extern const struct text_format winevents_text_format;

#endif
