/* SPDX-License-Identifier: MIT */
/* Logs of HTTP.SYS as a row of the format table; nobody owns anything here. */
#ifndef FORMATS_HTTPERR_H
#define FORMATS_HTTPERR_H

#include "formats/text/segment.h"

extern const struct text_format httperr_text_format;

#endif
