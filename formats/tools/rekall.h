/* SPDX-License-Identifier: MIT */
/* Reader of rekall's pool_tracker: a row of the format table; nobody owns it. */
#ifndef FORMATS_REKALL_H
#define FORMATS_REKALL_H

#include "formats/text/segment.h"

extern const struct text_format rekall_text_format;

#endif
