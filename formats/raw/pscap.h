/* SPDX-License-Identifier: MIT */
/* Reads the capture files of poolcap, formats/capture/container.h; the reader is a row of
 * the format table and owns what it holds. */
#ifndef FORMATS_PSCAP_H
#define FORMATS_PSCAP_H

#include "formats/reader.h"

extern const struct binary_format pscap_binary_format;

#endif
