/* SPDX-License-Identifier: MIT */
/* Sizes as people write them in options and YAML; nobody owns anything here. */
#ifndef FORMATS_SIZE_H
#define FORMATS_SIZE_H

#include <stdbool.h>
#include <stdint.h>

/* "128M", "131072K", "1G", "16T" or plain bytes, binary units, more than 0; false when it
 * is anything else or does not fit. */
bool size_parse(const char *text, uint64_t *bytes);

#endif
