/* SPDX-License-Identifier: MIT */
/* Reader of memsnap logs: a row of the format table; nobody owns it. */
#ifndef FORMATS_MEMSNAP_H
#define FORMATS_MEMSNAP_H

#include "formats/text/segment.h"

extern const struct text_format memsnap_text_format;

#endif
