/* SPDX-License-Identifier: MIT */
/* Reader of poolmon-powershell's and PoolmonViz's CSV: a row of the format table; nobody
 * owns it. */
#ifndef FORMATS_POWERSHELL_H
#define FORMATS_POWERSHELL_H

#include "formats/text/segment.h"

extern const struct text_format powershell_text_format;

#endif
